"""Half the rate after every so many steps, and the same in between.

To halve at every epoch after the 400th, as one finds it written, leaves nothing of it soon.
"""

from __future__ import annotations

import torch

from simulate.schedules import _base as base


def _build(
    optimizer: torch.optim.Optimizer, n_steps: int, share: float, factor: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Multiply by `factor` after every `share` of the run."""
    size = max(1, round(share * n_steps))
    return torch.optim.lr_scheduler.StepLR(optimizer, step_size=size, gamma=factor)


SCHEDULE = base.Schedule(
    build=_build,
    label="Halving",
    formula="η₀ c^⌊t/n⌋, n = max(1, round(sT))",
    source="textbook; torch's StepLR",
    defaults={"share": 0.2, "factor": 0.5},
    symbols={"share": "s", "factor": "c"},
)
