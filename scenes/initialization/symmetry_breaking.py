"""Equal and random starts learn two moons, and their hidden units part or do not."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeOut, Group, ValueTracker

from look import theme
from look.lines import n_lines
from look.words import say
from scenes.parts.charts import Chart, _clip
from scenes.parts.fits import Field, Latest, Points
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), snapshot (snapshot), hidden, "
    "parted, parted_at, stayed, random_accuracy, equal_accuracy, n_steps"
}

DESCRIPTION = """\
Two maps of two moons of points side by side, each with a network's decision and a purple line for
each of its hidden units. On the left all weights start equal: all lines lie on each other, and as
the network trains that single line turns and the boundary stays straight. Then the right map,
pale until now, comes to light: its weights are random, its lines point everywhere, turn one by one,
and the boundary bends around the moons. At last a third network takes the right map: it starts
equal too, with numbers of 32 bits. Its one line turns as the left one did, until rounding splits it
into several and the boundary bends, beside the left map's one line, which stays. In the end the
random start is there again, beside the equal one. Over each map runs its step, and under it stand
how many lines there are and how many points are right.
"""

WIDE, GAP = 6.35, 0.5  # of a map, and between the two, in frame units
LEFTMOST, TOP = -6.6, 1.6
FAINT = 0.3  # opacity of the one whose turn has not come
EARLY, EARLY_SECONDS, LATE_SECONDS = 0.3, 2.8, 1.0  # most of it happens in this share of the steps


class SymmetryBreaking(RecordedScene):
    def construct(self):
        recorded = self.recording("symmetry_breaking")
        steps = recorded.snapshot.values
        clocks = [ValueTracker(0), ValueTracker(0)]
        first, second = (
            mapped(recorded, name, clock, LEFTMOST + i * (WIDE + GAP))
            for i, (name, clock) in enumerate(zip(("equal", "random"), clocks, strict=True))
        )
        for part in second:
            part.set_opacity(FAINT)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *first, *second)
        self.learn(clocks[0], steps)
        self.wait(0.6)

        self.next_section("training")
        words = self.say(words, "training")
        self.play(*(part.animate.set_opacity(1) for part in second), run_time=0.4)
        self.learn(clocks[1], steps)

        self.next_section("again")
        again, name = ValueTracker(0), next(part for part in first if isinstance(part, Words))
        old = [name, *second]
        self.play(FadeOut(Group(*old)), run_time=0.3)
        self.remove(*old)
        third = Group(*mapped(recorded, "rounded", again, LEFTMOST + WIDE + GAP))
        exact = Words(say("exact"), 38, weight="semibold").on_baseline(LEFTMOST, TOP + 0.2)
        words = self.say(words, "again", also=[third, exact])
        parted = max(float(recorded.attrs["parted_at"]), 0.0)
        self.play_steps(again, parted, 2.0 / max(parted, 1))
        if not parted:
            self.learn(again, steps)

        self.next_section("end")
        words = self.say(words, "end")
        self.play_steps(again, float(steps[-1]), 2.2 / max(float(steps[-1]) - parted, 1))
        self.wait(0.8)

        self.next_section("lesson")
        self.play(FadeOut(Group(third, exact)), run_time=0.3)
        self.remove(third, exact)
        self.say(words, "lesson", also=[Group(*old)])
        self.wait(1.5)

    def learn(self, clock, steps, pace=1.0):
        """Let a network train: slowly at first, where most of it happens."""
        last = len(steps) - 1  # of its snapshots; each is seen, so there are some in the first part
        early, end = float(steps[min(last, max(round(EARLY * last), 5))]), float(steps[-1])
        self.play_steps(clock, early, pace * EARLY_SECONDS / early)
        self.play_steps(clock, end, pace * LATE_SECONDS / max(end - early, 1))


def plane(recorded, name, clock, left, top, wide, radius, width):
    """Return a network's map: what it says, the points, and a line for each hidden unit."""
    one, steps = recorded.sel(run=name), recorded.snapshot.values
    x, y, point = recorded.grid_x.values, recorded.grid_y.values, recorded.point.values
    tall = wide * float((y[-1] - y[0]) / (x[-1] - x[0]))
    chart = Chart((left + wide / 2, top - tall / 2), wide, tall, (x[0], x[-1]), (y[0], y[-1]))
    return [
        Field(chart, x, y, Latest(steps, one.probability.values), clock, width=width),
        Points(chart, point[:, 0], point[:, 1], recorded.label.values, radius=radius),
        Lines(chart, Latest(steps, one.unit.values[..., :3]), clock, width),
    ]


def mapped(recorded, name, clock, left):
    """Return a network's map, its name above, and below how many lines and how many are right."""
    one, steps = recorded.sel(run=name), recorded.snapshot.values
    x, y = recorded.grid_x.values, recorded.grid_y.values
    foot = TOP - WIDE * float((y[-1] - y[0]) / (x[-1] - x[0])) - 0.65

    def now(values):
        """Return a recorded value at the clock's latest recorded step."""
        return Latest(steps, values)(clock.get_value()).item()

    lines = [n_lines(each) for each in one.unit.values[..., :3]]
    counted = Number(lambda: say("lines", n=int(now(lines))), [clock], align="left", size=40,
                     widest=say("lines", n=len(one.unit[0])), weight="semibold")  # fmt: skip
    right = Number(lambda: say("right", share=round(now(one.accuracy.values), 6)), [clock],
                   align="right", size=38, widest=say("right", share=1.0))  # fmt: skip
    step = Number(lambda: say("step", x=int(clock.get_value() + 1e-6)), [clock], align="right",
                  color="muted", widest=say("step", x=int(steps[-1])))  # fmt: skip
    return [
        *plane(recorded, name, clock, left, TOP, WIDE, 0.07, 4.5),
        step.move_to((left + WIDE, TOP + 0.2, 0), aligned_edge=RIGHT + DOWN),
        Words(say(name), 38, weight="semibold").on_baseline(left, TOP + 0.2),
        counted.move_to((left, foot, 0), aligned_edge=LEFT + DOWN),
        right.move_to((left + WIDE, foot, 0), aligned_edge=RIGHT + DOWN),
    ]


class Lines(Painted):
    """Where each hidden unit's sum w·x + b is 0."""

    def __init__(self, chart, units, clock, width):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.units, self.clock, self.thick = chart, units, clock, width
        self.ink = theme.color("purple")

    def paint(self, pen):
        _clip(pen, self.chart)
        units = self.units(self.clock.get_value())  # (unit, w₁ w₂ b)
        (x0, x1), (y0, y1) = self.chart.x, self.chart.y
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        reach = np.hypot(x1 - x0, y1 - y0)
        pen.color(self.ink)
        pen.width(self.thick)
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
