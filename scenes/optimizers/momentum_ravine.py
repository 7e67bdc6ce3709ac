"""Three momenta race along a ravine; then momentum averages the gradients of single examples."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeIn, FadeOut, ValueTracker

from look import theme
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.marks import Key, Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "momentum_ravine": "theta (run, step, param), momentum (run), arrived (run), "
    "noisy_gradient (step_noisy), average (step_noisy), height (y, x), grid_x (x), grid_y (y), "
    "run (run), step_noisy (step_noisy), average_spread, averages, critical_momentum, damping, "
    "in_order, lr, n_steps, n_there, single_spread",
}

DESCRIPTION = """\
Three copies of one narrow ravine above each other, a ring at the same start in each and a star at
the minimum. Three points set off at one pace. The upper one, without momentum, zigzags across the
ravine and then creeps. The middle one bends into the floor and is there first. The lower one, with
too much momentum, flies past the star, back, and past it again. Beside each stands when it arrived
to stay. Then dots scatter over a chart, one a step: gradients of single examples. A calm line
grows through them: momentum's average.
"""

WIDE = 8.2  # of a ravine, in frame units
LEFT_EDGE, TOP = -6.6, 2.2


class MomentumRavine(RecordedScene):
    def construct(self):
        recorded = self.recording("momentum_ravine")
        clock = ValueTracker(0)
        still, moving = [], []
        for i, name in enumerate(recorded.run.values.tolist()):
            here, there = ravine(recorded, name, i, clock)
            still += here
            moving += there
        n_steps = recorded.sizes["step"] - 1

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *still, *moving)
        self.wait(0.6)

        self.next_section("race")
        self.play_steps(clock, n_steps, 6.4 / n_steps)
        words = self.say(words, "race")
        self.wait(1.2)

        self.next_section("noise")
        self.say(words, "end")
        noisy = ValueTracker(0)
        chart, scatter = noise(recorded, noisy)
        self.play(*(FadeOut(part) for part in (*still, *moving)), run_time=0.2)
        self.play(*(FadeIn(part) for part in (*chart, scatter)), run_time=0.3)
        last = recorded.sizes["step_noisy"]
        self.play_steps(noisy, last, 5.0 / last)

        self.wait(1.5)


def ravine(recorded, name, place, clock):
    """Return a ravine with its words, and its path and counter."""
    x, y, heights = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
    tall = WIDE * (y[-1] - y[0]) / (x[-1] - x[0])  # equal axes
    middle = TOP - tall / 2 - place * (tall + 0.12)
    chart = Chart((LEFT_EDGE + WIDE / 2, middle), WIDE, tall, (x[0], x[-1]), (y[0], y[-1]))
    low, high = float(heights.min()), float(np.quantile(heights, 0.99))
    levels = low + (high - low) * np.linspace(0, 1, 10)[1:] ** 2
    run, shown = recorded.sel(run=name), series(name)
    right = LEFT_EDGE + WIDE + 0.35
    key = Key(shown.color).move_to((right + 0.11, middle + 0.37, 0))
    label = say("strip", label=shown.label, mu=float(run.momentum))
    arrived, n_steps = int(run.arrived), recorded.sizes["step"] - 1

    def told():
        now = int(clock.get_value() + 1e-9)
        if now >= n_steps or 0 <= arrived <= now:
            return say("arrived", step=arrived, late=arrived < 0)
        return ""

    widest = say("arrived", step=n_steps, late=True)
    counter = Number(told, [clock], size=34, widest=widest)
    counter.move_to((right, middle - 0.5, 0), aligned_edge=LEFT + DOWN)
    still = [
        Contours(chart, x, y, heights, levels),
        Star(chart.point(0.0, 0.0)),
        key,
        Words(label, 34, weight="semibold").on_baseline(right + 0.35, middle + 0.25),
    ]
    trail = Trail(
        chart, run.theta.values, clock, color=shown.token, width=3.5, radius=0.12, dots=True
    )
    return still, [trail, counter]


def noise(recorded, clock):
    """Return the chart of the noisy gradients, and the dots and the line in it."""
    steps, gradient = recorded.step_noisy.values, recorded.noisy_gradient.values
    reach = float(np.abs(gradient).max()) * 1.05
    chart = Chart((0, -0.75), 13.2, 5.2, (0, steps[-1]), (-reach, reach))
    zero = Curve(chart, np.array([0, steps[-1]]), np.zeros(2), "quiet", 2)
    whole = [value for value in (-4, 0, 4) if abs(value) < reach]
    parts = [
        zero,
        chart.y_ticks(whole),
        Words("gradient along the floor", 34, "muted").on_baseline(chart.left + 0.3, 1.85),
        Words("step", 34, "muted").on_baseline(chart.left + 12.4, chart.bottom + 0.15),
    ]
    return parts, Scatter(chart, recorded, clock)


class Scatter(Painted):
    """Single gradients as dots and momentum's average as a line, as far as the clock has come."""

    def __init__(self, chart, recorded, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock = clock
        steps = recorded.step_noisy.values
        self.single = chart.point(steps, recorded.noisy_gradient.values)
        self.line = chart.point(steps, recorded.average.values)
        self.dot, self.halo = theme.color("muted"), theme.color("background")
        self.ink = theme.color(series("much").token)

    def paint(self, pen):
        """Draw both."""
        now = self.clock.get_value()
        count = min(int(now + 1e-9), len(self.single))
        pen.color(self.dot, 0.75)
        for x, y in self.single[:count].tolist():
            pen.circle(x, y, 0.05)
            pen.fill()
        if count == 0:
            return
        head = between(self.line, now - 1)
        way = np.vstack([self.line[:count], head])
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 8.0), (self.ink, 5.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(way)
            pen.stroke()
        pen.disc(head, 0.12, self.ink, self.halo)
