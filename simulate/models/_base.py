"""What a network's row is, and how a network with seeded initial weights is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from simulate import registry
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


def make(name: str, settings: dict[str, Any] | None = None, seed: int = 0) -> nn.Module:
    """Return a network of the registry; the same seed gives the same weights.

    Raises
    ------
    UserError
        If there is no such network or setting, or a setting can't be.
    """
    row: Model = registry.load("models", name)
    given = merged(f"model {name!r}", row.defaults, settings)
    with torch.random.fork_rng(devices=[]):  # leaves the caller's generator as it was
        torch.manual_seed(seed)
        return row.build(**given)
