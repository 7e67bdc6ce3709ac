"""A cloud of mini-batch gradients shrinks as batches grow; then what the noise does to a path."""

from __future__ import annotations

import numpy as np
from manim import DOWN, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import theme
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import LABEL, TICK, Words
from scenes.recorded import RecordedScene

SECONDS_PER_DOUBLING = 0.42
ORBIT_SECONDS = 5.0
STRONG = 25.0  # steps of a path that stand out behind its point

READS = {
    "gradient_variance": "batch_size (x_batch), variance (x_batch), "
    "cloud (x_batch, example, component), similarity (class, class_other), "
    "theta (run, step, param), lr (run, step), minimum (param), grid_slope (x), grid_offset (y), "
    "loss (y, x), run (run), cosine_between, cosine_within, doubled, draws_in, gradient_length, "
    "halves, n_draws, n_train, orbit_excess_constant, orbit_excess_decayed, orbit_last, "
    "orbit_repeats, variance_slope, many, one",
}

DESCRIPTION = """\
On the left, a cloud of dots around a short arrow: the gradients of single examples around the full
gradient of the network. The batches grow from one example to many, and the dots draw together
around the arrow's tip; on the right, the variance falls along a straight line in a chart with two
logarithmic axes, whose slope the headline tells. Then a ten by ten matrix fills, first its
diagonal and then the rest: the gradients of examples of one class are alike, those of different
classes hardly. Last, two
maps of the same bowl side by side: from one start, two points take the same examples step by step.
With a constant rate the point keeps circling around the minimum; with a decaying rate its circles
shrink towards it.
"""

LEFT, TOP = -6.6, 1.95  # of everything under the headline; TOP is a baseline
TALL = 5.0  # the cloud, the matrix, the maps
GAP = 0.6  # between the two maps


class GradientVariance(RecordedScene):
    def construct(self):
        recorded = self.recording("gradient_variance")

        self.next_section("cloud")
        sizes = recorded.batch_size.values
        doublings = np.log2(sizes / sizes[0])
        clock = ValueTracker(0)  # doublings of the batch since the smallest
        words = self.headline("cloud")
        cloud = Cloud(recorded, doublings, clock)
        fall = self.fall(recorded, doublings, clock)
        self.add(words, cloud, *cloud.words, *fall)
        self.wait(0.5)

        self.next_section("larger batches")
        words = self.say(words, "larger batches")
        self.play_steps(clock, doublings[-1], SECONDS_PER_DOUBLING)
        words = self.say(words, "doubled")
        self.wait(1.1)

        self.next_section("alike")
        words = self.say(words, "alike")
        shown = ValueTracker(0)  # 1: the diagonal, 2: all of it
        matrix, within, between = self.matrix(recorded, shown)
        self.turn_over([cloud, *cloud.words, *fall], matrix)
        for share, says in ((1, within), (2, between)):
            self.play(shown.animate.set_value(share), run_time=0.8, rate_func=linear)
            self.play(*(FadeIn(part) for part in says), run_time=0.25)
            self.wait(0.25)
        self.wait(0.6)

        self.next_section("orbit")
        words = self.say(words, "orbit")
        steps, strong = ValueTracker(0), ValueTracker(STRONG)
        maps, bests = orbits(recorded, steps, strong)
        self.turn_over([*matrix, *within, *between], maps)
        last = recorded.sizes["step"] - 1
        self.play_steps(steps, last, ORBIT_SECONDS / last)

        self.next_section("verdict")
        self.say(words, "verdict")
        late = strong.animate.set_value(recorded.attrs["orbit_last"])
        self.play(late, *(FadeIn(part) for part in bests), run_time=0.4)
        self.wait(1.5)

    def turn_over(self, old, new):
        """Let one picture turn into the next under a headline that stays."""
        changes = [*(FadeOut(part) for part in old), *(FadeIn(part) for part in new)]
        self.play(*changes, run_time=0.4)

    def fall(self, recorded, doublings, clock):
        """Return the chart of the variance against the batch size."""
        sizes, variance = recorded.batch_size.values, recorded.variance.values
        low, high = variance.min() / 1.8, variance.max() * 1.8
        chart = Chart((4.1, -0.45), 5.0, 4.2, (-0.3, doublings[-1] + 0.3), (low, high), log_y=True)
        powers = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        every = 1 if len(sizes) < 6 else 2
        rules = [
            Curve(chart, np.array(chart.x), np.full(2, power), "quiet", 1.5) for power in powers
        ]
        points = np.stack([doublings, variance], axis=1)
        return [
            *rules,
            Words("variance of the gradient", LABEL, weight="semibold").on_baseline(
                chart.left, TOP
            ),
            chart.y_ticks(powers.tolist()),
            chart.x_ticks(
                doublings[::every].tolist(), [number(int(size)) for size in sizes[::every]]
            ),
            Words("examples in the batch", LABEL, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.84, ORIGIN
            ),
            Trail(chart, points, clock, color="sky", dots=True),
        ]

    def matrix(self, recorded, shown):
        """Return the matrix of cosines with classes and key, and the two means to stand beside."""
        cosine = recorded.similarity.values
        most = float(np.abs(cosine).max())
        n, top, left = len(cosine), TOP - 0.05, LEFT + 0.4
        middles = (np.arange(n) + 0.5) / n * TALL
        names = VGroup()
        for c, middle in enumerate(middles.tolist()):
            word = Words(number(c), TICK, "muted")
            names.add(word.on_baseline(left + middle, top, ORIGIN))
            word = Words(number(c), TICK, "muted")
            names.add(word.on_baseline(LEFT + 0.2, top - 0.14 - middle - 0.08, RIGHT))
        grid = Matrix(cosine / most, TALL, shown)
        grid.move_to((left + TALL / 2, top - 0.14 - TALL / 2, 0))
        right = left + TALL + 1.1
        low = grid.box[1] + 0.42
        ends = [fixed(end, 2) for end in (-most, most)]
        key = [
            Matrix(np.linspace(-1, 1, 129)[None], 3.0, height=0.2).move_to((right + 1.5, low, 0)),
            Words(ends[0], TICK, "muted").on_baseline(right, low - 0.5),
            Words(ends[1], TICK, "muted").on_baseline(right + 3.0, low - 0.5, RIGHT),
            Words("cosine", LABEL, "muted").on_baseline(right, low + 0.25),
        ]
        says = [
            [
                Words(fixed(recorded.attrs[attr], 2), 54, weight="semibold").on_baseline(right, y),
                Words(words, LABEL, "muted").on_baseline(right, y - 0.55),
            ]
            for y, words, attr in (
                (0.85, say("within"), "cosine_within"),
                (-0.75, say("between"), "cosine_between"),
            )
        ]
        return [grid, names, *key], *says


