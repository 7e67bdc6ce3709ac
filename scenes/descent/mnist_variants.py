"""A race of three ways to take a step: run by examples seen, then from the same start by time."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, FadeIn, FadeOut, ValueTracker, linear, smooth

from look import theme
from look.numbers import percent
from look.runs import series
from look.words import say
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

PASS_SECONDS, RACE_SECONDS = 0.5, 5.0  # of a pass in the first race, and of the second

READS = {
    "mnist_variants": "test_accuracy (run, epoch), "
    "epoch_steps (run, epoch), run (run), early_epoch, early_leader, n_train, many, mini_batch",
    "mnist_timing": "seconds (run, snapshot), steps (run, snapshot), "
    "test_accuracy (run, snapshot), batch_size (x_batch), throughput (x_batch), run (run), "
    "level, n_test, same_seconds",
}

DESCRIPTION = """\
Three lanes from left to right: batch, mini-batch and stochastic descent. A runner in each stands
as far along as the share of test images that its network gets right; all start at one place. First
a counter of training examples goes from pass to pass, the same for all three: the stochastic runner
shoots ahead at once, the mini-batch follows, and the batch, with one step for each pass over all
examples, hardly moves. Rings mark how far they came. The runners go back to the start, and the
counter runs in seconds of measured training time: now the batches' cheap examples count, and the
lanes end at other places than the rings. The headline tells who leads on either count.
"""

START, END = -3.35, 6.05  # of the lanes, in frame units
LANES = (0.95, -0.72, -2.39)
BOTTOM = -2.95


class MnistVariants(RecordedScene):
    def construct(self):
        race, timed = self.recording("mnist_variants"), self.recording("mnist_timing")
        runs = race.run.values.tolist()
        last = int(race.attrs["early_epoch"])
        epochs, seconds = ValueTracker(0), ValueTracker(0)
        same = float(timed.attrs["same_seconds"])
        per_epoch = int(race.attrs["n_train"])

        by_examples = [
            Runner(
                lane,
                run,
                np.arange(last + 1),
                race.test_accuracy.sel(run=run).values,
                epochs,
                whole=True,
            )
            for lane, run in zip(LANES, runs, strict=True)
        ]
        by_time = [
            until(lane, run, timed.sel(run=run), same, seconds)
            for lane, run in zip(LANES, runs, strict=True)
        ]
        names = [part for lane, run in zip(LANES, runs, strict=True) for part in name(lane, run)]
        examples = counter(
            lambda: say("seen", seen=round(epochs.get_value()) * per_epoch),
            epochs,
            say("seen", seen=last * per_epoch),
        )
        clock = counter(
            lambda: say("time", seconds=seconds.get_value()), seconds, say("time", seconds=88.8)
        )
        steps = [
            taken(
                lane, race.epoch_steps.sel(run=run).values, np.arange(last + 1), epochs, whole=True
            )
            for lane, run in zip(LANES, runs, strict=True)
        ]
        later = [
            taken(lane, timed.steps.sel(run=run).values, timed.seconds.sel(run=run).values, seconds)
            for lane, run in zip(LANES, runs, strict=True)
        ]

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *track(), *names, *steps, examples, *by_examples)
        self.wait(0.5)
        # From pass to pass: what stands there was measured.
        self.play(
            epochs.animate.set_value(last),
            run_time=PASS_SECONDS * last,
            rate_func=lambda t: glide(t, last),
        )
        self.wait(0.9)

        self.next_section("seconds")
        rings = [Ring(runner.place(last)) for runner in by_examples]
        self.add(*rings)
        # The first race's counters are gone before the clock runs back.
        quiet = [FadeOut(part) for part in (examples, *steps)]
        self.play(*quiet, *(each.told.animate.set_value(0) for each in by_examples), run_time=0.2)
        words = self.say(words, "seconds")
        self.play(epochs.animate.set_value(0), run_time=0.4, rate_func=smooth)
        self.remove(*by_examples)
        self.add(*by_time)
        self.play(FadeIn(clock), *(FadeIn(part) for part in later), run_time=0.25)
        self.play(seconds.animate.set_value(same), run_time=RACE_SECONDS, rate_func=linear)

        self.next_section("verdict")
        sizes = timed.batch_size.values.tolist()
        one, mini = (
            timed.throughput.values[sizes.index(size)] for size in (1, race.attrs["mini_batch"])
        )
        self.say(words, "verdict", one=one, mini=mini)
        self.wait(1.5)


def until(lane, name, run, last, clock):
    """Return a runner who goes as far as was recorded up to a time, and stays there."""
    there = run.seconds.values <= last + 1e-9
    return Runner(lane, name, run.seconds.values[there], run.test_accuracy.values[there], clock)


def across(share):
    """Return where a share of right answers lies along the lanes."""
    return START + share * (END - START)


def track():
    """Return the lanes' shares: rules from top to bottom, and what they stand for."""
    found = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        found += [
            Rule(across(share)),
            Words(percent(share), 28, "muted").on_baseline(across(share), BOTTOM - 0.45, ORIGIN),
        ]
    return found


