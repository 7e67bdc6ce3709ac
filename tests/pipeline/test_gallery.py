"""The gallery: every visual, text that is text, addresses that lead somewhere; and in a browser."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from look import metadata
from pipeline import post_flavours
from pipeline.catalogue import visuals
from pipeline.gallery import contents, page, server
from pipeline.gallery.item import Gallery
from pipeline.items import Picture
from pipeline.kinds import ANIMATION, FIGURE
from pipeline.settings import Settings
from tests.browser import Browser
from tests.pipeline._clone import Clone

STEM, DRAWN, FORCED = "descent_one_parameter", "neuron", "xor_boundary"
HOSTILE = (
    'a "b" <script>document.title = "x"</script> & {c} <img src=x onerror=alert(1)> \' --> `d`'
)


def _film() -> bytes:
    file = BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"  # type: ignore[attr-defined]
        stream.codec_context.time_base = Fraction(1, 10)
        for k in range(40):
            frame = av.VideoFrame.from_ndarray(
                np.full((36, 64, 3), 5 * k, np.uint8), format="rgb24"
            )
            frame.pts = k
            out.mux(stream.encode(frame))  # type: ignore[attr-defined]
        out.mux(stream.encode(None))  # type: ignore[attr-defined]
    return file.getvalue()


def _png(size: tuple[int, int]) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "#345").save(file, format="png")
    return file.getvalue()


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory, give: Callable[..., None]) -> Path:
    """A media folder with a film and a figure of one visual, the figure of another, and no more."""
    folder = tmp_path_factory.mktemp("a site") / "media"
    give(folder, STEM, DRAWN)
    settings = Settings(media=folder)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="540pt" height="300pt"></svg>'
    for stem in (STEM, DRAWN):
        for theme in ("light", "dark"):
            item = Picture(settings, visuals()[stem], FIGURE, theme)
            item.put({"svg": svg, "png": _png((1440, 800)), "narrow.png": _png((720, 900)),
                      "narrow.svg": svg}, {})  # fmt: skip
    film = Picture(settings, visuals()[STEM], ANIMATION, "dark")
    sections = [metadata.Section("Start", 0.0), metadata.Section("Steps", 2.0)]
    made = msgspec.structs.replace(film.made, seconds=4.0, sections=sections)
    vtt = metadata.descriptions(made, [(0.0, "start")])
    film.put({"mp4": _film(), "png": _png((1280, 720)), "vtt": vtt}, {})
    list(Gallery(settings).work())
    return folder


class Addresses(HTMLParser):
    """Every address of a page, and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note them."""
        said = dict(attrs)
        self.found += [str(said[k]) for k in ("src", "href", "poster", "srcset", "data-film")
                       if k in said]  # fmt: skip
        self.ids += [str(said[key]) for key in ("id",) if key in said]


def test_every_address_is_relative_and_leads_to_a_file(media: Path) -> None:
    text = (media / "index.html").read_text(encoding="utf-8")
    addresses = Addresses(text)
    files = {each for each in addresses.found if not each.startswith("#")}
    assert len(files) >= 2 * 4 + 3 + 4
    for each in files:
        assert not re.match(r"[a-z]+:|/", each), each
        assert (media / unquote(each)).is_file(), each
    anchors = {each[1:] for each in addresses.found if each.startswith("#")}
    assert anchors <= {*addresses.ids, *visuals()}
    assert "http:" not in text.replace("http://www.w3.org", "")
    assert "https:" not in re.sub(r'<script type="application/json".*?</script>', "", text)


def test_no_path_of_this_machine_is_in_it(media: Path) -> None:
    text = (media / "index.html").read_text(encoding="utf-8")
    for path in (media, Path.home(), Path(__file__).resolve().parents[2], Path("/tmp")):
        assert f"{path}/" not in text


def test_every_visual_is_there_by_chapter(media: Path) -> None:
    text = (media / "index.html").read_text(encoding="utf-8")
    stems = re.findall(r'<li data-stem="(\w+)"', text)
    assert sorted(stems) == sorted(visuals())
    chapters = re.findall(r'<section id="chapter-([\w-]+)"', text)
    assert chapters[0] == "networks"
    assert set(chapters) == {entry.chapter for entry in visuals().values()}
    missing = text.count("<p>Not rendered yet</p>")
    assert missing == len(stems) - 2
    assert f"<code>teachnet render {FORCED}</code>" in text


def test_posts_have_what_embed_writes(media: Path) -> None:
    (found,) = (
        each
        for each in contents.chapters(Settings(media=media), None)["descent"]
        if each.entry.stem == STEM
    )
    assert set(found.blocks) == {"animation", "figure"}
    for blocks in found.blocks.values():
        assert {*blocks} == {"marker", *post_flavours.FLAVOURS} - {*post_flavours.CARRIES}
    assert f'src="figures/{STEM}.light.svg"' in found.blocks["figure"]["html"]
    assert found.film is not None
    assert found.film.seconds == 4.0
    there = contents.chapters(Settings(media=media), "/assets")["descent"]
    html = next(each for each in there if each.entry.stem == STEM).blocks["figure"]["html"]
    assert f'src="/assets/figures/{STEM}.light.svg"' in html


def test_text_is_text(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = contents.filled
    monkeypatch.setattr(
        contents, "filled",
        lambda entry, store: msgspec.structs.replace(
            real(entry, store), title=HOSTILE, alt=HOSTILE, caption=HOSTILE, aliases=[HOSTILE]
        ),
    )  # fmt: skip
    text = page.written(Settings(media=media))
    assert text.count("<script") == 2
    assert "onerror=alert(1)>" not in re.sub(r"(?s)<script.*?</script>", "", text)
    Addresses(text)


def test_it_is_written_when_something_changed_and_only_then(built: Clone) -> None:
    written = built.media / "index.html"
    assert 'data-stem="race"' in written.read_text()
    assert "<p>Not rendered yet</p>" not in written.read_text()
    assert built.teachnet("gallery").stderr == "teachnet: nothing to do: the gallery fresh\n"
    before = written.stat().st_mtime_ns
    assert built.teachnet("all").stdout == ""
    assert written.stat().st_mtime_ns == before
    built.replace("figures/chapter/rates.py", "Rates on", "Two rates on")
    done = built.teachnet("all")
    assert "media/index.html" in done.stdout
    assert "Two rates on digits" in written.read_text()
    written.unlink()
    assert built.teachnet("gallery").stdout == "media/index.html\n"


def test_a_page_of_somebodys_own_stays(built: Clone) -> None:
    page, receipt = built.media / "index.html", built.media / ".receipts/index.json"
    ours = page.read_text()
    said = "media/index.html is not as teachnet wrote it, and stays; move it for a gallery"
    page.write_text(ours + "<!-- mine -->")
    done = built.teachnet("all", "-f")
    assert (done.returncode, page.read_text()) == (0, ours + "<!-- mine -->")
    assert said in done.stderr
    refused = built.teachnet("gallery")
    assert (refused.returncode, said in refused.stderr) == (2, True)
    receipt.unlink()
    page.write_text("<html>a blog</html>")
    assert built.teachnet("gallery").returncode == 2
    assert page.read_text() == "<html>a blog</html>"
    page.write_text(ours)  # as if a build was killed before its receipt
    assert built.teachnet("gallery").stdout == "media/index.html\n"
    page.write_text("<html>a blog</html>")
    assert built.teachnet("gallery", "-f").returncode == 0
    assert page.read_text() != "<html>a blog</html>"


def test_a_failure_leaves_the_gallery_to_the_rest(clone: Clone) -> None:
    clone.write("figures/chapter/rates.py", 'raise ValueError("no")\n' + (
        clone.root / "figures/chapter/rates.py").read_text())  # fmt: skip
    done = clone.teachnet("all")
    assert done.returncode == 1
    text = (clone.media / "index.html").read_text()
    assert text.count("<p>Not rendered yet</p>") == 1
    assert "<code>teachnet render rates</code>" in text


def test_only_this_machine_is_served(media: Path) -> None:
    running = server.server(media, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    host, port = running.server_address[:2]
    assert host == "127.0.0.1"

    def status(path: str, name: str) -> int:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": name})
        try:
            with urllib.request.urlopen(asked) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert status("index.html", f"localhost:{port}") == 200
    assert status("index.html", "elsewhere.example") == 404
    assert status(".receipts/index.json", f"localhost:{port}") == 404
    running.shutdown()
    running.server_close()


# ------------------------------------------------------------------------------ in a browser

OPEN = "document.querySelector('dialog').open"


@pytest.fixture
def gallery(browser: Browser, media: Path) -> Iterator[Browser]:
    """A browser in which the gallery is open, and at the end has nothing to complain of."""
    browser.open(media / "index.html")
    yield browser
    assert browser.errors() == []


def shown(browser: Browser) -> list[str]:
    found: list[str] = browser.js(
        "return [...document.querySelectorAll('li[data-stem]')].filter(e => e.checkVisibility())"
        ".map(e => e.dataset.stem)"
    )
    return found


def test_search_and_kinds_choose(gallery: Browser) -> None:
    gallery.press("body", "/")
    gallery.press("#search", STEM)
    assert shown(gallery) == [STEM]
    assert gallery.text("#count") == "1 visual"
    gallery.press("#search", "zzz")
    assert shown(gallery) == []
    gallery.press("#reset", "ENTER")
    assert len(shown(gallery)) == len(visuals())
    gallery.press('[data-kind="animation"]', "ENTER")
    assert shown(gallery) == [STEM]
    gallery.press('[data-kind="figure"]', "SPACE")
    assert sorted(shown(gallery)) == sorted([STEM, DRAWN])
    assert gallery.js("return document.querySelectorAll('main section:not([hidden])').length") == 2


def test_one_visual_opens_copies_and_closes_by_keyboard(gallery: Browser) -> None:
    gallery.js(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: t => {"
        "window.copied = t; return Promise.resolve(); }}})"
    )
    link = f'[data-open="{STEM}"]'
    gallery.press(link, "ENTER")
    gallery.until(OPEN)
    assert gallery.js("return location.hash") == f"#{STEM}"
    assert gallery.js("return document.activeElement.id") == "detail-title"
    gallery.press('dialog [data-copy="html"]', "ENTER")
    gallery.until("window.copied")
    assert "<video" in gallery.js("return window.copied")
    assert gallery.text("dialog .copied") == gallery.js("return window.copied")
    gallery.press('dialog [data-show="figure"]', "ENTER")
    assert gallery.js("return document.querySelector('dialog video').checkVisibility()") is False
    gallery.press('dialog [data-copy="marker"]', "ENTER")
    gallery.until("window.copied.startsWith('<!--')")
    assert gallery.js("return window.copied") == f"<!-- teachnet: {STEM} kind=figure -->"
    gallery.press("dialog [data-command]", "ENTER")
    gallery.until("window.copied.startsWith('teachnet')")
    assert gallery.js("return window.copied") == f"teachnet render {STEM}"
    gallery.press("dialog h2", "ARROW_RIGHT")
    stem = "document.querySelector('dialog').dataset.stem"
    gallery.until(f"{stem} != '{STEM}' && location.hash == `#${{{stem}}}`")
    gallery.press("dialog h2", "ARROW_LEFT")
    gallery.until(f"{stem} == '{STEM}' && location.hash == '#{STEM}'")
    gallery.press("dialog .close", "ENTER")
    gallery.until(f"!{OPEN}")
    gallery.until("location.hash == ''")
    assert gallery.js("return document.activeElement.dataset.open") == STEM


def test_a_link_opens_its_visual_and_its_media_load(browser: Browser, media: Path) -> None:
    browser.open(media / "index.html", fragment=STEM, still=False)
    browser.until(OPEN)
    browser.until("document.querySelector('dialog video').readyState >= 2")
    browser.js("document.querySelector('dialog [data-seek=\"2\"]').click()")
    browser.until("document.querySelector('dialog video').currentTime >= 1.9")
    browser.js("document.querySelector('dialog [data-show=figure]').click()")
    browser.until(
        "[...document.querySelectorAll('dialog img')].some(e => e.checkVisibility() && e.complete"
        " && e.naturalWidth)"
    )
    browser.press("dialog h2", "ESCAPE")
    browser.until(f"!{OPEN}")
    broken = (
        "[...document.querySelectorAll('main img')].filter(e => e.checkVisibility() &&"
        " e.complete && !e.naturalWidth).length"
    )
    browser.js("document.querySelectorAll('main img').forEach(e => e.loading = 'eager')")
    browser.until(
        "[...document.querySelectorAll('main img')].every(e => e.complete || !e.checkVisibility())"
    )
    assert browser.js(f"return {broken}") == 0
    assert browser.errors() == []


def test_the_theme_is_the_readers(browser: Browser, media: Path) -> None:
    color = "return getComputedStyle(document.body).backgroundColor"
    visible = (
        "return [...document.querySelectorAll('main picture.dark')].some(e => e.checkVisibility())"
    )
    for theme, background in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 20, 26)")):
        browser.open(media / "index.html", theme=theme)
        browser.press('button[data-theme="auto"]', "ENTER")
        assert browser.js(color) == background
        assert browser.js(visible) is (theme == "dark")
    browser.press('button[data-theme="light"]', "ENTER")
    assert browser.js(color) == "rgb(255, 255, 255)"
    assert browser.js(visible) is False
    browser.press('button[data-theme="auto"]', "ENTER")
    assert browser.errors() == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_nobody_is_kept_out(browser: Browser, media: Path, theme: str, width: int) -> None:
    browser.open(media / "index.html", theme=theme, width=width)
    assert browser.overflow() <= 0
    assert browser.violations("body > :not(main)") == []
    browser.js(
        "document.querySelectorAll('main section:nth-of-type(n+3)').forEach(e => e.remove())"
    )
    assert browser.violations() == []
    browser.open(media / "index.html", theme=theme, width=width, fragment=STEM)
    browser.until(OPEN)
    browser.js("document.querySelectorAll('dialog details').forEach(e => e.open = true)")
    assert browser.violations("dialog") == []
    assert browser.js("const d = document.querySelector('dialog');"
                      "return d.scrollWidth - d.clientWidth") <= 0  # fmt: skip
    assert browser.errors() == []
