"""NAdam: Adam that steps by where its momentum is about to lead, as Nesterov's does."""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.NAdam,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "momentum_decay": 0.004},
    rule=(
        "M₀ = 1,  μ ← β₁ (1 − 0.96^(ψ t) / 2),  κ ← β₁ (1 − 0.96^(ψ (t + 1)) / 2),  M ← M μ,  "
        "m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  "
        "m̂ = κ m / (1 − M κ) + (1 − μ) g / (1 − M),  v̂ = v / (1 − β₂ᵗ),  "
        "θ ← θ − η m̂ / (√v̂ + ε)"
    ),
    state={"exp_avg": "m", "exp_avg_sq": "v"},
    label="NAdam",
    color="green",
    dash="dotted",
    source="Dozat 2016, ICLR workshop, OM0jvwB8jIp57ZJjtNEZ; as in torch",
    elementwise=True,
)
