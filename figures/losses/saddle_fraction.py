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
from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator, MaxNLocator

from figures.parts import axes
from figures.parts.axes import AXES, beside, name_axes, spread
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import halo, line_halo
from figures.parts.marks import dot
from figures.parts.space import Space
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_fraction": "width (example), idle (example), loss (example), share (example), "
    "end_loss (run, example_end), n_params (run), run (run), run_whole (run_whole), "
    "layers, tolerance",
}

VISUAL = Visual(
    uses=["saddle_fraction"],
    title="{layers:?Where the loss has no slope: how high, and how many ways down|High up, where "
    "the loss has no slope, there is still a way down}",
    subtitle="Each mark is a small network at a place where its loss has no slope: how high it "
    "lies, and how many ways lead down from there.",
    alt="One chart of critical points of the narrowest network, their loss upwards and the number "
    "of ways down across. Diamonds at 0, in a column that is {layers:?shaded|shaded and empty "
    "higher up}, are minima, and dots are saddles. A bowl grows out of a diamond and a saddle out "
    "of the lowest dot: sketches of what the loss is like there. "
    "{verdict:?always=At each width, the higher a point, "
    "the farther to the right it lies|mostly=At each width, higher points mostly lie farther to "
    "the right|neither=Height and number do not go together at each width}.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} fields "
    "({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical points: the ends "
    "of descent, {n_found} more found by {n_searches} searches along training paths, and minima of "
    "narrower networks with units added whose weights are all 0, so that they do nothing; drawn "
    "are those of the narrowest network, counted those of three widths. Marks that would cover "
    "each other stand side by side. Of {n_pairs:,} pairs at one width that "
    "differ in both, the higher has more ways down in {n_in_order:,}. Of {n_ends} descents, "
    "{n_minima} ended in a minimum. {local_minima:?No local minima were found|Local minima do "
    "exist}: the minima of width {apart} lie up to {apart_spread:.4f} apart, those of width "
    "{widest} up to {widest_spread:.4f}. {layers:?|All points found higher up are saddles. }Left "
    "of the dotted line no way leads down: that is a column of its own. The two surfaces are "
    "sketches. This is one task and a choice of points, not a law.",
    words={
        "units": "loss of a network with {n:?no hidden unit|1 hidden unit|{n} hidden units}",
        "found": "{down} ways lead\ndown from here",
        "idle": "{count:?||{count} places:\n}{k} of {units} units\n{k:?do|does|do} nothing",
        "ends": "{n} descents\nend here{more:?|, 1 more\nwas found|, {more} more\nwere found}",
        "empty": "no minimum\nfound\nup here",
        "bowl": "a minimum:\nall ways lead up",
        "saddle": "a saddle:\nsome ways lead down",
        "across": "ways down, of {n} directions (one for each parameter)",
        "across narrow": "ways down, of {n} directions",
    },
    series={
        "narrowest": ["narrowest", "purple"],
    },
)

