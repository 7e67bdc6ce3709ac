"""What reaches a hidden unit through training, with and without batch norm; and how fast.

Source  004, which reports 1,500 steps to 90 %
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "covariate_shift": "histogram (run, step, bin), bin_edge (bin_edge), "
    "quantile_value (run, step, quantile), run (run), step (step), goal, moved_none, "
    "moved_batch, steps_none, steps_batch, many"
}

VISUAL = Visual(
    uses=["covariate_shift"],
    title="{calmer:?What reaches a hidden unit, with and without batch norm|With batch norm, what "
    "reaches a hidden unit drifts less}",
    subtitle="What a hidden unit hands to its ReLU for {batch_size:,} {many} at each step: the "
    "stronger the colour, the more {many}. Line: the median.",
    alt="Two maps under each other of what reaches one hidden unit through {n_steps} steps. "
    "Without batch norm its median wanders over {moved_none:.1f}, with batch norm over "
    "{moved_batch:.1f}. Flags at the foot: {goal:.0%} of the test "
    "{many} are right at step {least_batch} to {most_batch} with batch norm, and {both:?not in "
    "every run|at step {least_none} to {most_none}} without.",
    caption="Networks {widths} with ReLU, the same initial weights, batches and rate in each pair; "
    "plain gradient descent, η = {lr:g}, {n_train:,} {many} ({dataset}) in batches of "
    "{batch_size:,}; looked at every {every} steps. Flags are means of {n_seeds} pairs; the maps "
    "are of the first. That batch norm helps "
    "is measured here, not that it helps because it holds the unit’s inputs still; Santurkar et "
    "al. (2018) find that it helps without that, too. Another rate gives other numbers.",
    words={
        "none": "without batch norm",
        "batch": "with batch norm",
        "axis": "what the ReLU gets",
        "moved": "moves by\n{x:.1f}",
        "flag": "{goal:.0%} of test {many} right: step {x:.0f}",
        "flag, in short": "{goal:.0%} right: step {x:.0f}",
        "way": "median moved by",
        "start": "What reaches one hidden unit while the network learns?\n"
        "Its input for {batch_size:,} {many}. Outline: the start. Pointer: the "
        "median, and its trace.",
        "training": "Does it stay in its place with batch norm?\n"
        "The same weights at first, the same {many}, the same rate.",
        "end": "{calmer:?It drifts no less with batch norm|With batch norm it drifts less}{both:?, "
        "and not every run came to {goal:.0%}|{fewer:?, and does not save steps in every run|, and "
        "is {goal:.0%} right at step {steps_batch:.0f}, not {steps_none:.0f}}}\n"
        "Bands: where the median has been, {moved_none:.1f} wide without batch norm, "
        "{moved_batch:.1f} with.",
        "step": "step",
    },
    series={
        "none": ["without", "vermillion"],
        "batch": ["with batch norm", "green"],
    },
)

TOPS, TALL, LEFT, ASIDE = (34.0, 282.0), 186.0, 54.0, 78.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps under each other, each with how far its median moves beside it."""
    fig = Canvas(TOPS[1] + TALL + 56, narrow=True, by_column=True)
    edges, counts = recording.bin_edge.values, recording.histogram.values
    there = np.flatnonzero(counts.any((0, 1)))
    span = float(edges[there[0]]), float(edges[there[-1] + 1])
    for row, name in enumerate(recording.run.values.tolist()):
        ax = fig.place(LEFT, TOPS[row], WIDTH - MARGIN - LEFT - ASIDE, TALL)
        _input(ax, recording.isel(run=row), name, span)
        heading(ax, say(name), "" if row else say("axis"))
        ticks(ax, "y", [k for k in range(-6, 7, 2) if span[0] < k < span[1]])
        last = int(recording.step[-1])
        each = next(k for k in (5, 10, 20, 50, 100, 200, 500, last) if last / k <= 6)
        ticks(ax, "x", list(range(0, last + 1, each)), number)
        _flag(ax, float(recording.attrs[f"steps_{name}"]), span)
    name_axes(ax, x=say("step"))
    return fig


def _flag(ax: Axes, step: float, span: tuple[float, float]) -> None:
    """Mark the step at which the goal is reached, if it is, at the foot of the map."""
    if step < 0:
        return
    top = span[0] + 0.16 * (span[1] - span[0])
    ax.plot([step, step], [span[0], top], color=color("text"), linewidth=px(2.5), label="there",
            clip_on=False, zorder=4)  # fmt: skip
    late = step > 0.6 * ax.get_xlim()[1]
    beside(
        ax, say("flag, in short" if is_narrow() else "flag", x=step), (step, span[0]),
        shift=(-8 if late else 8, 6), ha="right" if late else "left", path_effects=halo(), zorder=6,
    )  # fmt: skip


def _input(ax: Axes, one: xr.Dataset, name: str, span: tuple[float, float]) -> None:
    """Draw a column a recorded step: how many digits give the unit which value."""
    counts = one.histogram.values.astype(float)  # (step, bin)
    steps, edges = one.step.values, one.bin_edge.values
    half = (steps[1] - steps[0]) / 2
    share = counts / np.maximum(counts.max(1, keepdims=True), 1)
    ink = np.empty((*share.T.shape, 4))
    ink[..., :3], ink[..., 3] = to_rgb(series(name).color), 0.9 * share.T**0.7
    ax.imshow(
        ink, extent=(steps[0] - half, steps[-1] + half, edges[0], edges[-1]), origin="lower",
        aspect="auto", interpolation="nearest", label=name, zorder=1,
    )  # fmt: skip
    quantiles = one.quantile_value.values
    median = quantiles[:, quantiles.shape[1] // 2]
    ax.plot(
        steps, median, color=color("text"), linewidth=px(3),
        path_effects=line_halo(3, 0.8), label="median", zorder=3,
    )  # fmt: skip
    ax.set(xlim=(steps[0] - half, steps[-1] + half), ylim=span)
    # how far the median goes, measured beside the map
    low, high, at = float(median.min()), float(median.max()), 1 + 10 / ax.bbox.width * 96 / 72
    for height in (low, high):
        ax.axhline(height, color=color("text"), linewidth=px(1), linestyle=(0, (3, 3)), zorder=2)
    aside = ax.get_yaxis_transform()
    ax.plot([at, at], [low, high], transform=aside, color=color("text"), linewidth=px(4),
            solid_capstyle="butt", clip_on=False, label="way", zorder=5)  # fmt: skip
    beside(ax, say("moved", x=one.attrs[f"moved_{name}"]), (at, (low + high) / 2), of=aside,
           shift=(9, 0), va="center", weight="semibold")  # fmt: skip
