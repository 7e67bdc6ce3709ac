"""Finds the rows: one file is one optimizer, surface, dataset, model, schedule or experiment.

A row is the module's top-level ``SYMBOL = something(...)``. Its literal keywords are read from
the source, so listing rows, or asking for a label or a colour, imports neither the row nor
torch. Only `load` imports.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from simulate.errors import UserError

PROJECT = Path(__file__).resolve().parent.parent  # the clone: parent of simulate/, figures/, …

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
        are helpers, not rows; neither are files without `symbol`.
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
    found: dict[str, Row] = {}
    for path in sorted(package_dir.rglob("*.py")):
        parts = path.relative_to(package_dir).with_suffix("").parts
        if any(part.startswith(("_", ".")) for part in parts):
            continue
        said = _said(path, symbol)
        if said is None:
            continue
        doc, fields = said
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
            doc=doc,
            fields=dict(fields),
        )
    return dict(sorted(found.items()))


def rows(kind: str) -> dict[str, Row]:
    """Return all rows of a kind by name, sorted; imports none of them."""
    package, symbol = _kind(kind)
    return read(PROJECT.joinpath(*package.split(".")), package, symbol, kind)


def names(kind: str) -> list[str]:
    """Return the names of all rows of a kind, sorted.

    An experiment that trains ``registry.names("optimizers")`` trains those that exist, and its
    recording becomes stale when a file is added (see `simulate.code.row_listings`).
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


def parse(path: Path) -> ast.Module:
    """Return a file's syntax tree; `UserError` with file and line if it has none."""
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        raise UserError(f"{path}:{error.lineno}: {error.msg}; correct the file") from None


def row_call(tree: ast.Module, symbol: str | None = None) -> ast.Call | None:
    """Return the call of the top-level ``SYMBOL = something(...)``.

    Parameters
    ----------
    tree : ast.Module
        A module's syntax tree.
    symbol : str or None
        The name to look for; None takes any symbol that rows are known by.
    """
    wanted = {symbol} if symbol else SYMBOLS
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                pass
            case _:
                continue
        if name in wanted:
            return call
    return None


def literals(call: ast.Call) -> dict[str, Any]:
    """Return the keywords of a call whose values are literals, such as ``lr=0.1``."""
    values = {}
    for keyword in call.keywords:
        if keyword.arg is not None and is_literal(keyword.value):
            values[keyword.arg] = ast.literal_eval(keyword.value)
    return values


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is a literal: a number, a string, a list of these, …."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


# The rows of the packages above, and the visuals of figures/ and scenes/.
SYMBOLS = {symbol for _, symbol in KINDS.values()} | {"VISUAL"}


_known: dict[tuple[bytes, str], tuple[str, dict[str, Any]] | None] = {}


def _said(path: Path, symbol: str) -> tuple[str, dict[str, Any]] | None:
    """Return a row's first docstring line and literal fields; None if the file has no row.

    A file is parsed once as long as its bytes are the same.
    """
    key = hashlib.sha256(path.read_bytes()).digest(), symbol
    if key not in _known:
        tree = parse(path)
        call = row_call(tree, symbol)
        doc = (ast.get_docstring(tree) or "").partition("\n")[0]
        _known[key] = None if call is None else (doc, literals(call))
    return _known[key]


def _kind(kind: str) -> tuple[str, str]:
    if kind not in KINDS:
        raise UserError(f"no kind of row is called {kind!r}; there is {', '.join(KINDS)}")
    return KINDS[kind]
