"""Visuals in posts: the words of their rows, escaped, in each flavour; copies without orphans."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from look.words import fill
from pipeline import embedding
from pipeline import post_flavours as flavours
from pipeline.catalogue import visuals
from pipeline.commands.embed import command
from pipeline.settings import Settings
from simulate import recording
from simulate.errors import UserError

STEM = "descent_one_parameter"
HOSTILE = 'a "b" <script>x</script> & {c} `d` *e* [f](g) --> \\ $h$'


@pytest.fixture
def media(tmp_path: Path, give: Callable[..., None]) -> Path:
    """A media folder in which one visual was rendered."""
    folder = tmp_path / "site" / "media"
    give(folder, STEM)
    sizes = {"figures": (1440, 900), "animations": (1280, 720)}
    for kind, size in sizes.items():
        (folder / kind).mkdir()
        for theme in ("light", "dark") if kind == "figures" else ("dark",):
            path = folder / kind / f"{STEM}.{theme}.png"
            Image.new("RGB", size).save(path)
            other = ["svg", "narrow.svg"] if kind == "figures" else ["mp4"]
            for form in other:
                path.with_suffix(f".{form}").write_text(f"{theme} {form}")
    return folder


def _embed(media: Path, text: str, places: embedding.Places | None = None, **more: str) -> str:
    post = media.parent / "posts" / "post.md"
    post.parent.mkdir(exist_ok=True)
    settings = Settings(media=media)
    places = places or embedding.Places()
    return embedding.embed(post, text, visuals(), settings, places, **more)  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Every tag with its attributes; what is opened and not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "source"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends what was opened last."""
        assert self.open.pop() == tag


def test_a_figure_follows_the_reader(media: Path, recorded: Callable[[str], Path]) -> None:
    text = _embed(media, f"<!-- teachnet: {STEM} kind=figure width=640 -->\n")
    row = fill(visuals()[STEM].row, recording.load(recorded(STEM)).attrs)
    tags = Tags(text).tags
    (image,) = (attrs for tag, attrs in tags if tag == "img")
    assert image["src"] == f"../media/figures/{STEM}.light.svg"
    assert (image["width"], image["height"], image["loading"]) == ("640", "400", "lazy")
    assert image["alt"] == row.alt
    sources = [(attrs["media"], attrs["srcset"]) for tag, attrs in tags if tag == "source"]
    assert sources == [
        ("(max-width: 480px) and (prefers-color-scheme: dark)",
         f"../media/figures/{STEM}.dark.narrow.svg"),
        ("(prefers-color-scheme: dark)", f"../media/figures/{STEM}.dark.svg"),
        ("(max-width: 480px)", f"../media/figures/{STEM}.light.narrow.svg"),
    ]  # fmt: skip
    assert html.escape(row.caption) in text
    assert "\n\n" not in text.strip(), "a blank line would end the block of HTML"


def test_a_narrow_figure_is_asked_before_the_wide_one(media: Path) -> None:
    """The first source that fits is taken: on narrow dark pages the narrow dark one."""
    sources = [
        attrs
        for tag, attrs in Tags(_embed(media, f"<!-- teachnet: {STEM} kind=figure -->\n")).tags
        if tag == "source"
    ]

    def taken(narrow: bool, dark: bool) -> str:
        for source in sources:
            wants = str(source["media"])
            if (narrow or "max-width" not in wants) and (dark or "dark" not in wants):
                return str(source["srcset"])
        return "light.svg"

    assert taken(True, True).endswith("dark.narrow.svg")
    assert taken(False, True).endswith("dark.svg")
    assert taken(True, False).endswith("light.narrow.svg")
    assert taken(False, False) == "light.svg"


def test_a_film_respects_who_wants_no_motion(media: Path) -> None:
    text = _embed(media, f"<!-- teachnet: {STEM} caption=no -->\n")
    tags = dict(Tags(text).tags)
    video = tags["video"]
    assert {"autoplay", "loop", "muted", "playsinline", "controls"} <= set(video)
    assert "src" not in video, "a film that plays whatever the reader wants"
    assert tags["source"]["media"] == "(prefers-reduced-motion: no-preference)"
    assert video["poster"] == f"../media/animations/{STEM}.dark.png"
    assert (video["width"], video["height"]) == ("720", "405")
    assert video["style"] == "max-width:100%;height:auto", "a telephone is narrower"
    assert video["aria-label"]
    assert "figcaption" not in text
    # and a link to the film, which nobody else sees
    assert tags["a"]["href"] == f"../media/animations/{STEM}.dark.mp4"
    assert "@media (prefers-reduced-motion: no-preference){.teachnet-film{display:none}}" in text
    assert text.index("</video>") < text.index("<a "), "what a video holds is never shown"


