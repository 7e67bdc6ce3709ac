"""Finds the rows: one file is one optimizer, surface, dataset, model, probe, experiment, ….

They are those of the clone and those of the project folder, if there is one (`simulate.roots`).
A row is the module's top-level ``SYMBOL = something(...)``. Its literal keywords are read from the
source, so listing rows, or asking for a label or a colour, imports neither the row nor torch. Only
`load` imports.
"""

from __future__ import annotations

import difflib
import glob
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulate import roots
from simulate.errors import UserError
from simulate.storage.sources import facts, note_names, once

PROJECT = Path(__file__).resolve().parent.parent  # the clone: parent of simulate/, figures/, …

PARTS = "parts"  # folder of what visuals are made with; every other one is a chapter

# kind -> (package, the name that a row's module gives to its row)
KINDS = {
    "optimizers": ("simulate.optimizers", "OPTIMIZER"),
    "surfaces": ("simulate.surfaces", "SURFACE"),
    "datasets": ("simulate.data", "DATASET"),
    "models": ("simulate.models", "MODEL"),
    "schedules": ("simulate.schedules", "SCHEDULE"),
    "probes": ("simulate.probes", "PROBE"),
    "experiments": ("simulate.experiments", "EXPERIMENT"),
}


@dataclass(frozen=True)
class Row:
    """What a row says about itself in its source.

    Attributes
    ----------
    name : str
        The file's stem, which is the row's name everywhere.
    kind : str
        A key of `KINDS`, or what the caller of `read` called it.
    module : str
        Importable name, such as ``simulate.optimizers.adam``.
    path : Path
        The file.
    doc : str
        First line of the module's docstring.
    fields : dict
        The literal keywords of the row's call; also reachable as attributes (``row.label``).
        Those that aren't literals (``build=torch.optim.Adam``) are absent.
    error : str
        What is wrong with a file of the project folder, with its line; it stops this row alone.
    """

    name: str
    kind: str
    module: str
    path: Path
    doc: str
    fields: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "fields":  # keeps copy and pickle from recursing
            raise AttributeError(name)
        self.check()
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f"{self.path}: no literal field {name!r}") from None

    def check(self) -> Row:
        """Return the row; `UserError` with file and line if its file is broken."""
        if self.error:
            raise UserError(self.error)
        return self


def read(
    package_dir: Path, package: str, symbol: str, kind: str = "", *, only: str = ""
) -> dict[str, Row]:
    """Read the rows below a folder from their source.

    Parameters
    ----------
    package_dir : Path
        Folder to search, with its sub-folders (chapters), not deeper. Names that start with ``_``
        or ``.`` are helpers, not rows; so is what lies in `PARTS`, and files without `symbol`.
    package : str
        Importable name of that folder.
    symbol : str
        The name that a row has in its module, such as ``OPTIMIZER``.
    kind : str, default: the last part of `package`
        Goes into `Row.kind`.
    only : str, optional
        Read the row of this name alone: one file in place of a hundred.

    Returns
    -------
    dict of str to Row
        Sorted by name.

    Raises
    ------
    UserError
        If two files have one stem, or a file of the clone isn't valid Python (named with the
        line). Such a file of the project folder is a row with an `Row.error`.
    """
    key = (read, package_dir, symbol, only)
    return dict(once(key, lambda: _read(package_dir, package, symbol, kind, only)))


