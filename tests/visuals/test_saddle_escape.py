"""saddle_escape: when each is out for good, by an independent loop, and what is drawn of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from scenes.optimizers import saddle_escape
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, table
from tests.visuals._networks import filmed
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged

START = {"saddle": [-1.6, 1e-6], "plateau": [5.0], "hollow": [-3.1]}
SURFACE = {"saddle": "saddle", "plateau": "plateau", "hollow": "two_hollows"}
RATES = {"saddle": (0.05, 0.02, 0.1), "plateau": (0.1, 0.02, 0.05), "hollow": (0.02, 0.02, 0.1)}
STEPS_TINY = 60
STEPS = {"saddle": 160, "plateau": 450, "hollow": 150}
BEYOND = {
    "saddle": lambda last: abs(last) > 0.5,
    "plateau": lambda last: abs(last) < 1,
    "hollow": lambda last: last > -0.5,
}


def left(place: str, run: str, steps: int) -> int:
    """Return the step from which on it stays out, by a loop of torch alone; −1 for none."""
    lr, rms, adam = RATES[place]
    theta = torch.tensor(START[place], dtype=torch.float64, requires_grad=True)
    optimizer: torch.optim.Optimizer = {
        "sgd": lambda: torch.optim.SGD([theta], lr=lr),
        "momentum": lambda: torch.optim.SGD([theta], lr=lr, momentum=0.9),
        "rmsprop": lambda: torch.optim.RMSprop([theta], lr=rms, alpha=0.9),
        "adam": lambda: torch.optim.Adam([theta], lr=adam),
    }[run]()
    function = surfaces.function(SURFACE[place])
    since = -1
    for k in range(steps + 1):
        out = BEYOND[place](theta[-1].item())
        since = -1 if not out else k if since < 0 else since
        optimizer.zero_grad()
        function(theta).sum().backward()
        optimizer.step()
    return since


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    from simulate.experiments.optimizers import saddle_escape as experiment

    settings = experiment.Settings()
    places = {name: getattr(settings, name) for name in START}
    return record("saddle_escape", **places, repeats=1)


def test_each_leaves_at_its_step_or_stays(full: xr.Dataset) -> None:
    for place in START:
        for run in ("sgd", "momentum", "rmsprop", "adam"):
            here = int(full.left.sel(surface=place, run=run))
            assert here == left(place, run, STEPS[place]), (place, run)
        count = int((full.left.sel(surface=place) >= 0).sum())
        assert full.attrs[f"{place}_left"] == count


def test_what_the_picture_is_about(full: xr.Dataset) -> None:
    saddle, hollow = (full.left.sel(surface=name) for name in ("saddle", "hollow"))
    # Dividing by the slope's size needs no slope; noise does not wait; plain descent is last.
    assert saddle.sel(run="adam") < saddle.sel(run="noise") < saddle.sel(run="sgd")
    # Only speed or a kick leads uphill.
    assert [name for name in full.run.values if hollow.sel(run=name) >= 0] == ["noise", "momentum"]


def test_noise_is_of_the_first_seed_and_all_are_counted(record: Record) -> None:
    found = record("saddle_escape")
    np.testing.assert_array_equal(found.left.sel(run="noise"), found.noise_left[:, 0])
    for i, place in enumerate(START):
        assert found.attrs[f"{place}_noise_left"] == int((found.noise_left[i] >= 0).sum())


def test_on_the_ridge_only_noise_leaves(record: Record) -> None:
    from simulate.experiments.optimizers import saddle_escape as experiment

    saddle = experiment.Place(
        surface="saddle", start=(-1.6, 0.0), lr=0.05, rmsprop_lr=0.02, adam_lr=0.1, noise=0.5,
        edge=0.5, inwards=0, n_steps=80,
    )  # fmt: skip
    found = record("saddle_escape", saddle=saddle)
    here = found.left.sel(surface="saddle")
    assert [name for name in found.run.values if here.sel(run=name) >= 0] == ["noise"]


LABELS = {"sgd": "SGD", "noise": "SGD with noise", "momentum": "Momentum", "rmsprop": "RMSProp",
          "adam": "Adam"}  # fmt: skip


def test_rows_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_escape", recorded)
    names = found.run.values.tolist()
    assert names == list(LABELS)
    n, across = found.attrs["repeats"], found.hollow_x.values
    left = dict(zip(names, found.left.sel(surface="hollow").values.tolist(), strict=True))
    order = sorted(names, key=lambda run: (left[run] < 0, left[run]))
    texts = [text.get_text() for text in fig.axes[1].texts]
    assert texts[::2] == [LABELS[run] for run in order]
    ends = [each for each in fig.axes[1].get_lines() if each.get_marker() == "o"]
    edge = found.attrs["hollow_edge"]
    for run, said, end in zip(order, texts[1::2], ends, strict=True):
        noisy = f"; {found.attrs['hollow_noise_left']} of {n} runs get out" * (run == "noise")
        told = f"out at step {left[run]}" if left[run] >= 0 else "still in"
        assert said == told + noisy
        path = np.clip(found.theta_hollow.sel(run=run).values, across[0], across[-1])
        assert line(fig, run, 1).get_xdata().tolist() == [path.min(), path.max()]
        assert end.get_xdata()[0] == path[-1]
        assert (path[-1] > edge) == (left[run] >= 0), "it ends beyond the edge, or is in"
    (rule,) = [each for each in fig.axes[1].get_lines() if len(set(each.get_xdata())) == 1
               and len(each.get_xdata()) == 2]  # fmt: skip
    assert rule.get_xdata()[0] == edge


def test_the_ground_and_the_colours_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_escape", recorded)
    ground, rows = fig.axes
    x, height = found.hollow_x.values, found.height_hollow.values
    np.testing.assert_array_equal(line(fig, "ground").get_xydata(), np.stack([x, height], axis=1))
    loss = surfaces.function("two_hollows")(torch.from_numpy(x[:, None].copy())).numpy()
    np.testing.assert_allclose(height, loss)
    start = START["hollow"][0]
    np.testing.assert_allclose(points(ground), [[start, np.interp(start, x, loss)]])
    assert labels(ground) == ["the edge"]
    ends = [each.get_xdata() for ax in fig.axes for each in ax.get_lines()]
    edges = [list(two) for two in ends if len(two) == 2 and two[0] == two[1]]
    assert edges == [[found.attrs["hollow_edge"]] * 2] * 2
    inks = {"sgd": "slate", "noise": "text", "momentum": "green", "rmsprop": "indigo",
            "adam": "vermillion"}  # fmt: skip
    for run, token in inks.items():
        row = line(fig, run, 1)
        assert colored(row.get_color(), token)
        (end,) = (each for each in rows.get_lines() if each.get_marker() == "o"
                  and each.get_ydata()[0] == row.get_ydata()[0])  # fmt: skip
        assert colored(end.get_markerfacecolor(), token)


def test_the_table_has_all_three_places(recorded: Recorded) -> None:
    made, _, _, (found,) = table("saddle_escape", recorded)
    saddle = found.left.sel(surface="saddle")
    order = sorted(LABELS, key=lambda run: (saddle.sel(run=run) < 0, saddle.sel(run=run)))
    assert [row[0].value for row in made.rows] == [LABELS[run] for run in order]
    for run, row in zip(order, made.rows, strict=True):
        for place, cell in zip(START, row[1:], strict=True):
            step = int(found.left.sel(surface=place, run=run))
            assert cell.value == (step if step >= 0 else "never")
            all_left = found.left.sel(surface=place).values
            assert cell.strong == (step >= 0 and step == all_left[all_left >= 0].min())
            rate = RATES[place][{"rmsprop": 1, "adam": 2}.get(run, 0)]
            n, of = found.attrs[f"{place}_noise_left"], found.attrs["repeats"]
            alone = n == 1 and step >= 0
            counted = f", this run of {of} alone" if alone else f", {n} of {of} runs"
            assert cell.note == f"η = {rate:g}" + counted * (run == "noise")
    stays = int(found.left.sel(surface="hollow", run=order[0])) < 0
    said = f"{LABELS[order[0]]} is first off a saddle, but does not leave"
    assert (said in str(made.title)) == stays


def test_nobody_is_out_before_the_step(recorded: Recorded) -> None:
    clock = ValueTracker(0)
    with staged("saddle_escape", recorded) as found:
        _, lanes = saddle_escape.ground(found, clock)
        left = found.left.sel(surface="hollow").values
        paths = found.theta_hollow.values
        for now in range(int(found.attrs["hollow_steps"]) + 1):
            clock.set_value(now)
            said = [f"out at {step}" if 0 <= step <= now else "" for step in left]
            assert lanes.texts() == said
            balls = list(zip(lanes.feet(), lanes.radii(), strict=True))
            for (a, small), (b, large) in combinations(balls, 2):
                seen = np.linalg.norm(a - b) + abs(large - small)
                assert seen > 0.07, "no ball hides another"
            beyond = paths[:, now] > found.attrs["hollow_edge"]
            assert (beyond | ~np.array([bool(each) for each in said])).all(), "out is beyond"
            for k, places in enumerate(lanes.places):
                way = places[: now + 1, 0]
                assert lanes.reach(k) == (way.min(), way.max())


def test_the_films_lanes_have_their_names_and_colours(recorded: Recorded) -> None:
    clock = ValueTracker(0)
    inks = ("slate", "text", "green", "indigo", "vermillion")
    with staged("saddle_escape", recorded) as found:
        _, lanes = saddle_escape.ground(found, clock)
        assert lanes.names == list(zip(LABELS.values(), inks, strict=True))
        out = [step >= 0 for step in lanes.left]
    end = filmed("saddle_escape", recorded)["end"]
    hollow = [
        left("hollow", run, STEPS_TINY) >= 0 for run in ("sgd", "momentum", "rmsprop", "adam")
    ]
    assert [out[k] for k in (0, 2, 3, 4)] == hollow
    noisy = int((found.noise_left.sel(surface="hollow") >= 0).sum())
    assert any(
        f"SGD with noise in {noisy} of {found.attrs['repeats']} runs" in text for text in end
    )
    assert f"step {STEPS_TINY}" in end
