"""What reaches a hidden unit as a histogram that moves, without batch norm and then with it."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, ValueTracker

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
    "quantile_value (run, step, quantile), run (run), step (step), "
    "batch_size, calmer, moved_batch, moved_none, n_steps, many"
}

DESCRIPTION = """\
Two wide histograms under each other, of one hidden unit's input for a batch of digits; a thin
outline keeps the shape of the start, and a pointer under each its median. First the upper network
learns, without batch norm: its histogram wanders and spreads, the pointer leaves a bar where it has
been, and a number beside the bar tells how long that is. Then the lower one learns, with batch
norm: its histogram stays in its outline, and its bar short. At the end the outlines go, and from
each bar a clear band rises through its histogram: wide above and narrow below.
"""

LEFTMOST, WIDE, TALL = -6.5, 13.0, 2.05
FLOORS = (0.2, -2.6)  # of the two histograms, in frame units
EARLY, EARLY_SECONDS, LATE_SECONDS = 0.35, 2.8, 1.2  # it changes most in this share of the steps
FAINT = 0.3  # opacity of the one whose turn has not come


class CovariateShift(RecordedScene):
    def construct(self):
        recorded = self.recording("covariate_shift")
        steps = recorded.step.values
        n_steps = float(steps[-1])
        edges, counts = recorded.bin_edge.values, recorded.histogram.values
        there = np.flatnonzero(counts.any((0, 1)))
        low, high = int(there[0]), int(there[-1]) + 1
        span = edges[low : high + 1]
        clocks, panels, end = [], [], ValueTracker(0)
        for i, name in enumerate(recorded.run.values.tolist()):
            clock = ValueTracker(0)
            one = recorded.isel(run=i)
            median = one.quantile_value.values[:, one.sizes["quantile"] // 2]
            token, floor = series(name).token, FLOORS[i]
            shown = Input(counts[i][:, low:high], span, median, steps, clock, end, floor, token)
            title = Words(say(name), weight="semibold")
            clocks.append(clock)
            panels.append(
                [
                    shown,
                    title.on_baseline(LEFTMOST, floor + TALL - 0.35),
                    *told(shown, clock, floor),
                ]
            )
        marks = [
            Words(number(k), TICK, "muted").on_baseline(
                LEFTMOST + WIDE * (k - span[0]) / (span[-1] - span[0]), FLOORS[1] - 0.95, ORIGIN
            )
            for k in range(-6, 7, 2)
            if span[0] < k < span[-1]
        ]
        for part in panels[1]:
            part.set_opacity(FAINT)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *panels[0], *panels[1], *marks)
        self.learn(clocks[0], n_steps)

        self.next_section("training")
        words = self.say(words, "training")
        self.play(*(part.animate.set_opacity(1) for part in panels[1]), run_time=0.4)
        self.learn(clocks[1], n_steps)

        self.next_section("end")
        self.say(words, "end")
        self.play(end.animate.set_value(1), run_time=1.0)
        self.wait(1.5)

    def learn(self, clock, n_steps):
        """Let a network train: slowly at first, where most of it happens."""
        early = EARLY * n_steps
        self.play_steps(clock, early, EARLY_SECONDS / early)
        self.play_steps(clock, n_steps, LATE_SECONDS / (n_steps - early))


def told(shown, clock, floor):
    """Return the step at a histogram's right, and at its median's bar how long that is by now."""
    last = number(int(shown.steps[-1]))
    step = Number(lambda: say("now", x=number(int(clock.get_value() + 1e-6))), [clock],
                  color="muted", widest=say("now", x=last), align="right")  # fmt: skip

    def far():  # nothing as long as it would say 0.0, unless it does so at the end
        moved, over = float(np.ptp(shown.been())), clock.get_value() >= shown.steps[-1]
        return say("range", x=moved) if over or moved >= 0.05 else ""

    moved = Number(far, [clock], weight="semibold", widest=say("range", x=0))
    clear = float(shown.middles.max()) + 0.3
    return [
        step.move_to((LEFTMOST + WIDE, floor + TALL - 0.35, 0), aligned_edge=RIGHT + DOWN),
        moved.move_to((clear, floor - 0.5, 0), aligned_edge=LEFT + DOWN),
    ]


class Input(Painted):
    """What a unit gets, as a histogram at the clock's step, over the one at the start.

    Under it its median, and a bar where this has been, from which a band rises at the `end`.
    """

    def __init__(self, counts, edges, median, steps, clock, end, floor, color):
        super().__init__(WIDE, TALL, reads=[clock, end])
        self.move_to((LEFTMOST + WIDE / 2, floor + TALL / 2, 0))
        self.median = median
        self.clock, self.end, self.floor, self.steps = clock, end, floor, steps
        shares = counts / max(float(counts.max()), 1.0)
        self.shares = Between(steps, shares)
        self.edges = edges
        self.x, self.zero = self.across(np.repeat(edges, 2)[1:-1]), float(self.across(0.0))
        self.middles = self.across(median)
        self.ink, self.line = theme.color(color), theme.color("muted")
        self.quiet, self.text = theme.color("quiet"), theme.color("text")

    def across(self, value):
        """Return where a value lies across, in frame units."""
        share = (value - self.edges[0]) / (self.edges[-1] - self.edges[0])
        return LEFTMOST + WIDE * np.clip(share, 0, 1)

    def been(self):
        """Return all values that the median has had by now."""
        now = self.clock.get_value()
        return np.append(self.median[self.steps <= now], np.interp(now, self.steps, self.median))

    def outline(self, share):
        """Return the histogram's corners, in frame units."""
        return np.column_stack([self.x, self.floor + TALL * np.repeat(share, 2)])

    def paint(self, pen):
        floor, now = self.floor, self.clock.get_value()
        pen.color(self.quiet)
        pen.width(2)
        pen.polyline(np.array([[LEFTMOST, floor], [LEFTMOST + WIDE, floor]]))
        pen.polyline(np.array([[self.zero, floor], [self.zero, floor + TALL]]))
        pen.stroke()
        shape = self.outline(self.shares(now))
        pen.polyline(np.vstack([[shape[0, 0], floor], shape, [shape[-1, 0], floor]]), close=True)
        pen.color(self.ink, 0.75 - 0.15 * self.end.get_value())
        pen.fill()
        pen.polyline(self.outline(self.shares(0)))
        pen.color(self.line, 1 - self.end.get_value())  # its work is done
        pen.width(2.5)
        pen.stroke()
        been = self.across(self.been())
        middle, low, high, foot = float(been[-1]), float(been.min()), float(been.max()), floor - 0.2
        wide = max(high - low, 0.02)
        if (end := self.end.get_value()) > 0:  # a band grows through the histogram it measures
            pen.color(self.text, 0.16)
            pen.rectangle(low, foot, wide, end * (floor + TALL - foot))
            pen.fill()
            pen.color(self.text)
            pen.width(2.5)
            for x in (low, low + wide):
                pen.polyline(np.array([[x, foot], [x, foot + end * (floor + TALL - foot)]]))
            pen.stroke()
        pen.color(self.ink)
        pen.rectangle(low, foot, wide, 0.14)
        pen.fill()
        pen.color(self.text)
        pen.polyline(np.array([[middle, foot - 0.04], [middle - 0.13, foot - 0.28],
                               [middle + 0.13, foot - 0.28]]), close=True)  # fmt: skip
        pen.fill()
