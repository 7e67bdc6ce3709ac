"""What reaches a hidden unit through training, with and without batch norm; and how fast.

Source  004, which reports 1,500 steps to 90 %
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "covariate_shift": "histogram (run, step, bin), bin_edge (bin_edge), "
    "quantile_value (run, step, quantile), quantile (quantile), run (run), step (step), "
    "moved_none, moved_batch"
}

VISUAL = Visual(
    uses=["covariate_shift"],
    # A whole unit of the axis is the spread that batch norm gives: that far is wandering.
    title="{moved_none:?With batch norm, a unit’s input wanders {calmer:?no less|less} than "
    "without|Without batch norm, a unit’s input wanders; with it, {moved_batch:?it stays put|it "
    "does too}}",
    subtitle="The input of one hidden unit, the sum before its ReLU, for {batch_size:,} {many} at "
    "each step: the stronger the colour, the more {many}. Bold: the median.",
    alt="Two maps under each other of one hidden unit’s input through {n_steps} steps, each with "
    "a line of its median, between level lines at its least and its greatest. Without batch norm "
    "they are {moved_none:.1f} apart, with batch norm {moved_batch:.1f}.",
    caption="Networks {widths} with ReLU, the same initial weights, batches and rate in each pair; "
    "plain gradient descent, η = {lr:g}, {n_train:,} {many} ({dataset}) in batches of "
    "{batch_size:,}; looked at every {every} steps. With batch norm the input is the normalised "
    "sum. {goal:.0%} of the test {many} are right {both:?{least_batch:?not in every run|at step "
    "{least_batch} to {most_batch}}|at step {least_batch} to {most_batch}} with batch norm, and "
    "{both:?not in every run|at step {least_none} to {most_none}} without, in {n_seeds} "
    "pairs; the maps are of the first. That batch norm helps is measured here, not that it helps "
    "because it holds the unit’s inputs still; Santurkar et al. (2018) find that it helps without "
    "that, too. Another rate gives other numbers.",
    words={
        "none": "without batch norm",
        "batch": "with batch norm",
        "moved": "median\nranges\nover {x:.1f}",
        "spread": "spread of the\nmiddle {share:.0%}:\n× {x:.1f}",
        "input": "the unit’s input",
        "jump": "the median jumps by {x:.1f} between steps {before} and {step}",
        "jump, in short": "steps {before} to {step}: jumps by {x:.1f}",
        "start": "What reaches one hidden unit while the network learns?\n"
        "Its input for {batch_size:,} {many}. Outline: at the start. Pointer: the median.",
        "training": "Does its input keep its place with batch norm?\n"
        "The same start, the same {many}. Batch norm rescales the sums from step 0 on.",
        "end": "{moved_none:?With batch norm, a unit’s input wanders {calmer:?no less|less} than "
        "without|Without batch norm, a unit’s input wanders; with it, {moved_batch:?it stays put|"
        "it does too}}\n"
        "Bands: from the least to the greatest median of {n_steps} steps.",
        "range": "median ranges over {x:.1f}",
        "now": "step {x}",
        "step": "step",
    },
    series={
        "none": ["without", "vermillion"],
        "batch": ["with batch norm", "green"],
    },
)

TOPS, TALL, LEFT, ASIDE = (34.0, 282.0), 198.0, 54.0, 84.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps under each other, each with how far its median moves beside it."""
    fig = Canvas(TOPS[1] + TALL + 56, narrow=True, by_column=True)
    edges, counts = recording.bin_edge.values, recording.histogram.values
    there = np.flatnonzero(counts.any((0, 1)))
    span = float(edges[there[0]]), float(edges[there[-1] + 1])
    for row, name in enumerate(recording.run.values.tolist()):
        ax = fig.place(LEFT, TOPS[row], WIDTH - MARGIN - LEFT - ASIDE, TALL)
        _input(ax, recording.isel(run=row), name, span)
        heading(ax, say(name), say("input"))
        ticks(ax, "y", [k for k in range(-6, 7, 2) if span[0] < k < span[1]])
        last = int(recording.step[-1])
        each = next(k for k in (5, 10, 20, 50, 100, 200, 500, last) if last / k <= 6)
        ticks(ax, "x", list(range(0, last + 1, each)), number)
    name_axes(ax, x=say("step"))
    return fig


def _input(ax: Axes, one: xr.Dataset, name: str, span: tuple[float, float]) -> None:
    """Draw a column a recorded step: how many digits give the unit which input."""
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
    quarter, median, rest = one.quantile_value.sel(quantile=[0.25, 0.5, 0.75]).values.T
    ax.plot(
        steps, median, color=color("text"), linewidth=px(3), label="median", zorder=3,
        path_effects=line_halo(3, 0.8),
    )  # fmt: skip
    ax.set(xlim=(steps[0] - half, steps[-1] + half), ylim=span)
    jumps, apart = np.abs(np.diff(median)), (rest - quarter)[:-1]
    at = int((jumps / np.maximum(apart, 1e-12)).argmax())
    if jumps[at] > apart[at]:  # by more than half of the digits lay apart before
        words = "jump, in short" if is_narrow() else "jump"
        top = span[1]  # where there are hardly any digits
        told = say(words, before=steps[at], step=steps[at + 1], x=jumps[at])
        beside(ax, told, (steps[at + 1], top), shift=(6, 0), va="top", path_effects=halo(),
               zorder=6)  # fmt: skip
        ax.plot([steps[at + 1]] * 2, [median[at + 1], top], color=color("text"), linewidth=px(1.5),
                label="pointer", path_effects=line_halo(1.5, 0.8), zorder=4)  # fmt: skip
    # how far the median goes, measured beside the map
    low, high, beyond = float(median.min()), float(median.max()), 1 + 10 / ax.bbox.width * 96 / 72
    aside = ax.get_yaxis_transform()
    for edge in (low, high):  # from the map to the bar beside it
        ax.plot([0, beyond], [edge, edge], transform=aside, color=color("text"), linewidth=px(1.25),
                dashes=(3, 3), clip_on=False, label="guide", zorder=2)  # fmt: skip
    ax.plot([beyond, beyond], [low, high], transform=aside, color=color("text"), linewidth=px(4),
            solid_capstyle="butt", clip_on=False, label="way", zorder=5)  # fmt: skip
    beside(ax, say("moved", x=one.attrs[f"moved_{name}"]), (beyond, (low + high) / 2), of=aside,
           shift=(9, 0), va="center", weight="semibold")  # fmt: skip
    # and how much more the inputs differ at the end, where the bar isn't
    wide = one.quantile_value.values[:, -1] - one.quantile_value.values[:, 0]
    share = float(one["quantile"][-1] - one["quantile"][0])
    end, va = (0, "bottom") if low + high > sum(span) else (1, "top")
    beside(ax, say("spread", share=share, x=wide[-1] / max(wide[0], 1e-12)), (1, end), of=AXES,
           shift=(19, 0), va=va, color=color("muted"), linespacing=1.2)  # fmt: skip
