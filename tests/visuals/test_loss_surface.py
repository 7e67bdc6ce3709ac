"""The film of the loss surface gives each step its time, and tells how fast it went down."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.losses.loss_surface import pieces
from tests.conftest import Record


def test_most_of_the_way_down_is_done_by_the_step_it_says(record: Record) -> None:
    found = record("loss_surface")
    loss, steps = found.path_loss.values, found.snapshot.values
    down = (loss[0] - loss) / (loss[0] - loss[-1])
    at = int(np.flatnonzero(steps == found.attrs["most_step"])[0])
    assert down[at] >= found.attrs["most"]
    assert (down[:at] < found.attrs["most"]).all()


def test_the_recording_says_how_its_planes_were_computed(record: Record) -> None:
    found = record("loss_surface")
    assert found.attrs["plane_backend"] == "compiled"
    assert found.attrs["plane_backend_reason"] == "a sequence of plain layers"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([0, 3, 6, 9], [(0, 3)]),
        ([0, 3, 6, 7], [(0, 2), (2, 3)]),  # the last snapshot comes early
    ],
)
def test_snapshots_in_pieces_of_one_speed(steps: list, expected: list) -> None:
    found = pieces(np.array(steps), 0, len(steps) - 1)
    assert found == expected
    for low, high in found:
        assert len(set(np.diff(steps[low : high + 1]))) == 1
