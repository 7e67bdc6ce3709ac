"""What a learning rate schedule's row is, and how one is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from simulate import registry
from simulate.errors import UserError
from simulate.registry import merged


@dataclass(frozen=True)
class Schedule:
    """A row: how the learning rate changes from step to step.

    Attributes
    ----------
    build : callable
        ``build(optimizer, n_steps=…, **settings) -> torch.optim.lr_scheduler.LRScheduler``,
        stepped once after every step of the optimizer.
    label, formula, source : str
        Its name in pictures, the rate η at step t as a formula, and where it comes from.
    defaults : dict
        The settings that `build` takes, and what holds unless others are given.
    """

    build: Callable[..., torch.optim.lr_scheduler.LRScheduler]
    label: str
    formula: str
    source: str
    defaults: dict[str, Any] = field(default_factory=dict)


def make(
    name: str, optimizer: torch.optim.Optimizer, n_steps: int, settings: dict[str, Any] | None
) -> torch.optim.lr_scheduler.LRScheduler:
    """Return a schedule of the registry for an optimizer and a run of `n_steps` steps.

    Raises
    ------
    UserError
        If there is no such schedule or setting, or torch refuses a value.
    """
    row: Schedule = registry.load("schedules", name)
    given = merged(f"schedule {name!r}", row.defaults, settings)
    try:
        return row.build(optimizer, n_steps=n_steps, **given)
    except (TypeError, ValueError) as error:
        raise UserError(f"schedule {name!r} with {given}: {error}") from None
