"""A line settles on points, while the mean of all its squared errors shrinks."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, FadeIn, Group, ValueTracker, linear

from look import theme
from look.fits import residual_squares, typical
from look.numbers import counter, number, percent
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart, _clip
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

PLACE = (-2.35, -0.55), 7.3, 4.7  # of the points: centre, width, height, in frame units
ASIDE, RAISED = 2.35, 0.75  # left of what is beside them, and how far over their foot it is
FIRST = 3, 0.8  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (12, 0.2), 1.5  # the next ones; seconds for all others
GROWN = 0.25  # the share of their flight in which all squares grow
SEEN = 2 / 90  # the shortest move that is seen, in frame units: two pixels of 1280

N_SQUARES = 3  # residuals that are drawn as squares all through

READS = {
    "linear_regression_fit": "loss (step), point_x (example), point_y (example), "
    "line_x (component), line_y (step, component), step (step), climbs, lr, n_train, outcome",
}

ASPECTS = {"9:16": [(-6.95, -3.98, 1.9, 2.5), (2.0, -3.2, 6.95, 2.0)]}

DESCRIPTION = """\
A cloud of points, body mass index and progression of diabetes, with a straight line far off.
Squares grow between the line and some of the points, as wide as each point is far from the line.
Then all points have one, and all of them fly to the right, into one square, which is as large as
their mean. With each step of gradient descent the line jumps, down past the points and up again,
its first places stay as thin lines, and the mean square shrinks in the outline of what it was at
first, until the line lies among the points.
"""


class LinearRegressionFit(fits.FitScene):
    def construct(self):
        fit = self.recording("linear_regression_fit")
        clock, grown, flown = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        steps, loss, y = fit.step.values, fit.loss.values, fit.point_y.values
        room = 0.08 * np.ptp(y)
        ends = fit.line_x.values
        chart = Chart(*PLACE, (ends[0], ends[-1]), (y.min() - room, y.max() + room))
        points = fits.Points(chart, fit.point_x.values, y, radius=0.055)
        line = fits.Line(
            chart, ends, fits.Latest(steps, fit.line_y.values), clock, color="vermillion", width=5
        )
        still = Group(
            fits.Grid(chart, []),
            chart.x_ticks(fits.round_ticks(*chart.x)),
            chart.y_ticks(fits.round_ticks(*chart.y)),
            Words("progression after one year", 34, "muted").on_baseline(
                chart.left, chart.top + 0.22
            ),
            Words("body mass index, kg/m²", 34, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.84, ORIGIN
            ),
        )
        squares = Squares(chart, fit, line, grown)
        mean = Mean(chart, fit, line, flown, parted=self.job.layout is not None)
        at = fits.Latest(steps, steps)  # no line lies between two steps, so that it jumps
        symbol = Formula(say("J"), 44).move_to((ASIDE, mean.top + 0.42, 0), aligned_edge=LEFT)
        beside = symbol.get_right()[0] + 0.15
        told = Group(
            Words(say("mean of all"), 34, "muted").on_baseline(ASIDE, mean.top + 0.95),
            symbol,
            Number(lambda: counter(mean.loss(clock.get_value())), [clock], size=44,
                   weight="semibold", widest="0.00000").move_to(
                (beside, mean.top + 0.27, 0), LEFT + DOWN
            ),
        )  # fmt: skip
        now = lambda: say("step", step=number(int(at(clock.get_value()))))  # noqa: E731
        step = Number(now, [clock], color="muted",
                      widest=say("step", step=number(int(steps[-1])))).move_to(
            (ASIDE, mean.top + 1.62, 0), LEFT + DOWN
        )  # fmt: skip

        self.next_section("start")
        words = self.headline("start", n_squares=min(N_SQUARES, len(y)))
        self.add(words, still, points, mean, squares, Past(line, FIRST[0]), line)
        self.play(grown.animate.set_value(1), run_time=1.2)
        self.beat(1.2, "which way must the line go?")
        self.play(flown.animate.set_value(1), FadeIn(told), run_time=2.6, rate_func=linear)

        self.next_section("descent")
        words = self.say(words, "descent", also=[step])
        last = len(steps) - 1
        self.play_steps(clock, min(FIRST[0], last), FIRST[1])
        self.learn(clock, still_from(line, mean, last), SLOW, QUICK)

        self.next_section("minimum")
        clock.set_value(last)  # further on nothing moves that could be seen
        left = float(loss[-1] / loss[0])
        self.say(words, "minimum", share=left, also=mean.left(percent(left)))
        self.wait(1.5)


def still_from(line, mean, last):
    """Return the step from which on neither the line nor the square is seen to move again."""
    unit = line.chart.height / np.ptp(line.chart.y)
    places = unit * np.array([[*line.y(k), mean.side(line.y(k))] for k in range(last + 1)])
    far = ~(np.abs(places - places[-1]).max(axis=1) <= SEEN)
    return int(np.flatnonzero(far)[-1]) + 1 if far.any() else 0


class Past(Painted):
    """The first lines, thin, from the moment when the line leaves them."""

    def __init__(self, line, count):
        super().__init__(line.chart.width, line.chart.height, reads=[line.clock])
        self.shift((*line.chart.center, 0))
        self.line, self.count = line, count

    def now(self):
        """Return the heights of their ends, shape (n, 2)."""
        past = int(self.line.clock.get_value() + 1e-6)
        return self.line.y.values[: min(past, self.count)]

    def paint(self, pen):
        """Draw those that are past."""
        _clip(pen, self.line.chart)
        pen.color(self.line.ink, 0.6)
        pen.width(2)
        for ends in self.now():
            pen.polyline(self.line.chart.point(self.line.x, np.clip(ends, -1e4, 1e4)))
        pen.stroke()


class Squares(Painted):
    """Some residuals of the line as it is now, drawn as squares; they grow from the points."""

    def __init__(self, chart, fit, line, grown):
        super().__init__(chart.width, chart.height, reads=[line.clock, grown])
        self.shift((*chart.center, 0))
        self.chart, self.line, self.grown = chart, line, grown
        self.x, self.y = fit.point_x.values, fit.point_y.values
        self.shape = np.ptp(chart.x) / chart.width * chart.height / np.ptp(chart.y)
        self.chosen = own = typical(self.x, self.y, line.x, fit.line_y.values[-1], N_SQUARES)
        self.own = chart.point(self.x[own], self.y[own])
        self.ink, self.back = theme.color("vermillion"), theme.color("background")

    def now(self):
        """Return them in data coordinates, shape (n, 4): left, bottom, width, height."""
        return residual_squares(
            self.x[self.chosen], self.y[self.chosen], self.line.x, self.line.now(), self.shape
        )

    def paint(self, pen):
        """Draw them; none where the line is no longer a number."""
        squares = self.now()
        if not np.isfinite(squares).all() or np.abs(squares).max() > 100 * np.ptp(self.chart.y):
            return
        _clip(pen, self.chart)
        grown = self.grown.get_value()
        for left, bottom, _, tall in squares.tolist():
            x, y = self.chart.point(left, bottom).tolist()
            side = tall / np.ptp(self.chart.y) * self.chart.height
            pen.rectangle(x + (1 - grown) * side / 2, y + (1 - grown) * side / 2,
                          grown * side, grown * side)  # fmt: skip
            pen.color(self.ink, 0.14)
            pen.context.fill_preserve()
            pen.color(self.ink)
            pen.width(1.6)
            pen.stroke()
        for place in self.own:  # whose errors these are
            pen.disc(place, 0.09, self.ink, self.back, 1.5)


class Mean(Painted):
    """The mean of all squares as a square, in an outline of the first; before that, all squares.

    All of them grow at their points and fly into it, while `flown` goes from 0 to 1.
    """

    def __init__(self, chart, fit, line, flown, parted=False):
        super().__init__(chart.width, chart.height, reads=[line.clock, flown])
        self.shift((*chart.center, 0))
        self.chart, self.line, self.flown, self.parted = chart, line, flown, parted
        self.x, self.y = fit.point_x.values, fit.point_y.values
        self.loss = fits.Latest(fit.step.values, fit.loss.values)
        self.unit = chart.height / np.ptp(chart.y)  # frame units in one of the outcome's
        self.first = self.unit * self.side(line.y(0))
        self.bottom = chart.bottom + RAISED
        self.top = self.bottom + self.first
        shape = np.ptp(chart.x) / chart.width * chart.height / np.ptp(chart.y)
        left, bottom, _, tall = residual_squares(
            self.x, self.y, line.x, line.y(0), shape
        ).T  # fmt: skip
        self.aim = np.array([ASIDE, self.bottom, self.first])
        self.all = np.column_stack([chart.point(left, bottom), self.unit * tall])
        # one after the other, the nearest first
        self.turn = np.argsort(np.argsort(-self.all[:, 0])) / max(len(self.all) - 1, 1)
        self.ink = theme.color("vermillion")

    def now(self):
        """Return the side of the mean square now, in frame units: its area is the loss."""
        return self.unit * np.ptp(self.y) * float(np.sqrt(self.loss(self.line.clock.get_value())))

    def side(self, ends):
        """Return the side of the mean square for a line with these ends, in the outcome's units."""
        with np.errstate(invalid="ignore", over="ignore"):  # of a run that diverges
            on_line = np.interp(self.x, self.line.x, ends)
            return float(np.sqrt(np.mean((self.y - on_line) ** 2)))

    def left(self, words):
        """Say in the outline, over the square of now, which share is left; where there is room."""
        side = self.now()
        if not self.first - side > 0.5:
            return []
        middle = self.bottom + (side + self.first) / 2
        told = Words(words, weight="semibold")
        return [told.on_baseline(ASIDE + self.first / 2, middle - 0.12, ORIGIN)]

    def paint(self, pen):
        """Draw what there is of it."""
        flown, chart, bottom = self.flown.get_value(), self.chart, self.bottom
        if flown <= 0:
            return
        if flown < 1:
            grown = min(1.0, flown / GROWN)
            share = np.clip(4 * (flown - GROWN) / (1 - GROWN) - 3 * self.turn, 0, 1)[:, None]
            share = share**2 * (3 - 2 * share)
            left, low, side = ((1 - share) * self.all + share * self.aim).T
            if self.parted:  # in an upright film they go from one part of the frame to another
                pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
                pen.rectangle(ASIDE - 0.1, chart.bottom - 0.1, chart.height, chart.height)
                pen.context.clip()
            pen.color(self.ink, 0.3)
            pen.width(1.2)
            for x, y, size in zip(left.tolist(), low.tolist(), side.tolist(), strict=True):
                rest = (1 - grown) * size / 2
                pen.rectangle(x + rest, y + rest, grown * size, grown * size)
            pen.stroke()
            return
        pen.color(self.ink, 0.6)
        pen.width(1.6)
        pen.rectangle(ASIDE, bottom, self.first, self.first)
        pen.stroke()
        side = self.now()
        if not side < chart.height:  # a run that diverges: there is no room for it
            return
        pen.rectangle(ASIDE, bottom, side, side)
        pen.color(self.ink, 0.3)
        pen.context.fill_preserve()
        pen.color(self.ink)
        pen.width(4)
        pen.stroke()
