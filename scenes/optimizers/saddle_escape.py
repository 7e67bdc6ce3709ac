"""Five ways down into a hollow: who gets out, and when."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

from look import theme
from look.runs import row, series
from look.words import say
from scenes.optimizers._marks import Rule
from scenes.parts import font
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
deeper hollow at the right. On the left slope five dots lie at one place; under the ground each has
a lane with its name, where it leaves a bar as far as it has come. All take their steps at the same
pace. One has speed enough to run over the edge at once and swings in the deep hollow. Another one
jumps about until it is over for good. The others come to rest in the shallow hollow; dots at
one place are rings around each other. Who stays
out has at the end of its lane the step from which on it did."""

SLOW, FAST = 0.14, 0.04  # seconds a step, at first and later
FIRST = 24  # steps that are shown slowly
TOP, LANE = -0.85, 0.62  # of the lanes under the ground, in frame units
NAMES, EDGE = -3.75, 5.15  # where names end, and what is said of each begins
EM = 34 / PIXELS_PER_UNIT
BALL, RING = 0.14, 0.08  # radius, and by how much one around another is larger


class SaddleEscape(RecordedScene):
    def construct(self):
        recorded = self.recording("saddle_escape")
        n_steps = int(recorded.attrs["hollow_steps"])
        first = min(FIRST, n_steps)
        clock = ValueTracker(0)
        still, lanes = ground(recorded, clock)
        counter = Number(
            lambda: say("clock", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("clock", step=888),
        ).move_to((-6.6, 1.7, 0), aligned_edge=DOWN + LEFT)  # fmt: skip

        self.next_section("start")
        words = self.headline("film start")
        self.add(words, *still, lanes, counter)
        self.wait(0.3)
        self.play_steps(clock, 1, 0.6)

        self.next_section("first")
        self.play_steps(clock, first, SLOW)
        there = [run for run, step in steps_out(recorded) if 0 <= step <= first]
        who = shown(there[0])[0] if there else ""
        words = self.say(words, "film rest", n=len(there), who=who, step=first)

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


def steps_out(recorded):
    """Return all runs with the step from which on each is out, −1 for who isn't."""
    return list(
        zip(
            recorded.run.values.tolist(),
            recorded.left.sel(surface="hollow").values.tolist(),
            strict=True,
        )
    )


def ground(recorded, clock):
    """Return the ground with its edge, and the five on it, each with its lane."""
    across, heights = recorded.hollow_x.values, recorded.height_hollow.values
    tall = float(np.ptp(heights))  # some ground, and the width of the line
    chart = Chart(
        (0.7, 0.95), 8.4, 2.5, (across[0], across[-1]),
        (float(heights.min()) - 0.15 * tall, float(heights.max()) + 0.03 * tall),
    )  # fmt: skip
    (x, _) = chart.point(recorded.attrs["hollow_edge"], 0.0)
    rule = Rule((x, chart.top), (x, TOP - 4.5 * LANE), "text", 2, (8, 7))
    return [Curve(chart, across, heights, "muted", 6, ground=True), rule], Lanes(
        chart, recorded, clock
    )


class Lanes(Painted):
    """Everyone's place on the ground, and under it a lane for each: how far it has come.

    So that none hides another, those at one place are rings: most are there most of the time.
    """

    def __init__(self, chart, recorded, clock):
        super().__init__(13.4, 6.6, reads=[clock])
        self.shift((0, -0.6, 0))
        self.clock = clock
        self.places = [
            chart.point(*data)
            for data in zip(recorded.theta_hollow.values, recorded.loss_hollow.values, strict=True)
        ]
        self.names = [shown(run) for run, _ in steps_out(recorded)]
        self.left = [step for _, step in steps_out(recorded)]
        self.heights = [TOP - LANE * k for k in range(len(self.names))]

    def feet(self):
        """Return where on the ground each stands now, (run, 2)."""
        return np.array([between(path, self.clock.get_value()) for path in self.places])

    def radii(self):
        """Return how large each is drawn, (run,): larger than those before it where they touch."""
        feet = self.feet()
        found = np.full(len(feet), BALL)
        for k in range(1, len(feet)):
            aside = np.linalg.norm(feet[:k] - feet[k], axis=1)
            found[k] += RING * np.clip(2 - aside / BALL, 0, 1).sum()  # little by little
        return found

    def reach(self, k):
        """Return from where to where one has come until now, in frame units."""
        now = self.clock.get_value()
        way = np.append(self.places[k][: int(now) + 1, 0], between(self.places[k], now)[0])
        return float(way.min()), float(way.max())

    def texts(self):
        """Return what stands at the end of each lane: nothing until it is out for good."""
        now = self.clock.get_value() + 1e-9
        return [say("out", step=step) if 0 <= step <= now else "" for step in self.left]

    def paint(self, pen):
        """Draw the lanes, then the dots on the ground."""
        halo, text = theme.color("background"), theme.color("text")
        feet = self.feet().tolist()
        lanes = zip(self.names, self.heights, feet, self.texts(), strict=True)
        for k, ((label, token), y, (x, _), said) in enumerate(lanes):
            ink, (low, high) = theme.color(token), self.reach(k)
            pen.color(ink)
            pen.rectangle(low, y - 0.04, high - low, 0.08)
            pen.fill()
            pen.disc((x, y), BALL, ink, halo, 2)
            pen.color(text)
            wide = font.advance(label, "regular") * EM
            font.write(pen, label, NAMES - wide, y - 0.12, EM, "regular")
            font.write(pen, said, EDGE, y - 0.12, EM, "semibold")
        radii = self.radii()
        for k in np.argsort(-radii, kind="stable").tolist():  # the smallest on top
            pen.disc(feet[k], float(radii[k]), theme.color(self.names[k][1]), halo, 2)
