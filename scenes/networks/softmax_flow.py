"""Logits become probabilities and a loss; then a temperature sharpens and flattens them."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, smooth

from look import theme
from look.numbers import fixed, number
from look.words import say
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "softmax_flow": "logit (class), exponential (class), probability (class), one_hot (class), "
    "loss (), panel_temperature (run), panel_probability (run, class), panel_loss (run), "
    "temperature (step), swept_logit (step, class), swept_exponential (step, class), "
    "swept_probability (step, class), swept_loss (step), colder, flat, flat_least, flat_most, "
    "label, least_logit, most_logit",
}

DESCRIPTION = """\
Four rows, one a class, each with its logit as a bar. Beside them grow the exponentials of the
logits, one of them far longer than the others, with their sum below. Divided by that sum they
become four probabilities, drawn as bars on tracks that end at one. The circles of the label on the
right are filled in with zeros and a one; the bar of the true class is green, and the cross-entropy
is written below as minus the logarithm of its probability. Then the logits are divided by a
temperature: as it falls, one bar takes nearly all; as it rises, all bars become alike, while faint
marks keep the first answer.
"""

TOP, PITCH = 1.25, 0.92
NAME = -6.6
LOGIT, POWER, SHARE, LABEL = (-5.0, 1.5), (-2.2, 1.95), (1.35, 2.55), 6.1  # left edge, length
FOOT = TOP - 4 * PITCH + 0.08
THICK = 0.3  # bars


class SoftmaxFlow(RecordedScene):
    def construct(self):
        flow = self.recording("softmax_flow")
        clock = ValueTracker(0)
        grown = [ValueTracker(0) for _ in range(3)]
        columns = Columns(flow, clock, grown)

        self.next_section("logits")
        words = self.headline("logits")
        heads = (columns.logit_head, columns.power_head, columns.share_head)
        still = (columns.names, *heads, columns.label)
        self.add(words, *still, columns.logits, columns.powers, columns.shares)
        self.wait(1.8)

        self.next_section("exponentials")
        words = self.say(words, "exponentials")
        self.play(grown[0].animate.set_value(1), run_time=1.4)
        self.play(FadeIn(columns.total), run_time=0.3)
        self.wait(0.6)

        self.next_section("probabilities")
        words = self.say(words, "probabilities")
        self.play(grown[1].animate.set_value(1), run_time=1.3)
        self.play(FadeIn(columns.one), run_time=0.3)
        self.wait(0.4)

        self.next_section("loss")
        words = self.say(words, "loss")
        self.play(FadeIn(columns.hot), grown[2].animate.set_value(1), run_time=0.5)
        self.play(FadeIn(columns.loss), run_time=0.3)
        self.wait(1.4)

        self.next_section("cold")
        half = (flow.sizes["step"] - 1) // 2
        words = self.say(words, "cold")
        self.play(FadeOut(columns.logit_head, columns.power_head), run_time=0.2)
        self.play(FadeIn(columns.heat, columns.hot_heads), run_time=0.3)
        self.play(clock.animate.set_value(half), run_time=1.8, rate_func=smooth)
        self.wait(0.4)

        self.next_section("hot")
        words = self.say(words, "hot")
        self.play(clock.animate.set_value(2 * half), run_time=2.6, rate_func=smooth)
        self.wait(2.2)


class Columns:
    """What stands in the rows, column by column; all of it follows the clock of the sweep."""

    def __init__(self, flow, clock, grown):
        rows = [TOP - PITCH * k for k in range(flow.sizes["class"])]
        true = int(flow.one_hot.values.argmax())
        at = Sweep(flow, clock)
        first = flow.isel(step=0)
        most = float(np.abs(first.swept_logit).max())
        reach = float(first.swept_exponential.max())
        bars = {"ys": rows, "clock": clock}
        head = TOP + 0.62

        def numbers(column, name, decimals, widest, shown=None):
            left, length = column
            reads = [clock] if shown is None else [clock, shown]
            return [
                Number(
                    at.text(name, k, decimals, shown), reads, size=24, widest=widest,
                    weight="semibold" if k == true and name == "swept_probability" else "regular",
                ).move_to((left + length + 0.15, y, 0), aligned_edge=LEFT)
                for k, y in enumerate(rows)
            ]  # fmt: skip

        self.names = VGroup(
            *(
                Words(say("class", k=k + 1), 24).on_baseline(NAME, y - 0.085)
                for k, y in enumerate(rows)
            )
        )
        signs = ["positive" if z > 0 else "negative" for z in flow.logit.values]
        self.logit_head = title("logit z", LOGIT, head)
        self.hot_heads = VGroup(
            Formula("z \\/ T", 28).move_to((LOGIT[0], head + 0.08, 0), aligned_edge=LEFT),
            Formula("e^(z \\/ T)", 28).move_to((POWER[0], head + 0.1, 0), aligned_edge=LEFT),
        )
        self.logits = Group(
            LiveBars(at.of("swept_logit", most), LOGIT, inks=signs, **bars),
            *numbers(LOGIT, "swept_logit", 2, "0.00"),
        )
        self.power_head = Formula("e^z", 28).move_to((POWER[0], head + 0.1, 0), aligned_edge=LEFT)
        inks = ["muted"] * len(rows)
        self.powers = Group(
            LiveBars(
                at.of("swept_exponential", reach), POWER, inks=inks, grown=grown[0], **bars
            ),
            *numbers(POWER, "swept_exponential", 2, "0,000.00", grown[0]),
        )  # fmt: skip
        self.total = total(POWER, "0,000.0", at.total, clock)
        self.one = total(SHARE, "0.0000", at.one, clock)
        self.share_head = Words("probability p", 24, weight="semibold").on_baseline(SHARE[0], head)
        self.shares = Group(
            LiveBars(
                at.of("swept_probability", 1), SHARE, inks=inks, grown=grown[1], tracks=True,
                true=(true, grown[2]), marks=True, **bars,
            ),
            *numbers(SHARE, "swept_probability", 4, "0.0000", grown[1]),
        )  # fmt: skip
        self.label = Group(
            Words("label y", 24, weight="semibold").on_baseline(LABEL, head, ORIGIN),
            Hot(rows, true, grown[2]),
        )
        self.hot = VGroup(
            *(
                Words(number(hot), 24, "background" if k == true else "muted").on_baseline(
                    LABEL, y - 0.085, ORIGIN
                )
                for k, (hot, y) in enumerate(zip(flow.one_hot.values, rows, strict=True))
            ),
        )
        formula = Formula(say("loss formula"), 30)
        formula.move_to((SHARE[0] + 2.55, FOOT - 0.72, 0), aligned_edge=RIGHT)
        self.loss = Group(
            formula,
            Number(at.loss, [clock], size=30, widest="0.0000").move_to(
                (sum(SHARE) + 0.15, FOOT - 0.7, 0), aligned_edge=LEFT
            ),
        )
        self.heat = Group(
            Words("temperature T", 24, "muted").on_baseline(NAME, FOOT - 0.8),
            Number(at.temperature, [clock], size=30, weight="semibold", widest="0.00").move_to(
                (LOGIT[0] + 0.1, FOOT - 0.7, 0), aligned_edge=LEFT
            ),
        )


def title(words: str, column: tuple[float, float], y: float) -> Words:
    """Return a column's name."""
    return Words(words, 24, weight="semibold").on_baseline(column[0], y)


