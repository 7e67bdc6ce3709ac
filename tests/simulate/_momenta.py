"""Optimizers at another momentum, by what their rows say of them."""

from __future__ import annotations

import math
from typing import Any

from simulate import registry


def own_momentum(name: str) -> float:
    """The momentum of a row of `simulate/optimizers`, or its β₁; NaN if it has neither."""
    defaults = registry.load("optimizers", name).defaults
    return float(defaults.get("momentum", defaults.get("betas", (math.nan,))[0]))


def at_momentum(name: str, mu: float) -> dict[str, Any]:
    """The settings of an optimizer that has a momentum, and has it so; {} where it is NaN."""
    defaults = registry.load("optimizers", name).defaults
    if math.isnan(mu):
        return {}
    if "momentum" not in defaults:
        return {"betas": (mu, defaults["betas"][1])}
    return {"momentum": mu} | ({"dampening": mu} if "dampening" in defaults else {})
