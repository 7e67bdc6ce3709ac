"""A point on a surface that every example tilts its own way: descent with real mini-batch noise.

The loss of one example x is f(θ) + x·θ, so its gradient is ∇f(θ) + x: the surface's, and the
example. Examples that cancel on average leave the surface as it is and make its gradient noisy;
with no surface at all, examples in order are the gradients themselves, the same for whoever steps.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import nn

from simulate import registry
from simulate.errors import UserError
from simulate.models import _base as base


class Point(nn.Module):
    """θ, as a model whose outputs are the losses of its examples."""

    def __init__(self, start: list[float], surface: str, settings: dict[str, Any]) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(start, dtype=torch.float64))
        self._height = None
        if surface:
            row: Any = registry.load("surfaces", surface)
            given = registry.merged(f"surface {surface!r}", row.defaults, settings)
            self._height = partial(row.function, **given)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the losses of examples (n, n_params), shape (n, 1)."""
        tilted = x @ self.theta
        if self._height is not None:
            tilted = tilted + self._height(self.theta)
        return tilted[:, None]


def _build(start: list[float], surface: str, settings: dict[str, Any]) -> Point:
    """Return the point.

    Parameters
    ----------
    start : list of float
        θ at step 0.
    surface : str
        A row of ``simulate/surfaces``, of as many parameters; "" for level ground.
    settings : dict
        Of the surface, merged over its row's defaults.
    """
    if not start or not all(isinstance(value, int | float) for value in start):
        raise UserError(f"start is {start}; give one number a parameter")
    return Point(start, surface, settings)


MODEL = base.Model(
    build=_build,
    label="point on a surface",
    source="an analytic surface, tilted by each example",
    defaults={"start": [0.0], "surface": "", "settings": {}},
)
