"""What a figure and a film of this chapter say, as strings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from figures.layout import drawn_texts
from tests.scenes._films import film


def said(fig: Figure) -> list[str]:
    """Return every text of a figure, in the order in which it was written."""
    return [text.get_text() for text in drawn_texts(fig)]


def filmed(stem: str, recorded: Callable[[str], Path]) -> dict[str, list[str]]:
    """Return the words that stand in a film when a section ends, by section."""
    texts = film(stem, recorded).texts
    return {section: [text for text in words if text] for section, words in texts.items()}


def value(text: str) -> float:
    """Return a printed number: a true minus, commas between thousands."""
    return float(text.replace("−", "-").replace(",", ""))