MARKS = {"saddles": ("o", 11, 12), "minima": ("D", 9, 14)}  # size, least distance, CSS pixels
TOP, TALL = 40.0, 470.0  # of the chart, CSS pixels
FOOT = 176.0  # of the chart's height, under all marks: room for what grows out of them
LEFT, COLUMN, SKETCH = 58.0, 160.0, 158.0  # of the chart, of 0 ways down, of a sketch
NARROW_LEFT, NARROW_COLUMN, NARROW_SKETCH = 36.0, 104.0, 112.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the narrowest network's critical points over how many ways lead down."""
    fig = Canvas(TOP + TALL + 62, narrow=TOP + TALL + 62)
    sheet, margin, left, column = WIDTH, MARGIN, LEFT, COLUMN
    if is_narrow():
        sheet, margin, left, column = NARROW, NARROW_MARGIN, NARROW_LEFT, NARROW_COLUMN
    wide = sheet - margin - left
    ax = fig.place(left, TOP, wide, TALL)
    name = str(recording.run_whole.values[0])
    n_params = int(recording.n_params.sel(run=name))
    here = recording.isel(example=recording.width.values == int(name))
    ends = recording.end_loss.sel(run=name).values
    down = np.rint(n_params * here.share.values).astype(int)
    # a search that came to where a descent had ended found nothing new
    known = np.abs(here.loss.values[:, None] - ends).min(1) < recording.tolerance
    here, down = here.isel(example=~(known & (down == 0))), down[~(known & (down == 0))]
    minima = np.append(ends, here.loss.values[down == 0])
    lie = np.append(here.loss.values, ends)
    most = max(1.08 * float(down.max(initial=0)), 4)
    # Between 0 ways and 1 way down there is nothing, so that 0 may be a column of its own.
    each = (wide - column) / (most - 0.5)  # way down, CSS pixels
    _stretch(ax, column / each)
    share = FOOT / TALL  # of the height
    room = 0.07 * max(float(np.ptp(lie)), 0.01)
    low, high = lie.min() - room, lie.max() + 2 * room
    bottom = float(high - (high - low) / (1 - share))
    ax.set(xlim=(-0.5, most), ylim=(bottom, high))
    above = 1.0
    if recording.layers:  # over the words at the minima
        above = (minima.max() - bottom) / (high - bottom) + 58 / TALL
    ax.axvspan(-0.5, 0.5, ymin=above if recording.layers else share, color=color("quiet"),
               alpha=0.45, linewidth=0, label="minima")  # fmt: skip
    # the axis is a broken one: none is no number among the others
    ax.axvline(0.5, color=color("muted"), linewidth=px(1), linestyle=(0, (1, 4)), label="break")
    saddles, minima = _points(ax, here, minima, down, len(ends), (column, each))
    size = NARROW_SKETCH if is_narrow() else SKETCH
    for sign, middle, marks in (
        (1, left + column / 2, minima), (-1, left + column + 0.9 * size, saddles)
    ):  # fmt: skip
        if len(marks):  # out of the lowest, so that no other lies in the way
            box = (middle - size / 2, TOP + TALL - 46 - 0.66 * size, size, 0.66 * size)
            lowest = marks[marks[:, 1] == marks[:, 1].min()]
            _grow(ax, fig.place(*box), sign, lowest[np.abs(lowest[:, 0]).argmin()])
    every = MaxNLocator(5, integer=True).tick_values(0, most)
    axes.ticks(ax, "x", [at for at in every if 0 <= at <= most])
    every = MaxNLocator(4).tick_values(low, high)
    ax.yaxis.set_major_locator(FixedLocator([at for at in every if low <= at <= high]))
    across = "across narrow" if is_narrow() else "across"
    name_axes(ax, x=say(across, n=n_params), y=say("units", n=int(name)))
    return fig


def _stretch(ax: Axes, zero: float) -> None:
    """Make 0 of the axis as wide as `zero` of the other counts."""

    def place(x: np.ndarray) -> np.ndarray:
        return np.where(x < 0.5, 0.5 + (x - 0.5) * zero, x)

    def count(at: np.ndarray) -> np.ndarray:
        return np.where(at < 0.5, 0.5 + (at - 0.5) / zero, at)

    ax.set_xscale("function", functions=(place, count))


def _grow(chart: Axes, ax: Axes, sign: int, mark: np.ndarray) -> None:
    """Draw what a mark's place is like: a bowl, or a saddle where the sign is -1."""
    side = np.linspace(-1, 1, 17)
    height = side[None] ** 2 + sign * side[:, None] ** 2
    low, high = float(height.min()), float(height.max())
    space = Space((-1, 1), (-1, 1), (low, high), azimuth=-25, elevation=40, tall=0.8)
    space.frame(ax, [], "")
    for line in ax.get_lines():  # no floor, no scale: a sketch has no numbers
        line.remove()
    ax.apply_aspect()
    seen = space.project(*np.meshgrid(side, side), height).reshape(-1, 2)
    ends = ax.transData.transform(seen[[seen[:, 0].argmin(), seen[:, 0].argmax()]])
    corners = chart.transAxes.inverted().transform(ends)
    tip = chart.transAxes.inverted().transform(chart.transData.transform(mark))
    cone = Polygon(np.stack([corners[0], tip, corners[1]]), transform=chart.transAxes, linewidth=0,
                   color=color("quiet"), alpha=0.3, zorder=1, label="grown")  # fmt: skip
    chart.add_patch(cone)
    for corner in corners:
        chart.plot(*np.transpose([tip, corner]), transform=chart.transAxes, color=color("muted"),
                   linewidth=px(1), alpha=0.7, zorder=1)  # fmt: skip
    space.draw(ax, side, side, height)
    for x, y, end in ((side, 0 * side, 1), (0 * side, side, sign)):
        ax.plot(*space.project(x, y, end * side**2).T, linewidth=px(2.5),
                color=color("positive" if end > 0 else "negative"),
                path_effects=line_halo(2.5, 0.75))  # fmt: skip
    marker, width, _ = MARKS["minima" if sign > 0 else "saddles"]
    dot(ax, *space.project(0, 0, 0.0), color=series("narrowest").color, size=width,
        marker=marker)  # fmt: skip
    beside(ax, say("bowl" if sign > 0 else "saddle"), (0.5, 0), of=AXES, shift=(0, -2), ha="center",
           va="top", color=color("muted"), path_effects=halo())  # fmt: skip


