"""Heavy-ball momentum: keep part of the last step.

Under a constant gradient the step grows to η/(1 − μ): this is the classical form, as torch has it
when ``dampening`` is 0, not the average (1 − μ) g + μ v.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.SGD,
    defaults={"lr": 0.02, "momentum": 0.9},
    rule="v ← μ v + g,  θ ← θ − η v",
    label="Momentum",
    color="sky",
    dash="dotted",
    source="Polyak 1964, doi:10.1016/0041-5553(64)90137-5; torch's scaling of v",
    elementwise=True,
)
