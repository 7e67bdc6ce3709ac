"""Words of a figure's SVG as text, in the parts of their fonts that it needs; formulas as outlines.

So words can be selected, searched and read aloud, and stand where the layout put them also where
nobody has the fonts: an SVG in an ``<img>`` may load nothing but what is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.patheffects import AbstractPathEffect, Normal, withStroke
from matplotlib.text import Text

from figures.parts import webfont

FAMILY = "Figure Type"
# What matplotlib and browsers apply unasked; the widths are those of both together.
FEATURES = ("calt", "ccmp", "clig", "kern", "liga", "locl", "mark", "mkmk", "rclt", "rlig")

_TEXT = re.compile(r'<text style="([^"]*)"([^>]*)>([^<]*)</text>')
_HALO = re.compile(r'<g id="halo-([\d.]+)-(#\w+)">')


@contextmanager
def as_text(fig: Figure) -> Iterator[None]:
    """Let SVGs that are saved in this block have text; :func:`lettered` gives that its fonts."""
    before = [(text, text.get_path_effects(), text.get_gid()) for text in fig.findobj(Text)]
    try:
        for text, effects, _ in before:
            if text.get_parse_math() and is_math_text(text.get_text()):
                # matplotlib draws outlines where there is an effect
                text.set_path_effects(effects or [Normal()])
            elif name := _halo(effects):
                text.set_path_effects([])
                text.set_gid(name)
        with matplotlib.rc_context({"svg.fonttype": "none"}):
            yield
    finally:
        for text, effects, gid in before:
            text.set_path_effects(effects)
            text.set_gid(gid)


def _halo(effects: Sequence[AbstractPathEffect]) -> str:
    """Return the halo of a text as the name of its group, which :func:`lettered` makes a style.

    "" where there is none, or effects of another kind, with which a text is outlines.
    """
    if len(effects) != 1 or type(effects[0]) is not withStroke:
        return ""
    (effect,) = effects
    if set(effect._gc) != {"linewidth", "foreground"} or effect._offset != (0, 0):
        return ""
    return f"halo-{effect._gc['linewidth']:g}-{to_hex(effect._gc['foreground'])}"


def lettered(svg: str) -> str:
    """Return an SVG with the fonts of its text: of each what the text needs."""
    letters: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for style, _, said in _TEXT.findall(svg):
        files, weight, slant = _fonts(_font(style))
        for char in unescape(said):
            file = next((file for file in files if ord(char) in _known(file)), files[0])
            letters[file, f"font-weight:{weight};font-style:{slant}"].add(char)
    families, rules = {}, []
    for (file, face), chars in sorted(letters.items()):
        font = webfont.subset(file, "".join(sorted(chars)), FAMILY, FEATURES)
        # Each has a name of its own, for several figures may come to stand in one page.
        families[file, face] = name = f"f{hashlib.sha256(font).hexdigest()[:10]}"
        source = f"src:url({webfont.url(font)}) format('woff')"
        rules.append(f"@font-face{{font-family:{name};{face};{source}}}")
    classes: dict[str, str] = {}

    def written(match: re.Match[str]) -> str:
        style, place, said = match.groups()
        asked = _font(style)
        files, weight, slant = _fonts(asked)
        face = f"font-weight:{weight};font-style:{slant}"
        found = [families[file, face] for file in files if (file, face) in families]
        rule = (
            f"{{font-family:{','.join([*found, asked[0].split(',')[0], 'sans-serif'])};{face};"
            "white-space:pre;text-rendering:geometricPrecision}"
        )
        name = classes.setdefault(rule, f"t{hashlib.sha256(rule.encode()).hexdigest()[:10]}")
        rest = ";".join(part for part in style.split("; ") if not part.startswith("font-") or
                        part.startswith("font-size"))  # fmt: skip
        place = re.sub(r' transform="rotate\(-?0 [^"]*"', "", place)
        return f'<text class="{name}" style="{rest}"{place}>{said}</text>'

    svg = _HALO.sub(
        r'<g style="paint-order:stroke;stroke:\2;stroke-width:\1;stroke-linejoin:round">', svg
    )
    svg = _TEXT.sub(written, svg)
    rules += [f".{name}{rule}" for rule, name in sorted(classes.items())]
    return svg.replace("</style>", "\n" + "\n".join(rules) + "</style>", 1)


def _font(style: str) -> tuple[str, int, str]:
    """Return the families, the weight and the slant that a style asks for."""
    said = dict(part.split(": ", 1) for part in style.split("; "))
    return said["font-family"], int(said.get("font-weight", 400)), said.get("font-style", "normal")


@cache
def _fonts(font: tuple[str, int, str]) -> tuple[list[Path], int, str]:
    """Return the files that matplotlib measured with, in the order in which it asks them."""
    families, weight, slant = font
    files = [
        Path(findfont(FontProperties(family=[name.strip(" '")], weight=weight, style=slant)))
        for name in families.split(",")
    ]
    return files, weight, slant


@cache
def _known(file: Path) -> frozenset[int]:
    with TTFont(file) as font:
        return frozenset(font.getBestCmap())
