"""The race on a map: who of those that are named arrives, and when."""

from __future__ import annotations

import itertools

import numpy as np
from manim import RIGHT, Group, ValueTracker, smooth

from look import theme
from look.maps import levels
from look.numbers import number
from look.runs import row
from look.words import say
from scenes.optimizers._runners import DASHES, Runners, named_in
from scenes.parts import font
from scenes.parts.charts import Chart, Contours, between
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.recorded import RecordedScene

READS = {
    "optimizer_race": "theta (surface, run, step, param), arrived (surface, run), "
    "left_box (surface, run), loss (surface, y, x), grid_x (surface, x), grid_y (surface, y), "
    "surface (surface), run (run), followed (run), shown, n_steps, n_optimizers, n_rates, first, "
    "first_step, n_tied, n_momenta",
}

ASPECTS = {"9:16": [(-6.95, -3.95, 1.85, 2.5), (1.85, -3.95, 6.95, 2.5)]}

DESCRIPTION = """\
A map of contour lines with a ring, the start, and a star, the minimum. From the ring many points
set off at once, a few of them bright and in colours, the others dim and grey; all take their steps
at the same pace, and the bright ones draw their paths. At the right stand the names with their
colours, and under each a bar that grows step by step. Whoever comes to rest at the star moves up in
the list, its bar stops, and the number of the step stands behind the name: at the first arrival a
headline names it and asks for the others. When only late
ones are still on their way, their paths and that of the first stay bright, the others dim."""

SECONDS = 0.1  # a step
LINE, SIZE = 1.2, 38  # of the list: height in frame units, and pixels
LEFT, EDGE = 2.1, 6.7  # of the list
AFTER = 9  # steps that are still shown when it is decided
SHIFT = 4  # steps that a name takes to another place of the list


