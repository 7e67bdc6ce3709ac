"""The losses that a spec can name; the engine takes any other function in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional

from simulate.errors import UserError


@dataclass(frozen=True)
class Loss:
    """A loss of outputs (n, …) and targets (n, …), averaged over the examples.

    Attributes
    ----------
    function : callable
        ``function(outputs, targets) -> Tensor, shape ()``.
    long_name, units : str
        What an axis says: "cross-entropy" in "nats".
    """

    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    long_name: str
    units: str = ""


LOSSES = {
    "cross_entropy": Loss(functional.cross_entropy, "cross-entropy", "nats"),
    "mse": Loss(functional.mse_loss, "mean squared error"),
}


def find(loss: str | Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> Loss:
    """Return the loss of that name, or a function in its place.

    Raises
    ------
    UserError
        If there is no such loss.
    """
    if callable(loss):
        return Loss(loss, getattr(loss, "__name__", "loss").replace("_", " "))
    if loss not in LOSSES:
        raise UserError(f"no loss is called {loss!r}; there is {', '.join(LOSSES)}")
    return LOSSES[loss]
