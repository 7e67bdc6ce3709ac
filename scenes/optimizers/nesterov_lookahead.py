"""Nesterov's look-ahead: one step taken apart beside plain momentum's, then both runs."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, Group, Rectangle, ValueTracker, smooth

from look import theme
from look.runs import runs
from scenes.optimizers._marks import arrow
from scenes.parts.charts import Chart, Contours, Trail
from scenes.parts.marks import Key, Star
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "nesterov_lookahead": "theta (run, step, param), from_here (param), carried (param), "
    "looked_at (run, param), pull (run, param), landing (run, param), height (y, x), grid_x (x), "
    "grid_y (y), run (run), calmer, close_reach, close_x, close_y, lr, momentum, momentum_swing, "
    "nesterov_swing",
}

DESCRIPTION = """\
Two close-ups of one narrow valley side by side, with the same point in both. A grey arrow grows
from the point across the valley: what momentum carries on. On the left, plain momentum adds the
slope at the point itself, which pushes the same way, and lands far up the other side. On the right,
Nesterov first goes to the grey arrow's tip and takes the slope there, which points back, and lands
near the valley's floor. Then the whole valley, with a frame where the close-ups were: both paths
run from one start at one pace, and bars show how far each gets beyond the floor.
"""

SIDE = 5.0  # of a close-up, in frame units
MIDDLES = (-3.55, 3.55)


class NesterovLookahead(RecordedScene):
    def construct(self):
        recorded = self.recording("nesterov_lookahead")
        both = list(runs(recorded))
        phase = ValueTracker(0)  # 1: carried, 2: asked, 3: landed
        parts, moving = [], []
        for run, middle in zip(both, MIDDLES, strict=True):
            still, step = close_up(recorded, run, middle, phase)
            parts += still
            moving.append(step)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *parts, *moving)
        self.wait(0.5)
        self.play(phase.animate.set_value(1), run_time=1.4)
        self.wait(0.8)

        self.next_section("slope")
        words = self.say(words, "slope")
        self.play(phase.animate.set_value(2), run_time=1.4)
        self.wait(0.9)
        self.play(phase.animate.set_value(3), run_time=1.2)
        self.wait(0.9)

        self.next_section("runs")
        words = self.say(words, "runs")
        clock = ValueTracker(0)
        ground, paths, bars = whole(recorded, both, clock)
        self.play(*(FadeOut(part) for part in (*parts, *moving)), run_time=0.2)
        self.play(*(FadeIn(part) for part in (*ground, *paths)), run_time=0.35)
        last = recorded.sizes["step"] - 1
        self.play_steps(clock, last, 5.0 / last)

        self.next_section("end")
        momentum, nesterov = (recorded.attrs[f"{run.name}_swing"] for run in both)
        times = momentum / nesterov if nesterov else 0.0
        self.say(words, "end", also=bars, far=int(nesterov > 0), times=times)
        self.wait(1.5)


def levels(heights):
    """Return contour levels, denser where it is low."""
    low, high = float(heights.min()), float(np.quantile(heights, 0.99))
    return low + (high - low) * np.linspace(0, 1, 13)[1:] ** 2


def close_up(recorded, run, middle, phase):
    """Return a close-up's map and name, and its step."""
    attrs = recorded.attrs
    reach = attrs["close_reach"]
    chart = Chart(
        (middle, -0.85),
        SIDE,
        SIDE,
        (attrs["close_x"] - reach, attrs["close_x"] + reach),
        (attrs["close_y"] - reach, attrs["close_y"] + reach),
    )
    ground = Contours(
        chart,
        recorded.grid_x.values,
        recorded.grid_y.values,
        recorded.height.values,
        levels(recorded.height.values),
    )
    name = Words(run.label, 34, weight="semibold").on_baseline(chart.left + 0.35, 1.85)
    row = Group(ground, Key(run.color).move_to((chart.left + 0.11, 1.97, 0)), name)
    return [*row], StepApart(chart, recorded, run, phase)


