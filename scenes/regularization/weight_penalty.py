"""The same weights learn under three losses, and L1's spike gets room."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, FadeIn, FadeOut, Mobject, ValueTracker, linear, smooth

from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import say
from scenes.parts.charts import between
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

TRAINING_SECONDS = 6.0

READS = {
    "weight_penalty": "template (run, snapshot, unit, y, x), histogram (run, snapshot, bin), "
    "near_share (run, snapshot), run (run), near, near_l1, near_l2, near_none, reach, sparsest",
}

DESCRIPTION = """\
Three columns: no penalty, L2, L1. Each has two pictures of the weights into hidden units, orange
where ink makes the unit grow and blue where it makes it shrink, at first the same noise in all
three, and under them a histogram of all weights with the share of those near 0. All learn at one
pace. Strokes of digits come out of the noise in each column. Without a penalty the noise around
them stays; under L2 it grows paler; under L1 it goes away, and a spike shoots up in the middle of
the histogram, too high for its box: an arrowhead says that it goes on. Then all three histograms
are seen from further away, until the whole spike stands there with its share beside it.
"""

LEFTS, WIDE = (-6.6, -1.95, 2.7), 3.9  # the columns, in frame units
TOP, SIDE, BETWEEN = 1.82, 1.88, 0.14  # the pictures, two side by side
BASE, TALL = -3.2, 1.9  # the histograms
ROOM = TOP - SIDE - 0.3 - BASE  # that they have in the end
FULL = 0.1  # share of the weights that fills one at first
AWAY = 0.95  # of its box that the highest bar fills in the end
HEAD = 0.22  # height of the arrowhead on a bar that goes on


class WeightPenalty(RecordedScene):
    poster_section = "learnt"

    def construct(self):
        recorded = self.recording("weight_penalty")
        runs = recorded.run.values.tolist()
        clock, room = ValueTracker(0), ValueTracker(0)
        last = recorded.sizes["snapshot"] - 1
        most = float(np.quantile(np.abs(recorded.template.values[0, -1]), 0.995))
        highest = max(FULL, float(recorded.histogram.values[:, -1].max()))
        columns, shares, aims = [], [], []
        for name, left in zip(runs, LEFTS, strict=True):
            run = recorded.sel(run=name)
            bars = Histogram(run, name, left, clock, room, highest)
            shares.append(near(run, left, clock))
            aims.append((left + WIDE / 2 + 0.2, bars.beside(), 0))
            pictures = Pictures(run.template.values, left, clock, most)
            columns += [*names(run, name, left), pictures, bars, shares[-1]]

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *columns)
        self.play(clock.animate.set_value(last), run_time=TRAINING_SECONDS, rate_func=linear)

        self.next_section("learnt")
        self.say(words, "learnt")
        # The shares step aside before the spikes rise, which they would cross.
        self.play(*(FadeOut(share) for share in shares), run_time=0.3)
        self.play(room.animate.set_value(1), run_time=1.6, rate_func=smooth)
        for share, aim in zip(shares, aims, strict=True):
            share.move_to(aim, aligned_edge=LEFT)
        self.play(*(FadeIn(share) for share in shares), run_time=0.3)
        self.wait(1.5)


def names(run, name, left):
    """Return a run's name, its penalty, and the numbers under its histogram."""
    parts: list[Mobject] = [
        Key(series(name).token, 0.26).move_to((left + 0.13, TOP + 0.3, 0)),
        Words(series(name).label, 34, weight="semibold").on_baseline(left + 0.4, TOP + 0.18),
        Words("0", 28, "muted").on_baseline(left + WIDE / 2, BASE - 0.36, ORIGIN),
        *(
            Words(fixed(sign * run.attrs["reach"] / 2, 1), 28, "muted").on_baseline(
                left + WIDE / 2 + sign * WIDE / 4, BASE - 0.36, ORIGIN
            )
            for sign in (-1, 1)
        ),
    ]
    if name != "none":
        formula = Formula(say(f"symbols {name}"), 34, "muted")
        parts.append(formula.move_to((left + 1.05, TOP + 0.3, 0), aligned_edge=LEFT))
    return parts


