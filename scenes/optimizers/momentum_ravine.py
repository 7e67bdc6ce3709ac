"""Three momenta race along a ravine: too little crawls, too much overshoots."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

from look import theme
from look.runs import series
from look.words import say
from scenes.optimizers._marks import arrow
from scenes.parts.charts import Chart, Contours, Trail
from scenes.parts.marks import Key, Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "momentum_ravine": "theta (run, step, param), momentum (run), arrived (run), height (y, x), "
    "grid_x (x), grid_y (y), run (run), critical_arrived, critical_momentum, in_order, lr, "
    "much_arrived, n_steps, n_there, none_arrived",
}

DESCRIPTION = """\
Three copies of one narrow ravine above each other, the same start in each and a star at the
minimum. Three points set off at one pace. The upper one, without momentum, zigzags across the
ravine and then creeps. The middle one bends into the floor and is there first. The lower one, with
too much momentum, flies past the star, back, and past it again. Beside each stands when it arrived
to stay, and at last an arrow shows how far the lower one flew past the star.
"""

WIDE = 8.6  # of a ravine, in frame units
LEFT_EDGE, TOP = -6.6, 2.25


class MomentumRavine(RecordedScene):
    def construct(self):
        recorded = self.recording("momentum_ravine")
        clock = ValueTracker(0)
        parts = []
        for i, name in enumerate(recorded.run.values.tolist()):
            parts += ravine(recorded, name, i, clock)
        n_steps = recorded.sizes["step"] - 1
        counter = Number(
            lambda: say("step", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("step", step=n_steps),
        )  # fmt: skip
        counter.move_to((LEFT_EDGE + WIDE + 0.35, TOP + 0.4, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, counter, *parts)
        self.wait(0.3)

        self.next_section("race")
        self.play_steps(clock, n_steps, 6.4 / n_steps)

        self.next_section("end")
        self.say(words, "end", also=past(recorded))
        self.wait(1.5)


def past(recorded):
    """Return an arrow as far as too much momentum flew past the star, and words; if it did."""
    if not recorded.attrs["in_order"]:
        return []
    place = recorded.run.values.tolist().index("much")
    chart = chart_of(recorded, place)
    theta = recorded.theta.values[place]
    over = float(theta[:, 0].max())
    low = chart.bottom + 0.22
    (star, _), (end, _) = chart.point(0.0, 0.0), chart.point(over, 0.0)
    text = Words(say("past", far=over / abs(float(theta[0, 0]))), 34)
    _, middle = place_of(recorded, place)
    return [Past(star, end, low), text.on_baseline(LEFT_EDGE + WIDE + 0.35, middle - 0.78)]


class Past(Painted):
    """An arrow along a ravine's foot."""

    def __init__(self, start, end, low):
        super().__init__(end - start, 0.3)
        self.move_to(((start + end) / 2, low, 0))
        self.ends = (start, low), (end, low)
        self.ink = theme.color("text")

    def paint(self, pen):
        """Draw it."""
        arrow(pen, *self.ends, self.ink, 5)


def place_of(recorded, place):
    """Return a ravine's height and the middle of it."""
    x, y = recorded.grid_x.values, recorded.grid_y.values
    tall = WIDE * (y[-1] - y[0]) / (x[-1] - x[0])  # equal axes
    return tall, TOP - tall / 2 - place * (tall + 0.12)


def chart_of(recorded, place):
    """Return a ravine's chart."""
    x, y = recorded.grid_x.values, recorded.grid_y.values
    tall, middle = place_of(recorded, place)
    return Chart((LEFT_EDGE + WIDE / 2, middle), WIDE, tall, (x[0], x[-1]), (y[0], y[-1]))


def ravine(recorded, name, place, clock):
    """Return a ravine with its words, its path and when it arrived; the star is on top."""
    x, y, heights = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
    _, middle = place_of(recorded, place)
    chart = chart_of(recorded, place)
    low, high = float(heights.min()), float(np.quantile(heights, 0.99))
    levels = low + (high - low) * np.linspace(0, 1, 10)[1:] ** 2
    run, shown = recorded.sel(run=name), series(name)
    right = LEFT_EDGE + WIDE + 0.35
    key = Key(shown.color).move_to((right + 0.11, middle + 0.47, 0))
    label = say("strip", label=shown.label, mu=float(run.momentum))
    arrived, n_steps = int(run.arrived), recorded.sizes["step"] - 1

    def told():
        now = int(clock.get_value() + 1e-9)
        if now >= n_steps or 0 <= arrived <= now:
            return say("arrived", step=arrived, late=arrived < 0)
        return ""

    widest = say("arrived", step=n_steps, late=True)
    first = 0 <= arrived == min(step for step in recorded.arrived.values if step >= 0)
    counter = Number(
        told, [clock], widest=widest, weight="semibold" if first else "regular",
        color="text" if first else "muted",
    )  # fmt: skip
    counter.move_to((right, middle - 0.22, 0), aligned_edge=LEFT + DOWN)
    still = [
        Contours(chart, x, y, heights, levels),
        key,
        Words(label, 34, weight="semibold").on_baseline(right + 0.35, middle + 0.35),
    ]
    trail = Trail(
        chart, run.theta.values, clock, color=shown.token, width=4, radius=0.13, dots=True
    )
    return [*still, trail, counter, Star(chart.point(0.0, 0.0))]
