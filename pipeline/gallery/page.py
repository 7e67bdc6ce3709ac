"""Writes the gallery: one page of HTML that needs no network, no server and no other page.

Whatever it shows is text from rows and recordings, and is escaped; every address is relative to the
page. Pictures come in the reader's theme. Without a script all cards are there with links to their
files; the script adds search, filters, the theme's switch, and the view of one visual.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from look import metadata
from look.theme import THEMES, Theme
from pipeline.files import File
from pipeline.gallery.contents import Recorded, Shown, chapters
from pipeline.gallery.item import SCRIPT, STYLE
from pipeline.gallery.type import FAMILY, faces
from pipeline.kinds import BOTH, KINDS
from pipeline.settings import Settings

SHADES = (*THEMES, BOTH)  # in which a file may be
NAMES = {"animation": "Film", "figure": "Figure", "table": "Table", "page": "Page"}
FLAVOURS = {  # of a post, as people call them; one that comes later has its own name
    "marker": "Marker", "html": "HTML", "commonmark": "CommonMark", "github": "GitHub",
    "jekyll": "Jekyll", "hugo": "Hugo", "quarto": "Quarto", "myst": "MyST", "mdx": "MDX",
    "jupyter": "Jupyter", "marp": "Marp",
}  # fmt: skip


def written(settings: Settings, base_url: str | None = None) -> str:
    """Return the page.

    Parameters
    ----------
    settings : Settings
    base_url : str or None
        Where posts find the media; None takes paths relative to the page.
    """
    every = chapters(settings, base_url)
    shown = [visual for visuals in every.values() for visual in visuals]
    kinds = [kind.name for kind in KINDS if any(kind.name in each.kinds for each in shown)]
    words = _page(every, shown, kinds)
    return words.replace(_FACES, faces("".join(sorted({*words}))), 1)


_FACES = "/* faces */"


def _page(
    every: Mapping[str, Sequence[Shown]], shown: Sequence[Shown], kinds: Sequence[str]
) -> str:
    return f"""\
<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>teaching-networks: {len(shown)} visuals</title>
<meta name="description" content="Pictures and films of real networks, and how each was made.">
<meta name="generator" content="teachnet {escape(metadata.version())}">
<style>
{_FACES}
{_colors()}
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<a class="skip" href="#visuals">To the visuals</a>
<header>
<h1>teaching-networks</h1>
<p class="lead">{_lead(shown)}</p>
</header>
<div class="bar" role="search" aria-label="Visuals">
<label class="search"><span>Search</span>
<input type="search" id="search" autocomplete="off" placeholder="momentum, softmax, saddle …">
</label>
<div class="group" role="group" aria-label="Kinds">
{_buttons("kind", [("", "All"), *((kind, _plural(kind)) for kind in kinds)])}
</div>
<div class="group" role="group" aria-label="Theme">
{_buttons("theme", [("auto", "Auto"), ("light", "Light"), ("dark", "Dark")])}
</div>
</div>
<nav aria-label="Chapters"><ul>
{_lines(f'<li><a href="#chapter-{quote(name)}">{escape(_title(name))}</a></li>' for name in every)}
</ul></nav>
<main id="visuals" tabindex="-1">
<p role="status" id="count">{len(shown)} visuals</p>
{_lines(_chapter(name, visuals) for name, visuals in every.items())}
<p id="nothing" hidden>Nothing matches.
<button type="button" id="reset">Show everything</button></p>
</main>
<footer>
<p>Made by <code>teachnet gallery</code>, version {escape(metadata.version())}, from recordings of
real networks: every number comes from one. This page needs no network.</p>
</footer>
<dialog id="detail" aria-labelledby="detail-title"></dialog>
<p role="status" id="said" class="unseen"></p>
<script type="application/json" id="posts">{_posts(shown)}</script>
<script>
{SCRIPT.read_text(encoding="utf-8")}</script>
</body>
</html>
"""


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _lead(shown: Sequence[Shown]) -> str:
    counts = [
        (sum(kind.name in each.kinds for each in shown), _plural(kind.name).lower(), kind.name)
        for kind in KINDS
    ]
    said = [
        f"{n} {plural if n != 1 else NAMES.get(name, name).lower()}"
        for n, plural, name in counts
        if n
    ]
    listed = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    made = f"{listed}, drawn" if listed else "Nothing is rendered yet. Visuals are drawn"
    return f"{made} from recordings of networks that were really trained."


def _plural(kind: str) -> str:
    return f"{NAMES.get(kind, kind.capitalize())}s"


def _title(chapter: str) -> str:
    words = re.sub(r"[_-]+", " ", chapter)
    return words[:1].upper() + words[1:]


def _buttons(group: str, named: Iterable[tuple[str, str]]) -> str:
    return _lines(
        f'<button type="button" data-{group}="{escape(value)}" aria-pressed="{pressed}">'
        f"{escape(name)}</button>"
        for place, (value, name) in enumerate(named)
        for pressed in (("true" if place == 0 else "false"),)
    )


# ------------------------------------------------------------------------------ cards


def _chapter(name: str, visuals: Sequence[Shown]) -> str:
    return f"""\
