"""One hidden unit learns a bent line, as ReLU and as leaky ReLU: one dies, the other comes back.

Reads   activations: x_train, y_train (example), loss, unit_gradient (run, step), sum, activation
        (run, step, example), fit (run, step, x_fit)
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit
from scenes.networks import _units as units

DESCRIPTION = """\
Two rows, a network of one hidden unit in each: above with a ReLU, below with a leaky ReLU, both
with the same initial weights and the same points to learn. On the left the unit's activation as a
bent line, with a dot for each example at its weighted sum; in the middle the points and the
network's output; on the right the loss. The first steps are too large, and in both rows all dots
slide to the left of the bend. The ReLU has no slope there, its gradient is zero, and nothing moves
any more. The leaky one has a little slope: it creeps back, its dots pass the bend, the output bends
to the points and the loss falls.
"""

NAMES = {"relu": "ReLU", "leaky_relu": "leaky ReLU"}
ROWS = (0.85, -2.2)  # middles
LEFT, MIDDLE, RIGHT = -4.75, 0.0, 4.75
WIDE, TALL = 3.7, 1.95
SLOW, FAST = 0.18, 0.045  # seconds a step, until both units are silent and after


class Activations(kit.RecordedScene):
    def construct(self):
        both = self.recording("activations")
        clock = kit.ValueTracker(0)
        rows = [
            Row(both.sel(run=name), both, y, clock) for name, y in zip(NAMES, ROWS, strict=True)
        ]
        silent = max(both.attrs["died"], both.attrs["silent"])
        last = both.sizes["step"] - 1

        self.next_section("start")
        words = self.headline(
            "Two units with the same weights learn the same points",
            "Each dot is an example at the unit's weighted sum; right of the bend it counts.",
        )
        self.add(words, *rows[0].parts, *rows[1].parts)
        self.wait(2.0)

        self.next_section("death")
        words = self.say(
            words,
            "The first steps are too large: all sums fall below zero",
            "Left of the bend, a unit gives all examples the same answer, or nearly so.",
        )
        self.play_steps(clock, silent + 4, SLOW)

        self.next_section("recovery")
        words = self.say(
            words,
            "No slope, no gradient: the ReLU stays dead",
            "The leaky one has a slope of {leak:g} there, and creeps back (now shown faster).",
        )
        self.play_steps(clock, last, FAST)

        self.next_section("verdict")
        self.say(
            words,
            "The ReLU is dead since step {died}, the leaky one back since {recovered}",
            "Same start, same points, same rate η = {lr:g}: only the slope below zero differs.",
        )
        self.wait(2.4)

    def say(self, before: kit.VGroup, title: str, subtitle: str) -> kit.VGroup:
        """Put other words in the headline's place."""
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.2)
        self.play(kit.FadeIn(words), run_time=0.2)
        return words


