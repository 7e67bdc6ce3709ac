"""The paths of any optimizers over any function of two numbers: what `simulate.race` returns."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside
from figures.parts.canvas import MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.contours import contours
from figures.parts.marks import dot, ring
from look.runs import numbered
from look.theme import color
from look.words import Visual, say

READS = {
    "descent_paths": "theta (run, step, param), loss (run, step), height (y, x), grid_x (x), "
    "grid_y (y), run (run)",
}

VISUAL = Visual(
    uses=["descent_paths"],
    title="{n_runs:?No path|One path|{n_runs} paths} of {n_steps:,} steps over {surface}’s surface",
    subtitle="All start at the ring; a dot is where a path ends, the broad one lowest. Each has "
    "one rate that was not searched for: nobody is ranked here.",
    alt="A map of contour lines with one path for each optimizer, all from one ring. At the right "
    "stand their names with the losses at their ends; {lowest} ends lowest.",
    caption="{n_steps:,} steps each, at the rates {rates}. `simulate.race` records the same of any "
    "function of two numbers, and this figure draws it.",
    words={
        "start": "{n:?No path|One path|{n} paths} from one start: where do they lead?\n"
        "Each at one rate. Beside the names: the loss where it is{below:?|; below: how it fell}.",
        "end": "After {n_steps:,} steps, at these rates, {who} is lowest\nIts loss is {loss:.3n}.",
        "step": "step {step:,}",
        "loss": "loss {loss:.3n}",
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

SIDE = 440.0  # of the map, in CSS pixels
LINE = 52.0  # of the list


def draw(recording: xr.Dataset) -> Figure:
    """Return the map with all paths, and their names with the losses at their ends."""
    narrow, runs = is_narrow(), numbered(recording.run.values.tolist())
    line = min(LINE, SIDE / len(runs))
    side = 360.0 - 2 * NARROW_MARGIN if narrow else SIDE
    fig = Canvas(SIDE + 24, narrow=side + 40 + line * len(runs))
    ax = fig.place(NARROW_MARGIN if narrow else MARGIN, 12, side, side)
    x, y = recording.grid_x.values, recording.grid_y.values
    contours(ax, x, y, recording.height)
    beyond = np.where(np.isnan(recording.height.values), 1.0, np.nan)
    if np.isfinite(beyond).any():  # where the function is not defined is no ground
        cmap = ListedColormap([color("background")])
        ax.imshow(beyond, extent=(x[0], x[-1], y[0], y[-1]), origin="lower", cmap=cmap,
                  interpolation="nearest", aspect="auto", zorder=0.6)  # fmt: skip
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), xticks=[], yticks=[])
    ends = np.nan_to_num(recording.loss.values[:, -1], nan=np.inf)
    best = int(ends.argmin())
    # The lowest broad and below, the shortest on top, so that none hides another.
    paths = recording.theta.values
    long = np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(1)
    for place, k in enumerate(sorted(range(len(runs)), key=lambda k: (k != best, -long[k]))):
        theta, run = paths[k], runs[k]
        ax.plot(*theta.T, color=run.color, linewidth=px(4.5 if k == best else 1.75),
                label=run.label, zorder=3 + place / 100)  # fmt: skip
        end = theta[-1]
        if x[0] <= end[0] <= x[-1] and y[0] <= end[1] <= y[-1]:
            dot(ax, *end, color=run.color, size=10, zorder=6)
    ring(ax, *recording.theta.values[0, 0])
    for place, k in enumerate(np.argsort(ends)):
        run, loss = runs[k], float(recording.loss.values[k, -1])
        at = (0.0, 0.0) if narrow else (1.0, 1.0)
        across, down = (0.0, -30.0 - line * place) if narrow else (22.0, -22.0 - line * place)
        beside(ax, run.label, at, of=AXES, shift=(across, down), weight="semibold",
               color=run.color)  # fmt: skip
        beside(ax, say("loss", loss=loss), at, of=AXES, shift=(across, down - min(20, line / 2)),
               color=color("text" if k == best else "muted"))  # fmt: skip
    return fig
