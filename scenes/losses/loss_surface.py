"""Training's path down the loss, on the plane that holds most of it.

Source  Li et al., "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, arXiv:1712.09913
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, Group, ValueTracker, linear

from look import theme
from look.numbers import fixed, number
from look.words import say
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.surfaces import ScaleBar, Surface
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

PATH_SECONDS = 9.0
EACH = 20  # steps from a bead on the path to the next

READS = {
    "loss_surface": "pca_loss (v, u), path_u (snapshot), path_v (snapshot), "
    "path_height (snapshot), path_loss (snapshot), u (u), v (v), "
    "snapshot (snapshot), most, most_step, n_steps",
}

DESCRIPTION = """\
A slope in three dimensions that turns slowly: the loss of a network on the plane that holds most of
the path of its training. A point starts high on it and follows the recorded path, the same film
time for each step; numbers show the step and the network's loss, and a bead stays behind at
every 20th step. Where most of the way down is done, it leaves a flag, and creeps on to the trained
network, bead close to bead. At the end the numbers are the losses at the start, at the flag, and
now.
"""


NUMBERS = -3.0  # right edge of the counters, in frame units
ROWS = (-2.45, -2.95, -3.45)  # of the counters


class LossSurface(RecordedScene):
    poster_section = "path"

    def construct(self):
        recorded = self.recording("loss_surface")
        clock = ValueTracker(0)
        path = np.stack([recorded.path_u, recorded.path_v, recorded.path_height], axis=1)
        facing = facing_start(path, recorded)
        turn = ValueTracker(facing + 44)
        steps, real = recorded.snapshot.values, recorded.path_loss.values
        # In snapshots; they are equally far apart in steps, but for the last.
        last = len(path) - 1
        most = int(np.argmax(steps >= recorded.attrs["most_step"]))

        self.next_section("path")
        valley = Landscape(
            recorded.u.values, recorded.v.values, recorded.pca_loss.values, turn, path, clock, most,
            steps,
        )  # fmt: skip
        counters = Group()
        for (name, text, widest), y in zip(
            [
                ("step", lambda: number(int(step_at(steps, clock))), "0000"),
                ("network’s loss", lambda: fixed(real[latest(clock)], 3), "0.000"),
            ],
            ROWS[:2],
            strict=True,
        ):
            counters.add(
                Words(name, 34, "muted").on_baseline(-6.6, y),
                Number(text, [clock], size=34, widest=widest, align="right").move_to(
                    (NUMBERS, y + 0.1, 0), RIGHT
                ),
            )
        words = self.headline("path")
        self.add(words, counters, *valley.parts)
        self.follow(clock, turn, steps, most, facing + 16)
        if most < last:
            self.next_section("end of the path")
            self.say(words, "end of the path")
            self.follow(clock, turn, steps, last, facing + 16)
        summary = Group()
        for name, at, y in zip(
            (say("begin"), say("flag"), say("last")), (0, most, last), ROWS, strict=True
        ):
            summary.add(
                Words(name, 34, "muted").on_baseline(-6.6, y),
                Words(fixed(real[at], 3), 34).on_baseline(NUMBERS, y, RIGHT),
            )
        self.play(FadeOut(counters), run_time=0.15)
        self.play(FadeIn(summary), run_time=0.25)
        self.wait(1.5)

    def follow(self, clock, turn, steps, to, facing):
        """Let the point go on to a snapshot: the same film time for each step, turning evenly."""
        here = int(clock.get_value())
        for low, high in pieces(steps, here, to):
            share = (steps[high] - steps[low]) / steps[-1]
            left = (steps[-1] - steps[low]) / steps[-1]
            towards = turn.get_value() + (facing - turn.get_value()) * share / left
            self.play(
                clock.animate.set_value(high),
                turn.animate.set_value(towards),
                run_time=PATH_SECONDS * share,
                rate_func=linear,
            )


class Landscape:
    """A loss over a plane as a surface with a flag, and the bar that gives its height's scale."""

    def __init__(self, x, y, loss, azimuth, path, clock, flagged, steps):
        low, high = float(loss.min()), float(loss.max())
        scaled = np.column_stack([path[:, :2], (path[:, 2] - low) / (high - low)])
        surface = Surface(
            x, y, (loss - low) / (high - low), azimuth, size=5.0, rise=2.6,
            elevation=36, path=scaled, clock=clock,
        ).move_to((1.2, -0.85, 0))  # fmt: skip
        nats = 1.0 if high - low > 1.5 else 0.1
        length = surface.height_of(nats / (high - low))
        bar = ScaleBar(length).move_to((5.15, -3.45 + length / 2, 0))
        label = Words(say("nats", nats=nats), 34, "muted").next_to(bar, RIGHT, buff=0.12)
        # What moves comes last: Manim draws all that follows it anew for every frame.
        self.parts = [
            Group(bar, label), surface, Beads(surface, scaled, azimuth, clock, steps),
            Flag(surface, scaled, azimuth, clock, flagged),
        ]  # fmt: skip


