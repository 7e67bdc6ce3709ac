"""A power of the share of the run that is left: down to 0, flattening out."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, power: float
) -> torch.optim.lr_scheduler.LRScheduler:
    return torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=n_steps, power=power)


SCHEDULE = base.Schedule(
    build=_build,
    label="Polynomial",
    formula="η₀ (1 − t/T)^p",
    source="Chen et al. 2017, DeepLab, arXiv:1606.00915, there with p = 0.9; torch's PolynomialLR",
    defaults={"power": 2.0},
    symbols={"power": "p"},
)
