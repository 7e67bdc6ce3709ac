"""Figures and tables of recordings: ``figures.draw("loss_surface", recording)`` draws one.

Importing this package costs nothing; see `simulate` for why the name below is a string.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"draw": "figures.drawing", "interact": "figures.drawing"}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Return the public name `name` from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'figures' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
