"""The race on a surface in three dimensions: down its wall, and then along the valley.

Source  001
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
from manim import ValueTracker, linear, smooth

from look import theme
from look.camera import Camera
from look.numbers import joined, number
from look.runs import row, series
from look.words import Visual, say
from scenes.optimizers._runners import SLOTS, apart, write
from scenes.parts import font
from scenes.parts.charts import between
from scenes.parts.marks import star
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, rgb
from scenes.parts.surfaces import Surface
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

READS = {
    "optimizer_race": "theta (surface, run, step, param), loss_path (surface, run, step), "
    "arrived (surface, run), left_box (surface, run), loss (surface, y, x), grid_x (surface, x), "
    "grid_y (surface, y), surface (surface), run (run), followed (run), shown, "
    "n_steps",
}

VISUAL = Visual(
    uses=["optimizer_race"],
    title="{n_home:?Nobody arrives within {n_steps} steps|Below {wall:.0%} of the first loss "
    "in {wall_steps} steps, at the bottom after {home_steps}: the middle of {n_home} optimizers}",
    alt="A surface in three dimensions with lines around its lowest point, each at a tenth of the "
    "loss of the line before. A point leaves a place on its slope and runs down from line to line, "
    "a dot at each step. A bar tells how many steps each line takes.",
    caption="The {surface_label} function and a run of the race on its map, each optimizer at "
    "the best of the same {n_rates} learning rates{n_momenta:?| and its best momentum}. Height is "
    "the loss, on a logarithmic scale. {n_home:?|Shown is the last to arrive of these: the "
    "fastest, the one that arrives at the most rates, and plain descent. }"
    "{n_home:?|In the title are medians of the {n_home} that arrive by step {n_steps}: the step "
    "from which the loss is under {wall:.0%} of that at the start, and the step from which they "
    "stay near the minimum.}",
    words={
        "start": "Each line is a tenth of the loss before. As many steps to each?\n"
        "{who} from its start on. Height: the loss, on a logarithmic scale.",
        "floor": "{first} steps to the first line, {second} more to the second. And then?\n"
        "Closer: the lowest part. A dot is a step.",
        "end": "{grows:?Steps from line to line: {steps}|Each line takes more steps than the one "
        "before: {steps}}\n"
        "The last line is at {last:g}\u202f% of the loss at the start.",
        "nobody": "{who} has not come to a tenth of its loss after {n_steps} steps\n"
        "Each at the best of {n_rates} learning rates{n_momenta:?| and its best momentum}",
        "goal": "lowest point",
        "level": "{share:g}\u202f%",
        "steps": "steps from line to line",
    },
    series={"way": ["steps", "yellow"]},
)

DESCRIPTION = """\
A surface in three dimensions, turning slowly, with lines around its lowest point, a star: the first
at a tenth of the loss at the start, each other at a tenth of the one before. A named point leaves a
place on its slope, a dot at each of its steps, and falls fast at first. Then the camera comes near
the valley, where the dots lie ever closer. Under it a bar grows step by step, and has a part with
its number for every line."""

SLOW, VALLEY = 0.1, 4.0  # seconds a step, and at most from line to line
N_LEVELS = 4  # lines at most: from one to the next the loss falls to a tenth
FLOORS = 0.16, 0.05  # of the map, in either direction, that is left at least from near
AFAR, CLOSE = 54.0, 50.0  # from how high it looks, in degrees
WIDE, LESS = 5.0, 4.7  # the edge of the map from afar, and from near, where more of it is seen
HIGH, LOW = 2.2, 1.8  # how high the map's highest place is drawn, from afar and from near
LARGE = 0.7  # in frame units: a line that is worth its number
ROOM = 0.45, 0.2  # what the number needs around it, from afar and from near
FINE = 601  # columns and rows by which lines are found
LINE, BEAD = 2.0, 4.4  # half the width of the path, and of the dot at each of its steps
BEGIN, END = -6.6, 6.6  # of the bar, in frame units
GAP = 0.05  # between the parts of the bar
BAR, OVER, UNDER = -3.2, 0.14, -3.78  # where it lies, the numbers over it, and the words under it


class OptimizerRace3D(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_race")
        here = recorded.sel(surface=recorded.attrs["shown"])
        n_steps, hero = recorded.attrs["n_steps"], told_of(here)
        ends = [step for _, step in levels(here, hero)]
        n_shown = ends[-1] if ends else n_steps
        steps = np.diff([0, *ends]).tolist()
        who = row("optimizers", str(here.run.values[hero]))["label"]
        clock, azimuth, near = ValueTracker(0), ValueTracker(76), ValueTracker(0)
        minima = row("surfaces", recorded.attrs["shown"])["minima"]
        surface = Runner(here, hero, minima, azimuth, clock, near).move_to((0, -0.1, 0))
        goal = Goal(surface, minima, azimuth, near)
        names = Names(surface, goal, clock, azimuth, near)

        self.next_section("start")
        words = self.headline("start", who=who)
        under = Words(say("steps"), LABEL, "muted").on_baseline(BEGIN, UNDER)
        self.add(words, surface, goal, names, Stages(ends or [n_steps], clock), under)
        self.play(azimuth.animate.set_value(80), run_time=1.2, rate_func=linear)

        self.next_section("wall")
        upper = ends[1] if len(ends) > 1 else n_shown
        self.play(
            clock.animate.set_value(upper),
            azimuth.animate.set_value(88),
            run_time=min(upper * SLOW, VALLEY),
            rate_func=linear,
        )

        self.next_section("valley")
        if n_shown > upper:
            words = self.say(words, "floor", first=steps[0], second=steps[1])
            for view, stop in enumerate(ends[2:], start=1):  # nearer and nearer
                turned = azimuth.get_value() + 3
                self.play(
                    near.animate.set_value(view), azimuth.animate.set_value(turned), run_time=1.4,
                    rate_func=smooth,
                )  # fmt: skip
                self.play(
                    clock.animate.set_value(stop),
                    azimuth.animate.set_value(turned + 2),
                    run_time=min((stop - clock.get_value()) * SLOW, VALLEY),
                    rate_func=linear,
                )

        self.next_section("end")
        if ends:
            grows = len(steps) > 1 and all(a < b for a, b in pairwise(steps))
            last = 100 * levels(here, hero)[-1][0]
            steps = joined(map(number, steps), ", ")
            self.say(words, "end", last=last, grows=grows, steps=steps)
        else:
            self.say(words, "nobody", who=who)
        # all of it once more
        self.play(near.animate.set_value(0), azimuth.animate.set_value(84), run_time=1.8,
                  rate_func=smooth)  # fmt: skip
        self.wait(1.2)


def told_of(here):
    """Return the last of the followed to arrive, by whose steps it is told."""
    home = np.where(here.followed.values.astype(bool), here.arrived.values, -2)
    return int(home.argmax())


def levels(here, k):
    """Return the lines that one comes to: each share of its first loss, and the step below it."""
    losses = here.loss_path.values[k]
    found: list[tuple[float, int]] = []
    for power in range(1, N_LEVELS + 1):
        below = np.flatnonzero(losses < 0.1**power * losses[0])
        if len(below) == 0 or (found and below[0] <= found[-1][1]):
            break
        found.append((0.1**power, int(below[0])))
    return found


class Stages(Painted):
    """How many steps one has taken until now: a bar parted at the lines, and their numbers."""

    def __init__(self, ends, clock):
        super().__init__(END - BEGIN, 0.32, reads=[clock])
        self.move_to(((BEGIN + END) / 2, BAR, 0))
        self.ends, self.clock = ends, clock
        self.unit = (END - BEGIN) / ends[-1]
        self.ink, self.text = series("way").color, theme.color("text")

    def lengths(self):
        """Return the steps until now, from line to line."""
        now = self.clock.get_value()
        return [min(max(now - a, 0.0), b - a) for a, b in pairwise([0, *self.ends])]

    def paint(self, pen):
        """Draw all parts, in the path's colour, each under its number."""
        left, bottom, _, tall = self.box
        em = LABEL / PIXELS_PER_UNIT
        for steps in self.lengths():
            wide = steps * self.unit
            pen.color(self.ink)
            pen.rectangle(left, bottom, max(wide - GAP, 0.0), tall)
            pen.fill()
            if taken := int(steps + 1e-9):
                half = font.advance(number(taken), "semibold") * em / 2
                pen.color(self.text)
                font.write(pen, number(taken), left + wide / 2 - half, bottom + tall + OVER, em,
                           "semibold")  # fmt: skip
            left += wide


