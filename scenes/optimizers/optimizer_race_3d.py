"""The race on a surface in three dimensions: down its wall, and then along the valley.

Source  001
"""

from __future__ import annotations

from typing import Any

import contourpy
import numpy as np
from manim import Mobject, ValueTracker, linear, smooth

from look import theme
from look.camera import Camera
from look.runs import row, series
from look.words import Visual, say
from scenes.optimizers._runners import SLOTS, apart
from scenes.parts.charts import between
from scenes.parts.marks import star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.surfaces import Surface
from scenes.recorded import RecordedScene

READS = {
    "optimizer_race": "theta (surface, run, step, param), loss_path (surface, run, step), "
    "arrived (surface, run), left_box (surface, run), loss (surface, y, x), grid_x (surface, x), "
    "grid_y (surface, y), surface (surface), run (run), followed (run), shown, "
    "n_steps, wall, near",
}

VISUAL = Visual(
    uses=["optimizer_race"],
    title="{n_home:?Nobody arrives within {n_steps} steps|Below {wall:.0%} of the first loss "
    "in {wall_steps} steps, at the bottom after {home_steps}: the middle of {n_home} optimizers}",
    alt="A surface in three dimensions. A point leaves a place on its slope, with its path behind "
    "it, and runs down a wall, then along a valley to the lowest point. A bar tells how many steps "
    "it takes down to {wall:.0%} of the loss, and how many from there.",
    caption="The {surface_label} function and the runs of the race on its map: each optimizer at "
    "the best of the same {n_rates} learning rates{n_momenta:?| and its best momentum}, {n_steps} "
    "steps{n_home:?|; the film ends when it is there}. Height is the loss, on a logarithmic scale. "
    "Shown is the last to arrive of three: the fastest, the one that arrives at the most rates, "
    "and plain descent. "
    "{n_home:?|In the title are medians of the {n_home} that arrive by step {n_steps}: the step "
    "from which the loss is under {wall:.0%} of that at the start, and the step from which they "
    "stay near the minimum.}",
    words={
        "start": "Down to {wall:.0%} of the first loss, or from there to the lowest point?\n"
        "Which takes more steps? Height: the loss, on a logarithmic scale.",
        "end": "{down} steps to {wall:.0%} of the first loss, then {along} to the small "
        "ring{more:?|: {ratio:.2r} times as many}\n"
        "{who}. The ring: {near:.1%} of the map’s diagonal away from the lowest point.",
        "nobody": "{who} has not arrived after {n_steps} steps\n"
        "Each at the best of {n_rates} learning rates{n_momenta:?| and its best momentum}",
        "floor": "{wall:.0%} of the first loss after {down} steps. And from there to the lowest "
        "point?\nCloser: the lowest part. {who} has arrived when it stays inside the small ring.",
        "edge": "{wall:.0%} of the first loss",
        "goal": "lowest point",
        "wall": "steps to {wall:.0%}: {steps}",
        "valley": "from there: {steps}",
    },
    series={"down": ["down to that loss", "text"], "along": ["from there", "yellow"]},
)

DESCRIPTION = """\
A surface in three dimensions, turning slowly, with a dashed line where the loss is a small share of
that at the start, and a star at its lowest point. A named point leaves a place on its slope, its
path behind it, and falls fast at first. Then the camera comes near the valley, and looks down on
it, where the point, a dot at each of its steps, creeps into a ring around the star. Under it a bar
grows step by step, its first part until that dashed line, a second one from there, each with its
number of steps; path and bar change their colour at the line."""

SLOW, VALLEY = 0.1, 6.0  # seconds a step down the wall, and at most for the whole valley
FLOOR = 0.16  # of the map, in either direction, that is left at least when the camera is near
AFAR, CLOSE = 56.0, 50.0  # from how high it looks, in degrees
WIDE, LESS = 5.6, 5.4  # the edge of the map from afar, and from near, where more of it is seen
HIGH, LOW = 2.0, 1.2  # how high the map's highest place is drawn, from afar and from near
LINE, BEAD = 2.0, 4.4  # half the width of the path, and of the dot at each of its steps
BEGIN, END = -6.6, 6.6  # of the bar, in frame units
PARTS = ("down", "along")  # of the path and the bar
BAR, OVER = -3.42, -3.05  # where it lies, and the baseline of its numbers


