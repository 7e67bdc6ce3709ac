"""Critical points are critical, their spectra are the Hessian's, and drawn is what was recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from look import theme
from look.theme import color
from simulate import specs
from simulate.data import _load
from simulate.errors import RunError
from simulate.experiments.losses import saddle_fraction
from simulate.measures import hessians
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line


def test_points_are_critical_and_some_are_saddles(record: Record) -> None:
    found = record("saddle_fraction")
    assert (found.grad_norm < found.attrs["tolerance"]).all()
    assert found.attrs["n_points"] == found.sizes["example"]
    share = found.share.values
    assert ((share >= 0) & (share < 1)).all()
    assert ((share > 0) == (found.lowest.values < 0)).all()
    idle = found.isel(example=found.idle.values > 0)
    assert (idle.share > 0).all(), "an idle unit is a way down"
    minima = (found.end_lowest > 0) & (found.end_grad_norm < found.attrs["tolerance"])
    assert found.attrs["n_minima"] == int(minima.sum())
    apart = (found.end_loss.where(minima).max("example_end")
             - found.end_loss.where(minima).min("example_end")).fillna(0)  # fmt: skip
    attrs = found.attrs
    assert attrs["apart_spread"] == apart.max()
    assert attrs["apart_spread"] == apart.sel(run=str(attrs["apart"]))
    assert attrs["widest_spread"] == apart.sel(run=str(attrs["widest"]))
    assert bool(attrs["local_minima"]) == (attrs["apart_spread"] > 1e-6)
    np.testing.assert_allclose(found.end_spread, np.ptp(found.end_loss.values, axis=1))


def test_without_hidden_units_the_loss_is_that_of_the_class_frequencies(record: Record) -> None:
    """All units idle: only the outputs' biases are left, and without penalty they are exact."""
    found = record("saddle_fraction", penalty=1e-3)
    at = found.isel(example=found.idle.values == found.width.values)
    data = _load.load(specs.Data(name="coarse_digits", n_train=60, settings={"side": 2}))
    shares = np.bincount(data.y_train) / len(data.y_train)
    np.testing.assert_allclose(at.loss, -(shares * np.log(shares)).sum(), atol=1e-3)


def test_a_search_ends_at_a_saddle_with_as_many_ways_down() -> None:
    def surface(theta: torch.Tensor) -> torch.Tensor:
        x, y, z = theta
        return x**4 / 4 - x**2 / 2 + (y - 0.3) ** 2 + x * z + z**2

    start = np.array([0.1, 0.0, 0.1])
    n_down = (hessians.eigenvalues(surface, start) < 0).sum()
    end = saddle_fraction._follow(surface, start, 50)
    assert n_down == 1
    np.testing.assert_allclose(end, [0, 0.3, 0], atol=1e-6)


def test_idle_units_change_no_output() -> None:
    narrow, wide = (
        models.make("mlp", {"widths": [4, n, 10], "activation": "tanh"}).double() for n in (3, 5)
    )
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 4)), rng.integers(0, 10, 20)
    theta = rng.normal(size=sum(p.numel() for p in narrow.parameters()))
    padded = saddle_fraction._padded(theta, 3, 5, 4, 10)
    values = [
        hessians.loss_of(net, "cross_entropy", x, y, 0.1)(torch.as_tensor(at)).item()
        for net, at in ((narrow, theta), (wide, padded))
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-12)


def test_the_title_says_what_was_measured() -> None:
    rising = [[(1.0, 0.0), (2.0, 0.1), (3.0, 0.1)], [(0.5, 0.0), (1.5, 0.2)]]
    exception = [*rising, [(1.0, 0.1), (1.4, 0.0), (2.0, 0.3)]]
    assert saddle_fraction._verdict(rising, [0.9, 0.85]) == "always"
    assert saddle_fraction._verdict(exception, [0.9, 0.85]) == "mostly"
    for unclear in ([0.9, 0.1], [0.9, float("nan")], [-0.9, -0.9]):
        assert saddle_fraction._verdict(rising, unclear) == "neither"


def test_descent_that_ends_nowhere_is_an_error(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saddle_fraction, "_end", lambda loss, theta: theta)  # it does not descend
    with pytest.raises(RunError, match=r"below 1e-06; take a larger penalty than 0\.05"):
        record("saddle_fraction", penalty=0.05)


