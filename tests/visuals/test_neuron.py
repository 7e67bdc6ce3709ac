"""One neuron: what is recorded is true, and the numbers on the picture agree with each other."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from figures.networks import neuron as figure
from figures.parts.canvas import px
from look import theme
from simulate import recording, specs
from simulate.data import iris
from simulate.data._load import load
from simulate.errors import RunError, UserError
from simulate.experiments.networks.neuron import _chosen
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, visual
from tests.visuals._networks import filmed, said, value

NUMBER = r"[−+]?\d+\.\d+"


def test_sum_and_output_are_those_of_the_recorded_weights(record: Record) -> None:
    for settings in ({}, {"steps": 100}):
        found = record("neuron", **settings)
        x, w = torch.from_numpy(found.input.values), torch.from_numpy(found.weight.values)
        z = x @ w + float(found.bias)
        np.testing.assert_allclose(found.z, z, rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.output, torch.sigmoid(z), atol=1e-12)
        np.testing.assert_allclose(found.running_sum[:, -1], z, atol=1e-12)
        np.testing.assert_allclose(found.running_sum.diff("step")[:, :-1], found.contribution)
        assert found.label.values.tolist() == [1, 0]
        assert (found.output.values > 0.5).tolist() == [True, False]


def test_the_neuron_is_a_trained_one_of_the_printed_digits(record: Record) -> None:
    found = record("neuron", steps=100)
    assert found.attrs["accuracy"] >= 0.9
    assert found.attrs["accuracy_unrounded"] >= 0.9
    assert found.attrs["rounding"] < 0.05, "the largest change of an output by the rounding"
    np.testing.assert_array_equal(found.weight, np.round(found.weight, 1))
    np.testing.assert_array_equal(found.input, np.round(found.input, 1))
    data = load(specs.Data(name="iris", settings={"species": ["versicolor", "virginica"]}))
    for x, label in zip(found.input.values, found.label.values, strict=True):
        same = (np.abs(data.x_test - x) <= 0.05 + 1e-6).all(1)
        assert label in data.y_test[same], "a test flower"


def test_printed_numbers_add_up_as_printed(recorded: Recorded) -> None:
    fig, (found,) = drawn("neuron", recorded)
    texts = said(fig)
    weights = [value(text[2:]) for text in texts if text.startswith("× ")]
    inputs = [value(text) for text in texts if re.fullmatch(r"−?\d\.\d", text)]
    products = [value(t) for t in texts if re.fullmatch(r"[−+]\d+\.\d\d|0\.00", t)]
    assert len(weights) == len(products) == 5
    for w, x, product in zip(weights, [*inputs, 1.0], products, strict=True):
        assert round(w * x, 2) == pytest.approx(product, abs=1e-9)
    (z,) = {value(t.strip("$").split("=")[-1]) for t in texts if t.startswith("$z=")}
    assert round(sum(products), 2) == pytest.approx(z, abs=1e-9)
    outputs = {value(re.findall(NUMBER, t)[-1]) for t in texts if t.startswith(r"$\sigma(z)=")}
    outputs |= {value(t) for t in texts if re.fullmatch(r"\d\.\d{3}", t)}
    assert outputs == {round(1 / (1 + np.exp(-z)), 3)}
    assert z == pytest.approx(float(found.z[0]), abs=1e-9)


def test_the_film_says_the_same_of_both_flowers(recorded: Recorded) -> None:
    sections = filmed("neuron", recorded)
    for name in ("activation", "verdict"):
        texts = sections[name]
        weights = [value(text[2:]) for text in texts if text.startswith("× ")]
        inputs = [value(text) for text in texts if re.fullmatch(r"−?\d\.\d", text)]
        products = [value(t) for t in texts if re.fullmatch(r"[−+]\d+\.\d\d|0\.00", t)]
        assert [round(w * x, 2) for w, x in zip(weights, [*inputs, 1.0], strict=True)] == products
        (z,) = (value(t[4:]) for t in texts if t.startswith("z = ") and "w" not in t)
        assert round(sum(products), 2) == z
        (output,) = {value(t) for t in texts if re.fullmatch(r"\d\.\d{3}", t)}
        assert output == round(1 / (1 + np.exp(-z)), 3)
        assert f"= {output:.3f}" in texts


def test_the_films_rows_are_the_flowers(recorded: Recorded) -> None:
    found = recording.load(recorded("neuron"))
    sections = filmed("neuron", recorded)
    species = [found.attrs["asked"], found.attrs["other"]]
    for section, i in (("activation", 0), ("verdict", 1)):
        flower, texts = found.isel(example=i), sections[section]
        names = flower.feature.values.tolist()
        at = texts.index(names[0])
        assert texts[at : at + len(names) + 1] == [*names, "bias"]
        rows = [
            part
            for w, x, cm in zip(flower.weight.values, flower.input.values,
                                flower.measurement.values, strict=True)
            for part in (f"× {w:.1f}", f"{x:.1f}", f"{cm:.1f} cm")
        ]  # fmt: skip
        at = next(k for k, text in enumerate(texts) if text.startswith("× "))
        shown = [text.replace("−", "-") for text in texts[at : at + len(rows) + 3]]
        assert shown == [*rows, f"× {float(flower.bias):.2f}", "1", "always 1"]
        chance = 1 / (1 + np.exp(-float(flower.input.values @ flower.weight.values + flower.bias)))
        really = species[1 - int(flower.label)]
        words = f"The flower is a {really}; the neuron gives {species[0]} {chance:.3f}"
        assert words in texts


def test_bars_and_edges_are_the_recorded_ones(recorded: Recorded) -> None:
    fig, (found,) = drawn("neuron", recorded)
    flower = found.isel(example=0)
    ax = fig.axes[0]
    curve = line(fig, "sigmoid")
    high, low = figure.WIDE.curve
    share = (np.asarray(curve.get_ydata()) - low) / (high - low)
    np.testing.assert_allclose(share, flower.curve, atol=1e-12)
    (edges,) = (each for each in ax.collections if isinstance(each, LineCollection))
    parts = np.abs([*flower.contribution.values, float(flower.bias)])
    widths = np.asarray(edges.get_linewidths())
    expected = np.clip(np.sort(parts) / parts.max(), 0.06, 1)
    np.testing.assert_allclose(widths / widths[-1], expected)
    assert "A line is as wide as weight × input" in visual("neuron").subtitle
    left, right = figure.WIDE.bar
    ends = [each.get_xdata() for each in ax.get_lines() if each.get_xdata()[0] == left]
    assert (ends[-1][1] - left) / (right - left) == pytest.approx(float(flower.output))


def test_each_row_says_one_input(recorded: Recorded) -> None:
    """Name, length, input, weight and product stand at the edge that carries them, in its sign."""
    fig, (found,) = drawn("neuron", recorded, "light")
    flower, ax = found.isel(example=0), fig.axes[0]
    with theme.use("light"):
        hues = {True: theme.color("positive").upper(), False: theme.color("negative").upper()}
    (edges,) = (each for each in ax.collections if isinstance(each, LineCollection))
    colours = [to_hex(hue, keep_alpha=False).upper() for hue in edges.get_colors()]
    levels = {
        round(part[0][1], 6): hue for part, hue in zip(edges.get_segments(), colours, strict=True)
    }
    x = np.append(flower.input.values, 1.0)
    w = np.append(flower.weight.values, float(flower.bias))
    names = [*flower.feature.values.tolist(), "bias $b$"]
    notes = [*(f"{cm:.1f} cm" for cm in flower.measurement.values), "always 1"]
    bars = [each for each in ax.get_lines() if each.get_linewidth() == px(13)][: len(x)]
    sums = np.concatenate([[0], np.cumsum(x * w)])
    ends = np.array([each.get_xdata() for each in bars])
    slope, start = np.polyfit(sums[:-1], ends[:, 0], 1)
    assert slope > 0
    np.testing.assert_allclose(ends, slope * np.stack([sums[:-1], sums[1:]], 1) + start)
    for i, y in enumerate(sorted(levels)):
        product = f"{x[i] * w[i]:+.2f}".replace("-", "−")
        weight = f"{w[i]:.{1 if i < len(x) - 1 else 2}f}".replace("-", "−")
        said = f"{x[i]:.1f}".replace("-", "−") if i < len(x) - 1 else "1"
        row = [t.get_text() for t in ax.texts if abs(t.get_position()[1] - y) < 20]
        assert sorted(row) == sorted([names[i], notes[i], said, f"× {weight}", product])
        assert levels[y] == hues[bool(x[i] * w[i] > 0)]
        assert bars[i].get_color().upper() == levels[y]
        assert bars[i].get_ydata()[0] == pytest.approx(y)
    (knot,) = (each for each in ax.get_lines() if len(each.get_xdata()) == 1)
    curve = line(fig, "sigmoid")
    assert knot.get_xdata()[0] == pytest.approx(slope * sums[-1] + start)
    assert knot.get_ydata()[0] == pytest.approx(
        np.interp(knot.get_xdata()[0], *curve.get_data()), abs=0.5
    )


def test_a_logistic_neuron_is_the_softmax_of_nought_and_z() -> None:
    net = models.make("logistic", {"n_inputs": 3}).double()
    x = torch.randn(7, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    z = net.linear(x)[:, 0]  # type: ignore[operator]
    torch.testing.assert_close(net(x).softmax(1)[:, 1], torch.sigmoid(z))
    with pytest.raises(UserError, match="n_inputs is 0"):
        models.make("logistic", {"n_inputs": 0})


def test_irises_are_split_evenly_and_standardised() -> None:
    data = load(specs.Data(name="iris"))
    assert (data.x_train.shape, data.x_test.shape) == ((120, 4), (30, 4))
    assert np.bincount(data.y_test).tolist() == [10, 10, 10]
    np.testing.assert_allclose(data.x_train.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(data.x_train.std(0), 1, atol=1e-5)
    train, test = iris.split(None, None, 0, iris.SPECIES)
    assert not set(train) & set(test)
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"n_train": 100}, "multiple of 3"),
        ({"n_train": 150}, "50 flowers of each species"),
        ({"settings": {"species": ["rose", "virginica"]}}, "rose"),
    ]
    for wrong, message in wrongs:
        with pytest.raises(UserError, match=message):
            load(specs.Data(name="iris", **wrong))


def test_a_neuron_that_learned_nothing_is_an_error() -> None:
    with pytest.raises(RunError, match="class 1"):
        _chosen(np.array([0.1, 0.2]), np.array([1, 0]))


def test_the_sum_stands_in_the_neuron_by_its_thread(recorded: Recorded) -> None:
    wide, _ = drawn("neuron", recorded)
    slim = narrow("neuron", recorded)
    assert slim is not None
    for fig, at in ((wide, figure.WIDE), (slim, figure.SLIM)):
        (ax,) = fig.axes
        (text,) = (each for each in ax.texts if each.get_text().startswith("$z=") and
                   "w" not in each.get_text())  # fmt: skip
        box = text.get_window_extent().transformed(ax.transData.inverted())
        left, right = sorted((box.x0, box.x1))
        assert at.body[0] < left < right < at.body[1] - 4
