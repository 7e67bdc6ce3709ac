"""Logistic regression learns a boundary: it turns, stays straight, and is an S across."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, smooth

from look import theme
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart, _clip
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

FIRST = 2, 0.7  # how many first steps one can count, and the seconds for each
SLOW, QUICK = (8, 0.2), 1.5  # the next ones; seconds for all others
RING = 0.19  # its radius; flowers nearer than half of it look like one

READS = {
    "logistic_boundary": "theta (step, param), middle (feature), spread (feature), "
    "probability (snapshot, y, x), flowers (example, feature), label (example), "
    "end_z (example), end_prediction (example), curve_z (x_curve), curve (x_curve), "
    "snapshot (snapshot), x (x), y (y), class_0, class_1, n_train",
}

DESCRIPTION = """\
Flowers of two species by the length and the width of their petals fill the frame: blue discs and
orange squares. The plane behind them is tinted by the probability that logistic regression gives to
the second one, with a straight line where it is one half; rings mark the flowers on the wrong side,
and a number counts those on the right one. Step by step the line turns and moves in between the two
kinds, rings vanish and the tint around it grows sharper. The line never bends. At the end the line
turns upright, and every flower moves to its weighted sum z, which is 0 on the line, and to its
probability: together they lie on a curve like an S, steep at the line and flat far away from it.
Beside the rings stands how many there are, and at one that is around several flowers, how many
these are. The map has shrunk with its rings to the right, and stays there.
"""


class LogisticBoundary(fits.FitScene):
    poster_section = "across"

    def construct(self):
        recorded = self.recording("logistic_boundary")
        clock, moved, shrunk = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        x, y = recorded.x.values, recorded.y.values
        place = (-1.8, -0.85), 8.6, 4.9
        chart = Chart(*place, (x[0], x[-1]), (y[0], y[-1]))
        reach = float(recorded.curve_z[-1])
        profile = Chart(*place, (-reach, reach), (-0.12, 1.12))
        field = fits.Field(
            chart, x, y, fits.Between(recorded.snapshot.values, recorded.probability.values),
            clock, width=5.0,
        )  # fmt: skip
        flowers = Flowers(chart, profile, recorded, moved)
        sides = Sides(flowers, recorded, clock)
        right = chart.left + chart.width + 0.4
        still = Group(
            chart.x_ticks(fits.round_ticks(*chart.x)),
            chart.y_ticks(fits.round_ticks(*chart.y)),
            Words("petal width, cm", 34, "muted").on_baseline(chart.left, chart.top + 0.22),
            Words("petal length, cm", 34, "muted").on_baseline(right, chart.bottom - 0.36),
        )
        names = [
            Words(recorded.attrs[f"class_{k}"], 34, weight="semibold").on_baseline(*at, side)
            for k, at, side in (
                (0, (chart.left + 0.25, chart.bottom + 2.3), LEFT),
                (1, (chart.left + chart.width - 1.2, chart.top - 0.45), ORIGIN),
            )
        ]
        count = Number(sides.count, [clock], size=64, weight="semibold", widest="00")
        count.move_to((right, 0.55, 0), aligned_edge=LEFT)
        beside = Words(say("of all"), 34, "muted").on_baseline(right, -0.2)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, still, flowers)
        self.play(FadeIn(field), run_time=0.5)
        self.add(still, flowers, sides, *names, count, beside)
        self.play_steps(clock, min(FIRST[0], recorded.sizes["step"] - 1), FIRST[1])

        self.next_section("learning")
        words = self.say(words, "learning")
        self.learn(clock, recorded.sizes["step"] - 1, SLOW, QUICK)
        equation = Formula(say("equation"), 34).move_to((right, 1.75, 0), aligned_edge=LEFT)
        self.play(FadeIn(equation), run_time=0.4)
        self.beat(1.0, "a straight line: where is the curve?")

        self.next_section("across")
        words = self.say(words, "across")
        seen = Group(
            profile.x_ticks(fits.round_ticks(*profile.x)),
            profile.y_ticks([0, 0.5, 1]),
            Words("probability", 34, "muted").on_baseline(chart.left, chart.top + 0.22),
            Formula("z", 34, "muted").move_to((right + 0.1, chart.bottom - 0.3, 0)),
            Formula(say("curve"), 40).move_to((right, 1.75, 0), aligned_edge=LEFT),
        )
        wrong = Words(say("wrong", n=int(sides.wrong().sum())), 34, weight="semibold")
        wrong.on_baseline(*profile.point(0.16 * reach, 0.3).tolist())
        crowds = [
            # beside the rings, away from the line at 0
            Words(say("here", n=n), 34, weight="semibold").on_baseline(
                *(
                    (x + 0.32, y - 0.12, LEFT)
                    if x > chart.center[0]
                    else (x - 0.32, y - 0.12, RIGHT)
                )
            )
            for (x, y), n in flowers.crowds(sides.wrong())
        ]
        tint = Profile(chart, profile, recorded, moved)
        self.remove(flowers, sides)  # the line stays, as a line of its own
        self.remove(field)
        self.add(Map(chart, field, flowers, sides, shrunk), tint, flowers, sides)
        gone = still, equation, count, beside, *names
        self.play(*(FadeOut(part) for part in gone), run_time=0.3)
        self.play(shrunk.animate.set_value(1), run_time=0.8, rate_func=smooth)
        self.play(
            moved.animate.set_value(1),
            FadeIn(seen, rate_func=lambda share: max(0.0, 2 * share - 1)),
            run_time=2.6,
            rate_func=smooth,
        )
        self.play(*map(FadeIn, [wrong, *crowds]), run_time=0.3)
        self.wait(1.5)


class Map(Painted):
    """The map with its line, flowers and rings; it shrinks out of its place to the right."""

    def __init__(self, chart, field, flowers, sides, shrunk):
        super().__init__(13.4, chart.height, reads=[shrunk])
        self.shift((0, chart.center[1], 0))
        self.chart, self.field, self.shrunk = chart, field, shrunk
        self.flowers, self.wrong = flowers, sides.wrong()
        self.ring = sides.ink

    def now(self):
        """Return where it is, as a chart."""
        share, whole = self.shrunk.get_value(), self.chart
        center = (1 - share) * np.array(whole.center) + share * np.array([4.95, -0.6])
        width = (1 - share) * whole.width + share * 3.9
        return Chart(tuple(center), width, width * whole.height / whole.width, whole.x, whole.y)

    def paint(self, pen):
        """Draw it where it is now."""
        chart, field = self.now(), self.field
        small = fits.Field(chart, field.grid_x, field.grid_y, field.probability, field.clock,
                           width=3.5)  # fmt: skip
        pen.context.save()  # it clips to its box
        small.paint(pen)
        pen.context.restore()
        size = chart.width / self.chart.width
        places = (self.flowers.places - self.chart.center) * size + chart.center
        none = np.empty(0)
        dots = fits.Points(chart, none, none, self.flowers.label, radius=self.flowers.radius * size)
        dots.places = places
        dots.paint(pen)
        pen.color(self.ring)
        pen.width(2.5)
        for x, y in places[self.wrong].tolist():
            pen.circle(x, y, RING * size)
            pen.stroke()


class Flowers(fits.Points):
    """The flowers: on the map, then at their z and their probability."""

    def __init__(self, chart, profile, recorded, moved):
        x, y = recorded.flowers.values.T
        super().__init__(chart, x, y, recorded.label.values, radius=0.1)
        self.reads, self.moved = (moved,), moved
        self.ends = profile.point(recorded.end_z.values, recorded.end_prediction.values)

    def now(self):
        """Return where they are, shape (example, 2), in frame units."""
        share = self.moved.get_value()
        return (1 - share) * self.places + share * self.ends

    def crowds(self, wrong):
        """Return where the last places of wrong flowers look like one, and how many these are."""
        found: list[list[list[float]]] = []
        for place in sorted(self.ends[wrong].tolist()):
            if found and np.hypot(*np.subtract(place, found[-1][-1])) < RING / 2:
                found[-1].append(place)
            else:
                found.append([place])
        return [(group[-1], len(group)) for group in found if len(group) > 1]


class Profile(Painted):
    """What the map's tint is across its line: by z, with the curve of the probability.

    The line itself turns upright, from where it is on the map to z = 0.
    """

    def __init__(self, field, chart, recorded, moved):
        super().__init__(chart.width, chart.height, reads=[moved])
        self.shift((*chart.center, 0))
        self.chart, self.moved = chart, moved
        self.line = np.stack(
            [field.point(*boundary(recorded)), chart.point(np.zeros(2), np.array(chart.y))]
        )
        self.z, self.curve = recorded.curve_z.values, recorded.curve.values
        self.palette, self.ink = fits.palette(), theme.color("text")

    def paint(self, pen):
        """Draw it as far as the flowers have come."""
        share = self.moved.get_value()
        whole, pen.opacity = pen.opacity, pen.opacity * share
        heights = np.array(self.chart.y)
        fits.paint_field(
            pen, self.chart, self.z, heights, np.tile(self.curve, (2, 1)), self.palette
        )  # fmt: skip
        _clip(pen, self.chart)
        pen.color(self.ink)
        pen.width(4.0)
        pen.polyline(self.chart.point(self.z, self.curve))
        pen.stroke()
        pen.opacity = whole
        pen.color(self.ink)
        pen.width(5.0)
        pen.polyline((1 - share) * self.line[0] + share * self.line[1])
        pen.stroke()


def boundary(recorded):
    """Return where the last line leaves the map at its foot and at its top: x and y, (2,) each."""
    w_x, w_y, b = recorded.theta.values[-1]
    y = recorded.y.values[[0, -1]]
    up = (y - recorded.middle.values[1]) / recorded.spread.values[1]
    across = -(w_y * up + b) / w_x if w_x else np.zeros(2)
    return across * recorded.spread.values[0] + recorded.middle.values[0], y


class Sides(Painted):
    """A ring around each flower on the wrong side of the line as it is now."""

    def __init__(self, flowers, recorded, clock):
        super().__init__(flowers.width, flowers.height, reads=[clock, *flowers.reads])
        self.move_to(flowers.get_center())
        self.flowers = flowers
        self.inputs = (recorded.flowers.values - recorded.middle.values) / recorded.spread.values
        self.theta = fits.Between(np.arange(recorded.sizes["step"]), recorded.theta.values)
        self.label, self.clock = recorded.label.values, clock
        self.ink = theme.color("vermillion")

    def wrong(self):
        """Return which flowers are on the wrong side, shape (example,)."""
        theta = self.theta(self.clock.get_value())
        return (self.inputs @ theta[:2] + theta[2] > 0) != (self.label == 1)

    def count(self):
        """Write how many are on the right one."""
        return say("count", n=int((~self.wrong()).sum()))

    def paint(self, pen):
        """Draw the rings, each with its flower: a right one may lie at the same place."""
        wrong = self.wrong()
        places, labels = self.flowers.now()[wrong].tolist(), self.label[wrong].tolist()
        pen.width(1.2)
        for (x, y), label in zip(places, labels, strict=True):
            self.flowers.mark(pen, x, y, label)
        pen.color(self.ink)
        pen.width(4.0)
        for x, y in places:
            pen.circle(x, y, RING)
            pen.stroke()