def test_what_is_drawn_is_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_fraction", recorded)
    hero = found.run_whole.values[0]
    here = found.width.values == int(hero)
    n = int(found.n_params.sel(run=hero))
    told = {text.get_text(): text.xy for text in fig.axes[0].texts if hasattr(text, "xy")}
    for kind, searched in (("found", True), ("idle", False)):
        points = line(fig, kind)
        which = here & ((found.idle.values < 0) == searched)
        np.testing.assert_array_equal(points.get_ydata(), found.loss.values[which])
        _stand_beside_each_other(points, n * found.share.values[which])
    searched = here & (found.idle.values < 0)
    if searched.any():
        top = np.flatnonzero(searched)[found.loss.values[searched].argmax()]
        down = round(n * float(found.share[top]))
        assert told[f"{down} of {n} directions\nlead down from here"][1] == float(found.loss[top])
    idle = found.idle.values[here & (found.idle.values >= 0)].tolist()
    for k in set(idle):
        times = f", {idle.count(k)} times" if idle.count(k) > 1 else ""
        at = told[f"{k} of {hero} units idle{times}"]
        np.testing.assert_allclose(at[1], found.loss.values[here & (found.idle.values == k)].mean())
    ends, height = line(fig, "ends"), found.end_loss.sel(run=hero)
    np.testing.assert_array_equal(ends.get_ydata(), height)
    _stand_beside_each_other(ends, np.zeros(len(height)))  # an end of descent has no way down
    assert f"{len(height)} descents end here, side\nby side: nothing leads down" in told
    assert len({line(fig, kind).get_marker() for kind in ("found", "idle", "ends")}) == 3


def _stand_beside_each_other(points: Line2D, across: np.ndarray) -> None:
    """All marks are seen, and those of one place lie about it."""
    aside = np.asarray(points.get_xdata()) - across
    for place in np.unique(across.round(9)):
        assert abs(aside[across.round(9) == place].sum()) < 1e-6
    assert points.axes is not None
    seen = points.axes.transData.transform(points.get_xydata())
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)[np.triu_indices(len(seen), 1)]
    assert (apart > 0.7 * points.get_markersize() * points.axes.figure.dpi / 72).all()
    assert not points.get_clip_on()
    assert (np.abs(aside) < 1).all()


def test_all_words_are_the_points_and_sketches_curve_as_they_say(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_fraction", recorded)
    hero = int(found.run_whole.values[0])
    here = found.isel(example=found.width.values == hero)
    n = 4 * hero + hero + 10 * hero + 10  # from 2 × 2 fields to ten digits
    chart, *sketches = fig.axes
    expected = {f"loss, with {hero} hidden unit{'s' if hero > 1 else ''}": 0.0}
    down = n * here.share.values
    for k in sorted(set(here.idle.values[here.idle.values >= 0].tolist())):
        alike = here.idle.values == k
        times = f", {alike.sum()} times" if alike.sum() > 1 else ""
        expected[f"{k} of {hero} units idle{times}"] = down[alike].mean()
    if (here.idle < 0).any():
        searched = np.flatnonzero(here.idle < 0)
        top = searched[here.loss.values[searched].argmax()]
        expected[f"{down[top]:.0f} of {n} directions\nlead down from here"] = down[top]
    n_ends = found.sizes["example_end"]
    rightmost = line(fig, "ends").get_xdata().max()  # of the marks side by side at 0
    expected[f"{n_ends} descents end here, side\nby side: nothing leads down"] = rightmost
    told = {text.get_text(): text.xy[0] for text in chart.texts if isinstance(text, Annotation)}
    assert told == pytest.approx(expected)
    assert chart.get_xlabel() == f"directions that lead down, of {n}"
    with theme.use("dark"):
        hues = {1: color("positive"), -1: color("negative")}
    for ax, words, signs in zip(
        sketches,
        ("a saddle: one up, one down", "a minimum: all ways up"),
        ((1, -1), (1, 1)),
        strict=True,
    ):
        assert [text.get_text() for text in ax.texts if text.get_text()] == [words]
        curves = [each for each in ax.get_lines() if len(each.get_xdata()) > 1]
        for each, sign in zip(curves, signs, strict=True):
            y = each.get_ydata()
            assert np.sign(y[0] + y[-1] - 2 * y[len(y) // 2]) == sign
            assert each.get_color() == hues[sign]


def test_coarse_digits_are_averages_of_the_digits() -> None:
    fine = _load.load(specs.Data(name="mnist", n_train=60))
    coarse = _load.load(specs.Data(name="coarse_digits", n_train=60, settings={"side": 2}))
    assert coarse.x_train.shape == (60, 4)
    corner = fine.x_train.reshape(-1, 28, 28)[:, :14, :14].mean((1, 2))
    assert np.corrcoef(corner, coarse.x_train[:, 0])[0, 1] == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(coarse.x_train.mean(0), 0, atol=1e-5)
    assert coarse.x_train.std() == pytest.approx(1, abs=1e-5)
