"""Four learning rates, step by step on one parabola; then every rate, between two limits."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, linear, smooth

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
down slowly. The fourth jumps from side to side and climbs until it leaves the chart, where an
arrow marks it. Under each parabola stands its loss. Then the parabolas shrink, and make room for
one wide chart. A dot falls from each of them to its rate's place on a V: by what factor a step
changes the size of the parameter. The V touches zero at the first limit and crosses one at the
second; dots for many more rates run along it, from small ones to large ones.
"""

LEFTS = (-6.12, -2.8, 0.52, 3.84)  # of the columns, in frame units
WIDE = 2.76


class LearningRates(RecordedScene):
    def construct(self):
        rates = self.recording("learning_rates")
        clock, swept, room, fallen = (ValueTracker(0) for _ in range(4))
        names = rates.run.values.tolist()
        columns = zip(names, LEFTS, strict=True)
        panels = [Panel(rates.sel(run=name), rates, x, clock, room) for name, x in columns]
        words = self.headline("start")

        self.next_section("start")
        self.add(words, *(part for panel in panels for part in panel.parts))
        self.wait(0.4)

        self.next_section("descent")
        self.play_steps(clock, rates.sizes["step"] - 1, SECONDS_PER_STEP)
        # Before, they would tell how each run ends.
        self.play(*(FadeIn(panel.name) for panel in panels), run_time=0.4)
        self.beat(1.2, "which of them would still work at a larger rate?")

        self.next_section("limits")
        self.play(*(FadeOut(part) for panel in panels for part in panel.losses), run_time=0.2)
        self.play(room.animate.set_value(1), run_time=0.8, rate_func=smooth)
        chart, frame = sweep_chart(rates, swept)
        self.say(words, "limits", also=frame)
        falling = [
            Falling(panel.valley, chart, rates.sel(run=name), fallen)
            for panel, name in zip(panels, names, strict=True)
        ]
        self.add(*falling)
        self.play(fallen.animate.set_value(1), run_time=1.2, rate_func=smooth)
        self.play(swept.animate.set_value(chart.x[1]), run_time=SWEEP_SECONDS, rate_func=linear)
        self.wait(1.5)


class Panel:
    """One rate: its name, and its parabola with the iterates over its loss."""

    def __init__(self, run, rates, left, clock, room):
        loss = run.loss.values
        own = series(str(run.run.item()))
        words = Words("loss", 34, "muted").on_baseline(left, -3.5)
        cost = counter(loss, clock).next_to(words, RIGHT, buff=0.15, aligned_edge=DOWN)

        self.name = Words(own.label, 34, weight="semibold").on_baseline(left, 2.02)
        rate = Words(say("rate", lr=run.lr, multiple=run.multiple), 34, "muted").on_baseline(
            left, 1.56
        )
        self.valley = Valley(run, rates, left, clock, room)
        self.losses = [words, cost]
        self.parts = [rate, self.valley, *self.losses]


class Valley(Painted):
    """A parabola with the iterates on it; it draws in as `room` goes from 0 to 1."""

    TOP, TALL, SMALL = 1.25, 4.2, 1.5

    def __init__(self, run, rates, left, clock, room):
        super().__init__(WIDE, self.TALL, reads=[clock, room])
        self.move_to((left + WIDE / 2, self.TOP - self.TALL / 2, 0))
        self.curve = rates.curve_x.values, rates.curve.values
        self.points = np.stack([run.theta.values, run.loss.values], axis=1)
        self.middle, self.clock, self.room = left + WIDE / 2, clock, room
        self.name = str(run.run.item())

    def now(self):
        """Return the curve and the path as large as they are now."""
        x, height = self.curve
        tall = self.TALL + self.room.get_value() * (self.SMALL - self.TALL)
        edge = float(np.abs(x).max())
        chart = Chart((self.middle, self.TOP - tall / 2), WIDE, tall, (-edge, edge),
                      (0, float(height.max())))  # fmt: skip
        ink = series(self.name).color
        return (
            Curve(chart, x, height, width=2.5),
            Leaving(chart, self.points, self.clock, color=ink, dots=True),
        )

    def head(self):
        """Return where the point is, or where it left."""
        _, trail = self.now()
        return trail.at(min(self.clock.get_value(), trail.end))

    def paint(self, pen):
        """Draw both."""
        for part in self.now():
            pen.context.save()
            part.paint(pen)
            pen.context.restore()


