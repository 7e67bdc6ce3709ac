"""The figures of the three descents on digits draw their recordings, and mark what is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures import render
from figures.layout import problems
from simulate import recording
from tests.conftest import Record
from tests.figures._drawn import ROWS, line

STEMS = ("mnist_batch", "mnist_stochastic", "mnist_mini_batch")
LONGER = {
    "mnist_batch": {"epochs": 12, "lr": 0.3},
    "mnist_stochastic": {"epochs": 25, "lr": 0.05},
    "mnist_mini_batch": {"epochs": 20, "lr": 0.3},
}


def drawn(
    stem: str, record: Record, tmp_path: Path, **settings: object
) -> tuple[Figure, xr.Dataset]:
    run = record(stem, **settings)
    recording.save(run, tmp_path / f"{stem}.nc")
    return render.figure(ROWS[stem].module, {stem: tmp_path / f"{stem}.nc"}, "dark"), run


def texts(fig: Figure, panel: int = 0) -> list[str]:
    return [text.get_text() for text in fig.axes[panel].texts]


def marks(fig: Figure, panel: int = 0) -> list[tuple[float, float]]:
    """Return where single points are marked."""
    found = [each for each in fig.axes[panel].get_children() if isinstance(each, Line2D)]
    return [tuple(each.get_xydata()[0]) for each in found if each.get_marker() == "o"]


@pytest.mark.parametrize("settings", ["tiny", "longer"])
@pytest.mark.parametrize("stem", STEMS)
def test_curves_are_the_recorded_ones(
    stem: str, settings: str, record: Record, tmp_path: Path
) -> None:
    changed = LONGER[stem] if settings == "longer" else {}
    fig, run = drawn(stem, record, tmp_path, **changed)
    assert problems(fig) == []
    panels = ["loss", "accuracy"] if stem == "mnist_stochastic" else ["loss"]
    for panel, quantity in enumerate(panels):
        for name in ("train", "test"):
            curve = line(fig, name, panel)
            np.testing.assert_array_equal(curve.get_xdata(), run.epoch)
            np.testing.assert_array_equal(curve.get_ydata(), run[f"{name}_{quantity}"])
            low, high = fig.axes[panel].get_ylim()
            assert low <= float(run[f"{name}_{quantity}"][-1]) <= high, "its end is in the picture"


def test_the_band_ends_where_the_loss_has_lost_a_tenth(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_batch", record, tmp_path, epochs=12, lr=0.3)
    losses = run.train_loss.values.tolist()
    slow = 0
    while slow + 1 < len(losses) and losses[slow + 1] >= 0.9 * losses[0]:
        slow += 1
    assert 0 < slow < 12
    (band,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_slow")
    assert (band.get_x(), band.get_width()) == (0, slow)
    assert (slow, losses[slow]) in marks(fig)
    assert f"{slow} steps: {losses[0]:.2f} → {losses[slow]:.2f}" in texts(fig)
    right = f"{100 * run.attrs['test_accuracy_all']:.0f}"
    assert any(text.startswith(right) and text.endswith("test digits right") for text in texts(fig))


def test_the_lowest_test_loss_is_marked_in_both_charts(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_stochastic", record, tmp_path, epochs=25, lr=0.05)
    best = min(range(26), key=lambda k: float(run.test_loss[k]))
    for panel, curve in enumerate((run.test_loss, run.test_accuracy)):
        assert (best, float(curve[best])) in marks(fig, panel)
    assert f"lowest: {float(run.test_loss[best]):.3f}" in texts(fig)
    assert f"{100 * float(run.test_accuracy[best]):.1f}" in "".join(texts(fig, 1))
    learnt = max(k for k in range(26) if float(run.train_accuracy[k]) < 1) + 1
    assert run.attrs["learnt_epoch"] == (learnt if learnt <= 25 else -1)
    peak = max(range(best, 26), key=lambda k: float(run.test_loss[k]))
    said = f"epoch {peak}: {float(run.test_loss[peak]):.3f}" in texts(fig)
    assert said == (bool(run.attrs["overfits"]) and peak < 25)


def test_the_largest_rise_is_marked_and_shown_step_by_step(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_mini_batch", record, tmp_path, epochs=20, lr=0.3)
    test = run.test_loss.values.tolist()
    rises = [k for k in range(1, 21) if test[k] > test[k - 1]]
    assert run.attrs["n_test_rises"] == len(rises) > 1
    most = max(rises, key=lambda k: test[k] - test[k - 1])
    assert run.attrs["rise_epoch"] == most
    shown = test[most] <= fig.axes[0].get_ylim()[1]
    said = f"epoch {most}: {test[most - 1]:.3f} → {test[most]:.3f}" in texts(fig)
    assert said == shown == ((most, test[most]) in marks(fig))

    length = run.attrs["steps_per_epoch"]
    steps = range((most - 1) * length, min(most * length + (length + 1) // 2, 20 * length))
    bars = {each.get_label(): each.get_segments() for each in fig.axes[1].collections}
    last = [step for step in steps if step % length == length - 1]
    for label, which in (("_last", last), ("_steps", sorted(set(steps) - set(last)))):
        ends = [tuple(segment[1]) for segment in bars[label]]
        assert ends == [(step, float(run.grad_norm.sel(step=step))) for step in which]
    (part,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_part")
    assert part.get_x() == (most - 1)
    end = most * length - 1
    cause = f"last {run.attrs['last_batch_size']} of epoch {most}: {run.grad_norm.values[end]:.2f}"
    assert cause in texts(fig, 1)
    if most < 20:
        assert f"then {run.grad_norm.values[end + 1]:.2f}" in texts(fig, 1)


def test_where_nothing_rises_the_last_epoch_is_enlarged(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_mini_batch", record, tmp_path, epochs=2, lr=0.02)
    assert run.attrs["n_test_rises"] == 0
    assert not any(text.startswith("epoch") for text in texts(fig))
    length = run.attrs["steps_per_epoch"]
    (part,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_part")
    assert (part.get_x(), part.get_width()) == (1, 1)
    bars = {each.get_label(): each.get_segments() for each in fig.axes[1].collections}
    assert sum(map(len, bars.values())) == length
