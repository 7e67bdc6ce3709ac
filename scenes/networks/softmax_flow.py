"""Four bars are scores, become exponentials, then shares of their sum; a temperature moves them."""

from __future__ import annotations

from functools import partial

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, smooth

from look import theme
from look.numbers import fixed, number
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "softmax_flow": "logit (class), exponential (class), probability (class), temperature (step)",
}

DESCRIPTION = """\
Four bars, one a class, as long as the class's score, with the number at the right. The bars become
the exponentials of the scores: one grows far beyond the others. Copies of them, as long as they
are, slide down and are laid end to end in one bar, which is their sum. The whole is now called one:
behind each bar a track appears that is as long as the sum, and the numbers become shares of it,
probabilities. Then a knob slides along an axis of temperatures, by which the scores are divided: as
it goes down, one bar takes nearly all; as it goes up, all bars become alike, while marks keep the
shares from before. In the end the bars stand side by side
three times, at the lowest temperature, at 1 and at the highest, each with its shares.
"""

TOP, PITCH, THICK = 0.92, 0.84, 0.52  # middle of the first row, from row to row, of a bar
NAME, BARS, LONG = -6.6, -4.9, 9.0  # left edges, and the length of a full bar, frame units
VALUE = 6.6  # right edge of the numbers
HEAD, SUM = 1.86, -2.52  # baselines
WHOLE = -2.4  # middle of the bar that is their sum
SCALE = -3.3  # height of the axis of temperatures
COLUMN, SHORT = 3.9, 2.3  # at last: from column to column, and the length of a full bar in each


class SoftmaxFlow(RecordedScene):
    poster_section = "probabilities"

    def construct(self):
        flow = self.recording("softmax_flow")
        stage, heated, clock = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        parts = Parts(flow, stage, heated, clock)

        self.next_section("scores")
        words = self.headline("scores")
        self.add(words, parts.names, parts.heads[0], parts.bars)
        self.play(*(FadeIn(each) for each in parts.numbers), run_time=0.6)
        self.wait(0.8)

        self.next_section("exponentials")
        words = self.say(words, "shares")
        self.turn(stage, 1, *parts.heads[:2])
        self.wait(0.5)
        self.play(parts.bars.laid.animate.set_value(1), FadeIn(parts.total), run_time=1.5)
        self.wait(0.7)

        self.next_section("probabilities")
        self.turn(stage, 2, *parts.heads[1:3])
        self.beat(1.6, "the shares of the sum are the probabilities")

        self.next_section("cold")
        half = (flow.sizes["step"] - 1) // 2
        self.say(words, "temperature film")
        self.swap([parts.heads[2], parts.total], [parts.heads[3], *parts.heat])
        self.play(heated.animate.set_value(1), run_time=0.3)
        self.play(clock.animate.set_value(half), run_time=1.8, rate_func=smooth)
        self.wait(0.8)

        self.next_section("hot")
        self.play(clock.animate.set_value(2 * half), run_time=2.3, rate_func=smooth)
        self.wait(0.8)

        self.next_section("all three")
        columns = Columns(parts)
        self.add(columns)  # over the long bars
        self.swap([parts.bars, parts.heads[3], *parts.numbers, *parts.heat], [])
        self.play(columns.parted.animate.set_value(1), run_time=1.4, rate_func=smooth)
        self.play(FadeIn(columns.words), run_time=0.4)
        self.wait(1.5)

    def turn(self, stage, to, before, after):
        """Let the bars become what they are next, under its name."""
        self.play(
            stage.animate.set_value(to),
            FadeOut(before, rate_func=lambda share: min(1.0, 3 * share)),
            FadeIn(after, run_time=1.3, rate_func=lambda share: max(0.0, 3 * share - 2)),
            run_time=1.3,
        )

    def swap(self, before, after):
        """Put some parts in the place of others: first the ones go, then the others come."""
        self.play(
            *(FadeOut(part, rate_func=lambda share: min(1.0, 2 * share)) for part in before),
            *(FadeIn(part, rate_func=lambda share: max(0.0, 2 * share - 1)) for part in after),
            run_time=0.6,
        )


