"""moving_averages: what each of them is, how late, how it starts; and what is drawn of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from manim import ValueTracker

from scenes.optimizers import moving_averages
from scenes.parts.charts import Chart
from simulate.errors import UserError
from simulate.experiments.optimizers import moving_averages as experiment
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen
from tests.visuals._whole import colored, labels, nearest, points
from tests.visuals.test_mechanism_films import staged


def running(values: np.ndarray, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return E ← β E + (1 − β) x as it goes, and divided by 1 − βᵗ."""
    found, e = [], 0.0
    for x in values.tolist():
        e = beta * e + (1 - beta) * x
        found.append(e)
    plain = np.array(found)
    return plain, plain / (1 - beta ** np.arange(1.0, len(plain) + 1))


def test_exponential_averages_are_the_recursion_corrected_at_its_end(record: Record) -> None:
    found = record("moving_averages")
    value = found.value.values
    for beta, average in zip(found.beta.values, found.ewa.values, strict=True):
        np.testing.assert_allclose(average, running(value, float(beta))[1], rtol=1e-12)
    for name, beta in (("low", 0.3), ("middle", 0.7), ("high", 0.9)):
        np.testing.assert_allclose(found.average.sel(run=name), running(value, beta)[1], rtol=1e-12)
    np.testing.assert_allclose(found.plain, running(value, 0.9)[0], rtol=1e-12)


def test_beta_0_is_the_series_and_the_first_average_the_first_datum(record: Record) -> None:
    found = record("moving_averages")
    assert float(found.beta[0]) == 0
    np.testing.assert_array_equal(found.ewa[0], found.value)
    np.testing.assert_allclose(found.ewa[:, 0], found.value[0], rtol=1e-12)
    np.testing.assert_allclose(found.average[:, 0], found.value[0], rtol=1e-12)
    assert found.attrs["plain_first"] == pytest.approx(0.1 * float(found.value[0]))


def test_windows_are_simple_and_linear(record: Record) -> None:
    found = record("moving_averages")
    value, n = found.value.values, 5
    for k in range(n - 1, len(value)):
        latest = value[k - n + 1 : k + 1]
        assert float(found.average.sel(run="sma")[k]) == pytest.approx(latest.mean())
        linear = (latest * [1, 2, 3, 4, 5]).sum() / 15
        assert float(found.average.sel(run="wma")[k]) == pytest.approx(linear)
    np.testing.assert_allclose(found.weights.sum("step"), 1)
    np.testing.assert_allclose(found.weight.sum("step"), 1)
    for name in ("low", "middle", "high", "sma", "wma"):
        run = found.sel(run=name)
        assert float((run.weights * found.value).sum()) == pytest.approx(float(run.average[-1]))


def test_on_a_trend_each_lies_behind_by_its_age_and_not_by_its_kind(record: Record) -> None:
    found = record("moving_averages")
    trend = np.arange(400.0)
    ages = {name: float(found.age.sel(run=name)) for name in found.run.values}
    for name, beta in (("low", 0.3), ("high", 0.9)):
        assert ages[name] == pytest.approx(beta / (1 - beta))
        behind = trend[-1] - (experiment._exponential(beta, 400) @ trend)[-1]
        assert behind == pytest.approx(ages[name])
    for name, weights in (("sma", np.ones(5)), ("wma", np.arange(5, 0, -1.0))):
        behind = trend[-1] - (experiment._windowed(weights, 400) @ trend)[-1]
        assert behind == pytest.approx(ages[name])
    # In an uptrend the exponential average at β = 0.9 lies below the simple one of 5 steps.
    assert ages["high"] > ages["sma"] > ages["low"]
    assert found.attrs["later"]
    assert not record("moving_averages", high=0.5).attrs["later"]


def test_the_losses_are_the_networks(record: Record) -> None:
    """What is averaged is what Adam's m would be, were these losses its gradients."""
    found = record("moving_averages")
    theta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([theta], betas=(0.9, 0.999))
    for k, loss in enumerate(found.value.values.tolist()):
        theta.grad = torch.tensor([loss], dtype=torch.float64)
        adam.step()
        assert adam.state[theta]["exp_avg"].item() == pytest.approx(float(found.plain[k]))
    jumps = (
        np.abs(np.diff(found.value)).mean() / np.abs(np.diff(found.average.sel(run="high"))).mean()
    )
    assert found.attrs["calm"] == pytest.approx(jumps)
    assert found.attrs["jump"] / found.attrs["high_jump"] == pytest.approx(jumps)


def test_a_window_longer_than_the_series_is_refused(record: Record) -> None:
    with pytest.raises(UserError, match="window is 30; it takes 2 to 24"):
        record("moving_averages", window=30)


def mean_ages(beta: float, n: int) -> np.ndarray:
    """Return how old what is averaged is on average, after each step, by its weights."""
    weights = [beta ** np.arange(k) for k in range(1, n + 1)]  # the youngest first
    return np.array([each @ np.arange(len(each)) / each.sum() for each in weights])