class OptimizerRace(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_race")
        here = recorded.sel(surface=recorded.attrs["shown"])
        clock, told = ValueTracker(0), ValueTracker(0)
        x, y = here.grid_x.values, here.grid_y.values
        tall = min(6.0, 8.4 * np.ptp(y) / np.ptp(x))
        chart = Chart(
            (-6.75 + tall * np.ptp(x) / np.ptp(y) / 2, -0.7),
            tall * np.ptp(x) / np.ptp(y),
            tall,
            (x[0], x[-1]),
            (y[0], y[-1]),
        )
        plan = Contours(chart, x, y, here.loss.values, levels(here.loss.values, 12))
        stars = Group(*(Star(chart.point(*at)) for at in minima(here)))
        top = chart.bottom + chart.height
        there = np.sort(here.arrived.values[here.arrived.values >= 0])

        def home():
            return int(np.searchsorted(there, clock.get_value() + 1e-9, side="right"))

        head = Group(
            Number(
                lambda: say("clock", step=int(clock.get_value() + 1e-9)), [clock],
                size=34, color="muted", widest=say("clock", step=888),
            ).move_to((LEFT, top - 0.17, 0), aligned_edge=(-1, 0, 0)),
            Number(
                lambda: say("home", n=home()), [clock], size=34, color="muted",
                widest=say("home", n=88), align="right",
            ).move_to((EDGE, top - 0.17, 0), aligned_edge=RIGHT),
        )  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        runners = Runners(chart, here, clock, told)
        self.add(words, plan, stars, runners, head, Standings(here, clock, told, top - 0.95))
        self.wait(0.3)

        self.next_section("race")
        last, first = decided(here), min(ended(here)[k] for k in runners.named)
        if len(there) and first == there[0] < last:  # the first of all is among the named
            self.play_steps(clock, first, SECONDS)
            words = self.say(words, "first")
        self.play_steps(clock, last, SECONDS)

        self.next_section("verdict")
        self.say(words, "end", n=home(), step=int(last))
        self.play(told.animate.set_value(1), run_time=0.9, rate_func=smooth)
        self.wait(1.5)


def decided(here):
    """Return the step at which the film ends: half of the named are done, and the next one is late.

    Done is who is there or off the map; late, who takes more than twice as long.
    """
    n_steps = here.attrs["n_steps"]
    every = ended(here)
    ends = sorted(every[k] for k in named_in(here))
    for before, after in itertools.pairwise(ends[len(ends) // 2 :]):
        if after > 2 * before:
            return min(n_steps, before + AFTER)
    return min(n_steps, ends[-1] + AFTER) if ends else n_steps


def ended(here):
    """Return the step at which each is there or off the map; who never is, is at infinity."""
    pairs = zip(here.arrived.values.tolist(), here.left_box.values.tolist(), strict=True)
    return [home if home >= 0 else out if out >= 0 else np.inf for home, out in pairs]


def minima(here):
    """Return the surface's global minima."""
    return row("surfaces", str(here.surface.item()))["minima"]


class Standings(Painted):
    """The named with their colours and a bar of steps each; on top, in order, who has arrived."""

    def __init__(self, here, clock, told, top):
        named = named_in(here)
        tall = len(named) * LINE
        super().__init__(EDGE - LEFT, tall, reads=[clock, told])
        self.move_to(((LEFT + EDGE) / 2, top - tall / 2 + 0.3, 0))
        self.clock, self.told, self.top = clock, told, top
        rows = [row("optimizers", str(here.run.values[k])) for k in named]
        # until somebody arrives they stand by the alphabet: the list must not tell the end
        order = sorted(range(len(named)), key=lambda i: rows[i]["label"])
        self.rows = [rows[i] for i in order]
        every = ended(here)
        self.ends = [every[named[i]] for i in order]
        self.home = [int(here.arrived[named[i]]) for i in order]
        self.last = decided(here)
        found = np.array([self.places(step) for step in range(self.last + 1)], dtype=float)
        # a change of places takes a few steps
        self.ranks = np.array(
            [found[max(0, step - SHIFT + 1) : step + 1].mean(0) for step in range(self.last + 1)]
        )
        self.ink, self.muted = theme.color("text"), theme.color("muted")

    def places(self, step):
        """Return the place of each in the list after a step: who is home, who runs, who is out."""
        keys = [
            (0, home, i) if 0 <= home <= step else (2 if end <= step else 1, 0, i)
            for i, (home, end) in enumerate(zip(self.home, self.ends, strict=True))
        ]
        return [sorted(keys).index(key) for key in keys]

    def texts(self):
        """Return each name with what is said of it now, as they stand in the list."""
        now, done = self.clock.get_value() + 1e-9, self.told.get_value() > 0.5
        said = [
            (number(int(end)) if home >= 0 else say("off"))
            if end <= now
            else (say("racing") if done else "")
            for home, end in zip(self.home, self.ends, strict=True)
        ]
        order = np.argsort(between(self.ranks, self.clock.get_value()), kind="stable").tolist()
        return [(self.rows[i]["label"], said[i]) for i in order]

    def paint(self, pen):
        """Draw a key, a name, what is said of it, and a bar, for each."""
        now, em = self.clock.get_value(), SIZE / PIXELS_PER_UNIT
        values = dict(self.texts())
        best = min((step for step in self.home if step >= 0), default=None)
        places = between(self.ranks, now).tolist()
        for shown, place, end, home in zip(self.rows, places, self.ends, self.home, strict=True):
            y, value = self.top - LINE * place, values[shown["label"]]
            first = best is not None and home == best and end <= now
            weight = "semibold" if first else "regular"
            pen.color(theme.color(shown["color"]))
            pen.circle(LEFT + 0.11, y, 0.12)
            pen.fill()
            dash = [part / PIXELS_PER_UNIT for part in DASHES.get(shown.get("dash", ""), ())]
            reach = LEFT + min(now, end) / self.last * (EDGE - LEFT)
            pen.context.set_dash(dash)  # as on the map: colours alone do not tell all apart
            pen.width(12)
            pen.polyline(np.array([[LEFT, y - 0.42], [reach, y - 0.42]]))
            pen.stroke()
            pen.context.set_dash([])
            pen.color(self.ink)
            font.write(pen, shown["label"], LEFT + 0.38, y - 0.12, em, weight)
            pen.color(self.ink if first else self.muted)
            wide = font.advance(value, weight) * em
            font.write(pen, value, EDGE - wide, y - 0.12, em, weight)
