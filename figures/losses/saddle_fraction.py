"""Local minima or saddles? Critical points of small networks, and where descent ends.

002 says that in practice there are no local minima. Measured here: descent does end in minima of
different losses, though they differ by little; and what lies higher are saddles.

Source  002; Dauphin et al. 2014, arXiv:1406.2572
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, is_narrow, px, text_width
from look.numbers import number, percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_fraction": "width (example), idle (example), loss (example), share (example), "
    "end_loss (run, example_end), n_params (run), run (run), run_whole (run_whole), "
    "layers",
}

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="{layers:?{verdict:?always=The higher a critical point, the more directions lead down "
    "from it|mostly=Higher critical points mostly have more directions that lead down|neither="
    "Critical points of small networks: how high, and how many ways down}|Minima lie close "
    "together at the bottom; all points found higher up are saddles}",
    subtitle="Points where the gradient of a small network’s loss vanishes: how high they lie, and "
    "the share of the Hessian’s eigenvalues that are negative, that is, of ways down.",
    alt="Above, for each width a panel with critical points, their loss across and the share of "
    "negative eigenvalues up: dots are found, crosses are built, and diamonds at a share of 0 are "
    "the ends of descent. Below, for each "
    "width the losses at which descent from {n_seeds} starts ended, above the lowest of them.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} "
    "fields ({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical "
    "points: {n_found} found by {n_searches} searches along training paths (dots), and "
    "minima of narrower networks with idle units added (crosses). Of {n_pairs:,} pairs at one "
    "width that differ in both, the higher has more ways down in {n_in_order:,}. Of {n_ends} "
    "descents, {n_minima} ended in a minimum. {local_minima:?No local minima were "
    "found|Local minima do exist}: the minima of width {apart} lie up to {apart_spread:.4f} "
    "nats apart, those of width {widest} up to {widest_spread:.4f}. This is one task and a "
    "choice of points, not a law.",
    words={
        "units": "{n:?none|1 unit|{n} units}",
        "params": "{n} parameters",
        "found": "found by search",
        "idle": "built: a narrower network’s minimum and idle units",
        "ends": "end of descent",
        "none": "{layers:?|no minimum here}",
    },
    series={
        "found": ["found by search", "green"],
        "idle": ["built", "muted"],
        "ends": ["end of descent", "purple"],
    },
)

GAP, TOP, TALL, ENDS = 22.0, 82.0, 220.0, 96.0  # between panels; the heights of both rows
MARKS = {"found": ("o", 9, 1), "idle": ("x", 7, 1.5), "ends": ("D", 8, 1)}  # sign, size, edge


def draw(recording: xr.Dataset) -> Figure:
    """Return the critical points, a panel a width, over the ends of descent."""
    fig = Canvas(TOP + TALL + ENDS + 148)
    widths = recording.run_whole.values.tolist()
    left = MARGIN + 40
    wide = (WIDTH - MARGIN - left - GAP * (len(widths) - 1)) / len(widths)
    for i, name in enumerate(widths):
        ax = fig.place(left + i * (wide + GAP), TOP, wide, TALL)
        _points(ax, recording, name, first=i == 0)
        if i == len(widths) - 1:
            beside(ax, say("none"), (1, 0), of=AXES, shift=(0, 10), ha="right",
                   color=color("muted"))  # fmt: skip
    _key(fig)
    _ends(fig.place(left, TOP + TALL + 98, WIDTH - MARGIN - left, ENDS), recording)
    return fig


def _key(fig: Canvas) -> None:
    """Name the three kinds of points behind their marks."""
    across = MARGIN + 6
    for i, kind in enumerate(("ends", "found", "idle")):
        top = 20 * (i - 2) if is_narrow() else 0  # one under the other there
        x, y = fig.at(across, top + 8)
        fig.add_artist(Line2D([x], [y], **_style(kind)))
        fig.write(across + 12, top + 12.5, say(kind))
        across += 0 if is_narrow() else text_width(say(kind), LABEL) + 36


def _style(kind: str) -> dict[str, Any]:
    marker, size, edge = MARKS[kind]
    hue = series(kind).color
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size),
        "color": hue,
        "markeredgecolor": hue if kind == "idle" else color("background"),
        "markeredgewidth": px(edge),
    }


def _points(ax: Axes, recording: xr.Dataset, name: str, *, first: bool) -> None:
    here = recording.width.values == int(name)
    found = recording.idle.values < 0
    for which, kind in ((here & ~found, "idle"), (here & found, "found")):
        ax.plot(
            recording.loss.values[which],
            recording.share.values[which],
            label=f"{kind} {name}",
            zorder=4 if kind == "found" else 3,
            clip_on=False,
            **_style(kind),
        )
    ends = recording.end_loss.sel(run=name).values
    ax.plot(ends, 0 * ends, label=f"ends {name}", zorder=5, clip_on=False, **_style("ends"))
    ax.set_ylim(0, max(1.12 * float(recording.share.max()), 0.05))
    low, high = recording.end_loss.sel(run=recording.run_whole.values).min(), recording.loss.max()
    room = 0.05 * float(high - low)
    ax.set_xlim(float(low) - room, float(high) + room)
    ax.grid(axis="y")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.tick_params(labelleft=first)
    units, params = int(name), recording.n_params.sel(run=name)
    heading(ax, say("units", n=units), say("params", n=params), lift=9)
    name_axes(ax, x="loss, nats")
    if first:
        beside(ax, "ways down: share of eigenvalues that are negative", (0, 1), of=AXES,
               shift=(-40, 30), color=color("muted"))  # fmt: skip


def _ends(ax: Axes, recording: xr.Dataset) -> None:
    names = recording.run.values.tolist()
    above = recording.end_loss - recording.end_loss.min("example_end")
    for i, name in enumerate(names):
        values = above.sel(run=name).values
        # side by side in order, so that equal ends are seen to be several
        order = np.argsort(np.argsort(values, kind="stable"))
        aside = (order - (len(values) - 1) / 2) * min(0.84 / len(values), 0.08)
        ax.plot(i + aside, values, label=f"above {name}", zorder=3, clip_on=False, **_style("ends"))
    top = max(float(above.max()), 1e-6)
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(0, 1.05 * top))
    ax.grid(axis="y")
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ticks(ax, "x", range(len(names)), lambda i: number(int(names[round(i)])))
    name_axes(ax, x="hidden units")
    heading(ax, "The ends of descent, enlarged", "loss above the lowest of its width, nats")
