"""The range test, 1cycle and the swarms: what is measured, printed and drawn."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from look.numbers import form
from scenes.parts.charts import Chart
from simulate import recording
from simulate.experiments.schedules import one_cycle
from simulate.experiments.schedules.lr_range_test import averaged
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import filmed, said, value
from tests.visuals._whole import colored, labels, points
from tests.visuals.test_shown import counted

# ---------------------------------------------------------------------------- lr_range_test


def test_the_band_follows_from_the_losses(recorded: Recorded) -> None:
    _, (found,) = drawn("lr_range_test", recorded)
    lr, loss, attrs = found.lr.values, found.loss.values, found.attrs
    np.testing.assert_allclose(np.diff(np.log(lr)), np.log(lr[-1] / lr[0]) / (len(lr) - 1))
    assert (lr[0], lr[-1]) == pytest.approx((attrs["lr_low"], attrs["lr_high"]))
    half = attrs["window"] // 2
    middle = found.batch_loss.values.mean(0)[20 - half : 20 + half + 1]
    assert loss[20] == pytest.approx(middle.mean())
    fallen = (loss[0] - loss) / (loss[0] - loss.min())
    begins = next(rate for rate, share in zip(lr, fallen, strict=True) if share >= 0.1)
    assert attrs["band_low"] == pytest.approx(begins)
    assert attrs["band_high"] == pytest.approx(0.8 * lr[loss.argmin()])
    assert found.batch_loss.sizes["run_climb"] == attrs["repeats"]


def test_what_broke_is_infinite_not_lost() -> None:
    values = np.array([1.0, 1.0, 1.0, np.inf, np.nan, 1.0])
    assert averaged(values, 3).tolist() == [1, 1, np.inf, np.inf, np.inf, np.inf]


def test_the_figure_draws_the_climb_and_the_trainings(recorded: Recorded) -> None:
    fig, (found,) = drawn("lr_range_test", recorded)
    climb, dots = line(fig, "climb"), line(fig, "train")
    np.testing.assert_array_equal(climb.get_xdata(), found.lr)
    np.testing.assert_array_equal(climb.get_ydata(), found.loss)
    ends = found.training_loss.values[:, -1]
    seen = ends <= 1.3 * found.attrs["start_loss"]
    np.testing.assert_array_equal(dots.get_xdata(), found.rate.values[seen])
    np.testing.assert_array_equal(dots.get_ydata(), ends[seen])
    (ax,) = fig.axes
    (band,) = (patch for patch in ax.patches if patch.get_label() == "band")
    box = band.get_extents().transformed(ax.transData.inverted())
    assert (box.x0, box.x1) == pytest.approx((found.attrs["band_low"], found.attrs["band_high"]))
    texts = said(fig)
    (words,) = (text for text in texts if text.startswith("best: "))
    assert value(words.split("= ")[1]) == float(found.rate[int(ends.argmin())])
    turn = [each for each in fig.axes[0].get_lines() if each.get_label() == "turn"]
    assert turn[0].get_xdata()[0] == float(found.lr[int(found.loss.values.argmin())])
    assert ("training breaks" in texts) <= bool(found.attrs["turns"])


def test_all_of_the_range_tests_chart_is_the_recordings(recorded: Recorded) -> None:
    wide, (found,) = drawn("lr_range_test", recorded)
    slim = narrow("lr_range_test", recorded)
    assert slim is not None
    lr, loss, ends = found.lr.values, found.loss.values, found.training_loss.values[:, -1]
    turn, best = int(loss.argmin()), int(ends.argmin())
    low, high = (form(found.attrs[f"band_{end}"], ".2n") for end in ("low", "high"))
    words = ["loss", f"lowest at η = {form(float(lr[turn]), '.2n')}", "one run, the rate climbing"]
    words += [f"best: η = {float(found.rate[best]):g}", f"suggested band {low} to {high}"]
    words += ["a dot: the loss of a whole training at one rate", "training breaks"]
    assert loss[turn:].max() > found.attrs["start_loss"], "it breaks"
    for fig in (wide, slim):
        (ax,) = fig.axes
        assert labels(ax) == sorted(words)
        marks = [(lr[turn], loss[turn]), (float(found.rate[best]), ends[best])]
        np.testing.assert_allclose(points(ax), sorted(marks))
        for name, token in (("climb", "purple"), ("train", "muted")):
            assert colored(line(fig, name).get_color(), token)
    sections = filmed("lr_range_test", recorded)
    assert ("training breaks" in sections["climb"]) == bool(found.attrs["turns"])
    assert sections["check"][-1] == f"{low} to {high}"
    assert sections["verdict"][-1] == f"η = {float(found.rate[best]):g}"


def test_the_film_counts_the_rate_and_draws_where_it_is(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.schedules import lr_range_test as film
    from tests.figures._drawn import telling

    _, (found,) = drawn("lr_range_test", recorded)
    shown = counted("lr_range_test", recorded)
    texts = shown["climb"]
    counter = texts[texts.index("eta =") + 1]
    assert value(counter) == pytest.approx(found.attrs["lr_high"], rel=0.01)
    clock = ValueTracker(20)
    with telling("lr_range_test", found):
        chart, _ = film.chart_of_losses(found)
        climb, dots = film.Climb(chart, found, clock), film.Dots(chart, found, clock)
        rate = film.counted(found, clock)[1].text
    for step in range(0, 61, 4):
        clock.set_value(step)
        assert value(rate()) == pytest.approx(float(found.lr[step]), rel=0.05)
    np.testing.assert_allclose(climb.line[20], chart.point(np.log10(found.lr[20]), found.loss[20]))
    wanted = chart.point(np.log10(found.rate.values), found.training_loss.values[:, 20])
    np.testing.assert_allclose(dots.places[:, 20][:2], wanted[:2])
    assert isinstance(chart, Chart)


# ---------------------------------------------------------------------------- one_cycle


@pytest.fixture(scope="module")
def policies(record: Record) -> xr.Dataset:
    return record("one_cycle", repeats=2)


def test_each_policy_gets_its_rate_from_the_same_search(policies: xr.Dataset) -> None:
    n = policies.sizes
    assert policies.train_loss.shape == (3, n["x_rate"], n["x_length"], 2)
    for i in range(3):
        for k in range(n["x_length"]):
            losses = policies.train_loss.values[i, :, k].mean(1)
            best = int(losses.argmin())
            assert int(policies.chosen[i, k]) == best
            right = policies.accuracy.values[i, best, k]
            got = (float(policies[w][i, k]) for w in ("mean", "least", "most"))
            assert tuple(got) == pytest.approx((right.mean(), right.min(), right.max()))


def test_a_constant_rate_is_read_on_its_way(record: Record, policies: xr.Dataset) -> None:
    """After ten steps of forty it is where ten steps alone would have brought it."""
    lengths = policies.length.values.tolist()
    short = record("one_cycle", lengths=lengths[:2], repeats=2)
    np.testing.assert_array_equal(policies.train_loss[0, :, :2].values, short.train_loss[0].values)


def test_superconvergence_is_reported_as_measured() -> None:
    settings = one_cycle.Settings()
    assert settings.faster == 10, "an order of magnitude"
    longest = settings.lengths[-1]
    assert longest / settings.lengths[0] >= settings.faster, "it could be seen"
    assert all(length % settings.lengths[0] == 0 for length in settings.lengths)


def test_the_figure_of_policies_draws_the_recording(recorded: Recorded) -> None:
    fig, (found,) = drawn("one_cycle", recorded)
    names = {"constant": "constant", "triangular": "triangular", "one_cycle": "1cycle"}
    texts = said(fig)
    for i, name in enumerate(found.run.values.tolist()):
        curve = line(fig, names[name], 0)
        np.testing.assert_array_equal(curve.get_xdata(), found.length)
        np.testing.assert_array_equal(curve.get_ydata(), found["mean"].sel(run=name))
        end = 100 * float(found["mean"].sel(run=name)[-1])
        assert f"{names[name]}  {end:.1f}\N{NARROW NO-BREAK SPACE}%" in texts
        rate = line(fig, "rate", 1 + i)  # the small picture at the line's end
        np.testing.assert_array_equal(rate.get_ydata(), found.lr.sel(run=name))
        assert rate.get_color() == curve.get_color()
    (goal,) = line(fig, "wanted").get_ydata()
    assert goal == float(found["mean"].sel(run="constant")[-1])
    assert line(fig, "wanted").get_xdata()[0] == found.length.values[-1] / found.attrs["faster"]
    reached = found["mean"].sel(run="one_cycle").values >= goal
    soon = found.length.values <= found.length.values[-1] / found.attrs["faster"]
    there = bool((reached & soon).any())
    assert any(text.startswith("superconvergence would be here") for text in texts) != there


def test_all_of_the_policies_chart_is_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("one_cycle", recorded)
    chart, longest = fig.axes[0], int(found.length[-1])
    looks = {"constant": ("constant", "muted"), "triangular": ("triangular", "vermillion"),
             "one_cycle": ("1cycle", "purple")}  # fmt: skip
    assert found.run.values.tolist() == list(looks)
    right = {}
    for i, run in enumerate(looks):
        losses = found.train_loss.values[i].mean(2)
        right[run] = [found.accuracy.values[i, losses[:, k].argmin(), k] for k in range(3)]
    target = float(np.mean(right["constant"][-1]))
    means = {run: [float(np.mean(each)) for each in right[run]] for run in looks}
    words = ["right, of the test set",
             f"{100 * target:.1f} % in 1/{found.attrs['faster']:g} of the steps"]  # fmt: skip
    words += [f"{looks[run][0]} {100 * means[run][-1]:.1f} %" for run in looks]
    soon = [mean for mean, length in zip(means["one_cycle"], found.length.values, strict=True)
            if length <= longest / found.attrs["faster"]]  # fmt: skip
    there = any(mean >= target for mean in soon)
    words.append("superconvergence" + " would be here" * (not there))
    assert labels(chart) == sorted(words)
    np.testing.assert_allclose(points(chart)[0], (longest / found.attrs["faster"], target))
    assert set(line(fig, "target").get_ydata()) == {target}
    for i, (run, (label, token)) in enumerate(looks.items()):
        curve = line(fig, label)
        np.testing.assert_allclose(curve.get_ydata(), means[run])
        assert colored(curve.get_color(), token)
        if run != "one_cycle":  # its dots are seen where they lie on those of 1cycle
            over = line(fig, f"_{run}")
            np.testing.assert_array_equal(over.get_xydata(), curve.get_xydata())
            assert over.get_zorder() > line(fig, "1cycle").get_zorder()
        np.testing.assert_array_equal(line(fig, "rate", 1 + i).get_xdata(), found.step)
    (band,) = chart.collections
    corners = band.get_paths()[0].vertices
    for length, each in zip(found.length.values, right["one_cycle"], strict=True):
        between = corners[corners[:, 0] == length, 1]
        assert (between.min(), between.max()) == pytest.approx((each.min(), each.max()))


# ---------------------------------------------------------------------------- schedule_descent


@pytest.fixture(scope="module")
def swarms(record: Record) -> xr.Dataset:
    return record("schedule_descent", n_steps=120, n_runs=8)


def test_swarms_share_start_examples_and_highest_rate(swarms: xr.Dataset) -> None:
    theta = swarms.theta.values
    assert (theta[:, :, 0] == theta[0, 0, 0]).all()
    assert (swarms.lr.max("step") <= swarms.attrs["lr"] * (1 + 1e-9)).all()
    # A step is −η times a gradient: where two swarms still are in one place, it is the same.
    rates = swarms.lr.values[:, 0]
    first = (theta[:, :, 1] - theta[:, :, 0]) / rates[:, None, None]
    np.testing.assert_allclose(first, np.broadcast_to(first[0], first.shape), atol=1e-9)


def test_the_width_is_the_distance_to_the_best_fit(swarms: xr.Dataset) -> None:
    from simulate import specs
    from simulate.data._load import load

    data = load(specs.Data(name="plane", n_train=60, settings={"noise": 1.0}))
    x, y = data.x_train.astype(float), data.y_train[:, 0].astype(float)
    normal = np.linalg.solve(x.T @ x, x.T @ y)
    np.testing.assert_allclose(swarms.minimum, normal, atol=1e-6)
    away = np.linalg.norm(swarms.theta.values - normal, axis=-1)
    np.testing.assert_allclose(swarms.width, np.sqrt((away**2).mean(1)), rtol=1e-6)
    j, i = 3, 9
    at = np.array([swarms.grid_x[i], swarms.grid_y[j]])
    assert float(swarms.loss[j, i]) == pytest.approx(np.mean((x @ at - y) ** 2))
    ends = swarms.width[:, -1].values
    printed = ends.round(2)
    assert swarms.attrs["times"] == pytest.approx(printed[0] / printed.min())


def test_noise_keeps_a_constant_rate_away(swarms: xr.Dataset) -> None:
    """What is said of the pictures: the decaying swarm is narrower, the cyclical one follows."""
    late = slice(swarms.attrs["n_steps"] // 2, None)
    width = swarms.width.sel(step=late)
    assert width.sel(run="decayed")[-1] < 0.6 * width.sel(run="constant").mean()
    assert swarms.attrs["follows"] > 0.3


def test_the_film_draws_swarms_circles_and_distances(swarms: xr.Dataset) -> None:
    from look import words
    from scenes.schedules import schedule_descent as film

    with words.speaking(film.VISUAL, swarms.attrs):
        columns = []
        for i, name in enumerate(swarms.run.values.tolist()):
            closer = columns[0].clock if columns else None
            columns.append(film.Column(swarms, name, film.column_left(i), closer))
        rings = [column.ring() for column in columns]
    for ring, column in zip(rings, columns, strict=True):
        assert ring.width / 2 == pytest.approx(column.swarm.radius(), rel=0.02)  # of few arcs
        np.testing.assert_allclose(ring.get_center()[:2], column.best)
    columns[1].clock.set_value(120)  # it comes no closer by itself: all maps have one scale
    assert {column.swarm.closer.scale() for column in columns} == {1}
    columns[0].clock.set_value(120)
    scales = [column.swarm.closer.scale() for column in columns]
    np.testing.assert_allclose(scales, scales[0])
    assert scales[0] > 1
    for step in (0, 40, 120):
        for column in columns:
            column.clock.set_value(step)
        for column, name in zip(columns, swarms.run.values.tolist(), strict=True):
            _, swarm, _, strip, number = column.moving
            run = swarms.sel(run=name)
            width = float(run.width[step])
            assert number.text() == f"{width:.2f}"
            closer = swarm.closer
            unit = closer.scale() * closer.unit
            assert swarm.radius() == pytest.approx(unit * width)
            places = closer.place(swarm.places[step])
            wanted = (run.theta.values[:, step] - run.minimum.values) * unit
            np.testing.assert_allclose(places - closer.best, wanted, atol=1e-9)
            assert strip.share[step] == pytest.approx(float(run.lr[step] / swarms.lr.max()))
    assert columns[0].moving[1].closer.scale() >= 1


def test_the_film_of_swarms_prints_all_three_distances(recorded: Recorded) -> None:
    found = recording.load(recorded("schedule_descent"))
    away = np.linalg.norm(found.theta.values[:, :, -1] - found.minimum.values, axis=-1)
    ends = dict(zip(found.run.values.tolist(), np.sqrt((away**2).mean(1)), strict=True))
    names = {"constant": "constant", "cyclical": "triangular", "decayed": "cosine"}
    told = []
    for k, (run, label) in enumerate(names.items()):
        told += [label, "distance"]
        told += [f"learning rate over {found.attrs['n_steps']} steps, from 0 up"] * (k == 0)
        told.append(f"{ends[run]:.2f}")
    verdict = filmed("schedule_descent", recorded)["verdict"]
    assert [text for text in verdict if text in told] == told
