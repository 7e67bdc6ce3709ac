"""Two slopes, one a hundred times as steep: what Adam makes of them, and that it steps the same."""

from __future__ import annotations

from functools import partial

import numpy as np
from manim import DOWN, RIGHT, FadeIn, FadeOut, ValueTracker, smooth

from look import theme
from look.words import say
from scenes.optimizers._marks import Bars, Rule
from scenes.parts.charts import Chart, between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "adam_moments": "gradient (step), m (step), v (step), m_hat (step), v_hat (step), "
    "move (step), steep_move (step), step (step), alike, lr, n_steps, rest1, rest2, times, "
    "steep_gradient, steep_m, steep_v, steep_m_hat, steep_v_hat",
}

DESCRIPTION = """\
Two bars on one scale, the slopes of two parabolas: one is a sliver, the other a hundred times as
long. Under each comes a second bar, the average size. First both bars of a slope shrink, for the
averages start at 0; then they grow to the full length of the slope, as what they lack is divided
out. Then one is divided by the other: of either slope a step is left, and both steps have the same
length, the learning rate. These two bars stand up as the first of a row each, and the bars of all
steps grow behind them: the rows are alike.
"""

LEFT, RIGHT_EDGE = -0.6, 6.6  # where bars begin, and where the longest ends, in frame units
TOPS = (1.75, -1.2)  # of either slope's rows
LINE, TALL = 1.1, 0.5  # between its bars, and their height
ETA = 4.2  # how long a step of η is drawn


class AdamMoments(RecordedScene):
    def construct(self):
        recorded = self.recording("adam_moments")
        # 0: slopes, 1: averages, 2: corrected, 3: the steps, 4: they begin the rows of all steps
        phase, clock = ValueTracker(-1), ValueTracker(1)
        still, rows = slopes(recorded, phase)

        self.next_section("first")
        words = self.headline("first")
        self.add(words, *still, *rows)
        self.play(phase.animate.set_value(0), run_time=1.1, rate_func=smooth)
        self.beat(1.6, "guess which step is longer")

        self.next_section("averages")
        words = self.say(words, "averages")
        before: list = []
        for stage, kinds in enumerate((("m", "v"), ("m hat", "v hat"), ("dividing",)), 1):
            texts = worked_out(recorded, kinds)
            self.play(
                phase.animate.set_value(stage),
                *(FadeOut(part, rate_func=early) for part in before),
                *(FadeIn(part, rate_func=late) for part in texts),
                run_time=1.2,
            )  # fmt: skip
            before = texts
            if stage < 3:
                self.wait(1.1)
        # while bars are divided they are of no number, and no result stands beside them
        self.remove(*before)
        texts = worked_out(recorded, ("move",))
        self.add(*texts)

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.1)
        n_steps = recorded.sizes["step"]
        stand, moving = strips(recorded, clock)
        # first the lines that say how long η is, then the bars stand up under them
        self.play(*map(FadeOut, texts), *map(FadeIn, stand), run_time=0.5)
        self.play(phase.animate.set_value(4), run_time=0.9)
        self.remove(*rows)
        self.add(*moving)
        self.play_steps(clock, n_steps, 4.5 / (n_steps - 1))
        self.wait(1.5)


def early(share):
    """Return how far gone is what is gone before what comes in its place."""
    return smooth(min(1.0, 4 * share))


def late(share):
    """Return how far there is what comes when the other is gone."""
    return smooth(min(1.0, max(0.0, 2 * share - 0.5)))


def stages(recorded):
    """Return of either slope g, then m, m̂ and the step, and beside it g, √v, √v̂ and the step."""
    attrs, first = recorded.attrs, recorded.isel(step=0)
    values = {name: float(first[name]) for name in ("m", "v", "m_hat", "v_hat")}
    gentle = {"g": float(first.gradient), **values, "move": float(first.move)}
    steep = {name: float(attrs[f"steep_{name}"]) for name in values}
    steep |= {"g": float(attrs["steep_gradient"]), "move": float(recorded.steep_move[0])}
    return [
        {
            **each,
            "root_v": each["v"] ** 0.5,
            "root": each["v_hat"] ** 0.5,
            "move": each["move"] / attrs["lr"],
            "top": [each["g"], each["m"], each["m_hat"], each["move"] / attrs["lr"]],
            "under": [0.0, each["v"] ** 0.5, each["v_hat"] ** 0.5, 0.0],
        }
        for each in (gentle, steep)
    ]


