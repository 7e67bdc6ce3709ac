"""The variance of mini-batch gradients, and the orbit: what must be true, and what is drawn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
import xarray as xr
from torch.nn import functional

from simulate import specs
from simulate.data._load import load
from simulate.errors import RunError
from simulate.experiments import _base as base
from simulate.experiments.descent import gradient_variance as experiment
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._pen import Pen
from tests.visuals._whole import colored, labels, points


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    """Return the recording at its full settings, but on fewer digits and with fewer draws."""
    full = experiment.Settings()
    return record(
        "gradient_variance",
        n_train=500,
        batch_sizes=list(full.batch_sizes),
        n_draws=600,
        n_cloud=100,
        orbit_steps=full.orbit_steps,
        orbit_repeats=3,
    )


def test_the_variance_falls_with_slope_minus_one(found: xr.Dataset) -> None:
    sizes, variance = found.batch_size.values, found.variance.values
    assert sizes.tolist() == [2**k for k in range(10)]
    slope, _ = np.polyfit(np.log(sizes), np.log(variance), 1)
    assert slope == pytest.approx(-1, abs=0.05)
    assert found.attrs["variance_slope"] == pytest.approx(slope)
    np.testing.assert_allclose(variance, found.expected_variance, rtol=0.2)
    length = found.attrs["gradient_length"]
    expected = found.expected_variance.values * sizes / length**2
    np.testing.assert_allclose(expected, found.attrs["noise_batch"])


def test_the_clouds_lie_around_the_full_gradient(found: xr.Dataset) -> None:
    around = found.cloud.values - [found.attrs["gradient_length"], 0]
    spread = (around**2).sum(2).mean(1)  # (x_batch,)
    assert (spread < found.variance.values).all(), "two directions hold less than all of them"
    assert (np.diff(spread) < 0).all()
    assert np.abs(around[-1].mean(0)).max() < 0.3 * found.attrs["gradient_length"]


def test_single_gradients_average_to_autograds(record: Record) -> None:
    settings = experiment.Settings(n_train=200, n_test=50)
    model = torch.nn.Sequential(torch.nn.Linear(784, 16), torch.nn.ReLU(), torch.nn.Linear(16, 10))
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
    data = xr.Dataset({"params": (("snapshot", "param"), flat[None])}, {"snapshot": [0]})
    run = base.Run(experiment.runs(settings)["training"], data)
    examples = run.dataset
    each = experiment._single_gradients(run)
    x, y = torch.from_numpy(examples.x_train), torch.from_numpy(examples.y_train)
    for chosen in ([3], [0, 7, 7, 19], list(range(len(x)))):
        model.zero_grad()
        functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
        slopes = [param.grad for param in model.parameters() if param.grad is not None]
        whole = torch.cat([slope.flatten() for slope in slopes])
        np.testing.assert_allclose(each[chosen].mean(0), whole, atol=1e-6)


def test_variance_and_cosines_are_those_of_the_gradients_themselves() -> None:
    rng = np.random.default_rng(0)
    gradients = (rng.standard_normal((40, 7)) + 1).astype(np.float32)
    settings = experiment.Settings(batch_sizes=(1, 4), n_draws=50, n_cloud=50)
    noise, _ = experiment._noise(gradients, settings)
    drawn_examples = np.random.default_rng(settings.seed).integers(40, size=(50, 4))
    full = gradients.mean(0)
    for i, size in enumerate((1, 4)):
        means = gradients[drawn_examples[:, :size]].mean(1)
        away = ((means - full) ** 2).sum(1)
        assert float(noise["variance"][i]) == pytest.approx(away.mean(), rel=1e-4)
        along = means @ (full / np.linalg.norm(full))
        np.testing.assert_allclose(noise["cloud"][i, :, 0], along, rtol=1e-4)
        assert ((noise["cloud"][i, :, 1] ** 2).values <= away + 1e-4).all()

    labels = np.arange(40) % 10
    data = load(specs.Data(name="mnist", n_train=40, n_test=5))
    data = dataclasses.replace(data, y_train=labels)
    alike, attrs = experiment._similarity(gradients, data)
    unit = gradients / np.linalg.norm(gradients, axis=1, keepdims=True)
    cosine = unit @ unit.T
    pairs = ~np.eye(40, dtype=bool)
    for a, b in ((0, 0), (2, 5)):
        chosen = (labels[:, None] == a) & (labels == b) & pairs
        assert float(alike["similarity"][a, b]) == pytest.approx(cosine[chosen].mean(), abs=1e-5)
    within = (labels[:, None] == labels) & pairs
    assert attrs["cosine_within"] == pytest.approx(cosine[within].mean(), abs=1e-5)


def test_gradients_of_like_examples_are_alike(found: xr.Dataset) -> None:
    cosine = found.similarity.values
    np.testing.assert_allclose(cosine, cosine.T, atol=1e-12)
    assert np.abs(cosine).max() <= 1
    assert (cosine.argmax(1) == np.arange(10)).all()
    assert found.attrs["cosine_within"] > found.attrs["cosine_between"] + 0.2


def test_the_star_is_the_minimum(found: xr.Dataset) -> None:
    gradient = 2 * (found.normal_matrix.values @ found.minimum.values - found.normal_target.values)
    assert np.abs(gradient).max() < 1e-12
    assert found.attrs["lowest_loss"] <= float(found.loss.min())
    np.testing.assert_array_less(-1e-12, found.excess)
    # At the grid's points, the map is that quadratic.
    away = np.array([found.grid_slope[3], found.grid_offset[5]]) - found.minimum.values
    height = found.attrs["lowest_loss"] + away @ found.normal_matrix.values @ away
    assert float(found.loss[5, 3]) == pytest.approx(height)


def test_the_points_are_the_ink_of_real_digits() -> None:
    assert specs.is_digits("ink_halves")
    points, digits = (
        load(specs.Data(name=n, n_train=300, n_test=9)) for n in ("ink_halves", "mnist")
    )
    images = digits.x_train.reshape(-1, 28, 28).astype(float)
    for column, half in ((points.x_train, images[:, :14]), (points.y_train, images[:, 14:])):
        ink = half.mean((1, 2))
        np.testing.assert_allclose(column[:, 0], (ink - ink.mean()) / ink.std(), atol=1e-5)


def test_the_orbit_shrinks_where_the_rate_decays(found: xr.Dataset) -> None:
    constant, decayed = found.sel(run="constant"), found.sel(run="decayed")
    np.testing.assert_array_equal(constant.theta[0], decayed.theta[0])
    assert (constant.lr == constant.lr[0]).all()
    assert (np.diff(decayed.lr) < 0).all()
    assert decayed.lr[0] == constant.lr[0]
    last = found.attrs["orbit_last"]
    for name in ("constant", "decayed"):
        mean = found.mean_excess.sel(run=name)[-last:].mean()
        assert found.attrs[f"orbit_excess_{name}"] == pytest.approx(float(mean))
        run = found.sel(run=name)
        assert float(run.late_excess) == pytest.approx(float(run.excess[-last:].mean()))
    # It goes on circling: no nearer in the last third than in the middle one.
    middle = float(found.mean_excess.sel(run="constant")[last : 2 * last].mean())
    assert found.attrs["orbit_excess_constant"] > middle / 2
    assert found.attrs["orbit_excess_decayed"] < found.attrs["orbit_excess_constant"] / 3


def test_both_rates_see_the_same_examples(found: xr.Dataset) -> None:
    """The same step on the same example: only its length differs, as the rates do."""
    points = load(specs.Data(name="ink_halves", n_train=500, n_test=50))
    x, y = points.x_train[:, 0].astype(float), points.y_train[:, 0].astype(float)
    for name in ("constant", "decayed"):
        run = found.sel(run=name)
        steps = np.diff(run.theta, axis=0) / run.lr.values[:-1, None]
        gradients = [
            2 * (theta[0] * x + theta[1] - y)[:, None] * np.stack([x, np.ones_like(x)], axis=1)
            for theta in run.theta.values[:20]
        ]
        away = [np.abs(g + s).max(1) for g, s in zip(gradients, steps, strict=False)]
        nearest = [int(each.argmin()) for each in away]
        assert max(each.min() for each in away) < 1e-6, "each step is on one example"
        if name == "constant":
            taken = nearest
    assert nearest == taken


def test_what_cannot_be_measured_is_said(record: Record) -> None:
    with pytest.raises(RunError, match="a slope needs two different ones"):
        record("gradient_variance", batch_sizes=[8])
    digits = load(specs.Data(name="mnist", n_train=200, n_test=5))
    labels = np.where(digits.y_train == 4, 9, digits.y_train)
    with pytest.raises(RunError, match="class 4 has 0 training examples with a gradient"):
        experiment._similarity(np.ones((200, 3)), dataclasses.replace(digits, y_train=labels))


def test_the_figure_draws_the_recording(recorded: Recorded) -> None:
    fig, (found,) = drawn("gradient_variance", recorded)
    sizes = found.batch_size.values.tolist()
    *clouds, fall = fig.axes
    across = fall.transData.transform(np.stack([sizes, found.variance], axis=1))[:, 0]
    for panel, ax in enumerate(clouds):
        assert (ax.get_xlim(), ax.get_ylim()) == (clouds[0].get_xlim(), clouds[0].get_ylim())
        assert np.ptp(ax.get_xlim()) == pytest.approx(np.ptp(ax.get_ylim())), "one scale for all"
        (title,) = (t.get_text() for t in ax.texts if "digit" in t.get_text())
        at = sizes.index(int(title.split()[0].replace(",", "")))
        assert at == panel + 1, "all but the smallest batches"
        box = ax.get_window_extent()
        assert (box.x0 + box.x1) / 2 == pytest.approx(across[at]), "it stands over its own dot"
        points = found.cloud.values[at]
        np.testing.assert_array_equal(line(fig, "cloud", panel).get_xydata(), points)
        for side, (low, high) in enumerate((ax.get_xlim(), ax.get_ylim())):
            assert low < points[:, side].min() < points[:, side].max() < high, "none is outside"
        (arrow,) = (t for t in ax.texts if getattr(t, "arrow_patch", None) is not None)
        assert arrow.xy == (found.attrs["gradient_length"], 0)
    dots, theory = line(fig, "variance", len(clouds)), line(fig, "_expected", len(clouds))
    np.testing.assert_array_equal(dots.get_xdata(), found.batch_size)
    np.testing.assert_array_equal(dots.get_ydata(), found.variance)
    np.testing.assert_array_equal(theory.get_ydata(), found.expected_variance)
    level = line(fig, "_arrow", len(clouds)).get_ydata()
    np.testing.assert_allclose(level, found.attrs["gradient_length"] ** 2)
    # Where the line comes to that level, the batch is as large as the caption says.
    np.testing.assert_allclose(
        found.expected_variance * found.batch_size / level[0], found.attrs["noise_batch"]
    )


@pytest.mark.parametrize("share", [0.1, 0.9, 1.5])
def test_where_noise_and_gradient_are_even_there_is_a_ring(
    share: float, recorded: Recorded
) -> None:
    """A gradient of another length: even at this share of the largest batch."""
    from figures import render

    _, (found,) = drawn("gradient_variance", recorded)
    one = float(found.expected_variance[0] * found.batch_size[0])
    even = share * int(found.batch_size[-1])
    found = found.assign_attrs(gradient_length=(one / even) ** 0.5, noise_batch=even)
    fig = render.figure("figures.descent.gradient_variance", {"gradient_variance": found}, "dark")
    told = [text for text in fig.axes[-1].texts if "less noise" in text.get_text()]
    assert points(fig.axes[-1]) == [(pytest.approx(even), pytest.approx(one / even))] * (share < 1)
    assert [text.get_text() for text in told] == [
        f"from about {even:.2g} digits on,\nless noise than gradient"] * (share < 1)  # fmt: skip
    assert [text.xy[0] for text in told] == [pytest.approx(even)] * (share < 1)


def test_all_that_the_figure_says_is_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("gradient_variance", recorded)
    *clouds, fall = fig.axes
    sizes = found.batch_size.values.tolist()
    for ax, size in zip(clouds, sizes[1:], strict=True):
        assert labels(ax) == [f"{size} digits"]
        assert all(colored(each.get_color(), "purple") for each in ax.get_lines())
    half = found.variance.values[1:] / found.variance.values[:-1]
    doublings = np.log2(found.batch_size.values[1:] / found.batch_size.values[:-1])
    assert found.attrs["doubled"] == pytest.approx(np.prod(half) ** (1 / doublings.sum()), rel=0.02)
    words = [
        "variance in all directions",
        "the arrow’s own length, squared",
        "theory: $1/B$",
    ]
    times = "halves" if found.attrs["halves"] else f"{found.attrs['doubled']:.2f} times"
    words.append(f"{times} at each doubling")
    if sizes[0] < found.attrs["noise_batch"] < sizes[-1]:
        about = f"{found.attrs['noise_batch']:.2g}"
        words.append(f"from about {about} digits on, less noise than gradient")
    assert labels(fall) == sorted(words)


def test_the_film_walks_both_paths_and_their_rates(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import gradient_variance as scene
    from scenes.parts.numbers import Number
    from simulate import recording

    found = recording.load(recorded("gradient_variance"))
    with render.stage(render.Job(module="", recordings={})), telling("gradient_variance", found):
        chart, levels = scene.bowl(found)
        view = scene.View(chart, found)
        assert np.ptp(chart.x) / chart.width == pytest.approx(np.ptp(chart.y) / chart.height)
        assert chart.inside(chart.point(*found.minimum.values)[None]).all()
        clock = ValueTracker(0)
        for name in found.run.values.tolist():
            run = found.sel(run=name)
            path = scene.Orbit(view, run.theta.values, clock, ValueTracker(1), name)
            np.testing.assert_allclose(path.places, chart.point(*run.theta.values.T))
            parts = scene.block(run, name, 0.0, clock)
            (value,) = (part for part in parts if isinstance(part, Number))
            (bar,) = (part for part in parts if isinstance(part, scene.Rate))
            for step in (0, 3, run.sizes["step"] - 1):
                clock.set_value(step)
                assert value.text() == f"{float(run.lr[step]):.3f}"
                assert bar.share() == pytest.approx(float(run.lr[step] / run.lr[0]))
                for near in (0, 1):
                    view.near.set_value(near)
                    pen = Pen()
                    path.paint(pen)
                    whole = pen.strokes[0]
                    np.testing.assert_allclose(pen.dots[-1], whole[-1])
                    np.testing.assert_allclose(whole[:-1], view(path.places[: step + 1], near))
        # At the end both take their last steps again, and a ring is where the loss is their mean.
        for name in found.run.values.tolist():
            run, again, ring = found.sel(run=name), ValueTracker(0), ValueTracker(0)
            last = scene.Last(view, run, again, ring, name)
            assert last.n == found.attrs["orbit_last"]
            late = view(chart.point(*run.theta.values[-last.n - 1 :].T))
            for step in (0, 2, last.n):
                again.set_value(step)
                pen = Pen()
                last.paint(pen)
                np.testing.assert_allclose(pen.strokes[0][:-1], late[: step + 1])
                np.testing.assert_allclose(pen.dots, [late[step]])
            ring.set_value(1)
            pen = Pen()
            last.paint(pen)
            assert not pen.dots, "where a path happens to end says nothing of the way"
            np.testing.assert_allclose(pen.strokes[-1], view(last.level))
            assert chart.inside(view(last.level, 1)).sum() >= chart.inside(last.level).sum()
            for bowl in (found.normal_matrix.values, np.array([[2.0, 0.6], [0.6, 1.0]])):
                bent = run.assign(normal_matrix=(("param", "param_other"), bowl))
                away = scene.level(bent) - found.minimum.values
                np.testing.assert_allclose(
                    np.einsum("ki,ij,kj->k", away, bowl, away),
                    float(run.excess[-last.n :].mean()),
                )
            number, words = scene.best(found, name, 0.0)
            away = run.theta.values[-found.attrs["orbit_last"] :] - found.minimum.values
            excess = np.einsum("ki,ij,kj->k", away, found.normal_matrix.values, away).mean()
            assert number.text == f"{excess:.2g}"
            assert words.text == "mean above lowest loss"
        # Enlarged at the end: the map, the paths and the star alike; all last steps stay in it.
        last = found.theta.values[:, -int(found.attrs["orbit_last"]) - 1 :].reshape(-1, 2)
        places = chart.point(*last.T)
        view = scene.View(chart, found.assign(late_excess=0.05 * found.late_excess))  # small rings
        np.testing.assert_array_equal(view(places, 0), places)
        assert view.times > 1
        assert (chart.inside(view(places, 1)) >= chart.inside(places)).all()
        apart = np.linalg.norm(np.diff(view(places, 1), axis=0), axis=1)
        before = np.linalg.norm(np.diff(places, axis=0), axis=1)
        np.testing.assert_allclose(apart, view.times * before, atol=1e-9)
        ground = scene.Ground(found, view, levels)
        view.near.set_value(0.5)
        pen, moved = Pen(), []
        setattr(pen, "translate", lambda x, y: moved.append((x, y)))  # noqa: B010
        setattr(pen, "scale", lambda x, y: moved.append((x, y)))  # noqa: B010
        ground.paint(pen)
        (dx, dy), (across, up) = moved
        np.testing.assert_allclose(places * (across, up) + (dx, dy), view(places))
        corners = np.array(chart.center) + np.array([[-1, -1], [1, 1]]) * (
            chart.width / 2, chart.height / 2)  # fmt: skip
        seen = view(corners, 1)
        assert (seen[0] <= corners[0] + 1e-9).all(), "no empty edge"
        assert (seen[1] >= corners[1] - 1e-9).all()