class Beads(Painted):
    """A bead on the path for every so many steps, from the moment when it has come there."""

    def __init__(self, surface, path, azimuth, clock, steps):
        super().__init__(surface.width, surface.height, reads=[azimuth, clock])
        self.move_to(surface.get_center())
        self.surface, self.clock, self.steps = surface, clock, steps
        self.at = np.arange(EACH, steps[-1] + 1, EACH)
        self.spots = np.column_stack([np.interp(self.at, steps, line) for line in path.T])
        self.ink, self.back = theme.color("vermillion"), theme.color("background")

    def passed(self):
        """Return how many beads are there by now."""
        now = np.interp(self.clock.get_value(), np.arange(len(self.steps)), self.steps)
        return int(np.searchsorted(self.at, now + 1e-9, side="right"))

    def paint(self, pen):
        """Draw those that are there."""
        for place in self.surface.seen(self.spots[: self.passed()]) if self.passed() else ():
            pen.disc(place, 0.075, self.ink, self.back, 1.5)


class Flag(Painted):
    """A flag on the surface's path, from the moment when it has come there."""

    def __init__(self, surface, path, azimuth, clock, at):
        super().__init__(surface.width, surface.height, reads=[azimuth, clock])
        self.move_to(surface.get_center())
        self.surface, self.spot, self.clock, self.step = surface, path[[at]], clock, at
        self.ink, self.back = theme.color("text"), theme.color("background")

    def paint(self, pen):
        """Draw its pole, its cloth and its foot."""
        if self.clock.get_value() < self.step:
            return
        (foot,) = self.surface.seen(self.spot)
        top = foot + np.array([0, 0.75])
        pen.color(self.ink)
        pen.width(3)
        pen.polyline(np.array([foot, top]))
        pen.stroke()
        pen.polyline(top + np.array([[0, 0], [0.42, -0.16], [0, -0.32]]), close=True)
        pen.fill()
        pen.disc(foot, 0.09, self.ink, self.back, 1.5)


def facing_start(path, recorded):
    """Return the azimuth, in degrees, that puts the start of the path at the back, in full view."""
    du, dv = (path[0, :2] - path[-1, :2]) / (np.ptp(recorded.u.values), np.ptp(recorded.v.values))
    return float(-np.rad2deg(np.arctan2(du, dv)))


def latest(clock):
    """Return the index of the latest snapshot."""
    return int(clock.get_value() + 1e-9)


def step_at(steps, clock):
    """Return the step of the latest snapshot."""
    return steps[latest(clock)]


def pieces(steps, start, stop):
    """Cut a range of snapshots where their distance in steps changes: each has one speed."""
    gaps = np.diff(steps[start : stop + 1])
    cuts = [start, *(start + 1 + np.flatnonzero(np.diff(gaps))).tolist(), stop]
    return [(a, b) for a, b in pairwise(cuts) if b > a]
