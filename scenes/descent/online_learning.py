"""A stream of turning digits goes by; the frozen model loses it, the learning one follows."""

from __future__ import annotations

import manim
import numpy as np
from manim import DOWN, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker

from look import theme
from look.numbers import percent
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

STREAM_SECONDS = 11.0
AGAIN_SECONDS = 2.6

READS = {
    "online_learning": "accuracy (run, step), upright_accuracy (run, step), angle (step), "
    "image (example, y, x), image_step (example), prediction (run, example), run (run), "
    "step (step), forgets, frozen_end, last_angle, n_batch, n_stream, n_test, online_end, "
    "class (class), many, sample_class, sample_name, turning_from, turning_to, window",
}

DESCRIPTION = """\
On the left stands a handwritten digit, one of many that go by, with the answers of two models under
it, right ones green and wrong ones red. On the right, two curves grow along the stream: the
accuracy of each model over its latest examples. At first the digits stand upright; the frozen
model, which was trained before, is far ahead, and the learning one, which knows nothing, catches
up. Then the digits begin to turn. The frozen model falls further and further, the learning one
follows the change and stays high. At the end the stream passes once more, with the curves of both
models' accuracy on upright digits: the frozen model's is flat, and the learning one's rises and
then falls as the stream turns away.
"""

LEFT, TOP = -6.6, 1.95  # of everything under the headline; TOP is a baseline


class OnlineLearning(RecordedScene):
    def construct(self):
        recorded = self.recording("online_learning")
        n = recorded.attrs["n_stream"]
        points = recorded.sizes["step"] - 1
        clock = ValueTracker(0)  # recorded points
        per_point = n / points
        first, last = (recorded.attrs[name] / per_point for name in ("turning_from", "turning_to"))

        self.next_section("upright")
        words = self.headline("upright")
        ticks = [0, recorded.attrs["turning_from"], recorded.attrs["turning_to"], n]
        chart = Chart((2.4, -0.6), 7.6, 4.7, (0, n), (0, 1))
        name = Words(say("window film"), 22, "muted")
        name.on_baseline(chart.left, TOP)
        frame = [
            Band(chart, recorded.attrs["turning_from"], recorded.attrs["turning_to"]),
            *(
                Curve(chart, np.array([0, n]), np.full(2, share), "quiet", 1.5)
                for share in (0, 0.5, 1)
            ),
            chart.y_ticks([0, 0.5, 1], [percent(share) for share in (0, 0.5, 1)]),
            chart.x_ticks(ticks),
            Words("examples of the stream", 22, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.66, ORIGIN
            ),
        ]
        trails = [
            Growing(chart, recorded.step.values, recorded.accuracy.sel(run=run).values, clock, run)
            for run in recorded.run.values.tolist()
        ]
        stream = Stream(recorded, clock, per_point)
        self.add(words, name, *frame, *trails, stream, *stream.words)
        self.wait(0.8)
        pace = STREAM_SECONDS / points
        self.play_steps(clock, first, pace)

        self.next_section("turning")
        words = self.say(words, "turning")
        self.play_steps(clock, last, pace)

        self.next_section("turned")
        words = self.say(words, "turned")
        self.play_steps(clock, points, pace)

        self.next_section("forgetting")
        words = self.say(words, "forgetting")
        again = ValueTracker(0)
        gone = [stream, *stream.words, *trails, name]
        name = Words(say("upright name"), 22, "muted").on_baseline(chart.left, TOP)
        new = [name, *shares(recorded, again)]
        for run in recorded.run.values.tolist():
            upright = recorded.upright_accuracy.sel(run=run).values
            new.append(Growing(chart, recorded.step.values, upright, again, run))
        changes = [*(FadeOut(part) for part in gone), *(FadeIn(part) for part in new)]
        self.play(*changes, run_time=0.35)
        self.play_steps(again, points, AGAIN_SECONDS / points)
        self.wait(1.8)


def shares(recorded, clock):
    """Return how both models do on upright digits by now, large, on the left."""
    found = []
    for i, run in enumerate(recorded.run.values.tolist()):
        y = 0.75 - i * 1.9
        upright = recorded.upright_accuracy.sel(run=run).values
        share = Number(
            at(clock, upright, percent),
            [clock],
            size=54,
            weight="semibold",
            widest="100 %",
        )
        found += [
            share.move_to((LEFT, y, 0), aligned_edge=manim.LEFT + DOWN),
            Key(series(run).color).move_to((LEFT + 0.12, y - 0.36, 0)),
            Words(series(run).label, 24).on_baseline(LEFT + 0.36, y - 0.45),
        ]
    return found


def at(clock, values, form):
    """Return what writes the recorded value of the clock's point."""
    last = len(values) - 1
    return lambda: form(values[min(int(clock.get_value() + 1e-9), last)])


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


class Stream(Painted):
    """The recorded digit that came by last, and what the two models said it is."""

    def __init__(self, recorded, clock, per_point):
        side = 3.3
        super().__init__(side, side, reads=[clock])
        self.move_to((LEFT + side / 2, TOP - 0.2 - side / 2, 0))
        self.clock, self.per_point = clock, per_point
        self.steps = recorded.image_step.values
        back, ink = theme.color("quiet"), theme.color("text")
        self.pictures = [mix(back, ink, image) for image in recorded.image.values]
        truth = recorded.attrs["sample_class"]
        name = Words(say("sample"), 24, "muted").on_baseline(LEFT, TOP)
        angle = Number(
            at(clock, recorded.angle.values, lambda angle: say("angle", angle=angle)),
            [clock],
            size=24,
            widest="90°",
        )
        self.words = [name, angle.next_to(name, RIGHT, buff=0.12).set_y(TOP + 0.085)]
        for i, run in enumerate(recorded.run.values.tolist()):
            y = self.box[1] - 0.55 - i * 0.6
            said = recorded.prediction.sel(run=run).values
            self.words += [
                Key(series(run).color).move_to((LEFT + 0.12, y + 0.09, 0)),
                Words(say("says", name=series(run).label), 24).on_baseline(LEFT + 0.36, y),
            ]
            answer = Answer(said, truth, recorded["class"].values.tolist(), self.latest, clock)
            right = (LEFT + side - 0.23, y + 0.1, 0)
            self.words.append(answer.move_to(right, aligned_edge=RIGHT))

    def latest(self):
        """Return the number of the recorded digit that came last."""
        seen = self.clock.get_value() * self.per_point
        return max(0, int(np.searchsorted(self.steps, seen, side="right")) - 1)

    def paint(self, pen):
        """Draw the digit."""
        pen.image(self.pictures[self.latest()], *self.box)


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
            align="right",
        )
        self.right = lambda: said[latest()] == truth
        self.inks = {right: theme.color(name) for right, name in
                     ((True, "green"), (False, "vermillion"))}  # fmt: skip

    def paint(self, pen):
        """Draw it."""
        self.ink = self.inks[bool(self.right())]
        super().paint(pen)
