"""Two parameters go downhill: one path, on the surface and on its map, on one clock."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, FadeIn, Group, ValueTracker, VGroup, linear

from look import theme
from look.numbers import fixed, number
from look.words import say
from scenes.parts.charts import Chart, Contours
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.surfaces import Surface
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "descent_two_parameters": "theta (step, param), gradient (step, param), move (step, param), "
    "path_loss (step), loss (y, x), grid_x (x), grid_y (y), end_loss, last_move, longest_move, lr, "
    "n_steps, start_loss",
}

DESCRIPTION = """\
Left, a surface with a hilltop and a hollow; right, the same surface from above as a map of contour
lines. A point stands near the top on both. An arrow on the map turns this way and that, and comes
to rest where it is minus the learning rate times the gradient: at a right angle to the contour line
through the point, which is drawn brightly. The point follows the arrow, on the surface and on the
map at once, and this repeats: the arrows grow on the steep slope, bend towards the hollow, and
shrink to nothing at its bottom.
"""


class DescentTwoParameters(RecordedScene):
    def construct(self):
        recorded = self.recording("descent_two_parameters")
        clock, shown, turn = ValueTracker(0), ValueTracker(0), ValueTracker(2.6)
        azimuth = ValueTracker(34)
        x, y, loss = recorded.grid_x.values, recorded.grid_y.values, recorded.loss.values
        low, high = float(loss.min()), float(loss.max())
        theta, losses = recorded.theta.values, recorded.path_loss.values
        n_steps = len(theta) - 1
        path = np.column_stack([theta, (losses - low) / (high - low)])
        every = max(1, round(len(x) / 48))  # a finer mesh looks the same and draws slower
        mesh = x[::every], y[::every], (loss[::every, ::every] - low) / (high - low)
        surface = Surface(
            *mesh, azimuth,
            size=4.6, rise=2.4, elevation=50, path=path, clock=clock, color="vermillion",
        ).move_to((-3.3, -0.35, 0))  # fmt: skip
        chart = Chart((3.85, -0.2), 5.0, 5.0, (x[0], x[-1]), (y[0], y[-1]))
        plan = Contours(chart, x, y, loss, np.linspace(low, high, 14)[1:-1])
        steps = Steps(chart, recorded, clock, shown, turn)
        inner = [np.arange(np.ceil(a[0]), a[-1] - 0.6) for a in (x, y)]  # away from the names
        names = VGroup(
            chart.x_ticks(inner[0].tolist()),
            chart.y_ticks(inner[1].tolist()),
            Words("θ₁", 34, "muted").on_baseline(chart.left + 5.0, chart.bottom - 0.44, RIGHT),
            Words("θ₂", 34, "muted").on_baseline(chart.left - 0.2, 2.05, RIGHT),
        )

        def now(write):
            return lambda: write(whole(clock, n_steps))

        gradient = recorded.gradient.values

        rows = [
            ("step", now(number), "00"),
            (
                "gradient",
                now(lambda k: say("gradient now", x=gradient[k, 0], y=gradient[k, 1])),
                "+00.0, +00.0",
            ),
            ("loss", now(lambda k: fixed(losses[k], 1)), "−00.0"),
        ]
        counters = Group()
        for (name, text, widest), left in zip(rows, (-6.6, -5.15, -1.2), strict=True):
            label = Words(name, 34, "muted").on_baseline(left, -3.45)
            value = Number(text, [clock], size=34, widest=widest)
            counters.add(label, value.next_to(label, RIGHT, buff=0.15))
            value.move_to((value.get_center()[0], -3.45, 0), aligned_edge=DOWN)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, plan, names, surface, steps, counters)
        self.play(shown.animate.set_value(1), azimuth.animate.set_value(30), run_time=0.6)
        # This way? Or that? It comes to rest where the slope is steepest.
        for angle, seconds in ((-0.9, 1.3), (0.5, 0.8), (0.0, 0.5)):
            self.play(turn.animate.set_value(angle), run_time=seconds)

        self.next_section("gradient")
        words = self.say(words, "gradient")
        rule = Formula("theta arrow.l theta - eta nabla J(theta)", 34)
        rule.move_to((6.35, 3.36, 0), RIGHT)
        self.play(FadeIn(rule), run_time=0.5)
        self.play(azimuth.animate.set_value(22), run_time=1.6, rate_func=linear)

        self.next_section("descent")
        words = self.say(words, "descent")
        self.play(
            clock.animate.set_value(n_steps),
            azimuth.animate.set_value(-6),
            run_time=0.7 * n_steps,
            rate_func=linear,
        )

        self.next_section("end")
        arrived = recorded.attrs["last_move"] < 0.05 * recorded.attrs["longest_move"]
        self.say(words, "end", arrived=arrived)
        self.play(azimuth.animate.set_value(-11), run_time=2.2)


def whole(clock, last):
    """Return the latest whole step."""
    return min(int(clock.get_value() + 1e-9), last)


class Steps(Painted):
    """The steps on the map: those taken as lines, the next as an arrow from its contour line.

    An arrow and its contour line belong to the place where a step begins; they fade while it is
    taken.
    """

    def __init__(self, chart, recorded, clock, shown, turn):
        import contourpy

        super().__init__(chart.width, chart.height, reads=[clock, shown, turn])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.shown, self.turn = chart, clock, shown, turn
        theta, losses = recorded.theta.values, recorded.path_loss.values
        self.places = chart.point(theta[:, 0], theta[:, 1])
        ends = theta + recorded.move.values
        self.tips = chart.point(ends[:, 0], ends[:, 1])
        generator = contourpy.contour_generator(
            recorded.grid_x.values,
            recorded.grid_y.values,
            recorded.loss.values,
            line_type=contourpy.LineType.Separate,
        )
        self.lines = [
            [chart.point(*np.asarray(line).T) for line in generator.lines(loss)]
            for loss in losses.tolist()
        ]
        self.ink, self.halo = theme.color("vermillion"), theme.color("background")
        self.text = theme.color("text")

    def paint(self, pen):
        last = len(self.places) - 1
        step = min(self.clock.get_value(), last)
        here = whole(self.clock, last)
        share = max(step - here, 0.0)
        head = self.places[here]
        if share:
            head = (1 - share) * head + share * self.places[here + 1]
        alpha = self.shown.get_value() * (1 - share)
        context = pen.context
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        pen.color(self.text, alpha)
        pen.width(3.5)
        for line in self.lines[here]:
            pen.polyline(line)
        pen.stroke()
        way = np.vstack([self.places[: here + 1], head])
        context.set_line_join(1)
        for color, width in ((self.halo, 6), (self.ink, 3)):
            pen.color(color)
            pen.width(width)
            pen.polyline(way)
            pen.stroke()
        for x, y in self.places[1 : here + 1].tolist():
            pen.circle(x, y, 0.06)
            pen.fill()
        if step > 0:
            pen.disc(self.places[0], 0.075, self.halo, self.ink)
        turn = self.turn.get_value()
        way, across = self.tips[here] - self.places[here], np.array([-1, 1])
        turned = np.cos(turn) * way + np.sin(turn) * across * way[::-1]
        self.arrow(pen, self.places[here], self.places[here] + turned, self.shown.get_value())
        if turn == 0:
            self.corner(pen, self.places[here], self.tips[here], alpha)
        pen.disc(head, 0.09, self.ink, self.halo)
        context.restore()

    def arrow(self, pen, start, end, alpha):
        length = float(np.linalg.norm(end - start))
        if length < 0.02:
            return
        along = (end - start) / length
        across = np.array([-along[1], along[0]])
        size = min(0.24, 0.55 * length)
        neck = end - size * along
        for color, width in ((self.halo, 8), (self.ink, 4)):
            pen.color(color, alpha)
            pen.width(width)
            pen.polyline(np.array([start, neck]))
            pen.stroke()
        pen.polyline(np.array([end, neck + 0.5 * size * across, neck - 0.5 * size * across]), True)
        pen.fill()

    def corner(self, pen, start, end, alpha):
        length = float(np.linalg.norm(end - start))
        if length < 0.3:  # no room for the mark of a right angle
            return
        along = min(0.5, 0.45 * length) * (end - start) / length
        across = np.array([-along[1], along[0]])
        pen.color(self.text, alpha)
        pen.width(4)
        pen.polyline(start + np.array([across, across + along, along]))
        pen.stroke()