class OptimizerRace3D(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_race")
        here = recorded.sel(surface=recorded.attrs["shown"])
        n_steps, hero = recorded.attrs["n_steps"], told_of(here)
        home, at_floor = int(here.arrived[hero]), down(here, hero)
        n_shown = home if home >= 0 else n_steps
        at_floor = min(at_floor, n_shown)
        who = row("optimizers", str(here.run.values[hero]))["label"]
        clock, azimuth, near = ValueTracker(0), ValueTracker(66), ValueTracker(0)
        minima = row("surfaces", recorded.attrs["shown"])["minima"]
        surface = Runner(here, hero, minima, azimuth, clock, near).move_to((0, -0.35, 0))
        goal = Goal(surface, minima, azimuth, near)
        names = Names(surface, goal, clock, azimuth, near)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, surface, goal, names, *stages(here, hero, n_shown, clock))
        self.play(azimuth.animate.set_value(70), run_time=1.4, rate_func=linear)

        self.next_section("wall")
        self.play(
            clock.animate.set_value(at_floor),
            azimuth.animate.set_value(76),
            run_time=at_floor * (SLOW if n_shown > at_floor else VALLEY / n_steps),
            rate_func=linear,
        )

        self.next_section("valley")
        if n_shown > at_floor:
            words = self.say(words, "floor", who=who, down=at_floor)
            self.play(
                near.animate.set_value(1), azimuth.animate.set_value(78), run_time=1.6,
                rate_func=smooth,
            )  # fmt: skip
            self.play(
                clock.animate.set_value(n_shown),
                azimuth.animate.set_value(84),
                run_time=min((n_shown - at_floor) * SLOW, VALLEY),
                rate_func=linear,
            )

        self.next_section("end")
        if home < 0:
            self.say(words, "nobody", who=who)
        else:
            along = home - at_floor
            ratio = along / max(at_floor, 1)
            self.say(words, "end", who=who, down=at_floor, along=along, ratio=ratio,
                     more=ratio > 1.05)  # fmt: skip
        turned = azimuth.get_value() + 2
        self.play(azimuth.animate.set_value(turned), run_time=1.6, rate_func=linear)
        self.wait(1.2)


def told_of(here):
    """Return the last of the followed to arrive, by whose steps wall and valley are told."""
    home = np.where(here.followed.values.astype(bool), here.arrived.values, -2)
    return int(home.argmax())


def stages(here, hero, n_shown, clock):
    """Return the bar of steps down the wall and along the valley, with both numbers."""
    bar = Stages(down(here, hero), int(here.arrived[hero]), n_shown, BAR, clock)
    parts: list[Mobject] = [bar]
    for i, (part, x, side) in enumerate((("wall", BEGIN, "left"), ("valley", END, "right"))):

        def told(i=i, part=part):
            return say(part, steps=int(bar.lengths()[i] + 1e-9))

        number = Number(told, [clock], widest=say(part, steps=888), align=side, weight="semibold")
        edge = (-1 if side == "left" else 1, -1, 0)
        parts.append(number.move_to((x, OVER, 0), aligned_edge=edge))
    return parts


def down(here, k):
    """Return the first step at which one is down the wall, or infinity."""
    losses = here.loss_path.values[k]
    below = np.flatnonzero(losses < here.attrs["wall"] * losses[0])
    return int(below[0]) if len(below) else np.inf


class Stages(Painted):
    """How many steps one has taken, down the wall and then along the valley."""

    def __init__(self, down, home, n_shown, y, clock):
        super().__init__(END - BEGIN, 0.36, reads=[clock])
        self.move_to(((BEGIN + END) / 2, y, 0))
        self.down, self.last = down, home if home >= 0 else np.inf
        self.unit, self.clock = (END - BEGIN) / n_shown, clock
        self.inks = [series(part).color for part in PARTS]  # as of the path

    def lengths(self):
        """Return the steps down the wall, and those along the valley, until now."""
        now = min(self.clock.get_value(), self.last)
        return min(now, self.down), max(now - self.down, 0.0)

    def paint(self, pen):
        """Draw both parts."""
        left, bottom, _, tall = self.box
        for steps, ink in zip(self.lengths(), self.inks, strict=True):
            pen.color(ink)
            pen.rectangle(left, bottom, steps * self.unit, tall)
            pen.fill()
            left += steps * self.unit


