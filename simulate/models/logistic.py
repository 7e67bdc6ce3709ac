"""One logistic neuron, trained with cross-entropy over two classes.

Its outputs are the logits 0 and z = w·x + b: their softmax is 1 − σ(z) and σ(z), so that the
cross-entropy over the two classes is the binary one, −log σ(z) or −log (1 − σ(z)).
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from simulate.errors import UserError
from simulate.models import _base as base


class Logistic(nn.Module):
    """A linear neuron whose output z stands beside a logit of 0."""

    def __init__(self, n_inputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits 0 and z, shape (n, 2)."""
        return functional.pad(self.linear(x), (1, 0))


def _build(n_inputs: int) -> Logistic:
    """Return the neuron.

    Parameters
    ----------
    n_inputs : int
        At least 1.
    """
    if not isinstance(n_inputs, int) or n_inputs < 1:
        raise UserError(f"n_inputs is {n_inputs}; give a positive number of inputs")
    return Logistic(n_inputs)


MODEL = base.Model(
    build=_build,
    label="logistic neuron",
    source="Cox 1958, doi:10.1111/j.2517-6161.1958.tb00292.x",
    defaults={"n_inputs": 2},
)
