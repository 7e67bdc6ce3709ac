"""How measured times and shares are said: as exactly as what is printed beside them needs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from look.numbers import form


def step_time(size: int, seconds: float) -> str:
    """Write the time of a step on `size` examples in milliseconds, without its unit.

    Three digits, or as many more as it takes for size over time, of the printed ones, to be the
    examples a second that are printed with three.

    Examples
    --------
    >>> step_time(1, 0.00036783), step_time(64, 64 / 77_814.9)
    ('0.368', '0.8225')
    """
    for digits in range(3, 9):
        shown = float(f"{1e3 * seconds:.{digits}g}")
        if f"{1e3 * size / shown:.3g}" == f"{size / seconds:.3g}":
            break
    return form(1e3 * seconds, f".{digits}r")


def near(share: float, n: int) -> float:
    """Return two standard errors of the difference of two shares near this one, of so many each."""
    return 2 * math.sqrt(2 * share * (1 - share) / n)


def level(shares: Sequence[float], n: int) -> list[bool]:
    """Return which shares, of so many each, can't be told from the largest by `near`."""
    best = max(shares)
    return [share == best or share > best - near(best, n) for share in shares]
