"""Glyphs of Source Sans and a monospaced face: outlines, advances and depths, in ems."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from look import theme
from simulate.errors import UserError

DIGIT_HEIGHT = 0.65  # of Source Sans' figures and capitals, in ems

_FILES = {"regular": "Regular", "semibold": "Semibold", "bold": "Bold"}


class Glyph(NamedTuple):
    """A glyph in ems, the baseline at 0."""

    outline: tuple[tuple[str, tuple[float, ...]], ...]  # verbs of a Cairo context and arguments
    advance: float
    depth: float  # how far it reaches below the baseline


class _Outline(BasePen):
    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.parts: list[tuple[str, tuple[float, ...]]] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.parts.append(("move_to", point))

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.parts.append(("line_to", point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self.parts.append(("curve_to", tuple(x for point in points for x in point)))

    def _closePath(self) -> None:
        self.parts.append(("close_path", ()))


@cache
def _font(weight: str) -> tuple[Any, Any, float]:
    if weight == "mono":
        font = TTFont(_mono())
    else:
        font = TTFont(theme.font_directory() / f"SourceSansPro-{_FILES[weight]}.ttf")
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def _mono() -> Path:
    """Return the monospaced face that ships with matplotlib, found without importing it."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("matplotlib is not installed, and its monospaced font neither")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSansMono.ttf"


def has(char: str, weight: str = "regular") -> bool:
    """Tell whether the font has a glyph for a character."""
    _, names, _ = _font(weight)
    return ord(char) in names


@cache
def glyph(char: str, weight: str = "regular") -> Glyph:
    """Return the glyph of a character.

    Raises
    ------
    UserError
        If the font has none.
    """
    if not has(char, weight):
        raise UserError(f"the font of counters has no character {char!r}; write another")
    glyphs, names, em = _font(weight)
    name = names[ord(char)]
    pen = _Outline(glyphs)
    glyphs[name].draw(pen)
    outline = tuple((verb, tuple(value / em for value in args)) for verb, args in pen.parts)
    lowest = min((min(args[1::2]) for _, args in outline if args), default=0.0)
    return Glyph(outline, glyphs[name].width / em, max(0.0, -lowest))


def advance(text: str, weight: str = "regular") -> float:
    """Return the width of a text without kerning, in ems."""
    return sum(glyph(char, weight).advance for char in text)


def depth(text: str, weight: str = "regular") -> float:
    """Return how far a line of text reaches below its baseline, in ems.

    What the font lacks and another one has, such as the minus of 10⁻⁵, stands above it.
    """
    return max((glyph(char, weight).depth for char in text if has(char, weight)), default=0.0)


def write(
    pen: Any, text: str, x: float, baseline: float, em: float, weight: str = "regular"
) -> None:
    """Fill a text without kerning, from x on, in the pen's colour; `em` is its size in frame units.

    For painters that write many numbers; what moves little is better set in Words.
    """
    context = pen.context
    context.save()
    context.translate(x, baseline)
    context.scale(em, em)
    for char in text:
        shape = glyph(char, weight)
        for verb, args in shape.outline:
            getattr(context, verb)(*args)
        context.translate(shape.advance, 0)
    pen.fill()
    context.restore()
