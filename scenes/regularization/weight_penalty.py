"""The same weights learn under three losses, side by side; then what it does to the test loss."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, FadeIn, FadeOut, Mobject, ValueTracker, linear

from look import theme
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene
from scenes.regularization._bands import Band, Gap, Zero

TRAINING_SECONDS = 6.0
CURVES_SECONDS = 3.0

READS = {
    "weight_penalty": "template (run, snapshot, unit, y, x), histogram (run, snapshot, bin), "
    "near_share (run, snapshot), test_loss_mean (run, epoch), "
    "test_loss_low (run, epoch), test_loss_high (run, epoch), run (run), epoch (epoch), "
    "end_accuracy_l1, end_accuracy_l2, end_accuracy_none, epochs, helped, many, loss_differs_l1, "
    "loss_differs_l2, loss_gap_l1, loss_gap_l2, loss_half_l1, loss_half_l2, n_seeds, near, "
    "n_train, near_l1, near_l2, reach, sparsest",
}

DESCRIPTION = """\
Three columns: no penalty, L2, L1. Each has four pictures of the weights into hidden units, orange
where ink makes the unit grow and blue where it makes it shrink, at first the same noise in all
three, and under them a histogram of all weights with the share of those near 0. All learn at one
pace. Strokes of digits come out of the noise in each column. Without a penalty the noise around
them stays; under L2 it grows paler; under L1 it goes away, and a spike shoots up in the middle of
the histogram. Then the columns give way to a chart in which the test losses of all three grow,
with bands over the seeds, and beside it the two differences from training without a penalty come
out of a line at 0, each with its interval.
"""

LEFTS, WIDE = (-6.6, -1.95, 2.7), 3.9  # the columns, in frame units
TOP, SIDE = 1.82, 3.2  # the pictures
BASE, TALL = -3.2, 1.35  # the histograms
FULL = 0.1  # share of the weights that fills one


class WeightPenalty(RecordedScene):
    def construct(self):
        recorded = self.recording("weight_penalty")
        runs = recorded.run.values.tolist()
        clock = ValueTracker(0)
        last = recorded.sizes["snapshot"] - 1
        most = float(np.quantile(np.abs(recorded.template.values[0, -1]), 0.995))
        columns = [
            part
            for name, left in zip(runs, LEFTS, strict=True)
            for part in column(recorded.sel(run=name), name, left, clock, most)
        ]

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *columns)
        self.wait(0.5)
        self.play(clock.animate.set_value(last), run_time=TRAINING_SECONDS, rate_func=linear)

        self.next_section("learnt")
        words = self.say(words, "learnt")
        self.wait(1.4)

        self.next_section("helps")
        epochs, shown = ValueTracker(0), ValueTracker(0)
        parts = chart(recorded, epochs)
        new = self.headline("helps")
        self.play(*(FadeOut(part) for part in [words, *columns]), run_time=0.2)
        self.play(*(FadeIn(part) for part in [new, *parts]), run_time=0.3)
        self.play(
            epochs.animate.set_value(recorded.sizes["epoch"] - 1),
            run_time=CURVES_SECONDS,
            rate_func=linear,
        )
        found = gaps(recorded, shown)
        self.play(*(FadeIn(part) for part in found), run_time=0.3)
        self.play(shown.animate.set_value(1), run_time=0.8)
        self.wait(1.5)


def column(run, name, left, clock, most):
    """Return a run's name, pictures, histogram and share near 0."""
    share = Number(
        lambda: say("share", share=float(run.near_share[at(clock)])),
        [clock],
        size=34,
        weight="semibold",
        widest=say("share", share=0.99),
    )
    middle = left + WIDE / 2
    return [
        Key(series(name).token, 0.26).move_to((left + 0.13, TOP + 0.3, 0)),
        Words(series(name).label, 34, weight="semibold").on_baseline(left + 0.4, TOP + 0.18),
        Pictures(run.template.values, left, clock, most),
        Histogram(run, name, left, clock),
        share.move_to((left + share.width / 2, BASE + TALL + 0.08, 0)),
        Words("0", 28, "muted").on_baseline(middle, BASE - 0.36, ORIGIN),
        *(
            Words(fixed(sign * run.attrs["reach"] / 2, 1), 28, "muted").on_baseline(
                middle + sign * WIDE / 4, BASE - 0.36, ORIGIN
            )
            for sign in (-1, 1)
        ),
    ]


def at(clock):
    """Return the latest snapshot."""
    return int(clock.get_value() + 1e-9)


