"""The sharpness of a network's loss along its training, times the rate, against a parabola's limit.

Source  000, placeholder OSCILLATING, DIVERGING; Cohen et al. 2021, arXiv:2103.00065
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, NARROW, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot, ring
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "sharpness": "multiple (run, snapshot), loss (run, step), learns (run), lr (run), run (run), "
    "snapshot (snapshot), limit",
}

VISUAL = Visual(
    uses=["sharpness"],
    title="{n_beyond:?No learning rate is above the limit|The learning rate above the limit "
    "{n_learn:?fails|works all the same}|Of {n_beyond} learning rates above the limit, "
    "{n_learn:?none works|one works all the same|{n_learn} work all the same}}",
    subtitle="λ: how sharply the ground bends. On a parabola, descent fails where the learning "
    "rate η times λ is above {limit:g}; on a network’s loss, it can get to flatter ground.",
    alt="A panel a learning rate, {n_runs} in all: ηλ over {n_steps} steps of gradient descent, "
    "on a logarithmic axis with a line at {limit:g}. {n_beyond:?None starts|One starts|{n_beyond} "
    "start} above the line; {n_learn:?none of them ends|one of them ends|{n_learn} of them end} "
    "with a lower loss than it began with, {n_back:?none|one|{n_back}} below the line.",
    caption="A {widths} network, tanh, all {n_train:,} training examples of {dataset} in every "
    "step; the axes are logarithmic; λ is the curvature where it is largest, {start:.2n} at the "
    "start. A run above the limit is thrown along the steepest "
    "direction to other places, where λ is another; it learns if that comes to be small enough. "
    "With larger networks and longer training, runs that start below are known to climb to the "
    "limit and to stay there, at the “edge of stability” (Cohen et al. 2021).",
    words={
        "limit": "limit {limit:g}",
        "product": "ηλ",
        "rate": "η = {lr:g}",
        "learns": "learns",
        "fails": "fails",
        "loss": "loss {start:.2n} → {end:.2n}",
        "under": "flat enough\nfrom step {step}",
        "step": "step",
    },
    series={
        "learns": ["learns", "green"],
        "fails": ["does not learn", "vermillion"],
        "within": ["starts below", "indigo"],
    },
)


LOW, HIGH = 0.08, 1.6  # of the axis: at least; over the highest
LEFT, GAP, TALL, HEAD = 54.0, 14.0, 250.0, 44.0  # of a panel
PAIR = 150.0  # the height of a panel where they stand in pairs


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel a run, slowest first: ηλ step by step, and the limit."""
    multiples, limit = recording.multiple.values, recording.attrs["limit"]
    low = max(LOW, 0.6 * float(np.nanmin(multiples)))
    high = HIGH * max(limit, float(np.nanmax(multiples)))
    names = recording.sortby("lr").run.values.tolist()
    columns = min(len(names), 2 if is_narrow() else 5)
    rows = math.ceil(len(names) / columns)
    tall, left = (PAIR, 34.0) if is_narrow() else (TALL, LEFT)
    under = 30 + HEAD  # from one row's axes to the next
    fig = Canvas(
        10 + HEAD + rows * (tall + under) - HEAD + 22,
        narrow=10 + HEAD + math.ceil(len(names) / min(len(names), 2)) * (PAIR + under) - HEAD + 22,
    )
    width, margin = (NARROW, 16.0) if is_narrow() else (WIDTH, MARGIN)
    wide = (width - left - margin - GAP * (columns - 1)) / columns
    for place, name in enumerate(names):
        row, column = divmod(place, columns)
        ax = fig.place(left + column * (wide + GAP), 10 + HEAD + row * (tall + under), wide, tall)
        ax.set(yscale="log", ylim=(low, high))
        ticks(ax, "y", [at for at in (0.1, 0.5, 1, 2, 5, 10, 20, 50) if low < at < high])
        if column:
            ax.tick_params(labelleft=False)
        _run(ax, recording.sel(run=name), limit, first=place == 0)
        if column == 0:
            beside(ax, say("product"), (0, 1), of="axes fraction", shift=(-10, 4), ha="right",
                   color=color("muted"))  # fmt: skip
        if place == len(names) - 1:
            beside(ax, say("step"), (1, 0), of="axes fraction", shift=(0, -40), ha="right",
                   color=color("muted"))  # fmt: skip
    return fig


def _run(ax: Axes, run: xr.Dataset, limit: float, *, first: bool) -> None:
    """Draw one run, with what became of it over its panel, and where it came to be under."""
    at, values = run.snapshot.values, run.multiple.values
    learns = bool(int(run.learns))
    ax.set_xlim(0, at[-1])
    ticks(ax, "x", [0, int(at[-1])] if first else [int(at[-1])])
    ax.axhspan(limit, ax.get_ylim()[1], color=color("quiet"), alpha=0.55, linewidth=0, zorder=0,
               label="_beyond")  # fmt: skip
    ax.axhline(limit, color=color("text"), linewidth=px(2.5), zorder=2, label="_limit")
    if first:
        beside(ax, say("limit"), (0, limit), of=ax.get_yaxis_transform(), shift=(8, 7),
               weight="semibold")  # fmt: skip
    kind = "within" if values[0] < limit else "learns" if learns else "fails"
    ax.plot(at, values, color=series(kind).color, linewidth=px(3), label=say("rate", lr=run.lr),
            zorder=4)  # fmt: skip
    ring(ax, 0, float(values[0]))
    dot(ax, float(at[-1]), float(values[-1]), color=series(kind).color, zorder=5)
    heading(ax, say("rate", lr=run.lr), say("learns" if learns else "fails"), lift=27,
            weight="normal" if learns else "semibold")  # fmt: skip
    beside(ax, say("loss", start=float(run.loss[0]), end=float(run.loss[-1])), (0, 1),
           of="axes fraction", shift=(0, 8), color=color("muted"))  # fmt: skip
    if values[0] > limit > values[-1]:  # for good: after the last look above it
        step = int(at[np.flatnonzero(values >= limit)[-1] + 1])
        beside(ax, say("under", step=step), (1, 0), of="axes fraction", shift=(-4, 10), ha="right",
               linespacing=1.2, fontsize=px(LABEL), path_effects=halo())  # fmt: skip
