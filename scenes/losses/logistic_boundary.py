"""Logistic regression's boundary while it is learnt: it turns, moves, and stays straight."""

from __future__ import annotations

from manim import ORIGIN, Group, ValueTracker

from scenes.parts import fits
from scenes.parts.words import Words

FIRST = 2, 0.6  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (18, 0.2), 2.8  # the next ones; seconds for all others

READS = {
    "logistic_boundary": "loss (step), probability (snapshot, y, x), flowers (example, feature), "
    "label (example), step (step), snapshot (snapshot), x (x), y (y), class_0, class_1",
}

DESCRIPTION = """\
Left, flowers of two species by the length and the width of their petals, on a plane tinted by the
probability that logistic regression gives to the second one, with a straight line where it is one
half. Step by step the line turns and moves between the two kinds and the tint around it grows
sharper, while on the right the cross-entropy falls on the same clock. The line never bends.
"""


class LogisticBoundary(fits.FitScene):
    poster_section = "end"

    def construct(self):
        recorded = self.recording("logistic_boundary")
        clock = ValueTracker(0)
        x, y = recorded.x.values, recorded.y.values
        length, width = recorded.flowers.values.T
        chart = fits.fit_chart((x[0], x[-1]), (y[0], y[-1]))
        field = fits.Field(
            chart, x, y, fits.Between(recorded.snapshot.values, recorded.probability.values), clock
        )
        points = fits.Points(chart, length, width, recorded.label.values)
        still = Group(
            chart.x_ticks(fits.round_ticks(*chart.x)),
            chart.y_ticks(fits.round_ticks(*chart.y)),
            Words("petal width, cm", 34, "muted").on_baseline(chart.left, chart.top + 0.22),
            Words("petal length, cm", 34, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.84, ORIGIN
            ),
        )
        loss = fits.LossChart(recorded.step.values, recorded.loss.values, clock, "cross-entropy")

        self.next_section("start")
        words = self.headline("start")
        self.add(words, field, still, points, *loss.parts)
        n_steps = recorded.sizes["step"] - 1
        self.play_steps(clock, min(FIRST[0], n_steps), FIRST[1])

        self.next_section("learning")
        words = self.say(words, "learning")
        words = self.learn(words, clock, n_steps, SLOW, QUICK)

        self.next_section("end")
        self.say(words, "learning 2", steps=n_steps)
        self.wait(1.5)
