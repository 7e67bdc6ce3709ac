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
from figures.parts.canvas import px, subplots
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
    subtitle="Each mark is a small network whose loss has no slope: how high it lies, and in "
    "what share of directions its loss curves down from there. Crosses: a smaller network’s "
    "minimum, and a unit that does nothing.",
    alt="One chart of critical points of the narrowest network, their loss upwards and the share "
    "of directions that lead down across. Diamonds at a share of 0 are the ends of descent, dots "
    "are found by search, crosses are built. {verdict:?always=At each width, the higher a point, "
    "the farther to the right it lies|mostly=At each width, higher points mostly lie farther to "
    "the right|neither=Height and share do not go together at each width}.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} "
    "fields ({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical "
    "points: {n_found} found by {n_searches} searches along training paths (dots), and "
    "minima of narrower networks with idle units added (crosses); drawn are those of the narrowest "
    "network, counted those of three widths. Of {n_pairs:,} pairs at one "
    "width that differ in both, the higher has more ways down in {n_in_order:,}. Of {n_ends} "
    "descents, {n_minima} ended in a minimum. {local_minima:?No local minima were "
    "found|Local minima do exist}: the minima of width {apart} lie up to {apart_spread:.4f} "
    "apart, those of width {widest} up to {widest_spread:.4f}. {layers:?|All points found higher "
    "up are saddles. }This is one task and a choice of points, not a law.",
    words={
        "units": "loss, with {n:?none|1 hidden unit|{n} hidden units}",
        "found": "from here {share:.0%}\nof directions lead down",
        "ends": "{n} descents end here: nothing leads down",
        "across": "share of directions that lead down",
    },
    series={
        "narrowest": ["narrowest", "purple"],
    },
)

MARKS = {"idle": ("X", 11, 0.75), "found": ("o", 14, 1), "ends": ("D", 16, 1.25)}  # size, edge


def draw(recording: xr.Dataset) -> Figure:
    """Return the narrowest network's critical points over how many directions lead down."""
    fig, ax = subplots(height=400, left=58, top=40, bottom=56, narrow=True)
    name = str(recording.run_whole.values[0])
    here = recording.width.values == int(name)
    ends = recording.end_loss.sel(run=name).values
    shares = recording.share.values[here]
    most = max(1.1 * float(shares.max(initial=0)), 0.05)
    every = np.append(recording.loss.values[here], ends)
    room = 0.14 * max(float(np.ptp(every)), 0.01)
    ax.set(xlim=(-0.05 * most, most), ylim=(every.min() - room, every.max() + 1.5 * room))
    ax.axvline(0, color=color("quiet"), linewidth=px(1.5), zorder=0)
    _points(ax, recording, here)
    ax.plot(0 * ends, ends, label="ends", zorder=7, **_style("ends"))
    beside(ax, say("ends", n=len(ends)), (0.0, float(ends.min())), shift=(16, -12),
           va="center_baseline", path_effects=halo(), zorder=8)  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value >= 0 else "")
    ax.yaxis.set_major_locator(MaxNLocator(4))
    name_axes(ax, x=say("across"), y=say("units", n=int(name)))
    return fig


def _style(kind: str) -> dict[str, Any]:
    marker, size, edge = MARKS[kind]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size),
        "color": series("narrowest").color,
        "markeredgecolor": color("background"),
        "markeredgewidth": px(edge),
    }


def _points(ax: Axes, recording: xr.Dataset, here: np.ndarray) -> None:
    """Draw what was found and what was built, and say of one point what its place means."""
    found = recording.idle.values < 0
    for which, kind in ((here & ~found, "idle"), (here & found, "found")):
        at = np.column_stack([recording.share.values[which], recording.loss.values[which]])
        ax.plot(*at.T, label=kind, zorder=3 + (kind == "found"), **_style(kind))
        if kind == "found" and len(at):  # the highest is the example
            x, y = at[np.argmax(at[:, 1])].tolist()
            left = x > 0.55 * ax.get_xlim()[1]  # where there is room for what it says
            beside(ax, say(kind, share=x), (x, y), shift=(-14 if left else 14, 6), va="top",
                   ha="right" if left else "left", path_effects=halo(), zorder=8)  # fmt: skip
