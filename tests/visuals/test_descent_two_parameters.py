"""descent_two_parameters: steps are −η∇J, perpendicular to the contour line, and drawn as such."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from manim import ValueTracker

from figures.descent import descent_two_parameters as figure
from figures.parts.space import Space
from look.numbers import fixed
from simulate.errors import RunError
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow
from tests.visuals._networks import filmed
from tests.visuals._whole import labels, points
from tests.visuals.test_mechanism_films import staged

LOSS = surfaces.function("styblinski_tang")


def at(points: np.ndarray) -> np.ndarray:
    return LOSS(torch.from_numpy(points)).numpy()


def test_each_step_is_minus_the_rate_times_the_gradient(record: Record) -> None:
    found = record("descent_two_parameters", n_steps=10)
    theta = torch.from_numpy(found.theta.values.copy()).requires_grad_()
    (gradient,) = torch.autograd.grad(LOSS(theta).sum(), theta)
    np.testing.assert_allclose(found.gradient, gradient, atol=1e-12)
    np.testing.assert_allclose(found.move, -found.attrs["lr"] * gradient, rtol=1e-12)
    np.testing.assert_allclose(
        np.diff(found.theta.values, axis=0), found.move.values[:-1], atol=1e-14
    )
    np.testing.assert_allclose(found.path_loss, at(found.theta.values), rtol=1e-12)
    assert found.attrs["start_loss"] == found.path_loss[0]
    assert found.attrs["end_loss"] == found.path_loss[-1]


def test_a_step_is_at_right_angles_to_its_contour_line(record: Record) -> None:
    """Sideways the loss doesn't change, to first order; along the step it falls the fastest."""
    found = record("descent_two_parameters", n_steps=10)
    theta, move = found.theta.values[:-1], found.move.values[:-1]
    steepness = np.linalg.norm(found.gradient.values[:-1], axis=1)
    along = move / np.linalg.norm(move, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    tiny = 1e-5
    sideways = (at(theta + tiny * across) - at(theta - tiny * across)) / (2 * tiny)
    onwards = (at(theta + tiny * along) - at(theta - tiny * along)) / (2 * tiny)
    assert np.abs(sideways).max() < 1e-5
    np.testing.assert_allclose(onwards, -steepness, atol=1e-5)


def test_the_grid_is_the_surface(record: Record) -> None:
    found = record("descent_two_parameters")
    corner = np.array([[found.grid_x.values[-1], found.grid_y.values[0]]])
    assert found.loss.values[0, -1] == pytest.approx(at(corner)[0])


def test_it_arrives_in_the_hollow(record: Record) -> None:
    found = record("descent_two_parameters", n_steps=10)
    assert np.linalg.norm(found.gradient.values[-1]) < 0.05 * np.linalg.norm(found.gradient[0])
    assert (np.diff(found.path_loss) < 0).all()


def test_a_path_that_leaves_the_grid_is_refused(record: Record) -> None:
    with pytest.raises(RunError, match=r"with lr 0\.2; try a smaller one"):
        record("descent_two_parameters", lr=0.2)


def test_both_panels_draw_the_recorded_path(recorded: Recorded) -> None:
    fig, (found,) = drawn("descent_two_parameters", recorded)
    _, plan = fig.axes
    steps = [each for each in plan.get_lines() if str(each.get_label()).startswith("_step")]
    theta = found.theta.values
    ends = np.array([each.get_xydata() for each in steps])
    np.testing.assert_allclose(ends, np.stack([theta[:-1], theta[1:]], axis=1), atol=1e-12)
    # On screen, too: both axes have one scale, and the mark stands between step and contour line.
    assert (plan.transData.transform([1, 0]) - plan.transData.transform([0, 0]))[0] == (
        pytest.approx((plan.transData.transform([0, 1]) - plan.transData.transform([0, 0]))[1])
    )
    marks = [each.get_xydata() for each in plan.get_lines() if each.get_label() == "_angle"]
    assert len(marks) > 1
    for first, corner, last in marks:
        assert (first - corner) @ (last - corner) == pytest.approx(0, abs=1e-12)
        here = first + last - corner  # the fourth corner, where a step starts
        (move,) = (b - a for a, b in ends if np.allclose(a, here))
        along = (last - here) / np.linalg.norm(last - here)
        np.testing.assert_allclose(along, move / np.linalg.norm(move), atol=1e-9)
    losses = found.path_loss.values
    drawn_levels = figure.kept(losses)
    assert drawn_levels[0] == 0
    assert len(drawn_levels) > 3


def test_lines_are_of_the_losses_where_steps_start(recorded: Recorded) -> None:
    wide, (found,) = drawn("descent_two_parameters", recorded)
    slim = narrow("descent_two_parameters", recorded)
    assert slim is not None
    losses, theta = found.path_loss.values, found.theta.values
    apart, wanted = 0.03 * (losses.max() - losses.min()), [losses[0]]
    for loss in losses[1:]:
        if min(abs(loss - other) for other in wanted) > apart:
            wanted.append(loss)
    for fig in (wide, slim):
        relief, plan = fig.axes
        seen = [each for each in plan.collections if each.get_visible()]
        left = [each for each in seen if each.get_label() == "_left"]
        (whole,) = (each for each in seen if len(each.levels) == len(wanted) and each not in left)
        np.testing.assert_allclose(whole.levels, sorted(wanted))
        # The dark pieces: each of the line that its step leaves, around where it does.
        corners = [each.get_xydata() for each in plan.get_lines() if each.get_label() == "_angle"]
        assert len(left) == len(corners) > 1
        for piece, (first, corner, last) in zip(left, corners, strict=True):
            here = first + last - corner
            assert at(here[None])[0] == pytest.approx(piece.levels[0])
            middle = (
                piece.get_clip_path()
                .get_fully_transformed_path()
                .get_extents()
                .transformed(plan.transData.inverted())
            )
            np.testing.assert_allclose(middle.get_points().mean(0), here, atol=1e-6)
        np.testing.assert_allclose(points(plan), [theta[0]])
        assert labels(plan) == ["θ₂"]
        ticks = [text for text in labels(relief) if text not in ("J", "θ₁", "θ₂")]
        heights = [float(text.replace("−", "-")) for text in ticks]
        assert all(found.loss.min() <= height <= found.loss.max() for height in heights)
        (path,) = (each for each in relief.get_lines() if each.get_label() == "path")
        x, y, height = found.grid_x.values, found.grid_y.values, found.loss.values
        space = Space(x=(x[0], x[-1]), y=(y[0], y[-1]), height=(height.min(), height.max()),
                      azimuth=24, elevation=42, tall=1.15)  # fmt: skip
        places = space.project(theta[:, 0], theta[:, 1], losses)
        np.testing.assert_allclose(path.get_xydata(), places[1:], atol=1e-9)
        np.testing.assert_allclose(points(relief), [places[0]], atol=1e-9)


def test_the_film_counts_where_the_path_is(recorded: Recorded) -> None:
    _, (found,) = drawn("descent_two_parameters", recorded)
    sections, last = filmed("descent_two_parameters", recorded), found.sizes["step"] - 1
    for section, k in (("start", 0), ("gradient", 0), ("descent", last), ("end", last)):
        theta = torch.from_numpy(found.theta.values[[k]].copy()).requires_grad_()
        (slope,) = torch.autograd.grad(LOSS(theta).sum(), theta)
        x, y = (fixed(float(each), 1, sign=True) for each in slope[0])
        texts = sections[section]
        at = texts.index("gradient")
        told = ["step", f"{k}", "gradient", f"{x}, {y}", "loss",
                fixed(at_(found.theta.values[k]), 1)]  # fmt: skip
        assert texts[at - 2 : at + 4] == told
    ends = (fixed(at_(found.theta.values[k]), 1) for k in (0, -1))
    assert f"The loss went from {next(ends)} to {next(ends)} in {last} steps." in sections["end"]


def at_(place: np.ndarray) -> float:
    return float(at(place[None])[0])


def test_the_films_steps_and_lines_are_the_recordings(recorded: Recorded) -> None:
    from scenes.descent.descent_two_parameters import Steps
    from scenes.parts.charts import Chart

    with staged("descent_two_parameters", recorded) as found:
        x, y = found.grid_x.values, found.grid_y.values
        chart = Chart((0, 0), float(np.ptp(x)), float(np.ptp(y)), (x[0], x[-1]), (y[0], y[-1]))
        steps = Steps(chart, found, *(ValueTracker(0) for _ in range(3)))
        theta = found.theta.values
        np.testing.assert_allclose(steps.places, chart.point(*theta.T))
        np.testing.assert_allclose(steps.tips[:-1], chart.point(*theta[1:].T))
        shift = chart.point(0.0, 0.0)  # a unit of the chart is one of the data
        heights = found.loss.values
        coarse = np.abs(np.diff(heights, axis=1)).max() / 4
        for lines, place in zip(steps.lines, theta, strict=True):
            on = np.concatenate(lines) - shift
            assert np.abs(at(on) - at_(place)).max() < coarse
            away = np.linalg.norm(on - place, axis=1).min()
            assert away < x[1] - x[0], "it goes through where the step begins"
