"""Moving averages of a noisy loss: how calm, how late, and how they start.

Source  004, whose correction divides by 1 − β² in code, and who has an exponential average always
        lie above a simple one in an uptrend
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from figures.optimizers._arrows import arrow
from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import LABEL, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import DASHES, series
from look.theme import color
from look.words import Visual, say

READS = {
    "moving_averages": "value (step), average (run, step), age (run), plain (step), run (run), "
    "step (step), high_beta, low_beta, middle_beta, plain_first, jump, high_jump",
}

VISUAL = Visual(
    uses=["moving_averages"],
    title="An average with β = {high_beta:g} is {calm:.0f} times calmer, and {high_age:.0f} steps "
    "late",
    subtitle="Dots: losses of {n_steps} mini-batches of a network in training ({dataset}). Lines: "
    "E\u202f←\u202fβE\u202f+\u202f(1\u202f−\u202fβ)x, divided by 1\u202f−\u202fβᵗ. "
    "Bars: the mean jump from step to step.",
    alt="Scattered dots with three lines through them: the larger β, "
    "the smoother and the later; an arrow, {high_age:.2n} steps long, leads back from the calmest. "
    "Dashed, its start without correction, at {plain_first:.2f} under a first loss of {first:.2f}.",
    caption="“Calmer”: the mean jump from step to step. “Late”: the mean age of the data, "
    "β/(1\u202f−\u202fβ) steps, for a simple average of n (n\u202f−\u202f1)/2, for a linearly "
    "weighted one (n\u202f−\u202f1)/3; on a steady trend an average lies behind by its age, "
    "the exponential one of β = {high_beta:g} {later:?less|more} than the simple one of {window} "
    "steps: what counts is the age and not the kind. β = 0 is the series itself. "
    "SGD, η = {lr:g}, batches of {batch_size}.",
    words={
        "not corrected": "β = {high_beta:g}, not divided: starts at {plain_first:.2f}",
        "late": "{age:.2n} steps late",
        "jump": "mean jump: losses",
        "high jump": "β = {high_beta:g}",
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
        "low": ["β = {low_beta:g}", "green"],
        "middle": ["β = {middle_beta:g}", "purple"],
        "high": ["β = {high_beta:g}", "vermillion"],
    },
)

TALL = 400.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the series with its averages, what the calmest lags by, and how it would start."""
    fig = Canvas(34 + TALL + 56, narrow=True)
    ax = fig.place(54, 34, WIDTH - 54 - 92, TALL)
    steps = recording.step.values
    _dots(ax, recording)
    lines = [_line(ax, recording, name) for name in ("low", "middle", "high")]
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.05 * float(recording.value.max())))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ticks(ax, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    name_axes(ax, x="step", y="loss")
    label_ends(ax, lines)
    _uncorrected(ax, recording)
    _lag(ax, recording)
    _jumps(ax, recording)
    return fig


def _uncorrected(ax: Axes, recording: xr.Dataset) -> None:
    """Draw how the calmest average starts without its correction, and say so."""
    last = min(36, recording.sizes["step"])
    start = recording.isel(step=slice(0, last))
    hue = series("high").color
    ax.plot(
        start.step, start.plain, color=hue, linewidth=px(1.5), linestyle=DASHES["dashed"],
        label="plain", zorder=3,
    )  # fmt: skip
    at = last // 8
    said = say("not corrected")
    if is_narrow():  # the series comes down to the right of it
        said = "\n".join(wrap(said, LABEL, 110))
    beside(
        ax, said, (float(start.step[at]), float(start.plain[at])), shift=(16, -10),
        va="top" if is_narrow() else "baseline", path_effects=halo(),
    )  # fmt: skip


def _lag(ax: Axes, recording: xr.Dataset) -> None:
    """Draw an arrow back from the calmest average, as long as its data are old."""
    age = float(recording.age.sel(run="high"))
    at = round(0.62 * float(recording.step[-1]))
    height = float(recording.average.sel(run="high", step=at))
    arrow(
        ax, (at, height), (max(at - age, 0.0), height), color("text"), label="lag", width=2.5,
        zorder=6,
    )  # fmt: skip
    dot(ax, at, height, color=series("high").color, size=11, zorder=7)
    beside(
        ax, say("late", age=age), (at, height), shift=(6, 16), weight="semibold",
        path_effects=halo(),
    )  # fmt: skip


def _jumps(ax: Axes, recording: xr.Dataset) -> None:
    """Draw how much the losses jump from step to step, and the calmest average, on its scale."""
    last, foot = float(recording.step[-1]), 0.06 * ax.get_ylim()[1]
    high = series("high").color
    for share, name, ink in ((0.62, "jump", color("muted")), (0.93, "high_jump", high)):
        x, tall = share * last, float(recording.attrs[name])
        ax.plot([x, x], [foot, foot + tall], color=ink, linewidth=px(12), label=name,
                solid_capstyle="butt", zorder=3)  # fmt: skip
        beside(ax, say(name.replace("_", " ")), (x, foot + tall), shift=(0, 8), ha="center")


def _dots(ax: Axes, recording: xr.Dataset) -> None:
    ax.plot(
        recording.step,
        recording.value,
        linestyle="none",
        marker="o",
        markersize=px(5.5),
        color=color("muted"),
        markeredgewidth=0,
        label="_values",
        zorder=2,
    )


def _line(ax: Axes, recording: xr.Dataset, name: str) -> Line2D:
    shown = series(name)
    (line,) = ax.plot(
        recording.step,
        recording.average.sel(run=name),
        color=shown.color,
        linewidth=px(4 if name == "high" else 1.25),
        label=shown.label,
        zorder=4 if name == "high" else 3,
    )
    return line
