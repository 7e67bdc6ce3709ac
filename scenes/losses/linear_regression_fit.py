"""A line settles on points and its squares shrink, while it goes down the bowl of its error."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, Group, ValueTracker

from look import theme
from look.fits import apart, residual_squares
from scenes.parts import fits
from scenes.parts.charts import Chart, Contours, Trail, _clip
from scenes.parts.marks import Star
from scenes.parts.paint import Painted
from scenes.parts.words import Words

FIRST = 3, 0.5  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (12, 0.2), 2.6  # the next ones; seconds for all others
SEEN = 2 / 90  # the shortest move that is seen, in frame units: two pixels of 1280

N_SQUARES = 3  # residuals that are drawn as squares

READS = {
    "linear_regression_fit": "theta (step, param), loss (step), mse (y, x), least_squares (param), "
    "point_x (example), point_y (example), line_x (component), line_y (step, component), "
    "step (step), w (x), b (y), best_b, best_w, climbs, least_loss, n_train, outcome",
}

ASPECTS = {"9:16": [(-6.95, -3.98, -0.17, 2.5), (-0.17, -3.98, 6.8, 2.4)]}

DESCRIPTION = """\
Left, a cloud of points, body mass index and progression of diabetes, with a straight line far off.
Squares grow between the line and some of the points, as wide as each point is far from the line.
Right, a map of the line's mean squared error over slope and intercept: long ellipses around a star,
the least-squares solution, and a dot for the line as it is now. With each step of gradient descent
all moves: the line tilts up and down while the dot zig-zags across the valley, each step at a right
angle to the ellipse under it, and the squares shrink, until the dot is at the star and the line
lies among the points.
"""


class LinearRegressionFit(fits.FitScene):
    def construct(self):
        fit = self.recording("linear_regression_fit")
        clock = ValueTracker(0)
        steps = fit.step.values
        y = fit.point_y.values
        room = 0.08 * np.ptp(y)
        ends = fit.line_x.values
        chart = fits.fit_chart((ends[0], ends[-1]), (y.min() - room, y.max() + room))
        points = fits.Points(chart, fit.point_x.values, y, radius=0.05)
        line = fits.Line(
            chart, ends, fits.Between(steps, fit.line_y.values), clock, color="vermillion", width=5
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
        bowl = Bowl(fit, clock)

        grown = ValueTracker(0)
        squares = Squares(chart, fit, line, grown)

        self.next_section("start")
        words = self.headline("start", n_squares=min(N_SQUARES, len(y)))
        self.add(words, still, points, *bowl.parts, squares, line)
        self.play(grown.animate.set_value(1), run_time=1.4)
        self.beat(1.2, "which way must the line go?")

        self.next_section("descent")
        words = self.say(words, "descent")
        last = len(steps) - 1
        self.play_steps(clock, min(FIRST[0], last), FIRST[1])
        self.learn(clock, bowl.still_from(), SLOW, QUICK)

        self.next_section("minimum")
        clock.set_value(last)  # further on nothing moves that could be seen
        self.say(words, "minimum")
        self.wait(1.5)


class Squares(Painted):
    """Some residuals of the line as it is now, drawn as squares; they grow from the points."""

    def __init__(self, chart, fit, line, grown):
        super().__init__(chart.width, chart.height, reads=[line.clock, grown])
        self.shift((*chart.center, 0))
        self.chart, self.line, self.grown = chart, line, grown
        self.x, self.y = fit.point_x.values, fit.point_y.values
        self.shape = np.ptp(chart.x) / chart.width * chart.height / np.ptp(chart.y)
        own = apart(self.x, N_SQUARES)
        self.own = chart.point(self.x[own], self.y[own])
        self.ink, self.back = theme.color("vermillion"), theme.color("background")

    def now(self):
        """Return them in data coordinates, shape (n, 4): left, bottom, width, height."""
        return residual_squares(
            self.x, self.y, self.line.x, self.line.now(), self.shape, N_SQUARES
        )  # fmt: skip

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


class Bowl:
    """The right half: the loss over slope and intercept as a map, the path on it, two numbers."""

    def __init__(self, fit, clock):
        w, b = fit.w.values, fit.b.values
        chart = level((w[0], w[-1]), (b[0], b[-1]))
        center = chart.center
        mse = fit.mse.values
        low, high = float(fit.attrs["least_loss"]), float(mse.max())
        levels = low + (high - low) * np.linspace(0, 1, 13)[1:-1] ** 2.5
        right = fits.LOSS[0][0] + fits.LOSS[1] / 2
        trail = Trail(
            chart,
            np.clip(fit.theta.values, -fits.BEYOND, fits.BEYOND),
            clock,
            color="vermillion",
            radius=0.11,
        )
        self.places = trail.places
        self.parts = [
            Contours(chart, w, b, mse, levels),
            chart.x_ticks(fits.round_ticks(w[0], w[-1])),
            chart.y_ticks(fits.round_ticks(b[0], b[-1])),
            Words("slope w", 34, "muted").on_baseline(center[0], chart.bottom - 0.84, ORIGIN),
            Words("intercept b", 34, "muted").on_baseline(chart.left, chart.top + 0.22),
            trail,
            Star(chart.point(*fit.least_squares.values)),
            *fits.counters(fit.step.values, fit.loss.values, clock, right, chart),
        ]

    def still_from(self):
        """Return the step from which on the point is never seen to move again."""
        far = np.linalg.norm(self.places - self.places[-1], axis=1) > SEEN
        return int(np.flatnonzero(far)[-1]) + 1 if far.any() else 0


def level(x, y):
    """Return the chart on the right, one length for both parameters: steps cross level lines.

    A gradient is at right angles to a contour only where both axes have the same scale.
    """
    (across, up), width, height = fits.LOSS
    unit = min(width / (x[1] - x[0]), height / (y[1] - y[0]))
    size = unit * (x[1] - x[0]), unit * (y[1] - y[0])
    # in the lower left corner, on the line that the left chart stands on
    center = across - (width - size[0]) / 2, up - (height - size[1]) / 2
    return Chart(center, *size, x, y)
