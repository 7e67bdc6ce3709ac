"""An edit to a part makes stale what uses that part, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.catalogue import visuals

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("simulate", "look", "figures", "scenes", "pipeline")

# Run in the copy: which pictures depend on each source, by the real catalogue and the real closure.
ASK = """
import json
import re
from pipeline import catalogue, kinds, receipts
from simulate.storage.store import Store
from pathlib import Path

store = Store(Path("media/recordings"))
renderer = {kind.name: kind.renderer for kind in kinds.KINDS}
print(json.dumps({
    f"{kind} {stem}": receipts.picture_inputs(
        [module, renderer[kind]], next(iter(entry.sources.values())), [], store, ""
    )
    for stem, entry in catalogue.visuals().items() for kind, module in entry.modules.items()
}))
"""


class Copy:
    """The tree, to edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for package in PACKAGES:
            shutil.copytree(
                PROJECT / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
            )
        self.before = self.inputs()

    def inputs(self) -> dict[str, dict[str, str]]:
        answer = subprocess.run(
            [sys.executable, "-c", ASK], cwd=self.root, capture_output=True, text=True, check=True
        )
        found: dict[str, dict[str, str]] = json.loads(answer.stdout)
        return found

    def stale(self, *names: str) -> dict[str, set[str]]:
        """Return by file which pictures an edit of its code makes stale: all edited at once."""
        for name in names:
            path = self.root / name
            path.write_text(path.read_text(encoding="utf-8") + "\nEDITED = 1\n", encoding="utf-8")
        after = self.inputs()
        return {
            name: {picture for picture, old in self.before.items()
                   if old.get(name) != after[picture].get(name)}
            for name in names
        }  # fmt: skip


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what an edit to each shared part makes stale."""
    copy = Copy(tmp_path_factory.mktemp("tree"))
    parts = [
        path.relative_to(PROJECT).as_posix()
        for folder in ("figures/parts", "scenes/parts", "look")
        for path in sorted((PROJECT / folder).glob("*.py"))
        if path.name != "__init__.py"
    ]
    return copy.stale(*parts)


def test_a_surface_is_the_films_that_have_one(stale: dict[str, set[str]]) -> None:
    three = {"descent_two_parameters", "loss_surface", "stationary_points"}
    films = {f"animation {stem}" for stem in three | {"optimizer_race_3d"}}
    films.add("animation optimizers_real_network")
    assert stale["scenes/parts/surfaces.py"] == stale["scenes/parts/raster_surface.py"] == films
    sketched = three | {"saddle_fraction"}  # which draws a saddle and a bowl, small
    still = {f"figure {stem}" for stem in sketched} | {"page loss_surface"}
    assert stale["figures/parts/space.py"] == still
    both = films | still | {"animation linear_neuron"}
    assert stale["look/camera.py"] == both


def test_figures_and_films_have_their_own_parts(stale: dict[str, set[str]]) -> None:
    for part, pictures in stale.items():
        kinds = {picture.split()[0] for picture in pictures}
        if part.startswith("figures/"):
            assert "animation" not in kinds, part
        if part.startswith("scenes/"):
            assert kinds <= {"animation"}, part
        assert pictures or part.startswith("look/"), f"nothing is drawn with {part}"


def _imported(path: Path) -> set[Path]:
    """Return what a file imports of these rooms, as its lines say: no parser of ours is asked."""
    found = set()
    text = re.sub(r"\(\s*([^)]*)\)", lambda m: m[1].replace("\n", " "), path.read_text("utf-8"))
    for room, names in re.findall(
        r"^\s*from ((?:figures|scenes|look)[.\w]*) import (.+)$", text, re.MULTILINE
    ):
        folder = PROJECT / room.replace(".", "/")
        found.add(folder.with_suffix(".py"))
        found |= {folder / f"{name.split(' as ')[0].strip()}.py" for name in names.split(",")}
    return {each for each in found if each.is_file()}


def _reached(path: Path) -> set[Path]:
    reached, todo = set(), [path]
    while todo:
        if (one := todo.pop()) not in reached:
            reached.add(one)
            todo += _imported(one)
    return reached


def test_an_edit_reaches_what_uses_the_part(stale: dict[str, set[str]]) -> None:
    """Just the pictures whose own file comes to the part, line by line; or all of a kind."""
    users: dict[str, set[str]] = {}
    for kind in ("figure", "table", "animation", "page"):
        for stem, entry in visuals().items():
            if kind in entry.modules:
                path = PROJECT / entry.modules[kind].replace(".", "/")
                for part in _reached(path.with_suffix(".py")):
                    name = part.relative_to(PROJECT).as_posix()
                    users.setdefault(name, set()).add(f"{kind} {stem}")
    some = {"figures/parts/contours.py", "figures/parts/fits.py", "figures/parts/networks.py",
            "scenes/parts/charts.py", "scenes/parts/fits.py", "scenes/parts/networks.py",
            "figures/parts/space.py", "scenes/parts/surfaces.py"}  # fmt: skip
    assert {part: stale[part] for part in some} == {part: users[part] for part in some}
    assert all(len(users[part]) < len(visuals()) for part in some)


def test_a_visual_that_makes_no_picture_is_an_error_that_says_so(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    figure = copy.root / "figures/networks/neuron_biological.py"
    figure.write_text(figure.read_text(encoding="utf-8").replace("def draw()", "def drawn()"))
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=copy.root, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    told = "neuron_biological.py has a VISUAL but no draw and no table and no page: "
    assert f"{told}it makes no picture" in answer.stderr.splitlines()[-1]
