"""Two hollows and a hilltop between them: which of them a descent ends in is up to its start.

Its slope is (θ + 2)(θ + ½)(θ − 2): zero in both hollows and on the hilltop.
"""

import torch

from simulate.surfaces import _base as base


def _two_hollows(theta: torch.Tensor) -> torch.Tensor:
    """(…, 1) -> (…)."""
    x = theta[..., 0]
    return x**4 / 4 + x**3 / 6 - 2 * x**2 - 2 * x + 20 / 3


SURFACE = base.Surface(
    function=_two_hollows,
    domain=((-2.9, 2.8),),
    start=(-0.3,),
    minima=[(2.0,)],
    stationary=[(-2.0,), (-0.5,)],
    label="Two hollows",
    formula="¼x⁴ + ⅙x³ − 2x² − 2x + 20⁄3",
    source="made for this project: the integral of (x + 2)(x + ½)(x − 2), lowest value 0",
    rates={"sgd": 0.07},
)
