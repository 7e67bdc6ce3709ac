"""What a map of two parameters shows: the same square in a figure and in a film."""

from __future__ import annotations

import numpy as np

Span = tuple[float, float]


def square(
    points: np.ndarray, x: np.ndarray, y: np.ndarray, room: float = 0.06
) -> tuple[Span, Span]:
    """Return the spans, of both axes as long, of a square that holds all points, with some room.

    Parameters
    ----------
    points : array, shape (n, 2)
    x, y : arrays
        Axes of the surface, which the square does not leave.
    room : float
        Beside the points, as a share of their reach.

    Examples
    --------
    >>> square(np.array([[0.0, 0.0], [10.0, 4.0]]), np.array([-50, 50]), np.array([-50, 50]), 0.1)
    ((-1.0, 11.0), (-4.0, 8.0))
    """
    low, high = points.min(0), points.max(0)
    half = (0.5 + room) * float((high - low).max())
    half = min(half, float(np.ptp(x)) / 2, float(np.ptp(y)) / 2)
    spans = []
    for middle, axis in zip(((low + high) / 2).tolist(), (x, y), strict=True):
        at = min(max(middle, float(axis.min()) + half), float(axis.max()) - half)
        spans.append((at - half, at + half))
    return spans[0], spans[1]
