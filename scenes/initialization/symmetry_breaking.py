"""Three starts learn two moons on one clock, and their hidden units part or do not."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, ValueTracker

from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart, _clip
from scenes.parts.fits import Between, Field, Grid, Points
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), apart (run, snapshot), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), snapshot (snapshot), constant, hidden, "
    "n_steps, parted, stayed"
}

DESCRIPTION = """\
Three maps of two moons of points stand side by side; each shows a network's decision and a yellow
line for each of its hidden units. Left and middle, all weights start equal, and all lines lie on
each other; on the right they start at random and point everywhere. Training begins. On the right,
the lines turn until the boundary bends around the moons. In the other two a single line turns, and
the boundary stays straight. Below, on a logarithmic axis, a curve shows how far units differ: in
single precision rounding makes a tiny difference, which grows until, in the middle map, the one
line splits into several and the boundary bends as well. In double precision it lies on the floor.
"""

WIDE, GAP = 4.12, 0.3
LOW = 1e-9


class SymmetryBreaking(RecordedScene):
    def construct(self):
        recorded = self.recording("symmetry_breaking")
        steps, n_steps = recorded.snapshot.values, int(recorded.attrs["n_steps"])
        clock = ValueTracker(0)
        x, y = recorded.grid_x.values, recorded.grid_y.values
        tall = min(WIDE * float((y[-1] - y[0]) / (x[-1] - x[0])), 2.72)
        parts, point = [], recorded.point.values
        for i, name in enumerate(recorded.run.values.tolist()):
            left = -6.6 + i * (WIDE + GAP)
            chart = Chart(
                (left + WIDE / 2, 1.62 - tall / 2), WIDE, tall, (x[0], x[-1]), (y[0], y[-1])
            )
            one = recorded.sel(run=name)
            parts += [
                Field(chart, x, y, Between(steps, one.probability.values), clock),
                Points(chart, point[:, 0], point[:, 1], recorded.label.values, radius=0.05),
                Lines(chart, Between(steps, one.unit.values[..., :3]), clock),
                Words(say(name), weight="semibold").on_baseline(left, 1.75),
                right(one.accuracy.values, steps, clock, left + WIDE),
            ]
        chart = Chart((0.6, -2.5), 11.9, 1.3, (0, n_steps), (LOW / 2, 30), log_y=True)
        parts += [
            Grid(chart, [1e-8, 1e-4, 1]),
            chart.y_ticks([1e-8, 1e-4, 1]),
            Words(say("apart"), color="muted").on_baseline(-6.6, -1.6),
            Words(say("clock"), color="muted").on_baseline(5.45, -3.75, RIGHT),
            Number(lambda: number(round(clock.get_value())), [clock], widest="0,000").move_to(
                (5.6, -3.75, 0), aligned_edge=LEFT + DOWN
            ),
        ]
        for i, name in enumerate(recorded.run.values.tolist()):
            values = np.clip(recorded.apart.values[i], LOW, 30)
            token = series(name).token
            parts.append(Path(chart, np.stack([steps, values], 1), steps, clock, token, width=4))
            at = -6.6 + 4.0 * i
            parts += [
                Key(token).move_to((at + 0.2, -3.64, 0)),
                Words(say(name)).on_baseline(at + 0.52, -3.75),
            ]

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *parts)
        self.wait(0.6)
        pace = 11.0 / n_steps
        self.play_steps(clock, 0.2 * n_steps, pace)

        self.next_section("training")
        words = self.say(words, "training")
        self.play_steps(clock, n_steps, pace)

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.5)


def right(accuracy, steps, clock, edge):
    """Return the share of points that are right, at the clock's latest recorded step."""

    def text():
        k = int(np.searchsorted(steps, clock.get_value() + 1e-6, side="right")) - 1
        return percent(accuracy[max(k, 0)])

    shown = Number(text, [clock], widest="100 %", align="right")
    return shown.move_to((edge, 1.75, 0), aligned_edge=RIGHT + DOWN)


class Key(Painted):
    """A short line in somebody's colour."""

    def __init__(self, color):
        super().__init__(0.4, 0.06)
        self.ink = theme.color(color)

    def paint(self, pen):
        pen.color(self.ink)
        pen.rectangle(*self.box)
        pen.fill()


class Lines(Painted):
    """Where each hidden unit's sum w·x + b is 0."""

    def __init__(self, chart, units, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.units, self.clock = chart, units, clock
        self.ink = theme.color("yellow")

    def paint(self, pen):
        _clip(pen, self.chart)
        units = self.units(self.clock.get_value())  # (unit, w₁ w₂ b)
        (x0, x1), (y0, y1) = self.chart.x, self.chart.y
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        reach = np.hypot(x1 - x0, y1 - y0)
        pen.color(self.ink)
        pen.width(3)
        for *normal, bias in units:
            normal = np.array(normal)
            length = max(float(np.hypot(*normal)), 1e-12)
            # The line's point nearest the middle, and both ways along it.
            foot = middle - normal * (normal @ middle + bias) / length**2
            along = np.array([-normal[1], normal[0]]) / length * reach
            if np.abs(foot - middle).max() < reach:
                ends = np.array([foot - along, foot + along])
                pen.polyline(self.chart.point(ends[:, 0], ends[:, 1]))
        pen.stroke()
