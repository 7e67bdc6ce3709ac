"""Loss planes against the loss-landscapes package, at its own best number of threads."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from pipeline.bench._row import Row
from pipeline.bench.training import WIDTHS, digits
from simulate.measures import planes
from simulate.models import _base as models

# Points along a side. A plane has 51 unless somebody asks for fewer, and what it does once (three
# products of the first layer) is spread over them; 25 come near to that. The peer does nothing
# once: its rate is the same on few points, and it would take minutes for more.
OURS, PEER = 25, 9
ROUNDS = 3  # of both sides, one after the other; the best counts, for the machine may be busy


def rows() -> list[Row]:
    """Return the planes' rows: the blog's network, a convolutional one, a transformer block."""
    x, y = digits(10_000)
    mlp = models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0)
    images = x[:2000].reshape(-1, 1, 28, 28)
    tokens = np.random.default_rng(0).normal(size=(256, 32, 64)).astype(np.float32)
    cases = [
        ("784-128-64-32-10, 10,000 examples", mlp, x, y, 6.0),
        ("small convolutional net, 2,000 examples", _convolutional(), images, y[:2000], 1.5),
        ("transformer block, 256 sequences", _Transformer(), tokens, y[:256], 1.2),
    ]
    return [_row(*case) for case in cases]


def _row(name: str, model: nn.Module, x: np.ndarray, y: np.ndarray, at_least: float) -> Row:
    import loss_landscapes
    from loss_landscapes.metrics import Loss

    metric = Loss(nn.functional.cross_entropy, torch.from_numpy(x), torch.from_numpy(y))
    all_threads = torch.get_num_threads()

    def ours() -> None:
        planes.loss_plane(model, (x, y), points=OURS)

    def peer() -> None:
        # Its filter normalisation divides by zero on vectors; the evaluation is what takes the
        # time.
        loss_landscapes.random_plane(model, metric, 1, PEER, "layer", deepcopy_model=True)

    way = planes.loss_plane(model, (x, y), points=2).attrs["backend"]
    sides = [(ours, all_threads), *((peer, n) for n in sorted({1, all_threads}))]
    best = [np.inf] * len(sides)
    for _ in range(ROUNDS):
        for number, (work, n_threads) in enumerate(sides):
            best[number] = min(best[number], _seconds(work, n_threads, all_threads))
    fastest = int(np.argmin(best[1:])) + 1
    return Row(
        name=f"loss plane, {name} ({way}; peer with {sides[fastest][1]} of {all_threads} threads)",
        ours=OURS**2 / best[0],
        peer=PEER**2 / best[fastest],
        unit="points/s",
        at_least=at_least,
    )


def _seconds(work: Callable[[], None], n_threads: int, usual: int) -> float:
    torch.set_num_threads(n_threads)
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        torch.set_num_threads(usual)


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
