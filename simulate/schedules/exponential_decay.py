"""A power of e: the rate of step t is η₀ e^(−kt/T), of the first rate and not of the last one.

To multiply the rate of the step before by e^(−kt) would compound. With e^(−k) = c^(1/s) it is the
schedule `exponential`, otherwise written.
"""

from __future__ import annotations

import math

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, decay: float
) -> torch.optim.lr_scheduler.LRScheduler:
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: math.exp(-decay * step / n_steps)
    )


SCHEDULE = base.Schedule(
    build=_build,
    label="Exponential decay",
    formula="η₀ e^(−k t/T)",
    source="textbook",
    defaults={"decay": 3.0},
    symbols={"decay": "k"},
)
