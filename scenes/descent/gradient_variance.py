"""One path learns from one example a step and never rests; with a decaying rate it does."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, FadeIn, FadeOut, ValueTracker

from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Contours, between
from scenes.parts.marks import Key, Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import LABEL, Formula, Words
from scenes.recorded import RecordedScene

SECONDS = 5.0  # of each run
AGAIN = 3.2  # of the last steps of both
STRONG = 30  # steps of a path that stand out behind its point
FAINT = 0.35  # of the path whose turn it is not

READS = {
    "gradient_variance": "theta (run, step, param), lr (run, step), minimum (param), "
    "grid_slope (x), grid_offset (y), loss (y, x), run (run), late_excess (run), "
    "normal_matrix (param, param_other), n_train, orbit_last, many, one",
}

DESCRIPTION = """\
A map of a round bowl with a star at its lowest place. A point comes in from a corner, one example
at a time, and then goes on circling around the star for as long as the film lets it: the rate, a
bar at the side, stays the same. From the same start a second point sees the same examples in the
same order, while its bar shrinks to nothing: its circles draw together until it lies near the
star. At the end the map is enlarged, and both take their last steps once more: the first point
goes on circling while the second stays where it is. A ring around the star for each shows the
mean of their loss, a wide one and a small one, and its number stands in the place of the rate.
"""

EDGE, TOP, BOTTOM = -6.6, 2.3, -3.6  # of the map, frame units
WIDE = 8.9
SIDE = 2.75  # left edge of what stands beside it
BLOCKS = (1.85, -1.25)  # baselines of the two names
BAR = 3.7  # length of the first rate


class GradientVariance(RecordedScene):
    def construct(self):
        recorded = self.recording("gradient_variance")
        runs = recorded.run.values.tolist()
        last = recorded.sizes["step"] - 1
        clocks = [ValueTracker(0) for _ in runs]
        seen = [ValueTracker(1) for _ in runs]
        chart, levels = bowl(recorded)
        view = View(chart, recorded)
        ground = Ground(recorded, view, levels)
        star = Star(chart.point(*recorded.minimum.values))
        paths = [
            Orbit(view, recorded.theta.sel(run=name).values, clock, shade, name)
            for name, clock, shade in zip(runs, clocks, seen, strict=True)
        ]
        blocks = [
            block(recorded.sel(run=name), name, y, clock)
            for name, y, clock in zip(runs, BLOCKS, clocks, strict=True)
        ]

        self.next_section(runs[0])
        words = self.headline(runs[0])
        self.add(words, ground, paths[0], star, *blocks[0])
        # It starts beyond the map's edge: so that one sees it from the first moment on.
        inside = chart.inside(paths[0].places)
        clocks[0].set_value(int(np.argmax(inside)))
        self.play_steps(clocks[0], last, SECONDS / last)

        for i, name in enumerate(runs[1:], start=1):
            self.next_section(name)
            self.remove(star)
            self.add(paths[i], star)  # over the path before it
            self.play(seen[i - 1].animate.set_value(FAINT), run_time=0.3)
            words = self.say(words, name, also=blocks[i])
            self.play_steps(clocks[i], last, SECONDS / last)

        self.next_section("verdict")
        late = recorded.late_excess.values
        # Of the two that are seen, as the numbers beside them are.
        draws_in = int(late[-1] < late[0]) + int(late[-1] < late[0] / 2)
        self.say(words, "verdict", larger=int(view.times > 1.1), draws_in=draws_in)
        again, ring = ValueTracker(0), ValueTracker(0)
        ends = [Last(view, recorded.sel(run=name), again, ring, name) for name in runs]
        self.play(
            *(shade.animate.set_value(0) for shade in seen),
            *(FadeOut(part) for parts in blocks for part in parts[2:]),
            view.near.animate.set_value(1),
            star.animate.move_to((*view(star.get_center()[:2], 1), 0)),
            run_time=1.0,
        )
        self.remove(*paths)
        self.add(*ends, star)
        self.play_steps(again, ends[0].n, AGAIN / ends[0].n)
        bests = [best(recorded, name, y) for name, y in zip(runs, BLOCKS, strict=True)]
        self.play(
            ring.animate.set_value(1), *(FadeIn(part) for parts in bests for part in parts),
            run_time=0.6,
        )  # fmt: skip
        self.wait(1.5)


def bowl(recorded):
    """Return the map around what a path does once it has come down, and its contours' levels.

    One scale on both axes; the start is beyond its edge.
    """
    axes = recorded.grid_slope.values, recorded.grid_offset.values
    late = recorded.theta.values[:, recorded.sizes["step"] // 8 :].reshape(-1, 2)
    around = np.vstack([late, recorded.minimum.values])
    tall = TOP - BOTTOM
    reach = 0.56 * max(np.ptp(around[:, 1]), np.ptp(around[:, 0]) * tall / WIDE)
    reach = min(reach, np.ptp(axes[1]) / 2, np.ptp(axes[0]) / 2 * tall / WIDE)
    span = []
    for i, half in enumerate((reach * WIDE / tall, reach)):
        low, high = axes[i][0], axes[i][-1]
        middle = np.clip((around[:, i].min() + around[:, i].max()) / 2, low + half, high - half)
        span.append((float(middle - half), float(middle + half)))
    chart = Chart((EDGE + WIDE / 2, (TOP + BOTTOM) / 2), WIDE, tall, *span)
    inside = [(axis >= low) & (axis <= high) for axis, (low, high) in zip(axes, span, strict=True)]
    seen = recorded.loss.values[inside[1]][:, inside[0]]
    levels = seen.min() + np.linspace(0, 1, 13)[1:] ** 2 * np.ptp(seen)
    return chart, levels


def level(run):
    """Return where the loss is the mean of a run's last steps, a closed line of shape (n, 2)."""
    turn = np.linspace(0, 2 * np.pi, 181)
    root = np.linalg.cholesky(run.normal_matrix.values)  # L: (θ − m)ᵀ L Lᵀ (θ − m) is the excess
    across = np.linalg.solve(root.T, np.stack([np.cos(turn), np.sin(turn)]))
    return run.minimum.values + np.sqrt(float(run.late_excess)) * across.T