def total(column: tuple[float, float], widest: str, write: Any, clock: Any) -> Group:
    """Return a column's sum, under a line."""
    left, length = column
    end = left + length + 1.0
    return Group(
        Rule(left, end, FOOT + 0.36),
        Words("sum", 24, "muted").on_baseline(left, FOOT - 0.085),
        Number(write, [clock], size=24, widest=widest).move_to(
            (left + length + 0.15, FOOT, 0), aligned_edge=LEFT
        ),
    )


class Sweep:
    """The recorded sweep at the clock: straight between recorded steps."""

    def __init__(self, flow, clock):
        self.flow, self.clock = flow, clock
        self.values = {str(name): flow[name].values for name in flow if "step" in flow[name].dims}

    def at(self, name):
        """Return a variable now."""
        values = self.values[name]
        now = min(max(self.clock.get_value(), 0), len(values) - 1)
        lower = int(now)
        upper = min(lower + 1, len(values) - 1)
        return (1 - (now - lower)) * values[lower] + (now - lower) * values[upper]

    def of(self, name, most):
        """Return what gives all classes' shares of `most` now, and at the start.

        Where one outgrows `most`, all are drawn smaller: bars keep their ratios.
        """
        return lambda: self.at(name) / max(most, self.at(name).max()), self.values[name][0] / most

    def text(self, name, k, decimals, shown=None):
        """Return what writes one class's value now, once `shown` has begun."""

        def write():
            if shown is not None and shown.get_value() == 0:
                return ""
            return fixed(self.at(name)[k], decimals)

        return write

    def total(self):
        """Write the sum of the exponentials."""
        return fixed(self.at("swept_exponential").sum(), 1)

    def one(self):
        """Write the sum of the probabilities."""
        return fixed(self.at("swept_probability").sum(), 4)

    def loss(self):
        """Write the loss."""
        return fixed(self.at("swept_loss"), 3)

    def temperature(self):
        """Write the temperature."""
        return fixed(self.at("temperature"), 2)


