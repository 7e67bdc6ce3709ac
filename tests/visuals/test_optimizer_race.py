"""The race: its paths are plain torch's, its verdicts and drawings are what happened."""

from __future__ import annotations

import importlib
import itertools
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb

from look import theme
from scenes import layout, render
from scenes.parts.charts import Chart, between
from simulate import recording, registry, specs
from simulate.surfaces import _base as surfaces
from simulate.training.descend import descend
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, telling
from tests.simulate._momenta import at_momentum
from tests.visuals._whole import labels, points
from tests.visuals.test_words import VISUALS

ROWS = registry.rows("optimizers")


def ink(run: str) -> str:
    """The colour of an optimizer in the dark theme."""
    return str(getattr(theme.THEMES["dark"], ROWS[run].color)).lower()


def tuned(one: xr.Dataset) -> specs.Optimizer:
    """An optimizer of the race, on one surface, at the momentum that the search found."""
    name = str(one.run.item())
    return specs.Optimizer(name=name, settings=at_momentum(name, float(one.momentum)))


@pytest.fixture(scope="module")
def race(recorded: Recorded) -> xr.Dataset:
    return recording.load(recorded("optimizer_race"))


def test_every_optimizer_races_on_every_surface(race: xr.Dataset) -> None:
    module = importlib.import_module(registry.row("experiments", "optimizer_race").module)
    (search,) = module.runs(module.EXPERIMENT.settings).values()
    flat = [n for n, row in registry.rows("surfaces").items() if len(row.domain) == 2]
    racers = [n for n, row in ROWS.items() if "surfaces" not in row.fields.get("unfit", {})]
    assert list(search.surfaces) == flat
    assert [spec.name for spec in search.optimizers] == racers == race.run.values.tolist()
    assert len(search.rates) == 40
    np.testing.assert_allclose(np.diff(np.log(search.rates)), np.log(1e6) / 39)
    assert search.momenta == (0.5, 0.9, 0.99)


def test_each_path_is_plain_torchs_until_it_leaves(race: xr.Dataset) -> None:
    n_steps = race.attrs["n_steps"]
    for surface in race.surface.values.tolist():
        low, high = np.transpose(registry.load("surfaces", surface).domain)
        function = surfaces.function(surface)
        for run in race.run.values.tolist():
            one = race.sel(surface=surface, run=run)
            row = registry.load("optimizers", run)
            theta = torch.tensor(registry.load("surfaces", surface).start, dtype=torch.float64)
            theta.requires_grad_()
            settings = at_momentum(run, float(one.momentum))
            rule = row.build([theta], **{**row.defaults, **settings, "lr": float(one.lr)})

            def closure(theta: Any = theta, rule: Any = rule, function: Any = function) -> Any:
                rule.zero_grad()
                loss = function(theta)
                loss.backward()
                return loss

            path = [theta.detach().numpy().copy()]
            for _ in range(n_steps):
                rule.step(closure)
                path.append(theta.detach().numpy().copy())
            inside = ((path >= low) & (path <= high)).all(1)
            left = -1 if inside.all() else int(np.argmin(inside))
            assert int(one.left_box) == left
            kept = n_steps + 1 if left < 0 else left + 1
            np.testing.assert_allclose(one.theta[:kept], path[:kept], rtol=1e-9, atol=1e-9)
            assert np.isnan(one.theta[kept:]).all()
            assert np.isnan(one.loss_path[kept:]).all()
            heights = function(torch.tensor(np.stack(path[:kept]))).numpy()
            np.testing.assert_allclose(one.loss_path[:kept], heights, rtol=1e-8, atol=1e-12)


