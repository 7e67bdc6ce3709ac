"""Where two optimizers are, and beside it the rates at which they step across the map."""

from __future__ import annotations

import itertools

import numpy as np
from manim import ORIGIN, RIGHT, ValueTracker

from look import theme
from look.maps import levels, square
from look.numbers import number
from look.runs import runs
from look.words import say
from scenes.optimizers._runners import write
from scenes.parts import font
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.marks import Star
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "adaptive_rates": "theta (run, step_place, param), "
    "rate (run, step, param), height (y, x), grid_x (x), grid_y (y), minimum (param), "
    "run (run), recover",
}

DESCRIPTION = """\
At the left a contour map, "steep" written at its wall and "flat" at the valley's star, two discs
at the same start on the wall; at the right a chart of rates with a logarithmic axis. The discs go
down, step by step, each as large as its rate: Adagrad's stays as it is, RMSProp's is a speck on the
wall and swells in the valley until it is far larger. In the chart two curves
grow, each with its name at its head: Adagrad's sinks a little and then stays level for good,
RMSProp's starts far below, sinks, and then climbs, when the valley is flat, high above Adagrad's.
At last RMSProp's says how many times its lowest it is.
"""


EDGE = 6.8  # of what is written, in frame units
LARGEST = 0.8  # radius of the highest rate's disc


class AdaptiveRates(RecordedScene):
    def construct(self):
        recorded = self.recording("adaptive_rates")
        both = list(runs(recorded))
        n_steps = recorded.sizes["step"]
        clock = ValueTracker(0)
        ground, paths = plan(recorded, both, clock)
        still, curves = chart_of_rates(recorded, both, clock)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *still, *ground, *paths, *curves)
        self.wait(0.3)

        self.next_section("run")
        self.play_steps(clock, n_steps, 8.5 / n_steps)

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.6)


def plan(recorded, both, clock):
    """Return the map, and the paths on it."""
    x, y, heights = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
    side = 5.9
    every = np.vstack([*(run.theta.values for run in both), recorded.minimum.values])
    across, up = square(every, x, y, 0.2)
    chart = Chart((-6.75 + side / 2, -0.85), side, side, across, up)
    columns, rows = (
        slice(max(np.searchsorted(grid, low) - 1, 0), np.searchsorted(grid, high) + 1)
        for grid, (low, high) in ((x, across), (y, up))
    )
    x, y, heights = x[columns], y[rows], heights[rows, columns]
    lowest = chart.point(*recorded.minimum.values)
    first = chart.point(*both[0].theta.values[0])
    rates = recorded.rate.values[..., 0]
    radii = LARGEST * np.sqrt(rates / rates.max())
    ground = [
        Contours(chart, x, y, heights, levels(heights)),
        Star(lowest),
        Words(say("steep"), 34).on_baseline(first[0] + radii[:, 0].max() + 0.2, first[1] + 0.1),
        Words(say("flat"), 34).on_baseline(
            lowest[0], max(lowest[1] - LARGEST - 0.4, chart.bottom + 0.15), ORIGIN
        ),
    ]
    paths = [
        Swelling(chart, run.theta.values, each, clock, run.color)
        for run, each in zip(both, radii, strict=True)
    ]
    return ground, [*paths, Discs(paths, clock)]


class Swelling(Trail):
    """A path, and how large the disc at its head is: as the rate of the step that it takes."""

    def __init__(self, chart, points, radii, clock, color):
        super().__init__(chart, points, clock, color=color, width=4)
        self.radii = radii

    def paint(self, pen):
        """Draw the way."""
        step = min(self.clock.get_value(), self.end)
        way = np.vstack([self.places[: int(step) + 1], self.at(step)])
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.context.set_line_join(1)
        pen.polyline(way)
        pen.stroke()


class Discs(Painted):
    """The discs at the heads of paths, the smaller on the larger."""

    def __init__(self, paths, clock):
        super().__init__(paths[0].chart.width, paths[0].chart.height, reads=[clock])
        self.shift((*paths[0].chart.center, 0))
        self.paths, self.clock = paths, clock

    def paint(self, pen):
        """Draw them."""
        found = []
        for path in self.paths:
            step = min(self.clock.get_value(), path.end)
            found.append((float(between(path.radii, step)), path.at(step).tolist(), path.ink))
        for radius, at, ink in sorted(found, reverse=True):
            pen.circle(*at, radius)
            pen.color(ink, 0.4)
            pen.fill()
            pen.circle(*at, radius)
            pen.color(ink)
            pen.width(3)
            pen.stroke()


