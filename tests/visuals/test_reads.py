"""What a visual says that it reads is what it reads: no less, no more.

Each is drawn as for somebody who has nothing of its own experiment: from a recording with just the
variables and attributes of ``READS``, which notes what is asked of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from figures import render as figures
from figures import render_page, render_table
from look import reads, visuals, words
from pipeline import catalogue
from scenes import render as scenes
from simulate import recording
from simulate.storage import code
from tests.visuals._watched import Attributes, watched, without

Recorded = Callable[[str], Path]
ENTRIES = catalogue.visuals()
CASES = [
    (stem, package)
    for stem, entry in ENTRIES.items()
    for package in ("figures", "scenes", "page")
    if any(module.startswith(f"{package}.") for module in entry.modules.values())
    or package in entry.modules
]


def _needs(stem: str, package: str, *, page: bool = False) -> dict[str, reads.Needs]:
    path = code.module_path(visuals.module(stem, package))
    assert path is not None
    return visuals.needs(path, page=page)


def _draw(found: visuals.Drawn, kind: str) -> None:
    if kind == "figure":
        with figures.made("draw", found.module, found.recordings, "light", found.row):
            pass
    elif kind == "table":
        render_table.table(found.module, found.recordings, "light", found.row)
    elif kind == "page":
        render_page.page(found.module, found.recordings, found.row)
    else:
        job = scenes.Job(
            module=found.module, recordings=found.recordings, words=found.row,
            width=160, height=90, fps=5,
        )  # fmt: skip
        n_frames = scenes.plan(job).n_frames
        scenes.stills(job, [0, n_frames // 3, 2 * n_frames // 3, n_frames - 1])


@pytest.mark.parametrize(("stem", "package"), CASES)
def test_a_visual_reads_what_it_says(
    stem: str, package: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = package == "page"  # which reads what the figure reads, or some of it, and more
    package = "figures" if page else package
    needs = _needs(stem, package, page=page)
    assert list(needs) == ENTRIES[stem].row.uses
    plain = {name: without(recording.load(recorded(name)), said) for name, said in needs.items()}
    found = visuals.drawn(stem, package, plain, page=page)  # which looks whether it is all there
    noted: dict[str, set[str]] = {name: set() for name in needs}
    seen = {name: watched(data, noted[name]) for name, data in plain.items()}
    found = dataclasses.replace(found, recordings=seen)

    real = words.written

    def written(template: str, attrs: Any) -> str:
        asked: set[str] = set()
        text = real(template, Attributes(attrs, asked))
        for name in asked:
            # As they are merged: a later recording's attribute wins.
            having = [each for each, said in needs.items() if name in said]
            noted[having[-1]].update([name]) if having else None
        return text

    monkeypatch.setattr(words, "written", written)
    for kind, module in ENTRIES[stem].modules.items():
        if module == found.module and (kind == "page") == page:
            _draw(found, kind)
    for name, said in needs.items():
        if page:
            extra = set(said) - set(_needs(stem, package)[name])
            assert extra <= noted[name] <= set(said)
            continue
        assert noted[name] == set(said), f"what {stem} reads of {name}, and READS of its module"
