"""Adam in one parameter: two steps worked out number by number, then the run."""

from __future__ import annotations

import numpy as np
from manim import DOWN, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker

from look import theme
from look.numbers import number
from look.words import say
from scenes.optimizers._marks import Bars, Rule
from scenes.parts.charts import Chart, Curve, Trail, between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "adam_moments": "gradient (step), m (step), v (step), m_hat (step), v_hat (step), "
    "move (step), steep_move (step), theta (step_place), loss (step_place), curve_x (x), curve "
    "(x), step (step), alike, beta1, beta2, lr, plain_first, rest1, rest2, times",
}

DESCRIPTION = """\
Left, a parabola with a point on its slope. Right, line by line, what Adam makes of the slope: the
average m and the average of squares v, both too small, then both divided by what they lack, and
the step, minus the learning rate times their quotient. The point takes the step. The same five
lines for the second step, and the point moves on. Then two strips take the lines' place: bars of
the slope with the corrected average drawn over them, and bars of the steps in units of the
learning rate. They grow step by step while the point goes down, slows and passes the bottom: at
first all steps are nearly as long as the learning rate, then they shrink and change sign.
"""

LEFT = -0.7  # of the lines and strips, in frame units


class AdamMoments(RecordedScene):
    def construct(self):
        recorded = self.recording("adam_moments")
        n_steps = recorded.sizes["step"]
        clock = ValueTracker(0)
        x, curve = recorded.curve_x.values, recorded.curve.values
        chart = Chart((-4.2, -0.75), 5.2, 4.3, (x[0], x[-1]), (0, 1.08 * float(curve.max())))
        ground = Curve(chart, x, curve, width=3)
        walk = Walk(chart, recorded, clock)
        names = Group(
            Words("J(θ)", 34, "muted").on_baseline(chart.left + 0.35, chart.bottom + 4.0),
            Words("θ", 34, "muted").on_baseline(
                chart.left + chart.width, chart.bottom - 0.5, RIGHT
            ),
        )
        step = Words("step", 34, "muted").on_baseline(chart.left, chart.bottom - 0.5)
        count = Number(
            lambda: number(min(int(clock.get_value() + 1e-9), n_steps)), [clock], size=34,
            widest="00",
        ).next_to(step, RIGHT, buff=0.15)  # fmt: skip
        count.move_to((count.get_center()[0], chart.bottom - 0.5, 0), aligned_edge=DOWN)

        self.next_section("first")
        words = self.headline("first")
        self.add(words, ground, names, step, count, walk)
        lines = work(recorded, 0)
        for line in lines:
            self.play(FadeIn(line, shift=0.15 * RIGHT), run_time=0.4)
            self.wait(0.45)
        self.play_steps(clock, 1, 0.9)

        self.next_section("second")
        words = self.say(words, "second", **lacks(recorded, 1))
        self.play(*(FadeOut(line) for line in lines), run_time=0.2)
        more = work(recorded, 1)
        for line in more:
            self.play(FadeIn(line, shift=0.15 * RIGHT), run_time=0.35)
            self.wait(0.25)
        self.play_steps(clock, 2, 0.9)

        self.next_section("run")
        words = self.say(words, "run")
        still, moving, dots = strips(recorded, clock)
        self.play(*(FadeOut(line) for line in more), run_time=0.2)
        self.play(*(FadeIn(part) for part in (*still, *moving)), run_time=0.4)
        self.play_steps(clock, n_steps, 5.0 / n_steps)

        self.next_section("end")
        self.say(words, "end", also=[dots])
        self.wait(1.5)


def lacks(recorded, k):
    """Return by what the averages are divided at the step of index k."""
    attrs = recorded.attrs
    missing = attrs["beta1"] ** (k + 1)
    return {"missing1": missing, "lack1": 1 - missing, "lack2": 1 - attrs["beta2"] ** (k + 1)}


def work(recorded, k):
    """Return the arithmetic of the step of index k, a line each."""
    here = {name: float(recorded[name][k]) for name in ("m", "v", "m_hat", "v_hat", "move")}
    here["g"] = float(recorded.gradient[k])
    before = {name: float(recorded[name][k - 1]) if k else 0.0 for name in ("m", "v")}
    lack = lacks(recorded, k)
    texts = [
        say("film m", before=before["m"], **here),
        say("film v", before=before["v"], **here),
        say("film m hat", lack=lack["lack1"], **here),
        say("film v hat", lack=lack["lack2"], **here),
        say("film move", **here),
    ]
    return [
        Words(text, 34, weight="semibold" if i == 4 else "regular").on_baseline(
            LEFT, 1.2 - 0.85 * i
        )
        for i, text in enumerate(texts)
    ]


