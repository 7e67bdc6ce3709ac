"""No straight line does XOR; beside the best one, a small network’s boundary bends."""

from __future__ import annotations

import manim
import numpy as np
from manim import FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import LABEL, TICK, Formula, Words

PLACES, MIDDLE, SIDE = (-3.75, 3.25), -1.0, 4.5  # of the squares, in frame units
COUNT = 64  # size of the counts over them
REST = 45.0  # degrees: how the straight line lies at last, or the nearest that is as good
SLOW, QUICK = (24, 0.12), 0.8  # how many first steps, seconds for each; seconds for all others

READS = {
    "xor_boundary": "probability (snapshot, y, x), points (example, feature), label (example), "
    "point_probability (snapshot, example), snapshot (snapshot), "
    "line_angle (position_angle), line_offset (position_angle), line_right (position_angle), "
    "line_wrong (position_angle, example), line_best, x (x), y (y), hidden",
}

DESCRIPTION = """\
Four points stand at the corners of a square: two marked 1 at opposite corners, two marked 0. A
straight line turns through all angles, its sides tinted by what it says of them, blue for 0 and
orange for 1; a ring marks each point on its wrong side, and a large count says
how many are right. Under the count a line of steps grows, one height for each angle, which never
reaches the level of four. It comes to rest where it is best, with one ring left. Then the same
square stands beside it a second time, tinted by what a small network makes of it, with a line where
that is undecided. Step by step this line bends until it parts the two kinds; rings and a count over
it follow, while the straight line's count stands where it was.
"""


class XorBoundary(fits.FitScene):
    poster_section = "learning"

    def construct(self):
        xor = self.recording("xor_boundary")
        clock = ValueTracker(0)
        x, y = xor.x.values, xor.y.values
        charts = [Chart((at, MIDDLE), SIDE, SIDE, (x[0], x[-1]), (y[0], y[-1])) for at in PLACES]
        straight, bent = charts
        field = fits.Field(
            bent, x, y, fits.Between(xor.snapshot.values, xor.probability.values), clock,
            width=5.0,
        )  # fmt: skip
        marks, others = (four(chart, xor) for chart in charts)

        self.next_section("one line")
        words = self.headline("line")
        turn = ValueTracker(0)
        line = OneLine(straight, xor, turn)
        count, said = line.count()
        tried = Tried(line)
        self.add(words, line, *marks, count, said, tried, tried.words)
        self.play(*(each.animate.set_value(line.last) for each in (turn, tried.reached)),
                  run_time=4.0, rate_func=linear)  # fmt: skip
        self.play(turn.animate.set_value(line.rest), run_time=0.8)
        never = Words(say("at most"), LABEL, weight="semibold")
        never.on_baseline(said.get_right()[0] + 0.35, straight.center[1] + 0.35)
        self.play(FadeIn(never), run_time=0.3)
        self.beat(1.2, "one is left over")

        self.next_section("learning")
        gone = (count, said, never, tried, tried.words)
        self.play(*(FadeOut(part) for part in gone), run_time=0.3)
        best = say("of four", n=int(line.right[line.rest]))
        kept = named(straight, say("straight"), Words(best, COUNT, weight="semibold"))
        now = named(bent, say("bent"), learnt(xor, clock))
        rings = Rings(bent, xor, clock)
        words = self.say(words, "learning", also=[field, *others, rings, *kept, *now])
        self.learn(clock, int(xor.snapshot.values[-1]), SLOW, QUICK)
        self.wait(1.5)


def four(chart, xor):
    """Return the four points, their numbers and the axes of a chart."""
    across, up = xor.points.values.T
    points = fits.Points(chart, across, up, xor.label.values, radius=0.16, hollow=True)
    numbers = VGroup(
        *(
            Words(number(label), 40, weight="semibold").move_to((*beyond(chart, at), 0))
            for at, label in zip(xor.points.values, xor.label.values, strict=True)
        )
    )
    axes = VGroup(
        chart.x_ticks([0, 1]),
        chart.y_ticks([0, 1]),
        Formula(say("x1"), 34, "muted").move_to((chart.center[0], chart.bottom - 0.3, 0)),
        Formula(say("x2"), 34, "muted").move_to((chart.left - 0.3, chart.center[1], 0)),
    )
    return axes, points, numbers


def named(chart, name, count):
    """Return a chart's name and its count, over the chart."""
    right = (chart.left + chart.width, chart.top + 0.13, 0)
    return [
        Words(name, LABEL, "muted").on_baseline(chart.left, chart.top + 0.2),
        count.move_to(right, aligned_edge=manim.RIGHT + manim.DOWN),
    ]


def beyond(chart, at):
    """Return where a corner’s number stands: outside, off the lines between the points."""
    x, y = chart.point(*at)
    return x + 0.5 * np.sign(at[0] - 0.5), y + 0.5 * np.sign(at[1] - 0.5)


def counted(text, reads, words, chart):
    """Return a large count beside a chart, and what it counts under it."""
    x, y = chart.left + chart.width + 0.9, chart.center[1]
    number = Number(text, reads, size=120, weight="semibold", widest="4 of 4")
    return [
        number.move_to((x, y + 0.95, 0), aligned_edge=manim.LEFT + manim.DOWN),
        Words(words, LABEL, "muted").on_baseline(x, y + 0.35),
    ]


def right_of(xor):
    """Return which points the network has on the right side, at any step the latest recorded."""
    right = (xor.point_probability.values > 0.5) == (xor.label.values == 1)
    return fits.Latest(xor.snapshot.values, right)


def learnt(xor, clock):
    """Return how many points the network has on the right side at the clock's step."""
    right = right_of(xor)
    return Number(
        lambda: say("of four", n=int(right(clock.get_value()).sum())), [clock], size=COUNT,
        weight="semibold", widest="4 of 4", align="right",
    )  # fmt: skip


