"""The race in three dimensions: the same runs, at their true heights."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_rgb
from scipy.interpolate import RegularGridInterpolator

from look import theme
from look.words import speaking
from scenes import layout, render
from scenes.optimizers.optimizer_race_3d import (
    BEAD,
    CLOSE,
    FLOOR,
    LINE,
    VISUAL,
    Goal,
    Names,
    Runner,
    Stages,
    height,
    stages,
    told_of,
)
from simulate import recording
from simulate.surfaces import _base as surfaces
from tests.figures._drawn import Recorded
from tests.visuals._pen import Pen
from tests.visuals.test_words import VISUALS

STARS = [(3.0, 0.5)]  # of the Beale function


@pytest.fixture(scope="module")
def race(recorded: Recorded) -> xr.Dataset:
    return recording.load(recorded("optimizer_race"))


@pytest.fixture(autouse=True)
def _speaks(race: xr.Dataset) -> Iterator[None]:
    with speaking(VISUAL, race.attrs):
        yield


def test_everyone_is_where_the_recording_has_them(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    low, high = float(here.loss.min()), float(here.loss.max())
    for k in range(0, here.sizes["run"], 4):
        runner = Runner(here, k, STARS, ValueTracker(0), ValueTracker(0), ValueTracker(0))
        left = int(here.left_box[k])
        last = left - 1 if left >= 0 else race.attrs["n_steps"]
        for step in (0, last // 2, last):
            x, y, z = runner.head(step)
            np.testing.assert_array_equal([x, y], here.theta.values[k, step])
            assert z == pytest.approx(height(float(here.loss_path[k, step]), low, high))
        np.testing.assert_array_equal(runner.head(1e9), runner.head(last))


def test_a_height_is_that_of_the_surface_there(race: xr.Dataset) -> None:
    """What is drawn of a loss goes with the mesh, which is drawn of the grid by the same scale."""
    here = race.sel(surface="beale")
    runner = Runner(here, 0, STARS, ValueTracker(0), ValueTracker(0), ValueTracker(0))
    loss = here.loss.values
    low, high = loss.min(), loss.max()
    np.testing.assert_allclose(runner.heights, height(loss, low, high))
    assert runner.heights.min() == 0
    assert runner.heights.max() == pytest.approx(1)
    order = np.argsort(loss, axis=None)
    assert (np.diff(runner.heights.ravel()[order]) >= 0).all()


def test_the_star_is_where_the_paths_lead(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    clock, near = ValueTracker(race.attrs["n_steps"]), ValueTracker(0)
    best = int(here.loss_path[:, -1].argmin())
    runner = Runner(here, best, STARS, ValueTracker(0), clock, near)
    goal = Goal(runner, STARS, ValueTracker(0), near)
    (place,) = goal.places()
    (end,) = runner.seen(runner.head(race.attrs["n_steps"])[None])[:, :2]
    np.testing.assert_allclose(place, end, atol=0.15)
    here_too = Goal(runner, [(-4.0, -4.0)], ValueTracker(0), near)
    near.set_value(1)
    assert here_too.places() == [], "out of sight"


def test_inside_the_ring_is_who_has_arrived(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    runner = Runner(here, 0, STARS, ValueTracker(0), ValueTracker(0), ValueTracker(0))
    (ring,) = runner.rings
    spans = [np.ptp(here[name].values) for name in ("grid_x", "grid_y")]
    near = race.attrs["near"] * np.hypot(*spans)
    np.testing.assert_allclose(np.linalg.norm(ring[:, :2] - STARS[0], axis=1), near)
    for k in np.flatnonzero(here.arrived.values >= 0):
        way = np.linalg.norm(here.theta.values[k] - STARS[0], axis=1)
        home = int(here.arrived[k])
        assert (way[home:] <= near * (1 + 1e-9)).all()
        assert home == 0 or way[home - 1] > near
    loss = surfaces.function("beale")(torch.from_numpy(ring[:, :2].copy())).numpy()
    low, high = float(here.loss.min()), float(here.loss.max())
    np.testing.assert_allclose(ring[:, 2], height(loss, low, high), atol=0.12)


def here_path(race: xr.Dataset, run: int, steps: int) -> np.ndarray:
    """Return places and heights of a run's first steps."""
    here = race.sel(surface="beale")
    low, high = float(here.loss.min()), float(here.loss.max())
    heights = height(here.loss_path.values[run], low, high)
    return np.column_stack([here.theta.values[run], heights])[: steps + 1]


