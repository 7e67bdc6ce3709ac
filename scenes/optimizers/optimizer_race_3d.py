"""The race on a surface in three dimensions: down the wall, and then along the valley.

Source  001
"""

from __future__ import annotations

from typing import Any

import contourpy
import numpy as np
from manim import Mobject, ValueTracker, linear, smooth

from look import theme
from look.camera import Camera
from look.runs import row
from look.words import Visual, say
from scenes.optimizers._runners import SLOTS, TAIL, apart
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
    title="{n_home:?Nobody arrives within {n_steps} steps|Down the wall in {wall_steps} steps, at "
    "the bottom after {home_steps}: the middle of {n_home} optimizers}",
    alt="A surface in three dimensions. {n_optimizers} points leave one place on its slope, a few "
    "of them named, with their paths behind them; {n_home} come to rest at its lowest point. Bars "
    "tell how many steps each of the named needs down the wall, and how many along the valley.",
    caption="The {surface_label} function and the runs of the race on its map: each optimizer at "
    "the best of the same {n_rates} learning rates{n_momenta:?| and its best momentum}, {n_steps} "
    "steps{n_home:?|; the film ends when "
    "the last of the named that arrive is there}. Height is the loss, on a logarithmic scale. "
    "Named are the fastest, the one that arrives at the most rates, and plain descent. "
    "{n_home:?|In the title are medians of the {n_home} that arrive by step {n_steps}: the step "
    "from which the loss is under {wall:.0%} of that at the start, and the step from which they "
    "stay "
    "near the minimum.}",
    words={
        "start": "Which takes {who} longer: down the wall, or along the valley?\n"
        "Height: logarithm of the loss. Grey: {n_others} other optimizers, from the same start",
        "end": "{who}: {down} steps down the wall, {along} along the valley\n"
        "Inside the ring counts as arrived.",
        "nobody": "{who} has not arrived after {n_steps} steps\n"
        "Each at the best of {n_rates} learning rates{n_momenta:?| and its best momentum}",
        "floor": "{who} is down the wall after {down} steps. And along the valley?\n"
        "Closer: the lowest part. The wall ends at {wall:.0%} of the first loss.",
        "edge": "wall ends",
        "wall": "wall {steps}",
        "valley": "valley {steps}",
    },
)

DESCRIPTION = """\
A surface in three dimensions, turning slowly, with a dashed line where its wall ends and a star at
its lowest point. Many points leave one place on its slope at once, one of them bright and named,
with its path, the others small and grey. They fall fast at first. Then the camera comes near the
valley, and looks down on it, where the named one creeps into a ring around the star. At the lower
right a bar grows step by step, its first part while it is on the wall, a second and far
longer one along the valley, each with its number of steps."""

SLOW, VALLEY = 0.1, 7.0  # seconds a step down the wall, and at most for the whole valley
FLOOR = 0.16  # of the map, in either direction, that is left at least when the camera is near
AFAR, CLOSE = 27.0, 38.0  # from how high it looks, in degrees
WIDE, LESS = 8.1, 6.8  # the edge of the map from afar, and from near, where more of it is seen
BEGIN, END = 2.3, 6.75  # of the bar, in frame units
BAR, UNDER = -2.9, -3.5  # where it lies, and the baseline of its numbers


