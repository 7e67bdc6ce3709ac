"""A ravine's map as a strip with one path on it; strips stand under each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from figures.parts.axes import beside, heading
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.contours import contours, finer
from figures.parts.marks import path, ring, star
from look.maps import levels
from look.runs import Series

WIDE = WIDTH - 2 * MARGIN


def strips(
    ravine: xr.Dataset, paths: Sequence[tuple[str, Series, np.ndarray, str, str]], *,
    top: float, gap: float, bottom: float, width: float, mark: float,
    steps: Sequence[tuple[float, str]] = (),
) -> Canvas:  # fmt: skip
    """Return a strip for each of `paths`: its name, series, places, heading and note.

    `top` is above the first strip, `gap` between two and `bottom` below the last; `width` of the
    paths and `mark` of a step's dot, all CSS pixels. With `steps`, how long a step of each
    is and what is said of that, only what is around the paths is shown, without start and end, and
    such a step with its words beside it.
    """
    x, y, height = ravine.grid_x.values, ravine.grid_y.values, ravine.height.values
    box = np.array([[grid[0], grid[-1]] for grid in (x, y)])
    if steps:
        every = np.concatenate([theta for _, _, theta, *_ in paths] + [np.zeros((1, 2))])
        low, high = every.min(0), every.max(0)
        box = np.stack([low, high], axis=1) + 0.06 * np.outer(high - low, [-1, 1])
        x, y, height = finer(x, y, height, box)
    across, up = np.ptp(box, axis=1)
    tall = WIDE * up / across  # equal axes
    fig = Canvas(len(paths) * (tall + gap) + bottom, narrow=True)
    at = levels(height, 10)
    for i, (name, own, theta, said, note) in enumerate(paths):
        ax = fig.place(MARGIN, top + i * (tall + gap), WIDE, tall)
        contours(ax, x, y, height, at=at)
        ax.set(xticks=[], yticks=[], xlim=box[0], ylim=box[1])
        path(ax, *theta.T, color=own.color, width=width, label=name, ends=not steps)
        ax.plot(
            *theta.T, linestyle="none", marker="o", markersize=px(mark), color=own.color, zorder=3.5
        )
        star(ax, 0, 0)
        if steps:
            length, words = steps[i]
            _measure(ax, box, length, own.color, words)
        else:
            ring(ax, *theta[0])
        heading(ax, said, note)
    return fig


def _measure(ax: Axes, box: np.ndarray, length: float, color: str, said: str) -> None:
    """Lay a length, with its words, into the lower right corner of a map."""
    edge = 0.03 * np.ptp(box[0])
    right, low = box[0, 1] - edge, box[1, 0] + edge
    ends = {"solid_capstyle": "butt", "marker": "|", "markersize": px(13), "zorder": 6}
    (line,) = ax.plot([right - length, right], [low, low], color=color, linewidth=px(4),
                      label="measure", **ends)  # fmt: skip
    line.set_markeredgewidth(px(1.5))
    beside(ax, said, (right - length, low), shift=(-10, -5), ha="right", weight="semibold",
           path_effects=halo(), zorder=6)  # fmt: skip
