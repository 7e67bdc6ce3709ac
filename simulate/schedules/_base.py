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
    label, source : str
        Its name in pictures, and where it comes from.
    formula : str
        The rate at step t = 0, 1, …, T of a run of T steps, of η₀, the optimizer's own rate, which
        is the highest of a schedule that warms up or cycles. Letters stand side by side for their
        product, and what is short for something is said behind a comma:
        ``"η₀ min(1, (t + 1)/w), w = max(1, round(sT))"``. A test computes it, and compares.
    defaults : dict
        The settings that `build` takes, and what holds unless others are given.
    symbols : dict of str to str
        The letters that stand for the settings in the formula.
    momentum : str
        The momentum at step t as a formula, where the schedule changes it too.
    """

    build: Callable[..., torch.optim.lr_scheduler.LRScheduler]
    label: str
    formula: str
    source: str
    defaults: dict[str, Any] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    momentum: str = ""


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
