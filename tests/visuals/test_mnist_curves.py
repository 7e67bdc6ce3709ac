"""The figures of the three descents on digits draw their recordings, and mark what is there."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures import render
from figures.layout import problems
from simulate import recording, registry
from tests.conftest import Record
from tests.figures._drawn import ROWS, line

STEMS = ("mnist_stochastic", "mnist_mini_batch")
LONGER = {
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


def _shown(fig: Figure) -> list[str]:
    return [" ".join(text.replace(",", "").split()) for text in texts(fig)]


def test_as_many_steps_are_marked_on_both_curves(record: Record) -> None:
    run = record("mnist_equal_steps", epochs=12, lr=0.3)
    paths = ROWS["mnist_batch"].module, {"mnist_equal_steps": run}, "dark"
    wide, slim = render.figure(*paths), render.narrow_form(*paths)
    assert slim is not None
    alone = {name: record(f"mnist_{name}", epochs=12, lr=0.3) for name in ("batch", "mini_batch")}
    at = 12 // 4  # four batches of 64, the last of 8, an epoch
    ends = {"batch": (12, alone["batch"]), "mini_batch": (at, alone["mini_batch"])}
    places = {name: (at, float(each.test_loss[at])) for name, (at, each) in ends.items()}
    few, many = places["mini_batch"][1], places["batch"][1]
    assert (run.attrs["rival_epochs"], run.attrs["rival_loss"]) == (at, few)
    alike = abs(few - many) < 0.1 * max(few, many)
    assert run.attrs["alike"] == ("same" if alike else "lower" if few < many else "higher")
    for fig in (wide, slim):
        assert problems(fig) == []
        for name, each in alone.items():
            np.testing.assert_array_equal(
                line(fig, name).get_xydata().T, [each.epoch, each.test_loss]
            )
        assert sorted(marks(fig)) == sorted(places.values())
        assert line(fig, "_same").get_xydata().tolist() == [
            list(places[name]) for name in ("batch", "mini_batch")]  # fmt: skip
        for name, (epoch, loss) in places.items():
            words = f"12 steps: {loss:.2f} after {epoch} epochs"
            assert words in _shown(fig)
            told = [text for text in fig.axes[0].texts
                    if " ".join(text.get_text().replace(",", "").split()) == words]  # fmt: skip
            assert [text.xy for text in told] == [(epoch, loss)], name
        of = {"whole batches of 200": run.test_loss[0], "mini-batches of 64": run.test_loss[1]}
        for words, losses in of.items():
            (text,) = (text for text in fig.axes[0].texts if text.get_text() == words)
            assert text.xy[1] == float(losses[int(text.xy[0])])


def test_steps_that_end_within_an_epoch_are_not_compared(record: Record) -> None:
    run = record("mnist_equal_steps", epochs=3)
    assert (run.attrs["rival_epochs"], run.attrs["alike"]) == (-1, "unknown")
    fig = render.figure(ROWS["mnist_batch"].module, {"mnist_equal_steps": run}, "dark")
    assert marks(fig) == [(3, float(run.test_loss[0, -1]))]
    assert all(each.get_label() != "_same" for each in fig.axes[0].get_lines())


def test_equal_steps_are_of_the_runs_of_the_other_two() -> None:
    def runs(name: str) -> dict[str, Any]:
        experiment = registry.load("experiments", name)
        return importlib.import_module(
            registry.rows("experiments")[name].module
        ).runs(experiment.settings)  # fmt: skip

    both = runs("mnist_equal_steps")
    assert [both["batch"], both["mini_batch"]] == [
        runs("mnist_batch")["training"], runs("mnist_mini_batch")["training"]]  # fmt: skip


def test_the_lowest_test_loss_is_marked_in_both_charts(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_stochastic", record, tmp_path, epochs=25, lr=0.05)
    best = min(range(26), key=lambda k: float(run.test_loss[k]))
    for panel, curve in enumerate((run.test_loss, run.test_accuracy)):
        assert (best, float(curve[best])) in marks(fig, panel)
    assert f"lowest: {float(run.test_loss[best]):.3f}, after epoch\u00a0{best}" in texts(fig)
    learnt = max(k for k in range(26) if float(run.train_accuracy[k]) < 1) + 1
    assert run.attrs["learnt_epoch"] == (learnt if learnt <= 25 else -1)


def test_a_loss_that_was_lowest_early_has_its_level_drawn(record: Record, tmp_path: Path) -> None:
    run = record("mnist_stochastic", epochs=25, lr=0.05).copy(deep=True)
    best = int(run.test_loss.argmin())
    low, end = float(run.test_loss[best]), 3 * float(run.test_loss[best])
    assert best < 12
    run.test_loss.values[-1] = end
    run.attrs["ending"] = "many"
    run.test_accuracy.values[-1] = 1.0
    fig = render.figure(ROWS["mnist_stochastic"].module, {"mnist_stochastic": run}, "dark")
    np.testing.assert_array_equal(line(fig, "_level").get_xydata(), [(best, low), (25, low)])
    (above,) = (each for each in fig.axes[0].collections if each.get_label() == "_above")
    outline = {tuple(place) for place in above.get_paths()[0].vertices.tolist()}
    curve = {(float(k), float(run.test_loss[k])) for k in range(best, 26)}
    assert outline == curve | {(float(k), low) for k in range(best, 26)}
    (arrow,) = (each for each in fig.axes[0].texts if each.get_text() == "")
    assert (*arrow.xyann, *arrow.xy) == (25, low, 25, pytest.approx(end))
    assert "200\u202f% higher" in texts(fig)
    then, now = (float(run.test_accuracy[k]) for k in (best, -1))
    np.testing.assert_array_equal(line(fig, "_level", 1).get_xydata(), [(best, then), (25, then)])
    rises = [each for each in fig.axes[1].texts if each.get_text() == ""]
    assert [(*each.xyann, *each.xy) for each in rises] == [(25, then, 25, now)]
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
    usual = float(np.median(norms[steps[0] : end]))
    wanted = {
        f"the last, on {size}: {norms[end] / usual:.1f} times the usual": (end, norms[end]),
        f"test loss now: {test[most]:.3f}": (end + 0.5, 0),
        f"epoch {most}": (steps[0] - 0.4, 0),
    }
    assert (end + 0.5, 0) in marks(fig, 1), "where the loss of the chart was measured"
    if most < 20:
        wanted[f"the next: {norms[end + 1] / usual:.1f} times"] = (steps[-1] + 0.6, norms[end + 1])
        wanted[f"epoch {most + 1}"] = (end + 0.5, 0)
    epochs = norms[: 20 * length].reshape(20, length)
    longest = sum(row[-1] == max(row) for row in epochs)
    (note,) = (text for text in texts(fig, 1) if text.startswith("Usual"))
    assert f"the median of epoch {most}. In {longest} of 20 epochs the last" in note
    assert note.endswith(f"(by chance: {20 / length:.0f}).")
    title = " ".join(" ".join(text.get_text() for text in fig.texts).split())
    assert f"the test loss jumps after a last batch of {size} digits" in title
    named = {text.get_text(): text.xy for text in fig.axes[1].texts}
    for words, place in wanted.items():
        assert named[words] == pytest.approx(place), words


def test_where_nothing_rises_the_last_epoch_is_enlarged(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_mini_batch", record, tmp_path, epochs=2, lr=0.02)
    assert run.attrs["n_test_rises"] == 0
    assert not any(text.startswith("epoch") for text in texts(fig))
    length = run.attrs["steps_per_epoch"]
    (part,) = (patch for patch in fig.axes[0].patches if patch.get_label() == "_part")
    assert (part.get_x(), part.get_width()) == (1, 1)
    bars = {each.get_label(): each.get_segments() for each in fig.axes[1].collections}
    assert sum(map(len, bars.values())) == length
