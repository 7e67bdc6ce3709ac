"""One hidden unit learns a bent line, as ReLU and as leaky ReLU: one dies, the other comes back."""

from __future__ import annotations

import manim
import numpy as np
from manim import FadeIn, FadeOut, Group, ValueTracker, smooth

from look import theme
from look.numbers import probability
from look.words import say
from scenes.parts.charts import Chart, Curve
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "activations": "z (x), value (run_function, x), x_train (example), y_train (example), "
    "loss (run, step), unit_gradient (run, step), sum (run, step, example), "
    "activation (run, step, example), fit_x (x_fit), fit (run, step, x_fit), run (run), "
    "run_function (run_function), died, leak, lr, n_train, recovered, silent",
}

DESCRIPTION = """\
Two rows, a network of one hidden unit in each: above with a ReLU, below with a leaky ReLU, both
with the same initial weights and the same points to learn. On the left the unit's activation as a
bent line, with a dot for each example at its weighted sum, filled where that is above zero; on the
right the points and the network's output, with the loss as a number. The first steps are too large,
and in both rows all dots slide to the left of the bend. The ReLU has no slope there, its gradient
is zero, and nothing moves any more. The leaky one has a little slope: magnified beside the bend,
its dots creep back, while many steps pass quickly. Then, slowly again, its dots pass the bend, the
output bends to the points and the loss falls.
"""

UNITS = ("relu", "leaky_relu")
ROWS = (0.84, -2.26)  # middles
LEFT, RIGHT = -3.45, 3.45
WIDE, TALL = 6.2, 2.0
# Seconds a step: while a unit falls silent, while it comes back, and where little happens.
DEATH, RETURN, LULL = 0.22, 0.13, 0.03


class Activations(RecordedScene):
    def construct(self):
        both = self.recording("activations")
        clock = ValueTracker(0)
        rows = [
            Row(both.sel(run=name), both, y, clock) for name, y in zip(UNITS, ROWS, strict=True)
        ]
        silent = max(both.attrs["died"], both.attrs["silent"])
        recovered = both.attrs["recovered"]
        last = both.sizes["step"] - 1

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *rows[0].parts, *rows[1].parts)
        self.wait(0.5)

        self.next_section("death")
        words = self.say(words, "death")
        self.play_steps(clock, min(silent + 3, last), DEATH)
        self.wait(0.5)

        self.next_section("silence")
        words = self.say(words, "silence")
        lenses = Group(*rows[0].lens, *rows[1].lens)
        self.play(FadeIn(lenses), run_time=0.3)
        wake = min(max(recovered - 2, silent + 3), last)
        lull = (wake - clock.get_value()) * LULL
        self.play(clock.animate.set_value(wake), run_time=max(lull, 0.1), rate_func=smooth)
        self.wait(0.2)

        self.next_section("recovery")
        self.play(FadeOut(lenses), run_time=0.2)
        words = self.say(words, "recovery")
        learned = min(recovered + 24, last)
        self.play_steps(clock, learned, RETURN)
        self.play_steps(clock, last, LULL)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.wait(1.5)


