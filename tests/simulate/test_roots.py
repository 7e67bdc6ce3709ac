"""A project folder's rows beside those of the clone: found, imported, and named by their files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulate import registry, roots, specs
from simulate.errors import UserError
from simulate.storage import code

OTTER = '''"""Otter: the sign of a moving average."""

import torch

from simulate.optimizers import _base as base

from ._helper import RATE


class Otter(torch.optim.SGD):
    """Not the real one."""


OPTIMIZER = base.Optimizer(
    build=Otter, defaults={"lr": 0.03}, rule="θ ← θ − η sign m", label="Otter", color="purple",
    source=f"a test at {RATE}",
)
'''


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _project(folder: Path) -> Path:
    _write(folder / roots.MARK, "")
    _write(folder / "optimizers/otter.py", OTTER)
    _write(folder / "optimizers/_helper.py", "RATE = 0.03\n")
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = _project(tmp_path / "mine")
    monkeypatch.setenv(roots.VARIABLE, str(folder))
    return folder


def test_a_row_of_the_project_is_one_of_the_registry(project: Path) -> None:
    row = registry.row("optimizers", "otter")
    assert row.module == "teachnet_project.optimizers.otter"
    assert row.label == "Otter"
    assert {"adam", "otter", "sgd"} <= set(registry.names("optimizers"))
    assert "teachnet_project.optimizers.otter" not in sys.modules  # listing imports nothing
    made = registry.load("optimizers", "otter")
    assert (made.build.__name__, made.source) == ("Otter", "a test at 0.03")


def test_the_current_folder_is_one_where_it_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(roots.VARIABLE, raising=False)
    folder = _project(tmp_path / "mine")
    monkeypatch.chdir(folder)
    assert roots.own() == folder
    (folder / roots.MARK).unlink()
    assert roots.own() is None
    assert "otter" not in registry.names("optimizers")
    monkeypatch.setenv(roots.VARIABLE, str(folder))
    with pytest.raises(UserError, match=r"mine is no project folder, for it has no teachnet.toml"):
        registry.names("optimizers")


def test_its_files_are_in_closures_and_their_names_forget_where_it_lies(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = code.closure("teachnet_project.optimizers.otter", without=code.PLUMBING)
    labels = [code.label(path) for path in files]
    own = ["teachnet_project/optimizers/_helper.py", "teachnet_project/optimizers/otter.py"]
    assert [label for label in labels if label.startswith("teachnet")] == own
    assert "simulate/optimizers/_base.py" in labels
    assert [code.module_path(code.module_name(label)) for label in labels] == files

    spec = specs.Descend(surface="beale", optimizer=specs.Optimizer(name="otter"), steps=3)
    address = specs.address(spec, data_digest=None)
    moved = project.rename(tmp_path / "elsewhere")
    monkeypatch.setenv(roots.VARIABLE, str(moved))
    assert specs.address(spec, data_digest=None) == address
    _write(moved / "optimizers/_helper.py", "RATE = 0.04\n")
    assert specs.address(spec, data_digest=None) != address


def test_a_clone_in_a_project_keeps_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(roots.VARIABLE, str(_project(tmp_path)))
    monkeypatch.setattr(registry, "PROJECT", tmp_path / ".venv")
    inside = tmp_path / ".venv" / "simulate" / "specs.py"
    assert code.label(inside) == "simulate/specs.py"
    assert code.label(tmp_path / "optimizers/otter.py") == "teachnet_project/optimizers/otter.py"


def test_a_name_that_exists_twice_names_both_files(project: Path) -> None:
    twin = _write(project / "optimizers/adam.py", OTTER)
    with pytest.raises(UserError) as caught:
        registry.names("optimizers")
    there = registry.PROJECT / "simulate/optimizers/adam.py"
    assert str(caught.value) == (
        f"two optimizers are called 'adam': {there} and {twin}; rename one of them"
    )


def test_a_broken_file_stops_its_row_alone(project: Path) -> None:
    broken = _write(project / "optimizers/tiger.py", "x = 1\nOPTIMIZER = (\n")
    assert registry.row("optimizers", "otter").label == "Otter"
    assert "tiger" in registry.names("optimizers")  # who races all of them must hear of it
    for ask in (registry.row, registry.load):
        with pytest.raises(UserError, match=rf"^{broken}:2: .*; correct the file$"):
            ask("optimizers", "tiger")
    with pytest.raises(UserError, match=r"tiger.py:2"):
        _ = registry.rows("optimizers")["tiger"].label


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("1 / 0\n", r"_helper.py:1: ZeroDivisionError: division by zero; correct the file"),
        ("import nowhere\n", r"_helper.py:1: ModuleNotFoundError: No module named 'nowhere'; "),
        ("RATE = (\n", r"_helper.py:1: '\(' was never closed; correct the file"),
    ],
)
def test_what_fails_at_import_is_named_with_its_line(project: Path, change: str, said: str) -> None:
    _write(project / "optimizers/_helper.py", change)
    _forget()
    with pytest.raises(UserError, match=said):
        registry.load("optimizers", "otter")


def test_another_project_has_other_modules(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget()
    assert registry.load("optimizers", "otter").label == "Otter"
    other = _project(tmp_path / "other")
    _write(other / "optimizers/otter.py", OTTER.replace('"Otter"', '"Sea otter"'))
    monkeypatch.setenv(roots.VARIABLE, str(other))
    assert registry.load("optimizers", "otter").label == "Sea otter"


def test_a_folder_of_the_packages_name_is_not_taken_for_the_project(
    project: Path, tmp_path: Path
) -> None:
    _write(tmp_path / roots.PACKAGE / "optimizers" / "otter.py", "1 / 0\n")
    script = "from simulate import registry\nprint(registry.load('optimizers', 'otter').label)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(registry.PROJECT)},
    )  # fmt: skip
    assert done.stdout == "Otter\n", done.stderr


def _forget() -> None:
    for name in [name for name in sys.modules if roots.is_own(name)]:
        del sys.modules[name]
