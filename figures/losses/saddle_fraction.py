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
    alt="Two sketches, of a bowl and of a saddle, say what the marks mean: diamonds are minima, "
    "dots are saddles. One chart of critical points of the narrowest network, their loss upwards "
    "and the number of ways down across. All diamonds are at 0, in a column that is "
    "{layers:?shaded|shaded and empty higher up}. "
    "{verdict:?always=At each width, the higher a point, "
    "the farther to the right it lies|mostly=At each width, higher points mostly lie farther to "
    "the right|neither=Height and number do not go together at each width}.",
    caption="One hidden layer of tanh units on {n_examples:,} images of {side} × {side} fields "
    "({dataset}), cross-entropy with a penalty of ½ · {penalty:g} ‖θ‖². Critical points: the ends "
    "of descent, {n_found} more found by {n_searches} searches along training paths, and minima of "
    "narrower networks with units added whose weights are all 0, so that they do nothing; drawn "
    "are those of the narrowest network, counted those of three widths. Minima of one loss "
    "are one mark. Of {n_pairs:,} pairs at one width that "
    "differ in both, the higher has more ways down in {n_in_order:,}. Of {n_ends} descents, "
    "{n_minima} ended in a minimum. {local_minima:?No local minima were found|Local minima do "
    "exist}: the minima of width {apart} lie up to {apart_spread:.4f} apart, those of width "
    "{widest} up to {widest_spread:.4f}. {layers:?|All points found higher up are saddles. }The "
    "two surfaces are sketches. This is one task and a choice of points, not a law.",
    words={
        "units": "loss of a network with {n:?no hidden unit|1 hidden unit|{n} hidden units}",
        "highest": "{down} ways lead\ndown from here",
        "highest is": "{down} ways lead\ndown from here:\n{idle}",
        "idle": "{count:?||{count} places:\n}{k} of {units} units\n{k:?do|does|do} nothing",
        "ends": "{n} descents end here,\nat {heights:?|one height|one of {heights} heights}"
        "{more:?|; 1 more\nminimum was found|; {more} more\nminima were found}",
        "empty": "no minimum\nfound up here",
        "bowl": "a minimum:\nall ways lead up",
        "saddle": "a saddle:\nsome ways lead down",
        "across": "ways down, of {n} directions (one for each parameter)",
        "across narrow": "ways down, of {n} directions",
    },
    series={
        "narrowest": ["narrowest", "purple"],
    },
)

MARKS = {"saddles": ("o", 11), "minima": ("D", 9)}  # and their size, CSS pixels
KEY, TOP, TALL = 96.0, 140.0, 400.0  # of a sketch and of the chart: heights, and the chart's top
LEFT, SKETCH, SAID = 58.0, 140.0, 152.0  # of the chart, of a sketch and of the words beside it
NARROW_LEFT, NARROW_SKETCH, NARROW_TOP = 36.0, 126.0, 174.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the narrowest network's critical points over how many ways lead down."""
    fig = Canvas(TOP + TALL + 62, narrow=NARROW_TOP + TALL + 62)
    left, top, wide = LEFT, TOP, WIDTH - MARGIN - LEFT
    keys = [(MARGIN + k * (SKETCH + SAID + 44), 0, SKETCH, KEY) for k in range(2)]
    if is_narrow():  # each with its words under it
        left, top, wide = NARROW_LEFT, NARROW_TOP, NARROW - NARROW_MARGIN - NARROW_LEFT
        gap = NARROW - 2 * (NARROW_MARGIN + NARROW_SKETCH)
        keys = [(NARROW_MARGIN + k * (NARROW_SKETCH + gap), 0, NARROW_SKETCH, KEY)
                for k in range(2)]  # fmt: skip
    ax = fig.place(left, top, wide, TALL)
    for key, sign in zip(keys, (1, -1), strict=True):
        _sketch(fig.place(*key), sign)
    name = str(recording.run_whole.values[0])
    n_params = int(recording.n_params.sel(run=name))
    here = recording.isel(example=recording.width.values == int(name))
    ends = recording.end_loss.sel(run=name).values
    down = np.rint(n_params * here.share.values).astype(int)
    # a search that came to where a descent had ended found nothing new
    known = np.abs(here.loss.values[:, None] - ends).min(1) < recording.tolerance
    here, down = here.isel(example=~(known & (down == 0))), down[~(known & (down == 0))]
    minima = np.sort(np.append(ends, here.loss.values[down == 0]))
    lie = np.append(here.loss.values, ends)
    most = max(1.08 * float(down.max(initial=0)), 4)
    room = 0.07 * max(float(np.ptp(lie)), 0.01)
    bottom, high = lie.min() - room, lie.max() + room
    ax.set(xlim=(-0.06 * most, most), ylim=(bottom, high))
    above = 0.0
    if recording.layers:  # over the minima
        above = (minima.max() - bottom) / (high - bottom) + 14 / TALL
    ax.axvspan(-0.5, 0.5, ymin=above, color=color("quiet"), alpha=0.6, linewidth=0,
               label="minima")  # fmt: skip
    _points(ax, here, minima, down, len(ends))
    every = MaxNLocator(5, integer=True).tick_values(0, most)
    axes.ticks(ax, "x", [at for at in every if 0 <= at <= most])
    every = MaxNLocator(4).tick_values(bottom, high)
    ax.yaxis.set_major_locator(FixedLocator([at for at in every if bottom <= at <= high]))
    across = "across narrow" if is_narrow() else "across"
    name_axes(ax, x=say(across, n=n_params), y=say("units", n=int(name)))
    return fig


