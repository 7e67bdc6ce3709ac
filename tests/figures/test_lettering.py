"""An SVG's words are text in fonts that it brings along, where the layout put them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.cbook import is_math_text
from matplotlib.patheffects import Normal, Stroke, withStroke
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D
from PIL import Image

from figures import render
from figures.parts import canvas
from look import theme as themes
from tests.browser import Browser
from tests.figures._drawn import FIGURES, ROWS, Recorded, picture, visual

SVG = "{http://www.w3.org/2000/svg}"
FACE = re.compile(
    r"@font-face\{font-family:(\w+);font-weight:(\d+);font-style:(\w+);"
    r"src:url\(data:font/woff;base64,([^)]*)\) format\('woff'\)\}"
)


@dataclass(frozen=True)
class Drawn:
    """A line of words as matplotlib outlines it: where it begins and its length, CSS pixels."""

    words: str
    x: float
    y: float
    width: float


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[Drawn], list[str]]]:
    """Give the plain lines, in order, and the formulas of an SVG that is saved in the block."""
    plain: list[Drawn] = []
    formulas: list[str] = []
    drawing: list[Text] = []

    def watching(draw: Any) -> Any:
        def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # type: ignore[no-untyped-def]
            # a text of several lines is outlined as a whole where one of them has a formula
            if ismath or (drawing and is_math_text(drawing[-1].get_text())):
                formulas.append(s)
            else:
                width, _, _ = text_to_path.get_text_width_height_descent(s, prop, False)
                plain.append(Drawn(s, *(each * canvas.DPI / 72 for each in (x, y, width))))
            draw(self, gc, x, y, s, prop, angle, ismath, mtext)

        return draw_text

    def noting(draw: Any) -> Any:
        def draw_noted(self: Text, *args: Any, **settings: Any) -> None:
            drawing.append(self)
            draw(self, *args, **settings)
            drawing.pop()

        return draw_noted

    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", noting(Text.draw))
        patch.setattr(RendererSVG, "draw_text", watching(RendererSVG.draw_text))
        # of a text with a halo
        patch.setattr(RendererBase, "draw_text", watching(RendererBase.draw_text))
        yield plain, formulas


def lettered(stem: str, recorded: Recorded, theme: str, monkeypatch: Any) -> tuple[str, Any, Any]:
    """Return a figure's SVG, and its plain lines and its formulas as matplotlib outlines them."""
    fig = picture(stem, recorded, theme).fig
    with themes.use(theme), canvas.style(), watched(monkeypatch) as (plain, formulas):
        svg = render.WRITERS["svg"](fig, visual(stem), 720)
    return svg.decode(), plain, formulas


