"""A project folder: its rows in the commands, its media beside them, its files in what is stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipeline._clone import Clone
from tests.simulate._project import OPTIMIZER

FIGURE = '''
"""Where Lion goes."""

from look.words import Visual

from ..ink import shade

VISUAL = Visual(uses=["hunt"], title="{steps} steps of Lion", alt="Numbers.", caption="")

def draw(hunt):
    return shade(float(hunt.theta[0, -1]))
'''
EXPERIMENT = '''
"""Lion alone."""

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.chapter import _shared

class Settings(base.Settings, frozen=True, kw_only=True):
    steps: specs.Count = 2

EXPERIMENT = base.Experiment(settings=Settings(), tiny=Settings(steps=1), label="Hunt")

def runs(settings):
    optimizer = specs.Optimizer(name="lion")
    return {"lion": specs.Descend(surface="bowl", optimizer=optimizer, steps=settings.steps)}

def record(runs, settings):
    return _shared.together(runs).assign_attrs(steps=settings.steps)
'''


class Den:
    """A project folder with a row of each kind, and the clone that reads it."""

    def __init__(self, clone: Clone, folder: Path) -> None:
        self.clone = clone
        self.folder = folder
        self.write("teachnet.toml", "")
        self.write("ink.py", "def shade(number):\n    return f'{number} in ink'\n")
        self.write("optimizers/lion.py", OPTIMIZER.format(label="Lion", lr=0.5, color="purple"))
        self.write("experiments/hunt.py", EXPERIMENT)
        self.write("figures/hunt.py", FIGURE)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def teachnet(self, *args: str) -> tuple[int, str, str]:
        done = self.clone.teachnet(*args, "--project", str(self.folder))
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def den(clone: Clone, tmp_path: Path) -> Den:
    return Den(clone, tmp_path / "den")


def test_its_rows_are_listed_and_its_pictures_lie_beside_them(den: Den) -> None:
    _, listed, _ = den.teachnet("list", "optimizers")
    assert [line.split()[0] for line in listed.splitlines()] == ["adam", "lion", "sgd"]
    status, _, said = den.teachnet("render", "hunt")
    assert status == 0, said
    media = den.folder / "media"
    picture = media / "figures/hunt.dark.svg"
    assert picture.read_text() == "0.125 in ink dark svg 1440"
    assert (media / "recordings/hunt.nc").is_file()
    assert not den.clone.media.exists()
    (row,) = json.loads(den.teachnet("list", "hunt", "--json")[1])
    assert (row["chapter"], row["title"], row["stale"]) == ("den", "2 steps of Lion", False)
    assert row["source"] == ["teachnet_project/figures/hunt.py"]
    assert den.clone.teachnet("list", "optimizers", "lion").returncode == 2  # without --project


def test_an_edit_makes_stale_what_depends_on_it(den: Den) -> None:
    assert den.teachnet("render", "hunt")[0] == 0
    assert den.teachnet("why", "hunt")[1] == "hunt: fresh\n"
    den.write("ink.py", "def shade(number):\n    return f'{number} in red ink'\n")
    _, said, _ = den.teachnet("why", "hunt")
    assert said.splitlines() == [
        "hunt recording: fresh",
        "hunt figure dark: teachnet_project/ink.py changed",
        "hunt figure light: teachnet_project/ink.py changed",
    ]
    den.write("optimizers/lion.py", OPTIMIZER.format(label="Lion", lr=0.25, color="purple"))
    _, said, _ = den.teachnet("why", "hunt")
    assert said.startswith("hunt recording: teachnet_project/optimizers/lion.py changed\n")
    assert den.teachnet("render", "hunt")[0] == 0
    picture = den.folder / "media/figures/hunt.dark.svg"
    assert picture.read_text() == "0.0625 in red ink dark svg 1440"


def test_an_optimizer_of_ones_own_is_in_the_race_of_the_clone(den: Den) -> None:
    assert den.teachnet("render", "race", "--theme", "dark")[0] == 0
    drawn = (den.folder / "media/figures/race.dark.svg").read_text()
    assert drawn == "ADAM blue Lion purple SGD blue dark svg 1440"


def test_a_broken_file_stops_its_visual_alone(den: Den) -> None:
    syntax = den.write("figures/cave.py", "VISUAL = (\n")
    den.write("figures/cliff.py", FIGURE.replace("alt=", "alta="))
    status, listed, _ = den.teachnet("list")
    assert status == 0
    assert "cave   F    missing" in listed
    (broken,) = json.loads(den.teachnet("list", "cave", "--json")[1])
    assert f"{syntax}:1: '(' was never closed; correct the file" in broken["title"]
    status, _, said = den.teachnet("render", "cave", "cliff", "hunt")
    assert status == 1
    assert (den.folder / "media/figures/hunt.dark.svg").is_file()
    assert f"{syntax}:1: '(' was never closed" in said
    assert "cliff.py: VISUAL: Object contains unknown field `alta`" in said
    assert "Traceback" not in said


def test_one_stem_in_the_clone_and_the_project_is_one_line(den: Den) -> None:
    twin = den.write("figures/race.py", FIGURE)
    status, _, said = den.teachnet("list")
    there = den.clone.root / "figures/chapter/race.py"
    assert status == 2
    assert said == (
        f"teachnet: two visuals are called 'race': {there} and {twin}; rename one of them\n"
    )


def test_a_folder_without_the_mark_is_none(den: Den) -> None:
    (den.folder / "teachnet.toml").unlink()
    status, _, said = den.teachnet("list")
    assert status == 2
    assert said == (
        f"teachnet: {den.folder} is no project folder, for it has no teachnet.toml; "
        f"make one with `teachnet new {den.folder}`\n"
    )


def test_clean_elsewhere_keeps_what_a_project_made(den: Den) -> None:
    shared = den.folder / "media"
    assert den.teachnet("render", "hunt")[0] == 0
    result = den.clone.teachnet("clean", "--yes", "--media", str(shared))
    assert "kept recordings/hunt.nc (no such experiment): it is of a project" in result.stderr
    assert "hunt" not in result.stdout
    assert "a run that" not in result.stdout
    assert den.teachnet("render", "hunt")[1] == ""  # all is there still
    (den.folder / "figures/hunt.py").unlink()
    assert "figures/hunt.dark.svg  no such visual" in den.teachnet("clean", "--yes")[1]
