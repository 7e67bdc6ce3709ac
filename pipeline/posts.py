"""Where a post asks for a visual, and how it is put there; all else in it stays, byte for byte.

A marker is a comment on a line of its own; what stands between it and its end is the product's::

    <!-- teachnet: learning_rates kind=figure width=640 caption=no -->
    …
    <!-- /teachnet -->

Markdown is read by a parser of CommonMark, so nothing in a code block is taken for a marker.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from simulate.errors import UserError

START = re.compile(r"^([ \t>]*)<!--[ \t]*teachnet:(.*?)-->[ \t]*\r?\n?$", re.IGNORECASE)
END = re.compile(r"^[ \t>]*<!--[ \t]*/teachnet[ \t]*-->[ \t]*\r?\n?$", re.IGNORECASE)
# What the blog leaves where a picture is to come: a heading that is nothing but words in brackets.
PLACEHOLDER = re.compile(r"^([ \t>]*)#{0,6}[ \t]*\[([^\[\]]+)\][ \t]*\r?\n?$")
NEAR = 0.8  # of a placeholder's words to an alias: a slip of the pen is no other visual
_LITERAL = re.compile(r"\s*<(pre|script|style|textarea)\b", re.IGNORECASE)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a marker may say beside the visual's name.

    Attributes
    ----------
    kind : {"animation", "figure", "table", "page"} or None
        None takes the first of these that the visual has.
    theme : {"both", "light", "dark"}
    width : int
        Of the picture, CSS pixels.
    caption : {"yes", "no"}
    """

    kind: str | None = None
    theme: str = "both"
    width: int = 720
    caption: str = "yes"


ALLOWED = {
    "kind": ("animation", "figure", "table", "page"),
    "theme": ("both", "light", "dark"),
    "caption": ("yes", "no"),
}


@dataclass(frozen=True)
class Marker:
    """A place for a visual.

    Attributes
    ----------
    first, stop : int
        Lines that belong to it, the marker's first, counted from 0; `stop` is the one after them.
    prefix : str
        What each line of it begins with: indentation, or the sign of a quotation.
    text : str
        The marker's own line; for a placeholder, the one that takes its place.
    stem : str
        The visual's name or alias.
    options : Options
    """

    first: int
    stop: int
    prefix: str
    text: str
    stem: str
    options: Options


def markers(lines: list[str], post: str, aliases: Mapping[str, str]) -> list[Marker]:
    """Return the markers of a post, in order.

    Parameters
    ----------
    lines : list of str
        With their ends.
    post : str
        Its name, for messages.
    aliases : mapping of str to str
        Stem by the words of a placeholder; an empty one leaves placeholders alone.

    Raises
    ------
    UserError
        If a marker can't be read; the message has the line's number.
    """
    literal = _literal_lines("".join(lines))
    found: list[Marker] = []
    for number, line in enumerate(lines):
        if number in literal or (found and number < found[-1].stop):
            continue
        if started := START.match(line):
            stop = _end(lines, number, literal)
            stem, options = _read(started[2], f"{post}:{number + 1}")
            found.append(Marker(number, stop, started[1], line, stem, options))
        elif END.match(line):
            raise UserError(f"{post}:{number + 1}: <!-- /teachnet --> without a marker before it")
        elif (left := PLACEHOLDER.match(line)) and (meant := _meant(left[2], aliases)):
            end = line[len(line.rstrip("\r\n")) :] or "\n"
            text = f"{left[1]}<!-- teachnet: {meant} -->{end}"
            found.append(Marker(number, number + 1, left[1], text, meant, Options()))
    return found


def filled(lines: list[str], found: Iterable[Marker], block: Callable[[Marker], str]) -> str:
    """Return the post with each marker followed by its block and the end marker.

    Parameters
    ----------
    lines : list of str
    found : iterable of Marker
        As `markers` returns them.
    block : callable
        ``block(marker) -> str``, lines without a last newline.
    """
    parts: list[str] = []
    at = 0
    for marker in found:
        end = "\r\n" if marker.text.endswith("\r\n") else "\n"
        body = [*block(marker).split("\n"), "<!-- /teachnet -->"]
        parts += lines[at : marker.first]
        parts.append(marker.text if marker.text.endswith("\n") else marker.text + end)
        parts += [(marker.prefix + line).rstrip() + end for line in body]
        at = marker.stop
    return "".join([*parts, *lines[at:]])


def _end(lines: list[str], first: int, literal: set[int]) -> int:
    """Return the line after a marker's end; after the marker itself if it has none yet."""
    for number in range(first + 1, len(lines)):
        if number in literal:
            continue
        if END.match(lines[number]):
            return number + 1
        if START.match(lines[number]):
            break
    return first + 1


def _literal_lines(text: str) -> set[int]:
    """Return the lines on which a marker is an example, no marker: those of code."""
    from markdown_it import MarkdownIt

    found: set[int] = set()
    for token in MarkdownIt("commonmark").parse(text):
        is_html = token.type == "html_block" and _LITERAL.match(token.content)
        if token.map and (token.type in ("fence", "code_block") or is_html):
            found.update(range(*token.map))
    return found


def _read(text: str, where: str) -> tuple[str, Options]:
    try:
        stem, *rest = shlex.split(text)
    except ValueError:
        raise UserError(
            f"{where}: 'teachnet:{text}' can't be read; write <!-- teachnet: STEM key=value -->"
        ) from None
    said = dict(_pairs(rest, where))
    for key, value in said.items():
        if key in ALLOWED and value not in ALLOWED[key]:
            raise UserError(f"{where}: {key} is {value!r}; it takes {', '.join(ALLOWED[key])}")
    try:
        options = msgspec.convert(said, Options, strict=False)
        if not 40 <= options.width <= 10_000:
            raise msgspec.ValidationError
    except msgspec.ValidationError:
        raise UserError(
            f"{where}: width is {said.get('width')!r}; it takes 40 to 10000 pixels"
        ) from None
    return stem, options


def _pairs(words: Iterable[str], where: str) -> Iterator[tuple[str, str]]:
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or key not in Options.__struct_fields__:
            takes = ", ".join(f"{name}=…" for name in Options.__struct_fields__)
            raise UserError(f"{where}: {word!r} is no option of a marker; there is {takes}")
        yield key, value


def _meant(words: str, aliases: Mapping[str, str]) -> str | None:
    """Return the visual whose alias a placeholder has, but for case, signs and slips of the pen."""
    plain = {_plain(alias): stem for alias, stem in aliases.items()}
    near = difflib.get_close_matches(_plain(words), plain, n=1, cutoff=NEAR)
    return plain[near[0]] if near else None


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
