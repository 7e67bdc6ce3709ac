"""norm_balls: ends are the penalised minima, balls touch contour lines there, L1 makes zeros."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from scipy.optimize import minimize

from figures.regularization import norm_balls as figure
from look import theme
from look.numbers import number
from simulate.data import diabetes
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import said


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    return record("norm_balls", strengths=[0.0, 0.2, 0.5, 0.8, 1.1], n_steps=600, lr=0.04)


def gradient(found: xr.Dataset, theta: np.ndarray) -> np.ndarray:
    return np.asarray(2 * found.normal_matrix.values @ (theta - found.minimum.values))


def test_the_bowl_is_that_of_the_patients(found: xr.Dataset) -> None:
    train, _ = diabetes.split(None, None, 0)
    x, y = diabetes.patients(["bmi", "bp"])
    x, y = x[train], y[train]
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    best, *_ = np.linalg.lstsq(x, y, rcond=None)
    np.testing.assert_allclose(found.minimum, best, atol=1e-6)
    corner = np.array([found.grid_1.values[-1], found.grid_2.values[0]])
    assert float(found.loss[0, -1]) == pytest.approx(np.mean((x @ corner - y) ** 2), abs=1e-5)


def test_l2_ends_where_ridge_regression_does(found: xr.Dataset) -> None:
    second = found.normal_matrix.values
    ends = found.theta.sel(run="l2").values
    for strength, theta in zip(found.strength.values, ends, strict=True):
        ridge = np.linalg.solve(second + strength * np.eye(2), second @ found.minimum.values)
        np.testing.assert_allclose(theta, ridge, atol=1e-4)


def test_l1_ends_where_no_slope_is_left(found: xr.Dataset) -> None:
    """λ sgn w balances the slope of a weight that isn't 0; at 0 any slope up to λ is held."""
    ends = found.theta.sel(run="l1").values
    for strength, theta in zip(found.strength.values, ends, strict=True):
        slope = gradient(found, theta)
        for weight, each in zip(theta, slope, strict=True):
            if weight == 0:
                assert abs(each) <= strength + 1e-3
            else:
                assert each == pytest.approx(-strength * np.sign(weight), abs=6e-3)


def test_l1_has_a_zero_and_l2_none(found: xr.Dataset) -> None:
    zeros = (found.theta.values == 0).sum(-1)  # (run, x_strength)
    assert zeros[0].tolist() == [0, 0, 0, 1, 1]
    assert zeros[1].max() == 0
    attrs = found.attrs
    assert (attrs["outcome"], attrs["corner"], attrs["zero_from"]) == ("l1", 1, 0.8)
    assert attrs["zeroed"] == found.param.values[attrs["zeroed_index"]] == "blood pressure"


def test_the_ball_touches_its_contour_line_at_the_solution(found: xr.Dataset) -> None:
    """No other point of the ball has a smaller loss."""
    for name in ("l1", "l2"):
        run = found.sel(run=name)
        for at in (1, 3):
            edge = figure.ball(name, float(run["size"][at]))
            theta = run.theta.values[at]
            on_it = np.abs(theta).sum() if name == "l1" else np.linalg.norm(theta)
            assert on_it == pytest.approx(float(run["size"][at]))
            dense = (
                edge[:-1, None]
                + np.linspace(0, 1, 50)[None, :, None] * np.diff(edge, axis=0)[:, None]
            )
            away = dense.reshape(-1, 2) - found.minimum.values
            loss = np.einsum("ni,ij,nj->n", away, found.normal_matrix.values, away)
            lowest = found.attrs["lowest_loss"] + loss.min()
            assert float(run.end_loss[at]) == pytest.approx(lowest, abs=1e-4)


def test_the_lasso_found_by_another_method(found: xr.Dataset) -> None:
    away = found.minimum.values
    second = found.normal_matrix.values

    def objective(w: np.ndarray) -> float:
        return float((w - away) @ second @ (w - away) + 0.5 * np.abs(w).sum())

    best = minimize(objective, away, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12})
    at = found.strength.values.tolist().index(0.5)
    np.testing.assert_allclose(found.theta.sel(run="l1")[at], best.x, atol=1e-3)


