"""Upright films: every part in its place, nothing lost between them, and words that can be read."""

from __future__ import annotations

import re
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline import catalogue, exports
from scenes import aspects, layout, render
from simulate.errors import UserError

VISUALS = catalogue.visuals()
LAID_OUT = {
    (stem, aspect)
    for stem, entry in VISUALS.items()
    for aspect in exports.aspects(entry)
    if aspect != aspects.WIDE
}


def _job(stem: str, aspect: str, recorded, **more) -> render.Job:
    entry = VISUALS[stem]
    across, down = aspects.SHAPES[aspect]
    unit = 360 / min(across, down)
    return render.Job(
        module=entry.modules["animation"],
        recordings={name: recorded(name) for name in entry.row.uses},
        width=round(across * unit), height=round(down * unit), fps=5, aspect=aspect, **more,
    )  # fmt: skip


@pytest.mark.parametrize(("stem", "aspect"), sorted(LAID_OUT))
def test_a_film_that_says_so_is_laid_out(stem, aspect, recorded):
    job = _job(stem, aspect, recorded)
    assert layout.problems(job) == []
    assert aspects.problems(job) == []
    # What stands at the right in a wide frame stands below in this one.
    side = r"(?i)\b(to|on|at) the (left|right)\b|^(left|right):"
    assert not [said for _, said in render.plan(job).said if re.search(side, said, re.MULTILINE)]


def test_what_the_source_says_is_what_the_module_says():
    for stem, entry in VISUALS.items():
        if any(stem == each for each, _ in LAID_OUT):
            said = import_module(entry.modules["animation"]).ASPECTS
            assert [aspects.WIDE, *said] == exports.aspects(entry)
            assert said.get("1:1", [aspects.SQUARE]) == [aspects.SQUARE]
    assert LAID_OUT


def test_parts_keep_one_scale_and_stand_apart():
    here = aspects.Layout("9:16", ((-7.0, -4.0, 2.0, 2.0), (2.0, -3.0, 7.0, 2.0)))
    assert here.size == (8.0, pytest.approx(14.22, abs=0.01))
    assert here.scale == pytest.approx(7.4 / 9)
    frame = np.zeros((1280, 720), int)
    for rows, columns, to_rows, to_columns in here.cuts(720, 1280):
        tall, wide = rows.stop - rows.start, columns.stop - columns.start
        assert (to_rows.stop - to_rows.start, to_columns.stop - to_columns.start) == (tall, wide)
        assert frame[to_rows, to_columns].shape == (tall, wide)
        frame[to_rows, to_columns] += 1
    assert frame.max() == 1, "two parts lie on each other"
    wide, tall = here.drawn_pixels(720)
    assert all(rows.stop <= tall and columns.stop <= wide for rows, columns, *_ in
               here.cuts(720, 1280))  # fmt: skip


def test_a_frame_is_its_parts_on_the_ground(recorded):
    job = _job("descent_one_parameter", "9:16", recorded)
    last = render.plan(job).n_frames - 1
    frame = render.still(job, last)
    assert frame.shape == (640, 360, 3)
    drawn = []

    class Keep:
        wanted = range(last, last + 1)

        def take(self, frame, pixels, repeat):
            drawn.append(pixels[..., :3].copy())

    render.run(job, Keep(), whole=True)
    rest = np.ones(frame.shape[:2], bool)
    for rows, columns, to_rows, to_columns in job.layout.cuts(job.width, job.height):
        assert np.array_equal(frame[to_rows, to_columns], drawn[0][rows, columns])
        assert (frame[to_rows, to_columns] != render.ground(job)[:3]).any(), "an empty part"
        rest[to_rows, to_columns] = False
    assert (frame[rest] == render.ground(job)[:3]).all()


def test_what_is_cut_or_lost_is_found(recorded, monkeypatch):
    stem = "descent_one_parameter"
    job = _job(stem, "9:16", recorded)
    module = import_module(job.module)
    (left, *_), second = module.ASPECTS["9:16"]
    monkeypatch.setattr(module, "ASPECTS", {"9:16": [(left, -3.95, 1.0, 2.5), second]})
    found = aspects.problems(job)
    assert "something is cut at the edge of part 1" in found
    assert any("is in no part" in line for line in found)
    monkeypatch.setattr(module, "ASPECTS", {"9:16": [(-7, -4, 7, 2.5)]})
    assert any("type is 0.53 of its size" in line for line in aspects.problems(job))


def test_a_film_that_is_not_laid_out_says_for_what_it_is():
    module = SimpleNamespace(__name__="scenes.networks.neuron", ASPECTS={"1:1": []})
    with pytest.raises(UserError, match="neuron is laid out for 16:9, 1:1, not for 9:16"):
        aspects.layout(module, "9:16")
