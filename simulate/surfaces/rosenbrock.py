"""Rosenbrock's banana: easy to get into the bent valley, slow to follow it."""

import torch

from simulate.surfaces import _base as base


def _rosenbrock(theta: torch.Tensor) -> torch.Tensor:
    """(…, 2) -> (…)."""
    x, y = theta.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


SURFACE = base.Surface(
    function=_rosenbrock,
    domain=((-1.6, 1.6), (-0.5, 1.6)),
    start=(-1.2, 1.0),
    minima=[(1.0, 1.0)],
    label="Rosenbrock",
    formula="(1 − x)² + 100 (y − x²)²",
    source="Rosenbrock 1960, doi:10.1093/comjnl/3.3.175",
    rates={"sgd": 0.002, "momentum": 0.001, "nesterov": 0.001},
)
