"""What each source file says: its imports, its row, digests of its code. Parsed once and kept.

A no-op build asks this of every file of the project, hundreds of times. Files are read again only
when their bytes change: what they say is kept by the digest of their bytes, in memory and in a file
that later processes take over. Nothing here imports what it reads.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from simulate.errors import UserError
from simulate.storage.files import read_sealed, write_sealed

T = TypeVar("T")

# The names that modules give to their rows.
SYMBOLS = frozenset(
    {"OPTIMIZER", "SURFACE", "DATASET", "MODEL", "SCHEDULE", "PROBE", "EXPERIMENT", "VISUAL"}
)

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
        "words",
        "series",
        "doc",
        "source",
        "rule",
        "state",
        "unfit",
        "formula",
        "aliases",
    }
)
# Keywords of a row's call that reach a run through its spec alone. As long as they are literals,
# they count for the runs that use them (see `simulate.specs.resolved`), not for those that give
# their own.
BY_SPEC = frozenset({"defaults", "every", "rates", "start"})
# Keywords of a row's call that only tests read.
TESTED = frozenset({"excused"})

# What a picture's module says that it reads (see `look.reads`); the code itself is what reads it.
READS = "READS"
# And a scene's what is seen in its film, in order.
DESCRIPTION = "DESCRIPTION"

EMPTY = frozenset({"ctx", "kind", "type_comment"})  # fields of a syntax tree that say nothing here
KEPT = 2000  # sources that a cache remembers, old versions of a file included


class Facts(msgspec.Struct, frozen=True):
    """What one source file says.

    Attributes
    ----------
    doc : str
        First line of the docstring.
    symbol : str
        The name of its row, one of `SYMBOLS`; empty if it has none.
    literals : str
        The row's literal keywords, as the source of a dict; see `fields`.
    reads : str
        The source of the literal `READS`; empty if there is none.
    description : str
        The literal `DESCRIPTION`, on one line; empty if there is none.
    functions, classes : list of str
        Those of its top level.
    code : str
        Digest of the syntax tree without docstrings, without `PRESENTATION` and `READS`.
    bare : str
        The same without the row's literal `BY_SPEC` keywords.
    presentation : str
        Digest of the `PRESENTATION` keywords of the row's call.
    imports : list of (level, module, names)
        Every import statement, at any depth of the file.
    listings : list of str
        Kinds of rows that the file lists with ``registry.names("kind")`` or ``.rows``.
    """

    doc: str
    symbol: str
    literals: str
    reads: str
    description: str
    functions: list[str]
    classes: list[str]
    code: str
    bare: str
    presentation: str
    imports: list[tuple[int, str, list[str]]]
    listings: list[str]

    @property
    def fields(self) -> dict[str, Any]:
        """The row's literal keywords and their values."""
        return dict(_evaluated(self.literals))


def facts(path: Path) -> Facts:
    """Return what a source file says; parsed once for any given bytes.

    Raises
    ------
    UserError
        If it isn't valid Python; the message names file and line.
    """
    return once(path, lambda: _facts(path))


