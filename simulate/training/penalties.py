"""Penalties: what is added to the loss for the size of the weights, before it is differentiated.

Weights are parameters with two axes or more; biases, and scales of a normalization, go free. With
plain gradient descent, "l2" of strength λ is torch's ``weight_decay`` of 2λ on the weights. With
adaptive methods it is not: there the penalty's slope is divided as the loss's is, where the decay
of AdamW stays outside.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from simulate.errors import UserError
from simulate.training import arguments

Penalty = Callable[[nn.Module], torch.Tensor]

# Name -> a weight's share in it. Their slopes are sgn w, 0 at 0, and 2w.
PENALTIES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "l1": torch.abs,
    "l2": torch.square,
}
TAKES = "names with strengths, such as {'l1': 0.001}, or a function of the model"


def find(given: Any) -> Penalty | None:
    """Return a function of the model that gives the penalty; None where there is none.

    Parameters
    ----------
    given : None, dict of str to float, or callable
        What `TAKES` says; several names add up.

    Raises
    ------
    UserError
        If there is no such penalty, or a strength is no finite number from 0 on.

    Examples
    --------
    >>> line = nn.Linear(2, 1)
    >>> _ = nn.init.constant_(line.weight, -3.0)
    >>> find({"l1": 0.5})(line).item(), find({"l2": 0.5})(line).item()
    (3.0, 9.0)
    """
    if given is None:
        return None
    if not isinstance(given, Mapping):
        if isinstance(given, str | type) or not callable(given):
            raise UserError(f"penalty is {arguments.shown(given)}; it takes {TAKES}")
        return given
    strengths = {name: _strength(name, value) for name, value in given.items()}
    terms = [(PENALTIES[name], value) for name, value in strengths.items() if value > 0]
    if not terms:
        return None

    def penalty(model: nn.Module) -> torch.Tensor:
        weights = [param for param in model.parameters() if param.ndim > 1]
        total = sum(strength * share(w).sum() for share, strength in terms for w in weights)
        return torch.as_tensor(total)

    return penalty


def name_of(given: Any) -> str:
    """Return a penalty in a few words, as a recording keeps it; empty where there is none."""
    if isinstance(given, Mapping):
        return ", ".join(f"{name} {value:g}" for name, value in given.items() if value > 0)
    return "" if given is None else getattr(given, "__name__", type(given).__name__)


def _strength(name: Any, value: Any) -> float:
    if name not in PENALTIES:
        raise UserError(f"no penalty is called {name!r}; there is {', '.join(PENALTIES)}")
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not math.isfinite(float(value)) or float(value) < 0:
        raise UserError(
            f"penalty {name!r} is {arguments.shown(value)}; it takes a finite number from 0 on"
        )
    return float(value)
