"""One noisy series and one average of it: β grows, and the average gets calmer and later."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker, linear, smooth

from look import theme
from look.maps import rungs
from look.runs import series
from look.words import say
from scenes.optimizers._marks import Rule, arrow
from scenes.parts.charts import Chart, between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "moving_averages": "value (step), beta (x), ewa (x, step), weight (x, step), high_age, "
    "high_beta, calm",
}

DESCRIPTION = """\
Dots appear from left to right, the falling losses of mini-batches, with a line through them. Below
stand bars, one under each dot: what it weighs in the line's last point. At first there is one bar
and the line goes through every dot. Then β grows: the bars spread to the left, a mark under them,
their mean age, moves with them, and the line gets calmer and lies higher, later. At last an arrow
leads from the line back to the left, as long as the mean age.
"""

LEFT_EDGE, WIDE = -6.3, 12.6


class MovingAverages(RecordedScene):
    def construct(self):
        recorded = self.recording("moving_averages")
        value, betas = recorded.value.values, recorded.beta.values
        n, last = len(value), len(betas) - 1
        shown, state, late = ValueTracker(1), ValueTracker(0), ValueTracker(0)
        top = Chart((0, 0.25), WIDE, 3.7, (0, n + 0.5), (0, 1.06 * float(value.max())))
        low = Chart((0, -2.75), WIDE, 1.3, (0, n + 0.5), (0, 1.05))
        line = Average(top, recorded.ewa.values, shown, state)
        bars = Weights(low, recorded.weight.values, state)
        zero = [top.point(edge, 0.0) for edge in top.x]
        floor = [low.point(edge, 0.0) for edge in low.x]

        def beta():
            return say("beta", beta=betas[min(round(state.get_value()), last)])

        def age():
            return say("now", age=bars.age())

        name = Number(beta, [state], size=44, weight="semibold", widest="β = 0.00")
        name.move_to((3.6, 1.75, 0), aligned_edge=LEFT + DOWN)
        old = Number(age, [state], size=34, color="muted", widest=say("now", age=88.8))
        scale = Words("weight, beside the newest’s", 34, "muted").on_baseline(LEFT_EDGE + 0.1, -2.1)
        old.move_to((scale.get_right()[0] + 0.7, -2.1, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start")
        self.add(
            words, Rule(zero[0], zero[1], "quiet", 2), Rule(floor[0], floor[1], "quiet", 2),
            Words("loss", 34, "muted").on_baseline(LEFT_EDGE + 0.1, top.top + 0.06),
            top.y_ticks([at for at in rungs(0.0, top.y[1]) if at]),
            scale, Dots(top, value, shown), line, bars, name, old,
        )  # fmt: skip
        self.play(shown.animate.set_value(n), run_time=2.6, rate_func=linear)

        self.next_section("smooth")
        words = self.say(words, "smooth")
        self.play(state.animate.set_value(last), run_time=5.0, rate_func=smooth)

        self.next_section("end")
        self.add(Lag(top, recorded, late))
        self.say(words, "end")
        self.play(late.animate.set_value(1), run_time=0.9, rate_func=smooth)
        self.wait(1.5)


class Dots(Painted):
    """The series as far as it is shown."""

    def __init__(self, chart, value, shown):
        super().__init__(chart.width, chart.height, reads=[shown])
        self.shift((*chart.center, 0))
        self.shown = shown
        self.places = chart.point(np.arange(1, len(value) + 1), value)
        self.ink = theme.color("muted")

    def paint(self, pen):
        """Draw the dots."""
        pen.color(self.ink)
        for x, y in self.places[: int(self.shown.get_value() + 1e-6)].tolist():
            pen.circle(x, y, 0.07)
            pen.fill()


class Average(Painted):
    """The average at the state's β, as far as dots have come."""

    def __init__(self, chart, averages, shown, state):
        super().__init__(chart.width, chart.height, reads=[shown, state])
        self.shift((*chart.center, 0))
        self.shown, self.state = shown, state
        steps = np.arange(1, averages.shape[1] + 1)
        self.lines = chart.point(np.broadcast_to(steps, averages.shape), averages)
        self.ink, self.halo = theme.color(series("high").token), theme.color("background")

    def paint(self, pen):
        """Draw the line up to the latest dot."""
        line = between(self.lines, self.state.get_value())[: int(self.shown.get_value() + 1e-6)]
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 8.0), (self.ink, 5.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(line)
            pen.stroke()
        pen.color(self.ink)
        pen.circle(*line[-1].tolist(), 0.11)
        pen.fill()


class Lag(Painted):
    """An arrow from the calmest average back to the left, as long as its data are old."""

    def __init__(self, chart, recorded, late):
        super().__init__(chart.width, chart.height, reads=[late])
        self.shift((*chart.center, 0))
        at = round(0.62 * recorded.sizes["step"])
        height = float(recorded.ewa[-1, at - 1])
        back = max(at - recorded.attrs["high_age"], 0.0)
        self.start, self.end = chart.point(at, height), chart.point(back, height)
        self.late, self.ink = late, theme.color("text")

    def paint(self, pen):
        """Draw as much of it as there is by now."""
        share = self.late.get_value()
        if share > 0:
            end = self.start + share * (self.end - self.start)
            arrow(pen, self.start, end, self.ink, width=5)
            pen.disc(self.start, 0.12, theme.color(series("high").token), self.ink, 2)


class Weights(Painted):
    """What each datum weighs in the last average, bars under the dots, and the mean age."""

    def __init__(self, chart, weights, state):
        super().__init__(chart.width, chart.height + 0.6, reads=[state])
        self.move_to((chart.center[0], chart.center[1] - 0.2, 0))
        self.chart, self.weights, self.state = chart, weights, state
        self.ink = theme.color(series("high").token)
        self.n = weights.shape[1]
        self.ages = self.n - np.arange(1, self.n + 1)
        self.wide = 0.8 * float(np.diff(chart.point([0.0, 1.0], [0.0, 0.0])[:, 0])[0])

    def age(self):
        """Return the mean age at the β that is said, in steps."""
        return float(
            self.weights[min(round(self.state.get_value()), len(self.weights) - 1)] @ self.ages
        )

    def paint(self, pen):
        """Draw bars, as high as a weight is beside the newest's, and the mark of the mean age."""
        weights = between(self.weights, self.state.get_value())
        tall = weights / weights.max()
        pen.color(self.ink)
        for step, height in enumerate(tall.tolist(), 1):
            if height > 1e-4:
                x, y = self.chart.point(float(step), 0.0).tolist()
                pen.rectangle(x - self.wide / 2, y, self.wide, height * self.chart.height)
                pen.fill()
        x, y = self.chart.point(self.n - float(weights @ self.ages), 0.0).tolist()
        corners = np.array([[x, y - 0.06], [x - 0.17, y - 0.36], [x + 0.17, y - 0.36]])
        pen.color(theme.color("text"))
        pen.polyline(corners, close=True)
        pen.fill()
