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

from figures.parts.axes import beside, name_axes
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from look.numbers import percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_fraction": "width (example), idle (example), loss (example), share (example), "
    "end_loss (run, example_end), run (run), run_whole (run_whole)",
}

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="Where the gradient vanishes: {verdict:?always=the higher up, the more ways down|mostly="
    "higher up, mostly more ways down|neither=how high, and how many ways down}",
    subtitle="Critical points of a network of few hidden units and, faint, of wider ones: their "
    "loss, and how many of all directions lead down from there.",
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
    "apart, those of width {widest} up to {widest_spread:.4f}. {layers:?|All points found higher "
    "up are saddles. }This is one task and a choice of points, not a law.",
    words={
        "units": "{n:?none|1 unit|{n} units}",
        "found": "found by search",
        "idle": "built by adding idle units",
        "ends": "{n} descents end here",
        "across": "share of directions that lead down",
    },
    series={
        "narrowest": ["narrowest", "purple"],
        "wider": ["wider", "green"],
        "widest": ["widest", "vermillion"],
    },
)

MARKS = {"idle": ("X", 11, 0.75), "found": ("o", 12, 1), "ends": ("D", 14, 1.25)}  # size, edge
FLOOR, NARROW_FLOOR = 0.11, 0.24  # room for names left of the minima, as a share of the axis
FAINT = 0.3  # what is not of the narrowest network


def draw(recording: xr.Dataset) -> Figure:
    """Return all critical points over how many directions lead down from them."""
    fig, ax = subplots(height=430, left=58, top=26, bottom=56, narrow=True)
    widths = recording.run_whole.values.tolist()
    most = max(1.06 * float(recording.share.max()), 0.05)
    ends = recording.end_loss.sel(run=recording.run_whole.values)
    low, high = float(ends.min()), float(recording.loss.max())
    room = 0.06 * (high - low)
    floor = NARROW_FLOOR if is_narrow() else FLOOR
    ax.set(xlim=(-floor * most, most), ylim=(low - room, high + room))
    ax.axvline(0, color=color("quiet"), linewidth=px(1.5), zorder=0)
    for name, look in zip(widths, series_of(len(widths)), strict=True):
        _points(ax, recording, name, look, hero=name == widths[0])
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value >= 0 else "")
    ax.yaxis.set_major_locator(MaxNLocator(4))
    name_axes(ax, x=say("across"), y="loss")
    return fig


def series_of(count: int) -> list[str]:
    """Return a colour for each of so many widths, narrowest first; the last for all that follow."""
    tokens = [series(name).token for name in ("narrowest", "wider", "widest")]
    return [tokens[min(i, len(tokens) - 1)] for i in range(count)]


def _style(kind: str, token: str, *, hero: bool) -> dict[str, Any]:
    marker, size, edge = MARKS[kind]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size if hero else 0.8 * size),
        "color": color(token),
        "alpha": 1.0 if hero else FAINT,
        "markeredgecolor": color("background"),
        "markeredgewidth": px(edge),
    }


def _points(ax: Axes, recording: xr.Dataset, name: str, token: str, *, hero: bool) -> None:
    """Draw one width's points; of the hero, each kind is named at one of them."""
    here = recording.width.values == int(name)
    found = recording.idle.values < 0
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    for which, kind in ((here & ~found, "idle"), (here & found, "found")):
        at = np.column_stack([recording.share.values[which], recording.loss.values[which]])
        ax.plot(*at.T, label=f"{kind} {name}", zorder=(5 if hero else 3) + (kind == "found"),
                **_style(kind, token, hero=hero))  # fmt: skip
        if hero and len(at):  # the name stands by the lowest and rightmost, clear of the others
            free = at[np.argmax(at[:, 0] / (x1 - x0) - at[:, 1] / (y1 - y0))]
            near = free[0] > 0.5 * x1
            beside(ax, say(kind), tuple(free), shift=(-13, -5) if near else (12, -20),
                   ha="right" if near else "left", path_effects=halo(), zorder=8)  # fmt: skip
    ends = recording.end_loss.sel(run=name).values
    ax.plot(0 * ends, ends, label=f"ends {name}", zorder=7, **_style("ends", token, hero=hero))
    end = 0.0, float(ends.mean())
    words = say("units", n=int(name))
    beside(ax, words, end, shift=(-13, 0), ha="right", va="center_baseline",
           weight="semibold" if hero else "normal")  # fmt: skip
    if hero:
        beside(ax, say("ends", n=len(ends)), end, shift=(14, -8), va="center_baseline",
               path_effects=halo(), zorder=8)  # fmt: skip
