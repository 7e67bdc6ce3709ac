"""A rate climbs until training breaks; then whole trainings test the band that it gives."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker

from look import theme
from look.numbers import counter, form, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

CLIMB_SECONDS, TRAIN_SECONDS = 6.0, 4.0

READS = {
    "lr_range_test": "lr (step), loss (step), batch_loss (run_climb, step), "
    "rate (x_rate), "
    "training_loss (x_rate, step_training), band_high, band_low, best_loss, best_rate, dataset, "
    "inside, n_rates, repeats, start_loss, "
    "turn_lr, turns",
}

DESCRIPTION = """\
A chart of the loss over the learning rate, whose axis is logarithmic. A point starts at the left,
at a small rate, and draws a line as its rate climbs step by step: level at first, then down, then
up again, where "training breaks" is written; faint dots behind it are the losses of single
batches. A band is shaded between the first tenth of the fall and a little before the lowest point.
Then a dot stands at each of several constant rates, all as high as an untrained network, and each
falls as its own training goes on: some creep, some fall far, some at high rates stay up. A ring
marks the lowest, and its rate is written beside it.
"""


class LrRangeTest(RecordedScene):
    poster_section = "check"

    def construct(self):
        recorded = self.recording("lr_range_test")
        attrs = recorded.attrs
        climb, train = ValueTracker(0), ValueTracker(0)
        chart, axes = chart_of_losses(recorded)
        n_climb, n_train = recorded.sizes["step"] - 1, recorded.sizes["step_training"] - 1

        self.next_section("climb")
        words = self.headline("start")
        line, numbers = Climb(chart, recorded, climb), counted(recorded, climb)
        self.add(words, *axes, line, *numbers)
        self.play_steps(climb, n_climb, CLIMB_SECONDS / n_climb)
        if attrs["turns"]:
            x = float(chart.point(np.log10(attrs["turn_lr"]), 0)[0])
            broken = Words(say("breaks"), 34, weight="semibold").on_baseline(
                min(x + 0.3, RIGHT_EDGE - 2.4), TOP - 0.42
            )
            self.play(FadeIn(broken), run_time=0.3)
            self.wait(0.8)
            numbers.append(broken)

        self.next_section("check")
        band = Band(chart, attrs["band_low"], attrs["band_high"])
        middle = np.sqrt(attrs["band_low"] * attrs["band_high"])
        x = float(chart.point(np.log10(middle), 0)[0])
        name = Words(say("band film"), 30, weight="semibold").on_baseline(x, TOP - 0.42, ORIGIN)
        dots = Dots(chart, recorded, train)
        faint = line.animate.set_opacity(0.55)
        self.play(faint, *(FadeOut(part) for part in numbers), run_time=0.3)
        words = self.say(words, "check", also=(band, name, dots))
        self.play_steps(train, n_train, TRAIN_SECONDS / n_train)

        self.next_section("verdict")
        place = chart.point(np.log10(attrs["best_rate"]), attrs["best_loss"])
        ring = Ring(place)
        label = Words(say("best film"), 34, weight="semibold")
        label.on_baseline(place[0] + 0.42, place[1] - 0.12)
        self.say(words, "verdict", also=(ring, label))
        self.wait(1.5)


LEFT_EDGE, RIGHT_EDGE, TOP, BOTTOM = -6.0, 6.6, 1.75, -2.85


def chart_of_losses(recorded):
    """Return the chart, over the logarithm of the rate, and its axes."""
    lr, start = recorded.lr.values, recorded.attrs["start_loss"]
    low = np.log10(min(lr[0], float(recorded.rate.min())))
    high = np.log10(max(lr[-1], float(recorded.rate.max())))
    chart = Chart(
        ((LEFT_EDGE + RIGHT_EDGE) / 2, (TOP + BOTTOM) / 2), RIGHT_EDGE - LEFT_EDGE, TOP - BOTTOM,
        (low, high), (0, 1.3 * start),
    )  # fmt: skip
    axes: list = []
    for value in np.arange(0, 1.3 * start):
        axes.append(Curve(chart, np.array([low, high]), np.full(2, value), "quiet", 1.5))
        y = chart.point(low, value)[1]
        axes.append(Words(number(value), 28, "muted").on_baseline(LEFT_EDGE - 0.15, y - 0.1, RIGHT))
    for power in np.arange(np.ceil(low - 1e-9), np.floor(high + 1e-9) + 1):
        x = chart.point(power, 0)[0]
        axes.append(
            Words(form(10.0**power, "g"), 28, "muted").on_baseline(x, BOTTOM - 0.42, ORIGIN)
        )
    axes.append(Words(say("rate axis"), 34, "muted").on_baseline(RIGHT_EDGE, BOTTOM - 0.9, RIGHT))
    axes.append(Words(say("loss"), 34, "muted").on_baseline(LEFT_EDGE - 0.55, TOP + 0.2))
    return chart, axes


def counted(recorded, clock):
    """Return the rate that the climbing run has come to."""
    lr = recorded.lr.values

    def text():
        return counter(float(lr[min(int(clock.get_value() + 1e-9), len(lr) - 1)]))

    label = Formula("eta =", 38, "muted").move_to((4.0, TOP + 0.32, 0), aligned_edge=LEFT)
    value = Number(text, [clock], size=38, weight="semibold", widest="0.00000")
    value.move_to((label.get_right()[0] + 0.15, TOP + 0.2, 0), aligned_edge=LEFT + DOWN)
    return [label, value]


class Climb(Painted):
    """The loss over the rate as far as the run has come, and a point at its head."""

    def __init__(self, chart, recorded, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock = chart, clock
        x = np.log10(recorded.lr.values)
        high = 2 * chart.y[1]  # beyond the box
        self.line = chart.point(x, np.clip(np.nan_to_num(recorded.loss.values, nan=high), 0, high))
        self.cloud = chart.point(x, recorded.batch_loss.values)  # (run_climb, step, 2)
        self.ink, self.halo = series("climb").color, theme.color("background")

    def paint(self, pen):
        at = float(self.clock.get_value())
        now = int(at + 1e-9)
        cloud = self.cloud[:, : now + 1].reshape(-1, 2)
        cloud = cloud[np.isfinite(cloud).all(1)]
        cloud = cloud[self.chart.inside(cloud)]
        pen.color(self.ink, 0.35)
        for x, y in cloud.tolist():
            pen.circle(x, y, 0.03)
            pen.fill()
        head = between(self.line, at)
        pen.context.save()
        pen.rectangle(*box(self.chart))
        pen.context.clip()
        for color, width in ((self.halo, 8), (self.ink, 4.5)):
            pen.color(color)
            pen.width(width)
            pen.context.set_line_join(1)
            pen.polyline(np.vstack([self.line[: now + 1], head]))
            pen.stroke()
        pen.context.restore()
        if self.chart.inside(head[None])[0]:
            pen.disc(head, 0.13, self.ink, self.halo)


def box(chart):
    """Return the left, the lower edge, and the size of a chart's box."""
    return chart.left, chart.bottom, chart.width, chart.height


