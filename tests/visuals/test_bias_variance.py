"""bias_variance: the parts make up the measured error, and what is drawn is what was recorded."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.colors import to_hex

from look import theme
from simulate import specs
from simulate.data import sine_sets
from simulate.data._load import load
from simulate.errors import UserError
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import said


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    return record("bias_variance", n_sets=200, n_shown=200, n_steps=250)


def test_the_parts_make_up_the_error_to_five_percent(found: xr.Dataset) -> None:
    parts = found.bias + found.variance + found.attrs["noise_variance"]
    np.testing.assert_allclose(found.error, parts, rtol=0.05)
    assert found.attrs["worst_gap"] == pytest.approx(float(np.abs(found.error / parts - 1).max()))
    assert found.attrs["n_sets"] == 200


def test_the_parts_are_those_of_the_fits(found: xr.Dataset) -> None:
    fits = found.fit.values.astype(float)  # (run, set, x)
    truth = np.sin(found.attrs["frequency"] * found.place.values)
    np.testing.assert_allclose(found.truth, truth, atol=1e-6)
    np.testing.assert_allclose(found.bias, ((fits.mean(1) - truth) ** 2).mean(1), rtol=1e-4)
    np.testing.assert_allclose(found.variance, fits.var(1).mean(1), rtol=1e-4)
    np.testing.assert_allclose(found.spread, fits.std(1), atol=1e-4)
    noise = found.point_y.values - np.sin(found.attrs["frequency"] * found.point_x.values)
    assert noise.std() == pytest.approx(found.attrs["noise"], rel=0.05)
    assert noise.mean() == pytest.approx(0, abs=0.05)
    best = int(found.error.values.argmin())
    kinds = ["under-fit"] * best + ["best fit"] + ["over-fit"] * (len(found.run) - best - 1)
    assert found.kind.values.tolist() == kinds


def test_each_column_trains_as_it_would_alone() -> None:
    """A column's network against a single one with its data, by torch's own Adam."""
    data = load(specs.Data(name="sine_sets", n_train=12, settings={"n_sets": 3}))
    widths = {"widths": [1, 4, 1]}
    many = models.make("mlp_each", {"n_networks": 3, **widths}, seed=5)
    single = models.make("mlp", {**widths, "activation": "tanh"}, seed=5)
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    torch.testing.assert_close(many(x)[:, :1], single(x[:, :1]))
    for model, inputs, targets in ((many, x, y), (single, x[:, 1:2], y[:, 1:2])):
        adam = torch.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(20):
            adam.zero_grad()
            torch.nn.functional.mse_loss(model(inputs), targets).backward()
            adam.step()
    torch.testing.assert_close(many(x)[:, 1:2], single(x[:, 1:2]), atol=1e-4, rtol=1e-4)


def test_samples_differ_and_repeat() -> None:
    one, two = (load(specs.Data(name="sine_sets", seed=3)) for _ in range(2))
    np.testing.assert_array_equal(one.x_train, two.x_train)
    assert one.x_train.shape == (15, 200)
    assert len(np.unique(one.x_train[0])) == 200
    assert (one.x_test[:, 0] == one.x_test[:, -1]).all()
    np.testing.assert_allclose(sine_sets.truth(np.array([np.pi / 3]), 1.5), [1.0])
    with pytest.raises(UserError, match="n_sets is 0"):
        load(specs.Data(name="sine_sets", settings={"n_sets": 0}))
    with pytest.raises(UserError, match="a column is one input"):
        models.make("mlp_each", {"widths": [2, 4, 1]})
    with pytest.raises(UserError, match="n_networks is 0"):
        models.make("mlp_each", {"n_networks": 0})


def test_the_figure_draws_fits_and_columns(recorded: Recorded) -> None:
    fig, (split,) = drawn("bias_variance", recorded)
    shown = [0, split.attrs["shown_index"], split.sizes["run"] - 1]
    for panel, at in enumerate(shown):
        (bundle,) = fig.axes[panel].collections
        lines = np.array(bundle.get_segments())
        np.testing.assert_allclose(lines[:, :, 1], split.fit[at], atol=1e-6)
        np.testing.assert_array_equal(line(fig, "mean", panel).get_ydata(), split.mean_fit[at])
        np.testing.assert_array_equal(line(fig, "truth", panel).get_ydata(), split.truth)
        np.testing.assert_array_equal(line(fig, "points", panel).get_ydata(), split.point_y[0])
    columns = fig.axes[3]
    heights = {bars.get_label(): [bar.get_height() for bar in bars] for bars in columns.containers}
    noise = split.attrs["noise_variance"]
    np.testing.assert_allclose(heights["noise"], noise)
    np.testing.assert_allclose(heights["variance"], split.variance[shown])
    np.testing.assert_allclose(heights["bias"], split.bias[shown])
    tops = [bar.get_y() + bar.get_height() for bar in columns.containers[-1]]
    np.testing.assert_allclose(tops, (noise + split.variance + split.bias)[shown])
    texts = said(fig)
    for at in shown:
        for part in (split.bias, split.variance):
            assert f"{float(part[at]):.3f}" in texts
    fig.draw_without_rendering()
    for panel, bar in enumerate(columns.containers[0]):
        box = bar.get_window_extent()
        middle = fig.axes[panel].get_window_extent()
        assert (box.x0 + box.x1) / 2 == pytest.approx((middle.x0 + middle.x1) / 2), "under its fits"


def test_each_word_stands_at_the_part_that_it_names(recorded: Recorded) -> None:
    fig, (split,) = drawn("bias_variance", recorded)
    shown = [0, split.attrs["shown_index"], split.sizes["run"] - 1]
    sizes = [f"{n} hidden unit{'s' * (n != 1)}" for n in split.hidden.values[shown].tolist()]
    for panel, at in enumerate(shown):
        texts = [text.get_text() for text in fig.axes[panel].texts]
        assert texts == [sizes[panel], split.kind.values[at]]
        points = line(fig, "points", panel)
        np.testing.assert_array_equal(
            points.get_xydata(), np.column_stack([split.point_x[0], split.point_y[0]])
        )
        (bundle,) = fig.axes[panel].collections
        for segments in bundle.get_segments():
            np.testing.assert_array_equal(segments[:, 0], split.place)
    columns = fig.axes[3]
    assert [tick.get_text() for tick in columns.get_xticklabels()] == sizes
    bars = {str(part.get_label()): part for part in columns.containers}
    tokens = {"bias": "purple", "variance": "green", "noise": "muted"}
    with theme.use("dark"):
        for name, token in tokens.items():
            inks = {to_hex(bar.get_facecolor()) for bar in bars[name]}
            assert inks == {theme.color(token).lower()}
    middles = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars["noise"]])
    wanted, found = [], []
    for text in columns.texts[1:]:  # behind the heading
        (x, y), words = text.xy, text.get_text()
        column = int(np.abs(middles - x).argmin())
        here = [name for name in tokens if 0 < y - bars[name][column].get_y()
                < bars[name][column].get_height()]  # fmt: skip
        if words.removesuffix("²") in tokens:
            assert (column, [words.removesuffix("²")]) == (0, here)
        elif words.endswith("in all"):  # of the numbers in its column, as they are printed
            at = shown[column]
            assert y == pytest.approx(float(split.bias[at] + split.variance[at])
                                      + split.attrs["noise_variance"])  # fmt: skip
            found.append((column, words))
        else:
            found.append((column, f"{' '.join(here)} {words}"))
    for column, at in enumerate(shown):
        parts = {"bias": split.bias[at], "variance": split.variance[at],
                 "noise": split.attrs["noise_variance"]}  # fmt: skip
        printed = [f"{float(part):.3f}" for part in parts.values()]
        wanted += [(column, f"{name} {part}") for name, part in zip(parts, printed, strict=True)]
        wanted.append((column, f"{sum(map(float, printed)):.3f} in all"))
    assert sorted(found) == sorted(wanted)
    assert {"bias²", "variance", "noise"} <= {text.get_text() for text in columns.texts}


def test_the_films_numbers_are_the_splits(recorded: Recorded) -> None:
    from tests.visuals.test_shown import counted

    _, (split,) = drawn("bias_variance", recorded)
    texts = counted("bias_variance", recorded)["verdict"]
    shown = [0, split.attrs["shown_index"], split.sizes["run"] - 1]
    printed = [re.fullmatch(r"(?:bias² |variance |noise )?(\d\.\d{3})", text) for text in texts]
    numbers = np.array([float(found[1]) for found in printed if found]).reshape(3, 4)
    for column, values in enumerate((split.bias, split.variance), 1):
        np.testing.assert_allclose(numbers[:, column], values.values[shown], atol=0.0006)
    np.testing.assert_allclose(numbers[:, 3], split.attrs["noise_variance"], atol=0.0006)
    np.testing.assert_allclose(numbers[:, 0], numbers[:, 1:].sum(1), atol=1e-9)  # they add up
    assert [text for text in texts if text.endswith("fit")] == split.kind.values[shown].tolist()


def test_the_films_panels_hold_the_recorded_fits(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.regularization import bias_variance as film
    from tests.figures._drawn import telling

    _, (split,) = drawn("bias_variance", recorded)
    trackers = [ValueTracker(value) for value in (1, 1, 0, 0)]
    with telling("bias_variance", split):
        panel = film.Fits(split, 1, 0.0, *trackers)
    low, high = (np.quantile(split.point_y, share) for share in (0.01, 0.99))
    low, high = min(low, float(split.truth.min())), max(high, float(split.truth.max()))
    low, high = low - 0.25 * (high - low), high + 0.25 * (high - low)
    places = panel.to_frame(panel.fits[3])
    up = low + (places[:, 1] - (film.TOP - film.TALL)) / film.TALL * (high - low)
    np.testing.assert_allclose(up, split.fit[1, 3, :: len(split.x) // len(up) or 1][: len(up)],
                               atol=1e-5)  # fmt: skip
    trackers[3].set_value(1)
    assert panel.to_frame(np.array([0.5, 0.0]))[1] == pytest.approx(film.TOP - film.SHORT)
