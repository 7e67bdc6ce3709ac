"""Fully connected layers, one after the other, an activation between them.

With two widths it is a single linear layer, with widths [d, 1] a linear neuron.
"""

from __future__ import annotations

import math
from itertools import pairwise

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


def _build(widths: list[int], activation: str, init: str) -> nn.Sequential:
    """Return the network.

    Parameters
    ----------
    widths : list of int
        Numbers of units from the inputs to the outputs, at least two.
    activation : str
        A key of `ACTIVATIONS`; the last layer has none.
    init : str
        Initial parameters: "torch" as `nn.Linear` leaves them, weights and biases uniform in
        ±1/√n_in; or a key of `VARIANCES`, normal weights and biases of 0.
    """
    if init != "torch" and init not in VARIANCES:
        raise UserError(f"no init is called {init!r}; there is torch, {', '.join(VARIANCES)}")
    if activation not in ACTIVATIONS:
        raise UserError(
            f"no activation is called {activation!r}; there is {', '.join(ACTIVATIONS)}"
        )
    if len(widths) < 2 or not all(isinstance(n, int) and n > 0 for n in widths):
        raise UserError(f"widths are {widths}; give at least two positive numbers of units")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        linear = nn.Linear(n_in, n_out)
        if init in VARIANCES:
            nn.init.normal_(linear.weight, std=math.sqrt(VARIANCES[init] / n_in))
            nn.init.zeros_(linear.bias)
        layers += [linear, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


MODEL = base.Model(
    build=_build,
    label="multi-layer perceptron",
    source="Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0",
    defaults={"widths": [784, 128, 64, 32, 10], "activation": "relu", "init": "torch"},
)