def slopes(recorded, phase):
    """Return what stands, and the bars."""
    both = stages(recorded)
    unit = (RIGHT_EDGE - LEFT) / abs(both[1]["g"])
    still: list = []
    rows = []
    _, later = strips(recorded, ValueTracker(1))
    for top, values, name, first in zip(TOPS, both, ("gentle", "steep"), later, strict=True):
        still.append(Words(say(name, g=values["g"]), 34, weight="semibold").on_baseline(-6.6, top))
        rows.append(Averages(values, top, unit, phase, first))
        eta = Number(partial(_eta, phase), [phase], size=34, color="muted", widest=say("eta"))
        still.append(eta.move_to((LEFT + ETA, top - LINE + TALL + 0.2, 0), aligned_edge=DOWN))
    return still, rows


def worked_out(recorded, kinds):
    """Return of either slope the formulas of these kinds, one beside each of its bars."""
    found = []
    for top, values in zip(TOPS, stages(recorded), strict=True):
        for line, kind in enumerate(kinds):
            text = Formula(say(f"film {kind}", **values), 36)
            y = top - (line + 1) * LINE + TALL / 2
            text.move_to((LEFT - 0.25, y, 0), aligned_edge=RIGHT)
            if kind == "dividing":  # where it will stand once it has a result
                whole = Formula(say("film move", **values), 36)
                text.shift((text.width - whole.width, 0, 0))
            found.append(text)
    return found


def _eta(phase):
    """Return what is written at the mark, as long as there are bars to compare with it."""
    return say("eta") if 2.5 < phase.get_value() < 3.01 else ""


class Averages(Painted):
    """One slope's bars: on top the slope, its average, the step; under it the average size.

    At last the step becomes the `first` bar of all steps.
    """

    def __init__(self, values, top, unit, phase, first):
        super().__init__(13.4, 2.6, reads=[phase])
        self.move_to((0, top - 1.2, 0))
        self.phase, self.top = phase, top
        (x, y), tall = first.foot[0], first.tips[0][1] - first.foot[0][1]
        self.standing = np.array([x - first.wide / 2, y, first.wide, tall])
        self.widths = np.abs([values["top"], values["under"]]).T * unit  # (stage, 2)
        self.widths[3] = abs(values["move"]) * ETA, self.widths[2][1]
        signs = [np.sign(value) for value in values["top"]]
        self.inks = [theme.color("positive" if sign > 0 else "negative") for sign in signs]
        self.grey, self.text = theme.color("muted"), theme.color("text")

    def lengths(self):
        """Return how long both bars are now."""
        now = min(self.phase.get_value(), 3.0)
        return between(self.widths, now) if now > 0 else (1 + now) * self.widths[0]

    def box_of_step(self):
        """Return where the bar of the step is, on its way from lying to standing."""
        lying = np.array([LEFT, self.top - LINE, self.lengths()[0], TALL])
        return between(np.array([lying, self.standing]), self.phase.get_value() - 3)

    def paint(self, pen):
        """Draw the bars."""
        now = self.phase.get_value()
        inks = (self.inks[3] if now > 2.5 else self.inks[0], self.grey)
        if now > 3:
            pen.color(inks[0])
            pen.rectangle(*self.box_of_step().tolist())
            pen.fill()
            return
        for line, (wide, ink) in enumerate(zip(self.lengths(), inks, strict=True)):
            y = self.top - (line + 1) * LINE
            if wide > 0:
                # the size, once divided by, fades as it is: a shorter bar would be another size
                pen.color(ink, min(1.0, 3.0 - now) if line == 1 and now > 2 else 1.0)
                pen.rectangle(LEFT, y, max(wide, 0.03), TALL)
                pen.fill()
        if now > 2:
            x, y = LEFT + ETA, self.top - LINE
            pen.color(self.text, now - 2)
            pen.width(2.5)
            pen.polyline(np.array([[x, y - 0.12], [x, y + TALL + 0.12]]))
            pen.stroke()


def strips(recorded, clock):
    """Return the charts of both runs' steps in units of η: what stands, and the bars."""
    steps, lr = recorded.step.values, recorded.attrs["lr"]
    both = [recorded.move.values / lr, recorded.steep_move.values / lr]
    low = min(0.0, *(1.1 * float(each.min()) for each in both))
    high = max(0.0, *(1.15 * float(each.max()) for each in both))
    still: list = []
    moving: list = []
    for top, ratio in zip(TOPS, both, strict=True):
        chart = Chart((0.25, top - 1.2), 12.3, 1.95, (0.3, steps[-1] + 0.7), (low, high))
        one = float(np.sign(ratio[0]))
        for level, ink, wide, dash in ((0.0, "quiet", 2, ()), (one, "muted", 1.5, (6, 5))):
            start, end = (chart.point(edge, level) for edge in chart.x)
            still.append(Rule(start, end, ink, wide, dash))
        y = float(chart.point(0, one)[1])
        still.append(Words(say("eta"), 34, "muted").on_baseline(chart.left - 0.42, y - 0.1))
        moving.append(Bars(chart, steps, ratio, clock))
    return still, moving
