"""Every optimizer from one start on each surface.

Reads   optimizer_race: loss (surface, y, x), theta (surface, run, step, param), left_box and
        arrived (surface, run)
Source  001; 002
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import _kit as kit

VISUAL = kit.figure(
    uses=["optimizer_race"],
    title="Same start, {n_steps} steps: {n_optimizers} optimizers part ways "
    "on {n_surfaces} surfaces",
    subtitle="Where the surface stands out, the loss is low. Ring: start. Star: global minimum. "
    "Dot: last step. Arrowhead: here a path leaves the picture, and stops.",
    alt="{n_surfaces} small contour maps, each with the paths of {n_optimizers} optimizers from "
    "one start, a ring. Global minima are stars. Which optimizer is first differs from map to map.",
    caption="Each optimizer runs at its own default rate, or at the one that the surface states "
    "for it, in float64. Above each map: who is first within 1% of the picture’s diagonal from a "
    "global minimum, and in how many steps; on surfaces that have none, who is first out. A "
    "race on a few formulas with fixed rates says how methods move, not which one trains networks "
    "best.",
)

COLUMNS = 3
GAP, HEAD = 18.0, 36.0  # between panels across, and above each for its heading, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return one panel a surface, and the key in the cell after the last one."""
    names = recording.surface.values.tolist()
    rows = math.ceil((len(names) + 1) / COLUMNS)
    wide = (kit.WIDTH - 2 * kit.MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
    tall = 0.8 * wide
    fig = kit.canvas(rows * (tall + HEAD) + kit.MARGIN - 12)

    def place(i: int) -> tuple[float, float]:
        row, column = divmod(i, COLUMNS)
        return kit.MARGIN + column * (wide + GAP), HEAD - 12 + row * (tall + HEAD)

    for i, name in enumerate(names):
        _panel(fig.place(*place(i), wide, tall), recording.sel(surface=name), name)
    runs = list(kit.runs(recording))
    left, top = place(len(names))
    entries = [(run.label, run.color, run.dash) for run in runs]
    kit.legend(fig, entries, left=left + 14, top=top + 9, row_height=tall / len(runs))
    return fig


def _panel(ax: Axes, surface: xr.Dataset, name: str) -> None:
    row = kit.row("surfaces", name)
    at = kit.levels(surface.loss, 10)
    kit.contours(ax, surface.grid_x, surface.grid_y, surface.loss, at=at)
    ax.set(xticks=[], yticks=[])
    kit.heading(ax, row["label"], _first(surface, bool(row["minima"])))
    for run in kit.runs(surface):
        left = int(run.left_box)
        theta = run.theta.values[: left + 1] if left >= 0 else run.theta.values
        kit.path(ax, *theta.T, color=run.color, dash=run.dash, width=1.75, label=run.label)
    kit.ring(ax, *surface.theta.values[0, 0])
    for minimum in row["minima"]:
        kit.star(ax, *minimum)


def _first(surface: xr.Dataset, has_minimum: bool) -> str:
    """Say who is first at a minimum, or first out where there is none."""
    steps = surface.arrived if has_minimum else surface.left_box
    there = steps.where(steps >= 0, drop=True)
    if not there.size:
        return "nobody arrives" if has_minimum else "nobody leaves"
    first = int(np.argmin(there.values))
    winner = kit.row("optimizers", str(there.run[first].item()))["label"]
    steps_taken = int(there[first])
    return f"{winner} in {steps_taken} steps" if has_minimum else f"{winner} out in {steps_taken}"
