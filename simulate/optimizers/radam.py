"""RAdam: momentum alone until enough gradients have been seen to tell their size.

With β₂ = 0.999 that takes five steps; then r grows from near 0 to 1.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.RAdam,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8},
    rule=(
        "m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  R ← 2 / (1 − β₂) − 1,  "
        "N ← R − 2 t β₂ᵗ / (1 − β₂ᵗ),  r ← √((N − 4) (N − 2) R / ((R − 4) (R − 2) N)),  "
        "q = r √(1 − β₂ᵗ) / (√v + ε) if N > 5 else 1,  m̂ = m / (1 − β₁ᵗ),  θ ← θ − η q m̂"
    ),
    state={"exp_avg": "m", "exp_avg_sq": "v"},
    label="RAdam",
    color="indigo",
    dash="dashdot",
    source="Liu et al. 2020, arXiv:1908.03265, algorithm 2; the limit of 5 as in torch",
    elementwise=True,
)
