"""One hidden unit: δ_j = h′(a_j) Σ w_kj δ_k, with the numbers that are printed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from figures.backpropagation import backprop_unit as figure
from look import theme
from simulate import specs
from simulate.data._load import load
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import said

NUMBER = r"\(?−?\d+\.\d+\)?"
SETTINGS: list[dict[str, Any]] = [{}, {"steps": 100}, {"seed": 3}, {"n_units": 3, "lr": 0.05}]


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_rule_holds(record: Record, settings: dict[str, Any]) -> None:
    found = record("backprop_unit", **settings)
    z, w, b = found.input.values, found.weight_in.values, float(found.bias)
    assert float(found.a) == pytest.approx(w @ z + b, abs=1e-12)
    assert float(found.z) == pytest.approx(np.tanh(w @ z + b), abs=1e-12)
    back = found.weight_out.values @ found.delta_out.values
    slope = 1 / np.cosh(w @ z + b) ** 2
    assert float(found.delta) == pytest.approx(slope * back, abs=1e-9)
    np.testing.assert_allclose(found.gradient, float(found.delta) * z, atol=1e-12)
    np.testing.assert_allclose(found.delta_out, found.probability - found.wanted, atol=1e-9)
    assert found.attrs["adds_up"] == (found.attrs["n_fit"] > 0)
    for name in ("weight_in", "weight_out", "input"):
        np.testing.assert_allclose(found[name], np.round(found[name], 1), atol=1e-12)


def test_the_error_is_that_of_the_whole_network(record: Record) -> None:
    """Moving the unit's sum by a little moves the loss by δ times as much."""
    found = record("backprop_unit")
    data = load(specs.Data(name="iris"))
    near = np.abs(np.round(data.x_test, 1) - found.input.values).max(1)
    label = int(data.y_test[near.argmin()])
    assert found.wanted.values.argmax() == label

    # all that doesn't hang on this unit is in the logits already
    logits = torch.log(torch.tensor(found.probability.values))
    w = torch.tensor(found.weight_out.values)

    def loss(a: float) -> float:
        moved = logits + w * (np.tanh(a) - float(found.z))
        return float(torch.nn.functional.cross_entropy(moved[None], torch.tensor([label])))

    a, step = float(found.a), 1e-5
    slope = (loss(a + step) - loss(a - step)) / (2 * step)
    assert slope == pytest.approx(float(found.delta), abs=1e-8)


def _numbers(text: str) -> str:
    return text.replace("−", "-").replace(r"\cdot", "*")