def _texts(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


def _without_space(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("stem", FIGURES)
def test_every_plain_line_is_a_text_in_embedded_letters(
    stem: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg, plain, formulas = lettered(stem, recorded, "dark", monkeypatch)
    texts = _texts(svg)
    assert [text.text for text in texts] == [each.words for each in plain]
    assert len(plain) > 3
    # formulas are outlines: a group without a text in it
    assert "<tspan" not in svg
    root = ElementTree.fromstring(svg)
    outlined = [
        group
        for group in root.iter(f"{SVG}g")
        if group.get("id", "").startswith("text_")
        and group.find(f".//{SVG}path") is not None
        and group.find(f".//{SVG}text") is None
    ]
    assert bool(outlined) == bool(formulas)
    known = {
        name: set(TTFont(BytesIO(base64.b64decode(data))).getBestCmap())
        for name, _, _, data in FACE.findall(svg)
    }
    rules = dict(re.findall(r"\.(\w+)\{font-family:([^;]*);", svg))
    for text in texts:
        families = rules[str(text.get("class"))].split(",")
        letters = set().union(*(known[name] for name in families if name in known))
        assert {ord(char) for char in str(text.text)} <= letters, text.text


def test_a_part_of_a_font_says_whose_it_is(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg, *_ = lettered("learning_rates", recorded, "light", monkeypatch)
    for _, _, _, data in FACE.findall(svg):
        names = TTFont(BytesIO(base64.b64decode(data)))["name"]
        said = {record.nameID: record.toUnicode() for record in names.names}
        assert "Source" not in said[1] + said[4] + said[6], "that name is reserved"
        assert "Adobe" in said[0]
        assert "Open Font License" in said[13]


@pytest.mark.parametrize(
    ("effects", "is_text"),
    [
        ([withStroke(linewidth=3, foreground="white")], True),
        ([Stroke(linewidth=3, foreground="white"), Normal()], False),
        ([withStroke(linewidth=3, foreground="white", alpha=0.5)], False),
    ],
)
def test_words_with_effects_of_ones_own_have_them(effects: list[Any], is_text: bool) -> None:
    """A halo is one of the text; what else there is matplotlib draws, as outlines."""
    with themes.use("light"), canvas.style():
        fig = canvas.Canvas(height=100)
        text = fig.text(0.5, 0.5, "words", path_effects=effects)
        svg = render.WRITERS["svg"](fig, visual("neuron"), 720).decode()
    assert [each.text for each in _texts(svg)] == ["words"] * is_text
    assert svg.count("#ffffff") > is_text
    assert ("stroke:#ffffff;stroke-width:3;" in svg) == is_text
    assert text.get_path_effects() == effects


# With turned words, halos, letters that Source Sans lacks, code, formulas.
LOOKED_AT = ("activations", "learning_rates", "lr_range_test", "training_loop")
PLACES = """
return [...document.querySelectorAll("svg text")].map(e => {
  const at = e.getStartPositionOfChar(0).matrixTransform(e.getCTM());
  return [e.textContent, at.x, at.y, e.getComputedTextLength() * 96 / 72];
})
"""


@pytest.mark.parametrize("stem", LOOKED_AT)
def test_words_are_where_the_layout_put_them(
    stem: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, browser: Browser, tmp_path: Path
) -> None:
    svg, plain, _ = lettered(stem, recorded, "dark", monkeypatch)
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><body style='margin:0'>{svg[svg.index('<svg') :]}")
    browser.open(page, ready="document.fonts.status === 'loaded'")
    assert browser.errors() == []
    seen = browser.js(PLACES)
    assert [words for words, *_ in seen] == [each.words for each in plain]
    for (words, x, y, width), drawn in zip(seen, plain, strict=True):
        assert (x, y) == pytest.approx((drawn.x, drawn.y), abs=0.25), words
        assert width == pytest.approx(drawn.width, abs=0.5), words


@pytest.mark.parametrize("stem", LOOKED_AT)
def test_in_a_post_it_looks_as_the_png(
    stem: str, recorded: Recorded, theme: str, browser: Browser, tmp_path: Path
) -> None:
    """In an ``<img>``, which loads no font but those inside: every word within a pixel."""
    paths = {name: recorded(name) for name in visual(stem).uses}
    # larger, for small letters are fitted to pixels in a PNG, and so a little wider
    files = render.render(ROWS[stem].module, paths, theme, ["svg", "png"], png_width=4 * 720)
    (tmp_path / "figure.svg").write_bytes(files["svg"])
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><body style='margin:0'><img src='figure.svg' style='display:block'>"
    )
    browser.open(page, width=720, ready="document.images[0].complete")
    large = Image.open(BytesIO(files["png"])).convert("L")
    one = np.asarray(large.resize((720, large.height // 4), Image.Resampling.BOX), float)
    shot = browser.shot(tmp_path / "shot.png")
    other = np.asarray(Image.open(shot).convert("L"), float)[: one.shape[0], :720]
    fig = render.figure(ROWS[stem].module, paths, theme)
    fig.set_dpi(4 * canvas.DPI)
    boxes = [
        text.get_window_extent().frozen().transformed(Affine2D().scale(1 / 4))
        for text in fig.findobj(Text)
        if len(_without_space(text.get_text())) > 3 and text.get_visible()
    ]
    looked = 0
    for box in boxes:
        top, bottom = round(one.shape[0] - box.y1), round(one.shape[0] - box.y0)
        rows, columns = slice(top - 1, bottom + 1), slice(round(box.x0) - 1, round(box.x1) + 1)
        wanted = one[rows, columns]
        if min(box.x0, top) < 5 or box.x1 > 715 or bottom > one.shape[0] - 5 or wanted.std() < 8:
            continue  # nothing drawn there, or cut by the search below
        best = min(
            (_apart(other, wanted, rows, columns, (down, across)), down, across)
            for down in range(-3, 4)
            for across in range(-3, 4)
        )
        looked += 1
        assert max(abs(best[1]), abs(best[2])) <= 1, best
        assert best[0] < 0.6 * wanted.std(), best
    assert looked > 3


def _apart(
    image: np.ndarray, wanted: np.ndarray, rows: slice, columns: slice, by: tuple[int, int]
) -> float:
    """Return how much a part of an image differs from the wanted one, if it were moved."""
    down, across = by
    there = image[rows.start + down : rows.stop + down, columns.start + across :]
    return float(np.abs(there[:, : wanted.shape[1]] - wanted).mean())
