"""Every scene on its tiny recording: in the frame, readable, moving, of the right length."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from scenes import render
from simulate import registry
from tests.scenes._films import SCENES, Recorded, film

EACH = pytest.mark.parametrize("stem", sorted(SCENES))


@EACH
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_words_are_in_the_frame_apart_and_readable(stem: str, theme: str, recorded: Recorded):
    assert film(stem, recorded).layout[theme] == []


@EACH
def test_pace(stem: str, recorded: Recorded):
    assert film(stem, recorded).pace == []


@EACH
def test_it_is_short_and_has_named_sections(stem: str, recorded: Recorded):
    plan = film(stem, recorded).plan
    assert plan.n_frames / plan.fps <= 20  # a tiny recording has few steps, so no lower bound
    names = [name for name, _ in plan.sections]
    assert len(names) >= 2
    assert len(set(names)) == len(names)
    assert plan.sections[0][1] == 0


@EACH
def test_the_first_frame_shows_something_and_frames_change(stem: str, recorded: Recorded):
    frames = film(stem, recorded).frames
    assert frames.first is not None
    drawn = np.any(frames.first != frames.first[0, 0], axis=-1)
    assert drawn.mean() > 0.02  # no empty first frame
    assert frames.digests[len(frames.digests) // 2] != frames.digests[-1]


@EACH
def test_a_range_of_frames_is_what_the_whole_scene_has(stem: str, recorded: Recorded):
    found = film(stem, recorded)
    n_frames = found.plan.n_frames
    assert len(found.frames.digests) == n_frames
    first, stop = n_frames // 3, n_frames // 3 + 12
    assert render.frame_hashes(found.job, first, stop) == found.frames.digests[first:stop]


@EACH
def test_it_is_described_for_those_who_cannot_see_it(stem: str):
    description = import_module(SCENES[stem].modules["animation"]).DESCRIPTION
    assert len(description.split()) > 40


def test_every_scene_of_the_tree_is_in_the_catalogue():
    root = Path(render.__file__).parent
    files = {p.stem for p in root.glob("*/[!_]*.py") if p.parent.name != registry.PARTS}
    assert files == set(SCENES)
