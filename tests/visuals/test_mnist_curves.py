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
from matplotlib.patches import Rectangle

from figures import render
from figures.layout import problems
from simulate import recording, registry
from simulate.experiments.descent._mnist import level
from tests.conftest import Record
from tests.figures._drawn import ROWS, line
from tests.visuals._whole import behind, colored, labels


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


@pytest.mark.parametrize("settings", [{}, {"epochs": 25, "lr": 0.05}])
def test_curves_are_the_recorded_ones(
    settings: dict[str, Any], record: Record, tmp_path: Path
) -> None:
    fig, run = drawn("mnist_stochastic", record, tmp_path, **settings)
    assert problems(fig) == []
    shown = (0, "train", "train_loss"), (0, "test", "test_loss"), (1, "test", "test_accuracy")
    for panel, name, quantity in shown:
        curve = line(fig, name, panel)
        np.testing.assert_array_equal(curve.get_xdata(), run.epoch)
        np.testing.assert_array_equal(curve.get_ydata(), run[quantity])
        low, high = fig.axes[panel].get_ylim()
        assert low <= float(run[quantity][-1]) <= high, "its end is in the picture"
    end = 100 * float(run.test_accuracy[-1])
    assert behind(fig.axes[1], "test") == f"{end:.1f}\u202f%"


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
    best = 7  # whichever it is on this machine
    low = 0.9 * float(run.test_loss.min())
    run.test_loss.values[best] = low
    low = float(run.test_loss[best])
    run.attrs |= {"best_test_epoch": best, "best_test_loss": low,
                  "best_accuracy": float(run.test_accuracy[best])}  # fmt: skip
    end = 3 * low
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
    # An arrow only where the difference is more than chance: beyond the shaded band.
    n_test = run.attrs["n_test"]
    for end in (now, min(1.0, then + 0.5 * level(then, n_test)), 0.0):
        run.test_accuracy.values[-1] = end
        fig = render.figure(ROWS["mnist_stochastic"].module, {"mnist_stochastic": run}, "dark")
        (band,) = (each for each in fig.axes[1].collections if each.get_label() == "_near")
        across, up = band.get_paths()[0].vertices.T
        near = level(max(then, end), n_test)
        assert (across.min(), across.max()) == (best, 25)
        assert (up.min(), up.max()) == pytest.approx((then - near, then + near))
        rises = [each for each in fig.axes[1].texts if each.get_text() == ""]
        beyond = [(25, then, 25, end)] if abs(end - then) > near else []
        assert [(*each.xyann, *each.xy) for each in rises] in (beyond, [])
        assert bool(rises) == bool(beyond and end >= fig.axes[1].get_ylim()[0])
        told = {"Shaded": f"Shaded: too close to call on {n_test:,} digits",
                "after": f"{100 * then:.1f}\u202f%, after epoch\u00a0{best}"}  # fmt: skip
        side = 1 if end < then else -1  # the other one than that of the curve's end
        for word, place in (("Shaded", then + side * near), ("after", then)):
            (text,) = (each for each in fig.axes[1].texts if word in each.get_text())
            assert text.get_text() == told[word]
            assert text.xy == (25, pytest.approx(place))
            assert text.xyann[1] * side > 0
        low, high = fig.axes[1].get_ylim()
        assert low < then - near <= then + near < high, "all of the band"


