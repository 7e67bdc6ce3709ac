"""One owner for every word: what a picture shows is a filled word of its row, or a number written.

Every text with a digit that a figure, a table or a film shows, ticks aside, must have come out of
the number writer or of a filled template. Both note what they give out while the picture is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from figures import render_table
from figures.layout import drawn_texts
from look import numbers
from look import words as spoken
from pipeline import catalogue
from scenes import layout, render
from simulate import recording
from simulate.errors import UserError
from tests.figures import _drawn
from tests.scenes._films import film
from tests.visuals._heard import listening

VISUALS = catalogue.visuals()
Recorded = Callable[[str], Path]


def recorded_words(paths: Iterable[Path]) -> str:
    """Return all words that were recorded: names, formulas, what a program printed."""
    found: list[str] = []
    for path in paths:
        data = recording.load(path)
        found += [value for value in data.attrs.values() if isinstance(value, str)]
        for variable in data.variables.values():
            if variable.dtype.kind in "OU":
                found += [str(value) for value in variable.values.ravel()]
    return "\n".join(found)


def unheard(texts: Iterable[str], heard: set[str], recorded: str) -> set[str]:
    """Return the texts with a digit that were neither written nor recorded."""
    return {
        text
        for text in texts
        if re.search("[0-9½]", text)  # θ₁ and m² are names
        and text not in heard
        # a terminal's line is a piece of what was recorded, broken between words
        and " ".join(text.split()) not in " ".join(recorded.split())
    }


def shown(fig: Figure) -> set[str]:
    """Return a figure's texts but for those of ticks; a drawing wraps some of them."""
    ticks = {
        text
        for ax in fig.axes
        for axis in (ax.xaxis, ax.yaxis)
        for text in axis.get_ticklabels(which="both")
    }
    return {text.get_text() for text in drawn_texts(fig) if text not in ticks}


@pytest.mark.parametrize("stem", [s for s, entry in VISUALS.items() if "F" in entry.kinds])
def test_a_figure_shows_what_its_row_says(stem: str, recorded: Recorded) -> None:
    found = _drawn.picture(stem, recorded)
    known = recorded_words(recorded(name) for name in VISUALS[stem].row.uses)
    assert unheard(shown(found.fig), found.heard, known) == set()


@pytest.mark.parametrize("stem", [s for s, entry in VISUALS.items() if "T" in entry.kinds])
def test_a_table_shows_what_its_row_says(stem: str, recorded: Recorded) -> None:
    entry = VISUALS[stem]
    paths = {name: recorded(name) for name in entry.row.uses}
    with listening() as heard:
        made, _, fig = render_table.table(entry.modules["table"], paths, "dark")
    cells = [cell for row in made.cells for cell in row]
    texts = {str(cell.value) for cell in cells} | {cell.note for cell in cells}
    texts |= {column.name for column in made.columns} | {column.note for column in made.columns}
    texts |= set(made.notes) | set(made.groups)
    # what must not be broken is tied together in a cell
    texts = {text for text in texts if text.replace("\N{NO-BREAK SPACE}", "_") not in heard}
    texts = {line for text in texts - heard for line in text.split("\n")}  # put together of several
    assert unheard(texts, heard, recorded_words(paths.values())) == set()
    assert fig.axes


def filmed(stem: str, paths: dict[str, Path]) -> dict[str, set[str]]:
    """Return the texts that stand in a film when a section ends, by section."""
    job = render.Job(
        module=VISUALS[stem].modules["animation"],
        recordings={name: str(path) for name, path in paths.items()},
        width=640,
        height=360,
        fps=10,
    )
    found: dict[str, set[str]] = {}
    scene_type: Any = render.scene_class(job.module)

    class Listened(scene_type):
        def end_of_section(self) -> None:
            if self.sections:
                words = layout._visible_words(self)
                texts = {word.text() if callable(word.text) else word.text for word in words}
                found[self.sections[-1][0]] = texts

    render.run(job, layout._Nothing(), Listened)
    return found


@pytest.mark.parametrize("stem", [s for s, entry in VISUALS.items() if "A" in entry.kinds])
def test_a_film_shows_what_its_row_says(stem: str, recorded: Recorded) -> None:
    found = film(stem, recorded)
    known = recorded_words(recorded(name) for name in VISUALS[stem].row.uses)
    for name, texts in found.texts.items():
        assert unheard(texts, found.heard, known) == set(), name


def test_a_typed_number_is_found_out(recorded: Recorded) -> None:
    """The check sees what it forbids."""
    with listening() as heard:
        said = numbers.written("{n} steps", {"n": 1200})
    assert unheard([said, "1,200 steps", "1,300 steps", "no digits"], heard, "") == {"1,300 steps"}
    assert unheard(["$ run --batch 32"], set(), "python -m it\n$ run --batch 32") == set()


def test_words_fill_from_their_recordings(recorded: Recorded) -> None:
    """A word that needs nothing more fills from the attributes; a missing one is named."""
    entry = VISUALS["learning_rates"]
    attrs: dict[str, Any] = recording.load(recorded("learning_rates")).attrs
    with spoken.speaking(entry.row, attrs):
        assert spoken.say("start").startswith("One start, four rates: ")
        with pytest.raises(UserError, match=r"asks for \{lr\}"):
            spoken.say("rate")
        with pytest.raises(UserError, match="no words 'rates'; there are title, subtitle"):
            spoken.say("rates")
