"""Critical points are critical, their spectra are the Hessian's, and drawn is what was recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.text import Annotation

import figures
from look import theme
from look.theme import color
from simulate import recording, specs
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
    down, loss = np.rint(n * found.share.values[here]), found.loss.values[here]
    height = found.end_loss.sel(run=hero).values
    saddles, minima = line(fig, "saddles"), line(fig, "minima")
    where = sorted(zip(down[down > 0].tolist(), loss[down > 0].tolist(), strict=True))
    assert fig.axes[0].get_xscale() == "linear"
    assert sorted(map(tuple, saddles.get_xydata().tolist())) == where, "none is pushed aside"
    assert (np.diff(saddles.get_ydata()) >= 0).all(), "the upper one lies on top"
    assert (minima.get_xdata() == 0).all()
    np.testing.assert_array_equal(minima.get_ydata(), _minima(height, loss[down == 0]))
    assert (saddles.get_marker(), minima.get_marker()) == ("o", "D")
    (band,) = (each for each in fig.axes[0].patches if each.get_label() == "minima")
    assert (band.get_x(), band.get_width()) == (-0.5, 1.0), "left of the first way down"


def _minima(ends: np.ndarray, searched: np.ndarray) -> list[float]:
    """Return the losses of all minima, those of searches that came to an end's place left out."""
    new = [loss for loss in searched if min(abs(loss - end) for end in ends) > 1e-6]
    return sorted([*ends, *new])


def _said_of_idle(places: int, k: int, units: int) -> str:
    times = f"{places} places:\n" if places > 1 else ""
    return f"{times}{k} of {units} units\n{'does' if k == 1 else 'do'} nothing"


def test_the_descents_and_their_heights_are_counted(recorded: Recorded) -> None:
    """A search's copy of an end is no mark; ends of one loss are one height."""
    fig, (found,) = drawn("saddle_fraction", recorded)
    hero = str(found.run_whole.values[0])
    (at, *_) = np.flatnonzero(found.width.values == int(hero))
    end = float(found.end_loss.sel(run=hero)[0])
    for off, more in ((1e-9, 0), (1e-3, 1)):  # a search finds an end again, or another minimum
        copied = found.copy(deep=True)
        copied.share[at], copied.loss[at], copied.idle[at] = 0.0, end + off, -1
        (chart, *_) = figures.draw("saddle_fraction", copied).axes
        (marks,) = (each for each in chart.get_lines() if each.get_label() == "minima")
        was = line(fig, "minima")
        here = found.isel(example=found.width.values == int(hero))
        before = len(was.get_xdata()) - _is_new(here, end)
        assert len(marks.get_xdata()) == before + more
        said = [text.get_text() for text in chart.texts if "descents" in text.get_text()]
        others = before + more - found.sizes["example_end"]
        tail = {0: "", 1: "; 1 more\nminimum was found"}.get(
            others, f"; {others} more\nminima were found"
        )
        lie = [round(each, 6) for each in marks.get_ydata().tolist()]
        assert said == [_said_of_ends(found.sizes["example_end"], len(set(lie))) + tail]


def _said_of_ends(n: int, heights: int) -> str:
    return f"{n} descents end here,\nat {'one' if heights == 1 else f'one of {heights}'} height" + (
        "s" if heights > 1 else ""
    )


def _is_new(here: xr.Dataset, end: float) -> int:
    """Tell whether the first point, which the test overwrites, is a minimum of its own mark."""
    return int(here.share.values[0] == 0 and abs(here.loss.values[0] - end) > 1e-6)


@pytest.mark.parametrize("layers", [0, 1])
def test_only_an_empty_column_is_said_to_be_empty(recorded: Recorded, layers: int) -> None:
    found = recording.load(recorded("saddle_fraction")).assign_attrs(layers=layers)
    (chart, *_) = figures.draw("saddle_fraction", found).axes
    said = [text for text in chart.texts if text.get_text() == "no minimum\nfound up here"]
    assert len(said) == layers
    lowest = max(each.get_ydata().max() for each in chart.get_lines()
                 if each.get_label() == "minima")  # fmt: skip
    (band,) = (each for each in chart.patches if each.get_label() == "minima")
    floor = chart.transData.inverted().transform(chart.transAxes.transform((0, band.get_y())))[1]
    assert (floor > lowest) == bool(layers)
    for text in said:
        assert text.xy[0] == 0.5, "beside it"
        assert text.xy[1] > floor


def test_all_words_are_the_points_and_sketches_curve_as_they_say(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_fraction", recorded)
    hero = int(found.run_whole.values[0])
    here = found.isel(example=found.width.values == hero)
    n = 4 * hero + hero + 10 * hero + 10  # from 2 × 2 fields to ten digits
    chart, *sketches = fig.axes
    expected = {f"loss of a network with {hero} hidden unit{'s' if hero > 1 else ''}": 0.0}
    down = n * here.share.values
    for k in sorted(set(here.idle.values[here.idle.values >= 0].tolist())):
        alike = here.idle.values == k
        expected[_said_of_idle(int(alike.sum()), k, hero)] = down[alike].mean()
    top = int(np.where(here.share > 0, here.loss, -np.inf).argmax())
    words = f"{down[top]:.0f} ways lead\ndown from here"
    if here.idle.values[top] >= 0 and (here.idle.values == here.idle.values[top]).sum() == 1:
        said = _said_of_idle(1, int(here.idle.values[top]), hero)
        del expected[said]
        words += f":\n{said}"
    expected[words] = down[top]
    ends = here.end_loss.sel(run=found.run_whole.values[0]).values
    minima = _minima(ends, here.loss.values[here.share.values == 0])
    assert len(minima) == len(ends)
    expected[_said_of_ends(len(ends), len({round(end, 6) for end in minima}))] = 0.0
    told = {text.get_text(): text.xy[0] for text in chart.texts if isinstance(text, Annotation)}
    told.pop("no minimum\nfound up here", None)
    assert told == pytest.approx(expected)
    assert chart.get_xlabel() == f"ways down, of {n} directions (one for each parameter)"
    with theme.use("dark"):
        hues = {1: color("positive"), -1: color("negative")}
    for ax, kind, words, signs in zip(
        sketches,
        ("minima", "saddles"),
        ("a minimum:\nall ways lead up", "a saddle:\nsome ways lead down"),
        ((1, 1), (1, -1)),
        strict=True,
    ):
        assert [text.get_text() for text in ax.texts if text.get_text()] == [words]
        curves = [each for each in ax.get_lines() if len(each.get_xdata()) > 1]
        for each, sign in zip(curves, signs, strict=True):
            y = each.get_ydata()
            assert np.sign(y[0] + y[-1] - 2 * y[len(y) // 2]) == sign
            assert each.get_color() == hues[sign]
        (dot,) = (each for each in ax.get_lines() if len(each.get_xdata()) == 1)
        mark = line(fig, kind).get_marker()
        assert dot.get_marker() == mark, "a sketch of that kind of mark"


def test_coarse_digits_are_averages_of_the_digits() -> None:
    fine = _load.load(specs.Data(name="mnist", n_train=60))
    coarse = _load.load(specs.Data(name="coarse_digits", n_train=60, settings={"side": 2}))
    assert coarse.x_train.shape == (60, 4)
    corner = fine.x_train.reshape(-1, 28, 28)[:, :14, :14].mean((1, 2))
    assert np.corrcoef(corner, coarse.x_train[:, 0])[0, 1] == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(coarse.x_train.mean(0), 0, atol=1e-5)
    assert coarse.x_train.std() == pytest.approx(1, abs=1e-5)
