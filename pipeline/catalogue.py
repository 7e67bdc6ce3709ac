"""Every visual of the project, read from the source: no matplotlib, no manim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from look.words import Visual, fill, merge
from pipeline.kinds import KINDS, Kind
from simulate import registry, roots
from simulate.errors import UserError
from simulate.storage import code
from simulate.storage.sources import facts
from simulate.storage.store import Store


@dataclass(frozen=True)
class Entry:
    """A visual: its row, and the modules that make it.

    Attributes
    ----------
    stem : str
        Its name everywhere: argument, module, media file.
    chapter : str
        Folder of its module; for one that lies in a project's ``figures`` or ``scenes`` itself,
        the name of the project folder.
    row : Visual
        Which recordings it uses, and its words, as templates.
    modules : dict of str to str
        Module by kind: ``{"figure": "figures.losses.loss_surface", "animation": …}``.
    sources : dict of str to Path
        File by kind.
    error : str
        What is wrong with a file of the project folder: it stops this visual alone.
    """

    stem: str
    chapter: str
    row: Visual
    modules: dict[str, str]
    sources: dict[str, Path]
    error: str = ""

    @property
    def kinds(self) -> str:
        """The letters of its kinds, such as ``"FA"``."""
        return "".join(kind.letter for kind in KINDS if kind.name in self.modules)

    @property
    def description(self) -> str:
        """What happens in its film, in order; empty if it has none."""
        scene = self.sources.get("animation")
        return "" if scene is None or self.error else facts(scene).description


def visuals() -> dict[str, Entry]:
    """Return all visuals by stem, sorted.

    Raises
    ------
    UserError
        If a row is wrong, twice, or missing; the message names the file.
    """
    rows: dict[str, registry.Row] = {}
    made: dict[str, dict[str, Path]] = {}
    for package in dict.fromkeys(kind.package for kind in KINDS):
        found = registry.everywhere(package, "VISUAL", "visuals")
        for stem, row in found.items():
            if stem in rows:
                raise UserError(
                    f"{stem} has two VISUAL rows: keep that of {rows[stem].path}, "
                    f"take it out of {row.path}"
                )
            here = [kind for kind in KINDS if kind.package == package]
            if not row.error and not any(_makes(row.path, kind) for kind in here):
                if not _is_own(row.path):
                    lacks = " and no ".join(kind.maker(stem) for kind in here)
                    raise UserError(
                        f"{row.path} has a VISUAL but no {lacks}: it makes no picture; define one"
                    )
                # To draw it says so, and the rest of somebody's project goes on.
                _add(made.setdefault(stem, {}), here[0].name, row.path)
            rows[stem] = row
        for path in _modules(package):
            for kind in KINDS:
                if kind.package == package and _makes(path, kind):
                    _add(made.setdefault(path.stem, {}), kind.name, path)
    return {stem: _entry(stem, rows, sources) for stem, sources in sorted(made.items())}


def _modules(package: str) -> list[Path]:
    """Return the files that may make a visual: in chapters, or in the project's folder itself."""
    found = list((registry.PROJECT / package).glob("*/*.py"))
    if (folder := roots.own()) is not None:
        found += [*(folder / package).glob("*.py"), *(folder / package).glob("*/*.py")]
    return [
        path
        for path in sorted(found)
        if path.parent.name != registry.PARTS and not path.name.startswith(("_", "."))
    ]


def _add(made: dict[str, Path], kind: str, path: Path) -> None:
    for other in made.values():
        if _is_own(other) != _is_own(path) or (kind in made and other != path):
            raise UserError(
                f"two visuals are called {path.stem!r}: {other} and {path}; rename one of them"
            )
    made[kind] = path


def _is_own(path: Path) -> bool:
    return roots.is_own(code.label(path).partition("/")[0])


def _makes(path: Path, kind: Kind) -> bool:
    """Tell whether a module defines what makes a kind."""
    try:
        return kind.is_made_by(path.stem, facts(path))
    except UserError:  # its row tells of it; what it would make is anyone's guess
        if not _is_own(path):
            raise
        return kind.letter in "FA"


def _entry(stem: str, rows: Mapping[str, registry.Row], sources: dict[str, Path]) -> Entry:
    first = next(iter(sources.values()))
    own = roots.own()
    alone = own is not None and first.parent.parent == own  # in no chapter
    chapter = own.name if own is not None and alone else first.parent.name
    modules = {kind: code.module_name(code.label(path)) for kind, path in sources.items()}
    try:
        return Entry(stem, chapter, _row(stem, rows, first), modules, sources)
    except UserError as error:
        if not _is_own(first):
            raise
        empty = Visual(uses=[], title=str(error), alt="", caption="")
        return Entry(stem, chapter, empty, modules, sources, error=str(error))


def _row(stem: str, rows: Mapping[str, registry.Row], path: Path) -> Visual:
    if stem not in rows:
        raise UserError(f"{path} has no VISUAL row of literals; give it one")
    try:
        return msgspec.convert(rows[stem].check().fields, Visual)
    except msgspec.ValidationError as error:
        raise UserError(f"{rows[stem].path}: VISUAL: {error}") from None


def aliases(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the stem by each other name under which a visual may be asked for."""
    return {alias: entry.stem for entry in entries for alias in entry.row.aliases}


def filled(entry: Entry, store: Store) -> Visual:
    """Return a visual's words, filled from its recordings where they are there and have all.

    Else the templates, as they are: a list must not fail because something was not recorded yet.
    """
    found = [store.receipt(name) for name in entry.row.uses]
    try:
        return fill(entry.row, merge([receipt.attrs for receipt in found if receipt is not None]))
    except UserError:
        return entry.row
