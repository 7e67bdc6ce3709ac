"""Three swarms of noisy descents on one loss: each is as wide as its rate is high."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, Circle, ValueTracker, linear, smooth

from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import Visual, say
from scenes.parts.charts import Chart, Contours, between
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

RUN_SECONDS = 3.8

READS = {
    "schedule_descent": "theta (run, run_seed, step, param), lr (run, step), width (run, step), "
    "minimum (param), grid_x (x), grid_y (y), loss (y, x), run (run), breathes, narrowest, "
    "n_steps",
}

VISUAL = Visual(
    uses=["schedule_descent"],
    title="A swarm of noisy descents is as wide as its rate is high",
    alt="Three maps of one loss, a swarm of {n_runs} points on each and the course of the learning "
    "rate under it: constant, triangular cycles, cosine. In the end the swarms are "
    "{width_of_constant:.2f}, {width_of_cyclical:.2f} and {width_of_decayed:.2f} from the minimum.",
    caption="Two weights of a linear neuron, trained on single examples of {n_train}, drawn at "
    "random; {n_runs} runs a swarm, from one start and on the same examples in all three. The rate "
    "is {lr:g}, or goes between {lr:g} and {low:.0%} of it in cycles, or falls to 0 along half a "
    "cosine. The circle and the number: distance to the minimum, root mean square; all maps have "
    "one scale at any time. Between the "
    "cyclical rate and the width of its swarm the correlation is {follows:.2f} after the first "
    "quarter.",
    words={
        "start": "Which learning rate brings noisy descents closest?\n"
        "A dot is a run that steps on one example at a time. Below: its learning rate.",
        "running": "{breathes:?The rate changes, and the noise stays|The swarm breathes with its "
        "rate}. And if the rate only falls?\n"
        "Circle: how far a run typically is from the star. All maps zoom in alike.",
        "verdict": "{narrowest:?none=Neither ends clearly closer than the constant rate|"
        "constant=The constant rate ends closest here|cyclical=The cycling rate ends closest|"
        "decayed=The rate that only falls ends closest}\n"
        "All three had the same start, the same examples and the same highest rate.",
        "distance": "distance",
        "rate": "learning rate over {n_steps} steps, from 0 up",
    },
    series={
        "constant": ["constant", "muted"],
        "cyclical": ["triangular", "vermillion"],
        "decayed": ["cosine", "green"],
    },
)

DESCRIPTION = """\
Three maps of the same round bowl stand side by side, each with a strip under it for its learning
rate. First only the left one is bright: its rate is a level line, and as a mark runs along it a
swarm of points flies from one start towards the star, the minimum, with a circle as large as its
mean distance, which stays wide. Then the second one runs, whose rate goes up and down in triangles,
and its circle shrinks and grows with it. Last comes the third, whose rate falls along half a
cosine: its circle shrinks and stays small. In the end the circles of the others go over to the
closest swarm, which stays bright, and lie around its own.
"""

WIDE, GAP, MAP_TOP, MAP_TALL = 4.2, 0.32, 1.75, 3.75
STRIP_TOP, STRIP_TALL = -2.25, 0.95
FAINT = 0.3  # opacity of what another one runs beside


class ScheduleDescent(RecordedScene):
    poster_section = "running"

    def construct(self):
        recorded = self.recording("schedule_descent")
        n_steps = recorded.sizes["step"] - 1
        names = recorded.run.values.tolist()
        columns: list[Column] = []
        for i, name in enumerate(names):
            closer = columns[0].clock if columns else None
            columns.append(Column(recorded, name, column_left(i), closer))
        for column in columns[1:]:  # until it is their turn
            for part in column.moving:
                part.set_opacity(FAINT)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *(part for each in columns for part in (*each.still, *each.moving)))
        for i, column in enumerate(columns):
            if i == len(columns) - 1:
                self.next_section("running")
                words = self.say(words, "running")
            bright = [part.animate.set_opacity(1) for part in column.moving if i]
            self.play(column.drawn.animate.set_value(1), *bright, run_time=0.8, rate_func=linear)
            self.play_steps(column.clock, n_steps, RUN_SECONDS / n_steps)

        self.next_section("verdict")
        best = recorded.attrs["narrowest"]
        faint = [
            part.animate.set_opacity(FAINT)
            for column, name in zip(columns, names, strict=True)
            for part in column.moving
            if best in names and name != best and not isinstance(part, Number)
        ]
        self.say(words, "verdict")
        if faint:
            at = names.index(best)
            rings = [column.ring() for k, column in enumerate(columns) if k != at]
            self.add(*rings)
            self.play(
                *faint, *(ring.animate.move_to((*columns[at].best, 0)) for ring in rings),
                run_time=1.2,
            )  # fmt: skip
        self.wait(1.5)


def column_left(i):
    """Return the left edge of a schedule's column."""
    return -(3 * WIDE + 2 * GAP) / 2 + i * (WIDE + GAP)