def test_path_and_bar_change_their_colour_where_the_wall_ends(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    clock, hero = ValueTracker(0), told_of(here)
    losses = here.loss_path.values[hero]
    wall = next(t for t, loss in enumerate(losses) if loss < 0.01 * losses[0])
    end = int(here.arrived[hero])
    text, own = (to_rgb(theme.color(VISUAL.series[part][1])) for part in ("down", "along"))
    assert text != own
    pen: Any = SimpleNamespace(to_pixels=np.asarray)
    runner = Runner(here, hero, STARS, ValueTracker(0), clock, ValueTracker(0))
    bar, *_ = stages(here, hero, end, clock)
    for now, inks in ((wall - 0.5, [text]), (wall, [text]), (end, [text, own])):
        clock.set_value(now)
        strips, radii, shades = runner._strips(pen, runner._camera().axes)
        path, beads = strips[radii == LINE], strips[radii == BEAD]
        made = runner.seen(here_path(race, hero, int(now)))
        np.testing.assert_allclose(np.unique(beads[:, 0, :2], axis=0), np.unique(made, axis=0))
        shades = shades[radii == LINE] / 255
        for ink, start, stop in zip(inks, (0, wall), (min(now, wall), now), strict=False):
            pieces = path[np.isclose(shades, ink, atol=1e-3).all(1)]
            ends = runner.seen(np.stack([runner.head(start), runner.head(stop)]))
            np.testing.assert_allclose(pieces[[0, -1], [0, 1], :2], ends)
        seen = Pen()
        bar.paint(seen)
        assert [ink for ink, drawn in zip(seen.inks, seen.bars, strict=True) if drawn[2]] == inks


def test_the_wall_is_said_to_end_where_the_loss_is_a_hundredth(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    near = ValueTracker(0)
    runner = Runner(here, told_of(here), STARS, ValueTracker(0), ValueTracker(0), near)
    low, high = float(here.loss.min()), float(here.loss.max())
    for now in (0, 1):
        near.set_value(now)
        goal = Goal(runner, STARS, ValueTracker(0), near)
        place = Names(runner, goal, ValueTracker(0), ValueTracker(0), near).highest()
        points = np.concatenate(runner.edge)
        loss = RegularGridInterpolator((here.grid_y.values, here.grid_x.values), here.loss.values)
        edge = 0.01 * float(here.loss_path[0, 0])
        np.testing.assert_allclose(loss(points[:, 1::-1]), edge, rtol=1e-6)
        np.testing.assert_allclose(points[:, 2], height(edge, low, high), rtol=1e-6)
        seen = runner.seen(points[np.isfinite(runner.model(points)).all(1)])
        np.testing.assert_allclose(place, seen[seen[:, 1].argmax()])


def test_near_the_floor_places_and_heights_are_still_the_recorded_ones(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    near, clock, hero = ValueTracker(0), ValueTracker(0), told_of(here)
    end = int(here.arrived[hero]) if int(here.arrived[hero]) >= 0 else race.attrs["n_steps"]
    runner = Runner(here, hero, STARS, ValueTracker(0), clock, near)
    far = runner.model(runner.head(0)[None])
    assert np.isfinite(far).all()
    near.set_value(1)
    clock.set_value(end)
    runner.settle()
    x, y = runner._x, runner._y
    assert FLOOR <= runner.share <= 1
    for axis, grid in ((x, here.grid_x.values), (y, here.grid_y.values)):
        assert np.ptp(axis) == pytest.approx(runner.share * np.ptp(grid))
    wall = next(t for t, loss in enumerate(here.loss_path.values[hero])
                if loss < 0.01 * here.loss_path.values[hero, 0])  # fmt: skip
    for place in (here.theta.values[hero, wall], STARS[0]):  # all of the valley is in sight
        assert x[0] < place[0] < x[-1]
        assert y[0] < place[1] < y[-1]
    assert np.isnan(runner.model(runner.head(0)[None])).all(), "the start is out of sight"
    low, high = float(here.loss.min()), float(here.loss.max())
    # where a point of the grid lies in sight, the mesh is as high as the recorded loss there
    i = int(np.abs(here.grid_x.values - x.mean()).argmin())
    j = int(np.abs(here.grid_y.values - y.mean()).argmin())
    place = np.array([[here.grid_x.values[i], here.grid_y.values[j],
                       height(float(here.loss.values[j, i]), low, high)]])  # fmt: skip
    gap = np.linalg.norm(runner.corners.reshape(-1, 3) - runner.model(place), axis=1).min()
    assert gap < 1.5 * runner.size / min(len(x), len(y))
    assert np.isfinite(runner.model(runner.head(end)[None])).all(), "it is in sight"
    before = runner._x.copy()
    clock.set_value(end // 4)
    runner.settle()
    np.testing.assert_array_equal(runner._x, before, err_msg="it moves and the ground does not")
    assert runner._camera().elevation == CLOSE
    assert runner.heights.max() == pytest.approx(1)


def test_wall_and_bottom_are_medians_of_those_who_arrive(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    home = np.flatnonzero(here.arrived.values >= 0)
    assert len(home) == race.attrs["n_home"] > 0
    down = []
    for k in home:
        path = here.loss_path.values[k]
        down.append(next(step for step, loss in enumerate(path) if loss < 0.01 * path[0]))
    assert race.attrs["wall_steps"] == round(float(np.median(down)))
    assert race.attrs["home_steps"] == round(float(np.median(here.arrived.values[home])))


def test_its_words_can_be_read(recorded: Recorded) -> None:
    job = render.Job(
        module=VISUALS["optimizer_race_3d"].modules["animation"],
        recordings={"optimizer_race": str(recorded("optimizer_race"))},
        width=640,
        height=360,
        fps=10,
    )
    assert layout.problems(job) == []


def test_the_bar_is_the_steps_down_the_wall_and_along_the_valley(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    clock, hero = ValueTracker(0), told_of(here)
    followed = np.flatnonzero(here.followed.values)
    assert int(here.arrived[hero]) == here.arrived.values[followed].max(), "the last of them"
    with render.stage(render.Job(module="", recordings={})):
        bar, *numbers = stages(here, hero, race.attrs["n_steps"], clock)
    assert isinstance(bar, Stages)
    path, home = here.loss_path.values[hero], int(here.arrived[hero])
    wall = next((t for t, loss in enumerate(path) if loss < 0.01 * path[0]), 10**6)
    for now in (0, 5, 20, race.attrs["n_steps"]):
        clock.set_value(now)
        taken = min(now, home) if home >= 0 else now
        lengths = (min(taken, wall), max(taken - wall, 0))
        assert bar.lengths() == lengths
        said = [number.text() for number in numbers]
        assert said == [f"steps to 1\u202f%: {lengths[0]}", f"from there: {lengths[1]}"]


def test_what_takes_longer_is_by_both_medians(race: xr.Dataset) -> None:
    down, bottom = race.attrs["wall_steps"], race.attrs["home_steps"]
    said = {"valley": bottom - down > down, "wall": bottom - down < down}
    assert said.get(race.attrs["longer"], bottom == 2 * down)
