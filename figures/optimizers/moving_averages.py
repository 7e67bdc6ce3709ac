"""Moving averages of a noisy loss: how calm, and how late.

Source  004, whose correction divides by 1 − β² in code, and who has an exponential average always
        lie above a simple one in an uptrend
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.optimizers._arrows import arrow
from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "moving_averages": "value (step), average (run, step), age (run), run (run), step (step), "
    "high_beta, jump, high_jump",
}

VISUAL = Visual(
    uses=["moving_averages"],
    title="An average with β = {high_beta:g} is {calm:.0f} times calmer, and {high_age:.0f} steps "
    "late",
    subtitle="Dots: losses of {n_steps} mini-batches ({dataset}). Thin: the same average, moved "
    "back by the age of its data.",
    alt="Dots, the losses, and a smooth line that falls later than they do. A thin line, the "
    "smooth one without its delay of {high_age:.2n} steps, runs through the losses, and an arrow "
    "leads to it.",
    caption="The average E\u202f←\u202fβE\u202f+\u202f(1\u202f−\u202fβ)x starts at 0, for which it "
    "is corrected: it would begin at {plain_first:.2f} in place of {first:.2f}. Each of its points "
    "stands once more, thin, as many steps earlier as its data are old on average, which is less "
    "at first. “Calmer”: the mean jump from step to step. “Late”: the mean age of the data, "
    "β/(1\u202f−\u202fβ) steps, for a simple average of n (n\u202f−\u202f1)/2, for a linearly "
    "weighted one (n\u202f−\u202f1)/3; on a steady trend an average lies behind by its age, "
    "the exponential one of β = {high_beta:g} {later:?less|more} than the simple one of {window} "
    "steps: what counts is the age and not the kind. β = 0 is the series itself. "
    "SGD, η = {lr:g}, batches of {batch_size}.",
    words={
        "late": "{age:.0f} steps late",
        "jumps": "mean jump from step to step, to scale",
        "jump of losses": "losses {jump:.2n}",
        "jump of high": "average {jump:.2n}",
        "start": "How much of the past should an average keep?\n"
        "Dots: losses of mini-batches. Bars: what each of them weighs in the last average.",
        "smooth": "The more it keeps, the calmer it is, and the later\n"
        "The mark under the bars is the mean age of what is averaged.",
        "end": "At β = {high_beta:g}: {calm:.0f} times calmer, and {high_age:.2n} steps late\n"
        "Calm: the mean jump from step to step. Late: the mean age.",
        "beta": "β = {beta:.2f}",
        "now": "mean age {age:.1f} steps",
    },
    series={
        "high": ["average", "vermillion"],
        "losses": ["losses", "muted"],
    },
)

TALL = 420.0
ROOM = 0.3  # under the losses, for the jumps, as a share of what they span


def draw(recording: xr.Dataset) -> Figure:
    """Return the series with its calm average, and by how much this lags."""
    fig = Canvas(34 + TALL + 56, narrow=True)
    ax = fig.place(54, 34, WIDTH - 54 - 92, TALL)
    steps = recording.step.values
    shown, losses = series("high"), series("losses")
    (jumping,) = ax.plot(
        steps, recording.value, linestyle="none", marker="o", markersize=px(6),
        color=losses.color, markeredgewidth=px(0.75),
        markeredgecolor=color("background"), label=losses.label, zorder=3.8, clip_on=False,
    )  # fmt: skip
    low, high = float(recording.value.min()), float(recording.value.max())
    ax.set(xlim=(0, steps[-1]), ylim=(low - ROOM * (high - low), high + 0.05 * (high - low)))
    (line,) = ax.plot(
        steps, recording.average.sel(run="high"), color=shown.color, linewidth=px(5),
        label=shown.label, zorder=3.5,
    )  # fmt: skip
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ticks(ax, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    name_axes(ax, x="step", y="loss")
    label_ends(ax, [jumping, line])
    _lag(ax, recording)
    _jumps(ax, recording, low - 0.1 * (high - low))
    return fig


def delay(recording: xr.Dataset) -> np.ndarray:
    """Return the mean age of what the calm average of each step averages.

    It is β/(1 − β) steps once there is enough of a past, and 0 at the first step.
    """
    n = np.arange(1, recording.sizes["step"] + 1)
    kept = recording.attrs["high_beta"] ** n
    return np.asarray(float(recording.age.sel(run="high")) - n * kept / (1 - kept))


def _lag(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the average once more, as much earlier as its data are old, and an arrow to it."""
    steps, average = recording.step.values, recording.average.sel(run="high").values
    late = delay(recording)
    ax.plot(
        steps - late, average, color=color("text"), linewidth=px(2), label="shifted", zorder=3,
        path_effects=halo(),
    )  # fmt: skip
    k = round(0.62 * len(steps))
    at, height, age = float(steps[k]), float(average[k]), float(late[k])
    arrow(ax, (at, height), (at - age, height), color("text"), label="lag", width=2.5, zorder=6)
    dot(ax, at, height, color=series("high").color, size=11, zorder=7)
    beside(
        ax, say("late", age=age), (at, height), shift=(10, 14), weight="semibold",
        path_effects=halo(), zorder=7,
    )  # fmt: skip


def _jumps(ax: Axes, recording: xr.Dataset, top: float) -> None:
    """Lay the mean jumps under the losses, on the scale of the losses, side by side."""
    beside(ax, say("jumps"), (0, top), shift=(12, -14), color=color("muted"), zorder=7)
    scale = ax.figure.dpi / 96
    level = top - 28 * scale / ax.get_window_extent().height * np.ptp(ax.get_ylim())
    for i, (name, jump) in enumerate((("losses", "jump"), ("high", "high_jump"))):
        tall = recording.attrs[jump]
        x = (16 + i * 120) * scale / ax.get_window_extent().width * np.ptp(ax.get_xlim())
        ax.plot([x, x], [level - tall, level], color=series(name).color, linewidth=px(8),
                solid_capstyle="butt", label=f"jump of {name}", zorder=6)  # fmt: skip
        said = say(f"jump of {name}", jump=tall)
        beside(ax, said, (x, level), shift=(10, -14), weight="semibold", zorder=7)
