"""The losses of any run of `simulate.train`, growing epoch by epoch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeOut, ValueTracker

from look import theme
from look.curves import curves, learnt, span
from look.maps import rungs
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

# And what the run has of loss and step (step), test_loss, train_accuracy (epoch).
READS = {
    "mnist_stochastic": "train_loss (epoch), epoch_steps (epoch), n_steps",
}

DESCRIPTION = """\
A chart of the loss over epochs. Two curves grow from the left, each with its name at its head, one
of the training examples and one of examples that are never trained on. A ring marks where the loss
on the latter was lowest so far, with its value over the chart, and a level line follows from it
under the growing curve, until a lower loss takes its place; what lies between the two is filled. A
loss that stands out later is named, and from when on all training examples are right. At the end
the last losses stand at the curves, and an arrow rises from the line to where the curve ends."""

SECONDS = 5.0  # of the training
EARLY = 1.7  # the power by which the first epochs, in which most happens, take longer
WIDE, TALL = 9.6, 4.9  # of the chart, in frame units
LEFT_EDGE, BOTTOM = -5.7, -3.0
RIGHT_EDGE = LEFT_EDGE + WIDE
COLUMN = RIGHT_EDGE + 0.28  # where the words right of the chart begin
APART = 0.5  # of two names, one over the other


class TrainingCurves(RecordedScene):
    def construct(self):
        recorded = self.recording("mnist_stochastic")
        shown, clock = curves(recorded), ValueTracker(0)
        n_steps = int(recorded.attrs["n_steps"])
        last = max(float(epochs[-1]) for epochs, _ in shown.values())
        center = (LEFT_EDGE + WIDE / 2, BOTTOM + TALL / 2)
        chart = Chart(center, WIDE, TALL, (0, last), span(shown))
        parts = [Axes(chart), chart.x_ticks(rungs(0, last))]
        unit = say("epoch" if "train" in shown else "step")
        parts += [Words(unit, 34, "muted").on_baseline(COLUMN + 0.3, BOTTOM - 0.36)]
        parts += [Words(say("loss"), 34, "muted").on_baseline(LEFT_EDGE + 0.25, BOTTOM + TALL)]

        name = list(shown)[-1]  # the test examples where there are some
        epochs, losses = shown[name]
        up = ValueTracker(0)
        lowest = Lowest(chart, epochs, losses, clock, up, series(name).token)
        follows = name == "test"
        if follows:
            # Over the chart: right of it the names ride.
            x, y = RIGHT_EDGE - 1.3, BOTTOM + TALL
            so_far = Words(say("so far"), 34).on_baseline(x, y, RIGHT)
            parts += [
                lowest,
                Ring((x - so_far.width - 0.3, y + 0.12), series(name).token),
                so_far,
                lowest.number().move_to((x + 0.2, y, 0), LEFT + DOWN),
            ]
        for run, (steps, values) in shown.items():
            far = chart.y[1] + 9 * (chart.y[1] - chart.y[0])  # of what is no number
            points = np.stack([steps, np.where(np.isfinite(values), values, far)], axis=1)
            width = 1.5 if run == "batch" else 4.0
            parts.append(Losses(chart, points, steps, clock, series(run).token, width=width))
        names = Names(chart, shown, clock)
        parts += [names, *peak(chart, epochs, losses, clock, follows)]
        parts += all_right(chart, learnt(recorded), lowest, clock)

        self.next_section("start")
        kind = "start" if "test" in shown else "start alone" if "train" in shown else "start batch"
        words = self.headline(kind)
        self.add(words, *parts)
        if losses[0] > chart.y[1]:  # an arrow stands at the edge
            far = Words(say("from", loss=losses[0]), 34)
            far.on_baseline(LEFT_EDGE + 0.35, BOTTOM + TALL - 0.48)
            self.add(far)
            self.wait(0.4)
            self.play(FadeOut(far), run_time=0.3)
        else:
            self.wait(0.4)

        self.next_section("training")
        pace = early if "batch" in shown else by_epochs(last)
        self.play(clock.animate.set_value(last), run_time=SECONDS, rate_func=pace)
        self.remove(names)
        self.add(*ends(names, shown))

        best = lowest.best()
        if follows and best < len(losses) - 1:
            self.next_section("lowest")
            self.say(words, "best", epoch=best, low=losses[best], loss=losses[-1])
            self.play(up.animate.set_value(1), run_time=0.8)
        else:
            self.next_section("end")
            self.say(words, f"end {name}", loss=losses[-1], n=n_steps)
        self.wait(1.5)


def early(t):
    """Return how far the training is at a share of the time: the first epochs take longer."""
    return t**EARLY


def by_epochs(last):
    """Return the same from epoch to epoch: what is shown was measured, at every moment."""
    return lambda t: int(last * early(t) + 1e-6) / last


def clipped(chart, losses):
    """Return losses that lie in the chart: what is above it or no number, at its upper edge."""
    return np.minimum(np.where(np.isfinite(losses), losses, chart.y[1]), chart.y[1])


def heights(places):
    """Return where names stand: at their places over the axis and under the chart's top, apart."""
    found = np.maximum(places, BOTTOM + 0.22)
    order = np.argsort(found, kind="stable")
    for lower, upper in pairwise(order):
        found[upper] = max(found[upper], found[lower] + APART)
    found[order[-1]] = min(found[order[-1]], BOTTOM + TALL - 0.1)
    for upper, lower in pairwise(order[::-1]):
        found[lower] = min(found[lower], found[upper] - APART)
    return found


