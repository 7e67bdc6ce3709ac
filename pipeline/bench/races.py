"""All optimizers on all analytic surfaces against one eager loop each."""

from __future__ import annotations

import torch

from pipeline.bench._row import Row, seconds
from simulate import registry, specs
from simulate.optimizers import _base as optimizers
from simulate.surfaces import _base as surfaces
from simulate.training.racing import race

N_STEPS = 300


def rows() -> list[Row]:
    """Return the race's row."""
    lanes = [
        specs.Descend(
            surface=surface,
            optimizer=specs.Optimizer(name=optimizer, settings=_rate(surface, optimizer)),
            steps=N_STEPS,
        )
        for surface in registry.names("surfaces")
        for optimizer, row in registry.rows("optimizers").items()
        if row.fields.get("elementwise")
    ]
    race(lanes[:1])
    return [
        Row(
            name=f"{len(lanes)} descents of {N_STEPS} steps: every optimizer × every surface",
            ours=len(lanes) * N_STEPS / seconds(lambda: race(lanes), 3),
            peer=len(lanes) * N_STEPS / seconds(lambda: [_eager(lane) for lane in lanes], 3),
            unit="steps/s",
            at_least=5,
        )
    ]


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
    for _ in range(lane.steps):
        path.append(theta.detach().clone())
        rule.zero_grad()
        function(theta).backward()
        rule.step()
    return path
