"""One noisy series and one average of it: β grows, the start is corrected, the weights change."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeIn, FadeOut, ValueTracker, linear, smooth

from look import theme
from look.runs import series
from look.words import say
from scenes.optimizers._marks import Rule
from scenes.parts.charts import Chart, Curve, between
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "moving_averages": "value (step), beta (x), ewa (x, step), weight (x, step), "
    "average (run, step), weights (run, step), age (run), plain (step), run (run), "
    "high_age, high_beta, sma_age, window, wma_age",
}

DESCRIPTION = """\
Dots appear from left to right, the falling losses of mini-batches, with a line through them. Below
stand bars, one under each dot: what it weighs in the line's last point. At first there is one bar
and the line goes through every dot. Then β grows: the bars spread to the left, a mark under them,
their mean age, moves with them, and the line gets calmer and lies higher, later. Then the line
falls to 0 at its left end, where it starts without a correction, and rises to the first dot again.
Last, the bars turn into ten equal ones, then into a staircase, and line and mark follow.
"""

LEFT_EDGE, WIDE = -6.3, 12.6


class MovingAverages(RecordedScene):
    def construct(self):
        recorded = self.recording("moving_averages")
        value = recorded.value.values
        n = len(value)
        shown, state, lack = ValueTracker(1), ValueTracker(0), ValueTracker(0)
        top = Chart((0, 0.45), WIDE, 3.5, (0, n + 0.5), (0, 1.06 * float(value.max())))
        states, weights, colors = table(recorded)
        low = Chart((0, -2.55), WIDE, 1.5, (0, n + 0.5), (0, 1.05))
        dots = Dots(top, value, shown)
        line = Average(top, recorded, states, colors, shown, state, lack)
        bars = Weights(low, weights, colors, state)
        zero = [top.point(edge, 0.0) for edge in top.x]
        floor = [low.point(edge, 0.0) for edge in low.x]
        still = [
            Rule(zero[0], zero[1], "quiet", 2),
            Rule(floor[0], floor[1], "quiet", 2),
            Words("loss", 34, "muted").on_baseline(LEFT_EDGE - 0.1, zero[0][1] - 0.1, RIGHT),
            Words("weight", 34, "muted").on_baseline(LEFT_EDGE + 0.1, -1.75),
        ]
        betas = recorded.beta.values

        def beta():
            return say("beta", beta=betas[min(round(state.get_value()), len(betas) - 1)])

        def age():
            return say("now", age=bars.age())

        name: Painted | Words = Number(beta, [state], size=40, weight="semibold", widest="β = 0.00")
        name.move_to((4.2, 2.1, 0), aligned_edge=LEFT + DOWN)
        old = Number(age, [state], size=34, color="muted", widest="mean age 0.0")
        old.move_to((LEFT_EDGE + 1.9, -1.75, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *still, dots, line, bars, name, old)
        self.play(shown.animate.set_value(n), run_time=2.6, rate_func=linear)

        self.next_section("smooth")
        words = self.say(words, "smooth")
        last = len(betas) - 1
        self.play(state.animate.set_value(last), run_time=4.2, rate_func=smooth)
        self.wait(0.5)

        self.next_section("bias")
        words = self.say(words, "bias film")
        self.play(lack.animate.set_value(1), run_time=0.9)
        self.wait(0.9)
        self.play(lack.animate.set_value(0), run_time=1.4)

        self.next_section("kinds")
        words = self.say(words, "kinds")
        for place, kind in ((last + 1, "sma"), (last + 2, "wma")):
            other = Words(series(kind).label, 40, weight="semibold").on_baseline(4.2, 2.1)
            self.play(state.animate.set_value(place), FadeOut(name), FadeIn(other), run_time=1.1)
            self.wait(0.9)
            name = other

        self.next_section("end")
        lines, names = self.summary(recorded, top)
        self.play(FadeOut(name), FadeOut(old), run_time=0.15)
        whose = Words(say("now of", label=series("wma").label, age=bars.age()), 34, "muted")
        whose.on_baseline(LEFT_EDGE + 1.9, -1.75)
        self.say(words, "end", also=[*lines, *names, whose])
        self.wait(1.6)

    def summary(self, recorded, chart):
        """Return the other two averages, and the names and ages of all three."""
        steps = np.arange(1, recorded.sizes["step"] + 1)
        lines = [
            Curve(chart, steps, recorded.average.sel(run=kind).values, series(kind).token, width=4)
            for kind in ("high", "sma")
        ]
        names, x = [], -1.6
        for kind in ("high", "sma", "wma"):
            label = Words(series(kind).label, 34, weight="semibold").on_baseline(x + 0.35, 2.1)
            names += [Key(series(kind).token).move_to((x + 0.11, 2.22, 0)), label]
            x = float(label.get_right()[0]) + 0.6
        return lines, names


def table(recorded):
    """Return the averages and weights that the film goes through, and their colours."""
    kinds = ["sma", "wma"]
    averages = np.concatenate([recorded.ewa.values, recorded.average.sel(run=kinds).values])
    weights = np.concatenate([recorded.weight.values, recorded.weights.sel(run=kinds).values])
    colors = [series("high").token] * len(recorded.ewa) + [series(kind).token for kind in kinds]
    return averages, weights, colors


def ink_of(colors, state):
    """Return the colour at a state, blended between two."""
    lower = min(int(state + 1e-9), len(colors) - 1)
    upper = min(lower + 1, len(colors) - 1)
    return mix(theme.color(colors[lower]), theme.color(colors[upper]), state - lower)


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
    """The average of the state, with as much of its correction left out as is said."""

    def __init__(self, chart, recorded, averages, colors, shown, state, lack):
        super().__init__(chart.width, chart.height, reads=[shown, state, lack])
        self.shift((*chart.center, 0))
        self.shown, self.state, self.lack, self.colors = shown, state, lack, colors
        steps = np.arange(1, averages.shape[1] + 1)
        self.lines = chart.point(np.broadcast_to(steps, averages.shape), averages)
        self.plain = chart.point(steps, recorded.plain.values)
        self.halo = theme.color("background")

    def paint(self, pen):
        """Draw the line up to the latest dot."""
        now = self.state.get_value()
        line = between(self.lines, now)
        lack = self.lack.get_value()
        if lack:
            line = (1 - lack) * line + lack * self.plain
        line = line[: int(self.shown.get_value() + 1e-6)]
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 8.0), (ink_of(self.colors, now), 5.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(line)
            pen.stroke()
        pen.color(ink_of(self.colors, now))
        pen.circle(*line[-1].tolist(), 0.11)
        pen.fill()


class Weights(Painted):
    """What each datum weighs in the last average, bars under the dots, and the mean age."""

    def __init__(self, chart, weights, colors, state):
        super().__init__(chart.width, chart.height + 0.6, reads=[state])
        self.move_to((chart.center[0], chart.center[1] - 0.2, 0))
        self.chart, self.weights, self.colors, self.state = chart, weights, colors, state
        self.n = weights.shape[1]
        self.ages = self.n - np.arange(1, self.n + 1)
        self.wide = 0.8 * float(np.diff(chart.point([0.0, 1.0], [0.0, 0.0])[:, 0])[0])

    def age(self):
        """Return the mean age now, in steps."""
        return float(between(self.weights, self.state.get_value()) @ self.ages)

    def paint(self, pen):
        """Draw bars, as high as the root of the weight, and the mark of the mean age."""
        now = self.state.get_value()
        weights = between(self.weights, now)
        ink = ink_of(self.colors, now)
        # Bars of one height would be too low to see once they spread: they fill the strip.
        tall = weights / weights.max() * (0.35 + 0.65 * weights.max() ** 0.5)
        pen.color(ink)
        for step, height in enumerate(tall.tolist(), 1):
            if height > 1e-4:
                x, y = self.chart.point(float(step), 0.0).tolist()
                pen.rectangle(x - self.wide / 2, y, self.wide, height * self.chart.height)
                pen.fill()
        x, y = self.chart.point(self.n - self.age(), 0.0).tolist()
        corners = np.array([[x, y - 0.06], [x - 0.17, y - 0.36], [x + 0.17, y - 0.36]])
        pen.color(theme.color("text"))
        pen.polyline(corners, close=True)
        pen.fill()
