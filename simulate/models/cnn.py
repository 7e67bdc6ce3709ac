"""Two convolutions, each with ReLU and pooling, and a linear layer: a small network for images.

Most of its memory is activations: few weights meet many pixels.
"""

from __future__ import annotations

from torch import nn

from simulate.errors import UserError
from simulate.models import _base as base


def _build(side: int, channels: list[int], n_classes: int) -> nn.Sequential:
    """Return the network; it takes (n, side²) grey values, row by row.

    Parameters
    ----------
    side : int
        Pixels of an image's side; each of the convolutions halves it.
    channels : list of int
        Channels after each convolution, at least one.
    n_classes : int
        Outputs.
    """
    if not channels or not all(isinstance(n, int) and n > 0 for n in channels):
        raise UserError(f"channels are {channels}; give at least one positive number")
    if side >> len(channels) < 1 or side % 2 ** len(channels):
        raise UserError(
            f"side is {side}; for {len(channels)} convolutions it must be a multiple of "
            f"{2 ** len(channels)}"
        )
    layers: list[nn.Module] = [nn.Unflatten(1, (1, side, side))]
    n_in = 1
    for n_out in channels:
        layers += [nn.Conv2d(n_in, n_out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        n_in = n_out
        side //= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(n_in * side * side, n_classes))


MODEL = base.Model(
    build=_build,
    label="convolutional network",
    source="LeCun et al. 1998, doi:10.1109/5.726791, with ReLU and max pooling",
    defaults={"side": 28, "channels": [16, 32], "n_classes": 10},
)
