"""The files of a visual that are there, as lists and the gallery show them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from look import metadata
from look.metadata import Section
from pipeline import wanted
from pipeline.catalogue import Entry
from pipeline.kinds import PAGE
from pipeline.settings import Settings


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a visual.

    Attributes
    ----------
    path : str
        Below the folder of pictures, with slashes.
    kind, theme, format : str
    bytes : int
    width, height : int or None
        Pixels; of an SVG CSS pixels; of a page those that it takes in a post. None where the
        format has no size.
    """

    path: str
    kind: str
    theme: str
    format: str
    bytes: int
    width: int | None = None
    height: int | None = None


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """How long a film is, and when its sections begin, seconds."""

    seconds: float
    sections: list[Section]


def there(entry: Entry, settings: Settings) -> list[File]:
    """Return the files of a visual that are there, in whichever theme, with their sizes."""
    found = []
    for item in wanted.pictures([entry], replace(settings, theme="both")):
        sizes = {
            form: metadata.pixels(path) for form, path in item.outputs.items() if path.is_file()
        }
        if item.kind is PAGE:
            sizes = {form: _of_page(item.outputs[form]) for form in sizes}
        for form in sizes:
            path = item.outputs[form]
            # A film is as large as its poster, which is one of its frames.
            wide, high = (
                sizes[form] or (sizes.get("png") if form == "mp4" else None) or (None, None)
            )
            found.append(
                File(
                    path=path.relative_to(settings.pictures).as_posix(),
                    kind=item.kind.name,
                    theme=item.theme,
                    format=form,
                    bytes=path.stat().st_size,
                    width=wide,
                    height=high,
                )
            )
    return found


def _of_page(path: Path) -> tuple[int, int] | None:
    """Return the width for which a page says how high it is, and that height."""
    with path.open(encoding="utf-8") as text:
        said = re.search(r'name="teachnet-height" content="(\d+)"', text.read(4000))
    if said is None:
        return None
    from look.layout import SEEN_WIDTH  # with numpy, which a list without pages does without

    return round(SEEN_WIDTH), int(said[1])


def film(files: Iterable[File], settings: Settings) -> Film | None:
    """Return the times of a visual's film, as the descriptions beside it say; None without one."""
    for file in files:
        if file.format == "vtt":
            made = metadata.read((settings.pictures / file.path).read_bytes())
            if made is not None:
                return Film(seconds=made.seconds, sections=made.sections)
    return None
