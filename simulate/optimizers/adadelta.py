"""Adadelta: the size of past steps takes the place of a learning rate.

With η = 1, as published, no rate is chosen at all; the first steps are about √ε long, so it is slow
to get going.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adadelta,
    defaults={"lr": 1.0, "rho": 0.9, "eps": 1e-6},
    rule="v ← ρ v + (1 − ρ) g²,  d ← g √(D + ε) / √(v + ε),  D ← ρ D + (1 − ρ) d²,  θ ← θ − η d",
    state={"square_avg": "v", "acc_delta": "D"},
    label="Adadelta",
    color="yellow",
    dash="dashed",
    source="Zeiler 2012, arXiv:1212.5701, algorithm 1",
    elementwise=True,
)