def chart_of_rates(recorded, both, clock):
    """Return what stands in the chart of the rates, and what grows."""
    chart = chart_of(recorded)
    powers = 10.0 ** np.arange(np.ceil(chart.y[0]), np.floor(chart.y[1]) + 1)
    still: list = [Curve(chart, np.array(chart.x), np.full(2, at), "quiet", 1.5) for at in powers]
    for at in powers:
        label = Words(number(float(at)), 28, "muted")
        y = float(chart.point(0, at)[1])
        still.append(label.move_to((chart.left - 0.15 - label.width / 2, y, 0)))
    still.append(Words(say("film axis"), 34, "muted").on_baseline(chart.left - 0.6, 1.9))
    n_steps = int(chart.x[1])
    for at, side in ((0, ORIGIN), (n_steps, RIGHT)):
        x = float(chart.point(at, 1.0)[0])
        label = Words(number(at), 28, "muted")
        still.append(label.on_baseline(x, chart.bottom - 0.4, side))
    middle = (chart.left + chart.left + chart.width) / 2
    still.append(Words(say("step"), 34, "muted").on_baseline(middle, chart.bottom - 0.42, ORIGIN))
    moving: list = []
    for run in both:
        moving.append(Growing(chart, run.rate.values[:, 0], clock, run.color))
    moving.append(Heads(chart, both, clock))
    return still, moving


def chart_of(recorded):
    """Return the chart of the rates, all of them on one logarithmic axis."""
    rates = recorded.rate.values[..., 0]
    low, high = float(rates.min()) / 1.4, float(rates.max()) * 2.2
    wide = (0, recorded.sizes["step"])
    return Chart((3.55, -0.8), 6.4, 4.9, wide, (low, high), log_y=True)


class Heads(Painted):
    """The names at the heads of the curves, none on another; at the end, what became of each."""

    def __init__(self, chart, both, clock):
        super().__init__(13.4, 7.0, reads=[clock])
        self.chart, self.clock = chart, clock
        self.n_steps = both[0].rate.sizes["step"]
        self.curves = [(run.label, run.rate.values[:, 0]) for run in both]
        self.halo, self.text = theme.color("background"), theme.color("text")

    def texts(self):
        """Return what stands at each head now."""
        done = self.clock.get_value() >= self.n_steps - 1e-6
        return [
            say("head", label=label, times=rate[-1] / rate.min(),
                rose=done and rate[-1] >= 2 * rate.min())
            for label, rate in self.curves
        ]  # fmt: skip

    def paint(self, pen):
        """Write them, the lower ones a little lower where two are close."""
        now = self.clock.get_value() - 1
        if now < 0:
            return
        em = 34 / PIXELS_PER_UNIT
        places = [
            between(self.chart.point(np.arange(1, len(rate) + 1), rate), now)
            for _, rate in self.curves
        ]
        heights = spread([float(y) for _, y in places], 0.46)
        for (x, _), y, said in zip(places, heights, self.texts(), strict=True):
            wide = font.advance(said, "semibold") * em
            left = min(float(x) + 0.24, EDGE - wide)
            over = min(1.0, (float(x) + 0.24 - left) / 0.15)  # there is no room beside it: above
            write(pen, said, (left, y - 0.12 + 0.36 * over), em, self.halo, self.text, 1.0)


def spread(wanted, gap):
    """Return places at least a gap apart, as near as can be to where they are wanted."""
    order = np.argsort(wanted)
    placed = np.array(wanted, dtype=float)
    for _ in range(40):  # neighbours push each other away by half of what they lack
        for low, high in itertools.pairwise(order.tolist()):
            lack = gap - (placed[high] - placed[low])
            if lack > 0:
                placed[low] -= lack / 2
                placed[high] += lack / 2
    return placed.tolist()


class Growing(Painted):
    """A rate as far as the clock has come: that of step t stands at t."""

    def __init__(self, chart, rate, clock, color):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.ink = clock, color
        self.places = chart.point(np.arange(1, len(rate) + 1), rate)
        self.halo = theme.color("background")

    def paint(self, pen):
        """Draw the curve and its head."""
        now = self.clock.get_value() - 1
        if now < 0:
            return
        head = between(self.places, now)
        pen.color(self.ink)
        pen.width(4.5)
        pen.context.set_line_join(1)
        pen.polyline(np.vstack([self.places[: int(now) + 1], head]))
        pen.stroke()
        pen.disc(head, 0.12, self.ink, self.halo)
