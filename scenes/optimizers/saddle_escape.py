"""Five ways down leave a saddle, a plateau and a shallow hollow, or don't: who, and when."""

from __future__ import annotations

from functools import partial

import numpy as np
from manim import DOWN, LEFT, RIGHT, ValueTracker

from look import theme
from look.runs import row, series
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "saddle_escape": "theta_saddle (run, step_saddle, param), theta_plateau (run, step_plateau), "
    "theta_hollow (run, step_hollow), left (surface, run), height_saddle (y, x), saddle_x (x), "
    "saddle_y (y), height_plateau (u_plateau), plateau_x (u_plateau), height_hollow (u_hollow), "
    "hollow_x (u_hollow), loss_plateau (run, step_plateau), loss_hollow (run, step_hollow), "
    "surface (surface), run (run), n_runs, saddle_edge, saddle_left, saddle_steps, "
    "plateau_edge, plateau_left, plateau_steps, hollow_edge, hollow_left, hollow_steps, "
    "saddle_noise_left, plateau_noise_left, hollow_noise_left, repeats",
}

DESCRIPTION = """\
Three landscapes side by side, each with an edge and all points at one start: a saddle from above, a
plateau and a shallow hollow from the side. One after the other lights up while the others are dim.
On the saddle the points that divide by the size of the slope turn off the ridge at once, the others
first run to the pass and leave it late. Some points roll off the plateau, some stay. Out of the
hollow get those with speed or with noise. Whoever passes the edge is written under the landscape,
with the step; who is still there at the end stands below them."""

PLACES = ("saddle", "plateau", "hollow")
WIDE, TALL, MIDDLE, GAP = 4.2, 2.9, 0.06, 0.3  # of a landscape, in frame units
FIRST, LINE = -2.0, 0.43  # of the names under it
SECONDS = (3.8, 4.0, 3.2)
DIM = 0.7  # how much of a landscape is hidden while another one's turn is


class SaddleEscape(RecordedScene):
    def construct(self):
        recorded = self.recording("saddle_escape")
        clocks = {name: ValueTracker(0) for name in PLACES}
        lit = {name: ValueTracker(float(name == PLACES[0])) for name in PLACES}
        parts = []
        for name in PLACES:
            draw = saddle if name == "saddle" else partial(profile, name=name)
            parts += draw(recorded, clock=clocks[name])
            parts += [Veil(name, lit[name]), *names(recorded, name, clocks[name])]
            label = Words(say(f"film {name}"), 34, "muted")
            parts.append(label.on_baseline(left_of(name), 2.0))

        self.next_section("start")
        words = self.headline("film start")
        self.add(words, *parts)
        self.wait(0.3)
        for name, seconds in zip(PLACES, SECONDS, strict=True):
            self.next_section(name)
            turns = [
                lit[each].animate.set_value(float(each == name))
                for each in PLACES
                if lit[each].get_value() != float(each == name)
            ]
            if turns:
                self.play(*turns, run_time=0.4)
            n_steps = int(recorded.attrs[f"{name}_steps"])
            self.play_steps(clocks[name], n_steps, seconds / n_steps)

        self.next_section("end")
        self.say(words, "end")
        self.play(*(lit[name].animate.set_value(1) for name in PLACES[:-1]), run_time=0.6)
        self.wait(1.5)


def left_of(name):
    """Return the left edge of a landscape."""
    return (PLACES.index(name) - 1.5) * (WIDE + GAP) + GAP / 2


def shown(name):
    """Return a run's label and the token of its colour."""
    if name == "noise":
        return series(name).label, series(name).token
    fields = row("optimizers", name)
    return fields["label"], fields["color"]


def names(recorded, place, clock):
    """Return who has left a place and at which step, the first on top, and last who stays."""
    left = recorded.left.sel(surface=place).values
    n_steps = int(recorded.attrs[f"{place}_steps"])
    order = np.argsort(np.where(left < 0, n_steps + 1, left), kind="stable").tolist()
    parts = []
    for line, k in enumerate(order):
        label, token = shown(str(recorded.run.values[k]))
        x, y, step = left_of(place), FIRST - line * LINE, int(left[k])

        def told(text, step=step):
            now = int(clock.get_value() + 1e-9)
            return text if now >= (step if step >= 0 else n_steps) else ""

        ink = "text" if step >= 0 else "muted"
        last = say("film cell", step=step, there=step < 0)
        parts += [
            Mark(token, (x + 0.11, y + 0.12), partial(told, "there"), clock),
            Number(partial(told, label), [clock], color=ink, widest=label).move_to(
                (x + 0.36, y, 0), aligned_edge=LEFT + DOWN
            ),
            Number(
                partial(told, last), [clock], color=ink, widest=last, align="right",
                weight="semibold" if step >= 0 else "regular",
            ).move_to((x + WIDE, y, 0), aligned_edge=RIGHT + DOWN),
        ]  # fmt: skip
    return parts


