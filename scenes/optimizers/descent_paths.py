"""Paths of any optimizers over any function of two numbers, step by step."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ValueTracker

from look.maps import levels, rungs
from look.runs import numbered
from look.words import say
from scenes.parts.charts import Chart, Contours, Trail, between
from scenes.parts.numbers import Number
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "descent_paths": "theta (run, step, param), loss (run, step), height (y, x), grid_x (x), "
    "grid_y (y), run (run), n_steps",
}

DESCRIPTION = """\
A square map of contour lines, and beside it a list of names in colours. From one place on the map a
point sets off for each name, all at one pace of steps, and draws its path; under each name stands
the loss where its point is. At last the name of the one that got lowest is said."""

SIDE = 5.8  # of the map, in frame units
LEFT_EDGE, TOP = -6.6, 2.05
SECONDS = 6.5  # of the descent


class DescentPaths(RecordedScene):
    def construct(self):
        recorded = self.recording("descent_paths")
        n_steps, clock = recorded.sizes["step"] - 1, ValueTracker(0)
        x, y, height = recorded.grid_x.values, recorded.grid_y.values, recorded.height.values
        chart = Chart(
            (LEFT_EDGE + SIDE / 2, TOP - SIDE / 2), SIDE, SIDE, (x[0], x[-1]), (y[0], y[-1])
        )
        runs, losses = numbered(recorded.run.values.tolist()), recorded.loss.values
        best = int(np.nan_to_num(losses[:, -1], nan=np.inf).argmin())
        trails, names = [], []
        each = min(0.8, (SIDE - 0.6) / len(runs))
        right = LEFT_EDGE + SIDE + 0.6
        for k, run in enumerate(runs):
            trails.append(Trail(chart, recorded.theta.values[k], clock, color=run.token,
                                width=6 if k == best else 3))  # fmt: skip
            at = TOP - 0.3 - each * k
            name = Words(run.label, 34, run.token, weight="semibold").on_baseline(right, at)
            loss = measured(losses[k], clock)
            loss.move_to((right + 2.6, at, 0), aligned_edge=LEFT + DOWN)
            names += [name, loss]
        curves = []
        tall = SIDE - 1.15 - each * len(runs)
        if tall > 1.5:  # under a short list there is room for the losses
            below = falling(losses, (right + 0.9, TOP - SIDE + 0.55), 5.7 - right, tall)
            low, high = (10.0**end for end in below.y) if below.log_y else below.y
            names.append(below.y_ticks(rungs(low, high, log=below.log_y)))
            curves = [
                Trail(below, np.stack([np.arange(n_steps + 1), losses[k]], axis=1), clock,
                      color=run.token, width=6 if k == best else 3, radius=0.07)
                for k, run in enumerate(runs)
            ]  # fmt: skip
        counter = Number(
            lambda: say("step", step=int(clock.get_value() + 1e-9)), [clock], color="muted",
            widest=say("step", step=10 * n_steps),
        )  # fmt: skip
        counter.move_to((right, TOP - SIDE, 0), aligned_edge=LEFT + DOWN)

        self.next_section("start")
        words = self.headline("start", n=len(runs), below=int(bool(curves)))
        # The lowest broad and below, the shortest on top, as in the figure.
        long = np.linalg.norm(np.diff(recorded.theta.values, axis=1), axis=2).sum(1)
        order = sorted(range(len(runs)), key=lambda k: (k != best, -long[k]))
        self.add(words, Contours(chart, x, y, height, levels(height, 12)), counter, *names)
        self.add(*(some[k] for some in (trails, curves) if some for k in order))
        self.wait(0.4)

        self.next_section("descent")
        self.play_steps(clock, n_steps, SECONDS / n_steps)

        self.next_section("end")
        self.say(words, "end", who=runs[best].label, loss=losses[best, -1])
        self.wait(1.5)


def measured(losses, clock):
    """Return the loss where a point is now, as a number."""

    def now():
        return say("now", loss=float(between(losses, clock.get_value())))

    return Number(now, [clock], widest=say("now", loss=float(losses[0])))


def falling(losses, corner, wide, tall):
    """Return a chart of losses by step from its lower left corner: logarithmic where that can be.

    What climbs above all starts leaves it.
    """
    known = losses[np.isfinite(losses)]
    high, low = float(losses[:, 0].max()), float(known.min())
    ends = (low / 1.2, high * 1.2) if low > 0 else (low, high + 0.05 * (high - low or 1.0))
    center = (corner[0] + wide / 2, corner[1] + tall / 2)
    return Chart(center, wide, tall, (0, losses.shape[1] - 1), ends, log_y=low > 0)