def once(key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` finds in the sources; inside `reading_once` it is asked only once."""
    if _frozen is None:
        return make()
    if key not in _frozen:
        _frozen[key] = make()
    found: T = _frozen[key]
    return found


@contextmanager
def reading_once(found: dict[Hashable, Any] | None = None) -> Iterator[None]:
    """Read each file at most once inside this block, as if nobody edited during it.

    Parameters
    ----------
    found : dict, optional
        What an earlier block has found; this one goes on from there, and adds to it.
    """
    global _frozen
    outer = _frozen
    _frozen = outer if outer is not None else {} if found is None else found
    try:
        yield
    finally:
        _frozen = outer


def seen(path: Path) -> str:
    """Return the SHA-256 of a source file's bytes as they were when they were first read."""
    return once((seen, path), lambda: hashlib.sha256(path.read_bytes()).hexdigest())


def note(path: Path, source: bytes) -> str:
    """Remember what a source file held when it was read or imported; return its SHA-256.

    Within `reading_once` a file that was read twice, with a change in between, is no file that
    anything can be vouched for.
    """
    digest = hashlib.sha256(source).hexdigest()
    if _frozen is not None and _frozen.setdefault((seen, path), digest) != digest:
        _frozen[seen, path] = "changed"
    return digest


def note_names(folder: Path, names: Iterable[str]) -> None:
    """Remember which rows there were in a folder when they were listed."""
    if _frozen is not None:
        _frozen[seen, folder] = " ".join(names)


def used() -> dict[str, str]:
    """Return what was noted since `reading_once` began: digest by file, names of rows by folder."""
    noted = {} if _frozen is None else _frozen
    return {
        str(key[1]): digest
        for key, digest in noted.items()
        if isinstance(key, tuple) and key[0] is seen
    }


def load_cache(path: Path) -> None:
    """Take over what an earlier process found in the same sources; a bad file is ignored."""
    if _known:
        return  # this process has looked already, and knows no less
    content = read_sealed(path)
    if content is None:
        return
    try:
        cache = msgspec.json.decode(content, type=_Cache)
    except msgspec.MsgspecError:
        return
    if cache.reader == _reader():
        _known.update(cache.facts)


def save_cache(path: Path) -> None:
    """Keep what this process found out for later ones, up to `KEPT` sources; else do nothing."""
    global _news
    if not _news:
        return
    _news = False
    latest = dict(list(_known.items())[-KEPT:])
    write_sealed(path, msgspec.json.encode(_Cache(reader=_reader(), facts=latest)))


class _Cache(msgspec.Struct):
    reader: str  # digest of this very file: another reader may find other facts
    facts: dict[str, Facts]


_known: dict[str, Facts] = {}  # by digest of a file's bytes
_news = False  # whether something is known that was not in the cache
_frozen: dict[Hashable, Any] | None = None  # see `reading_once`


def _reader() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _facts(path: Path) -> Facts:
    global _news
    source = path.read_bytes()
    key = note(path, source)
    # Taken out and put in again, so that what is used last stands last.
    found = _known.pop(key, None)
    if found is None:
        found = _read(_parsed(source, path))
        _news = True
    _known[key] = found
    return found


def _parsed(source: bytes, path: Path) -> ast.Module:
    try:
        return ast.parse(source, filename=str(path))
    except SyntaxError as error:
        raise UserError(f"{path}:{error.lineno}: {error.msg}; correct the file") from None


def _row(tree: ast.Module) -> tuple[str, ast.Call | None]:
    """Return name and call of the top-level ``SYMBOL = something(...)``."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                pass
            case _:
                continue
        if name in SYMBOLS:
            return name, call
    return "", None


def _reads(tree: ast.Module) -> str:
    """Take the top-level ``READS = {…}`` out of a tree, and return the source of its value."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == READS:
                tree.body.remove(node)
                return ast.unparse(value)
    return ""


def _description(tree: ast.Module) -> str:
    """Return the top-level ``DESCRIPTION = "…"`` on one line."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                if name == DESCRIPTION:
                    return " ".join(text.split())
    return ""


def _literals(call: ast.Call | None) -> str:
    """Return the keywords of a call whose values are literals, as the source of a dict."""
    keywords = [] if call is None else call.keywords
    pairs = [
        f"{keyword.arg!r}: {ast.unparse(keyword.value)}"
        for keyword in keywords
        if keyword.arg is not None and _is_literal(keyword.value)
    ]
    return f"{{{', '.join(pairs)}}}"


@cache
def _evaluated(literals: str) -> dict[str, Any]:
    found: dict[str, Any] = ast.literal_eval(literals)
    return found


def _is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is a literal: a number, a string, a list of these, …."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


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

    reads = _reads(tree)
    symbol, call = _row(tree)
    literals = _literals(call)
    shown: list[ast.keyword] = []
    if call is not None:
        shown = [keyword for keyword in call.keywords if keyword.arg in PRESENTATION]
        call.keywords = [
            keyword for keyword in call.keywords if keyword.arg not in PRESENTATION | TESTED
        ]
    code = bare = _digest(tree)
    by_spec = [
        keyword
        for keyword in (call.keywords if call is not None else [])
        if keyword.arg in BY_SPEC and _is_literal(keyword.value)
    ]
    if call is not None and by_spec:
        call.keywords = [keyword for keyword in call.keywords if keyword not in by_spec]
        bare = _digest(tree)
    return Facts(
        doc=(ast.get_docstring(tree) or "").partition("\n")[0],
        symbol=symbol,
        literals=literals,
        reads=reads,
        description=_description(tree),
        functions=[node.name for node in tree.body if isinstance(node, ast.FunctionDef)],
        classes=[node.name for node in tree.body if isinstance(node, ast.ClassDef)],
        code=code,
        bare=bare,
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
    fields = []
    for name in node._fields:  # without `ast.iter_fields`: this is most of a first start
        value = getattr(node, name, None)
        if value is not None and value != [] and name not in EMPTY:
            fields.append((name, _essence(value)))
    return type(node).__name__, fields


def _is_bare_string(node: Any) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
