"""Logistic regression's straight boundary while it is learnt, and its gradient taken apart."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker

from look import theme
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart, Curve
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words

SLOW, QUICK = (20, 0.16), 3.0  # how many first steps, seconds for each; seconds for all others

READS = {
    "logistic_boundary": "loss (step), probability (snapshot, y, x), flowers (example, feature), "
    "label (example), z (example), prediction (component, example), gradient (component, param), "
    "step (step), snapshot (snapshot), x (x), y (y), component (component), b, class_0, class_1, "
    "looked, w1, w2",
}

DESCRIPTION = """\
Left, flowers of two species by the length and the width of their petals, on a plane tinted by the
probability that logistic regression gives to the second one, with a straight line where it is one
half. Step by step the line turns and moves between the two kinds and the tint around it grows
sharper, while on the right the cross-entropy falls on the same clock. Then the line goes back to
where it was after a few steps, and two panels replace the loss: for linear and for logistic
regression with the weights of that step, a stick from each flower's label to its prediction, and
under each the gradient, the mean of these errors times the inputs.
"""


class LogisticBoundary(fits.FitScene):
    poster_section = "learning"

    def construct(self):
        recorded = self.recording("logistic_boundary")
        clock, grown = ValueTracker(0), ValueTracker(0)
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
            Words("petal width, cm", 22, "muted").on_baseline(
                chart.left, chart.center[1] + chart.height / 2 + 0.2
            ),
            Words("petal length, cm", 22, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.72, ORIGIN
            ),
        )
        loss = fits.LossChart(
            recorded.step.values, recorded.loss.values, clock, "cross-entropy, nats"
        )

        self.next_section("start")
        words = self.headline("start")
        self.add(words, field, still, points, *loss.parts)
        self.wait(1.8)

        self.next_section("learning")
        words = self.say(words, "learning")
        n_steps = recorded.sizes["step"] - 1
        words = self.learn(words, clock, n_steps, SLOW, QUICK)
        words = self.say(
            words,
            "learning 2",
            steps=n_steps,
        )
        self.wait(1.6)

        self.next_section("gradient")
        words = self.say(words, "gradient")
        self.play(clock.animate.set_value(recorded.attrs["looked"]), run_time=0.9)
        panels = [
            Errors(recorded.sel(component=name), say(f"{name} film"), middle, grown)
            for name, middle in zip(recorded.component.values, (0.72, -2.0), strict=True)
        ]
        parts = [part for panel in panels for part in panel.parts]
        self.play(*(FadeOut(part) for part in loss.parts), run_time=0.2)
        self.play(*(FadeIn(part) for part in parts), run_time=0.25)
        self.wait(0.5)
        self.play(grown.animate.set_value(1), run_time=1.4)
        self.wait(0.4)

        self.next_section("formula")
        self.play(*(FadeIn(panel.formula) for panel in panels), run_time=0.4)
        self.wait(3.0)


class Errors:
    """One regression's predictions over z, the errors as sticks, and its gradient."""

    def __init__(self, one, name, middle, grown):
        z, label, predicted = one.z.values, one.label.values, one.prediction.values
        low, high = min(-0.25, predicted.min()), max(1.25, predicted.max())
        center, width, _ = fits.LOSS
        chart = Chart(
            (center[0], middle), width, 1.42,
            (z.min() - 0.15, z.max() + 0.15), (low - 0.1, high + 0.1),
        )  # fmt: skip
        order = np.argsort(z)
        top = middle + 0.71
        gradient = dict(zip(("w1", "w2", "b"), one.gradient, strict=True))
        self.parts = [
            Levels(chart),
            Sticks(chart, z, label, predicted, grown),
            Curve(chart, z[order], predicted[order], "text", width=2.5),
            fits.Points(chart, z, label, label, radius=0.06),
            chart.y_ticks([0, 1]),
            Words(name, 24, weight="semibold").on_baseline(chart.left, top + 0.16),
            Words("z = w·x + b", 20, "muted").on_baseline(chart.left + width, top + 0.16, RIGHT),
        ]
        self.formula = Words(say("gradient film", **gradient), 22).on_baseline(
            chart.left, chart.bottom - 0.34
        )


class Levels(Painted):
    """Thin lines at the labels 0 and 1."""

    def __init__(self, chart):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.chart, self.ink = chart, theme.color("quiet")

    def paint(self, pen):
        """Draw them."""
        pen.color(self.ink)
        pen.width(1.2)
        for height in (0, 1):
            pen.polyline(self.chart.point(np.array(self.chart.x), np.full(2, height)))
        pen.stroke()


class Sticks(Painted):
    """A line from each label towards its prediction.

    Parameters
    ----------
    chart : Chart
    z, label, predicted : arrays, shape (n,)
    grown : ValueTracker
        0 at the labels, 1 at the predictions.
    """

    def __init__(self, chart, z, label, predicted, grown):
        super().__init__(chart.width, chart.height, reads=[grown])
        self.shift((*chart.center, 0))
        self.grown = grown
        self.starts, self.ends = chart.point(z, label), chart.point(z, predicted)
        self.colors = np.tile([*rgb(theme.color("muted")), 1.0], (len(z), 1))
        self.widths = np.full(len(z), 1.8)

    def paint(self, pen):
        """Draw the sticks as far as they have grown."""
        ends = self.starts + self.grown.get_value() * (self.ends - self.starts)
        pen.lines(self.starts, ends, self.colors, self.widths)
