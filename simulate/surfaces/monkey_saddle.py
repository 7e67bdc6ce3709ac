"""A saddle for a monkey: three ways down, one for the tail; its Hessian vanishes at the pass."""

import torch

from simulate.surfaces import _base as base


def _monkey_saddle(theta: torch.Tensor) -> torch.Tensor:
    """(…, 2) -> (…)."""
    x, y = theta.unbind(-1)
    return x**3 - 3 * x * y**2


SURFACE = base.Surface(
    function=_monkey_saddle,
    domain=((-0.9, 1.5), (-0.6, 1.0)),
    start=(1.2, 0.001),
    minima=[],
    stationary=[(0.0, 0.0)],
    label="Monkey saddle",
    formula="x³ − 3xy²",
    source="Hilbert and Cohn-Vossen 1932, Anschauliche Geometrie, § 29",
    rates={"adagrad": 0.1},
)
