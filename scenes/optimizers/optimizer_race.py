"""The race on a map: who of those that are named arrives, and when."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, Group, ValueTracker, smooth

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
    "left_box (surface, run), loss (surface, y, x), grid_x (surface, x), grid_y (surface, y), "
    "surface (surface), run (run), named (run), shown, n_steps, n_optimizers, n_rates, "
    "n_momenta, first, first_step, home_steps, n_home, n_tied",
}

ASPECTS = {"9:16": [(-6.95, -3.95, 1.85, 2.5), (1.85, -3.95, 6.95, 2.5)]}

DESCRIPTION = """\
A map of contour lines with a ring, the start, and a star, the minimum. From the ring many points
set off at once, a few of them bright and named, the others dim and grey; all take their steps at
the same pace, and the bright ones draw their paths. Whoever of them comes to rest at the star is
written into a list at the right, with the number of the step. When all but one are there or off the
map, the path of the first stays bright, the others dim."""

SECONDS = 0.1  # a step
LINE, SIZE = 0.78, 36  # of the list: height in frame units, and pixels
LEFT, EDGE = 2.1, 6.7  # of the list
AFTER = 9  # steps that are still shown when it is decided, in which the last name fades


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
        plan = Contours(chart, x, y, here.loss.values, levels(here.loss.values))
        stars = Group(*(Star(chart.point(*at)) for at in minima(here)))
        top = chart.bottom + chart.height
        arrivals = Arrivals(here, clock, told, top - 1.15)
        there = np.sort(here.arrived.values[here.arrived.values >= 0])

        def count():
            home = int(np.searchsorted(there, clock.get_value() + 1e-9, side="right"))
            return say("home", n=home)

        named = np.flatnonzero(here.named.values)
        listed = np.sort(here.arrived.values[named])

        def count_named():
            home = ((listed >= 0) & (listed <= clock.get_value() + 1e-9)).sum()
            return say("home named", n=int(home), n_named=len(named))

        head = Group(
            Number(
                lambda: say("clock", step=int(clock.get_value() + 1e-9)), [clock],
                size=34, color="muted", widest=say("clock", step=888),
            ).move_to((LEFT, top - 0.17, 0), aligned_edge=(-1, 0, 0)),
            Number(
                count, [clock], size=34, color="muted", widest=say("home", n=88), align="right",
            ).move_to((EDGE, top - 0.17, 0), aligned_edge=RIGHT),
            Number(
                count_named, [clock], size=34, color="muted", align="right",
                widest=say("home named", n=8, n_named=8),
            ).move_to((EDGE, top - 0.62, 0), aligned_edge=RIGHT),
        )  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        runners = Runners(chart, here, clock, told, stars=[chart.point(*at) for at in minima(here)])
        self.add(words, plan, stars, runners, head, *arrivals.parts)
        self.wait(0.3)

        self.next_section("race")
        self.play_steps(clock, decided(here), SECONDS)

        self.next_section("verdict")
        self.say(words, "end")
        self.play(told.animate.set_value(1), run_time=0.9, rate_func=smooth)
        self.wait(1.5)


def decided(here):
    """Return the step at which the film ends: all but one of the named are there or off the map."""
    n_steps = here.attrs["n_steps"]
    ends = sorted(end for k, end in enumerate(ended(here)) if int(here.named[k]))
    last = ends[max(0, len(ends) - 2)] if ends else n_steps
    return min(n_steps, last + AFTER)


def ended(here):
    """Return the step at which each is there or off the map; who never is, is at infinity."""
    pairs = zip(here.arrived.values.tolist(), here.left_box.values.tolist(), strict=True)
    return [home if home >= 0 else out if out >= 0 else np.inf for home, out in pairs]


def levels(loss):
    """Return contour levels that are dense where the surface is low."""
    low, middle, high = np.quantile(loss, [0, 0.5, 0.99])
    power = np.clip(np.log(max((middle - low) / (high - low), 1e-6)) / np.log(0.5), 1, 6)
    return low + (high - low) * np.linspace(0, 1, 13)[1:] ** power


def minima(here):
    """Return the surface's global minima."""
    return row("surfaces", str(here.surface.item()))["minima"]


class Arrivals:
    """The list of the named: a line for each from its arrival on, and at the end for the others."""

    def __init__(self, here, clock, told, top):
        names, ends = here.run.values.tolist(), ended(here)
        home, named = here.arrived.values, np.flatnonzero(here.named.values).tolist()
        self.parts = []
        # who arrives, in order; then who is off the map; last, who is still racing when it ends
        until = decided(here)
        order = sorted(named, key=lambda k: (ends[k] > until, home[k] < 0, ends[k]))
        for line, k in enumerate(order):
            shown = row("optimizers", names[k])
            first = 0 <= int(home[k]) == min(step for step in home if step >= 0)
            y = top - line * LINE

            def there(end=ends[k]):
                return clock.get_value() >= end - 1e-9 or told.get_value() > 0.5

            def label(there=there, text=shown["label"]):
                return text if there() else ""

            def value(there=there, end=ends[k], arrives=home[k] >= 0):
                if not there():
                    return ""
                if clock.get_value() < end - 1e-9:
                    return say("racing")
                return number(int(end)) if arrives else say("off")

            self.parts += [
                Mark(shown["color"], (LEFT + 0.11, y), there, clock, told),
                Number(
                    label, [clock, told], size=SIZE, widest=shown["label"],
                    weight="semibold" if first else "regular",
                ).move_to((LEFT + 0.38, y, 0), aligned_edge=(-1, 0, 0)),
                Number(
                    value, [clock, told], size=SIZE, color="text" if first else "muted",
                    weight="semibold" if first else "regular",
                    widest=max(say("racing"), say("off"), key=len), align="right",
                ).move_to((EDGE, y, 0), aligned_edge=RIGHT),
            ]  # fmt: skip


class Mark(Painted):
    """A dot in somebody's colour, from when there is a line of the list for it."""

    def __init__(self, color, place, there, clock, told):
        super().__init__(0.24, 0.24, reads=[clock, told])
        self.shift((*place, 0))
        self.ink, self.there = theme.color(color), there

    def paint(self, pen):
        """Draw it."""
        if self.there():
            pen.color(self.ink)
            pen.circle(*self.get_center()[:2].tolist(), 0.12)
            pen.fill()
