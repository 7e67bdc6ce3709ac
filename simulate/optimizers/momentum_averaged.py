"""Momentum as an average of gradients: under a constant gradient the step stays η.

The same as `momentum` at a rate 1 − μ times as large, but that torch starts the average at the
first gradient, not at 0.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.SGD,
    defaults={"lr": 0.02, "momentum": 0.9, "dampening": 0.9},
    rule="m₀ = g₁,  m ← μ m + (1 − τ) g,  θ ← θ − η m",
    state={"momentum_buffer": "m"},
    label="Momentum, averaging",
    color="green",
    dash="dashed",
    source="torch.optim.SGD with dampening τ = μ; the form of Kingma and Ba 2015, arXiv:1412.6980",
    elementwise=True,
)