PANELS = (
    ("l1", "L1: a diamond", "vermillion", "$|w_1| + |w_2| = {:.3f}$"),
    ("l2", "L2: a circle", "green", "$w_1^2 + w_2^2 = {:.3f}^2$"),
)


def test_each_map_says_its_own_numbers_and_draws_the_line_that_is_touched(
    recorded: Recorded,
) -> None:
    fig, (balls,) = drawn("norm_balls", recorded)
    at, index = balls.attrs["shown"], balls.attrs["zeroed_index"]
    for i, (name, label, token, measure) in enumerate(PANELS):
        theta, ax = balls.theta.sel(run=name).values, fig.axes[i]
        size = np.linalg.norm(theta[at], ord=i + 1)
        assert [text.get_text() for text in ax.texts if text.xycoords != "data"] == [
            label, measure.format(size)]  # fmt: skip
        ends = (balls.minimum.values, theta[at])  # at the star, and where the contour touches
        weights = {text.xy: text.get_text() for text in ax.texts if text.xycoords == "data"}
        name_ = f"w_{index + 1}"
        assert weights == {tuple(end): f"${name_} = {number(float(end[index]))}$" for end in ends}
        assert ax.get_xlabel() == f"$w_1$, {balls.param.values[0]}"
        with theme.use("dark"):
            ink = theme.color(token).lower()
        assert to_hex(line(fig, "ball", i).get_color()) == ink
        assert to_hex(line(fig, "touch", i).get_markerfacecolor()) == ink  # type: ignore[arg-type]
        (star,) = (each for each in ax.get_lines() if each.get_marker() == "*")
        np.testing.assert_array_equal(star.get_xydata(), [balls.minimum])
        # all along the strong line the loss is that of the solution, and of no other strength's
        (strong,) = (each for each in ax.collections
                     if isinstance(each, QuadContourSet) and len(each.levels) == 1)  # fmt: skip
        (path,) = strong.get_paths()
        away = np.asarray(path.vertices) - balls.minimum.values
        loss = balls.attrs["lowest_loss"] + np.einsum(
            "ni,ij,nj->n", away, balls.normal_matrix.values, away
        )
        ends = balls.end_loss.sel(run=name).values
        assert (np.abs(loss[:, None] - ends).argmin(1) == at).all()
        np.testing.assert_allclose(loss, ends[at], atol=0.01)
    assert fig.axes[0].get_ylabel() == f"$w_2$, {balls.param.values[1]}"


def test_the_figure_draws_balls_solutions_and_paths(recorded: Recorded) -> None:
    fig, (balls,) = drawn("norm_balls", recorded)
    at = balls.attrs["shown"]
    texts = said(fig)
    for i, name in enumerate(balls.run.values.tolist()):
        run, ax = balls.sel(run=name), fig.axes[i]
        edge = line(fig, "ball", i).get_xydata()
        size = np.abs(edge).sum(1) if name == "l1" else np.linalg.norm(edge, axis=1)
        np.testing.assert_allclose(size, run["size"][at])
        np.testing.assert_array_equal(line(fig, "touch", i).get_xydata()[0], run.theta[at])
        for k in range(1, len(run.theta)):
            mark = line(fig, f"_solution {k}", i)
            np.testing.assert_array_equal(mark.get_xydata()[0], run.theta[k])
        across, up = (ax.transData.transform(p) - ax.transData.transform([0, 0])
                      for p in ([1, 0], [0, 1]))  # fmt: skip
        assert across[0] == pytest.approx(up[1]), "a circle is round"
        weight = float(run.theta[at, balls.attrs["zeroed_index"]])
        assert f"$w_2 = {number(weight)}$" in texts
        unpunished = float(balls.minimum[balls.attrs["zeroed_index"]])
        (told,) = [text for text in ax.texts if text.xy == tuple(balls.minimum.values)]
        assert told.get_text() == f"$w_2 = {number(unpunished)}$", "at the star"
        measure = "$|w_1| + |w_2| = {:.3f}$" if name == "l1" else "$w_1^2 + w_2^2 = {:.3f}^2$"
        assert measure.format(float(run["size"][at])) in texts
