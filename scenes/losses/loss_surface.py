"""Training's path down the loss, on the plane that holds most of it.

Source  Li et al., "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, arXiv:1712.09913
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, Group, ValueTracker, linear

from look import theme
from look.maps import beads
from look.numbers import fixed
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.surfaces import Surface
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

PATH_SECONDS = 8.0
ASIDE = 10.0  # degrees from where the start of the path is at the back

READS = {
    "loss_surface": "pca_loss (v, u), path_u (snapshot), path_v (snapshot), "
    "path_height (snapshot), path_loss (snapshot), u (u), v (v), "
    "snapshot (snapshot), most, most_step, n_steps",
}

DESCRIPTION = """\
A slope in three dimensions: the loss of a network on the plane that holds most of
the path of its training. A point starts high on it and follows the recorded path, the same film
time for each step; beads stay behind, the same number of steps apart. On the left a bar, as long as
the whole way down, fills with it from the top. Where most of the way down is done, the point leaves
a mark, beside the bar it is said how much that was in how many steps, and from there on the bar
goes on in another colour, while the point creeps on to the trained network, bead close to bead. At
the end the bar is full, and it is said how many steps its last piece took.
"""


BAR, FLOOR, LONG, THICK = -4.9, -3.3, 4.4, 0.42  # left, bottom, height, width, in frame units


class LossSurface(RecordedScene):
    poster_section = "path"

    def construct(self):
        recorded = self.recording("loss_surface")
        clock = ValueTracker(0)
        path = np.stack([recorded.path_u, recorded.path_v, recorded.path_height], axis=1)
        view = ValueTracker(facing_start(path, recorded) + ASIDE)
        steps, real = recorded.snapshot.values, recorded.path_loss.values
        # In snapshots; they are equally far apart in steps, but for the last.
        last = len(path) - 1
        most = int(np.argmax(steps >= recorded.attrs["most_step"]))
        each = int(say("each"))

        self.next_section("path")
        valley = Landscape(
            recorded.u.values, recorded.v.values, recorded.pca_loss.values, view, path, clock, most,
            steps, each,
        )  # fmt: skip
        way = Way(real, clock, most)
        now = Number(lambda: say("now", step=int(step_at(steps, clock))), [clock],
                     widest=say("now", step=int(steps[-1])), color="muted")  # fmt: skip
        now.move_to((BAR + THICK / 2, FLOOR + LONG + 0.75, 0))
        share = way.words(say("most"), 0, most, "semibold")
        words = self.headline("path")
        self.add(words, way, now, way.label(0), way.label(last), *valley.parts)
        self.follow(clock, steps, most)
        end = Words(say("last"), 34, weight="semibold")
        at = valley.parts[0].seen(valley.scaled[-1:])[0]
        end.on_baseline(float(at[0]), float(at[1]) - 0.55, ORIGIN)
        if most == last:
            self.play(*map(FadeIn, [end, share]), run_time=0.25)
        else:
            self.next_section("rest of the path")
            words = self.say(words, "rest of the path", also=[way.label(most), share], each=each)
            self.follow(clock, steps, last)
            self.next_section("end of the path")
            n = int(steps[-1] - steps[most])
            also = [end, way.words(say("rest", n=n), most, last, "regular")]
            left = 1 - float(recorded.attrs["most"])
            self.say(words, "end of the path", also=also, each=each, n=n, left=left)
        self.wait(1.5)

    def follow(self, clock, steps, to):
        """Let the point go on to a snapshot: the same film time for each step."""
        for low, high in pieces(steps, int(clock.get_value()), to):
            share = (steps[high] - steps[low]) / steps[-1]
            self.play(
                clock.animate.set_value(high), run_time=PATH_SECONDS * share, rate_func=linear
            )


class Landscape:
    """A loss over a plane as a surface, with a path, its beads and a flag."""

    def __init__(self, x, y, loss, azimuth, path, clock, flagged, steps, each):
        low, high = float(loss.min()), float(loss.max())
        self.scaled = scaled = np.column_stack([path[:, :2], (path[:, 2] - low) / (high - low)])
        surface = Surface(
            x, y, (loss - low) / (high - low), azimuth, size=5.0, rise=2.6,
            elevation=30, path=scaled, clock=clock,
        ).move_to((1.7, -0.85, 0))  # fmt: skip
        # What moves comes last: Manim draws all that follows it anew for every frame.
        self.parts = [
            surface, Beads(surface, scaled, azimuth, clock, steps, each),
            Flag(surface, scaled, azimuth, clock, flagged),
        ]  # fmt: skip


class Way(Painted):
    """The way down as a bar that fills from the top; what is done after the flag is grey."""

    def __init__(self, loss, clock, flagged):
        super().__init__(THICK, LONG, reads=[clock])
        self.move_to((BAR + THICK / 2, FLOOR + LONG / 2, 0))
        self.loss, self.clock, self.flagged = loss, clock, flagged
        self.ink, self.quiet = theme.color("vermillion"), theme.color("quiet")
        self.text, self.muted = theme.color("text"), theme.color("muted")

    def level(self, loss):
        """Return where a loss stands, in frame units."""
        return FLOOR + LONG * (loss - self.loss[-1]) / (self.loss[0] - self.loss[-1])

    def label(self, at):
        """Return the loss at a snapshot, to stand beside the bar."""
        y = self.level(self.loss[at]) - 0.12
        return Words(fixed(self.loss[at], 2), 34, "muted").on_baseline(BAR - 0.15, y, RIGHT)

    def words(self, said, start, stop, weight):
        """Return two lines about the way from one snapshot to another, beside its piece."""
        middle = self.level((self.loss[start] + self.loss[stop]) / 2)
        return Group(*(
            Words(line, 34, weight=weight).on_baseline(BAR + THICK + 0.2, middle + up)
            for line, up in zip(said.split("\n"), (0.13, -0.37), strict=True)
        ))  # fmt: skip

    def paint(self, pen):
        """Draw what is done of it now, and the mark at the flag from then on."""
        now = self.clock.get_value()
        level = max(self.level(np.interp(now, np.arange(len(self.loss)), self.loss)), FLOOR)
        flag, top = self.level(self.loss[self.flagged]), FLOOR + LONG
        pen.color(self.quiet)
        pen.rectangle(BAR, FLOOR, THICK, LONG)
        pen.fill()
        quick = level if now < self.flagged else flag
        for ink, low, high in ((self.ink, quick, top), (self.muted, min(level, quick), quick)):
            pen.color(ink)
            pen.rectangle(BAR, low, THICK, high - low)
            pen.fill()
        if now >= self.flagged:
            pen.color(self.text)
            pen.width(4)
            pen.polyline(np.array([[BAR, flag], [BAR + THICK, flag]]))
            pen.stroke()


class Beads(Painted):
    """A bead on the path for every so many steps, from the moment when it has come there."""

    def __init__(self, surface, path, azimuth, clock, steps, each):
        super().__init__(surface.width, surface.height, reads=[azimuth, clock])
        self.move_to(surface.get_center())
        self.surface, self.clock, self.steps = surface, clock, steps
        self.at, self.spots = beads(steps, path, each)
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
    """A dot with the step beside it on the surface's path, from when the point has come there."""

    def __init__(self, surface, path, azimuth, clock, at):
        super().__init__(surface.width, surface.height, reads=[azimuth, clock])
        self.move_to(surface.get_center())
        self.surface, self.spot, self.clock, self.step = surface, path[[at]], clock, at
        self.ink, self.back, self.words = (
            theme.color("text"),
            theme.color("background"),
            say("flag"),
        )

    def paint(self, pen):
        """Draw it."""
        if self.clock.get_value() < self.step:
            return
        (foot,) = self.surface.seen(self.spot)
        pen.disc(foot, 0.12, self.ink, self.back, 2)
        pen.color(self.ink)
        em = LABEL / PIXELS_PER_UNIT
        font.write(pen, self.words, foot[0] + 0.25, foot[1] - 0.1, em, "semibold")


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
