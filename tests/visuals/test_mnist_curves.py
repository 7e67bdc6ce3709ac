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
    paths = {stem: tmp_path / f"{stem}.nc"}
    if stem == "mnist_batch":
        recording.save(record("mnist_mini_batch", epochs=run.attrs["epochs"]), tmp_path / "mini.nc")
        paths = {"mnist_mini_batch": tmp_path / "mini.nc", **paths}
    return render.figure(ROWS[stem].module, paths, "dark"), run


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
        for name in ("train", "test") if stem != "mnist_batch" else ():
            curve = line(fig, name, panel)
            np.testing.assert_array_equal(curve.get_xdata(), run.epoch)
            np.testing.assert_array_equal(curve.get_ydata(), run[f"{name}_{quantity}"])
            low, high = fig.axes[panel].get_ylim()
            assert low <= float(run[f"{name}_{quantity}"][-1]) <= high, "its end is in the picture"


def test_as_many_steps_are_marked_on_the_mini_batches(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_batch", record, tmp_path, epochs=12, lr=0.3)
    assert problems(fig) == []
    mini = recording.load(tmp_path / "mini.nc")
    rival = line(fig, "mini_batch")
    np.testing.assert_array_equal(rival.get_xdata(), mini.epoch)
    np.testing.assert_array_equal(rival.get_ydata(), mini.test_loss)
    np.testing.assert_array_equal(line(fig, "batch").get_xydata().T, [run.epoch, run.test_loss])
    an_epoch = -(-mini.attrs["n_train"] // mini.attrs["batch_size"])
    assert 12 % an_epoch == 0
    at = 12 // an_epoch
    assert (at, float(mini.test_loss[at])) in marks(fig)
    few, many = float(mini.test_loss[at]), float(run.test_loss[12])
    assert (12, many) in marks(fig)
    assert f"12 steps of mini-batches: {at} epochs" in texts(fig)
    assert "12 steps of whole batches: 12 epochs" in texts(fig)
    np.testing.assert_array_equal(line(fig, "_same").get_xydata(), [(12, many), (at, few)])


def test_the_lowest_test_loss_is_marked_in_both_charts(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_stochastic", record, tmp_path, epochs=25, lr=0.05)
    best = min(range(26), key=lambda k: float(run.test_loss[k]))
    for panel, curve in enumerate((run.test_loss, run.test_accuracy)):
        assert (best, float(curve[best])) in marks(fig, panel)
    assert f"lowest: {float(run.test_loss[best]):.3f}, after epoch\u00a0{best}" in texts(fig)
    right = f"{100 * float(run.test_accuracy[-1]):.1f}\u202f%"
    still = f"yet it is still the first choice: {right}"
    assert (still in texts(fig, 1)) == (run.attrs["ending"] == "many")
    learnt = max(k for k in range(26) if float(run.train_accuracy[k]) < 1) + 1
    assert run.attrs["learnt_epoch"] == (learnt if learnt <= 25 else -1)


def test_a_loss_that_was_lowest_early_has_its_level_drawn(record: Record, tmp_path: Path) -> None:
    run = record("mnist_stochastic", epochs=25, lr=0.05).copy(deep=True)
    best = int(run.test_loss.argmin())
    low, end = float(run.test_loss[best]), 3 * float(run.test_loss[best])
    assert best < 12
    run.test_loss.values[-1] = end
    run.attrs["ending"] = "many"
    fig = render.figure(ROWS["mnist_stochastic"].module, {"mnist_stochastic": run}, "dark")
    np.testing.assert_array_equal(line(fig, "_level").get_xydata(), [(best, low), (25, low)])
    (arrow,) = (each for each in fig.axes[0].texts if each.get_text() == "")
    assert (*arrow.xyann, *arrow.xy) == (25, low, 25, pytest.approx(end))
    right = f"{100 * float(run.test_accuracy[-1]):.1f}\u202f%"
    assert f"yet it is still the first choice: {right}" in texts(fig, 1)
    assert f"{100 * float(run.test_accuracy[best]):.1f}" in "".join(texts(fig, 1))


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
    steps = range((most - 1) * length, min(most * length + 4, 20 * length))
    bars = {each.get_label(): each.get_segments() for each in fig.axes[1].collections}
    last = most * length - 1
    parts = {
        "_last": [last],
        "_steps": [step for step in steps if step < last],
        "_later": [step for step in steps if step > last],
    }
    for label, which in parts.items():
        ends = [tuple(segment[1]) for segment in bars[label]]
        assert ends == [(step, float(run.grad_norm.sel(step=step))) for step in which]
    (part,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_part")
    assert part.get_x() == (most - 1)
    end = most * length - 1
    norms = run.grad_norm.values
    size = run.attrs["last_batch_size"]
    assert f"the last, on only {size}: {norms[end]:.2f}" in texts(fig, 1)
    if most < 20:
        steepest = norms[end + 1] == max(norms[step] for step in steps)
        ground = ", on the steepest ground" if steepest else ""
        assert f"the next{ground}: {norms[end + 1]:.2f}" in texts(fig, 1)
        assert f"epoch {most} ends" in texts(fig, 1)


def test_where_nothing_rises_the_last_epoch_is_enlarged(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_mini_batch", record, tmp_path, epochs=2, lr=0.02)
    assert run.attrs["n_test_rises"] == 0
    assert not any(text.startswith("epoch") for text in texts(fig))
    length = run.attrs["steps_per_epoch"]
    (part,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_part")
    assert (part.get_x(), part.get_width()) == (1, 1)
    bars = {each.get_label(): each.get_segments() for each in fig.axes[1].collections}
    assert sum(map(len, bars.values())) == length
