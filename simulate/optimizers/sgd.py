"""Gradient descent: a step against the gradient."""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.SGD,
    defaults={"lr": 0.02},
    rule="θ ← θ − η g",
    state={},
    label="SGD",
    color="slate",
    source="Robbins and Monro 1951, doi:10.1214/aoms/1177729586",
    elementwise=True,
)