def ends(names, shown):
    """Return each curve's name with its last loss, at its end."""
    for (name, (_, losses)), y in zip(shown.items(), heights(names.heads()[:, 1]), strict=True):
        run = series(name)
        text = run.label
        if name != "batch":
            text = say("ends", name=text, loss=say("at", loss=float(losses[-1])))
        yield Words(text, 34, run.token, weight="semibold").on_baseline(COLUMN, y - 0.12)


def all_right(chart, epoch, lowest, clock):
    """Return the words about the epoch from which on all training examples are right, if any.

    None, where it came late, or there is no room between the axis and the lowest loss.
    """
    level = min(float(lowest.losses[np.isfinite(lowest.losses)].min()), chart.y[1])
    x, y = chart.point(epoch, level).tolist()
    if not 0 < epoch < 0.5 * chart.x[1] or y < BOTTOM + 1.4:
        return []
    text = say("learnt")
    words = Number(lambda: text if clock.get_value() >= epoch else "", [clock], size=34,
                   color="muted", widest=text)  # fmt: skip
    return [words.move_to((x, BOTTOM + 0.62, 0), LEFT + DOWN)]


def peak(chart, epochs, losses, clock, follows):
    """Return the words about a loss after the lowest that stands out, once it is there.

    None, where there is no such loss, or no room beside it.
    """
    finite = np.nan_to_num(losses, nan=np.inf)
    k = int(finite.argmin())
    k += int(finite[k:].argmax())
    if not follows or not np.isfinite(losses[k]) or losses[k] <= 1.2 * losses[-1]:
        return
    x, y = chart.point(epochs[k], min(losses[k], chart.y[1])).tolist()
    text = say("peak", epoch=int(epochs[k]), loss=losses[k])
    words = Number(lambda: text if clock.get_value() >= epochs[k] else "", [clock], size=34,
                   widest=text)  # fmt: skip
    words.move_to((x + 0.2, y - 0.3, 0), aligned_edge=LEFT + DOWN)
    places = chart.point(epochs, clipped(chart, finite))[k + 1 :]
    under = places[places[:, 0] < x + 0.4 + words.width]
    if x + 0.2 + words.width < RIGHT_EDGE and (under[:, 1] < y - 0.4).all():
        yield words


class Losses(Path):
    """A curve in its chart, with an arrow out of it in place of its dot where the loss is above."""

    def __init__(self, chart, *given, **style):
        super().__init__(chart, *given, **style)
        self.chart = chart

    def paint(self, pen):
        """Draw the curve as far as it lies in the chart, and where it is now."""
        left, bottom = self.chart.left - 0.05, self.chart.bottom - 0.05
        pen.context.save()
        pen.rectangle(left, bottom, self.chart.width + 0.1, self.chart.top - bottom)
        pen.context.clip()
        super().paint(pen)
        pen.context.restore()
        now, top = self.clock.get_value(), self.chart.top
        head = np.array([np.interp(now, self.at, along) for along in self.places.T])
        if head[1] <= top + 1e-9:
            super().mark(pen, head)
            return
        head[1] = top
        pen.color(self.ink)
        pen.width(4)
        pen.polyline(np.array([head - (0, 0.3), head]))
        pen.stroke()
        pen.polyline(head + np.array([(0, 0.22), (0.13, -0.02), (-0.13, -0.02)]), close=True)
        pen.fill()

    def mark(self, pen, head):
        """Draw nothing yet: it may stand on the chart's edge."""


