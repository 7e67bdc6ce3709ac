"""Those who race: a few bright and named, the others dim; what a map and a surface share."""

from __future__ import annotations

import numpy as np

from look import theme
from look.runs import row
from scenes.parts import font
from scenes.parts.charts import between
from scenes.parts.paint import PIXELS_PER_UNIT, Painted

# Where the names stand beside their points, so that they can be read where all are together.
SLOTS = ((1, 0.0), (1, -0.46), (-1, 0.46), (-1, 0.0), (1, 0.46), (-1, -0.46))
LINE = 0.46  # between the baselines of two names that would be on one another
TAIL = 8  # steps that are drawn brightly behind everyone: many whole paths are a mesh
TRACE = 0.26  # how bright the rest of a named one's path is
DASHES = {"dashed": (10, 6), "dotted": (3, 5), "dashdot": (11, 5, 3, 5)}


class Runners(Painted):
    """Recorded paths as far as the clock has come, straight between recorded steps.

    Parameters
    ----------
    chart : Chart
    recorded : Dataset
        One surface of the race: theta (run, step, param), arrived, left_box, followed (run).
    clock : ValueTracker
        In steps.
    told : ValueTracker
        From 0 to 1: only the `heroes` stay bright, with a dot at each of their steps.
    heroes : sequence of int
        Of whom the end tells; the path of the first of them is whole as soon as it has arrived.
    """

    def __init__(self, chart, recorded, clock, told, heroes=()):
        super().__init__(chart.width, chart.height, reads=[clock, told])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.told, self.heroes = chart, clock, told, list(heroes)
        self.quiet = theme.color("muted")
        self.halo, self.text = theme.color("background"), theme.color("text")
        theta = recorded.theta.values
        self.places = [
            np.clip(chart.point(*np.nan_to_num(path, nan=1e6).T), -1e3, 1e3) for path in theta
        ]
        # a path ends where it leaves the box, straight on the line to the step outside
        self.ends = [leaves(chart, path) for path in self.places]
        self.arrived = recorded.arrived.values.tolist()
        self.rows = [row("optimizers", name) for name in recorded.run.values.tolist()]
        named = named_in(recorded)
        late = [step if step >= 0 else np.inf for step in self.arrived]
        self.named = sorted(named, key=late.__getitem__)
        self.field = [k for k in range(len(theta)) if k not in named]

    def at(self, k, step):
        """Return where one is at a (fractional) step, (2,), in frame units."""
        return between(self.places[k], min(step, self.ends[k]))

    def way(self, k, step):
        """Return the way that one has come until a (fractional) step, (n, 2)."""
        step = min(step, self.ends[k])
        passed = self.places[k][: int(min(step, len(self.places[k]) - 1)) + 1]
        return np.vstack([passed, self.at(k, step)])

    def ink(self, k):
        """Return the colour of one: who is not named is grey."""
        return theme.color(self.rows[k]["color"]) if k in self.named else self.quiet

    def bright(self, k):
        """Return how bright one's whole path is now."""
        told, arrived = self.told.get_value(), 0 <= self.arrived[k] <= self.clock.get_value()
        if k in self.heroes:
            before = 1.0 if arrived and k == self.heroes[0] else TRACE * (k in self.named)
            return before + (1 - before) * told
        return TRACE * (1 - 0.5 * told * bool(self.heroes)) * (k in self.named)

    def paint(self, pen):
        """Draw the field, then those who are named, the heroes over all."""
        step = self.clock.get_value()
        pen.context.set_line_join(1)
        dim = 1 - 0.6 * self.told.get_value() * bool(self.heroes)
        for k in self.field:
            if step >= self.ends[k] or 0 <= self.arrived[k] <= step:
                continue  # off the map, or there
            pen.color(self.quiet, 0.6 * dim)
            pen.width(2.0)
            pen.polyline(self.way(k, step)[-TAIL:])
            pen.stroke()
            pen.color(self.quiet, dim)
            pen.circle(*self.at(k, step).tolist(), 0.085)
            pen.fill()
        order = [*(k for k in reversed(self.named) if k not in self.heroes), *self.heroes[::-1]]
        for k in order:
            self._path(pen, k, step)
        for k in reversed(self.named):
            if 0 <= self.arrived[k] <= step:
                continue  # at the star, which nothing is to hide
            left = step >= self.ends[k]
            pen.disc(
                self.at(k, step), 0.12, self.halo if left else self.ink(k),
                self.ink(k) if left else self.halo, 2.0,
            )  # fmt: skip
        pen.disc(self.places[0][0], 0.13, self.halo, self.text, 2.5)

    def _path(self, pen, k, step):
        """Draw one's whole path as bright as it is, and its latest steps brightly."""
        bright, way = self.bright(k), self.way(k, step)
        dash = DASHES.get(self.rows[k].get("dash", ""), ())
        since = max(step - TAIL, 0.0)
        latest = [self.at(k, since), *self.places[k][int(since) + 1 : int(step) + 1]]
        tail = np.array([*latest, self.at(k, step)]) if k in self.named else way[:0]
        if step >= self.ends[k]:
            tail = way[:0]  # off the map
        for line, strength in ((way, bright), (tail, 1.0)):
            if strength == 0 or len(line) == 0:
                continue
            for color, width in ((self.halo, 7.5), (self.ink(k), 4.4)):
                if color == self.halo and strength < 0.5:
                    continue
                pen.context.set_dash(
                    [part / PIXELS_PER_UNIT for part in dash if color != self.halo]
                )
                pen.color(color, strength)
                pen.width(width)
                pen.polyline(line)
                pen.stroke()
            pen.context.set_dash([])
        if k in self.heroes and bright > TRACE:
            for place in self.steps_of(k, step):
                pen.color(self.halo, bright)
                pen.circle(*place.tolist(), 0.1)
                pen.fill()
                pen.color(self.ink(k), bright)
                pen.circle(*place.tolist(), 0.075)
                pen.fill()

    def steps_of(self, k, step):
        """Return where one was after each of the steps that it needed, as far as they are done."""
        last = self.arrived[k] if self.arrived[k] >= 0 else len(self.places[k]) - 1
        return self.places[k][1 : int(min(step, last)) + 1]


