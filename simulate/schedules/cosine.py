"""Half a cosine, from the optimizer's learning rate down to a part of it."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, final: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Fall over `n_steps` steps to `final` times the first rate."""
    lr = optimizer.param_groups[0]["lr"]
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=n_steps, eta_min=final * lr)


SCHEDULE = base.Schedule(
    build=_build,
    label="Cosine",
    formula="η₀ (r + ½ (1 − r)(1 + cos(πt/T)))",
    source="Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, one cycle",
    defaults={"final": 0.0},
    symbols={"final": "r"},
)
