"""Notebooks as posts: the text of Markdown cells is changed where it stands, all other bytes stay.

A notebook that is read and written anew comes out in another order, with other blanks and escapes.
So it is only read to find where in the file each cell's text lies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from simulate.errors import UserError

SUFFIX = ".ipynb"
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


def edited(text: str, name: str, edit: Callable[[str, str], str]) -> str:
    """Return a notebook with its Markdown cells edited.

    Parameters
    ----------
    text : str
        What is in the file.
    name : str
        Of the file, for messages.
    edit : callable
        ``edit(source, where) -> source``, the new text of a cell; `where` is for messages.

    Raises
    ------
    UserError
        If it is no notebook of format 4.
    """
    try:
        json.loads(text)
        parts: list[str] = []
        at = 0
        for number, start, stop in _markdown(text):
            raw = text[start:stop]
            lines = json.loads(raw)
            before = lines if isinstance(lines, str) else "".join(lines)
            after = edit(before, f"{name}, cell {number}")
            if after != before:
                parts += [text[at:start], _written(after, raw, "\\u" in text and text.isascii())]
                at = stop
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UserError(f"{name} is no notebook of format 4; open and save it in Jupyter") from None
    return "".join([*parts, text[at:]])


def _markdown(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each Markdown cell, counted from 1, and where its source lies."""
    book = dict(_members(text, _skip(text, 0)))
    for number, (cell, _) in enumerate(_elements(text, book["cells"][0]), 1):
        members = dict(_members(text, cell))
        if _value(text, members["cell_type"]) == "markdown":
            yield number, *members["source"]


def _value(text: str, place: tuple[int, int]) -> object:
    return json.loads(text[slice(*place)])


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return at if found is None else found.end()


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each key of the object that begins at `at`, and where its value lies."""
    if text[at] != "{":
        raise ValueError
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)  # over the colon
        _, stop = _DECODER.raw_decode(text, at)
        yield key, (at, stop)
        at = _skip(text, stop)
        at = _skip(text, at + 1) if text[at] == "," else at


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield where each element of the list that begins at `at` lies."""
    if text[at] != "[":
        raise ValueError
    at = _skip(text, at + 1)
    while text[at] != "]":
        _, stop = _DECODER.raw_decode(text, at)
        yield at, stop
        at = _skip(text, stop)
        at = _skip(text, at + 1) if text[at] == "," else at


def _written(source: str, raw: str, escaped: bool) -> str:
    """Return a cell's text as JSON, in the manner of what was there."""
    if raw.startswith('"'):
        return json.dumps(source, ensure_ascii=escaped)
    first, last = re.match(r"\[(\s*)", raw), re.search(r"(\s*)\]$", raw)
    assert first is not None
    assert last is not None
    between = f",{first[1]}" if first[1] else ", "
    lines = [json.dumps(line, ensure_ascii=escaped) for line in source.splitlines(keepends=True)]
    return f"[{first[1]}{between.join(lines)}{last[1]}]"
