"""The losses of any run of `simulate.train`, growing step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

from look import theme
from look.maps import rungs
from look.numbers import number
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
        chart = framed(shown, n_steps)
        parts = [Axes(chart), chart.x_ticks([0, n_steps], [number(0), number(n_steps)])]
        parts += [Words(say("step"), 34, "muted").on_baseline(LEFT_EDGE + WIDE / 2, BOTTOM - 0.36)]
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
        self.play(clock.animate.set_value(n_steps), run_time=SECONDS, rate_func=lambda t: t)

        name = list(shown)[-1]  # the test examples where there are some
        steps, losses = shown[name]
        best = int(np.nan_to_num(losses, nan=np.inf).argmin())
        if name == "test" and best < len(losses) - 1:
            self.next_section("lowest")
            ring = Ring(chart.point(steps[best], losses[best]), series(name).token)
            words = self.say(words, "best", also=[ring], step=int(steps[best]), loss=losses[best])
            self.beat(1.6, "where it was lowest")

        self.next_section("end")
        self.say(words, f"end {name}", loss=losses[-1], n=n_steps)
        self.wait(1.5)


def curves(recorded):
    """Return what grows: by series, steps and losses; of few epochs the loss of every batch."""
    epochs = recorded.epoch_steps.values.astype(float)
    found = {}
    if len(epochs) <= 2 and "loss" in recorded:
        return {"batch": (recorded.step.values.astype(float), recorded.loss.values)}
    found["train"] = epochs, recorded.train_loss.values
    if "test_loss" in recorded:
        found["test"] = epochs, recorded.test_loss.values
    return found


def framed(shown, n_steps):
    """Return the chart that holds all losses, logarithmic where they differ much."""
    losses = np.concatenate([each for _, each in shown.values()])
    known = losses[np.isfinite(losses)]
    low, high = float(known.min()), float(known.max())
    log = low > 0 and high > 20 * low
    foot = min(0.0, 1.1 * low)
    ends = (low / 1.5, high * 1.5) if log else (foot, high + 0.05 * (high - foot or 1.0))
    center = (LEFT_EDGE + WIDE / 2, BOTTOM + TALL / 2)
    return Chart(center, WIDE, TALL, (0, n_steps), ends, log_y=log)


def clipped(chart, losses):
    """Return losses that lie in the chart: what is no number any more, at its upper edge."""
    top = 10 ** chart.y[1] if chart.log_y else chart.y[1]
    return np.where(np.isfinite(losses), losses, top)


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
        low, high = (10.0**end for end in chart.y) if chart.log_y else chart.y
        self.values = rungs(low, high, log=chart.log_y)
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
