"""A hidden unit's input as a histogram that moves, with and without batch norm, and the race."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, ValueTracker

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.fits import Between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "covariate_shift": "histogram (run, step, bin), bin_edge (bin_edge), "
    "accuracy (run, run_seed, step), run (run), step (step), batch_size, both, fewer, goal, "
    "moved_batch, moved_none, n_seeds, steps_batch, steps_none, many"
}

DESCRIPTION = """\
Two histograms side by side, of what one hidden unit's activation gets from a batch of digits:
without batch norm on the left, with it on the right; a thin outline keeps the shape of the start.
Training runs. The left histogram wanders and spreads, the right one stays where it was. Below, two
bars, the share of test digits that are right, race towards a mark at nine tenths: the one with
batch norm is there after a fraction of the steps, and at each arrival the step is noted.
"""

WIDE, GAP = 6.0, 0.9
FLOOR, TALL = -1.05, 2.55
BAR = (-3.9, 8.9)  # left end and length of a full bar


class CovariateShift(RecordedScene):
    def construct(self):
        recorded = self.recording("covariate_shift")
        steps = recorded.step.values
        n_steps = float(steps[-1])
        clock = ValueTracker(0)
        parts, arrivals = [], []
        edges, counts = recorded.bin_edge.values, recorded.histogram.values
        there = np.flatnonzero(counts.any((0, 1)))
        low, high = int(there[0]), int(there[-1]) + 1
        for i, name in enumerate(recorded.run.values.tolist()):
            left = -6.5 + i * (WIDE + GAP)
            token = series(name).token
            parts += [
                Input(counts[i][:, low:high], edges[low : high + 1], steps, clock, left, token),
                Words(say(name), weight="semibold").on_baseline(left, 1.78),
            ]
            parts += [
                Words(number(k), TICK, "muted").on_baseline(
                    left + WIDE * (k - edges[low]) / (edges[high] - edges[low]), FLOOR - 0.42,
                    ORIGIN,
                )
                for k in range(-6, 7, 2)
                if edges[low] < k < edges[high]
            ]  # fmt: skip
            y = -2.2 - 0.62 * i
            mean = recorded.accuracy.values[i].mean(0)
            parts += [
                Bar(Between(steps, mean), clock, y, token, float(recorded.attrs["goal"])),
                Words(series(name).label).on_baseline(-6.6, y - 0.1),
            ]
            arrival = float(recorded.attrs[f"steps_{name}"])
            if arrival >= 0:
                text = say("there", x=arrival)
                shown = Number(_once(clock, arrival, text), [clock], weight="semibold", widest=text)
                place = (BAR[0] + BAR[1] + 0.15, y - 0.1, 0)
                arrivals.append(shown.move_to(place, aligned_edge=LEFT + DOWN))
        count = [
            Words(say("step"), color="muted").on_baseline(-6.6, -3.75),
            Number(lambda: number(round(clock.get_value())), [clock], widest="000")
            .move_to((-5.75, -3.75, 0), aligned_edge=LEFT + DOWN),
            Words(say("goal"), TICK, "muted").on_baseline(
                BAR[0] + BAR[1] * float(recorded.attrs["goal"]), -3.72, ORIGIN
            ),
        ]  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *parts, *arrivals, *count)
        self.wait(0.7)
        pace = 10.5 / n_steps
        self.play_steps(clock, 0.2 * n_steps, pace)

        self.next_section("training")
        words = self.say(words, "training")
        self.play_steps(clock, n_steps, pace)

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.5)


def _once(clock, at, text):
    """Return what a number shows that appears when the clock has come to a step."""
    return lambda: text if clock.get_value() >= at else ""


class Input(Painted):
    """What a unit gets, as a histogram at the clock's step, over the one at the start."""

    def __init__(self, counts, edges, steps, clock, left, color):
        super().__init__(WIDE, TALL, reads=[clock])
        self.move_to((left + WIDE / 2, FLOOR + TALL / 2, 0))
        self.clock, self.left = clock, left
        shares = counts / max(float(counts.max()), 1.0)
        self.shares = Between(steps, shares)
        self.x = left + WIDE * (np.repeat(edges, 2)[1:-1] - edges[0]) / (edges[-1] - edges[0])
        self.zero = left + WIDE * -edges[0] / (edges[-1] - edges[0])
        self.ink, self.text = theme.color(color), theme.color("muted")
        self.quiet = theme.color("quiet")

    def outline(self, share):
        """Return the histogram's corners, in frame units."""
        return np.column_stack([self.x, FLOOR + TALL * np.repeat(share, 2)])

    def paint(self, pen):
        pen.color(self.quiet)
        pen.width(2)
        pen.polyline(np.array([[self.left, FLOOR], [self.left + WIDE, FLOOR]]))
        pen.polyline(np.array([[self.zero, FLOOR], [self.zero, FLOOR + TALL]]))
        pen.stroke()
        now = self.outline(self.shares(self.clock.get_value()))
        pen.polyline(np.vstack([[now[0, 0], FLOOR], now, [now[-1, 0], FLOOR]]), close=True)
        pen.color(self.ink, 0.75)
        pen.fill()
        pen.polyline(self.outline(self.shares(0)))
        pen.color(self.text)
        pen.width(2)
        pen.stroke()


class Bar(Painted):
    """The share of test digits that are right, and the mark that it runs for."""

    def __init__(self, accuracy, clock, y, color, goal):
        super().__init__(BAR[1], 0.4, reads=[clock])
        self.move_to((BAR[0] + BAR[1] / 2, y, 0))
        self.accuracy, self.clock, self.goal = accuracy, clock, goal
        self.ink, self.quiet = theme.color(color), theme.color("quiet")
        self.text = theme.color("text")

    def paint(self, pen):
        left, bottom, width, height = self.box
        pen.color(self.quiet)
        pen.rectangle(left, bottom, width, height)
        pen.fill()
        pen.color(self.ink)
        pen.rectangle(left, bottom, width * float(self.accuracy(self.clock.get_value())), height)
        pen.fill()
        x = left + width * self.goal
        pen.color(self.text)
        pen.width(3)
        pen.polyline(np.array([[x, bottom - 0.1], [x, bottom + height + 0.1]]))
        pen.stroke()
