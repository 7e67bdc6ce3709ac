"""What figures and films of a fit agree on: the colours of a field, and the axis of its loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from look import theme

# How much of a class's colour a field has where the network is sure: the points must stand out.
STRENGTH = {"dark": 0.55, "light": 0.42}
# A loss is shown up to this many times what it was at the start; what goes beyond is cut off.
CEILING = 10.0
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


def loss_range(loss: ArrayLike) -> tuple[float, float]:
    """Return where a logarithmic axis of a loss begins and ends.

    Examples
    --------
    >>> [round(end, 3) for end in loss_range([1.0, 0.5, 0.01])]
    [0.007, 1.4]
    >>> [round(end, 3) for end in loss_range([1.0, 50.0, float("inf")])]
    [0.714, 10.0]
    """
    values = np.asarray(loss, dtype=float)
    shown = values[np.isfinite(values) & (values > 0)]
    if not len(shown):
        return 0.1, 1.0
    high = min(1.4 * shown.max(), CEILING * shown[0])
    return float(min(shown.min() / 1.4, high / 2)), float(high)


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
