"""What reaches a hidden unit as a histogram that moves, without batch norm and then with it."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, ValueTracker

from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import say
from scenes.parts.fits import Between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "covariate_shift": "histogram (run, step, bin), bin_edge (bin_edge), "
    "quantile_value (run, step, quantile), accuracy (run, run_seed, step), run (run), step (step), "
    "batch_size, both, calmer, fewer, goal, moved_batch, moved_none, steps_batch, steps_none, many"
}

DESCRIPTION = """\
Two wide histograms under each other, of what one hidden unit's activation gets from a batch of
digits; a thin outline keeps the shape of the start, and a pointer under each its median. First the
upper network learns, without batch norm: its histogram wanders and spreads, the pointer draws a
long trace, and a number beside it tells how many test digits are right by now. Then the lower one
learns, with batch norm: its histogram stays nearer to its outline. At the step at which nine tenths
are right, the step is noted beside each.
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
        clocks, panels = [], []
        for i, name in enumerate(recorded.run.values.tolist()):
            clock = ValueTracker(0)
            one = recorded.isel(run=i)
            median = one.quantile_value.values[:, one.sizes["quantile"] // 2]
            token, floor = series(name).token, FLOORS[i]
            shown = Input(counts[i][:, low:high], span, median, steps, clock, floor, token)
            title = Words(say(name), weight="semibold")
            clocks.append(clock)
            panels.append(
                [
                    shown,
                    title.on_baseline(LEFTMOST, floor + TALL + 0.14),
                    *beside(recorded, i, clock, floor),
                ]
            )
        marks = [
            Words(number(k), TICK, "muted").on_baseline(
                LEFTMOST + WIDE * (k - span[0]) / (span[-1] - span[0]), FLOORS[1] - 0.62, ORIGIN
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
        self.wait(1.5)


def beside(recorded, i, clock, floor):
    """Return what stands beside a histogram: how many are right, at which step; and the arrival."""
    steps, mean = recorded.step.values, recorded.accuracy.values[i].mean(0)
    name = recorded.run.values[i]

    def right():
        at = int(np.searchsorted(steps, clock.get_value() + 1e-6, side="right")) - 1
        return percent(float(mean[max(at, 0)]))

    def place(part, y):
        return part.move_to((ASIDE, floor + y, 0), aligned_edge=LEFT + DOWN)

    last = say("now", x=float(steps[-1]))
    now = Number(lambda: say("now", x=round(clock.get_value())), [clock], widest=last,
                 color="muted")  # fmt: skip
    found = [
        place(Number(right, [clock], size=52, weight="semibold", widest="> 99 %"), 1.2),
        place(now, 0.62),
    ]
    arrival = float(recorded.attrs[f"steps_{name}"])
    if arrival >= 0:
        text = say("arrived", x=arrival)
        shown = Number(
            lambda: text if clock.get_value() >= arrival else "", [clock], weight="semibold",
            widest=text,
        )  # fmt: skip
        found.append(place(shown, 0.04))
    return found


class Input(Painted):
    """What a unit gets, as a histogram at the clock's step, over the one at the start.

    Under it its median, and all of the way that this has gone.
    """

    def __init__(self, counts, edges, median, steps, clock, floor, color):
        super().__init__(WIDE, TALL, reads=[clock])
        self.move_to((LEFTMOST + WIDE / 2, floor + TALL / 2, 0))
        self.clock, self.floor, self.steps = clock, floor, steps
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
        pen.color(self.ink, 0.75)
        pen.fill()
        pen.polyline(self.outline(self.shares(0)))
        pen.color(self.line)
        pen.width(2.5)
        pen.stroke()
        middle = float(self.middle(now))
        passed = np.append(self.middles[self.steps <= now], middle)
        y = floor - 0.14
        pen.color(self.ink)
        pen.width(7)
        pen.polyline(np.array([[passed.min(), y], [passed.max(), y]]))
        pen.stroke()
        pen.color(self.text)
        pen.polyline(
            np.array([[middle, y + 0.1], [middle - 0.13, y - 0.14], [middle + 0.13, y - 0.14]]),
            close=True,
        )
        pen.fill()
