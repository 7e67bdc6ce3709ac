"""A search as a strip of cells for each optimizer, in its colour where a rate works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from look.theme import color


def in_rows(ax: Axes, count: int) -> float:
    """Measure in CSS pixels to the right and in rows down; return the width."""
    width = float(ax.get_window_extent().width * 96 / ax.figure.dpi)
    ax.set(xlim=(0, width), ylim=(count, 0))
    ax.axis("off")
    return width


def cells(
    ax: Axes, first: float, last: float, strength: np.ndarray, colors: Sequence[str]
) -> Callable[[Any], float]:
    """Draw a row of cells for each optimizer, and return where a rate's cell has its middle.

    Parameters
    ----------
    ax : Axes
        See `in_rows`.
    first, last : float
        From where to where they reach.
    strength : array, shape (run, rate)
        How much of the optimizer's colour a cell has, in [0, 1]; with 0 it is empty.
    colors : sequence of str
        The optimizers' colours.
    """
    n_runs, n_rates = strength.shape
    ground = np.array(to_rgb(color("background")))
    empty = 0.45 * np.array(to_rgb(color("quiet"))) + 0.55 * ground
    hues = np.array([to_rgb(each) for each in colors])[:, None]
    full = strength[..., None]
    inks = np.where(full > 0, full * hues + (1 - full) * ground, empty)
    wide = (last - first) / n_rates
    gap = 1.2 if wide > 4 else 0.0
    boxes = [
        Rectangle((first + i * wide, k + 0.09), wide - gap, 0.82)
        for k in range(n_runs)
        for i in range(n_rates)
    ]
    ax.add_collection(PatchCollection(boxes, facecolors=inks.reshape(-1, 3), linewidths=0))
    return lambda rate: float(first + (rate + 0.5) * wide - gap / 2)