def test_a_film_in_both_themes_follows_the_page(media: Path) -> None:
    for form in ("mp4", "png"):
        path = media / "animations" / f"{STEM}.dark.{form}"
        shutil.copy(path, path.with_name(f"{STEM}.light.{form}"))
    tags = Tags(_embed(media, f"<!-- teachnet: {STEM} -->\n")).tags
    still = "(prefers-reduced-motion: no-preference)"
    assert [(attrs["media"], attrs["src"]) for tag, attrs in tags if tag == "source"] == [
        (f"{still} and (prefers-color-scheme: dark)", f"../media/animations/{STEM}.dark.mp4"),
        (still, f"../media/animations/{STEM}.light.mp4"),
    ]


@pytest.mark.parametrize("flavour", flavours.FLAVOURS)
@pytest.mark.parametrize("kind", ["figure", "animation", "table", "page"])
def test_hostile_words_stay_words(flavour: str, kind: str) -> None:
    forms = {
        "figure": ["light.svg", "light.png"], "animation": ["light.mp4", "light.png"],
        "table": [], "page": ["both.html"],
    }[kind]  # fmt: skip
    shown = flavours.Shown(
        kind=kind, urls={form: f"a.{form}" for form in forms},
        title=HOSTILE, alt=HOSTILE, caption=HOSTILE, width=720, height=400,
        content={"light.md": "| a |\n| --- |", "light.html": "<style></style><body>t</body>",
                 "both.html": HOSTILE},
    )  # fmt: skip
    text = flavours.block(shown, flavour)
    # What is quoted, or the value of an option, is text to those that read it.
    quoted = r'\{"[^\n]*?"\}|^:alt:.*$|fig-alt=".*"|alt=`[^`]*`'
    markup = re.sub(quoted, "", text, flags=re.MULTILINE)
    assert not re.search(r"(?<!\\)<script>", markup)
    if flavour in ("html", "jekyll", "jupyter"):
        Tags(text)
        assert "<!--" not in text
        assert "-->" not in text
    if flavour == "commonmark":
        from markdown_it import MarkdownIt

        page = MarkdownIt("commonmark").render(text)
        assert HOSTILE in html.unescape(page)
        assert "<strong>" not in page
        assert 'href="g"' not in page


PAGE = (
    '<html><head>\n<meta name="teachnet-height" content="640">\n</head><body>\n\n<script>\n'
    'const a = "<&>"\n\n\n</script></body></html>'
)


