"""Linear layers without biases, tanh between them: few enough weights to show each of them."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base


def _build(widths: list[int], decimals: int | None) -> nn.Sequential:
    """Return the network, its weights uniform in ±1.

    Parameters
    ----------
    widths : list of int
        Numbers of units from the inputs to the outputs, at least two.
    decimals : int or None
        To how many decimals weights are rounded, so that they are what is printed of them.
    """
    if len(widths) < 2 or not all(isinstance(n, int) and n > 0 for n in widths):
        raise UserError(f"widths are {widths}; give at least two positive numbers of units")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        # Drawn in double precision, so that either precision starts from the same weights.
        linear = nn.utils.skip_init(nn.Linear, n_in, n_out, bias=False, dtype=torch.float64)
        nn.init.uniform_(linear.weight, -1, 1)
        if decimals is not None:
            with torch.no_grad():
                linear.weight.copy_((linear.weight * 10**decimals).round() / 10**decimals)
        layers += [linear, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


MODEL = base.Model(
    build=_build,
    label="network without biases",
    source="Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0, without biases",
    defaults={"widths": [2, 2, 1], "decimals": None},
)
