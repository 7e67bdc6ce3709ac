"""One parameter goes downhill: tangent, step, repeat; then from the other side of the hilltop."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup

from look import theme
from look.numbers import fixed, number
from look.runs import series
from scenes.parts.charts import Chart, Curve, between
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

TANGENT = 1.25  # half the length of a tangent, in frame units

READS = {
    "descent_one_parameter": "theta (run, step), loss (run, step), slope (run, step), "
    "move (run, step), curve_x (x), curve (x), run (run), apart, first_end_loss, lr, "
    "second_end_loss, second_slope, second_start",
}

ASPECTS = {
    "9:16": [(-6.95, -3.95, 2.3, 2.5), (2.3, -3.0, 6.95, 2.5)],
    "1:1": [(-4.7, -4.0, 4.7, 2.1)],
}

DESCRIPTION = """\
A curve with two hollows and a hilltop. A point stands just to the right of the top. Its tangent
appears, and a bar under the curve shows the step that follows from it: minus the learning rate
times the slope. The point takes that step. Then it goes on, step by step, a new bar under the last
for each: longer while the curve gets steeper, shorter while it gets flat again, until the point
rests at the bottom of the deeper hollow. A second point starts to the left of the top, where the
slope is positive, and goes the other way, into the shallower hollow. Numbers give slope and step
all the while.
"""


class DescentOneParameter(RecordedScene):
    def construct(self):
        recorded = self.recording("descent_one_parameter")
        n_steps = recorded.sizes["step"] - 1
        x, curve = recorded.curve_x.values, recorded.curve.values
        span, tall = (float(x[0]), float(x[-1])), float(np.ptp(curve))
        heights = curve.min() - 0.05 * tall, curve.max() + 0.03 * tall
        rungs = n_steps - 0.25, -0.75
        if self.square:
            valley = Chart((0, 0.75), 8.6, 2.2, span, heights)
            ladder = Chart((0, -1.08), 8.6, 1.15, span, rungs)
        else:
            valley = Chart((-2.3, 0.55), 8.6, 3.4, span, heights)
            ladder = Chart((-2.3, -2.28), 8.6, 1.9, span, rungs)
        clocks = [ValueTracker(0), ValueTracker(0)]
        tangents = [ValueTracker(0), ValueTracker(0)]
        walks, tables = [], []
        for i, name in enumerate(recorded.run.values.tolist()):
            run, color = recorded.sel(run=name), series(name).color
            walks.append(Walk(valley, ladder, run, clocks[i], tangents[i], color))
            tables.append(table(run, clocks[i], color, self.square))
        ground = Curve(valley, x, curve, width=3)
        names = VGroup(
            Words("J(θ)", 34, "muted").on_baseline(valley.left + 0.28, valley.top - 0.27),
            Words("θ", 34, "muted").on_baseline(valley.left + 8.76, ladder.bottom - 0.42, ORIGIN),
            *axis(ladder, span, n_steps),
        )
        rule = Formula("theta arrow.l theta - eta J'(theta)", 36)
        rule.move_to((0.3, -3.58, 0) if self.square else (2.75, 2.1, 0), LEFT)
        note = VGroup()
        if not self.square:
            note.add(
                Words("one bar a step,", 34, "muted").on_baseline(2.75, -2.2),
                Words("from the old θ to the new", 34, "muted").on_baseline(2.75, -2.66),
            )

        self.next_section("start")
        words = self.headline("start")
        self.add(words, ground, names)
        self.play(FadeIn(walks[0]), run_time=0.5)
        self.beat(1.5, "which way is down?")

        self.next_section("slope")
        words = self.say(words, "slope")
        self.play(
            tangents[0].animate.set_value(1),
            *(FadeIn(part) for part in (rule, tables[0], note)),
            run_time=0.8,
        )
        self.wait(0.6)
        self.play_steps(clocks[0], 1, 1.4)

        self.next_section("repeat")
        words = self.say(words, "repeat")
        self.play_steps(clocks[0], n_steps, 0.38)
        self.wait(0.5)

        self.next_section("other start")
        words = self.say(words, "other start", falls=recorded.attrs["second_slope"] > 0)
        self.play(
            FadeOut(tables[0]),
            *(FadeIn(part) for part in (walks[1], tables[1])),
            tangents[1].animate.set_value(1),
            run_time=0.4,
        )
        self.play_steps(clocks[1], n_steps, 0.24)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.wait(1.5)


def axis(ladder, span, n_steps):
    """Return the labels of whole numbers under the bars."""
    whole = np.arange(np.ceil(span[0]), span[1] + 1e-9)
    return [
        Words(number(value), 28, "muted").on_baseline(
            ladder.point(value, 0)[0], ladder.bottom - 0.42, ORIGIN
        )
        for value in whole
    ]


def table(run, clock, color, square):
    """Return the numbers of a run's step under way: its place, its slope, its length.

    In a square they stand in two columns under the bars, else in one beside the curve.
    """
    last = run.sizes["step"] - 1

    def at():
        return min(int(clock.get_value() + 1e-9), last)

    def now(name, decimals=3, sign=True):
        values = run[name].values
        return lambda: fixed(values[at()], decimals, sign=sign)

    rows = [  # the slope so exact that the step follows from it
        ("steps taken", lambda: number(at())),
        ("θ", now("theta")),
        ("slope J′(θ)", now("slope", 4)),
        ("next step −ηJ′(θ)", now("move")),
        ("loss J(θ)", now("loss", sign=False)),
    ]
    if square:
        places = [(-4.05 + 4.35 * (i // 3), -2.6 - 0.52 * (i % 3)) for i in range(5)]
    else:
        places = [(2.75, 1.15 - 0.55 * i) for i in range(5)]
    left, top = places[0]
    group = Group(Key(color, 0.18).move_to((left - 0.25, top + 0.08, 0)))
    for (name, text), (left, y) in zip(rows, places, strict=True):
        shown = Number(text, [clock], size=34, widest="+0.0000", align="right")
        group.add(
            Words(name, 34, "muted").on_baseline(left, y),
            shown.move_to((left + 3.85, y, 0), aligned_edge=RIGHT + DOWN),
        )
    return group


class Walk(Painted):
    """A run on the curve: its point and tangent now, the places before, and a bar for each step.

    A tangent belongs to the place where a step begins; it fades while the step is taken.
    """

    def __init__(self, valley, ladder, run, clock, shown, color):
        super().__init__(valley.width, valley.center[1] - ladder.center[1] + 2.6)
        self.reads = (clock, shown)
        self.move_to((valley.center[0], (valley.center[1] + ladder.center[1]) / 2, 0))
        self.clock, self.shown = clock, shown
        theta, loss, slope = (run[name].values for name in ("theta", "loss", "slope"))
        self.places = valley.point(theta, loss)
        unit = valley.point([0.0, 1.0], [0.0, 1.0])
        across, up = unit[1] - unit[0]
        along = np.stack([np.full(len(slope), across), slope * up], axis=1)
        self.along = TANGENT * along / np.linalg.norm(along, axis=1, keepdims=True)
        self.bars = ladder.point(theta, np.arange(len(theta)))
        self.foot = ladder.bottom
        self.ink = theme.color(color)
        self.halo, self.text = theme.color("background"), theme.color("text")
        self.quiet = theme.color("quiet")

    def paint(self, pen):
        last = len(self.places) - 1
        step = min(self.clock.get_value(), last)
        whole = int(step + 1e-9)
        share = max(step - whole, 0.0)
        head = between(self.places, step)
        context = pen.context
        # A line from the point down to where the next bar begins ties the two pictures.
        pen.color(self.quiet)
        pen.width(1.5)
        pen.polyline(np.array([head, [head[0], self.foot]]))
        pen.stroke()
        context.set_line_cap(0)
        pen.color(self.ink)
        pen.width(9)
        for k in range(whole + (share > 0)):
            (x0, y), x1 = self.bars[k], self.bars[k + 1, 0]
            end = x0 + (share if k == whole else 1.0) * (x1 - x0)
            pen.polyline(np.array([[x0, y], [end, y]]))
        pen.stroke()
        for x, y in self.places[: whole + 1].tolist():
            pen.circle(x, y, 0.055)
            pen.fill()
        alpha = self.shown.get_value() * (1 - share)
        context.set_line_cap(1)
        for color, width in ((self.halo, 7), (self.text, 3)):
            pen.color(color, alpha)
            pen.width(width)
            pen.polyline(self.places[whole] + np.array([[-1.0], [1.0]]) * self.along[whole])
            pen.stroke()
        pen.circle(*head.tolist(), 0.12)
        pen.color(self.ink)
        context.fill_preserve()
        pen.color(self.halo)
        pen.width(2)
        pen.stroke()
