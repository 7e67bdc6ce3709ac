"""AdamW: Adam, and weights that decay outside of the gradient."""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.AdamW,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01},
    rule=(
        "θ ← θ − η λ θ,  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  "
        "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ),  θ ← θ − η m̂ / (√v̂ + ε)"
    ),
    state={"exp_avg": "m", "exp_avg_sq": "v"},
    label="AdamW",
    color="vermillion",
    dash="dashed",
    source="Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2; η multiplies λ, as in torch",
    elementwise=True,
)
