"""A stream of turning digits goes by; the frozen model loses it, the learning one follows."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, ValueTracker

from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

STREAM_SECONDS = 10.5

READS = {
    "online_learning": "accuracy (run, step), image (example, y, x), image_step (example), "
    "image_angle (example), prediction (run, example), run (run), step (step), crosses, crossing, "
    "crossing_angle, frozen_end, last_angle, n_batch, n_stream, online_end, class (class), many, "
    "one, sample_class, turning_from, turning_to, window",
}

DESCRIPTION = """\
A handwritten digit rides along over a chart, always above the place in the stream that has been
reached, with its angle and the answers of two models beside it, right ones green and wrong ones
red. Under it two curves grow: the accuracy of each model over its latest examples. At first the
digits stand upright; the frozen model, which was trained before, is ahead, and the learning one,
which knows nothing, catches up. Then the digits begin to turn, and with them the one that rides.
The frozen model falls further and further, the learning one follows the change. A mark shows from
where on the learning one is ahead, if it is.
"""

CENTER, WIDE, TALL = (-0.95, -0.95), 9.9, 3.5  # of the chart, in frame units
SIDE, ABOVE = 1.4, 1.68  # of the digit, and the height of its middle


class OnlineLearning(RecordedScene):
    def construct(self):
        recorded = self.recording("online_learning")
        n, runs = recorded.attrs["n_stream"], recorded.run.values.tolist()
        points = recorded.sizes["step"] - 1
        clock = ValueTracker(0)  # recorded points
        per_point = n / points
        ends = [recorded.attrs["turning_from"], recorded.attrs["turning_to"]]

        self.next_section("upright")
        words = self.headline("upright")
        chart = Chart(CENTER, WIDE, TALL, (0, n), (0, 1))
        frame = [
            Band(chart, *ends),
            *(
                Curve(chart, np.array([0, n]), np.full(2, share), "quiet", 1.5)
                for share in (0, 0.5, 1)
            ),
            *(
                Words(percent(share), 28, "muted").on_baseline(
                    chart.left - 0.15, float(chart.point(0, share)[1]) - 0.1, RIGHT
                )
                for share in (0, 0.5, 1)
            ),
            *(
                Words(number(at), 28, "muted").on_baseline(
                    float(chart.point(at, 0)[0]), chart.bottom - 0.42, ORIGIN
                )
                for at in (0, *ends, n)
            ),
            Words(say("stream"), 34, "muted").on_baseline(CENTER[0], chart.bottom - 0.92, ORIGIN),
            Words(say("turn"), 34, "muted").on_baseline(
                float(chart.point(ends[0], 0)[0]) + 0.2, chart.bottom + 0.2
            ),
        ]
        trails = [
            Growing(chart, recorded.step.values, recorded.accuracy.sel(run=run).values, clock, run)
            for run in runs
        ]
        rider = Rider(recorded, chart, clock)
        self.add(words, *frame, *trails, *board(recorded, clock), rider)
        self.wait(0.5)
        pace = STREAM_SECONDS / points
        self.play_steps(clock, ends[0] / per_point, pace)

        self.next_section("turning")
        words = self.say(words, "turning")
        self.play_steps(clock, ends[1] / per_point, pace)
        self.play_steps(clock, points, pace)

        self.next_section("turned")
        crossing = recorded.attrs["crossing"]
        marks = []
        if crossing >= 0 and np.isfinite(recorded.accuracy.sel(run="online", step=crossing)):
            marks = Crossing(chart, recorded, crossing).parts
        self.say(words, "turned", also=marks)
        self.wait(1.5)


def board(recorded, clock):
    """Return both models' names, and how much of the latest they got right by now."""
    left = CENTER[0] + WIDE / 2 + 0.45
    parts: list = [
        Words(line, 34, "muted").on_baseline(left, -2.4 - 0.42 * i)
        for i, line in enumerate(say("window film").split("\n"))
    ]
    for i, run in enumerate(recorded.run.values.tolist()):
        y = 0.35 - 1.35 * i
        share = Number(
            at(clock, recorded.accuracy.sel(run=run).values, percent_or_none),
            [clock],
            size=54,
            weight="semibold",
            widest="100 %",
        )
        parts += [
            Key(series(run).token, 0.26).move_to((left + 0.13, y + 0.12, 0)),
            Words(series(run).label, 34, weight="semibold").on_baseline(left + 0.4, y),
            share.move_to((left, y - 0.55, 0), LEFT),
        ]
    return parts


def percent_or_none(share):
    """Write a share; nothing where there have been too few examples for one."""
    return percent(share) if np.isfinite(share) else ""


def at(clock, values, form):
    """Return what writes the recorded value of the clock's point."""
    last = len(values) - 1
    return lambda: form(values[min(int(clock.get_value() + 1e-9), last)])


