"""A linear neuron without a bias, its weights where one puts them: a loss of few parameters."""

from __future__ import annotations

import torch
from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base


def _build(start: list[float]) -> nn.Linear:
    """Return the neuron.

    Parameters
    ----------
    start : list of float
        Its initial weights, one an input.
    """
    if not start or not all(isinstance(value, int | float) for value in start):
        raise UserError(f"start is {start}; give one number an input")
    neuron = nn.Linear(len(start), 1, bias=False)
    with torch.no_grad():
        neuron.weight.copy_(torch.tensor([start]))
    return neuron


MODEL = base.Model(
    build=_build,
    label="linear neuron without bias",
    source="Widrow and Hoff 1960, Adaptive Switching Circuits",
    defaults={"start": [0.0, 0.0]},
)
