"""A cloud of mini-batch gradients shrinks as batches grow; then what the noise does to a path.

Reads   gradient_variance: cloud (x_batch, example, component), batch_size, variance (x_batch),
        similarity (class, class_other), theta, lr (run, step), late_excess (run), loss (y, x)
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

SECONDS_PER_DOUBLING = 0.45
ORBIT_SECONDS = 5.6
STRONG = 25  # steps of a path that stand out behind its point

DESCRIPTION = """\
On the left, a cloud of dots around a short arrow: the gradients of single examples around the full
gradient of the network. The batches grow from one example to many, and the dots draw together
around the arrow's tip; on the right, the variance falls along a straight line in a chart with two
logarithmic axes, whose slope is written beside it. Then a ten by ten matrix shows how alike the
gradients of examples of the same and of different classes are: the diagonal stands out. Last, two
maps of the same bowl side by side: from one start, two points take the same examples step by step.
With a constant rate the point keeps circling around the minimum; with a decaying rate its circles
shrink towards it.
"""

COLORS = {"constant": "vermillion", "decayed": "green"}
PLACES = {"constant": -3.3, "decayed": 3.3}  # middles of the two maps
MIDDLE, SIDE = -0.65, 4.9
NAMES = {"constant": "constant rate", "decayed": "decaying rate"}


class GradientVariance(kit.RecordedScene):
    def construct(self):
        recorded = self.recording("gradient_variance")

        self.next_section("cloud")
        sizes = recorded.batch_size.values
        doublings = np.log2(sizes / sizes[0])
        clock = kit.ValueTracker(0)  # doublings of the batch since the smallest
        words = self.headline(
            "Single examples pull in all directions",
            "A dot: the gradient of one batch. Arrow: the full gradient, over {n_train:,} digits.",
        )
        cloud = Cloud(recorded, doublings, clock)
        fall = self.fall(recorded, doublings, clock)
        self.add(words, cloud, *cloud.words, *fall)
        self.wait(1.3)

        self.next_section("larger batches")
        words = self.say(words, "Larger batches agree better", words[1])
        self.play_steps(clock, doublings[-1], SECONDS_PER_DOUBLING)
        words = self.say(
            words,
            "Twice the batch, half the variance",
            "Measured on {n_draws:,} batches of each size; the fitted slope is "
            "{variance_slope:.2f}.",
        )
        self.wait(1.4)

        self.next_section("alike")
        before, gone = words, [cloud, *cloud.words, *fall]
        words = self.headline(
            "Whose gradients are alike?",
            "Mean cosine of the gradients of two digits: orange alike, blue opposed.",
        )
        matrix = self.matrix(recorded)
        self.turn_over(before, gone, words, matrix)
        self.wait(2.2)

        self.next_section("orbit")
        before = words
        steps = kit.ValueTracker(0)
        words = self.headline(
            "Two runs, one start, the same examples",
            "A line with two parameters learns from one digit a step. Star: its best fit.",
        )
        maps = [part for name, x in PLACES.items() for part in orbit(recorded, name, x, steps)]
        self.turn_over(before, matrix, words, maps)
        last = recorded.sizes["step"] - 1
        self.play_steps(steps, last, ORBIT_SECONDS / last)

        self.next_section("verdict")
        words = self.say(
            words,
            "Noise keeps a constant rate in orbit",
            "As the rate decays, so does the orbit. "
            "Below: the mean loss of the last {orbit_last} steps, above the star’s.",
        )
        self.play(*(kit.FadeIn(part) for part in averages(recorded)), run_time=0.3)
        self.wait(2.0)

    def turn_over(self, before, old, words, new):
        """Let one picture turn into the next while there is no headline."""
        self.play(kit.FadeOut(before), run_time=0.15)
        changes = [*(kit.FadeOut(part) for part in old), *(kit.FadeIn(part) for part in new)]
        self.play(*changes, run_time=0.35)
        self.play(kit.FadeIn(words), run_time=0.15)

    def say(self, before, title, subtitle):
        """Put other words in the headline's place; a second line that is there already stays."""
        if not isinstance(subtitle, str):
            new = kit.VGroup(self.headline(title, "")[0], subtitle)
            self.play(kit.FadeOut(before[0]), run_time=0.15)
            self.play(kit.FadeIn(new[0]), run_time=0.15)
            return new
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.15)
        self.play(kit.FadeIn(words), run_time=0.15)
        return words

    def fall(self, recorded, doublings, clock):
        """Return the chart of the variance against the batch size."""
        sizes, variance = recorded.batch_size.values, recorded.variance.values
        low, high = variance.min() / 1.8, variance.max() * 1.8
        chart = kit.Chart(
            (3.75, -0.55), 4.9, 4.3, (-0.3, doublings[-1] + 0.3), (low, high), log_y=True
        )
        powers = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        every = 1 if len(sizes) < 6 else 2
        rules = [
            kit.Curve(chart, np.array(chart.x), np.full(2, power), "quiet", 1.5) for power in powers
        ]
        points = np.stack([doublings, variance], axis=1)
        return [
            *rules,
            kit.Words("variance of the gradient", 24, weight="semibold").on_baseline(
                chart.left, 1.85
            ),
            chart.y_ticks(powers.tolist()),
            chart.x_ticks(doublings[::every].tolist(), [f"{size:,}" for size in sizes[::every]]),
            kit.Words("examples in the batch", 22, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.68, kit.ORIGIN
            ),
            kit.Trail(chart, points, clock, color="blue", dots=True),
        ]

    def matrix(self, recorded):
        """Return the matrix of cosines with its classes, and the two means beside it."""
        cosine = recorded.similarity.values
        side, center = 4.9, (-2.6, -0.85)
        most = float(np.abs(cosine).max())
        cells = np.linspace(-0.5, 0.5, len(cosine) + 1)[:-1] + 0.5 / len(cosine)
        names = kit.VGroup(
            *(
                kit.Words(str(c), 22, "muted").on_baseline(
                    center[0] + cell * side, center[1] + side / 2 + 0.14, kit.ORIGIN
                )
                for c, cell in enumerate(cells)
            ),
            *(
                kit.Words(str(c), 22, "muted").on_baseline(
                    center[0] - side / 2 - 0.15, center[1] - cell * side - 0.08, kit.RIGHT
                )
                for c, cell in enumerate(cells)
            ),
        )
        says = []
        for y, words, attr in (
            (0.7, "two digits of one class", "cosine_within"),
            (-1.2, "digits of two classes", "cosine_between"),
        ):
            mean = self.fill(f"{{{attr}:.2f}}")
            says += [
                kit.Words(mean, 54, weight="semibold").on_baseline(1.5, y),
                kit.Words(words, 24, "muted").on_baseline(1.5, y - 0.45),
            ]
        return [Matrix(cosine / most, side).move_to((*center, 0)), names, *says]


