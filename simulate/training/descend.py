"""Descending a function of a few parameters: the same loop, the parameters being the model."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate import specs
from simulate.errors import UserError
from simulate.probes._base import Own, said
from simulate.training import arguments, losses
from simulate.training.examples import Batch
from simulate.training.forward import Forward
from simulate.training.probing import Probing
from simulate.training.steps import Context, Loop, Step
from simulate.training.train import Progress, _Report

DTYPES = ("float64", "float32")


def descend(
    function: Callable[[torch.Tensor], torch.Tensor],
    start: Sequence[float],
    *,
    optimizer: Any = "sgd",
    lr: float | None = None,
    schedule: Any = None,
    steps: int = 100,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Go down a function of a few parameters and return the path.

    A path that diverges is recorded as it is, infinities and NaN included.

    Parameters
    ----------
    function : callable
        The loss, a scalar Tensor, of θ, a Tensor of shape (n_params,).
    start : sequence of float
        θ at step 0.
    optimizer, lr, schedule, progress
        As in `simulate.train`, but that a row's own rate holds, which is for surfaces; an optimizer
        can't be an object, whose parameters are others.
    steps : int
        Number of updates.
    dtype : {"float64", "float32"}
        In which to compute.

    Returns
    -------
    Dataset
        ``theta`` and ``gradient`` (step, param), ``loss``, ``grad_norm``, ``lr`` and ``seconds``
        (step), all of them at θ of that step.

    Raises
    ------
    UserError
        If an argument can't be taken.

    Examples
    --------
    >>> path = descend(lambda theta: (theta**2).sum(), (1.0, -2.0), lr=0.25, steps=2)
    >>> path.theta.values[-1].tolist()
    [0.25, -0.5]
    """
    n_steps = arguments.count(steps, "steps")
    assert n_steps is not None
    if not callable(function):
        raise UserError(f"function is {arguments.shown(function)}; it takes a function of θ")
    if dtype not in DTYPES:
        raise UserError(f"dtype is {arguments.shown(dtype)}; there is {', '.join(DTYPES)}")
    point = _Point(_start(start), getattr(torch, dtype))
    # The rows' rates are for surfaces.
    chosen = specs.Optimizer(name=optimizer) if isinstance(optimizer, str) else optimizer
    made = arguments.optimizer(chosen, [point.theta], lr)
    loop = Loop(
        model=point,
        batches=_Nothing(),
        optimizer=made,
        schedule=arguments.schedule(schedule, made, n_steps),
        context=Context(
            losses.Loss(lambda theta, _: function(theta), "loss"), Forward(point), of_batch=False
        ),
        n_steps=n_steps,
        looked_at=lambda number, starts_epoch: False,
    )
    first_lr = float(made.param_groups[0]["lr"])
    probing = Probing([Own(_place, "place"), "scalars"], n_steps)
    report = _Report(progress, n_steps)
    for step in loop:
        probing.see(step)
        if progress is not None:
            report(step.number, step.loss.item())
    return probing.dataset().assign_attrs(
        optimizer=arguments.name_of(chosen, made),
        lr=first_lr,
        n_steps=n_steps,
        n_params=len(start),
        backend="eager",
        backend_reason="descents have no other",
        device="cpu",
    )


class _Point(nn.Module):
    """θ, as a model whose outputs are its parameters."""

    def __init__(self, start: list[float], dtype: torch.dtype) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(start, dtype=dtype))

    def forward(self) -> torch.Tensor:
        return self.theta


class _Nothing:
    """No examples: the function is all there is."""

    steps_per_epoch: int | None = None
    epoch, starts_epoch = 0, False

    def batch(self, step: int) -> Batch:
        return (), None

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any], step: int) -> None:
        pass


def _place(step: Step) -> dict[str, tuple]:
    theta = step.model.theta
    gradient = np.zeros(len(theta)) if theta.grad is None else theta.grad
    return {
        "theta": ("param", theta, said("parameters")),
        "gradient": ("param", gradient, said("gradient")),
    }


def _start(start: Any) -> list[float]:
    try:
        found = [float(value) for value in start]
    except (TypeError, ValueError):
        found = []
    if not found or not all(map(math.isfinite, found)):
        raise UserError(f"start is {arguments.shown(start)}; it takes finite numbers, (1.0, 2.0)")
    return found
