"""Warm-up in a straight line, then one over the root of the steps: the Transformer's."""

from __future__ import annotations

import math

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise over a `share` of the run to the optimizer's rate; steps count from 1 here."""
    rising = max(1, round(share * n_steps))

    def factor(step: int) -> float:
        return min((step + 1) / rising, math.sqrt(rising / (step + 1)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


SCHEDULE = base.Schedule(
    build=_build,
    label="Inverse square root",
    formula="η₀ min((t + 1)/w, √(w/(t + 1))), w = max(1, round(sT))",
    source="Vaswani et al. 2017, arXiv:1706.03762, eq. 3, where η₀ is 1/√(d w)",
    defaults={"share": 0.1},
    symbols={"share": "s"},
)
