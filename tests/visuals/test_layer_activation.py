"""A dense layer as matrices: A = h(XW + b), as recorded, as drawn, and as written out."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from figures.networks import _units as units
from figures.parts import canvas
from look import theme
from look.theme import color
from simulate import specs
from simulate.data._load import load
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import said, value


@pytest.mark.parametrize("steps", [40, 200])
def test_the_layer_is_its_formula(record: Record, steps: int) -> None:
    found = record("layer_activation", steps=steps)
    n_features, n_units = found.weight.shape
    layer = torch.nn.Linear(n_features, n_units, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(found.weight.values.T))
        layer.bias.copy_(torch.from_numpy(found.bias.values))
        z = layer(torch.from_numpy(found.input.values))
    np.testing.assert_allclose(found.z, z, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.activation, z.relu(), rtol=0, atol=1e-12)
    assert 0 < found.attrs["silent"] < 1
    assert found.attrs["silent"] == (found.activation == 0).mean()


def test_the_batch_is_of_test_flowers_and_the_weights_are_trained(record: Record) -> None:
    found = record("layer_activation", steps=200)
    assert found.attrs["test_accuracy"] >= 0.9
    assert found.label.values.tolist() == [0, 0, 1, 1, 2, 2]
    data = load(specs.Data(name="iris"))
    for x, label in zip(found.input.values, found.label.values, strict=True):
        same = (np.abs(data.x_test - x) <= 0.05 + 1e-6).all(1)
        assert label in data.y_test[same]
    with pytest.raises(UserError, match="of_each is 11"):
        record("layer_activation", of_each=11)


def test_cells_show_and_say_the_recorded_numbers(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_activation", recorded, "light")
    texts = said(fig)
    numbers = [value(text) for text in texts if re.fullmatch(r"−?\d+\.\d", text)]
    in_order = [found.input, found.z, found.activation, found.weight, found.bias]
    expected = np.concatenate([each.values.ravel() for each in in_order])
    np.testing.assert_allclose(numbers, expected, atol=0.05 + 1e-9)
    cells = [p for p in fig.axes[0].patches if isinstance(p, Rectangle) and p.get_fill()]
    assert len(cells) == expected.size
    with theme.use("light"), canvas.style():
        most = float(np.abs(found.z).max())
        at = found.input.size
        for cell, z in zip(cells[at : at + found.z.size], found.z.values.ravel(), strict=True):
            np.testing.assert_allclose(cell.get_facecolor(), units.tint(z, most))
        assert np.allclose(units.tint(0.0, most), to_rgba(color("background")))


def test_frames_mark_the_entries_that_are_written_out(recorded: Recorded) -> None:
    """Each pair of frames holds a row of X, a column of W, its bias, and what they give."""
    fig, (found,) = drawn("layer_activation", recorded, "light")
    ax = fig.axes[0]
    frames = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    numbers = [t for t in ax.texts if re.fullmatch(r"−?\d+\.\d", t.get_text())]
    z = found.z.values
    for solid, at, which in (
        (True, np.unravel_index(z.argmax(), z.shape), "framed"),
        (False, np.unravel_index(z.argmin(), z.shape), "dashed"),
    ):
        i, j = (int(each) for each in at)
        inside = []
        for frame in frames:
            if (frame.get_linestyle() in ("-", "solid")) == solid:
                inside.append([
                    value(t.get_text()) for t in numbers
                    if frame.get_bbox().contains(*t.get_position())
                ])  # fmt: skip
        expected = [found.input.values[i], found.weight.values[:, j], found.bias.values[[j]],
                    z[[i], j], np.maximum(z[[i], j], 0)]  # fmt: skip
        assert [len(each) for each in inside] == [len(each) for each in expected]
        for shown, recorded_ones in zip(inside, expected, strict=True):
            np.testing.assert_allclose(shown, recorded_ones, atol=0.05 + 1e-9)
        assert f"{which}: row {i + 1} of X, column {j + 1} of W" in said(fig)
    cells = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    with theme.use("light"):
        towards = np.subtract(*(to_rgba(color(t))[:3] for t in ("positive", "negative")))
        white = np.array(to_rgba(color("background"))[:3])
    matrices = [found.input, found.z, found.activation, found.weight, found.bias]
    values = np.concatenate([each.values.ravel() for each in matrices])
    for cell, number in zip(cells, values, strict=True):
        shown_sign = np.sign((np.array(cell.get_facecolor()[:3]) - white) @ towards)
        assert shown_sign == np.sign(number) or abs(number) < 0.05
    letters = {t.get_text(): t.get_position() for t in ax.texts if t.get_text() in
               ("$X$", "$W$", "$Z$", "$A$")}  # fmt: skip
    first = 0
    for letter, matrix in zip("XZAW", matrices, strict=False):
        left, top = cells[first].get_xy()
        nearest = min(letters, key=lambda k, x=left, y=top: np.hypot(
            letters[k][0] - x, letters[k][1] - y))  # type: ignore[misc]  # fmt: skip
        assert nearest == f"${letter}$"
        first += matrix.size


def test_sums_written_out_come_to_what_they_say(recorded: Recorded) -> None:
    fig, _ = drawn("layer_activation", recorded)
    texts = said(fig)
    sums = [text for text in texts if " · " in text and " = " in text]
    shifts = [text for text in texts if " + " in text and " · " not in text and " = " in text]
    bends = [text for text in texts if text.startswith("$h$(")]
    assert len(sums) == len(shifts) == len(bends) == 2
    for written, shift, bend in zip(sums, shifts, bends, strict=True):
        left, product = written.split(" = ")
        products = left.replace("(", "").replace(")", "").split(" + ")
        total = sum(value(a) * value(b) for a, b in (each.split(" · ") for each in products))
        assert total == pytest.approx(value(product), abs=1e-9)
        left, right = shift.replace("(", "").replace(")", "").split(" = ")
        same, bias = left.split(" + ")
        assert same == product
        assert total + value(bias) == pytest.approx(value(right), abs=1e-9)
        z, a = (value(number) for number in re.findall(r"−?\d+\.\d\d", bend))
        assert z == value(right)
        assert a == max(z, 0)
