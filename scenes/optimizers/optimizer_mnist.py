"""Every optimizer learns to read digits, a row each: errors fall, step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, Group, ValueTracker, linear, smooth

from look import theme
from look.numbers import percent
from look.runs import row
from look.words import say
from scenes.optimizers._runners import write
from scenes.parts import font
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "optimizer_mnist": "accuracy (run, start, step), run (run), step (step), dataset, n_steps, "
    "n_optimizers, n_seeds, best, best_wrong, next_wrong, ahead, many",
}

DESCRIPTION = """\
A row for each of the best optimizers and one for the worst, by the alphabet, with the name at the
left and above them a scale of errors. In each row a grey dot for the mean of all seeds, and a band
for their range, starts at the right, where most of the digits are wrong, and moves left as training
goes on, all rows at the same pace of steps. Whoever is ahead shines in its colour, and a dashed
line through all rows goes with it: the light jumps to another row where that one gets ahead. At the
end the dots sort themselves, the best one on top, the scale stretches to where they are, and at the
right stands each one's share of errors."""

SECONDS = 0.1  # a step
ROWS = 10  # named: the best, and the last one
TOP, LINE = 1.45, 0.5
LEVEL = 0.012  # in the logarithm of its errors, who is no farther behind shines a little too
LEFT, EDGE = -2.9, 5.2
# ticks at the end
FINE = (0.01, 0.02, 0.03, 0.05, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)


