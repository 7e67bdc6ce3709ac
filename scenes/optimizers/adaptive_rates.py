"""Two optimizers on one map, and beside it the rate at which each steps in each parameter."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeIn, ValueTracker

from look import theme
from look.numbers import number
from look.runs import runs
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.marks import Key, Star
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "adaptive_rates": "theta (run, step_place, param), loss (run, step_place), "
    "rate (run, step, param), height (y, x), grid_x (x), grid_y (y), minimum (param), run (run), "
    "recover, risen",
}

DESCRIPTION = """\
Left, a contour map with a steep wall above and a flat valley below, two points at the same start on
the wall. Right, a chart of rates with a logarithmic axis. The points go down, step by step; on the
right four curves grow: Adagrad's two sink a little and then stay level for good, RMSProp's two
start far below, sink, and then climb, when the valley is flat, high above Adagrad's. Under the
chart the two losses; the headline says what became of the rates.
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
        self.add(words, *ground, *paths)
        self.play(*(FadeIn(part) for part in (*still, *curves)), run_time=0.6)
        self.wait(1.0)

        self.next_section("run")
        words = self.say(words, "run")
        self.play_steps(clock, n_steps, 8.0 / n_steps)

        self.next_section("end")
        self.say(words, "end")
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
    rates, n_steps = recorded.rate.values, recorded.sizes["step"]
    low, high = float(rates.min()) / 1.4, float(rates.max()) * 1.4
    chart = Chart((3.55, -0.35), 5.9, 3.7, (0, n_steps), (low, high), log_y=True)
    powers = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    still: list = [Curve(chart, np.array(chart.x), np.full(2, at), "quiet", 1.5) for at in powers]
    for at in powers:
        label = Words(number(float(at)), 28, "muted")
        y = float(chart.point(0, at)[1])
        still.append(label.move_to((chart.left - 0.15 - label.width / 2, y, 0)))
    still.append(Words("rate of a parameter", 34, "muted").on_baseline(chart.left, 1.85))
    moving: list = []
    for i, run in enumerate(both):
        for k, dash in enumerate(((), (9, 7))):
            moving.append(Growing(chart, run.rate.values[:, k], clock, run.color, dash))
        y = -2.85 - 0.65 * i
        losses = run.data.loss.values

        def now(losses=losses):
            return say("loss now", loss=losses[min(int(clock.get_value() + 1e-9), n_steps)])

        loss = Number(now, [clock], size=34, widest="loss 0.00000")
        loss.move_to((chart.left + 2.6, y, 0), aligned_edge=LEFT + DOWN)
        moving.append(loss)
        still += [
            Key(run.color).move_to((chart.left + 0.11, y + 0.12, 0)),
            Words(run.label, 34, weight="semibold").on_baseline(chart.left + 0.35, y),
        ]
    return still, moving


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
