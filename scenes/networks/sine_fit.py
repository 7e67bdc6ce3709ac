"""A small network's curve while it learns the sine, beside its loss on the same clock.

Reads   sine_fit: curve (snapshot, x), target (x), loss (step), point_x, point_y (example)
"""

from __future__ import annotations

import numpy as np

from scenes import _fits as fits
from scenes import _kit as kit

SECONDS = 8.0  # of training, however many steps
TALLEST = 2.1  # output at the axis's end: what goes beyond is cut off

DESCRIPTION = """\
Dots stand on one period of a sine, whose thin curve goes on to both sides. A thick orange line,
what a small network makes of each input, starts far from the dots. Step by step it bends towards
them, while on the right the mean squared error falls by orders of magnitude on the same clock. At
the end the words point to the sides, where there were no dots and the line leaves the sine.
"""


class SineFit(fits.FitScene):
    def construct(self):
        sine = self.recording("sine_fit")
        clock = kit.ValueTracker(0)
        x = sine.x.values
        chart = fits.fit_chart((x[0], x[-1]), (-TALLEST, TALLEST))
        curve = fits.Line(chart, x, fits.Between(sine.snapshot.values, sine.curve.values), clock)
        seen = Band(chart, -np.pi, np.pi)
        still = kit.Group(
            fits.Grid(chart, []),
            kit.Curve(chart, x, sine.target.values, width=2.0),
            chart.x_ticks([-np.pi, 0, np.pi], ["−π", "0", "π"]),
            chart.y_ticks([-2, -1, 0, 1, 2]),
            kit.Words("output", 22, "muted").on_baseline(
                chart.left, chart.center[1] + chart.height / 2 + 0.2
            ),
            kit.Formula("x", 26, "muted").move_to((chart.center[0], chart.bottom - 0.68, 0)),
        )
        points = fits.Points(
            chart, sine.point_x.values, sine.point_y.values, radius=0.07, color="text"
        )
        loss = fits.LossChart(sine.step.values, sine.loss.values, clock, "mean squared error")

        self.next_section("start")
        words = self.headline(
            "A network sees {n_train} points of one period",
            "{hidden} {activation} units. Orange: its output for each x; thin: the sine it does "
            "not know.",
        )
        self.add(words, seen, still, curve, points, *loss.parts)
        self.wait(1.6)

        self.next_section("learning")
        words = self.say(
            words,
            "Step by step, the curve bends towards them",
            "All points at every step, Adam with η = {lr:g}.",
        )
        n_steps = sine.sizes["step"] - 1
        self.play_steps(clock, n_steps, SECONDS / n_steps)

        self.next_section("outside")
        words = self.say(
            words,
            "Where it has seen nothing, nothing holds it",
            "After {n_steps} steps it is off by at most {worst_inside:.1g} in the shaded part, and "
            "by up to {worst_outside:.2g} outside.",
        )
        self.wait(3.0)


class Band(kit.Painted):
    """The range of inputs that the network has seen."""

    def __init__(self, chart, left, right):
        (a, _), (b, _) = chart.point(left, 0), chart.point(right, 0)
        super().__init__(b - a, chart.height)
        self.move_to(((a + b) / 2, chart.center[1], 0))
        self.ink = kit.theme.color("quiet")

    def paint(self, pen):
        """Fill it."""
        pen.rectangle(*self.box)
        pen.color(self.ink, 0.4)
        pen.fill()
