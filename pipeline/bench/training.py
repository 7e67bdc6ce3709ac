"""Stochastic gradient descent against the loop that a PyTorch user writes."""

from __future__ import annotations

import statistics
from contextlib import nullcontext
from functools import partial

import numpy as np
import torch

from pipeline.bench._row import Row, seconds
from simulate import specs
from simulate.data._base import Data
from simulate.models import _base as models
from simulate.training.train import train as train_network
from simulate.training.watch import STRIDE, watch

WIDTHS = [784, 128, 64, 32, 10]
LR = 0.01
BATCH = 50


def rows() -> list[Row]:
    """Return the rows: batches of one, the blog's network, digits as sparse as MNIST's."""
    x, y = digits(10_000)
    data = Data(x_train=x, y_train=y, x_test=x[:1], y_test=y[:1], label="synthetic", n_classes=10)

    def ours(n_steps: int) -> None:
        train_network(
            _network(),
            data,
            optimizer="sgd",
            lr=LR,
            batch_size=1,
            steps=n_steps,
            record=specs.record("parameters", scalars=1000),
            backend="fused",
        )

    ours(10)  # compiled loops come from their cache
    n_ours, n_peer = 200_000, 3_000
    return [
        Row(
            name="SGD, batches of 1, 784-128-64-32-10",
            ours=n_ours / seconds(lambda: ours(n_ours), 3),
            peer=n_peer / seconds(lambda: _eager(x, y, n_peer), 3),
            unit="steps/s",
            at_least=30,
        ),
        _watched(x, y),
    ]


def _watched(x: np.ndarray, y: np.ndarray) -> Row:
    """Return what watching costs a user's loop: both by turns, so that a slow moment hits both."""
    n_steps = 1_000
    times: dict[bool, list[float]] = {True: [], False: []}
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)

    def loop(watched: bool) -> None:
        torch.manual_seed(0)
        model, criterion = _network(), torch.nn.CrossEntropyLoss()
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        with watch(model, optimizer, loss=criterion) if watched else nullcontext():
            for step in range(n_steps):
                some = slice(step * BATCH % len(x), step * BATCH % len(x) + BATCH)
                optimizer.zero_grad()
                criterion(model(inputs[some]), targets[some]).backward()
                optimizer.step()

    for _ in range(9):
        for watched, found in times.items():
            found.append(seconds(partial(loop, watched)))
    return Row(
        name=f"a loop watched every {STRIDE} steps against itself, batches of {BATCH}",
        ours=n_steps / statistics.median(times[True]),
        peer=n_steps / statistics.median(times[False]),
        unit="steps/s",
        at_least=0.95,
    )


def digits(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images in which 19 % of the pixels are not zero, as in MNIST, and labels."""
    rng = np.random.default_rng(0)
    x = rng.random((n, 784), np.float32)
    x *= rng.random((n, 784), np.float32) < 0.19
    return x, rng.integers(10, size=n)


def _network() -> torch.nn.Module:
    return models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0)


def _eager(x: np.ndarray, y: np.ndarray, n_steps: int) -> None:
    model = _network()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    for step in range(n_steps):
        i = step % len(inputs)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(inputs[i : i + 1]), targets[i : i + 1])
        loss.backward()
        optimizer.step()
