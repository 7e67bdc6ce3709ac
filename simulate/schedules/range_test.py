"""Ever higher by the same factor every step: the rate of a range test, which ends in a crash.

Smith raises it in a straight line; by a factor, small rates get as much room as large ones.
"""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, low: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise from `low` times the optimizer's rate to that rate."""
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: low ** (1 - step / n_steps))


SCHEDULE = base.Schedule(
    build=_build,
    label="Range test",
    formula="η₀ r^(1 − t/T)",
    source="Smith 2017, arXiv:1506.01186, section 3.3, there in a straight line",
    defaults={"low": 1e-3},
    symbols={"low": "r"},
)
