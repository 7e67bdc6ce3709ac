"""A short sample of each round of chaos, always the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.rounds import ROUNDS, Bench, Tally
from tests.pipeline._clone import Clone

SAMPLES = {"arguments": 3, "digits": 100, "settings": 200}  # once, of the others


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clone = Clone(tmp_path_factory.mktemp("chaos") / "finished")
    assert clone.teachnet("all").returncode == 0
    return clone.root


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.__name__)
def test_nothing_is_lost(
    round_: Callable[[Bench, int], Tally], finished: Path, tmp_path: Path
) -> None:
    bench = Bench(finished, tmp_path, seed=1, seconds=float("inf"))
    tally = round_(bench, SAMPLES.get(round_.__name__, 1))
    assert tally.tried
    assert tally.notes == []
