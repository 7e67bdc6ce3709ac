"""Three scales of the same patients, the bowls they make, and the ways down."""

from __future__ import annotations

from itertools import pairwise

import contourpy
import numpy as np
from manim import LEFT, RIGHT, FadeIn, ValueTracker

from look import theme
from look.runs import series
from look.words import say
from scenes.parts.charts import between
from scenes.parts.marks import star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "input_scaling": "input (run, example, feature), theta (run, step, param), "
    "minimum (run, param), height (run, y, x), grid_x (run, x), grid_y (run, y), "
    "condition (run), arrived (run), run (run), first, second, ordered, near, steps_raw, "
    "steps_range, steps_standard"
}

DESCRIPTION = """\
Three squares with the same patients as dots, far from the origin and flat, as measured. In the
second they spread until they fill 0 to 1, in the third they move around the origin. The squares
shrink into the corners of three maps, each the loss over two weights: a narrow valley,
a wider one, a nearly round bowl. From equally high starts, three points go down: the first zigzags
for many steps, the second for fewer, the third is there at once; under each its steps are counted.
At the end the condition number of each bowl stands beside them.
"""

SIDE, GAP, TOP = 4.1, 0.45, 1.72
SMALL = 1.3
LEVELS = np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 6, 12, 30])


class InputScaling(RecordedScene):
    def construct(self):
        recorded = self.recording("input_scaling")
        names = [name for name in recorded.run.values.tolist() if " " not in name]
        clock, scaled, shrunk = (ValueTracker(0) for _ in range(3))
        bowls, data, heads, kappas, steps = [], [], [], [], []
        last = 1
        for i, name in enumerate(names):
            left = -6.6 + i * (SIDE + GAP)
            one = recorded.sel(run=name)
            bowls.append(Bowl(one, left, clock, series(name).token))
            data.append(Patients(recorded.sel(run="raw"), one, left, scaled, shrunk))
            heads.append(Words(say(name), weight="semibold").on_baseline(left, 1.88))
            low, n = TOP - SIDE - 0.6, int(one.arrived)
            text = say("condition", x=float(one.condition))
            kappas.append(Words(text, color="muted").on_baseline(left + SIDE, low, RIGHT))
            last = max(last, n if n >= 0 else len(one.theta) - 1)
            most = n if n >= 0 else len(one.theta) - 1
            count = Number(counted(clock, most), [clock], size=48, weight="semibold",
                           widest=say("steps", n=100))  # fmt: skip
            steps.append(count.move_to((left, low + 0.16, 0), LEFT))

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *heads, *data)
        self.wait(0.4)
        self.play(scaled.animate.set_value(1), run_time=1.6)
        self.wait(0.5)

        self.next_section("bowl")
        self.add(*bowls, *data)
        self.play(shrunk.animate.set_value(1), *(FadeIn(bowl) for bowl in bowls), run_time=1.2)
        self.add(*data)
        self.wait(0.8)

        self.next_section("descent")
        words = self.say(words, "descent")
        self.play(*(FadeIn(part) for part in steps), run_time=0.3)
        self.play_steps(clock, last, 4.2 / last)

        self.next_section("end")
        self.say(words, "end", also=kappas)
        self.wait(1.5)


def counted(clock, most):
    """Return what writes the steps so far, up to so many."""
    return lambda: say("steps", n=min(int(clock.get_value() + 1e-9), most))