class Leaving(Trail):
    """A path that ends in an arrowhead where it leaves the picture."""

    def paint(self, pen):
        """Draw the way, and the point or the arrowhead."""
        if self.clock.get_value() < self.end:
            super().paint(pen)
            return
        head, last = self.at(self.end), self.places[int(self.end)]
        along = (head - last) / np.linalg.norm(head - last)
        across = np.array([-along[1], along[0]])
        neck = head - 0.26 * along
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.polyline(np.vstack([self.places[: int(self.end) + 1], neck]))
        pen.stroke()
        for x, y in self.places[: int(self.end) + 1].tolist():
            pen.circle(x, y, self.radius * 0.55)
            pen.fill()
        pen.polyline(np.array([head, neck + 0.13 * across, neck - 0.13 * across]), close=True)
        pen.fill()


class Falling(Painted):
    """A rate's dot on its way from its parabola to its place among all rates."""

    def __init__(self, valley, chart, run, fallen):
        super().__init__(1, 1, reads=[fallen])
        unit = run.attrs["rate_alternates"]
        self.start = valley.head()
        self.end = chart.point(float(run.lr) / unit, float(run.factor))
        self.fallen = fallen
        self.ink, self.halo = series(str(run.run.item())).color, theme.color("background")

    def paint(self, pen):
        """Draw it."""
        share = self.fallen.get_value()
        pen.disc((1 - share) * self.start + share * self.end, 0.14, self.ink, self.halo, 2)


def sweep_chart(rates, swept):
    """Return the chart, and in it the factors of all rates, the four among them, two limits."""
    unit = float(rates.attrs["rate_alternates"])
    multiples, factors = rates.sweep_lr.values / unit, rates.sweep_factor.values
    own = rates.lr.values / unit
    right = 1.04 * float(max(own.max(), 2.0))
    top = max(1.5, 1.05 * float(rates.factor.max()))
    wide = LEFTS[-1] + WIDE - LEFTS[0]
    chart = Chart((LEFTS[0] + wide / 2, -1.95), wide, 2.3, (0, right), (0, top))
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
        Dots(chart, multiples[inside], factors[inside], swept),
        Formula(say("factor film"), 36).move_to((LEFTS[0], -0.5, 0), aligned_edge=LEFT),
        *(
            Words(name, 34).on_baseline(chart.point(x, 0)[0], -0.62, ORIGIN)
            for x, name in ((k, say("unit", k=k)) for k in (1, 2))
        ),
        *(
            Words(name, 34, "muted").on_baseline(chart.point(x, 0)[0], -3.6, ORIGIN)
            for x, name in zones
        ),
        chart.y_ticks([0, 1]),
        Words("rate η", 34, "muted").on_baseline(LEFTS[-1] + WIDE, -0.62, RIGHT),
    ]


class Dots(Painted):
    """The factors of the rates that are swept by now."""

    def __init__(self, chart, multiples, factors, swept):
        super().__init__(chart.width, chart.height, reads=[swept])
        self.shift((*chart.center, 0))
        self.swept, self.rates = swept, multiples
        self.many, self.muted = chart.point(multiples, factors), theme.color("muted")

    def paint(self, pen):
        """Draw them."""
        many = self.rates <= self.swept.get_value() + 1e-9
        grey = np.tile(rgb(self.muted), (int(many.sum()), 1))
        pen.discs(self.many[many], 0.045, grey, "#000000", 0)


def counter(losses, clock):
    """Return a loss that follows the clock."""
    return Number(
        lambda: write(losses[int(clock.get_value() + 1e-9)]),
        [clock],
        size=34,
        widest="9,999",
    )
