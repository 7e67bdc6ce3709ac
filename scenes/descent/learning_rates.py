"""Four learning rates, step by step: on one parabola, then on a network.

Reads   learning_rates: theta, loss (run, step), lr (run), curve (x), network_loss (run,
        step_network), network_lr (run)
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

SECONDS_PER_STEP = 0.3
NETWORK_SECONDS = 6.0  # for all steps of the network

DESCRIPTION = """\
The same parabola stands four times in a row, with a point at the same start on each. All four take
gradient-descent steps at the same pace with different learning rates. The first creeps down the
slope. The second reaches the bottom in a few steps. The third jumps from side to side and comes
down slowly. The fourth jumps from side to side and climbs until it leaves the chart, where a ring
marks it. Under each parabola its loss is drawn against the steps. Then the loss of a network takes
the parabolas' place, at four rates again: it falls slowly, falls fast, falls with jumps, and shoots
up and out of the chart without ever learning much.
"""

COLORS = ("sky", "green", "orange", "vermillion")
LEFTS = (-6.12, -2.8, 0.52, 3.84)  # of the columns, in frame units
WIDE = 2.76


class LearningRates(kit.RecordedScene):
    title = "One start, four learning rates"
    subtitle = "Gradient descent on the loss ½λθ² with λ = {curvature:g}: each step goes −ηλθ."

    def construct(self):
        rates = self.recording("learning_rates")
        clock, later = kit.ValueTracker(0), kit.ValueTracker(0)
        columns = list(zip(range(4), LEFTS, COLORS, strict=True))
        panels = [Panel(rates.isel(run=i), rates, x, color, clock) for i, x, color in columns]
        networks = [Network(rates.isel(run=i), rates, x, color, later) for i, x, color in columns]
        words = self.headline()

        self.next_section("start")
        self.add(words, *(part for panel in panels for part in [*panel.names, *panel.parts]))
        self.wait(1.0)

        self.next_section("descent")
        self.play_steps(clock, rates.sizes["step"] - 1, SECONDS_PER_STEP)

        self.next_section("verdict")
        words = self.say(
            words,
            "A step overshoots beyond η = 1/λ and diverges beyond 2/λ",
            "Nothing but the curvature λ of the loss sets these two limits.",
        )
        self.wait(2.4)

        self.next_section("network")
        gone = [part for panel in panels for part in panel.parts]
        self.play(*(kit.FadeOut(part) for part in [words, *gone]), run_time=0.3)
        words = self.headline(
            "The same four on a network",
            "The loss of {network_widths} units on {n_train} digits; at the start, its largest "
            "curvature λ is {network_curvature:.2f}.",
        )
        new = [part for network in networks for part in network.parts]
        self.play(*(kit.FadeIn(part) for part in [words, *new]), run_time=0.3)
        n_steps = rates.sizes["step_network"] - 1
        self.play_steps(later, n_steps, NETWORK_SECONDS / n_steps)

        self.next_section("network’s verdict")
        self.say(
            words,
            "Here 2/λ is a guide and no law: λ changes on the way",
            "After the good run it is {network_curvature_end:.2f}; it was "
            "{network_curvature:.2f} at the start.",
            [text for network in networks for text in network.peak],
        )
        self.wait(2.2)

    def say(self, before, title, subtitle, more=()):
        """Put other words in the headline's place, and show `more` with them."""
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.2)
        self.play(*(kit.FadeIn(part) for part in (words, *more)), run_time=0.2)
        return words


