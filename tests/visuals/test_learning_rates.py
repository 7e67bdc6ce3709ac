"""learning_rates: the two thresholds on the parabola, the sweep, and four rates on a network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from look.numbers import counter
from simulate import specs
from simulate.data._load import load
from simulate.experiments.descent import learning_rates
from simulate.measures import hessians
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed
from tests.visuals._whole import colored, labels, nearest, points
from tests.visuals.test_mechanism_films import staged


@pytest.fixture(scope="module")
def swept(record: Record) -> xr.Dataset:
    """The full sweep, on few points of everything else."""
    full = learning_rates.Settings()
    return record(
        "learning_rates", n_rates=full.n_rates, rate_step=full.rate_step, n_steps=full.n_steps
    )


def test_the_sweep_holds_both_thresholds(swept: xr.Dataset) -> None:
    rates = swept.sweep_lr.values
    assert len(rates) == swept.attrs["n_rates"] == 60
    assert swept.attrs["rate_alternates"] in rates
    assert swept.attrs["rate_diverges"] in rates


def test_the_sign_alternates_only_beyond_the_first_threshold(swept: xr.Dataset) -> None:
    for rate, theta in zip(swept.sweep_lr.values, swept.sweep_theta.values, strict=True):
        alternates = (theta[1:] * theta[:-1] < 0).all()
        assert alternates == (rate > swept.attrs["rate_alternates"])


def test_it_converges_only_below_the_second_threshold(swept: xr.Dataset) -> None:
    for rate, theta in zip(swept.sweep_lr.values, swept.sweep_theta.values, strict=True):
        size = np.abs(theta)
        shrinks = (size[1:] < size[:-1])[size[:-1] > 0].all()
        assert shrinks == (0 < rate < swept.attrs["rate_diverges"])


def test_at_the_second_threshold_it_neither_shrinks_nor_grows(swept: xr.Dataset) -> None:
    at = int(np.flatnonzero(swept.sweep_lr.values == swept.attrs["rate_diverges"])[0])
    theta = swept.sweep_theta.values[at]
    np.testing.assert_array_equal(theta, swept.attrs["start"] * (-1.0) ** np.arange(len(theta)))
    assert swept.sweep_factor.values[at] == 1
    beyond = swept.sweep_theta.values[at + 1 :]
    assert (np.diff(np.abs(beyond), axis=1) > 0).all()


def test_the_factor_is_the_theorys(swept: xr.Dataset) -> None:
    theory = np.abs(1 - swept.sweep_lr * swept.attrs["curvature"])
    np.testing.assert_allclose(swept.sweep_factor, theory, atol=1e-12)
    np.testing.assert_allclose(
        swept.sweep_loss, swept.attrs["curvature"] * swept.sweep_theta**2 / 2, rtol=1e-12
    )


def test_the_networks_curvature_is_its_hessians(record: Record) -> None:
    found = record("learning_rates")
    seed = learning_rates.Settings().seed
    data = load(specs.Data(name="mnist", n_train=100, n_test=50, seed=seed))
    model = models.make("mlp", {"widths": [784, 8, 10], "activation": "tanh"}, seed)
    loss = hessians.loss_of(model, "cross_entropy", data.x_train, data.y_train)
    theta = torch.nn.utils.parameters_to_vector(model.parameters()).detach().double().numpy()
    times = hessians.hessian_vector_product(loss, theta)
    rng = np.random.default_rng(1)
    vector = rng.standard_normal(len(theta))
    for _ in range(60):  # by another method: power iteration
        vector = times(vector / np.linalg.norm(vector))
    assert found.attrs["network_curvature"] == pytest.approx(np.linalg.norm(vector), rel=0.01)


def test_the_networks_four_rates_do_what_they_are_called(record: Record) -> None:
    found = record("learning_rates", network_steps=100)
    losses = {name: found.network_loss.sel(run=name).values for name in found.run.values}
    start = losses["slow"][0]
    assert all(each[0] == start for each in losses.values()), "one start"
    assert (np.diff(losses["slow"]) < 0).all()
    assert losses["slow"][-1] > 0.7 * start
    assert losses["good"][-1] < 0.5 * start
    assert int(found.network_rises.sel(run="good")) == 0
    assert int(found.network_rises.sel(run="oscillating")) > 5
    assert losses["oscillating"][-1] < 0.5 * start
    assert losses["diverging"][-50:].min() > 2 * start
    assert (np.diff(found.network_lr) > 0).all()


def test_the_oscillating_run_settles_where_its_rate_is_below_the_limit(record: Record) -> None:
    found = record("learning_rates", network_steps=100)
    limit = 2 / float(found.network_lr.sel(run="oscillating"))
    assert found.attrs["network_curvature"] > limit, "beyond 2/λ at the start"
    assert float(found.network_curvature_end.sel(run="oscillating")) < limit


def test_runs_are_named_by_what_they_do(record: Record) -> None:
    found = record("learning_rates", diverging=1.2, network_rates=(0.02, 3e38, 0.2, 0.4))
    assert found.attrs["diverging_does"] == found.attrs["oscillating_does"] == "swings"
    assert found.attrs["did"] == "one creeps, one settles, two swing"
    assert found.attrs["network_good_does"] == "escapes"
    assert np.isnan(found.network_curvature_end.sel(run="good")), "it ends nowhere"
    assert found.attrs["n_train"] == 100


def test_the_sweep_and_its_limits_are_drawn(recorded: Recorded) -> None:
    fig, (found,) = drawn("learning_rates", recorded)
    dots = line(fig, "sweep", 0)
    top = fig.axes[0].get_ylim()[1]
    inside = found.sweep_factor.values <= top
    np.testing.assert_array_equal(dots.get_xdata(), found.sweep_lr.values[inside])
    np.testing.assert_array_equal(dots.get_ydata(), found.sweep_factor.values[inside])
    lines = {each.get_xdata()[0] for each in fig.axes[0].get_lines() if len(each.get_xdata()) == 2}
    assert {found.attrs["rate_alternates"], found.attrs["rate_diverges"]} <= lines
    places = {t.xy[0]: t.get_text() for t in fig.axes[0].texts if "dfrac" in t.get_text()}
    for k, name in ((1, "rate_alternates"), (2, "rate_diverges")):
        assert found.attrs[name] == k / found.attrs["curvature"]
        assert places[found.attrs[name]] == rf"$\dfrac{{{k}}}{{\lambda}} = {found.attrs[name]:g}$"


def test_all_that_is_written_is_of_its_run(recorded: Recorded) -> None:
    fig, (found,) = drawn("learning_rates", recorded)
    sweep, *panels = fig.axes
    looks = {"slow": "indigo", "good": "green", "oscillating": "yellow", "diverging": "vermillion"}
    assert found.run.values.tolist() == list(looks)
    does = [found.attrs[f"{run}_does"] for run in looks]
    curvature, lr = found.attrs["curvature"], found.lr.values
    limits = [rf"$\dfrac{{{k}}}{{\lambda}} = {k / curvature:g}$" for k in (1, 2)]
    zones = ["θ stays on its side", "θ changes sides, shrinks", "θ grows", "learning rate η"]
    head = ["Factor on |θ| in one step", r"$|1 - \eta\lambda|$"]
    assert labels(sweep) == sorted([*limits, *zones, *head, *does])
    factors = np.abs(1 - lr * curvature)
    np.testing.assert_allclose(points(sweep), sorted(zip(lr, factors, strict=True)))
    middles = [0.5 / curvature, 1.5 / curvature, (2 / curvature + sweep.get_xlim()[1]) / 2]
    top = sweep.get_ylim()[1]
    assert [nearest(sweep, (at, top), zones) for at in middles] == zones[:3]
    for run, said, rate, factor, ax in zip(looks, does, lr, factors, panels, strict=True):
        (dot,) = (each for each in sweep.get_lines() if each.get_xdata()[0] == rate
                  and len(each.get_xdata()) == 1)  # fmt: skip
        assert colored(dot.get_markerfacecolor(), looks[run])
        assert nearest(sweep, (rate, factor), does) == said
        eta = rf"$\eta = {rate:g} = {rate * curvature:.3g}\,/\,\lambda$"
        step = rf"$\theta \leftarrow {{{1 - rate * curvature:.2f}}}\,\theta$".replace("{-", "{−")
        start = ["start"] * (ax is panels[0])
        assert labels(ax) == sorted([said, eta, step, *start])
        begin = float(found.theta[0, 0]), float(found.loss[0, 0])
        assert points(ax) == [begin]
        assert begin[1] == pytest.approx(curvature * begin[0] ** 2 / 2)
        (curve,) = (each for each in ax.get_lines() if len(each.get_xdata()) > 20)
        x, y = curve.get_xydata().T
        np.testing.assert_allclose(y, curvature * x**2 / 2)
        leaves = [each for each in ax.get_lines() if isinstance(each.get_marker(), tuple)]
        assert len(leaves) == (factor > 1)


def test_the_film_counts_each_runs_own_loss(recorded: Recorded) -> None:
    _, (found,) = drawn("learning_rates", recorded)
    sections, curvature, lr = filmed("learning_rates", recorded), found.attrs["curvature"], found.lr
    factors, start = 1 - lr.values * curvature, found.attrs["start"]
    etas = [f"η = {float(rate):g} = {float(rate) * curvature:.3g}/λ" for rate in lr]
    does = [found.attrs[f"{run}_does"] for run in found.run.values]
    for section, n in (("start", 0), ("descent", found.sizes["step"] - 1)):
        losses = curvature * (factors**n * start) ** 2 / 2
        panels = [
            text
            for eta, loss in zip(etas, losses, strict=True)
            for text in (eta, "loss", counter(loss))
        ]
        told = sections[section][2:]  # after the headline
        assert told == panels + (does if section == "descent" else [])
    limits = ["1/λ", "2/λ", "θ stays on its side", "it changes sides, shrinks", "grows", "0", "1"]
    last = sections["limits"]
    assert last[:8] == etas + does
    assert [text for text in last if text in limits] == limits


def test_the_films_paths_and_dots_are_the_recordings(recorded: Recorded) -> None:
    from scenes.descent import learning_rates as film

    with staged("learning_rates", recorded) as found:
        clock, room, curvature = ValueTracker(1), ValueTracker(0), found.attrs["curvature"]
        chart, parts = film.sweep_chart(found, ValueTracker(0))
        (dots,) = (part for part in parts if isinstance(part, film.Dots))
        rates = found.sweep_lr.values * curvature
        factors = np.abs(1 - rates)
        seen = (rates <= chart.x[1]) & (factors <= chart.y[1])
        np.testing.assert_allclose(dots.many, chart.point(rates[seen], factors[seen]))
        looks = {"slow": "indigo", "good": "green", "oscillating": "yellow",
                 "diverging": "vermillion"}  # fmt: skip
        for name, token in looks.items():
            run = found.sel(run=name)
            valley = film.Valley(run, found, 0.0, clock, room)
            _, trail = valley.now()
            start, rate = found.attrs["start"], float(run.lr)
            theta = start * (1 - rate * curvature) ** np.arange(2)
            wanted = trail.chart.point(theta, curvature * theta**2 / 2)
            np.testing.assert_allclose(trail.places[:2], wanted)
            assert trail.ink == theme.color(token)
            falling = film.Falling(valley, chart, run, ValueTracker(1))
            factor = abs(1 - rate * curvature)
            np.testing.assert_allclose(falling.end, chart.point(rate * curvature, factor))
            assert falling.ink == theme.color(token)