def _read(package_dir: Path, package: str, symbol: str, kind: str, only: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    files = f"{glob.escape(only) or '*'}.py"
    # No deeper: a project's data folder may hold a great many files.
    for path in sorted([*package_dir.glob(files), *package_dir.glob(f"*/{files}")]):
        parts = path.relative_to(package_dir).with_suffix("").parts
        if parts[0] == PARTS or any(part.startswith(("_", ".")) for part in parts):
            continue
        name, module = parts[-1], ".".join((package, *parts))
        kind = kind or package.rpartition(".")[2]
        try:
            said = facts(path)
        except UserError as error:
            if not roots.is_own(package):
                raise
            row = Row(name, kind, module, path, doc=str(error), error=str(error))
        else:
            if said.symbol != symbol:
                continue
            row = Row(name, kind, module, path, said.doc, said.fields)
        found = _both(found, {name: row}, kind)
    if not only:
        note_names(package_dir, sorted(found))
    return dict(sorted(found.items()))


def _both(some: dict[str, Row], others: dict[str, Row], kind: str) -> dict[str, Row]:
    for name in some.keys() & others.keys():
        raise UserError(
            f"two {kind} are called {name!r}: {some[name].path} and {others[name].path}; "
            "rename one of them"
        )
    return some | others


def everywhere(package: str, symbol: str, kind: str, *, only: str = "") -> dict[str, Row]:
    """Return the rows of a package of the clone, and of the project folder of the same name.

    Errors are those of `read`, also where a row of the one is called like a row of the other.
    """
    key = (everywhere, package, symbol, only)
    return dict(once(key, lambda: _everywhere(package, symbol, kind, only)))


def _everywhere(package: str, symbol: str, kind: str, only: str) -> dict[str, Row]:
    found = read(PROJECT.joinpath(*package.split(".")), package, symbol, kind, only=only)
    folder = roots.own()
    if folder is None:
        return found
    name = package.rpartition(".")[2]
    added = read(folder / name, f"{roots.PACKAGE}.{name}", symbol, kind, only=only)
    return dict(sorted(_both(found, added, kind).items()))


def rows(kind: str) -> dict[str, Row]:
    """Return all rows of a kind by name, sorted; imports none of them."""
    return everywhere(*_kind(kind), kind)


def folders(kind: str) -> list[Path]:
    """Return the folders in which the rows of a kind lie."""
    package, _ = _kind(kind)
    found = [PROJECT.joinpath(*package.split("."))]
    if (own := roots.own()) is not None:
        found.append(own / package.rpartition(".")[2])
    return found


def names(kind: str) -> list[str]:
    """Return the names of all rows of a kind, sorted.

    An experiment that trains ``registry.names("optimizers")`` trains those that exist, and its
    recording becomes stale when a file is added (see `simulate.storage.code.row_listings`).
    """
    return list(rows(kind))


def row(kind: str, name: str) -> Row:
    """Return one row as its source has it; `UserError` with near names if there is none.

    One whose file is broken is a `UserError` too, which names file and line.
    """
    found = rows(kind)
    if name not in found:
        near = difflib.get_close_matches(name, found, n=3, cutoff=0.5) or list(found)
        raise UserError(f"no {kind[:-1]} is called {name!r}; there is {', '.join(near) or 'none'}")
    return found[name].check()


def load(kind: str, name: str) -> Any:
    """Import a row's module and return the row itself, say a `simulate.optimizers` one.

    Raises
    ------
    UserError
        If there is no such row (the message has the names that come near), or its file is broken
        (it has the line).
    """
    return getattr(roots.load(row(kind, name).module), _kind(kind)[1])


def _kind(kind: str) -> tuple[str, str]:
    if kind not in KINDS:
        raise UserError(f"no kind of row is called {kind!r}; there is {', '.join(KINDS)}")
    return KINDS[kind]


def merged(what: str, defaults: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict:
    """Return a row's defaults with the given settings over them.

    Parameters
    ----------
    what : str
        Whose settings they are, for the message: "surface 'ravine'".
    defaults : mapping
        The row's defaults, which name every setting that there is.
    given : mapping or None
        Some of them, with other values.

    Raises
    ------
    UserError
        If there is no such setting.
    """
    for name in given or {}:
        if name not in defaults:
            there = ", ".join(defaults) or "none"
            raise UserError(f"{what} has no setting {name!r}; there is {there}")
    return {**defaults, **(given or {})}
