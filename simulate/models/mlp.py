"""Fully connected layers, one after the other, an activation between them.

With two widths it is a single linear layer, with widths [d, 1] a linear neuron.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "identity": nn.Identity,
}


# Variance of normal initial weights, in units of 1/n_in. LeCun's keeps the size of what passes
# through linear units (Efficient BackProp 1998, eq. 16), Kaiming's of what passes through ReLU
# (He et al. 2015, arXiv:1502.01852, eq. 10).
VARIANCES = {"lecun": 1.0, "kaiming": 2.0}

# Others whose biases are 0. Glorot's variance is 2/(n_in + n_out), not 1/n_in, and it is derived
# for activations that are linear with slope 1 around 0: tanh is, the sigmoid (slope ¼, never
# negative) is not (Glorot and Bengio 2010, eq. 16; here normal, the paper's is uniform).
INITS: dict[str, Callable[[torch.Tensor, float], object]] = {
    "lecun": lambda weight, _: _normal(weight, VARIANCES["lecun"]),
    "kaiming": lambda weight, _: _normal(weight, VARIANCES["kaiming"]),
    "xavier": lambda weight, _: nn.init.xavier_normal_(weight),
    "zero": lambda weight, _: nn.init.zeros_(weight),
    "constant": lambda weight, scale: nn.init.constant_(weight, scale),
    "uniform": lambda weight, scale: nn.init.uniform_(weight, -scale, scale),
    "normal": lambda weight, scale: nn.init.normal_(weight, std=scale),
}


def _normal(weight: torch.Tensor, variance: float) -> object:
    """Draw weights, (n_out, n_in), with a variance in units of 1/n_in."""
    return nn.init.normal_(weight, std=math.sqrt(variance / weight.shape[1]))


def _build(widths: list[int], activation: str, init: str, scale: float = 0.1) -> nn.Sequential:
    """Return the network.

    Parameters
    ----------
    widths : list of int
        Numbers of units from the inputs to the outputs, at least two.
    activation : str
        A key of `ACTIVATIONS`; the last layer has none.
    init : str
        Initial parameters: "torch" as `nn.Linear` leaves them, weights and biases uniform in
        ±1/√n_in; or a key of `INITS`, biases of 0.
    scale : float
        The weights' value of "constant", half their range of "uniform", their standard deviation
        of "normal".
    """
    if init != "torch" and init not in INITS:
        raise UserError(f"no init is called {init!r}; there is torch, {', '.join(INITS)}")
    if activation not in ACTIVATIONS:
        raise UserError(
            f"no activation is called {activation!r}; there is {', '.join(ACTIVATIONS)}"
        )
    if len(widths) < 2 or not all(isinstance(n, int) and n > 0 for n in widths):
        raise UserError(f"widths are {widths}; give at least two positive numbers of units")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        linear = nn.Linear(n_in, n_out)
        if init in INITS:
            INITS[init](linear.weight, scale)
            nn.init.zeros_(linear.bias)
        layers += [linear, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


MODEL = base.Model(
    build=_build,
    label="multi-layer perceptron",
    source="Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0",
    defaults={
        "widths": [784, 128, 64, 32, 10],
        "activation": "relu",
        "init": "torch",
        "scale": 0.1,
    },
)