class View:
    """Enlarges the map as `near` goes from 0 to 1, until last steps and rings of all paths fill it.

    Attributes
    ----------
    times : float
        How many times as large it is then.
    """

    def __init__(self, chart, recorded):
        self.chart, self.near = chart, ValueTracker(0)
        late = recorded.theta.values[:, -int(recorded.attrs["orbit_last"]) - 1 :].reshape(-1, 2)
        rings = [level(recorded.sel(run=name)) for name in recorded.run.values.tolist()]
        places = chart.point(*np.vstack([late, *rings]).T)
        low, high = places.min(0), places.max(0)
        size = np.array([chart.width, chart.height])
        self.times = max(1.0, float(np.min(0.9 * size / np.maximum(high - low, 1e-9))))
        # What comes to the middle: the map must reach to all edges still.
        middle = np.array(chart.center)
        free = size / 2 * (1 - 1 / self.times)
        self.middle = np.clip((low + high) / 2, middle - free, middle + free)

    def ways(self, near):
        """Return by how much all is multiplied, and then moved."""
        moved = np.array(self.chart.center) - self.times * self.middle
        return 1 + near * (self.times - 1), near * moved

    def __call__(self, places, near=None):
        """Return where places, shape (…, 2) in frame units, lie now."""
        times, moved = self.ways(self.near.get_value() if near is None else near)
        return times * np.asarray(places) + moved

    def clip(self, pen):
        """Let nothing be drawn outside the map."""
        chart = self.chart
        pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
        pen.context.clip()


class Ground(Contours):
    """The map's contours, enlarged as the view is."""

    def __init__(self, recorded, view, levels):
        axes = recorded.grid_slope.values, recorded.grid_offset.values
        super().__init__(view.chart, *axes, recorded.loss.values, levels)
        self.view, self.reads = view, (view.near,)

    def paint(self, pen):
        times, moved = self.view.ways(self.view.near.get_value())
        self.view.clip(pen)
        pen.context.translate(*moved)
        pen.context.scale(times, times)
        super().paint(pen)


