"""Visuals in posts: which files they are, where a post finds them, and what is written into it."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import mimetypes
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from look import metadata
from look.words import fill, merge
from pipeline import notebooks, post_flavours, posts, wanted
from pipeline.catalogue import Entry, aliases
from pipeline.kinds import BOTH
from pipeline.selection import select
from pipeline.settings import Settings
from simulate.errors import UserError
from simulate.storage.files import write_atomic
from simulate.storage.store import Store

KINDS = ("animation", "figure", "table", "page")  # the first of these that a visual has
TEXT = ("html", "md")  # formats of a table that stand in the post itself
SIZED = ("png", "gif", "svg")  # formats that say how large a picture is, the surest first
COPIES = ".teachnet-embed.json"  # beside copies: which post uses which


@dataclass
class Places:
    """Where posts find files.

    Attributes
    ----------
    base_url : str or None
        Before the path below the media folder, or before a copy's name; None takes paths relative
        to the post.
    copy_to : Path or None
        A folder of copies, each named after its content, so that a reader's cache is never stale.
    source : Path or None
        A folder to take files from, as `teachnet render --format … --to` put them there, with the
        words that they say themselves; None takes them from the media folder.
    copies : dict of str to Path
        Copies that the post at hand needs, by name.
    """

    base_url: str | None = None
    copy_to: Path | None = None
    source: Path | None = None
    copies: dict[str, Path] = field(default_factory=dict)

    def url(self, path: Path, settings: Settings, post: Path, flavour: str) -> str:
        """Return the address of a file, as the post has it: in a notebook, all that is in it."""
        if flavour in post_flavours.CARRIES and self.base_url is None and self.copy_to is None:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
        home = self.source or settings.pictures
        below = path.relative_to(home).as_posix()
        target = path
        if self.copy_to is not None:
            name, _, form = path.name.partition(".")
            below = f"{name}.{_digest(*_pair(path))}.{form}"
            target = self.copy_to / below
            self.copies[below] = path
        if self.base_url is not None:
            return f"{self.base_url.rstrip('/')}/{quote(below)}"
        return quote(Path(os.path.relpath(target.absolute(), post.absolute().parent)).as_posix())


def embed(
    post: Path,
    text: str,
    entries: Mapping[str, Entry],
    settings: Settings,
    places: Places,
    *,
    flavour: str | None = None,
    placeholders: bool = False,
) -> str:
    """Return a post with every visual that it asks for.

    Parameters
    ----------
    post : Path
        Where it lies.
    text : str
        What is in it.
    entries : mapping of str to Entry
        The visuals by stem.
    settings : Settings
        Where their files are.
    places : Places
    flavour : str or None
        A key of `post_flavours.FLAVOURS`; None takes that of notebooks for a notebook, else HTML.
    placeholders : bool
        Whether a line that is nothing but a visual's alias in brackets becomes a marker.

    Raises
    ------
    UserError
        If a marker can't be read, or what it asks for isn't there; the message has the line.
    """
    known = aliases(entries.values())
    is_notebook = post.suffix == notebooks.SUFFIX
    spoken = flavour or ("jupyter" if is_notebook else "html")

    def edited(text: str, name: str) -> str:
        lines = text.splitlines(keepends=True)
        found = posts.markers(lines, name, known if placeholders else {})

        def block(marker: posts.Marker) -> str:
            where = f"{name}:{marker.first + 1}"
            try:
                (stem,) = select([marker.stem], entries, "visual", known)
            except ValueError:
                raise UserError(f"{where}: {marker.stem!r} is several visuals; name one") from None
            except UserError as error:
                raise UserError(f"{where}: {error}") from None
            shown = _shown(entries[stem], marker, where, settings, places, post, spoken)
            return post_flavours.block(shown, spoken)

        return posts.filled(lines, found, block)

    if is_notebook:
        return notebooks.edited(text, str(post), edited)
    return edited(text, str(post))


def _shown(
    entry: Entry,
    marker: posts.Marker,
    where: str,
    settings: Settings,
    places: Places,
    post: Path,
    flavour: str,
) -> post_flavours.Shown:
    try:
        return shown(entry, marker.options, settings, places, post, flavour)
    except UserError as error:
        raise UserError(f"{where}: {error}") from None


def shown(
    entry: Entry,
    options: posts.Options,
    settings: Settings,
    places: Places,
    post: Path,
    flavour: str = "html",
) -> post_flavours.Shown:
    """Return a visual as a post of a flavour has it.

    Raises
    ------
    UserError
        If there is nothing of it that the options ask for, or its words can't be filled.
    """
    kind = options.kind or next(kind for kind in KINDS if kind in entry.modules)
    if kind not in entry.modules:
        raise UserError(f"{entry.stem} has no {kind}; it has {', '.join(entry.modules)}")
    files = _files(entry, kind, settings, places)
    if kind == "page":
        url = functools.partial(places.url, settings=settings, post=post, flavour=flavour)
        return _page(entry, options, settings, places, url, files)
    there = {name.partition(".")[0] for name in files if name.rpartition(".")[2] in SIZED}
    # A film is usually made in one theme; a marker that asks for both takes what there is.
    themes = [
        name for name in ("light", "dark") if name in there and options.theme in ("both", name)
    ]
    if not themes:
        asked = f"{kind} in the {options.theme} theme" if options.theme != "both" else kind
        again = f" --theme {options.theme}" if options.theme != "both" else ""
        where = "" if places.source is None else f" in {places.source}"
        raise UserError(
            f"{entry.stem} has no {asked}{where} yet; run `teachnet render {entry.stem}{again}`"
        )
    files = {name: path for name, path in files.items() if name.partition(".")[0] in themes}
    words = _words(entry, settings) if places.source is None else _said(files)
    wide, high = _size([path for name, path in files.items() if name.startswith(themes[0])])
    text = {
        name: path.read_text(encoding="utf-8")
        for theme in themes
        for form in TEXT
        if (path := files.get(name := f"{theme}.{form}")) is not None
    }
    return post_flavours.Shown(
        kind=kind,
        urls={
            name: places.url(path, settings, post, flavour)
            for name, path in files.items()
            if name.rpartition(".")[2] not in TEXT
        },
        title=words.title,
        alt=words.alt,
        caption=words.caption if options.caption == "yes" else "",
        width=options.width,
        height=round(options.width * high / wide),
        content=text,
    )


def _files(entry: Entry, kind: str, settings: Settings, places: Places) -> dict[str, Path]:
    """Return the files of a visual's kind that are there, by theme and format."""
    if places.source is not None:
        # There by name alone; what each is of it says itself.
        found = {
            path.name.removeprefix(f"{entry.stem}."): path
            for path in sorted(places.source.glob(f"{entry.stem}.*"))
        }
        made = {name: metadata.read(path.read_bytes()) for name, path in found.items()}
        return {
            name.replace(".poster.", "."): found[name]
            for name, said in made.items()
            if said is not None and (said.stem, said.kind) == (entry.stem, kind)
        }
    return {
        f"{item.theme}.{form}": path
        for item in wanted.pictures([entry], replace(settings, theme="both"))
        if item.kind.name == kind
        for form, path in item.outputs.items()
        if path.is_file()
    }


