"""Moving averages of a noisy loss: how calm, how late, and how they start.

Source  004, whose correction divides by 1 − β² in code, and who has an exponential average always
        lie above a simple one in an uptrend
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
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
    "step (step), high_beta, plain_first",
}

VISUAL = Visual(
    uses=["moving_averages"],
    title="An average with β = {high_beta:g} is {calm:.0f} times calmer, and {high_age:.0f} steps "
    "late",
    subtitle="Dots: losses of {n_steps} mini-batches ({dataset}), which jump by {jump:.2n} from "
    "step to step, the line by {high_jump:.2n}. Line: "
    "E\u202f←\u202fβE\u202f+\u202f(1\u202f−\u202fβ)x, corrected for its start at 0.",
    alt="Scattered dots, and a smooth line that falls a little later than they do; a thin line, "
    "the same {high_age:.2n} steps earlier, runs through them, and an arrow leads to it. "
    "Dashed, its start without correction, at {plain_first:.2f} under a first loss of {first:.2f}.",
    caption="“Calmer”: the mean jump from step to step. “Late”: the mean age of the data, "
    "β/(1\u202f−\u202fβ) steps, for a simple average of n (n\u202f−\u202f1)/2, for a linearly "
    "weighted one (n\u202f−\u202f1)/3; on a steady trend an average lies behind by its age, "
    "the exponential one of β = {high_beta:g} {later:?less|more} than the simple one of {window} "
    "steps: what counts is the age and not the kind. β = 0 is the series itself. "
    "SGD, η = {lr:g}, batches of {batch_size}.",
    words={
        "not corrected": "without correction it starts at {plain_first:.2f}",
        "late": "{age:.2n} steps late",
        "shifted": "thin: the same line, {age:.2n} steps earlier",
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
        "high": ["β = {high_beta:g}", "vermillion"],
    },
)

TALL = 400.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the series with its calm average, what this lags by, and how it would start."""
    fig = Canvas(34 + TALL + 56, narrow=True)
    ax = fig.place(54, 34, WIDTH - 54 - 92, TALL)
    steps = recording.step.values
    shown, average = series("high"), recording.average.sel(run="high")
    ax.plot(
        steps, recording.value, linestyle="none", marker="o", markersize=px(6),
        color=color("muted"), markeredgewidth=0, label="_values", zorder=2, clip_on=False,
    )  # fmt: skip
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.05 * float(recording.value.max())))
    (line,) = ax.plot(
        steps, average, color=shown.color, linewidth=px(5), label=shown.label, zorder=4
    )
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ticks(ax, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    name_axes(ax, x="step", y="loss")
    label_ends(ax, [line])
    _uncorrected(ax, recording)
    _lag(ax, recording)
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
    """Draw the average once more, as much earlier as its data are old, and an arrow to it."""
    age = float(recording.age.sel(run="high"))
    steps, average = recording.step.values, recording.average.sel(run="high").values
    shifted = steps - age
    ax.plot(shifted, average, color=color("text"), linewidth=px(1.5), label="shifted", zorder=3)
    at = round(0.62 * float(steps[-1]))
    height = float(average[steps == at][0])
    arrow(ax, (at, height), (at - age, height), color("text"), label="lag", width=2.5, zorder=6)
    dot(ax, at, height, color=series("high").color, size=11, zorder=7)
    lines = [say("shifted", age=age)]
    if is_narrow():
        lines = wrap(lines[0], LABEL, 150)
    beside(ax, "\n".join(lines), (at, height), shift=(10, 16), path_effects=halo())
    up = 16 + 19 * len(lines)
    beside(
        ax, say("late", age=age), (at, height), shift=(10, up), weight="semibold",
        path_effects=halo(),
    )  # fmt: skip
