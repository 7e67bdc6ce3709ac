"""Gradient descent from the same starts on a minimum, a maximum and a saddle."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, linear

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.surfaces import Surface
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

SECONDS_PER_STEP, LATE_SECONDS_PER_STEP = 0.06, 0.02
EVERY = 3  # steps from one corner of a way to the next
MIDDLES = (-4.55, 0.0, 4.55)  # of the columns
LIFTS = {"minimum": -0.3, "maximum": 0.3, "saddle": 0.1}  # put a surface's middle in place
WIDE, TALL, SIZE, RISE = 4.5, 4.6, 3.2, 2.1  # a column, and the floor and rise of its surface
LEAVING = 5.0  # steps in which a dot that has crossed the edge shrinks away
NAME, CURVES, COUNT = 1.95, -2.75, -3.5  # baselines

READS = {
    "stationary_points": "loss (surface, y, x), eigenvalue (surface, component), "
    "eigenvector (surface, component, param), profile (surface, component, x), "
    "theta (surface, example, step, param), height (surface, example, step), surface (surface), "
    "grid_x (x), grid_y (y), n_points, n_steps, near, told",
}

DESCRIPTION = """\
Three surfaces stand side by side and turn slowly: a bowl, a dome, and a saddle, with a dot where
the gradient is zero. The same points lie around each of the three dots and take steps of gradient
descent at the same pace, each with a thin line behind it. They gather at the minimum, run off the
maximum in all directions, and on the saddle they first draw together along one direction and then
part along the other; what crosses an edge shrinks and is gone. Under each surface it is counted at
that moment how many have arrived at the minimum, have left the maximum, and have left the saddle on
either side. Then curves through the dots show the
directions of the Hessian's eigenvectors, orange where the loss curves up and blue where it curves
down, with the eigenvalues below: two up at the minimum, two down at the maximum, one of each at the
saddle.
"""


class StationaryPoints(RecordedScene):
    poster_section = "curvature"

    def construct(self):
        recorded = self.recording("stationary_points")
        azimuth, clock, grown = ValueTracker(42), ValueTracker(0), ValueTracker(0)
        kinds, last = recorded.surface.values.tolist(), recorded.sizes["step"] - 1
        panels = [
            Panel(recorded.sel(surface=kind), x, azimuth, clock, grown)
            for kind, x in zip(kinds, MIDDLES, strict=True)
        ]
        counter = Group(
            Words("step", 34, "muted").on_baseline(5.3, 3.23),
            Number(
                lambda: number(int(clock.get_value() + 1e-6)), [clock], size=34,
                widest=str(last), align="right",
            ).move_to((6.61, 3.31, 0), RIGHT),
        )  # fmt: skip

        def turn(to, seconds, *others):
            turned = azimuth.animate.set_value(to)
            self.play(turned, *others, run_time=seconds, rate_func=linear)

        self.next_section("gradient")
        words = self.headline("gradient")
        # What moves comes last: Manim draws all that follows it anew for every frame.
        self.add(words, *(part for panel in panels for part in panel.still))
        self.add(*(part for panel in panels for part in panel.turning))
        swarms = [panel.swarm for panel in panels]
        counts = [panel.count for panel in panels]
        turn(40, 0.6, *map(FadeIn, swarms))
        turn(36, 1.0, *map(FadeIn, [counter, *counts]))

        self.next_section("descent")
        half = (last + 1) // 2  # in the second one hardly any are still on their way
        turn(25, half * SECONDS_PER_STEP, clock.animate.set_value(half))
        if last > half:
            turn(22, (last - half) * LATE_SECONDS_PER_STEP, clock.animate.set_value(last))

        self.next_section("end")
        words = self.say(words, "end")
        turn(17, 1.8)

        self.next_section("curvature")
        words = self.say(words, "curvature")
        values = [value for panel in panels for value in panel.values]
        turn(12, 1.6, grown.animate.set_value(1), FadeOut(counter), *map(FadeIn, values))
        self.wait(1.5)


class Panel:
    """One kind of point: its surface, the directions of curvature on it, the descents."""

    def __init__(self, here, middle, azimuth, clock, grown):
        loss = here.loss.values
        low, high = float(loss.min()), float(loss.max())
        kind = str(here.surface.item())
        relief = Surface(
            here.grid_x.values, here.grid_y.values, (loss - low) / (high - low), azimuth,
            size=SIZE, rise=RISE, elevation=34, n_levels=10,
        ).move_to((middle, -0.35 + LIFTS[kind], 0))  # fmt: skip
        self.still = [Words(kind, 38, weight="semibold").on_baseline(middle, NAME, ORIGIN)]
        self.turning = [relief, Directions(here, relief, azimuth, grown)]
        self.here, self.swarm = here, Swarm(here, relief, azimuth, clock)
        last = self.counted(here.sizes["step"] - 1)
        self.count = Number(lambda: self.counted(clock.get_value()), [clock], widest=last,
                            weight="semibold")  # fmt: skip
        self.count.move_to((middle - self.count.width / 2, COUNT, 0), LEFT + DOWN)
        values = sorted(here.eigenvalue.values.tolist(), key=abs)
        self.values = [
            part
            for value, x in zip(values, (middle - 1.0, middle + 1.1), strict=True)
            for part in (
                Key("positive" if value > 0 else "negative").move_to((x - 0.78, CURVES + 0.12, 0)),
                Words(say("eigenvalue", value=value), 34).on_baseline(x + 0.05, CURVES, ORIGIN),
            )
        ]

    def counted(self, step):
        """Say how many points have arrived at the minimum, or have left, by a step."""
        places, left = (each[1:] for each in self.swarm.at(step))  # without the dot itself
        arrived = int((np.linalg.norm(places[:, :2], axis=1) < self.here.attrs["near"]).sum())
        side = places[:, :2] @ self.here.eigenvector[0].values
        return say(
            str(self.here.surface.item()), minimum_arrived=arrived, maximum_left=int(left.sum()),
            saddle_one=int((left & (side < 0)).sum()), saddle_other=int((left & (side > 0)).sum()),
        )  # fmt: skip


class Directions(Painted):
    """The stationary point, and the curve along each eigenvector on the surface."""

    def __init__(self, here, relief, azimuth, grown):
        super().__init__(WIDE, TALL, reads=[azimuth, grown])
        self.move_to(relief.get_center())
        self.relief, self.grown = relief, grown
        along, loss = here.grid_x.values, here.loss.values
        low, high = float(loss.min()), float(loss.max())
        self.curves = []
        for component in range(here.sizes["component"]):
            points = along[:, None] * here.eigenvector[component].values
            heights = (here.profile[component].values - low) / (high - low)
            hue = "positive" if float(here.eigenvalue[component]) > 0 else "negative"
            self.curves.append((np.column_stack([points, heights]), theme.color(hue)))
        middle = float(here.loss.sel(x=here.grid_x == 0, y=here.grid_y == 0).squeeze())
        self.point = np.array([[0.0, 0.0, (middle - low) / (high - low)]])
        self.halo, self.dot = theme.color("background"), theme.color("text")

    def paint(self, pen):
        """Draw curves and dots."""
        share = self.grown.get_value()
        if share > 0:
            for points, ink in self.curves:
                middle = (len(points) - 1) // 2
                half = max(1, round(share * 0.66 * middle))
                part = points[middle - half : middle + half + 1]
                line = self.relief.seen(part)
                for color, width in ((self.halo, 12.0), (ink, 6.0)):
                    pen.color(color)
                    pen.width(width)
                    pen.context.set_line_cap(1)
                    pen.polyline(line)
                    pen.stroke()
        pen.disc(self.relief.seen(self.point)[0], 0.11, self.dot, self.halo, 2.0)


class Swarm(Painted):
    """All descents of one surface at the clock's step, and the ways that they have come.

    Straight between recorded steps; what leaves the square vanishes at the edge where it left: a
    dot that stayed there would look kept.
    """

    def __init__(self, here, relief, azimuth, clock):
        super().__init__(WIDE, TALL, reads=[azimuth, clock])
        self.move_to(relief.get_center())
        self.relief, self.clock = relief, clock
        loss = here.loss.values
        low, high = float(loss.min()), float(loss.max())
        heights = (here.height.values - low) / (high - low)
        self.path = np.concatenate([here.theta.values, heights[..., None]], axis=-1)
        reach = float(here.grid_x[-1])
        out = (np.abs(self.path[..., :2]) > reach).any(axis=-1)  # (example, step)
        self.end = np.full(len(out), np.inf)
        for i in np.flatnonzero(out.any(axis=1)):
            step = int(out[i].argmax())
            if step == 0:
                self.end[i] = 0.0
                continue
            before, after = self.path[i, step - 1, :2], self.path[i, step, :2]
            move = after - before
            with np.errstate(divide="ignore", invalid="ignore"):
                shares = (np.sign(move) * reach - before) / move
            self.end[i] = step - 1 + float(np.min(shares[np.isfinite(shares)]))
        self.ink, self.halo = theme.color("text"), theme.color("background")

    def at(self, step):
        """Return where the points are, shape (example, 3), and which have left."""
        steps = np.minimum(self.end, min(max(step, 0.0), self.path.shape[1] - 1.0))
        lower = steps.astype(int)
        upper = np.minimum(lower + 1, self.path.shape[1] - 1)
        share = (steps - lower)[:, None]
        number = np.arange(len(steps))
        places = (1 - share) * self.path[number, lower] + share * self.path[number, upper]
        return places, steps >= self.end

    def ways(self, step):
        """Return the ways until now on the screen, (example, place, 2)."""
        passed = [*range(0, int(np.ceil(step)), EVERY), step]
        ways = np.stack([self.at(each)[0] for each in passed], axis=1)
        return self.relief.seen(ways.reshape(-1, 3)).reshape(*ways.shape[:2], 2)

    def paint(self, pen):
        """Draw the ways, and the points that are still on the surface or are just leaving it."""
        now = self.clock.get_value()
        places, _ = self.at(now)
        left_over = np.clip(1 - (now - self.end) / LEAVING, 0, 1)  # of a dot
        pen.color(self.ink, 0.3)
        pen.width(1.5)
        for way in self.ways(now):
            pen.polyline(way)
        pen.stroke()
        points = self.relief.seen(places)
        for size in np.unique(left_over[left_over > 0]):
            some = points[left_over == size]
            inks = np.tile(rgb(self.ink), (len(some), 1))
            pen.discs(some, 0.06 * size, inks, self.halo, 1.2)
