"""Typst's strings: the right font, one file a string, sizes in pixels."""

from __future__ import annotations

import sys

import pytest

from look import theme
from scenes import render
from scenes.parts import font, words


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TEACHNET_CACHE", str(tmp_path))
    words.cache_directory.cache_clear()
    yield
    words.cache_directory.cache_clear()


def test_a_string_is_compiled_once_and_no_half_file_is_left(tmp_path):
    first = words.compile_svg("hello")
    before = first.stat().st_mtime_ns
    assert words.compile_svg("hello") == first
    assert first.stat().st_mtime_ns == before
    assert [path.name for path in (tmp_path / "typst").iterdir()] == [first.name]


def test_a_missing_font_is_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown font family"):
        words.compile_svg("hello", font_paths=[tmp_path])


def test_size_is_pixels_of_a_720p_frame():
    with render.stage(render.Job(module="", recordings={})):
        capital = words.Words("H", 100)
    assert capital.height * 90 == pytest.approx(66, abs=1)  # Source Sans: capitals of 0.66 em


@pytest.mark.parametrize("text", ["50 % of *x*_y", "#1 [a] <b> $c$ @d `e` ~ \\ -- 'q' \"r\""])
def test_plain_text_is_shown_literally(text):
    with render.stage(render.Job(module="", recordings={})):
        shown = words.Words(text)
    # Typst shows what was escaped: as wide as the same characters side by side, but for kerning.
    assert shown.width == pytest.approx(font.advance(text) * 24 / 90, rel=0.08)


def test_showing_a_string_writes_nothing_beside_it(tmp_path):
    """Another process may show the same string at the same moment."""
    path = words.compile_svg("warm up")
    with render.stage(render.Job(module="", recordings={})):
        seen = _watch(path.parent, lambda: [words.Words("a b"), words.Formula("x_1 = 2")])
    assert all(name.endswith((".svg", ".npy")) and "_" not in name for name in seen)


def _watch(folder, work) -> set[str]:
    """Return the names of all files that were opened below a folder."""
    opened: set[str] = set()

    def hook(event, args):
        if event == "open" and str(args[0]).startswith(str(folder)):
            opened.add(str(args[0]).rpartition("/")[2])

    sys.addaudithook(hook)
    work()
    return {name for name in opened if not name.startswith(".part-")}


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TEACHNET_CACHE", str(tmp_path / "file"))
    words.cache_directory.cache_clear()
    assert words.cache_directory().is_dir()
    assert words.compile_svg("x").exists()


def test_fonts_come_from_a_dependency():
    assert (theme.font_directory() / "SourceSansPro-Regular.ttf").exists()
