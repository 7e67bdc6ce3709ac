"""Many multi-layer perceptrons side by side, alike but for the seed of their initial weights.

One step of all of them is a few products of stacks of small matrices: hundreds of tiny networks
train in the time of a few. With the loss "cross_entropy_each", and an optimizer whose rule is
elementwise, each of them goes the way that it would go alone.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base
from simulate.models import mlp


class Mlps(nn.Module):
    """Networks whose parameters are stacked; outputs are (network, n, n_outputs)."""

    def __init__(self, networks: list[nn.Sequential], activation: nn.Module) -> None:
        super().__init__()
        stacks = zip(*(network.parameters() for network in networks), strict=True)
        self.stacks = nn.ParameterList(torch.stack([p.detach() for p in s]) for s in stacks)
        self.activation = activation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Send the same examples, shape (n, n_inputs), through all networks."""
        stacks = list(self.stacks)
        for number in range(0, len(stacks), 2):
            if number:
                x = self.activation(x)
            weight, bias = stacks[number], stacks[number + 1]
            # (networks, n_out, n_in) and (networks, n_out)
            x = x @ weight.mT + bias[:, None]
        return x


def _build(n_networks: int, **settings: Any) -> Mlps:
    """Return the networks.

    Parameters
    ----------
    n_networks : int
        Network k is the one that `simulate.models.mlp` makes with seed k.
    settings
        Those of `simulate.models.mlp`.
    """
    if not isinstance(n_networks, int) or n_networks < 1:
        raise UserError(f"n_networks is {n_networks}; give a positive number of networks")
    networks: list[Any] = [base.make("mlp", settings, seed) for seed in range(n_networks)]
    return Mlps(networks, mlp.ACTIVATIONS[settings["activation"]]())


MODEL = base.Model(
    build=_build,
    label="multi-layer perceptrons",
    source="mlp, as many times as there are seeds",
    defaults={"n_networks": 100, "widths": [2, 2, 2], "activation": "tanh", "init": "torch"},
)
