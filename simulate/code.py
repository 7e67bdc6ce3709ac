"""What a piece of work depends on: digests of code that see only what changes its result.

Comments, layout and docstrings don't enter a digest, nor do the words and colours with which a
row is presented (`PRESENTATION`): those make no run stale, only the pictures that show them
(`presentation`). Nothing here looks at time stamps, and nothing imports what it reads.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from simulate import registry
from simulate.files import write_atomic

PACKAGES = ("simulate", "figures", "scenes", "pipeline")

# Keywords of a row's call that say how it is shown.
PRESENTATION = frozenset(
    {
        "label",
        "color",
        "dash",
        "title",
        "subtitle",
        "alt",
        "caption",
        "doc",
        "source",
        "rule",
        "formula",
        "aliases",
    }
)
# Keywords of a row's call that reach a run through its spec alone. As long as they are literals,
# they count for the runs that use them (see `simulate.specs.resolved`), not for those that give
# their own.
BY_SPEC = frozenset({"defaults", "rates", "start"})
# Keywords of a row's call that only tests read.
TESTED = frozenset({"excused"})

# Modules that find, check, carry and keep results without shaping the numbers in them. What they
# contribute is in a run's address by value: the whole spec, the digits' digest, and
# `simulate.files.SCHEMA`, to be raised when the layout of stored data changes.
PLUMBING = frozenset(
    {
        "simulate",  # its __init__, a table of public names
        "simulate.code",
        "simulate.data.choice",
        "simulate.data.download",
        "simulate.errors",
        "simulate.files",
        "simulate.recording",
        "simulate.registry",
        "simulate.specs",
        "simulate.store",
    }
)

KEPT = 2000  # sources that a cache remembers, old versions of a file included


class Facts(msgspec.Struct, frozen=True):
    """What one source file says, as far as dependencies go.

    Attributes
    ----------
    code : str
        Digest of the syntax tree without docstrings and without `PRESENTATION`.
    bare : str
        The same without the row's literal `BY_SPEC` keywords.
    presentation : str
        Digest of the `PRESENTATION` keywords of the row's call.
    imports : list of (level, module, names)
        Every import statement, at any depth of the file.
    listings : list of str
        Kinds of rows that the file lists with ``registry.names("kind")`` or ``.rows``.
    """

    code: str
    bare: str
    presentation: str
    imports: list[tuple[int, str, list[str]]]
    listings: list[str]


def digest(path: Path, *, by_spec: bool = True) -> str:
    """Return the digest of a file's code, with or without its row's `BY_SPEC` keywords."""
    return facts(path).code if by_spec else facts(path).bare


def presentation(path: Path) -> str:
    """Return the digest of the words and colours with which a row's file presents it."""
    return facts(path).presentation


def closure(module: str, *, without: Collection[str] = ()) -> list[Path]:
    """Return the files of this project that a module is made of.

    Parameters
    ----------
    module : str
        Importable name, such as ``simulate.engine``.
    without : collection of str
        Modules to leave out, and not to look into; see `PLUMBING`.

    Returns
    -------
    list of Path
        The module, the packages it lies in, and everything it imports from `PACKAGES`, at any
        depth of the file and transitively. Sorted.

    Raises
    ------
    UserError
        If there is no such module, or a file isn't valid Python.
    """
    start = module_path(module)
    if start is None:
        raise registry.UserError(f"no module is called {module!r} below {registry.PROJECT}")
    found: dict[str, Path] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        path = None if name in found or name in without else module_path(name)
        if path is None:
            continue
        found[name] = path
        todo.extend(_parents(name))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for level, target, names in facts(path).imports:
            todo.extend(_targets(package, level, target, names))
    return sorted(found.values())


def row_listings(paths: Iterable[Path]) -> set[str]:
    """Return the kinds of rows that these files list, ``{"optimizers"}`` for instance.

    An experiment over all optimizers changes when a file is added to them, though no line of
    its own did. Only literal calls ``registry.names("optimizers")`` (or ``rows``) are seen.
    """
    return {kind for path in paths for kind in facts(path).listings}


def label(path: Path) -> str:
    """Return a file's name as it is shown and stored: relative to the project, with slashes."""
    return path.relative_to(registry.PROJECT).as_posix()


