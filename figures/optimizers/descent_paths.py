"""The paths of any optimizers over any function of two numbers: what `simulate.race` returns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.text import Text

from figures.optimizers._arrows import arrow
from figures.optimizers._names import Ended, names
from figures.parts.axes import beside
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.contours import contours, finer
from figures.parts.marks import dot, ring
from look.maps import band, legs, levels
from look.runs import numbered
from look.theme import color
from look.words import Visual, say

READS = {
    "descent_paths": "theta (run, step, param), loss (run, step), height (y, x), grid_x (x), "
    "grid_y (y), run (run)",
}

VISUAL = Visual(
    uses=["descent_paths"],
    title="{ahead:?After {n_steps:,} steps from one start, {lowest} is lowest|After "
    "{n_steps:,} steps {lowest} has {left:.0%} of the way to go, {next} {next_left:.0%}}",
    subtitle="{surface}’s test surface: dark is low{starred:?; numbers are losses|, the star "
    "lowest}. Each at its own fixed rate η: {rates}; other rates may change the order.",
    alt="A map of contour lines with one path for each optimizer, all from one ring. At the end of "
    "each stands its name with {starred:?its loss|what it has left of the way}; {lowest} ends "
    "lowest{ahead:?| and nearest to the star}.",
    caption="{n_steps:,} steps each, at the rates {rates}, which were not searched for. "
    "`simulate.race` records the same of any function of two numbers, and this figure draws it.",
    words={
        "start": "{n:?No path|One path|Two paths|Three paths|Four paths|{n} paths} from one start: "
        "which {star:?gets lowest|comes nearest to the star}?\n"
        "Each at its own fixed rate; other rates may change the order. Dark is low.",
        "end": "{ahead:?After {n_steps:,} steps, at these rates, {who} is lowest|{who} has "
        "{left:.0%} of the way to go, {second} {next:.0%}}\n"
        "{adds:?The loss of {who} is {loss:.3n}.|Momentum adds steps up: along the valley they "
        "grow, across it they cancel.}",
        "way": "way left to the star",
        "across": "{slim:?across: |}to and fro",
        "along": "{slim:?along: |}all one way",
        "left": "{left:.0%}",
        "step": "step {step:,}",
        "loss": "{loss:.3n}",
        "now": "loss {loss:counter}",
        "gone": "off the map",
    },
    series={
        "0": ["{name}", "slate"],
        "1": ["{name}", "green"],
        "2": ["{name}", "vermillion"],
        "3": ["{name}", "purple"],
        "4": ["{name}", "brown"],
        "5": ["{name}", "sky"],
        "6": ["{name}", "yellow"],
        "7": ["{name}", "indigo"],
    },
)

TALL = 560.0  # of the map at most, in CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the map with all paths, their names with the losses at their ends."""
    runs = numbered(recording.run.values.tolist())
    x, y = recording.grid_x.values, recording.grid_y.values
    paths = recording.theta.values
    minimum = recording["minimum"].values if "minimum" in recording else None
    places = paths if minimum is None else np.concatenate([paths, minimum + 0 * paths[:1]])
    box = np.array(band(places, x, y))
    left = NARROW_MARGIN if is_narrow() else MARGIN
    wide = (NARROW if is_narrow() else WIDTH) - 2 * left
    tall = wide * np.ptp(box[1]) / np.ptp(box[0])  # equal axes
    if tall > TALL:
        wide, tall = wide * TALL / tall, TALL
    fig = Canvas(tall + 24, narrow=tall + 24)
    ax = fig.place(left, 12, wide, tall)
    height = recording.height.values
    if np.isfinite(height).all():  # the lowest line would break up in a narrow valley
        contours(ax, *finer(x, y, height, [[x[0], x[-1]], [y[0], y[-1]]]), at=levels(height)[1:])
    else:  # where the function is not defined is no ground
        contours(ax, x, y, height)
        beyond = np.where(np.isnan(height), 1.0, np.nan)
        cmap = ListedColormap([color("background")])
        ax.imshow(beyond, extent=(x[0], x[-1], y[0], y[-1]), origin="lower", cmap=cmap,
                  interpolation="nearest", aspect="auto", zorder=0.6)  # fmt: skip
    ax.set(xlim=box[0], ylim=box[1], xticks=[], yticks=[])
    ends = np.nan_to_num(recording.loss.values[:, -1], nan=np.inf)
    best = int(ends.argmin())
    # The lowest broad and below; of the others the shortest first and broader than what lies on it,
    # so that of two on one way both are seen.
    long = np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(1)
    widths = [7.0, *np.linspace(6.0, 2.0, max(len(runs) - 1, 1))]
    for place, k in enumerate(sorted(range(len(runs)), key=lambda k: (k != best, long[k]))):
        theta, run = paths[k], runs[k]
        # the topmost has no halo, which would cover the one that it lies on
        apart = line_halo(widths[place], 0.75) if place < max(len(runs) - 1, 1) else None
        ax.plot(*theta.T, color=run.color, linewidth=px(widths[place]), label=run.label,
                path_effects=apart, zorder=3 + place / 100)  # fmt: skip
    if minimum is not None:
        dot(ax, *minimum, color=color("text"), size=20, marker="*", zorder=5)
    ring(ax, *paths[0, 0])
    left_of = np.ones(len(runs))  # of the straight way
    if minimum is not None:
        far = np.linalg.norm(paths[:, [0, -1]] - minimum, axis=2)
        left_of = np.nan_to_num(far[:, 1] / far[:, 0], nan=np.inf)
    told = []
    for k in np.argsort(ends).tolist():
        stay = np.flatnonzero(~_inside(box, paths[k]))
        way = paths[k][: stay[0] if len(stay) else None]
        if not len(stay):
            dot(ax, *way[-1], color=runs[k].color, size=12, zorder=6)
        if len(stay):
            said = say("gone")
        elif minimum is None:
            said = say("loss", loss=ends[k])
        else:
            said = say("left", left=left_of[k])
        told.append(Ended(way, runs[k].label, said))
    marks: list[Text] = []
    if left_of[best] < min(1.0, np.delete(left_of, best).min(initial=1.0)):
        adds = (runs[best].label, recording.attrs.get("surface")) == ("Momentum", "Rosenbrock")
        found = legs(paths[best]) if adds else None
        marks = _explained(ax, paths[best], *found) if found else []
    names(ax, told, marks)
    return fig


def _explained(ax: Axes, path: np.ndarray, across: np.ndarray, along: np.ndarray) -> list[Text]:
    """Draw arrows where a path swings and where it runs straight; return the words at them."""
    for name, steps in (("across", across), ("along", along)):
        for here, there in pairwise(path[steps]):
            arrow(ax, here, there, color("text"), label=name, width=2.25, zorder=5)
    style = {"weight": "semibold", "path_effects": halo(), "zorder": 8}
    turn = max(map(tuple, path[across[:2]]))  # the one farther to the right
    style |= {"va": "center_baseline"}
    slim = int(is_narrow())
    return [
        beside(ax, say("across", slim=slim), turn, shift=(14, 0), **style),
        beside(ax, say("along", slim=slim), tuple(path[along[1]]), shift=(-14, 0), ha="right",
               **style),
    ]  # fmt: skip


def _inside(box: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return which places, shape (…, 2), the box holds."""
    return np.asarray(((theta >= box[:, 0]) & (theta <= box[:, 1])).all(-1))
