"""No change: the optimizer's learning rate from the first step to the last."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(optimizer: torch.optim.Optimizer, n_steps: int) -> torch.optim.lr_scheduler.LRScheduler:
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


SCHEDULE = base.Schedule(
    build=_build,
    label="Constant",
    formula="η₀",
    source="Robbins and Monro 1951, doi:10.1214/aoms/1177729586, without their decay",
)