class Band(Painted):
    """The rates that the climb suggests."""

    def __init__(self, chart, low, high):
        left, right = (float(chart.point(np.log10(rate), 0)[0]) for rate in (low, high))
        super().__init__(right - left, chart.height)
        self.move_to(((left + right) / 2, chart.center[1], 0))
        self.ink = theme.color("text")

    def paint(self, pen):
        pen.color(self.ink, 0.1)
        pen.rectangle(*self.box)
        pen.fill()


class Dots(Painted):
    """A training at each rate: its loss at its own step."""

    def __init__(self, chart, recorded, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock = chart, clock
        loss = np.minimum(recorded.training_loss.values, chart.y[1])
        self.places = chart.point(np.log10(recorded.rate.values)[:, None], loss)
        self.ink, self.halo = series("train").color, theme.color("background")

    def paint(self, pen):
        now = between(self.places.transpose(1, 0, 2), float(self.clock.get_value()))
        pen.color(self.ink, 0.5)
        pen.width(3)
        for start, end in zip(self.places[:, 0], now, strict=True):
            pen.polyline(np.array([start, end]))
            pen.stroke()
        pen.discs(now, 0.15, np.tile(rgb(self.ink), (len(now), 1)), self.halo, 2.0)


class Ring(Painted):
    """Marks the lowest of the dots."""

    def __init__(self, place):
        super().__init__(0.56, 0.56)
        self.move_to((*place, 0))
        self.ink = theme.color("text")

    def paint(self, pen):
        left, bottom, side, _ = self.box
        pen.color(self.ink)
        pen.width(3.5)
        pen.circle(left + side / 2, bottom + side / 2, side / 2 - 0.03)
        pen.stroke()
