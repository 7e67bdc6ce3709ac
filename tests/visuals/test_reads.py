"""What a visual says that it reads is what it reads: no less, no more.

Each is drawn as for somebody who has nothing of its own experiment: from a recording with just the
variables and attributes of ``READS``, which notes what is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import figures
from look import reads, visuals, words
from pipeline import catalogue
from scenes import render
from simulate import recording
from simulate.storage import code
from tests.visuals._watched import Attributes, watched, without

Recorded = Callable[[str], Path]
ENTRIES = catalogue.visuals()
CASES = [
    (stem, package)
    for stem, entry in ENTRIES.items()
    for package in ("figures", "scenes")
    if any(module.startswith(f"{package}.") for module in entry.modules.values())
]


def _needs(stem: str, package: str) -> dict[str, reads.Needs]:
    path = code.module_path(visuals.module(stem, package))
    assert path is not None
    return visuals.needs(path)


def _draw(stem: str, package: str, data: dict[str, Any]) -> None:
    if package == "figures":
        for kind in ENTRIES[stem].modules:
            if kind == "figure":
                figures.draw(stem, data)
            elif kind == "table":
                _table(stem, data)
        return
    found = visuals.drawn(stem, "scenes", data)
    job = render.Job(
        module=found.module, recordings=found.recordings, words=found.row, width=160, height=90,
        fps=5,
    )  # fmt: skip
    n_frames = render.plan(job).n_frames
    render.stills(job, sorted({*range(0, n_frames, max(1, n_frames // 8)), n_frames - 1}))


def _table(stem: str, data: dict[str, Any]) -> None:
    from figures import render_table

    found = visuals.drawn(stem, "figures", data)
    render_table.table(found.module, found.recordings, "light", found.row)


@pytest.mark.parametrize(("stem", "package"), CASES)
def test_a_visual_reads_what_it_says(
    stem: str, package: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = _needs(stem, package)
    assert list(needs) == ENTRIES[stem].row.uses
    noted: dict[str, set[str]] = {name: set() for name in needs}
    data = {}
    for name, said in needs.items():
        whole = recording.load(recorded(name))
        assert reads.missing(said, whole) == {}
        data[name] = watched(without(whole, said), noted[name])

    real = words.written

    def written(template: str, attrs: Any) -> str:
        asked: set[str] = set()
        text = real(template, Attributes(attrs, asked))
        for name in asked:
            having = [each for each in needs if name in data[each].attrs.keys()]
            noted[having[-1]].add(name) if having else None
        return text

    monkeypatch.setattr(words, "written", written)
    for each in noted.values():
        each.clear()
    _draw(stem, package, data)
    for name, said in needs.items():
        there = {*map(str, data[name].variables), *data[name].attrs.keys()}
        assert noted[name] & there == set(said), f"{name} of {stem}: say so in READS"
