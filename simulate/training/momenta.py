"""What an optimizer's momentum is, and the same optimizer at others: what searches ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers


def at_momenta(spec: specs.Optimizer, momenta: Sequence[float]) -> list[specs.Optimizer]:
    """Return an optimizer as it is given, then at each other momentum, if it has one."""
    for mu in momenta:
        if not 0 < mu < 1:
            raise UserError(f"momenta are between 0 and 1, and {mu} is not")
    own = momentum_of(spec)
    others = [] if own is None else [mu for mu in dict.fromkeys(momenta) if mu != own]
    return [spec, *(with_momentum(spec, mu) for mu in others)]


def momentum_of(spec: specs.Optimizer) -> float | None:
    """Return an optimizer's momentum, or its β₁, which is one; None if it has neither."""
    settings = settings_of(spec)
    if "momentum" in settings:
        return float(settings["momentum"])
    return float(settings["betas"][0]) if "betas" in settings else None


def with_momentum(spec: specs.Optimizer, mu: float) -> specs.Optimizer:
    """Return an optimizer with another momentum; as it is where that is NaN or its own."""
    if np.isnan(mu) or mu == momentum_of(spec):
        return spec
    settings = settings_of(spec)
    if "momentum" not in settings:
        return specs.updated(
            spec, {"settings": {**spec.settings, "betas": (mu, *settings["betas"][1:])}}
        )
    changed: dict[str, Any] = {"momentum": mu}
    if settings.get("dampening") == settings["momentum"]:  # which makes it an average
        changed["dampening"] = mu
    return specs.updated(spec, {"settings": {**spec.settings, **changed}})


def settings_of(spec: specs.Optimizer) -> dict[str, Any]:
    """Return all settings of an optimizer: its row's, and over them its own."""
    row: optimizers.Optimizer = registry.load("optimizers", spec.name)
    return {**row.defaults, **spec.settings}