class Column:
    """One schedule: its swarm on the map, its rate in the strip, and the distance.

    `clock` is in steps; with `drawn` the course of its rate comes. `closer`, the first column's
    clock, brings the maps closer, all of them at once.
    """

    def __init__(self, recorded, name, left, closer=None):
        clock, drawn = self.clock, self.drawn = ValueTracker(0), ValueTracker(0)
        run, own = recorded.sel(run=name), series(name)
        x, y = recorded.grid_x.values, recorded.grid_y.values
        middle, reach = (y[0] + y[-1]) / 2, (y[-1] - y[0]) / 2
        share = MAP_TALL / WIDE
        chart = Chart(
            (left + WIDE / 2, MAP_TOP - MAP_TALL / 2), WIDE, MAP_TALL, (x[0], x[-1]),
            (middle - share * reach, middle + share * reach),
        )  # fmt: skip
        heights = recorded.loss.values
        levels = heights.min() + np.linspace(0, 1, 11)[1:] ** 2 * np.ptp(heights)
        label = Words(own.label, 34, weight="semibold").on_baseline(left, MAP_TOP + 0.17)
        value = Number(
            lambda: fixed(float(between(run.width.values, clock.get_value())), 2), [clock],
            size=34, weight="semibold", widest="0.00", align="right",
        )  # fmt: skip
        value.move_to((left + WIDE, MAP_TOP + 0.17, 0), aligned_edge=-LEFT + DOWN)
        distance = Words(say("distance"), 34, "muted")
        distance.on_baseline(value.get_left()[0] - 0.15, MAP_TOP + 0.17, -LEFT)
        self.still = [label, distance]
        if name == recorded.run.values[0]:
            below = STRIP_TOP - STRIP_TALL - 0.48
            self.still.append(Words(say("rate"), 34, "muted").on_baseline(left, below))
        highest = float(recorded.lr.max())
        minimum = recorded.minimum.values
        closer = Closer(chart, recorded, clock if closer is None else closer)
        self.best = closer.best
        self.swarm = Swarm(chart, run.theta.values, run.width.values, closer, clock, own.color)
        self.moving = [
            Bowl(chart, x, y, heights, levels, closer),
            self.swarm,
            Star(chart.point(*minimum)),
            Strip(left, run.lr.values / highest, clock, drawn, own.color),
            value,
        ]

    def ring(self):
        """Return the swarm's circle as it is now, to be moved."""
        circle = Circle(self.swarm.radius(), self.swarm.ink, stroke_width=3)
        return circle.move_to((*self.best, 0))


class Closer:
    """How the maps come closer once the first swarm has arrived, as far as the widest allows."""

    START, STOP = 0.2, 0.36  # of all steps

    def __init__(self, chart, recorded, clock):
        self.clock, self.n_steps = clock, recorded.sizes["step"] - 1
        minimum = recorded.minimum.values
        self.best = chart.point(*minimum)
        self.unit = float(chart.point(minimum[0] + 1, minimum[1])[0] - self.best[0])
        late = recorded.width.values[:, int(self.STOP * self.n_steps) :].max()
        self.most = float(np.clip(0.3 * chart.height / (self.unit * late), 1, 3))

    def scale(self):
        """Return by how much the map is magnified now."""
        share = (self.clock.get_value() / self.n_steps - self.START) / (self.STOP - self.START)
        return 1 + (self.most - 1) * smooth(float(np.clip(share, 0, 1)))

    def place(self, points):
        """Return where points of the chart, (…, 2) in frame units, are now."""
        return self.best + self.scale() * (points - self.best)