def _page(
    entry: Entry,
    options: posts.Options,
    settings: Settings,
    places: Places,
    url: Callable[[Path], str],
    files: Mapping[str, Path],
) -> post_flavours.Shown:
    """Return a page, and the figure of the same name for places that show none."""
    from figures.render_page import height

    path = files.get(f"{BOTH}.html")
    if path is None:
        raise UserError(f"{entry.stem} has no page yet; run `teachnet render {entry.stem}`")
    words = _words(entry, settings) if places.source is None else _said(files)
    stills = _files(entry, "figure", settings, places)
    return post_flavours.Shown(
        kind="page",
        urls={name: url(each) for name, each in {f"{BOTH}.html": path, **stills}.items()},
        title=words.title,
        alt=words.alt,
        caption=words.caption if options.caption == "yes" else "",
        width=options.width,
        height=height(path),
        content={f"{BOTH}.html": path.read_text(encoding="utf-8")},
    )


class Words(NamedTuple):
    """What a post says of a visual."""

    title: str
    alt: str
    caption: str


def _words(entry: Entry, settings: Settings) -> Words:
    """Return the visual's words, filled; `UserError` if its recordings don't have what they say."""
    store = Store(settings.recordings)
    receipts = [store.receipt(name) for name in entry.row.uses]
    try:
        row = fill(entry.row, merge([each.attrs for each in receipts if each is not None]))
    except UserError:
        raise UserError(
            f"the words of {entry.stem} can't be filled from its recordings as they are; "
            f"run `teachnet render {entry.stem}`"
        ) from None
    return Words(row.title, row.alt, row.caption)