def test_what_is_printed_adds_up_as_printed(record: Record, recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_unit", recorded)
    assert found.attrs["adds_up"]
    lines = [text.strip("$") for text in said(fig) if text.startswith("$")]
    z_line, a_label, slope_line, delta_label, back_line, delta_line = lines
    a = f"{found.input.values @ found.weight_in.values + float(found.bias):.2f}".replace("-", "−")
    assert a_label == f"a_j = {a}"
    z, slope = (_numbers(each.split(" = ")[-1]) for each in (z_line, slope_line))
    assert f"{np.tanh(float(_numbers(a))):.3f}" == z
    assert f"{1 - float(z) ** 2:.3f}" == slope
    *_, terms, back = back_line.split(" = ")
    assert f"{eval(_numbers(terms)):.3f}" == _numbers(back)
    *_, product, delta = delta_line.split(" = ")
    assert f"{eval(_numbers(product)):.3f}" == _numbers(delta)
    assert delta_label == rf"\delta_j = {delta}"
    assert [t for t in said(fig) if t == back] == [back], "where the lines meet"
    assert [t for t in said(fig) if t == f"× {slope}"] == [f"× {slope}"], "on the way back"
    # errors in the circles and weights at the lines give the terms
    n = found.sizes["class"]
    errors = [float(_numbers(t)) for t in said(fig) if re.fullmatch(r"−?\d\.\d{3}", t)][:n]
    weights = [
        float(_numbers(t[2:])) for t in said(fig) if t.startswith("× ") and t != f"× {slope}"
    ][-n:]
    printed = re.findall(r"[-+]? ?\d+\.\d{4}", _numbers(back_line.split(" = ")[-2]))
    for w, error, term in zip(weights, errors, printed, strict=True):
        assert w * error == pytest.approx(float(term.replace(" ", "")), abs=1e-9), "not rounded"
    # inputs and weights as printed add up to a
    weights = [float(_numbers(t[2:])) for t in said(fig) if t.startswith("× ")][: -n - 1]
    ins = [float(_numbers(t)) for t in said(fig) if re.fullmatch(r"−?\d(\.\d)?", t)]
    assert f"{np.dot(weights, ins):.2f}" == _numbers(a)


def test_the_slope_makes_what_goes_back_narrower(recorded: Recorded) -> None:
    for fig in (drawn("backprop_unit", recorded)[0], narrow("backprop_unit", recorded)):
        assert fig is not None
        found = drawn("backprop_unit", recorded)[1][0]
        back, delta = line(fig, "back"), line(fig, "delta")
        wide = [each.get_linewidth() for each in (back, delta)]
        assert wide[1] / wide[0] == pytest.approx(float(found.slope))
        lines = [each for each in fig.axes[0].collections if isinstance(each, LineCollection)][1]
        most = np.abs(found.pull.values).max()
        assert wide[0] / lines.get_linewidths()[-1] == pytest.approx(abs(float(found.back)) / most)
        # it goes on where the lines meet, from there to the other side
        meet = {tuple(each[1]) for each in lines.get_segments()}
        assert meet == {tuple(np.transpose(back.get_data())[0])}
        assert tuple(np.transpose(back.get_data())[-1]) == tuple(np.transpose(delta.get_data())[0])
        assert delta.get_xdata()[-1] < delta.get_xdata()[0]
        (hero,) = [t for t in fig.axes[0].texts if t.get_gid() == "hero"]
        assert hero.get_position()[1] < delta.get_ydata()[0], "over its arrow"


def test_lines_carry_what_they_bring_and_the_tangent_touches(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_unit", recorded)
    ax = fig.axes[0]
    left, right = [each for each in ax.collections if isinstance(each, LineCollection)]
    for lines, values in (
        (left, [*found.contribution.values, float(found.bias)]),
        (right, found.pull.values),
    ):
        size = np.sort(np.abs(values))
        widths = np.asarray(lines.get_linewidths())
        thin = figure.THIN / figure.WAY  # the smallest is still seen
        np.testing.assert_allclose(widths / widths[-1], np.maximum(size / size[-1], thin))
    x0, x1, middle = figure.CURVE
    reach = min(max(figure.REACH, abs(float(found.a)) + 0.5), float(found.curve_a[-1]))
    half = (x1 - x0) / (2 * reach)  # of the height from −1 to 1: on equal axes slopes are angles
    low, high = middle + half, middle - half

    def data(curve: Line2D) -> tuple[np.ndarray, np.ndarray]:
        x, y = np.asarray(curve.get_xdata()), np.asarray(curve.get_ydata())
        return ((x - x0) / (x1 - x0) * 2 - 1) * reach, (y - low) / (high - low) * 2 - 1

    a, z = data(line(fig, "tanh"))
    np.testing.assert_allclose(z, np.tanh(a), atol=1e-9)
    a, z = data(line(fig, "tangent"))
    assert (z[1] - z[0]) / (a[1] - a[0]) == pytest.approx(float(found.slope))
    assert a.mean() == pytest.approx(float(found.a))
    assert z.mean() == pytest.approx(float(found.z))
    (across, up) = (np.ptp(line(fig, "tangent").get_data()[k]) for k in (0, 1))
    assert up / across == pytest.approx(abs(float(found.slope))), "as steep as it says"


def test_each_line_has_its_own_words_width_and_sign(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_unit", recorded)
    ax = fig.axes[0]
    left, right = [each for each in ax.collections if isinstance(each, LineCollection)]

    def plain(number: float, decimals: int) -> str:
        return f"{round(number, decimals) + 0:.{decimals}f}".replace("-", "−")

    ways = [
        [name, plain(z, 1), f"× {plain(w, 1)}"]
        for name, z, w in zip(found.feature.values, found.input.values, found.weight_in.values,
                              strict=True)
    ]  # fmt: skip
    ways.append(["bias", "1", f"× {plain(float(found.bias), 2)}"])
    returns = [
        [name, plain(error, 3), f"× {plain(w, 1)}"]
        for name, error, w in zip(found["class"].values, found.delta_out.values,
                                  found.weight_out.values, strict=True)
    ]  # fmt: skip
    brought = [*found.input.values * found.weight_in.values, float(found.bias)]
    passed = found.delta_out.values * found.weight_out.values
    with theme.use("dark"):
        signs = {sign: theme.color(name).lower() for sign, name in
                 ((1, "positive"), (-1, "negative"))}  # fmt: skip
        grey = dict.fromkeys((1, -1), theme.color("muted").lower())  # what goes forward
    for lines, told, values, body, hues in (
        (left, ways, brought, figure.BODY[0], grey),
        (right, returns, passed, figure.BODY[2], signs),
    ):
        segments = np.array(lines.get_segments())
        heights = np.sort(segments[:, 0, 1])
        assert len(heights) == len(values)
        rows = heights.searchsorted(segments[:, 0, 1])
        inks = dict(zip(rows.tolist(), map(to_hex, lines.get_colors()), strict=True))
        widths = dict(zip(rows.tolist(), lines.get_linewidths(), strict=True))
        assert {k: inks[k] for k, v in enumerate(values) if abs(v) > 0.005} == {
            k: hues[int(np.sign(v))] for k, v in enumerate(values) if abs(v) > 0.005}  # fmt: skip
        order = np.argsort(np.abs(values))
        assert (np.diff([widths[int(k)] for k in order]) >= -1e-9).all()
        side = np.sign(segments[0, 0, 0] - body)
        ordered = segments[np.argsort(segments[:, 0, 1])]
        found_: list[list[str]] = [[] for _ in values]
        for text in ax.texts:
            x, y = text.get_position()
            if side * (x - body) <= 0:
                continue
            # on the line, or beside its beginning
            at = [np.interp(x, *(end[:: int(side)] for end in segment.T[:, ::-1]))
                  for segment in ordered]  # fmt: skip
            off = np.abs(np.array(at) - y)
            if off.min() < 7:
                found_[int(off.argmin())].append(text.get_text())
        assert [sorted(each) for each in found_] == [sorted(each) for each in told]


def test_the_narrow_form_says_the_same_sums_from_top_to_bottom(recorded: Recorded) -> None:
    fig, wide = narrow("backprop_unit", recorded), drawn("backprop_unit", recorded)[0]
    assert fig is not None
    sums, others = ([t for t in said(f) if t.startswith("$")] for f in (fig, wide))
    assert sums == others
    texts = said(fig)
    assert {t for t in said(wide) if t.startswith("× ")} <= set(texts)
    ax = fig.axes[0]
    for lines in ax.collections:
        if isinstance(lines, LineCollection):
            segments = np.array(lines.get_segments())
            assert np.ptp(segments[:, 0, 1]) == 0, "a row of units"
