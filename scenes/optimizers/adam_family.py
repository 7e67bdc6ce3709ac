"""From Adam's root of squares to AdaMax's maximum; then decay inside and outside the gradient."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeIn, FadeOut, ValueTracker, linear, smooth

from look import theme
from look.numbers import number
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
    "weight (run_decay, step_decay, param), step_drawn (step_drawn), run_decay (run_decay), "
    "param (param), apart, large, small",
}

DESCRIPTION = """\
Bars of different heights appear from left to right, the sizes of gradients, and over them a line,
what Adam divides by: the root of averaged squares, which lies between the bars' tops. Then the
power grows from 2 to 256, and the line rises until it lies on the highest of the latest bars and
sinks slowly behind each: at p = ∞ it is the maximum that AdaMax keeps. Then two charts of weights
that decay. On the left, AdamW: both weights go down together. On the right, with the decay inside
the gradient, the weight with large gradients stays up and the one with small gradients goes down.
"""


class AdamFamily(RecordedScene):
    def construct(self):
        recorded = self.recording("adam_family")
        steps, sizes = recorded.step_drawn.values, recorded.drawn.values
        shown, state = ValueTracker(1), ValueTracker(0)
        high = 1.1 * float(max(sizes.max(), recorded.norm.values.max()))
        chart = Chart((0, -0.95), 12.8, 5.0, (0.2, steps[-1] + 0.8), (0, high))
        floor = [chart.point(edge, 0.0) for edge in chart.x]
        bars = Bars(chart, steps, sizes, shown, color="muted")
        line = Divisor(chart, recorded.norm.values, shown, state)
        powers = recorded.power.values

        def power():
            here = powers[min(round(state.get_value()), len(powers) - 1)]
            return say("power", power=here) if np.isfinite(here) else say("endless")

        name = Number(power, [state], size=44, weight="semibold", widest="p = 000")
        name.move_to((-6.2, 1.75, 0), aligned_edge=LEFT + DOWN)

        self.next_section("root")
        words = self.headline("root")
        zero = Rule(floor[0], floor[1], "quiet", 2)
        self.add(words, zero, bars, line)
        self.play(shown.animate.set_value(steps[-1]), run_time=3.0, rate_func=linear)

        self.next_section("powers")
        words = self.say(words, "powers", also=[name])
        last = len(powers) - 1
        self.play(state.animate.set_value(last), run_time=4.0, rate_func=smooth)
        words = self.say(words, "maximum")
        self.wait(1.2)

        self.next_section("decay")
        words = self.say(words, "decay")
        clock = ValueTracker(0)
        still, moving = decays(recorded, clock)
        gone = [FadeOut(part) for part in (zero, bars, line, name)]
        self.play(*gone, *(FadeIn(part) for part in (*still, *moving)), run_time=0.3)
        n_steps = recorded.sizes["step_decay"] - 1
        self.play_steps(clock, n_steps, 4.0 / n_steps)
        self.wait(1.5)


class Divisor(Painted):
    """What the average step is divided by, at the state's power, as far as bars have come."""

    def __init__(self, chart, norms, shown, state):
        super().__init__(chart.width, chart.height, reads=[shown, state])
        self.shift((*chart.center, 0))
        self.shown, self.state = shown, state
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
            pen.color(color)
            pen.width(width)
            pen.polyline(line)
            pen.stroke()
        pen.color(ink)
        pen.circle(*line[-1].tolist(), 0.12)
        pen.fill()


def decays(recorded, clock):
    """Return the two charts of decaying weights: what stands, and the curves."""
    n_steps = recorded.sizes["step_decay"] - 1
    low = min(0.0, float(recorded.weight.min()))
    still: list = []
    moving: list = []
    names = ("outside", "inside"), ("weights", "weights L2"), (-3.5, 3.5), ("adamw", "adam")
    for way, word, middle, rule in zip(*names, strict=True):
        chart = Chart((middle, -0.95), 5.9, 4.4, (0, n_steps), (low, 1.05))
        for value in (0.0, 1.0):
            ends = [chart.point(edge, value) for edge in chart.x]
            still.append(Rule(ends[0], ends[1], "quiet", 2))
            label = Words(number(int(value)), 28, "muted")
            still.append(label.on_baseline(ends[0][0] - 0.15, ends[0][1] - 0.1, RIGHT))
        still.append(Words(say(word), 34, weight="semibold").on_baseline(chart.left, 1.75))
        for param, width in (("large", 8.0), ("small", 3.0)):
            weights = recorded.weight.sel(run_decay=way, param=param).values
            color = row("optimizers", rule)["color"] if param == "large" else "text"
            moving.append(Weight(chart, weights, clock, color, width))
    return still, moving


class Weight(Painted):
    """A weight as far as the clock has come."""

    def __init__(self, chart, weights, clock, color, width):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.thickness = clock, width
        self.places = chart.point(np.arange(len(weights)), weights)
        self.ink, self.halo = theme.color(color), theme.color("background")

    def paint(self, pen):
        """Draw its way and its place."""
        now = self.clock.get_value()
        head = between(self.places, now)
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.context.set_line_join(1)
        pen.polyline(np.vstack([self.places[: int(now) + 1], head]))
        pen.stroke()
        pen.disc(head, 0.07 + self.thickness / 100, self.ink, self.halo)
