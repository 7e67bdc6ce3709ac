"""The type of figures for pages: only the characters that a page has, inside its style."""

from __future__ import annotations

import base64
from functools import lru_cache
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from look.theme import font_directory

FAMILY = "Page Sans"  # a subset is another font, which must not have the name of the whole one
WEIGHTS = {400: "Regular", 600: "Semibold"}
# What a script writes besides: numbers, and signs around them.
WRITTEN = "0123456789.,−–+-×·%‰<>≈∞()/=:|≤≥⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉₋ \u202f…½"


def style(text: str) -> str:
    """Return the style that gives a page this type, for the characters of a text."""
    letters = "".join(sorted(set(text) | set(WRITTEN)))
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
        f"src:url(data:font/woff;base64,{_encoded(name, letters)}) format('woff')}}\n"
        for weight, name in WEIGHTS.items()
    )


@lru_cache(maxsize=32)
def _encoded(name: str, letters: str) -> str:
    font = TTFont(font_directory() / f"SourceSansPro-{name}.ttf", recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "mark", "tnum"]
    options.name_IDs = [0, 13, 14]  # copyright and licence
    options.hinting = False
    options.flavor = "woff"
    subset = Subsetter(options)
    subset.populate(text=letters)
    subset.subset(font)
    for name_id, said in ((1, FAMILY), (2, name), (4, f"{FAMILY} {name}"), (6, f"PageSans-{name}")):
        font["name"].setName(said, name_id, 3, 1, 0x409)
    font.flavor = "woff"
    file = BytesIO()
    font.save(file)
    return base64.b64encode(file.getvalue()).decode()