def strips(recorded, clock):
    """Return the charts of the slopes and of the steps: what stands, and what moves."""
    steps, gradient = recorded.step.values, recorded.gradient.values
    ratio = recorded.move.values / recorded.attrs["lr"]
    still: list = []
    moving: list = []
    reach = 1.1 * max(float(np.abs(gradient).max()), float(np.abs(recorded.m_hat).max()))
    low, high = min(-0.3, 1.15 * float(ratio.min())), max(1.2, 1.15 * float(ratio.max()))
    if ratio[0] < 0:
        low, high = -high, -low
    upper, lower = (min(0.3, 0.0) - reach, 0.35), (low, high)
    if gradient[0] > 0:
        upper = (-0.35, reach)
    upper = min(upper[0], 1.1 * float(gradient.min())), max(upper[1], 1.1 * float(gradient.max()))
    for top, name, span in ((1.75, "slope g and its average m̂", upper), (-1.05, "", lower)):
        chart = Chart((LEFT + 3.65, top - 1.3), 7.3, 2.0, (0.3, steps[-1] + 0.7), span)
        zero = [chart.point(edge, 0.0) for edge in chart.x]
        still.append(Rule(zero[0], zero[1], "quiet", 2))
        label = name or "step in units of η: m̂/√v̂"
        still.append(Words(label, 34, "muted").on_baseline(LEFT, top))
        if name:
            points = np.stack([steps, recorded.m_hat.values], axis=1)
            moving += [Bars(chart, steps, gradient, clock), Follow(chart, points, clock)]
        else:
            one = np.sign(ratio[0])
            ends = [chart.point(edge, one) for edge in chart.x]
            still.append(Rule(ends[0], ends[1], "muted", 1.5, (6, 5)))
            still.append(
                Words("η", 34, "muted").on_baseline(ends[0][0] - 0.3, ends[0][1] - 0.1, ORIGIN)
            )
            moving.append(Bars(chart, steps, ratio, clock))
            steep = recorded.steep_move.values / recorded.attrs["lr"]
            dots = Dots(chart, np.stack([steps, steep], axis=1))
    return still, moving, dots


class Dots(Painted):
    """A ring a step: the steps of the steep run."""

    def __init__(self, chart, points):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.places = chart.point(points[:, 0], points[:, 1])
        self.ink, self.halo = theme.color("text"), theme.color("background")

    def paint(self, pen):
        """Draw them."""
        for place in self.places:
            pen.disc(place, 0.05, self.halo, self.ink, 1.6)


class Follow(Trail):
    """An average as far as the clock has come: its first value belongs to step 1."""

    def __init__(self, chart, points, clock):
        super().__init__(chart, points, clock, color="green", width=4.0, radius=0.09)

    def paint(self, pen):
        """Draw the line up to the clock's step."""
        now = min(max(self.clock.get_value() - 1, 0.0), len(self.places) - 1)
        head = between(self.places, now)
        passed = np.vstack([self.places[: int(now) + 1], head])
        for color, width in ((self.halo, self.thickness + 3), (self.ink, self.thickness)):
            pen.color(color)
            pen.width(width)
            pen.context.set_line_join(1)
            pen.polyline(passed)
            pen.stroke()
        pen.disc(head, self.radius, self.ink, self.halo, 1.5)


class Walk(Painted):
    """The point on its parabola, the tangent where its next step begins, and the places before."""

    def __init__(self, chart, recorded, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock = clock
        theta, gradient = recorded.theta.values, recorded.gradient.values
        self.places = chart.point(theta, recorded.loss.values)
        unit = chart.point([0.0, 1.0], [0.0, 1.0])
        across, up = unit[1] - unit[0]
        along = np.stack([np.full(len(gradient), across), gradient * up], axis=1)
        self.along = 0.9 * along / np.linalg.norm(along, axis=1, keepdims=True)
        self.ink, self.halo = theme.color("vermillion"), theme.color("background")
        self.text = theme.color("text")

    def paint(self, pen):
        """Draw places, tangent and point."""
        last = len(self.places) - 1
        now = min(self.clock.get_value(), last)
        whole = int(now + 1e-9)
        head = between(self.places, now)
        pen.color(self.ink, 0.6)
        for x, y in self.places[: whole + 1].tolist():
            pen.circle(x, y, 0.045)
            pen.fill()
        if whole < last:
            share = max(now - whole, 0.0)
            pen.color(self.text, 1 - share)
            pen.width(3)
            pen.polyline(self.places[whole] + np.array([[-1.0], [1.0]]) * self.along[whole])
            pen.stroke()
        pen.disc(head, 0.14, self.ink, self.halo)
