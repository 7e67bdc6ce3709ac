"""nesterov_lookahead: the look-ahead has its η, the step follows the rule, and is drawn so."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from look import theme
from look.numbers import number
from look.runs import runs
from scenes.optimizers import nesterov_lookahead
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed, said
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged

CURVATURE = np.array([1.0, 20.0])  # of the valley: its gradient is this times θ


def textbook(steps: int, lr: float = 0.04, mu: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Return θ and v of Nesterov's rule, written with the look-ahead, in float64."""
    theta, v = np.array([-3.5, 1.0]), np.zeros(2)
    path, speeds = [theta], [v]
    for _ in range(steps):
        v = mu * v + CURVATURE * (theta - lr * mu * v)
        theta = theta - lr * v
        path.append(theta)
        speeds.append(v)
    return np.array(path), np.array(speeds)


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("nesterov_lookahead", n_steps=40, n_grid=41)


def test_the_path_is_that_of_the_rule_with_the_look_ahead(full: xr.Dataset) -> None:
    path, _ = textbook(40)
    np.testing.assert_allclose(full.theta.sel(run="nesterov"), path, atol=1e-12)


def test_the_look_ahead_is_theta_minus_eta_mu_v(full: xr.Dataset) -> None:
    path, v = textbook(1)
    ahead = path[1] - 0.04 * 0.9 * v[1]
    np.testing.assert_allclose(full.from_here, path[1])
    np.testing.assert_allclose(full.looked_at.sel(run="nesterov"), ahead)
    np.testing.assert_allclose(full.looked_at.sel(run="momentum"), path[1])
    # The averaging form: v shorter by 1 − β, η longer by as much; the same place, with its η.
    shorter, longer = (1 - 0.9) * v[1], 0.04 / (1 - 0.9)
    np.testing.assert_allclose(path[1] - longer * 0.9 * shorter, ahead)
    without = np.linalg.norm(0.9 * v[1]) / np.linalg.norm(ahead - path[1])
    assert full.attrs["without_lr"] == pytest.approx(without)


def test_without_its_eta_the_look_ahead_explodes(full: xr.Dataset) -> None:
    """As source 004 has it, in the averaging form at the same steps: it leaves the valley."""
    theta, v, rate = np.array([-3.5, 1.0]), np.zeros(2), 0.04 / (1 - 0.9)
    for _ in range(40):
        v = 0.9 * v + (1 - 0.9) * CURVATURE * (theta - 0.9 * v)
        theta = theta - rate * v
    assert np.abs(theta).max() > 100
    assert np.abs(full.theta.sel(run="nesterov")).max() < 4


def test_the_step_that_is_shown_is_the_one_that_was_taken(full: xr.Dataset) -> None:
    np.testing.assert_allclose(
        full.landing.sel(run="nesterov"), full.theta.sel(run="nesterov", step=2), atol=1e-12
    )
    _, v = textbook(1)
    theta = full.from_here.values
    plain = theta - 0.04 * (0.9 * v[1] + CURVATURE * theta)
    np.testing.assert_allclose(full.landing.sel(run="momentum"), plain, atol=1e-12)
    for name in ("momentum", "nesterov"):
        run = full.sel(run=name)
        np.testing.assert_allclose(run.pull, -0.04 * CURVATURE * run.looked_at, atol=1e-12)


def test_swings_are_measured_on_the_far_side(full: xr.Dataset) -> None:
    for name in ("momentum", "nesterov"):
        y = full.theta.sel(run=name).values[:, 1]
        assert full.attrs[f"{name}_swing"] == pytest.approx(-y.min())
    assert full.attrs["calmer"]


def test_a_step_beyond_the_run_is_refused(record: Record) -> None:
    with pytest.raises(UserError, match="shown is 9, but the runs have 8 steps"):
        record("nesterov_lookahead", shown=9)


def test_arrows_and_paths_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("nesterov_lookahead", recorded)
    here, carried = found.from_here.values, found.carried.values
    for panel, name in enumerate(("momentum", "nesterov")):
        run = found.sel(run=name)
        grey, colour = line(fig, "carried", panel), line(fig, "pull", panel)
        np.testing.assert_allclose(grey.get_xydata(), [here, here + carried])
        np.testing.assert_allclose(colour.get_xydata(), [here + carried, run.landing])
        assert any(
            np.allclose(each.get_xydata()[0], run.landing) and each.get_marker() == "o"
            for each in fig.axes[panel].get_lines()
        )
        np.testing.assert_array_equal(line(fig, name, 2).get_xydata(), run.theta)
        assert any(text.startswith(name.title()) for text in said(fig))
        y = run.theta.values[:, 1]
        bar = line(fig, f"{name} swing", 2).get_xydata()
        k = int(y.argmin())  # the start is above the floor
        np.testing.assert_allclose(bar, [[run.theta.values[k, 0], 0], run.theta.values[k]])
    asked = line(fig, "asked", 0).get_xydata()
    np.testing.assert_allclose(asked, [here, here + found.pull.sel(run="momentum")])