def ring(pen, places):
    """Draw a ring around each point that is on the wrong side."""
    pen.color(theme.color("vermillion"))
    pen.width(5.0)
    for x, y in places.tolist():
        pen.circle(x, y, 0.34)
        pen.stroke()


class Rings(Painted):
    """A ring around each point that the network has on the wrong side at the clock's step."""

    def __init__(self, chart, xor, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.right = clock, right_of(xor)
        self.places = chart.point(*xor.points.values.T)

    def paint(self, pen):
        """Draw the rings."""
        ring(pen, self.places[self.right(self.clock.get_value()) == 0])


class Tried(Painted):
    """How many points the line gets right at each angle reached, under the level of all of them."""

    def __init__(self, line):
        self.line, self.reached, self.most = line, ValueTracker(0), len(line.label)
        self.left, self.long, self.unit, self.bottom = -0.6, 7.2, 0.42, line.chart.bottom
        super().__init__(self.long, self.most * self.unit, reads=[line.turn, self.reached])
        self.move_to((self.left + self.long / 2, self.bottom + self.most * self.unit / 2, 0))
        self.quiet, self.grey, self.ink = (theme.color(ink) for ink in ("quiet", "muted", "text"))
        self.words = VGroup(
            *(
                Words(number(n), TICK, "muted").on_baseline(
                    self.left - 0.15, self.level(n) - 0.1, manim.RIGHT)
                for n in range(self.most + 1)
            ),
            *(
                Words(say("angle", angle=line.angle[k]), TICK, "muted").on_baseline(
                    self.across(k), self.bottom - 0.45, side)
                for k, side in ((0, manim.LEFT), (line.last, manim.RIGHT))
            ),
        )  # fmt: skip

    def level(self, n):
        """Return how high a count stands."""
        return self.bottom + self.unit * n

    def across(self, turn):
        """Return where an angle stands."""
        return self.left + self.long * turn / self.line.last

    def path(self):
        """Return the corners of the steps as far as the line has been, shape (corner, 2)."""
        at = np.arange(round(self.reached.get_value()) + 1)
        edges = np.clip(np.stack([at - 0.5, at + 0.5], axis=1), 0, self.line.last)
        heights = np.repeat(self.level(self.line.right[at]), 2)
        return np.column_stack([self.across(edges.ravel()), heights])

    def paint(self, pen):
        """Draw the level of all, the steps, and where the line is now."""
        pen.color(self.quiet)
        pen.width(2.0)
        for n in (0, self.most):
            pen.polyline(np.array([[self.left, self.level(n)],
                                   [self.left + self.long, self.level(n)]]))  # fmt: skip
        pen.stroke()
        steps = self.path()
        pen.color(self.grey, 0.35)
        feet = np.column_stack([steps[[-1, 0], 0], np.full(2, self.bottom)])
        pen.polyline(np.vstack([steps, feet]), close=True)
        pen.fill()
        pen.color(self.ink)
        pen.width(4.0)
        pen.polyline(steps)
        pen.stroke()
        k = self.line.at()
        pen.disc((self.across(k), self.level(self.line.right[k])), 0.12, self.ink, self.grey)


class OneLine(Painted):
    """The best straight line at every angle, and a ring around each point on its wrong side."""

    def __init__(self, chart, xor, turn):
        super().__init__(chart.width, chart.height, reads=[turn])
        self.shift((*chart.center, 0))
        self.chart, self.turn = chart, turn
        self.angle, self.offset = xor.line_angle.values, xor.line_offset.values
        self.right, self.wrong = xor.line_right.values, xor.line_wrong.values.astype(bool)
        self.places = chart.point(*xor.points.values.T)
        self.last = len(self.angle) - 1
        most = np.flatnonzero(self.right == xor.attrs["line_best"])
        self.rest = int(most[np.abs(self.angle[most] - REST).argmin()])
        self.label, self.corners = xor.label.values, xor.points.values
        self.sides = [fits.palette()[k] / 255 for k in (0, -1)]  # of what is called 0, and 1
        self.ink = theme.color("text")

    def at(self):
        """Return which of the recorded angles it stands at."""
        return int(np.clip(round(self.turn.get_value()), 0, self.last))

    def says(self):
        """Return what the line says of its far side: of points there, what is not wrong."""
        k = self.at()
        turn = np.radians(self.angle[k])
        beyond = self.corners @ np.array([np.cos(turn), np.sin(turn)]) > self.offset[k]
        said = np.where(self.wrong[k], 1 - self.label, self.label)
        return int(said[beyond][0]) if beyond.any() else 1 - int(said[0])

    def count(self):
        """Return how many points the line gets right now."""
        return counted(
            lambda: say("of four", n=int(self.right[self.at()])), [self.turn],
            say("at this angle"), self.chart,
        )  # fmt: skip

    def paint(self, pen):
        """Draw the two sides, the line through the whole field, then the rings."""
        k = self.at()
        turn = np.radians(self.angle[k])
        normal = np.array([np.cos(turn), np.sin(turn)])
        along = np.array([-normal[1], normal[0]])
        ends = self.offset[k] * normal + np.array([[-3.0], [3.0]]) * along
        context = pen.context
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        beyond, far = self.says(), 3.0 * normal
        for side, says in ((far, beyond), (-far, 1 - beyond)):
            pen.color(self.sides[says])
            pen.polyline(self.chart.point(*np.vstack([ends, ends[::-1] + side]).T), close=True)
            pen.fill()
        pen.color(self.ink)
        pen.width(4.0)
        pen.polyline(self.chart.point(*ends.T))
        pen.stroke()
        context.restore()
        ring(pen, self.places[self.wrong[k]])
