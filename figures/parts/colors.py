"""Colours of the current theme as matplotlib takes them: mixtures, shades, halos."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.patheffects import AbstractPathEffect, withStroke
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from look.theme import color


def halo(width: float = 2) -> list[AbstractPathEffect]:
    """Return path effects that part a text from what it crosses by `width` CSS pixels."""
    return [withStroke(linewidth=px(2 * width), foreground=color("background"))]


def line_halo(linewidth: float, width: float = 1.25) -> list[AbstractPathEffect]:
    """Return the halo of a line that is `linewidth` CSS pixels wide."""
    return [withStroke(linewidth=px(linewidth + 2 * width), foreground=color("background"))]


def mix(low: str, high: str, share: ArrayLike) -> np.ndarray:
    """Return colours between two tokens, shape (..., 4); `share` 0 is `low`, 1 is `high`."""
    part = np.clip(np.asarray(share, dtype=float), 0, 1)[..., None]
    return np.asarray(to_rgba(color(low))) * (1 - part) + np.asarray(to_rgba(color(high))) * part


def shade() -> LinearSegmentedColormap:
    """Return the colours of a surface from low to high."""
    ends = [color("contour_low"), color("contour_high")]
    return LinearSegmentedColormap.from_list("surface", ends)
