"""Losses: those that a spec can name, any other function in their place, and what hits are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from simulate.errors import UserError

Function = Callable[[Any, Any], torch.Tensor]


@dataclass(frozen=True)
class Loss:
    """A loss of outputs (n, …) and targets (n, …).

    Attributes
    ----------
    function : callable
        ``function(outputs, targets) -> Tensor, shape ()``.
    long_name, units : str
        What an axis says: "cross-entropy" in "nats".
    mean : bool
        Whether it is known to be a plain mean over examples, so that the losses of parts of a set
        make up that of the whole.
    real : bool
        Whether targets are real numbers, also where they are given as integers.
    threshold : float or None
        Of losses that take one output for two classes: above it stands class 1.
    """

    function: Function
    long_name: str
    units: str = ""
    mean: bool = False
    real: bool = False
    threshold: float | None = None


def _cross_entropy_each(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Sum over networks, so that each one's gradient is what it would be alone.

    Outputs are (network, n, class), as `simulate.models.mlps` gives them.
    """
    count = len(outputs)
    return count * functional.cross_entropy(outputs.flatten(0, 1), targets.repeat(count))


def _output(outputs: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
    """Take outputs for the losses of their examples, as those of `simulate.models.point` are."""
    return outputs.mean()


LOSSES = {
    "cross_entropy": Loss(functional.cross_entropy, "cross-entropy", "nats", mean=True),
    "cross_entropy_each": Loss(
        _cross_entropy_each, "cross-entropy of all networks", "nats", mean=True
    ),
    "binary_cross_entropy": Loss(
        functional.binary_cross_entropy_with_logits,
        "binary cross-entropy",
        "nats",
        mean=True,
        real=True,
        threshold=0.0,
    ),
    "mse": Loss(functional.mse_loss, "mean squared error", mean=True, real=True),
    "output": Loss(_output, "loss", mean=True, real=True),
}

# torch's own functions and modules that are one of the above, as long as they are left at their
# defaults.
_FUNCTIONS = {loss.function: loss for loss in LOSSES.values()}
_MODULES: dict[type, str] = {
    nn.CrossEntropyLoss: "cross_entropy",
    nn.BCEWithLogitsLoss: "binary_cross_entropy",
    nn.MSELoss: "mse",
}


def find(loss: str | Function) -> Loss:
    """Return the loss of that name, or a function or module in its place.

    Raises
    ------
    UserError
        If there is no such loss, or it is no function.
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise UserError(f"no loss is called {loss!r}; there is {', '.join(LOSSES)}")
        return LOSSES[loss]
    if isinstance(loss, type) or not callable(loss):
        raise UserError(
            f"loss is {loss!r}; it takes {', '.join(map(repr, LOSSES))}, or a function of outputs "
            "and targets"
        )
    try:
        if loss in _FUNCTIONS:
            return _FUNCTIONS[loss]
    except TypeError:  # something callable that can't be hashed
        pass
    if isinstance(loss, nn.Module):
        return _module(loss)
    return Loss(loss, getattr(loss, "__name__", type(loss).__name__).strip("<>").replace("_", " "))


def _module(criterion: nn.Module) -> Loss:
    """Return a criterion of torch as the loss that it is, any other as one nothing is known of."""
    kind = type(criterion)
    known = kind in _MODULES and not _has_hooks(criterion)
    if known and _settings(criterion) == _settings(kind()):
        return LOSSES[_MODULES[kind]]
    return Loss(criterion, kind.__name__)


def _settings(module: nn.Module) -> dict[str, str]:
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return {name: repr(value) for name, value in own.items() if name != "training"} | {
        name: repr(value) for name, value in module.named_buffers()
    }


def _has_hooks(module: nn.Module) -> bool:
    return any(
        getattr(module, name, None)
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    )


def is_plain_mean(loss: Loss, targets: Any) -> bool:
    """Tell whether the losses of parts of these examples, weighed by their numbers, add up.

    An ignored label (below 0) makes cross-entropy the mean over the others alone.
    """
    if not (loss.mean and isinstance(targets, torch.Tensor)):
        return False
    return targets.is_floating_point() or not bool((targets < 0).any())


def hits(outputs: Any, targets: Any, loss: Loss) -> torch.Tensor | None:
    """Return which answers are right, None where that isn't defined.

    Right is the largest of several outputs where targets are class numbers; and the right side of
    the threshold where a loss takes one output for two classes. Ignored labels are left out.

    Returns
    -------
    Tensor of bool, shape (n_answers,) or (network, n)
    """
    if not (isinstance(outputs, torch.Tensor) and isinstance(targets, torch.Tensor)):
        return None
    if loss.threshold is not None:
        if outputs.shape != targets.shape or not bool(((targets == 0) | (targets == 1)).all()):
            return None
        return (outputs > loss.threshold) == (targets > 0.5)
    if targets.is_floating_point() or targets.dtype == torch.bool or outputs.ndim < 2:
        return None
    classes_second = loss is LOSSES["cross_entropy"] and outputs.ndim > 2
    axis = 1 if classes_second else -1
    if outputs.shape[axis] < 2:
        return None
    answers = outputs.argmax(axis)
    if answers.shape != targets.shape and answers.shape[1:] != targets.shape:
        return None
    right = answers == targets  # (n, …), or (network, n) of many at once
    counted = targets >= 0
    return right if bool(counted.all()) else right[..., counted]
