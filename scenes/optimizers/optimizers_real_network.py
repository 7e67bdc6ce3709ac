"""Optimizers run on a plane of one network's loss; then each point goes to its true loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, LEFT, RIGHT, ValueTracker, linear, smooth

from look import theme
from look.numbers import fixed, number
from look.runs import runs
from look.words import say
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.surfaces import Surface
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

RUN_SECONDS = 7.0

READS = {
    "optimizers_real_network": "u (run, snapshot), v (run, snapshot), height (run, snapshot), "
    "loss (run, snapshot), plane (y, x), grid_x (x), grid_y (y), snapshot (snapshot), run (run), "
    "all_below, n_optimizers, n_params, n_up, plane_winner, plane_worst, same_winner, start_loss, "
    "true_best, true_winner, true_worst",
}

DESCRIPTION = """\
A surface in three dimensions turns slowly: the loss of a network on a plane through its start.
From one point several lines run out over it, an optimizer each, at the same pace of steps, some
down into a hollow, others along the slope or up it. Beside it their names, and the height of the
surface at which each has come. Then a dashed line goes straight down from every end, through
the surface, and each point sinks along it to the network's true loss, far below; a second column
of numbers appears with these losses.
"""


class OptimizersRealNetwork(RecordedScene):
    poster_section = "truth"

    def construct(self):
        recorded = self.recording("optimizers_real_network")
        clock, drop, azimuth = ValueTracker(0), ValueTracker(0), ValueTracker(-36)
        every = list(runs(recorded))
        ground = Ground(recorded, azimuth).move_to((-2.45, -0.95, 0))
        paths = Paths(ground, every, clock, drop)
        plane, true = columns(every, recorded, clock)
        n_steps = int(recorded.snapshot[-1])

        self.next_section("start")
        words = self.headline("start", top=ground.top)
        self.add(words, *plane, ground, paths)
        self.turn(azimuth, -30, 1.0)

        self.next_section("plane")
        self.play(
            clock.animate.set_value(n_steps),
            azimuth.animate.set_value(-12),
            run_time=RUN_SECONDS,
            rate_func=linear,
        )
        words = self.say(words, "plane end")
        self.turn(azimuth, -6, 2.0)

        self.next_section("truth")
        self.play(
            drop.animate.set_value(1),
            azimuth.animate.set_value(0),
            run_time=2.4,
            rate_func=linear,
        )
        self.say(words, "truth", also=true)
        self.turn(azimuth, 4, 2.0)

    def turn(self, azimuth, to, seconds):
        """Go on turning."""
        self.play(azimuth.animate.set_value(to), run_time=seconds, rate_func=linear)


class Ground(Surface):
    """The loss on the plane, both directions to one scale, cut off far above the paths."""

    def __init__(self, recorded, azimuth):
        x, y = recorded.grid_x.values, recorded.grid_y.values
        attrs = recorded.attrs
        self.top = 1.35 * max(attrs["start_loss"], attrs["plane_worst"])
        z = np.clip(recorded.plane.values / self.top, 0, 1)
        super().__init__(x, y, z, azimuth, size=6.9, rise=2.7, elevation=33.0, n_levels=14)

    def _model(self, points):
        span = max(np.ptp(self._x), np.ptp(self._y))
        middle = [(self._x[0] + self._x[-1]) / 2, (self._y[0] + self._y[-1]) / 2, 0.5]
        return (points - middle) / (span, span, 1.0) * (self.size, self.size, self.rise)


class Paths(Painted):
    """The way of each optimizer on the surface, its point, and how far below that the truth is."""

    def __init__(self, ground, every, clock, drop):
        super().__init__(ground.size, ground.size, reads=[clock, drop, ground.azimuth])
        self.ground, self.clock, self.drop = ground, clock, drop
        self.inks = [run.color for run in every]
        self.dashes = [run.dash for run in every]
        self.steps = every[0].data.snapshot.values.astype(float)
        self.ways = np.stack(
            [[run.u.values, run.v.values, run.height.values / ground.top] for run in every]
        ).transpose(0, 2, 1)  # (run, snapshot, 3)
        self.true = np.stack([run.loss.values / ground.top for run in every])
        self.halo, self.text = theme.color("background"), theme.color("text")

    def head(self, i):
        """Return where an optimizer is on the surface now, and how high the true loss is."""
        step = float(np.clip(self.clock.get_value(), self.steps[0], self.steps[-1]))
        at = [np.interp(step, self.steps, self.ways[i, :, k]) for k in range(3)]
        return np.array(at), float(np.interp(step, self.steps, self.true[i]))

    def paint(self, pen):
        step, drop = self.clock.get_value() + 1e-9, smooth(self.drop.get_value())
        for i, ink in enumerate(self.inks):
            here, _ = self.head(i)
            way = np.vstack([self.ways[i][self.steps <= step], here])
            seen = self.ground.seen(way)
            pen.context.set_line_join(1)
            for color, width in ((self.halo, 7.5), (ink, 4.5)):
                pen.color(color)
                pen.width(width)
                dashes = [] if self.dashes[i] == "solid" else self.dashes[i][1]
                if color == ink and dashes:
                    pen.context.set_dash([each * width / 90 for each in dashes])
                pen.polyline(seen)
                pen.stroke()
                pen.context.set_dash([])
        for i, ink in enumerate(self.inks):
            here, true = self.head(i)
            now = here.copy()
            now[2] = (1 - drop) * here[2] + drop * true
            top, low = self.ground.seen(np.stack([here, now]))
            if drop > 0:
                pen.context.set_dash([0.1, 0.07])
                for color, width in ((self.halo, 6), (ink, 3)):
                    pen.color(color)
                    pen.width(width)
                    pen.polyline(np.stack([top, low]))
                    pen.stroke()
                pen.context.set_dash([])
                pen.disc(top, 0.1, self.halo, ink, 3)
            pen.disc(low, 0.14, ink, self.halo, 2)
        start = self.ground.seen(self.ways[0, :1])[0]
        pen.disc(start, 0.1, self.halo, self.text, 3)


NAME_LEFT, PLANE_RIGHT, TRUE_RIGHT, FIRST, ROW = 2.35, 5.65, 6.85, 0.95, 0.62


def columns(every, recorded, clock):
    """Return names and losses on the plane, as the film goes, and then the true ones."""
    steps = recorded.snapshot.values

    def last() -> int:
        return int(np.searchsorted(steps, clock.get_value() + 1e-9, side="right")) - 1

    def written(height: np.ndarray) -> Callable[[], str]:
        return lambda: fixed(height[last()], 2)

    below = FIRST - len(every) * ROW - 0.15  # of the rows
    plane: list = [
        Words(say("on the plane"), 34, "muted").on_baseline(PLANE_RIGHT, FIRST + ROW, RIGHT),
        Words(say("step"), 34, "muted").on_baseline(NAME_LEFT, below),
    ]
    count = Number(
        lambda: number(int(steps[last()])), [clock], size=34, color="muted", widest="000"
    )
    plane.append(count.move_to((NAME_LEFT + 0.85, below, 0), aligned_edge=LEFT + DOWN))
    true: list = [Words(say("true"), 34, "muted").on_baseline(TRUE_RIGHT, FIRST + ROW, RIGHT)]
    order = sorted(every, key=lambda run: float(run.loss[-1]))
    for i, run in enumerate(order):
        y = FIRST - i * ROW
        value = Number(written(run.height.values), [clock], size=34, widest="00.00", align="right")
        plane += [
            Key(run.color).move_to((NAME_LEFT + 0.12, y + 0.11, 0)),
            Words(run.label, 34).on_baseline(NAME_LEFT + 0.4, y),
            value.move_to((PLANE_RIGHT, y, 0), aligned_edge=RIGHT + DOWN),
        ]
        text = fixed(float(run.loss[-1]), 2)
        true.append(Words(text, 34, weight="semibold").on_baseline(TRUE_RIGHT, y, RIGHT))
    return plane, true
