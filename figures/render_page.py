"""Make a figure module's page: one HTML file that needs nothing else, in both themes.

What is in it: the words, the data, and a script that was bundled before (``make bundle``); its
policy lets no other script run, and nothing be fetched. Always the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast

from figures.parts import webfont
from figures.parts.page import LEVELS, Packed, Page, arrays, encoded, fields
from figures.parts.table import Table
from figures.render import made
from look.numbers import written
from look.theme import THEMES, tokens
from look.words import Visual, current
from simulate import recording
from simulate.errors import UserError

HOME = Path(__file__).parent / "page"
BUNDLES = HOME / "dist"
STYLE = HOME / "page.css"
LIGHT, DARK = "light", "dark"

_THEME = {"name": "Colours", "auto": "as the system", "light": "light", "dark": "dark"}
_ABOUT = {
    "recorded": "Everything here was recorded from runs that were really computed; the page "
    "computes nothing but positions on the screen.",
    "rounded": "{what}: written with {digits} digits that count.",
    "packed": "{what}: kept in {levels} even steps of {step:.2n}, so that a value is off by "
    "{off:.2n} at most.",
    "closed": "The page is one file: it fetches nothing and sends nothing.",
}

_OFF = "This page draws with JavaScript, which is off; the numbers are below."
_NUMBERS, _DATA = "The numbers as a table", "About the data"
_ASIDE = _OFF + _NUMBERS + _DATA


def render(
    module: str,
    recordings: Mapping[str, recording.Given],
    words: Visual | None = None,
) -> dict[str, bytes]:
    """Make the page of `module` and return what is in its file, by format (``"html"``).

    Parameters
    ----------
    module, recordings, words
        As in :func:`figures.render.render`.

    Raises
    ------
    UserError
        If the module has no row or no ``page``, a recording that it uses is not given or damaged,
        or its script was not bundled.
    """
    return {"html": document(of(module, recordings, words)).encode()}


def of(
    module: str, recordings: Mapping[str, recording.Given], words: Visual | None = None
) -> Parts:
    """Return what the page of `module` is made of; see :func:`render` and :func:`parts`."""
    with made("page", module, recordings, LIGHT, words) as (page, visual):
        return parts(page, visual, module.rpartition(".")[2])


@dataclass(frozen=True)
class Parts:
    """What a page is made of, before it is a file.

    Attributes
    ----------
    title, description : str
    height : int
    script : str
        An ECMAScript module; what it exports is an anywidget.
    style, font : str
        CSS; the second is the page's type.
    main : str
        HTML.
    data : dict
        What the script draws.
    """

    title: str
    description: str
    height: int
    script: str
    style: str
    font: str
    main: str
    data: dict[str, Any]


def parts(page: Page, visual: Visual, stem: str) -> Parts:
    """Return what a page is made of; to be called while its visual is spoken of."""
    title, _, how = page.title.partition("\n")
    data = {"stem": stem, "theme": _THEME, **_spoken(page), "data": encoded(page.data)}
    table, about = _table(page.table, page.table_title), _about(page)
    shown = "".join([page.title, page.caption, table, about, _ASIDE, _words(data)])
    main = f"""\
<main>
<h1>{escape(title)}</h1>
<p class="how">{escape(how)}</p>
<noscript><p>{_OFF}</p></noscript>
<div id="stage"></div>
<p class="caption">{escape(page.caption)}</p>
<div class="foot">
<details><summary>{_NUMBERS}</summary>
<div class="scroll" role="region" aria-label="{escape(page.table_title)}" tabindex="0">
{table}
</div></details>
<details><summary>{_DATA}</summary>
<ul>
{about}
</ul></details>
<div id="switch"></div>
</div>
</main>"""
    return Parts(
        title=title,
        description=visual.alt,
        height=page.height,
        script=bundle(page.script),
        style=_colors(page) + STYLE.read_text(encoding="utf-8"),
        font=webfont.style(shown),
        main=main,
        data=data,
    )


def document(made: Parts) -> str:
    """Return a page as one HTML file."""
    style = made.font + made.style
    policy = (
        f"default-src 'none'; script-src '{_hash(made.script)}'; style-src '{_hash(style)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="teaching-networks">
<meta name="description" content="{escape(made.description)}">
<meta name="teachnet-height" content="{made.height}">
<title>{escape(made.title)}</title>
<style>{style}</style>
</head>
<body>
{made.main}
<script type="application/json" id="page-data">{_json(made.data)}</script>
<script type="module">{made.script}</script>
</body>
</html>
"""


