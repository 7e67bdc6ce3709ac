"""What the words of every picture keep to, so that a reader of a post can read them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

SEEN_WIDTH = 720.0  # CSS pixels at which a reader sees a figure or a film
SMALLEST = 11.0  # CSS pixels of type
CONTRAST = 4.5  # WCAG AA for text

Box = tuple[float, float, float, float]  # left, bottom, right, top


def outside(box: Box, frame: Box, slack: float = 0.0) -> bool:
    """Tell whether a box leaves the frame."""
    return (
        box[0] < frame[0] - slack
        or box[1] < frame[1] - slack
        or box[2] > frame[2] + slack
        or box[3] > frame[3] + slack
    )


def overlap(one: Box, other: Box, slack: float = 0.0, share: float = 0.0) -> bool:
    """Tell whether two boxes lie on each other, by more than touching.

    Parameters
    ----------
    slack : float
        Width by which they may.
    share : float
        Share of the lower box's height by which they may: a box holds its line's full ascent.
    """
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > slack and high > share * min(one[3] - one[1], other[3] - other[1])


def contrast(one: ArrayLike, other: ArrayLike) -> np.ndarray:
    """Return the contrast ratio of WCAG 2.2, 1 to 21, of colours of shape (…, 3) in [0, 1].

    Examples
    --------
    >>> float(contrast([0, 0, 0], [1, 1, 1]))
    21.0
    """
    a, b = _luminance(np.asarray(one, dtype=float)), _luminance(np.asarray(other, dtype=float))
    return np.asarray((np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05))


def _luminance(rgb: np.ndarray) -> np.ndarray:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))