def near(run, left, clock):
    """Return the share of a run's weights near 0, over its histogram."""
    share = Number(
        lambda: say("share", share=float(run.near_share[at(clock)])),
        [clock],
        size=34,
        weight="semibold",
        widest=say("share", share=0.99),
    )
    return share.move_to((left + share.width / 2, BASE + TALL + 0.2, 0))


def at(clock):
    """Return the latest snapshot."""
    return int(clock.get_value() + 1e-9)


class Pictures(Painted):
    """Two hidden units' weights side by side, as they are by now."""

    def __init__(self, templates, left, clock, most):
        wide = 2 * SIDE + BETWEEN
        super().__init__(wide, SIDE, reads=[clock])
        self.move_to((left + wide / 2, TOP - SIDE / 2, 0))
        self.clock = clock
        self.shares = np.clip(templates[:, :2] / max(most, 1e-12), -1, 1)  # (snapshot, unit, y, x)
        self.back = theme.color("background")
        self.inks = theme.color("positive"), theme.color("negative")

    def paint(self, pen):
        """Draw them, between two snapshots as far along as the clock is."""
        weights = between(self.shares, self.clock.get_value())
        size = np.abs(weights) ** 0.7
        one, other = (mix(self.back, ink, size) for ink in self.inks)
        pixels = np.where((weights > 0)[..., None], one, other)
        left, bottom, _, _ = self.box
        for k, picture in enumerate(pixels):
            pen.image(picture, left + k * (SIDE + BETWEEN), bottom, SIDE, SIDE)


class Histogram(Painted):
    """Shares of all weights by size; what is higher than the box is cut, until there is room."""

    def __init__(self, run, name, left, clock, room, highest):
        super().__init__(WIDE, TALL, reads=[clock, room])
        self.move_to((left + WIDE / 2, BASE + TALL / 2, 0))
        self.clock, self.room, self.shares = clock, room, run.histogram.values
        self.highest = highest
        self.ink = series(name).color
        self.line = theme.color("muted")

    def zoomed(self):
        """Return how high the box is now, and how high a share of 1 is, in frame units."""
        room = self.room.get_value()
        tall = (1 - room) * TALL + room * ROOM
        # The unit goes down as a ratio: each moment zooms out by as much as the one before.
        first, last = TALL / FULL, AWAY * ROOM / self.highest
        return tall, first ** (1 - room) * last**room

    def beside(self):
        """Return where words beside the bar about 0 find room in the end, over its neighbours."""
        heights = AWAY * ROOM * self.shares[-1] / self.highest
        middle = len(heights) // 2
        return BASE + max(float(heights.max()) - 0.3, float(heights[middle + 1 :].max()) + 0.4)

    def paint(self, pen):
        """Draw the bars as they are by now."""
        shares = between(self.shares, self.clock.get_value())
        left, bottom, width, _ = self.box
        tall, unit = self.zoomed()
        step = width / len(shares)
        pen.color(self.ink)
        beyond = shares * unit > tall
        for k, high in enumerate(np.where(beyond, tall - HEAD, shares * unit).tolist()):
            pen.rectangle(left + k * step, bottom, 1.02 * step, high)
        pen.fill()
        for k in np.flatnonzero(beyond).tolist():  # an arrowhead: it goes on
            x, y = left + (k + 0.5) * step, bottom + tall
            corners = [[x - 0.13, y - HEAD], [x, y], [x + 0.13, y - HEAD]]
            pen.polyline(np.array(corners), close=True)
            pen.fill()
        pen.color(self.line)
        pen.width(1.5)
        pen.polyline(np.array([[left, bottom], [left + width, bottom]]))
        pen.stroke()
