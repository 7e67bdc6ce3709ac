"""Installed, outside the clone: a visual that is built in, and a project of `teachnet new`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulate.registry import PROJECT

PARTS = ("simulate", "look", "figures", "scenes", "pipeline")
FILES = ("cli.py", "pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md")


def _call(*command: str, cwd: Path, **extra: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TEACHNET")}
    done = subprocess.run(
        command, cwd=cwd, env=kept | extra, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed; what it needs is there already."""
    root = tmp_path_factory.mktemp("wheel")
    clone = root / "clone"  # setuptools leaves a build folder behind
    for name in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, clone / name, ignore=ignored)
    for name in FILES:
        shutil.copyfile(PROJECT / name, clone / name)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    quick = ("--no-deps", "--no-index")
    _call(*pip, "wheel", *quick, "--no-build-isolation", "-w", str(root), ".", cwd=clone)
    (wheel,) = root.glob("*.whl")
    _call(*pip, "install", *quick, "--target", str(root / "site"), str(wheel), cwd=root)
    shutil.rmtree(clone)
    return root / "site"


def test_every_source_file_is_in_it(site: Path) -> None:
    for name in PARTS:
        for path in (PROJECT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert (site / path.relative_to(PROJECT)).is_file(), path


def test_it_draws_what_is_built_in_and_what_is_in_a_project(site: Path, tmp_path: Path) -> None:
    before = {path for path in site.rglob("*") if path.is_file()}
    place = {"PYTHONPATH": str(site), "TEACHNET_CACHE": str(tmp_path / "cache")}
    teachnet = (sys.executable, str(site / "bin" / "teachnet"))
    home = _call(
        sys.executable, "-c", "import cli; print(cli.__file__)", cwd=tmp_path, **place
    )  # which is to be tested
    assert home.strip() == str(site / "cli.py")
    folder = tmp_path / "mine"
    _call(*teachnet, "new", "mine", cwd=tmp_path, **place)
    quick = ("-q", "draft", "--theme", "light", "--data", "embedded")
    _call(*teachnet, "render", "three_ways", "loss_functions", *quick, cwd=folder, **place)
    media = folder / "media"
    made = [
        "draft/figures/three_ways.light.svg",
        "draft/animations/three_ways.light.mp4",
        "draft/figures/loss_functions.light.svg",
        "recordings/three_ways.nc",
    ]
    for name in made:
        assert (media / name).stat().st_size > 1000, name
    assert "Signum" in _call(*teachnet, "list", "optimizers", cwd=folder, **place)
    assert _call(*teachnet, "why", "three_ways", *quick[:4], cwd=folder, **place) == (
        "three_ways: fresh\n"
    )

    elsewhere = tmp_path / "elsewhere"  # no project: output goes to the current folder
    elsewhere.mkdir()
    _call(*teachnet, "record", "loss_functions", cwd=elsewhere, **place)
    assert (elsewhere / "media/recordings/loss_functions.nc").is_file()
    assert {path for path in site.rglob("*") if path.is_file()} == before


def test_new_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    for folder in (tmp_path, tmp_path / "there"):
        done = subprocess.run(
            [sys.executable, "cli.py", "new", str(folder)],
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (
            2, f"teachnet: {folder} is there and not empty; name a new folder\n",
        )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