def bundle(name: str) -> str:
    """Return a bundled script.

    Raises
    ------
    UserError
        If there is none of that name.
    """
    try:
        return (BUNDLES / f"{name}.js").read_text(encoding="utf-8")
    except FileNotFoundError:
        there = ", ".join(sorted(path.stem for path in BUNDLES.glob("*.js")))
        raise UserError(f"no script of pages is called {name!r}; there is {there}") from None


def height(file: Path) -> int:
    """Return the height in CSS pixels that a page takes in a post, from its file."""
    with file.open(encoding="utf-8") as text:
        return height_of(text.read(8000))


def height_of(page: str) -> int:
    """Return the same from what is in the file."""
    return int(page.partition('<meta name="teachnet-height" content="')[2].partition('"')[0])


def _spoken(page: Page) -> dict[str, Any]:
    """Return the templates that the script fills, and the attributes that they ask for."""
    visual, attrs = current()
    missing = [name for name in page.words if name not in visual.words]
    if missing:
        raise UserError(f"the row has no words {missing[0]!r}, which its page says")
    words = {name: visual.words[name] for name in page.words}
    asked = sorted(set().union(*map(fields, words.values())))
    return {"words": words, "attrs": {name: _field(attrs[name]) for name in asked if name in attrs}}


def _field(value: Any) -> Any:
    """Return an attribute as the script takes it: a whole number is a count, written in full."""
    value = value.item() if hasattr(value, "item") else value
    return {"count": value} if isinstance(value, int) else encoded(value)


def _words(data: Any) -> str:
    """Return every word in a page's data, one after the other."""
    if isinstance(data, dict):
        return "".join(_words(inner) for name, inner in data.items() if name != "packed")
    if isinstance(data, list):
        return "".join(map(_words, data))
    return data if isinstance(data, str) else ""


def _about(page: Page) -> str:
    said = [written(_ABOUT["recorded"], {})]
    for array in arrays(page.data):
        if isinstance(array, Packed):
            step = array.step
            about = {"what": array.name, "levels": LEVELS + 1, "step": step, "off": step / 2}
            said.append(written(_ABOUT["packed"], about))
        else:
            about = {"what": array.name, "digits": array.digits}
            said.append(written(_ABOUT["rounded"], about))
    said.append(written(_ABOUT["closed"], {}))
    return "\n".join(f"<li>{escape(line[:1].upper() + line[1:])}</li>" for line in said)


def _table(table: Table, title: str) -> str:
    heads = "".join(f'<th scope="col">{escape(column.name)}</th>' for column in table.columns)
    lines = []
    for group, rows in table.grouped():
        if group:
            span = len(table.columns)
            lines.append(
                f'<tr><th scope="rowgroup" colspan="{span}" class="group">{escape(group)}</th></tr>'
            )
        for first, *others in rows:
            cells = "".join(f"<td>{escape(str(cell.value))}</td>" for cell in others)
            lines.append(f'<tr><th scope="row">{escape(str(first.value))}</th>{cells}</tr>')
    body = "\n".join(lines)
    return (
        f"<table><caption>{escape(title)}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


def _colors(page: Page) -> str:
    """Return the colours of both themes, and the page's own, as variables of the style."""
    light, dark = (
        "".join(
            f"--{name}:{color};"
            for name, color in [
                *((name, getattr(THEMES[theme], name)) for name in tokens()),
                *((name, pair[i]) for name, pair in page.colors.items()),
            ]
        )
        for i, theme in enumerate((LIGHT, DARK))
    )
    return (
        f":root,:host{{color-scheme:light;{light}}}\n"
        "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]),"
        f":host(:not([data-theme=light])){{color-scheme:dark;{dark}}}}}\n"
        "@media screen{:root[data-theme=dark],:host([data-theme=dark])"
        f"{{color-scheme:dark;{dark}}}}}\n"
    )


def _json(data: Any) -> str:
    """Return data as JSON in which nothing ends the element that holds it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _hash(text: str) -> str:
    """Return what a policy calls an element by its content."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def page(
    module: str, recordings: Mapping[str, recording.Given], words: Visual | None = None
) -> Page:
    """Return a module's page before it is a file, for a test."""
    with made("page", module, recordings, LIGHT, words) as (found, _):
        return cast("Page", found)
