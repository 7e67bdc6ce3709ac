"""Train real networks and record what happened: ``simulate.train``, ``simulate.loss_plane``, ….

Importing this package costs nothing: the names below are looked up when they are first used,
so that a figure that only reads a recording never waits for torch.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

from simulate.errors import UserError
from simulate.storage.files import place_compiled

with suppress(UserError):  # whoever needs it hears of it; `teachnet doctor` says what helps
    place_compiled()

# Plain strings on purpose. An `import` statement, even inside a function, would make everything
# that imports this package depend on the loop (see `simulate.storage.code.closure`).
_HOMES = {
    "train": "simulate.training.train",
    "steps": "simulate.training.steps",
    "Step": "simulate.training.steps",
    "descend": "simulate.training.descend",
    "race": "simulate.training.racing",
    "tune": "simulate.training.tuning",
    "watch": "simulate.training.watch",
    "execute": "simulate.training.execute",
    "restore": "simulate.training.snapshots",
    "probe": "simulate.probes._base",
    "Data": "simulate.data._base",
    "random_directions": "simulate.measures.planes",
    "pca_plane": "simulate.measures.planes",
    "loss_plane": "simulate.measures.planes",
    "loss_surface": "simulate.measures.loss_surface",
    "attention": "simulate.measures.attention",
    "trace": "simulate.measures.trace",
    "passes": "simulate.measures.passes",
    "autograd_graph": "simulate.measures.autograd_graph",
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
