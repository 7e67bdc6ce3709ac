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
from scenes.optimizers._runners import SLOTS, Runners, apart, named_in
from scenes.parts import font
from scenes.parts.charts import Chart, Contours
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
at the same pace, and the bright ones draw their paths, their names beside them. Whoever comes to
rest at the star, named or grey, leaves the map for a list at the right, in the order of arrival,
each name with the number of its steps: at the first arrival a headline names it and asks for the
others. At last only late ones are still on their way; the paths of who has arrived stay bright,
and a headline says how many steps the first needs, and the next."""

SECONDS, LATER = 0.1, 0.08  # a step, until the first arrives and then
LINE, SIZE, MOST = 0.58, 34, 9  # of the list: height in frame units, pixels, and names at most
LEFT, EDGE = 2.1, 6.7  # of the list
AFTER = 9  # steps that are still shown when it is decided
SLIDE = 3  # steps that a name takes into the list


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
        names = Names(runners, clock, [chart.point(*at) for at in minima(here)])
        list_of = Arrivals(here, clock, top - 0.85)
        self.add(words, plan, runners, stars, names, head, list_of)
        self.wait(0.3)

        self.next_section("race")
        last, first = decided(here), min(ended(here)[k] for k in runners.named)
        if len(there) and first == there[0] < last:  # the first of all is among the named
            self.play_steps(clock, first, SECONDS)
            words = self.say(words, "first")
        self.play_steps(clock, last, LATER)

        self.next_section("verdict")
        outcome, after = verdict(here, last)
        self.say(words, "end", outcome=outcome, step=int(last), next=after)
        self.play(told.animate.set_value(1), run_time=0.9, rate_func=smooth)
        self.wait(1.5)


def verdict(here, last):
    """Return the outcome by the film's last step, and the steps of the next after the first, or −1.

    "nobody" is there by then; the first, and who ties with it, is "alone"; or there is a "next".
    """
    home = np.unique(here.arrived.values[here.arrived.values >= 0]).tolist()
    if not home or home[0] > last:
        return "nobody", -1
    return ("next", home[1]) if len(home) > 1 else ("alone", -1)


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


class Arrivals(Painted):
    """Who has arrived, in this order, each with its steps; as many as there is room for."""

    def __init__(self, here, clock, top):
        super().__init__(EDGE - LEFT, MOST * LINE, reads=[clock])
        self.move_to(((LEFT + EDGE) / 2, top - MOST * LINE / 2 + 0.3, 0))
        self.clock, self.top = clock, top
        named, rows = named_in(here), [row("optimizers", str(run)) for run in here.run.values]
        found = sorted(
            (int(home), rows[k]["label"], rows[k]["color"] if k in named else "muted")
            for k, home in enumerate(here.arrived.values)
            if home >= 0
        )
        self.rows = found[:MOST]
        self.ink, self.muted = theme.color("text"), theme.color("muted")

    def texts(self):
        """Return the names that are there by now, each with its steps."""
        now = self.clock.get_value() + 1e-9
        return [(label, number(home)) for home, label, _ in self.rows if home <= now]

    def paint(self, pen):
        """Draw a dot, a name and a number for each; the latest slides into its place."""
        now, em = self.clock.get_value() + 1e-9, SIZE / PIXELS_PER_UNIT
        for place, (home, label, color) in enumerate(self.rows[: len(self.texts())]):
            first = home == self.rows[0][0]
            weight = "semibold" if first else "regular"
            share = smooth(min((now - home) / SLIDE, 1.0))
            left, y = LEFT + 0.6 * (1 - share), self.top - LINE * place
            pen.color(theme.color(color), share)
            pen.circle(left + 0.11, y, 0.12)
            pen.fill()
            pen.color(self.ink, share)
            font.write(pen, label, left + 0.38, y - 0.12, em, weight)
            pen.color(self.ink if first else self.muted, share)
            wide = font.advance(number(home), weight) * em
            font.write(pen, number(home), EDGE - wide, y - 0.12, em, weight)


class Names(Painted):
    """The names of those who are told of, beside their points, until they arrive."""

    def __init__(self, runners, clock, stars):
        super().__init__(runners.chart.width, runners.chart.height, reads=[clock])
        self.shift((*runners.chart.center, 0))
        self.runners, self.clock, self.stars = runners, clock, stars
        steps = range(len(runners.places[0]))
        # a name keeps its side of the point as long as nothing else comes to be there
        self.slots = [dict(enumerate(SLOTS))]
        for step in steps:
            self.slots.append(self._slots(step, self.slots[-1]))
        del self.slots[0]

    def _slots(self, step, before):
        """Return at which side of its point each name stands, by the one of the step before."""
        at = dict(self._going(step))
        # a slot is kept until the next step, on the way to which no other is to come by the name
        on_way = [{k: self.runners.at(k, step + share) for k in at} for share in (0, 0.5, 1)]
        found: dict = {}
        taken: list = []
        for k, (x, y) in at.items():
            wide = font.advance(self.runners.rows[k]["label"], "semibold") * SIZE / PIXELS_PER_UNIT
            still = self.stars + taken

            def covered(slot, k=k, wide=wide, still=still):
                side, up = slot
                count = 0
                for places in on_way:
                    middle = places[k] + [side * (0.24 + wide / 2), up]
                    others = [place for other, place in places.items() if other != k] + still
                    away = np.abs(np.array(others).reshape(-1, 2) - middle)
                    count += int((away < (wide / 2 + 0.5, 0.4)).all(1).sum())
                return count

            own = before.get(k, SLOTS[0])
            found[k] = min((own, *SLOTS), key=covered)
            side, up = found[k]
            taken += [[x + side * (0.24 + wide * share), y + up] for share in (0, 0.5, 1)]
        return found

    def _going(self, now):
        """Return who is on its way, with its place."""
        runners = self.runners
        return [
            (k, runners.at(k, now))
            for k in runners.named
            if not (0 <= runners.arrived[k] <= now or runners.ends[k] <= now)
        ]

    def texts(self):
        """Return each name that is on its way now, its place, and the side that it stands at."""
        now = self.clock.get_value() + 1e-9
        slots = self.slots[min(int(now), len(self.slots) - 1)]
        return [(self.runners.rows[k]["label"], at, slots[k]) for k, at in self._going(now)]

    def paint(self, pen):
        """Write them."""
        apart(pen, self.texts(), self.box)
