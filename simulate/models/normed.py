"""Fully connected layers with a normalization between each sum and its activation, or none.

Batch norm takes each layer's mean away, and a bias with it: the layer before one has none. A mean
over a layer's own units, as layer norm takes it, leaves a bias for each of them.
"""

from __future__ import annotations

from itertools import pairwise

from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base
from simulate.models import mlp

NORMS = {"none": None, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}


def _build(widths: list[int], activation: str, norm: str, scale: float) -> nn.Sequential:
    """Return the network; the same weights whatever the norm.

    Parameters
    ----------
    widths : list of int
        Numbers of units from the inputs to the outputs, at least two.
    activation : str
        A key of `simulate.models.mlp.ACTIVATIONS`; the last layer has neither norm nor activation.
    norm : str
        A key of `NORMS`.
    scale : float
        Standard deviation of the weights, in units of Kaiming's √(2/n_in).
    """
    if norm not in NORMS:
        raise UserError(f"no norm is called {norm!r}; there is {', '.join(NORMS)}")
    if activation not in mlp.ACTIVATIONS:
        raise UserError(
            f"no activation is called {activation!r}; there is {', '.join(mlp.ACTIVATIONS)}"
        )
    if len(widths) < 2 or not all(isinstance(n, int) and n > 0 for n in widths):
        raise UserError(f"widths are {widths}; give at least two positive numbers of units")
    layers: list[nn.Module] = []
    for number, (n_in, n_out) in enumerate(pairwise(widths), start=1):
        last = number == len(widths) - 1
        # Made without weights: what nn.Linear draws would depend on whether it has a bias.
        linear = nn.utils.skip_init(nn.Linear, n_in, n_out, bias=last or norm != "batch")
        nn.init.normal_(linear.weight, std=scale * (2 / n_in) ** 0.5)
        if linear.bias is not None:
            nn.init.zeros_(linear.bias)
        layers.append(linear)
        if not last:
            if (between := NORMS[norm]) is not None:
                layers.append(between(n_out))
            layers.append(mlp.ACTIVATIONS[activation]())
    return nn.Sequential(*layers)


MODEL = base.Model(
    build=_build,
    label="normalized perceptron",
    source="Ioffe and Szegedy 2015, arXiv:1502.03167; Ba, Kiros and Hinton 2016, arXiv:1607.06450",
    defaults={"widths": [784, 64, 10], "activation": "relu", "norm": "batch", "scale": 1.0},
)