def test_from_other_starts_each_path_is_plain_torchs_too(race: xr.Dataset) -> None:
    n_steps = race.attrs["n_steps"]
    for surface in race.surface.values.tolist():
        row = registry.load("surfaces", surface)
        low, high = np.transpose(row.domain)
        reach = race.attrs["near"] * np.linalg.norm(high - low)
        here = race.sel(surface=surface)
        starts = here.theta_far.values[:, 0, 0]
        room = (starts - low) / (high - low)
        assert set(room.ravel().round(9).tolist()) == {0.25, 0.75}, "the middles of quarters"
        assert len({tuple(at) for at in starts.tolist()}) == len(starts) == 3
        for k, start in enumerate(starts):
            for run in ("sgd", "adam", "lbfgs"):
                one = here.isel(start_far=k).sel(run=run)
                path = descend(
                    surfaces.function(surface), start, optimizer=tuned(one), lr=float(one.lr),
                    steps=n_steps,
                ).theta.values  # fmt: skip
                outside = np.flatnonzero(~((path >= low) & (path <= high)).all(1))
                left = int(outside[0]) if len(outside) else -1
                assert int(one.left_far) == left
                kept = n_steps + 1 if left < 0 else left + 1
                np.testing.assert_allclose(one.theta_far[:kept], path[:kept], rtol=1e-6, atol=1e-9)
                assert np.isnan(one.theta_far[kept:]).all()
                arrived = -1
                for minimum in row.minima if left < 0 else []:
                    near = np.linalg.norm(path - minimum, axis=1) < reach
                    if near[-1]:
                        arrived = next(step for step in range(len(near)) if near[step:].all())
                assert int(one.arrived_far) == arrived


def test_on_the_surface_shown_each_is_recorded_by_itself(race: xr.Dataset) -> None:
    for run in race.run.values.tolist():
        one = race.sel(surface="beale", run=run)
        alone = descend(
            surfaces.function("beale"),
            registry.load("surfaces", "beale").start,
            optimizer=tuned(one),
            lr=float(one.lr),
            steps=race.attrs["n_steps"],
        )
        kept = int(one.left_box) + 1 or None
        np.testing.assert_array_equal(one.theta[:kept], alone.theta[:kept])


def test_who_arrives_stays_near_the_minimum(race: xr.Dataset) -> None:
    for surface in ("beale", "ravine"):
        row = registry.load("surfaces", surface)
        reach = 0.01 * np.hypot(*np.ptp(row.domain, axis=1))
        here = race.sel(surface=surface)
        assert (here.arrived > 0).any()
        for path, step in zip(here.theta.values, here.arrived.values, strict=True):
            near = np.linalg.norm(path - row.minima[0], axis=1) < reach
            assert near[-1] == (step >= 0)
            if step >= 0:
                assert near[step:].all()
                assert not near[step - 1]
        own = here.steps_at_best.isel(start=0).values
        np.testing.assert_array_equal(own, here.arrived)
    assert (race.arrived.sel(surface="saddle") == -1).all()


def test_the_grid_is_the_surface(race: xr.Dataset) -> None:
    for surface in race.surface.values.tolist():
        one = race.sel(surface=surface)
        corner = torch.tensor([one.grid_x.values[-1], one.grid_y.values[0]])
        assert one.loss.values[0, -1] == pytest.approx(surfaces.function(surface)(corner).item())


