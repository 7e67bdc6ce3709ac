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
from scenes.parts.words import LABEL, Formula, Words

PLACES, MIDDLE, SIDE = (-3.75, 3.25), -1.0, 4.5  # of the squares, in frame units
COUNT = 64  # size of the counts over them
REST = 45.0  # degrees: how the straight line lies at last, or the nearest that is as good
SLOW, QUICK = (60, 0.055), 1.2  # how many first steps, seconds for each; seconds for all others

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
how many are right. It comes to rest where it is best, with one ring left. Then the same square
stands beside it a second time, tinted by what a small network makes of it, with a line where that
is undecided. Step by step this line bends until it parts the two kinds, and a count over it
follows, while the straight line's count stands where it was.
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
        self.add(words, line, *marks, count, said)
        self.play(turn.animate.set_value(line.last), run_time=4.0, rate_func=linear)
        self.play(turn.animate.set_value(line.rest), run_time=0.8)
        never = Words(say("at most"), LABEL, weight="semibold")
        never.on_baseline(said.get_left()[0], said.get_bottom()[1] - 0.55)
        self.play(FadeIn(never), run_time=0.3)
        self.beat(1.2, "one is left over")

        self.next_section("learning")
        self.play(*(FadeOut(part) for part in (count, said, never)), run_time=0.3)
        best = say("of four", n=int(line.right[line.rest]))
        kept = named(straight, say("straight"), Words(best, COUNT, weight="semibold"))
        now = named(bent, say("bent"), learnt(xor, clock))
        words = self.say(words, "learning", also=[field, *others, *kept, *now])
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
        number.move_to((x, y + 0.25, 0), aligned_edge=manim.LEFT + manim.DOWN),
        Words(words, LABEL, "muted").on_baseline(x, y - 0.35),
    ]


def learnt(xor, clock):
    """Return how many points the network has on the right side at the clock's step."""
    steps = xor.snapshot.values
    right = ((xor.point_probability.values > 0.5) == (xor.label.values == 1)).sum(1)

    def now():
        at = np.searchsorted(steps, clock.get_value() + 1e-6, side="right") - 1
        return say("of four", n=int(right[max(at, 0)]))

    return Number(now, [clock], size=COUNT, weight="semibold", widest="4 of 4", align="right")


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
        self.ink, self.ring = theme.color("text"), theme.color("vermillion")

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
        pen.color(self.ring)
        pen.width(5.0)
        for x, y in self.places[self.wrong[k]].tolist():
            pen.circle(x, y, 0.34)
            pen.stroke()
