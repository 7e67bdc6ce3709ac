"""Paths of any optimizers over any function of two numbers, step by step."""

from __future__ import annotations

import itertools

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, ValueTracker

from look import theme
from look.maps import band, legs, levels
from look.runs import numbered
from look.words import say
from scenes.optimizers._marks import arrow
from scenes.parts.charts import Chart, Contours, Trail, between
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "descent_paths": "theta (run, step, param), loss (run, step), height (y, x), grid_x (x), "
    "grid_y (y), run (run), n_steps",
}

DESCRIPTION = """\
A wide map of contour lines, with a star at the lowest point where that is known, and beside it a
list of names in colours. From one place on the map a point sets off for each name, all at one pace
of steps, and draws its path; under each name a bar shrinks as its point comes nearer to the star,
or the loss is written where there is no star. At last it is said whose bar is the shortest; and
where that is momentum's in a curved valley, arrows along its path turn to and fro where it begins,
and all point one way where it ends."""

WIDE, TALL = 9.4, 5.7  # of the map at most, in frame units
LEFT_EDGE, TOP = -6.6, 2.05
SLOW, FAST = 4.5, 1.6  # seconds of the descent, and of its end, where little moves
LONG = 2.3  # the bar of a whole way, in frame units
MOST = 0.9  # of the way of the one that gets lowest, after which it is the end


class DescentPaths(RecordedScene):
    def construct(self):
        recorded = self.recording("descent_paths")
        n_steps, clock = recorded.sizes["step"] - 1, ValueTracker(0)
        chart, ground = ground_of(recorded)
        runs, losses = numbered(recorded.run.values.tolist()), recorded.loss.values
        best = int(np.nan_to_num(losses[:, -1], nan=np.inf).argmin())
        right, left = LEFT_EDGE + chart.width + 0.5, way_left(recorded)
        head = 0.6 if left is not None else 0.0  # over the bars, what they are
        each = min(1.3, (TALL - 0.6 - head) / len(runs))
        under = each > 1.0  # there is room for two lines
        head *= under
        trails, names = [], []
        for k, run in enumerate(runs):
            trails.append(Trail(chart, recorded.theta.values[k], clock, color=run.token,
                                width=7 if k == best else 4))  # fmt: skip
            at = TOP - 0.4 - head - each * k
            names.append(Words(run.label, 40 if under else 34, run.token,
                               weight="semibold").on_baseline(right, at))  # fmt: skip
            if left is not None and under:
                names += left_of(left[k], clock, run.token, right, at - 0.58)
                continue
            loss = measured(losses[k], clock)
            place = (right, at - 0.5, 0) if under else (right + 2.2, at, 0)
            names.append(loss.move_to(place, aligned_edge=LEFT + DOWN))
        if head:
            way = Words(say("way"), 34, "muted", width=6.8 - right)
            names.append(way.move_to((right, TOP, 0), aligned_edge=LEFT + UP))
        counter = Number(
            lambda: say("step", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("step", step=10 * n_steps),
        )  # fmt: skip
        counter.move_to((right, TOP - chart.height, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start", n=len(runs), star=int(left is not None))
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
        who, near = runs[best].label, np.ones(len(runs)) if left is None else left[:, -1]
        others = np.delete(near, best)
        ahead = len(others) and near[best] < min(1.0, others.min())
        adds = ahead and (who, recorded.attrs.get("surface")) == ("Momentum", "Rosenbrock")
        self.say(
            words, "end", also=explained(chart, recorded.theta.values[best]) if adds else (),
            who=who, loss=losses[best, -1], ahead=bool(ahead), adds=bool(adds),
            left=near[best], next=others.min(initial=1.0),
            second=np.delete([run.label for run in runs], best)[others.argmin()] if ahead else "",
        )  # fmt: skip
        self.wait(1.5)


def far(path):
    """Return the step, from 1 on, at which one has come most of its way."""
    way = np.nan_to_num(np.linalg.norm(np.diff(path, axis=0), axis=1)).cumsum()
    return 1 + int(np.searchsorted(way, MOST * way[-1]))


def explained(chart, path):
    """Return arrows over a path where it swings and where it runs straight, each with its words.

    None where there are no such legs.
    """
    found = legs(path)
    if found is None:
        return []
    across, along = (chart.point(*path[steps].T) for steps in found)
    said = [Words(say(name, slim=0), 30, weight="semibold")
            for name in ("across", "along")]  # fmt: skip
    said[0].move_to((across[:2, 0].max() + 0.3, across[0, 1], 0), aligned_edge=LEFT)
    said[1].move_to((along[1, 0] - 0.3, along[1, 1], 0), aligned_edge=RIGHT)
    return [Arrows(chart, across), Arrows(chart, along), *said]


class Arrows(Painted):
    """An arrow from each of some places to the next."""

    def __init__(self, chart, places):
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.places, self.ink = places, theme.color("text")

    def paint(self, pen):
        """Draw them."""
        for start, end in itertools.pairwise(self.places):
            arrow(pen, start, end, self.ink, 5)


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


def way_left(recorded):
    """Return the straight distance to the minimum, as a share of the start's, (run, step)."""
    if "minimum" not in recorded:
        return None
    far = np.linalg.norm(recorded.theta.values - recorded["minimum"].values, axis=-1)
    return np.nan_to_num(far / far[0, 0], nan=np.inf)


def left_of(shares, clock, color, x, y):
    """Return a bar of the way that is left, and its share as a number."""

    def now():
        return say("left", left=float(between(shares, clock.get_value())))

    text = Number(now, [clock], widest=say("left", left=8.88))
    text.move_to((x + LONG + 0.15, y, 0), aligned_edge=LEFT + DOWN)
    return [Left(shares, clock, color, x, y), text]


class Left(Painted):
    """A bar as long as the way that is left, the start's being the whole."""

    def __init__(self, shares, clock, color, x, y):
        super().__init__(LONG, 0.26, reads=[clock])
        self.move_to((x + LONG / 2, y + 0.13, 0))
        self.shares, self.clock = shares, clock
        self.ink, self.ground = theme.color(color), theme.color("quiet")

    def share(self):
        """Return how much is left now; more than the whole is drawn as the whole."""
        return float(between(self.shares, self.clock.get_value()))

    def paint(self, pen):
        """Draw it on the whole way."""
        left, bottom, wide, tall = self.box
        for ink, share in ((self.ground, 1.0), (self.ink, min(self.share(), 1.0))):
            pen.color(ink)
            pen.rectangle(left, bottom, share * wide, tall)
            pen.fill()


def measured(losses, clock):
    """Return the loss where a point is now, as a number."""

    def now():
        return say("now", loss=float(between(losses, clock.get_value())))

    return Number(now, [clock], widest=say("now", loss=float(losses[0])))
