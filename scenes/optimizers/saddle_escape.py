"""Five ways down into a hollow: who gets out, and when."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, ValueTracker

from look import theme
from look.runs import row, series
from look.words import say
from scenes.optimizers._marks import Rule
from scenes.optimizers._runners import write
from scenes.parts.charts import Chart, Curve, between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.recorded import RecordedScene

READS = {
    "saddle_escape": "theta_hollow (run, step_hollow), left (surface, run), "
    "height_hollow (u_hollow), hollow_x (u_hollow), loss_hollow (run, step_hollow), "
    "surface (surface), run (run), n_runs, hollow_edge, hollow_left, hollow_steps, case, "
    "hollow_noise_left, repeats",
}

DESCRIPTION = """\
A ground seen from the side: a shallow hollow at the left, a dashed edge on the rise beside it, a
deeper hollow at the right. On the left slope five dots lie at one place, each on a string to its
name, name above name. All take their steps at the same pace. One has speed enough to run over the
edge at once and swings in the deep hollow. Another one jumps about until a jump leads over. The
others come to rest in the shallow hollow. While one is out, the step at which it got
out stands behind its name."""

SLOW, FAST = 0.14, 0.04  # seconds a step, at first and later
FIRST = 24  # steps that are shown slowly
LANE, CLEAR = 0.47, 0.3  # between two names, and under the lowest one, in frame units
EM = 34 / PIXELS_PER_UNIT


class SaddleEscape(RecordedScene):
    def construct(self):
        recorded = self.recording("saddle_escape")
        n_steps = int(recorded.attrs["hollow_steps"])
        first = min(FIRST, n_steps)
        clock = ValueTracker(0)
        still, flags = ground(recorded, clock)
        counter = Number(
            lambda: say("clock", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("clock", step=888), align="right",
        ).move_to((6.75, -3.7, 0), aligned_edge=DOWN + RIGHT)  # fmt: skip

        self.next_section("start")
        words = self.headline("film start")
        self.add(words, *still, flags, counter)
        self.play_steps(clock, 1, 0.6)

        self.next_section("first")
        self.play_steps(clock, first, SLOW)
        words = self.say(words, "film rest", n=n_steps - first)

        self.next_section("rest")
        self.play_steps(clock, n_steps, FAST)

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.5)


def shown(name):
    """Return a run's label and the token of its colour."""
    if name == "noise":
        return series(name).label, series(name).token
    fields = row("optimizers", name)
    return fields["label"], fields["color"]


def in_order(recorded):
    """Return all runs with the step at which each is out, the first first; −1 for who stays."""
    left = recorded.left.sel(surface="hollow").values
    order = np.argsort(np.where(left < 0, left.max() + 1, left), kind="stable")
    return [(str(recorded.run.values[k]), int(left[k])) for k in order]


def ground(recorded, clock):
    """Return the ground with its edge, and the five flags on it."""
    across, heights = recorded.hollow_x.values, recorded.height_hollow.values
    chart = Chart(
        (-0.75, -2.1), 11.6, 2.9, (across[0], across[-1]),
        (float(heights.min()), float(heights.max())),
    )  # fmt: skip
    edge = recorded.attrs["hollow_edge"]
    (x, y) = chart.point(edge, float(np.interp(edge, across, heights)))
    rule = Rule((x, y - 0.9), (x, 2.0), "text", 2, (8, 7))
    return [Curve(chart, across, heights, "muted", 6), rule], Flags(chart, recorded, clock)


class Flags(Painted):
    """Everyone's place on the ground, each on a string to a name at a height of its own.

    So that none hides another: most are at one place for most of the time.
    """

    def __init__(self, chart, recorded, clock):
        super().__init__(13.4, 6.0, reads=[clock])
        self.shift((0, -0.8, 0))
        self.clock = clock
        self.places = [
            chart.point(*data)
            for data in zip(recorded.theta_hollow.values, recorded.loss_hollow.values, strict=True)
        ]
        order = in_order(recorded)
        steps = dict(order)
        names = recorded.run.values.tolist()
        # who leaves first flies highest
        lanes = [run for run, _ in order][::-1]
        self.heights = [chart.top + CLEAR + LANE * lanes.index(run) for run in names]
        self.names = [shown(run) for run in names]
        self.left = [steps[run] for run in names]
        self.edge = chart.point(recorded.attrs["hollow_edge"], 0)[0]

    def feet(self):
        """Return where on the ground each stands now, (run, 2)."""
        return np.array([between(path, self.clock.get_value()) for path in self.places])

    def texts(self):
        """Return what stands at each: its name, and while it is out, the step it got out at."""
        now = self.clock.get_value() + 1e-9
        return [
            say("flag", label=label, out=0 <= step <= now and foot[0] > self.edge, step=step)
            for (label, _), step, foot in zip(self.names, self.left, self.feet(), strict=True)
        ]

    def paint(self, pen):
        """Draw the strings, then the dots and what is said of them."""
        halo, text = theme.color("background"), theme.color("text")
        inks = [theme.color(token) for _, token in self.names]
        feet = self.feet().tolist()
        for (x, y), top, ink in zip(feet, self.heights, inks, strict=True):
            pen.color(ink, 0.7)
            pen.width(2)
            pen.polyline(np.array([[x, y], [x, top]]))
            pen.stroke()
        for (x, y), top, ink, said in zip(feet, self.heights, inks, self.texts(), strict=True):
            pen.disc((x, y), 0.13, ink, halo, 2)
            pen.disc((x, top), 0.13, ink, halo, 2)
            write(pen, said, (x + 0.26, top - 0.12), EM, halo, text, 1.0)