def _said(files: Mapping[str, Path]) -> Words:
    """Return the words that files say themselves; all of one visual say the same."""
    said = [made for path in files.values() if (made := metadata.read(path.read_bytes()))]
    return Words(said[0].title, said[0].alt, said[0].caption)


def _pair(path: Path) -> tuple[Path, ...]:
    """Return a film with its poster for either of them: MyST finds both by one name."""
    pair = (path.with_suffix(".mp4"), path.with_suffix(".png"))
    return pair if path in pair and all(each.is_file() for each in pair) else (path,)


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _size(files: Iterable[Path]) -> tuple[int, int]:
    """Return width and height of a picture, or of a film by its poster, as the files say."""
    wide = [path for path in files if ".narrow." not in path.name]
    for form in SIZED:
        for path in wide:
            if path.suffix == f".{form}":
                size = metadata.pixels(path)
                if size is None:
                    raise UserError(f"{path} is no {form.upper()}; make it again with `-f`")
                return size
    raise UserError("no file says how large the picture is")


def copy(post: Path, places: Places) -> None:
    """Put the copies that a post needs in their folder, and take out those that no post needs."""
    folder = places.copy_to
    if folder is None:
        return
    for name, path in places.copies.items():
        target = folder / name
        if not target.is_file():  # its name says what is in it
            write_atomic(target, path.read_bytes())
    used = _used(folder)
    # Posts that have gone need nothing.
    used = {name: files for name, files in used.items() if (folder / name).exists()}
    before = {name for files in _used(folder).values() for name in files}
    used[Path(os.path.relpath(post.absolute(), folder.absolute())).as_posix()] = sorted(
        places.copies
    )
    write_atomic(folder / COPIES, (json.dumps(used, indent=1, sort_keys=True) + "\n").encode())
    left = before - {name for files in used.values() for name in files}
    paths = [folder / name for name in left if (folder / name).is_file()]
    # A copy's name says what is in it; what was changed since is somebody's own.
    for path in [path for path in paths if path.name.split(".")[1:2] == [_digest(*_pair(path))]]:
        path.unlink()
    places.copies.clear()


def _used(folder: Path) -> dict[str, Sequence[str]]:
    """Return which copies each post uses; `UserError` if what says so is damaged."""
    path = folder / COPIES
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path} can't be read ({error}); delete it: nothing else is lost"
        ) from None
    if not _is_list_of_names(found):
        raise UserError(f"{path} is damaged; delete it: nothing else is lost")
    return found


def _is_list_of_names(found: object) -> bool:
    """Tell whether it names plain files by post: whatever stands there may be deleted one day."""
    return isinstance(found, dict) and all(
        isinstance(names, list)
        and all(isinstance(name, str) and name == os.path.basename(name) for name in names)
        for names in found.values()
    )


def changed(before: str, after: str, post: Path) -> Iterable[str]:
    """Return the difference between two texts of a post, as a patch."""
    import difflib

    return difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), str(post), str(post)
    )
