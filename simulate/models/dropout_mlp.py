"""Fully connected layers with dropout behind every activation.

While it trains, each hidden unit is kept with probability `keep`, by itself and for each example,
and what is kept is divided by `keep`: the next layer's inputs are what they would be without
dropout, on average. In evaluation mode all units are kept as they are. With the same seed the
initial weights are those of `simulate.models.mlp`.
"""

from __future__ import annotations

from typing import Any

from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base
from simulate.models import mlp


def _build(keep: float, **settings: Any) -> nn.Sequential:
    """Return the network.

    Parameters
    ----------
    keep : float
        Probability with which a hidden unit is kept, above 0 and up to 1; torch's ``p`` is that of
        dropping it, 1 − keep.
    settings
        Those of `simulate.models.mlp`.
    """
    number = isinstance(keep, int | float) and not isinstance(keep, bool)
    if not number or not 0 < keep <= 1:
        raise UserError(f"keep is {keep}; give a probability above 0 and up to 1")
    layers: list[nn.Module] = []
    for layer in mlp.MODEL.build(**settings).children():
        layers.append(layer)
        if not isinstance(layer, nn.Linear):
            layers.append(nn.Dropout(1 - keep))
    return nn.Sequential(*layers)


MODEL = base.Model(
    build=_build,
    label="multi-layer perceptron with dropout",
    source="Srivastava et al. 2014, JMLR 15, section 10: inverted, scaled while training",
    defaults={
        "keep": 0.5,
        "widths": [784, 128, 64, 32, 10],
        "activation": "relu",
        "init": "torch",
    },
)
