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


def _cross_entropy_each(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Sum over networks, so that each one's gradient is what it would be alone.

    Outputs are (network, n, class), as `simulate.models.mlps` gives them.
    """
    count = len(outputs)
    return count * functional.cross_entropy(outputs.flatten(0, 1), targets.repeat(count))


LOSSES = {
    "cross_entropy": Loss(functional.cross_entropy, "cross-entropy", "nats"),
    "cross_entropy_each": Loss(_cross_entropy_each, "cross-entropy of all networks", "nats"),
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
