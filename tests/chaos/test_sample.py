"""A short sample of each round of chaos, always the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.chaos.rounds import ROUNDS, Bench, Tally
from tests.pipeline._clone import Clone

SAMPLES = {"arguments": 3, "digits": 100, "settings": 200}  # once, of the others


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("chaos")
    clone = Clone(folder / "finished")
    assert clone.teachnet("all").returncode == 0
    made = Bench(clone.root, folder, seed=1, seconds=float("inf"))
    made.crowd = 2
    return made


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.__name__)
def test_nothing_is_lost(round_: Callable[[Bench, int], Tally], bench: Bench) -> None:
    bench.random.seed(1)
    tally = round_(bench, SAMPLES.get(round_.__name__, 1))
    assert tally.tried
    assert tally.notes == []
