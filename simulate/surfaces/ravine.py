"""A narrow valley: one direction curves far more than the other."""

import torch

from simulate.surfaces import _base as base


def _ravine(theta: torch.Tensor, steepness: float) -> torch.Tensor:
    """(…, 2) -> (…); `steepness` is the ratio of the two curvatures."""
    x, y = theta.unbind(-1)
    return 0.5 * (x**2 + steepness * y**2)


SURFACE = base.Surface(
    function=_ravine,
    domain=((-4.0, 2.0), (-1.5, 1.5)),
    start=(-3.5, 1.0),
    minima=[(0.0, 0.0)],
    label="Ravine",
    formula="½ (x² + κ y²), κ = 20",
    source="Sutton 1986, Two problems with backpropagation; Goh, Distill 2017",
    defaults={"steepness": 20.0},
    rates={"sgd": 0.08},
)
