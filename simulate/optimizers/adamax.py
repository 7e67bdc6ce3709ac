"""AdaMax: Adam with the largest recent gradient in place of the root of an average.

It divides by that largest value itself; no root is taken.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adamax,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8},
    rule=("m ← β₁ m + (1 − β₁) g,  u ← max(β₂ u, |g| + ε),  m̂ = m / (1 − β₁ᵗ),  θ ← θ − η m̂ / u"),
    state={"exp_avg": "m", "exp_inf": "u"},
    label="AdaMax",
    color="purple",
    dash="dashed",
    source="Kingma and Ba 2015, arXiv:1412.6980, algorithm 2; ε as in torch",
    elementwise=True,
)
