"""What is written while a picture is made, noted: every number, every filled template."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from figures import render_table
from figures.parts import canvas
from look import numbers


@contextmanager
def listening() -> Iterator[set[str]]:
    """Note every number and every template that is written in this block, a line each too."""
    heard: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_typed", "_said"):
            plain = getattr(numbers, name)

            def noted(text: str, plain: Callable[[str], str] = plain) -> str:
                said = plain(text)
                heard.update([said, *said.split("\n")])
                return said

            patch.setattr(numbers, name, noted)
        wrap = canvas.wrap

        def wrapped(text: str, *given: Any) -> list[str]:
            lines = wrap(text, *given)
            if text in heard:  # a line of what was said was said
                heard.update(lines)
            return lines

        patch.setattr(canvas, "wrap", wrapped)
        patch.setattr(render_table, "wrap", wrapped)
        yield heard
