"""Warm-up, a constant rate for most of the run, and a cool-down to 0, all in straight lines.

When to cool down need not be known when training starts.
"""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, cool: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Rise over a `share` of the run, fall over its last part `cool`."""
    rising, falling = (max(1, round(part * n_steps)) for part in (share, cool))

    def factor(step: int) -> float:
        return min(1.0, (step + 1) / rising, (n_steps - step) / falling)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


SCHEDULE = base.Schedule(
    build=_build,
    label="Trapezoid",
    formula="η₀ min(1, (t + 1)/w, (T − t)/n), w = max(1, round(s₁T)), n = max(1, round(s₂T))",
    source="Hägele et al. 2024, arXiv:2405.18392",
    defaults={"share": 0.05, "cool": 0.2},
    symbols={"share": "s₁", "cool": "s₂"},
)