def temperature(flow, clock):
    """Return the temperature of the clock, between recorded ones too, as it is printed."""
    return round(float(between(flow.temperature.values, clock.get_value())), 2)


def warm(flow, t):
    """Return the shares at a temperature; at T = 1 they are those from before."""
    scores = flow.logit.values / t
    powers = np.exp(scores - scores.max())  # so that no score is too large for it
    return powers / powers.sum()


class Parts:
    """What stands in the rows, and under them."""

    def __init__(self, flow, stage, heated, clock):
        rows = [TOP - PITCH * k for k in range(flow.sizes["class"])]
        top = int(flow.probability.values.argmax())
        self.flow, self.stage, self.heated, self.clock = flow, stage, heated, clock
        self.bars = Bars(flow, rows, stage, heated, clock)
        self.names = VGroup(
            *(
                Words(say("class", k=k + 1), LABEL).on_baseline(NAME, y - 0.12)
                for k, y in enumerate(rows)
            )
        )
        formulas = ("z", "e^z", "p = e^z / (sum e^z)", "p = e^(z\\/T) / (sum e^(z\\/T))")
        share = say("share of sum")
        self.heads = [
            Group(
                Formula(formula, 36 if "/" not in formula else 34).move_to(
                    (BARS, HEAD + 0.06, 0), aligned_edge=LEFT
                ),
                Words(words, LABEL, "muted").on_baseline(VALUE, HEAD - 0.06, RIGHT),
            )
            for formula, words in zip(
                formulas, (say("score"), say("above"), share, share), strict=True
            )
        ]
        self.numbers = [
            Number(
                partial(self.value, k), [stage, heated, clock], widest="0.0000", align="right",
                weight="semibold" if k == top else "regular",
            ).move_to((VALUE, y, 0), aligned_edge=RIGHT)
            for k, y in enumerate(rows)
        ]  # fmt: skip
        self.total = Group(
            Rule(VALUE - 1.5, VALUE, SUM + 0.42),
            Words("sum", LABEL, "muted").on_baseline(NAME, SUM),
            Number(self.summed, [stage], widest="0,000.00", align="right").move_to(
                (VALUE, SUM, 0), aligned_edge=RIGHT + DOWN
            ),
        )
        knob = Knob(flow.temperature.values, clock)
        self.heat = [
            knob,
            Formula("T", 38).move_to((NAME + 0.12, SCALE + 0.02, 0), aligned_edge=LEFT),
            VGroup(
                *(
                    Words(number(t), TICK, "muted").on_baseline(knob.at(t), SCALE - 0.5, ORIGIN)
                    for t in knob.marks
                )
            ),
            Number(
                lambda: say("temperature", t=fixed(temperature(flow, clock), 2)), [clock],
                size=44, weight="semibold", widest="T = 0.00", align="right",
            ).move_to((VALUE, SCALE, 0), aligned_edge=RIGHT),
        ]  # fmt: skip

    def value(self, k):
        """Write what a class's bar is now, or will be in a moment, as the figure writes it."""
        stage = round(self.stage.get_value())
        if self.heated.get_value() > 0:
            return fixed(warm(self.flow, temperature(self.flow, self.clock))[k], 4)
        if stage == 2:
            return fixed(self.flow.probability.values[k], 4)
        return (
            fixed(self.flow.exponential.values[k], 2)
            if stage
            else number(self.flow.logit.values[k])
        )

    def summed(self):
        """Write the sum of what the bars are now."""
        if round(self.stage.get_value()) == 2:
            return number(1)  # what shares add up to
        return fixed(self.flow.exponential.round(2).sum(), 2)  # of what is printed


