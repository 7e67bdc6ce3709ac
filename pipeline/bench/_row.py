"""One measurement: the same work done by us and by the peer, on one machine, in one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table.

    Attributes
    ----------
    name : str
        What is measured.
    ours, peer : float
        In `unit`; `peer` is None where the row has a bound in seconds instead.
    unit : str
        "frames/s", "steps/s": more is better; "seconds": less is better.
    at_least : float
        The ratio that the product promises; for a bound, the seconds that it may take.
    """

    name: str
    ours: float
    peer: float | None
    unit: str
    at_least: float

    @property
    def ratio(self) -> float | None:
        """How many times better ours is."""
        if self.peer is None:
            return None
        return self.peer / self.ours if self.unit == "seconds" else self.ours / self.peer

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        if self.ratio is None:
            return self.ours <= self.at_least
        return self.ratio >= self.at_least


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the median wall time of some calls, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
