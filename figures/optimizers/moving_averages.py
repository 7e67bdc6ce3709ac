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
    "step (step), high_beta, low_beta, middle_beta, plain_first",
}

VISUAL = Visual(
    uses=["moving_averages"],
    title="An average with β = {high_beta:g} is {calm:.0f} times calmer, and {high_age:.0f} steps "
    "late",
    subtitle="Dots: losses of {n_steps} mini-batches of a network in training ({dataset}). Lines: "
    "E ← βE + (1\u202f−\u202fβ)x, divided by 1\u202f−\u202fβᵗ.",
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
        "start": "How much of the past? β decides\n"
        "Dots: losses of mini-batches. Bars below: what each of them weighs in the last average.",
        "smooth": "The larger β, the calmer the average, and the later\n"
        "The mark under the bars is the mean age of what is averaged.",
        "bias film": "From 0, the average starts too low\n"
        "Its weights add up to 1 − βᵗ only: divide by that, and the first average is the first "
        "loss.",
        "kinds": "Other weights, another age\n"
        "A simple average of the last {window}, then one with weights {window}, …, 2, 1.",
        "end": "Which one lies behind? The one whose data are older\n"
        "Exponential at β = {high_beta:g}: {high_age:.2n} steps; simple: {sma_age:.2n}; linear: "
        "{wma_age:.2n}.",
        "beta": "β = {beta:.2f}",
        "now": "mean age {age:.1f}",
        "now of": "{label}: mean age {age:.1f}",
    },
    series={
        "low": ["β = {low_beta:g}", "green"],
        "middle": ["β = {middle_beta:g}", "purple"],
        "high": ["β = {high_beta:g}", "vermillion"],
        "sma": ["simple, {window}", "brown"],
        "wma": ["linear, {window}", "indigo"],
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
    return fig


def _uncorrected(ax: Axes, recording: xr.Dataset) -> None:
    """Draw how the calmest average starts without its correction, and say so."""
    last = min(36, recording.sizes["step"])
    start = recording.isel(step=slice(0, last))
    hue = series("high").color
    ax.plot(
        start.step, start.plain, color=hue, linewidth=px(2), linestyle=DASHES["dashed"],
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
        linewidth=px(2.75),
        label=shown.label,
        zorder=3,
    )
    return line