def height(loss, low, high):
    """Return the loss on a logarithmic scale, in [0, 1] on the grid."""
    floor = 1e-6 * (high - low)
    return np.log1p(np.maximum(loss - low, 0) / floor) / np.log1p((high - low) / floor)


class Runner(Surface):
    """The surface with one path on it as far as the clock has come."""

    def __init__(self, here, hero, minima, azimuth, clock, near):
        from scipy.interpolate import RectBivariateSpline

        x, y, loss = here.grid_x.values, here.grid_y.values, here.loss.values
        every = max(1, round(len(x) / 64))
        low, high = float(loss.min()), float(loss.max())
        self.near, self.tall, self.laid, self.hero = near, 1.0, 0.0, hero
        # between the grid's places a smooth loss, or lines near the lowest point would be off
        self.loss = RectBivariateSpline(y, x, loss)
        self.grid, self.range = (x, y), (low, high)
        self.count = (len(x[::every]), len(y[::every]))
        super().__init__(
            x[::every], y[::every], height(loss, low, high)[::every, ::every], azimuth,
            size=WIDE, rise=HIGH, elevation=AFAR, clock=clock, n_levels=0,
        )  # fmt: skip
        self.reads = (*self.reads, near)
        self.levels = levels(here, hero)
        left = int(here.left_box[hero])
        self.end = left - 1 if left >= 0 else here.sizes["step"] - 1
        first = float(here.loss_path.values[hero, 0])
        losses = height(here.loss_path.values[hero], low, high)
        self.data = np.column_stack([here.theta.values[hero], losses])[: self.end + 1]
        # from near there is room for the valley, from the second or the third line to the star
        self.views = [(np.array([(grid[0] + grid[-1]) / 2 for grid in self.grid]), 1.0)]
        for (_, start), floor in zip(self.levels[1:-1], FLOORS, strict=False):
            self.views.append(self._valley(minima, start, floor))
        self.lines = [self._around(share * first) for share, _ in self.levels]
        self.label = row("optimizers", str(here.run.values[hero]))["label"]
        self.text = np.array(rgb(theme.color("text"))) * 255
        self.ink = np.array(rgb(series("way").color)) * 255

    def _valley(self, minima, start, floor):
        """Return the middle of the map's part that holds all from a step on, and its share."""
        spans = np.array([np.ptp(grid) for grid in self.grid])
        path = self.data[:, :2]
        top = path[min(start, len(path) - 1)]
        goal = min(np.reshape(minima, (-1, 2)), key=lambda at: np.linalg.norm(at - path[-1]),
                   default=path[-1])  # fmt: skip
        share = max(floor, 1.35 * float((np.abs(goal - top) / spans).max()))
        return (top + goal) / 2, min(share, 1.0)

    def _camera(self):
        near = min(self.near.get_value(), 1.0)
        return Camera(self.azimuth.get_value(), AFAR + (CLOSE - AFAR) * near)

    def window(self, now):
        """Return the part of the map in sight, ((left, right), (low, high)): 0 is all of it."""
        first = min(int(now), max(len(self.views) - 2, 0))
        corners = []
        for middle, share in self.views[first : first + 2]:
            spans = [np.ptp(grid) for grid in self.grid]
            for grid, at, span in zip(self.grid, middle.tolist(), spans, strict=True):
                half = share * span / 2
                at = min(max(at, grid[0] + half), grid[-1] - half)
                corners.append((at - half, at + half))
        here, there = np.array(corners[:2]), np.array(corners[-2:])
        return (here + (now - first) * (there - here)).tolist()

    def _around(self, loss):
        """Return the places at a loss as lines on the ground, (n, 3) each, as fine as is seen."""
        tall = float(height(np.array(loss), *self.range))
        for view in range(len(self.views) - 1, -1, -1):  # unless one leaves what is seen there
            x, y = (np.linspace(low, high, FINE) for low, high in self.window(view))
            found: Any = contourpy.contour_generator(x, y, self.loss(y, x)).lines(loss)
            if found and all((line[0] == line[-1]).all() for line in found):
                break
        return [np.column_stack([line, np.full(len(line), tall)]) for line in found]

    def settle(self):
        """Lay the part of the map that is in sight, and let its highest place be the highest."""
        now = self.near.get_value()
        if self.laid == now:
            return
        self.laid = now
        self.size, self.rise = (
            afar + (close - afar) * min(now, 1.0) for afar, close in ((WIDE, LESS), (HIGH, LOW))
        )
        sides = zip(self.window(now), self.count, strict=True)
        across, up = (np.linspace(low, high, n) for (low, high), n in sides)
        z = height(self.loss(up, across), *self.range)
        self.tall = float(z.max())
        self.lay(across, up, z / self.tall)

    def model(self, path):
        """Return places of data as the surface has them now; NaN where they are out of sight."""
        x, y = path[:, 0], path[:, 1]
        seen = (self._x[0] <= x) & (x <= self._x[-1]) & (self._y[0] <= y) & (y <= self._y[-1])
        return np.where(seen[:, None], self._model(path / (1, 1, self.tall)), np.nan)

    def paint(self, pen):
        """Draw it as near as it is now."""
        self.settle()
        super().paint(pen)

    def seen(self, points):
        """Return where places of data appear now, (n, 2)."""
        self.settle()
        return super().seen(np.asarray(points) / (1, 1, self.tall))

    def head(self, step):
        """Return where it is in the data, x, y and height, (3,)."""
        return between(self.data, min(step, self.end))

    def _strips(self, pen, view):
        assert self.clock is not None
        step = self.clock.get_value()
        strips, radii, inks = [], [], []
        for line in (each for level in self.lines for each in level):
            pieces = self._pieces(pen, view, line, 0.05)
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), 1.2))
            inks.append(np.tile(self.text, (len(pieces), 1)))
        for rim in (self.corners[0], self.corners[-1], self.corners[:, 0], self.corners[:, -1]):
            strips.append(self._seen_pieces(pen, view, rim, 0.02))  # a light slope on a light page
            radii.append(np.full(len(strips[-1]), 1.0))
            inks.append(np.tile(self.line, (len(strips[-1]), 1)))
        now = min(step, self.end)
        # all is lifted off the surface, and its point over all
        made = self.data[: int(now) + 1]
        way = fine(np.vstack([made, self.head(now)]))
        for line, every, radius in ((way, 1, LINE), (np.repeat(made, 2, axis=0), 2, BEAD)):
            pieces = self._pieces(pen, view, line, 0.12)[::every]
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), radius))
            inks.append(np.tile(self.ink, (len(pieces), 1)))
        disc = self._pieces(pen, view, np.stack([self.head(now)] * 2), 0.4)
        if np.isfinite(disc).all():
            for radius, ink, over in ((11.0, self.halo, 0.0), (8.5, self.ink, 0.01 * self.size)):
                strips.append(disc + np.array([0, 0, over]))
                radii.append(np.array([radius]))
                inks.append(ink[None])
        return np.concatenate(strips), np.concatenate(radii), np.concatenate(inks)

    def _pieces(self, pen, view, line, lift):
        """Return the pieces of a line in pixels and depth, lifted off the ground, (n, 2, 3)."""
        return self._seen_pieces(pen, view, self.model(line), lift)

    def _seen_pieces(self, pen, view, points, lift):
        """Return the same of a line of the surface itself, (n, 3)."""
        seen = points @ view.T
        seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
        seen[:, 2] += lift * self.size
        return np.stack([seen[:-1], seen[1:]], axis=1)

    def _ghost(self, pen, points):
        """Draw nothing: no path is hidden but by what it is about to pass."""


