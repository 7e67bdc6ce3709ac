"""Words and formulas through Typst, from a cache of our own.

Manim's cache of compiled strings ignores the fonts it was compiled with and writes files in place,
so two workers can read half a file. Ours is keyed by text, fonts and versions, writes to a
temporary name, notices damage, and refuses a string whose font was not found.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree

import manim
import numpy as np
import typst
from manim.mobject.text import typst_mobject
from svgelements import SVG

from look import theme
from look.type import FILM
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT
from simulate.errors import UserError
from simulate.storage import files

TITLE, SUBTITLE, LABEL, TICK = FILM

_TEMPLATE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: {size}pt, font: "{font}")
#show math.equation: set text(font: "New Computer Modern Math")
{preamble}
{body}
"""


@cache
def cache_directory() -> Path:
    """Return a writable folder for compiled strings: the user's cache, else a temporary one."""
    folder = files.cache_directory() / "typst"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="teachnet-typst-"))


_compiled: dict[Path, bytes] = {}  # what `_compile` made and `_ParsedInMemory` has not yet parsed


def _compile(
    typst_code: str,
    preamble: str = "",
    text_size: float = 10,
    font_paths: list[str | Path] | None = None,
) -> Path:
    """Compile Typst markup to SVG and return under which name it is kept; called by Manim.

    Raises
    ------
    ValueError
        If Typst warns: an unknown font would silently change the look.
    typst.TypstError
        If the markup is wrong.
    """
    folders: list[Any] = [str(path) for path in (font_paths or [theme.font_directory()])]
    svg, warnings = typst.compile_with_warnings(
        _source(typst_code, preamble, text_size).encode(),
        format="svg",
        font_paths=folders,
        ignore_system_fonts=True,
    )
    if warnings:
        raise ValueError(f"Typst warns about {typst_code!r}: {warnings[0].message}")
    name = Path(hashlib.sha256(svg).hexdigest())
    _compiled[name] = svg
    return name


def _source(typst_code: str, preamble: str = "", text_size: float = 10) -> str:
    return _TEMPLATE.format(size=text_size, font=theme.FONT, preamble=preamble, body=typst_code)


# Typst mobjects look this function up in their module, and there is no parameter for it.
typst_mobject.typst_to_svg_file = _compile


class _ParsedInMemory(manim.Typst):
    """A Typst mobject that is parsed without a file in between.

    Manim writes a compiled string and a changed copy beside it, reads that back and deletes it: two
    processes that show the same string would take it from each other.
    """

    def generate_mobject(self) -> Self:
        assert self.file_name is not None
        tree: Any = ElementTree.ElementTree(ElementTree.fromstring(_compiled.pop(self.file_name)))
        tree = self.modify_xml_tree(tree)
        text = ElementTree.tostring(tree.getroot(), encoding="unicode")
        mobjects, self.id_to_vgroup_dict = self.get_mobjects_from(SVG.parse(StringIO(text)))
        self.add(*mobjects)
        self.flip(manim.RIGHT)  # an SVG's y runs down
        return self


_SIZE = 100  # pixels of a 1280×720 frame at which outlines are kept
# Manim scales a 10 pt compilation by font_size / 960.
_FONT_SIZE = _SIZE * 960 / (10 * PIXELS_PER_UNIT)


@cache
def outline(markup: str) -> np.ndarray:
    """Return the outlines of some Typst markup as cubic curves, centred, at a size of 100 pixels.

    Compiling and parsing costs 25 ms a string and more, reading the outlines back a tenth of one:
    they are kept on disk, so that every worker has them at once. What was damaged there is made
    anew.

    Returns
    -------
    array, shape (4 n_curves, 3), float64
        As ``VMobject.points`` has them, in frame units.
    """
    key = "\0".join([_source(markup), *_makers()])
    path = cache_directory() / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.outline"
    content = files.read_sealed(path)
    if content is not None:
        return np.asarray(np.load(BytesIO(content), allow_pickle=False))
    text = _ParsedInMemory(markup, font_size=_FONT_SIZE, use_svg_cache=False)
    pieces = [_filled(part) for part in text.family_members_with_points()]
    points = np.concatenate(pieces) if pieces else np.empty((0, 3))
    stored = BytesIO()
    np.save(stored, points, allow_pickle=False)
    with suppress(UserError):  # the disk is full, or something lies in the way: only slower
        files.write_sealed(path, stored.getvalue())
    return points


