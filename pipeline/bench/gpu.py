"""Training, a loss plane and a search on a GPU against this machine's CPU.

Where there is no GPU there are no rows, and a line says so.

A row's name says what share of the GPU's peak was reached: the floating-point operations of the
work, over what a large float32 matrix product achieves on the same GPU.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from rich.console import Console

from pipeline.bench import races
from pipeline.bench._row import Row, seconds
from pipeline.bench.training import LR, WIDTHS, digits
from simulate import specs
from simulate.data._base import Data
from simulate.measures import planes
from simulate.models import _base as models
from simulate.training.train import train as train_network

N_EXAMPLES = 10_000
_MULTIPLICATIONS = sum(a * b for a, b in pairwise(WIDTHS))


def rows() -> list[Row]:
    """Return the GPU's rows."""
    if not torch.cuda.is_available():
        Console(stderr=True).print("no rows of the GPU: torch finds none on this machine")
        return []
    x, y = digits(N_EXAMPLES)
    peak = _peak()
    found = [
        _training("batch gradient descent", dataset(x, y), None, 50, peak),
        _training("mini-batches of 512", dataset(x, y), 512, 400, peak),
    ]
    model = models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0)
    side = 21

    def plane(device: str) -> None:
        planes.loss_plane(model, (x, y), points=side, device=device)

    plane("cuda")
    ours = seconds(lambda: plane("cuda"), 3)
    work = 2 * N_EXAMPLES * _MULTIPLICATIONS * side**2
    found.append(
        Row(
            name=f"loss plane on the GPU, {work / ours / peak:.1%} of its peak",
            ours=side**2 / ours,
            peer=side**2 / seconds(lambda: plane("cpu")),
            unit="points/s",
            at_least=1,
        )
    )
    return [*found, races.search("cuda")]


def dataset(x: np.ndarray, y: np.ndarray) -> Data:
    """Return examples as a dataset without a test set to speak of."""
    return Data(x_train=x, y_train=y, x_test=x[:1], y_test=y[:1], label="synthetic", n_classes=10)


def _training(name: str, data: Data, batch_size: int | None, n_steps: int, peak: float) -> Row:
    def train(device: str) -> None:
        train_network(
            models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0),
            data,
            optimizer="sgd",
            lr=LR,
            batch_size=batch_size,
            steps=n_steps,
            record=specs.record("parameters", scalars=1000),
            device=device,
        )

    train("cuda")
    ours = seconds(lambda: train("cuda"), 3)
    work = 6 * (batch_size or N_EXAMPLES) * _MULTIPLICATIONS * n_steps
    return Row(
        name=f"{name} on the GPU, {work / ours / peak:.1%} of its peak",
        ours=n_steps / ours,
        peer=n_steps / seconds(lambda: train("cpu")),
        unit="steps/s",
        at_least=1,
    )


def _peak() -> float:
    """Return what a large float32 product reaches, in operations a second."""
    a = torch.randn(8192, 8192, device="cuda")

    def product() -> None:
        torch.mm(a, a)
        torch.cuda.synchronize()

    product()
    return 2 * 8192**3 / seconds(product, 5)
