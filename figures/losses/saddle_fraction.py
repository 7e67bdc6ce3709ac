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

from figures.parts.axes import AXES, beside, name_axes, spread
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.marks import dot
from figures.parts.space import Space
from look.numbers import number
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
    title="{layers:?Where the loss has no slope: how high, and how many ways down|High up, where "
    "the loss has no slope, there is still a way down}",
    subtitle="Each mark is a small network at a place where its loss has no slope: how high it "
    "lies, and along how many directions the loss curves down from there.",
    alt="One chart of critical points of the narrowest network, their loss upwards and the number "
    "of directions that lead down across. Diamonds at 0, in a band that is {layers:?shaded|shaded "
    "and empty higher up}, are minima, and dots are saddles; under the chart a sketch of each, a "
    "bowl and a saddle. "
    "{verdict:?always=At each width, the higher a point, "
    "the farther to the right it lies|mostly=At each width, higher points mostly lie farther to "
    "the right|neither=Height and number do not go together at each width}.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} fields "
    "({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical points: the ends "
    "of descent, {n_found} more found by {n_searches} searches along training paths, and minima of "
    "narrower networks with units added whose weights are all 0, switched off; drawn are those of "
    "the narrowest network, counted those of three widths. Of {n_pairs:,} pairs at one width that "
    "differ in both, the higher has more ways down in {n_in_order:,}. Of {n_ends} descents, "
    "{n_minima} ended in a minimum. {local_minima:?No local minima were found|Local minima do "
    "exist}: the minima of width {apart} lie up to {apart_spread:.4f} apart, those of width "
    "{widest} up to {widest_spread:.4f}. {layers:?|All points found higher up are saddles. }The "
    "two surfaces are sketches. This is one task and a choice of points, not a law.",
    words={
        "units": "loss of a network with {n:?no hidden unit|1 hidden unit|{n} hidden units}",
        "found": "{down} of {n} directions\nlead down from here",
        "idle": "{count:?||{count} places: }{k} of {units} units\nswitched off",
        "ends": "{n} descents end here{hidden:?:\n|, on one\nanother: }nothing leads down",
        "empty": "← no minimum found here",
        "bowl": "a minimum: all ways up",
        "saddle": "a saddle: some ways down",
        "across": "directions that lead down, of {n} (one for each parameter)",
        "across narrow": "directions that lead down, of {n}",
    },
    series={
        "narrowest": ["narrowest", "purple"],
    },
)

MARKS = {"saddles": ("o", 11), "minima": ("D", 10)}  # and their size, CSS pixels
LEFT, TOP, TALL = 58.0, 40.0, 350.0  # of the chart, CSS pixels
# left, top and width of the sketches under the chart: a bowl below 0 ways down, then a saddle
SKETCHES = {1: (30.0, TOP + TALL + 66, 150.0), -1: (330.0, TOP + TALL + 66, 150.0)}
NARROW_SKETCHES = {1: (24.0, TOP + TALL + 60, 130.0), -1: (200.0, TOP + TALL + 60, 130.0)}


def draw(recording: xr.Dataset) -> Figure:
    """Return the narrowest network's critical points over how many directions lead down."""
    fig = Canvas(TOP + TALL + 210, narrow=TOP + TALL + 186)
    sheet, margin = (NARROW, NARROW_MARGIN) if is_narrow() else (WIDTH, MARGIN)
    left = 40.0 if is_narrow() else LEFT
    ax = fig.place(left, TOP, sheet - margin - left, TALL)
    name = str(recording.run_whole.values[0])
    n_params = int(recording.n_params.sel(run=name))
    here = recording.width.values == int(name)
    ends = recording.end_loss.sel(run=name).values
    down = np.rint(n_params * recording.share.values[here]).astype(int)
    most = max(1.08 * float(down.max(initial=0)), 4)
    every = np.append(recording.loss.values[here], ends)
    room = 0.14 * max(float(np.ptp(every)), 0.01)
    ax.set(xlim=(-0.07 * most, most), ylim=(every.min() - room, every.max() + 1.5 * room))
    minima = np.append(recording.loss.values[here][down == 0], ends)
    bottom, top = ax.get_ylim()
    above = (minima.max() + 0.6 * room - bottom) / (top - bottom) if recording.layers else 0.0
    ax.axvspan(-0.07 * most, 0.5, ymin=above, color=color("quiet"), alpha=0.45, linewidth=0,
               label="minima")  # fmt: skip
    _points(ax, recording.isel(example=here), ends, down, n_params)
    for sign, (x, y, wide) in (NARROW_SKETCHES if is_narrow() else SKETCHES).items():
        _sketch(fig.place(x, y, wide, 0.66 * wide), sign)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: number(value) if value >= 0 else "")
    ax.yaxis.set_major_locator(MaxNLocator(4))
    across = "across narrow" if is_narrow() else "across"
    name_axes(ax, x=say(across, n=n_params), y=say("units", n=int(name)))
    return fig


