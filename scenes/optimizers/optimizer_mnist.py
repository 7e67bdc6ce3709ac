"""Every optimizer learns to read digits, a row each: errors fall, step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, Group, ValueTracker, smooth

from look import theme
from look.numbers import percent
from look.runs import row
from look.words import say
from scenes.optimizers._runners import write
from scenes.parts import font
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "optimizer_mnist": "accuracy (run, start, step), run (run), step (step), dataset, n_steps, "
    "n_optimizers, n_seeds, best, best_wrong, next_wrong, ahead, many",
}

DESCRIPTION = """\
A row for each of the best optimizers and one for the worst, with the name at the left, the share of
errors at the right, and above them a scale of errors. In each row a dot for the mean of all seeds,
and a band for their range, starts at the right, where most of the digits are wrong, and moves left
as training goes on, all rows at the same pace of steps; rows change places, so that whoever is
ahead stands on top. At the end the scale stretches to where the dots are, and all but the best
one dim."""

SECONDS = 0.1  # a step
ROWS = 10  # named: the best, and the last one
TOP, LINE = 1.45, 0.53
LEFT, EDGE = -2.9, 5.2
# ticks at the end
FINE = (0.01, 0.02, 0.03, 0.05, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)


class OptimizerMnist(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_mnist")
        n_steps = int(recorded.step[-1])
        clock, told = ValueTracker(0), ValueTracker(0)
        n_runs = recorded.sizes["run"]
        chosen = list(range(n_runs)) if n_runs <= ROWS else [*range(ROWS - 1), n_runs - 1]
        field = Errors(recorded, chosen, clock, told)
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
        words = self.headline("start")
        self.add(words, field, counter)
        self.wait(0.3)

        self.next_section("training")
        self.play_steps(clock, n_steps, SECONDS)

        self.next_section("end")
        self.say(words, "end", also=shares)
        self.play(told.animate.set_value(1), run_time=1.2, rate_func=smooth)
        self.wait(1.0)


class Errors(Painted):
    """Rows on a scale of errors as far as the clock has come; at the end the scale stretches."""

    def __init__(self, recorded, chosen, clock, told):
        super().__init__(EDGE + 6.9, 7.0, reads=[clock, told])
        self.move_to(((EDGE - 6.9) / 2, -0.6, 0))
        self.clock, self.told, self.chosen = clock, told, chosen
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
        self.ink = theme.color(found[0]["color"])
        self.ranks = ranked(self.means[chosen], [self.labels[k] for k in chosen])
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

    def heights(self):
        """Return where each row stands now: on top who is ahead, by the latest measurement."""
        index = float(np.interp(self.clock.get_value(), self.steps, np.arange(len(self.steps))))
        # rows change places just before the next measurement, and quickly: no name lies long on one
        share = max(index % 1 - 0.7, 0) / 0.3
        return TOP - LINE * between(self.ranks, int(index) + share**2 * (3 - 2 * share))

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
        size = 34 / PIXELS_PER_UNIT
        for y, k in zip(self.heights().tolist(), self.chosen, strict=True):
            strength = 1 - 0.5 * dim if k else 1.0  # the first in the recording is the best
            name = LEFT - 0.35 - font.advance(self.labels[k], "semibold") * size
            write(pen, self.labels[k], (name, y - 0.12), size, self.ground, self.text, strength)
            pen.color(self.ink, 0.4 * strength)
            left, right = self.at(self.now(self.least[k])), self.at(self.now(self.most[k]))
            pen.rectangle(left, y - 0.11, max(right - left, 0.02), 0.22)
            pen.fill()
            pen.color(self.ink, strength)
            pen.circle(self.at(self.now(self.means[k])), y, 0.15)
            pen.fill()


def ranked(means, labels):
    """Return the place of each run among the others at each measurement, from 0, (step, run).

    Equal ones stand by the alphabet; at the end by the recording.
    """
    keys = np.argsort(np.argsort(labels))
    orders = [np.lexsort((keys, errors.round(9))) for errors in means.T[:-1]]
    orders.append(np.arange(len(means)))
    return np.array([np.argsort(order) for order in orders], dtype=float)
