"""Four learning rates on one parabola, step by step: slow, good, oscillating, diverging.

Reads   learning_rates: theta, loss (run, step), lr (run), curve (x)
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

SECONDS_PER_STEP = 0.4

DESCRIPTION = """\
The same parabola stands four times in a row, with a point at the same start on each. All four take
gradient-descent steps at the same pace with different learning rates. The first creeps down the
slope. The second reaches the bottom in a few steps. The third jumps from side to side and comes
down slowly. The fourth jumps from side to side and climbs until it leaves the chart, where a ring
marks it. Under each parabola its loss is drawn against the steps, with the loss after the latest
step as a number.
"""

COLORS = ("sky", "green", "orange", "vermillion")


class LearningRates(kit.RecordedScene):
    title = "One start, four learning rates"
    subtitle = "Gradient descent on the loss ½λθ² with λ = {curvature:g}: each step goes −ηλθ."

    def construct(self):
        rates = self.recording("learning_rates")
        clock = kit.ValueTracker(0)
        panels = [
            Panel(rates.isel(run=i), rates, x, color, clock)
            for i, (x, color) in enumerate(zip((-5.1, -1.7, 1.7, 5.1), COLORS, strict=True))
        ]
        words = self.headline()

        self.next_section("start")
        self.add(words, *(part for panel in panels for part in panel.parts))
        self.wait(1.0)

        self.next_section("descent")
        self.play_steps(clock, rates.sizes["step"] - 1, SECONDS_PER_STEP)

        self.next_section("verdict")
        self.play(kit.FadeOut(words), run_time=0.2)
        self.play(
            kit.FadeIn(
                self.headline(
                    "A step overshoots beyond η = 1/λ and diverges beyond 2/λ",
                    "Nothing but the curvature λ of the loss sets these two limits.",
                )
            ),
            run_time=0.3,
        )
        self.wait(2.5)


class Panel:
    """One rate: its parabola with the iterates, its loss against the steps, its numbers."""

    def __init__(self, run, rates, x, color, clock):
        theta, loss = run.theta.values, run.loss.values
        start_loss = float(loss[0])
        n_steps = len(theta) - 1
        edge = float(np.abs(rates.curve_x).max())
        valley = kit.Chart((x, 0.25), 3.0, 2.7, (-edge, edge), (0, float(rates.curve.max())))
        history = kit.Chart((x, -2.55), 3.0, 1.1, (0, n_steps), (0, 2 * start_loss))
        steps = np.arange(n_steps + 1)
        multiple = float(run.lr) * float(rates.attrs["curvature"])
        number = kit.Number(
            lambda: format_loss(loss[int(clock.get_value() + 1e-9)]),
            [clock],
            size=22,
            widest="<0.01",
        )
        name = kit.Words(str(run.run.item()), 28, weight="semibold")
        rate = kit.Words(f"η = {multiple:g}/λ", 24, "muted")
        loss_name = kit.Words("loss", 22, "muted").on_baseline(x - 1.5, -1.75)
        self.parts = [
            name.on_baseline(x - 1.5, 2.0),
            rate.on_baseline(x + 1.5, 2.0, kit.RIGHT),
            kit.Curve(valley, rates.curve_x.values, rates.curve.values, width=2.5),
            kit.Trail(valley, np.stack([theta, loss], axis=1), clock, color=color, dots=True),
            loss_name,
            number.next_to(loss_name, kit.RIGHT, buff=0.15, aligned_edge=kit.DOWN),
            kit.Curve(history, np.array([0, n_steps]), np.zeros(2), "quiet"),
            kit.Trail(history, np.stack([steps, loss], axis=1), clock, color=color, radius=0.07),
            kit.Words(f"{n_steps} steps", 22, "muted").on_baseline(x + 1.5, -3.45, kit.RIGHT),
            kit.Words("0", 22, "muted").on_baseline(x - 1.5, -3.45),
        ]


def format_loss(value: float) -> str:
    """Return a loss in at most five characters."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 0.005 or value == 0 else "<0.01"