def height(loss, low, high):
    """Return the loss on a logarithmic scale, in [0, 1] on the grid."""
    floor = 1e-4 * (high - low)
    return np.log1p(np.maximum(loss - low, 0) / floor) / np.log1p((high - low) / floor)


class Runner(Surface):
    """The surface with one path on it as far as the clock has come."""

    def __init__(self, here, hero, minima, azimuth, clock, near):
        x, y, loss = here.grid_x.values, here.grid_y.values, here.loss.values
        every = max(1, round(len(x) / 64))
        low, high = float(loss.min()), float(loss.max())
        self.near, self.tall, self.laid, self.hero = near, 1.0, 0.0, hero
        self.grid = (x, y, height(loss, low, high))
        self.count = (len(x[::every]), len(y[::every]))
        super().__init__(
            x[::every], y[::every], self.grid[2][::every, ::every], azimuth,
            size=WIDE, rise=HIGH, elevation=AFAR, clock=clock,
        )  # fmt: skip
        self.reads = (*self.reads, near)
        # where the wall ends: a share of the loss at the start, which is the same for all
        edge = here.attrs["wall"] * float(here.loss_path.values[0, 0])
        lines: Any = contourpy.contour_generator(x, y, loss).lines(edge)
        level = float(height(np.array(edge), low, high))
        self.edge = [np.column_stack([line, np.full(len(line), level)]) for line in lines]
        self.rings = [self._around(at, here.attrs["near"]) for at in minima]
        self.down = down(here, hero)
        left = int(here.left_box[hero])
        self.end = left - 1 if left >= 0 else here.sizes["step"] - 1
        losses = height(here.loss_path.values[hero], low, high)
        self.data = np.column_stack([here.theta.values[hero], losses])[: self.end + 1]
        # from near there is room for the valley, from where the wall ends to the star
        self.middle, self.share = self._valley(here, minima)
        self.label = row("optimizers", str(here.run.values[hero]))["label"]
        self.text = np.array(rgb(theme.color("text"))) * 255
        self.inks = [np.array(rgb(series(part).color)) * 255 for part in PARTS]

    def _valley(self, here, minima):
        """Return the middle of the map's part that is seen from near, and which share it is."""
        x, y, _ = self.grid
        spans = np.array([np.ptp(x), np.ptp(y)])
        path = self.data[:, :2]
        top = path[int(min(down(here, self.hero), len(path) - 1))]
        goal = min(np.reshape(minima, (-1, 2)), key=lambda at: np.linalg.norm(at - path[-1]),
                   default=path[-1])  # fmt: skip
        share = max(FLOOR, 1.35 * float((np.abs(goal - top) / spans).max()))
        return (top + goal) / 2, min(share, 1.0)

    def _camera(self):
        return Camera(self.azimuth.get_value(), AFAR + (CLOSE - AFAR) * self.near.get_value())

    def _around(self, place, near):
        """Return the ring on the ground inside which one has arrived at a minimum, (n, 3)."""
        x, y, heights = self.grid
        turn = np.linspace(0, 2 * np.pi, 97)
        far = near * np.hypot(np.ptp(x), np.ptp(y))
        ring = place + far * np.column_stack([np.cos(turn), np.sin(turn)])
        rows = np.array([np.interp(ring[:, 0], x, row) for row in heights])
        tall = [np.interp(at, y, column) for at, column in zip(ring[:, 1], rows.T, strict=True)]
        return np.column_stack([ring, tall])

    def settle(self):
        """Lay the part of the map that is in sight, and let its highest place be the highest."""
        now = self.near.get_value()
        if self.laid == now:
            return
        self.laid, self.size = now, WIDE + (LESS - WIDE) * now
        self.rise = HIGH + (LOW - HIGH) * now
        x, y, heights = self.grid
        windows = []
        for grid, at in zip((x, y), self.middle.tolist(), strict=True):
            half = self.share * np.ptp(grid) / 2
            at = min(max(at, grid[0] + half), grid[-1] - half)
            windows.append(((1 - now) * grid[0] + now * (at - half),
                            (1 - now) * grid[-1] + now * (at + half)))  # fmt: skip
        across, up = (np.linspace(*w, n) for w, n in zip(windows, self.count, strict=True))
        rows = np.array([np.interp(across, x, row) for row in heights])
        z = np.array([np.interp(up, y, column) for column in rows.T]).T
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

    def way(self, start, stop):
        """Return its path from one (whole) step to another, in the data, (n, 3)."""
        return np.vstack([self.data[int(start) : int(stop) + 1], self.head(stop)])

    def _strips(self, pen, view):
        assert self.clock is not None
        step = self.clock.get_value()
        strips, radii, inks = [], [], []
        # a ring's near side lies behind the rim of the hole that the lowest point is in
        lines = [(ring, 1, 2.2, 0.2) for ring in self.rings if self.near.get_value() > 0.5]
        for line, every, radius, lift in lines + [(each, 2, 1.6, 0.05) for each in self.edge]:
            pieces = self._pieces(pen, view, line, lift)[::every]  # the edge is dashed
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), radius))
            inks.append(np.tile(self.text, (len(pieces), 1)))
        now = min(step, self.end)
        # all is lifted off the surface, and its point over all
        for start, stop, ink in ((0, self.down, self.inks[0]), (self.down, now, self.inks[1])):
            if start > now:
                break
            pieces = self._pieces(pen, view, self.way(start, min(stop, now)), 0.12)
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), LINE))
            inks.append(np.tile(ink, (len(pieces), 1)))
            made = self.data[int(start) : int(min(stop, now)) + 1]
            beads = self._pieces(pen, view, np.repeat(made, 2, axis=0), 0.12)[::2]
            beads = beads[np.isfinite(beads).all((1, 2))]
            strips.append(beads)
            radii.append(np.full(len(beads), BEAD))
            inks.append(np.tile(ink, (len(beads), 1)))
        disc = self._pieces(pen, view, np.stack([self.head(now)] * 2), 0.4)
        if np.isfinite(disc).all():
            shade = self.inks[int(now >= self.down)]
            for radius, ink, over in ((11.0, self.halo, 0.0), (8.5, shade, 0.01 * self.size)):
                strips.append(disc + np.array([0, 0, over]))
                radii.append(np.array([radius]))
                inks.append(ink[None])
        return np.concatenate(strips), np.concatenate(radii), np.concatenate(inks)

    def _pieces(self, pen, view, line, lift):
        """Return the pieces of a line in pixels and depth, lifted off the ground, (n, 2, 3)."""
        seen = self.model(line) @ view.T
        seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
        seen[:, 2] += lift * self.size
        return np.stack([seen[:-1], seen[1:]], axis=1)

    def _ghost(self, pen, points):
        """Draw nothing: no path is hidden but by what it is about to pass."""


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
    """What the dashed line is, at the highest place of it that is seen; the star; who runs."""

    def __init__(self, surface, goal, clock, azimuth, near):
        super().__init__(14, 8, reads=[clock, azimuth, near])
        self.surface, self.goal, self.clock = surface, goal, clock

    def highest(self):
        """Return the line's highest place in the frame, if any of the line is in sight."""
        self.surface.settle()
        every = [line[np.isfinite(self.surface.model(line)).all(1)] for line in self.surface.edge]
        places = [self.surface.seen(line) for line in every if len(line)]
        return max(np.concatenate(places), key=lambda at: at[1]) if places else None

    def paint(self, pen):
        """Write them, none on another."""
        (place,) = self.surface.seen(self.surface.head(self.clock.get_value())[None])
        names = [(self.surface.label, place, SLOTS[2])]  # its way leads to the right
        names += [(say("goal"), at, SLOTS[1]) for at in self.goal.places()]
        if (top := self.highest()) is not None:
            names.append((say("edge"), top, SLOTS[4]))
        apart(pen, names)
