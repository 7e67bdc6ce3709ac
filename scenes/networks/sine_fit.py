"""A small network's curve while it learns the sine, beside its loss on the same clock."""

from __future__ import annotations

import numpy as np
from manim import Group, ValueTracker

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Curve
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

FIRST = 4, 0.3  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (50, 0.07), 4.0  # how many first steps, seconds for each; seconds for all others
TALLEST = 2.1  # output at the axis's end: what goes beyond is cut off

READS = {
    "sine_fit": "curve (snapshot, x), target (x), loss (step), point_x (example), "
    "point_y (example), step (step), snapshot (snapshot), x (x), activation, hidden, lr, n_steps, "
    "n_train, outcome, where, worst_inside, worst_outside",
}

DESCRIPTION = """\
Dots stand on one period of a sine, whose thin curve goes on to both sides. A thick green line,
what a small network makes of each input, starts far from the dots. Step by step it bends towards
them, while on the right the mean squared error falls by orders of magnitude on the same clock. At
the end the gap between line and sine is filled in to both sides, where there were no dots.
"""


class SineFit(fits.FitScene):
    def construct(self):
        sine = self.recording("sine_fit")
        clock = ValueTracker(0)
        x = sine.x.values
        chart = fits.fit_chart((x[0], x[-1]), (-TALLEST, TALLEST))
        curve = fits.Line(
            chart, x, fits.Between(sine.snapshot.values, sine.curve.values), clock, color="green"
        )
        seen = Band(chart, -np.pi, np.pi)
        whole = int(x[-1] / np.pi + 1e-9)
        still = Group(
            fits.Grid(chart, []),
            Curve(chart, x, sine.target.values, width=2.0),
            chart.x_ticks((np.pi * np.arange(-whole, whole + 1)).tolist(), in_pi(whole)),
            *key(chart),
            chart.y_ticks([-2, -1, 0, 1, 2]),
            Formula("x", 34, "muted").move_to((chart.center[0], chart.bottom - 0.72, 0)),
        )
        points = fits.Points(
            chart, sine.point_x.values, sine.point_y.values, radius=0.07, color="text"
        )
        loss = fits.LossChart(sine.step.values, sine.loss.values, clock, "mean squared error")

        self.next_section("start")
        words = self.headline("start")
        self.add(words, seen, still, curve, points, *loss.parts)
        self.play_steps(clock, min(FIRST[0], sine.sizes["step"] - 1), FIRST[1])

        self.next_section("learning")
        words = self.say(words, "learning")
        words = self.learn(words, clock, sine.sizes["step"] - 1, SLOW, QUICK)

        self.next_section("outside")
        filled = ValueTracker(0)
        gap = Gap(chart, x, sine.target.values, sine.curve.values[-1], np.pi, filled)
        self.bring_to_back(gap, seen)
        words = self.say(words, "outside")
        self.play(filled.animate.set_value(1), run_time=2.2)
        self.wait(1.5)


def in_pi(whole):
    """Return how the multiples of π are written from −whole to whole: −2π, −π, 0, π, 2π."""
    named = {0: number(0), 1: "π", -1: "−π"}
    return [named.get(k, say("pi", k=k)) for k in range(-whole, whole + 1)]


def key(chart):
    """Return the names of the two lines, each behind a piece of it, above the chart."""
    y = chart.bottom + chart.height + 0.2
    found, x = [], chart.left
    for name, color, width in (("network", "green", 4.0), ("sin x", "muted", 2.0)):
        sample = Sample(color, width).move_to((x + 0.16, y + 0.07, 0))
        words = Words(name, 34, "muted").on_baseline(x + 0.44, y)
        found += [sample, words]
        x = words.get_right()[0] + 0.45
    return found


class Gap(Painted):
    """What lies between two curves, from the edges of a range outwards as `filled` goes to 1."""

    def __init__(self, chart, x, one, other, edge, filled):
        super().__init__(chart.width, chart.height, reads=[filled])
        self.shift((*chart.center, 0))
        self.chart, self.x, self.edge, self.filled = chart, np.asarray(x), edge, filled
        self.curves = [np.clip(np.nan_to_num(each), -TALLEST, TALLEST) for each in (one, other)]
        self.ink = theme.color("vermillion")

    def sides(self):
        """Return the two regions so far as corners in data coordinates, shape (n, 2)."""
        reach = self.edge + self.filled.get_value() * (np.abs(self.x).max() - self.edge)
        found = []
        for sign in (-1, 1):
            inside = (sign * self.x >= self.edge) & (sign * self.x <= reach)
            x = self.x[inside]
            one, other = (curve[inside] for curve in self.curves)
            found.append(np.concatenate([np.stack([x, one], 1), np.stack([x, other], 1)[::-1]]))
        return found

    def paint(self, pen):
        """Fill them."""
        for corners in self.sides():
            if len(corners) > 3:
                pen.polyline(self.chart.point(*corners.T), close=True)
                pen.color(self.ink, 0.45)
                pen.fill()


class Sample(Painted):
    """A short piece of a line."""

    def __init__(self, color, thickness):
        super().__init__(0.32, 0.1)
        self.ink, self.thickness = theme.color(color), thickness

    def paint(self, pen):
        """Draw it."""
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.polyline(np.array([[left, bottom + height / 2], [left + width, bottom + height / 2]]))
        pen.stroke()


class Band(Painted):
    """The range of inputs that the network has seen."""

    def __init__(self, chart, left, right):
        (a, _), (b, _) = chart.point(left, 0), chart.point(right, 0)
        super().__init__(b - a, chart.height)
        self.move_to(((a + b) / 2, chart.center[1], 0))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        """Fill it."""
        pen.rectangle(*self.box)
        pen.color(self.ink, 0.4)
        pen.fill()