class Ring(Painted):
    """The mark of the lowest loss, before its name."""

    def __init__(self, place, color):
        super().__init__(0.4, 0.4)
        self.move_to((*place, 0))
        self.at, self.ink, self.halo = place, theme.color(color), theme.color("background")

    def paint(self, pen):
        """Draw it."""
        pen.disc(self.at, 0.14, self.halo, self.ink, 3)


class Names(Painted):
    """Each curve's name, which rides at its head from the first epoch on."""

    def __init__(self, chart, shown, clock):
        super().__init__(chart.width + 4, chart.height + 1, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock = clock
        self.curves = [
            (steps, chart.point(steps, clipped(chart, losses))[:, 1])
            for steps, losses in shown.values()
        ]
        self.chart = chart
        self.words = [
            Number(str(run.label).strip, size=34, weight="semibold", color=run.token,
                   widest=run.label)
            for run in map(series, shown)
        ]  # fmt: skip

    def heads(self):
        """Return where the curves have come to, shape (curve, 2) in frame units."""
        now = self.clock.get_value()
        x = float(self.chart.point(now, 0.0)[0])
        return np.array([[x, np.interp(now, steps, ys)] for steps, ys in self.curves])

    def paint(self, pen):
        """Write them."""
        if self.clock.get_value() < 1:
            return
        heads = self.heads()
        for words, x, y in zip(self.words, heads[:, 0], heights(heads[:, 1]), strict=True):
            words.move_to((x + 0.28, y, 0), LEFT)
            words.paint(pen)


class Axes(Painted):
    """Thin lines at round losses, with their numbers."""

    def __init__(self, chart):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.values = rungs(*chart.y)
        self.lines = [chart.point([*chart.x], [value, value]) for value in self.values]
        self.add(chart.y_ticks(self.values))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        pen.color(self.ink)
        pen.width(1.2)
        for line in self.lines:
            pen.polyline(line)
            pen.stroke()


class Lowest(Painted):
    """A ring at the lowest loss so far, its level up to now, and what the curve has above it.

    Last an arrow to the last loss.
    """

    def __init__(self, chart, epochs, losses, clock, up, color):
        super().__init__(chart.width + 0.4, chart.height + 0.4, reads=[clock, up])
        self.shift((*chart.center, 0))
        self.chart, self.epochs, self.losses = chart, epochs, losses
        self.clock, self.up = clock, up
        self.places = chart.point(epochs, clipped(chart, losses))
        self.ink, self.halo, self.text = (
            theme.color(each) for each in (color, "background", "text")
        )

    def best(self):
        """Return which of the losses measured by now is the lowest, the first of them."""
        now = np.searchsorted(self.epochs, self.clock.get_value() + 1e-6, side="right")
        return int(np.nan_to_num(self.losses[:now], nan=np.inf).argmin())

    def number(self):
        """Return that loss, as a number."""
        return Number(
            lambda: say("at", loss=float(self.losses[self.best()])), [self.clock],
            weight="semibold", widest=say("at", loss=0.000123),
        )  # fmt: skip

    def paint(self, pen):
        if not self.losses[self.best()] <= self.chart.y[1]:
            return  # it is above the chart
        low = self.places[self.best()]
        now = self.chart.point(self.clock.get_value(), 0.0)[0]
        foot = np.array([max(float(now), float(low[0])), low[1]])
        later = self.places[self.best() :]
        passed = later[later[:, 0] <= now]
        end = [now, np.interp(now, later[:, 0], later[:, 1])]
        pen.color(self.ink, 0.2)
        pen.polyline(np.vstack([passed, end, foot]), close=True)
        pen.fill()
        pen.color(self.text)
        pen.width(2.5)
        pen.polyline(np.array([low, foot]))
        pen.stroke()
        tip = foot + self.up.get_value() * (self.places[-1] - foot - (0, 0.14))
        size = min(0.24, 0.6 * float(tip[1] - foot[1]))
        if size > 0.02:
            pen.color(self.ink)
            pen.width(4)
            pen.polyline(np.array([foot, tip - (0, size)]))
            pen.stroke()
            head = np.array([(0, 0), (0.55 * size, -size), (-0.55 * size, -size)])
            pen.polyline(tip + head, close=True)
            pen.fill()
        pen.disc(low, 0.14, self.halo, self.ink, 3)
