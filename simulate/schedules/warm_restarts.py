"""Half a cosine down, again and again from the top: warm restarts."""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, final: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Fall to `final` times the optimizer's rate over each `share` of the run."""
    lr = optimizer.param_groups[0]["lr"]
    return torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        optimizer, T_0=max(1, round(share * n_steps)), eta_min=final * lr
    )


SCHEDULE = base.Schedule(
    build=_build,
    label="Warm restarts",
    formula="η₀ (r + ½ (1 − r)(1 + cos(π (t/n − ⌊t/n⌋)))), n = max(1, round(sT))",
    source="Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5, cycles of one length",
    defaults={"share": 0.25, "final": 0.0},
    symbols={"share": "s", "final": "r"},
)
