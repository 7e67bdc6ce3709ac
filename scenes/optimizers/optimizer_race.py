"""The race on a map: who of those that are named arrives, and when."""

from __future__ import annotations

import itertools

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, Group, ValueTracker, smooth

from look import theme
from look.maps import levels
from look.numbers import number
from look.runs import row
from look.words import say
from scenes.optimizers._runners import SLOTS, Runners, apart, named_in, write
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
at the same pace, and the bright ones draw their paths, pale but for the last steps, their names
beside them. Whoever comes to rest at the star, named or grey, leaves the map for a list at the
right, in the order of arrival, each name with the number of its steps and a line as long as they
are many: at the first arrival a headline names it and asks for the others. At last only late ones
are still on their way; a headline says how many steps the first needs, and the next, whose two
paths alone are bright on the map, with a dot at each of their steps."""

SECONDS, LATER = 0.1, 0.08  # a step, until the first arrives and then
LINE, SIZE, MOST = 0.6, 34, 9  # of the list: height in frame units, pixels, and names at most
LEFT, EDGE = 2.1, 6.7  # of the list
AFTER = 9  # steps that are still shown when it is decided
OFF = 0.4  # how far from the start a point gets its name: there all are at one place
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
        last = decided(here)
        runners = Runners(chart, here, clock, told, heroes(here, last))
        at_stars = [chart.point(*at) for at in minima(here)]
        names = Names(runners, clock, at_stars)
        list_of = Arrivals(here, clock, top - 0.85, last)
        self.add(words, plan, runners, stars, names, head, list_of)
        self.wait(0.3)

        self.next_section("race")
        first = min(ended(here)[k] for k in runners.named)
        if len(there) and first == there[0] < last:  # the first of all is among the named
            self.play_steps(clock, first, SECONDS)
            words = self.say(words, "first")
        self.play_steps(clock, last, LATER)

        self.next_section("verdict")
        outcome, after = verdict(here, last)
        self.say(words, "end", outcome=outcome, step=int(last), next=after)
        ends = Ends(runners, last, at_stars)
        self.play(
            told.animate.set_value(1), FadeOut(names), FadeIn(ends), run_time=0.9, rate_func=smooth
        )
        self.wait(1.5)


def verdict(here, last):
    """Return the outcome by the film's last step, and the steps of the next after the first, or −1.

    "nobody" is there by then; the first, and who ties with it, is "alone"; or there is a "next".
    """
    home = np.unique(here.arrived.values[here.arrived.values >= 0]).tolist()
    if not home or home[0] > last:
        return "nobody", -1
    return ("next", home[1]) if len(home) > 1 else ("alone", -1)


def heroes(here, last):
    """Return of whom the end tells: the first by its last step, and the next where there is one."""
    outcome, after = verdict(here, last)
    home = here.arrived.values.tolist()
    if outcome == "nobody":
        return []
    first = min(step for step in home if step >= 0)
    return [home.index(step) for step in ((first, after) if outcome == "next" else (first,))]


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
    """Who has arrived, in this order, each with its steps, over a line as long as they are many."""

    def __init__(self, here, clock, top, last):
        super().__init__(EDGE - LEFT, MOST * LINE, reads=[clock])
        self.move_to(((LEFT + EDGE) / 2, top - MOST * LINE / 2 + 0.3, 0))
        self.clock, self.top, self.last, self.room = clock, top, last, EDGE - LEFT - 0.38
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

    def bars(self):
        """Return the length of the line under each who is there, the whole width at the end."""
        return [self.room * home / self.last for home, _, _ in self.rows[: len(self.texts())]]

    def paint(self, pen):
        """Draw a dot, a name, a number and a line for each; the latest slides into its place."""
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
            pen.color(theme.color(color), share)
            pen.rectangle(LEFT + 0.38, y - 0.3, share * self.bars()[place], 0.07)
            pen.fill()


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
        if now < 1:
            return [(say("from"), self.runners.places[0][0], SLOTS[0])]
        slots = self.slots[min(int(now), len(self.slots) - 1)]
        return [
            (self.runners.rows[k]["label"], at, slots[k])
            for k, at in self._going(now)
            if np.linalg.norm(at - self.runners.places[k][0]) > OFF
        ]

    def paint(self, pen):
        """Write them."""
        apart(pen, self.texts(), self.box)


class Ends(Painted):
    """The words of the end on the map: whose path is whose, and who is not there yet."""

    def __init__(self, runners, last, stars):
        super().__init__(runners.chart.width, runners.chart.height)
        self.shift((*runners.chart.center, 0))
        going = [
            k for k in runners.named
            if not 0 <= runners.arrived[k] <= last and runners.ends[k] > last
            and k not in runners.heroes
        ]  # fmt: skip
        ways = [runners.way(k, last) for k in runners.heroes]
        at = [runners.at(k, last) for k in going]
        marks = [*stars, *at, runners.places[0][0]]
        lines = [*map(points_along, ways), *(place[None] for place in at)]
        full = np.concatenate([np.reshape(marks, (-1, 2)), *lines])
        every = [
            (say("told", label=runners.rows[k]["label"], steps=runners.arrived[k]), amid(way))
            for k, way in zip(runners.heroes, ways, strict=True)
        ]
        every += [
            (say("away", label=runners.rows[k]["label"]), place[None])
            for k, place in zip(going, at, strict=True)
        ]
        self.words = []
        for text, places in every:
            rest = [each for way, each in zip(every, lines, strict=True) if way[0] != text]
            others = np.concatenate([np.empty((0, 2)), *rest])
            corner, filled = free(text, places, full, others, self.box)
            self.words.append((text, corner))
            full = np.concatenate([full, filled])  # no other may come to lie on it

    def texts(self):
        """Return each, and where it begins."""
        return self.words

    def paint(self, pen):
        """Write them."""
        em = SIZE / PIXELS_PER_UNIT
        for text, corner in self.words:
            write(pen, text, corner, em, theme.color("background"), theme.color("text"), 1.0)


def points_along(way):
    """Return points at equal distances on a path, (n, 2)."""
    come = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
    at = np.linspace(0, come[-1], 2 + int(come[-1] / 0.1))
    return np.stack([np.interp(at, come, axis) for axis in way.T], axis=1)


def amid(way):
    """Return the middle half of a path: a name at its end would be read as that of the end."""
    points = points_along(way)
    return points[len(points) // 4 : -(len(points) // 4) or None]


def beyond(points, x, y, wide):
    """Return how far points are from words as wide as this that begin at a place, (n,)."""
    away = np.abs(points - [x + wide / 2, y + 0.12]) - [wide / 2, 0.2]
    return np.maximum(away, 0).max(1)


def free(text, places, full, others, box):
    """Return where a text begins that stands by one of some places, on as little as may be.

    And points that fill it. `full` is all that it may not cover, of which `others` are no place of
    its own: of two as free it takes the place that is further from them.
    """
    left, bottom, width, height = box
    wide = font.advance(text, "semibold") * SIZE / PIXELS_PER_UNIT
    best = None
    for place in places:
        for side, up in SLOTS:
            x = place[0] + (0.24 if side > 0 else -0.24 - wide)
            y = place[1] + up - 0.12
            if not (left + 0.1 <= x <= left + width - 0.1 - wide):
                continue
            if not (bottom + 0.12 <= y <= bottom + height - 0.4):
                continue
            on, room = (beyond(points, x, y, wide) for points in (places, others))
            # what is nearer to another path would be read as that one's name
            unclear = len(room) > 0 and room.min() < on.min() + 0.2
            covered = int((beyond(full, x, y, wide) < 0.08).sum())
            found = (covered + 50 * unclear, -float(room.min(initial=1.0)), x, y)
            best = found if best is None else min(best, found)
    if best is None:  # the whole of it has no place by any of them
        best = (0, 0.0, left + 0.1, bottom + 0.12)
    *_, x, y = best
    grid = np.meshgrid(np.linspace(x, x + wide, 24), [y, y + 0.12, y + 0.24])
    return (x, y), np.stack(grid, axis=-1).reshape(-1, 2)