class LiveBars(Painted):
    """Bars that follow a clock.

    Parameters
    ----------
    shares : (callable, array)
        What gives the lengths now, shape (class,), and what they are at the start.
    column : (float, float)
        Left edge and length of a full bar, in frame units.
    ys : sequence of float
    clock, grown : ValueTracker
    inks : sequence of str
        Colours by class.
    tracks : bool
        Show how far a bar can grow.
    true : (int, ValueTracker), optional
        The class that turns green as the tracker goes from 0 to 1.
    marks : bool
        Mark the start once the clock has left it.
    """

    def __init__(
        self, shares, column, *, ys, clock, inks, grown=None, tracks=False, true=None, marks=False
    ):
        trackers = [clock, grown, true and true[1]]
        reads = [each for each in trackers if each is not None]  # one at 0 is false
        left, length = column
        super().__init__(length, max(ys) - min(ys) + THICK, reads=reads)
        self.move_to((left + length / 2, (max(ys) + min(ys)) / 2, 0))
        self.shares, self.start = shares
        self.left, self.length, self.ys = left, length, ys
        self.clock, self.grown, self.true = clock, grown, true
        self.tracks, self.marks = tracks, marks
        self.inks = [rgb(theme.color(ink)) for ink in inks]
        self.track, self.text = theme.color("quiet"), theme.color("text")
        self.green = theme.color("green"), theme.color("muted")

    def paint(self, pen):
        """Draw tracks, bars and marks."""
        grown = 1.0 if self.grown is None else self.grown.get_value()
        shares = self.shares() * grown
        moved = min(1.0, abs(self.clock.get_value()) * 3)
        for k, (share, y) in enumerate(zip(shares.tolist(), self.ys, strict=True)):
            if self.tracks:
                pen.color(self.track)
                pen.rectangle(self.left, y - THICK / 2, self.length, THICK)
                pen.fill()
            ink: Any = self.inks[k]
            if self.true and k == self.true[0]:
                ink = mix(self.green[1], self.green[0], self.true[1].get_value())
            pen.color(ink)
            pen.rectangle(self.left, y - THICK / 2, self.length * share, THICK)
            pen.fill()
            if self.marks and moved > 0:
                x = self.left + self.length * self.start[k]
                pen.color(self.text, moved)
                pen.rectangle(x - 0.015, y - THICK / 2 - 0.07, 0.03, THICK + 0.14)
                pen.fill()


class Rule(Painted):
    """A line over a sum."""

    def __init__(self, left, right, y):
        super().__init__(right - left, 0.02)
        self.move_to(((left + right) / 2, y, 0))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        """Draw the line."""
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.rectangle(left, bottom, width, height)
        pen.fill()


class Hot(Painted):
    """The places of the one-hot label; the true class's turns green as `grown` goes from 0 to 1."""

    def __init__(self, ys, true, grown):
        super().__init__(0.6, max(ys) - min(ys) + 0.6, reads=[grown])
        self.move_to((LABEL, (max(ys) + min(ys)) / 2, 0))
        self.ys, self.true, self.grown = ys, true, grown
        self.green, self.paper, self.rim = map(theme.color, ("green", "background", "muted"))

    def paint(self, pen):
        """Draw the discs."""
        grown = self.grown.get_value()
        for k, y in enumerate(self.ys):
            share = grown if k == self.true else 0.0
            pen.circle(LABEL, y, 0.24)
            pen.color(mix(self.paper, self.green, share))
            pen.context.fill_preserve()
            pen.color(mix(self.rim, self.green, share))
            pen.width(1.2)
            pen.stroke()
