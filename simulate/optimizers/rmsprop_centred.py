"""Centred RMSProp: divide by how much gradients vary, not by how large they are.

Where gradients hardly vary, it divides by next to nothing and leaps.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.RMSprop,
    defaults={"lr": 0.02, "alpha": 0.9, "eps": 1e-8, "centered": True},
    rule="v ← α v + (1 − α) g²,  m ← α m + (1 − α) g,  θ ← θ − η g / (√(v − m²) + ε)",
    state={"square_avg": "v", "grad_avg": "m"},
    label="RMSProp, centred",
    color="indigo",
    dash="dashed",
    source="Graves 2013, arXiv:1308.0850, eq. 38 to 45; ε outside the root, as in torch",
    elementwise=True,
)
