"""Two optimizers on one map, and beside it the rate at which each steps in each parameter."""

from __future__ import annotations

import numpy as np
from manim import ValueTracker

from look import theme
from look.numbers import number
from look.runs import runs
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.marks import Key, Star
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "adaptive_rates": "theta (run, step_place, param), "
    "rate (run, step, param), height (y, x), grid_x (x), grid_y (y), minimum (param), run (run), "
    "recover",
}

DESCRIPTION = """\
Left, a contour map with a steep wall above and a flat valley below, two points at the same start on
the wall. Right, a chart of rates with a logarithmic axis. The points go down, step by step; on the
right four curves grow: Adagrad's two sink a little and then stay level for good, RMSProp's two
start far below, sink, and then climb, when the valley is flat, high above Adagrad's. At last each
curve's end says how many times its lowest it is.
"""


class AdaptiveRates(RecordedScene):
    def construct(self):
        recorded = self.recording("adaptive_rates")
        both = list(runs(recorded))
        n_steps = recorded.sizes["step"]
        clock = ValueTracker(0)
        ground, paths = plan(recorded, both, clock)
        still, curves = chart_of_rates(recorded, both, clock)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *ground, *paths, *still, *curves)
        self.wait(0.6)

        self.next_section("run")
        self.play_steps(clock, n_steps, 8.5 / n_steps)

        self.next_section("end")
        self.say(words, "end", also=risen(recorded, both))
        self.wait(1.6)


def plan(recorded, both, clock):
    """Return the map, and the paths on it."""
    x, y, heights = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
    side = 5.4
    chart = Chart((-3.9, -0.75), side, side, (x[0], x[-1]), (y[0], y[-1]))
    low, high = float(heights.min()), float(np.quantile(heights, 0.98))
    levels = low + (high - low) * np.linspace(0, 1, 15)[1:] ** 4
    ground = [Contours(chart, x, y, heights, levels), Star(chart.point(*recorded.minimum.values))]
    paths = [
        Trail(chart, run.theta.values, clock, color=run.color, width=4, radius=0.13) for run in both
    ]
    return ground, paths


def chart_of_rates(recorded, both, clock):
    """Return what stands in the chart of the rates, and what grows."""
    chart = chart_of(recorded)
    powers = 10.0 ** np.arange(np.ceil(chart.y[0]), np.floor(chart.y[1]) + 1)
    still: list = [Curve(chart, np.array(chart.x), np.full(2, at), "quiet", 1.5) for at in powers]
    for at in powers:
        label = Words(number(float(at)), 28, "muted")
        y = float(chart.point(0, at)[1])
        still.append(label.move_to((chart.left - 0.15 - label.width / 2, y, 0)))
    still.append(Words(say("film axis"), 34, "muted").on_baseline(chart.left, 1.85))
    moving: list = []
    for i, run in enumerate(both):
        for k, dash in enumerate(((), (9, 7))):
            moving.append(Growing(chart, run.rate.values[:, k], clock, run.color, dash))
        left = chart.left + 2.5 * i
        still += [
            Key(run.color).move_to((left + 0.11, -3.3, 0)),
            Words(run.label, 34, weight="semibold").on_baseline(left + 0.35, -3.42),
        ]
    return still, moving


def chart_of(recorded):
    """Return the chart of the rates, all of them on one logarithmic axis."""
    rates = recorded.rate.values
    low, high = float(rates.min()) / 1.4, float(rates.max()) * 1.4
    wide = (0, recorded.sizes["step"])
    return Chart((3.1, -0.62), 5.0, 4.4, wide, (low, high), log_y=True)


def risen(recorded, both):
    """Return, at the ends of a method's curves, how many times its lowest each rate is at last."""
    chart, n_steps = chart_of(recorded), recorded.sizes["step"]
    rates = sorted((rate for run in both for rate in run.rate.values.T), key=lambda rate: -rate[-1])
    texts, above = [], np.inf
    for rate in rates:
        above = min(above - 0.5, float(chart.point(n_steps, rate[-1])[1]))  # none on another
        text = Words(say("times", times=rate[-1] / rate.min()), 34)
        texts.append(text.on_baseline(chart.left + chart.width + 0.2, above - 0.12))
    return texts


class Growing(Painted):
    """A rate as far as the clock has come: that of step t stands at t."""

    def __init__(self, chart, rate, clock, color, dash):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.dash, self.ink = clock, dash, color
        self.places = chart.point(np.arange(1, len(rate) + 1), rate)
        self.halo = theme.color("background")

    def paint(self, pen):
        """Draw the curve and its head."""
        now = self.clock.get_value() - 1
        if now < 0:
            return
        head = between(self.places, now)
        pen.color(self.ink)
        pen.width(4.5)
        pen.context.set_line_join(1)
        pen.context.set_dash([each / PIXELS_PER_UNIT for each in self.dash])
        pen.polyline(np.vstack([self.places[: int(now) + 1], head]))
        pen.stroke()
        pen.context.set_dash([])
        pen.disc(head, 0.12, self.ink, self.halo)
