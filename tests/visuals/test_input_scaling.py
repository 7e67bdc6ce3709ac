"""input_scaling: the bowls are those of the data, and the paths are gradient descent's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from scipy.interpolate import RegularGridInterpolator

from look import theme
from look.numbers import form
from simulate.data import diabetes
from simulate.experiments.normalization import input_scaling as experiment
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen


def _scaled(scaling: str, slip: bool, n_train: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and outcomes, scaled here."""
    train, _ = diabetes.split(n_train, 50, 0)
    values, outcome = diabetes.patients(["age", "bmi"])
    x, y = values[train], outcome[train]
    if slip:
        x[0, 0] *= 10
    if scaling == "range":
        x = (x - x.min(0)) / (x.max(0) - x.min(0))
    if scaling == "standard":
        x = (x - x.mean(0)) / x.std(0)
    return x, (y - y.mean()) / y.std()


def test_bowls_are_those_of_the_data(record: Record) -> None:
    found = record("input_scaling")
    for name in found.run.values.tolist():
        slip, scaling = name.startswith("slip"), name.split(" ")[-1]
        x, y = _scaled(scaling, slip, 60)
        one = found.sel(run=name)
        np.testing.assert_allclose(one.input, x, rtol=1e-5, atol=1e-5)
        tx, ty = torch.from_numpy(x), torch.from_numpy(y)
        w = torch.from_numpy(one.minimum.values)
        hessian = torch.autograd.functional.hessian(
            lambda w, x=tx, y=ty: ((x @ w - y) ** 2).mean(), w
        )
        low, high = torch.linalg.eigvalsh(hessian).tolist()
        assert float(one.condition) == pytest.approx(high / low, rel=1e-3)
        assert float(one.lr) == pytest.approx(2 / (low + high), rel=1e-4)
        best, *_ = np.linalg.lstsq(x, y, rcond=None)
        np.testing.assert_allclose(one.minimum, best, rtol=1e-3, atol=1e-5)
        loss = ((x @ one.theta.values.T - y[:, None]) ** 2).mean(0)
        lowest = ((x @ best - y) ** 2).mean()
        np.testing.assert_allclose(
            one.excess, (loss - lowest) / (loss[0] - lowest), rtol=1e-2, atol=1e-5
        )
        at = np.array([one.grid_x.values[3], one.grid_y.values[5]])
        height = ((x @ at - y) ** 2).mean() - lowest
        assert float(one.height[5, 3]) == pytest.approx(height / (loss[0] - lowest), rel=1e-2)


def test_paths_are_gradient_descents(record: Record) -> None:
    found = record("input_scaling")
    for name in found.run.values.tolist():
        x, y = _scaled(name.split(" ")[-1], name.startswith("slip"), 60)
        theta, lr = found.theta.sel(run=name).values, float(found["lr"].sel(run=name))
        for before, after in pairwise(theta[:6]):
            slope = 2 * x.T @ (x @ before - y) / len(y)
            np.testing.assert_allclose(after, before - lr * slope, rtol=1e-3, atol=1e-5)


def test_the_full_run_is_as_told(record: Record) -> None:
    found = record("input_scaling", n_train=342, n_steps=120)
    attrs = found.attrs
    assert attrs["condition_raw"] > attrs["condition_range"] > attrs["condition_standard"]
    assert attrs["steps_raw"] > attrs["steps_range"] > attrs["steps_standard"] > 0
    assert attrs["condition_slip_range"] > attrs["condition_range"]
    for name, k in (("raw", attrs["steps_raw"]), ("range", attrs["steps_range"])):
        # At the best rate every step leaves the same share: ((κ − 1)/(κ + 1))².
        kappa = attrs[f"condition_{name}"]
        share = ((kappa - 1) / (kappa + 1)) ** 2
        assert share**k <= 0.01 < share ** (k - 1)
    # A z-score knows no bounds, and one outlier squeezes the rest under both scalings.
    assert np.abs(found.input.sel(run="standard")).max() > 2
    for name in ("range", "standard"):
        others = found.input.sel(run=f"slip {name}").values[1:, 0]
        whole = found.input.sel(run=f"slip {name}").values[:, 0]
        assert attrs[f"rest_slip_{name}"] == pytest.approx(np.ptp(others) / np.ptp(whole))
        assert attrs[f"rest_slip_{name}"] < 0.2
    assert experiment.Settings().n_train == 342


