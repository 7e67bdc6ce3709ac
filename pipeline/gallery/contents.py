"""What the gallery shows: each visual with its words, its files, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from look.words import Visual
from pipeline import embedding, files, post_flavours, wanted
from pipeline.catalogue import Entry, filled, visuals
from pipeline.files import File, Film
from pipeline.kinds import KINDS
from pipeline.posts import Options
from pipeline.settings import Settings
from simulate.errors import UserError
from simulate.storage import code
from simulate.storage.store import Store

# In the order in which one learns; a chapter of somebody's own comes first.
CHAPTERS = (
    "networks", "losses", "descent", "optimizers", "schedules", "initialization",
    "backpropagation", "regularization", "normalization", "attention",
)  # fmt: skip
# What a recording says of itself that is for programs, or stands elsewhere.
_NOT_NUMBERS = {
    "settings", "spec", "runs", "versions", "schema", "param_shapes", "data_digest", "experiment",
    "backend_reason", "one", "many",
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """A recording: the settings of its experiment, and what came out, by name."""

    name: str
    digest: str
    settings: Mapping[str, str]
    numbers: Mapping[str, str]
    versions: str


@dataclass(frozen=True)
class Shown:
    """A visual in the gallery.

    Attributes
    ----------
    entry : Entry
    words : Visual
        Filled, where its recordings are there.
    files : list of File
        What is there of it; none: it isn't rendered yet.
    film : Film or None
    command : str
        What makes it, and makes it again.
    sources : list of str
    recordings : list of Recorded
    blocks : dict of str to dict of str to str
        What stands in a post, by kind and flavour.
    heights : dict of str to int
        CSS pixels that each kind takes in a post 720 px wide.
    """

    entry: Entry
    words: Visual
    files: Sequence[File]
    film: Film | None
    command: str
    sources: Sequence[str]
    recordings: Sequence[Recorded]
    blocks: Mapping[str, Mapping[str, str]]
    heights: Mapping[str, int]

    @property
    def kinds(self) -> list[str]:
        """The kinds of which there are files, as a reader wants to see them."""
        there = {file.kind for file in self.files}
        every = dict.fromkeys([*embedding.KINDS, *(kind.name for kind in KINDS)])
        return [kind for kind in every if kind in there]

    def file(self, kind: str, theme: str, form: str) -> File | None:
        """Return one of its files."""
        wanted = (kind, theme, form)
        return next((f for f in self.files if (f.kind, f.theme, f.format) == wanted), None)


def chapters(settings: Settings, base_url: str | None) -> dict[str, list[Shown]]:
    """Return all visuals by chapter, in the order in which one learns."""
    found: dict[str, list[Shown]] = {}
    store = Store(settings.recordings)
    for entry in visuals().values():
        found.setdefault(entry.chapter, []).append(_shown(entry, settings, store, base_url))
    known = {name: place for place, name in enumerate(CHAPTERS)}
    return dict(sorted(found.items(), key=lambda each: (known.get(each[0], -1), each[0])))


def _shown(entry: Entry, settings: Settings, store: Store, base_url: str | None) -> Shown:
    there = files.there(entry, settings)
    first = wanted.pictures([entry], settings)[0]
    posts = dict(_posts(entry, {file.kind for file in there}, settings, base_url))
    return Shown(
        entry=entry,
        words=filled(entry, store),
        files=there,
        film=files.film(there, settings),
        command=first.command,
        sources=[code.label(path) for path in dict.fromkeys(entry.sources.values())],
        recordings=list(_recordings(entry, store)),
        blocks={kind: _blocks(entry.stem, post) for kind, post in posts.items()},
        heights={kind: post.height for kind, post in posts.items()},
    )


def _recordings(entry: Entry, store: Store) -> Iterator[Recorded]:
    for name in entry.row.uses:
        receipt = store.receipt(name)
        if receipt is None:
            continue
        attrs = receipt.attrs
        yield Recorded(
            name=name,
            digest=receipt.digest,
            settings={key: _text(value) for key, value in _loaded(attrs.get("settings")).items()},
            numbers={key: _text(value) for key, value in attrs.items() if key not in _NOT_NUMBERS},
            versions=", ".join(f"{k} {v}" for k, v in _loaded(attrs.get("versions")).items()),
        )


def _loaded(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _posts(
    entry: Entry, kinds: set[str], settings: Settings, base_url: str | None
) -> Iterator[tuple[str, post_flavours.Shown]]:
    """Yield what a post shows, for each kind that there is."""
    post = settings.pictures / "index.html"
    for kind in sorted(kinds):
        # Where recordings are older than the words there is nothing to put into a post.
        with suppress(UserError):
            yield (
                kind,
                embedding.shown(
                    entry, Options(kind=kind), settings, embedding.Places(base_url), post
                ),
            )


def _blocks(stem: str, post: post_flavours.Shown) -> dict[str, str]:
    """Return what a post of each flavour says, and the marker that asks for it."""
    blocks = {
        name: post_flavours.block(post, name)
        for name in post_flavours.FLAVOURS
        if name not in post_flavours.CARRIES  # whole films in it: `teachnet embed` puts them there
    }
    return {"marker": f"<!-- teachnet: {stem} kind={post.kind} -->", **blocks}
