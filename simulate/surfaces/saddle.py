"""A saddle: downhill to both sides of a pass, with no bottom."""

import torch

from simulate.surfaces import _base as base


def _saddle(theta: torch.Tensor) -> torch.Tensor:
    """(…, 2) -> (…)."""
    x, y = theta.unbind(-1)
    return x**2 - y**2


SURFACE = base.Surface(
    function=_saddle,
    domain=((-2.0, 1.0), (-0.8, 1.2)),
    start=(-1.6, 0.001),
    minima=[],
    stationary=[(0.0, 0.0)],
    label="Saddle",
    formula="x² − y²",
    source="Dauphin et al. 2014, arXiv:1406.2572",
    rates={"adagrad": 0.1},
)
