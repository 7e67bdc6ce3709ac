"""What reaches a hidden unit as a histogram that moves, without batch norm and then with it."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, ValueTracker

from look import theme
from look.numbers import fixed, number
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
    "batch_size, both, calmer, fewer, goal, moved_batch, moved_none, steps_batch, steps_none, many"
}

DESCRIPTION = """\
Two wide histograms under each other, of what one hidden unit's activation gets from a batch of
digits; a thin outline keeps the shape of the start, and a pointer under each its median. First the
upper network learns, without batch norm: its histogram wanders and spreads, the pointer leaves a
trace, and a number beside it tells how long the trace is. Then the lower one learns, with batch
norm: its histogram stays in its outline. At the step at which nine tenths of the test digits are
right, the step is noted beside each. At the end the histograms pale, and the two traces rise to
bands, a wide one and a narrow one.
"""

LEFTMOST, WIDE, TALL = -6.5, 9.6, 1.85
FLOORS = (-0.42, -3.0)  # of the two histograms, in frame units
ASIDE = LEFTMOST + WIDE + 0.45  # where what is beside them begins
RUN_SECONDS = 4.6
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
                    title.on_baseline(LEFTMOST, floor + TALL + 0.14),
                    *beside(recorded, i, median, clock, floor),
                ]
            )
        marks = [
            Words(number(k), TICK, "muted").on_baseline(
                LEFTMOST + WIDE * (k - span[0]) / (span[-1] - span[0]), FLOORS[1] - 0.78, ORIGIN
            )
            for k in range(-6, 7, 2)
            if span[0] < k < span[-1]
        ]
        for part in panels[1]:
            part.set_opacity(FAINT)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *panels[0], *panels[1], *marks)
        self.play_steps(clocks[0], n_steps, RUN_SECONDS / n_steps)

        self.next_section("training")
        words = self.say(words, "training")
        self.play(*(part.animate.set_opacity(1) for part in panels[1]), run_time=0.4)
        self.play_steps(clocks[1], n_steps, RUN_SECONDS / n_steps)

        self.next_section("end")
        self.say(words, "end")
        self.play(end.animate.set_value(1), run_time=1.0)
        self.wait(1.5)


def beside(recorded, i, median, clock, floor):
    """Return what stands beside a histogram: how far its median has moved; and the arrival."""
    steps, name = recorded.step.values, recorded.run.values[i]

    def moved():
        return fixed(float(np.ptp(been(median, steps, clock.get_value()))), 1)

    def place(part, y):
        return part.move_to((ASIDE, floor + y, 0), aligned_edge=LEFT + DOWN)

    found = [
        Words(say("way"), 34, "muted").on_baseline(ASIDE, floor + 1.25),
        place(Number(moved, [clock], size=52, weight="semibold", widest="0.0"), 0.6),
    ]
    arrival = float(recorded.attrs[f"steps_{name}"])
    if arrival >= 0:
        text = say("flag, in short", x=arrival)
        shown = Number(lambda: text if clock.get_value() >= arrival else "", [clock], widest=text)
        found.append(place(shown, 0.0))
    return found


def been(median, steps, now):
    """Return where the median has been until now."""
    return np.append(median[steps <= now], np.interp(now, steps, median))


class Input(Painted):
    """What a unit gets, as a histogram at the clock's step, over the one at the start.

    Under it its median, and all of the way that this has gone; at the `end` this is a band.
    """

    def __init__(self, counts, edges, median, steps, clock, end, floor, color):
        super().__init__(WIDE, TALL, reads=[clock, end])
        self.move_to((LEFTMOST + WIDE / 2, floor + TALL / 2, 0))
        self.clock, self.end, self.floor, self.steps = clock, end, floor, steps
        shares = counts / max(float(counts.max()), 1.0)
        self.shares = Between(steps, shares)
        place = lambda value: LEFTMOST + WIDE * (value - edges[0]) / (edges[-1] - edges[0])  # noqa: E731
        self.x, self.zero = place(np.repeat(edges, 2)[1:-1]), float(place(0.0))
        self.middles = np.clip(place(median), LEFTMOST, LEFTMOST + WIDE)
        self.middle = Between(steps, self.middles)
        self.ink, self.line = theme.color(color), theme.color("muted")
        self.quiet, self.text = theme.color("quiet"), theme.color("text")

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
        pen.color(self.ink, 0.75 - 0.5 * self.end.get_value())
        pen.fill()
        pen.polyline(self.outline(self.shares(0)))
        pen.color(self.line)
        pen.width(2.5)
        pen.stroke()
        middle = float(self.middle(now))
        passed = been(self.middles, self.steps, now)
        low, high, foot = float(passed.min()), float(passed.max()), floor - 0.2
        pen.color(self.ink)
        pen.rectangle(low, foot, max(high - low, 0.02), 0.14 + self.end.get_value() * (TALL + 0.06))
        pen.fill()
        pen.color(self.text)
        pen.polyline(np.array([[middle, foot - 0.04], [middle - 0.13, foot - 0.28],
                               [middle + 0.13, foot - 0.28]]), close=True)  # fmt: skip
        pen.fill()
