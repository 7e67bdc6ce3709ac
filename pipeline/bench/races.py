"""Descents on analytic surfaces against one eager loop each: a race, and a search of rates."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import torch

from pipeline.bench._row import Row, seconds
from simulate import registry, specs
from simulate.optimizers import _base as optimizers
from simulate.surfaces import _base as surfaces
from simulate.training.racing import race
from simulate.training.tuning import tune

N_STEPS = 300
N_RATES = 40


def rows() -> list[Row]:
    """Return the rows of the race and of the search."""
    return [_race(), search("cpu")]


def _race() -> Row:
    lanes = [
        specs.Descend(
            surface=surface,
            optimizer=specs.Optimizer(name=optimizer, settings=_rate(surface, optimizer)),
            steps=N_STEPS,
        )
        for surface in registry.names("surfaces")
        for optimizer in _elementwise()
    ]
    race(lanes[:1])
    return Row(
        name=f"{len(lanes)} descents of {N_STEPS} steps: every elementwise optimizer × surface",
        ours=len(lanes) * N_STEPS / seconds(lambda: race(lanes), 3),
        peer=len(lanes) * N_STEPS / seconds(lambda: [_eager(lane) for lane in lanes], 3),
        unit="steps/s",
        at_least=5,
    )


def search(device: str) -> Row:
    """Return the row of a search: every optimizer × surface × rate, on a device.

    The eager loops walk every fortieth descent, and all optimizers, surfaces and rates among them:
    all would take minutes. A test holds the search to such loops.
    """
    on: dict[int, list[str]] = defaultdict(list)
    for name, row in registry.rows("surfaces").items():
        on[len(row.domain)].append(name)
    names = [n for n, row in registry.rows("optimizers").items() if "unfit" not in row.fields]
    rates = np.geomspace(1e-4, 100, N_RATES).tolist()
    pairs = [(surface, name) for many in on.values() for surface in many for name in names]
    lanes = [
        specs.Descend(
            surface=surface,
            optimizer=specs.Optimizer(name=name, settings={"lr": rates[17 * k % N_RATES]}),
            steps=N_STEPS,
        )
        for k, (surface, name) in enumerate(pairs)
    ]

    def ours() -> None:
        for many in on.values():
            tune(many, names, rates, steps=N_STEPS, starts=1, device=device)

    ours()
    n_all = len(pairs) * N_RATES
    where = "" if device == "cpu" else " on the GPU"
    return Row(
        name=f"search{where}: {n_all:,} descents of {N_STEPS} steps, {len(names)} optimizers × "
        f"{sum(map(len, on.values()))} surfaces × {N_RATES} rates",
        ours=n_all * N_STEPS / seconds(ours, 3),
        peer=len(lanes) * N_STEPS / seconds(lambda: [_eager(lane) for lane in lanes]),
        unit="steps/s",
        at_least=20,
    )


def _elementwise() -> list[str]:
    return [n for n, row in registry.rows("optimizers").items() if row.fields.get("elementwise")]


def _rate(surface: str, optimizer: str) -> dict[str, float]:
    rates = registry.row("surfaces", surface).fields.get("rates", {})
    return {"lr": rates[optimizer]} if optimizer in rates else {}


def _eager(lane: specs.Descend) -> list[torch.Tensor]:
    """Walk one path as a PyTorch user would, keeping its points."""
    function = surfaces.function(lane.surface, lane.settings)
    start = registry.load("surfaces", lane.surface).start
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = optimizers.make(lane.optimizer.name, [theta], lane.optimizer.settings)
    path = []

    def closure() -> Any:
        rule.zero_grad()
        loss = function(theta)
        loss.backward()
        return loss

    for _ in range(lane.steps):
        path.append(theta.detach().clone())
        rule.step(closure)
    return path
