from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pipeline._clone import Clone

RACE = ["race.dark", "race.light"]
SEGMENTS = ["scenes.chapter.race.0-150", "scenes.chapter.race.150-300"]
RATES = ["rates.dark", "rates.light"]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A throw-away clone to call ``teachnet`` in."""
    return Clone(tmp_path / "clone")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a clone in which everything is fresh, to be copied."""
    clone = Clone(tmp_path_factory.mktemp("finished") / "clone")
    result = clone.teachnet("all")
    assert result.returncode == 0, result.stderr
    assert clone.done() == (["adam", "adam", "adam", "sgd"], RACE + RATES + SEGMENTS)
    return clone.root


@pytest.fixture
def built(finished: Path, tmp_path: Path) -> Clone:
    """A clone in which everything is fresh."""
    clone = Clone.__new__(Clone)
    clone.root = shutil.copytree(finished, tmp_path / "clone")
    clone.media = clone.root / "media"
    return clone
