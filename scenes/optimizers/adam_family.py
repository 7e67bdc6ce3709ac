"""From Adam's root of squares to AdaMax's maximum."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeOut, Group, ValueTracker, linear, smooth

from look import theme
from look.numbers import number
from look.runs import row
from look.words import say
from scenes.optimizers._marks import Bars, Rule
from scenes.parts.charts import Chart, between
from scenes.parts.fits import round_ticks
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import LABEL, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "adam_family": "drawn (step_drawn), power (x_power), norm (x_power, step_drawn), "
    "step_drawn (step_drawn), beta2",
}

DESCRIPTION = """\
Pale bars of different heights, the sizes of gradients, become bright from left to right, and over
them runs a line, what Adam divides by: the root of averaged squares, which lies between the bars'
tops. Then a knob slides from p = 2 to 4, to 16 and to infinity, with a rest at each, and the line
rises until it lies on the highest of the latest bars and sinks slowly behind each: that is the
maximum that AdaMax keeps. The first line stays, pale, for comparison. At last only the bars that
the line touches, all that still counts, stay bright."""

RESTS = (4, 16)  # powers at which the film stops on the way to ∞
SLIDER = (-5.6, -1.2, 1.7)  # from where to where the knob slides, and at which height
MIDDLE = 1.85  # of the formula beside it


class AdamFamily(RecordedScene):
    def construct(self):
        recorded = self.recording("adam_family")
        steps, sizes = recorded.step_drawn.values, recorded.drawn.values
        norms, powers = recorded.norm.values, recorded.power.values
        shown, state = ValueTracker(1), ValueTracker(0)
        high = 1.04 * float(max(sizes.max(), norms.max()))
        chart = Chart((-0.4, -1.05), 11.2, 4.4, (0.2, steps[-1] + 0.8), (0, high))
        floor = [chart.point(edge, 0.0) for edge in chart.x]
        pale = Bars(chart, steps, sizes, ValueTracker(steps[-1]), color="quiet")
        bars = Bars(chart, steps, sizes, shown, color="muted")
        peaks = counted(chart, recorded, shown)
        line = Divisor(chart, norms, shown, state)
        squares = Divisor(chart, norms, shown, ValueTracker(0), strength=0.55)
        axes = Group(
            chart.y_ticks(round_ticks(0, high)),
            chart.x_ticks([float(steps[-1])]),
            Words("step", LABEL, "muted").on_baseline(chart.left, chart.bottom - 0.4),
        )
        last = len(powers) - 1
        rests = [0, *np.flatnonzero(np.isin(powers, RESTS)).tolist(), last]
        slider = Slider(powers, rests, state)
        adam, adamax = names(chart, recorded)

        self.next_section("root")
        words = self.headline("root", n=len(steps)).add(formula("root", "adam"))
        zero = Rule(floor[0], floor[1], "quiet", 2)
        self.add(words, zero, axes, pale, bars, peaks, squares, line, slider, *slider.stops)
        self.play(shown.animate.set_value(steps[-1]), run_time=3.0, rate_func=linear)

        self.next_section("powers")
        root = formula("powers")
        words = self.say(words, "powers", also=[adam, root])
        self.remove(root)
        words.add(root)  # it goes with the headline
        for stop in rests[1:]:
            self.play(state.animate.set_value(stop), run_time=0.9, rate_func=smooth)
            self.wait(0.8 if stop < last else 0.3)

        self.next_section("maximum")
        self.say(words, "maximum", also=[adamax, formula("maximum", "adamax")])
        self.play(FadeOut(bars), run_time=0.8)
        self.wait(1.5)


def formula(headline, of=None):
    """Return what is divided by, in letters, in the colour of the optimizer that does."""
    ink = row("optimizers", of)["color"] if of else "text"
    set_ = Formula(say(f"{headline} formula"), 44, ink)
    return set_.move_to((SLIDER[1] + 1.2, MIDDLE, 0), aligned_edge=LEFT)


def counted(chart, recorded, shown):
    """Return bars of the gradients of which the maximum was taken: the line at p = ∞ is on them."""
    steps, sizes = recorded.step_drawn.values, recorded.drawn.values
    at = np.isclose(sizes, recorded.norm.values[-1], rtol=1e-6)
    return Bars(chart, steps[at], sizes[at], shown, color="muted")


def names(chart, recorded):
    """Return the names of Adam and AdaMax beside the ends of their lines, none on the other."""
    adam, adamax = (float(chart.point(0, line[-1])[1]) for line in recorded.norm.values[[0, -1]])
    apart = max(0.0, 0.5 - (adamax - adam)) / 2  # the maximum is never below the root
    return [
        Words(row("optimizers", name)["label"], 34, weight="semibold").on_baseline(
            chart.left + chart.width + 0.2, y - 0.12
        )
        for name, y in (("adam", adam - apart), ("adamax", adamax + apart))
    ]


class Slider(Painted):
    """The power, as a knob on a line with the powers at which the film rests."""

    def __init__(self, powers, rests, state):
        left, right, up = SLIDER
        super().__init__(right - left, 0.3, reads=[state])
        self.move_to(((left + right) / 2, up, 0))
        self.rests, self.state, self.up = rests, state, up
        self.places = np.linspace(left, right, len(rests))
        self.ink, self.quiet = theme.color("text"), theme.color("quiet")
        self.stops = [
            Formula(say("power"), 38).move_to((left - 0.75, up, 0)),
            *(Stop(power, at, (x, up + 0.27), state)
              for power, at, x in zip(powers[rests], rests, self.places, strict=True)),
        ]  # fmt: skip

    def knob(self):
        """Return where the knob is: on its way from one rest to the next as far as the line is."""
        return float(np.interp(self.state.get_value(), self.rests, self.places))

    def paint(self, pen):
        """Draw the line, a mark at each rest, and the knob."""
        pen.color(self.quiet)
        pen.width(4.0)
        pen.polyline(np.array([[self.places[0], self.up], [self.places[-1], self.up]]))
        pen.stroke()
        for x in self.places:
            pen.circle(x, self.up, 0.07)
            pen.fill()
        pen.color(self.ink)
        pen.circle(self.knob(), self.up, 0.13)
        pen.fill()


class Stop(Number):
    """A power over its mark on the slider, bright while the knob is there."""

    def __init__(self, power, at, place, state):
        told = number(float(power)) if np.isfinite(power) else say("endless")
        super().__init__(lambda: told, [state], size=LABEL, weight="semibold", widest=told)
        self.at, self.state = at, state
        self.move_to((*place, 0), aligned_edge=DOWN)

    def lit(self):
        """Return whether the line is that of just this power."""
        return abs(self.state.get_value() - self.at) < 1e-6

    def paint(self, pen):
        """Write it."""
        self.ink = theme.color("text" if self.lit() else "muted")
        super().paint(pen)


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