class OptimizerRace3D(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_race")
        here = recorded.sel(surface=recorded.attrs["shown"])
        n_steps, hero = recorded.attrs["n_steps"], told_of(here)
        home, at_floor = int(here.arrived[hero]), down(here, hero)
        n_shown = home if home >= 0 else n_steps
        at_floor = min(at_floor, n_shown)
        who = row("optimizers", str(here.run.values[hero]))["label"]
        clock, azimuth, near = ValueTracker(0), ValueTracker(-32), ValueTracker(0)
        minima = row("surfaces", recorded.attrs["shown"])["minima"]
        surface = Runners(here, hero, minima, azimuth, clock, near).move_to((-0.6, -1.05, 0))
        name = Head(surface, clock, azimuth, near)
        goal = Goal(surface, minima, azimuth, near)
        edge = Edge(surface, clock, azimuth, near)

        self.next_section("start")
        words = self.headline("start", who=who, n_others=here.sizes["run"] - 1)
        self.add(words, surface, goal, edge, name, *stages(here, hero, n_shown, clock))
        self.play(azimuth.animate.set_value(-28), run_time=1.4, rate_func=linear)

        self.next_section("wall")
        self.play(
            clock.animate.set_value(at_floor),
            azimuth.animate.set_value(-18),
            run_time=at_floor * (SLOW if n_shown > at_floor else VALLEY / n_steps),
            rate_func=linear,
        )

        self.next_section("valley")
        if n_shown > at_floor:
            words = self.say(words, "floor", who=who, down=at_floor)
            self.play(near.animate.set_value(1), run_time=1.6, rate_func=smooth)
            self.play(
                clock.animate.set_value(n_shown),
                azimuth.animate.set_value(-24),
                run_time=min((n_shown - at_floor) * SLOW, VALLEY),
                rate_func=linear,
            )

        self.next_section("end")
        if home < 0:
            self.say(words, "nobody", who=who)
        else:
            self.say(words, "end", who=who, down=at_floor, along=home - at_floor)
        turned = azimuth.get_value() - 3
        self.play(azimuth.animate.set_value(turned), run_time=1.6, rate_func=linear)
        self.wait(1.2)


def told_of(here):
    """Return the last of the followed to arrive, by whose steps wall and valley are told."""
    home = np.where(here.followed.values.astype(bool), here.arrived.values, -2)
    return int(home.argmax())


def stages(here, hero, n_shown, clock):
    """Return the bar of steps down the wall and along the valley, with both numbers."""
    fields = row("optimizers", str(here.run.values[hero]))
    home = int(here.arrived[hero])
    bar = Stages(down(here, hero), home, n_shown, BAR, fields["color"], clock)
    parts: list[Mobject] = [bar]
    for i, (part, x, side) in enumerate((("wall", BEGIN, "left"), ("valley", END, "right"))):

        def told(i=i, part=part):
            return say(part, steps=int(bar.lengths()[i] + 1e-9))

        edge = (-1 if side == "left" else 1, -1, 0)
        number = Number(told, [clock], widest=say(part, steps=888), align=side, weight="semibold")
        parts.append(number.move_to((x, UNDER, 0), aligned_edge=edge))
    return parts


def down(here, k):
    """Return the first step at which one is down the wall, or infinity."""
    losses = here.loss_path.values[k]
    below = np.flatnonzero(losses < here.attrs["wall"] * losses[0])
    return int(below[0]) if len(below) else np.inf


class Stages(Painted):
    """How many steps one has taken, down the wall and then along the valley."""

    def __init__(self, down, home, n_shown, y, color, clock):
        super().__init__(END - BEGIN, 0.36, reads=[clock])
        self.move_to(((BEGIN + END) / 2, y, 0))
        self.down, self.last = down, home if home >= 0 else np.inf
        self.unit, self.clock, self.ink = (END - BEGIN) / n_shown, clock, theme.color(color)

    def lengths(self):
        """Return the steps down the wall, and those along the valley, until now."""
        now = min(self.clock.get_value(), self.last)
        return min(now, self.down), max(now - self.down, 0.0)

    def paint(self, pen):
        """Draw both parts."""
        left, bottom, _, tall = self.box
        for steps, alpha in zip(self.lengths(), (0.45, 1.0), strict=True):
            pen.color(self.ink, alpha)
            pen.rectangle(left, bottom, steps * self.unit, tall)
            pen.fill()
            left += steps * self.unit


def height(loss, low, high):
    """Return the loss on a logarithmic scale, in [0, 1] on the grid."""
    floor = 1e-4 * (high - low)
    return np.log1p(np.maximum(loss - low, 0) / floor) / np.log1p((high - low) / floor)


class Runners(Surface):
    """The surface with all paths on it as far as the clock has come."""

    def __init__(self, here, hero, minima, azimuth, clock, near):
        x, y, loss = here.grid_x.values, here.grid_y.values, here.loss.values
        every = max(1, round(len(x) / 64))
        low, high = float(loss.min()), float(loss.max())
        self.near, self.tall, self.laid, self.hero = near, 1.0, 0.0, hero
        self.grid = (x, y, height(loss, low, high))
        self.count = (len(x[::every]), len(y[::every]))
        super().__init__(
            x[::every], y[::every], self.grid[2][::every, ::every], azimuth,
            size=WIDE, rise=2.3, elevation=AFAR, clock=clock,
        )  # fmt: skip
        self.reads = (*self.reads, near)
        # where the wall ends: a share of the loss at the start, which is the same for all
        edge = here.attrs["wall"] * float(here.loss_path.values[0, 0])
        lines: Any = contourpy.contour_generator(x, y, loss).lines(edge)
        level = float(height(np.array(edge), low, high))
        self.edge = [np.column_stack([line, np.full(len(line), level)]) for line in lines]
        self.rings = [self._around(at, here.attrs["near"]) for at in minima]
        inside = here.left_box.values
        self.ends = [int(k) - 1 if k >= 0 else here.sizes["step"] - 1 for k in inside.tolist()]
        self.data = [
            np.column_stack([path, height(losses, low, high)])[: end + 1]
            for path, losses, end in zip(
                here.theta.values, here.loss_path.values, self.ends, strict=True
            )
        ]
        # from near there is room for the valley, from where the wall ends to the star
        self.middle, self.share = self._valley(here, minima)
        self.bright = [k == hero for k in range(len(self.data))]
        found = [row("optimizers", name) for name in here.run.values.tolist()]
        self.labels = [each["label"] for each in found]
        self.quiet = np.array(rgb(theme.color("muted"))) * 255
        self.text = np.array(rgb(theme.color("text"))) * 255
        self.inks = [np.array(rgb(theme.color(each["color"]))) * 255 for each in found]

    def _valley(self, here, minima):
        """Return the middle of the map's part that is seen from near, and which share it is."""
        x, y, _ = self.grid
        spans = np.array([np.ptp(x), np.ptp(y)])
        path = self.data[self.hero][:, :2]
        top = path[int(min(down(here, self.hero), len(path) - 1))]
        goal = min(np.reshape(minima, (-1, 2)), key=lambda at: np.linalg.norm(at - path[-1]),
                   default=path[-1])  # fmt: skip
        share = max(FLOOR, 1.6 * float((np.abs(goal - top) / spans).max()))
        return (top + goal) / 2, min(share, 1.0)

    def _camera(self):
        return Camera(self.azimuth.get_value(), AFAR + (CLOSE - AFAR) * self.near.get_value())

    def _around(self, place, near):
        """Return what encloses all places near enough to a minimum to have arrived there."""
        x, y, heights = self.grid
        turn = np.linspace(0, 2 * np.pi, 73)
        far = near * np.hypot(np.ptp(x), np.ptp(y))
        ring = np.array(place) + far * np.column_stack([np.cos(turn), np.sin(turn)])
        rows = np.array([np.interp(ring[:, 0], x, row) for row in heights])
        tall = [np.interp(at, y, column) for at, column in zip(ring[:, 1], rows.T, strict=True)]
        return np.column_stack([ring, tall])

    def settle(self):
        """Lay the part of the map that is in sight, and let its highest place be the highest."""
        now = self.near.get_value()
        if self.laid == now:
            return
        self.laid, self.size = now, WIDE + (LESS - WIDE) * now
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

    def head(self, k, step):
        """Return where one is in the data, x, y and height, (3,)."""
        return between(self.data[k], min(step, self.ends[k]))

    def _strips(self, pen, view):
        assert self.clock is not None
        step = self.clock.get_value()
        strips, radii, inks = [], [], []
        rings = self.rings if self.near.get_value() > 0.5 else []  # from afar they are dots
        for line, every in [(each, 2) for each in self.edge] + [(each, 1) for each in rings]:
            seen = self.model(line) @ view.T
            seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
            seen[:, 2] += 0.05 * self.size
            pieces = np.stack([seen[:-1], seen[1:]], axis=1)[::every]  # the edge is dashed
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), 1.6))
            inks.append(np.tile(self.text, (len(pieces), 1)))
        order = sorted(range(len(self.data)), key=self.bright.__getitem__)
        if self.near.get_value() > 0.5:
            order = [self.hero]  # from near it is told of alone
        for k in order:
            now = min(step, self.ends[k])
            path = self.data[k]
            way = np.vstack([path[: int(now) + 1], between(path, now)])
            if not self.bright[k]:
                way = way[-TAIL:]
            seen = self.model(way) @ view.T
            seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
            # all is lifted off the surface, the named over the others, and their points over all
            seen[:, 2] += 0.06 * self.size * (1 + self.bright[k])
            pieces = np.stack([seen[:-1], seen[1:]], axis=1)
            pieces = pieces[np.isfinite(pieces).all((1, 2))]
            strips.append(pieces)
            radii.append(np.full(len(pieces), 3.6 if self.bright[k] else 1.3))
            ink = self.inks[k] if self.bright[k] else self.quiet
            inks.append(np.tile(ink, (len(pieces), 1)))
        for k in order:
            now = min(step, self.ends[k])
            seen = self.model(between(self.data[k], now)[None]) @ view.T
            if not np.isfinite(seen).all():
                continue
            seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
            seen[:, 2] += 0.2 * self.size * (1 + self.bright[k])
            disc = np.stack([seen, seen], axis=1)
            for radius, ink in (
                (11.0 if self.bright[k] else 5.5, self.halo),
                (8.5 if self.bright[k] else 4.5, self.inks[k] if self.bright[k] else self.quiet),
            ):
                over = 0.01 * self.size * (ink is not self.halo)
                strips.append(disc + np.array([0, 0, over]))
                radii.append(np.array([radius]))
                inks.append(ink[None])
        return np.concatenate(strips), np.concatenate(radii), np.concatenate(inks)

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


class Edge(Painted):
    """What the dashed line is, at the highest place of it that is seen."""

    def __init__(self, surface, clock, azimuth, near):
        super().__init__(14, 8, reads=[clock, azimuth, near])
        self.surface = surface

    def highest(self):
        """Return that place in the frame, if any of the line is in sight."""
        self.surface.settle()
        every = [line[np.isfinite(self.surface.model(line)).all(1)] for line in self.surface.edge]
        places = [self.surface.seen(line) for line in every if len(line)]
        return max(np.concatenate(places), key=lambda at: at[1]) if places else None

    def paint(self, pen):
        """Write it."""
        if (top := self.highest()) is not None:
            apart(pen, [(say("edge"), top, SLOTS[0])])


class Head(Painted):
    """The name of the one that is told of, beside its point."""

    def __init__(self, surface, clock, azimuth, near):
        super().__init__(14, 8, reads=[clock, azimuth, near])
        self.surface, self.clock = surface, clock

    def paint(self, pen):
        """Write it."""
        hero = self.surface.hero
        (place,) = self.surface.seen(self.surface.head(hero, self.clock.get_value())[None])
        apart(pen, [(self.surface.labels[hero], place, SLOTS[3])])  # its way leads to the right