def test_the_film_counts_the_steps_until_it_arrives(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.normalization import input_scaling as film

    _, (found,) = drawn("input_scaling", recorded)
    clock = ValueTracker(0)
    with telling("input_scaling", found):
        text = film.counted(clock, 3)
        for now, said in ((0, "at the start"), (1, "1 step"), (2.5, "2 steps"), (7, "3 steps")):
            clock.set_value(now)
            assert text() == said


NAMED = {
    "raw": ("as measured", "vermillion"),
    "range": ("scaled to 0 … 1", "yellow"),
    "standard": ("mean 0, spread 1", "green"),
}


def _told(found: xr.Dataset) -> list[list[str]]:
    """Return of each scaling its condition number and the steps that it took."""
    told = []
    for name in NAMED:
        steps = int(found.arrived.sel(run=name))
        said = "not there yet" if steps < 0 else "1 step" if steps == 1 else f"{steps} steps"
        told.append([form(float(found.condition.sel(run=name)), ".2n"), said])
    return told


def test_each_map_has_its_own_words_marks_and_levels(recorded: Recorded) -> None:
    fig, (found,) = drawn("input_scaling", recorded)
    for i, (name, (label, token)) in enumerate(NAMED.items()):
        ax, one = fig.axes[2 * i], found.sel(run=name)
        kappa, steps = _told(found)[i]
        assert [text.get_text() for text in ax.texts] == [label, rf"$\kappa = {kappa}$", steps]
        with theme.use("dark"):
            assert to_hex(line(fig, name, 2 * i).get_color()) == theme.color(token).lower()
        marks = {str(each.get_marker()): each.get_xydata()[0] for each in ax.get_lines()
                 if len(each.get_xdata()) == 1}  # fmt: skip
        np.testing.assert_array_equal(marks["*"], one.minimum)
        np.testing.assert_array_equal(marks["o"], one.theta[0])
        end = next(each.get_xydata()[0] for each in ax.get_lines()
                   if len(each.get_xdata()) == 1 and each.get_marker() == "o")  # fmt: skip
        np.testing.assert_array_equal(end, one.theta[int(one.arrived)])
        # along every line the height of its own bowl, between the points of the map
        grid = one.grid_y.values, one.grid_x.values
        bowl = RegularGridInterpolator(grid, one.height.values, bounds_error=False, fill_value=None)
        levels = [each for each in ax.collections if isinstance(each, QuadContourSet)][-1]
        for level, contour in zip(levels.levels, levels.get_paths(), strict=True):
            if len(contour.vertices):
                np.testing.assert_allclose(bowl(contour.vertices[:, ::-1]), level, rtol=1e-4)
    shown = [set(ax.collections[-1].levels) for ax in fig.axes[::2]]
    assert len(set.union(*shown)) == max(map(len, shown)), "one ladder of heights for all"


def test_the_film_says_and_draws_each_scalings_own(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.normalization import input_scaling as film

    _, (found,) = drawn("input_scaling", recorded)
    kappas, steps = zip(*_told(found), strict=True)
    labels = [label for label, _ in NAMED.values()]
    for section, texts in filmed("input_scaling", recorded).items():
        assert [text for text in texts if text in labels] == labels
        told = [] if section != "end" else [f"κ = {kappa}" for kappa in kappas]
        assert [text for text in texts if text.startswith("κ = ")] == told
        if section in ("descent", "end"):
            last = found.sizes["step"] - 1  # of a path that has not arrived
            counted = [f"{last} steps" if said == "not there yet" else said for said in steps]
            assert [text for text in texts if text.endswith((" step", " steps"))] == counted
    for name in NAMED:
        one, clock = found.sel(run=name), ValueTracker(1)
        with telling("input_scaling", found):
            bowl = film.Bowl(one, 0.0, clock, "green")
            scaled = ValueTracker(1)
            patients = film.Patients(found.sel(run="raw"), one, 0.0, scaled, ValueTracker(0))
        corner = np.array([one.grid_x[0], one.grid_y[0]])
        size = np.array([one.grid_x[-1], one.grid_y[-1]]) - corner
        np.testing.assert_allclose(bowl.steps * size + corner, one.theta, atol=1e-6)
        np.testing.assert_allclose(bowl.star * size + corner, one.minimum, atol=1e-6)
        np.testing.assert_array_equal(bowl.loss, one.height)
        pen = Pen()
        bowl.path(pen, bowl.steps)  # type: ignore[arg-type]
        now = min(1, bowl.arrived) if bowl.arrived >= 0 else 1
        np.testing.assert_allclose(pen.dots, bowl.steps[[0, now]])
        for share, run in ((0, "raw"), (1, name)):
            scaled.set_value(share)
            pen = Pen()
            patients.paint(pen)  # type: ignore[arg-type]
            places, values = np.array(pen.dots), found.input.sel(run=run).values
            fits = [np.polyfit(values[:, k], places[:, k], 1) for k in (0, 1)]
            for k, fit in enumerate(fits):
                np.testing.assert_allclose(np.polyval(fit, values[:, k]), places[:, k], atol=1e-6)
            assert fits[0][0] == pytest.approx(fits[1][0], rel=1e-4), "both axes at one scale"


def test_the_figure_draws_maps_paths_and_patients(recorded: Recorded) -> None:
    fig, (found,) = drawn("input_scaling", recorded)
    plain = [name for name in found.run.values.tolist() if not name.startswith("slip")]
    assert len(fig.axes) == 2 * len(plain)
    for at, name in enumerate(plain):
        ax, data = fig.axes[2 * at], fig.axes[2 * at + 1]
        one = found.sel(run=name)
        drawn_path = line(fig, name.split(" ")[-1], 2 * at)
        arrived = int(one.arrived)
        shown = one.theta.values[: arrived + 1] if arrived >= 0 else one.theta.values
        np.testing.assert_array_equal(np.column_stack(drawn_path.get_data()), shown)
        (words,) = (t for t in ax.texts if "step" in t.get_text() or "yet" in t.get_text())
        assert words.get_text().startswith(str(arrived) if arrived >= 0 else "not")
        kappa = f"{float(one.condition):.2g}"
        assert any(t.get_text() == rf"$\kappa = {kappa}$" for t in ax.texts)
        patients = line(fig, "patients", 2 * at + 1)
        np.testing.assert_array_equal(np.column_stack(patients.get_data()), one.input)
        assert data.get_xlim() == data.get_ylim(), "one scale"
        width, height = ax.get_window_extent().size
        assert width == pytest.approx(height)
        assert np.ptp(ax.get_xlim()) == pytest.approx(np.ptp(ax.get_ylim()))