@pytest.fixture
def paged(media: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A visual with a page beside its film and its figure."""
    entry = visuals()[STEM]
    modules = {**entry.modules, "page": "figures.page"}
    monkeypatch.setitem(globals(), "visuals", lambda: {STEM: replace(entry, modules=modules)})
    (media / "pages").mkdir()
    (media / "pages" / f"{STEM}.both.html").write_text(PAGE)
    return media


def test_a_page_stands_in_a_frame_that_fits(paged: Path) -> None:
    tags = dict(Tags(_embed(paged, f"<!-- teachnet: {STEM} kind=page -->\n")).tags)
    frame, link = tags["iframe"], tags["a"]
    assert frame["src"] == link["href"] == f"../media/pages/{STEM}.both.html"
    assert (frame["width"], frame["height"], frame["loading"]) == ("100%", "640", "lazy")
    assert frame["title"]


@pytest.mark.parametrize("flavour", flavours.FLAVOURS)
def test_where_there_are_no_frames_a_picture_opens_the_page(paged: Path, flavour: str) -> None:
    text = _embed(paged, f"<!-- teachnet: {STEM} kind=page -->\n", flavour=flavour)
    if flavour == "jupyter":
        tags = dict(Tags(text).tags)
        assert tags["iframe"]["srcdoc"] == PAGE, "to the byte: its policy has the script's digest"
        assert str(tags["img"]["src"]).startswith("data:image/png")
        assert len(text.split("\n")) == 7, "a blank line would end the block of HTML"
    elif flavour in ("html", "jekyll", "mdx", "quarto"):
        assert "<iframe" in text
    if flavour not in ("html", "jekyll", "mdx", "jupyter"):
        from markdown_it import MarkdownIt

        page = MarkdownIt("commonmark").render(text.split("```")[-1]).replace(" />", ">")
        tags = dict(Tags(page).tags)
        assert tags["a"]["href"] == f"../media/pages/{STEM}.both.html"
        assert tags["img"]["src"] == f"../media/figures/{STEM}.light.png"


def test_a_flavour_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match="no flavour is called 'wiki'; there is html, commonmark"):
        flavours.block(None, "wiki")  # type: ignore[arg-type]


def test_what_is_not_rendered_is_said_with_its_line(media: Path) -> None:
    with pytest.raises(UserError, match=rf"post.md:2: {STEM} has no table; it has figure, anim"):
        _embed(media, f"\n<!-- teachnet: {STEM} kind=table -->\n")
    with pytest.raises(UserError, match=r"has no animation in the light theme yet; run `teachnet"):
        _embed(media, f"<!-- teachnet: {STEM} theme=light -->\n")
    with pytest.raises(UserError, match=r"post.md:1: no visual is called 'descent_one_paramet'"):
        _embed(media, "<!-- teachnet: descent_one_paramet -->\n")
    with pytest.raises(UserError, match=r"has no animation yet; run `teachnet render learning_ra"):
        _embed(media, "<!-- teachnet: learning_rates -->\n")


def test_words_that_cannot_be_filled_are_refused(media: Path) -> None:
    shutil.rmtree(media / "recordings")
    with pytest.raises(UserError, match=rf"words of {STEM} can't be filled .*`teachnet render"):
        _embed(media, f"<!-- teachnet: {STEM} -->\n")


def test_copies_are_named_by_content_and_leave_no_orphan(media: Path) -> None:
    site = media.parent
    assets, post = site / "assets", site / "posts" / "post.md"
    places = embedding.Places("/static/", assets)
    text = f"<!-- teachnet: {STEM} kind=figure theme=dark -->\n"
    said = _embed(media, text, places)
    embedding.copy(post, places)
    (name,) = re.findall(rf'src="/static/({STEM}\.[0-9a-f]{{10}}\.dark\.svg)"', said)
    assert (assets / name).read_text() == "dark svg"
    (assets / "mine.svg").write_text("mine")
    (media / "figures" / f"{STEM}.dark.svg").write_text("dark svg, anew")
    again = _embed(media, text, places)
    embedding.copy(post, places)
    assert name not in again
    assert not (assets / name).exists()
    assert (assets / "mine.svg").read_text() == "mine"
    assert {path.name for path in assets.glob(f"{STEM}*")} <= {
        each for each in re.findall(r"[\w.]+", again) if each.startswith(STEM)
    } | {path.name for path in assets.glob("*.png")}


def test_a_copy_that_somebody_changed_is_theirs(media: Path) -> None:
    assets, post = media.parent / "assets", media.parent / "posts" / "post.md"
    places = embedding.Places(None, assets)
    text = f"<!-- teachnet: {STEM} kind=figure theme=dark -->\n"
    _embed(media, text, places)
    embedding.copy(post, places)
    (mine,) = assets.glob("*.dark.svg")
    mine.write_text("mended by hand")
    (media / "figures" / f"{STEM}.dark.svg").write_text("dark svg, anew")
    _embed(media, text, places)
    embedding.copy(post, places)
    assert mine.read_text() == "mended by hand"


def test_a_film_and_its_poster_are_copied_under_one_name(media: Path) -> None:
    """MyST looks for both by it."""
    assets, post = media.parent / "assets", media.parent / "posts" / "post.md"
    places = embedding.Places(None, assets)
    text = f"<!-- teachnet: {STEM} -->\n"
    said = _embed(media, text, places, flavour="myst")
    embedding.copy(post, places)
    (name,) = re.findall(r"\{figure\} \.\./assets/(.*)\*", said)
    assert {path.name for path in assets.glob(f"{name}*")} == {f"{name}mp4", f"{name}png"}
    (media / "animations" / f"{STEM}.dark.mp4").write_text("a new film")
    _embed(media, text, places, flavour="myst")
    embedding.copy(post, places)
    assert not list(assets.glob(f"{name}*")), "neither is left"
    (poster,) = assets.glob("*.png")
    poster.write_text("mended by hand")
    (media / "animations" / f"{STEM}.dark.mp4").write_text("the newest film")
    _embed(media, text, places, flavour="myst")
    embedding.copy(post, places)
    assert poster.read_text() == "mended by hand"


def _notebook(media: Path, text: str, **more: str) -> str:
    post = media.parent / "posts" / "post.ipynb"
    settings, places = Settings(media=media), embedding.Places()
    return embedding.embed(post, text, visuals(), settings, places, **more)  # type: ignore[arg-type]


def test_a_notebook_is_filled_and_all_else_stays(media: Path) -> None:
    """Blanks, escapes, the order of keys, and cells of code that look like markers."""
    marker = f"<!-- teachnet: {STEM} caption=no -->"
    text = (
        '{ "cells":[\n  {"source": ["# A\\n",\n "\\n",\n "%s"],"cell_type":"markdown"},\n'
        '{"cell_type": "code", "source": ["# %s"], "outputs" : [{"text": "1\\u00e9"}]},\n'
        '  {"cell_type":"markdown", "metadata":{"source": ["%s"]}, "source":"%s\\nend"}\n],'
        '"nbformat": 4}\n'
    ) % ((marker,) * 4)
    after = _notebook(media, text)
    assert _notebook(media, after) == after
    before_cells, after_cells = (json.loads(each)["cells"] for each in (text, after))
    assert after_cells[1] == before_cells[1]
    assert after_cells[2]["metadata"] == before_cells[2]["metadata"]
    first = "".join(after_cells[0]["source"])
    assert first.startswith(f"# A\n\n{marker}\n<figure")
    assert all(line.endswith("\n") for line in after_cells[0]["source"][:-1])
    assert after_cells[2]["source"].startswith(f"{marker}\n<figure")
    assert after_cells[2]["source"].endswith("<!-- /teachnet -->\nend")
    # All outside the two texts, byte for byte: before, between and after them.
    parts = text.split('["# A')[0], text[text.index('],"cell_type"') : text.rindex('"<!--')]
    assert after.startswith(parts[0])
    assert parts[1] in after
    assert after.endswith('end"}\n],"nbformat": 4}\n')


def test_a_film_in_a_notebook_needs_nothing_beside_it(media: Path) -> None:
    cell = {"cell_type": "markdown", "source": [f"<!-- teachnet: {STEM} -->"]}
    text = json.dumps({"cells": [cell]})
    tags = dict(Tags("".join(json.loads(_notebook(media, text))["cells"][0]["source"])).tags)
    film = base64.b64encode((media / "animations" / f"{STEM}.dark.mp4").read_bytes()).decode()
    inside = dict(Tags(str(tags["iframe"]["srcdoc"])).tags)
    assert inside["video"]["src"] == f"data:video/mp4;base64,{film}"
    assert "autoplay" not in inside["video"], "a script asks first whether motion is wanted"
    assert tags["iframe"]["title"]
    assert tags["img"]["alt"]
    assert "../media" not in json.dumps(tags)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "{'a': 1}"])
def test_what_is_no_notebook_is_one_line(media: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"post.ipynb is no notebook of format 4"):
        _notebook(media, text)


def test_what_is_wrong_in_a_cell_is_said_with_its_number(media: Path) -> None:
    cells = [{"cell_type": "code", "source": ""}, {"cell_type": "markdown", "source": [
        "a\n", "<!-- teachnet: descent_one_paramet -->"]}]  # fmt: skip
    with pytest.raises(UserError, match=r"post.ipynb, cell 2:2: no visual is called .*did you"):
        _notebook(media, json.dumps({"cells": cells}))


def test_a_list_of_copies_that_names_other_files_deletes_nothing(media: Path) -> None:
    assets = media.parent / "assets"
    assets.mkdir()
    (media.parent / "dear.txt").write_text("dear")
    (assets / embedding.COPIES).write_text('{"post.md": ["../dear.txt"]}')
    places = embedding.Places(None, assets)
    _embed(media, f"<!-- teachnet: {STEM} -->\n", places)
    with pytest.raises(UserError, match="is damaged; delete it"):
        embedding.copy(media.parent / "posts" / "post.md", places)
    assert (media.parent / "dear.txt").exists()


def test_the_command_checks_shows_and_writes(media: Path) -> None:
    post = media.parent / "post.md"
    before = f"# Post\n\n<!-- teachnet: {STEM} -->\n"
    post.write_text(before)
    runner, given = CliRunner(), [str(post), "--media", str(media)]
    checked = runner.invoke(command, [*given, "--check"])
    assert (checked.exit_code, checked.stdout) == (1, f"{post}: out of date\n")
    shown = runner.invoke(command, [*given, "--dry-run"])
    assert shown.exit_code == 0
    assert '+<figure class="teachnet"' in shown.stdout
    assert post.read_text() == before
    assert runner.invoke(command, given).stdout == f"{post}\n"
    assert runner.invoke(command, given).stdout == ""  # nothing to do
    assert runner.invoke(command, [*given, "--check"]).exit_code == 0


def test_a_post_that_is_no_text_is_one_line(media: Path) -> None:
    post = media.parent / "post.md"
    post.write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(command, [str(post), "--media", str(media)])
    assert isinstance(result.exception, UserError)
    assert "is not UTF-8" in str(result.exception)
