"""A minimum, a maximum and a saddle are what their names say, and are drawn so."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from figures.parts.canvas import px
from figures.parts.space import Space
from look import theme
from look.numbers import number
from look.theme import color
from simulate import registry
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, visual
from tests.scenes._films import film
from tests.visuals._pen import Pen
from tests.visuals.test_mechanism_films import staged

SIGNS = {"minimum": (1, 1), "maximum": (-1, -1), "saddle": (-1, 1)}


def test_signs_of_eigenvalues(record: Record) -> None:
    found = record("stationary_points")
    assert found.surface.values.tolist() == list(SIGNS)
    for kind, signs in SIGNS.items():
        here = found.sel(surface=kind)
        assert tuple(np.sign(here.eigenvalue.values)) == signs
        assert (here.gradient == 0).all()
        for value, vector in zip(here.eigenvalue.values, here.eigenvector.values, strict=True):
            np.testing.assert_allclose(here.hessian.values @ vector, value * vector, atol=1e-12)


def test_the_hessian_is_the_curvature_of_the_recorded_surface(record: Record) -> None:
    """Second differences of the grid, which are exact on a quadric."""
    found = record("stationary_points", n_grid=21)
    step = float(found.grid_x[1] - found.grid_x[0])
    for kind in SIGNS:
        here = found.sel(surface=kind)
        loss = here.loss.values
        m = loss.shape[0] // 2
        across = (loss[m, m + 1] - 2 * loss[m, m] + loss[m, m - 1]) / step**2
        up = (loss[m + 1, m] - 2 * loss[m, m] + loss[m - 1, m]) / step**2
        mixed = (loss[m + 1, m + 1] - loss[m + 1, m - 1] - loss[m - 1, m + 1]
                 + loss[m - 1, m - 1]) / (4 * step**2)  # fmt: skip
        np.testing.assert_allclose(here.hessian, [[across, mixed], [mixed, up]], atol=1e-9)


def test_profiles_curve_as_their_eigenvalues_say(record: Record) -> None:
    found = record("stationary_points")
    expected = 0.5 * found.eigenvalue * found.grid_x**2
    np.testing.assert_allclose(found.profile, expected.transpose(*found.profile.dims), atol=1e-12)


def test_descents_gather_leave_and_split(record: Record) -> None:
    found = record("stationary_points", n_points=31, n_steps=120, lr=0.02)
    attrs = found.attrs
    assert attrs["minimum_arrived"] == attrs["maximum_left"] == attrs["n_points"] == 30
    assert attrs["saddle_one"] + attrs["saddle_other"] == 30
    assert min(attrs["saddle_one"], attrs["saddle_other"]) > 10
    exact = found.theta.sel(example=0)
    assert (exact == 0).all(), "a start on the point itself has no gradient to follow"
    starts = found.theta.isel(step=0)
    assert (starts == starts.isel(surface=0)).all()
    for kind in SIGNS:
        here = found.sel(surface=kind)
        steps = np.diff(here.theta.values, axis=1)
        slopes = here.theta.values[:, :-1] @ here.hessian.values
        np.testing.assert_allclose(steps, -attrs["lr"] * slopes, atol=1e-9)


def test_zero_curvature_decides_nothing(record: Record) -> None:
    found = record("stationary_points")
    assert (found.flat_slope == 0).all()
    assert (found.flat_curvature == 0).all()
    kinds = dict(zip(found.surface_flat.values.tolist(), found.flat_kind.values, strict=True))
    assert kinds == {"x⁴": "minimum", "−x⁴": "maximum", "x³": "neither"}
    caption = visual("stationary_points").caption
    assert "x⁴ has a minimum at 0, −x⁴ a maximum and x³ neither" in caption


def test_a_surface_that_is_not_what_it_is_called(record: Record) -> None:
    with pytest.raises(RunError, match=r"saddle is x² \+ y², whose Hessian .* 2 and 2"):
        record("stationary_points", saddle=(1.0, 0.0, 1.0))


def test_what_is_drawn_is_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("stationary_points", recorded, "light")
    with theme.use("light"):
        hues = {1: color("positive"), -1: color("negative")}
    lengths: dict[float, float] = {}
    for column, (kind, signs) in enumerate(SIGNS.items()):
        here = found.sel(surface=kind)
        relief, ax = fig.axes[2 * column : 2 * column + 2]
        assert next(text.get_text() for text in relief.texts) == kind
        curves = [each for each in relief.get_lines() if len(each.get_xdata()) > 1]
        assert [each.get_color() for each in curves] == [hues[sign] for sign in signs]
        flow = next(c for c in ax.collections if c.get_label() == "flow")
        drawn_lines = flow.get_segments()
        whole = {tuple(path[0]): path for path in here.flow.values}
        assert drawn_lines
        for part in drawn_lines:
            path = whole[tuple(part[0])]
            inside = (np.abs(path) <= found.grid_x.values[-1] * (1 + 1e-9)).all(axis=1)
            np.testing.assert_array_equal(part, path[: len(path) if inside.all()
                                                     else int(inside.argmin())])  # fmt: skip
        (heads,) = (c for c in ax.collections if type(c) is PolyCollection)
        assert heads.get_paths()
        for head in heads.get_paths():  # the first corner is the tip: that way the loss falls
            tip, *foot = head.vertices[:3]
            assert (tip - np.mean(foot, axis=0)) @ here.hessian.values @ np.mean(foot, axis=0) < 0
        eigen = [each for each in ax.get_lines() if each.get_linewidth() == px(3.5)]
        for each, value, vector in zip(
            eigen, here.eigenvalue.values, here.eigenvector.values, strict=True
        ):
            assert each.get_color() == hues[int(np.sign(value))]
            ends = np.column_stack(each.get_data())
            across = np.array([-vector[1], vector[0]])
            assert abs((ends[1] - ends[0]) @ across) < 1e-12
            lengths[abs(float(value))] = float(np.linalg.norm(ends[1] - ends[0]))
            np.testing.assert_allclose(ends.mean(0), 0, atol=1e-12)
            said = min(ax.texts[:2], key=lambda text, end=ends[1]: np.hypot(*(text.xy - end)))  # type: ignore[misc]
            assert said.get_text() == f"λ = {number(float(vector @ here.hessian.values @ vector))}"
        assert [text.get_text() for text in ax.texts[2:]] == ["$x$", "$y$"]
        assert [text.xy for text in ax.texts[2:]] == [(1, 0.5), (0.5, 1)]
        letters = {text.get_text(): text.xy for text in relief.texts if len(text.get_text()) == 3}
        reach = float(here.grid_x[-1])
        bounds = (-reach, reach), (-reach, reach), (float(here.loss.min()), float(here.loss.max()))
        space = Space(*bounds, azimuth=-20, elevation=42, tall=0.95)
        hessian = here.hessian.values / 2 * reach**2  # the height where an axis leaves the relief
        assert letters["$x$"] == pytest.approx(space.project(reach, 0.0, hessian[0, 0]), abs=1e-3)
        assert letters["$y$"] == pytest.approx(space.project(0.0, reach, hessian[1, 1]), abs=1e-3)
    one = [length / value for value, length in lengths.items()]
    np.testing.assert_allclose(one, one[0], err_msg="a bar is as long as its λ is large")
    assert len(one) > 1


def test_the_drawn_relief_curves_as_its_colours_say(recorded: Recorded) -> None:
    """On the screen: the middle of an orange curve lies under its chord, of a blue one over it."""
    fig, _ = drawn("stationary_points", recorded, "light")
    for column, signs in enumerate(SIGNS.values()):
        relief = fig.axes[2 * column]
        for each, sign in zip(
            [each for each in relief.get_lines() if len(each.get_xdata()) > 1], signs, strict=True
        ):
            height = each.get_ydata()
            assert np.sign(height[0] + height[-1] - 2 * height[len(height) // 2]) == sign


def test_the_films_words_and_keys_are_the_surfaces(recorded: Recorded) -> None:
    """Under each surface its own λ, each after a dot of its sign's colour, as its curve has."""
    from manim import ValueTracker

    from scenes.losses.stationary_points import MIDDLES, Directions, Panel
    from scenes.parts.marks import Key
    from scenes.parts.words import Words

    with staged("stationary_points", recorded) as found:
        hues = {1: theme.color("positive"), -1: theme.color("negative")}
        for kind, signs, middle in zip(SIGNS, SIGNS.values(), MIDDLES, strict=True):
            here = found.sel(surface=kind)
            panel = Panel(here, middle, *(ValueTracker(0) for _ in range(3)))
            assert [word.text for word in panel.still] == [kind]
            values = [v @ here.hessian.values @ v for v in here.eigenvector.values]
            values.sort(key=abs)
            keys = [part for part in panel.values if isinstance(part, Key)]
            words = [part for part in panel.values if isinstance(part, Words)]
            assert [word.text for word in words] == [f"λ = {number(float(v))}" for v in values]
            for key, word, value in zip(keys, words, values, strict=True):
                assert key.ink == hues[int(np.sign(value))]
                assert 0 < word.get_left()[0] - key.get_right()[0] < 0.5, "it stands before it"
            x, y = here.grid_x.values, here.grid_y.values
            low, rise = float(here.loss.min()), float(np.ptp(here.loss.values))
            (curves,) = (each.curves for each in panel.turning if isinstance(each, Directions))
            for (places, ink), sign, vector in zip(
                curves, signs, here.eigenvector.values, strict=True
            ):
                assert ink == hues[sign]
                np.testing.assert_allclose(places[:, :2], np.outer(x, vector))
                height = np.einsum("ni,ij,nj->n", places[:, :2], here.hessian, places[:, :2]) / 2
                np.testing.assert_allclose(places[:, 2], (height - low) / rise, atol=1e-9)
            assert len(x) == len(y)
    texts = film("stationary_points", recorded).texts["end"]
    assert set(SIGNS) <= set(texts)
    assert texts[texts.index("step") + 1] == str(found.sizes["step"] - 1)