class Cloud(Painted):
    """Batches' gradients in the plane of the full gradient, moving as the batches grow."""

    def __init__(self, recorded, doublings, clock):
        wide = 6.3
        super().__init__(wide, TALL, reads=[clock])
        self.move_to((LEFT + wide / 2, TOP - 0.14 - TALL / 2, 0))
        self.clock, self.doublings = clock, doublings
        points = recorded.cloud.values  # (x_batch, example, component)
        # What few single examples throw far out stands at the edge, as rings.
        reach = float(np.quantile(np.abs(points[0]), 0.93))  # at the upper and the lower edge
        self.gradients = points / reach / np.array([wide / TALL, 1.0])
        self.tip = recorded.attrs["gradient_length"] / reach * TALL / wide
        self.ink, self.mark = theme.color("purple"), theme.color("text")
        self.back, self.quiet = theme.color("background"), theme.color("quiet")
        left, bottom, _, _ = self.box
        size = Number(
            lambda: number(round(2 ** self.now() * int(recorded.batch_size[0]))),
            [clock],
            weight="semibold",
            widest="512",
        )
        name = Words("examples in the batch:", LABEL, weight="semibold").on_baseline(left, TOP)
        self.words = [
            name,
            size.next_to(name, RIGHT, buff=0.14).set_y(TOP + 0.12),
            Words("ring: beyond the edge", LABEL, "muted").on_baseline(left, bottom - 0.44),
        ]

    def now(self) -> float:
        """Return the doublings so far, in whole ones where a number must be."""
        return float(
            self.doublings[np.searchsorted(self.doublings, self.clock.get_value() + 1e-6) - 1]
        )

    def paint(self, pen):
        """Draw the frame, the dots or rings, and the arrow."""
        left, bottom, width, height = self.box
        pen.color(self.quiet)
        pen.width(1.5)
        pen.rectangle(left, bottom, width, height)
        pen.stroke()
        at = self.clock.get_value()
        upper = int(np.clip(np.searchsorted(self.doublings, at), 1, len(self.doublings) - 1))
        low, high = self.doublings[upper - 1], self.doublings[upper]
        share = (at - low) / (high - low)
        points = (1 - share) * self.gradients[upper - 1] + share * self.gradients[upper]
        edge = 0.985
        places = self.place((np.clip(points, -edge, edge) + 1) / 2).tolist()
        beyond = np.any(np.abs(points) > edge, axis=1).tolist()
        pen.width(1.5)
        for (x, y), out in zip(places, beyond, strict=True):
            pen.circle(x, y, 0.055)
            pen.color(self.ink, 1.0 if out else 0.75)
            if out:
                pen.stroke()
            else:
                pen.fill()
        start, tip = self.place(np.array([[0.5, 0.5], [0.5 + self.tip / 2, 0.5]]))
        head = tip + np.array([[0, 0], [-0.14, 0.09], [-0.14, -0.09]])
        for color, wide in ((self.back, 7.0), (self.mark, 3.5)):
            pen.color(color)
            pen.width(wide)
            pen.polyline(np.array([start, tip - np.array([0.06, 0])]))
            pen.stroke()
            pen.polyline(head, close=True)
            if color == self.back:
                pen.stroke()  # a halo
            else:
                pen.fill()


