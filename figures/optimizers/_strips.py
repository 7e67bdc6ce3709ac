"""A ravine's map as a strip with one path on it; strips stand under each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from figures.parts.axes import heading
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours, levels
from figures.parts.marks import path, ring, star
from look.runs import Series

WIDE = WIDTH - 2 * MARGIN


def strips(
    ravine: xr.Dataset, paths: Sequence[tuple[str, Series, np.ndarray, str, str]], *,
    top: float, gap: float, bottom: float, width: float, mark: float,
) -> Canvas:  # fmt: skip
    """Return a strip for each of `paths`: its name, series, places, heading and note.

    `top` is above the first strip, `gap` between two and `bottom` below the last; `width` of the
    paths and `mark` of a step's dot, all CSS pixels.
    """
    across, up = (float(np.ptp(grid.values)) for grid in (ravine.grid_x, ravine.grid_y))
    tall = WIDE * up / across  # equal axes
    fig = Canvas(len(paths) * (tall + gap) + bottom, narrow=True)
    at = levels(ravine.height, 10)
    for i, (name, own, theta, said, note) in enumerate(paths):
        ax = fig.place(MARGIN, top + i * (tall + gap), WIDE, tall)
        contours(ax, ravine.grid_x, ravine.grid_y, ravine.height, at=at)
        ax.set(xticks=[], yticks=[])
        path(ax, *theta.T, color=own.color, width=width, label=name)
        ax.plot(
            *theta.T, linestyle="none", marker="o", markersize=px(mark), color=own.color, zorder=3.5
        )
        star(ax, 0, 0)
        ring(ax, *theta[0])
        heading(ax, said, note)
    return fig
