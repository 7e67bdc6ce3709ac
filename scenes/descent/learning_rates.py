"""Four learning rates, step by step: on one parabola, then on a network."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeOut, ValueTracker

from look import theme
from look.numbers import counter as write
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, Trail, between
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

SECONDS_PER_STEP = 0.28
NETWORK_SECONDS = 6.0  # for all steps of the network

READS = {
    "learning_rates": "theta (run, step), loss (run, step), lr (run), curve_x (x), curve (x), "
    "sweep_lr (run_sweep), factor (run), sweep_factor (run_sweep), "
    "network_loss (run, step_network), multiple (run), network_lr (run), network_multiple (run), "
    "network_curvature_end (run), run (run), curvature, diverging_does, good_does, law, n_rates, "
    "n_train, network_best, network_curvature, network_diverging_does, network_good_does, "
    "network_oscillating_does, network_slow_does, network_widths, oscillating_does, "
    "rate_alternates, slow_does, many",
}

DESCRIPTION = """\
The same parabola stands four times in a row, with a point at the same start on each. All four take
gradient-descent steps at the same pace with different learning rates. The first creeps down the
slope. The second reaches the bottom in a few steps. The third jumps from side to side and comes
down slowly. The fourth jumps from side to side and climbs until it leaves the chart, where a ring
marks it. Under each parabola its loss is drawn against the steps. Then one wide chart takes the
place of these four: dots for many rates, by what factor a step changes the size of the parameter, a
V that touches zero at the first limit and crosses one at the second, with the four rates on it.
Last, the losses of a network at four rates, in one chart: one falls slowly, one fast, one with
jumps, and one shoots up and out of the chart.
"""

LEFTS = (-6.12, -2.8, 0.52, 3.84)  # of the columns, in frame units
WIDE = 2.76
NAMES = 3.05  # left edge of the names beside the network's chart
ROW = 1.38  # from name to name there


class LearningRates(RecordedScene):
    def construct(self):
        rates = self.recording("learning_rates")
        clock, later = ValueTracker(0), ValueTracker(0)
        columns = zip(rates.run.values.tolist(), LEFTS, strict=True)
        panels = [Panel(rates.sel(run=name), rates, x, clock) for name, x in columns]
        sweep, network = sweep_chart(rates), network_chart(rates, later)
        words = self.headline("start")

        self.next_section("start")
        self.add(words, *(part for panel in panels for part in [*panel.parts, *panel.history]))
        self.wait(0.4)

        self.next_section("descent")
        self.play_steps(clock, rates.sizes["step"] - 1, SECONDS_PER_STEP)

        self.next_section("limits")
        gone = [part for panel in panels for part in panel.history]
        self.play(*(FadeOut(part) for part in gone), run_time=0.25)
        words = self.say(
            words,
            "limits",
            also=sweep,
        )
        self.beat(2.2, "read the two limits")

        self.next_section("network")
        gone = [*sweep, *(part for panel in panels for part in panel.parts)]
        self.play(*(FadeOut(part) for part in gone), run_time=0.25)
        words = self.say(
            words,
            "network",
            also=network,
        )
        n_steps = rates.sizes["step_network"] - 1
        self.play_steps(later, n_steps, NETWORK_SECONDS / n_steps)

        self.next_section("network’s verdict")
        best = rates.sel(run=rates.attrs["network_best"])
        ends = {"curvature": best.network_curvature_end, "limit": 2 / best.network_lr}
        self.say(words, "network’s verdict", **ends)
        self.wait(1.5)


class Panel:
    """One rate: its parabola with the iterates, and its loss against the steps."""

    def __init__(self, run, rates, left, clock):
        theta, loss = run.theta.values, run.loss.values
        start_loss = float(loss[0])
        n_steps = len(theta) - 1
        edge = float(np.abs(rates.curve_x).max())
        middle, right = left + WIDE / 2, left + WIDE
        valley = Chart((middle, 0.08), WIDE, 2.4, (-edge, edge), (0, float(rates.curve.max())))
        chart = Chart((middle, -2.55), WIDE, 1.1, (0, n_steps), (0, 2 * start_loss))
        steps = np.arange(n_steps + 1)
        own = series(str(run.run.item()))
        name = Words("loss", 34, "muted").on_baseline(left, -1.75)
        cost = counter(loss, clock).next_to(name, RIGHT, buff=0.15, aligned_edge=DOWN)
        ends = np.array([0, n_steps])
        self.parts = [
            Words(own.label, 34, weight="semibold").on_baseline(left, 2.02),
            Words(say("rate", lr=run.lr, multiple=run.multiple), 34, "muted").on_baseline(
                left, 1.56
            ),
            Curve(valley, rates.curve_x.values, rates.curve.values, width=2.5),
            Trail(valley, np.stack([theta, loss], axis=1), clock, color=own.color, dots=True),
        ]
        self.history = [
            name,
            cost,
            Curve(chart, ends, np.zeros(2), "quiet"),
            Curve(chart, ends, np.full(2, start_loss), "quiet", 1.0),
            Trail(chart, np.stack([steps, loss], axis=1), clock, color=own.color, radius=0.07),
            Words(say("steps", n=n_steps), 34, "muted").on_baseline(right, -3.45, RIGHT),
            Words(number(0), 34, "muted").on_baseline(left, -3.45),
        ]
        if left == LEFTS[0]:
            self.history.append(chart.y_ticks([0, start_loss]))


def sweep_chart(rates):
    """Return the factors of all rates, the four rates among them, and the two limits."""
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
    return [
        *levels,
        *limits,
        Dots(chart, multiples[inside], factors[inside], own, rates.factor.values),
        Words("factor on |θ|", 34, "muted").on_baseline(LEFTS[0], -1.57),
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
    """The factors of the sweep, and larger those of the four rates."""

    def __init__(self, chart, multiples, factors, own, own_factors):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.many, self.four = chart.point(multiples, factors), chart.point(own, own_factors)
        self.muted, self.halo = theme.color("muted"), theme.color("background")
        names = ("slow", "good", "oscillating", "diverging")
        self.inks = np.array([rgb(series(name).color) for name in names])

    def paint(self, pen):
        """Draw the many, then the four over them."""
        pen.discs(self.many, 0.045, np.tile(rgb(self.muted), (len(self.many), 1)), "#000000", 0)
        pen.discs(self.four, 0.12, self.inks, self.halo, 2.0)


def network_chart(rates, clock):
    """Return the losses of the network at its four rates, named where they end."""
    losses = rates.network_loss.values
    n_steps = losses.shape[1] - 1
    # As high as the runs that stay near the start need it; what goes beyond is marked.
    start = float(losses[0, 0])
    calm = np.nan_to_num(losses.max(axis=1), nan=np.inf)
    high = max(1.3 * start, 1.05 * float(calm[calm < 2 * start].max(initial=0)))
    left, right, low, tall = LEFTS[0], 2.6, -2.8, 4.7
    chart = Chart(((left + right) / 2, low + tall / 2), right - left, tall, (0, n_steps), (0, high))
    ticks = np.arange(0, np.floor(high) + 1).tolist()
    parts: list = [
        Curve(chart, np.array([0, n_steps]), np.full(2, tick), "quiet", 1.0) for tick in ticks
    ]
    parts += [
        chart.y_ticks(ticks),
        Words(number(0), 34, "muted").on_baseline(left, low - 0.44),
        Words(say("steps", n=n_steps), 34, "muted").on_baseline(right, low - 0.44, RIGHT),
    ]
    steps = np.arange(n_steps + 1)
    # The names stand in the order in which the runs end, so that each is near its own.
    rank = np.argsort(np.argsort(-np.nan_to_num(losses[:, -1], nan=np.inf), kind="stable"))
    hues = [series(name).color for name in rates.run.values.tolist()]
    for i, (run_name, color) in enumerate(zip(rates.run.values.tolist(), hues, strict=True)):
        run, y = rates.sel(run=run_name), low + tall - 0.25 - ROW * float(rank[i])
        loss = run.network_loss.values
        does = rates.attrs[f"network_{run_name}_does"]
        name = Words(does, 34, weight="semibold").on_baseline(NAMES + 0.32, y)
        value = counter(loss, clock)
        value.move_to((NAMES + 0.32, y - 0.86, 0), aligned_edge=DOWN + LEFT)
        parts += [
            Key(color).move_to((NAMES + 0.11, y + 0.1, 0)),
            name,
            Words(
                say("rate", lr=run.network_lr, multiple=run.network_multiple), 34, "muted"
            ).on_baseline(NAMES + 0.32, y - 0.43),
            value,
        ]
        if float(loss.max()) > high:
            peak = Words(say("peak", loss=loss.max()), 34, "muted")
            parts.append(peak.on_baseline(6.6, y - 0.86, RIGHT))
    # The runs come last: they are over the chart's lines.
    parts += [
        Jagged(chart, np.stack([steps, loss], axis=1), clock, color)
        for loss, color in zip(losses, hues, strict=True)
    ]
    return parts


class Jagged(Painted):
    """A recorded curve as far as the clock has come, cut off at its box, on to where it is inside.

    While the curve is above the box, a ring stands at the edge in its place.
    """

    def __init__(self, chart, points, clock, color):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock = chart, clock
        points = np.nan_to_num(points.astype(float), nan=1e9, posinf=1e9)
        # Cairo's fixed point overflows far away; a thousand units is far enough.
        self.places = np.minimum(chart.point(points[:, 0], points[:, 1]), 1e3)
        self.ink, self.halo = theme.color(color), theme.color("background")

    def paint(self, pen):
        last = len(self.places) - 1
        step = min(self.clock.get_value(), last)
        whole = int(step + 1e-9)
        head = between(self.places, step)
        context, chart = pen.context, self.chart
        top = chart.bottom + chart.height
        context.save()
        pen.rectangle(chart.left - 0.1, chart.bottom - 0.1, chart.width + 0.2, chart.height + 0.1)
        context.clip()
        context.set_line_join(1)
        pen.color(self.ink)
        pen.width(2.5)
        pen.polyline(np.vstack([self.places[: whole + 1], head]))
        pen.stroke()
        context.restore()
        outside = head[1] > top
        pen.circle(head[0], min(head[1], top), 0.09)
        pen.color(self.halo if outside else self.ink)
        context.fill_preserve()
        pen.color(self.ink if outside else self.halo)
        pen.width(2.5 if outside else 1.5)
        pen.stroke()


def counter(losses, clock):
    """Return a loss that follows the clock."""
    return Number(
        lambda: write(losses[int(clock.get_value() + 1e-9)]),
        [clock],
        size=34,
        widest="9,999",
    )
