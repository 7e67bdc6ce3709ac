"""RMSProp with momentum: the scaled gradients pile up as the heavy ball's do."""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.RMSprop,
    defaults={"lr": 0.002, "alpha": 0.9, "eps": 1e-8, "momentum": 0.9},
    rule="v ← α v + (1 − α) g²,  b ← μ b + g / (√v + ε),  θ ← θ − η b",
    state={"square_avg": "v", "momentum_buffer": "b"},
    label="RMSProp, momentum",
    color="indigo",
    dash="dotted",
    source="torch.optim.RMSprop with momentum; Szegedy et al. 2015, arXiv:1512.00567, section 8",
    elementwise=True,
)