def module_name(label: str) -> str:
    """Return the importable name of a file, from its `label`."""
    return label.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def module_path(module: str) -> Path | None:
    """Return the file of a module of this project, None if it isn't one."""
    parts = module.split(".")
    if parts[0] not in PACKAGES:
        return None
    stem = registry.PROJECT.joinpath(*parts)
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.is_file():
            return path
    return None


def facts(path: Path) -> Facts:
    """Return what a source file says; parsed once for any given bytes."""
    if _frozen is not None and path in _frozen:
        return _frozen[path]
    source = path.read_bytes()
    key = hashlib.sha256(source).hexdigest()
    # Taken out and put in again, so that what is used last stands last.
    found = _known.pop(key, None) or _read(registry.parse(path))
    _known[key] = found
    if _frozen is not None:
        _frozen[path] = found
    return found


@contextmanager
def reading_once() -> Iterator[None]:
    """Read each file at most once inside this block, as if nobody edited during it."""
    global _frozen
    outer = _frozen
    _frozen = {} if outer is None else outer
    try:
        yield
    finally:
        _frozen = outer


def load_cache(path: Path) -> None:
    """Take over what an earlier process found in the same sources; a bad file is ignored."""
    try:
        cache = msgspec.json.decode(path.read_bytes(), type=_Cache)
    except (OSError, msgspec.MsgspecError):
        return
    if cache.reader == _reader():
        _known.update(cache.facts)


def save_cache(path: Path) -> None:
    """Keep what this process knows about sources for later ones, up to `KEPT` of them."""
    latest = dict(list(_known.items())[-KEPT:])
    write_atomic(path, msgspec.json.encode(_Cache(reader=_reader(), facts=latest)))


class _Cache(msgspec.Struct):
    reader: str  # digest of this very file: another reader may find other facts
    facts: dict[str, Facts]


_known: dict[str, Facts] = {}  # by digest of a file's bytes
_frozen: dict[Path, Facts] | None = None  # see `reading_once`


def _reader() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _targets(package: str, level: int, target: str, names: list[str]) -> list[str]:
    """Return the modules that one import statement may name; some of them may not exist."""
    if level:
        base = package.split(".")[: len(package.split(".")) - level + 1]
        target = ".".join([*base, target] if target else base)
    return [target, *(f"{target}.{name}" for name in names)]


def _read(tree: ast.Module) -> Facts:
    imports: list[tuple[int, str, list[str]]] = []
    listings: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                imports.extend((0, alias.name, []) for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                imports.append((level, module or "", [alias.name for alias in aliases]))
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="registry"), attr="names" | "rows"),
                args=[ast.Constant(value=str(kind)), *_],
            ):
                listings.add(kind)

    call = registry.row_call(tree)
    shown: list[ast.keyword] = []
    if call is not None:
        shown = [keyword for keyword in call.keywords if keyword.arg in PRESENTATION]
        call.keywords = [
            keyword for keyword in call.keywords if keyword.arg not in PRESENTATION | TESTED
        ]
    code = _digest(tree)
    if call is not None:
        call.keywords = [
            keyword
            for keyword in call.keywords
            if keyword.arg not in BY_SPEC or not registry.is_literal(keyword.value)
        ]
    return Facts(
        code=code,
        bare=_digest(tree),
        presentation=_digest(shown),
        imports=imports,
        listings=sorted(listings),
    )


def _digest(tree: Any) -> str:
    return hashlib.sha256(repr(_essence(tree)).encode()).hexdigest()


def _essence(node: Any) -> Any:
    """Return nested tuples of what a syntax tree means.

    Bare strings (docstrings) and empty fields are left out; so the result is the same under
    Python versions that know more fields, where ``ast.dump`` differs.
    """
    if isinstance(node, list):
        return [_essence(item) for item in node if not _is_bare_string(item)]
    if not isinstance(node, ast.AST):
        return node
    fields = [
        (name, _essence(value))
        for name, value in ast.iter_fields(node)
        if name not in ("ctx", "kind", "type_comment") and value is not None and value != []
    ]
    return type(node).__name__, fields


def _is_bare_string(node: Any) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