def _sketch(ax: Axes, sign: int) -> None:
    """Draw what a mark means: a bowl, or a saddle where the sign is -1."""
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
    marker, width = MARKS["minima" if sign > 0 else "saddles"]
    dot(ax, *space.project(0, 0, 0.0), color=series("narrowest").color, size=width,
        marker=marker)  # fmt: skip
    under = is_narrow()
    beside(ax, say("bowl" if sign > 0 else "saddle"), (0.5, 0) if under else (1, 0.5), of=AXES,
           shift=(0, -4) if under else (4, 0), ha="center" if under else "left",
           va="top" if under else "center")  # fmt: skip


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
    ax: Axes, points: xr.Dataset, minima: np.ndarray, down: np.ndarray, n_ends: int
) -> None:
    """Draw minima and saddles where they are, and say at the marks what they are."""
    idle, loss = points.idle.values, points.loss.values
    rising = np.argsort(loss)  # where marks lie on each other, the upper one is on top
    rising = rising[down[rising] > 0]
    ax.plot(down[rising], loss[rising], label="saddles", zorder=5, **_style("saddles"))
    ax.plot(0 * minima, minima, label="minima", zorder=5, **_style("minima"))
    heights = 1 + int((np.diff(minima) > points.tolerance).sum())
    words = say("ends", n=n_ends, more=len(minima) - n_ends, heights=heights)
    beside(ax, words, (0, float(minima.mean())), shift=(14, 0), va="center",
           path_effects=halo(), zorder=8)  # fmt: skip
    if points.attrs["layers"]:
        beside(ax, say("empty"), (0.5, ax.get_ylim()[1]), shift=(10, -8), va="top",
               color=color("muted"))  # fmt: skip
    told = []
    for k in sorted(set(idle[idle >= 0].tolist())):
        alike = idle == k
        words = say("idle", k=k, units=int(points.width[0]), count=int(alike.sum()))
        told.append((words, (down[alike].mean(), loss[alike].mean())))
    if len(rising):  # the highest: how many ways, and what it is
        at = rising[-1]
        words = say("highest", down=down[at])
        if told and told[-1][1] == (down[at], loss[at]):
            words = say("highest is", down=down[at], idle=told.pop()[0])
        told.append((words, (down[at], loss[at])))
    # heights of the marks in CSS pixels; words that would touch move apart
    scale = ax.figure.dpi / 96
    at = np.array([ax.transData.transform(at) for _, at in told]).reshape(-1, 2) / scale
    ups = spread(at[:, 1], 84, ax.bbox.y0 / scale + 40, ax.bbox.y1 / scale - 40) - at[:, 1]
    for (words, mean), up, place in zip(told, ups.tolist(), at[:, 0], strict=True):
        reach = max(text_width(row, LABEL) for row in words.split("\n"))
        left = place + 14 + reach > ax.bbox.x1 / scale + 8  # no room there
        shift = (-14 if left else 14, up)
        beside(ax, words, (float(mean[0]), float(mean[1])), shift=shift, va="center",
               ha="right" if left else "left", path_effects=halo(), zorder=8)  # fmt: skip
