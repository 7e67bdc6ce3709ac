"""Three variants of descent: raced by examples seen, then by the seconds that they took."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, FadeIn, FadeOut, ValueTracker

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, Trail
from scenes.parts.fits import round_ticks
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

RACE_SECONDS = 6.5
STRETCH_SECONDS = 3.0

READS = {
    "mnist_variants": "test_loss (run, epoch), test_accuracy (run, epoch), "
    "epoch_examples (run, epoch), batch_size (run), lr (run), run (run), epochs, n_steps_batch, "
    "n_steps_mini_batch, n_steps_stochastic, n_train, widths, many",
    "mnist_timing": "seconds (run, snapshot), examples (run, snapshot), test_loss (run, snapshot), "
    "same_test_accuracy (run), throughput (x_batch), run (run), leader, n_test, same_seconds",
}

DESCRIPTION = """\
A chart of the test loss against the training examples seen so far, with three points that start at
the same height: batch, mini-batch and stochastic descent. All see examples at the same pace.
Stochastic descent drops almost at once, the mini-batches follow, and batch descent comes down
slowly; beside the chart, the accuracy of each counts up. Then the beginnings of the three curves
are stretched until the horizontal axis shows seconds: the single steps of stochastic descent turn
out to be slow, its curve is pulled to the right by far the most. The headline tells who is ahead
then, and how many examples a second single examples and batches get through.
"""

TICKS = (0.1, 0.2, 0.5, 1, 2)


class MnistVariants(RecordedScene):
    def construct(self):
        race, timed = self.recording("mnist_variants"), self.recording("mnist_timing")
        runs = race.run.values.tolist()
        losses = np.concatenate([race.test_loss.values.ravel(), timed.test_loss.values.ravel()])
        low, high = 0.85 * losses.min(), 1.1 * losses.max()
        epochs = race.sizes["epoch"] - 1
        seen = epochs * int(race.attrs["n_train"])
        chart = Chart((-1.5, -0.55), 9.0, 4.7, (0, seen), (low, high), log_y=True)
        clock = ValueTracker(0)

        self.next_section("start")
        words = self.headline("start")
        ticks = [tick for tick in TICKS if low < tick < high]
        frame = [
            *(Curve(chart, np.array(chart.x), np.full(2, tick), "quiet", 1.5) for tick in ticks),
            chart.y_ticks(ticks),
            Words("test cross-entropy", 22, "muted").on_baseline(chart.left, 2.0),
        ]
        by_examples = axis(chart, [0, seen / 2, seen], "training examples seen")
        trails = [
            Trail(
                chart,
                np.stack([race.epoch_examples.sel(run=run), race.test_loss.sel(run=run)], axis=1),
                clock,
                color=series(run).color,
            )
            for run in runs
        ]
        boards = [
            part
            for i, run in enumerate(runs)
            for part in board(
                i, run, self.rate(run, race), race.test_accuracy.sel(run=run).values, clock
            )
        ]
        self.add(words, *frame, *by_examples, *trails, *boards)
        self.wait(0.8)

        self.next_section("examples")
        self.play_steps(clock, epochs, RACE_SECONDS / epochs)
        words = self.say(words, "examples")
        self.wait(1.2)

        self.next_section("seconds")
        stretch = ValueTracker(0)
        most = float(timed.seconds.max())
        curves = [Stretched(chart, timed.sel(run=run), most, stretch) for run in runs]
        counts = [
            part
            for i, run in enumerate(runs)
            for part in board(
                i, run, self.rate(run, race), timed.same_test_accuracy.sel(run=[run]).values
            )
        ]
        new = self.headline("seconds")
        self.play(*(FadeOut(part) for part in [words, *trails, *boards]), run_time=0.25)
        self.play(*(FadeIn(part) for part in [new, *curves, *counts]), run_time=0.35)
        self.wait(0.4)
        by_seconds = axis(chart, round_ticks(0, most), "seconds of training", seen / most)
        self.play(*(FadeOut(part) for part in by_examples), run_time=0.2)
        self.play(stretch.animate.set_value(1), run_time=STRETCH_SECONDS)
        self.play(*(FadeIn(part) for part in by_seconds), run_time=0.2)

        self.next_section("verdict")
        speeds = timed.throughput.values
        self.say(new, "verdict", one=speeds[0], most=speeds.max())
        self.wait(2.2)

    def rate(self, run, race):
        """Return what a variant takes a step, in words."""
        one = race.sel(run=run)
        return say("rate", batch_size=one.batch_size, lr=one.lr)


def axis(chart, values, name, unit=1.0):
    """Return ticks and name of the horizontal axis; `unit` is what 1 is in the chart's data."""
    return [
        chart.x_ticks([value * unit for value in values], [number(value) for value in values]),
        Words(name, 22, "muted").on_baseline(chart.center[0], chart.bottom - 0.68, ORIGIN),
    ]


def board(row, run, settings, accuracy, clock=None):
    """Return name, settings and accuracy of a variant, right of the chart."""
    x, y = 3.7, 1.35 - row * 1.65
    last = len(accuracy) - 1

    def text():
        at = last if clock is None else min(int(clock.get_value() + 1e-9), last)
        return say("same time" if clock is None else "accuracy", share=accuracy[at])

    return [
        Key(series(run).color, 0.24).move_to((x + 0.11, y + 0.1, 0)),
        Words(series(run).label, 26, weight="semibold").on_baseline(x + 0.4, y),
        Words(settings, 22, "muted").on_baseline(x + 0.4, y - 0.42),
        Number(text, [] if clock is None else [clock], size=26, widest="100.0 % right")
        .move_to((x + 0.4, y - 0.86, 0), LEFT)
        .set_y(y - 0.8),
    ]


class Stretched(Painted):
    """A timed run's curve on its way from examples seen (0) to seconds (1) as horizontal axis."""

    def __init__(self, chart, run, most, stretch):
        super().__init__(chart.width, chart.height, reads=[stretch])
        self.shift((*chart.center, 0))
        self.amount = stretch
        seconds = run.seconds.values / most * chart.x[1]
        self.ends = [chart.point(x, run.test_loss.values) for x in (run.examples.values, seconds)]
        self.ink = series(str(run.run.item())).color
        self.halo = theme.color("background")

    def paint(self, pen):
        """Draw the line and its last point."""
        share = self.amount.get_value()
        places = (1 - share) * self.ends[0] + share * self.ends[1]
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 6.0), (self.ink, 3.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(places)
            pen.stroke()
        pen.disc(places[-1], 0.09, self.ink, self.halo, 1.5)
