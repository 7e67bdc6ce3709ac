"""The race on a map: who arrives when, and at the end at how many rates each of them would."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, FadeIn, Group, ValueTracker, smooth

from look import theme
from look.numbers import number
from look.runs import row
from look.words import say
from scenes.optimizers._runners import Runners
from scenes.parts.charts import Chart, Contours
from scenes.parts.marks import Star
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.recorded import RecordedScene

READS = {
    "optimizer_race": "theta (surface, run, step, param), arrived (surface, run), "
    "n_working (surface, run), loss (surface, y, x), grid_x (surface, x), grid_y (surface, y), "
    "surface (surface), run (run), named (run), shown, n_steps, n_rates, n_optimizers, first, "
    "first_step, n_home, n_tied, broad, broad_works",
}

ASPECTS = {"9:16": [(-6.95, -3.95, 1.87, 2.5), (1.87, -3.95, 6.95, 2.5)]}

DESCRIPTION = """\
A map of contour lines with a ring, the start, and a star, the minimum. From the ring many points
set off at once, a few of them bright and named, the others dim; each draws its path, and all take
their steps at the same pace. Whoever comes to rest at the star is written into a list at the right,
in the order of arrival, with the number of the step. At the end the numbers in the list give way to
bars: at how many of the learning rates that were tried each optimizer arrives."""

SECONDS = 0.07  # a step
ROWS, LINE = 9, 0.53  # of the list, and their height in frame units
LEFT, EDGE = 2.15, 6.7  # of the list


class OptimizerRace(RecordedScene):
    def construct(self):
        recorded = self.recording("optimizer_race")
        here = recorded.sel(surface=recorded.attrs["shown"])
        n_steps = recorded.attrs["n_steps"]
        clock, told = ValueTracker(0), ValueTracker(0)
        x, y = here.grid_x.values, here.grid_y.values
        tall = min(5.9, 8.5 * np.ptp(y) / np.ptp(x))
        chart = Chart(
            (-6.7 + tall * np.ptp(x) / np.ptp(y) / 2, -0.72),
            tall * np.ptp(x) / np.ptp(y),
            tall,
            (x[0], x[-1]),
            (y[0], y[-1]),
        )
        plan = Contours(chart, x, y, here.loss.values, levels(here.loss.values))
        stars = Group(*(Star(chart.point(*at)) for at in minima(here)))
        arrivals = Arrivals(here, clock, told, chart.bottom + chart.height - 0.82)
        there = np.sort(here.arrived.values[here.arrived.values >= 0])
        # Once the list is full, hardly anything moves: who comes later is counted.
        until = min(n_steps, int(there[ROWS - 1]) + 3) if len(there) >= ROWS else n_steps

        def count():
            if told.get_value() > 0.5:
                return ""
            home = int(np.searchsorted(there, clock.get_value() + 1e-9, side="right"))
            return say("home", n=home)

        def passed():
            if told.get_value() > 0.5:
                return say("rates that work")
            return say("clock", step=int(clock.get_value() + 1e-9))

        top = chart.bottom + chart.height
        head = Group(
            Number(
                passed, [clock, told], size=34, color="muted", widest=say("rates that work"),
            ).move_to((LEFT, top - 0.17, 0), aligned_edge=(-1, 0, 0)),
            Number(
                count, [clock, told], size=34, color="muted", widest=say("home", n=88),
                align="right",
            ).move_to((EDGE, top - 0.17, 0), aligned_edge=RIGHT),
        )  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        runners = Runners(chart, here, clock)
        self.add(words, plan, stars, runners, head, *arrivals.parts)
        self.play(FadeIn(Group(words)), run_time=0.3)

        self.next_section("race")
        self.play_steps(clock, until, SECONDS)

        self.next_section("verdict")
        self.say(words, "end")
        self.play(told.animate.set_value(1), run_time=1.2, rate_func=smooth)
        self.wait(1.5)


def levels(loss):
    """Return contour levels that are dense where the surface is low."""
    low, middle, high = np.quantile(loss, [0, 0.5, 0.99])
    power = np.clip(np.log(max((middle - low) / (high - low), 1e-6)) / np.log(0.5), 1, 6)
    return low + (high - low) * np.linspace(0, 1, 13)[1:] ** power


def minima(here):
    """Return the surface's global minima."""
    return row("surfaces", str(here.surface.item()))["minima"]


class Arrivals:
    """The list: a line for each who arrives, from its step on; at the end, the rates that work."""

    def __init__(self, here, clock, told, top):
        order = [k for k in np.argsort(here.arrived.values, kind="stable") if here.arrived[k] >= 0]
        names = here.run.values.tolist()
        self.parts = []
        for line, k in enumerate(order[:ROWS]):
            shown = row("optimizers", names[k])
            step, works = int(here.arrived[k]), int(here.n_working[k])
            y = top - line * LINE
            share = works / here.attrs["n_rates"]

            def text(label, step=step):
                return lambda: label if clock.get_value() >= step - 1e-9 else ""

            def value(step=step, works=works):
                def now():
                    if clock.get_value() < step - 1e-9:
                        return ""
                    return number(works if told.get_value() > 0.5 else step)

                return now

            self.parts += [
                Bar(share, shown["color"], (LEFT, y - 0.17), step, clock, told),
                Number(
                    text(shown["label"]), [clock], size=34, widest=shown["label"],
                    weight="semibold" if int(here.named[k]) else "regular",
                ).move_to((LEFT + 0.32, y, 0), aligned_edge=(-1, 0, 0)),
                Number(
                    value(), [clock, told], size=34, color="muted", widest="888", align="right",
                ).move_to((EDGE, y, 0), aligned_edge=RIGHT),
            ]  # fmt: skip
        if (more := len(order) - ROWS) > 0:
            # with the verdict, which is about all steps
            y = top - ROWS * LINE
            self.parts.append(
                Number(
                    lambda: say("more", n=more) if told.get_value() > 0.5 else "", [told],
                    size=34, color="muted", widest=say("more", n=more),
                ).move_to((LEFT + 0.32, y, 0), aligned_edge=(-1, 0, 0))
            )  # fmt: skip


class Bar(Painted):
    """A dot in somebody's colour from its step on, which grows into a bar under the name."""

    def __init__(self, share, color, corner, step, clock, told):
        super().__init__(EDGE - LEFT, 0.5, reads=[clock, told])
        self.shift(((LEFT + EDGE) / 2, corner[1] + 0.17, 0))
        self.share, self.ink, self.corner = share, theme.color(color), corner
        self.quiet = theme.color("quiet")
        self.step, self.clock, self.told = step, clock, told

    def paint(self, pen):
        """Draw the dot, and the bar as far as it has grown."""
        if self.clock.get_value() < self.step - 1e-9:
            return
        x, y = self.corner
        pen.color(self.ink)
        pen.circle(x + 0.1, y + 0.17, 0.1)
        pen.fill()
        grown = self.told.get_value()
        if grown <= 0:
            return
        for color, share in ((self.quiet, 1.0), (self.ink, self.share)):
            pen.color(color, grown)
            pen.rectangle(x + 0.32, y - 0.13, grown * share * (EDGE - x - 0.32), 0.07)
            pen.fill()
