"""Adagrad: divide by the root of all squared gradients so far, so the rate only falls.

It reacts to the size of gradients, not to how fast they change.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adagrad,
    defaults={"lr": 0.5, "eps": 1e-10},
    rule="G ← G + g²,  θ ← θ − η g / (√G + ε)",
    state={"sum": "G"},
    label="Adagrad",
    color="yellow",
    source="Duchi, Hazan, Singer 2011, JMLR 12, 2121–2159",
    elementwise=True,
)
