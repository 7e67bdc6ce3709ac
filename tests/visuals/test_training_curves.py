"""Any run of `simulate.train` has its curves: the losses that were recorded, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text
from torch import nn

import figures
import simulate
from figures.layout import problems
from look.numbers import counter, number
from tests.figures._drawn import line, telling
from tests.visuals._pen import Pen


def trained(*, test: bool, epochs: int | None = None, steps: int | None = None) -> xr.Dataset:
    torch.manual_seed(0)
    x = torch.randn(60, 3)
    y = (x[:, 0] * x[:, 1] > 0).long()
    net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 2))
    held = (x[40:], y[40:]) if test else None
    return simulate.train(
        net, (x[:40], y[:40]), test=held, batch_size=10, epochs=epochs, steps=steps, lr=0.1,
        optimizer="adam",
    )  # fmt: skip


@pytest.fixture(scope="module")
def long() -> xr.Dataset:
    return trained(test=True, epochs=30)


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


def test_the_curves_are_the_recorded_losses(long: xr.Dataset) -> None:
    fig = figures.draw("training_curves", long)
    said = texts(fig)
    for name in ("train", "test"):
        loss, right = long[f"{name}_loss"].values, float(long[f"{name}_accuracy"][-1])
        top = fig.axes[0].get_ylim()[1]
        end = number(float(loss[-1])) if loss[-1] > 1e-3 * top else "≈ 0"
        label = f"{name}: {end}\n{right:.1%} right".replace("%", "\u202f%")
        drawn = line(fig, label)
        np.testing.assert_array_equal(drawn.get_xdata(), np.arange(31))
        np.testing.assert_array_equal(drawn.get_ydata(), loss)
        assert label in said
    lowest = float(np.sort(long.test_loss.values)[0])
    assert lowest < float(long.test_loss[-1])  # else there is nothing to be marked
    place = long.test_loss.values.tolist().index(lowest)
    early = place < 15
    assert f"lowest: {number(lowest)}" + f", after {place} epochs" * early in said
    levels = [each for each in fig.axes[0].get_lines() if each.get_label() == "_level"]
    assert [each.get_xydata().tolist() for each in levels] == [
        [[place, lowest], [30, lowest]]] * early  # fmt: skip
    (mark,) = [
        each for each in fig.axes[0].get_lines()
        if each.get_marker() == "o" and float(each.get_ydata()[0]) == lowest
    ]  # fmt: skip
    assert long.test_loss.values[int(mark.get_xdata()[0])] == lowest
    assert problems(fig) == []


def test_a_peak_after_the_lowest_loss_is_named(long: xr.Dataset) -> None:
    run = long.copy(deep=True)
    run.test_loss.values[:] = np.linspace(0.5, 0.6, 31)
    run.test_loss.values[2] = 0.4
    fig = figures.draw("training_curves", run)
    assert not any(text.startswith("back up") for text in texts(fig))
    run.test_loss.values[9] = 0.85
    fig = figures.draw("training_curves", run)
    (told,) = (each for each in fig.axes[0].texts if each.get_text().startswith("back up"))
    assert told.get_text() == "back up in epoch 9: 0.85"
    assert told.xy == (9, 0.85)
    assert problems(fig) == []


def batches_end(fig: Figure) -> str:
    """Return the label of the training curve, which says where it ends."""
    (label,) = (text for text in texts(fig) if text.startswith("train"))
    return label


def test_a_start_far_above_the_rest_is_told() -> None:
    run = trained(test=False, epochs=10)
    far = run.copy(deep=True)
    far.train_loss.values[0] = 50.0
    assert not any(text.startswith("from ") for text in texts(figures.draw("training_curves", run)))
    fig = figures.draw("training_curves", far)
    assert "from 50 at the start" in texts(fig)
    assert fig.axes[0].get_ylim()[1] < 5


def test_without_test_examples_there_is_no_such_curve() -> None:
    fig = figures.draw("training_curves", trained(test=False, epochs=3))
    assert not any(text.startswith(("test", "lowest")) for text in texts(fig))
    batches = line(fig, "each batch")
    np.testing.assert_array_equal(batches.get_xdata(), np.arange(13) / 4)  # 40 / 10 an epoch
    np.testing.assert_array_equal(line(fig, batches_end(fig)).get_xdata(), np.arange(4))
    assert problems(fig) == []


def test_less_than_an_epoch_shows_every_batch() -> None:
    run = trained(test=True, steps=3)
    fig = figures.draw("training_curves", run)
    np.testing.assert_array_equal(line(fig, "each batch").get_ydata(), run.loss)
    assert not any(text.startswith(("test", "train")) for text in texts(fig))


def test_a_run_that_diverged_is_drawn_as_far_as_it_is_finite() -> None:
    x = torch.randn(20, 3)
    run = simulate.train(
        nn.Linear(3, 1), (x, x[:, :1]), loss="mse", lr=30.0, steps=400, allow_divergence=True,
        batch_size=4, optimizer="sgd",
    )  # fmt: skip
    assert not np.isfinite(run.train_loss.values[-1])
    assert figures.draw("training_curves", run) is not None


def test_the_films_names_ride_at_the_heads_and_end_with_the_last_loss(long: xr.Dataset) -> None:
    from manim import ValueTracker

    from look.curves import curves, span
    from scenes.descent import training_curves as film
    from scenes.parts.charts import Chart

    clock, shown = ValueTracker(2.5), curves(long)
    with telling("training_curves", long):
        chart = Chart((0, 0), 4, 2, (0, 30), span(shown))
        names = film.Names(chart, shown, clock)
        found = [each.text() for each in names.words]
        assert found == ["train", "test"]
        for (x, y), name in zip(names.heads(), found, strict=True):
            loss = long[f"{name}_loss"].values
            np.testing.assert_allclose((x, y), chart.point(2.5, (loss[2] + loss[3]) / 2))
        clock.set_value(30)
        said = [each.text for each in film.ends(names, shown)]
        assert said == [f"{name}: {counter(long[f'{name}_loss'][-1])}" for name in found]
        tops = film.heights([0.1, 0.0, 1.5])
        assert tops.tolist() == [film.APART, 0.0, 1.5]
        # No lower than the axis, no higher than the chart, where all are at one place.
        low, high = film.heights([-9.0, -9.0, -9.0]), film.heights([9.0, 9.0, 9.0])
        np.testing.assert_allclose(np.diff(np.sort(low)), film.APART)
        np.testing.assert_allclose(np.diff(np.sort(high)), film.APART)
        assert low.min() > film.BOTTOM
        assert high.max() < film.BOTTOM + film.TALL


def test_the_film_says_from_when_on_all_training_examples_are_right(long: xr.Dataset) -> None:
    from manim import ValueTracker

    from look.curves import learnt
    from scenes.descent import training_curves as film
    from scenes.parts.charts import Chart

    run = long.copy(deep=True)
    center = (film.LEFT_EDGE + film.WIDE / 2, film.BOTTOM + film.TALL / 2)
    chart, clock = Chart(center, film.WIDE, film.TALL, (0, 30), (0, 1)), ValueTracker(7.9)
    lowest = type("Lowest", (), {"losses": np.array([0.9, 0.6, 0.7])})
    for missed, since in (([0, 3, 7], 8), ([30], 0), ([], 0), ([0, 20], 21)):
        run.train_accuracy.values[:] = 1.0
        run.train_accuracy.values[missed] = 0.99
        assert learnt(run) == since
        with telling("training_curves", run):
            found = film.all_right(chart, since, lowest, clock)
            assert len(found) == (0 < since < 15), "late, there is no room"
            if found:
                (words,) = found
                clock.set_value(7.9)
                assert words.text() == ""
                clock.set_value(8)
                assert words.text() == "all 40 train examples right from here"
                assert words.get_left()[0] == pytest.approx(chart.point(8, 0)[0], abs=0.05)
            lowest.losses[1] = 0.1
            assert not film.all_right(chart, since, lowest, clock), "there it would meet the level"
            lowest.losses[1] = 0.6
    assert learnt(run.drop_vars("train_accuracy")) == 0


def test_the_film_names_a_loss_that_stands_out(long: xr.Dataset) -> None:
    from manim import ValueTracker

    from scenes.descent import training_curves as film
    from scenes.parts.charts import Chart

    losses = np.array([2.0, 0.4, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    center = (film.LEFT_EDGE + film.WIDE / 2, film.BOTTOM + film.TALL / 2)
    chart = Chart(center, film.WIDE, film.TALL, (0, 10), (0, 1))
    clock, epochs = ValueTracker(1.9), np.arange(11.0)
    with telling("training_curves", long):
        (words,) = film.peak(chart, epochs, losses, clock, True)
        assert words.text() == ""
        clock.set_value(2.0)
        assert words.text() == "back up in epoch 2: 0.9"
        assert not list(film.peak(chart, epochs, losses, clock, False))
        for level, taken in ((0.8, 0.5), (0.5, 0.88)):  # hardly above the end; no room beside it
            other = losses.copy()
            other[-1], other[4] = level, taken
            assert not list(film.peak(chart, epochs, other, clock, True))


def test_the_film_shows_only_measured_epochs() -> None:
    from scenes.descent.training_curves import by_epochs, early

    pace, times = by_epochs(30.0), np.linspace(0, 1, 400)
    shown = np.array([30 * pace(t) for t in times])
    np.testing.assert_allclose(shown, np.round(shown), atol=1e-9)
    late = 30 * early(times) - shown
    assert (late > -1e-6).all()
    assert (late < 1).all()
    assert (pace(0.0), pace(1.0)) == (0.0, 1.0)


def test_the_films_level_is_the_lowest_so_far(long: xr.Dataset) -> None:
    from manim import ValueTracker

    from scenes.descent import training_curves as film
    from scenes.parts.charts import Chart

    losses = np.array([0.9, 0.5, 0.6, 0.3, 0.4])
    chart, clock, up = Chart((0, 0), 4, 2, (0, 4), (0, 1)), ValueTracker(0), ValueTracker(0)
    with telling("training_curves", long):
        level = film.Lowest(chart, np.arange(5.0), losses, clock, up, "purple")
        least = level.number()
        for now, epoch in ((0.0, 0), (0.9, 0), (1.0, 1), (2.9, 1), (3.0, 3), (4.0, 3)):
            clock.set_value(now)
            assert least.text() == counter(losses[epoch])
            pen = Pen()
            level.paint(pen)
            at = [float(epoch - 2), 2 * losses[epoch] - 1]
            above, line = pen.strokes  # no arrow before the end
            np.testing.assert_allclose(line, [at, [now - 2, at[1]]], atol=1e-9)
            np.testing.assert_allclose(pen.dots, [at])
            head = [now - 2, 2 * np.interp(now, np.arange(5), losses) - 1]
            passed = [[k - 2, 2 * losses[k] - 1] for k in range(epoch, int(now) + 1)]
            np.testing.assert_allclose(above, [*passed, head, line[1]], atol=1e-9)
    up.set_value(1)
    pen = Pen()
    level.paint(pen)
    tip = 2 * 0.4 - 1 - 0.14
    _, _, shaft, head = (np.round(each, 6).tolist() for each in pen.strokes)
    assert (shaft[0], head[0]) == ([2, -0.4], [2, round(tip, 6)])


def test_a_loss_above_the_films_chart_is_an_arrow_out_of_it(long: xr.Dataset) -> None:
    from manim import ValueTracker

    from scenes.descent import training_curves as film
    from scenes.parts.charts import Chart

    losses = np.array([2.3, 0.5, 0.6, 0.3, 1.4])
    chart, clock, up = Chart((0, 0), 4, 2, (0, 4), (0, 1)), ValueTracker(0), ValueTracker(0)
    with telling("training_curves", long):
        points = np.stack([np.arange(5.0), losses], axis=1)
        curve = film.Losses(chart, points, np.arange(5.0), clock, "purple")
        level = film.Lowest(chart, np.arange(5.0), losses, clock, up, "purple")
        for now, dots in ((0, 0), (1, 1), (3, 1), (4, 0)):
            clock.set_value(now)
            pen = Pen()
            curve.paint(pen)
            assert len(pen.dots) == dots, now
            # The way there is the true one, cut off at the chart's edge.
            np.testing.assert_allclose(pen.strokes[0][: now + 1], chart.point(*points[: now + 1].T))
            ((_, bottom, _, height),) = pen.bars
            assert bottom + height == pytest.approx(chart.top)
            if not dots:  # its tip is over the chart's edge, at that epoch
                tip = pen.strokes[-1][0]
                assert tip[0] == pytest.approx(now - 2)
                assert tip[1] > 1
            ring = Pen()
            level.paint(ring)
            assert len(ring.dots) == (now > 0), "no ring where the loss is not"