class Bars(Painted):
    """The bars: scores from their zero, then exponentials, then shares of their sum on tracks.

    A full bar is the sum of the exponentials: so a bar is a share of it before it is called one.
    """

    def __init__(self, flow, rows, stage, heated, clock):
        self.laid = ValueTracker(0)
        super().__init__(LONG, rows[0] - WHOLE + THICK, reads=[stage, heated, clock, self.laid])
        self.move_to((BARS + LONG / 2, (rows[0] + WHOLE) / 2, 0))
        self.rows, self.stage, self.heated, self.clock = rows, stage, heated, clock
        logit, power = flow.logit.values, flow.exponential.values
        low, high = min(0.0, logit.min()), max(0.0, logit.max())
        unit = 0.5 / max(high - low, 1e-9)  # so that the exponentials have room to grow
        zero = -low * unit
        # Both ends of each bar as shares of a full one, for scores and for exponentials.
        self.ends = [
            np.stack([np.full(len(logit), zero), zero + unit * logit], axis=1),
            np.stack([np.zeros(len(power)), power / power.sum()], axis=1),
        ]
        self.flow, self.first = flow, flow.probability.values
        self.top = int(self.first.argmax())
        signs = ("negative", "positive")
        self.inks = [rgb(theme.color(signs[int(z > 0)])) for z in logit]
        self.grey, self.text = (rgb(theme.color(ink)) for ink in ("muted", "text"))
        self.track, self.paper = theme.color("quiet"), theme.color("background")

    def now(self):
        """Return both ends of each bar now, shape (class, 2), as shares of a full one."""
        shares = warm(self.flow, temperature(self.flow, self.clock))
        last = np.stack([np.zeros(len(shares)), shares], axis=1)
        return between(np.stack([*self.ends, last]), self.stage.get_value())

    def pieces(self):
        """Return the copies on their way into one bar, shape (class, 3): both ends, height."""
        laid = self.laid.get_value()
        shares = warm(self.flow, temperature(self.flow, self.clock))
        ends = np.cumsum(shares)
        last = np.stack([ends - shares, ends, np.full(len(shares), WHOLE)], axis=1)
        first = np.column_stack([self.ends[1], self.rows])
        return (1 - laid) * first + laid * last

    def paint(self, pen):
        """Draw tracks, bars and marks, and the bar of the sum."""
        stage = self.stage.get_value()
        late = [self.text if k == self.top else self.grey for k in range(len(self.rows))]
        if self.laid.get_value() > 0:
            for (start, end, y), ink in zip(self.pieces().tolist(), late, strict=True):
                pen.color(ink)
                # with a gap, so that one sees where each ends
                pen.rectangle(BARS + LONG * start, y - THICK / 3, LONG * (end - start) - 0.03,
                              2 * THICK / 3)  # fmt: skip
                pen.fill()
        for k, ((start, end), y) in enumerate(zip(self.now().tolist(), self.rows, strict=True)):
            if stage > 1:
                pen.color(self.track, stage - 1)
                pen.rectangle(BARS, y - THICK / 2, LONG, THICK)
                pen.fill()
            early = min(1.0, stage)
            pen.color((1 - early) * np.array(self.inks[k]) + early * np.array(late[k]))
            pen.rectangle(BARS + LONG * start, y - THICK / 2, LONG * (end - start), THICK)
            pen.fill()
            if (moved := self.heated.get_value()) > 0:
                self.mark(pen, BARS + LONG * self.first[k], y, moved)

    def mark(self, pen, x, y, seen):
        """Draw where a bar ended at T = 1, seen on bar and track."""
        for tint, wide in ((self.paper, 0.1), (self.text, 0.04)):
            pen.color(tint, seen)
            pen.rectangle(x - wide / 2, y - THICK / 2 - 0.06, wide, THICK + 0.12)
            pen.fill()