class Panel:
    """One rate: its parabola with the iterates, its loss against the steps, its numbers."""

    def __init__(self, run, rates, left, color, clock):
        theta, loss = run.theta.values, run.loss.values
        start_loss = float(loss[0])
        n_steps = len(theta) - 1
        edge = float(np.abs(rates.curve_x).max())
        middle, right = left + WIDE / 2, left + WIDE
        valley = kit.Chart((middle, 0.25), WIDE, 2.6, (-edge, edge), (0, float(rates.curve.max())))
        history = kit.Chart((middle, -2.55), WIDE, 1.1, (0, n_steps), (0, 2 * start_loss))
        steps = np.arange(n_steps + 1)
        multiple = float(run.lr) * float(rates.attrs["curvature"])
        number = kit.Number(
            lambda: format_loss(loss[int(clock.get_value() + 1e-9)]),
            [clock],
            size=22,
            widest="<0.01",
        )
        loss_name = kit.Words("loss", 22, "muted").on_baseline(left, -1.75)
        self.names = [
            kit.Words(str(run.run.item()), 28, weight="semibold").on_baseline(left, 2.0),
        ]
        level = np.full(2, start_loss)
        self.parts = [
            kit.Words(f"η = {multiple:g}/λ", 24, "muted").on_baseline(right, 2.0, kit.RIGHT),
            kit.Curve(valley, rates.curve_x.values, rates.curve.values, width=2.5),
            kit.Trail(valley, np.stack([theta, loss], axis=1), clock, color=color, dots=True),
            loss_name,
            number.next_to(loss_name, kit.RIGHT, buff=0.15, aligned_edge=kit.DOWN),
            kit.Curve(history, np.array([0, n_steps]), np.zeros(2), "quiet"),
            kit.Curve(history, np.array([0, n_steps]), level, "quiet", 1.0),
            kit.Trail(history, np.stack([steps, loss], axis=1), clock, color=color, radius=0.07),
            kit.Words(f"{n_steps} steps", 22, "muted").on_baseline(right, -3.45, kit.RIGHT),
            kit.Words("0", 22, "muted").on_baseline(left, -3.45),
        ]
        if left == LEFTS[0]:
            self.parts.append(history.y_ticks([0, start_loss], ["0", f"{start_loss:.3g}"]))


class Network:
    """One rate on the network: its loss against the steps, clipped where it leaves the chart."""

    def __init__(self, run, rates, left, color, clock):
        loss = run.network_loss.values
        n_steps = len(loss) - 1
        high = 2 * float(rates.network_loss[0, 0])
        middle, right = left + WIDE / 2, left + WIDE
        chart = kit.Chart((middle, -0.7), WIDE, 4.2, (0, n_steps), (0, high))
        steps = np.arange(n_steps + 1)
        rate = float(run.network_lr)
        multiple = rate * float(rates.attrs["network_curvature"])
        number = kit.Number(
            lambda: format_loss(loss[int(clock.get_value() + 1e-9)]),
            [clock],
            size=22,
            widest="<0.01",
        )
        loss_name = kit.Words("loss", 22, "muted").on_baseline(left, 1.55)
        ticks = np.arange(0, np.floor(high) + 1, 2).tolist()
        self.parts = [
            kit.Words(f"η = {multiple:.2g}/λ", 24, "muted").on_baseline(right, 2.0, kit.RIGHT),
            *(
                kit.Curve(chart, np.array([0, n_steps]), np.full(2, tick), "quiet", 1.0)
                for tick in ticks
            ),
            Jagged(chart, np.stack([steps, loss], axis=1), clock, color),
            loss_name,
            number.next_to(loss_name, kit.RIGHT, buff=0.15, aligned_edge=kit.DOWN),
            kit.Words(f"{n_steps} steps", 22, "muted").on_baseline(right, -3.2, kit.RIGHT),
            kit.Words("0", 22, "muted").on_baseline(left, -3.2),
        ]
        if left == LEFTS[0]:
            self.parts.append(chart.y_ticks(ticks))
        self.peak = []  # shown where the chart does not reach it
        if float(loss.max()) > high:
            text = kit.Words(f"peak {format_peak(loss.max())}", 22)
            self.peak.append(text.on_baseline(right, 0.85, kit.RIGHT))


class Jagged(kit.Painted):
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
        self.ink, self.halo = kit.theme.color(color), kit.theme.color("background")

    def paint(self, pen):
        last = len(self.places) - 1
        step = min(self.clock.get_value(), last)
        whole = int(step + 1e-9)
        share = max(step - whole, 0.0)
        head = self.places[whole]
        if share:
            head = (1 - share) * head + share * self.places[whole + 1]
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


def format_peak(value: float) -> str:
    """Return a loss that lies beyond the chart."""
    if not np.isfinite(value):
        return "∞"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def format_loss(value: float) -> str:
    """Return a loss in at most five characters."""
    if not value < 99999:
        return "∞" if np.isinf(value) else "NaN" if np.isnan(value) else ">99k"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 0.005 or value == 0 else "<0.01"
