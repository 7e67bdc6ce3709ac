"""Loss planes against the loss-landscapes package."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from pipeline.bench._row import Row, seconds
from pipeline.bench.training import WIDTHS, digits
from simulate.measures import planes
from simulate.models import _base as models


def rows() -> list[Row]:
    """Return the planes' rows: the blog's network, a convolutional one, a transformer block."""
    x, y = digits(10_000)
    mlp = models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0)
    images = x[:2000].reshape(-1, 1, 28, 28)
    tokens = np.random.default_rng(0).normal(size=(256, 32, 64)).astype(np.float32)
    cases = [
        ("784-128-64-32-10, 10,000 examples", mlp, x, y, 9, 6.0),
        ("small convolutional net, 2,000 examples", _convolutional(), images, y[:2000], 11, 1.5),
        ("transformer block, 256 sequences", _Transformer(), tokens, y[:256], 11, 1.5),
    ]
    return [_row(*case) for case in cases]


def _row(
    name: str, model: nn.Module, x: np.ndarray, y: np.ndarray, side: int, at_least: float
) -> Row:
    import loss_landscapes
    from loss_landscapes.metrics import Loss

    origin = torch.cat([p.detach().flatten() for p in model.parameters()]).numpy()
    directions = planes.random_directions(model)
    grid = np.linspace(-1, 1, side)
    metric = Loss(nn.functional.cross_entropy, torch.from_numpy(x), torch.from_numpy(y))

    def ours() -> None:
        planes.loss_plane(model, origin, directions, grid, grid, "cross_entropy", x, y)

    def peer() -> None:
        # Its filter normalisation divides by zero on vectors; the evaluation is what takes the
        # time.
        loss_landscapes.random_plane(model, metric, 1, side, "layer", deepcopy_model=True)

    ours()
    return Row(
        name=f"loss plane, {name}",
        ours=side**2 / seconds(ours, 3),
        peer=side**2 / seconds(peer, 3),
        unit="points/s",
        at_least=at_least,
    )


def _convolutional() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(576, 10),
    )


class _Transformer(nn.Module):
    """One encoder layer over 32 tokens, read out at the last."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.block = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, 32, 64) -> (n, 10)."""
        scores: torch.Tensor = self.head(self.block(x)[:, -1])
        return scores
