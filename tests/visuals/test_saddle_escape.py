"""saddle_escape: when each is beyond the edge, by an independent loop, and what is drawn of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from scenes.optimizers import saddle_escape
from scenes.parts.numbers import Number
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed
from tests.visuals.test_mechanism_films import staged

START = {"saddle": [-1.6, 1e-6], "plateau": [5.0], "hollow": [-3.1]}
SURFACE = {"saddle": "saddle", "plateau": "plateau", "hollow": "two_hollows"}
RATES = {"saddle": (0.05, 0.02, 0.1), "plateau": (0.1, 0.02, 0.05), "hollow": (0.02, 0.02, 0.1)}
STEPS = {"saddle": 160, "plateau": 450, "hollow": 150}
BEYOND = {
    "saddle": lambda last: abs(last) > 0.5,
    "plateau": lambda last: abs(last) < 1,
    "hollow": lambda last: last > -0.5,
}


def left(place: str, run: str, steps: int) -> int:
    """Return the first step beyond the edge, by a loop of torch alone; −1 for none."""
    lr, rms, adam = RATES[place]
    theta = torch.tensor(START[place], dtype=torch.float64, requires_grad=True)
    optimizer: torch.optim.Optimizer = {
        "sgd": lambda: torch.optim.SGD([theta], lr=lr),
        "momentum": lambda: torch.optim.SGD([theta], lr=lr, momentum=0.9),
        "rmsprop": lambda: torch.optim.RMSprop([theta], lr=rms, alpha=0.9),
        "adam": lambda: torch.optim.Adam([theta], lr=adam),
    }[run]()
    function = surfaces.function(SURFACE[place])
    for k in range(steps + 1):
        if BEYOND[place](theta[-1].item()):
            return k
        optimizer.zero_grad()
        function(theta).sum().backward()
        optimizer.step()
    return -1


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


def test_bars_and_paths_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_escape", recorded)
    names = found.run.values.tolist()
    labels = ["SGD", "SGD with noise", "Momentum", "RMSProp", "Adam"]
    longest = max(found.attrs[f"{place}_steps"] for place in START)
    for panel, place in ((1, "saddle"), (3, "plateau"), (5, "hollow")):
        bars = fig.axes[panel].patches
        texts = [text.get_text() for text in fig.axes[panel].texts]
        left = {run: int(found.left.sel(surface=place, run=run)) for run in names}
        order = sorted(names, key=lambda run: left[run] if left[run] >= 0 else 1_000_000)
        by_name = dict(zip(names, labels, strict=True))
        told = [str(left[run]) if left[run] >= 0 else "still there" for run in order]
        assert texts == [each for run, step in zip(order, told, strict=True)
                         for each in (by_name[run], step)]  # fmt: skip
        width = fig.axes[panel].get_xlim()[1]
        for bar, run in zip(bars, order, strict=True):
            step = left[run]
            ended = max(step, 1.06) if step >= 0 else found.attrs[f"{place}_steps"]
            share = np.log(ended) / np.log(longest)
            assert bar.get_width() == pytest.approx(share * width)
            assert (bar.get_facecolor()[3] > 0) == (step >= 0), "an open bar for who stays"
    x, y = fig.axes[0].get_xlim(), fig.axes[0].get_ylim()
    box = fig.axes[0].get_window_extent()
    assert box.width / (x[1] - x[0]) == pytest.approx(box.height / (y[1] - y[0]), rel=0.01)
    for k, run in enumerate(names):
        np.testing.assert_array_equal(line(fig, run).get_xydata(), found.theta_saddle[k])


def test_each_run_is_drawn_along_the_ground_as_far_as_it_got(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_escape", recorded)
    for panel, place in ((2, "plateau"), (4, "hollow")):
        across = found[f"{place}_x"].values
        ends = [each for each in fig.axes[panel].get_lines() if len(each.get_xdata()) == 1]
        assert len(ends) == found.sizes["run"] + 1, "an end each, and the ring of the start"
        lifts = []
        for k, run in enumerate(found.run.values.tolist()):
            path = np.clip(found[f"theta_{place}"].values[k], across[0], across[-1])
            lane = line(fig, run, panel)
            x, y = lane.get_xdata(), lane.get_ydata()
            assert [x[0], x[-1]] == [path.min(), path.max()]
            np.testing.assert_allclose(y, np.interp(x, across, found[f"height_{place}"]))
            assert ends[k].get_xdata()[0] == path[-1]
            stays = int(found.left.sel(surface=place, run=run)) < 0
            assert (ends[k].get_markerfacecolor() == theme.THEMES["dark"].background) == stays
            below = fig.axes[panel].transData.transform((0, 0))[1]
            lifts.append(lane.get_transform().transform((0, 0))[1] - below)
        assert (np.diff(lifts) > 5).all(), "no run lies on another"


def test_the_film_names_who_left_in_order_and_who_stays(recorded: Recorded) -> None:
    _, (found,) = drawn("saddle_escape", recorded)
    texts = filmed("saddle_escape", recorded)["end"]
    labels = ["SGD", "SGD with noise", "Momentum", "RMSProp", "Adam"]
    said = [text for text in texts if text in labels or text == "stays" or text.isdigit()]
    expected = []
    for place in ("saddle", "plateau", "hollow"):
        steps = found.left.sel(surface=place).values.tolist()
        late = [step if step >= 0 else 10**6 for step in steps]
        for step, _, label in sorted(zip(late, range(5), labels, strict=True)):
            expected += [label, str(step) if step < 10**6 else "stays"]
    assert said == expected


def test_nobody_is_named_before_the_step(recorded: Recorded) -> None:
    clock = ValueTracker(0)
    with staged("saddle_escape", recorded) as found:
        for place in ("saddle", "plateau", "hollow"):
            parts = saddle_escape.names(found, place, clock)
            steps = [part for part in parts if isinstance(part, Number)][1::2]
            for now in range(int(found.attrs[f"{place}_steps"])):
                clock.set_value(now)
                left = found.left.sel(surface=place).values
                due = sorted(int(step) for step in left if 0 <= step <= now)
                assert [part.text() for part in steps if part.text()] == [str(k) for k in due]
