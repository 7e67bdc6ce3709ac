"""Warm-up in a straight line, then half a cosine: what most language models train with."""

from __future__ import annotations

import math

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, final: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise over a `share` of the run to the optimizer's rate, fall to `final` times that."""
    rising = max(1, round(share * n_steps))

    def factor(step: int) -> float:
        fallen = max(0, step + 1 - rising) / (n_steps + 1 - rising)
        cosine = final + 0.5 * (1 - final) * (1 + math.cos(math.pi * fallen))
        return min((step + 1) / rising, cosine)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


SCHEDULE = base.Schedule(
    build=_build,
    label="Warm-up and cosine",
    formula=(
        "η₀ min((t + 1)/w, r + ½ (1 − r)(1 + cos(π max(0, t + 1 − w)/(T + 1 − w)))), "
        "w = max(1, round(sT))"
    ),
    source="Brown et al. 2020, arXiv:2005.14165, appendix B; Touvron et al. 2023, arXiv:2302.13971",
    defaults={"share": 0.05, "final": 0.1},
    symbols={"share": "s", "final": "r"},
)
