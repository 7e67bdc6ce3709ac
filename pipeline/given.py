"""Pictures of somebody's own recording, drawn by the visuals that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from look import reads, visuals
from look.words import Visual, fill, merge
from pipeline import executors
from pipeline.catalogue import Entry
from pipeline.items import Picture, Work, stamped
from pipeline.kinds import KINDS, PAGE, Kind, Subject
from pipeline.settings import Settings
from simulate.errors import UserError
from simulate.storage.files import sha256, write_atomic


@dataclass(frozen=True, eq=False, kw_only=True)
class Given(Picture):
    """A picture of recordings that lie somewhere, in a folder of choice; always drawn."""

    found: visuals.Drawn
    paths: dict[str, Path]
    folder: Path
    title: str
    caption: str

    @property
    def needs(self) -> tuple[str, ...]:
        return ()

    @property
    def forced(self) -> bool:
        return True

    @property
    def outputs(self) -> dict[str, Path]:
        folder = self.folder / self.kind.folder  # a figure and a film both have a PNG
        return {kind: folder / f"{self.stem}.{self.theme}.{kind}" for kind in self.kind.formats}

    @property
    def words(self) -> Visual:
        return fill(self.found.row, merge([data.attrs for data in self.found.recordings.values()]))

    @property
    def fingerprints(self) -> dict[str, str]:
        return {name: sha256(path) for name, path in self.paths.items()}

    @property
    def options(self) -> list[str]:
        several = len(self.paths) > 1
        # Files by their names alone: where they lie is nobody's business.
        given = [
            f"--recording={f'{name}=' * several}{path.name}" for name, path in self.paths.items()
        ]
        said = [
            word
            for option, text in (("--title", self.title), ("--caption", self.caption))
            if text
            for word in (option, text)
        ]
        return [*super().options, *given, *said]

    def reasons(self) -> list[str]:
        return ["asked for"]

    def sources(self) -> Iterable[Path]:
        return ()

    def work(self) -> Work:
        subject = Subject(
            self.found.module, self.paths, self.theme, self.settings.quality, self.made,
            words=self.found.row, title=self.title, workers=self.settings.jobs,
        )  # fmt: skip
        files = stamped((yield from self.kind.draw(subject)), subject.made)
        outputs = {kind: path for kind, path in self.outputs.items() if kind in files}
        for kind, path in outputs.items():
            write_atomic(path, executors.content(files[kind]))
        return list(outputs.values())


def pictures(
    entry: Entry,
    given: Sequence[str],
    folder: Path,
    settings: Settings,
    title: str | None,
    caption: str | None,
    only: str | None = None,
) -> tuple[list[Given], list[str]]:
    """Return the pictures that a visual can make of recordings, and why it can't make the others.

    Parameters
    ----------
    entry : Entry
    given : sequence of str
        Paths of the recordings; for a visual of several, each as ``NAME=PATH``.
    folder : Path
        Where the pictures go.
    settings : Settings
    title, caption : str or None
        In place of the visual's own words.
    only : str, optional
        Name of the one kind that is asked for.

    Raises
    ------
    UserError
        If it can make none.
    """
    paths = _paths(entry.stem, entry.row.uses, given)
    items: list[Given] = []
    errors: dict[str, str] = {}
    for kind in KINDS:
        if kind.name not in entry.modules or only not in (None, kind.name):
            continue
        try:
            found = visuals.drawn(
                entry.stem,
                kind.package,
                dict(paths),
                title=title,
                caption=caption,
                page=kind is PAGE,
            )
        except UserError as error:
            errors[kind.name] = str(error)
            continue
        items += [
            Given(settings, entry, kind, theme, found=found, paths=paths, folder=folder,
                  title=title or "", caption=caption or "")
            for theme in settings.themes(kind.themes)
        ]  # fmt: skip
    if not items and not errors:
        raise UserError(f"{entry.stem} has no {only}")
    if not items and len(set(errors.values())) == 1:  # the file's fault, say
        raise UserError(*set(errors.values()))
    reasons = [f"{kind}: {error}" for kind, error in errors.items()]
    if not items:
        raise UserError("; ".join(reasons))
    return items, reasons


def _paths(stem: str, uses: Sequence[str], given: Sequence[str]) -> dict[str, Path]:
    found = {}
    for text in given:
        name, equals, path = text.partition("=")
        if equals and name in uses:
            found[name] = Path(path).expanduser().absolute()
        elif len(uses) == 1:
            found[uses[0]] = Path(text).expanduser().absolute()
        else:
            raise UserError(
                f"{stem} draws {', '.join(uses) or 'no recording'}; give --recording NAME=FILE "
                "for each"
            )
    return found


def kinds_for(entry: Entry, data: Any) -> str:
    """Return the letters of the kinds that a visual can make of one recording."""
    return "".join(kind.letter for kind, lacks in _lacks(entry, data) if not lacks)


def nearest(entries: Iterable[Entry], data: Any, letter: str | None = None) -> str:
    """Say which visual lacks least of a recording that none can draw, and what it lacks.

    With the letter of a kind, which visual of that kind.
    """
    lacking = [
        (len(lacks), entry.stem, lacks)
        for entry in entries
        for kind, lacks in _lacks(entry, data)
        if letter in (None, kind.letter)
    ]
    if not lacking:
        return "none draws a recording by itself"
    _, stem, lacks = min(lacking, key=lambda each: each[:2])
    return f"the nearest is {stem}, which needs {reads.listed(lacks)} as well"


def _lacks(entry: Entry, data: Any) -> list[tuple[Kind, reads.Needs]]:
    """Return for each kind of a visual of one recording what a recording lacks for it."""
    if len(entry.row.uses) != 1 or entry.error:
        return []
    (name,) = entry.row.uses
    found = []
    for kind in KINDS:
        if kind.name in entry.modules:
            needs = visuals.needs(entry.sources[kind.name], page=kind is PAGE).get(name)
            if needs is not None:
                found.append((kind, reads.missing(needs, reads.lifted(needs, data))))
    return found
