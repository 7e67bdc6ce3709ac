"""Paths of any optimizers over any function of two numbers: where they went, on what it is."""

from __future__ import annotations

import itertools
from typing import Any, cast

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import figures
import simulate
from figures import render
from figures.layout import problems
from figures.parts.canvas import text_width
from look.maps import legs
from look.numbers import number
from scenes.optimizers.descent_paths import (
    MOST,
    explained,
    far,
    ground_of,
    left_of,
    way_left,
)
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._whole import nearest


def valley(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return x.abs() + 3 * (y - x**2) ** 2


@pytest.fixture(scope="module")
def mine() -> xr.Dataset:
    names = ["sgd", "adam", torch.optim.Adamax, "rmsprop"]
    return simulate.race(valley, names, start=(-1, 1), steps=30, lr=0.05)


def test_the_map_is_the_function(mine: xr.Dataset) -> None:
    assert mine.height.dims == ("y", "x")
    x, y = np.meshgrid(mine.grid_x, mine.grid_y)
    np.testing.assert_allclose(mine.height, np.abs(x) + 3 * (y - x**2) ** 2, rtol=1e-12)
    below = mine.theta.values[mine.loss.values <= mine.loss.values[:, 0].max()]
    for k, grid in enumerate((mine.grid_x, mine.grid_y)):
        assert grid[0] < below[:, k].min() < below[:, k].max() < grid[-1]
    assert np.ptp(mine.grid_x.values) == pytest.approx(np.ptp(mine.grid_y.values))  # a square


def test_where_a_function_fails_its_height_is_nan() -> None:
    def half(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        if x < 0:
            raise ValueError("no negative x here")
        return (x - 1) ** 2 + y**2

    found = simulate.race(half, ["sgd"], start=(0.02, 0.5), steps=5, lr=0.1)
    defined = found.grid_x.values >= 0
    assert np.isfinite(found.height.values[:, defined]).all()
    assert np.isnan(found.height.values[:, ~defined]).all()
    assert not defined.all()
    assert figures.draw("descent_paths", found) is not None


def test_the_map_is_called_in_the_precision_of_the_race() -> None:
    """With matrices of single precision a function takes nothing else."""
    matrix = torch.tensor([[2.0, 0.0], [0.0, 1.0]], dtype=torch.float32)
    found = simulate.race(
        lambda theta: theta @ matrix @ theta, ["sgd"], start=(1, 1), steps=5, lr=0.1,
        dtype="float32", points=5,
    )  # fmt: skip
    x, y = np.meshgrid(found.grid_x, found.grid_y)
    np.testing.assert_allclose(found.height, 2 * x**2 + y**2, rtol=1e-6)


def test_one_that_leaves_the_numbers_leaves_the_map() -> None:
    found = simulate.race(
        lambda x, y: x**3 + y**2, ["sgd"], start=(-1, 1), steps=60, lr=0.5, points=5
    )
    assert not np.isfinite(found.theta.values[:, -1]).all()
    assert np.isfinite(found.grid_x).all()
    assert np.isfinite(found.grid_y).all()


def test_one_that_leaves_does_not_stretch_the_map() -> None:
    found = simulate.race(lambda x, y: x**2 + y**2, ["sgd"], start=(1, 1), steps=40, lr=2.0)
    assert np.abs(found.theta).max() > 1e6
    assert np.abs(found.grid_x).max() < 10
    assert problems(figures.draw("descent_paths", found)) == []


def test_the_film_is_slow_for_most_of_the_way(mine: xr.Dataset) -> None:
    for path in mine.theta.values:
        way = np.linalg.norm(np.diff(path, axis=0), axis=1)
        turn = far(path)
        assert way[:turn].sum() >= MOST * way.sum() > way[: turn - 1].sum()


def test_three_numbers_have_no_map() -> None:
    found = simulate.race(lambda t: (t**2).sum(), ["sgd"], start=(1, 1, 1), steps=3)
    assert "height" not in found
    with pytest.raises(simulate.UserError, match="descent_paths needs variables height"):
        figures.draw("descent_paths", found)


def test_the_map_can_be_left_out_and_takes_none_of_the_callers_random_numbers() -> None:
    calls = 0

    def noisy(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        nonlocal calls
        calls += 1
        return x**2 + y**2 + 0 * torch.randn(())

    states, counts = [], []
    for points in (None, 5):
        torch.manual_seed(0)
        calls = 0
        found = simulate.race(noisy, ["sgd"], start=(1, 1), steps=3, lr=0.1, points=points)
        assert ("height" in found) == (points is not None)
        states.append(torch.get_rng_state())
        counts.append(calls)
    assert counts[1] == counts[0] + 25
    assert torch.equal(*states)


def test_paths_names_and_losses_are_the_recorded_ones(mine: xr.Dataset) -> None:
    fig = figures.draw("descent_paths", mine)
    places = {text.get_text(): text for text in fig.findobj(Text)}
    assert mine.run.values.tolist() == ["SGD", "Adam", "Adamax", "RMSProp"]
    for name in mine.run.values.tolist():
        path = line(fig, name)
        np.testing.assert_array_equal(np.stack(path.get_data(), axis=1), mine.theta.sel(run=name))
    # A name stands near its own end, and its loss behind it.
    for k, name in enumerate(mine.run.values.tolist()):
        text, loss = places[name], places[number(float(mine.loss[k, -1]))]
        assert text.xy == loss.xy == tuple(mine.theta.values[k, -1])
        assert -text_width(name, 15) - 100 < text.xyann[0] < 20
        assert abs(text.xyann[1]) < 40
        (dot,) = [each for each in fig.axes[0].get_lines()
                  if each.get_marker() == "o" and (each.get_xydata() == text.xy).all()]  # fmt: skip
        assert to_hex(dot.get_markerfacecolor()) == to_hex(line(fig, name).get_color())
        assert loss.xyann[0] > text.xyann[0]
        assert loss.xyann[1] == text.xyann[1]
    assert len({to_hex(line(fig, name).get_color()) for name in mine.run.values.tolist()}) == 4
    assert problems(fig) == []


def test_the_broad_path_is_the_lowest_one(mine: xr.Dataset) -> None:
    fig = figures.draw("descent_paths", mine)
    widths = {name: line(fig, name).get_linewidth() for name in mine.run.values.tolist()}
    best = str(mine.run.values[int(mine.loss.values[:, -1].argmin())])
    assert [name for name, width in widths.items() if width == max(widths.values())] == [best]


def test_its_own_words_count_its_runs(record: Record, recorded: Recorded) -> None:
    data = record("descent_paths")
    fig, _ = drawn("descent_paths", recorded)
    title = " ".join(" ".join(text.get_text() for text in fig.texts).split())
    n_steps = data.sizes["step"] - 1
    ends = dict(zip(data.run.values.tolist(), data.loss.values[:, -1].tolist(), strict=True))
    best = min(ends, key=ends.__getitem__)
    far = {
        name: float(np.linalg.norm(path[-1] - [1, 1]) / np.linalg.norm(path[0] - [1, 1]))
        for name, path in zip(data.run.values.tolist(), data.theta.values, strict=True)
    }
    after, second = min((share, name) for name, share in far.items() if name != best)
    if far[best] < min(after, 1):
        said = f"After {n_steps} steps {best} has {100 * far[best]:.0f} % of the way to go, "
        said += f"{second} {100 * after:.0f} %"
    else:
        said = f"After {n_steps} steps from one start, {best} is lowest"
    assert title.replace("\N{NARROW NO-BREAK SPACE}", " ").startswith(said)
    written = said_of(fig)
    for name, share in far.items():
        assert written[written.index(name) + 1] == f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"
    assert "0.001 (SGD), 0.001 (Momentum, μ = 0.9), 0.05 (Adam)" in title.replace("\u00a0", " ")
    assert data.attrs["lowest"] == best
    np.testing.assert_array_equal(data["minimum"], [1, 1])
    (ax,) = fig.axes
    (star,) = [each for each in ax.get_lines() if each.get_marker() == "*"]
    np.testing.assert_array_equal(star.get_xydata(), [[1, 1]])
    assert ax.get_xlim()[1] > 1
    (low, high), paths = ax.get_ylim(), data.theta.values
    assert low < paths[..., 1].min() < max(paths[..., 1].max(), 1) < high
    width, height = ax.bbox.size
    assert width / height == pytest.approx(np.ptp(ax.get_xlim()) / (high - low)), "equal axes"


def test_a_surface_without_a_minimum_has_no_star(record: Record) -> None:
    data = record("descent_paths", surface="saddle", start=(-0.5, 0.1), n_steps=9)
    assert "minimum" not in data
    assert not data.attrs["starred"]
    assert problems(figures.draw("descent_paths", data)) == []


def test_a_surface_without_a_map_is_refused(record: Record) -> None:
    with pytest.raises(simulate.UserError, match="surface is 'plateau'; take one of two param"):
        record("descent_paths", surface="plateau")


def test_names_of_many_paths_to_one_place_stand_apart() -> None:
    names = ["sgd", "momentum", "adam", "rmsprop", "nesterov", "adagrad", "adamax"]
    found = simulate.race(lambda x, y: x**2 + y**2, names, start=(1, 1), steps=80, lr=0.2)
    assert problems(figures.draw("descent_paths", found)) == []


def test_the_film_shows_what_the_figure_does(record: Record) -> None:
    data = record("descent_paths")
    chart, ground = ground_of(data)
    (x0, x1), (y0, y1) = chart.x, chart.y
    assert chart.width / chart.height == pytest.approx((x1 - x0) / (y1 - y0)), "equal axes"
    assert (y0, y1) == pytest.approx(drawn_box(data))
    np.testing.assert_allclose(ground[1].get_center()[:2], chart.point(1.0, 1.0))


def test_the_films_bars_are_the_ways_that_are_left(record: Record) -> None:
    data = record("descent_paths")
    left, clock = way_left(data), ValueTracker(0)
    far = np.linalg.norm(data.theta.values - [1.0, 1.0], axis=2)
    with telling("descent_paths", data):
        for k in range(data.sizes["run"]):
            bar, text = left_of(left[k], clock, "green", 0.0, 0.0)
            for step in (0, 7, data.attrs["n_steps"]):
                clock.set_value(step)
                assert bar.share() == pytest.approx(far[k, step] / far[k, 0])
                said = text.text().replace("\N{NARROW NO-BREAK SPACE}", "")
                assert said == f"{100 * far[k, step] / far[k, 0]:.0f}%"


def test_the_films_arrows_turn_where_momentum_swings_and_not_where_it_runs(record: Record) -> None:
    data = record("descent_paths", n_steps=200)
    path = data.theta.sel(run="Momentum").values
    with telling("descent_paths", data):
        chart, _ = ground_of(data)
        assert len(explained(chart, path)) == 4
        assert explained(chart, path[:60]) == [], "it still swings"
        straight = path[0] + np.linspace(0, 1, 60)[:, None] * (path[-1] - path[0])
        assert explained(chart, straight) == [], "it never swings"
    found = legs(path)
    assert found is not None
    across, along = (np.diff(path[steps], axis=0) for steps in found)
    turns = [k for k in range(1, len(path) - 1)
             if (path[k, 0] - path[k - 1, 0]) * (path[k + 1, 0] - path[k, 0]) < 0]  # fmt: skip
    assert set(found[0]) <= set(turns)
    assert len(across) >= 2
    assert (across[1:, 0] * across[:-1, 0] < 0).all(), "to and fro"
    way = along / np.linalg.norm(along, axis=1)[:, None]
    assert (way[1:] * way[:-1]).sum(1).min() > 0.95, "all one way"


def test_the_figures_arrows_lie_on_momentums_path_and_their_words_beside_them(
    record: Record,
) -> None:
    """Both words say what the arrows do; no name lies on them, on either sheet."""
    data = record("descent_paths", n_steps=200)
    path = data.theta.sel(run="Momentum").values
    turns = {k for k in range(1, len(path) - 1)
             if (path[k, 0] - path[k - 1, 0]) * (path[k + 1, 0] - path[k, 0]) < 0}  # fmt: skip
    module, given = "figures.optimizers.descent_paths", {"descent_paths": cast("Any", data)}
    for fig in (render.figure(module, given, "dark"), render.narrow_form(module, given, "dark")):
        assert fig is not None
        assert problems(fig) == []
        ways = {name: [each.get_xydata() for each in fig.axes[0].get_lines()
                       if each.get_label() == name] for name in ("across", "along")}  # fmt: skip
        for arrows in ways.values():
            for here, there in itertools.pairwise(arrows):
                np.testing.assert_array_equal(here[1], there[0])
            places = [int((path == at).all(1).argmax()) for way in arrows for at in way]
            np.testing.assert_array_equal(path[places], np.concatenate(arrows))
            assert places == sorted(places)
            assert (arrows is ways["across"]) == (set(places) <= turns)
        across, along = (np.array([there - here for here, there in ways[name]]) for name in ways)
        assert len(across) >= 2
        assert (across[1:, 0] * across[:-1, 0] < 0).all(), "to and fro"
        assert along[0] @ along[1] > 0.95 * np.prod(np.linalg.norm(along, axis=1)), "all one way"
        words = {text.split(": ")[-1]: text for text in said_of(fig)}
        assert {"to and fro", "all one way"} < words.keys()
        near = [nearest(fig.axes[0], tuple(ways[name][0][1]), words.values()) for name in ways]
        assert near == [words["to and fro"], words["all one way"]]
    short = record("descent_paths", n_steps=60)
    fig = render.figure(module, {"descent_paths": cast("Any", short)}, "dark")
    assert not any("fro" in text for text in said_of(fig)), "it still swings"


def said_of(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def drawn_box(data: xr.Dataset) -> tuple[float, float]:
    return figures.draw("descent_paths", data).axes[0].get_ylim()


def test_of_two_on_one_way_both_are_seen(recorded: Recorded) -> None:
    """The lowest lies under all and is the broadest; of the others the longer on the shorter."""
    fig, (found,) = drawn("descent_paths", recorded)
    names = found.run.values.tolist()
    lines = [line(fig, name) for name in names]
    long = np.linalg.norm(np.diff(found.theta.values, axis=1), axis=2).sum(1)
    best = int(found.loss.values[:, -1].argmin())
    order = [best, *[k for k in np.argsort(long).tolist() if k != best]]
    over = [lines[k].get_zorder() for k in order]
    broad = [lines[k].get_linewidth() for k in order]
    assert over == sorted(set(over))
    assert broad == sorted(set(broad), reverse=True)
