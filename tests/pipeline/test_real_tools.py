"""Posts that `embed` filled, built by the programs that publish them.

They are no part of the project: `.ci/run` puts some into an environment of their own, whose folder
of programs TEACHNET_TOOLS names. A test whose tool is not there is skipped.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

import figures
from pipeline import embedding
from pipeline import post_flavours as flavours
from pipeline.catalogue import visuals
from pipeline.settings import Settings
from scenes.filming import Film
from simulate import recording
from tests.pipeline.test_embed import HOSTILE

STEM = "descent_one_parameter"
POST = f"# Post\n\n<!-- teachnet: {STEM} -->\n\nBetween.\n\n<!-- teachnet: {STEM} kind=figure -->\n"


def _tool(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("TEACHNET_TOOLS", "") + os.pathsep + os.defpath)
    if found is None:
        pytest.skip(f"{name} is not here; TEACHNET_TOOLS names the folder of such programs")
    return found


def _run(folder: Path, *words: str) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def media(tmp_path: Path, give: Callable[..., None]) -> Path:
    """A media folder with a film and a figure."""
    folder = tmp_path / "media"
    give(folder, STEM)
    for kind, form, size in (("figures", "svg", (1440, 900)), ("animations", "mp4", (1280, 720))):
        (folder / kind).mkdir()
        Image.new("RGB", size).save(folder / kind / f"{STEM}.dark.png")
        (folder / kind / f"{STEM}.dark.{form}").write_text("content")
    return folder


def _filled(media: Path, post: Path, text: str, flavour: str, **places: object) -> str:
    where = embedding.Places(**places)  # type: ignore[arg-type]
    settings = Settings(media=media)
    text = embedding.embed(post, text, visuals(), settings, where, flavour=flavour)
    embedding.copy(post, where)
    return text


def _hostile(flavour: str, kind: str) -> str:
    form = {"figure": "svg", "animation": "mp4"}[kind]
    return flavours.block(
        flavours.Shown(
            kind=kind, urls={f"dark.{each}": f"/assets/a.{each}" for each in (form, "png")},
            title=HOSTILE, alt=HOSTILE, caption=HOSTILE, width=720, height=400, content={},
        ),
        flavour,
    )  # fmt: skip


class Page(HTMLParser):
    """A page's tags, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of each tag of a name."""
        return [attrs for tag, attrs in self.tags if tag == name]


def _check_hostile(page: Page, kind: str, said: int) -> None:
    """See that the words came through as words: in the attributes, and in the text."""
    named = [attrs.get(name) for _, attrs in page.tags for name in ("alt", "aria-label", "title")]
    assert HOSTILE in named or HOSTILE.replace("`", "'") in named, kind
    assert " ".join(page.text.split()).count(HOSTILE) >= said, kind
    assert not [attrs for attrs in page.all("a") if attrs.get("href") == "g"], kind


@pytest.mark.parametrize("kind", ["figure", "animation"])
def test_mkdocs(media: Path, tmp_path: Path, kind: str) -> None:
    mkdocs = _tool("mkdocs")
    docs = tmp_path / "site" / "docs"
    docs.mkdir(parents=True)
    post = docs / "post.md"
    text = _filled(media, post, POST, "html", base_url="../assets", copy_to=docs / "assets")
    post.write_text(text + "\n" + _hostile("html", kind) + "\n")
    (docs / "index.md").write_text("# Home\n")
    config = "site_name: t\ntheme: mkdocs\nnav: [index.md, post.md]\n"
    (docs.parent / "mkdocs.yml").write_text(config)
    _run(docs.parent, mkdocs, "build", "-q", "-d", "out")
    out = docs.parent / "out" / "post" / "index.html"
    page = Page(out.read_text())
    video, image = page.all("video")[0], page.all("img")[0]
    assert {"autoplay", "loop", "muted", "playsinline"} <= set(video)
    for address in (video["poster"], image["src"], page.all("source")[0]["src"]):
        assert (out.parent / str(address)).is_file(), address
    _check_hostile(page, kind, 1)


