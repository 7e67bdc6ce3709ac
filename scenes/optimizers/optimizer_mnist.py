"""Every optimizer learns to read digits, a row each: errors fall, step by step."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, Group, ValueTracker

from look import theme
from look.numbers import percent
from look.runs import row
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "optimizer_mnist": "accuracy (run, start, step), p_value (run), run (run), step (step), "
    "dataset, n_steps, n_optimizers, n_rates, n_seeds, best, n_level, many",
}

DESCRIPTION = """\
A row for each of the best optimizers and one for the worst, with the name at the left, and above
them a scale of errors. In each row a bright dot for the mean of all seeds, and a band for their
range, starts at the right, where nine of ten digits are wrong, and moves left as training goes on,
all rows at the same pace of steps. At the end the
rows whose seeds a test does not tell from the best get a ring, the others dim."""

SECONDS = 0.1  # a step
ROWS = 10  # named: the best, and the last one
TOP, LINE = 1.55, 0.5
LEFT, EDGE = -2.9, 5.6


class OptimizerMnist(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_mnist")
        n_steps = int(recorded.step[-1])
        clock, told = ValueTracker(0), ValueTracker(0)
        n_runs = recorded.sizes["run"]
        chosen = list(range(n_runs)) if n_runs <= ROWS else [*range(ROWS - 1), n_runs - 1]
        field = Errors(recorded, chosen, clock, told)
        names = Group()
        for line, k in enumerate(chosen):
            shown = row("optimizers", str(recorded.run.values[k]))
            y = TOP - line * LINE - 0.12
            names.add(Words(shown["label"], 34).on_baseline(LEFT - 0.35, y, RIGHT))
        ticks = Group(
            *(
                Words(percent(share), 28, "muted").on_baseline(field.at(share), TOP + 0.42, ORIGIN)
                for share in field.ticks
            )
        )
        counter = Number(
            lambda: say("clock", step=int(clock.get_value() + 1e-9)),
            [clock], size=34, color="muted", widest=say("clock", step=888), align="right",
        ).move_to((6.8, -3.45, 0), aligned_edge=RIGHT)  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        self.add(names, ticks, field, counter)
        self.play(FadeIn(words), run_time=0.3)

        self.next_section("training")
        self.play_steps(clock, n_steps, SECONDS)

        self.next_section("end")
        self.say(words, "end")
        self.play(told.animate.set_value(1), run_time=0.8)
        self.wait(1.5)


class Errors(Painted):
    """Rows on a scale of errors, and the others behind them, as far as the clock has come."""

    def __init__(self, recorded, chosen, clock, told):
        super().__init__(EDGE - LEFT + 0.4, 7.0, reads=[clock, told])
        self.move_to(((LEFT + EDGE) / 2, -0.6, 0))
        self.clock, self.told, self.chosen = clock, told, chosen
        wrong = 1 - recorded.accuracy.values
        self.steps = recorded.step.values.astype(float)
        self.low, self.high = np.log10(max(wrong.min(), 5e-4) * 0.9), 0.0
        self.ticks = [s for s in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if np.log10(s) >= self.low]
        # (run, step): on the way from one measurement to the next it moves evenly
        self.means = self.at(wrong.mean(1))
        self.least, self.most = self.at(wrong.min(1)), self.at(wrong.max(1))
        self.level = (recorded.p_value.values >= 0.05).tolist()
        found = [row("optimizers", str(name)) for name in recorded.run.values]
        self.inks = [theme.color(each["color"]) for each in found]
        self.quiet = theme.color("quiet")
        self.text = theme.color("text")

    def at(self, share):
        """Return where a share of errors stands, in frame units."""
        place = (np.log10(np.maximum(share, 5e-4)) - self.low) / (self.high - self.low)
        return LEFT + place * (EDGE - LEFT)

    def now(self, places):
        """Return the places of one run at the clock's step."""
        index = np.interp(self.clock.get_value(), self.steps, np.arange(len(self.steps)))
        return float(between(places, float(index)))

    def paint(self, pen):
        """Draw the scale, the others, and the rows."""
        bottom = TOP - len(self.chosen) * LINE + 0.25
        pen.color(self.quiet)
        pen.width(1.5)
        for share in self.ticks:
            x = float(self.at(share))
            pen.polyline(np.array([[x, TOP + 0.3], [x, bottom]]))
        pen.stroke()
        dim = self.told.get_value()
        for line, k in enumerate(self.chosen):
            y = TOP - line * LINE
            strength = 1.0 if self.level[k] else 1 - 0.6 * dim
            pen.color(self.inks[k], 0.35 * strength)
            left, right = self.now(self.least[k]), self.now(self.most[k])
            pen.rectangle(left, y - 0.1, max(right - left, 0.02), 0.2)
            pen.fill()
            pen.color(self.inks[k], strength)
            x = self.now(self.means[k])
            pen.circle(x, y, 0.14)
            pen.fill()
            if self.level[k] and dim > 0:
                pen.color(self.text, dim)
                pen.width(2.2)
                pen.circle(x, y, 0.14 + 0.06 * dim)
                pen.stroke()
