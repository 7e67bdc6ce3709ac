"""Logistic regression: its boundary is w·x + b = 0, its gradient the mean of (ŷ − y) x."""

from __future__ import annotations

from pathlib import Path

import contourpy
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from simulate import recording
from simulate.data import petals
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line


def test_the_boundary_is_where_w_x_plus_b_is_zero(record: Record) -> None:
    found = record("logistic_boundary", n_grid=49, n_steps=120)
    drawn_ones = 0
    for k, step in enumerate(found.snapshot.values):
        generator = contourpy.contour_generator(found.x, found.y, found.probability.values[k])
        w, b = found.theta.values[step, :2], found.theta.values[step, 2]
        for piece in generator.lines(0.5):
            x = (np.asarray(piece) - found.middle.values) / found.spread.values
            # how far off, in standard deviations of the flowers
            off = np.abs(x @ w + b) / np.linalg.norm(w)
            assert off.max() < 0.01
            drawn_ones += 1
    assert drawn_ones >= len(found.snapshot) - 1
    columns, rows = np.meshgrid(found.x, found.y)
    x = (np.stack([columns, rows], axis=-1) - found.middle.values) / found.spread.values
    z = x @ found.theta.values[-1, :2] + found.theta.values[-1, 2]
    np.testing.assert_allclose(found.probability[-1], 1 / (1 + np.exp(-z)), atol=1e-6)
    assert found.attrs["train_accuracy"] > 0.9


def test_both_gradients_are_the_mean_of_error_times_input(record: Record) -> None:
    found = record("logistic_boundary", looked=3)
    np.testing.assert_allclose(found.gradient, found.mean_error_times_input, atol=1e-12)
    assert found.component.values.tolist() == ["linear", "logistic"]
    z = found.z.values
    np.testing.assert_array_equal(found.prediction[0], z)
    np.testing.assert_allclose(found.prediction[1], 1 / (1 + np.exp(-z)), rtol=1e-12)
    # and the logistic one is what gradient descent followed from there
    step = found.theta.values[4] - found.theta.values[3]
    np.testing.assert_allclose(step, -found.attrs["lr"] * found.gradient[1], atol=1e-9)


def test_a_class_without_examples_stops_the_experiment(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = petals.flowers()
    monkeypatch.setattr(petals, "flowers", lambda: (x, np.zeros_like(y)))
    message = (
        "logistic_boundary, run descent: none of the 79 training examples of dataset 'petals' is "
        "of class 1; take a larger n_train"
    )
    with pytest.raises(RunError, match=message):
        record("logistic_boundary", n_train=79)


def test_a_column_of_zeros_stops_the_experiment(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = petals.flowers()
    monkeypatch.setattr(petals, "flowers", lambda: (x * [1, 0], y))
    with pytest.raises(
        RunError, match="column 'petal width' holds the same value in all of the 78"
    ):
        record("logistic_boundary", n_train=78)


def test_figure_and_film_draw_what_was_recorded(recorded: Recorded) -> None:
    from figures import _fits
    from scenes import _fits as films

    fig, (iris,) = drawn("logistic_boundary", recorded)
    np.testing.assert_allclose(
        fig.axes[0].images[0].get_array(), _fits.shades(iris.probability[-1])
    )
    np.testing.assert_array_equal(line(fig, "loss", 1).get_ydata(), iris.loss)
    for panel, name in ((2, "linear"), (3, "logistic")):
        one = iris.sel(component=name)
        (sticks,) = (c for c in fig.axes[panel].collections if isinstance(c, LineCollection))
        ends = np.array([stick[1] for stick in sticks.get_segments()])
        np.testing.assert_allclose(ends, np.stack([one.z, one.prediction], axis=1))
        words = " ".join(text.get_text() for text in fig.axes[panel].texts)
        assert f"{abs(float(one.gradient[0])):.2g}"[:4] in words

    iris = recording.load(Path(recorded("logistic_boundary")))
    field = films.Between(iris.snapshot.values, iris.probability.values)
    for k, step in enumerate(iris.snapshot.values):
        np.testing.assert_array_equal(field(step), iris.probability[k])
