"""Parameters per layer of 784–64–10: counted, drawn one by one, and in a table."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgba

from figures.networks import network_parameters as figure
from figures.parts import canvas
from look import theme as themes
from look.words import fill
from simulate import specs
from simulate.data._load import load
from simulate.data.choice import Choice
from simulate.models._base import make
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, table, telling


def test_parameters_are_0_and_50240_and_650(record: Record) -> None:
    found = record("network_parameters")
    assert found.n_parameters.values.tolist() == [0, 50_240, 650]
    assert found.attrs["n_total"] == 50_890 == found.attrs["n_params"]
    model = make("mlp", {"widths": [784, 64, 10]})
    layers = [each for each in model.children() if isinstance(each, torch.nn.Linear)]
    counts = [sum(p.numel() for p in layer.parameters()) for layer in layers]
    assert found.n_parameters.values[1:].tolist() == counts


def test_what_is_kept_is_what_was_counted(record: Record) -> None:
    found = record("network_parameters")
    sizes = [found[name].size for name in ("weight_1", "bias_1", "weight_2", "bias_2")]
    assert sizes == [50_176, 64, 640, 10]
    counted = np.column_stack([found.n_weights, found.n_biases])[1:].ravel()
    assert counted.tolist() == sizes


def test_weights_of_dark_pixels_never_move(record: Record) -> None:
    found = record("network_parameters")
    dark = found.dark.values.astype(bool)
    assert dark.sum() == found.attrs["n_dark"] > 0
    assert found.attrs["moved_dark"] == 0
    np.testing.assert_array_equal(
        found.weight_1.values[:, dark], found.weight_1_start.values[:, dark]
    )
    assert (found.weight_1.values[:, ~dark] != found.weight_1_start.values[:, ~dark]).any()


def test_a_dead_unit_is_0_for_every_training_digit(record: Record) -> None:
    found = record("network_parameters", lr=0.1)  # so large a rate kills some
    data = load(specs.Data(name="mnist", n_train=200, n_test=100), Choice.embedded())
    sums = data.x_train @ found.weight_1.values.reshape(64, -1).T + found.bias_1.values
    asleep = np.maximum(sums, 0).max(0) == 0
    np.testing.assert_array_equal(found.dead.values, asleep)
    assert found.attrs["n_dead"] == asleep.sum() > 0


def test_other_widths_are_counted_too(record: Record) -> None:
    found = record("network_parameters", n_hidden=5, epochs=1)
    assert found.n_parameters.values.tolist() == [0, 785 * 5, 6 * 10]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_parameter_is_drawn_once_at_one_scale(recorded: Recorded, theme: str) -> None:
    fig, (net,) = drawn("network_parameters", recorded, theme)
    images = [image for image in fig.axes[0].images if image.get_array().shape[:2] != (0, 0)]
    assert len(images) == 64 + 1 + 1 + 10 + 1  # units, digit, biases, classes, biases
    cells = set()
    for image in images:
        left, right, bottom, top = image.get_extent()
        high, wide = image.get_array().shape[:2]
        cells |= {round((right - left) / wide, 6), round((bottom - top) / high, 6)}
    assert len(cells) == 1
    parameters = sum(np.prod(image.get_array().shape[:2]) for image in images) - 784
    assert parameters == net.attrs["n_total"]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("unit", [0, 37])
def test_colours_are_the_recorded_weights(recorded: Recorded, theme: str, unit: int) -> None:
    fig, (net,) = drawn("network_parameters", recorded, theme)
    weights = net.weight_1.values[unit]
    ink = np.asarray(fig.axes[0].images[unit].get_array())
    full = np.quantile(np.abs(net.weight_1.values), figure.FULL)
    with themes.use(theme):
        ground = np.asarray(to_rgba(themes.color("tile")))
        for sign, token in ((1, "positive"), (-1, "negative")):
            here = sign * weights > 0
            share = np.clip(np.abs(weights[here]) / full, 0, 1)[:, None]
            expected = ground * (1 - share) + np.asarray(to_rgba(themes.color(token))) * share
            np.testing.assert_allclose(ink[here], expected, atol=1e-9)


def test_every_image_has_the_signs_of_its_own_matrix_and_every_count_its_layer(
    recorded: Recorded,
) -> None:
    fig, (net,) = drawn("network_parameters", recorded, "light")
    images = [np.asarray(image.get_array()) for image in fig.axes[0].images]
    images = [image for image in images if image.shape[:2] != (0, 0)]
    with themes.use("light"):
        orange, blue = (np.asarray(to_rgba(themes.color(t))) for t in ("positive", "negative"))
        ground = np.asarray(to_rgba(themes.color("tile")))
    towards = (orange - blue)[:3]
    matrices = [*net.weight_1.values, None, net.bias_1.values, *net.weight_2.values,
                net.bias_2.values]  # fmt: skip
    for ink, matrix in zip(images, matrices, strict=True):
        if matrix is None:  # the digit: the darker, the more ink
            order = np.corrcoef(ink[..., :3].sum(-1).ravel(), net.image.values.ravel())[0, 1]
            assert order < -0.99
            continue
        shown = (ink[..., :3] - ground[:3]).reshape(-1, 3)[: matrix.size]
        size = np.abs(matrix.ravel())
        clear = size > 0.1 * size.max()
        np.testing.assert_array_equal(np.sign(shown @ towards)[clear],
                                      np.sign(matrix.ravel())[clear])  # fmt: skip
        strength = np.linalg.norm(shown, axis=1)
        for sign in (1, -1):  # the larger, the stronger
            same = np.sign(matrix.ravel()) == sign
            order = np.argsort(size[same])
            assert (np.diff(strength[same][order]) > -1e-9).all()
    rows: dict[float, list[str]] = {}
    for text in fig.axes[0].texts:
        if text.get_text() == "dead":
            continue
        rows.setdefault(text.get_position()[1], []).append(text.get_text())
    said = [tuple(row) for row in rows.values()]
    layers = [("input layer", "0"), ("hidden layer", "50,240"), ("output layer", "650"),
              ("in all", "50,890")]  # fmt: skip
    assert [row for row in said if len(row) == 2] == layers
    notes = ["50,176 weights: 64 hidden units × 784 pixels", "784 values,\nno parameters",
             "← 50,176 weights", "64 biases", "640 weights", "10 biases"]  # fmt: skip
    assert sorted(row[0] for row in said if len(row) == 1) == sorted(notes)


def test_each_dead_unit_is_marked_on_its_own_image(record: Record) -> None:
    found = record("network_parameters", lr=0.1)  # so large a rate kills some
    with themes.use("dark"), canvas.style(), telling("network_parameters", found):
        fig = figure.draw(found)
        ax = fig.axes[0]
        marks = [text.get_position() for text in ax.texts if text.get_text() == "dead"]
    x = np.array(found.weight_1.values).reshape(64, -1)
    data = load(specs.Data(name="mnist", n_train=200, n_test=100), Choice.embedded())
    expected = (data.x_train @ x.T + found.bias_1.values <= 0).all(0)
    assert len(marks) == expected.sum() > 0
    for image, dead in zip(ax.images[:64], expected, strict=True):
        left, right, bottom, top = image.get_extent()
        here = [left < at[0] < right and top < at[1] < bottom for at in marks]
        assert sum(here) == dead
    assert str(expected.sum()) in fill(figure.VISUAL, found.attrs).caption


def test_the_table_adds_up(recorded: Recorded) -> None:
    made, _, _, _ = table("network_parameters", recorded)
    cells = [[str(cell.value) for cell in row] for row in made.cells]
    assert [row[0] for row in cells] == ["input", "hidden", "output", "in all"]
    numbers = [["784", "0", "0", "0"], ["64", "50,176", "64", "50,240"],
               ["10", "640", "10", "650"], ["–", "50,816", "74", "50,890"]]  # fmt: skip
    assert [row[1:] for row in cells] == numbers
    assert [made.cells[i][2].note for i in (1, 2)] == ["784 × 64", "64 × 10"]
    shares = [f"{share}\N{NARROW NO-BREAK SPACE}%" for share in ("98.7", "1.3")]
    assert [made.cells[i][4].note for i in range(4)] == ["", *shares, ""]
