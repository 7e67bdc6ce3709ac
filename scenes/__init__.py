"""Films of recordings: ``scenes.film("loss_surface", recording, "mine.mp4")`` renders one.

Importing this package costs nothing; see `simulate` for why the name below is a string.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"film": "scenes.filming"}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Return the public name `name` from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'scenes' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
