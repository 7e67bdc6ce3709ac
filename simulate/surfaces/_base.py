"""What an analytic surface's row is, and how its function is got from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from simulate import registry
from simulate.registry import merged


@dataclass(frozen=True)
class Surface:
    """A row: a loss of a few parameters that can be written down.

    Attributes
    ----------
    function : callable
        ``function(theta, **settings)``: theta of shape (…, n_params), any float type; the loss,
        shape (…).
    domain : tuple of (float, float)
        The box that is drawn, and that a path leaves when it diverges; one range a parameter.
    start : tuple of float
        Where descents begin unless another point is given.
    minima : list of tuple of float
        All global minima; empty where the loss is unbounded below.
    label, formula, source : str
        Its name, its loss as a formula of θ₁ = x and θ₂ = y, and where it comes from.
    stationary : list of tuple of float
        Points that are no minima and where the gradient vanishes too, if it is known for them.
    rates : dict of str to float
        Optimizer -> learning rate to use here. Methods that step in proportion to the gradient need
        one on steep surfaces; those that aren't named use their own default.
    defaults : dict
        The settings that `function` takes, and what holds unless others are given.
    """

    function: Callable[..., torch.Tensor]
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    minima: list[tuple[float, ...]]
    label: str
    formula: str
    source: str
    stationary: list[tuple[float, ...]] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)


def function(
    name: str, settings: dict[str, Any] | None = None
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the loss of a surface of the registry, its settings merged over the row's defaults.

    Raises
    ------
    UserError
        If there is no such surface or setting.

    Examples
    --------
    >>> function("quadratic", {"curvature": 2.0})(torch.tensor([3.0]))
    tensor(9.)
    """
    row: Surface = registry.load("surfaces", name)
    return partial(row.function, **merged(f"surface {name!r}", row.defaults, settings))