@pytest.mark.parametrize("kind", ["figure", "animation"])
def test_nbconvert(media: Path, tmp_path: Path, kind: str) -> None:
    nbconvert = _tool("jupyter-nbconvert")
    post = tmp_path / "posts" / "post.ipynb"
    post.parent.mkdir()
    cells = [
        {"cell_type": "markdown", "id": f"c{k}", "metadata": {}, "source": source}
        for k, source in enumerate((POST, _hostile("jupyter", kind)))
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    post.write_text(_filled(media, post, json.dumps(book, indent=1), "jupyter"))
    shutil.rmtree(media)  # an export stands alone
    _run(post.parent, nbconvert, "--to", "html", "post.ipynb")
    page = Page(post.with_suffix(".html").read_text())
    inside = Page(str(page.all("iframe")[0]["srcdoc"]))
    assert str(inside.all("video")[0]["src"]).startswith("data:video/mp4;base64,")
    assert any(str(attrs["src"]).startswith("data:image/svg+xml") for attrs in page.all("img"))
    assert not [attrs for attrs in page.all("img") if "media/" in str(attrs["src"])]
    if kind == "animation":
        inside = Page(str(page.all("iframe")[1]["srcdoc"]))
        assert inside.all("video")[0]["aria-label"] == HOSTILE
    _check_hostile(page, kind, 1)


@pytest.mark.parametrize("kind", ["figure", "animation"])
def test_hugo(media: Path, tmp_path: Path, kind: str) -> None:
    hugo = _tool("hugo")
    site = tmp_path / "site"
    for folder in ("content", "layouts/_default", "static"):
        (site / folder).mkdir(parents=True)
    config = "baseURL = 'https://example.org/'\ndisableKinds = ['taxonomy']\n"
    (site / "hugo.toml").write_text(config)
    for name in ("single", "list"):
        (site / "layouts" / "_default" / f"{name}.html").write_text("{{ .Content }}")
    post = site / "content" / "post.md"
    places = {"base_url": "/assets", "copy_to": site / "static" / "assets"}
    text = _filled(media, post, POST, "hugo", **places)
    post.write_text(f"---\ntitle: Post\n---\n{text}\n{_hostile('hugo', kind)}\n")
    _run(site, hugo, "--quiet")
    out = site / "public" / "post" / "index.html"
    page = Page(out.read_text())
    images = page.all("img")
    for attrs in images[:2]:
        assert (site / "public" / str(attrs["src"]).lstrip("/")).is_file(), attrs
        assert attrs["alt"]
    link = str(page.all("a")[0]["href"])
    assert link.endswith(".mp4")
    assert (site / "public" / link.lstrip("/")).is_file()
    _check_hostile(page, kind, 1)


@pytest.mark.parametrize("kind", ["figure", "animation"])
def test_marp(media: Path, tmp_path: Path, kind: str) -> None:
    marp = _tool("marp")
    post = tmp_path / "deck.md"
    text = _filled(media, post, POST, "marp")
    post.write_text(f"---\nmarp: true\n---\n{text}\n---\n\n{_hostile('marp', kind)}\n")
    _run(tmp_path, marp, "--no-stdin", "deck.md", "-o", "deck.html")
    page = Page((tmp_path / "deck.html").read_text())
    assert {"autoplay", "loop", "muted"} <= set(page.all("video")[0])
    assert page.all("img")
    _check_hostile(page, kind, 1)


def _mimebundle(shown: object) -> dict[str, object]:
    """Return what a notebook keeps of an object: a widget has a bundle, the others HTML."""
    if hasattr(shown, "_repr_mimebundle_"):
        data, _ = shown._repr_mimebundle_()
        return data
    return {"text/html": shown._repr_html_(), "text/plain": "plain"}  # type: ignore[attr-defined]


def test_what_shows_itself_in_a_notebook_survives_nbconvert(
    tmp_path: Path, recorded: Callable[[str], Path]
) -> None:
    """A recording, a figure, a film and a page, as the last lines of cells."""
    nbconvert = _tool("jupyter-nbconvert")
    shown = {
        "recording": recording.load(recorded("learning_rates")),
        "figure": figures.draw("learning_rates", recorded("learning_rates")),
        "film": Film(tmp_path / "film.mp4", 1.0, 720, HOSTILE, HOSTILE),
        "page": figures.interact("learning_rates", recorded("learning_rates")),
    }
    (tmp_path / "film.mp4").write_bytes(b"a film")
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": name, "execution_count": 1,
         "outputs": [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                      "data": _mimebundle(each)}]}
        for name, each in shown.items()
    ]  # fmt: skip
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "book.ipynb").write_text(json.dumps(book))
    _run(tmp_path, nbconvert, "--to", "html", "book.ipynb")
    page = Page((tmp_path / "book.html").read_text())
    assert "xarray.Dataset" in page.text
    images = [str(attrs["src"]) for attrs in page.all("img")]
    assert any(each.startswith("data:image/png;base64,") for each in images)
    (video,) = page.all("video")
    assert str(video["src"]) == "data:video/mp4;base64," + base64.b64encode(b"a film").decode()
    assert video["aria-label"] == HOSTILE
    (frame,) = page.all("iframe")
    assert frame["srcdoc"] == shown["page"].html, "to the byte: its policy has a digest"
    assert frame["title"]
