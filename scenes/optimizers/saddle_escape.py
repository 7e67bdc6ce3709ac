"""Five ways down leave a saddle, a plateau and a shallow hollow, or don't; a table fills."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, FadeIn, FadeOut, ValueTracker

from look import theme
from look.runs import row, series
from look.words import say
from scenes.parts.charts import Chart, Contours, Curve, Trail, between
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "saddle_escape": "theta_saddle (run, step_saddle, param), theta_plateau (run, step_plateau), "
    "theta_hollow (run, step_hollow), left (surface, run), height_saddle (y, x), saddle_x (x), "
    "saddle_y (y), height_plateau (u_plateau), plateau_x (u_plateau), height_hollow (u_hollow), "
    "hollow_x (u_hollow), loss_plateau (run, step_plateau), loss_hollow (run, step_hollow), "
    "surface (surface), run (run), n_runs, saddle_edge, saddle_left, saddle_off, saddle_steps, "
    "plateau_edge, plateau_left, plateau_steps, hollow_edge, hollow_left, hollow_steps, "
    "saddle_noise_left, plateau_noise_left, hollow_noise_left, repeats",
}

ASPECTS = {"9:16": [(-6.85, -3.4, -0.38, 2.3), (-0.38, -3.0, 6.9, 2.3)]}

DESCRIPTION = """\
Left, a saddle from above, five points at one start on its ridge; right, a table with five methods
and three empty columns. The points set off; those that divide by the size of the slope turn off the
ridge at once, the others first run to the pass and leave it late. Each one's step goes into the
table. Then a plateau seen from the side: some points roll off it, some stay. Then a shallow hollow
before a deeper one: the points that get over the edge between them get their step, the others a
dash.
"""

PLACES = ("saddle", "plateau", "hollow")
LEFT_EDGE, WIDE, TALL, MIDDLE = -6.6, 6.1, 3.9, -0.75
COLUMNS = (3.7, 5.25, 6.65)  # right edges of the table's columns
SECONDS = (4.0, 4.2, 3.4)


class SaddleEscape(RecordedScene):
    def construct(self):
        recorded = self.recording("saddle_escape")
        clocks = {name: ValueTracker(0) for name in PLACES}
        heads, cells = table(recorded, clocks)
        acts = {
            "saddle": saddle(recorded, clocks["saddle"]),
            "plateau": profile(recorded, "plateau", clocks["plateau"]),
            "hollow": profile(recorded, "hollow", clocks["hollow"]),
        }
        words = self.headline("film saddle")
        before: list = []
        for name, seconds in zip(PLACES, SECONDS, strict=True):
            self.next_section(name)
            if not before:
                self.add(words, *heads, *acts[name], *cells)
                self.wait(0.6)
            else:
                words = self.say(words, f"film {name}")
                changes = [FadeOut(part) for part in before]
                self.play(*changes, *(FadeIn(part) for part in acts[name]), run_time=0.4)
            n_steps = int(recorded.attrs[f"{name}_steps"])
            self.play_steps(clocks[name], n_steps, seconds / n_steps)
            self.wait(0.3)
            before = acts[name]

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.6)


def shown(name):
    """Return a run's label and the token of its colour."""
    if name == "noise":
        return series(name).label, series(name).token
    fields = row("optimizers", name)
    return fields["label"], fields["color"]


def table(recorded, clocks):
    """Return the table's words, and its cells, which fill when a run has left."""
    heads: list = [
        Words(say(name).split()[-1], 34, "muted").on_baseline(right, 1.55, RIGHT)
        for name, right in zip(PLACES, COLUMNS, strict=True)
    ]
    cells = []
    for i, run in enumerate(recorded.run.values.tolist()):
        label, token = shown(run)
        y = 0.75 - 0.85 * i
        heads.append(Key(token).move_to((-0.15, y + 0.12, 0)))
        heads.append(Words(label, 34, weight="semibold").on_baseline(0.1, y))
        for name, right in zip(PLACES, COLUMNS, strict=True):
            step, last = int(recorded.left.sel(surface=name, run=run)), clocks[name]
            n_steps = int(recorded.attrs[f"{name}_steps"])

            def told(step=step, clock=last, n_steps=n_steps):
                now = int(clock.get_value() + 1e-9)
                over = now >= n_steps
                if 0 <= step <= now or over:
                    return say("cell", step=step, there=step < 0)
                return ""

            cell = Number(told, [last], size=34, widest="000", align="right")
            cells.append(cell.move_to((right, y, 0), aligned_edge=RIGHT + DOWN))
    return heads, cells


def saddle(recorded, clock):
    """Return the saddle's map and the five paths."""
    x, y, heights = recorded.saddle_x.values, recorded.saddle_y.values, recorded.height_saddle
    tall = WIDE * (y[-1] - y[0]) / (x[-1] - x[0])  # equal axes
    chart = Chart((LEFT_EDGE + WIDE / 2, MIDDLE), WIDE, tall, (x[0], x[-1]), (y[0], y[-1]))
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
    chart = Chart((LEFT_EDGE + WIDE / 2, MIDDLE), WIDE, TALL, (across[0], across[-1]), span)
    edge = recorded.attrs[f"{name}_edge"]
    parts: list = [
        Curve(chart, across, heights, "muted", 4),
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
            pen.circle(*place.tolist(), 0.12)
            pen.fill()
        pen.disc(between(self.places, now), 0.17, self.ink, self.halo, 2)


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
