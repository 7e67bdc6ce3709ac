"""adaptive_rates: from the optimizers' own squares, Adagrad's never rise, and so it is drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from look.runs import runs
from scenes.optimizers import adaptive_rates
from simulate.surfaces import _base as surfaces
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import said
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_mechanism_films import staged


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("adaptive_rates", n_steps=200)


def gradients(path: np.ndarray) -> np.ndarray:
    theta = torch.from_numpy(path).requires_grad_()
    (found,) = torch.autograd.grad(surfaces.function("beale")(theta).sum(), theta)
    return found.numpy()


def test_rates_are_eta_over_the_root_of_the_squares(full: xr.Dataset) -> None:
    for name, eta in (("adagrad", 0.5), ("rmsprop", 0.02)):
        run = full.sel(run=name)
        g = gradients(run.theta.values)[:-1]
        if name == "adagrad":
            squares, eps = np.cumsum(g**2, axis=0), 1e-10
        else:
            squares, s, eps = np.empty_like(g), np.zeros(2), 1e-8
            for k, each in enumerate(g):
                s = 0.9 * s + 0.1 * each**2
                squares[k] = s
        np.testing.assert_allclose(run.gradient, g, rtol=1e-8, atol=1e-12)
        rate = eta / (np.sqrt(squares) + eps)
        np.testing.assert_allclose(run.rate, rate, rtol=1e-8)
        # It is the rate that the step was made at.
        np.testing.assert_allclose(np.diff(run.theta, axis=0), -rate * g, rtol=1e-6, atol=1e-12)


def test_adagrads_rates_never_rise_and_rmsprops_come_back(full: xr.Dataset) -> None:
    assert (np.diff(full.rate.sel(run="adagrad"), axis=0) <= 0).all()
    assert full.attrs["fall"]
    rms = full.rate.sel(run="rmsprop").values
    assert full.attrs["risen"] == pytest.approx((rms[-1] / rms.min(0)).min())
    assert full.attrs["recover"]
    assert (rms[-1] > full.rate.sel(run="adagrad").values[-1]).all()


def test_rates_that_do_not_come_back_are_not_said_to(record: Record) -> None:
    assert not record("adaptive_rates", n_steps=4).attrs["recover"]


def test_the_sweep_is_of_plain_loops(record: Record) -> None:
    found = record("adaptive_rates")
    build = {"sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop}
    function = surfaces.function("beale")
    for name, rule in build.items():
        for k in (0, 3):
            theta = torch.tensor([1.0, 1.5], dtype=torch.float64, requires_grad=True)
            more = {"alpha": 0.9} if name == "rmsprop" else {}
            optimizer = rule([theta], lr=float(found.lr_tried[k]), **more)
            for _ in range(40):
                optimizer.zero_grad()
                function(theta).backward()
                optimizer.step()
            end = float(found.end_loss.sel(run_tried=name)[k])
            assert end == pytest.approx(function(theta).item(), rel=1e-6)
        ends = found.end_loss.sel(run_tried=name).values
        first = float(found.loss[0, 0])
        assert int(found.learnt.sel(run_tried=name)) == (ends < 0.01 * first).sum()


def test_curves_and_paths_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("adaptive_rates", recorded)
    for name, label in (("adagrad", "Adagrad, η = 0.5"), ("rmsprop", "RMSProp, η = 0.02")):
        run = found.sel(run=name)
        np.testing.assert_array_equal(line(fig, label).get_ydata(), run.rate.sel(param="x"))
    sizes = line(fig, "gradient", 1)
    slope = gradients(found.theta.sel(run="rmsprop").values)[:-1, 0]
    np.testing.assert_allclose(sizes.get_xydata(), np.stack([found.step, np.abs(slope)], axis=1))
    assert colored(sizes.get_color(), "indigo")
    assert labels(fig.axes[1]) == ["size of RMSProp’s gradient, log scale"]
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim(), "a step stands under itself"
    texts = said(fig)
    falls = (np.diff(found.rate.sel(run="adagrad"), axis=0) <= 0).all()
    assert ("never rises" in texts) == falls


def test_all_words_and_ends_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("adaptive_rates", recorded)
    ax = fig.axes[0]
    words = ["learning rate of a parameter, log scale", "never rises"]
    rate = found.rate.sel(run="rmsprop", param="x").values
    times = rate[-1] / rate.min()
    marks = []
    if times >= 2:
        words += [f"× {float(f'{times:.2g}'):g}: small gradients, high rate", "its lowest"]
        marks.append((float(found.step[rate.argmin()]), rate.min()))
    for name, label, token in (
        ("adagrad", "Adagrad, η = 0.5", "yellow"), ("rmsprop", "RMSProp, η = 0.02", "indigo"),
    ):  # fmt: skip
        words.append(label)
        assert colored(line(fig, label).get_color(), token)
        marks.append((float(found.step[-1]), found.rate.sel(run=name, param="x").values[-1]))
    assert labels(ax) == sorted(words)
    np.testing.assert_allclose(points(ax), sorted(marks))


def test_the_films_heads_and_colours_are_the_runs(recorded: Recorded) -> None:
    with staged("adaptive_rates", recorded) as found:
        both, clock = list(runs(found)), ValueTracker(3)
        _, (*trails, discs) = adaptive_rates.plan(found, both, clock)
        assert discs.paths == trails
        _, (*curves, heads) = adaptive_rates.chart_of_rates(found, both, clock)
        for parts in (trails, curves):
            inks = [part.ink for part in parts]
            assert inks == [theme.color("yellow"), theme.color("indigo")]
        areas = []
        for trail, name in zip(trails, ("adagrad", "rmsprop"), strict=True):
            rates = found.rate.sel(run=name, param="x").values
            areas.append(trail.radii**2 / rates)
            path = found.theta.sel(run=name).values
            np.testing.assert_allclose(trail.places, trail.chart.point(*path.T))
        np.testing.assert_allclose(areas, areas[0][0], err_msg="a disc's area is the rate")
        assert heads.texts() == ["Adagrad", "RMSProp"]
        clock.set_value(found.sizes["step"])
        said = []
        for name, label in (("adagrad", "Adagrad"), ("rmsprop", "RMSProp")):
            rate = found.rate.sel(run=name, param="x").values
            times = rate[-1] / rate.min()
            said.append(f"{label}: × {float(f'{times:.2g}'):g}" if times >= 2 else label)
        assert heads.texts() == said


def test_a_rate_that_does_not_double_is_not_said_to(recorded: Recorded) -> None:
    from figures import render
    from simulate import recording

    found = recording.load(recorded("adaptive_rates")).copy(deep=True)
    n = found.sizes["step"]
    for times in (1.9, 2.1):
        rose = np.append(
            np.geomspace(4e-3, 1e-3, n // 2), np.geomspace(1e-3, times * 1e-3, n - n // 2)
        )
        falls = np.geomspace(0.2, 0.02, n)
        every = np.stack([np.stack([falls, falls / 2], 1), np.stack([rose, 5 * rose[::-1]], 1)])
        found["rate"] = (("run", "step", "param"), every)
        fig = render.figure("figures.optimizers.adaptive_rates", {"adaptive_rates": found}, "dark")
        written = [text for text in labels(fig.axes[0]) if "small gradients" in text]
        assert written == (["× 2.1: small gradients, high rate"] if times > 2 else [])