def test_bars_count_which_step_of_an_epoch_was_the_longest(record: Record, tmp_path: Path) -> None:
    fig, run = drawn("mnist_mini_batch", record, tmp_path, epochs=20, lr=0.3)
    length, size = run.attrs["steps_per_epoch"], run.attrs["last_batch_size"]
    norms, test = run.grad_norm.values.tolist(), run.test_loss.values.tolist()
    longest = []
    for epoch in range(20):
        own = norms[epoch * length : (epoch + 1) * length]
        longest.append(own.index(max(own)))
    wanted = [longest.count(k) for k in range(length)]
    ended = [epoch for epoch in range(1, 21) if longest[epoch - 1] == length - 1]
    assert 0 < len(ended) < 20, "else there is nothing to be compared"

    counts = fig.axes[0]
    bars = [patch for patch in counts.patches if isinstance(patch, Rectangle)]
    assert [bar.get_height() for bar in bars] == wanted
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx(
        list(range(1, length + 1)))  # fmt: skip
    inks = [colored(bar.get_facecolor(), "yellow") for bar in bars]
    assert inks == [False] * (length - 1) + [True]
    np.testing.assert_allclose(line(fig, "_chance", 0).get_ydata(), 20 / length)
    after = sum(longest[k - 1] == length - 1 and longest[k] == 0 for k in range(1, 20))
    told = wanted[0] > 2 * 20 / length and 2 * after > wanted[0]
    assert labels(counts) == sorted([
        f"the last step: in {len(ended)} of 20", f"by chance: {20 / length:.0f}",
        "More often than any other it is the longest; bars: epochs, of 20"
        if wanted[-1] > max(wanted[:-1]) else "In so many of 20 epochs each step was the longest",
        *[f"{after} of these {wanted[0]} followed on a longest last step"] * told,
    ])  # fmt: skip
    (hero,) = (text for text in counts.texts if text.get_text().startswith("the last"))
    assert hero.xy[0] == pytest.approx(bars[-1].get_x() + bars[-1].get_width())
    assert hero.xy[1] == max(wanted), "over all bars"

    rose = {epoch for epoch in range(1, 21) if test[epoch] > test[epoch - 1]}
    assert run.attrs["n_test_rises"] == len(rose) > 1
    so, not_so = len(rose & set(ended)), len(rose - set(ended))
    assert so * (20 - len(ended)) != not_so * len(ended), "else swapped bars would not be seen"
    assert labels(fig.axes[1]) == sorted([
        "Then the test loss rises more often: it rose"
        if so / len(ended) > not_so / (20 - len(ended)) else "The test loss rose",
        f"{so / len(ended):.0%}".replace("%", " %"),
        f"{not_so / (20 - len(ended)):.0%}".replace("%", " %"),
        f"in {not_so} of the other {20 - len(ended)}",
        f"in {so} of the {len(ended)} epochs that ended in their longest step"])  # fmt: skip
    whole, first, also, second = (bar for bar in fig.axes[1].patches if bar.get_label() != "")
    assert [whole.get_width(), also.get_width()] == [1, 1]
    assert first.get_width() == pytest.approx(so / len(ended))
    assert second.get_width() == pytest.approx(not_so / (20 - len(ended)))
    assert colored(first.get_facecolor(), "yellow")
    assert colored(second.get_facecolor(), "muted")
    for bar, words in ((first, "in their longest"), (second, "of the other")):
        (text,) = (each for each in fig.axes[1].texts if words in each.get_text())
        assert 0 < bar.get_y() - text.xy[1] < 0.15, "over its bar"
        (beside,) = (each for each in fig.axes[1].texts if each.get_text().endswith("%")
                     and bar.get_y() < each.xy[1] < bar.get_y() + bar.get_height())  # fmt: skip
        assert beside.get_text() == f"{bar.get_width():.0%}".replace("%", "\u202f%")
    for name in ("train", "test"):
        curve = line(fig, name, 2)
        np.testing.assert_array_equal(curve.get_xydata().T, [run.epoch, run[f"{name}_loss"]])
    low, high = fig.axes[2].get_ylim()
    assert 0 < low < min(test) < max(test) < high
    assert "The loss of the whole run" in texts(fig, 2)
    head = " ".join(" ".join(text.get_text() for text in fig.texts).split())
    assert f"Of {length} steps all but the last" in head
    left = run.attrs["n_train"] - (length - 1) * run.attrs["batch_size"]
    assert size == left
    assert f"the last on the {left} that are left" in head


WHY = "8 average out less noise than 16, and noise adds length"


@pytest.mark.parametrize(
    ("longest", "told"),
    [  # the longest step of each of twelve epochs of thirteen steps; by chance each is so once
        ([13, 1, 13, 1, 13, 1, 2, 13, 3, 4, 5, 6], [WHY, "3 of these 3 followed on a"]),
        ([13, 1, 13, 7, 13, 1, 2, 1, 13, 4, 5, 1], [WHY]),  # 2 of 4 are no more than half
        ([13, 1, 13, 1, 1, 2, 3, 4, 5, 6, 7, 8], ["2 of these 3 followed on a"]),
        ([1, 13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], []),
        ([7, 7, 7, 7, 13, 13, 13, 1, 2, 3, 4, 5], []),  # another is it more often
    ],
)
def test_what_lies_over_chance_is_explained_and_nothing_else(
    longest: list[int], told: list[str], record: Record, tmp_path: Path
) -> None:
    run = record("mnist_mini_batch", epochs=12, batch_size=16).copy(deep=True)
    assert (run.attrs["steps_per_epoch"], run.attrs["last_batch_size"]) == (13, 8)
    norms = np.ones((12, 13))
    norms[np.arange(12), np.array(longest) - 1] = 2
    run.grad_norm.values[: norms.size] = norms.ravel()
    fig = render.figure(ROWS["mnist_mini_batch"].module, {"mnist_mini_batch": run}, "dark")
    notes = [text for text in labels(fig.axes[0]) if "noise" in text or "of these" in text]
    assert len(notes) == len(told)
    assert all(any(text.startswith(each) for text in notes) for each in told)
    assert problems(fig) == []


def test_where_no_epoch_ends_in_its_longest_step_that_is_said(
    record: Record, tmp_path: Path
) -> None:
    run = record("mnist_mini_batch", epochs=2, lr=0.02).copy(deep=True)
    length = run.attrs["steps_per_epoch"]
    run.grad_norm.values[length - 1 :: length] = 0
    fig = render.figure(ROWS["mnist_mini_batch"].module, {"mnist_mini_batch": run}, "dark")
    assert texts(fig, 1) == ["No epoch ended in its longest step"], "and there are no shares"
    assert "the last step: in 0 of 2" in texts(fig)
    assert problems(fig) == []
