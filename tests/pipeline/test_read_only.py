"""A clone that nobody may write to, and no home: everything works but for its own media folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CLONE = Path(__file__).parents[2]
PARTS = ("simulate", "look", "figures", "scenes", "pipeline", "cli.py", "pyproject.toml")


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the clone, mounted read-only: root may write whatever its mode is."""
    copy = tmp_path_factory.mktemp("read_only")
    for part in PARTS:
        if (CLONE / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CLONE / part, copy / part, ignore=ignored)
        else:
            shutil.copyfile(CLONE / part, copy / part)
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "--bind", "-o", "ro", str(copy), str(copy)], capture_output=True, check=False
    )
    if not done or done.returncode:
        pytest.skip("mounting read-only takes root's rights")
    yield copy
    subprocess.run(["umount", str(copy)], check=True)


def run(clone: Path, temporary: Path, *args: str) -> subprocess.CompletedProcess[str]:
    given = ("TEACHNET", "XDG", "NUMBA", "MPL")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(given)}
    # Not even root can make a folder there.
    environment = kept | {"HOME": "/proc/nobody", "TMPDIR": str(temporary)}
    return subprocess.run(
        [sys.executable, *args],
        cwd=clone, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_network_is_trained_and_drawn(read_only: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    result = run(
        read_only, tmp_path, "cli.py", "preview", "logistic_boundary", "--media", str(media)
    )
    assert result.returncode == 0, result.stderr
    assert (media / "recordings/logistic_boundary.nc").is_file()
    assert (read_only / result.stdout.split()[-1]).read_bytes().startswith(b"\x89PNG")


def test_the_library_has_a_place_for_what_is_compiled(read_only: Path, tmp_path: Path) -> None:
    """Also where numba was imported before, and has read its settings."""
    code = """
import numba, simulate
from simulate.training import fused
from simulate.measures import _compiled
from scenes.parts import raster, raster_surface
print(fused.__file__, numba.config.CACHE_DIR)
"""
    result = run(read_only, tmp_path, "-c", code)
    assert result.returncode == 0, result.stderr
    place = tmp_path / f"teachnet-{os.getuid()}"
    assert result.stdout.split() == [str(read_only / "simulate/training/fused.py"), str(place)]


def test_doctor_names_what_helps(read_only: Path, tmp_path: Path) -> None:
    result = run(read_only, tmp_path, "cli.py", "doctor")
    assert result.returncode == 1
    said = {line.split()[1]: line for line in result.stdout.splitlines()}
    assert [what for what, line in said.items() if line.startswith("lacks")] == ["media"]
    assert "give another with --media or TEACHNET_MEDIA" in said["media"]
    assert "set TEACHNET_CACHE" in said["compiled"]
    helped = run(read_only, tmp_path, "cli.py", "doctor", "--media", str(tmp_path / "media"))
    assert helped.returncode == 0
