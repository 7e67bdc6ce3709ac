"""sharpness: λ where each run is, who starts beyond 2/λ and learns, and what is drawn of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr

from figures import render
from figures.layout import problems
from look.numbers import number
from simulate import recording, specs
from simulate.data._load import load
from simulate.experiments.descent import sharpness
from simulate.measures import hessians
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import said
from tests.visuals._whole import behind, colored, labels, points

TINY = sharpness.EXPERIMENT.tiny


def test_it_is_the_largest_curvature_along_gradient_descent(record: Record) -> None:
    """Trained by a plain loop, and the eigenvalue by power iteration."""
    found = record("sharpness")
    data = load(specs.Data(name="mnist", n_train=100, n_test=50, seed=TINY.seed))
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    rng = np.random.default_rng(1)
    for lr in (0.1, 0.8):
        run = found.sel(run=f"{lr:g}")
        model = models.make("mlp", {"widths": [784, 8, 10], "activation": "tanh"}, TINY.seed)
        params = list(model.parameters())
        for step in range(TINY.n_steps + 1):
            loss = torch.nn.functional.cross_entropy(model(x), y)
            assert float(run.loss[step]) == pytest.approx(loss.item(), rel=1e-3)
            if step in run.snapshot.values[[0, 1, -1]]:
                cost = hessians.loss_of(model, "cross_entropy", data.x_train, data.y_train)
                theta = torch.nn.utils.parameters_to_vector(params).detach().double().numpy()
                times = hessians.hessian_vector_product(cost, theta)
                vector = rng.standard_normal(len(theta))
                for _ in range(80):
                    vector = times(vector / np.linalg.norm(vector))
                size = float(run.sharpness.sel(snapshot=step))
                assert size == pytest.approx(np.linalg.norm(vector), rel=0.01)
            with torch.no_grad():
                for param, slope in zip(params, torch.autograd.grad(loss, params), strict=True):
                    param -= lr * slope


def test_who_starts_beyond_and_who_learns_is_counted(record: Record) -> None:
    found = record("sharpness", rates=(0.1, 0.8, 2.0, 40.0), n_steps=20)
    beyond = found.lr.values * found.sharpness.values[:, 0] > 2
    learns = found.loss.values[:, -1] < found.loss.values[:, 0]
    assert 0 < beyond.sum() < len(beyond), "some of either kind"
    assert found.attrs["n_beyond"] == beyond.sum()
    assert found.attrs["n_learn"] == (beyond & learns).sum()
    back = beyond & learns & (found.lr.values * found.sharpness.values[:, -1] < 2)
    assert found.attrs["n_back"] == back.sum()
    np.testing.assert_array_equal(found.learns, learns)
    assert found.attrs["start_loss"] == found.loss.values[0, 0]


def test_where_the_weights_are_nowhere_it_is_unknown(record: Record) -> None:
    found = record("sharpness", rates=(3e38,))
    assert np.isnan(found.sharpness.values[0, -1])
    assert not found.learns.values.any()


def test_the_figure_draws_rate_times_sharpness(recorded: Recorded) -> None:
    fig, (found,) = drawn("sharpness", recorded)
    start = float(found.loss[0, 0])
    for ax, name in zip(fig.axes, found.run.values.tolist(), strict=True):
        run = found.sel(run=name)
        lines = {str(each.get_label()): each for each in ax.get_lines()}
        rate = f"η = {number(float(run.lr))}"
        np.testing.assert_array_equal(lines[rate].get_xdata(), found.snapshot)
        np.testing.assert_allclose(lines[rate].get_ydata(), float(run.lr) * run.sharpness.values)
        beyond = float(run.lr * run.sharpness[0]) > 2
        learns = float(run.loss[-1]) < float(run.loss[0])
        token = ("green" if learns else "vermillion") if beyond else "indigo"
        assert colored(lines[rate].get_color(), token)
        texts = labels(ax)
        assert behind(ax, rate) == ("learns" if learns else "fails")
        assert f"loss {number(start, 2)} → {number(float(run.loss[-1]), 2)}" in texts
        assert {*lines["_limit"].get_ydata()} == {2}
    assert "limit 2" in said(fig)


def test_all_of_a_run_is_its_own(recorded: Recorded) -> None:
    """Of one that crosses the limit, one that comes back and learns, one that stays and fails."""
    found = recording.load(recorded("sharpness")).copy(deep=True)
    ways = [(0.5, 5.0), (4.0, 0.3), (3.0, 8.0)]
    steps = found.sizes["snapshot"]
    found["multiple"] = ("run", "snapshot"), [np.geomspace(*way, steps) for way in ways]
    found["multiple"].values[1, 1:3] = 1.0, 2.5  # under the limit, and not for good
    found["learns"] = "run", [1, 1, 0]
    paths = "figures.descent.sharpness", {"sharpness": found}, "dark"
    wide, slim = render.figure(*paths), render.narrow_form(*paths)
    assert slim is not None
    back = next(
        int(found.snapshot[k]) for k in range(steps) if (found.multiple[1, k:] < 2).all()
    )  # fmt: skip
    start, last = number(float(found.loss[0, 0]), 2), float(found.snapshot[-1])
    for fig in (wide, slim):
        assert problems(fig) == []
        looks = zip(fig.axes, ways, ("learns", "learns", "fails"), strict=True)
        for k, (ax, way, does) in enumerate(looks):
            rate = f"η = {number(float(found.lr[k]))}"
            loss = f"loss {start} → {number(float(found.loss[k, -1]), 2)}"
            said = [rate, does, loss]
            said += ["limit 2"] * (k == 0) + [f"flat enough from step {back}"] * (k == 1)
            said += ["step"] * (k == 2)
            said += ["ηλ"] * (k == 0 or (fig is slim and k == 2))
            assert labels(ax) == sorted(said)
            assert behind(ax, rate) == does
            lines = {str(each.get_label()): each for each in ax.get_lines()}
            assert colored(lines[rate].get_color(), ("indigo", "green", "vermillion")[k])
            np.testing.assert_array_equal(lines[rate].get_ydata(), found.multiple[k])
            np.testing.assert_allclose(points(ax), [(0, way[0]), (last, way[1])])
            (beyond,) = ax.patches
            low, high = beyond.get_extents().transformed(ax.transData.inverted()).intervaly
            assert (low, high) == pytest.approx((2, ax.get_ylim()[1]))
            assert ax.get_ylim() == fig.axes[0].get_ylim()


def test_runs_off_the_numbers_are_drawn_as_far_as_they_go(record: Record) -> None:
    found: xr.Dataset = record("sharpness", rates=(0.1, 3e38))
    fig = render.figure("figures.descent.sharpness", {"sharpness": found}, "light")
    assert any("∞" in text or "–" in text for text in said(fig))
