"""Four learning rates, step by step on one parabola; then every rate, between two limits."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, linear

from look import theme
from look.numbers import counter as write
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, Trail
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

SECONDS_PER_STEP = 0.28
SWEEP_SECONDS = 3.0  # from the smallest rate to the largest

READS = {
    "learning_rates": "theta (run, step), loss (run, step), lr (run), curve_x (x), curve (x), "
    "sweep_lr (run_sweep), factor (run), sweep_factor (run_sweep), multiple (run), run (run), "
    "curvature, diverging_does, good_does, n_rates, oscillating_does, rate_alternates, slow_does",
}

DESCRIPTION = """\
The same parabola stands four times in a row, with a point at the same start on each. All four take
gradient-descent steps at the same pace with different learning rates. The first creeps down the
slope. The second reaches the bottom in a few steps. The third jumps from side to side and comes
down slowly. The fourth jumps from side to side and climbs until it leaves the chart, where a ring
marks it. Under each parabola stands its loss. Then the parabolas make room for one wide
chart: dots for many rates, by what factor a step changes the size of the parameter, a
V that touches zero at the first limit and crosses one at the second. The V grows from small rates
to large ones, and the four rates light up on it as they are passed.
"""

LEFTS = (-6.12, -2.8, 0.52, 3.84)  # of the columns, in frame units
WIDE = 2.76


class LearningRates(RecordedScene):
    def construct(self):
        rates = self.recording("learning_rates")
        clock, swept = ValueTracker(0), ValueTracker(0)
        columns = zip(rates.run.values.tolist(), LEFTS, strict=True)
        panels = [Panel(rates.sel(run=name), rates, x, clock) for name, x in columns]
        words = self.headline("start")

        self.next_section("start")
        self.add(words, *(part for panel in panels for part in [panel.rate, *panel.large]))
        self.wait(0.4)

        self.next_section("descent")
        self.play_steps(clock, rates.sizes["step"] - 1, SECONDS_PER_STEP)
        # Before, they would tell how each run ends.
        self.play(*(FadeIn(panel.name) for panel in panels), run_time=0.4)
        self.beat(1.2, "which of them would still work at a larger rate?")

        self.next_section("limits")
        self.play(*(FadeOut(part) for panel in panels for part in panel.large), run_time=0.25)
        chart, frame = sweep_chart(rates, swept)
        self.say(words, "limits", also=[*frame, *(part for each in panels for part in each.small)])
        self.play(swept.animate.set_value(chart.x[1]), run_time=SWEEP_SECONDS, rate_func=linear)
        self.wait(1.5)


class Panel:
    """One rate: its parabola with the iterates, large over its loss, and small."""

    def __init__(self, run, rates, left, clock):
        theta, loss = run.theta.values, run.loss.values
        edge = float(np.abs(rates.curve_x).max())
        own = series(str(run.run.item()))
        words = Words("loss", 34, "muted").on_baseline(left, -3.5)
        cost = counter(loss, clock).next_to(words, RIGHT, buff=0.15, aligned_edge=DOWN)

        def valley(middle, tall):
            chart = Chart((left + WIDE / 2, middle), WIDE, tall, (-edge, edge),
                          (0, float(rates.curve.max())))  # fmt: skip
            points = np.stack([theta, loss], axis=1)
            return [
                Curve(chart, rates.curve_x.values, rates.curve.values, width=2.5),
                Trail(chart, points, clock, color=own.color, dots=True),
            ]

        self.name = Words(own.label, 34, own.color, weight="semibold").on_baseline(left, 2.02)
        self.rate = Words(say("rate", lr=run.lr, multiple=run.multiple), 34, "muted").on_baseline(
            left, 1.56
        )
        self.large = [*valley(-0.85, 4.2), words, cost]
        self.small = valley(0.08, 2.4)


def sweep_chart(rates, swept):
    """Return the chart, and in it the factors of all rates, the four among them, two limits."""
    unit = float(rates.attrs["rate_alternates"])
    multiples, factors = rates.sweep_lr.values / unit, rates.sweep_factor.values
    own = rates.lr.values / unit
    right = 1.04 * float(max(own.max(), 2.0))
    top = max(1.5, 1.05 * float(rates.factor.max()))
    wide = LEFTS[-1] + WIDE - LEFTS[0]
    chart = Chart((LEFTS[0] + wide / 2, -2.4), wide, 1.45, (0, right), (0, top))
    inside = (multiples <= right) & (factors <= top)
    levels = [Curve(chart, np.array([0, right]), np.full(2, y), "quiet", 1.5) for y in (0, 1)]
    limits = [Curve(chart, np.full(2, x), np.array([0, top]), "text", 1.5) for x in (1, 2)]
    zones = [
        (0.5, "θ stays on its side"),
        (1.5, "it changes sides, shrinks"),
        ((2 + right) / 2, "grows"),
    ]
    return chart, [
        *levels,
        *limits,
        Dots(chart, multiples[inside], factors[inside], own, rates.factor.values, swept),
        Formula(say("factor film"), 36).move_to((LEFTS[0], -1.43, 0), aligned_edge=LEFT),
        *(
            Words(name, 34).on_baseline(chart.point(x, 0)[0], -1.57, ORIGIN)
            for x, name in ((k, say("unit", k=k)) for k in (1, 2))
        ),
        *(
            Words(name, 34, "muted").on_baseline(chart.point(x, 0)[0], -3.6, ORIGIN)
            for x, name in zones
        ),
        chart.y_ticks([0, 1]),
        Words("rate η", 34, "muted").on_baseline(LEFTS[-1] + WIDE, -1.57, RIGHT),
    ]


class Dots(Painted):
    """The factors of the rates that are swept by now, and larger those of the four."""

    def __init__(self, chart, multiples, factors, own, own_factors, swept):
        super().__init__(chart.width, chart.height, reads=[swept])
        self.shift((*chart.center, 0))
        self.swept, self.rates, self.own = swept, multiples, own
        self.many, self.four = chart.point(multiples, factors), chart.point(own, own_factors)
        self.muted, self.halo = theme.color("muted"), theme.color("background")
        names = ("slow", "good", "oscillating", "diverging")
        self.inks = np.array([rgb(series(name).color) for name in names])

    def paint(self, pen):
        """Draw the many, then the four over them."""
        now = self.swept.get_value() + 1e-9
        many, four = self.rates <= now, self.own <= now
        grey = np.tile(rgb(self.muted), (int(many.sum()), 1))
        pen.discs(self.many[many], 0.045, grey, "#000000", 0)
        pen.discs(self.four[four], 0.14, self.inks[four], self.halo, 2.0)


def counter(losses, clock):
    """Return a loss that follows the clock."""
    return Number(
        lambda: write(losses[int(clock.get_value() + 1e-9)]),
        [clock],
        size=34,
        widest="9,999",
    )
