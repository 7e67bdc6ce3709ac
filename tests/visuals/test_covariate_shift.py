"""covariate_shift: with batch norm fewer steps, several seeds, and the pictures say which."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

import figures
from look import theme
from simulate import recording
from simulate.data._load import load
from simulate.experiments.normalization import covariate_shift as experiment
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._networks import filmed
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


def test_the_figure_draws_inputs_medians_and_how_far_they_range(recorded: Recorded) -> None:
    found = recording.load(recorded("covariate_shift"))
    values = found.quantile_value.values.copy()
    values[0, :, 2] += np.where(found.step.values == found.step.values[3], 5.0, 0.0)  # one leap
    found = found.assign(quantile_value=(found.quantile_value.dims, values))
    fig = figures.draw("covariate_shift", found)
    for panel, run in enumerate(("none", "batch")):
        median = values[panel, :, 2]
        ax, texts = fig.axes[panel], [t.get_text() for t in fig.axes[panel].texts]
        np.testing.assert_array_equal(line(fig, "median", panel).get_ydata(), median)
        guides = [each.get_ydata() for each in ax.get_lines() if each.get_label() == "guide"]
        np.testing.assert_array_equal(guides, [[median.min()] * 2, [median.max()] * 2])
        way = line(fig, "way", panel).get_ydata()
        np.testing.assert_array_equal(way, [median.min(), median.max()])
        assert f"median\nranges\nover {found.attrs[f'moved_{run}']:.1f}" in texts
        shown = ax.images[0].get_array()[..., 3].T
        assert ((shown > 0) == (found.histogram.sel(run=run).values > 0)).all()
    leap, step = abs(values[0, 3, 2] - values[0, 2, 2]), int(found.step[3])
    back = abs(values[0, 4, 2] - values[0, 3, 2])
    assert leap > values[0, 2, 3] - values[0, 2, 1], "and so it is told"
    assert f"{leap:.1f}" != f"{back:.1f}", "the way back is another"
    (text,) = [t for t in fig.axes[0].texts if "jumps" in t.get_text()]
    before = int(found.step[2])
    assert text.get_text() == f"the median jumps by {leap:.1f} between steps {before} and {step}"
    assert text.xy[0] == step
    pointer = line(fig, "pointer")
    np.testing.assert_array_equal(pointer.get_xydata(), [(step, values[0, 3, 2]), text.xy])
    assert not any("jumps" in t.get_text() for t in fig.axes[1].texts), "none by more than a half"


def test_each_map_is_named_and_shades_its_own_inputs(recorded: Recorded) -> None:
    fig, (found,) = drawn("covariate_shift", recorded)
    named = (("none", "without batch norm", "vermillion"), ("batch", "with batch norm", "green"))
    for ax, (run, label, token) in zip(fig.axes, named, strict=True):
        counts = found.histogram.sel(run=run).values
        median = found.quantile_value.sel(run=run).values[:, 2]
        texts = [text.get_text() for text in ax.texts]
        low, high = found.quantile_value.sel(run=run).values[[0, -1]][:, [0, -1]].T
        times, share = (high - low)[1] / (high - low)[0], np.ptp(found["quantile"].values)
        told = {label, f"median\nranges\nover {np.ptp(median):.1f}", "the unit’s input",
                f"spread of the\nmiddle {100 * share:.0f}\u202f%:\n× {times:.1f}"}  # fmt: skip
        assert {text for text in texts if "jumps" not in text} == told
        ink = np.asarray(ax.images[0].get_array())
        with theme.use("dark"):
            assert to_hex(ink[0, 0, :3]) == theme.color(token).lower()
        strongest = counts == counts.max(1, keepdims=True)
        np.testing.assert_array_equal(ink[..., 3] == ink[..., 3].max(0), strongest.T)
        left, right, low, high = ax.images[0].get_extent()
        np.testing.assert_allclose(np.linspace(low, high, len(ink) + 1), found.bin_edge)
        edges = np.linspace(left, right, len(counts) + 1)
        np.testing.assert_allclose((edges[1:] + edges[:-1]) / 2, found.step)


def test_the_film_says_how_far_each_median_ranges(recorded: Recorded) -> None:
    found = recording.load(recorded("covariate_shift"))
    medians = found.quantile_value.values[..., 2]
    far = [f"median ranges over {np.ptp(median):.1f}" for median in medians]
    for section, texts in filmed("covariate_shift", recorded).items():
        assert [text for text in texts if "batch norm" in text and "\n" not in text
                and len(text) < 20] == ["without batch norm", "with batch norm"]  # fmt: skip
        ranges = far[:1] if section == "start" else far  # none of what has not moved
        assert [text for text in texts if text.startswith("median ranges")] == ranges
        last = f"step {int(found.step[-1])}"
        steps = [last, "step 0" if section == "start" else last]
        assert [text for text in texts if re.fullmatch(r"step \d+", text)] == steps


def test_the_wandering_is_from_the_least_to_the_greatest_median(record: Record) -> None:
    found = record("covariate_shift")
    for run in ("none", "batch"):
        median = found.quantile_value.sel(run=run).values[:, 2]
        assert found.attrs[f"moved_{run}"] == pytest.approx(median.max() - median.min())


def test_the_films_pointer_is_the_median_and_its_bar_where_it_has_been(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.normalization import covariate_shift as film

    found = recording.load(recorded("covariate_shift"))
    steps, edges = found.step.values, found.bin_edge.values
    median = found.quantile_value[0, :, 2].values
    clock, end = ValueTracker(float(steps[4])), ValueTracker(1)
    shown = film.Input(found.histogram.values[0], edges, median, steps, clock, end, 0.0, "green")
    x = film.LEFTMOST + film.WIDE * (median - edges[0]) / (edges[-1] - edges[0])
    pen = Pen()
    shown.paint(pen)
    band, bar = pen.bars
    assert band[1] + band[3] == pytest.approx(film.TALL), "up through the histogram"
    for left, _, width, _ in (band, bar):
        assert left == pytest.approx(x[:5].min())
        assert width == pytest.approx(max(np.ptp(x[:5]), 0.02))
    assert pen.strokes[-1][0][0] == pytest.approx(x[4])
    end.set_value(0)
    pen = Pen()
    shown.paint(pen)
    ((_, bottom, _, tall),) = pen.bars
    assert bottom + tall < 0, "until then under it"
    with telling("covariate_shift", found):
        step, moved = film.told(shown, clock, 0.0)
        assert step.text() == f"step {steps[4]}"
        assert moved.text() == f"median ranges over {np.ptp(median[:5]):.1f}"
        assert moved.get_left()[0] > x.max(), "clear of the bar all through"
        clock.set_value(0.0)
        assert moved.text() == "", "none before it has moved"
