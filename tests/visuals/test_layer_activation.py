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
from look.numbers import fixed
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
    data = load(specs.Data(name="iris", seed=found.attrs["seed"]))
    for x, label in zip(found.input.values, found.label.values, strict=True):
        same = (np.abs(data.x_test - x) <= 0.05 + 1e-6).all(1)
        assert label in data.y_test[same]
    with pytest.raises(UserError, match="of_each is 11"):
        record("layer_activation", of_each=11)


def test_cells_show_the_recorded_numbers_and_two_paths_say_them(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_activation", recorded, "light")
    ax = fig.axes[0]
    z = found.z.values
    cells = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    shown = (found.input, found.weight, found.bias, found.z, found.activation)
    values = np.concatenate([each.values.ravel() for each in shown])
    assert len(cells) == values.size
    most = [np.abs(found.input).max(), max(np.abs(found.weight).max(), np.abs(found.bias).max())]
    scales = [most[0], most[1], most[1], np.abs(z).max(), np.abs(z).max()]
    scale = np.repeat([float(each) for each in scales], [each.size for each in shown])
    with theme.use("light"), canvas.style():
        for cell, number, most in zip(cells, values, scale, strict=True):
            np.testing.assert_allclose(cell.get_facecolor(), units.tint(number, most))

    # what stands in each cell: the two rows, columns and entries that are framed, and all of A
    high = np.unravel_index(z.argmax(), z.shape)
    other = found.label.values != found.label.values[high[0]]
    low = np.unravel_index(np.where(other[:, None], z, np.inf).argmin(), z.shape)
    assert z[low] < 0 < z[high]
    told = [np.zeros(each.shape, dtype=bool) for each in shown]
    for i, j in (high, low):
        told[0][i], told[1][:, j], told[2][j] = True, True, True
        told[3][i, j] = told[4][i, j] = True
    decimals = np.repeat([1, 1, 1, 2, 2], [each.size for each in shown])
    texts = {
        (round(x, 6), round(y, 6)): text.get_text()
        for text in ax.texts
        for x, y in [text.get_position()]
    }
    framed = np.concatenate([each.ravel() for each in told])
    last = np.arange(values.size) >= values.size - z.size
    for cell, number, here, places in zip(cells, values, framed | last, decimals, strict=True):
        box = cell.get_bbox()
        middle = (round((box.x0 + box.x1) / 2, 6), round((box.y0 + box.y1) / 2, 6))
        assert texts.get(middle) == (fixed(number, places) if here else None)
    frames = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    assert len(frames) == 2 * 6, "a row, a column, b, Z, A, and the one before its line"


def test_frames_mark_the_entries_that_are_written_out(recorded: Recorded) -> None:
    """Each pair of frames holds a row of X, a column of W, its bias, and what they give."""
    fig, (found,) = drawn("layer_activation", recorded, "light")
    ax = fig.axes[0]
    frames = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    numbers = [t for t in ax.texts if re.fullmatch(r"−?\d+\.\d\d?", t.get_text())]
    z, label = found.z.values, found.label.values
    high = np.unravel_index(z.argmax(), z.shape)
    other = label != label[high[0]]  # the least of another species
    low = np.unravel_index(np.where(other[:, None], z, np.inf).argmin(), z.shape)
    for solid, at in ((True, high), (False, low)):
        i, j = (int(each) for each in at)
        inside, tall = [], []
        for frame in frames:
            if (frame.get_linestyle() in ("-", "solid")) == solid:
                inside.append([
                    value(t.get_text()) for t in numbers
                    if frame.get_bbox().contains(*t.get_position())
                ])  # fmt: skip
                tall.append(frame.get_bbox())
        expected = [found.input.values[i], found.weight.values[:, j], found.bias.values[[j]],
                    z[[i], j], np.maximum(z[[i], j], 0), np.zeros(0)]  # fmt: skip
        assert [len(each) for each in inside] == [len(each) for each in expected]
        for shown, recorded_ones in zip(inside, expected, strict=True):
            np.testing.assert_allclose(shown, recorded_ones, atol=0.05 + 1e-9)
        # the last frame stands before the line that writes the sum out
        products = [f"{x:.1f} · {w:.1f}" for x, w in zip(*expected[:2], strict=True)]
        (written,) = (
            t.get_text() for t in ax.texts
            if " · " in t.get_text().replace("\u00a0", " ")
            and tall[-1].y0 < t.get_position()[1] < tall[-1].y1 + 1
        )  # fmt: skip
        plain = re.sub(r"[()]", "", written).replace("\u00a0", " ").replace("−", "-")
        assert plain.startswith(" + ".join(products))
    cells = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    with theme.use("light"):
        towards = np.subtract(*(to_rgba(color(t))[:3] for t in ("positive", "negative")))
        white = np.array(to_rgba(color("background"))[:3])
    matrices = [found.input, found.weight, found.bias, found.z, found.activation]
    values = np.concatenate([each.values.ravel() for each in matrices])
    for cell, number in zip(cells, values, strict=True):
        shown_sign = np.sign((np.array(cell.get_facecolor()[:3]) - white) @ towards)
        assert shown_sign == np.sign(number) or abs(number) < 0.05
    letters = {t.get_text(): t.get_position() for t in ax.texts if t.get_text() in
               ("$X$", "$W$", "$b$", "$Z$", "$A$")}  # fmt: skip
    first = 0
    for letter, matrix in zip("XWbZA", matrices, strict=True):
        left, top = cells[first].get_xy()
        x, y = letters[f"${letter}$"]
        assert abs(x - left) < 1
        assert 0 < top - y < 12, "over the first cell"
        first += matrix.size


def test_sums_written_out_come_to_what_they_say(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_activation", recorded)
    texts = [text.replace("\u00a0", " ") for text in said(fig)]
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
        assert z in found.z
