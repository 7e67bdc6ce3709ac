"""Checks of what a caller gives, and optimizers and schedules from all the ways to name them."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, ReduceLROnPlateau

from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.schedules import _base as schedules

OPTIMIZERS = (
    "the name of an optimizer, a torch.optim.Optimizer, its class, or a function of parameters "
    "that returns one"
)
SCHEDULES = (
    "the name of a schedule, an LRScheduler of the optimizer that is given, or a function of the "
    "step that returns a factor of the learning rate"
)


def model(given: Any) -> nn.Module:
    """Return the model if it is one that can be trained."""
    if isinstance(given, type) or not isinstance(given, nn.Module):
        raise UserError(f"model is {shown(given)}; it takes a torch.nn.Module")
    params = list(given.parameters())
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in params):
        raise UserError("model has parameters without a shape; call it once on a batch first")
    if any(p.is_meta for p in params):
        raise UserError("model has parameters on the device meta, without numbers; load some first")
    if any(p.is_complex() for p in params):
        raise UserError("model has complex parameters; it takes real ones")
    if not any(p.requires_grad for p in params):
        raise UserError("model has no parameters that require gradients; there is nothing to train")
    return given


def count(value: Any, name: str, *, least: int = 1, none: bool = False) -> int | None:
    """Return a whole number that is at least `least`, or None where `none` allows it."""
    if value is None and none:
        return None
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or int(value) < least:
        raise UserError(f"{name} is {shown(value)}; it takes a whole number from {least} on")
    return int(value)


def seed(value: Any) -> int:
    """Return a seed."""
    found = count(value, "seed", least=0)
    assert found is not None
    if found >= 2**63:
        raise UserError(f"seed is {found}; it takes a whole number below 2**63")
    return found


def rate(value: Any) -> float | None:
    """Return a learning rate, or None."""
    if value is None:
        return None
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not math.isfinite(float(value)) or float(value) < 0:
        raise UserError(f"lr is {shown(value)}; it takes a finite number from 0 on")
    return float(value)


def function(value: Any, name: str) -> Callable[..., Any] | None:
    """Return a function, or None."""
    if value is not None and not callable(value):
        raise UserError(f"{name} is {shown(value)}; it takes a function")
    return value


def optimizer(given: Any, params: list[torch.Tensor], lr: Any = None) -> torch.optim.Optimizer:
    """Return an optimizer of these parameters.

    Parameters
    ----------
    given : str, specs.Optimizer, torch.optim.Optimizer, its class, or callable
        What `OPTIMIZERS` says.
    params : list of Tensor
        What it is to change.
    lr : float or None
        Learning rate. None takes what the spec or the object says; the optimizer's own default
        in torch for a name or a class.

    Raises
    ------
    UserError
        If there is no such optimizer, or it is for other parameters.
    """
    lr = rate(lr)
    if isinstance(given, str):
        row: optimizers.Optimizer = registry.load("optimizers", given)
        own = inspect.signature(row.build).parameters.get("lr")
        if lr is None and own is not None and isinstance(own.default, float):
            # The rows' rates are for surfaces of two parameters; torch's are for networks.
            lr = own.default
        return optimizers.make(given, params, {} if lr is None else {"lr": lr})
    if isinstance(given, specs.Optimizer):
        settings = given.settings if lr is None else {**given.settings, "lr": lr}
        return optimizers.make(given.name, params, settings)
    if isinstance(given, torch.optim.Optimizer):
        if lr is not None:
            raise UserError(f"lr is {lr:g}, but optimizer is an object that has its own; omit lr")
        return _fitting(given, params)
    if not callable(given):
        raise UserError(f"optimizer is {shown(given)}; it takes {OPTIMIZERS}")
    is_class = isinstance(given, type) and issubclass(given, torch.optim.Optimizer)
    if lr is not None and not is_class:
        raise UserError(f"lr is {lr:g}, but optimizer is a function that sets its own; omit lr")
    try:
        found = given(params, **({} if lr is None else {"lr": lr}))
    except Exception as error:
        raise UserError(f"optimizer {shown(given)} can't be made: {one_line(error)}") from error
    if not isinstance(found, torch.optim.Optimizer):
        raise UserError(f"optimizer returned {shown(found)}; it takes {OPTIMIZERS}")
    return _fitting(found, params)


def _fitting(found: torch.optim.Optimizer, params: list[torch.Tensor]) -> torch.optim.Optimizer:
    held = [p for group in found.param_groups for p in group["params"]]
    known = {id(p) for p in params}
    if not all(id(p) in known for p in held):
        raise UserError(
            f"optimizer {type(found).__name__} holds parameters that are not the model's; make it "
            "of model.parameters(), after the model is on its device"
        )
    if "lr" not in found.param_groups[0]:
        raise UserError(f"optimizer {type(found).__name__} has no learning rate called 'lr'")
    return found


def schedule(given: Any, chosen: torch.optim.Optimizer, n_steps: int) -> LRScheduler | None:
    """Return a schedule of an optimizer's learning rate over a run.

    Raises
    ------
    UserError
        If it isn't one of `SCHEDULES`.
    """
    if given is None:
        return None
    if isinstance(given, str):
        return schedules.make(given, chosen, n_steps, None)
    if isinstance(given, specs.Schedule):
        return schedules.make(given.name, chosen, n_steps, given.settings)
    if isinstance(given, ReduceLROnPlateau):
        raise UserError("schedule is a ReduceLROnPlateau, which needs a metric; it isn't supported")
    if isinstance(given, LRScheduler):
        if given.optimizer is not chosen:
            raise UserError(
                f"schedule {type(given).__name__} belongs to another optimizer; give that one as "
                "optimizer"
            )
        return given
    if isinstance(given, type) or not callable(given):
        raise UserError(f"schedule is {shown(given)}; it takes {SCHEDULES}")
    try:
        first = float(given(0))
    except Exception as error:
        raise UserError(f"schedule can't be called with step 0: {one_line(error)}") from error
    if not 0 <= first < math.inf:
        raise UserError(f"schedule returns {first} at step 0; a factor is a number from 0 on")
    return LambdaLR(chosen, given)


def name_of(given: Any, made: torch.optim.Optimizer) -> str:
    """Return what a recording calls an optimizer: its row, or its class."""
    if isinstance(given, str):
        return given
    return given.name if isinstance(given, specs.Optimizer) else type(made).__name__


def shown(value: Any) -> str:
    """Return a value as a message shows it, short and on one line."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, str | int | float | bool | type(None)):
        return repr(value)[:60]
    if isinstance(value, tuple | list | dict | set):
        return f"a {type(value).__name__} of {len(value)}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    return f"a {type(value).__name__}"


def one_line(error: BaseException) -> str:
    """Return an error's type and the first line of what it says."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
