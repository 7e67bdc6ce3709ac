"""What a network's row is, and how a network with seeded initial weights is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from simulate import registry
from simulate.errors import UserError
from simulate.registry import merged


@dataclass(frozen=True)
class Model:
    """A row: how to build a network.

    Attributes
    ----------
    build : callable
        ``build(**settings) -> nn.Module``, its weights drawn from torch's global generator.
    label, source : str
        Its name in pictures, and where it comes from.
    defaults : dict
        The settings that `build` takes, and what holds unless others are given.
    """

    build: Callable[..., nn.Module]
    label: str
    source: str
    defaults: dict[str, Any] = field(default_factory=dict)


CLASSES = "classes"  # in a model's settings: as many as the examples have classes


def make(
    name: str,
    settings: dict[str, Any] | None = None,
    seed: int = 0,
    n_classes: int | None = None,
) -> nn.Module:
    """Return a network of the registry; the same seed gives the same weights.

    Parameters
    ----------
    name : str
        The model's row.
    settings : dict or None
        Merged over the row's defaults. The word "classes" in a list of widths stands for
        `n_classes`.
    seed : int
        Of the initial weights.
    n_classes : int or None
        Of the examples that it is made for.

    Raises
    ------
    UserError
        If there is no such network or setting, or a setting can't be.
    """
    row: Model = registry.load("models", name)
    given = {
        key: _sized(value, n_classes)
        for key, value in merged(f"model {name!r}", row.defaults, settings).items()
    }
    with torch.random.fork_rng(devices=[]):  # leaves the caller's generator as it was
        torch.manual_seed(seed)
        return row.build(**given)


def _sized(value: Any, n_classes: int | None) -> Any:
    """Put the number of classes where a list of widths has the word."""
    if not isinstance(value, list | tuple) or CLASSES not in value:
        return value
    if n_classes is None:
        raise UserError(f"widths are {value}, and the examples have no classes; give a number")
    return [n_classes if each == CLASSES else each for each in value]
