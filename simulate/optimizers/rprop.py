"""Rprop: only the gradient's sign counts; a step grows while it holds and halves when it turns.

A turned sign also skips one step. Made for whole training sets: between mini-batches signs turn by
chance, and the steps shrink to nothing.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Rprop,
    defaults={"lr": 0.02, "etas": (0.5, 1.2), "step_sizes": (1e-6, 50.0)},
    rule=(
        "δ₀ = η,  σ ← sign(g p),  f = η₊ if σ > 0 else η₋ if σ < 0 else 1,  "
        "δ ← clip(f δ, δ₁, δ₂),  "
        "p ← 0 if σ < 0 else g,  θ ← θ − δ sign(p)"
    ),
    state={"step_size": "δ", "prev": "p"},
    label="Rprop",
    color="brown",
    dash="dotted",
    source="Riedmiller and Braun 1993, doi:10.1109/ICNN.1993.298623; as in torch",
    elementwise=True,
)
