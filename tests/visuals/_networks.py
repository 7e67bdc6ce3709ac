"""What a figure and a film of this chapter say, as strings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from figures.layout import drawn_texts
from pipeline import catalogue
from scenes import layout, render


def said(fig: Figure) -> list[str]:
    """Return every text of a figure, in the order in which it was written."""
    return [text.get_text() for text in drawn_texts(fig)]


def filmed(stem: str, recorded: Callable[[str], Path]) -> dict[str, list[str]]:
    """Return the words that stand in a film when a section ends, by section."""
    visual = catalogue.visuals()[stem]
    job = render.Job(
        module=visual.modules["animation"],
        recordings={name: str(recorded(name)) for name in visual.row.uses},
        width=640,
        height=360,
        fps=10,
    )
    found: dict[str, list[str]] = {}
    scene_type: Any = render.scene_class(job.module)

    class Listened(scene_type):
        def end_of_section(self) -> None:
            if self.sections:
                words = layout._visible_words(self)
                texts = [word.text() if callable(word.text) else word.text for word in words]
                found[self.sections[-1][0]] = [text for text in texts if text]

    render.run(job, layout._Nothing(), Listened)
    return found


def value(text: str) -> float:
    """Return a printed number: a true minus, commas between thousands."""
    return float(text.replace("−", "-").replace(",", ""))