class StepApart(Painted):
    """One step: what is carried on, where the slope is asked, what it adds, where it lands."""

    def __init__(self, chart, recorded, run, phase):
        super().__init__(chart.width, chart.height, reads=[phase])
        self.shift((*chart.center, 0))
        self.phase, self.looks = phase, run.name == "nesterov"
        here, carried = recorded.from_here.values, recorded.carried.values
        self.here = chart.point(*here)
        self.tip = chart.point(*(here + carried))
        self.asked = chart.point(*run.data.looked_at.values)
        self.pulled = chart.point(*(run.data.looked_at.values + run.data.pull.values))
        self.landing = chart.point(*run.data.landing.values)
        self.ink, self.grey = run.color, theme.color("muted")
        self.text, self.halo = theme.color("text"), theme.color("background")

    def shares(self):
        """Return how much there is by now of what is carried, the ring, the slope, and the way."""
        carried, asked, landed = (
            float(smooth(np.clip(self.phase.get_value() - k, 0, 1))) for k in range(3)
        )
        if not self.looks:
            return carried, 0.0, asked, landed
        return carried, min(2 * asked, 1.0), max(2 * asked - 1, 0.0), landed

    def paint(self, pen):
        """Draw as much as the phase has come to."""
        carried, there, asked, landed = self.shares()
        arrow(pen, self.here, self.here + carried * (self.tip - self.here), self.grey, 7)
        # The slope's arrow grows where it is asked, once the ring is there, and is then added to
        # the grey one.
        start = self.asked + landed * (self.tip - self.asked)
        reach = self.pulled - self.asked
        arrow(pen, start, start + asked * reach, self.ink, 7)
        if there:
            place = self.here + there * (self.tip - self.here)
            pen.disc(place, 0.15, self.halo, self.text, 3)
        if not there:
            pen.disc(self.here, 0.15, self.text, self.halo, 2)
        else:
            pen.disc(self.here, 0.1, self.text, self.halo, 2)
        if landed:
            way = np.array([self.here, self.tip, self.landing])
            first = np.clip(2 * landed, 0, 1)
            second = np.clip(2 * landed - 1, 0, 1)
            head = way[0] + first * (way[1] - way[0]) + second * (way[2] - way[1])
            pen.disc(head, 0.17, self.ink, self.halo, 2)


def whole(recorded, both, clock):
    """Return the map of both runs with their names, their paths, and bars of their swings.

    A frame on the map is what the close-ups showed.
    """
    x, y = recorded.grid_x.values, recorded.grid_y.values
    width = 13.2
    tall = width * (y[-1] - y[0]) / (x[-1] - x[0])  # equal axes
    chart = Chart((0, -1.15), width, tall, (x[0], x[-1]), (y[0], y[-1]))
    heights = recorded.height.values
    ground: list = [Contours(chart, x, y, heights, levels(heights)), Star(chart.point(0.0, 0.0))]
    attrs = recorded.attrs
    side = 2 * attrs["close_reach"] * width / (x[-1] - x[0])
    frame = Rectangle("white", height=side, width=side, stroke_width=2)
    frame.set_stroke(theme.color("muted"))
    ground.append(frame.move_to((*chart.point(attrs["close_x"], attrs["close_y"]), 0)))
    paths, bars = [], []
    for i, run in enumerate(both):
        left = chart.left + 3.2 * i
        ground += [
            Key(run.color).move_to((left + 0.11, 1.97, 0)),
            Words(run.label, 34, weight="semibold").on_baseline(left + 0.35, 1.85),
        ]
        paths.append(
            Trail(chart, run.theta.values, clock, color=run.color, width=4, radius=0.13, dots=True)
        )
        if attrs[f"{run.name}_swing"] > 0:
            bars.append(Swing(chart, run.theta.values))
    return ground, paths, bars


class Swing(Painted):
    """A bar from the valley's floor to where a path is the farthest beyond it."""

    def __init__(self, chart, theta):
        at = theta[(-np.sign(theta[0, 1]) * theta[:, 1]).argmax()]
        self.ends = np.array([chart.point(at[0], 0.0), chart.point(*at)])
        super().__init__(0.3, abs(self.ends[1, 1] - self.ends[0, 1]) + 0.1)
        self.move_to((*self.ends.mean(0), 0))
        self.inks = ((theme.color("background"), 10), (theme.color("text"), 5))

    def paint(self, pen):
        """Draw it with both its ends."""
        for ink, wide in self.inks:
            pen.color(ink)
            pen.width(wide)
            for line in (self.ends, *(np.add(end, [[-0.12, 0], [0.12, 0]]) for end in self.ends)):
                pen.polyline(line)
                pen.stroke()
