"""A ravine's map as a strip with one path on it; strips stand under each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from figures.parts.axes import heading
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import path, ring, star
from look.maps import levels
from look.runs import Series

WIDE = WIDTH - 2 * MARGIN


def strips(
    ravine: xr.Dataset, paths: Sequence[tuple[str, Series, np.ndarray, str, str]], *,
    top: float, gap: float, bottom: float, width: float, mark: float, close: bool = False,
) -> Canvas:  # fmt: skip
    """Return a strip for each of `paths`: its name, series, places, heading and note.

    `top` is above the first strip, `gap` between two and `bottom` below the last; `width` of the
    paths and `mark` of a step's dot, all CSS pixels. `close` shows of the map only where the paths
    are, and no start.
    """
    box = np.array([[grid[0], grid[-1]] for grid in (ravine.grid_x.values, ravine.grid_y.values)])
    if close:
        every = np.concatenate([theta for _, _, theta, *_ in paths] + [np.zeros((1, 2))])
        low, high = every.min(0), every.max(0)
        box = np.stack([low, high], axis=1) + 0.06 * np.outer(high - low, [-1, 1])
    across, up = np.ptp(box, axis=1)
    tall = WIDE * up / across  # equal axes
    fig = Canvas(len(paths) * (tall + gap) + bottom, narrow=True)
    at = levels(ravine.height, 10)
    for i, (name, own, theta, said, note) in enumerate(paths):
        ax = fig.place(MARGIN, top + i * (tall + gap), WIDE, tall)
        contours(ax, ravine.grid_x, ravine.grid_y, ravine.height, at=at)
        ax.set(xticks=[], yticks=[], xlim=box[0], ylim=box[1])
        path(ax, *theta.T, color=own.color, width=width, label=name)
        ax.plot(
            *theta.T, linestyle="none", marker="o", markersize=px(mark), color=own.color, zorder=3.5
        )
        star(ax, 0, 0)
        if not close:
            ring(ax, *theta[0])
        heading(ax, said, note)
    return fig
