"""The folder of somebody's own rows, beside those of the clone.

A project folder has a file ``teachnet.toml`` in it, and ``optimizers``, ``surfaces``, ``data``,
``models``, ``schedules``, ``experiments``, ``figures``, ``scenes``, as far as it needs them. Its
modules are imported as ``teachnet_project.optimizers.lion``, whatever the folder is called and
wherever it lies, so that they are the same to a worker, a digest or a receipt.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from simulate.errors import UserError
from simulate.storage.sources import once

CLONE = Path(__file__).resolve().parent.parent
PACKAGE = "teachnet_project"
MARK = "teachnet.toml"
VARIABLE = "TEACHNET_PROJECT"


def own() -> Path | None:
    """Return the project folder: that of ``TEACHNET_PROJECT``, else the current one if it is one.

    Raises
    ------
    UserError
        If ``TEACHNET_PROJECT`` names no project folder.
    """
    return once(own, _own)


def _own() -> Path | None:
    given = os.environ.get(VARIABLE)
    if given:
        return checked(Path(given))
    try:
        here = Path.cwd()
    except FileNotFoundError:  # somebody deleted it
        return None
    return here if (here / MARK).is_file() and here != CLONE else None


def checked(folder: Path) -> Path:
    """Return a project folder's whole path; `UserError` if it is none."""
    if not (folder / MARK).is_file():
        raise UserError(
            f"{folder} is no project folder, for it has no {MARK}; "
            f"make one with `teachnet new {folder}`"
        )
    return folder.resolve()


def is_own(module: str) -> bool:
    """Tell whether a module is one of the project folder, from its name."""
    return module.partition(".")[0] == PACKAGE


def load(module: str) -> ModuleType:
    """Import a module of the clone or of the project folder.

    Raises
    ------
    UserError
        If a file of the project folder can't be imported; the message names file and line.
    """
    if not is_own(module):
        return import_module(module)
    _forget_others()
    try:
        return import_module(module)
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{_place(error, module)}: {_said(error)}; correct the file") from error


def _forget_others() -> None:
    """Forget the modules of another folder, from before this one was chosen."""
    known = sys.modules.get(PACKAGE)
    if known is not None and list(known.__path__) != [str(own())]:
        for name in [name for name in sys.modules if is_own(name)]:
            del sys.modules[name]


def _place(error: Exception, module: str) -> str:
    """Return the file and line of the project folder at which an import failed."""
    folder = own()
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if folder is not None and Path(frame.filename).is_relative_to(folder):
            return f"{frame.filename}:{frame.lineno}"
    return module


def _said(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return error.msg
    return " ".join(f"{type(error).__name__}: {error}".split())


class ProjectFinder:
    """Finds the package that stands for the project folder; Python finds what is in it."""

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of `PACKAGE`, None for any other module."""
        folder = own() if name == PACKAGE else None
        if folder is None:
            return None
        spec = ModuleSpec(PACKAGE, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        return spec


# Before the others: a folder beside the project must not be taken for it because of its name.
if not any(getattr(finder, "__name__", "") == ProjectFinder.__name__ for finder in sys.meta_path):
    sys.meta_path.insert(0, ProjectFinder)