<section id="chapter-{quote(name)}" aria-labelledby="title-{quote(name)}">
<h2 id="title-{quote(name)}">{escape(_title(name))} <span class="n">{len(visuals)}</span></h2>
<ul class="grid">
{_lines(map(_card, visuals))}
</ul>
</section>"""


def _card(shown: Shown) -> str:
    stem, words = shown.entry.stem, shown.words
    found = " ".join([stem, words.title, words.alt, words.caption, shown.entry.chapter,
                      *shown.entry.row.aliases, *shown.entry.row.uses])  # fmt: skip
    kinds, find = " ".join(shown.kinds), escape(" ".join(found.lower().split()))
    return f"""\
<li data-stem="{escape(stem)}" data-kinds="{kinds}" data-find="{find}">
<article>
{_cover(shown)}
<h3><a href="{_address(shown)}" data-open="{escape(stem)}">{escape(_titled(shown))}</a></h3>
<p class="what">{_what(shown)}</p>
<template>{_detail(shown)}</template>
</article>
</li>"""


def _titled(shown: Shown) -> str:
    """Return a visual's title; a template that nothing fills yet says so."""
    return re.sub(r"{[^}]*}", "…", shown.words.title) if not shown.files else shown.words.title


def _address(shown: Shown) -> str:
    """Return where the link of a card leads without a script: to the file itself."""
    for kind in shown.kinds:
        for form in ("mp4", "html", "svg", "png"):
            for theme in SHADES:
                if file := shown.file(kind, theme, form):
                    return _url(file)
    return f"#{quote(shown.entry.stem)}"


def _cover(shown: Shown) -> str:
    if not shown.files:
        return (
            '<div class="cover missing"><p>Not rendered yet</p>'
            f"<code>{escape(shown.command)}</code></div>"
        )
    kind = next(kind for kind in ("figure", "animation", "table", "page") if kind in shown.kinds)
    film = next((f for theme in THEMES if (f := shown.file("animation", theme, "mp4"))), None)
    plays = f' data-film="{_url(film)}"' if film else ""
    length = f'<span class="length">{_clock(shown.film.seconds)}</span>' if shown.film else ""
    pictures = _pictures(shown, kind, alt=False)
    return (
        f'<div class="cover {kind}"{plays}>{pictures or "<p>A page to play with</p>"}{length}</div>'
    )


def _what(shown: Shown) -> str:
    names = [NAMES.get(kind, kind) for kind in shown.kinds] or ["not rendered yet"]
    return f"{escape(', '.join(names))} · <code>{escape(shown.entry.stem)}</code>"


def _pictures(shown: Shown, kind: str, form: str = "png", *, alt: bool = True) -> str:
    """Write a picture in each theme in which it is there; the reader sees one of them."""
    there = [theme for theme in THEMES if shown.file(kind, theme, form)]
    parts = []
    for theme in there:
        file = shown.file(kind, theme, form)
        assert file is not None
        only = f' class="{theme}"' if len(there) > 1 else ' class="both"'
        size = f' width="{file.width}" height="{file.height}"' if file.width else ""
        text = escape(shown.words.alt) if alt else ""
        image = f'<img src="{_url(file)}"{size} alt="{text}" loading="lazy" decoding="async">'
        narrow = shown.file(kind, theme, f"narrow.{form}")
        source = f'<source media="(max-width: 480px)" srcset="{_url(narrow)}">' if narrow else ""
        parts.append(f"<picture{only}>{source if alt else ''}{image}</picture>")
    return "".join(parts)


