"""Optimizers on a real network's plane: the search, the plane, the truth, and what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_hex
from scipy.interpolate import RegularGridInterpolator
from torch.nn import functional

from look import theme
from simulate import registry, specs
from simulate.data.choice import Choice
from simulate.experiments import _base as base
from simulate.experiments.optimizers import optimizers_real_network as experiment
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.simulate._momenta import at_momentum, own_momentum
from tests.visuals._networks import said
from tests.visuals._whole import labels, points
from tests.visuals.test_shown import counted


@pytest.fixture(scope="module")
def trained() -> dict[str, base.Run]:
    """Every training of the search, done here, each plainly by itself."""
    choice, done = Choice.embedded(), {}
    for name, search in experiment.runs(experiment.EXPERIMENT.tiny).items():
        assert isinstance(search, specs.TuneTraining)
        own = own_momentum(name)
        for mu in {own} if np.isnan(own) else {own, *search.momenta}:
            for rate in search.rates:
                optimizer = specs.Optimizer(
                    name=name, settings={**at_momentum(name, mu), "lr": rate}
                )
                spec = specs.updated(search.run, {"optimizer": optimizer, "allow_divergence": True})
                done[f"{name} {mu} {rate}"] = base.Run(spec, execute(spec, choice), choice)
    return done


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    return record("optimizers_real_network")


def test_each_takes_the_rate_and_momentum_with_the_lowest_loss(
    found: xr.Dataset, trained: dict[str, base.Run]
) -> None:
    rates, momenta = found.rate.values.tolist(), found.momentum_tried.values.tolist()
    assert len(rates) == 2, "all are neighbours, so that the search tries all"
    for name in found.run.values.tolist():
        own, one = own_momentum(name), found.sel(run=name)
        losses = {
            (mu, rate): run.attrs["train_loss"]
            for mu in (own, *momenta)
            for rate in rates
            if (run := trained.get(f"{name} {mu} {rate}"))
        }
        np.testing.assert_allclose(one.search_loss, [losses[own, rate] for rate in rates])
        for i, mu in enumerate(momenta):
            wanted = [np.nan if mu == own else losses.get((mu, rate), np.nan) for rate in rates]
            np.testing.assert_allclose(one.momentum_loss[i], wanted)
        mu, rate = min(losses, key=losses.__getitem__)
        assert float(one.lr) == rate
        assert float(one.momentum) == pytest.approx(mu, nan_ok=True)
        assert float(one.loss[-1]) == pytest.approx(losses[mu, rate], rel=1e-5)


def test_plane_heights_and_true_losses_are_those_of_networks(
    found: xr.Dataset, trained: dict[str, base.Run]
) -> None:
    names = found.run.values.tolist()
    chosen = [found.sel(run=name) for name in names]
    best = [
        trained[f"{name} {float(one.momentum)} {float(one.lr)}"]
        for name, one in zip(names, chosen, strict=True)
    ]
    paths = np.stack([run.data.params.values.astype(float) for run in best])
    assert (paths[:, 0] == paths[0, 0]).all(), "one start"
    ways = paths - paths[0, 0]
    alike = ways / np.linalg.norm(ways[:, -1], axis=1)[:, None, None]
    points = np.vstack([alike[:, 1:].reshape(-1, ways.shape[2]), np.zeros(ways.shape[2])])
    centred = points - points.mean(0)
    sizes, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :2].T  # (2, param), the largest first
    np.testing.assert_allclose(found.explained_variance, sizes[::-1][:2] / sizes.sum(), rtol=1e-6)
    data = best[0].dataset
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    network = best[0].model()

    def loss(theta: np.ndarray) -> float:
        flat = torch.from_numpy(theta.astype(np.float32))
        torch.nn.utils.vector_to_parameters(flat, network.parameters())
        with torch.no_grad():
            return float(functional.cross_entropy(network(x), y))

    for i in range(len(names)):
        at = ways[i] @ axes.T
        for k, side in enumerate((found.u, found.v)):
            sign = np.sign(at[-1, k] * float(side[i, -1]))
            np.testing.assert_allclose(side[i], sign * at[:, k], atol=1e-6)
        for k in (0, 2, -1):
            assert float(found.loss[i, k]) == pytest.approx(loss(paths[i, k]), rel=1e-4)
            on_plane = paths[0, 0] + at[k] @ axes
            assert float(found.height[i, k]) == pytest.approx(loss(on_plane), rel=1e-4)
            if k:
                share = (at[k] ** 2).sum() / (ways[i, k] ** 2).sum()
                assert float(found.held[i, k]) == pytest.approx(share, rel=1e-6)


def test_the_start_is_on_the_plane(found: xr.Dataset) -> None:
    np.testing.assert_allclose(found.height[:, 0], found.loss[:, 0], rtol=1e-5)
    np.testing.assert_allclose(found.loss[:, 0], found.attrs["start_loss"])
    assert (found.u[:, 0] == 0).all()
    assert (found.v[:, 0] == 0).all()
    steps = np.diff(found.grid_x)[0], np.diff(found.grid_y)[0]
    assert steps[0] == pytest.approx(steps[1], rel=0.25), "equally fine both ways"
    for side, grid in ((found.u, found.grid_x), (found.v, found.grid_y)):
        assert grid[0] < side.min()
        assert side.max() < grid[-1]


def begun(data: xr.Dataset) -> float:
    return float(data.loss[0, 0])


def test_the_figure_draws_paths_ends_and_search(recorded: Recorded) -> None:
    fig, (data,) = drawn("optimizers_real_network", recorded)
    width, height = fig.axes[0].bbox.size
    x, y = np.ptp(data.grid_x.values), np.ptp(data.grid_y.values)
    assert width / height == pytest.approx(x / y, rel=1e-6), "equal axes"
    (level,) = [each for each in fig.axes[0].collections if list(each.levels) == [begun(data)]]
    at = RegularGridInterpolator((data.grid_y.values, data.grid_x.values), data.plane.values)
    edge = np.concatenate([path.vertices for path in level.get_paths()])[:, ::-1]
    np.testing.assert_allclose(at(edge), begun(data), rtol=0.02)
    order = sorted(data.run.values.tolist(), key=lambda name: float(data.loss.sel(run=name)[-1]))
    for i, name in enumerate(order):
        run = data.sel(run=name)
        row = registry.row("optimizers", name)
        path, bar = line(fig, name), line(fig, name, 1)
        np.testing.assert_array_equal(path.get_xydata(), np.stack([run.u, run.v], axis=1))
        true, plane = float(run.loss[-1]), float(run.height[-1])
        np.testing.assert_allclose(bar.get_xdata(), [true, plane])
        np.testing.assert_array_equal(bar.get_ydata(), [i, i])
        with theme.use("dark"):
            for each in (path, bar):
                assert to_hex(each.get_color()) == theme.color(row.color).lower()
        marks = {float(m.get_xdata()[0]): m for m in fig.axes[1].lines
                 if m.get_marker() == "o" and m.get_ydata()[0] == i}  # fmt: skip
        with theme.use("dark"):
            assert to_hex(marks[plane].get_markerfacecolor()) == theme.color("background").lower()
            assert to_hex(marks[true].get_markerfacecolor()) == theme.color(row.color).lower()
        texts = said(fig)
        assert texts.count(row.label) == 2, "on the map, and beside its losses"
        assert f"{true:.2f}" in texts
        assert f"{plane:.2f}" in texts


def test_the_film_puts_points_on_the_plane_and_then_where_they_are(recorded: Recorded) -> None:
    from look.runs import runs
    from scenes.optimizers import optimizers_real_network as film

    _, (data,) = drawn("optimizers_real_network", recorded)
    clock, drop, azimuth = ValueTracker(0), ValueTracker(0), ValueTracker(-10)
    with telling("optimizers_real_network", data):
        ground = film.Ground(data, azimuth)
        paths = film.Paths(ground, list(runs(data)), clock, drop)
    steps = data.snapshot.values
    for k in (0, 2, len(steps) - 1):
        clock.set_value(steps[k])
        for i in range(data.sizes["run"]):
            here, true = paths.head(i)
            np.testing.assert_allclose(
                here, [data.u[i, k], data.v[i, k], data.height[i, k] / ground.top]
            )
            assert true == pytest.approx(float(data.loss[i, k]) / ground.top)
    # one unit of the plane is as long both ways
    far = ground._model(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], float))
    assert np.linalg.norm(far[1] - far[0]) == pytest.approx(np.linalg.norm(far[2] - far[0]))
    texts = counted("optimizers_real_network", recorded)["truth"]
    for name in data.run.values.tolist():
        label = registry.row("optimizers", name).label
        at = texts.index(label)
        assert texts[at + 1] == f"{float(data.height.sel(run=name)[-1]):.2f}"
    order = data.loss[:, -1].sortby(data.loss[:, -1]).values
    assert texts[texts.index("true") + 1 : texts.index("true") + 1 + len(order)] == [
        f"{value:.2f}" for value in order
    ]


def test_all_of_both_panels_is_the_recordings(recorded: Recorded) -> None:
    fig, (data,) = drawn("optimizers_real_network", recorded)
    plane, ends = fig.axes
    names = data.run.values.tolist()
    label = {name: str(registry.row("optimizers", name).label) for name in names}
    true, high = (dict(zip(names, data[what].values[:, -1].tolist(), strict=True))
                  for what in ("loss", "height"))  # fmt: skip
    start = float(data.loss[0, 0])
    words = [f"start: {start:.2f}", "loss at the end", "ring: on this plane; dot: in truth"]
    for name in names:
        words += [label[name], f"{true[name]:.2f}", f"{high[name]:.2f}"]
    assert labels(ends) == sorted(words)
    order = sorted(names, key=true.__getitem__)
    marks = [(loss[name], float(k)) for k, name in enumerate(order) for loss in (true, high)]
    np.testing.assert_allclose(points(ends), sorted(marks))
    (rule,) = (each for each in ends.get_lines() if len(each.get_xdata()) == 2
               and each.get_xdata()[0] == each.get_xdata()[1])  # fmt: skip
    assert rule.get_xdata()[0] == pytest.approx(start)
    share = data.explained_variance.values
    assert f"second direction: {100 * share[1]:.0f} %" in labels(plane)
    first = f"first direction: {100 * share[0]:.0f} % of the paths’ spread"
    assert " ".join(plane.get_xlabel().split()) == first
    spots = [(float(data.u.sel(run=name)[-1]), float(data.v.sel(run=name)[-1])) for name in names]
    begin = float(data.u[0, 0]), float(data.v[0, 0])
    np.testing.assert_allclose(points(plane), sorted([begin, *spots]))