def test_all_that_the_figure_says_and_marks(recorded: Recorded) -> None:
    fig, (found,) = drawn("nesterov_lookahead", recorded)
    here, carried = found.from_here.values, found.carried.values
    tip = here + carried
    looks = {"momentum": "green", "nesterov": "purple"}
    path, speeds = textbook(1)
    np.testing.assert_allclose([here, carried], [path[1], -0.04 * 0.9 * speeds[1]])
    for ax, name in zip(fig.axes, looks, strict=False):
        pull = -0.04 * CURVATURE * (tip if name == "nesterov" else here)
        forth = carried[1] * pull[1] > 0
        asked = f"the slope {'there' if name == 'nesterov' else 'here'}"
        asked += " pushes on" if name == "momentum" and forth else ""
        asked += " pulls back" if name == "nesterov" and not forth else ""
        assert labels(ax) == sorted([name.title(), asked, "momentum", "slope"])
        marks = [tuple(here), tuple(tip + pull)] + [tuple(tip)] * (name == "nesterov")
        np.testing.assert_allclose(points(ax), sorted(marks))
        ring = tip if name == "nesterov" else here
        back = {tuple(np.round(each.get_xydata()[0], 9)): each.get_markerfacecolor()
                for each in ax.get_lines() if len(each.get_xdata()) == 1}  # fmt: skip
        assert colored(back[tuple(np.round(ring, 9))], "background")
        assert colored(back[tuple(np.round(tip + pull, 9))], looks[name])
        inks = [each.get_color() for each in ax.get_lines() if len(each.get_xdata()) == 2
                and str(each.get_label()).startswith("_")
                and np.allclose(each.get_xydata()[0], tip)]  # fmt: skip
        assert inks
        assert all(colored(ink, looks[name]) or colored(ink, "background") for ink in inks)
        assert not all(colored(ink, "background") for ink in inks)
    whole, both = fig.axes[2], [found.theta.sel(run=name).values for name in looks]
    np.testing.assert_allclose(
        points(whole), sorted([tuple(both[0][0]), *(tuple(theta[-1]) for theta in both)])
    )
    assert points(whole, "*") == [(0, 0)]
    far = [max(0, -theta[:, 1].min()) for theta in both]
    times = far[0] / far[1]
    assert times > 1
    swings = [f"Momentum: swings {number(times, 2)} times as far across", "Nesterov"]
    assert labels(whole) == sorted(["●", "●", *swings])
    texts = list(whole.texts)
    for swing, name in zip(swings, looks, strict=True):
        at = [text.get_text() for text in texts].index(swing)
        assert colored(texts[at - 1].get_color(), looks[name]), "the dot before it"
        assert colored(line(fig, name, 2).get_color(), looks[name])


def test_the_film_draws_both_runs_and_says_how_far_each_swings(recorded: Recorded) -> None:
    from scenes.parts.charts import Trail

    with staged("nesterov_lookahead", recorded) as found:
        both = list(runs(found))
        _, trails, bars = nesterov_lookahead.whole(found, both, ValueTracker(0))
        for bar, trail, run in zip(bars, trails, both, strict=True):
            k = int(run.theta.values[:, 1].argmin())
            floor = trail.chart.point(0, 0)[1]
            np.testing.assert_allclose(bar.ends, [(trail.places[k, 0], floor), trail.places[k]])
        assert all(isinstance(trail, Trail) for trail in trails)
        paths = textbook(8)[0], found.theta.sel(run="momentum").values
        for trail, name, path in zip(trails, ("momentum", "nesterov"), paths[::-1], strict=True):
            np.testing.assert_allclose(trail.places, trail.chart.point(*path.T))
            row = {"momentum": "green", "nesterov": "purple"}[name]
            assert trail.ink == theme.color(row)
            _, step = nesterov_lookahead.close_up(found, both[name == "nesterov"], 0.0,
                                                  ValueTracker(0))  # fmt: skip
            assert step.ink == theme.color(row)
        swings = [max(0, -path[:, 1].min()) for path in paths[::-1]]
    end = filmed("nesterov_lookahead", recorded)["end"]
    times = number(swings[0] / swings[1], 2)
    assert f"Momentum swings {times} times as far across the valley’s floor" in end
    assert [text for text in end if text in ("Momentum", "Nesterov")] == ["Momentum", "Nesterov"]
