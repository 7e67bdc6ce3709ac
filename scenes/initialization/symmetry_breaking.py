"""Three starts learn two moons on one clock, and their hidden units part or do not."""

from __future__ import annotations

import numpy as np
from manim import DOWN, ORIGIN, RIGHT, ValueTracker

from look import theme
from look.numbers import percent
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart, _clip
from scenes.parts.fits import Between, Field, Grid, Points
from scenes.parts.marks import Key
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
line for each of its hidden units. First only the left one is bright: all its weights start equal,
all lines lie on each other, and as it trains that single line turns and the boundary stays
straight. Then the middle one, which starts at random: its lines point everywhere, turn one by one,
and the boundary bends around the moons. Last the right one, equal as the first, but in single
precision. Below, on a logarithmic axis, a curve for each shows how far units differ: on the floor
for the first, high from the start for the second, and for the third from a tiny rounding upwards,
until its one line splits into several and the boundary bends as well.
"""

WIDE, GAP, TOP = 4.12, 0.3, 1.62
LOW, ZERO = 1e-9, 1e-11  # of the axis, and where on it differences of exactly 0 have their line
ORDER = ("equal", "random", "rounded")  # in which they run
RUN_SECONDS = {"equal": 3.2, "random": 3.6, "rounded": 4.6}
FAINT = 0.25  # opacity of those whose turn has not come


class SymmetryBreaking(RecordedScene):
    def construct(self):
        recorded = self.recording("symmetry_breaking")
        n_steps = int(recorded.attrs["n_steps"])
        clocks = {name: ValueTracker(0) for name in ORDER}
        maps = {name: mapped(recorded, name, i, clocks[name]) for i, name in enumerate(ORDER)}
        chart = Chart((0.85, -2.62), 11.4, 1.7, (0, n_steps), (ZERO / 3, 30), log_y=True)
        frame = [
            Grid(chart, [1e-4, 1]),
            chart.y_ticks([1e-4, 1]),
            Words(say("zero"), color="muted").on_baseline(
                chart.left - 0.12, chart.point(0, ZERO)[1] - 0.1, RIGHT
            ),
            chart.x_ticks([0, n_steps]),
            Words(say("apart"), color="muted").on_baseline(-6.6, -1.62),
            Words(say("clock"), color="muted").on_baseline(chart.center[0], -3.9, ORIGIN),
        ]
        steps = recorded.snapshot.values
        for name in ORDER[1:]:
            for part in maps[name]:
                part.set_opacity(FAINT)

        def run(name):
            apart = recorded.apart.sel(run=name).values
            values = np.where(apart > 0, np.clip(apart, LOW, 30), ZERO)
            line = Path(chart, np.stack([steps, values], 1), steps, clocks[name],
                        series(name).token, width=5)  # fmt: skip
            self.add(line)
            if name != ORDER[0]:
                bright = (part.animate.set_opacity(1) for part in maps[name])
                self.play(*bright, run_time=0.4)
            self.play_steps(clocks[name], n_steps, RUN_SECONDS[name] / n_steps)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *frame, *(part for name in ORDER for part in maps[name]))
        run("equal")

        self.next_section("training")
        words = self.say(words, "training")
        run("random")

        self.next_section("end")
        self.say(words, "end")
        run("rounded")
        self.wait(1.5)


def mapped(recorded, name, i, clock):
    """Return a network's map, its name with the key of its curve, and how many points are right."""
    one, steps = recorded.sel(run=name), recorded.snapshot.values
    x, y, point = recorded.grid_x.values, recorded.grid_y.values, recorded.point.values
    left = -6.6 + i * (WIDE + GAP)
    tall = min(WIDE * float((y[-1] - y[0]) / (x[-1] - x[0])), 2.72)
    chart = Chart((left + WIDE / 2, TOP - tall / 2), WIDE, tall, (x[0], x[-1]), (y[0], y[-1]))
    return [
        Field(chart, x, y, Between(steps, one.probability.values), clock),
        Points(chart, point[:, 0], point[:, 1], recorded.label.values, radius=0.05),
        Lines(chart, Between(steps, one.unit.values[..., :3]), clock),
        Key(series(name).token, 0.24).move_to((left + 0.12, 1.87, 0)),
        Words(say(name), weight="semibold").on_baseline(left + 0.38, 1.75),
        right(one.accuracy.values, steps, clock, left + WIDE),
    ]


def right(accuracy, steps, clock, edge):
    """Return the share of points that are right, at the clock's latest recorded step."""

    def text():
        k = int(np.searchsorted(steps, clock.get_value() + 1e-6, side="right")) - 1
        return percent(accuracy[max(k, 0)])

    shown = Number(text, [clock], widest="100 %", align="right")
    return shown.move_to((edge, 1.75, 0), aligned_edge=RIGHT + DOWN)


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
