"""The pictures' own type for the gallery: as much of the fonts as its words need, in the page."""

from __future__ import annotations

import base64
from io import BytesIO

from look.theme import font_directory

FAMILY = "Gallery Sans"  # a part of a font must not have the whole one's name: its licence says so
FACES = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf"}
NOTICE = "A part of Source Sans Pro, (c) 2010-2014 Adobe Systems, SIL Open Font License 1.1"


def faces(words: str) -> str:
    """Return rules of CSS with the characters of these words, in both weights."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    rules = [f"/* {NOTICE} */"]
    for weight, name in FACES.items():
        options = subset.Options(
            flavor="woff", layout_features=["kern", "tnum"], name_IDs=[], hinting=False,
            notdef_outline=True, recalc_timestamp=False,
        )  # fmt: skip
        font = TTFont(font_directory() / name, recalcTimestamp=False)
        chosen = subset.Subsetter(options)
        chosen.populate(text=words)
        chosen.subset(font)
        font.flavor = "woff"
        file = BytesIO()
        font.save(file)
        source = base64.b64encode(file.getvalue()).decode()
        rules.append(
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: block; '
            f'src: url("data:font/woff;base64,{source}") format("woff"); }}'
        )
    return "\n".join(rules)
