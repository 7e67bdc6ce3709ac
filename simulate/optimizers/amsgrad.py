"""AMSGrad: Adam whose second moment never forgets its largest value, so the rate only falls.

The largest value is taken before the correction for starting at 0, as in torch.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adam,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "amsgrad": True},
    rule=(
        "m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  u ← max(u, v),  "
        "m̂ = m / (1 − β₁ᵗ), û = u / (1 − β₂ᵗ),  θ ← θ − η m̂ / (√û + ε)"
    ),
    state={"exp_avg": "m", "exp_avg_sq": "v", "max_exp_avg_sq": "u"},
    label="AMSGrad",
    color="brown",
    source="Reddi, Kale, Kumar 2018, arXiv:1904.09237, algorithm 2; corrections as in torch",
    elementwise=True,
)
