"""What figures and films of a fit agree on: the colours of a field, squares of residuals, ticks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from look import theme

# How much of a class's colour a field has where the network is sure: the points must stand out.
STRENGTH = {"dark": 0.55, "light": 0.42}
CLASSES = ("negative", "positive")  # colours of class 0 and 1


def shades(probability: ArrayLike) -> np.ndarray:
    """Return the colours of a field, (…, 3) in [0, 1]: blue for class 0, orange for 1.

    Faint in between, and the background's where the probability is no number.
    """
    p = np.asarray(probability, dtype=float)
    sure = 2 * np.where(np.isfinite(p), p, 0.5) - 1
    low, high, back = (_rgb(theme.color(token)) for token in (*CLASSES, "background"))
    amount = (STRENGTH[theme.current().name] * np.abs(sure) ** 0.8)[..., None]
    return np.asarray(back * (1 - amount) + np.where(sure[..., None] > 0, high, low) * amount)


def _rgb(color: str) -> np.ndarray:
    return np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def typical(x: ArrayLike, y: ArrayLike, ends: ArrayLike, line: ArrayLike, count: int) -> np.ndarray:
    """Return points spread over x that are as far off a line as the mean of all squares says.

    They lie under and over it in turn, so that squares between them and the line are apart.

    Parameters
    ----------
    x, y : array, shape (n_examples,)
    ends, line : array, shape (2,)
        Where the line begins and ends, and its heights there.

    Examples
    --------
    >>> typical([0, 1, 2, 3, 4, 5], [-1, -3, 1, 4, 0, 0], [0, 5], [0, 0], 2).tolist()
    [1, 2]
    """
    x, y, ends, line = (np.asarray(part, dtype=float) for part in (x, y, ends, line))
    with np.errstate(invalid="ignore", over="ignore"):  # of a run that diverges
        off = np.nan_to_num(y - (line[0] + (line[1] - line[0]) * (x - ends[0]) / np.ptp(ends)))
        mean = np.sqrt(np.mean(off**2))
    order, count = np.argsort(x, kind="stable"), min(count, len(x))
    low, high = (int(share * len(x)) for share in (0.08, 0.83))  # clear of the sparse ends
    middle = order[low:high] if high - low >= count else order
    chosen = []
    for k, part in enumerate(np.array_split(middle, count)):
        side = part[(off[part] > 0) == (k % 2 == 1)]
        among = side if len(side) else part
        chosen.append(among[np.abs(np.abs(off[among]) - mean).argmin()])
    return np.array(chosen, dtype=int)


def residual_squares(
    x: ArrayLike, y: ArrayLike, ends: ArrayLike, line: ArrayLike, shape: float
) -> np.ndarray:
    """Return points' residuals as squares, shape (n, 4): left, bottom, width and height.

    Parameters
    ----------
    x, y : array, shape (n,)
        The points.
    ends, line : array, shape (2,)
        Where the line begins and ends, and its heights there.
    shape : float
        Units of x that are as long on the picture as a unit of y.

    Examples
    --------
    >>> residual_squares([1.0, 2.0], [3.0, 0.0], [0.0, 4.0], [1.0, 1.0], 0.5).tolist()
    [[0.0, 1.0, 1.0, 2.0], [2.0, 0.0, 0.5, 1.0]]
    """
    x, y, ends, line = (np.asarray(part, dtype=float) for part in (x, y, ends, line))
    with np.errstate(invalid="ignore", over="ignore"):  # of a run that diverges
        on_line = line[0] + (line[1] - line[0]) * (x - ends[0]) / (ends[1] - ends[0])
    tall = np.abs(y - on_line)
    wide = shape * tall
    # to the side on which the line runs away from the square, which then lies clear of it
    to_left = (y > on_line) == (line[1] >= line[0])
    return np.stack([x - wide * to_left, np.minimum(y, on_line), wide, tall], axis=1)


def log_ticks(low: float, high: float) -> list[float]:
    """Return the powers of ten in a range, or 1, 2 and 5 times them where those are few.

    Examples
    --------
    >>> log_ticks(0.0007, 0.9), log_ticks(0.05, 0.8)
    ([0.001, 0.01, 0.1], [0.05, 0.1, 0.2, 0.5])
    """
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    at = powers[(powers >= low) & (powers <= high)]
    if len(at) < 3:
        at = np.sort(np.concatenate([powers, 2 * powers, 5 * powers]))
        at = at[(at >= low) & (at <= high)]
    return [float(value) for value in at]
