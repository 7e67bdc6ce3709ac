"""The losses of any run of `simulate.train`, growing step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

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
A chart of the loss over steps. Two curves grow from the left at the pace of the steps, one of the
training examples and one of examples that are never trained on, while their losses stand at the
right as numbers. At the end a ring marks where the loss on the latter was lowest, and the last
headline says what it ends at."""

SECONDS = 6.0  # of the training
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
        earlier = name == "test" and best < len(losses) - 1
        if earlier:
            self.next_section("lowest")
            ring = Ring(chart.point(epochs[best], losses[best]), series(name).token)
            words = self.say(words, "best", also=[ring], epoch=best, loss=losses[best])
            self.beat(1.6, "where it was lowest")

        self.next_section("end")
        self.say(
            words, f"end {name}", loss=losses[-1], n=n_steps, low=losses[best], earlier=int(earlier)
        )
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


class Ring(Painted):
    """A ring round a place."""

    def __init__(self, place, color):
        super().__init__(0.5, 0.5)
        self.move_to((*place, 0))
        self.at, self.ink, self.halo = place, theme.color(color), theme.color("background")

    def paint(self, pen):
        pen.disc(self.at, 0.14, self.halo, self.ink, 3)