def fine(path):
    """Return a path with more places on each of its lines, so that a long one ends where seen."""
    at = np.linspace(0, len(path) - 1, 16 * (len(path) - 1) + 1)
    whole = np.arange(len(path))
    return np.column_stack([np.interp(at, whole, column) for column in path.T])


class Goal(Painted):
    """A star at each of the surface's lowest points that is in sight."""

    def __init__(self, surface, minima, azimuth, near):
        super().__init__(14, 8, reads=[surface.clock, azimuth, near])
        self.surface, self.minima = surface, minima

    def places(self):
        """Return where they are in the frame."""
        self.surface.settle()
        lowest = [np.array([[*at, 0.0]]) for at in self.minima]
        return [
            self.surface.seen(at)[0][:2]
            for at in lowest
            if np.isfinite(self.surface.model(at)).all()
        ]

    def paint(self, pen):
        """Draw them."""
        for place in self.places():
            star(pen, place)


class Names(Painted):
    """Which share of the first loss each line is, on the line itself; the star; who runs."""

    def __init__(self, surface, goal, clock, azimuth, near):
        super().__init__(14, 8, reads=[clock, azimuth, near])
        self.surface, self.goal, self.clock = surface, goal, clock

    def places(self):
        """Return for each line that is large enough its place in the frame farthest from all else.

        By its number, from 0.
        """
        self.surface.settle()
        data, model = self.surface.data, self.surface.model
        others = [*self.surface.seen(data[np.isfinite(model(data)).all(1)]), *self.goal.places()]
        every = []
        for lines in self.surface.lines:
            seen = [self.surface.seen(line[np.isfinite(model(line)).all(1)]) for line in lines]
            every.append(max(seen, key=len, default=np.empty((0, 2))))
        found: dict[int, np.ndarray] = {}
        for i, points in enumerate(every):
            if len(points) == 0 or np.ptp(points, axis=0).max() < LARGE:
                continue
            upper = points[points[:, 1] > np.quantile(points[:, 1], 0.4)]  # below, all are close
            rest = [each[::5] for k, each in enumerate(every) if k != i and len(each)]
            besides = np.concatenate([np.array([*others, *found.values()]), *rest])
            away = np.linalg.norm(upper[:, None] - besides[None], axis=2).min(1)
            if away.max() > ROOM[int(self.surface.near.get_value() > 0.5)]:
                found[i] = upper[away.argmax()]
        return found

    def paint(self, pen):
        """Write them, none on another."""
        (place,) = self.surface.seen(self.surface.head(self.clock.get_value())[None])
        names = [(self.surface.label, place, SLOTS[5])]  # its way comes from above
        apart(pen, names + [(say("goal"), at, SLOTS[0]) for at in self.goal.places()])
        em = LABEL / PIXELS_PER_UNIT
        for i, (x, y) in self.places().items():
            label = say("level", share=100 * self.surface.levels[i][0])
            half = font.advance(label, "semibold") * em / 2
            write(pen, label, (x - half, y - 0.12), em, theme.color("background"),
                  theme.color("text"), 1.0)  # fmt: skip
