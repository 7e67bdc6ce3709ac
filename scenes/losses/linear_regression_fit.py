"""A line settles on points while its slope and intercept go down the bowl of its loss."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, Group, ValueTracker

from scenes.parts import fits
from scenes.parts.charts import Chart, Contours, Trail
from scenes.parts.marks import Star
from scenes.parts.words import Words

SLOW, QUICK = (15, 0.22), 3.8  # how many first steps, seconds for each; seconds for all others

READS = {
    "linear_regression_fit": "theta (step, param), loss (step), mse (y, x), least_squares (param), "
    "point_x (example), point_y (example), line_x (component), line_y (step, component), "
    "step (step), w (x), b (y), best_b, best_w, climbs, largest_rate, least_loss, lr, n_train, "
    "outcome",
}

DESCRIPTION = """\
Left, a cloud of points, body mass index and progression of diabetes, with a straight line far off.
Right, a map of the line's mean squared error over slope and intercept: long ellipses around a star,
the least-squares solution, and a dot for the line as it is now. With each step of gradient descent
both move: the line tilts up and down while the dot zig-zags across the valley, then both creep
along until the dot is at the star and the line lies among the points.
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
        line = fits.Line(chart, ends, fits.Between(steps, fit.line_y.values), clock, width=5)
        still = Group(
            fits.Grid(chart, []),
            chart.x_ticks(fits.round_ticks(*chart.x)),
            chart.y_ticks(fits.round_ticks(*chart.y)),
            Words("progression after one year", 22, "muted").on_baseline(
                chart.left, chart.center[1] + chart.height / 2 + 0.2
            ),
            Words("body mass index, kg/m²", 22, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.72, ORIGIN
            ),
        )
        bowl = Bowl(fit, clock)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, still, points, line, *bowl.parts)
        self.wait(1.6)

        self.next_section("descent")
        words = self.say(words, "descent")
        words = self.learn(words, clock, len(steps) - 1, SLOW, QUICK)

        self.next_section("minimum")
        words = self.say(words, "minimum")
        self.wait(2.6)


class Bowl:
    """The right half: the loss over slope and intercept as a map, the path on it, two numbers."""

    def __init__(self, fit, clock):
        center, width, height = fits.LOSS
        w, b = fit.w.values, fit.b.values
        chart = Chart(center, width, height, (w[0], w[-1]), (b[0], b[-1]))
        mse = fit.mse.values
        low, high = float(fit.attrs["least_loss"]), float(mse.max())
        levels = low + (high - low) * np.linspace(0, 1, 13)[1:-1] ** 2.5
        top, right = center[1] + height / 2, center[0] + width / 2
        self.parts = [
            Contours(chart, w, b, mse, levels),
            chart.x_ticks(fits.round_ticks(w[0], w[-1])),
            chart.y_ticks(fits.round_ticks(b[0], b[-1])),
            Words("slope w", 22, "muted").on_baseline(center[0], chart.bottom - 0.72, ORIGIN),
            Words("intercept b", 22, "muted").on_baseline(chart.left, top + 0.2),
            Trail(
                chart,
                np.clip(fit.theta.values, -fits.BEYOND, fits.BEYOND),
                clock,
                color="orange",
                radius=0.11,
            ),
            Star(chart.point(*fit.least_squares.values)),
            *fits.counters(fit.step.values, fit.loss.values, clock, right, top + 0.2),
        ]
