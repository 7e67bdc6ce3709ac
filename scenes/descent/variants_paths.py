"""Three ways down one loss: batch, mini-batch and stochastic, on a clock of examples seen.

Reads   variants_paths: theta_NAME, loss_NAME, examples_NAME (step_NAME), loss (y, x), minimum
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit
from scenes.descent._paths import Path

COLORS = {"batch": "blue", "mini_batch": "green", "stochastic": "vermillion"}
NAMES = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}
LEFTS = (-6.6, -2.1, 2.4)  # of the panels, in frame units
SIDE = 4.2
SECONDS = 10.5  # of the film, for all passes

DESCRIPTION = """\
Three copies of one contour map, with the same start and a star at the minimum. All three paths see
the same examples at the same pace. After the first pass over the data the batch path has taken a
single step, the mini-batch path a few, which wander towards the minimum, and the stochastic path
one step an example: it has reached the neighbourhood of the minimum and jumps around in it. In the
remaining passes the batch path creeps on along a smooth curve, the mini-batch path trembles at the
minimum, and the stochastic path fills a cloud around it. Counters give steps and loss.
"""


class VariantsPaths(kit.RecordedScene):
    def construct(self):
        recorded = self.recording("variants_paths")
        attrs = recorded.attrs
        clock = kit.ValueTracker(0)
        n_seen = int(attrs["epochs"]) * int(attrs["n_train"])
        pace = SECONDS / n_seen
        parts, paths = [], []
        for left, name in zip(LEFTS, COLORS, strict=True):
            still, path, star, numbers = panel(recorded, name, left, clock)
            parts += still
            paths += [path, star, *numbers]
        seen = kit.Group(
            kit.Words("examples seen", 24, "muted").on_baseline(-6.6, -3.62),
            kit.Number(lambda: f"{clock.get_value():,.0f}", [clock], size=24, widest="00,000"),
        )
        seen[1].move_to((-4.75, -3.62, 0), aligned_edge=kit.LEFT + kit.DOWN)

        self.next_section("start")
        words = self.headline(
            "Same start, same data, same rate: only the batch differs",
            "A model of two weights; shaded, its loss on all {n_train} examples. η = {lr:g}.",
        )
        self.add(words, *parts, *paths, seen)
        self.wait(2.0)

        self.next_section("first pass")
        words = self.say(
            words,
            "One pass over the data: 1 step, {few} steps, {n_train} steps",
            "The clock runs in examples seen: a step comes after each batch of them.",
            few=int(np.ceil(attrs["n_train"] / attrs["batch_size"])),
        )
        self.play(clock.animate.set_value(attrs["n_train"]), run_time=2.4, rate_func=kit.linear)
        self.wait(0.8)

        self.next_section("more passes")
        words = self.say(
            words,
            "{epochs} passes: smaller batches take more steps, and noisier ones",
            "The batch’s gradient is that of the loss; one example’s sees its own error alone.",
        )
        self.play_steps(clock, n_seen, pace)

        self.next_section("verdict")
        self.say(
            words,
            "For the same work: {batch_steps}, {mini_batch_steps} and {stochastic_steps:,} steps",
            "The smallest possible loss is {minimum_loss:.3f}, at the star.",
        )
        self.wait(2.2)

    def say(self, before, title, subtitle, **more):
        """Put other words in the headline's place."""
        words = self.headline(title, subtitle, **more)
        self.play(kit.FadeOut(before), run_time=0.2)
        self.play(kit.FadeIn(words), run_time=0.2)
        return words


def panel(recorded, name, left, clock):
    """Return what stands still in a variant's panel, its path and what is over it, its numbers."""
    x, y, loss = recorded.grid_x.values, recorded.grid_y.values, recorded.loss.values
    chart = kit.Chart((left + SIDE / 2, -0.35), SIDE, SIDE, (x[0], x[-1]), (y[0], y[-1]))
    low, high = float(loss.min()), float(loss.max())
    levels = low + (high - low) * np.linspace(0.02, 0.95, 12) ** 2
    star = Star(0.14).move_to((*chart.point(*recorded.minimum.values), 0))
    theta, losses = recorded[f"theta_{name}"].values, recorded[f"loss_{name}"].values
    examples = recorded[f"examples_{name}"].values.astype(float)
    few = len(theta) <= 200
    # Long paths fade where they lie over themselves: that is where they have been often.
    style = {"width": 2.5, "opacity": 1.0} if few else {"width": 1.1, "opacity": 0.4}
    path = Path(
        chart, theta, examples, clock, COLORS[name], ring=True, dots=len(theta) <= 60, **style
    )

    def step():
        return int(np.searchsorted(examples, clock.get_value() + 1e-6, side="right")) - 1

    still = [
        kit.Contours(chart, x, y, loss, levels),
        kit.Words(NAMES[name], 28, weight="semibold").on_baseline(left, 1.92),
        kit.Words("steps", 24, "muted").on_baseline(left, -2.9),
        kit.Words("loss", 24, "muted").on_baseline(left + 2.5, -2.9),
    ]
    steps = kit.Number(lambda: f"{step():,}", [clock], size=24, widest="00,000")
    steps.move_to((left + 0.72, -2.9, 0), aligned_edge=kit.LEFT + kit.DOWN)
    cost = kit.Number(lambda: f"{losses[step()]:.3f}", [clock], size=24, widest="0.000")
    cost.move_to((left + SIDE, -2.9, 0), aligned_edge=kit.RIGHT + kit.DOWN)
    return still, path, star, [steps, cost]


class Star(kit.Painted):
    """A minimum."""

    def __init__(self, radius):
        super().__init__(2 * radius, 2 * radius)
        self.ink, self.halo = kit.theme.color("text"), kit.theme.color("background")
        turn = np.pi / 2 + np.arange(10) * np.pi / 5
        size = radius * np.where(np.arange(10) % 2, 0.42, 1.0)
        self.outline = np.stack([size * np.cos(turn), size * np.sin(turn)], axis=1)

    def paint(self, pen):
        pen.polyline(self.outline + self.get_center()[:2], close=True)
        pen.color(self.halo)
        pen.width(3)
        pen.context.stroke_preserve()
        pen.color(self.ink)
        pen.fill()
