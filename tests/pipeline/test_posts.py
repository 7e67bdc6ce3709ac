"""Markers in posts: found where they count, filled, and all else left as it is."""

from __future__ import annotations

import pytest

from pipeline import posts
from simulate.errors import UserError

ALIASES = {"CUDA OOM ERROR": "memory_wall", "OSCILLATING, DIVERGING, AND SLOW": "learning_rates"}


def _fill(text: str, aliases: dict[str, str] | None = None) -> str:
    lines = text.splitlines(keepends=True)
    found = posts.markers(lines, "post.md", aliases or {})
    return posts.filled(lines, found, lambda marker: f"[{marker.stem}]\n{marker.options.width}")


def test_a_marker_is_filled_and_refilled() -> None:
    once = _fill("Before.\n\n<!-- teachnet: a width=640 -->\n\nAfter.\n")
    assert once == (
        "Before.\n\n<!-- teachnet: a width=640 -->\n[a]\n640\n<!-- /teachnet -->\n\nAfter.\n"
    )
    assert _fill(once) == once
    stale = once.replace("[a]\n640", "anything <!-- at all -->\n\nthere")
    assert _fill(stale) == once


def test_several_markers_end_where_the_next_begins() -> None:
    once = _fill("<!-- teachnet: a -->\n<!-- teachnet: b -->\ntext")
    assert once.count("<!-- /teachnet -->") == 2
    assert once.endswith("[b]\n720\n<!-- /teachnet -->\ntext")
    assert _fill(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "```\n<!-- teachnet: a -->\n```\n",
        "~~~ html\n<!-- teachnet: a -->\n<!-- /teachnet -->\n~~~\n",
        "Text\n\n    <!-- teachnet: a -->\n",
        "- item\n\n  ```\n  <!-- teachnet: a -->\n  ```\n",
        "<pre>\n<!-- teachnet: a -->\n</pre>\n",
        "A line with `<!-- teachnet: a -->` in it.\n",
        "An unclosed fence\n\n```\n<!-- teachnet: a -->\n",
    ],
)
def test_an_example_is_no_marker(text: str) -> None:
    assert _fill(text) == text


def test_all_else_stays_byte_for_byte() -> None:
    """Line ends, tabs, blanks at ends, what a parser would change, and no newline at the end."""
    before, after = "\ufeff# T \t \r\n\r\n* a\r\n", "\r\n\tb  \r\n&amp; <b>\u2028x</b>\x0c"
    marker = "<!-- TEACHNET:a -->\r\n"
    text = _fill(before + marker + after)
    assert text.startswith(before + marker)
    assert text.endswith("<!-- /teachnet -->\r\n" + after)
    assert "[a]\r\n720\r\n" in text


def test_indentation_and_quotation_are_kept() -> None:
    assert _fill("- item\n\n  <!-- teachnet: a -->\n") == (
        "- item\n\n  <!-- teachnet: a -->\n  [a]\n  720\n  <!-- /teachnet -->\n"
    )
    assert "> [a]\n> 720\n> <!-- /teachnet -->\n" in _fill("> <!-- teachnet: a -->\n")


def test_placeholders_are_met_whatever_their_case_and_spelling() -> None:
    text = "a\n# [CUDA OOM error]\nb\n\n[Oscilating, diverging and slow]\n\n# [Something else]\n"
    once = _fill(text, ALIASES)
    assert "a\n<!-- teachnet: memory_wall -->\n[memory_wall]" in once
    assert "<!-- teachnet: learning_rates -->\n[learning_rates]" in once
    assert once.endswith("\n\n# [Something else]\n")
    assert _fill(once, ALIASES) == once
    assert _fill(text) == text  # only when asked


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("a colour=red", r"post\.md:3: 'colour=red' is no option of a marker; there is kind=…"),
        ("a kind=film", r"post\.md:3: kind is 'film'; it takes animation, figure, table, page"),
        ("a width=wide", r"post\.md:3: width is 'wide'; it takes 40 to 10000 pixels"),
        ("a width=0", r"post\.md:3: width is '0'"),
        ('a "b', r"post\.md:3: 'teachnet: a \"b ' can't be read"),
        ("", r"post\.md:3: 'teachnet:  ' can't be read"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_place(marker: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        _fill(f"one\ntwo\n<!-- teachnet: {marker} -->\n")
    assert "\n" not in str(caught.value)


def test_an_end_without_a_start_is_refused() -> None:
    with pytest.raises(UserError, match=r"post\.md:2: <!-- /teachnet --> without a marker"):
        _fill("a\n<!-- /teachnet -->\n")
