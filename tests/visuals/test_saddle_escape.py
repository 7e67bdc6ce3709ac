"""saddle_escape: when each is beyond the edge, by an independent loop, and what is drawn of it."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from scenes.optimizers import saddle_escape
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
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


def test_rows_and_lists_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("saddle_escape", recorded)
    names = found.run.values.tolist()
    labels = dict(zip(names, ["SGD", "SGD with noise", "Momentum", "RMSProp", "Adam"], strict=True))
    n, across = found.attrs["repeats"], found.hollow_x.values
    left = {place: dict(zip(names, found.left.sel(surface=place).values.tolist(), strict=True))
            for place in START}  # fmt: skip
    order = {place: sorted(names, key=lambda run: (steps[run] < 0, steps[run]))
             for place, steps in left.items()}  # fmt: skip
    texts = [text.get_text() for text in fig.axes[1].texts]
    assert texts[::2] == [labels[run] for run in order["hollow"]]
    for run, said in zip(order["hollow"], texts[1::2], strict=True):
        step = left["hollow"][run]
        told = f"out at step {step}" if step >= 0 else f"still in after {STEPS_TINY} steps"
        noisy = f" ({found.attrs['hollow_noise_left']} of {n} runs)" * (run == "noise")
        assert said == told + noisy
    ends = [each for each in fig.axes[1].get_lines() if each.get_marker() == "o"]
    edge = found.attrs["hollow_edge"]
    for run, end in zip(order["hollow"], ends, strict=True):
        path = np.clip(found.theta_hollow.sel(run=run).values, across[0], across[-1])
        assert line(fig, run, 1).get_xdata().tolist() == [path.min(), path.max()]
        assert end.get_xdata()[0] == path[-1]
        assert (path.max() > edge) == (left["hollow"][run] >= 0), "it crosses the edge, or stays"
        open_ = end.get_markerfacecolor() == theme.THEMES["dark"].background
        assert open_ == (left["hollow"][run] < 0)
    (rule,) = [each for each in fig.axes[1].get_lines() if len(set(each.get_xdata())) == 1
               and len(each.get_xdata()) == 2]  # fmt: skip
    assert rule.get_xdata()[0] == edge
    for panel, place in ((3, "saddle"), (5, "plateau")):
        texts = [text.get_text() for text in fig.axes[panel].texts]
        assert texts[::2] == [labels[run] for run in order[place]]
        for run, said in zip(order[place], texts[1::2], strict=True):
            step = left[place][run]
            noisy = f" ({found.attrs[f'{place}_noise_left']} of {n})" * (run == "noise")
            assert said == (str(step) if step >= 0 else "stays") + noisy
    for k, run in enumerate(names):
        np.testing.assert_array_equal(line(fig, run, 2).get_xydata(), found.theta_saddle[k])
    x, y = fig.axes[2].get_xlim(), fig.axes[2].get_ylim()
    box = fig.axes[2].get_window_extent()
    assert box.width / (x[1] - x[0]) == pytest.approx(box.height / (y[1] - y[0]), rel=0.01)


def test_nobody_is_out_before_the_step(recorded: Recorded) -> None:
    clock = ValueTracker(0)
    with staged("saddle_escape", recorded) as found:
        _, flags = saddle_escape.ground(found, clock)
        left = found.left.sel(surface="hollow").values
        for now in range(int(found.attrs["hollow_steps"]) + 1):
            clock.set_value(now)
            said = [re.findall(r"\d+$", text) for text in flags.texts()]
            beyond = found.theta_hollow.values[:, now] > found.attrs["hollow_edge"]
            assert said == [[str(step)] if 0 <= step <= now and out else []
                            for step, out in zip(left, beyond, strict=True)]  # fmt: skip
        assert {text.split("  ")[0] for text in flags.texts()} == {
            "SGD", "SGD with noise", "Momentum", "RMSProp", "Adam"
        }  # fmt: skip
