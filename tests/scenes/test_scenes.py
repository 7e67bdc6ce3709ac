"""Every scene on its tiny recording: in the frame, readable, moving, of the right length."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from pipeline import catalogue
from scenes import layout, render
from simulate import registry

SCENES = {stem: v for stem, v in catalogue.visuals().items() if "A" in v.kinds}


@pytest.fixture(scope="module", params=sorted(SCENES))
def scene(request, recorded):
    """Return a scene's module and its tiny recordings."""
    visual = SCENES[request.param]
    return visual.modules["animation"], {name: str(recorded(name)) for name in visual.row.uses}


def job(scene, **settings) -> render.Job:
    module, recordings = scene
    small = {"width": 640, "height": 360, "fps": 10}
    return render.Job(module=module, recordings=recordings, **(small | settings))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_words_are_in_the_frame_apart_and_readable(scene, theme):
    assert layout.problems(job(scene, theme=theme)) == []


def test_it_is_short_and_has_named_sections(scene):
    plan = render.plan(job(scene))
    assert plan.n_frames / plan.fps <= 20  # a tiny recording has few steps, so no lower bound
    names = [name for name, _ in plan.sections]
    assert len(names) >= 2
    assert len(set(names)) == len(names)
    assert plan.sections[0][1] == 0


def test_the_first_frame_shows_something_and_frames_change(scene):
    this = job(scene)
    n_frames = render.plan(this).n_frames
    frames = render.stills(this, [0, n_frames // 2, n_frames - 1])
    background = frames[0][0, 0]
    drawn = np.any(frames[0] != background, axis=-1)
    assert drawn.mean() > 0.02  # no empty first frame
    assert not np.array_equal(frames[n_frames // 2], frames[n_frames - 1])


def test_a_range_of_frames_is_what_the_whole_scene_has(scene):
    this = job(scene, width=320, height=180)
    n_frames = render.plan(this).n_frames
    whole = render.frame_hashes(this, 0, n_frames)
    first, stop = n_frames // 3, n_frames // 3 + 12
    assert render.frame_hashes(this, first, stop) == whole[first:stop]


def test_it_is_described_for_those_who_cannot_see_it(scene):
    description = import_module(scene[0]).DESCRIPTION
    assert len(description.split()) > 40


def test_every_scene_of_the_tree_is_in_the_catalogue():
    root = Path(render.__file__).parent
    files = {p.stem for p in root.glob("*/[!_]*.py") if p.parent.name != registry.PARTS}
    assert files == set(SCENES)