class Mark(Painted):
    """A dot in somebody's colour, once there is something to say of them."""

    def __init__(self, token, place, told, clock):
        super().__init__(0.22, 0.22, reads=[clock])
        self.shift((*place, 0))
        self.ink, self.told = theme.color(token), told

    def paint(self, pen):
        """Draw it."""
        if self.told():
            pen.color(self.ink)
            pen.circle(*self.get_center()[:2].tolist(), 0.11)
            pen.fill()


class Veil(Painted):
    """What dims a landscape while another one's turn is."""

    def __init__(self, name, lit):
        super().__init__(WIDE + 0.3, TALL + 0.6, reads=[lit])
        self.shift((left_of(name) + WIDE / 2, MIDDLE, 0))
        self.lit, self.ink = lit, theme.color("background")

    def paint(self, pen):
        """Cover it with the background, as far as it is not lit."""
        pen.color(self.ink, DIM * (1 - self.lit.get_value()))
        pen.rectangle(*self.box)
        pen.fill()


def saddle(recorded, clock):
    """Return the saddle's map and the five paths."""
    x, y, heights = recorded.saddle_x.values, recorded.saddle_y.values, recorded.height_saddle
    tall = WIDE * (y[-1] - y[0]) / (x[-1] - x[0])  # equal axes
    middle = (left_of("saddle") + WIDE / 2, MIDDLE)
    chart = Chart(middle, WIDE, tall, (x[0], x[-1]), (y[0], y[-1]))
    levels = np.linspace(float(heights.min()), float(heights.max()), 16)[1:]
    parts: list = [Contours(chart, x, y, heights.values, levels)]
    edge = recorded.attrs["saddle_edge"]
    parts += [Dashed(chart, [(x[0], side * edge), (x[-1], side * edge)]) for side in (-1, 1)]
    for k, run in enumerate(recorded.run.values.tolist()):
        path = recorded.theta_saddle.values[k]
        parts.append(Trail(chart, path, clock, color=shown(run)[1], width=4, radius=0.13))
    return parts


def profile(recorded, name, clock):
    """Return the ground of a place seen from the side, its edge, and the five balls on it."""
    across, heights = recorded[f"{name}_x"].values, recorded[f"height_{name}"].values
    room = 0.1 * float(np.ptp(heights))
    span = (float(heights.min()) - room, float(heights.max()) + room)
    middle = (left_of(name) + WIDE / 2, MIDDLE)
    chart = Chart(middle, WIDE, TALL, (across[0], across[-1]), span)
    edge = recorded.attrs[f"{name}_edge"]
    parts: list = [
        Curve(chart, across, heights, "muted", 5),
        Dashed(chart, [(edge, v) for v in span]),
    ]
    theta, loss = recorded[f"theta_{name}"].values, recorded[f"loss_{name}"].values
    for k, run in enumerate(recorded.run.values.tolist()):
        points = np.stack([theta[k], loss[k]], axis=1)
        parts.append(Ball(chart, points, clock, shown(run)[1]))
    return parts


class Ball(Painted):
    """A point on the ground, and where it has just been."""

    def __init__(self, chart, points, clock, color):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock = clock
        self.places = chart.point(points[:, 0], points[:, 1])
        self.ink, self.halo = theme.color(color), theme.color("background")

    def paint(self, pen):
        """Draw the ball at the clock's step."""
        now = self.clock.get_value()
        for back in range(8, 0, -1):
            place = between(self.places, max(now - 0.5 * back, 0))
            pen.color(self.ink, 0.35 * (1 - back / 9))
            pen.circle(*place.tolist(), 0.11)
            pen.fill()
        pen.disc(between(self.places, now), 0.16, self.ink, self.halo, 2)


class Dashed(Painted):
    """The edge of a place."""

    def __init__(self, chart, ends):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.ends = np.array([chart.point(*end) for end in ends])
        self.ink = theme.color("text")

    def paint(self, pen):
        """Draw it."""
        pen.color(self.ink, 0.8)
        pen.width(2)
        pen.context.set_dash([each / PIXELS_PER_UNIT for each in (8, 7)])
        pen.polyline(self.ends)
        pen.stroke()
        pen.context.set_dash([])
