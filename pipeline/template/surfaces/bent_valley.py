"""A valley along a sine, falling slowly to its one minimum."""

import torch

from simulate.surfaces import _base as base


def _bent_valley(theta: torch.Tensor, steepness: float) -> torch.Tensor:
    """(…, 2) -> (…); `steepness` is how fast the sides rise."""
    x, y = theta.unbind(-1)
    return 0.1 * x**2 + steepness * (y - torch.sin(x)) ** 2


SURFACE = base.Surface(
    function=_bent_valley,
    domain=((-5.0, 1.5), (-2.0, 2.5)),
    start=(-3.5, 1.6),
    minima=[(0.0, 0.0)],
    label="Bent valley",
    formula="x²/10 + s (y − sin x)², s = 2",
    source="made for this project",
    defaults={"steepness": 2.0},
)
