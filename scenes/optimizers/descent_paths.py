"""Paths of any optimizers over any function of two numbers, step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

from look.maps import band, levels
from look.runs import numbered
from look.words import say
from scenes.parts.charts import Chart, Contours, Trail, between
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "descent_paths": "theta (run, step, param), loss (run, step), height (y, x), grid_x (x), "
    "grid_y (y), run (run), n_steps",
}

DESCRIPTION = """\
A wide map of contour lines, with a star at the lowest point where that is known, and beside it a
list of names in colours. From one place on the map a point sets off for each name, all at one pace
of steps, and draws its path; with each name stands the loss where its point is. At last the name of
the one that got lowest is said."""

WIDE, TALL = 9.4, 5.7  # of the map at most, in frame units
LEFT_EDGE, TOP = -6.6, 2.05
SLOW, FAST = 4.5, 1.6  # seconds of the descent, and of its end, where little moves
MOST = 0.9  # of the way of the one that gets lowest, after which it is the end


class DescentPaths(RecordedScene):
    def construct(self):
        recorded = self.recording("descent_paths")
        n_steps, clock = recorded.sizes["step"] - 1, ValueTracker(0)
        chart, ground = ground_of(recorded)
        runs, losses = numbered(recorded.run.values.tolist()), recorded.loss.values
        best = int(np.nan_to_num(losses[:, -1], nan=np.inf).argmin())
        right = LEFT_EDGE + chart.width + 0.5
        each = min(1.3, (TALL - 0.6) / len(runs))
        under = each > 1.0  # there is room for two lines
        trails, names = [], []
        for k, run in enumerate(runs):
            trails.append(Trail(chart, recorded.theta.values[k], clock, color=run.token,
                                width=7 if k == best else 4))  # fmt: skip
            at = TOP - 0.4 - each * k
            names.append(Words(run.label, 40 if under else 34, run.token,
                               weight="semibold").on_baseline(right, at))  # fmt: skip
            loss = measured(losses[k], clock)
            place = (right, at - 0.5, 0) if under else (right + 2.2, at, 0)
            names.append(loss.move_to(place, aligned_edge=LEFT + DOWN))
        counter = Number(
            lambda: say("step", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("step", step=10 * n_steps),
        )  # fmt: skip
        counter.move_to((right, TOP - chart.height, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start", n=len(runs))
        # The lowest broad and below, the shortest on top, as in the figure.
        long = np.linalg.norm(np.diff(recorded.theta.values, axis=1), axis=2).sum(1)
        order = sorted(range(len(runs)), key=lambda k: (k != best, -long[k]))
        self.add(words, *ground, counter, *names, *(trails[k] for k in order))
        self.wait(0.4)

        self.next_section("descent")
        turn = far(recorded.theta.values[best])
        self.play_steps(clock, turn, SLOW / turn)
        if turn < n_steps:
            self.play_steps(clock, n_steps, FAST / (n_steps - turn))

        self.next_section("end")
        self.say(words, "end", who=runs[best].label, loss=losses[best, -1])
        self.wait(1.5)


def far(path):
    """Return the step, from 1 on, at which one has come most of its way."""
    way = np.nan_to_num(np.linalg.norm(np.diff(path, axis=0), axis=1)).cumsum()
    return 1 + int(np.searchsorted(way, MOST * way[-1]))


def ground_of(recorded):
    """Return the map's chart, and what lies there: its contours, and a star where it is lowest."""
    x, y, height = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
    paths = recorded.theta.values
    minimum = recorded["minimum"].values if "minimum" in recorded else None
    places = paths if minimum is None else np.concatenate([paths, minimum + 0 * paths[:1]])
    across, up = band(places, x, y)
    tall = WIDE * (up[1] - up[0]) / (across[1] - across[0])  # equal axes
    wide, tall = WIDE * min(1, TALL / tall), min(tall, TALL)
    chart = Chart((LEFT_EDGE + wide / 2, TOP - tall / 2), wide, tall, across, up)
    rows = (y >= up[0] - (y[1] - y[0])) & (y <= up[1] + (y[1] - y[0]))
    ground = [Contours(chart, x, y[rows], height[rows], levels(height, 14)[1:])]
    return chart, ground + ([] if minimum is None else [Star(chart.point(*minimum))])


def measured(losses, clock):
    """Return the loss where a point is now, as a number."""

    def now():
        return say("now", loss=float(between(losses, clock.get_value())))

    return Number(now, [clock], widest=say("now", loss=float(losses[0])))