def test_lines_and_dots_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("moving_averages", recorded)
    np.testing.assert_array_equal(line(fig, "losses").get_ydata(), found.value)
    average = found.average.sel(run="high")
    high = line(fig, "average")
    np.testing.assert_array_equal(high.get_ydata(), average)
    ages = mean_ages(found.attrs["high_beta"], found.sizes["step"])
    np.testing.assert_allclose(line(fig, "shifted").get_xdata(), high.get_xdata() - ages)
    np.testing.assert_array_equal(line(fig, "shifted").get_ydata(), average)
    lag = line(fig, "lag")
    (begin, end), (height, level) = lag.get_xdata(), lag.get_ydata()
    assert begin - end == pytest.approx(ages[int(begin) - 1])
    assert height == level == float(found.average.sel(run="high", step=begin))


def test_all_marks_and_words_are_the_recordings(recorded: Recorded) -> None:
    wide, (found,) = drawn("moving_averages", recorded)
    slim, value, beta = narrow("moving_averages", recorded), found.value.values, 0.9
    assert slim is not None
    average, steps = running(value, beta)[1], len(value)
    at, ages = round(0.62 * steps) + 1, mean_ages(beta, steps)
    words = [
        "loss", "average", "losses",
        "mean jump from step to step, to scale",
        f"{ages[at - 1]:.0f} steps late",
    ]  # fmt: skip
    jumps = {"losses": np.abs(np.diff(value)).mean(), "high": np.abs(np.diff(average)).mean()}
    told = {"losses": "losses", "high": "average"}
    words += [f"{told[name]} {float(f'{jump:.2g}'):g}" for name, jump in jumps.items()]
    for fig in (wide, slim):
        (ax,) = fig.axes
        for name, jump in jumps.items():
            bar = line(fig, f"jump of {name}")
            assert np.ptp(bar.get_ydata()) == pytest.approx(jump)
            assert bar.get_color() == line(fig, told[name]).get_color()
            place = (float(bar.get_xdata()[0]), float(bar.get_ydata().max()))
            assert nearest(ax, place, words[-2:]).startswith(told[name])
            assert bar.get_ydata().max() < value.min(), "under all losses"
        assert labels(ax) == sorted(words)
        dots = [(at, average[at - 1]), (steps, average[-1]), (steps, value[-1])]
        np.testing.assert_allclose(points(ax), sorted(dots))
        for name, token in (("losses", "muted"), ("average", "vermillion"), ("shifted", "text")):
            assert colored(line(fig, name).get_color(), token)
        assert line(fig, "shifted").get_xdata()[0] == line(fig, "losses").get_xdata()[0] == 1


def test_the_film_writes_each_betas_own_age(recorded: Recorded) -> None:
    sections = filmed("moving_averages", recorded)
    _, (found,) = drawn("moving_averages", recorded)
    n = found.sizes["step"]
    ages = np.arange(n)[::-1]
    for section, beta in (("start", 0.0), ("smooth", 0.9), ("end", 0.9)):
        weights = beta**ages
        age = weights @ ages / weights.sum()  # no data before the first
        shown = [text for text in sections[section] if text.startswith(("β", "mean age"))]
        assert shown == [f"β = {beta:.2f}", f"mean age {age:.1f} steps"]
    calm = np.abs(np.diff(found.value)).mean()
    calm /= np.abs(np.diff(running(found.value.values, 0.9)[1])).mean()
    words = f"At β = 0.9: {calm:.0f} times calmer, and 9 steps late"
    assert words in " ".join(sections["end"]).split("\n")[0]


def test_the_films_bars_and_mark_are_the_weights(recorded: Recorded) -> None:
    with staged("moving_averages", recorded) as found:
        n = found.sizes["step"]
        chart, state = Chart((0, 0), 9, 1, (0, n), (0, 1)), ValueTracker(0)
        bars = moving_averages.Weights(chart, found.weight.values, state)
        for k, beta in enumerate(found.beta.values.tolist()):
            state.set_value(k)
            pen = Pen()
            bars.paint(pen)
            weights = beta ** np.arange(n)[::-1] if beta else np.eye(n)[-1]
            heights = {round(float(x + w / 2 - chart.point(0, 0)[0]) * n / 9): h
                       for x, _, w, h in pen.bars}  # fmt: skip
            assert set(heights) <= set(range(1, n + 1))
            shares = np.array([heights.get(step, 0.0) for step in range(1, n + 1)])
            np.testing.assert_allclose(shares, weights / weights[-1], atol=1e-3)


def test_the_films_dots_are_the_losses(recorded: Recorded) -> None:
    with staged("moving_averages", recorded) as found:
        n, value = found.sizes["step"], found.value.values
        chart = Chart((0, 0), 9, 1, (0, n), (0, 3))
        dots = moving_averages.Dots(chart, value, ValueTracker(n))
        np.testing.assert_allclose(dots.places, chart.point(np.arange(1, n + 1), value))
