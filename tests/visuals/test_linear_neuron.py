"""linear_neuron: it reaches (2, 1, 1), 101 steps are not enough, and the pictures say so."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from look import theme
from look.numbers import fixed
from scenes.parts.numbers import Number
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen
from tests.visuals._whole import behind, colored, labels, points
from tests.visuals.test_mechanism_films import staged

FULL = {"n_train": 100, "n_test": 100, "lr": 0.001, "n_steps": 4000, "few_steps": 101, "stride": 20}


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("linear_neuron", **FULL)


def test_the_parameters_reach_the_plane(full: xr.Dataset) -> None:
    assert full.target.values.tolist() == [2, 1, 1]
    np.testing.assert_allclose(full.theta.isel(snapshot=-1), full.target, atol=1e-2)
    assert full.attrs["reached"] == pytest.approx(3500, abs=100)
    far = np.abs(full.theta - full.target).max("param")
    reached = full.attrs["reached"]
    assert (far.sel(snapshot=slice(reached, None)) < 0.01).all()
    assert (far.sel(snapshot=slice(None, reached - 1)) >= 0.01).all()
    assert full.attrs["error"] == pytest.approx(float(far[-1]))


def test_101_steps_are_not_enough(full: xr.Dataset) -> None:
    assert full.attrs["few_error"] > 1
    moved = np.abs(full.theta.sel(snapshot=101) - full.theta.sel(snapshot=0)).max()
    assert moved < 1.01 * 101 * full.attrs["lr"], "Adam moves a parameter by about η a step"
    assert full.attrs["few_error"] == pytest.approx(
        float(np.abs(full.theta.sel(snapshot=101) - full.target).max())
    )


def test_the_derivative_of_the_loss_has_the_target_in_it(record: Record) -> None:
    found = record("linear_neuron")
    error = found.output.sel(snapshot=0) - found.label
    np.testing.assert_allclose(found.output_slope, 2 * error, atol=1e-12)
    assert np.abs(found.output_slope - 2 * found.output.sel(snapshot=0)).max() > 0.1
    # What the neuron itself is given: the mean of 2 (ŷ − y) x over all examples.
    neuron = torch.nn.Linear(2, 1).double()
    start = torch.from_numpy(found.theta.sel(snapshot=0).values)
    with torch.no_grad():
        neuron.weight.copy_(start[None, :2])
        neuron.bias.copy_(start[2:])
    x, y = torch.from_numpy(found.x.values), torch.from_numpy(found.label.values)
    torch.nn.functional.mse_loss(neuron(x)[:, 0], y).backward()
    by_hand = (found.output_slope.values[:, None] * found.x.values).mean(0)
    assert neuron.weight.grad is not None
    np.testing.assert_allclose(neuron.weight.grad[0], by_hand, atol=1e-6)


def test_outputs_are_the_neurons_own(record: Record) -> None:
    found = record("linear_neuron")
    weight, bias = found.theta.values[:, :2], found.theta.values[:, 2]
    np.testing.assert_allclose(found.output, weight @ found.x.values.T + bias[:, None], atol=1e-12)
    np.testing.assert_allclose(
        found.loss, ((found.output - found.label) ** 2).mean("example"), rtol=1e-4, atol=1e-9
    )
    np.testing.assert_allclose(found.corner[:, 1, 0], -weight[:, 0] + weight[:, 1] + bias)
    x = found.x.values
    np.testing.assert_allclose(found.label, 2 * x[:, 0] + x[:, 1] + 1, atol=1e-6)


def test_more_few_steps_than_steps_are_refused(record: Record) -> None:
    with pytest.raises(UserError, match="few_steps is 500, but the run has 160 steps"):
        record("linear_neuron", few_steps=500)


def test_curves_are_recorded_and_the_gap_is_the_farthest(recorded: Recorded) -> None:
    fig, (found,) = drawn("linear_neuron", recorded)
    for name, label in (("w1", "w₁"), ("w2", "w₂"), ("b", "b")):
        curve = line(fig, label)
        np.testing.assert_array_equal(curve.get_xdata(), found.snapshot)
        np.testing.assert_array_equal(curve.get_ydata(), found.theta.sel(param=name))
    few = found.attrs["few_steps"]
    ways = [
        (abs(float(found.theta.sel(snapshot=few, param=name) - target)), float(target))
        for name, target in zip(found.param.values, found.target.values, strict=True)
    ]
    (arrow,) = (text for text in fig.axes[0].texts if not text.get_text())
    far, target = max(ways)
    assert arrow.xy == (few, target)
    assert abs(arrow.xyann[1] - target) == far
    assert f"still {far:.2f} off" in [text.get_text() for text in fig.axes[0].texts]


def test_where_the_full_pace_is_as_slow_its_line_is_not_drawn(record: Record) -> None:
    from figures import render

    found = record("linear_neuron", lr=0.015)
    fig = render.figure("figures.descent.linear_neuron", {"linear_neuron": found}, "dark")
    assert all(each.get_label() != "_pace" for each in fig.axes[0].get_lines())
    assert not any("a step" in text.get_text() for text in fig.axes[0].texts)


def test_all_labels_and_lines_are_the_recordings(recorded: Recorded) -> None:
    wide, (found,) = drawn("linear_neuron", recorded)
    slim = narrow("linear_neuron", recorded)
    assert slim is not None
    few, reached = found.attrs["few_steps"], found.attrs["reached"]
    end, then = found.theta[-1].values, found.theta.sel(snapshot=few).values
    notes = [f"{value:.3f}" for value in end]
    gap = int(np.abs(then - [2, 1, 1]).argmax())
    words = ["parameter", f"{few} steps", f"{reached} steps: all within 0.01", "w₁", "w₂", "b"]
    words.append(f"still {np.abs(then - [2, 1, 1]).max():.2f} off")
    start, rate = float(found.theta[0, gap]), found.attrs["lr"]
    least = next(k for k in range(10_000) if start + k * rate >= (2, 1, 1)[gap])
    words.append(f"{rate:g} a step: {least} steps")
    for fig in (wide, slim):
        (ax,) = fig.axes
        assert labels(ax) == sorted([*words, *notes])
        assert [behind(ax, name) for name in ("w₁", "w₂", "b")] == notes
        assert points(ax) == sorted([(few, then[gap]), *((found.snapshot[-1], at) for at in end)])
        np.testing.assert_allclose(
            line(fig, "_pace").get_xydata(), [(0, start), (least, (2, 1, 1)[gap])])  # fmt: skip
        assert colored(line(fig, "_pace").get_color(), ("indigo", "purple", "green")[gap])
        straight = [each.get_xydata() for each in ax.get_lines()
                    if len(each.get_xdata()) == 2 and each.get_label() != "_pace"]  # fmt: skip
        assert sorted(at[0, 0] for at in straight if at[0, 0] == at[1, 0]) == [few, reached]
        assert sorted(at[0, 1] for at in straight if at[0, 1] == at[1, 1]) == [1, 2]
        for name, token in (("w₁", "indigo"), ("w₂", "purple"), ("b", "green")):
            assert colored(line(fig, name).get_color(), token)
        (arrow,) = (text for text in ax.texts if not text.get_text())
        assert arrow.xyann == (few, then[gap])


def test_the_film_prints_the_parameters_of_the_moment(recorded: Recorded) -> None:
    _, (found,) = drawn("linear_neuron", recorded)
    sections, few = filmed("linear_neuron", recorded), found.attrs["few_steps"]
    last, reached = int(found.snapshot[-1]), found.attrs["reached"]
    for section, step in (("start", 0), ("few steps", few), ("learning", last), ("end", last)):
        w1, w2, b = found.theta.sel(snapshot=step).values
        texts = sections[section]
        at = texts.index("step") + 1
        assert texts[at : at + 4] == [*(fixed(value, 2) for value in (w1, w2, b)), f"{step}"]
        assert texts[at - 4 : at] == ["w₁", "w₂", "b", "step"]
        assert (f"{few} steps" in texts) == (section != "start")
        assert (f"{reached} steps" in texts) == (section == "end")
    off = np.abs(found.theta.sel(snapshot=few).values - [2, 1, 1])
    far = ("w₁", "w₂", "b")[int(off.argmax())]
    assert f"After {few} steps, {far} is still {off.max():.2f} off" in sections["few steps"]
    share = f"{few} steps are {100 * few / reached:.1f}\N{NARROW NO-BREAK SPACE}% of that."
    assert share in sections["end"]


def test_the_films_curves_marks_and_arrow_are_the_recordings(recorded: Recorded) -> None:
    from scenes.descent import linear_neuron as film
    from scenes.descent._paths import Path

    with staged("linear_neuron", recorded) as found:
        chart, _, moving = film.parameters(found, ValueTracker(0))
        paths = [part for part in moving if isinstance(part, Path)]
        for path, name, token in zip(paths, ("w1", "w2", "b"), ("indigo", "purple", "green"),
                                     strict=True):  # fmt: skip
            wanted = chart.point(found.snapshot.values, found.theta.sel(param=name).values)
            np.testing.assert_allclose(path.places, wanted)
            np.testing.assert_array_equal(path.at, found.snapshot)
            assert path.ink == theme.color(token)
        few = found.attrs["few_steps"]
        then = found.theta.sel(snapshot=few).values
        far = int(np.abs(then - [2, 1, 1]).argmax())
        name, gap = film.farthest(found, chart, ValueTracker(1))
        assert name == ("w1", "w2", "b")[far]
        np.testing.assert_allclose(gap.start, chart.point(few, then[far]))
        np.testing.assert_allclose(gap.end, chart.point(few, (2, 1, 1)[far]))
        assert film.Mark(chart, few).x == pytest.approx(chart.point(few, 0.0)[0])
        # Between two recorded steps all that is printed is of the earlier one.
        between = ValueTracker(float(found.snapshot[1]) - 0.1)
        _, _, moving = film.parameters(found, between)
        printed = [part.text() for part in moving if isinstance(part, Number)]
        assert printed == [*(fixed(value, 2) for value in found.theta[0].values), "0"]
        between.set_value(float(found.snapshot[1]))
        assert [part.text() for part in moving if isinstance(part, Number)] == [
            *(fixed(value, 2) for value in found.theta[1].values),
            str(int(found.snapshot[1])),
        ]
        clock = ValueTracker(float(found.snapshot[3]))
        plane = film.Plane(found, clock, ValueTracker(0))
        np.testing.assert_allclose(plane.between(plane.output), found.output[3])
        np.testing.assert_allclose(plane.between(plane.corner), found.corner[3])


def test_the_last_plane_is_seen_from_its_edge(recorded: Recorded) -> None:
    from scenes.descent import linear_neuron as film

    with staged("linear_neuron", recorded) as found:
        azimuth = ValueTracker(18)
        space = film.Plane(found, ValueTracker(float(found.snapshot[-1])), azimuth)
        azimuth.set_value(space.edge_on())
        rim = space.rim(found.corner[-1].values)
        on = space.seen(found.x.values, found.output[-1].values)
        for places in (rim, on):
            width, thick = np.linalg.svd(places - places.mean(0), compute_uv=False)
            assert thick < 1e-6 * width, "a line"
        few = found.attrs["few_steps"]
        before = film.Before(space, few)
        np.testing.assert_array_equal(before.corner, found.corner.sel(snapshot=few))
        pen = Pen()
        before.paint(pen)
        (outline,) = pen.outlines
        np.testing.assert_allclose(outline, space.rim(found.corner.sel(snapshot=few).values))
        x, y = before.under(0.3)
        assert y < outline[:, 1].min() - 0.2
        assert x in outline[:, 0]
