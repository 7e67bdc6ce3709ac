"""The losses of any run of `simulate.train`, growing step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, ValueTracker

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
of examples that are never trained on, while their losses stand at the right as numbers. At the end
a ring marks where the loss on the latter was lowest; a level line grows from it to the right, under
all of the curve that follows, and an arrow up to where that ends."""

SECONDS = 5.0  # of the training
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
        for place, (name, (steps, losses)) in enumerate(shown.items()):
            run, at = series(name), BOTTOM + TALL - 0.5 - 1.3 * place
            points = np.stack([steps, clipped(chart, losses)], axis=1)
            width = 1.5 if name == "batch" else 4.0
            now = measured(steps, losses, clock)
            now.move_to((right, at - 0.6, 0), aligned_edge=LEFT + DOWN)
            parts += [
                Path(chart, points, steps, clock, run.token, width=width),
                Words(run.label, 34, run.token, weight="semibold").on_baseline(right, at),
                now,
            ]

        self.next_section("start")
        kind = "start" if "test" in shown else "start alone" if "train" in shown else "start batch"
        words = self.headline(kind)
        self.add(words, *parts)
        self.wait(0.4)

        self.next_section("training")
        self.play(clock.animate.set_value(last), run_time=SECONDS, rate_func=lambda t: t)

        name = list(shown)[-1]  # the test examples where there are some
        epochs, losses = shown[name]
        best = int(np.nan_to_num(losses, nan=np.inf).argmin())
        if name == "test" and best < len(losses) - 1:
            self.next_section("lowest")
            low, end = chart.point(epochs[[best, -1]], clipped(chart, losses[[best, -1]]))
            grown = ValueTracker(0)
            level = Level(low, end, grown, series("test").token)
            label = Words(say("lowest", loss=losses[best]), 34, weight="semibold")
            label.on_baseline(LEFT_EDGE + WIDE - 0.15, float(low[1]) - 0.45, RIGHT)
            words = self.say(
                words, "best", also=[level, label], epoch=best, low=losses[best], loss=losses[-1]
            )
            self.play(grown.animate.set_value(1), run_time=1.5)
            self.play(grown.animate.set_value(2), run_time=0.5)
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


class Level(Painted):
    """A ring, and with its clock: to 1, its level to the end; to 2, an arrow to the last loss."""

    def __init__(self, low, end, grown, color):
        self.low, self.end, self.grown = low, end, grown
        width, height = np.abs(end - low)
        super().__init__(width + 0.5, height + 0.5, reads=[grown])
        self.move_to((*(low + end) / 2, 0))
        self.ink, self.halo, self.text = (
            theme.color(each) for each in (color, "background", "text")
        )

    def paint(self, pen):
        level, up = min(self.grown.get_value(), 1.0), max(self.grown.get_value() - 1.0, 0.0)
        foot = np.array([self.end[0], self.low[1]])
        pen.color(self.text)
        pen.width(2.5)
        pen.polyline(np.array([self.low, self.low + level * (foot - self.low)]))
        pen.stroke()
        tip = foot + up * (self.end - foot - (0, 0.14))
        size = min(0.24, 0.6 * float(tip[1] - foot[1]))
        if size > 0.02:
            pen.color(self.ink)
            pen.width(4)
            pen.polyline(np.array([foot, tip - (0, size)]))
            pen.stroke()
            head = np.array([(0, 0), (0.55 * size, -size), (-0.55 * size, -size)])
            pen.polyline(tip + head, close=True)
            pen.fill()
        pen.disc(self.low, 0.14, self.halo, self.ink, 3)