def named_in(recorded):
    """Return who is told of: the fastest, the one with the most rates, plain descent, and Adam."""
    followed = recorded.followed.values.astype(bool)
    return np.flatnonzero(followed | (recorded.run.values == "adam")).tolist()


def apart(pen, every, box=(-6.9, -3.8, 13.8, 6.4)):
    """Write names beside their places on a halo, inside a box, none on another.

    `every` name: a label, its place, and its slot, which is the side and how far up.
    """
    left, bottom, width, height = box
    em = 34 / PIXELS_PER_UNIT
    taken: list[tuple[float, float, float]] = []
    for label, place, (side, up) in every:
        wide = font.advance(label, "semibold") * em
        x = place[0] + (0.24 if side > 0 else -0.24 - wide)
        x = min(max(x, left + 0.1), left + width - 0.1 - wide)
        lowest, highest = bottom + 0.12, bottom + height - 0.4
        y = min(max(place[1] + up - 0.12, lowest), highest)
        near = [at for start, end, at in taken if start < x + wide + 0.12 and x - 0.12 < end]
        free = [
            to
            for to in (y, *(at + away for at in near for away in (LINE, -LINE)))
            if lowest <= to <= highest and all(abs(to - at) > LINE - 1e-6 for at in near)
        ]
        y = min(free, key=lambda to: abs(to - y), default=y)
        taken.append((x, x + wide, y))
        write(pen, label, (x, y), em, theme.color("background"), theme.color("text"), 1.0)


def leaves(chart, places):
    """Return the (fractional) step at which a path leaves its chart's box, or infinity."""
    outside = np.flatnonzero(~chart.inside(places))
    if len(outside) == 0:
        return np.inf
    if outside[0] == 0:
        return 0.0
    before, after = places[outside[0] - 1], places[outside[0]]
    half = np.array([chart.width / 2, chart.height / 2])
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (np.sign(after - before) * half + np.array(chart.center) - before) / (
            after - before
        )
    return float(outside[0] - 1 + np.min(shares[np.isfinite(shares)]))


def write(pen, text, corner, em, halo, ink, alpha):
    """Write text from a corner on its baseline, `em` frame units large."""
    context = pen.context
    context.save()
    context.translate(*corner)
    context.scale(em, em)
    for char in text:
        shape = font.glyph(char, "semibold")
        for verb, args in shape.outline:
            getattr(context, verb)(*args)
        context.translate(shape.advance, 0)
    context.restore()
    pen.color(halo, 0.85 * alpha)
    pen.width(6)
    context.stroke_preserve()
    pen.color(ink, alpha)
    pen.fill()