def _url(file: File) -> str:
    return escape(quote(file.path))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


# ------------------------------------------------------------------------------ one visual


def _detail(shown: Shown) -> str:
    """Write what the view of one visual holds; inert until it is opened, so nothing loads."""
    words = shown.words
    kinds = shown.kinds
    tabs = _buttons("show", [(kind, NAMES.get(kind, kind)) for kind in kinds])
    choose = f'<div class="group" role="group" aria-label="Shown as">{tabs}</div>'
    description = shown.entry.description
    happens = f"<h3>What happens</h3><p>{escape(description)}</p>" if description else ""
    return f"""
<div class="head">
<p class="where">{escape(_title(shown.entry.chapter))} · <code>{escape(shown.entry.stem)}</code></p>
{choose if len(kinds) > 1 else ""}
<button type="button" class="close" data-close aria-label="Close">×</button>
</div>
<h2 id="detail-title" tabindex="-1">{escape(_titled(shown))}</h2>
{_lines(_stage(shown, kind) for kind in kinds) or _missing(shown)}
{f'<p class="caption">{escape(words.caption)}</p>' if words.caption and shown.files else ""}
<section class="more">
{happens}
{_posts_section(shown)}
<h3>How it was made</h3>
{_made(shown)}
</section>
<div class="turn"><button type="button" data-turn="-1">← Before</button>
<button type="button" data-turn="1">Next →</button></div>
"""


def _missing(shown: Shown) -> str:
    return (
        '<div class="cover missing"><p>Not rendered yet. In the project, say</p>'
        f"<code>{escape(shown.command)}</code></div>"
    )


def _stage(shown: Shown, kind: str) -> str:
    inside = {"animation": _film, "table": _frames, "page": _frames}.get(kind, _figure)(shown, kind)
    return f'<div class="stage {kind}" data-stage="{kind}">{inside}</div>'


def _figure(shown: Shown, kind: str) -> str:
    form = "svg" if any(shown.file(kind, theme, "svg") for theme in THEMES) else "png"
    return _pictures(shown, kind, form)


def _film(shown: Shown, kind: str) -> str:
    there = [theme for theme in THEMES if shown.file(kind, theme, "mp4")]
    films = [
        f'<video class="{theme if len(there) > 1 else "both"}" controls loop muted playsinline '
        f'preload="none" poster="{_url(poster)}" width="{poster.width}" height="{poster.height}" '
        f'aria-label="{escape(shown.words.alt)}"><source src="{_url(film)}" type="video/mp4">'
        "</video>"
        for theme in there
        if (film := shown.file(kind, theme, "mp4")) and (poster := shown.file(kind, theme, "png"))
    ]
    sections = "".join(
        f'<li><button type="button" data-seek="{section.start:g}">'
        f"<span>{_clock(section.start)}</span> {escape(section.name)}</button></li>"
        for section in (shown.film.sections if shown.film else ())
    )
    listed = f'<ol class="sections" aria-label="Sections">{sections}</ol>' if sections else ""
    return "".join([*films, listed])


def _frames(shown: Shown, kind: str) -> str:
    """Write a page of its own in a frame, as high as a post has it."""
    there = [theme for theme in SHADES if shown.file(kind, theme, "html")]
    parts = []
    for theme in there:
        file = shown.file(kind, theme, "html")
        assert file is not None
        high = shown.heights.get(kind, 640) + 60  # with its margins
        only = theme if len(there) > 1 else "both"
        parts.append(
            f'<iframe class="{only}" src="{_url(file)}" loading="lazy" height="{high}" '
            f'title="{escape(_titled(shown))}"></iframe>'
        )
    return "".join(parts) or _pictures(shown, kind)


