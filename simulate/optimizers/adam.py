"""Adam: momentum over RMSProp's rate, both corrected for starting at 0.

The corrections divide by 1 − βᵗ at step t and never feed back into the averages.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adam,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8},
    rule=(
        "m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  "
        "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ),  θ ← θ − η m̂ / (√v̂ + ε)"
    ),
    state={"exp_avg": "m", "exp_avg_sq": "v"},
    label="Adam",
    color="vermillion",
    source="Kingma and Ba 2015, arXiv:1412.6980, algorithm 1",
    elementwise=True,
)
