"""What a map of two parameters shows: the same square in a figure and in a film."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

Span = tuple[float, float]


def rungs(low: float, high: float) -> list[float]:
    """Return two to six round numbers between the ends of an axis, for its ticks.

    Examples
    --------
    >>> rungs(0.0, 1.4), rungs(0.0, 0.1)
    ([0.0, 0.5, 1.0], [0.0, 0.05, 0.1])
    """
    for step in (n * 10.0**k for k in range(-12, 13) for n in (1, 2, 5)):
        if (high - low) / step < 5:
            break
    first = math.ceil(low / step)
    return [float(f"{k * step:.12g}") for k in range(first, math.floor(high / step) + 1)]


def levels(height: ArrayLike, count: int = 14) -> np.ndarray:
    """Return contour levels, shape (count,), dense where the surface is low and flat.

    Evenly spaced levels would all sit on the walls: losses grow steeply away from what matters.
    The spacing follows the power that puts half of the levels below the median height.
    """
    values = np.asarray(height, dtype=float)
    values = values[np.isfinite(values)]
    low, middle, high = np.quantile(values, [0, 0.5, 0.99])
    share = (middle - low) / (high - low) if high > low else 0.5
    power = float(np.clip(np.log(max(share, 1e-6)) / np.log(0.5), 1, 6))
    return np.asarray(low + (high - low) * np.linspace(0, 1, count + 1)[1:] ** power)


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


def band(places: np.ndarray, x: np.ndarray, y: np.ndarray, room: float = 0.07) -> tuple[Span, Span]:
    """Return the spans of a map's part: its whole width, of its height what holds the places.

    Parameters
    ----------
    places : array, shape (..., 2)
        Those beyond the map don't count.
    x, y : arrays
        Its axes.
    room : float
        Over and under the places, as a share of the width.

    Examples
    --------
    >>> axis = np.linspace(0.0, 10.0, 11)
    >>> band(np.array([[1.0, 4.0], [9.0, 5.0], [3.0, 99.0]]), axis, axis, 0.1)
    ((0.0, 10.0), (3.0, 6.0))
    """
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    up = places[((places >= low) & (places <= high)).all(-1)][:, 1]
    extra = room * float(x[-1] - x[0])
    bottom, top = max(up.min() - extra, y[0]), min(up.max() + extra, y[-1])
    return (float(x[0]), float(x[-1])), (float(bottom), float(top))


def legs(path: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return where a path goes to and fro and where straight on, as steps between which it does.

    To and fro: from turn to turn of its first parameter, without the first leg, beside which other
    paths from the same start lie. Straight on: two legs of one length, from two fifths of its steps
    on, and short of its end, which has a dot. None where it doesn't swing, or is not yet straight.

    Parameters
    ----------
    path : array, shape (step, 2)
    """
    signs = np.sign(np.diff(path[:, 0]))
    turns = 1 + np.flatnonzero(signs[1:] * signs[:-1] < 0)[1:5]
    late = 2 * len(path) // 5
    way = np.linalg.norm(np.diff(path[late:], axis=0), axis=1).cumsum()
    ahead = late + np.array([0, *(1 + way.searchsorted(way[-1] * np.array([0.46, 0.92])))])
    first, then = np.diff(path[ahead], axis=0)
    if len(turns) < 3 or first @ then < 0.95 * np.linalg.norm(first) * np.linalg.norm(then):
        return None
    return turns, ahead


def beads(steps: np.ndarray, path: np.ndarray, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Return every so many steps after the first of a path (step, n), and its places there."""
    at = np.arange(each, steps[-1] + 1, each)
    return at, np.column_stack([np.interp(at, steps, line) for line in path.T])