class Row:
    """One unit: its activation with the examples on it, the network's output, the loss."""

    def __init__(self, run, both, y, clock):
        name = str(run.run.item())
        reach = 1.05 * float(np.abs(both["sum"]).max())
        low, high = float(both.fit.min()), float(max(both.fit.max(), both.y_train.max()))
        pad = 0.06 * (high - low)
        n_steps = both.sizes["step"] - 1
        bend = kit.Chart((LEFT, y), WIDE, TALL, (-reach, reach), (-0.15 * reach, reach))
        fit = kit.Chart((MIDDLE, y), WIDE, TALL, (-2, 2), (low - pad, high + pad))
        most = float(both.loss.max())
        history = kit.Chart((RIGHT, y), WIDE, TALL, (0, n_steps), (-0.03 * most, most))
        curve = both.sel(run_function=name)
        inside = np.abs(curve.z.values) <= reach
        head = y + TALL / 2 + 0.22
        foot = y - TALL / 2 - 0.28

        def step():
            return min(int(clock.get_value() + 1e-9), n_steps)

        alive = (run["sum"].values > 0).sum(1)
        gradient, loss = run.unit_gradient.values, run.loss.values
        n = len(both.x_train)
        self.parts = [
            kit.Words(NAMES[name], 26, weight="semibold").on_baseline(LEFT - WIDE / 2, head),
            kit.Words("network's output", 22, "muted").on_baseline(MIDDLE - WIDE / 2, head),
            kit.Words("loss", 22, "muted").on_baseline(RIGHT - WIDE / 2, head),
            Zero(bend), Zero(fit), Zero(history),
            kit.Curve(bend, curve.z.values[inside], curve.value.values[inside], width=2.5),
            kit.Curve(history, np.array([0, n_steps]), np.zeros(2), "quiet"),
            kit.Words("weighted sum z", 20, "muted").on_baseline(LEFT - WIDE / 2, foot),
            kit.Words("step", 20, "muted").on_baseline(RIGHT - WIDE / 2, foot),
            Dots(fit, np.stack([both.x_train, both.y_train], -1)[None], clock, "muted", 0.05),
            Output(fit, both.fit_x.values, run.fit.values, clock),
            Dots(
                bend, np.stack([run["sum"].values, run.activation.values], -1), clock, "text", 0.07,
                active="green",
            ),
            kit.Trail(
                history, np.stack([np.arange(n_steps + 1), loss], axis=1), clock, color="text",
                radius=0.07,
            ),
            kit.Number(
                lambda: f"{alive[step()]} of {n} above 0", [clock], size=20,
                widest="00 of 00 above 0", align="right",
            ).move_to((LEFT + WIDE / 2, head + 0.07, 0), aligned_edge=kit.RIGHT),
            kit.Number(
                lambda: f"gradient of the unit {small(gradient[step()])}", [clock], size=20,
                widest="gradient of the unit 0.0000",
            ).move_to((MIDDLE - WIDE / 2, foot + 0.07, 0), aligned_edge=kit.LEFT),
            kit.Number(
                lambda: f"{loss[step()]:.3f}", [clock], size=22, weight="semibold", widest="0.000",
            ).move_to((RIGHT - WIDE / 2 + 0.65, head + 0.07, 0), aligned_edge=kit.LEFT),
            kit.Number(
                lambda: str(step()), [clock], size=20, widest="000",
            ).move_to((RIGHT - WIDE / 2 + 0.55, foot + 0.07, 0), aligned_edge=kit.LEFT),
        ]  # fmt: skip


def small(value):
    """Write a gradient: zero only where it is zero."""
    if value == 0:
        return "0"
    return units.fixed(value, 4) if value >= 5e-5 else "< 0.0001"


class Zero(kit.Painted):
    """The lines where a chart's coordinates are zero, where they are in it."""

    def __init__(self, chart):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.chart, self.ink = chart, kit.theme.color("quiet")

    def paint(self, pen):
        """Draw the lines."""
        left, bottom, width, height = self.box
        x, y = self.chart.point(0, 0)
        pen.color(self.ink)
        pen.width(1.2)
        if bottom <= y <= bottom + height:
            pen.context.move_to(left, y)
            pen.context.line_to(left + width, y)
        if left <= x <= left + width:
            pen.context.move_to(x, bottom)
            pen.context.line_to(x, bottom + height)
        pen.stroke()


class _Stepped(kit.Painted):
    """What is recorded at each step, drawn straight between steps; values, shape (step, …)."""

    def __init__(self, chart, values, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.values, self.clock = chart, np.asarray(values, dtype=float), clock

    def now(self):
        """Return the values at the clock."""
        last = len(self.values) - 1
        at = min(max(self.clock.get_value(), 0), last)
        lower = int(at)
        upper = min(lower + 1, last)
        return (1 - (at - lower)) * self.values[lower] + (at - lower) * self.values[upper]


class Dots(_Stepped):
    """Examples as dots, shape (step, example, 2); those right of zero may have their own colour."""

    def __init__(self, chart, values, clock, color, radius, active=None):
        super().__init__(chart, values, clock)
        self.radius, self.rim = radius, kit.theme.color("background")
        self.inks = [kit.theme.color(color), kit.theme.color(active or color)]

    def paint(self, pen):
        """Draw the dots."""
        values = self.now()
        places = self.chart.point(values[:, 0], values[:, 1])
        fills = np.stack([kit.rgb(ink) for ink in self.inks])[(values[:, 0] > 0).astype(int)]
        pen.discs(places, self.radius, fills, self.rim, 0.0)


class Output(_Stepped):
    """The network's output over x, shape (step, x)."""

    def __init__(self, chart, x, values, clock):
        super().__init__(chart, values, clock)
        self.x, self.ink = x, kit.theme.color("purple")

    def paint(self, pen):
        """Draw the line."""
        pen.color(self.ink)
        pen.width(3.5)
        pen.context.set_line_join(1)
        pen.polyline(self.chart.point(self.x, self.now()))
        pen.stroke()
