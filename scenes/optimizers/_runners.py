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
TAIL = 8  # steps that are drawn behind who is not named
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
        From 0 to 1: only those who have arrived stay bright.
    """

    def __init__(self, chart, recorded, clock, told):
        super().__init__(chart.width, chart.height, reads=[clock, told])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.told = chart, clock, told
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
        best = min((step for step in self.arrived if step >= 0), default=None)
        self.first = [k for k in named if best is None or self.arrived[k] == best]

    def at(self, k, step):
        """Return where one is at a (fractional) step, (2,), in frame units."""
        return between(self.places[k], min(step, self.ends[k]))

    def way(self, k, step):
        """Return the way that one has come until a (fractional) step, (n, 2)."""
        step = min(step, self.ends[k])
        passed = self.places[k][: int(min(step, len(self.places[k]) - 1)) + 1]
        return np.vstack([passed, self.at(k, step)])

    def paint(self, pen):
        """Draw the field, then those who are named."""
        step = self.clock.get_value()
        context = pen.context
        context.set_line_join(1)
        for k in self.field:  # of them only where they have just been: many whole paths are a mesh
            if step >= self.ends[k] or 0 <= self.arrived[k] <= step:
                continue  # off the map, or there
            pen.color(self.quiet, 0.6)
            pen.width(2.0)
            pen.polyline(self.way(k, step)[-TAIL:])
            pen.stroke()
            pen.color(self.quiet)
            pen.circle(*self.at(k, step).tolist(), 0.07)
            pen.fill()

        def there(k):
            return 0 <= self.arrived[k] <= step

        # where nobody has arrived, all stay bright
        dim = 1 - 0.65 * self.told.get_value() * any(map(there, self.named))
        for k in sorted(reversed(self.named), key=self.first.__contains__):
            bright = 1.0 if there(k) else dim
            way = self.way(k, step)
            ink = theme.color(self.rows[k]["color"])
            pen.color(self.halo, bright)
            pen.width(7.5)
            pen.polyline(way)
            pen.stroke()
            dash = DASHES.get(self.rows[k].get("dash", ""), ())
            context.set_dash([part / PIXELS_PER_UNIT for part in dash])
            pen.color(ink, bright)
            pen.width(4.4)
            pen.polyline(way)
            pen.stroke()
            context.set_dash([])
        pen.disc(self.places[0][0], 0.11, self.halo, self.text, 2.5)
        for k in reversed(self.named):
            if there(k):
                continue  # at the star, which nothing is to hide
            left = step >= self.ends[k]
            ink = theme.color(self.rows[k]["color"])
            pen.disc(
                self.at(k, step), 0.12, self.halo if left else ink, ink if left else self.halo, 2.0
            )


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
