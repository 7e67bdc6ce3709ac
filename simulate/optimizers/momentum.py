"""Heavy-ball momentum: keep part of the last step.

Under a constant gradient the step grows to η/(1 − μ): this is the classical form, as torch has it
when ``dampening`` is 0. The averaging form is a row of its own, `momentum_averaged`.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.SGD,
    defaults={"lr": 0.02, "momentum": 0.9},
    rule="b ← μ b + g,  θ ← θ − η b",
    state={"momentum_buffer": "b"},
    label="Momentum",
    color="green",
    source="Polyak 1964, doi:10.1016/0041-5553(64)90137-5; torch's scaling of b",
    elementwise=True,
)