class Cloud(kit.Painted):
    """Batches' gradients in the plane of the full gradient, moving as the batches grow."""

    def __init__(self, recorded, doublings, clock):
        side = 5.0
        super().__init__(side, side, reads=[clock])
        self.move_to((-3.65, -0.75, 0))
        self.clock, self.doublings = clock, doublings
        points = recorded.cloud.values  # (x_batch, example, component)
        # What few single examples throw far out stands at the edge, as rings.
        reach = float(np.quantile(np.abs(points[0]), 0.93))
        self.gradients = points / reach
        self.tip = recorded.attrs["gradient_length"] / reach
        self.ink, self.mark = kit.theme.color("blue"), kit.theme.color("text")
        self.back, self.quiet = kit.theme.color("background"), kit.theme.color("quiet")
        left, bottom, _, _ = self.box
        size = kit.Number(
            lambda: f"{2 ** self.now() * recorded.batch_size.values[0]:,.0f}",
            [clock],
            size=24,
            weight="semibold",
            widest="512",
        )
        name = kit.Words("examples in the batch:", 24, weight="semibold").on_baseline(left, 1.85)
        self.words = [
            name,
            size.next_to(name, kit.RIGHT, buff=0.14).set_y(1.85 + 0.085),
            kit.Words("ring: beyond the edge", 22, "muted").on_baseline(left, bottom - 0.35),
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


class Matrix(kit.Painted):
    """A square of signed cells, −1 to 1: orange positive, blue negative."""

    def __init__(self, share, side):
        super().__init__(side, side)
        back = kit.theme.color("background")
        one = kit.mix(back, kit.theme.color("positive"), share)
        other = kit.mix(back, kit.theme.color("negative"), -share)
        self.pixels = np.where((share > 0)[..., None], one, other)

    def paint(self, pen):
        """Draw the cells."""
        pen.image(self.pixels, *self.box)


class Orbit(kit.Painted):
    """A path in its plane as far as the clock has come: all of it faintly, the latest in full."""

    def __init__(self, chart, theta, clock, color):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.places = chart.point(theta[:, 0], theta[:, 1])
        self.clock = clock
        self.ink, self.halo = kit.theme.color(color), kit.theme.color("background")

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
            pen.polyline(passed[-STRONG - 1 :])
            pen.stroke()
        pen.circle(*head.tolist(), 0.1)
        pen.color(self.ink)
        pen.context.fill_preserve()
        pen.color(self.halo)
        pen.width(1.5)
        pen.stroke()


class Star(kit.Painted):
    """The minimum."""

    def __init__(self, place):
        super().__init__(0.4, 0.4)
        self.move_to((*place, 0))
        self.ink, self.halo = kit.theme.color("text"), kit.theme.color("background")

    def paint(self, pen):
        """Draw a star of five points."""
        left, bottom, side, _ = self.box
        turn = np.pi / 2 + np.arange(10) * np.pi / 5
        radius = np.where(np.arange(10) % 2, 0.07, 0.17)
        points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * radius[:, None]
        pen.polyline(points + np.array([left + side / 2, bottom + side / 2]), close=True)
        pen.color(self.ink)
        pen.context.fill_preserve()
        pen.color(self.halo)
        pen.width(1.2)
        pen.stroke()


def averages(recorded):
    """Return what each run's last steps cost above the minimum, in the right lower corners."""
    return [
        kit.Words(
            f"{float(recorded.late_excess.sel(run=name)):.3f} above the star", 24, weight="semibold"
        ).on_baseline(x + SIDE / 2, MIDDLE - SIDE / 2 - 0.42, kit.RIGHT)
        for name, x in PLACES.items()
    ]


def orbit(recorded, name, x, clock):
    """Return one run's map, path, and numbers."""
    run = recorded.sel(run=name)
    across, along = recorded.grid_slope.values, recorded.grid_offset.values
    chart = kit.Chart((x, MIDDLE), SIDE, SIDE, (across[0], across[-1]), (along[0], along[-1]))
    rate = run.lr.values
    last = len(rate) - 1

    def step():
        return min(int(clock.get_value() + 1e-9), last)

    low, high = chart.bottom - 0.42, chart.bottom + chart.height + 0.12
    eta = kit.Words("rate", 24, "muted").on_baseline(chart.left, low)
    count = kit.Words("step", 24, "muted").on_baseline(chart.left + chart.width - 1.0, high)
    numbers = [
        kit.Number(lambda: f"{rate[step()]:.3f}", [clock], size=24, widest="0.000")
        .next_to(eta, kit.RIGHT, buff=0.14)
        .set_y(low + 0.085),
        kit.Number(lambda: str(step()), [clock], size=24, widest=str(last))
        .next_to(count, kit.RIGHT, buff=0.14)
        .set_y(high + 0.085),
    ]
    heights = recorded.loss.values
    levels = heights.min() + np.linspace(0, 1, 13)[1:] ** 2 * np.ptp(heights)
    minimum = chart.point(*recorded.minimum.values)
    return [
        kit.Contours(chart, across, along, heights, levels),
        kit.Words(NAMES[name], 26, weight="semibold").on_baseline(chart.left, high),
        eta,
        count,
        *numbers,
        Orbit(chart, run.theta.values, clock, COLORS[name]),
        Star(minimum),
    ]
