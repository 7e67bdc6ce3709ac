"""RMSProp: divide by the root of an average of squared gradients, so the rate can recover.

The average already holds squares: its root is taken once, and ε is added outside of it.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.RMSprop,
    defaults={"lr": 0.02, "alpha": 0.9, "eps": 1e-8},
    rule="v ← α v + (1 − α) g²,  θ ← θ − η g / (√v + ε)",
    state={"square_avg": "v"},
    label="RMSProp",
    color="indigo",
    source="Tieleman and Hinton 2012, Coursera lecture 6.5",
    elementwise=True,
)
