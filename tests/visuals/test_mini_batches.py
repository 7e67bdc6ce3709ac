"""A thousand examples in batches of 64: each used once, each loss at its own parameters."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from simulate import recording
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._whole import colored, labels, points


def test_a_thousand_examples_make_fifteen_batches_and_a_smaller_one(record: Record) -> None:
    found = record("mini_batches", n_train=1000)
    assert found.examples_in_batch.values.tolist() == [64] * 15 + [40]
    assert 15 * 64 + 40 == found.sizes["example"] == found.attrs["n_train"]
    assert (found.attrs["full_batches"], found.attrs["last_batch_size"]) == (15, 40)


def test_every_example_is_used_once(record: Record) -> None:
    found = record("mini_batches")
    assert np.sort(found.order).tolist() == list(range(200))
    assert (found.order.values != np.arange(200)).any(), "they are shuffled"
    used = [np.flatnonzero(found.step_of_example == k) for k in range(found.sizes["step"])]
    assert [len(batch) for batch in used] == found.examples_in_batch.values.tolist()
    start = 0
    for batch in used:
        assert sorted(found.order.values[start : start + len(batch)]) == batch.tolist()
        start += len(batch)


def test_batches_are_those_that_the_engine_used(record: Record) -> None:
    """The loss that training saw is the mean over the recorded batch at the recorded parameters."""
    found = record("mini_batches")
    for k, loss in enumerate(found.batch_loss.values):
        own = found.example_loss.values[found.step_of_example.values == k]
        assert own.mean() == pytest.approx(loss, abs=1e-5)
    assert found.whole_loss.values[-1] == pytest.approx(found.attrs["train_loss"], abs=1e-5)


def test_the_worst_step_is_the_one_that_raised_the_loss_most(record: Record) -> None:
    for settings in ({}, {"lr": 1e-6}):
        found = record("mini_batches", **settings)
        moves = [b - a for a, b in pairwise(found.whole_loss.values.tolist())]
        assert found.attrs["rises"] == sum(move > 0 for move in moves)
        k = found.attrs["worst_step"]
        assert moves[k - 1] == max(moves)
        assert found.attrs["worst_before"] == found.whole_loss.values[k - 1]
        assert found.attrs["worst_after"] == found.whole_loss.values[k]
        assert found.attrs["worst_all"] == found.all_loss.values[k - 1]
        assert found.attrs["batch_alone"] == (
            found.all_loss.values[k - 1] <= found.whole_loss.values[k - 1]
        )


def test_a_rate_that_is_too_high_for_all_is_no_batchs_fault(record: Record) -> None:
    found = record("mini_batches", lr=20.0)
    k = found.attrs["worst_step"] - 1
    assert found.all_loss[k] > found.whole_loss[k], "else it is"
    assert found.attrs["batch_alone"] == 0


def test_drawn_losses_are_the_recorded_ones(recorded: Recorded) -> None:
    fig, (epoch,) = drawn("mini_batches", recorded)
    n_steps = epoch.sizes["step"]
    assert len(fig.axes) == n_steps + 1
    np.testing.assert_array_equal(line(fig, "batch", n_steps).get_ydata(), epoch.batch_loss)
    np.testing.assert_array_equal(line(fig, "all", n_steps).get_ydata(), epoch.whole_loss)
    texts = [text.get_text() for text in fig.axes[-1].texts]
    assert f"loss on all: {epoch.whole_loss.values[0]:.2f}" in texts
    assert f"{epoch.whole_loss.values[-1]:.2f}" in texts
    framed = [k for k, ax in enumerate(fig.axes)
              if any(patch.get_label() == "_worst" for patch in ax.patches)]  # fmt: skip
    assert framed == ([epoch.attrs["worst_step"] - 1] if epoch.attrs["rises"] else [])


def test_each_column_has_the_digits_of_its_batch(recorded: Recorded) -> None:
    from figures.descent import mini_batches as figure

    fig, (epoch,) = drawn("mini_batches", recorded)
    for k, size in enumerate(epoch.examples_in_batch.values):
        (image,) = fig.axes[k].images
        rows = -(-int(size) // figure.ACROSS)
        assert image.get_array().shape[:2] == (28 * rows, 28 * figure.ACROSS)
        said = [text.get_text() for text in fig.axes[k].texts]
        first = epoch.examples_in_batch.values[0]
        assert said == ([str(size)] if k == 0 or size != first else [])
    images = epoch.image.values[epoch.order.values[:64]]
    grid = figure.mosaic(images)
    np.testing.assert_array_equal(grid[:28, 28:56], images[1])
    np.testing.assert_array_equal(grid[28:56, :28], images[figure.ACROSS])
    assert np.isnan(figure.mosaic(images[:3])[:, 84:]).all()


def test_all_of_the_losses_chart_is_the_recordings(recorded: Recorded) -> None:
    fig, (epoch,) = drawn("mini_batches", recorded)
    ax, whole = fig.axes[-1], epoch.whole_loss.values
    n_steps, up = len(whole) - 1, np.diff(whole)
    words, low = [f"loss on all: {whole[0]:.2f}", "all", f"{whole[-1]:.2f}"], min(whole)
    if up.max() > 0:
        worst = int(up.argmax())
        words.append(f"step {worst + 1}: {whole[worst]:.2f} → {whole[worst + 1]:.2f}")
        on_all = float(epoch.all_loss[worst])
        low = min(low, on_all)
        words.append(f"on all {epoch.sizes['example']}: {on_all:.2f}")
        (told,) = (text for text in ax.texts if "→" in text.get_text())
        assert told.xy == (worst, whole[worst])
        (other,) = (text for text in ax.texts if text.get_text().startswith("on all"))
        assert other.xy == (worst + 1, on_all)
        arrows = [text for text in ax.texts if not text.get_text()]
        for arrow, end, token in zip(
            arrows, (whole[worst + 1], on_all), ("vermillion", "text"), strict=True
        ):
            ends = [*arrow.xyann, *arrow.xy]
            assert ends == pytest.approx([worst, whole[worst], worst + 1, end])
            assert colored(arrow.arrow_patch.get_edgecolor(), token)
    levels = [float(each.get_ydata()[0]) for each in ax.get_lines() if each.get_label() == "_level"]
    assert len(set(levels)) == len(levels) == 2
    assert all(low <= level < whole[0] for level in levels)
    named = {float(text.get_text()): text.xy[1] for text in ax.texts
             if text.get_text() in {f"{level:g}" for level in levels}}  # fmt: skip
    assert named == pytest.approx({float(f"{level:g}"): level for level in levels})
    assert labels(ax) == sorted([*words, *(f"{level:g}" for level in levels)])
    np.testing.assert_allclose(points(ax)[-1], (n_steps, whole[-1]))
    all_, batch = line(fig, "all", n_steps), line(fig, "batch", n_steps)
    assert colored(all_.get_color(), "text")
    assert colored(batch.get_markerfacecolor(), "green")
    np.testing.assert_array_equal(all_.get_xdata(), range(n_steps + 1))
    np.testing.assert_array_equal(batch.get_xdata(), range(n_steps))


def test_digits_fly_from_their_class_to_their_batch(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import mini_batches as scene
    from simulate import recording

    epoch = recording.load(recorded("mini_batches"))
    with render.stage(render.Job(module="", recordings={})), telling("mini_batches", epoch):
        places = scene.Places(epoch)
        flown, clock = ValueTracker(0), ValueTracker(0)
        digits = scene.Digits(epoch, places, flown, clock)
        by_column = places.field[np.argsort(epoch.label.values, kind="stable")]
        assert (np.diff(by_column[:, 0]) >= 0).all(), "laid out by class"
        np.testing.assert_array_equal(digits.corners(), places.field)
        flown.set_value(1)
        np.testing.assert_array_equal(digits.corners(), places.batches)
        column = np.floor((places.batches[:, 0] + places.tile / 2 - scene.LEFT) / places.slot)
        np.testing.assert_array_equal(column, epoch.step_of_example)
        clock.set_value(1.5)
        np.testing.assert_array_equal(digits.faint(), epoch.step_of_example.values > 1)


def test_the_film_marks_the_steps_that_raise_the_loss(recorded: Recorded) -> None:
    """Each from before the step that raises the loss of all to after it, once it is taken."""
    from manim import ValueTracker

    from look import theme
    from scenes.descent import mini_batches as film
    from scenes.parts.charts import Chart

    epoch = recording.load(recorded("mini_batches"))
    whole = np.array([2.0, 1.5, 1.6, 1.2, 1.9, 1.0])  # by hand: steps 2 and 4 raise it
    batch, clock = np.full(5, 1.5), ValueTracker(0)
    chart = Chart((0, 0), 5, 2, (0, 5), (0, 2))

    class Strokes:
        """Notes what is stroked in which colour."""

        def __init__(self) -> None:
            self.ink, self.found, self.context = "", [], self

        def color(self, ink: str, *_: object) -> None:
            self.ink = ink

        def polyline(self, points: np.ndarray, *_: object) -> None:
            self.found.append((self.ink, np.array(points)))

        def __getattr__(self, name: str) -> object:
            return lambda *_, **__: None

    with telling("mini_batches", epoch):
        places = type("Places", (), {"bottoms": np.zeros(5)})
        dots = film.Dots(chart, batch, whole, places, clock)
        for at, there in ((0.9, []), (2.9, [2]), (5.0, [2, 4])):
            clock.set_value(at)
            pen = Strokes()
            dots.paint(pen)
            red = [points for ink, points in pen.found if ink == theme.color("vermillion")]
            wanted = [chart.point(np.array([k - 1, k]), whole[[k - 1, k]]) for k in there]
            assert len(red) == len(wanted)
            for got, each in zip(red, wanted, strict=True):
                np.testing.assert_allclose(got, each)


def test_the_film_ends_with_the_loss_on_all_alone(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import mini_batches as film
    from scenes.parts.numbers import Number

    epoch = recording.load(recorded("mini_batches"))
    with render.stage(render.Job(module="", recordings={})), telling("mini_batches", epoch):
        clock = ValueTracker(epoch.sizes["step"])
        losses = film.Losses(epoch, film.Places(epoch), clock)
        said = [each.text() for each in losses.parts if isinstance(each, Number) and each.text()]
        assert said == [f"{epoch.whole_loss.values[k]:.2f}" for k in (0, -1)]


def test_the_film_ends_with_a_step_on_all_from_the_same_place(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import mini_batches as film
    from scenes.parts.numbers import Number
    from tests.visuals._pen import Pen

    epoch = recording.load(recorded("mini_batches"))
    whole, n_steps = epoch.whole_loss.values, epoch.sizes["step"]
    worst = int(np.diff(whole).argmax())
    with render.stage(render.Job(module="", recordings={})), telling("mini_batches", epoch):
        losses = film.Losses(epoch, film.Places(epoch), ValueTracker(n_steps))
        (step,) = (part for part in losses.parts if isinstance(part, film.Step))
        (dots,) = (part for part in losses.parts if isinstance(part, film.Dots))
        np.testing.assert_allclose(step.start, dots.line[worst])
        scale = (dots.line[1] - dots.line[0])[1] / (whole[1] - whole[0])
        down = scale * (float(epoch.all_loss[worst]) - whole[worst])
        np.testing.assert_allclose(step.end - step.start, [dots.line[1, 0] - dots.line[0, 0], down])
        pen = Pen()
        step.paint(pen)
        assert pen.strokes == []
        losses.blame.set_value(0.5)
        step.paint(pen)
        np.testing.assert_allclose(pen.strokes[0], [step.start, (step.start + step.end) / 2])
        losses.blame.set_value(1)
        said = [each.text() for each in losses.parts if isinstance(each, Number) and each.text()]
        assert f"{float(epoch.all_loss[worst]):.2f}" in said
