"""covariate_shift: with batch norm fewer steps, several seeds, and the pictures say which."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import figures
from simulate import recording
from simulate.data._load import load
from simulate.experiments.normalization import covariate_shift as experiment
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, line, telling
from tests.visuals._pen import Pen


def test_the_product_measures_what_the_catalogue_asks() -> None:
    settings = experiment.Settings()
    assert settings.batch_size == 1000
    assert settings.n_seeds >= 3
    assert settings.goal == 0.9
    runs = experiment.runs(settings)
    assert len(runs) == 2 * settings.n_seeds
    for seed in range(settings.n_seeds):
        pair = runs[f"none {seed}"], runs[f"batch {seed}"]
        assert pair[0].seed == pair[1].seed == seed
        assert pair[0].optimizer == pair[1].optimizer
        assert pair[0].steps < 1500


def test_batch_norm_takes_fewer_steps(record: Record) -> None:
    found = record(
        "covariate_shift", widths=[784, 24, 24, 10], n_train=1500, n_test=300, batch_size=300,
        n_steps=110, n_seeds=2, goal=0.8,
    )  # fmt: skip
    batch, none = found.reached.sel(run="batch").values, found.reached.sel(run="none").values
    assert (batch > 0).all()
    assert ((none < 0) | (batch < none)).all()
    assert found.attrs["fewer"] == 1
    assert found.attrs["moved_batch"] < found.attrs["moved_none"]


def test_steps_are_counted_from_the_curves(record: Record) -> None:
    found = record("covariate_shift")
    for run in ("none", "batch"):
        for seed, curve in enumerate(found.accuracy.sel(run=run).values):
            there = [int(s) for s, a in zip(found.step, curve, strict=True) if a >= 0.5]
            assert int(found.reached.sel(run=run)[seed]) == (there[0] if there else -1)


def test_the_histogram_is_what_the_units_activation_gets(record: Record) -> None:
    found = record("covariate_shift", batch_size=200)
    for run in ("none", "batch"):
        spec = experiment.runs(
            experiment.Settings(widths=(784, 12, 12, 10), n_train=200, n_test=60, batch_size=200)
        )[f"{run} 0"]
        net = models.make("normed", spec.model.settings, 0).train()
        upto = {"none": 3, "batch": 5}[run]
        with torch.no_grad():
            sums = net[:upto](torch.from_numpy(load(spec.data).x_train))[:, 0].double().numpy()
        counts, _ = np.histogram(sums, found.bin_edge)
        np.testing.assert_allclose(found.histogram.sel(run=run)[0], counts, atol=2)
        np.testing.assert_allclose(
            found.quantile_value.sel(run=run)[0],
            np.quantile(sums, found["quantile"].values), atol=1e-4,
        )  # fmt: skip


def test_the_figure_draws_inputs_medians_and_arrivals(recorded: Recorded) -> None:
    found = recording.load(recorded("covariate_shift"))
    attrs = {**found.attrs, "steps_none": 15.0, "steps_batch": -1.0}
    fig = figures.draw("covariate_shift", found.assign_attrs(attrs))
    for panel, run in enumerate(("none", "batch")):
        median = line(fig, "median", panel)
        np.testing.assert_array_equal(median.get_ydata(), found.quantile_value.sel(run=run)[:, 2])
        values = found.quantile_value.sel(run=run).values[:, 2]
        way = line(fig, "way", panel).get_ydata()
        np.testing.assert_array_equal(way, [values.min(), values.max()])
        assert f"moves by\n{np.ptp(values):.1f}" in [t.get_text() for t in fig.axes[panel].texts]
        shown = fig.axes[panel].images[0].get_array()[..., 3].T
        assert ((shown > 0) == (found.histogram.sel(run=run).values > 0)).all()
    np.testing.assert_array_equal(line(fig, "there", 0).get_xdata(), [15, 15])
    assert any(text.get_text().endswith("right: step 15") for text in fig.axes[0].texts)
    assert not any(each.get_label() == "there" for each in fig.axes[1].get_lines())


def test_the_wandering_is_from_the_least_to_the_greatest_median(record: Record) -> None:
    found = record("covariate_shift")
    for run in ("none", "batch"):
        median = found.quantile_value.sel(run=run).values[:, 2]
        assert found.attrs[f"moved_{run}"] == pytest.approx(median.max() - median.min())


def test_the_film_shows_how_far_the_median_has_moved_and_the_arrival(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.normalization import covariate_shift as film

    found = recording.load(recorded("covariate_shift"))
    steps, median = found.step.values, found.quantile_value.values[0, :, 2]
    at, arrival = float(steps[3]), float(steps[2])
    found = found.assign_attrs(steps_none=arrival)
    clock = ValueTracker(at)
    with telling("covariate_shift", found):
        _, moved, arrived = film.beside(found, 0, median, clock, 0.0)
        assert moved.text() == f"{median[:4].max() - median[:4].min():.1f}"
        assert arrived.text().endswith(f": step {arrival:.0f}")
        clock.set_value(arrival - 0.5)
        assert arrived.text() == ""


def test_the_films_pointer_is_the_median_and_its_band_where_it_has_been(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.normalization import covariate_shift as film

    found = recording.load(recorded("covariate_shift"))
    steps, edges = found.step.values, found.bin_edge.values
    median = found.quantile_value[0, :, 2].values
    clock = ValueTracker(float(steps[4]))
    shown = film.Input(
        found.histogram.values[0], edges, median, steps, clock, ValueTracker(1), 0.0, "green"
    )
    share = (median - edges[0]) / (edges[-1] - edges[0])
    assert float(shown.middle(steps[4])) == pytest.approx(film.LEFTMOST + share[4] * film.WIDE)
    pen = Pen()
    shown.paint(pen)
    ((left, _, width, height),) = pen.bars
    assert left == pytest.approx(film.LEFTMOST + share[:5].min() * film.WIDE)
    assert width == pytest.approx(max(np.ptp(share[:5]) * film.WIDE, 0.02))
    assert height > film.TALL
