"""Straight lines that hidden units draw on a plane."""

from __future__ import annotations

import numpy as np

SAME = 0.004  # lines less apart than this lie on each other


def n_lines(units: np.ndarray) -> int:
    """Return how many different lines w·x + b = 0 some units have; both weights 0: none.

    Parameters
    ----------
    units : array, shape (unit, 3)
        Both weights and the bias of each.

    Examples
    --------
    >>> n_lines(np.array([[1.0, 0.0, 0.5], [-2.0, 0.0, -1.0], [0.0, 1.0, 0.5]]))
    2
    >>> n_lines(np.zeros((2, 3)))
    0
    """
    lengths = np.hypot(units[:, :1], units[:, 1:2])
    sides = (units / np.maximum(lengths, 1e-12))[lengths[:, 0] > 0]
    found: list[np.ndarray] = []
    for side in sides:  # a line is the same from either side
        if all(min(np.abs(side - one).max(), np.abs(side + one).max()) > SAME for one in found):
            found.append(side)
    return len(found)