def test_the_film_counts_what_has_arrived_and_left_by_its_step(recorded: Recorded) -> None:
    """At every step, from the paths alone; at the end it is what the recording counted."""
    from manim import ValueTracker

    from scenes.losses.stationary_points import Panel

    with staged("stationary_points", recorded) as found:
        clock, still = ValueTracker(0), ValueTracker(0)
        reach, last = float(found.grid_x[-1]), found.sizes["step"] - 1
        for kind in SIGNS:
            here = found.sel(surface=kind)
            panel = Panel(here, 0.0, still, clock, still)
            paths = here.theta.values[1:]
            for step in (0, 1, last // 2, last):
                clock.set_value(step)
                gone = (np.abs(paths[:, : step + 1]) > reach).any((1, 2))
                near = np.hypot(*paths[:, step].T) < found.attrs["near"]
                down = np.linalg.eigh(here.hessian.values)[1][:, 0]
                down *= np.sign(down[0])
                side = np.sign(paths[:, step] @ down)[gone]
                assert panel.count.text() == {
                    "minimum": f"{near.sum()} of {len(paths)} arrived",
                    "maximum": f"{gone.sum()} of {len(paths)} gone",
                    "saddle": f"{(side < 0).sum()} one way, {(side > 0).sum()} the other",
                }[kind]  # fmt: skip
            if kind == "maximum":
                assert gone.sum() == found.attrs["maximum_left"]
        assert gone.sum() > 0, "the saddle loses some"


def test_the_last_point_has_left_when_the_film_ends(record: Record) -> None:
    """With the film's own settings nothing is on its way at the end, so no word need excuse it."""
    full = registry.load("experiments", "stationary_points").settings
    changes = {name: getattr(full, name) for name in ("n_points", "n_steps", "lr")}
    found = record("stationary_points", **changes)
    within = (np.abs(found.theta.values[1:, 1:]) <= float(found.grid_x[-1])).all((2, 3))
    assert not within.any()
    attrs = found.attrs
    assert attrs["saddle_one"] + attrs["saddle_other"] == attrs["n_points"]


def test_points_of_the_film_vanish_where_they_leave(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.losses.stationary_points import EVERY, LEAVING, Swarm
    from scenes.parts.surfaces import Surface
    from simulate import recording

    found = recording.load(recorded("stationary_points"))
    here = found.sel(surface="maximum")
    clock = ValueTracker(0)
    with theme.use("dark"):
        x, y = here.grid_x.values, here.grid_y.values
        swarm = Swarm(here, Surface(x, y, 0 * here.loss.values, clock), clock, clock)
    places, left = swarm.at(3)
    np.testing.assert_allclose(places[~left, :2], here.theta.isel(step=3).values[~left])
    places, left = swarm.at(found.sizes["step"] - 1)
    assert not left[0]
    assert left.sum() == found.attrs["maximum_left"]
    np.testing.assert_allclose(np.abs(places[left, :2]).max(axis=1), 1)
    clock.set_value(found.sizes["step"] - 1)
    pen = Pen()
    swarm.paint(pen)  # type: ignore[arg-type]
    drawn_at = swarm.relief.seen(places)
    np.testing.assert_allclose(pen.dots, drawn_at[~left], err_msg="what left is gone")
    at = float(swarm.end[1]) + LEAVING / 2
    clock.set_value(at)
    pen = Pen()
    swarm.paint(pen)  # type: ignore[arg-type]
    rim = swarm.relief.seen(swarm.at(at)[0])[1]
    assert np.abs(np.array(pen.dots) - rim).max(1).min() < 1e-9, "it goes where it crosses the rim"
    clock.set_value(0)
    # each way goes through where its point was, and ends where it is
    here = found.sel(surface="saddle")
    with theme.use("dark"):
        relief = Surface(x, y, here.loss.values, ValueTracker(20))
        swarm = Swarm(here, relief, clock, clock)
    low, span = float(here.loss.min()), float(np.ptp(here.loss.values))
    ways = swarm.ways(9)
    for corner, step in ((0, 0), (1, EVERY), (-1, 9)):
        _, left = swarm.at(step)
        at = np.column_stack(
            [here.theta.isel(step=step), (here.height.isel(step=step) - low) / span]
        )
        np.testing.assert_allclose(ways[~left, corner], relief.seen(at)[~left])
    assert ways.shape[1] == 4