class Matrix(Painted):
    """Signed cells, −1 to 1: orange positive, blue negative; the diagonal may come before the rest.

    Parameters
    ----------
    share : array, shape (rows, columns)
    width, height : float
        In frame units; a square where there is one only.
    shown : ValueTracker or None
        From 0 to 1 the diagonal appears, cell by cell, from 1 to 2 the others; None shows all.
    """

    def __init__(self, share, width, shown=None, *, height=None):
        super().__init__(width, height or width, reads=[shown] if shown else [])
        back = theme.color("background")
        one = mix(back, theme.color("positive"), share)
        other = mix(back, theme.color("negative"), -share)
        self.pixels = np.where((share > 0)[..., None], one, other)
        self.back, self.quiet, self.shown = np.array(rgb(back)), theme.color("quiet"), shown

    def paint(self, pen):
        """Draw the cells that are there by now, and the frame of all."""
        pixels = self.pixels
        if self.shown is not None:
            n, now = len(pixels), self.shown.get_value()
            there = np.full((n, n), np.clip(now - 1, 0, 1))
            there[np.diag_indices(n)] = np.clip(now * n - np.arange(n), 0, 1)
            pixels = self.back + there[..., None] * (pixels - self.back)
        pen.image(pixels, *self.box)
        pen.rectangle(*self.box)
        pen.color(self.quiet)
        pen.width(1.5)
        pen.stroke()


class Orbit(Painted):
    """A path in its plane as far as the clock has come: all of it faintly, the latest in full."""

    def __init__(self, chart, theta, clock, strong, color):
        super().__init__(chart.width, chart.height, reads=[clock, strong])
        self.shift((*chart.center, 0))
        self.places = chart.point(theta[:, 0], theta[:, 1])
        self.clock, self.strong = clock, strong
        self.ink, self.halo = theme.color(color), theme.color("background")

    def paint(self, pen):
        """Draw the way and the point."""
        at = self.clock.get_value()
        lower = min(int(at + 1e-9), len(self.places) - 1)
        upper = min(lower + 1, len(self.places) - 1)
        head = self.places[lower] + (at - lower) * (self.places[upper] - self.places[lower])
        passed = np.vstack([self.places[: lower + 1], head])
        pen.context.set_line_join(1)
        pen.color(self.ink, 0.45)
        pen.width(1.5)
        pen.polyline(passed)
        pen.stroke()
        for color, width in ((self.halo, 5.5), (self.ink, 3.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(passed[-round(self.strong.get_value()) - 1 :])
            pen.stroke()
        pen.disc(head, 0.1, self.ink, self.halo, 1.5)


def orbits(recorded, clock, strong):
    """Return both runs' maps, paths and numbers, and what their last steps came to.

    Both axes of a map have one scale. It is as wide as half the frame, and shows of the recorded
    square, up and down, what then has room; all of it if the paths need it.
    """
    across, along = recorded.grid_slope.values, recorded.grid_offset.values
    middle, reach = (along[0] + along[-1]) / 2, (along[-1] - along[0]) / 2
    wide, tall = -LEFT - GAP / 2, TALL - 0.35
    need = 1.1 * float(np.abs(recorded.theta.values[..., 1] - middle).max()) / reach
    share = min(max(tall / wide, need), 1.0)
    heights = recorded.loss.values
    levels = heights.min() + np.linspace(0, 1, 13)[1:] ** 2 * np.ptp(heights)
    parts, bests = [], []
    for i, name in enumerate(recorded.run.values.tolist()):
        run = recorded.sel(run=name)
        chart = Chart(
            (LEFT + wide / 2 + i * (wide + GAP), TOP - 0.14 - tall / 2),
            tall / share,
            tall,
            (across[0], across[-1]),
            (middle - share * reach, middle + share * reach),
        )
        parts += [
            Contours(chart, across, along, heights, levels),
            *numbers(chart, series(name).label, run.lr.values, clock),
            Orbit(chart, run.theta.values, clock, strong, series(name).color),
            Star(chart.point(*recorded.minimum.values)),
        ]
        mean = say("best", excess=recorded.attrs[f"orbit_excess_{name}"])
        bests.append(
            Words(mean, LABEL, weight="semibold").on_baseline(
                chart.left + chart.width, chart.bottom - 0.92, RIGHT
            )
        )
    return parts, bests


def numbers(chart, name, rate, clock):
    """Return a map's name, and the step and the rate that its run has come to."""
    last = len(rate) - 1

    def step():
        return min(int(clock.get_value() + 1e-9), last)

    low, high = chart.bottom - 0.46, TOP
    eta = Words("η", LABEL, "muted").on_baseline(chart.left, low)
    right = chart.left + chart.width
    count = Number(lambda: number(step()), [clock], widest=str(last), align="right")
    count.move_to((right, high, 0), aligned_edge=RIGHT + DOWN)
    return [
        Words(name, LABEL, weight="semibold").on_baseline(chart.left, high),
        eta,
        Number(lambda: fixed(rate[step()], 3), [clock], widest="0.000")
        .next_to(eta, RIGHT, buff=0.14)
        .set_y(low + 0.12),
        Words("step", LABEL, "muted").on_baseline(right - 0.75, high, RIGHT),
        count,
    ]