def _sketch(ax: Axes, sign: int) -> None:
    """Draw a bowl, or a saddle where the sign is -1: what the place of a mark is like."""
    side = np.linspace(-1, 1, 17)
    height = side[None] ** 2 + sign * side[:, None] ** 2
    low, high = float(height.min()), float(height.max())
    space = Space((-1, 1), (-1, 1), (low, high), azimuth=-25, elevation=40, tall=0.8)
    space.frame(ax, [], "")
    for line in ax.get_lines():  # no floor, no scale: a sketch has no numbers
        line.remove()
    space.draw(ax, side, side, height)
    for x, y, end in ((side, 0 * side, 1), (0 * side, side, sign)):
        ax.plot(*space.project(x, y, end * side**2).T, linewidth=px(2.5),
                color=color("positive" if end > 0 else "negative"),
                path_effects=line_halo(2.5, 0.75))  # fmt: skip
    dot(ax, *space.project(0, 0, 0.0), color=series("narrowest").color, size=11,
        marker="D" if sign > 0 else "o")  # fmt: skip
    beside(ax, say("bowl" if sign > 0 else "saddle"), (0.5, 0), of=AXES, shift=(0, -1), ha="center",
           va="top", color=color("muted"))  # fmt: skip


def _style(kind: str) -> dict[str, Any]:
    marker, size = MARKS[kind]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size),
        "color": series("narrowest").color,
        "markeredgecolor": color("background"),
        "markeredgewidth": px(1.2),  # marks on each other are still told apart
        "clip_on": False,
    }


def _points(
    ax: Axes, points: xr.Dataset, ends: np.ndarray, down: np.ndarray, n_params: int
) -> None:
    """Draw minima and saddles where they are, and say at the marks what they are."""
    idle, loss = points.idle.values, points.loss.values
    saddle = down > 0
    rising = np.argsort(loss)  # where marks lie on each other, the upper one is on top
    rising = rising[saddle[rising]]
    lowest = np.append(loss[~saddle], ends)
    ax.plot(down[rising], loss[rising], label="saddles", zorder=4, **_style("saddles"))
    ax.plot(0 * lowest, lowest, label="minima", zorder=5, **_style("minima"))
    places = np.sort(ax.transData.transform([(0, end) for end in ends])[:, 1]) * 96 / ax.figure.dpi
    hidden = bool((np.diff(places) < MARKS["minima"][1]).any())
    beside(ax, say("ends", n=len(ends), hidden=hidden), (0, float(ends.min())), shift=(18, -14),
           va="center", path_effects=halo(), zorder=8)  # fmt: skip
    if points.attrs["layers"]:
        beside(ax, say("empty"), (0.5, ax.get_ylim()[1]), shift=(10, -8), va="top",
               color=color("muted"), path_effects=halo())  # fmt: skip
    told = []
    if (saddle & (idle < 0)).any():  # the highest is the example
        at = int(np.flatnonzero(saddle & (idle < 0))[loss[saddle & (idle < 0)].argmax()])
        told.append((say("found", down=down[at], n=n_params), (down[at], loss[at])))
    for k in sorted(set(idle[idle >= 0].tolist())):
        alike = idle == k
        words = say("idle", k=k, units=int(points.width[0]), count=int(alike.sum()))
        told.append((words, (down[alike].mean(), loss[alike].mean())))
    # heights of the marks in CSS pixels; words that would touch move apart
    heights = np.array([ax.transData.transform(at)[1] for _, at in told]) * 96 / ax.figure.dpi
    moved = spread(heights, 40, 0, ax.bbox.y1 * 96 / ax.figure.dpi) - heights
    for (words, (x, y)), up in zip(told, moved.tolist(), strict=True):
        left = x > 0.6 * ax.get_xlim()[1]  # where there is room for what it says
        beside(ax, words, (float(x), float(y)), shift=(-16 if left else 16, up), va="center",
               ha="right" if left else "left", path_effects=halo(), zorder=8)  # fmt: skip
