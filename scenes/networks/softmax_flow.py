"""Four bars are logits, become exponentials, then probabilities; a temperature moves them."""

from __future__ import annotations

from functools import partial

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, smooth

from look import theme
from look.numbers import fixed, number
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import LABEL, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "softmax_flow": "logit (class), exponential (class), probability (class), one_hot (class), "
    "temperature (step), swept_probability (step, class), "
    "swept_loss (step), label",
}

DESCRIPTION = """\
Four bars, one a class, as long as the class's logit, with the number at the right. The bars become
the exponentials of the logits: one grows far beyond the others. Copies of them are laid end to end
below, in one bar, which is their sum. The bars shrink together until they are as long as their
pieces of that bar: shares of the sum, probabilities on tracks that end at one. On the
right the label fills in with zeros and a one; the bar of the true class turns green, and the
cross-entropy is written below as minus the logarithm of its probability. Then the logits are
divided by a temperature: as it falls, one bar takes nearly all; as it rises, all bars become alike,
while marks keep the first answer.
"""

TOP, PITCH, THICK = 1.2, 0.98, 0.56  # middle of the first row, from row to row, of a bar
NAME, BARS, LONG = -6.6, -4.9, 8.0  # left edges, and the length of a full bar, frame units
VALUE, HOT = 5.35, 6.15  # right edge of the numbers, middle of the label
HEAD, SUM, FOOT = 1.92, -2.85, -3.6  # baselines
WHOLE = -2.72  # middle of the bar that is their sum


class SoftmaxFlow(RecordedScene):
    poster_section = "loss"

    def construct(self):
        flow = self.recording("softmax_flow")
        stage, hot, clock = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        parts = Parts(flow, stage, hot, clock)

        self.next_section("logits")
        words = self.headline("logits")
        self.add(words, parts.names, parts.heads[0], *parts.numbers)
        self.play(FadeIn(parts.bars), run_time=0.5)
        self.wait(1.0)

        self.next_section("exponentials")
        self.turn(stage, 1, *parts.heads[:2])
        self.play(FadeIn(parts.total), parts.bars.laid.animate.set_value(1), run_time=1.4)
        self.wait(0.7)

        self.next_section("probabilities")
        self.turn(stage, 2, *parts.heads[1:3])
        self.wait(0.8)

        self.next_section("loss")
        words = self.say(words, "loss", also=[parts.label])
        self.play(hot.animate.set_value(1), run_time=0.5)
        self.play(FadeIn(parts.loss), run_time=0.3)
        self.beat(1.4, "what would make it surer?")

        self.next_section("cold")
        half = (flow.sizes["step"] - 1) // 2
        self.say(words, "temperature film")
        self.swap(*parts.heads[2:], parts.heat)
        self.play(clock.animate.set_value(half), run_time=1.8, rate_func=smooth)
        self.wait(0.6)

        self.next_section("hot")
        self.play(clock.animate.set_value(2 * half), run_time=2.6, rate_func=smooth)
        self.wait(1.5)

    def turn(self, stage, to, before, after):
        """Let the bars become what they are next, under its name."""
        self.play(
            stage.animate.set_value(to),
            FadeOut(before, rate_func=lambda share: min(1.0, 3 * share)),
            FadeIn(after, run_time=1.3, rate_func=lambda share: max(0.0, 3 * share - 2)),
            run_time=1.3,
        )

    def swap(self, before, *after):
        """Put another formula in the place of one: first the one goes, then the other comes."""
        self.play(
            FadeOut(before, rate_func=lambda share: min(1.0, 2 * share)),
            *(FadeIn(part, rate_func=lambda share: max(0.0, 2 * share - 1)) for part in after),
            run_time=0.6,
        )