class Row:
    """One unit: its activation with the examples on it, the network's output, the loss."""

    def __init__(self, run, both, y, clock):
        name = str(run.run.item())
        reach = 1.05 * float(np.abs(both["sum"]).max())
        low, high = float(both.fit.min()), float(max(both.fit.max(), both.y_train.max()))
        pad = 0.06 * (high - low)
        n_steps = both.sizes["step"] - 1
        bend = Chart((LEFT, y), WIDE, TALL, (-reach, reach), (-0.15 * reach, reach))
        # What the units' sums reach while both are silent, over the bend's empty half.
        silent = slice(max(both.attrs["died"], both.attrs["silent"]), both.attrs["recovered"])
        far = 1.1 * float(np.abs(both["sum"].values[:, silent]).max())
        near = Chart((LEFT - 0.27 * WIDE, y + 0.1), 0.46 * WIDE, 0.4, (-far, 0.1 * far), (-1, 1))
        fit = Chart((RIGHT, y), WIDE, TALL, (-2, 2), (low - pad, high + pad))
        curve = both.sel(run_function=name)
        inside = np.abs(curve.z.values) <= reach
        head = y + TALL / 2 + 0.22
        foot = y - TALL / 2 - 0.36

        def step():
            return min(int(clock.get_value() + 1e-9), n_steps)

        on_line = np.stack([run["sum"].values, np.zeros_like(run["sum"])], -1)
        self.lens = [
            Words(say("lens"), 34, "muted").on_baseline(LEFT - WIDE / 2, y + 0.5),
            Near(near, on_line, clock, 0.07),
            near.x_ticks([0]),
        ]
        alive = (run["sum"].values > 0).sum(1)
        gradient, loss = run.unit_gradient.values, run.loss.values
        label = say(name).split("\n")[0]
        self.parts = [
            Words(label, 34, weight="semibold").on_baseline(LEFT - WIDE / 2, head),
            Words("network’s output", 34, "muted").on_baseline(RIGHT - WIDE / 2, head),
            Zero(bend), Zero(fit),
            Curve(bend, curve.z.values[inside], curve.value.values[inside], width=2.5),
            Words("sum z", 34, "muted").on_baseline(LEFT - WIDE / 2, foot),
            Words("input x", 34, "muted").on_baseline(RIGHT - WIDE / 2, foot),
            Dots(fit, np.stack([both.x_train, both.y_train], -1)[None], clock, 0.05),
            Output(fit, both.fit_x.values, run.fit.values, clock),
            Examples(bend, np.stack([run["sum"].values, run.activation.values], -1), clock, 0.07),
            Number(
                lambda: say("above", n=alive[step()]), [clock],
                widest="00 of 00 above 0", align="right",
            ).move_to((LEFT + WIDE / 2, head + 0.07, 0), aligned_edge=manim.RIGHT),
            Number(
                lambda: say("gradient", value=probability(gradient[step()], 4)), [clock],
                widest="unit’s gradient < 0.0001", align="right",
            ).move_to((LEFT + WIDE / 2, foot + 0.07, 0), aligned_edge=manim.RIGHT),
            Number(
                lambda: say("loss now", loss=loss[step()]), [clock], weight="semibold",
                widest="loss 0.0000", align="right",
            ).move_to((RIGHT + WIDE / 2, head + 0.07, 0), aligned_edge=manim.RIGHT),
            Number(
                lambda: say("step now", step=step()), [clock], color="muted", widest="step 000",
                align="right",
            ).move_to((RIGHT + WIDE / 2, foot + 0.07, 0), aligned_edge=manim.RIGHT),
        ]  # fmt: skip


class Zero(Painted):
    """The lines where a chart's coordinates are zero, where they are in it."""

    def __init__(self, chart):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.chart, self.ink = chart, theme.color("quiet")

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


class _Stepped(Painted):
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
    """Points to learn, shape (step, example, 2)."""

    line = 0.0  # width of the rim

    def __init__(self, chart, values, clock, radius):
        super().__init__(chart, values, clock)
        self.radius, self.rim = radius, theme.color("background")
        self.ink, self.paper = (rgb(theme.color(ink)) for ink in ("muted", "background"))

    def fills(self, values):
        """Return each dot's colour, shape (example, 3)."""
        return np.broadcast_to(self.ink, (len(values), 3))

    def paint(self, pen):
        """Draw the dots."""
        values = self.now()
        places = self.chart.point(values[:, 0], values[:, 1])
        pen.discs(places, self.radius, self.fills(values), self.rim, self.line)


class Examples(Dots):
    """Examples on a unit's activation: hollow where the sum is not above 0, as silent units are."""

    line = 1.5

    def __init__(self, chart, values, clock, radius):
        super().__init__(chart, values, clock, radius)
        self.rim, self.ink = theme.color("muted"), rgb(theme.color("text"))

    def fills(self, values):
        """Return each dot's colour, shape (example, 3)."""
        return np.where(values[:, :1] > 0, self.ink, self.paper)


class Near(Examples):
    """Examples by their sums alone, those that its chart reaches, over an axis with its zero."""

    def paint(self, pen):
        """Draw the axis and the dots."""
        values = self.now()
        values = values[(values[:, 0] >= self.chart.x[0]) & (values[:, 0] <= self.chart.x[1])]
        left, bottom, width, height = self.box
        x, y = self.chart.point(0, 0)
        pen.color(theme.color("quiet"))
        pen.width(1.2)
        pen.polyline(np.array([[left, y], [left + width, y]]))
        pen.polyline(np.array([[x, bottom], [x, bottom + height]]))
        pen.stroke()
        places = self.chart.point(values[:, 0], values[:, 1])
        pen.discs(places, self.radius, self.fills(values), self.rim, self.line)


class Output(_Stepped):
    """The network's output over x, shape (step, x)."""

    def __init__(self, chart, x, values, clock):
        super().__init__(chart, values, clock)
        self.x, self.ink = x, theme.color("green")

    def paint(self, pen):
        """Draw the line."""
        pen.color(self.ink)
        pen.width(3.5)
        pen.context.set_line_join(1)
        pen.polyline(self.chart.point(self.x, self.now()))
        pen.stroke()