class Bowl(Contours):
    """The loss, coming closer."""

    def __init__(self, chart, x, y, heights, levels, closer):
        super().__init__(chart, x, y, heights, levels)
        self.closer, self.reads = closer, (closer.clock,)

    def paint(self, pen):
        context, (x, y) = pen.context, self.closer.best.tolist()
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        context.translate(x, y)
        context.scale(self.closer.scale(), self.closer.scale())
        context.translate(-x, -y)
        super().paint(pen)
        context.restore()


class Swarm(Painted):
    """Points with short tails, and a circle around the minimum, as wide as they are away."""

    TAIL = 3.0  # steps

    def __init__(self, chart, theta, away, closer, clock, color):
        super().__init__(chart.width, chart.height, reads=[closer.clock, clock])
        self.shift((*chart.center, 0))
        self.chart, self.closer, self.clock, self.away = chart, closer, clock, away
        self.places = chart.point(theta[..., 0], theta[..., 1]).transpose(1, 0, 2)
        self.ink, self.halo = color, theme.color("background")

    def radius(self):
        """Return the circle's radius now, in frame units."""
        away = float(between(self.away, self.clock.get_value()))
        return self.closer.scale() * self.closer.unit * away

    def paint(self, pen):
        at = self.clock.get_value()
        context = pen.context
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        pen.circle(*self.closer.best, self.radius())
        pen.color(self.ink, 0.16)
        context.fill_preserve()
        pen.color(self.ink)
        pen.width(3)
        pen.stroke()
        backs = np.linspace(0, self.TAIL, 7)
        corners = [self.closer.place(between(self.places, at - back)) for back in backs]
        for k, (a, b) in enumerate(pairwise(corners)):
            pen.color(self.ink, 0.6 * (1 - k / 6))
            pen.width(2.5)
            for start, end in zip(a.tolist(), b.tolist(), strict=True):
                context.move_to(*start)
                context.line_to(*end)
            pen.stroke()
        context.restore()
        seen = corners[0][self.chart.inside(corners[0])]
        pen.discs(seen, 0.095, np.tile(rgb(self.ink), (len(seen), 1)), self.halo, 1.5)


class Strip(Painted):
    """The course of a rate, filled as far as the clock has come."""

    def __init__(self, left, share, clock, drawn, color):
        super().__init__(WIDE, STRIP_TALL, reads=[clock, drawn])
        self.move_to((left + WIDE / 2, STRIP_TOP - STRIP_TALL / 2, 0))
        self.share, self.clock, self.drawn = share, clock, drawn
        self.ink, self.halo = color, theme.color("background")
        self.quiet = theme.color("quiet")

    def paint(self, pen):
        left, bottom, wide, tall = self.box
        steps = len(self.share) - 1
        x = left + wide * np.arange(steps + 1) / steps
        line = np.stack([x, bottom + tall * self.share], axis=1)
        pen.color(self.quiet)
        pen.width(1.5)
        pen.polyline(np.array([[left, bottom], [left + wide, bottom]]))
        pen.stroke()
        for until, alpha in ((self.drawn.get_value() * steps, 0.0), (self.clock.get_value(), 0.4)):
            head = between(line, until)
            passed = np.vstack([line[: int(until + 1e-9) + 1], head])
            if alpha:
                pen.polyline(np.vstack([[left, bottom], passed, [head[0], bottom]]), close=True)
                pen.color(self.ink, alpha)
                pen.fill()
            else:
                pen.color(self.ink, 0.75)
                pen.width(3)
                pen.polyline(passed)
                pen.stroke()
        pen.disc(between(line, self.clock.get_value()), 0.11, self.ink, self.halo)
