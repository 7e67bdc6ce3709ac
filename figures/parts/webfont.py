"""The parts of fonts that a page or an SVG brings along: only the characters that it has."""

from __future__ import annotations

import base64
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from look.theme import font_directory

FAMILY = "Page Sans"  # a subset is another font, which must not have the name of the whole one
WEIGHTS = {400: "Regular", 600: "Semibold"}
FEATURES = ("kern", "mark", "tnum")
# What a script writes besides: numbers, and signs around them.
WRITTEN = "0123456789.,−–+-×·%‰<>≈∞()/=:|≤≥⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉₋ \u202f…½"


def style(text: str) -> str:
    """Return the style that gives a page this type, for the characters of a text."""
    letters = "".join(sorted(set(text) | set(WRITTEN)))
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
        f"src:url({url(subset(_file(name), letters, FAMILY, FEATURES))}) format('woff')}}\n"
        for weight, name in WEIGHTS.items()
    )


def url(font: bytes) -> str:
    """Return the address that holds a font itself."""
    return f"data:font/woff;base64,{base64.b64encode(font).decode()}"


@lru_cache(maxsize=32)
def subset(file: Path, letters: str, family: str, features: tuple[str, ...]) -> bytes:
    """Return a font with only some letters, as WOFF, always the same bytes.

    It has another name, `family`, and keeps copyright and licence.
    """
    # Lazy: most of a whole font's kerning is thrown away, and need not be read for that.
    font = TTFont(file, recalcTimestamp=False, lazy=True)
    options = Options()
    options.layout_features = list(features)
    options.name_IDs = [0, 13, 14]  # copyright and licence
    options.hinting = False
    options.drop_tables += ["FFTM"]  # when it was made
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    kind = file.stem.rpartition("-")[2]
    plain = f"{family.replace(' ', '')}-{kind}"
    for name_id, said in ((1, family), (2, kind), (4, f"{family} {kind}"), (6, plain)):
        font["name"].setName(said, name_id, 3, 1, 0x409)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    return content.getvalue()


def _file(name: str) -> Path:
    return font_directory() / f"SourceSansPro-{name}.ttf"