def _style(kind: str) -> dict[str, Any]:
    marker, size, _ = MARKS[kind]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": px(size),
        "color": series("narrowest").color,
        "markeredgecolor": color("background"),
        "markeredgewidth": px(1.2),  # marks on each other are still told apart
        "clip_on": False,
    }


def _aside(across: np.ndarray, up: np.ndarray, apart: float, most: np.ndarray) -> np.ndarray:
    """Return how far to move marks sideways, at most so far, that none covers another."""
    moved = np.zeros(len(across))
    for k in range(1, len(across)):
        ways = np.arange(most[k] + 1)
        ways = np.ravel([ways, -ways], order="F")  # the nearest first, right before left
        other = np.stack([across[:k] + moved[:k], up[:k]], -1)
        far = np.hypot(across[k] + ways[:, None] - other[:, 0], up[k] - other[:, 1]).min(1)
        moved[k] = ways[np.minimum(far, apart).argmax()]
    return moved


def _points(
    ax: Axes, points: xr.Dataset, minima: np.ndarray, down: np.ndarray, n_ends: int,
    units: tuple[float, float],
) -> list[np.ndarray]:  # fmt: skip
    """Draw minima and saddles where they are, and say at the marks what they are.

    Returns the marks of saddles and of minima, shape (mark, 2).
    """
    idle, loss = points.idle.values, points.loss.values
    saddle = down > 0
    rising = np.argsort(loss)  # where marks lie on each other, the upper one is on top
    rising = rising[saddle[rising]]
    scale = ax.figure.dpi / 96
    aside, marks = np.zeros(len(loss)), []
    for kind, x, y in (
        ("saddles", down[rising], loss[rising]), ("minima", 0 * minima, np.sort(minima)),
    ):  # fmt: skip
        places = ax.transData.transform(np.stack([x, y], -1)) / scale
        room = 0.45 * np.where(x > 0, units[1], units[0])
        moved = _aside(places[:, 0], places[:, 1], MARKS[kind][2], room)
        if kind == "saddles":
            aside[rising] = moved
        else:  # in the middle of their column
            moved -= (moved.min() + moved.max()) / 2
        places[:, 0] += moved
        across = ax.transData.inverted().transform(places * scale)[:, 0]
        marks.append(np.stack([across, y], -1))
        ax.plot(across, y, label=kind, zorder=5, **_style(kind))
    beside(ax, say("ends", n=n_ends, more=len(minima) - n_ends), (0, float(minima.max())),
           shift=(0, 12), va="bottom", ha="center", path_effects=halo(), zorder=8)  # fmt: skip
    if points.attrs["layers"]:
        beside(ax, say("empty"), (0, ax.get_ylim()[1]), shift=(0, -12), va="top", ha="center",
               color=color("muted"))  # fmt: skip
    told = []
    if (saddle & (idle < 0)).any():  # the highest is the example
        at = int(np.flatnonzero(saddle & (idle < 0))[loss[saddle & (idle < 0)].argmax()])
        told.append((say("found", down=down[at]), (down[at], loss[at]), aside[[at]]))
    for k in sorted(set(idle[idle >= 0].tolist())):
        alike = idle == k
        words = say("idle", k=k, units=int(points.width[0]), count=int(alike.sum()))
        told.append((words, (down[alike].mean(), loss[alike].mean()), aside[alike]))
    # heights of the marks in CSS pixels; words that would touch move apart
    at = np.array([ax.transData.transform(at) for _, at, _ in told]).reshape(-1, 2) / scale
    low, high = ax.bbox.y0 / scale + FOOT + 26, ax.bbox.y1 / scale - 26  # inside, over the sketches
    ups = spread(at[:, 1], 58, low, high) - at[:, 1]
    for (words, mean, moved), up, place in zip(told, ups.tolist(), at[:, 0], strict=True):
        reach = max(text_width(row, LABEL) for row in words.split("\n"))
        right = float(moved.max()) + 14
        left = place + right + reach > ax.bbox.x1 / scale + 8  # no room there
        shift = (float(moved.min()) - 14 if left else right, up)
        beside(ax, words, (float(mean[0]), float(mean[1])), shift=shift, va="center",
               ha="right" if left else "left", path_effects=halo(), zorder=8)  # fmt: skip
    return marks