@cache
def _makers() -> tuple[str, ...]:
    """Return what else the outlines of some markup hang on: fonts, compiler, parser, this file."""
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return (own, *map(version, ("typst", "manim", "svgelements", "font-source-sans-pro")))


def _filled(part: Any) -> np.ndarray:
    """Return a part's outline; that of a rule (of a fraction, a root) is a thin rectangle."""
    if part.get_fill_opacity() > 0 or part.get_stroke_width() == 0:
        return np.asarray(part.points)
    (left, bottom, _), (right, top, _) = part.get_corner(manim.DL), part.get_corner(manim.UR)
    half = max(part.get_stroke_width() * 0.01, 0.05 * _SIZE / PIXELS_PER_UNIT) / 2
    rule = manim.Rectangle(width=right - left + half, height=top - bottom + 2 * half)
    return np.asarray(rule.move_to(((left + right) / 2, (bottom + top) / 2, 0)).points)


def quoted(text: str) -> str:
    """Return plain text as a Typst string, in which nothing is markup; an apostrophe is curly."""
    text = " ".join(text.split("\n")).replace("'", "’")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_NOWHERE = "\U0010fffd"  # a character for private use, which none of the fonts has


def _check_glyphs(text: str, weight: str, markup: Callable[[str], str]) -> None:
    """Refuse characters that none of Typst's fonts has: it would draw a box, without a word.

    Parameters
    ----------
    text : str
        The characters, of words or of a formula.
    weight : str
        Of Source Sans.
    markup : callable
        Sets one character as the text is set.
    """
    for char in set(text):
        if not font.has(char, weight) and _drawing(markup(char)) == _drawing(markup(_NOWHERE)):
            raise UserError(f"no font has the character {char!r} of {text!r}; write another")


@cache
def _drawing(markup: str) -> bytes:
    return _compiled.pop(_compile(markup))


class _Text(manim.VMobject):
    """One mobject with all outlines of a string: copied, faded and drawn as one."""

    def __init__(self, text: str, markup: str, size: float, color: str, **kwargs: Any) -> None:
        super().__init__(fill_color=theme.color(color), fill_opacity=1, stroke_width=0, **kwargs)
        self.text = text
        self.size = size
        self.points = outline(markup) * (size / _SIZE)
        self.center()


class Words(_Text):
    """A line or paragraph of plain text.

    Parameters
    ----------
    text : str
        Shown literally.
    size : float
        Font size in pixels of a 1280×720 frame: `LABEL`, and no less than `TICK` for numbers.
    color : str
        A meaning or token of the theme.
    weight : {"regular", "semibold", "bold"}
    width : float, optional
        Break lines at this width, in frame units.
    """

    def __init__(
        self,
        text: str,
        size: float = LABEL,
        color: str = "text",
        weight: str = "regular",
        width: float | None = None,
        **kwargs: Any,
    ) -> None:
        self.weight = weight

        def set_(words: str) -> str:
            return f'#text(weight: "{weight}", {quoted(words)})'

        _check_glyphs(text, weight, set_)
        markup = set_(text)
        if width is not None:
            points = width * PIXELS_PER_UNIT / size * 10  # the page is set at 10 pt
            markup = f"#block(width: {points}pt)[#set par(leading: 0.5em)\n{markup}]"
        super().__init__(text, markup, size, color, **kwargs)

    def on_baseline(self, x: float, y: float, side: np.ndarray = manim.LEFT) -> Self:
        """Stand on a baseline: `side` (LEFT, ORIGIN, RIGHT) of the line is at `x`.

        Words in a row or one after another look level only so: their boxes end at a descender.
        """
        below = font.depth(self.text, self.weight) * self.size / PIXELS_PER_UNIT
        self.move_to((x, y - below, 0), aligned_edge=side + manim.DOWN)
        return self


class Formula(_Text):
    """A formula in Typst's mathematics; `size` and `color` as in :class:`Words`."""

    def __init__(
        self, formula: str, size: float = LABEL, color: str = "text", **kwargs: Any
    ) -> None:

        def set_(symbols: str) -> str:
            return f"$ {symbols} $"

        _check_glyphs(formula, "regular", set_)
        super().__init__(formula, set_(formula), size, color, **kwargs)
