"""How a visual is written into a post, for each place that shows posts.

A place that plays no film gets its poster with a link; one that knows no HTML gets Markdown. The
words are those of the visual's row, filled from its recordings; whatever stands in them is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from look import metadata
from simulate.errors import UserError

DARK = "(prefers-color-scheme: dark)"
SMALL = "(max-width: 480px)"
MOVES = "(prefers-reduced-motion: no-preference)"
FIGURE = '<figure class="teachnet" style="margin:1em 0">'  # browsers indent it on both sides
OPEN = "Open “{}” on a page of its own"


@dataclass(frozen=True)
class Shown:
    """A visual in a post.

    Attributes
    ----------
    kind : {"figure", "animation", "table", "page"}
    urls : dict of str to str
        Address by theme and format, such as ``"dark.svg"`` and ``"light.narrow.svg"``. Those of a
        page are ``"both.html"`` and, if there are any, its figure's.
    title, alt, caption : str
        Its words; the caption is empty where none is wanted.
    width, height : int
        CSS pixels.
    content : dict of str to str
        Of a table or page, what is in its files, by theme and format, light first.
    """

    kind: str
    urls: Mapping[str, str]
    title: str
    alt: str
    caption: str
    width: int
    height: int
    content: Mapping[str, str]

    def themes(self, form: str) -> list[str]:
        """Return the themes that there are of a format, light first: it needs no preference."""
        return [theme for theme in ("light", "dark") if f"{theme}.{form}" in self.urls]

    def url(self, form: str) -> str:
        """Return the address of a format, in the light theme where it is there."""
        return self.urls[f"{self.themes(form)[0]}.{form}"]

    @property
    def page(self) -> str:
        """The address of a page, which is one for both themes."""
        return self.urls["both.html"]


def _tag(name: str, attributes: Mapping[str, object], jsx: bool = False) -> str:
    """Write a tag; an attribute that is True stands alone, one that is None is left out."""
    words = [name]
    for key, value in attributes.items():
        if value is True:
            words.append(key)
        elif value is not None and jsx:
            words.append(f"{key}={{{json.dumps(value, ensure_ascii=False)}}}")
        elif value is not None:
            words.append(f'{key}="{escape(str(value))}"')
    return f"<{' '.join(words)}{' /' if jsx else ''}>"


def _sources(shown: Shown, form: str, jsx: bool) -> list[str]:
    """Write the other files of a picture: for dark pages, and for narrow ones."""
    name = "srcSet" if jsx else "srcset"
    themes = shown.themes(form)
    narrow = form if form == "png" and shown.kind == "animation" else f"narrow.{form}"
    lines = []
    for theme in reversed(themes):
        wants = [DARK] if theme == "dark" and len(themes) > 1 else []
        if narrow != form and f"{theme}.{narrow}" in shown.urls:
            media = " and ".join([SMALL, *wants])
            address = shown.urls[f"{theme}.{narrow}"]
            lines.append(_tag("source", {"media": media, name: address}, jsx))
        if wants:
            address = shown.urls[f"{theme}.{form}"]
            lines.append(_tag("source", {"media": DARK, name: address}, jsx))
    return lines


def _fluid(jsx: bool) -> object:
    """Return the style of what is no wider than a small page, and keeps its shape there."""
    return {"maxWidth": "100%", "height": "auto"} if jsx else "max-width:100%;height:auto"


def _picture(shown: Shown, form: str, jsx: bool = False, styled: bool = True) -> list[str]:
    image = _tag(
        "img",
        {"src": shown.url(form), "width": shown.width, "height": shown.height,
         "alt": shown.alt, "loading": "lazy", "style": _fluid(jsx) if styled else None},
        jsx,
    )  # fmt: skip
    sources = _sources(shown, form, jsx)
    return ["<picture>", *sources, image, "</picture>"] if sources else [image]


def _video(shown: Shown, jsx: bool = False, named: str = "aria-label") -> list[str]:
    camel = {"autoplay": "autoPlay", "playsinline": "playsInline"} if jsx else {}
    attributes = {
        "width": shown.width,
        "height": shown.height,
        "poster": shown.url("png"),
        camel.get("autoplay", "autoplay"): True,
        "loop": True,
        "muted": True,
        camel.get("playsinline", "playsinline"): True,
        "controls": True,
        "preload": "none",
        named: shown.alt,
        "style": _fluid(jsx),
    }
    opening = _tag("video", attributes, jsx)
    opening = opening.replace(" />", ">") if jsx else opening
    sources = []
    themes = shown.themes("mp4")
    for theme in reversed(themes):  # the first that fits is taken: the dark one on dark pages
        wants = f"{MOVES} and {DARK}" if theme == "dark" and len(themes) > 1 else MOVES
        source = {"media": wants, "src": shown.urls[f"{theme}.mp4"], "type": "video/mp4"}
        sources.append(_tag("source", source, jsx))
    if shown.themes("vtt") and named == "aria-label":  # Marp lets no track through
        track = {"kind": "descriptions", "src": shown.url("vtt"),
                 "srcLang" if jsx else "srclang": "en", "label": "What is seen"}  # fmt: skip
        sources.append(_tag("track", track, jsx))
    return [opening, *sources, "</video>", *_link(shown, jsx)]


def _link(shown: Shown, jsx: bool) -> list[str]:
    """Write the link that who wants no motion gets under the poster, and nobody else."""
    rule = f"@media {MOVES}{{.teachnet-film{{display:none}}}}"
    address, title = shown.url("mp4"), shown.title
    if jsx:
        link = f'<a className="teachnet-film" href={{{_js(address)}}}>{{{_js(title)}}}</a>'
        return [f"<style>{{{_js(rule)}}}</style>", link]
    link = f'<a class="teachnet-film" href="{escape(address)}">{escape(title)}</a>'
    return [f"<style>{rule}</style>", link]


def _js(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _frame(shown: Shown, jsx: bool = False) -> list[str]:
    """Write the frame that shows a page, and the link that opens it on its own."""
    frame = {
        "src": shown.page,
        "title": shown.title,
        "width": "100%",
        "height": shown.height,
        "loading": "lazy",
    }
    opening, name = _tag("iframe", frame, jsx), OPEN.format(shown.title)
    if jsx:
        opening = opening.replace(" />", " style={{ border: 0 }}>")
        return [opening, "</iframe>", f"<a href={{{_js(shown.page)}}}>{{{_js(name)}}}</a>"]
    opening = opening[:-1] + ' style="border:0">'
    return [f"{opening}</iframe>", f'<a href="{escape(shown.page)}">{escape(name)}</a>']


def _html(shown: Shown) -> str:
    if shown.kind == "table":
        inside = [_table(shown.content)]
    elif shown.kind == "page":
        inside = _frame(shown)
    else:
        inside = _video(shown) if shown.kind == "animation" else _picture(shown, "svg")
    caption = [f"<figcaption>{escape(shown.caption)}</figcaption>"] if shown.caption else []
    # A blank line would end the block, and the rest would be read as Markdown.
    lines = [FIGURE, *inside, *caption, "</figure>"]
    return "\n".join(line for line in "\n".join(lines).split("\n") if line.strip())


def _table(content: Mapping[str, str]) -> str:
    """Return a table with its style, and where there is a dark one, its style on dark pages."""
    found = {form: text for form, text in content.items() if form.endswith("html")}
    styles = {form.partition(".")[0]: _inside(text, "style") for form, text in found.items()}
    styles = {theme: re.sub(r"(?m)^body \{[^}]*\}\n", "", style) for theme, style in styles.items()}
    first, *others = styles
    rules = [styles[first], *(f"@media {DARK} {{{styles[theme]}}}" for theme in others)]
    return f"<style>{''.join(rules)}</style>{_inside(found[f'{first}.html'], 'body')}"


def _inside(page: str, name: str) -> str:
    return page.partition(f"<{name}>")[2].rpartition(f"</{name}>")[0]


def _mdx(shown: Shown) -> str:
    if shown.kind == "table":
        return _commonmark(shown)
    if shown.kind == "page":
        inside = _frame(shown, True)
    else:
        is_film = shown.kind == "animation"
        inside = _video(shown, True) if is_film else _picture(shown, "svg", True)
    caption = [f"<figcaption>{{{_js(shown.caption)}}}</figcaption>"] if shown.caption else []
    return "\n".join(['<figure className="teachnet">', *inside, *caption, "</figure>"])


def _commonmark(shown: Shown) -> str:
    if shown.kind == "table":
        return _with_caption(_markdown(shown.content), shown)
    opens = {"page": lambda: shown.page, "animation": lambda: shown.url("mp4")}
    address = opens[shown.kind]() if shown.kind in opens else None
    if not shown.themes("png"):  # a page without a figure
        return _with_caption(f"[{_plain(OPEN.format(shown.title))}](<{address}>)", shown)
    image = f"![{_plain(shown.alt)}](<{shown.url('png')}>)"
    return _with_caption(f"[{image}](<{address}>)" if address else image, shown)


def _github(shown: Shown) -> str:
    """Return what GitHub shows: pictures in both themes; of a film, a GIF or the poster."""
    if shown.kind in ("table", "page"):
        return _commonmark(shown)
    if shown.kind == "figure":
        form = "svg" if shown.themes("svg") else "png"  # of a folder that has no others
        return _with_caption("\n".join(_picture(shown, form, styled=False)), shown)
    if shown.themes("gif"):
        return _with_caption("\n".join(_picture(shown, "gif", styled=False)), shown)
    poster = _picture(shown, "png", styled=False)
    lines = [f'<a href="{escape(shown.url("mp4"))}">', *poster, "</a>"]
    return _with_caption("\n".join(lines), shown)


def _quarto(shown: Shown) -> str:
    """Return a film for the web and its poster for print; figures and tables are one for both."""
    if shown.kind not in ("animation", "page"):
        return _commonmark(shown)
    if shown.kind == "page":
        printed = _commonmark(shown)
    else:
        said = f'{{fig-alt="{_quoted(shown.alt)}"}}'
        printed = f"![{_plain(shown.caption)}](<{shown.url('png')}>){said}"
    return "\n".join(
        [
            '::: {.content-visible when-format="html"}',
            "",
            "```{=html}",
            _html(shown),
            "```",
            ":::",
            "",
            '::: {.content-visible unless-format="html"}',
            "",
            printed,
            "",
            ":::",
        ]
    )


def _myst(shown: Shown) -> str:
    """Return a MyST figure; of ``x.*`` it takes the film for the web, the poster for print."""
    if shown.kind in ("table", "page"):
        return _commonmark(shown)
    address = shown.url("png")[: -len("png")] + "*"
    lines = [
        f"```{{figure}} {address}", f":alt: {_line(shown.alt)}", f":width: {shown.width}px", "",
        _plain(shown.caption), "```",
    ]  # fmt: skip
    return "\n".join(lines)


def _hugo(shown: Shown) -> str:
    """Return Hugo's own shortcode: Hugo leaves HTML in Markdown out unless a site allows it."""
    if shown.kind in ("table", "page"):
        return _commonmark(shown)
    is_film = shown.kind == "animation"
    form = "svg" if not is_film else "gif" if shown.themes("gif") else "png"
    said = {
        "src": shown.url(form),
        "link": shown.url("mp4") if is_film else None,
        "width": str(shown.width),
        "height": str(shown.height),
        "loading": "lazy",
        "alt": _line(shown.alt),
        # Of all these it alone is read as Markdown.
        "caption": re.sub(r"[^\w\s,.:;()−=+/%]", _entity, _line(shown.caption)) or None,
    }
    # Between backticks nothing is an escape, and so nothing else can be a backtick.
    words = [f"{key}=`{value.replace('`', chr(39))}`" for key, value in said.items() if value]
    return f"{{{{< figure {' '.join(words)} >}}}}"


