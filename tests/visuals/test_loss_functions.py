"""The worked losses, the slopes, and that they are drawn as recorded."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Annotation

from look import theme
from look.theme import color
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line


def test_worked_points(record: Record) -> None:
    found = record("loss_functions")
    pairs = list(zip(found.worked_target.values, found.worked_prediction.values, strict=True))
    assert pairs == [(0, 0.24), (1, 0.82)]
    bce = found.worked_loss.sel(run="binary cross-entropy").values
    assert bce.round(4).tolist() == [0.2744, 0.1985]
    squared = found.worked_loss.sel(run="squared error").values
    np.testing.assert_allclose(squared, [0.24**2, 0.18**2])
    assert found.attrs["softmax_loss"] == pytest.approx(-np.log(found.softmax.values[1]))
    assert found.softmax.values.round(4).tolist() == [0.1025, 0.7573, 0.1025, 0.0377]


def test_cross_entropy_has_its_minus_sign(record: Record) -> None:
    found = record("loss_functions")
    p = found.prediction.values
    assert (found.cross_entropy > 0).all()
    np.testing.assert_allclose(found.cross_entropy, -np.log(p), rtol=1e-9)
    both = found.loss.sel(run="binary cross-entropy")
    np.testing.assert_allclose(both.sel({"class": 1}), -np.log(p), rtol=1e-9)
    np.testing.assert_allclose(both.sel({"class": 0}), -np.log1p(-p), rtol=1e-9)


def test_slopes_are_those_of_the_formulas(record: Record) -> None:
    found = record("loss_functions")
    p = found.prediction.values
    for target in (0, 1):
        slope = found.slope.sel({"class": target})
        squared = 2 * (p - target) * p * (1 - p)
        np.testing.assert_allclose(slope.sel(run="squared error"), squared, atol=1e-12)
        np.testing.assert_allclose(slope.sel(run="binary cross-entropy"), p - target, atol=1e-12)


def test_a_sure_mistake_costs_and_pulls_more(record: Record) -> None:
    attrs = record("loss_functions").attrs
    assert attrs["wrong_mse"] == pytest.approx(0.99**2)
    assert attrs["wrong_bce"] == pytest.approx(-np.log(0.01))
    assert attrs["wrong_slope_bce"] == pytest.approx(-0.99)
    assert abs(attrs["wrong_slope_bce"]) > 40 * abs(attrs["wrong_slope_mse"]) > 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"worked": ((0.5, 0.2),)}, "target 0.5 and the prediction 0.2"),
        ({"worked": ((1.0, 1.0),)}, "target 1 and the prediction 1;"),
        ({"label": 4}, "label is 4; there are 4 logits"),
        ({"wrong": 0.7}, "wrong is 0.7; take a prediction between 0 and 0.5"),
    ],
)
def test_settings_that_cannot_be(record: Record, settings: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        record("loss_functions", **settings)


def test_what_is_drawn_is_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("loss_functions", recorded)
    texts, below = (" ".join(text.get_text() for text in ax.texts) for ax in fig.axes)
    at = np.log(found.attrs["wrong"] / (1 - found.attrs["wrong"]))
    p = 1 / (1 + np.exp(-found["sum"].values))
    dots = {tuple(np.ravel(each.get_data()).round(3)) for each in fig.axes[0].get_lines()
            if len(each.get_xdata()) == 1}  # fmt: skip
    pulled = {tuple(np.ravel(each.get_data()).round(3)) for each in fig.axes[1].get_lines()
              if len(each.get_xdata()) == 1}  # fmt: skip
    for name, curve, slope, cost, pull in (
        ("squared error", (1 - p) ** 2, 2 * p * (1 - p) ** 2, 0.99**2, 2 * 0.99 * 0.99 * 0.01),
        ("binary cross-entropy", -np.log(p), 1 - p, -np.log(0.01), 0.99),
    ):
        np.testing.assert_array_equal(line(fig, name).get_xdata(), found["sum"])
        np.testing.assert_allclose(line(fig, name).get_ydata(), curve, atol=1e-9)
        np.testing.assert_allclose(line(fig, name, 1).get_ydata(), slope, atol=1e-9)
        assert (round(at, 3), round(cost, 3)) in dots
        assert (round(at, 3), round(pull, 3)) in pulled
        assert f"costs {cost:.2f}" in texts
        assert f"pulls with {pull:.2f}" in below
    assert len(dots) == len(pulled) == 2, "nothing else is marked"
    assert "pulls with 0.02: gives up" in below


def test_every_word_is_at_what_it_says(recorded: Recorded) -> None:
    """All words of both panels, each with the curve that goes through the point it is tied to."""
    fig, (found,) = drawn("loss_functions", recorded)
    z, p = found["sum"].values, 1 / (1 + np.exp(-found["sum"].values))
    mse, bce = "squared error", "binary cross-entropy"
    curves = [{mse: (1 - p) ** 2, bce: -np.log(p)}, {mse: 2 * p * (1 - p) ** 2, bce: 1 - p}]
    percent = "\N{NARROW NO-BREAK SPACE}%"
    expected = [
        {f"costs {0.99**2:.2f}": mse, f"costs {-np.log(0.01):.2f}": bce,
         "squared error $(1-p)^2$": mse, "cross-entropy $-\\log\\,p$": bce,
         f"1{percent} sure\nof the truth": "", "cost": ""},
        {f"pulls with {2 * 0.99**2 * 0.01:.2f}: gives up": mse, f"pulls with {0.99:.2f}": bce,
         "pull $-dL\\,/\\,dz$": ""},
    ]  # fmt: skip
    for panel, (ax, own, words) in enumerate(zip(fig.axes, curves, expected, strict=True)):
        told = {text.get_text(): text.xy for text in ax.texts if isinstance(text, Annotation)}
        assert set(told) == set(words)
        for text, name in words.items():
            if name:
                x, y = told[text]
                assert np.interp(x, z, own[name]) == pytest.approx(y, abs=0.02)
        with theme.use("dark"):
            hues = {mse: color("indigo"), bce: color("vermillion")}
        assert {name: line(fig, name, panel).get_color() for name in hues} == hues
        for each in ax.get_lines():
            if len(each.get_xdata()) == 1:
                ((x, y),) = each.get_xydata()
                name = min(own, key=lambda key: abs(np.interp(x, z, own[key]) - y))
                assert each.get_markerfacecolor() == hues[name]
    told_ticks = dict(zip(fig.axes[1].get_xticks(), fig.axes[1].get_xticklabels(), strict=True))
    for at, tick in told_ticks.items():
        assert tick.get_text() == f"{100 / (1 + np.exp(-at)):.0f}{percent}"
    assert len(told_ticks) >= 3
