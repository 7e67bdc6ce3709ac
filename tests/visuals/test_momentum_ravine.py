"""momentum_ravine: the heavy ball's own arrivals, and what its average lets through of noise."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from look import theme
from scenes.optimizers import momentum_ravine
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import filmed, said
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged

CURVATURE = np.array([1.0, 20.0])


def ball(mu: float, steps: int, lr: float = 0.09) -> np.ndarray:
    """Return the heavy ball's path, in float64."""
    theta, v = np.array([-3.5, 0.6]), np.zeros(2)
    path = [theta]
    for _ in range(steps):
        v = mu * v + CURVATURE * theta
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)


def arrival(path: np.ndarray, near: float = 0.1) -> int:
    inside = np.linalg.norm(path, axis=1) < near
    return next((k for k in range(len(path)) if inside[k:].all()), -1)


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("momentum_ravine", noisy_steps=240, noisy_repeats=2)


def test_the_paths_are_the_heavy_balls(full: xr.Dataset) -> None:
    assert float(full.momentum.sel(run="critical")) == pytest.approx((1 - np.sqrt(0.09)) ** 2)
    for name, mu in (("none", 0.0), ("critical", 0.49), ("much", 0.9)):
        path = ball(mu, 70)
        np.testing.assert_allclose(full.theta.sel(run=name), path, atol=1e-9)
        assert int(full.arrived.sel(run=name)) == arrival(path)
    assert full.attrs["in_order"]
    # At the critical momentum the ball does not pass the minimum along the floor; beyond it, it
    # does.
    assert full.theta.sel(run="critical").values[:, 0].max() < 1e-3
    assert full.attrs["overshoot"] == pytest.approx(ball(0.9, 70)[:, 0].max())


def test_arrivals_are_those_of_the_momenta_tried(full: xr.Dataset) -> None:
    for mu, step in zip(full.tried.values, full.tried_arrived.values, strict=True):
        assert int(step) == arrival(ball(float(mu), 420))
    there = full.tried_arrived.where(full.tried_arrived >= 0)
    best = int(np.nanargmin(there.values))
    assert full.attrs["fastest"] == float(full.tried[best])
    assert full.attrs["fastest_arrived"] == int(there[best])


def test_the_average_is_of_the_gradients_and_lets_little_noise_through(full: xr.Dataset) -> None:
    v, average = 0.0, []
    for g in full.noisy_gradient.values:
        v = 0.9 * v + float(g)
        average.append((1 - 0.9) * v)
    np.testing.assert_allclose(full.average, average, rtol=1e-9)
    assert full.attrs["expected_damping"] == pytest.approx(np.sqrt(19))
    assert full.attrs["damping"] == pytest.approx(np.sqrt(19), rel=0.3)
    noise = (full.noisy_gradient - full.true_gradient).values[40:]
    assert full.attrs["single_spread"] == pytest.approx(noise.std())
    assert full.attrs["single_spread"] == pytest.approx(2.0, rel=0.2)
    assert full.attrs["averages"]


def test_the_ball_wanders_as_far_as_plain_descent_does(full: xr.Dataset) -> None:
    """The calm steps must not be taken for a calm point."""
    ratio = full.attrs["momentum_orbit"] / full.attrs["sgd_orbit"]
    assert 0.3 < ratio < 3


def test_who_is_not_there_is_not_said_to_be(record: Record) -> None:
    early = record("momentum_ravine", n_steps=10)
    assert (early.arrived == -1).all()
    assert not early.attrs["in_order"]
    assert early.attrs["n_there"] == 0


def test_paths_marks_and_words_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("momentum_ravine", recorded)
    texts = said(fig)
    for panel, name in enumerate(("none", "critical", "much")):
        run = found.sel(run=name)
        np.testing.assert_array_equal(line(fig, name, panel).get_xydata(), run.theta)
        assert any(text.startswith(f"arrived at step {int(run.arrived)}") for text in texts)
    assert len(fig.axes) == 3


def test_each_strip_says_and_marks_its_own_run(recorded: Recorded) -> None:
    wide, _ = drawn("momentum_ravine", recorded)
    slim = narrow("momentum_ravine", recorded)
    assert slim is not None
    for fig in (wide, slim):
        for panel, (mu, name, label, token) in enumerate((
            (0.0, "none", "No momentum: μ = 0", "slate"),
            (0.49, "critical", "About right: μ = 0.49", "indigo"),
            (0.9, "much", "Too much: μ = 0.9", "green"),
        )):  # fmt: skip
            ax, walked = fig.axes[panel], ball(mu, 70)
            over = walked[:, 0].max()
            told = f"arrived at step {arrival(walked)}"
            if name == "much":
                told += f", {100 * over / 3.5:.0f} % of its way too far"
            assert labels(ax) == sorted([label, told])
            if name == "much":
                past = line(fig, "past", panel).get_xdata()
                np.testing.assert_allclose(past, [0, over], atol=1e-8)
            np.testing.assert_allclose(
                points(ax), sorted([tuple(walked[0]), tuple(walked[-1])]), atol=1e-8
            )
            assert points(ax, "*") == [(0, 0)]
            assert colored(line(fig, name, panel).get_color(), token)
            (steps,) = (each for each in ax.get_lines() if each.get_marker() == "o"
                        and len(each.get_xdata()) > 1)  # fmt: skip
            np.testing.assert_allclose(steps.get_xydata(), walked, atol=1e-8)
            assert colored(steps.get_color(), token)


def test_the_film_names_each_ravine_by_its_own_momentum(recorded: Recorded) -> None:
    names = ["No momentum: μ = 0", "About right: μ = 0.49", "Too much: μ = 0.9"]
    for section, texts in filmed("momentum_ravine", recorded).items():
        assert [text for text in texts if "μ =" in text and text in names] == names, section


def test_the_film_tells_each_run_its_own_arrival(recorded: Recorded) -> None:
    race = filmed("momentum_ravine", recorded)["race"]
    assert [text for text in race if text.startswith("arrived")] == [
        f"arrived at step {arrival(ball(mu, 70))}" for mu in (0.0, 0.49, 0.9)
    ]


def test_the_film_says_how_far_too_much_flies(recorded: Recorded) -> None:
    end, over = filmed("momentum_ravine", recorded)["end"], ball(0.9, 70)[:, 0].max()
    said = f"{100 * over / 3.5:.0f}\N{NARROW NO-BREAK SPACE}% of its way too far"
    assert said in end
    assert "step 70" in end
    with staged("momentum_ravine", recorded) as found:
        arrow, text = momentum_ravine.past(found)
        chart = momentum_ravine.chart_of(found, 2)
        ends = [place[0] for place in arrow.ends]
        np.testing.assert_allclose(ends, [chart.point(x, 0)[0] for x in (0, over)])
        assert text.get_left()[0] > chart.left + chart.width, "the words are beside the map"


def test_the_films_paths_have_their_colours(recorded: Recorded) -> None:
    looks = {"none": "slate", "critical": "indigo", "much": "green"}
    with staged("momentum_ravine", recorded) as found:
        for place, (name, token) in enumerate(looks.items()):
            *still, trail, _, star = momentum_ravine.ravine(found, name, place, ValueTracker(0))
            np.testing.assert_allclose(star.get_center()[:2], trail.chart.point(0.0, 0.0), atol=0.1)
            assert trail.ink == theme.color(token)
            assert any(getattr(part, "ink", None) == theme.color(token) for part in still), "key"
