"""Logistic regression's boundary while it is learnt: it turns, moves, and stays straight."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, FadeIn, Group, ValueTracker

from look import theme
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

FIRST = 2, 0.7  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (18, 0.2), 2.6  # the next ones; seconds for all others

READS = {
    "logistic_boundary": "theta (step, param), middle (feature), spread (feature), "
    "probability (snapshot, y, x), flowers (example, feature), label (example), "
    "snapshot (snapshot), x (x), y (y), class_0, class_1, n_train, n_steps",
}

DESCRIPTION = """\
Flowers of two species by the length and the width of their petals fill the frame: blue discs and
orange squares. The plane behind them is tinted by the probability that logistic regression gives to
the second one, with a straight line where it is one half; rings mark the flowers on the wrong side,
and a number counts those on the right one. Step by step the line turns and moves in between the two
kinds, rings vanish and the tint around it grows sharper. The line never bends; at the end its
equation stands beside it.
"""


class LogisticBoundary(fits.FitScene):
    poster_section = "end"

    def construct(self):
        recorded = self.recording("logistic_boundary")
        clock = ValueTracker(0)
        x, y = recorded.x.values, recorded.y.values
        length, width = recorded.flowers.values.T
        chart = Chart((-2.0, -0.85), 8.2, 4.9, (x[0], x[-1]), (y[0], y[-1]))
        field = fits.Field(
            chart, x, y, fits.Between(recorded.snapshot.values, recorded.probability.values),
            clock, width=5.0,
        )  # fmt: skip
        points = fits.Points(chart, length, width, recorded.label.values, radius=0.1)
        sides = Sides(chart, recorded, clock)
        right = chart.left + chart.width + 0.4
        still = Group(
            chart.x_ticks(fits.round_ticks(*chart.x)),
            chart.y_ticks(fits.round_ticks(*chart.y)),
            Words("petal width, cm", 34, "muted").on_baseline(chart.left, chart.top + 0.22),
            Words("petal length, cm", 34, "muted").on_baseline(right, chart.bottom - 0.36),
        )
        names = [
            Words(recorded.attrs[f"class_{k}"], 34, weight="semibold").on_baseline(*at, side)
            for k, at, side in (
                (0, (chart.left + 0.25, chart.bottom + 2.3), LEFT),
                (1, (chart.left + chart.width - 1.2, chart.top - 0.45), ORIGIN),
            )
        ]
        count = Number(sides.count, [clock], size=64, weight="semibold", widest="00")
        count.move_to((right, 0.55, 0), aligned_edge=LEFT)
        beside = Words(say("of all"), 34, "muted").on_baseline(right, -0.2)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, still, points)
        self.play(FadeIn(field), run_time=0.5)
        self.add(still, points, sides, *names, count, beside)
        self.play_steps(clock, min(FIRST[0], recorded.sizes["step"] - 1), FIRST[1])

        self.next_section("learning")
        words = self.say(words, "learning")
        self.learn(clock, recorded.sizes["step"] - 1, SLOW, QUICK)

        self.next_section("end")
        equation = Formula(say("equation"), 40).move_to((right, 1.75, 0), aligned_edge=LEFT)
        self.say(words, "learning 2", also=[equation])
        self.wait(1.5)


class Sides(Painted):
    """A ring around each flower on the wrong side of the line as it is now."""

    def __init__(self, chart, recorded, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        flowers = recorded.flowers.values
        self.places = chart.point(*flowers.T)
        self.inputs = (flowers - recorded.middle.values) / recorded.spread.values
        self.theta = fits.Between(np.arange(recorded.sizes["step"]), recorded.theta.values)
        self.label, self.clock = recorded.label.values, clock
        self.ink = theme.color("vermillion")

    def wrong(self):
        """Return which flowers are on the wrong side, shape (example,)."""
        theta = self.theta(self.clock.get_value())
        return (self.inputs @ theta[:2] + theta[2] > 0) != (self.label == 1)

    def count(self):
        """Write how many are on the right one."""
        return say("count", n=int((~self.wrong()).sum()))

    def paint(self, pen):
        """Draw the rings."""
        pen.color(self.ink)
        pen.width(4.0)
        for x, y in self.places[self.wrong()].tolist():
            pen.circle(x, y, 0.19)
            pen.stroke()
