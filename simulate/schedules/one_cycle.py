"""1cycle: one triangle up and down, then far below where it began; momentum goes against it.

Where the rate is high momentum is low, and the other way round. An optimizer without momentum keeps
none.
"""

from __future__ import annotations

from typing import Any

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer,
    n_steps: int,
    share: float,
    start: float,
    final: float,
    low_momentum: float,
    high_momentum: float,
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise to the optimizer's rate and fall again, each over about a `share` of the run.

    Parameters
    ----------
    start : float
        Where the triangle begins and ends, as a part of the optimizer's rate.
    final : float
        Where the run ends, as a part of that.
    """
    group: dict[str, Any] = optimizer.param_groups[0]
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=group["lr"],
        total_steps=n_steps + 1,  # rates: one at every step, and one that no step takes any more
        pct_start=share,
        anneal_strategy="linear",
        three_phase=True,
        div_factor=1 / start,
        final_div_factor=1 / final,
        cycle_momentum=bool(group.get("momentum")) or "betas" in group,
        base_momentum=low_momentum,
        max_momentum=high_momentum,
    )


SCHEDULE = base.Schedule(
    build=_build,
    label="1cycle",
    formula=(
        "η₀ r (1 + (1/r − 1) max(0, 1 − |t/n − 1|) − (1 − f) max(0, (t − 2n)/(T − 2n))), "
        "n = s (T + 1) − 1"
    ),
    source="Smith and Topin 2018, arXiv:1708.07120; torch's OneCycleLR in three straight phases",
    defaults={
        "share": 0.45,
        "start": 0.04,
        "final": 0.01,
        "low_momentum": 0.85,
        "high_momentum": 0.95,
    },
    symbols={
        "share": "s",
        "start": "r",
        "final": "f",
        "low_momentum": "μ₁",
        "high_momentum": "μ₂",
    },
    momentum="μ₂ − (μ₂ − μ₁) max(0, 1 − |t/n − 1|), n = s (T + 1) − 1",
)