def block(run, name, y, clock):
    """Return a run's name, and its rate as a bar with its number."""
    rates = run.lr.values

    def now():
        return float(between(rates, clock.get_value()))

    eta = Formula("eta", LABEL, "muted").move_to((SIDE + 0.14, y - 0.68, 0))
    value = Number(lambda: fixed(now(), 3), [clock], color="muted", widest="0.000")
    return [
        Key(series(name).token, 0.26).move_to((SIDE + 0.13, y + 0.12, 0)),
        Words(series(name).label, LABEL, weight="semibold").on_baseline(SIDE + 0.42, y),
        eta,
        value.move_to((SIDE + 0.42, y - 0.78, 0), aligned_edge=LEFT + DOWN),
        Rate(lambda: now() / float(rates[0]), y - 1.08, clock, series(name).color),
    ]


def best(recorded, name, y):
    """Return how far above the lowest loss a run was at the end, on average."""
    excess = say("best", excess=recorded.late_excess.sel(run=name))
    return [
        Words(excess, 54, weight="semibold").on_baseline(SIDE, y - 0.88),
        Words("mean above lowest loss", LABEL, "muted").on_baseline(SIDE, y - 1.36),
    ]


class Rate(Painted):
    """A bar as long as the rate is by now, in its first one's track."""

    def __init__(self, share, y, clock, ink):
        super().__init__(BAR, 0.14, reads=[clock])
        self.move_to((SIDE + BAR / 2, y, 0))
        self.share, self.ink, self.quiet = share, ink, theme.color("quiet")

    def paint(self, pen):
        """Draw the track, and the bar in it."""
        left, bottom, width, height = self.box
        for color, length in ((self.quiet, width), (self.ink, width * self.share())):
            pen.color(color)
            pen.rectangle(left, bottom, length, height)
            pen.fill()


class Orbit(Painted):
    """A path in its plane as far as the clock has come: all of it faintly, the latest in full."""

    def __init__(self, view, theta, clock, seen, name):
        chart = view.chart
        super().__init__(chart.width, chart.height, reads=[clock, seen, view.near])
        self.shift((*chart.center, 0))
        self.places = chart.point(theta[:, 0], theta[:, 1])
        self.view, self.clock, self.seen = view, clock, seen
        self.ink, self.halo = series(name).color, theme.color("background")

    def paint(self, pen):
        """Draw the way and the point."""
        at, seen = self.clock.get_value(), self.seen.get_value()
        head = self.view(between(self.places, at))
        passed = np.vstack([self.view(self.places[: int(at + 1e-9) + 1]), head])
        self.view.clip(pen)
        pen.context.set_line_join(1)
        pen.color(self.ink, 0.4 * seen)
        pen.width(1.5)
        pen.polyline(passed)
        pen.stroke()
        thin = 1.0 if seen == 1 else 0.5
        for color, width in ((self.halo, 5.5 * thin), (self.ink, 3.0 * thin)):
            pen.color(color, seen)
            pen.width(width)
            pen.polyline(passed[-STRONG - 1 :])
            pen.stroke()
        if seen > (1 + FAINT) / 2:
            pen.disc(head, 0.13, self.ink, self.halo, 2)


class Last(Painted):
    """The last steps of a run once more, and around the star a ring where the loss is their mean.

    Attributes
    ----------
    n : int
        How many steps.
    """

    def __init__(self, view, run, clock, ring, name):
        chart = view.chart
        super().__init__(chart.width, chart.height, reads=[clock, ring, view.near])
        self.shift((*chart.center, 0))
        self.n = int(run.attrs["orbit_last"])
        self.places = chart.point(*run.theta.values[-self.n - 1 :].T)
        self.level = chart.point(*level(run).T)
        self.view, self.clock, self.ring = view, clock, ring
        self.ink, self.halo = series(name).color, theme.color("background")

    def paint(self, pen):
        """Draw the way, its point, which goes as the ring comes, and the ring."""
        at, ring = self.clock.get_value(), self.ring.get_value()
        head = self.view(between(self.places, at))
        self.view.clip(pen)
        pen.context.set_line_join(1)
        pen.color(self.ink, 0.85 - 0.35 * ring)
        pen.width(2.0)
        pen.polyline(np.vstack([self.view(self.places[: int(at + 1e-9) + 1]), head]))
        pen.stroke()
        for color, width in ((self.halo, 7.0), (self.ink, 4.0)):
            pen.color(color, ring)
            pen.width(width)
            pen.polyline(self.view(self.level), close=True)
            pen.stroke()
        if ring < 1:
            pen.disc(head, 0.17 * (1 - ring), self.ink, self.halo, 2)
