"""What chapters share: places on charts, where a path leaves, what a network's edges say."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from manim import ValueTracker

from look import theme
from scenes import render
from scenes.parts.charts import Chart, Trail
from scenes.parts.networks import Layer, Network
from scenes.parts.paint import rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene


@pytest.fixture(autouse=True)
def stage():
    with render.stage(render.Job(module="", recordings={})):
        yield


CHART = {"center": (1.0, -0.5), "width": 4.0, "height": 2.0, "x": (0.0, 10.0), "y": (-1.0, 1.0)}


def test_a_chart_maps_data_to_its_box():
    chart = Chart(**CHART)
    np.testing.assert_allclose(
        chart.point([0, 5, 10], [-1, 0, 1]), [[-1, -1.5], [1, -0.5], [3, 0.5]]
    )
    logarithmic = Chart(**(CHART | {"y": (0.01, 1.0)}), log_y=True)
    assert logarithmic.point(0, 0.1)[1] == pytest.approx(-0.5)


def test_ticks_stand_at_their_values():
    chart = Chart(**CHART)
    below, beside = chart.x_ticks([0, 10]), chart.y_ticks([-1, 1])
    assert [word.text for word in (*below, *beside)] == ["0", "10", "−1", "1"]
    np.testing.assert_allclose([word.get_x() for word in below], [-1, 3], atol=0.05)
    assert all(word.get_top()[1] < chart.bottom for word in below)
    assert all(word.get_right()[0] < chart.left for word in beside)


def test_a_path_ends_where_it_leaves_the_box():
    chart, clock = Chart(**CHART), ValueTracker(0)
    points = np.array([[5.0, 0.0], [5.0, 0.5], [5.0, 2.5], [np.inf, np.nan]])
    trail = Trail(chart, points, clock, color="blue")
    assert trail.end == pytest.approx(1.25)  # a quarter of the way from 0.5 to 2.5 is the edge, 1
    assert chart.inside(trail.at(trail.end))
    inside = Trail(chart, points[:2], clock, color="blue")
    assert inside.end == np.inf


def test_positions_are_linear_between_recorded_steps():
    trail = Trail(Chart(**CHART), np.array([[0.0, 0], [4, 1]]), ValueTracker(0), color="sky")
    np.testing.assert_allclose(trail.at(0.25), Chart(**CHART).point(1.0, 0.25))


def test_edges_have_the_colour_of_their_sign_and_the_width_of_their_size():
    layers = [Layer(0, np.zeros(1), np.zeros(1)), Layer(1, np.arange(3), np.zeros(3))]
    starts = np.repeat(layers[0].points, 3, axis=0)
    gap = (starts, layers[1].points, np.array([2.0, -1.0, 0.001]))
    network = Network(layers, [gap], ValueTracker(1), faintest=0.01)
    (edges,) = network.edges
    assert len(edges.widths) == 2  # the third contributes next to nothing
    np.testing.assert_allclose(
        edges.colors[:, :3], [rgb(theme.color("negative")), rgb(theme.color("positive"))]
    )
    assert edges.widths[0] < edges.widths[1]  # the strong one is drawn last, on top


def test_one_headline_goes_before_the_next_comes() -> None:
    """Recompute both opacities over the change: never both are seen."""
    from manim import VGroup

    seen: list[tuple[float, float]] = []

    class Plain(RecordedScene):
        recordings: ClassVar = {}

        def headline(self, name: str, **_: object) -> VGroup:
            return VGroup(Words(name, 38))

        def play(self, *animations: Any, run_time: float) -> None:
            out, into = animations
            for share in np.linspace(0, 1, 101):
                seen.append((1 - out.rate_func(share), into.rate_func(share)))
            assert out.rate_func(0.15 / run_time) == pytest.approx(1)

    with render.stage(render.Job(module="", recordings={})):
        scene = Plain(render.Job(module="", recordings={}), render._Nothing())
        scene.say(VGroup(Words("one", 38)), "two")
    assert seen[0] == (1, 0)
    assert seen[-1] == (0, 1)
    assert max(min(pair) for pair in seen) < 1e-6