class Rider(Painted):
    """The digit that came by last, over its place in the stream, with its angle and two answers."""

    def __init__(self, recorded, chart, clock):
        super().__init__(WIDE + 4, SIDE, reads=[clock])
        self.move_to((CENTER[0], ABOVE, 0))
        self.chart, self.clock = chart, clock
        self.per_point = recorded.attrs["n_stream"] / (recorded.sizes["step"] - 1)
        self.steps = recorded.image_step.values
        back, ink = theme.color("quiet"), theme.color("text")
        self.pictures = [mix(back, ink, image) for image in recorded.image.values]
        angles = recorded.image_angle.values
        self.angle = Number(
            lambda: say("angle", angle=angles[self.latest()]), size=34, color="muted", widest="90°"
        )
        truth, named = recorded.attrs["sample_class"], recorded["class"].values.tolist()
        self.answers = [
            (
                series(run).color,
                Answer(recorded.prediction.sel(run=run).values, truth, named, self.latest, clock),
            )
            for run in recorded.run.values.tolist()
        ]
        self.line = theme.color("muted")

    def seen(self):
        """Return how many examples have gone by."""
        return self.clock.get_value() * self.per_point

    def latest(self):
        """Return the number of the recorded digit that came last."""
        return max(0, int(np.searchsorted(self.steps, self.seen() + 1e-6, side="right")) - 1)

    def place_now(self):
        """Return the middle of the digit: over the stream's place, inside the frame."""
        x = float(self.chart.point(self.seen(), 0)[0])
        return min(max(x, self.chart.left + SIDE / 2), self.chart.left + WIDE - 0.2), ABOVE

    def paint(self, pen):
        """Draw the digit, what is said of it, and a thread down to the curves."""
        x, y = self.place_now()
        foot = float(self.chart.point(self.seen(), 0)[0])
        pen.color(self.line, 0.6)
        pen.width(1.5)
        pen.polyline(np.array([[foot, y - SIDE / 2], [foot, self.chart.bottom]]))
        pen.stroke()
        pen.image(self.pictures[self.latest()], x - SIDE / 2, y - SIDE / 2, SIDE, SIDE)
        right = x + SIDE / 2 + 0.2
        for i, (color, answer) in enumerate(self.answers):
            row = y + 0.42 - 0.5 * i
            pen.color(color)
            pen.circle(right + 0.12, row, 0.13)
            pen.fill()
            answer.move_to((right + 0.4, row, 0), LEFT)
            answer.paint(pen)
        self.angle.move_to((right, y - 0.58, 0), LEFT)
        self.angle.paint(pen)


class Crossing:
    """The place from which on the learning model is ahead, and its words."""

    def __init__(self, chart, recorded, step):
        height = float(recorded.accuracy.sel(run="online", step=step))
        place = chart.point(step, height)
        words = Words(say("ahead"), 34)
        right = chart.left + WIDE - 2 * SIDE - words.width  # where the digit has come to rest
        x = min(float(place[0]), right)
        self.parts = [Stem(place, ABOVE - 0.75), words.on_baseline(x, ABOVE - 0.6)]


class Stem(Painted):
    """A ring around a place of the chart, and a thread up from it."""

    def __init__(self, place, top):
        super().__init__(0.4, top - place[1])
        self.move_to((place[0], (place[1] + top) / 2, 0))
        self.ink, self.halo = theme.color("text"), theme.color("background")

    def paint(self, pen):
        """Draw it."""
        left, bottom, width, height = self.box
        x = left + width / 2
        pen.color(self.ink, 0.7)
        pen.width(2)
        pen.polyline(np.array([[x, bottom], [x, bottom + height]]))
        pen.stroke()
        pen.disc((x, bottom), 0.13, self.halo, self.ink, 4)


class Band(Painted):
    """The part of the stream in which the digits turn."""

    def __init__(self, chart, first, last):
        self.ends = chart.point(np.array([first, last]), np.array(chart.y))
        width, height = (self.ends[1] - self.ends[0]).tolist()
        super().__init__(width, height)
        self.move_to((*self.ends.mean(0), 0))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        """Fill it."""
        pen.color(self.ink, 0.35)
        pen.rectangle(*self.box)
        pen.fill()


class Growing(Painted):
    """A model's accuracy as far as the clock has come, with its name at the point."""

    def __init__(self, chart, steps, accuracy, clock, run):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        there = np.isfinite(accuracy)  # before, there are too few examples for a share
        self.start = int(np.argmax(there))
        self.places = chart.point(steps[there], accuracy[there])
        self.clock = clock
        self.ink, self.halo = series(run).color, theme.color("background")

    def paint(self, pen):
        """Draw the line and its head."""
        at = self.clock.get_value() - self.start
        if at < 0:
            return
        lower = min(int(at + 1e-9), len(self.places) - 1)
        upper = min(lower + 1, len(self.places) - 1)
        head = self.places[lower] + (at - lower) * (self.places[upper] - self.places[lower])
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 6.0), (self.ink, 3.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(np.vstack([self.places[: lower + 1], head]))
            pen.stroke()
        pen.disc(head, 0.09, self.ink, self.halo, 1.5)


class Answer(Number):
    """A model's answer to the digit that is shown: green if it is right, red if not."""

    def __init__(self, said, truth, named, latest, clock):
        size = 34 if all(len(name) == 1 for name in named) else 24
        super().__init__(
            lambda: named[said[latest()]],
            [clock],
            size=size,
            weight="semibold",
            widest=max(named, key=len),
            align="left",
        )
        self.right = lambda: said[latest()] == truth
        self.inks = {right: theme.color(name) for right, name in
                     ((True, "green"), (False, "vermillion"))}  # fmt: skip

    def paint(self, pen):
        """Draw it."""
        self.ink = self.inks[bool(self.right())]
        super().paint(pen)
