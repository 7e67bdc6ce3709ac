"""Rastrigin's function: a bowl full of dents, each a local minimum to be caught in."""

import math

import torch

from simulate.surfaces import _base as base


def _rastrigin(theta: torch.Tensor) -> torch.Tensor:
    """(…, n) -> (…), for any n."""
    return (10 + theta**2 - 10 * torch.cos(2 * math.pi * theta)).sum(-1)


SURFACE = base.Surface(
    function=_rastrigin,
    domain=((-3.0, 1.2), (-1.4, 1.4)),
    start=(-2.48, 0.3),
    minima=[(0.0, 0.0)],
    label="Rastrigin",
    formula="20 + x² − 10 cos 2πx + y² − 10 cos 2πy",
    source="Rastrigin 1974; Hoffmeister and Bäck 1991, doi:10.1007/BFb0029787",
    rates={"sgd": 0.002, "momentum": 0.005, "nesterov": 0.003},
)
