"""Three points go down the bent valley, one step at a time."""

import numpy as np
from manim import FadeIn, ValueTracker

from look.runs import row
from scenes.parts.charts import Chart, Contours, Trail
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "three_ways": "theta (run, step, param), run (run), loss (y, x), grid_x (x), grid_y (y), "
    "n_runs, surface",
}

DESCRIPTION = """\
Contours of a valley that bends like a sine appear, with the names of the optimizers in their
colours below. A point for each of them leaves the same place, and all take their steps at the same
pace, each drawing its path."""


class ThreeWays(RecordedScene):
    """The film; a frame follows from the recording and the clock alone."""

    def construct(self):
        recorded = self.recording("three_ways")
        x, y, loss = recorded.grid_x.values, recorded.grid_y.values, recorded.loss.values
        chart = Chart((0, -0.4), 12, 5, x=(x[0], x[-1]), y=(y[0], y[-1]))
        levels = np.geomspace(0.02, 1, 12) * loss.max()
        clock = ValueTracker(0)

        self.next_section("valley")
        self.play(FadeIn(Contours(chart, x, y, loss, levels), self.headline("start")))
        self.next_section("descent")
        for i, name in enumerate(recorded.run.values.tolist()):
            shown = row("optimizers", name)
            points = recorded.theta.sel(run=name).values
            self.add(
                Trail(chart, points, clock, color=shown["color"]),
                Words(shown["label"], 34, shown["color"]).on_baseline(-6 + 3.5 * i, -3.5),
            )
        self.play_steps(clock, recorded.sizes["step"] - 1, seconds_per_step=0.05)
        self.wait()
