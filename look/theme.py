"""The one table of colours; figures and scenes look everything up here. Sizes of type: `look.type`.

A colour is asked for by what it means (``color("positive")``) or by its token
(``color("vermillion")``, as a registry row names it) while a picture is drawn, never at import: so
one process can draw both themes, and changing the table changes every picture.

The series colours are safe for the three common kinds of colour blindness and reach 3:1 against
their background as lines; as words they do not, so labels take the text colour beside a coloured
key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulate.errors import UserError

FONT = "Source Sans Pro"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``.

    A ``tile`` is the ground on which pale colours are seen to be there.
    ``contour_low`` to ``contour_high`` shade a plane and ``surface_low`` to ``surface_high`` a
    surface in three dimensions: low is where the loss is small, and the darker in every theme, so
    that no hill looks like a hole.
    """

    name: str
    background: str
    text: str
    muted: str
    quiet: str
    tile: str
    contour_low: str
    contour_high: str
    contour_line: str
    surface_low: str
    surface_high: str
    surface_line: str
    positive: str
    negative: str
    blue: str
    sky: str
    orange: str
    yellow: str
    green: str
    vermillion: str
    purple: str
    slate: str
    brown: str
    indigo: str


THEMES = {
    "dark": Theme(
        name="dark",
        background="#12141a",
        text="#eceae4",
        muted="#9aa0ae",
        quiet="#2f3441",
        tile="#171b26",
        contour_low="#171b26",
        contour_high="#49597a",
        contour_line="#5d6880",
        surface_low="#1c2438",
        surface_high="#5b80ba",
        surface_line="#b9d0f5",
        positive="#E69F00",
        negative="#56B4E9",
        blue="#56B4E9",
        sky="#8fd3ff",
        orange="#E69F00",
        yellow="#F0E442",
        green="#00c08b",
        vermillion="#f4503c",
        purple="#d79bd0",
        slate="#b4bcc9",
        brown="#c69a6d",
        indigo="#9a90ff",
    ),
    "light": Theme(
        name="light",
        background="#ffffff",
        text="#1d2027",
        muted="#5d6470",
        quiet="#d5dae4",
        tile="#f4f6fa",
        contour_low="#b9c6de",
        contour_high="#f4f6fa",
        contour_line="#9aa6bd",
        surface_low="#7fa6dc",
        surface_high="#eef3fb",
        surface_line="#3f6aa8",
        positive="#c26a00",
        negative="#0072B2",
        blue="#0072B2",
        sky="#3d9ad1",
        orange="#b87700",
        yellow="#8a7f00",
        green="#007a59",
        vermillion="#c8401a",
        purple="#a2528f",
        slate="#4a5563",
        brown="#7d4f24",
        indigo="#5646c8",
    ),
}

_current: ContextVar[Theme] = ContextVar("theme", default=THEMES["dark"])


def current() -> Theme:
    """Return the theme that pictures are drawn in now."""
    return _current.get()


@contextmanager
def use(name: str) -> Iterator[Theme]:
    """Draw in the theme called `name` within this block.

    Raises
    ------
    KeyError
        If there is no such theme; the command line checks names before it comes here.
    """
    if name not in THEMES:
        raise UserError(f"no theme is called {name!r}; there is {' and '.join(THEMES)}")
    token = _current.set(THEMES[name])
    try:
        yield THEMES[name]
    finally:
        _current.reset(token)


_HEX = r"#[0-9a-fA-F]{6}"


def color(token: str) -> str:
    """Return the current theme's colour for a meaning (``"text"``) or a token (``"sky"``).

    A colour of one's own, such as ``"#d55e00"``, is the same in every theme.

    Raises
    ------
    UserError
        If there is no such colour.
    """
    if re.fullmatch(_HEX, token):
        return token
    value = getattr(current(), token, None)
    if isinstance(value, str) and value.startswith("#"):
        return value
    own = f"write '#{token}', or" if re.fullmatch(_HEX, f"#{token}") else "write '#rrggbb' or"
    raise UserError(f"no colour is called {token!r}; {own} one of {', '.join(tokens())}")


def tokens() -> list[str]:
    """Return every name that :func:`color` knows."""
    return [name for name in Theme.__dataclass_fields__ if name != "name"]


@cache
def font_directory() -> Path:
    """Return the folder of the Source Sans fonts that ship with ``font-source-sans-pro``.

    Located through the package's metadata, not imported: its module needs setuptools at run time.
    """
    from importlib.metadata import distribution

    files = distribution("font-source-sans-pro").files or []
    regular = next(file for file in files if file.name == "SourceSansPro-Regular.ttf")
    return Path(str(regular.locate())).resolve().parent
