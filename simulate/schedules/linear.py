"""A straight line, from the optimizer's learning rate down to a part of it."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, final: float
) -> torch.optim.lr_scheduler.LRScheduler:
    return torch.optim.lr_scheduler.LinearLR(
        optimizer, start_factor=1.0, end_factor=final, total_iters=n_steps
    )


SCHEDULE = base.Schedule(
    build=_build,
    label="Linear",
    formula="η₀ (1 − (1 − r) t/T)",
    source="textbook; torch's LinearLR",
    defaults={"final": 0.0},
    symbols={"final": "r"},
)
