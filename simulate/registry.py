"""Finds the rows: one file is one optimizer, surface, dataset, model, schedule or experiment.

A row is the module's top-level ``SYMBOL = something(...)``. Its literal keywords are read from
the source, so listing rows, or asking for a label or a colour, imports neither the row nor
torch. Only `load` imports.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from simulate.errors import UserError
from simulate.storage.sources import facts, once

PROJECT = Path(__file__).resolve().parent.parent  # the clone: parent of simulate/, figures/, …

PARTS = "parts"  # folder of what visuals are made with; every other one is a chapter

# kind -> (package, the name that a row's module gives to its row)
KINDS = {
    "optimizers": ("simulate.optimizers", "OPTIMIZER"),
    "surfaces": ("simulate.surfaces", "SURFACE"),
    "datasets": ("simulate.data", "DATASET"),
    "models": ("simulate.models", "MODEL"),
    "schedules": ("simulate.schedules", "SCHEDULE"),
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
    """

    name: str
    kind: str
    module: str
    path: Path
    doc: str
    fields: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "fields":  # keeps copy and pickle from recursing
            raise AttributeError(name)
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f"{self.path}: no literal field {name!r}") from None


def read(package_dir: Path, package: str, symbol: str, kind: str = "") -> dict[str, Row]:
    """Read the rows below a folder from their source.

    Parameters
    ----------
    package_dir : Path
        Folder to search, with its sub-folders (chapters). Names that start with ``_`` or ``.``
        are helpers, not rows; so is what lies in `PARTS`, and files without `symbol`.
    package : str
        Importable name of that folder.
    symbol : str
        The name that a row has in its module, such as ``OPTIMIZER``.
    kind : str, default: the last part of `package`
        Goes into `Row.kind`.

    Returns
    -------
    dict of str to Row
        Sorted by name.

    Raises
    ------
    UserError
        If two files have one stem, or a file isn't valid Python (named with the line).
    """
    key = (read, package_dir, symbol)
    return dict(once(key, lambda: _read(package_dir, package, symbol, kind)))


def _read(package_dir: Path, package: str, symbol: str, kind: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for path in sorted(package_dir.rglob("*.py")):
        parts = path.relative_to(package_dir).with_suffix("").parts
        if parts[0] == PARTS or any(part.startswith(("_", ".")) for part in parts):
            continue
        said = facts(path)
        if said.symbol != symbol:
            continue
        name = parts[-1]
        if name in found:
            raise UserError(
                f"two {kind or package} are called {name!r}: {found[name].path} and {path}; "
                "rename one of them"
            )
        found[name] = Row(
            name=name,
            kind=kind or package.rpartition(".")[2],
            module=".".join((package, *parts)),
            path=path,
            doc=said.doc,
            fields=said.fields,
        )
    return dict(sorted(found.items()))


def rows(kind: str) -> dict[str, Row]:
    """Return all rows of a kind by name, sorted; imports none of them."""
    package, symbol = _kind(kind)
    return read(PROJECT.joinpath(*package.split(".")), package, symbol, kind)


def names(kind: str) -> list[str]:
    """Return the names of all rows of a kind, sorted.

    An experiment that trains ``registry.names("optimizers")`` trains those that exist, and its
    recording becomes stale when a file is added (see `simulate.storage.code.row_listings`).
    """
    return list(rows(kind))


def row(kind: str, name: str) -> Row:
    """Return one row as its source has it; `UserError` with near names if there is none."""
    found = rows(kind)
    if name not in found:
        near = difflib.get_close_matches(name, found, n=3, cutoff=0.5) or list(found)
        raise UserError(f"no {kind[:-1]} is called {name!r}; there is {', '.join(near) or 'none'}")
    return found[name]


def load(kind: str, name: str) -> Any:
    """Import a row's module and return the row itself, say a `simulate.optimizers` one.

    Raises
    ------
    UserError
        If there is no such row; the message has the names that come near.
    """
    return getattr(import_module(row(kind, name).module), _kind(kind)[1])


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
