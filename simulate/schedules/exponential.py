"""The same factor every step: a tenth, say, after every so many."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, factor: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Fall by `factor` over every `share` of the run."""
    each = factor ** (1 / (share * n_steps))
    return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=each)


SCHEDULE = base.Schedule(
    build=_build,
    label="Exponential",
    formula="η₀ c^(t/(sT))",
    source="Senior et al. 2013, ICASSP, exponential scheduling; torch's ExponentialLR",
    defaults={"share": 0.5, "factor": 0.1},
    symbols={"share": "s", "factor": "c"},
)
