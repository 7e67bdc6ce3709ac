"""The evaluation trace of f(x₁, x₂) = x₁x₂ + exp(x₁x₂) − sin x₂, with derivatives both ways.

Source 001 writes the adjoint of v₂ as v̄₂v₁ + v̄₄cos v₂; it is v̄₃v₁ + v̄₄cos v₂.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import torch
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """Where the function is evaluated.

    Attributes
    ----------
    x1, x2 : float
        At 2 and 0.5, all that is printed to two decimals follows from what is printed.
    """

    x1: float = 2.0
    x2: float = 0.5


EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=Settings(), label="a function, step by step, and its derivatives"
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: there is nothing to train."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Trace the function.

    What `simulate.trace` records, and as attributes ``x1`` and ``x2``, ``adjoint_1`` and
    ``adjoint_2``, the derivatives by them, ``n_operations``, and ``expression``, the function
    in LaTeX.
    """
    from simulate.measures.trace import trace

    found = trace(function, x1=settings.x1, x2=settings.x2)
    n_operations = found.attrs["n_variables"] - found.attrs["n_inputs"]
    adjoints = {f"adjoint_{i}": float(found.adjoint[i - 1]) for i in (1, 2)}
    return found.assign_attrs(
        x1=settings.x1, x2=settings.x2, n_operations=n_operations, expression=EXPRESSION, **adjoints
    )


EXPRESSION = r"f(x_1, x_2) = x_1 x_2 + \exp(x_1 x_2) - \sin x_2"


def function(x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
    """Return x₁x₂ + exp(x₁x₂) − sin x₂, in the order of source 001."""
    import torch

    product = x1 * x2
    sine = torch.sin(x2)
    exponential = torch.exp(product)
    difference = product - sine
    return exponential + difference