class Pictures(Painted):
    """Four hidden units' weights, two by two, as they are by now."""

    def __init__(self, templates, left, clock, most):
        super().__init__(SIDE, SIDE, reads=[clock])
        self.move_to((left + SIDE / 2, TOP - SIDE / 2, 0))
        self.clock = clock
        self.shares = np.clip(templates[:, :4] / max(most, 1e-12), -1, 1)  # (snapshot, unit, y, x)
        self.back = theme.color("background")
        self.inks = theme.color("positive"), theme.color("negative")

    def paint(self, pen):
        """Draw them, between two snapshots as far along as the clock is."""
        now = self.clock.get_value()
        low = min(int(now), len(self.shares) - 1)
        high = min(low + 1, len(self.shares) - 1)
        weights = (1 - (now - low)) * self.shares[low] + (now - low) * self.shares[high]
        size = np.abs(weights) ** 0.7
        one, other = (mix(self.back, ink, size) for ink in self.inks)
        pixels = np.where((weights > 0)[..., None], one, other)
        left, bottom, side, _ = self.box
        tile = 0.48 * side
        for k, picture in enumerate(pixels):
            row, across = divmod(k, 2)
            x, y = left + across * (side - tile), bottom + (1 - row) * (side - tile)
            pen.image(picture, x, y, tile, tile)


class Histogram(Painted):
    """Shares of all weights by size; what is higher than the box is cut, and marked so."""

    def __init__(self, run, name, left, clock):
        super().__init__(WIDE, TALL, reads=[clock])
        self.move_to((left + WIDE / 2, BASE + TALL / 2, 0))
        self.clock, self.shares = clock, run.histogram.values
        self.ink, self.back = series(name).color, theme.color("background")
        self.line = theme.color("muted")

    def paint(self, pen):
        """Draw the bars as they are by now."""
        now = self.clock.get_value()
        low = min(int(now), len(self.shares) - 1)
        high = min(low + 1, len(self.shares) - 1)
        shares = (1 - (now - low)) * self.shares[low] + (now - low) * self.shares[high]
        left, bottom, width, height = self.box
        step = width / len(shares)
        pen.color(self.ink)
        for k, share in enumerate(np.minimum(shares / FULL, 1).tolist()):
            pen.rectangle(left + k * step, bottom, 1.02 * step, share * height)
        pen.fill()
        for k in np.flatnonzero(shares > FULL).tolist():
            x, y = left + k * step, bottom + 0.86 * height
            pen.color(self.back)
            pen.width(5)
            pen.polyline(np.array([[x - 0.05, y - 0.05], [x + step + 0.05, y + 0.05]]))
            pen.stroke()
        pen.color(self.line)
        pen.width(1.5)
        pen.polyline(np.array([[left, bottom], [left + width, bottom]]))
        pen.stroke()


CHART = (-2.5, -1.0), 7.2, 4.2  # middle, width and height


def chart(recorded, epochs):
    """Return the chart of the test losses, whose curves follow the clock."""
    runs = recorded.run.values.tolist()
    highs = recorded.test_loss_high.values
    top = 1.05 * max(float(highs[:, 0].max()), float(np.quantile(highs, 0.98)))
    last = recorded.sizes["epoch"] - 1
    low = 0.95 * float(recorded.test_loss_low.min())
    box = Chart(*CHART, (0, last), (low, top), log_y=True)
    ticks = [value for value in (0.3, 0.5, 0.7, 1.0, 1.5, 2.0) if low < value < top]
    return [
        *(Curve(box, np.array(box.x), np.full(2, value), "quiet", 1.5) for value in ticks),
        *(
            Words(number(value), 28, "muted").on_baseline(
                box.left - 0.45, box.point(0, value)[1] - 0.1, ORIGIN
            )
            for value in ticks
        ),
        Words(say("test loss"), 34, "muted").on_baseline(box.left, 1.95),
        Words(number(last), 28, "muted").on_baseline(
            box.left + box.width, box.bottom - 0.4, ORIGIN
        ),
        Words("epoch", 34, "muted").on_baseline(box.center[0], box.bottom - 0.45, ORIGIN),
        *(Band(box, recorded, "test_loss", name, epochs) for name in runs),
        *names(runs),
    ]


def names(runs):
    """Return the names of the curves, over the chart."""
    found = []
    for i, name in enumerate(runs):
        x = -6.1 + 2.6 * i
        found += [
            Key(series(name).token, 0.26).move_to((x + 0.13, 1.47, 0)),
            Words(series(name).label, 34).on_baseline(x + 0.4, 1.35),
        ]
    return found


def gaps(recorded, shown):
    """Return the differences from training without a penalty, beside the chart."""
    attrs = recorded.attrs
    names = [name for name in recorded.run.values.tolist() if name != "none"]
    reach = max(abs(attrs[f"loss_gap_{name}"]) + attrs[f"loss_half_{name}"] for name in names)
    middle, unit = 4.6, 2.0 / max(reach, 1e-9)
    found: list[Mobject] = [
        Words("against no penalty", 34, "muted").on_baseline(middle, 1.75, ORIGIN),
    ]
    for i, name in enumerate(names):
        y = 0.35 - 2.1 * i
        gap, half = attrs[f"loss_gap_{name}"], attrs[f"loss_half_{name}"]
        said = say("verdict", gap=gap, differs=attrs[f"loss_differs_{name}"])
        found += [
            Zero(middle, y - 0.4, y + 0.4),
            Gap((middle, y), gap, half, unit, series(name).token, shown),
            Words(said, 34, weight="semibold").on_baseline(middle, y - 0.75, ORIGIN),
        ]
    return found