class OptimizerMnist(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_mnist")
        n_steps = int(recorded.step[-1])
        clock, told, order = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        n_runs = recorded.sizes["run"]
        chosen = list(range(n_runs)) if n_runs <= ROWS else [*range(ROWS - 1), n_runs - 1]
        foot = TOP - len(chosen) * LINE - 0.17
        scale = Words(say("wrong"), 34, "muted").on_baseline(EDGE, foot, RIGHT)
        field = Errors(recorded, chosen, clock, told, order, foot, scale.get_left()[0])
        shares = Group()  # last, the rows stand in the order of the recording
        for line, k in enumerate(chosen):
            said = say("share", share=1 - float(recorded.accuracy[k, :, -1].mean()))
            y = TOP - line * LINE - 0.12
            ink, weight = ("muted", "regular") if line else ("text", "semibold")
            shares.add(Words(said, 34, ink, weight=weight).on_baseline(6.7, y, RIGHT))
        counter = Number(
            lambda: say("clock", step=int(clock.get_value() + 1e-9)),
            [clock], size=34, color="muted", widest=say("clock", step=888), align="right",
        ).move_to((LEFT - 0.35, TOP + 0.46, 0), aligned_edge=RIGHT + DOWN)  # fmt: skip

        self.next_section("start")
        words = self.headline("start", n_best=len(chosen) - 1 if n_runs > ROWS else 0)
        self.add(words, field, counter, scale)
        self.wait(0.3)

        self.next_section("training")
        self.play_steps(clock, n_steps, SECONDS)

        self.next_section("order")
        self.play(order.animate.set_value(1), run_time=1.5, rate_func=linear)

        self.next_section("end")
        self.say(words, "end", also=shares)
        self.play(told.animate.set_value(1), run_time=1.2, rate_func=smooth)
        self.wait(1.0)


class Errors(Painted):
    """Rows on a scale of errors as far as the clock has come; at the end the scale stretches.

    `order` takes the rows from the alphabet's order, at 0, to the recording's, at 1. At the
    foot of the dashed line stands what it is, where that is left of `free`.
    """

    def __init__(self, recorded, chosen, clock, told, order, foot=0.0, free=EDGE):
        super().__init__(EDGE + 6.9, 7.0, reads=[clock, told, order])
        self.move_to(((EDGE - 6.9) / 2, -0.6, 0))
        self.clock, self.told, self.order, self.chosen = clock, told, order, chosen
        self.foot, self.free = foot, free
        wrong = np.maximum(1 - recorded.accuracy.values, 5e-4)
        self.steps = recorded.step.values.astype(float)
        self.low = np.log10(wrong.min() * 0.9)
        # where the scale ends when all has been learnt
        self.close = max(float(np.log10(wrong[chosen, :, -1].max() * 1.1)), self.low + 0.1)
        self.close = min(self.close, 0.0)
        self.ticks = [s for s in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if np.log10(s) >= self.low]
        # (run, step): on the way from one measurement to the next it moves evenly
        self.means = np.log10(wrong.mean(1))
        self.least, self.most = np.log10(wrong.min(1)), np.log10(wrong.max(1))
        found = [row("optimizers", str(name)) for name in recorded.run.values]
        self.labels = [each["label"] for each in found]
        self.inks = [theme.color(each["color"]) for each in found]
        # by the alphabet, so that nobody is given away
        self.ranks = np.argsort(np.argsort([self.labels[k].lower() for k in chosen]))
        self.quiet, self.muted = theme.color("quiet"), theme.color("muted")
        self.text, self.ground = theme.color("text"), theme.color("background")

    def at(self, power):
        """Return where a share of errors, of which this is the logarithm, stands now."""
        high = self.told.get_value() * self.close  # from 100 %
        return LEFT + (power - self.low) / (high - self.low) * (EDGE - LEFT)

    def now(self, values):
        """Return the value of one run at the clock's step."""
        index = np.interp(self.clock.get_value(), self.steps, np.arange(len(self.steps)))
        return float(between(values, float(index)))

    def mean(self, k):
        """Return the share of errors of one run, the mean of its seeds, now."""
        return 10 ** self.now(self.means[k])

    def shine(self):
        """Return how much each row shines, from 0 to 1: who is ahead, and whoever is level."""
        means = np.array([self.now(self.means[k]) for k in self.chosen])
        begun = min(self.clock.get_value() / (0.3 * self.steps[1]), 1.0)  # nobody is ahead at first
        level = np.clip(1 - (means - means.min()) / LEVEL, 0, 1)
        first = np.arange(len(means)) == 0  # of the recording: the best one in the end
        return begun * between(np.stack([level, first.astype(float)]), self.told.get_value())

    def ahead(self):
        """Return where the dashed line stands: at the lowest mean."""
        return self.at(min(self.now(self.means[k]) for k in self.chosen))

    def lead(self, apart):
        """Return where the dashed line's name begins, and how visible it is."""
        wide = font.advance(say("lead"), "regular") * 34 / PIXELS_PER_UNIT
        left = self.ahead() - wide / 2
        return left, float(np.clip((self.free - left - wide) / apart - 1, 0, 1))

    def heights(self):
        """Return where each row stands now."""
        share = min(max(self.order.get_value() - 0.2, 0) / 0.6, 1.0)
        moved = share**2 * (3 - 2 * share)
        return TOP - LINE * between(np.stack([self.ranks, np.arange(len(self.ranks))]), moved)

    def named(self):
        """Return how visible names and bands are: while rows pass each other, dots alone."""
        return min(max(abs(2 * self.order.get_value() - 1) - 0.6, 0) / 0.4, 1.0)

    def seen(self, i):
        """Return how visible a row's name is: while they pass each other, only the leader's."""
        return max(self.named(), float(i == int(self.shine().argmax())))

    def paint(self, pen):
        """Draw the scale and the rows."""
        bottom = TOP - len(self.chosen) * LINE + 0.25
        dim = self.told.get_value()
        em, taken = 28 / PIXELS_PER_UNIT, -np.inf
        for share in FINE:
            x = float(self.at(np.log10(share)))
            strength = 1.0 if share in self.ticks else dim
            text = percent(share)
            half = font.advance(text, "regular") * em / 2
            if not LEFT - 0.01 <= x <= EDGE + 0.01 or strength == 0 or x - half < taken + 0.3:
                continue
            taken = x + half
            pen.color(self.quiet, strength)
            pen.width(1.5)
            pen.polyline(np.array([[x, TOP + 0.3], [x, bottom]]))
            pen.stroke()
            pen.color(self.muted, strength)
            font.write(pen, text, x - half, TOP + 0.46, em, "regular")
        ahead = self.ahead()
        pen.color(self.muted, 0.8)
        pen.width(2.5)
        for high in np.arange(bottom, TOP + 0.3, 0.2):
            pen.polyline(np.array([[ahead, high], [ahead, min(high + 0.1, TOP + 0.3)]]))
        pen.stroke()
        left, strength = self.lead(0.4)
        pen.color(self.muted, strength)
        font.write(pen, say("lead"), left, self.foot, 34 / PIXELS_PER_UNIT, "regular")
        self._rows(pen)

    def _rows(self, pen):
        """Draw names, bands and dots; the brightest last, over the others."""
        size, named, shine = 34 / PIXELS_PER_UNIT, self.named(), self.shine()
        heights = self.heights()
        for i in np.argsort(shine, kind="stable").tolist():
            k, y, bright = self.chosen[i], float(heights[i]), float(shine[i])
            ink, text = (mix(self.muted, each, bright) for each in (self.inks[k], self.text))
            name = LEFT - 0.35 - font.advance(self.labels[k], "semibold") * size
            seen = self.seen(i)
            if seen > 0:
                write(pen, self.labels[k], (name, y - 0.12), size, self.ground, text, seen)
            pen.color(ink, 0.4 * named)
            left, right = self.at(self.now(self.least[k])), self.at(self.now(self.most[k]))
            pen.rectangle(left, y - 0.11, max(right - left, 0.02), 0.22)
            pen.fill()
            pen.color(ink)
            pen.circle(self.at(self.now(self.means[k])), y, 0.13 + 0.05 * bright)
            pen.fill()
