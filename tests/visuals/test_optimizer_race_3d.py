"""The race in three dimensions: the same runs, at their true heights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_rgb

from look import theme
from look.words import speaking
from scenes import layout, render
from scenes.optimizers.optimizer_race_3d import (
    BEAD,
    CLOSE,
    FLOORS,
    GAP,
    LINE,
    VISUAL,
    Goal,
    Names,
    Runner,
    Stages,
    height,
    told_of,
)
from simulate import recording
from simulate.surfaces import _base as surfaces
from tests.figures._drawn import Recorded
from tests.visuals._heard import listening
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


def crossings(race: xr.Dataset, run: int) -> list[int]:
    """Return the steps from which on a run's loss is below a tenth of the first, a hundredth …"""
    losses = race.sel(surface="beale").loss_path.values[run].tolist()
    below = [next((t for t, loss in enumerate(losses) if loss < losses[0] / 10**k), None)
             for k in (1, 2, 3, 4)]  # fmt: skip
    found: list[int] = []
    for step in below:
        if step is None or (found and step <= found[-1]):
            break
        found.append(step)
    return found


def test_a_line_is_where_the_loss_is_a_tenth_of_the_line_before(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    hero = told_of(here)
    runner = Runner(here, hero, STARS, ValueTracker(0), ValueTracker(0), ValueTracker(0))
    first = float(here.loss_path[hero, 0])
    low, high = float(here.loss.min()), float(here.loss.max())
    assert [step for _, step in runner.levels] == crossings(race, hero)
    assert len(runner.lines) == len(runner.levels) > 1
    for k, lines in enumerate(runner.lines, start=1):
        points = np.concatenate(lines)
        loss = surfaces.function("beale")(torch.from_numpy(points[:, :2].copy())).numpy()
        # as far as the coarse grid of the tiny recording tells so small a loss
        np.testing.assert_allclose(loss, first / 10**k, rtol=0.15 if k < 4 else 0.5)
        np.testing.assert_allclose(points[:, 2], height(first / 10**k, low, high))


def test_a_line_is_named_on_itself_and_away_from_all_others(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    hero, near = told_of(here), ValueTracker(0)
    runner = Runner(here, hero, STARS, ValueTracker(0), ValueTracker(0), near)
    goal = Goal(runner, STARS, ValueTracker(0), near)
    names = Names(runner, goal, ValueTracker(0), ValueTracker(0), near)
    named: set[int] = set()
    assert len(runner.levels) > 2
    for now in range(len(runner.views)):
        near.set_value(now)
        found = names.places()
        named |= set(found)
        for i, place in found.items():
            away = {}
            for k, lines in enumerate(runner.lines):
                seen = [runner.seen(line[np.isfinite(runner.model(line)).all(1)]) for line in lines]
                points = np.concatenate([each for each in seen if len(each)] or [[[99.0, 99.0]]])
                away[k] = np.linalg.norm(points - place, axis=1).min()
            assert away[i] == 0
            assert all(away[k] > 0 for k in away if k != i)
            for star in goal.places():
                assert np.linalg.norm(star - place) > 0.2
    # the last is named in the headline, where its own line is too small
    assert named >= set(range(len(runner.levels) - 1)), "each is large enough from somewhere"


def here_path(race: xr.Dataset, run: int, steps: int) -> np.ndarray:
    """Return places and heights of a run's first steps."""
    here = race.sel(surface="beale")
    low, high = float(here.loss.min()), float(here.loss.max())
    heights = height(here.loss_path.values[run], low, high)
    return np.column_stack([here.theta.values[run], heights])[: steps + 1]


def test_path_and_bar_are_as_long_as_the_steps_so_far(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    clock, hero = ValueTracker(0), told_of(here)
    ends = crossings(race, hero)
    assert len(ends) > 1
    pen: Any = SimpleNamespace(to_pixels=np.asarray)
    runner = Runner(here, hero, STARS, ValueTracker(0), clock, ValueTracker(0))
    bar = Stages(ends, clock)
    yellow = to_rgb(theme.color(VISUAL.series["way"][1]))
    for now in (ends[0] - 0.5, ends[0], ends[0] + 0.5, ends[1], ends[-1]):
        clock.set_value(now)
        strips, radii, shades = runner._strips(pen, runner._camera().axes)
        path = strips[radii == LINE]
        np.testing.assert_allclose(shades[radii == LINE] / 255, np.tile(yellow, (len(path), 1)),
                                   atol=1e-3)  # fmt: skip
        wanted = runner.seen(np.stack([runner.head(0), runner.head(now)]))
        np.testing.assert_allclose(path[[0, -1], [0, 1], :2], wanted)
        beads = strips[radii == BEAD]
        made = runner.seen(here_path(race, hero, int(now)))
        np.testing.assert_allclose(np.unique(beads[:, 0, :2], axis=0), np.unique(made, axis=0))
        seen = Pen()
        bar.paint(seen)
        begun = [(start, min(now, stop)) for start, stop in pairwise([0, *ends]) if start < now]
        drawn = [box for box in seen.bars if box[2] > 0]
        for (left, _, wide, _), (start, stop) in zip(drawn, begun, strict=True):
            assert wide + GAP == pytest.approx((stop - start) * bar.unit)
            assert left == pytest.approx(bar.box[0] + start * bar.unit)
        assert yellow in seen.inks


def test_near_the_floor_places_and_heights_are_still_the_recorded_ones(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    near, clock, hero = ValueTracker(0), ValueTracker(0), told_of(here)
    ends = crossings(race, hero)
    runner = Runner(here, hero, STARS, ValueTracker(0), clock, near)
    assert np.isfinite(runner.model(runner.head(0)[None])).all()
    low, high = float(here.loss.min()), float(here.loss.max())
    widths: list[float] = []
    assert len(runner.views) > 2, "else there is nothing to be seen from near"
    for now in range(1, len(runner.views)):
        near.set_value(now)
        runner.settle()
        x, y = runner._x, runner._y
        _, share = runner.views[now]
        assert FLOORS[now - 1] <= share <= 1
        for axis, grid in ((x, here.grid_x.values), (y, here.grid_y.values)):
            assert np.ptp(axis) == pytest.approx(share * np.ptp(grid))
        for place in (here.theta.values[hero, ends[now]], STARS[0]):  # all that comes is in sight
            assert x[0] < place[0] < x[-1]
            assert y[0] < place[1] < y[-1]
        assert np.isnan(runner.model(runner.head(0)[None])).all(), "the start is out of sight"
        # where a point of the grid lies in sight, the mesh is as high as the recorded loss there
        i = int(np.abs(here.grid_x.values - x.mean()).argmin())
        j = int(np.abs(here.grid_y.values - y.mean()).argmin())
        place = np.array([[here.grid_x.values[i], here.grid_y.values[j],
                           height(float(here.loss.values[j, i]), low, high)]])  # fmt: skip
        gap = np.linalg.norm(runner.corners.reshape(-1, 3) - runner.model(place), axis=1).min()
        assert gap < 1.5 * runner.size / min(len(x), len(y))
        assert np.isfinite(runner.model(runner.head(ends[-1])[None])).all(), "it is in sight"
        before = runner._x.copy()
        clock.set_value(ends[now])
        runner.settle()
        np.testing.assert_array_equal(runner._x, before, err_msg="it moves and the ground does not")
        assert runner._camera().elevation == CLOSE
        assert runner.heights.max() == pytest.approx(1)
        widths.append(np.ptp(x))
    assert widths == sorted(widths, reverse=True), "nearer and nearer"
    near.set_value(0.5)  # half way from one to the next
    for axis, grid in zip(runner.window(0.5), ("grid_x", "grid_y"), strict=True):
        k = ("grid_x", "grid_y").index(grid)
        ends_of = [runner.window(now)[k] for now in (0, 1)]
        np.testing.assert_allclose(axis, np.mean(ends_of, axis=0))


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


def test_the_bar_counts_the_steps_from_line_to_line(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    clock, hero = ValueTracker(0), told_of(here)
    followed = np.flatnonzero(here.followed.values)
    assert int(here.arrived[hero]) == here.arrived.values[followed].max(), "the last of them"
    ends = crossings(race, hero)
    bar = Stages(ends, clock)
    for now in (0, 1, ends[0], ends[0] + 1, ends[-1]):
        clock.set_value(now)
        taken = [sum(start < step <= stop for step in range(1, now + 1))
                 for start, stop in pairwise([0, *ends])]  # fmt: skip
        assert bar.lengths() == taken
        with listening() as heard:
            bar.paint(Pen())
        assert heard == {str(each) for each in taken if each}
    assert sum(bar.lengths()) == ends[-1]
    assert bar.unit * ends[-1] == pytest.approx(bar.width)


def test_what_takes_longer_is_by_both_medians(race: xr.Dataset) -> None:
    down, bottom = race.attrs["wall_steps"], race.attrs["home_steps"]
    said = {"valley": bottom - down > down, "wall": bottom - down < down}
    assert said.get(race.attrs["longer"], bottom == 2 * down)
