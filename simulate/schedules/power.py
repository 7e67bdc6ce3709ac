"""A power of the steps so far: fast at first, ever more slowly, and never 0."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, power: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Fall as (1 + t/s)^power, s being a share of the run."""
    scale = share * n_steps
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 + step / scale) ** power)


SCHEDULE = base.Schedule(
    build=_build,
    label="Power",
    formula="η₀ (1 + t/(sT))^p",
    source="Senior et al. 2013, ICASSP, power scheduling; Robbins and Monro 1951 for p = −1",
    defaults={"share": 0.1, "power": -1.0},
    symbols={"share": "s", "power": "p"},
)
