"""A parabola, the loss on which every learning rate can be understood.

Gradient descent multiplies θ by 1 − ηλ at every step: it converges if 0 < η < 2/λ, and its sign
alternates if η > 1/λ.
"""

import torch

from simulate.surfaces import _base as base


def _quadratic(theta: torch.Tensor, curvature: float) -> torch.Tensor:
    """(…, 1) -> (…)."""
    return 0.5 * curvature * theta[..., 0] ** 2


SURFACE = base.Surface(
    function=_quadratic,
    domain=((-3.0, 3.0),),
    start=(-2.5,),
    minima=[(0.0,)],
    label="Quadratic",
    formula="½ λ θ²",
    source="Goh, Why Momentum Really Works, Distill 2017, doi:10.23915/distill.00006",
    defaults={"curvature": 1.0},
)
