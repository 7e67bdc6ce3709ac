"""Moving averages of a noisy loss: how calm, how late, how they start, and what they weigh.

Source  004, whose correction divides by 1 − β² in code, and who has an exponential average always
        lie above a simple one in an uptrend
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import DASHES, series
from look.theme import color
from look.words import Visual, say

READS = {
    "moving_averages": "value (step), average (run, step), weights (run, step), age (run), "
    "plain (step), run (run), step (step), high_beta, low_beta, middle_beta, window",
}

VISUAL = Visual(
    uses=["moving_averages"],
    title="An average with β = {high_beta:g} is {calm:.0f} times calmer, and {high_age:.0f} steps "
    "late",
    subtitle="Dots: losses of {n_steps} mini-batches of a network in training ({dataset}). Lines: "
    "E ← βE + (1\u202f−\u202fβ)x, divided by 1\u202f−\u202fβᵗ.",
    alt="Scattered dots with three lines through them: the larger β, "
    "the smoother and the later. Below left, the same average with and without its correction: "
    "without, it starts at {plain_first:.2f} under a first loss of {first:.2f}. Below right, what "
    "an exponential, a simple and a linear average weigh, against age.",
    caption="“Calmer”: the mean jump from step to step. “Late”: the mean age of the data, "
    "β/(1\u202f−\u202fβ) steps, for a simple average of n (n\u202f−\u202f1)/2, for a linearly "
    "weighted one (n\u202f−\u202f1)/3; on a steady trend an average lies behind by its age, "
    "the exponential one of β = {high_beta:g} {later:?less|more} than the simple one of {window} "
    "steps: what counts is the age and not the kind. β = 0 is the series itself. "
    "SGD, η = {lr:g}, batches of {batch_size}.",
    words={
        "not corrected": "not corrected",
        "corrected": "corrected",
        "bias": "β = {high_beta:g}, from 0",
        "age": "{age:.2n} steps old",
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

TOP, TALL, LOWER = 34.0, 250.0, 172.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the series with its averages, over the start and the weights."""
    low = TOP + TALL + 96
    fig = Canvas(low + LOWER + 58)
    _series(fig.place(54, TOP, WIDTH - 54 - 110, TALL), recording)
    half = (WIDTH - 54 - MARGIN - 64) / 2
    _start(fig.place(54, low, half, LOWER), recording)
    _weights(fig.place(WIDTH - MARGIN - half, low, half, LOWER), recording)
    return fig


def _series(ax: Axes, recording: xr.Dataset) -> None:
    steps = recording.step.values
    _dots(ax, recording)
    lines = [_line(ax, recording, name) for name in ("low", "middle", "high")]
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.05 * float(recording.value.max())))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.grid(axis="y")
    name_axes(ax, x="step", y="loss")
    label_ends(ax, lines)


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


def _start(ax: Axes, recording: xr.Dataset) -> None:
    last = min(30, recording.sizes["step"])
    first = recording.isel(step=slice(0, last))
    _dots(ax, first)
    _line(ax, first, "high")
    ax.plot(
        first.step,
        first.plain,
        color=series("high").color,
        linewidth=px(2.5),
        linestyle=DASHES["dashed"],
        label="plain",
        zorder=3,
    )
    ax.set(xlim=(0, last), ylim=(0, 1.12 * float(first.value.max())))
    ax.yaxis.set_major_locator(MaxNLocator(3))
    heading(ax, say("bias"))
    name_axes(ax, x="step")
    at = last // 5
    beside(
        ax, say("not corrected"), (at, float(first.plain[at])), shift=(8, -12),
        path_effects=halo(),
    )  # fmt: skip


def _weights(ax: Axes, recording: xr.Dataset) -> None:
    """Draw what each datum weighs at the last step, by its age, and the mean age."""
    last = int(recording.step[-1])
    age = last - recording.step.values
    kept = age <= 30
    highest = float(recording.weights.sel(run=["high", "sma", "wma"]).max())
    for name in ("high", "sma", "wma"):
        shown = series(name)
        weight = recording.weights.sel(run=name)
        ax.step(
            age[kept],
            weight.values[kept],
            where="mid",
            color=shown.color,
            linewidth=px(2.5),
            label=name,
        )
        age_now = float(recording.age.sel(run=name))
        dot(ax, age_now, -0.07 * highest, color=shown.color, size=10)
    ax.axhline(0, color=color("quiet"), linewidth=px(1), zorder=0)
    ax.set(xlim=(30.5, -0.5), ylim=(-0.13 * highest, 1.12 * highest))
    ticks(ax, "y", [0, 0.1, 0.2])
    heading(ax, "weight", "by age; dots: mean age")
    name_axes(ax, x="steps ago")
    for i, name in enumerate(("high", "sma", "wma")):
        place = (0.03, 0.86 - 0.13 * i)
        beside(ax, "●", place, of="axes fraction", color=series(name).color)
        beside(ax, series(name).label, place, of="axes fraction", shift=(15, 0))