def name(lane, run):
    """Return a lane's name."""
    return [
        Key(series(run).token, 0.28).move_to((-6.49, lane + 0.27, 0)),
        Words(series(run).label, 34, weight="semibold").on_baseline(-6.2, lane + 0.15),
    ]


def glide(t, last):
    """Return how far a clock of so many passes is: it moves to each, and rests there."""
    passes, share = divmod(t * last, 1)
    return (passes + smooth(min(1.0, share / 0.25))) / last


def taken(lane, steps, moments, clock, *, whole=False):
    """Return what counts a lane's steps, straight between recorded moments, or at `whole` ones."""

    def text():
        now = clock.get_value()
        done = np.interp(round(now) if whole else now, moments, steps[: len(moments)])
        return say("steps", steps=int(done + 1e-6))

    count = Number(text, [clock], size=34, color="muted", widest="1,000,000 steps")
    return count.move_to((-6.62, lane - 0.3, 0), LEFT)


def counter(text, clock, widest):
    """Return the counter over the lanes."""
    count = Number(text, [clock], size=42, weight="semibold", widest=widest)
    return count.move_to((START, 2.1, 0), LEFT)


class Rule(Painted):
    """A vertical line through all lanes."""

    def __init__(self, x):
        super().__init__(0.02, 1.75 - BOTTOM)
        self.move_to((x, (1.75 + BOTTOM) / 2, 0))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        """Draw it."""
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(1.5)
        x = left + width / 2
        pen.polyline(np.array([[x, bottom], [x, bottom + height]]))
        pen.stroke()


class Runner(Painted):
    """A network's share of right answers as a place in its lane, straight between what is recorded.

    Its number too, but where only `whole` moments are told.

    Parameters
    ----------
    moments : array, shape (n,)
        Of the recorded shares, in units of the clock.
    """

    def __init__(self, lane, run, moments, shares, clock, *, whole=False):
        self.told, self.whole = ValueTracker(1), whole
        super().__init__(END - START, 0.6, reads=[clock, self.told])
        self.move_to(((START + END) / 2, lane, 0))
        self.lane, self.clock = lane, clock
        self.moments, self.shares = moments, shares[: len(moments)]
        self.ink, self.halo = series(run).color, theme.color("background")
        self.label = Number(lambda: say("accuracy", share=self.share()), size=34, widest="100 %")

    def share(self):
        """Return the share by now."""
        now = self.clock.get_value()
        return float(np.interp(round(now) if self.whole else now, self.moments, self.shares))

    def place(self, moment):
        """Return where the runner is at a moment."""
        return across(float(np.interp(moment, self.moments, self.shares))), self.lane

    def paint(self, pen):
        """Draw the way from the lane's beginning, the runner, and its share."""
        x, y = self.place(self.clock.get_value())
        pen.color(self.ink)
        pen.rectangle(START, y - 0.09, x - START, 0.18)
        pen.fill()
        pen.disc((x, y), 0.24, self.ink, self.halo, 3)
        if self.told.get_value() < 0.5:
            return
        width = self.label.width
        left = min(max(x - width / 2, START), END + 0.75 - width)
        self.label.move_to((left, y + 0.55, 0), LEFT)
        self.label.paint(pen)


class Ring(Painted):
    """A place that was reached before."""

    def __init__(self, place):
        super().__init__(0.6, 0.6)
        self.move_to((*place, 0))
        self.ink, self.halo = theme.color("text"), theme.color("background")

    def paint(self, pen):
        """Draw it."""
        x, y = self.get_center()[:2].tolist()
        pen.circle(x, y, 0.3)
        pen.color(self.ink)
        pen.width(3)
        pen.stroke()