class Bowl(Painted):
    """A map of the loss, with the path down."""

    def __init__(self, one, left, clock, color):
        super().__init__(SIDE, SIDE, reads=[clock])
        self.move_to((left + SIDE / 2, TOP - SIDE / 2, 0))
        self.clock, self.arrived = clock, int(one.arrived)
        self.loss, self.steps = one.height.values, _inside(one, one.theta.values)
        self.star = _inside(one, one.minimum.values[None])[0]
        self.ink, self.text = theme.color(color), theme.color("text")
        self.shades = mix(
            theme.color("contour_low"), theme.color("contour_high"),
            np.linspace(0, 1, len(LEVELS) + 1),
        )  # fmt: skip
        self.line, self.back = theme.color("contour_line"), theme.color("background")

    def paint(self, pen):
        left, bottom, side, _ = self.box
        across = np.linspace(left, left + side, self.loss.shape[1])
        up = np.linspace(bottom, bottom + side, self.loss.shape[0])
        made = contourpy.contour_generator(
            across, up, self.loss, fill_type=contourpy.FillType.OuterOffset
        )
        context = pen.context
        context.save()
        pen.rectangle(left, bottom, side, side)
        context.clip()
        pen.rectangle(left, bottom, side, side)
        pen.color(self.shades[0])
        pen.fill()
        pen.width(0.8)
        context.set_fill_rule(1)
        for level, shade in zip(LEVELS, self.shades[1:], strict=True):
            for points, offsets in zip(*made.filled(level, np.inf), strict=True):
                for a, b in pairwise(offsets):
                    pen.polyline(points[a:b], close=True)
            pen.color(shade)
            context.fill_preserve()
            pen.color(self.line, 0.5)
            pen.stroke()
        self.path(pen, self.place(self.steps))
        star(pen, self.place(self.star))
        context.restore()

    def path(self, pen, places):
        """Draw the path as far as the clock has come, or to where it has arrived."""
        last = len(places) - 1 if self.arrived < 0 else self.arrived
        at = min(self.clock.get_value(), last)
        way = np.vstack([places[: int(at + 1e-9) + 1], between(places, at)])
        pen.context.set_line_join(1)
        for color, width in ((self.back, 6), (self.ink, 3.2)):
            pen.color(color)
            pen.width(width)
            pen.polyline(way)
            pen.stroke()
        pen.disc(places[0], 0.09, self.back, self.text)
        pen.disc(way[-1], 0.1, self.ink, self.back, 1.5)


def _inside(one, points):
    """Return points of weights, (n, 2), as shares of their map's sides."""
    low = np.array([one.grid_x.values[0], one.grid_y.values[0]])
    high = np.array([one.grid_x.values[-1], one.grid_y.values[-1]])
    return (points - low) / (high - low)


class Patients(Painted):
    """The data in a square whose axes have one scale; it shrinks into a map's corner.

    From as they are measured, the patients move to their places in `one`.
    """

    def __init__(self, raw, one, left, scaled, shrunk):
        super().__init__(SIDE, SIDE, reads=[scaled, shrunk])
        self.move_to((left + SIDE / 2, TOP - SIDE / 2, 0))
        self.scaled, self.shrunk = scaled, shrunk
        self.spots = [_spots(part.input.values) for part in (raw, one)]
        self.text, self.muted = theme.color("text"), theme.color("muted")
        self.back = theme.color("background")

    def paint(self, pen):
        left, bottom, side, _ = self.box
        small = self.shrunk.get_value()
        size = (1 - small) * side + small * SMALL
        right, top = left + side - 0.08 * small, bottom + side - 0.08 * small
        corner = np.array([right - size, top - size])
        pen.rectangle(*corner, size, size)
        pen.color(self.back)
        pen.context.fill_preserve()
        pen.color(self.muted)
        pen.width(1)
        pen.stroke()
        scaled = self.scaled.get_value()
        spots, zero = ((1 - scaled) * a + scaled * b for a, b in zip(*self.spots, strict=True))
        x, y = (corner + size * zero).tolist()
        pen.color(self.muted, 0.7)
        pen.polyline(np.array([[corner[0], y], [corner[0] + size, y]]))
        pen.polyline(np.array([[x, corner[1]], [x, corner[1] + size]]))
        pen.stroke()
        radius = 0.045 * (1 - small) + 0.022 * small
        places = corner + size * spots
        pen.discs(places, radius, np.tile(rgb(self.text), (len(places), 1)), self.back, 0)


def _spots(inputs):
    """Return the patients and the origin as shares of a square with both zeros in it."""
    low, high = min(0.0, float(inputs.min())), float(inputs.max())
    room = 0.06 * (high - low)
    span = high - low + 2 * room
    return (inputs - low + room) / span, np.full(2, (room - low) / span)
