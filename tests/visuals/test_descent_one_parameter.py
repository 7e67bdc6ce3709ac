"""descent_one_parameter: every step is −η times the slope, and the figure draws every step."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from manim import ValueTracker

from look import theme
from look.numbers import fixed
from simulate.errors import RunError
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow
from tests.visuals._networks import filmed
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged

FULL = {"n_steps": 14}


def test_each_step_is_minus_the_rate_times_the_slope(record: Record) -> None:
    found = record("descent_one_parameter", **FULL)
    theta = torch.from_numpy(found.theta.values.copy()).requires_grad_()
    loss = surfaces.function("two_hollows")(theta[..., None])
    (slope,) = torch.autograd.grad(loss.sum(), theta)
    np.testing.assert_allclose(found.slope, slope, atol=1e-12)
    np.testing.assert_allclose(found.loss, loss.detach(), atol=1e-12)
    np.testing.assert_allclose(found.move, -found.attrs["lr"] * slope, rtol=1e-12)
    moved = np.diff(found.theta.values, axis=1)
    np.testing.assert_allclose(moved, found.move.values[:, :-1], atol=1e-14)


def test_the_slope_is_known_in_its_factors() -> None:
    theta = torch.linspace(-2.7, 2.7, 31, dtype=torch.float64).requires_grad_()
    (slope,) = torch.autograd.grad(surfaces.function("two_hollows")(theta[:, None]).sum(), theta)
    x = theta.detach()
    torch.testing.assert_close(slope, (x + 2) * (x + 0.5) * (x - 2))


def test_the_runs_end_in_different_hollows_and_steps_swell_and_shrink(record: Record) -> None:
    found = record("descent_one_parameter", **FULL)
    assert found.attrs["first_end"] == pytest.approx(2, abs=0.01)
    assert found.attrs["second_end"] == pytest.approx(-2, abs=0.05)
    assert found.attrs["second_end_loss"] > found.attrs["first_end_loss"] + 5
    length = np.abs(found.move.values)
    for each in length:
        largest = each.argmax()
        assert 0 < largest < len(each) - 1
        assert (np.diff(each[: largest + 1]) > 0).all()
        assert (np.diff(each[largest:]) < 0).all()


def test_a_run_that_leaves_the_curve_is_refused(record: Record) -> None:
    with pytest.raises(RunError, match=r"with lr 0\.9; try a smaller one"):
        record("descent_one_parameter", lr=0.9)


def test_points_tangents_and_bars_are_the_recorded_steps(recorded: Recorded) -> None:
    fig, (found,) = drawn("descent_one_parameter", recorded)
    curve, bars = fig.axes
    for name in found.run.values.tolist():
        run = found.sel(run=name)
        (dots,) = [each for each in curve.get_lines() if each.get_label() == name]
        np.testing.assert_array_equal(dots.get_xdata(), run.theta)
        np.testing.assert_array_equal(dots.get_ydata(), run.loss)
        tangents = [each for each in curve.get_lines() if each.get_label() == f"_tangent {name}"]
        assert tangents
        for tangent in tangents:
            (x0, x1), (y0, y1) = tangent.get_data()
            k = int(np.abs(run.theta.values - (x0 + x1) / 2).argmin())
            assert (x0 + x1) / 2 == pytest.approx(float(run.theta[k]))
            assert (y1 - y0) / (x1 - x0) == pytest.approx(float(run.slope[k]))
        steps = [each for each in bars.get_lines() if each.get_label() == f"_step {name}"]
        ends = np.array([each.get_xdata() for each in steps])
        np.testing.assert_array_equal(ends, np.stack([run.theta[:-1], run.theta[1:]], axis=1))
        rows = [each.get_ydata()[0] for each in steps]
        assert rows == list(range(run.sizes["step"] - 1))
        written = [text.get_text() for text in bars.texts]
        slopes = run.slope.values[:-1]
        for k in {int(np.abs(slopes).argmax())}:
            sum_ = f"-{found.attrs['lr']:g} · ({slopes[k]:+.2f}) = {run.move.values[k]:+.3f}"
            assert sum_.replace("-", "−") in written
        assert len(written) <= found.sizes["run"]


def test_all_that_is_written_and_marked_is_the_recordings(recorded: Recorded) -> None:
    wide, (found,) = drawn("descent_one_parameter", recorded)
    slim = narrow("descent_one_parameter", recorded)
    assert slim is not None
    rate, slopes, sums, moves, marks = found.attrs["lr"], [], [], [], []
    for run in (found.isel(run=0), found.isel(run=1)):
        theta = run.theta.values
        slope = (theta + 2) * (theta + 0.5) * (theta - 2)
        most = int(np.abs(slope).argmax())
        slopes.append(f"J′ = {fixed(slope[most], 2, sign=True)}")
        marks += [(theta[0], float(run.loss[0])), (theta[most], float(run.loss[most]))]
        for k in {int(np.abs(slope[:-1]).argmax())}:
            moves.append(fixed(theta[k + 1] - theta[k], 3, sign=True))
            sums.append(f"−{rate:g} · ({fixed(slope[k], 2, sign=True)}) = {moves[-1]}")
    for fig, told in ((wide, sums), (slim, moves)):
        curve, bars = fig.axes
        assert labels(curve) == sorted(["θ", "J(θ)", *slopes])
        assert labels(bars) == sorted(told)
        np.testing.assert_allclose(points(curve), sorted(marks))
        ends = [each.get_xdata()[0] for each in bars.get_lines() if each.get_label()[0] == "_"
                and not str(each.get_label()).startswith("_step")]  # fmt: skip
        np.testing.assert_allclose(ends, found.theta[:, -1])
        for name, token in (("first", "purple"), ("second", "green")):
            (dots,) = (each for each in curve.get_lines() if each.get_label() == name)
            assert colored(dots.get_markerfacecolor(), token)
            steps = [each for each in bars.get_lines() if each.get_label() == f"_step {name}"]
            assert all(colored(each.get_color(), token) for each in steps)
        ties = {each.get_label(): each for each in fig.artists}
        for run in (found.isel(run=0), found.isel(run=1)):  # from the steepest place to its bar
            most = int(np.abs(run.slope.values[:-1]).argmax())
            tie = ties[f"_tie {run.run.item()}"]
            np.testing.assert_allclose(tie.xy1, (run.theta[most], run.loss[most]))
            np.testing.assert_allclose(tie.xy2, (run.theta[most], most))
        (ground,) = (each for each in curve.get_lines() if each.get_label() == "curve")
        x, y = ground.get_xydata().T
        loss = surfaces.function("two_hollows")(torch.from_numpy(x[:, None].copy()))
        np.testing.assert_allclose(y, loss.numpy())


def test_the_films_table_is_of_the_step_under_way(recorded: Recorded) -> None:
    _, (found,) = drawn("descent_one_parameter", recorded)
    sections, rate = filmed("descent_one_parameter", recorded), found.attrs["lr"]
    last = found.sizes["step"] - 1
    for section, run, k in (
        ("slope", 0, 1), ("repeat", 0, last), ("other start", 1, last), ("verdict", 1, last)
    ):  # fmt: skip
        theta = float(found.theta[run, k])
        slope = (theta + 2) * (theta + 0.5) * (theta - 2)
        rows = {
            "steps taken": f"{k}",
            "θ": fixed(theta, 3, sign=True),
            "slope J′(θ)": fixed(slope, 4, sign=True),
            "next step −ηJ′(θ)": fixed(-rate * slope, 3, sign=True),
            "loss J(θ)": fixed(float(found.loss[run, k]), 3),
        }
        texts = sections[section]
        at = texts.index("steps taken")
        assert texts[at : at + 10] == [text for row in rows.items() for text in row]
        assert texts.count("steps taken") == 1
    assert "steps taken" not in sections["start"]
    start = float(found.theta[1, 0])
    slope = (start + 2) * (start + 0.5) * (start - 2)
    way = "left" if slope > 0 else "right"
    assert (
        f"There the slope is {fixed(slope, 2, sign=True)}, so θ moves {way}."
        in sections["other start"]
    )


def test_the_films_points_tangents_and_bars_are_the_recordings(recorded: Recorded) -> None:
    from scenes.descent.descent_one_parameter import Walk
    from scenes.parts.charts import Chart

    with staged("descent_one_parameter", recorded) as found:
        valley, ladder = Chart((0, 1), 8, 3, (-3, 3), (0, 9)), Chart((0, -2), 8, 2, (-3, 3), (9, 0))
        for run, token in ((0, "purple"), (1, "green")):
            one = found.isel(run=run)
            walk = Walk(valley, ladder, one, ValueTracker(0), ValueTracker(0), token)
            np.testing.assert_allclose(walk.places, valley.point(one.theta.values, one.loss.values))
            steps = np.arange(one.sizes["step"])
            np.testing.assert_allclose(walk.bars, ladder.point(one.theta.values, steps))
            (x0, y0), (x1, y1) = valley.point(0, 0), valley.point(1, 1)
            slopes = walk.along[:, 1] / walk.along[:, 0] * (x1 - x0) / (y1 - y0)
            np.testing.assert_allclose(slopes, one.slope)
            assert walk.ink == theme.color(token)
