"""Nesterov momentum: step by the gradient ahead, where momentum is about to lead.

torch keeps the look-ahead point θ − η μ v as its parameters, which turns the textbook's gradient at
that point into a gradient at the parameters and gives the rule below.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.SGD,
    defaults={"lr": 0.02, "momentum": 0.9, "nesterov": True},
    rule="b ← μ b + g,  θ ← θ − η (g + μ b)",
    state={"momentum_buffer": "b"},
    label="Nesterov",
    color="purple",
    source="Nesterov 1983, Dokl. Akad. Nauk SSSR 269; Sutskever et al. 2013, PMLR 28, eq. 3 and 4",
    elementwise=True,
)
