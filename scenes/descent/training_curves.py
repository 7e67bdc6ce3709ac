"""The losses of any run of `simulate.train`, growing step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeOut, ValueTracker

from look import theme
from look.curves import curves, span
from look.maps import rungs
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

# And what the run has of loss and step (step), test_loss (epoch).
READS = {
    "mnist_stochastic": "train_loss (epoch), epoch_steps (epoch), n_steps",
}

DESCRIPTION = """\
A chart of the loss over epochs. Two curves grow from the left, one of the training examples and one
of examples that are never trained on, while their losses stand at the right as numbers. A ring
marks where the loss on the latter was lowest so far, and a level line follows from it under the
growing curve, until a lower loss takes its place. At the end an arrow rises from the line to where
the curve ends."""

SECONDS = 6.5  # of the training
EARLY = 1.7  # the power by which the first epochs, in which most happens, take longer
WIDE, TALL = 9.0, 4.9  # of the chart, in frame units
LEFT_EDGE, BOTTOM = -5.7, -3.0


class TrainingCurves(RecordedScene):
    def construct(self):
        recorded = self.recording("mnist_stochastic")
        shown, clock = curves(recorded), ValueTracker(0)
        n_steps = int(recorded.attrs["n_steps"])
        last = max(float(epochs[-1]) for epochs, _ in shown.values())
        center = (LEFT_EDGE + WIDE / 2, BOTTOM + TALL / 2)
        chart = Chart(center, WIDE, TALL, (0, last), span(shown))
        parts = [Axes(chart), chart.x_ticks(rungs(0, last))]
        unit = say("epoch" if "train" in shown else "step")
        parts += [Words(unit, 34, "muted").on_baseline(LEFT_EDGE + WIDE + 0.45, BOTTOM - 0.36)]
        parts += [Words(say("loss"), 34, "muted").on_baseline(LEFT_EDGE + 0.25, BOTTOM + TALL)]
        right = LEFT_EDGE + WIDE + 0.45
        pitch = 1.3 if len(shown) < 3 else 1.05  # with the lowest, one more row
        for place, (name, (steps, losses)) in enumerate(shown.items()):
            run, at = series(name), BOTTOM + TALL - 0.5 - pitch * place
            points = np.stack([steps, clipped(chart, losses)], axis=1)
            width = 1.5 if name == "batch" else 4.0
            now = measured(steps, losses, clock)
            now.move_to((right, at - 0.6, 0), aligned_edge=LEFT + DOWN)
            parts += [
                Path(chart, points, steps, clock, run.token, width=width),
                Words(run.label, 34, run.token, weight="semibold").on_baseline(right, at),
                now,
            ]

        name = list(shown)[-1]  # the test examples where there are some
        epochs, losses = shown[name]
        up = ValueTracker(0)
        lowest = Lowest(chart, epochs, losses, clock, up, series(name).token)
        follows = name == "test"
        if follows:
            at = BOTTOM + TALL - 0.5 - pitch * len(shown)
            least = lowest.number().move_to((right, at - 0.6, 0), aligned_edge=LEFT + DOWN)
            parts += [lowest, Words(say("so far"), 34).on_baseline(right, at), least]

        self.next_section("start")
        kind = "start" if "test" in shown else "start alone" if "train" in shown else "start batch"
        words = self.headline(kind)
        self.add(words, *parts)
        if losses[0] > chart.y[1]:  # its dot stands at the edge
            far = Words(say("from", loss=losses[0]), 34)
            far.on_baseline(LEFT_EDGE + 0.35, BOTTOM + TALL - 0.6)
            self.add(far)
            self.wait(0.4)
            self.play(FadeOut(far), run_time=0.3)
        else:
            self.wait(0.4)

        self.next_section("training")
        self.play(clock.animate.set_value(last), run_time=SECONDS, rate_func=lambda t: t**EARLY)

        best = lowest.best()
        if follows and best < len(losses) - 1:
            self.next_section("lowest")
            self.say(words, "best", epoch=best, low=losses[best], loss=losses[-1])
            self.play(up.animate.set_value(1), run_time=0.8)
        else:
            self.next_section("end")
            self.say(words, f"end {name}", loss=losses[-1], n=n_steps)
        self.wait(1.5)


def clipped(chart, losses):
    """Return losses that lie in the chart: what is above it or no number, at its upper edge."""
    return np.minimum(np.where(np.isfinite(losses), losses, chart.y[1]), chart.y[1])


def measured(steps, losses, clock):
    """Return the last loss that was measured by now, as a number."""

    def now():
        place = np.searchsorted(steps, clock.get_value() + 1e-6, side="right") - 1
        return say("at", loss=float(losses[place]))

    return Number(now, [clock], widest=say("at", loss=0.000123))


class Axes(Painted):
    """Thin lines at round losses, with their numbers."""

    def __init__(self, chart):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.values = rungs(*chart.y)
        self.lines = [chart.point([*chart.x], [value, value]) for value in self.values]
        self.add(chart.y_ticks(self.values))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        pen.color(self.ink)
        pen.width(1.2)
        for line in self.lines:
            pen.polyline(line)
            pen.stroke()


class Lowest(Painted):
    """A ring at the lowest loss so far, its level up to now; then an arrow to the last loss."""

    def __init__(self, chart, epochs, losses, clock, up, color):
        super().__init__(chart.width + 0.4, chart.height + 0.4, reads=[clock, up])
        self.shift((*chart.center, 0))
        self.chart, self.epochs, self.losses = chart, epochs, losses
        self.clock, self.up = clock, up
        self.places = chart.point(epochs, clipped(chart, losses))
        self.ink, self.halo, self.text = (
            theme.color(each) for each in (color, "background", "text")
        )

    def best(self):
        """Return which of the losses measured by now is the lowest, the first of them."""
        now = np.searchsorted(self.epochs, self.clock.get_value() + 1e-6, side="right")
        return int(np.nan_to_num(self.losses[:now], nan=np.inf).argmin())

    def number(self):
        """Return that loss, as a number."""
        return Number(
            lambda: say("at", loss=float(self.losses[self.best()])), [self.clock],
            weight="semibold", widest=say("at", loss=0.000123),
        )  # fmt: skip

    def paint(self, pen):
        low = self.places[self.best()]
        now = self.chart.point(self.clock.get_value(), 0.0)[0]
        foot = np.array([max(float(now), float(low[0])), low[1]])
        pen.color(self.text)
        pen.width(2.5)
        pen.polyline(np.array([low, foot]))
        pen.stroke()
        tip = foot + self.up.get_value() * (self.places[-1] - foot - (0, 0.14))
        size = min(0.24, 0.6 * float(tip[1] - foot[1]))
        if size > 0.02:
            pen.color(self.ink)
            pen.width(4)
            pen.polyline(np.array([foot, tip - (0, size)]))
            pen.stroke()
            head = np.array([(0, 0), (0.55 * size, -size), (-0.55 * size, -size)])
            pen.polyline(tip + head, close=True)
            pen.fill()
        pen.disc(low, 0.14, self.halo, self.ink, 3)
