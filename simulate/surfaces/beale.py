"""Beale's function: a flat valley between walls that rise steeply at the corners."""

import torch

from simulate.surfaces import _base as base


def _beale(theta: torch.Tensor) -> torch.Tensor:
    """(…, 2) -> (…)."""
    x, y = theta.unbind(-1)
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


SURFACE = base.Surface(
    function=_beale,
    domain=((-0.4, 4.2), (-1.4, 1.9)),
    start=(1.0, 1.5),
    minima=[(3.0, 0.5)],
    stationary=[(0.0, 1.0)],
    label="Beale",
    formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    source="Beale 1958, On an iterative method for finding a local minimum",
    rates={"momentum": 0.0015, "nesterov": 0.0015},
)
