"""As many multi-layer perceptrons as there are columns: each learns from a column of its own.

All start from the same weights, so that they differ by their data alone. With the loss "mse", a
mean over all columns, and an optimizer whose rule is elementwise and blind to scale, such as Adam,
each goes the way that it would go alone.
"""

from __future__ import annotations

from typing import Any

import torch

from simulate.errors import UserError
from simulate.models import _base as base
from simulate.models import mlp, mlps


class MlpEach(mlps.Mlps):
    """Networks of one input and one output; inputs and outputs are (n, network)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Send each column through its own network."""
        return super().forward(x.T[..., None])[..., 0].T


def _build(n_networks: int, **settings: Any) -> MlpEach:
    """Return the networks.

    Parameters
    ----------
    n_networks : int
    settings
        Those of `simulate.models.mlp`; the first and the last width are 1.
    """
    if not isinstance(n_networks, int) or n_networks < 1:
        raise UserError(f"n_networks is {n_networks}; give a positive number of networks")
    widths = settings["widths"]
    if widths[0] != 1 or widths[-1] != 1:
        raise UserError(f"widths are {widths}; a column is one input, and one output comes of it")
    network: Any = mlp.MODEL.build(**settings)
    return MlpEach([network] * n_networks, mlp.ACTIVATIONS[settings["activation"]]())


MODEL = base.Model(
    build=_build,
    label="a multi-layer perceptron a column",
    source="mlp, as many times as there are columns",
    defaults={"n_networks": 200, "widths": [1, 4, 1], "activation": "tanh", "init": "torch"},
)
