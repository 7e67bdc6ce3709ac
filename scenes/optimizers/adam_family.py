"""From Adam's root of squares to AdaMax's maximum."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker, linear, smooth

from look import theme
from look.runs import row
from look.words import say
from scenes.optimizers._marks import Bars, Rule
from scenes.parts.charts import Chart, between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "adam_family": "drawn (step_drawn), power (x_power), norm (x_power, step_drawn), "
    "step_drawn (step_drawn)",
}

DESCRIPTION = """\
Pale bars of different heights, the sizes of gradients, become bright from left to right, and over
them runs a line, what Adam divides by: the root of averaged squares, which lies between the bars'
tops. Then the power grows from 2 to 4, to 16 and on, with a rest at each, and the line rises until
it lies on the highest of the latest bars and sinks slowly behind each: at p = ∞ it is the maximum
that AdaMax keeps. The first line stays, pale, for comparison."""

RESTS = (4, 16)  # powers at which the film stops on the way to ∞


class AdamFamily(RecordedScene):
    def construct(self):
        recorded = self.recording("adam_family")
        steps, sizes = recorded.step_drawn.values, recorded.drawn.values
        shown, state = ValueTracker(1), ValueTracker(0)
        high = 1.1 * float(max(sizes.max(), recorded.norm.values.max()))
        chart = Chart((-0.6, -0.95), 11.6, 5.0, (0.2, steps[-1] + 0.8), (0, high))
        floor = [chart.point(edge, 0.0) for edge in chart.x]
        pale = Bars(chart, steps, sizes, ValueTracker(steps[-1]), color="quiet")
        bars = Bars(chart, steps, sizes, shown, color="muted")
        line = Divisor(chart, recorded.norm.values, shown, state)
        squares = Divisor(chart, recorded.norm.values, shown, ValueTracker(0), strength=0.55)
        powers = recorded.power.values
        whole = np.flatnonzero(powers == np.floor(powers))

        def power():  # on the way the nearest of the whole powers
            here = powers[whole[np.abs(whole - state.get_value()).argmin()]]
            return say("power", power=here) if np.isfinite(here) else say("endless")

        name = Number(power, [state], size=44, weight="semibold", widest="p = 000")
        name.move_to((-6.2, 1.75, 0), aligned_edge=LEFT + DOWN)

        self.next_section("root")
        words = self.headline("root")
        zero = Rule(floor[0], floor[1], "quiet", 2)
        self.add(words, zero, pale, bars, squares, line, name)
        self.play(shown.animate.set_value(steps[-1]), run_time=3.0, rate_func=linear)

        self.next_section("powers")
        words = self.say(words, "powers")
        last = len(powers) - 1
        for stop in (*np.flatnonzero(np.isin(powers, RESTS)).tolist(), last):
            self.play(state.animate.set_value(stop), run_time=0.9, rate_func=smooth)
            self.wait(0.8 if stop < last else 0.3)
        names = [
            Words(row("optimizers", each)["label"], 34, weight="semibold").on_baseline(
                5.4, float(chart.point(0, lengths[-1])[1]) - 0.12
            )
            for each, lengths in zip(
                ("adam", "adamax"), recorded.norm.values[[0, last]], strict=True
            )
        ]
        self.say(words, "maximum", also=names)
        self.wait(1.5)


class Divisor(Painted):
    """What the average step is divided by, at the state's power, as far as bars have come."""

    def __init__(self, chart, norms, shown, state, *, strength=1.0):
        super().__init__(chart.width, chart.height, reads=[shown, state])
        self.shift((*chart.center, 0))
        self.shown, self.state, self.strength = shown, state, strength
        steps = np.arange(1, norms.shape[1] + 1)
        self.lines = chart.point(np.broadcast_to(steps, norms.shape), norms)
        self.ends = [theme.color(row("optimizers", name)["color"]) for name in ("adam", "adamax")]
        self.halo = theme.color("background")

    def paint(self, pen):
        """Draw the line."""
        now, count = self.state.get_value(), int(self.shown.get_value() + 1e-6)
        line = between(self.lines, now)[:count]
        if len(line) == 0:
            return
        ink = mix(self.ends[0], self.ends[1], now / (len(self.lines) - 1))
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 8.0), (ink, 5.0)):
            pen.color(color, self.strength)
            pen.width(width)
            pen.polyline(line)
            pen.stroke()
        pen.color(ink, self.strength)
        pen.circle(*line[-1].tolist(), 0.12)
        pen.fill()
