"""``teachnet list``: what there is."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands._options import examples, options
from pipeline.display import json_text, readable, width
from pipeline.kinds import KINDS
from pipeline.qualities import QUALITIES
from pipeline.settings import Settings
from simulate import registry
from simulate.errors import UserError
from simulate.storage import code
from simulate.storage.sources import facts

if TYPE_CHECKING:
    from pipeline.catalogue import Entry

WORDS = ("visuals", *registry.KINDS, "runs")


@click.command(
    epilog=examples(
        "teachnet list",
        "teachnet list 'mnist_*' --json",
        "teachnet list optimizers",
        "teachnet list --for mine.nc",
    )
)
@click.argument("patterns", metavar=f"[{'|'.join(WORDS)}] [PATTERN]...", nargs=-1)
@click.option(
    "--kind",
    type=click.Choice([kind.letter for kind in KINDS]),
    help="Only visuals of a kind: "
    + ", ".join(f"{kind.letter} {kind.folder}" for kind in KINDS)
    + ".",
)
@click.option("--chapter", help="Only visuals of a chapter, such as descent.")
@click.option("--for", "given", metavar="FILE", help="Only visuals that can draw this recording.")
@click.option("--json", "as_json", is_flag=True, help="One array, for machines.")
@options("device", "media", "data")
def command(
    patterns: tuple[str, ...],
    kind: str | None,
    chapter: str | None,
    given: str | None,
    as_json: bool,
    settings: Settings,
) -> None:
    """List visuals, or the rows of a kind, or the stored runs."""
    word = patterns[0] if patterns and patterns[0] in WORDS else "visuals"
    patterns = patterns[1:] if patterns and patterns[0] == word else patterns
    if word != "visuals" and (kind or chapter or given):
        raise click.UsageError(f"--kind, --chapter and --for are for visuals, not for {word}")
    _check_words(word, patterns)
    if word == "visuals":
        found = _visuals(patterns, kind, chapter, given, settings)
        # Titles and states are of the visuals' own recordings.
        columns = ["stem", "kinds", *(["doc"] if given else ["state", "title"])]
        if given and not found:
            _say_nearest(given, patterns, kind, chapter)
    elif word == "runs":
        found = _runs(patterns, settings)
        columns = ["address", "size", "rows", "used by"]
    else:
        found = _rows(word, patterns)
        columns = ["name", "label", "doc"]
    if as_json:
        click.echo(json_text(found))
    else:
        _table(found, columns)


def _check_words(word: str, patterns: Sequence[str]) -> None:
    """Refuse what is nearly a word of this command, or is a chapter; else it counts as a name."""
    from pipeline import catalogue

    if word != "visuals" or not patterns or any(sign in patterns[0] for sign in "*?["):
        return
    asked = patterns[0]
    entries = catalogue.visuals()
    if asked in entries or asked in catalogue.aliases(entries.values()):
        return
    chapters = sorted({entry.chapter for entry in entries.values()})
    if asked in chapters:
        raise UserError(f"{asked!r} is a chapter; say `teachnet list --chapter {asked}`")
    near = difflib.get_close_matches(asked, WORDS, n=1, cutoff=0.8)
    if near and not difflib.get_close_matches(asked, entries, n=1, cutoff=0.8):
        raise UserError(f"no visual is called {asked!r}; did you mean `teachnet list {near[0]}`?")


def _visuals(
    patterns: Sequence[str],
    kind: str | None,
    chapter: str | None,
    given: str | None,
    settings: Settings,
) -> list[dict[str, Any]]:
    import msgspec

    from pipeline import wanted
    from pipeline.build import looking
    from pipeline.catalogue import filled
    from pipeline.files import film, there
    from simulate.storage.store import Store

    store = Store(settings.recordings)
    found = []
    can = _able(given) if given is not None else lambda entry: entry.kinds
    with looking(settings):
        entries = wanted.select_visuals(patterns)
        chapters = sorted({entry.chapter for entry in entries})
        if chapter is not None and chapter not in chapters:
            raise click.BadParameter(
                f"{chapter!r} has no visuals here; there is {', '.join(chapters) or 'nothing'}",
                param_hint="--chapter",
            )
        staleness = wanted.Staleness(settings, wanted.context(settings, decide=False))
        for entry in entries:
            kinds = can(entry)
            if kind not in (None, *kinds) or chapter not in (None, entry.chapter) or not kinds:
                continue
            row = filled(entry, store)
            files = there(entry, settings)
            stale = any(staleness.of_visual(entry).values())
            drafts = [] if files else there(entry, replace(settings, quality=QUALITIES["draft"]))
            found.append(
                {
                    "stem": entry.stem,
                    "chapter": entry.chapter,
                    "kinds": list(kinds),
                    "title": row.title,
                    "doc": "" if entry.error else facts(next(iter(entry.sources.values()))).doc,
                    "alt": row.alt,
                    "caption": row.caption,
                    "description": entry.description,
                    "uses": row.uses,
                    "aliases": row.aliases,
                    "source": [_below(path) for path in dict.fromkeys(entry.sources.values())],
                    "files": msgspec.to_builtins(files),
                    "film": msgspec.to_builtins(film(files, settings)),
                    "stale": stale,
                    "state": _state(files, drafts, stale),
                }
            )
    return found


def _state(files: Sequence[Any], drafts: Sequence[Any], stale: bool) -> str:
    if files:
        return "stale" if stale else "fresh"
    return "draft" if drafts else "missing"


def _say_nearest(
    given: str, patterns: Sequence[str], kind: str | None, chapter: str | None
) -> None:
    from pipeline import wanted
    from pipeline.given import nearest

    entries = wanted.select_visuals(patterns)
    some = [entry for entry in entries if chapter in (None, entry.chapter)]
    visual = "such visual" if patterns or kind or chapter else "visual"
    said = nearest(some, _loaded(given), kind)
    click.echo(f"teachnet: no {visual} can draw {Path(given).name}; {said}", err=True)


def _loaded(given: str) -> Any:
    from simulate import recording

    return recording.load(Path(given).expanduser())


def _able(given: str) -> Callable[[Entry], str]:
    """Return what tells which kinds a visual can make of a recording."""
    from pipeline.given import kinds_for

    data = _loaded(given)
    return lambda entry: kinds_for(entry, data)


def _rows(kind: str, patterns: Sequence[str]) -> list[dict[str, Any]]:
    from pipeline.selection import select

    rows = registry.rows(kind)
    return [
        {"name": row.name, "doc": row.doc, "source": _below(row.path), **row.fields}
        for row in (rows[name] for name in select(patterns, rows, kind[:-1]))
    ]


def _runs(patterns: Sequence[str], settings: Settings) -> list[dict[str, Any]]:
    from pipeline.selection import select
    from simulate.storage.store import Store

    store = Store(settings.recordings)
    used: dict[str, list[str]] = {}
    for name in store.names():
        receipt = store.receipt(name)
        for address in receipt.runs if receipt else ():
            used.setdefault(address, []).append(name)
    found = []
    for address in select(patterns, store.runs(), "run"):
        receipt = store.receipt(f"runs/{address}")
        if receipt is not None:
            found.append(
                {
                    "address": address,
                    "bytes": receipt.size,
                    "seconds": receipt.seconds,
                    "rows": receipt.rows,
                    "used_by": used.get(address, []),
                }
            )
    return found


def _below(path: Any) -> str:
    return code.label(path)


def _table(found: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Print rows in columns; the last one takes what is left of the line."""
    lines = [[readable(_cell(row, column)) for column in columns] for row in found]
    widths = [max((len(line[i]) for line in lines), default=0) for i in range(len(columns))]
    most = width(sys.maxsize)  # a pipe takes a line as long as it is
    for line in lines:
        cells = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        text = "  ".join(cells).rstrip()
        click.echo(text if len(text) <= most else text[: most - 1].rstrip() + "…")


def _outline(title: str, doc: str) -> str:
    """Return a title with dots for what is still to be recorded; the doc where nothing is left."""
    while title != (title := re.sub(r"{[^{}]*}", "…", title)):  # innermost first: choices nest
        pass
    return title if re.search(r"\w", title) else doc


def _cell(row: dict[str, Any], column: str) -> str:
    match column:
        case "title":
            return _outline(row["title"], row["doc"])
        case "size":
            return f"{row['bytes'] / 1e6:.1f} MB"
        case "kinds":
            return " ".join(row["kinds"])
        case "rows":
            return " ".join(name.partition("/")[2] for name in row["rows"])
        case "used by":
            return ", ".join(row["used_by"]) or "nothing"
        case _:
            return str(row.get(column, ""))