class Parts:
    """What stands in the rows, and under them."""

    def __init__(self, flow, stage, hot, clock):
        rows = [TOP - PITCH * k for k in range(flow.sizes["class"])]
        true = int(flow.one_hot.values.argmax())
        self.flow, self.stage, self.clock = flow, stage, clock
        self.bars = Bars(flow, rows, stage, hot, clock)
        self.names = VGroup(
            *(
                Words(say("class", k=k + 1), LABEL).on_baseline(NAME, y - 0.12)
                for k, y in enumerate(rows)
            )
        )
        self.heads = [
            Formula(formula, 36).move_to((BARS, HEAD + 0.04, 0), aligned_edge=LEFT)
            for formula in ("z", "e^z", "p = e^z \\/ sum e^z", "p = e^(z\\/T) \\/ sum e^(z\\/T)")
        ]
        self.numbers = [
            Number(
                partial(self.value, k), [stage, clock], widest="0.0000", align="right",
                weight="semibold" if k == true else "regular",
            ).move_to((VALUE, y, 0), aligned_edge=RIGHT)
            for k, y in enumerate(rows)
        ]  # fmt: skip
        self.total = Group(
            Rule(VALUE - 1.5, VALUE, SUM + 0.45),
            Words("sum", LABEL, "muted").on_baseline(NAME, SUM),
            Number(self.summed, [stage], widest="0,000.0", align="right").move_to(
                (VALUE, SUM, 0), aligned_edge=RIGHT + DOWN
            ),
        )
        self.label = VGroup(
            Words("label", LABEL, "muted").on_baseline(HOT, HEAD, ORIGIN),
            *(
                Words(number(one), 40, "green" if k == true else "muted", weight="semibold")
                .on_baseline(HOT, y - 0.14, ORIGIN)
                for k, (one, y) in enumerate(zip(flow.one_hot.values, rows, strict=True))
            ),
        )  # fmt: skip
        ell = Formula(say("loss formula"), 38)
        ell.move_to((BARS, FOOT + 0.1, 0), aligned_edge=LEFT)
        self.loss = Group(
            ell,
            Number(lambda: fixed(self.swept("swept_loss"), 3), [clock], size=38, widest="0.000")
            .move_to((ell.get_right()[0] + 0.2, FOOT + 0.12, 0), aligned_edge=LEFT),
        )  # fmt: skip
        self.heat = Number(
            lambda: say("temperature", t=fixed(self.swept("temperature"), 2)), [clock], size=44,
            weight="semibold", widest="T = 0.00", align="right",
        ).move_to((VALUE, FOOT + 0.12, 0), aligned_edge=RIGHT)  # fmt: skip

    def swept(self, name):
        """Return what was recorded of the sweep, at the clock."""
        return between(self.flow[name].values, self.clock.get_value())

    def value(self, k):
        """Write what a class's bar is now, or will be in a moment."""
        stage = round(self.stage.get_value())
        if stage == 2:
            return fixed(self.swept("swept_probability")[k], 4)
        return fixed(self.flow[("logit", "exponential")[stage]].values[k], 2)

    def summed(self):
        """Write the sum of what the bars are now."""
        if round(self.stage.get_value()) == 2:
            # fewer digits than the shares, whose last ones, each rounded, may not add up
            return fixed(self.flow.probability.values.sum(), 2)
        return fixed(self.flow.exponential.values.sum(), 1)


class Bars(Painted):
    """The bars: logits from their zero, then exponentials, then probabilities on their tracks."""

    def __init__(self, flow, rows, stage, hot, clock):
        self.laid = ValueTracker(0)
        super().__init__(LONG, rows[0] - WHOLE + THICK, reads=[stage, hot, clock, self.laid])
        self.move_to((BARS + LONG / 2, (rows[0] + WHOLE) / 2, 0))
        self.rows, self.stage, self.hot, self.clock = rows, stage, hot, clock
        logit, power = flow.logit.values, flow.exponential.values
        low, high = min(0.0, logit.min()), max(0.0, logit.max())
        unit = 0.6 / max(high - low, 1e-9)  # so that the exponentials have room to grow
        zero = -low * unit
        # Both ends of each bar as shares of a full one, for logits and for exponentials.
        self.ends = [
            np.stack([np.full(len(logit), zero), zero + unit * logit], axis=1),
            np.stack([np.zeros(len(power)), power / power.max()], axis=1),
        ]
        self.first, self.swept = flow.probability.values, flow.swept_probability.values
        self.true = int(flow.one_hot.values.argmax())
        signs = ("negative", "positive")
        self.inks = [rgb(theme.color(signs[int(z > 0)])) for z in logit]
        self.grey, self.green = theme.color("muted"), theme.color("green")
        self.track, self.text = theme.color("quiet"), theme.color("text")

    def now(self):
        """Return both ends of each bar now, shape (class, 2), as shares of a full one."""
        stage = self.stage.get_value()
        shares = between(self.swept, self.clock.get_value())
        last = np.stack([np.zeros(len(shares)), shares], axis=1)
        return between(np.stack([*self.ends, last]), stage)

    def pieces(self):
        """Return the copies on their way into one bar, shape (class, 3): both ends, height."""
        laid = self.laid.get_value()
        shares = between(self.swept, self.clock.get_value())
        ends = np.cumsum(shares)
        last = np.stack([ends - shares, ends, np.full(len(shares), WHOLE)], axis=1)
        power = self.ends[1]
        first = np.column_stack([power, self.rows])
        return (1 - laid) * first + laid * last

    def paint(self, pen):
        """Draw tracks, bars and marks, and the bar of the sum."""
        stage, hot = self.stage.get_value(), self.hot.get_value()
        moved = min(1.0, abs(self.clock.get_value()) * 3)
        grey = np.array(rgb(self.grey))
        if self.laid.get_value() > 0:
            for k, (start, end, y) in enumerate(self.pieces().tolist()):
                green = hot if k == self.true else 0.0
                pen.color((1 - green) * grey + green * mix(self.grey, self.green, 1.0))
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
            ink = (1 - early) * np.array(self.inks[k]) + early * grey
            if k == self.true:
                ink = (1 - hot) * ink + hot * mix(self.grey, self.green, 1.0)
            pen.color(ink)
            pen.rectangle(BARS + LONG * start, y - THICK / 2, LONG * (end - start), THICK)
            pen.fill()
            if moved > 0:
                x = BARS + LONG * self.first[k]
                pen.color(self.text, moved)
                pen.rectangle(x - 0.02, y - THICK / 2 - 0.08, 0.04, THICK + 0.16)
                pen.fill()


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