def _posts_section(shown: Shown) -> str:
    if not shown.blocks:
        return ""
    flavours = dict.fromkeys(name for blocks in shown.blocks.values() for name in blocks)
    buttons = _lines(
        f'<button type="button" data-copy="{escape(name)}">{escape(called)}</button>'
        for name in flavours
        for called in (FLAVOURS.get(name, name),)
    )
    return f"""\
<h3>Put it in a post</h3>
<div class="group copy" role="group" aria-label="Copy for">
{buttons}
</div>
<pre class="copied" tabindex="0" role="region" aria-label="What was copied" hidden></pre>"""


def _made(shown: Shown) -> str:
    """Write the command, the files, and of each recording its settings and its numbers."""
    sources = ", ".join(f"<code>{escape(source)}</code>" for source in shown.sources)
    versions = {recorded.versions for recorded in shown.recordings if recorded.versions}
    rows = [
        ("Command", f'<code>{escape(shown.command)}</code> <button type="button" '
                    f'data-command="{escape(shown.command)}">Copy</button>'),
        ("Drawn by", sources),
        ("Version", escape("; ".join([f"teachnet {metadata.version()}", *sorted(versions)]))),
    ]  # fmt: skip
    listed = "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in rows)
    return _lines(
        [
            f'<dl class="made">{listed}</dl>',
            *map(_recorded, shown.recordings),
            _files(shown.files),
        ]
    )


def _recorded(recorded: Recorded) -> str:
    head = f"Recording <code>{escape(recorded.name)}</code>"
    # No seconds: the same recordings make the same page.
    which = f"SHA-256 {recorded.digest[:12]}"
    return (
        f"<details><summary>{head}</summary><p class=small>{escape(which)}</p>"
        f"{_pairs('Settings', recorded.settings)}{_pairs('Numbers', recorded.numbers)}</details>"
    )


def _pairs(name: str, values: Mapping[str, str]) -> str:
    if not values:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(key)}</th><td>{escape(text)}</td></tr>"
        for key, text in values.items()
    )
    return f"<table class=pairs><caption>{name}</caption><tbody>{rows}</tbody></table>"


def _files(files: Sequence[File]) -> str:
    if not files:
        return ""
    rows = "".join(
        f'<li><a href="{_url(file)}">{escape(file.path.rpartition("/")[2])}</a> '
        f"<span>{_size(file)}</span></li>"
        for file in files
    )
    return f"<details><summary>Files</summary><ul class=files>{rows}</ul></details>"


def _size(file: File) -> str:
    wide = f"{file.width}×{file.height}, " if file.width else ""
    weight = f"{file.bytes / 1e6:.1f} MB" if file.bytes >= 1e6 else f"{file.bytes / 1e3:.0f} kB"
    return f"{wide}{weight}"


# ------------------------------------------------------------------------------ for the script


def _posts(shown: Sequence[Shown]) -> str:
    """Write what posts say as JSON: texts once, and which of them by visual, kind and flavour."""
    texts: dict[str, int] = {}
    blocks = {
        each.entry.stem: {
            kind: {name: texts.setdefault(text, len(texts)) for name, text in said.items()}
            for kind, said in each.blocks.items()
        }
        for each in shown
    }
    found = {"texts": list(texts), "blocks": blocks}
    return json.dumps(found, separators=(",", ":")).replace("<", "\\u003c")


def _colors() -> str:
    """Return the colours of both themes as variables; the light ones unless dark is wanted."""
    light, dark = (_variables(THEMES[name]) for name in ("light", "dark"))
    hidden = "{ display: none !important; }"
    return f"""\
:root {{ color-scheme: light; {light} --font: "{FAMILY}", system-ui, sans-serif; }}
:root[data-theme=dark] {{ color-scheme: dark; {dark} }}
@media (prefers-color-scheme: dark) {{
:root[data-theme=auto] {{ color-scheme: dark; {dark} }}
[data-theme=auto] .light {hidden}
}}
@media not (prefers-color-scheme: dark) {{ [data-theme=auto] .dark {hidden} }}
[data-theme=light] .dark, [data-theme=dark] .light {hidden}"""


def _variables(theme: Theme) -> str:
    names = ("background", "text", "muted", "quiet", "tile", "indigo", "blue")
    return " ".join(f"--{name}: {getattr(theme, name)};" for name in names)
