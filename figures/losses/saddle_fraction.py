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
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, name_axes
from figures.parts.canvas import TICK, is_narrow, px, subplots
from look.numbers import percent, probability
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_fraction": "width (example), idle (example), loss (example), share (example), "
    "end_loss (run, example_end), run (run), run_whole (run_whole), layers",
}

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="{layers:?{verdict:?always=The higher a critical point, the more directions lead down "
    "from it|mostly=Higher critical points mostly have more directions that lead down|neither="
    "Critical points of small networks: how high, and how many ways down}|Minima lie close "
    "together at the bottom; all points found higher up are saddles}",
    subtitle="Points of small networks where the gradient vanishes, in a colour for each width: "
    "how high they lie, and how many directions lead down from there.",
    alt="One chart of critical points, their loss upwards and the share of negative eigenvalues "
    "across, in one colour for each number of hidden units. Diamonds at a share of 0 are the ends "
    "of descent, dots are found by search, crosses are built. {verdict:?always=At each width, the "
    "higher a point, the farther to the right it lies|mostly=At each width, higher points mostly "
    "lie farther to the right|neither=Height and share do not go together at each width}.",
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
        "found": "found by search",
        "idle": "built by adding idle units",
        "ends": "end of descent",
        "spread": "{n} within {spread}",
        "none": "{layers:?|no minimum here}",
        "across": "ways down: share of the Hessian’s eigenvalues that are negative",
    },
    series={
        "narrowest": ["narrowest", "purple"],
        "wider": ["wider", "green"],
        "widest": ["widest", "vermillion"],
    },
)

MARKS = {"idle": ("X", 9, 0.75), "found": ("o", 10, 1), "ends": ("D", 12, 1.25)}  # sign, size, edge
FLOOR, NARROW_FLOOR = 0.13, 0.3  # room for names left of the minima, as a share of the axis


def draw(recording: xr.Dataset) -> Figure:
    """Return all critical points over how many directions lead down from them."""
    fig, ax = subplots(height=470, left=66, top=26, bottom=56, narrow=True)
    widths = recording.run_whole.values.tolist()
    most = max(1.06 * float(recording.share.max()), 0.05)
    ends = recording.end_loss.sel(run=recording.run_whole.values)
    low, high = float(ends.min()), float(recording.loss.max())
    room = 0.06 * (high - low)
    floor = NARROW_FLOOR if is_narrow() else FLOOR
    ax.set(xlim=(-floor * most, most), ylim=(low - room, high + room))
    ax.axvline(0, color=color("quiet"), linewidth=px(1.5), zorder=0)
    for name, look in zip(widths, series_of(len(widths)), strict=True):
        _points(ax, recording, name, look)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value >= 0 else "")
    ax.yaxis.set_major_locator(MaxNLocator(4))
    name_axes(ax, x=say("across"), y="loss, nats")
    beside(ax, say("none"), (0, 0.95), of=("data", "axes fraction"), shift=(12, 0),
           weight="semibold", va="center")  # fmt: skip
    _key(ax)
    return fig


def series_of(count: int) -> list[str]:
    """Return a colour for each of so many widths, narrowest first; the last for all that follow."""
    tokens = [series(name).token for name in ("narrowest", "wider", "widest")]
    return [tokens[min(i, len(tokens) - 1)] for i in range(count)]


def _key(ax: Axes) -> None:
    """Name the three kinds of points behind their marks, where no point lies."""
    for row, kind in enumerate(("ends", "found", "idle")):
        at = (0.5, 0.17 - 0.062 * row)
        ax.plot(*at, transform=ax.transAxes, label=f"key {kind}", clip_on=False,
                **_style(kind, "muted"))  # fmt: skip
        beside(ax, say(kind), at, of=AXES, shift=(14, 0), va="center_baseline")


def _style(kind: str, token: str) -> dict[str, Any]:
    marker, size, edge = MARKS[kind]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size),
        "color": color(token),
        "alpha": 0.75 if kind == "idle" else 1.0,
        "markeredgecolor": color("background"),
        "markeredgewidth": px(edge),
    }


def _points(ax: Axes, recording: xr.Dataset, name: str, token: str) -> None:
    here = recording.width.values == int(name)
    found = recording.idle.values < 0
    for which, kind in ((here & ~found, "idle"), (here & found, "found")):
        ax.plot(recording.share.values[which], recording.loss.values[which],
                label=f"{kind} {name}", zorder=4 if kind == "found" else 3,
                **_style(kind, token))  # fmt: skip
    ends = recording.end_loss.sel(run=name).values
    ax.plot(0 * ends, ends, label=f"ends {name}", zorder=5, **_style("ends", token))
    at = 0, float(ends.mean())
    beside(ax, say("units", n=int(name)), at, shift=(-13, 0), ha="right", va="center_baseline",
           weight="semibold")  # fmt: skip
    words = say("spread", n=len(ends), spread=probability(np.ptp(ends), 3))
    beside(ax, words, at, shift=(-13, -17), ha="right", va="center_baseline",
           color=color("muted"), fontsize=px(TICK))  # fmt: skip