class Columns(Painted):
    """The shares at the lowest temperature, at 1 and at the highest, side by side.

    They part from the long bars of the highest one; each share is written behind, the marks stay.
    """

    def __init__(self, parts):
        self.parted = ValueTracker(0)
        super().__init__(2 * COLUMN + SHORT, 4.0, reads=[self.parted])
        self.bars, self.flow = parts.bars, parts.flow
        self.heats = parts.heat[0].marks
        self.words = VGroup()
        for i, t in enumerate(self.heats):
            left = BARS + COLUMN * i
            heading = say("temperature", t=fixed(t, 2))
            self.words.add(Words(heading, LABEL, weight="semibold").on_baseline(left, HEAD - 0.2))
            for k, (share, y) in enumerate(zip(warm(self.flow, t), self.bars.rows, strict=True)):
                weight = "semibold" if k == self.bars.top else "regular"
                self.words.add(Words(fixed(share, 4), LABEL, weight=weight).on_baseline(
                    left + SHORT + 0.12, y - 0.12))  # fmt: skip

    def now(self):
        """Return the left edge and the length of a full bar in each column, shape (column, 2)."""
        parted = self.parted.get_value()
        last = np.array([[BARS + COLUMN * i, SHORT] for i in range(len(self.heats))])
        return (1 - parted) * np.array([BARS, LONG]) + parted * last

    def paint(self, pen):
        """Draw tracks and bars; all but the last column appear as they part."""
        for i, (t, (left, long)) in enumerate(zip(self.heats, self.now().tolist(), strict=True)):
            seen = self.parted.get_value() if i < len(self.heats) - 1 else 1.0
            at, shares = 0.0, warm(self.flow, t)
            for k, (share, y) in enumerate(zip(shares.tolist(), self.bars.rows, strict=True)):
                ink = self.bars.text if k == self.bars.top else self.bars.grey
                for part, hue in ((1.0, self.bars.track), (share, ink)):
                    pen.color(hue, seen)
                    pen.rectangle(left, y - THICK / 2, long * part, THICK)
                    pen.fill()
                low, high = WHOLE - THICK / 3, 2 * THICK / 3
                pen.rectangle(left + long * at, low, long * share - 0.03, high)
                pen.fill()
                self.bars.mark(pen, left + long * self.bars.first[k], y, seen)
                at += share


class Knob(Painted):
    """An axis of temperatures, logarithmic, and where on it the clock is."""

    def __init__(self, temperature, clock):
        super().__init__(LONG, 0.4, reads=[clock])
        self.move_to((BARS + LONG / 2, SCALE, 0))
        self.temperature, self.clock = temperature, clock
        self.range = np.log([temperature.min(), temperature.max()])
        self.marks = sorted({float(temperature.min()), 1.0, float(temperature.max())})
        self.quiet, self.ink, self.rim = (
            theme.color(ink) for ink in ("muted", "text", "background")
        )

    def at(self, temperature):
        """Return where a temperature lies."""
        low, high = self.range
        return BARS + LONG * float((np.log(temperature) - low) / max(high - low, 1e-9))

    def now(self):
        """Return where the knob is."""
        return self.at(between(self.temperature, self.clock.get_value()))

    def paint(self, pen):
        """Draw the axis, its marks, the knob."""
        pen.color(self.quiet)
        pen.width(3.0)
        pen.polyline(np.array([[BARS, SCALE], [BARS + LONG, SCALE]]))
        for mark in self.marks:
            x = self.at(mark)
            pen.polyline(np.array([[x, SCALE], [x, SCALE - 0.15]]))
        pen.stroke()
        pen.disc((self.now(), SCALE), 0.16, self.ink, self.rim)


class Rule(Painted):
    """A line over a sum."""

    def __init__(self, left, right, y):
        super().__init__(right - left, 0.025)
        self.move_to(((left + right) / 2, y, 0))
        self.ink = theme.color("muted")

    def paint(self, pen):
        """Draw the line."""
        pen.color(self.ink)
        pen.rectangle(*self.box)
        pen.fill()
