"""Films of the optimizers' mechanisms: where their parts put things is what was recorded.

Places on screen are an affine image of data, one for all that stands in one chart; equal axes where
an angle means something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from look.runs import runs
from scenes import render
from scenes.optimizers import (
    adam_moments,
    adaptive_rates,
    momentum_ravine,
    moving_averages,
    nesterov_lookahead,
    saddle_escape,
)
from scenes.parts.charts import Chart
from simulate import recording
from tests.figures._drawn import telling

Recorded = Callable[[str], Path]


@contextmanager
def staged(stem: str, recorded: Recorded) -> Iterator[xr.Dataset]:
    found = recording.load(recorded(stem))
    with render.stage(render.Job(module="", recordings={})), telling(stem, found):
        yield found


def scale(places: np.ndarray, data: np.ndarray) -> np.ndarray:
    """Return scale and shift of either axis, having seen that they are the same everywhere."""
    found = []
    for axis in range(2):
        inputs = np.stack([data[:, axis], np.ones(len(data))], axis=1)
        fit, *_ = np.linalg.lstsq(inputs, places[:, axis], rcond=None)
        np.testing.assert_allclose(inputs @ fit, places[:, axis], atol=1e-9)
        found.append(fit)
    return np.array(found)


def test_each_ravine_has_its_own_path_on_equal_axes(recorded: Recorded) -> None:
    with staged("momentum_ravine", recorded) as found:
        for place, name in enumerate(found.run.values.tolist()):
            *_, trail, _, _ = momentum_ravine.ravine(found, name, place, ValueTracker(0))
            (across, _), (up, _) = scale(trail.places, found.theta.sel(run=name).values)
            assert across == pytest.approx(up)


def test_nesterovs_arrows_are_the_recorded_ones(recorded: Recorded) -> None:
    with staged("nesterov_lookahead", recorded) as found:
        for run in runs(found):
            _, step = nesterov_lookahead.close_up(found, run, 0.0, ValueTracker(0))
            here, carried = found.from_here.values, found.carried.values
            asked, pull = run.data.looked_at.values, run.data.pull.values
            data = np.array([here, here + carried, asked, asked + pull, run.data.landing.values])
            places = np.array([step.here, step.tip, step.asked, step.pulled, step.landing])
            (across, _), (up, _) = scale(places, data)
            assert across == pytest.approx(up)
            # no slope is asked before the ring is where it is asked
            for now in np.linspace(0, 3, 61):
                step.phase.set_value(now)
                _, ring, slope, _ = step.shares()
                assert slope == 0 or ring == (1 if run.name == "nesterov" else 0)
            assert (ring > 0) == (run.name == "nesterov")
            # Nesterov asks at the tip of the grey arrow, plain momentum where it stands.
            at = step.tip if run.name == "nesterov" else step.here
            np.testing.assert_allclose(step.asked, at)


def test_rates_stand_on_one_logarithmic_axis(recorded: Recorded) -> None:
    with staged("adaptive_rates", recorded) as found:
        _, moving = adaptive_rates.chart_of_rates(found, list(runs(found)), ValueTracker(0))
        curves = [part for part in moving if isinstance(part, adaptive_rates.Growing)]
        data = [
            np.stack([found.step.values, np.log10(found.rate.sel(run=run, param="x"))], axis=1)
            for run in ("adagrad", "rmsprop")
        ]
        assert len(curves) == len(data)
        scale(np.concatenate([curve.places for curve in curves]), np.concatenate(data))


def test_each_dot_is_where_its_run_was(recorded: Recorded) -> None:
    with staged("saddle_escape", recorded) as found:
        clock = ValueTracker(0)
        _, lanes = saddle_escape.ground(found, clock)
        data = np.stack([found.theta_hollow.values, found.loss_hollow.values], axis=2)
        scale(np.concatenate(lanes.places), data.reshape(-1, 2))
        clock.set_value(3)
        np.testing.assert_array_equal(lanes.feet(), [path[3] for path in lanes.places])
        gaps = np.diff(np.sort(lanes.heights))
        assert (gaps > 0.4).all(), "no name lies on another"


def test_the_average_goes_through_all_its_states(recorded: Recorded) -> None:
    with staged("moving_averages", recorded) as found:
        n_betas, n = found.sizes["x"], found.sizes["step"]
        chart, state = Chart((0, 0), 4, 1, (0, 9), (0, 1)), ValueTracker(0)
        line = moving_averages.Average(chart, found.ewa.values, ValueTracker(n), state)
        steps = np.broadcast_to(np.arange(1, n + 1), (n_betas, n))
        data = np.stack([steps, found.ewa.values], axis=2)
        scale(line.lines.reshape(-1, 2), data.reshape(-1, 2))
        bars = moving_averages.Weights(chart, found.weight.values, state)
        for k in range(n_betas):  # also a little before and after: β is written of the nearest
            for now in (k - 0.4, k + 0.4):
                state.set_value(min(max(now, 0), n_betas - 1))
                said = float(found.weight.values[k] @ (n - np.arange(1, n + 1)))
                assert bars.age() == pytest.approx(said)
        lag = moving_averages.Lag(chart, found, ValueTracker(0))
        unit = chart.point(1, 0)[0] - chart.point(0, 0)[0]
        assert (lag.start - lag.end)[0] / unit == pytest.approx(found.attrs["high_age"])
        assert any(np.allclose(lag.start, place) for place in line.lines[-1])


def test_bars_of_adams_steps_are_the_recorded_ones(recorded: Recorded) -> None:
    with staged("adam_moments", recorded) as found:
        _, both = adam_moments.strips(found, ValueTracker(0))
        for bars, moves in zip(both, (found.move, found.steep_move), strict=True):
            data = np.stack([found.step.values, moves.values / found.attrs["lr"]], axis=1)
            scale(bars.tips, data)
        heights = [bars.tips[:, 1] - bars.foot[:, 1] for bars in both]
        np.testing.assert_allclose(*heights, atol=1e-3)
