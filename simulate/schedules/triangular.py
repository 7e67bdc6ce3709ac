"""Up and down between two rates in straight lines, again and again."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, low: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise from `low` times the optimizer's rate to that rate in a `share` of the run, and fall."""
    lr = optimizer.param_groups[0]["lr"]
    return torch.optim.lr_scheduler.CyclicLR(
        optimizer,
        base_lr=low * lr,
        max_lr=lr,
        step_size_up=max(1, round(share * n_steps)),
        cycle_momentum=False,
    )


SCHEDULE = base.Schedule(
    build=_build,
    label="Triangular cycles",
    formula="η₀ (r + (1 − r)(1 − |t/n − 2⌊t/(2n)⌋ − 1|)), n = max(1, round(sT))",
    source="Smith 2017, arXiv:1506.01186, section 3; torch's CyclicLR",
    defaults={"share": 0.125, "low": 0.25},
    symbols={"share": "s", "low": "r"},
)
