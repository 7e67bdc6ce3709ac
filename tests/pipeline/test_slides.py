"""Slides: a clip a section that plays when its slide comes and stays at its end, in three forms."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from look.words import Visual
from pipeline import decks
from pipeline.commands.slides import command
from scenes import render
from simulate.errors import UserError
from tests.pipeline.test_real_tools import Page

HOSTILE = 'a "b" <script>x</script> & {c} -- --> `d` </aside>'


def _png(value: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (16, 9), (value, 0, 0)).save(file, format="PNG")
    return file.getvalue()


def _clips() -> list[decks.Clip]:
    words = Visual(uses=[], title=HOSTILE, alt=HOSTILE, caption=HOSTILE)
    return [
        decks.Clip("neuron", "dark", k, f"part {k}", f"Headline {k}: {HOSTILE}\nand more", words,
                   b"film %d" % k, _png(k), _png(100 + k), 1.5 * k)
        for k in (1, 2)
    ]  # fmt: skip


def test_a_browsers_deck_is_one_file(tmp_path: Path) -> None:
    (path,) = decks.write(tmp_path / "deck.html", _clips(), loop=False)
    page = Page(path.read_text())
    sections, videos, stills = (page.all(name) for name in ("section", "video", "img"))
    assert len(sections) == len(videos) == len(stills) == 2
    for k, video in enumerate(videos, 1):
        assert video["src"] == "data:video/mp4;base64," + base64.b64encode(b"film %d" % k).decode()
        assert {"muted", "playsinline", "controls"} <= set(video)
        assert "loop" not in video, "a clip stays at its end"
        assert "autoplay" not in video, "it waits for its slide"
        assert HOSTILE in str(video["aria-label"])
        ends = (str(stills[k - 1]["src"]), str(video["poster"]))
        pixels = [Image.open(BytesIO(base64.b64decode(end.partition(",")[2]))) for end in ends]
        assert [each.getpixel((0, 0)) for each in pixels] == [(100 + k, 0, 0), (k, 0, 0)]
    assert len(page.all("script")) == 1
    assert not re.search(r'(src|href)="(?!data:)', path.read_text()), "it needs no network"


def test_marps_deck_has_its_clips_beside_it(tmp_path: Path) -> None:
    deck, *beside = decks.write(tmp_path / "deck.md", _clips(), loop=True)
    text = deck.read_text()
    assert text.startswith("---\nmarp: true\n")
    _head, *slides = re.split(r"^---$", text, flags=re.MULTILINE)[1:]
    assert len(slides) == 2
    videos = [Page(slide).all("video")[0] for slide in slides]
    assert all("loop" in video for video in videos)
    for video in videos:
        assert (tmp_path / str(video["src"])).read_bytes().startswith(b"film")
        assert (tmp_path / str(video["poster"])).is_file()
    assert len(beside) == 6
    comments = re.findall(r"<!--(.*?)-->", text, re.DOTALL)
    assert len(comments) == 2, "no caption ends a comment"
    assert all("--" not in comment for comment in comments)


def test_powerpoints_deck_plays_by_itself(tmp_path: Path) -> None:
    pptx = pytest.importorskip("pptx", reason="python-pptx is not here")
    for loop in (False, True):
        (path,) = decks.write(tmp_path / "deck.pptx", _clips(), loop=loop)
        deck: Any = pptx.Presentation(str(path))
        assert (deck.slide_width, deck.slide_height) == (decks.WIDE, decks.TALL)
        assert len(deck.slides) == 2
        for k, slide in enumerate(deck.slides, 1):
            (movie,) = (each for each in slide.shapes if each.shape_type == 16)  # a medium
            assert movie.poster_frame.blob == _png(k)
            assert HOSTILE in movie._element.nvPicPr.cNvPr.get("descr")
            assert HOSTILE in slide.notes_slide.notes_text_frame.text
            assert slide.shapes.title.text.startswith(f"Headline {k}")
            assert {part.blob for part in slide.part.package.iter_parts()} >= {b"film %d" % k}
            spaces = {"p": "http://schemas.openxmlformats.org/presentationml/2006/main"}

            def found(what: str, slide: Any = slide, spaces: dict[str, str] = spaces) -> list[Any]:
                return slide._element.findall(f".//{what}", spaces)  # type: ignore[no-any-return]

            assert len(found("p:timing")) == 1
            (call,) = found("p:cmd")
            assert call.get("cmd") == "playFrom(0.0)"
            assert {each.get("spid") for each in found("p:spTgt")} == {str(movie.shape_id)}
            (begin,) = found("p:cond[@evt='onBegin']")
            assert begin.get("delay") == "0", "with the slide, not at a click"
            (whole,) = found("p:cMediaNode/p:cTn")
            assert whole.get("repeatCount") == ("indefinite" if loop else None)
            (length,) = found("p:cBhvr/p:cTn")
            assert length.get("dur") == str(1500 * k)
            assert len({each.get("id") for each in found("p:cTn")}) == len(found("p:cTn"))
            # The schema has it after what is drawn; PowerPoint repairs a file that has it before.
            assert slide._element[-1].tag.endswith("timing")


@pytest.fixture(scope="module")
def job(recorded: Callable[[str], Path]) -> render.Job:
    return render.Job(
        module="scenes.networks.xor_boundary",
        recordings={"xor_boundary": recorded("xor_boundary")},
        width=160, height=90, fps=4,
    )  # fmt: skip


@pytest.fixture(scope="module")
def section(job: render.Job) -> tuple[int, int]:
    """Return the frames of its second section."""
    plan = render.plan(job)
    starts = [first for _, first in plan.sections]
    return starts[1], [*starts, plan.n_frames][2]


@pytest.fixture(scope="module")
def clip(job: render.Job, section: tuple[int, int]) -> tuple[bytes, np.ndarray, np.ndarray]:
    return render.clip(job, *section)


def test_clips_are_the_films_sections(
    job: render.Job, section: tuple[int, int], clip: tuple[bytes, np.ndarray, np.ndarray]
) -> None:
    first, stop = section
    film, *ends = clip
    with av.open(BytesIO(film)) as opened:
        frames = [each.to_ndarray(format="rgb24") for each in opened.decode(video=0)]
    assert len(frames) == stop - first
    drawn = render.stills(job, [first, stop - 1])
    for shown, kept, frame in zip((frames[0], frames[-1]), ends, (first, stop - 1), strict=True):
        assert np.array_equal(kept, drawn[frame])
        assert np.abs(shown.astype(int) - drawn[frame].astype(int)).mean() < 5


def test_a_clip_plays_when_its_slide_comes_and_stays_at_its_end(
    browser: Any, tmp_path: Path, clip: tuple[bytes, np.ndarray, np.ndarray]
) -> None:
    film, first, last = clip
    clips = [
        replace(each, film=film, first=render.png(first), last=render.png(last))
        for each in _clips()
    ]
    (path,) = decks.write(tmp_path / "deck.html", clips, loop=False)
    ask = "return [...document.querySelectorAll('video')].map(f => [f.currentTime > 0, f.ended])"

    def until(wanted: list[list[bool]]) -> None:
        for _ in range(100):
            if (found := browser.driver.execute_script(ask)) == wanted:
                return
            time.sleep(0.2)
        raise AssertionError(found)

    def press(key: str) -> None:
        browser.driver.find_element("css selector", "body").send_keys(key)

    browser.open(path, still=False)
    until([[True, True], [False, False]])  # the second waits
    press("\ue014")  # arrow to the right
    until([[True, True], [True, True]])
    assert browser.driver.title == clips[1].title
    assert browser.driver.current_url.endswith("#/1")
    shown = "return [...document.querySelectorAll('section')].map(s => s.checkVisibility(" + (
        "{visibilityProperty: true}))"
    )
    assert browser.driver.execute_script(shown) == [False, True]
    assert browser.errors() == []
    assert browser.violations() == []
    # Who wants no motion gets the end of a section, and nothing plays.
    browser.open(path, still=True)
    time.sleep(0.5)
    assert browser.driver.execute_script(ask) == [[False, False]] * 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["neuron", "-o", "deck.doc"], r"-o is 'deck.doc'; it ends with \.html"),
        (["neuron", "-o", "no/deck.md"], r"no/deck.md can't be a file"),
        (["variants_table", "-o", "deck.md"], "variants_table has no animation"),
        (["neuro", "-o", "deck.md"], "did you mean neuron"),
    ],
)
def test_what_cannot_be_made_is_one_line(given: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [*given, "--media", str(tmp_path)])
    assert isinstance(result.exception, UserError)
    assert re.search(said, str(result.exception))
    assert "\n" not in str(result.exception)


def test_what_writes_powerpoints_decks_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"python-pptx, which is not here; run `pip install"):
        decks.check(tmp_path / "deck.pptx")