def test_counts_and_places_follow_from_the_search(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    full = here.n_arrived.values == race.attrs["n_starts"]
    np.testing.assert_array_equal(here.n_working, full.sum(1))
    by_place = here.sortby("rank")
    there = (by_place.steps_at_best.values >= 0).sum(1)
    assert (np.diff(there) <= 0).all()
    at = by_place.steps_at_best.values
    mean = np.where(at >= 0, at, 0).sum(1) / np.maximum(there, 1)
    for k in range(len(there) - 1):
        assert there[k] > there[k + 1] or mean[k] <= mean[k + 1]
    for run in here.run.values.tolist():
        one = here.sel(run=run)
        assert float(one.lr) == pytest.approx(float(race.rate[int(one.best)]))
        if there.max():
            assert int((one.steps_at_best >= 0).sum()) == int(one.n_arrived.max())


def test_the_first_and_the_known_are_named(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    named = {run for run in here.run.values.tolist() if int(here.named.sel(run=run))}
    assert {"sgd", "momentum", "adam"} <= named
    home = here.arrived.values[here.arrived.values >= 0]
    assert here.run.values[here.arrived == home.min()][0] in named
    assert len(named) <= 6


def test_the_sign_test_counts_starts(record: Record) -> None:
    found = record("optimizer_race", n_starts=8)
    here = found.sel(surface="beale").sortby("rank")
    first, second = here.steps_at_best.values[:2]
    first, second = (np.where(x < 0, 10**6, x) for x in (first, second))
    wins, losses = int((first < second).sum()), int((first > second).sum())
    assert found.attrs["wins"] == wins
    from math import comb

    n, k = wins + losses, max(wins, losses)
    p = min(1.0, 2 * sum(comb(n, i) for i in range(k, n + 1)) / 2**n)
    assert found.attrs["p_value"] == pytest.approx(p)


# --------------------------------------------------------------------------------- the figure


def test_followed_are_the_fastest_the_broadest_and_plain_descent(race: xr.Dataset) -> None:
    here = race.sel(surface="beale")
    works = (here.n_arrived.values == race.attrs["n_starts"]).sum(1)
    names = here.run.values.tolist()
    wanted = {names[int(here["rank"].values.argmin())], names[int(works.argmax())], "sgd"}
    assert {run for run in names if int(here.followed.sel(run=run))} == wanted


def test_the_rows_print_the_search(recorded: Recorded) -> None:
    fig, (race,) = drawn("optimizer_race", recorded)
    every = race.sel(surface="beale").sortby("rank")
    n_starts = race.attrs["n_starts"]
    ever = (every.n_arrived.values == n_starts).any(1)
    said = "No rate works from every start: "
    if not ever.any():
        ever, said = every.n_arrived.values.any(1), "Never there, from any start at any rate: "
    assert ever.any()
    here = every.isel(run=np.flatnonzero(ever))
    texts = [text.get_text() for text in fig.axes[0].texts]
    never = [ROWS[str(run)].label for run in every.run.values[~ever]]
    named = " · ".join(never).replace("AdamW", "AdamW (its decay holds it off the minimum)")
    told = [text.replace("\n", " ") for text in texts]
    assert any(text == f"{said}{named}." for text in told) == bool(never)
    names = here.run.values.tolist()
    labels = [ROWS[run].label for run in names]
    places = [texts.index(label) for label in labels]
    assert places == sorted(places)
    full = here.n_arrived.values == race.attrs["n_starts"]
    for k, (place, run) in enumerate(zip(places, names, strict=True)):
        at = here.steps_at_best.sel(run=run).values
        there = at[at >= 0]
        mean = f"{round(float(there.mean()))}" if len(there) else "–"
        assert texts[place + 1 : place + 3] == [mean, f"{full[k].sum()}"]
    (cells,) = (c for c in fig.axes[0].collections if isinstance(c, PatchCollection))
    colours = cells.get_facecolor()[:, :3].reshape(len(labels), -1, 3)
    grey = to_rgb(theme.THEMES["dark"].muted)
    shown = {0, int(full.sum(1).argmax())}  # the fastest, and the one with the most rates
    for k, run in enumerate(names):
        hue = to_rgb(ink(run)) if k in shown else grey
        np.testing.assert_array_equal(np.isclose(colours[k], hue).all(-1), full[k])
    none = here.n_arrived.values == 0
    assert len(np.unique(colours[none].round(6), axis=0)) == 1
    bold = [text.get_text() for text in fig.axes[0].texts if text.get_weight() == "bold"]
    first = here.steps_at_best.values[0]
    fastest = f"{round(float(first[first >= 0].mean()))}"
    assert bold == [fastest, f"{full.sum(1).max()}"]


def test_every_rows_dot_is_at_its_best_rate(recorded: Recorded) -> None:
    fig, (race,) = drawn("optimizer_race", recorded)
    (ax,) = fig.axes
    here = race.sel(surface="beale").sortby("rank")
    full = (here.n_arrived.values == race.attrs["n_starts"]).any(1)
    here = here.isel(run=np.flatnonzero(full))
    (cells,) = (c for c in ax.collections if isinstance(c, PatchCollection))
    middles = np.array([path.get_extents().get_points().mean(0) for path in cells.get_paths()])
    grid = middles.reshape(here.sizes["run"], race.sizes["rate"], 2)
    rates = race.rate.values
    best = [int(np.abs(np.log(rates / float(lr))).argmin()) for lr in here.lr]
    wanted = [tuple(grid[k, at]) for k, at in enumerate(best)]
    np.testing.assert_allclose(points(ax), sorted(wanted))
    decades = {f"{rate:g}": rate for rate in (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0)}
    for text in ax.texts:
        if text.get_text() in decades and text.get_position()[1] > here.sizes["run"]:
            at = np.interp(np.log10(decades[text.get_text()]), np.log10(rates), grid[0, :, 0])
            assert text.get_position()[0] == pytest.approx(at)
    n_starts = race.attrs["n_starts"]
    head = [
        "steps, mean of one start" if n_starts == 1 else f"steps, mean of {n_starts} starts",
        "rates that work",
        "learning rate",
    ]
    assert set(head) <= set(labels(ax))


# ----------------------------------------------------------------------------------- the film


def test_runners_are_where_the_clock_says(race: xr.Dataset) -> None:
    from scenes.optimizers._runners import Runners

    here = race.sel(surface="beale")
    chart = Chart((0, 0), 4.6, 3.3, (-0.4, 4.2), (-1.4, 1.9))
    with telling("optimizer_race", race):
        runners = Runners(chart, here, ValueTracker(0), ValueTracker(0))
    for k in range(here.sizes["run"]):
        left = int(here.left_box[k])
        last = left - 1 if left >= 0 else race.attrs["n_steps"]
        for step in (0, last // 2, last):
            np.testing.assert_allclose(
                runners.at(k, step), chart.point(*here.theta.values[k, step])
            )
        if last > 1:
            middle = here.theta.values[k, :2].mean(0)
            np.testing.assert_allclose(runners.at(k, 0.5), chart.point(*middle))
        assert np.isfinite(runners.ends[k]) == (left >= 0)
        if left >= 0:
            end = runners.at(k, 1e9)
            assert left - 1 <= runners.ends[k] <= left
            assert np.isclose(np.abs(end / (2.3, 1.65)).max(), 1)
    named = [here.run.values[k] for k in runners.named]
    told = {*here.run.values[here.followed.values == 1], "adam"} & {*here.run.values}
    assert set(named) == told
    assert len(named) == len(told)


def test_the_list_is_in_the_order_of_arrival(race: xr.Dataset) -> None:
    """A name stands on the map until it arrives, and from then on in the list, with its steps."""
    from scenes.optimizers._runners import Runners, named_in
    from scenes.optimizers.optimizer_race import MOST, OFF, Arrivals, Names, decided

    here = race.sel(surface="beale")
    clock, told = ValueTracker(0), ValueTracker(0)
    label = {k: ROWS[str(run)].label for k, run in enumerate(here.run.values)}
    home = {k: int(step) for k, step in enumerate(here.arrived) if int(step) >= 0}
    out = {k: int(step) for k, step in enumerate(here.left_box) if int(step) >= 0}
    chart = Chart((0, 0), 6, 6, (-4.5, 4.5), (-4.5, 4.5))
    with telling("optimizer_race", race):
        arrivals = Arrivals(here, clock, 1.0, decided(here))
        names = Names(Runners(chart, here, clock, told), clock, [chart.point(3.0, 0.5)])
        for now in range(decided(here) + 1):
            clock.set_value(now)
            order = sorted((step, label[k]) for k, step in home.items() if step <= now)
            assert arrivals.texts() == [(name, f"{step}") for step, name in order][:MOST]
            long = np.array([step for step, _ in order][:MOST]) / decided(here)
            np.testing.assert_allclose(arrivals.bars(), long * arrivals.room)
            on_map = {name: place for name, place, _ in names.texts()}
            if now == 0:
                assert set(on_map) == {"start"}, "where all are at one place none has a name"
                np.testing.assert_allclose(on_map["start"], chart.point(*here.theta.values[0, 0]))
                continue
            off = np.linalg.norm(
                chart.point(*here.theta.values[:, now].T) - chart.point(*here.theta.values[0, 0]),
                axis=1,
            )
            wanted = {
                k for k in named_in(here)
                if home.get(k, 10**6) > now and out.get(k, 10**6) > now and off[k] > OFF
            }  # fmt: skip
            assert set(on_map) == {label[k] for k in wanted}
            for k in wanted:
                place = chart.point(*here.theta.values[k, now])
                np.testing.assert_allclose(on_map[label[k]], place, atol=1e-6)
    colors = {name: color for _, name, color in arrivals.rows}
    for k in home:
        if label[k] in colors:
            own = ROWS[str(here.run.values[k])].color
            assert colors[label[k]] == (own if k in named_in(here) else "muted")


def test_the_race_is_shown_until_who_is_left_is_late(race: xr.Dataset) -> None:
    from scenes.optimizers._runners import named_in
    from scenes.optimizers.optimizer_race import AFTER, decided

    here = race.sel(surface="beale")
    last = decided(here)
    ends = []
    for k, (step, out) in enumerate(zip(here.arrived, here.left_box, strict=True)):
        if k in named_in(here):
            ends.append(int(step) if int(step) >= 0 else int(out) if int(out) >= 0 else 10**6)
    done = [end for end in ends if end <= last - AFTER]
    rest = [end for end in ends if end > last - AFTER]
    if last < race.attrs["n_steps"]:
        assert last - AFTER in ends
        assert len(done) >= len(ends) / 2
        assert not rest or min(rest) > 2 * max(done)


@pytest.mark.parametrize(
    ("arrived", "last", "outcome"),
    [
        ([-1, -1], 50, ("nobody", -1)),
        ([60, -1], 50, ("nobody", -1)),
        ([9, -1, 9], 50, ("alone", -1)),
        ([32, -1, 15, 15, 70], 50, ("next", 32)),
        ([15, 280], 50, ("next", 280)),
    ],
)
def test_the_end_is_chosen_by_who_arrived(
    arrived: list[int], last: int, outcome: tuple[str, int]
) -> None:
    from scenes.optimizers.optimizer_race import verdict

    assert verdict(xr.Dataset({"arrived": ("run", arrived)}), last) == outcome


@pytest.mark.parametrize(
    ("arrived", "last", "told"),
    [([-1, -1], 50, []), ([9, -1, 9], 50, [0]), ([32, -1, 15, 15, 70], 50, [2, 0]),
     ([-1, 280, 15], 50, [2, 1])],
)  # fmt: skip
def test_the_end_is_about_the_first_and_the_next(
    arrived: list[int], last: int, told: list[int]
) -> None:
    from scenes.optimizers.optimizer_race import heroes

    assert heroes(xr.Dataset({"arrived": ("run", arrived)}), last) == told


def test_only_the_paths_that_are_told_of_end_bright(race: xr.Dataset) -> None:
    """A dot at each of their steps, and the winner's path is whole as soon as it is there."""
    from scenes.optimizers._runners import TRACE, Runners, named_in

    here = race.sel(surface="beale")
    home = here.arrived.values
    first = int(np.flatnonzero(home == home[home >= 0].min())[0])
    other = next(k for k in range(len(home)) if k != first and home[k] != home[first])
    clock, told = ValueTracker(0), ValueTracker(0)
    chart = Chart((0, 0), 6, 6, (-4.5, 4.5), (-4.5, 4.5))
    with telling("optimizer_race", race):
        runners = Runners(chart, here, clock, told, [first, other])
    faint = {k: TRACE * (k in named_in(here)) for k in range(len(home))}
    clock.set_value(home[first] - 1)
    assert {k: runners.bright(k) for k in faint} == faint
    clock.set_value(home[first])
    assert {k: runners.bright(k) for k in faint} == faint | {first: 1.0}
    told.set_value(1)
    bright = {k: runners.bright(k) for k in faint}
    assert [k for k, share in bright.items() if share == 1] == sorted([first, other])
    assert all(share <= faint[k] for k, share in bright.items() if k not in (first, other))
    for now in (0, 3, 10**6):
        steps = runners.steps_of(first, now)
        n = min(now, int(home[first]))
        np.testing.assert_allclose(steps, chart.point(*here.theta.values[first, 1 : n + 1].T))


def test_each_name_at_the_end_is_at_its_own_path(race: xr.Dataset) -> None:
    from scenes.optimizers._runners import Runners
    from scenes.optimizers.optimizer_race import Ends, decided, heroes

    here = race.sel(surface="beale")
    x, y = here.grid_x.values, here.grid_y.values
    last = decided(here)
    chart = Chart((0, 0), 8.4, 6, (x[0], x[-1]), (y[0], y[-1]))
    with telling("optimizer_race", race):
        told = heroes(here, last)
        runners = Runners(chart, here, ValueTracker(last), ValueTracker(1), told)
        ends = Ends(runners, last, [chart.point(3.0, 0.5)])
    label = [ROWS[str(run)].label for run in here.run.values]
    home = here.arrived.values
    gone = here.left_box.values
    wanted = [f"{label[k]}: {home[k]} steps" for k in told]
    wanted += [
        f"{label[k]}: not yet" for k in runners.named
        if k not in told and not 0 <= home[k] <= last and not 0 <= gone[k] <= last
    ]  # fmt: skip
    assert [text for text, _ in ends.texts()] == wanted
    ways = [chart.point(*here.theta.values[k, : last + 1].T) for k in told]
    for k, (_, (left, low)) in zip(told, ends.texts(), strict=False):
        fine = [np.concatenate([np.linspace(a, b, 40) for a, b in itertools.pairwise(way)])
                for way in ways]  # fmt: skip
        words = np.array([[left + along, low + 0.12] for along in np.linspace(0, 1.5, 20)])
        near = [np.linalg.norm(words[:, None] - way, axis=2).min() for way in fine]
        assert near[told.index(k)] == min(near) < 0.9


def test_no_name_stands_by_anothers_point_between_steps() -> None:
    """Of two that run one over the other, the lower is named below."""
    from types import SimpleNamespace

    from scenes.optimizers.optimizer_race import Names

    upper, lower = ([np.array([0.0, high - 0.4 * k]) for k in range(4)] for high in (1.0, 0.0))
    fast = [place - [0, 0.4 * (k >= 2)] for k, place in enumerate(upper)]
    runners = SimpleNamespace(
        chart=Chart((0, 0), 8, 8, (0, 1), (0, 1)), places=[fast, lower], named=[0, 1],
        arrived=[-1, -1], ends=[np.inf, np.inf], rows=[{"label": "Rprop"}, {"label": "Adam"}],
        at=lambda k, step: between(np.array([fast, lower][k]), step),
    )  # fmt: skip
    clock = ValueTracker(0)
    names = Names(runners, clock, [])
    for now in np.arange(1.25, 3, 0.25):  # off the start
        clock.set_value(now)
        at = {name: (place, place[1] + slot[1]) for name, place, slot in names.texts()}
        assert abs(at["Adam"][1] - at["Rprop"][0][1]) > 0.3
        assert abs(at["Rprop"][1] - at["Adam"][0][1]) > 0.3


def test_the_films_words_at_the_end(recorded: Recorded, race: xr.Dataset) -> None:
    entry = VISUALS["optimizer_race"]
    job = render.Job(
        module=entry.modules["animation"],
        recordings={"optimizer_race": str(recorded("optimizer_race"))},
        width=640,
        height=360,
        fps=10,
    )
    assert layout.problems(job) == []
