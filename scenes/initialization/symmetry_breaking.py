"""Three starts learn two moons, one after the other, and their hidden units part or do not."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeIn, FadeOut, Group, ValueTracker

from look import theme
from look.lines import n_lines
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, _clip
from scenes.parts.fits import Field, Latest, Points
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "symmetry_breaking": "unit (run, snapshot, unit, param), apart (run, snapshot), "
    "probability (run, snapshot, y, x), accuracy (run, snapshot), point (example, feature), "
    "label (example), grid_x (x), grid_y (y), run (run), snapshot (snapshot), hidden, "
    "n_steps, parted, random_accuracy, stayed"
}

DESCRIPTION = """\
A large map of two moons of points shows a network's decision and a yellow line for each of its
hidden units. All its weights start equal: all lines lie on each other, and as it trains that single
line turns and the boundary stays straight. The map shrinks to the right edge and stays there. The
next network starts at random: its lines point everywhere, turn one by one, and the boundary bends
around the moons. The last one starts equal as the first, but in single precision: its one line
turns as before, until it splits into several and the boundary bends as well. Beside the map stand
how many lines there are, how far two units differ at most, and how many points are right.
"""

LEFT_EDGE, TOP, WIDE, TALL = -6.6, 1.75, 9.0, 5.5  # of the large map, at most
ASIDE = 2.75  # left edge of what is said of it
SMALL = 1.85  # width of a map that has had its turn
MAP = 3  # parts that make a map
ORDER = ("equal", "random", "rounded")  # in which they run
RUN_SECONDS = {"equal": 3.0, "random": 3.4, "rounded": 4.6}


class SymmetryBreaking(RecordedScene):
    def construct(self):
        recorded = self.recording("symmetry_breaking")
        n_steps = int(recorded.attrs["n_steps"])
        words, before = None, []
        for i, (name, section) in enumerate(zip(ORDER, ("start", "training", "end"), strict=True)):
            clock = ValueTracker(0)
            large = mapped(recorded, name, clock)
            self.next_section(section)
            if words is None:
                words = self.headline(section)
                self.add(words, *large)
            else:  # the next map comes over the one before
                words = self.say(words, section, also=[Group(*large)])
                self.remove(*before)
            self.play_steps(clock, n_steps, RUN_SECONDS[name] / n_steps)
            if name != ORDER[-1]:
                self.wait(0.5)
                before, told = large[:MAP], Group(*large[MAP:])
                self.play(FadeOut(told), FadeIn(Group(*kept(recorded, name, i))), run_time=0.4)
        self.wait(1.5)


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


def mapped(recorded, name, clock):
    """Return the large map of the network whose turn it is, and what is said of it."""
    one, steps = recorded.sel(run=name), recorded.snapshot.values
    x, y = recorded.grid_x.values, recorded.grid_y.values
    wide = min(WIDE, TALL * float((x[-1] - x[0]) / (y[-1] - y[0])))

    def now(values):
        """Return a recorded value at the clock's latest recorded step."""
        return Latest(steps, values)(clock.get_value()).item()

    lines = [n_lines(each) for each in one.unit.values[..., :3]]
    apart = one.apart.values.tolist()
    said = [
        (lambda: say("lines", n=int(now(lines))), "00 lines", 44),
        (lambda: difference(now(apart)), "less than 0.1", 38),
        (lambda: say("right", share=round(now(one.accuracy.values), 6)), "100 % right", 38),
    ]
    parts = [
        *plane(recorded, name, clock, LEFT_EDGE, TOP, wide, 0.08, 4.5),
        Key(series(name).token, 0.3).move_to((ASIDE + 0.15, TOP - 0.2, 0)),
        Words(say(name), 38, weight="semibold").on_baseline(ASIDE + 0.45, TOP - 0.33),
        Words(say("differs"), color="muted").on_baseline(ASIDE, TOP - 1.95),
    ]
    for (text, widest, size), y_text in zip(said, (-1.15, -2.5, -3.3), strict=True):
        shown = Number(text, [clock], widest=widest, align="left", size=size, weight="semibold")
        parts.append(shown.move_to((ASIDE, TOP + y_text, 0), aligned_edge=LEFT + DOWN))
    return parts


def difference(apart):
    """Return how far two units are apart, in words where it is 0 or hardly more."""
    return say("differ", x=apart, large=int(apart >= 0.1)) if apart else say("zero")


def kept(recorded, name, i):
    """Return a map that has had its turn, small, with its name and how many lines it has."""
    end = ValueTracker(int(recorded.attrs["n_steps"]))
    left = ASIDE + i * (SMALL + 0.15)
    n = n_lines(recorded.unit.sel(run=name).values[-1, :, :3])
    return [
        *plane(recorded, name, end, left, -2.1, SMALL, 0.025, 2.0),
        Words(say("lines", n=n), color="muted").on_baseline(left, -3.75),
    ]


class Lines(Painted):
    """Where each hidden unit's sum w·x + b is 0."""

    def __init__(self, chart, units, clock, width):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.units, self.clock, self.thick = chart, units, clock, width
        self.ink = theme.color("yellow")

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
