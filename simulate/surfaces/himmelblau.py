"""Himmelblau's function: four equally deep hollows, and which one is reached depends."""

import torch

from simulate.surfaces import _base as base


def _himmelblau(theta: torch.Tensor) -> torch.Tensor:
    """(…, 2) -> (…)."""
    x, y = theta.unbind(-1)
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


SURFACE = base.Surface(
    function=_himmelblau,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.0, -1.0),
    minima=[
        (3.0, 2.0),
        (-2.8051180869527448, 3.1313125182505730),
        (-3.7793102533777469, -3.2831859912861694),
        (3.5844283403304917, -1.8481265269644036),
    ],
    label="Himmelblau",
    formula="(x² + y − 11)² + (x + y² − 7)²",
    source="Himmelblau 1972, Applied Nonlinear Programming",
    rates={"sgd": 0.005, "momentum": 0.002, "nesterov": 0.002},
)
