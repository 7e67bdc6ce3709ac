"""A small network's curve while it learns the sine, then what it says where it saw no points."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeOut, Group, ValueTracker

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart, Curve
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

FIRST = 4, 0.3  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (50, 0.06), 2.4  # how many first steps, seconds for each; seconds for all others
WORDS = 2.5  # room that words take, in inputs
TALLEST = 1.9  # output at the axis's end: what goes beyond is cut off

READS = {
    "sine_fit": "curve (snapshot, x), target (x), point_x (example), "
    "point_y (example), snapshot (snapshot), x (x), hidden, n_train, only_seen, outcome, "
    "worst_inside",
}

DESCRIPTION = """\
Dots stand on one period of a sine in the middle of the frame; to both sides it is empty. A thick
green line, what a small network makes of each input, starts far from the dots and step by step
bends towards them until it runs through all of them. Then the question is what it says beyond the
dots, where two question marks stand. The line and the sine grow out to both sides together: they
part, the gap between them is filled in, and at each side it is written how far the line is off.
"""


class SineFit(fits.FitScene):
    poster_section = "outside"

    def construct(self):
        sine = self.recording("sine_fit")
        clock, opened = ValueTracker(0), ValueTracker(0)
        x = sine.x.values
        chart = Chart((0.2, -0.58), 12.4, 5.36, (x[0], x[-1]), (-TALLEST, TALLEST))
        curve = fits.Line(
            chart, x, fits.Between(sine.snapshot.values, sine.curve.values), clock,
            color="green", width=6.0,
        )  # fmt: skip
        seen = Band(chart, -np.pi, np.pi)
        whole = int(x[-1] / np.pi + 1e-9)
        gap = Gap(chart, x, sine.target.values, sine.curve.values[-1], np.pi, opened)
        sines = Curve(chart, x, sine.target.values, width=3.0)
        veil = Veil(chart, np.pi, opened)
        still = Group(
            fits.Grid(chart, []),
            chart.x_ticks((np.pi * np.arange(-whole, whole + 1)).tolist(), in_pi(whole)),
            chart.y_ticks([-1, 0, 1]),
            Formula("x", 34, "muted").move_to((chart.left + chart.width + 0.35, chart.bottom, 0)),
        )
        points = fits.Points(
            chart, sine.point_x.values, sine.point_y.values, radius=0.1, color="text"
        )

        name = Name(chart, "network", -np.pi / 2, 0.62, curve, clock)
        last = int(sine.snapshot.values[-1])
        steps = Number(
            lambda: say("step", step=int(clock.get_value() + 1e-9)), [clock],
            widest=say("step", step=last), align="right",
        )  # fmt: skip
        steps.move_to((*chart.point(0.94 * np.pi, -0.92 * TALLEST), 0), aligned_edge=RIGHT)
        (x_sine, _), top = chart.point(np.pi / 2, 1), chart.point(0, 1.16)[1]
        sides = self.sides(chart, x, sine.curve.values[-1], sine.target.values)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, seen, gap, sines, curve, veil, still, points, name, steps)
        self.add(Words("sin x", 34, "muted").on_baseline(x_sine, top, ORIGIN))
        self.play_steps(clock, min(FIRST[0], last), FIRST[1])
        self.learn(clock, last, SLOW, QUICK)

        self.next_section("beyond")
        guesses = [side for side, _, _ in sides]
        words = self.say(words, "beyond", also=[*guesses, *(where for _, where, _ in sides)])
        self.beat(1.4, "does it go on?")

        self.next_section("outside")
        # first the question marks go, then the lines grow
        self.play(
            opened.animate.set_value(1),
            *(FadeOut(each, rate_func=lambda t: min(1.0, 6 * t)) for each in guesses),
            run_time=2.6,
        )  # fmt: skip
        self.say(words, "outside", also=[off for _, _, off in sides])
        self.wait(1.5)

    def sides(self, chart, x, curve, target):
        """Return of each side beyond the points the question, what it lacks, how far it is off."""
        found, reach = [], float(np.abs(x).max())
        for sign, edge in ((-1, LEFT), (1, RIGHT)):
            beyond = sign * x > np.pi
            if not beyond.any():
                continue
            worst = np.abs(curve - target)[beyond].max()
            # words stand at the outer end, over both lines or under both, where there is more room
            outer = sign * x > reach - WORDS
            lines = np.clip(np.nan_to_num(np.stack([curve, target])[:, outer]), -TALLEST, TALLEST)
            above = TALLEST - lines.max() > lines.min() + TALLEST
            height = lines.max() + 0.25 if above else lines.min() - 0.95
            (at, low), (x_mark, y_mark) = (
                chart.point(sign * reach, height),
                chart.point(sign * (np.pi + reach) / 2, -0.55 if above else 0.55),
            )
            at -= sign * 0.12
            found.append((
                Words("?", 150, "muted").move_to((x_mark, y_mark, 0)),
                Words(say("nothing seen"), 34).on_baseline(at, low + 0.52, edge),
                Words(say("off", off=worst), 40, weight="semibold").on_baseline(at, low, edge),
            ))  # fmt: skip
        return found


def in_pi(whole):
    """Return how the multiples of π are written from −whole to whole: −2π, −π, 0, π, 2π."""
    named = {0: number(0), 1: "π", -1: "−π"}
    return [named.get(k, say("pi", k=k)) for k in range(-whole, whole + 1)]


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


class Veil(Painted):
    """What hides a chart beyond a range of its inputs, less and less as `opened` goes to 1."""

    def __init__(self, chart, edge, opened):
        super().__init__(chart.width, chart.height, reads=[opened])
        self.shift((*chart.center, 0))
        self.chart, self.edge, self.opened = chart, edge, opened
        self.ink = theme.color("background")

    def sides(self):
        """Return where what is hidden begins and ends, left and right, frame units."""
        reach = max(-self.chart.x[0], self.chart.x[1])
        shown = self.edge + self.opened.get_value() * (reach - self.edge)
        (left, _), (right, _) = self.chart.point(-shown, 0), self.chart.point(shown, 0)
        start, end = self.chart.left, self.chart.left + self.chart.width
        return (start, max(start, left)), (min(end, right), end)

    def paint(self, pen):
        """Cover both sides."""
        pen.color(self.ink)
        for start, end in self.sides():
            if end > start:  # a little more, for lines are as wide as a pen
                pen.rectangle(start - 0.05, self.chart.bottom - 0.1, end - start + 0.1,
                              self.chart.height + 0.2)  # fmt: skip
                pen.fill()


class Name(Painted):
    """The name of a line that moves: it stands still, and a leader follows the line."""

    def __init__(self, chart, text, x, y, line, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.line, self.x = chart, line, x
        at, height = chart.point(x, y)
        self.words = Words(text, 34).on_baseline(at, height, ORIGIN)
        self.add(self.words)
        self.foot = y - 0.06
        self.ink = theme.color("muted")

    def now(self):
        """Return where the leader meets the line, in data coordinates."""
        return self.x, float(np.interp(self.x, self.line.x, self.line.now()))

    def paint(self, pen):
        """Draw the leader."""
        x, y = self.now()
        if not y < self.foot:
            return
        pen.color(self.ink)
        pen.width(2.0)
        pen.polyline(self.chart.point([x, x], [self.foot, y]))
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