def _entity(character: re.Match[str]) -> str:
    return f"&#{ord(character[0])};"


def _marp(shown: Shown) -> str:
    """Return HTML that Marp lets through; in its own images words of an alt text are commands."""
    if shown.kind in ("table", "page"):
        return _commonmark(shown)
    is_film = shown.kind == "animation"
    inside = _video(shown, named="title") if is_film else _picture(shown, "svg")
    caption = [f"<small>{escape(shown.caption)}</small>"] if shown.caption else []
    return "\n".join(["<div>", *inside, *caption, "</div>"])


def _jupyter(shown: Shown) -> str:
    """Return what a notebook and its exports keep: films and pages in a frame, all in the text.

    JupyterLab takes the frame out of a Markdown cell and leaves what is in it: a picture.
    """
    if shown.kind not in ("animation", "page"):
        return _html(shown)
    frame = {
        "srcdoc": _film_page(shown) if shown.kind == "animation" else shown.content["both.html"],
        "title": shown.title,
        "width": shown.width,
        "height": shown.height,
        "loading": "lazy",
        "style": "border:0;max-width:100%",
    }
    if shown.kind == "animation":
        frame["style"] = f"{frame['style']};height:auto;aspect-ratio:{shown.width}/{shown.height}"
    image = escape(shown.alt)
    if shown.themes("png"):
        image = _tag("img", {"src": shown.url("png"), "alt": shown.alt, "width": shown.width})
    caption = [f"<figcaption>{escape(shown.caption)}</figcaption>"] if shown.caption else []
    # A blank line would end the block of HTML, though it be within an attribute.
    opening = _tag("iframe", frame).replace("\n", "&#10;")
    return "\n".join([FIGURE, f"{opening}{image}</iframe>", *caption, "</figure>"])


