"""Typst's strings: the right font, one file a string, sizes in pixels."""

from __future__ import annotations

import numpy as np
import pytest

from look import theme
from scenes import render
from scenes.parts import font, words
from simulate.errors import UserError


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TEACHNET_CACHE", str(tmp_path))
    words.cache_directory.cache_clear()
    words.outline.cache_clear()
    yield
    words.outline.cache_clear()
    words.cache_directory.cache_clear()


@pytest.fixture
def stage():
    with render.stage(render.Job(module="", recordings={})):
        yield


def kept(tmp_path):
    return sorted((tmp_path / "typst").iterdir())


def as_another_process_reads(markup):
    words.outline.cache_clear()
    return words.outline(markup)


def test_a_string_is_compiled_once_and_no_half_file_is_left(tmp_path, stage, monkeypatch):
    first = words.outline("hello")
    (path,) = kept(tmp_path)
    before = path.stat().st_mtime_ns
    monkeypatch.setattr(words, "_ParsedInMemory", None)
    np.testing.assert_array_equal(as_another_process_reads("hello"), first)
    assert kept(tmp_path) == [path]
    assert path.stat().st_mtime_ns == before


def test_a_damaged_string_is_compiled_anew(tmp_path, stage):
    first = words.outline("hello")
    (path,) = kept(tmp_path)
    whole = path.read_bytes()
    damaged = [b"", whole[:-1], whole[:40], bytes(len(whole))]
    for position in (0, 31, 32, 40, len(whole) // 2, len(whole) - 1):
        flipped = bytearray(whole)
        flipped[position] ^= 1
        damaged.append(bytes(flipped))
    for content in damaged:
        path.write_bytes(content)
        np.testing.assert_array_equal(as_another_process_reads("hello"), first)
        assert path.read_bytes() == whole


def test_a_folder_in_a_strings_place_is_in_nobodys_way(tmp_path, stage):
    first = words.outline("hello")
    (path,) = kept(tmp_path)
    path.unlink()
    path.mkdir()
    np.testing.assert_array_equal(as_another_process_reads("hello"), first)


def test_a_missing_font_is_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown font family"):
        words._compile("hello", font_paths=[tmp_path])


def test_size_is_pixels_of_a_720p_frame():
    with render.stage(render.Job(module="", recordings={})):
        capital = words.Words("H", 100)
    assert capital.height * 90 == pytest.approx(66, abs=1)  # Source Sans: capitals of 0.66 em


@pytest.mark.parametrize(
    "text",
    [
        "50 % of *x*_y",
        "#1 [a] <b> $c$ @d `e` ~ \\ -- 'q' \"r\"",
        "07. Start",
        "a...b",
        "29. x",
        "= x",
        "- y",
        "US$_$",
        "$5 and $6",
        "x\\ny",
    ],
)
def test_plain_text_is_shown_literally(text):
    with render.stage(render.Job(module="", recordings={})):
        shown = words.Words(text, 24)
    # Typst shows what was escaped: as wide as the same characters side by side, but for kerning.
    assert shown.width == pytest.approx(font.advance(text) * 24 / 90, rel=0.08)


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(tmp_path, monkeypatch, stage):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TEACHNET_CACHE", str(tmp_path / "file"))
    words.cache_directory.cache_clear()
    assert words.cache_directory().is_dir()
    assert len(words.outline("x"))


def test_fonts_come_from_a_dependency():
    assert (theme.font_directory() / "SourceSansPro-Regular.ttf").exists()


@pytest.mark.parametrize("make", [words.Words, words.Formula])
def test_a_character_that_no_font_has_is_refused(make, stage):
    make("∇ η × ℓ")  # by other fonts
    for char in ("日", "𝄞"):
        with pytest.raises(UserError, match=f"no font has the character '{char}'"):
            make(f"a {char}")
    with pytest.raises(UserError, match="no character '日'"):
        font.glyph("日")
