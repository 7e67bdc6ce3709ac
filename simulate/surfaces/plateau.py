"""A plateau around a hollow: far out the loss is nearly level, and the slope nearly 0."""

import torch

from simulate.surfaces import _base as base


def _plateau(theta: torch.Tensor) -> torch.Tensor:
    """(…, 1) -> (…)."""
    square = theta[..., 0] ** 2
    return square / (1 + square)


SURFACE = base.Surface(
    function=_plateau,
    domain=((-7.0, 7.0),),
    start=(5.0,),
    minima=[(0.0,)],
    label="Plateau",
    formula="x²/(1 + x²)",
    source="Geman and McClure 1985, Bayesian image analysis, Proc. ASA Statistical Computing",
)