def _film_page(shown: Shown) -> str:
    video = {
        "src": shown.url("mp4"), "loop": True, "muted": True, "playsinline": True,
        "controls": True, "aria-label": shown.alt,
    }  # fmt: skip
    return "".join(
        [
            "<!doctype html><title></title>",
            "<style>body{margin:0}video{display:block;width:100%;height:auto}</style>",
            f"{_tag('video', video)}</video>",
            f"<script>if (matchMedia('{MOVES}').matches) document.querySelector('video').play()",
            "</script>",
        ]
    )


def _with_caption(text: str, shown: Shown) -> str:
    return f"{text}\n\n*{_plain(shown.caption)}*" if shown.caption else text


def _markdown(content: Mapping[str, str]) -> str:
    text = next(text for form, text in content.items() if form.endswith("md"))
    return metadata.plain(text).strip()


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Escape what Markdown would read as its own."""
    return re.sub(r"([\\`*_\[\]<>#|~&$])", r"\\\1", _line(text))


def _quoted(text: str) -> str:
    return _line(text).replace("\\", "\\\\").replace('"', '\\"')


FLAVOURS: Mapping[str, Callable[[Shown], str]] = {
    "html": _html,
    "commonmark": _commonmark,
    "github": _github,
    "jekyll": _html,  # kramdown takes blocks of HTML as they are
    "hugo": _hugo,
    "quarto": _quarto,
    "myst": _myst,
    "mdx": _mdx,
    "marp": _marp,
    "jupyter": _jupyter,
}
CARRIES = ("jupyter",)  # flavours in which a post has its files in itself


def block(shown: Shown, flavour: str) -> str:
    """Return what stands in a post of a flavour for a visual.

    Raises
    ------
    UserError
        If there is no such flavour.
    """
    if flavour not in FLAVOURS:
        raise UserError(f"no flavour is called {flavour!r}; there is {', '.join(FLAVOURS)}")
    return FLAVOURS[flavour](shown)
