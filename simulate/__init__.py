"""Train real networks and record what happened: ``simulate.train``, ``simulate.loss_plane``, ….

Importing this package costs nothing: the names below are looked up when they are first used,
so that a figure that only reads a recording never waits for torch.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from simulate.storage.files import cache_directory

# numba keeps what it compiles beside the source, which is no place for it where this is installed.
if not (Path(__file__).resolve().parents[1] / "pyproject.toml").is_file():
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_directory() / "numba"))
    if "numba" in sys.modules:  # it has read the environment
        sys.modules["numba"].config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]

# Plain strings on purpose. An `import` statement, even inside a function, would make everything
# that imports this package depend on the loop (see `simulate.storage.code.closure`).
_HOMES = {
    "train": "simulate.training.train",
    "steps": "simulate.training.steps",
    "Step": "simulate.training.steps",
    "descend": "simulate.training.descend",
    "race": "simulate.training.racing",
    "watch": "simulate.training.watch",
    "execute": "simulate.training.execute",
    "restore": "simulate.training.snapshots",
    "probe": "simulate.probes._base",
    "Data": "simulate.data._base",
    "random_directions": "simulate.measures.planes",
    "pca_plane": "simulate.measures.planes",
    "loss_plane": "simulate.measures.planes",
    "loss_surface": "simulate.measures.loss_surface",
    "save": "simulate.recording",
    "load": "simulate.recording",
    "tidy": "simulate.recording",
    "UserError": "simulate.errors",
    "RunError": "simulate.errors",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Return the public name `name` from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simulate' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
