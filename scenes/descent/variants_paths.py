"""Three ways down one loss: batch, mini-batch and stochastic, on a clock of examples seen."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, Group, ValueTracker, linear

from look import theme
from look.maps import square
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart, Contours
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

VARIANTS = ("batch", "mini_batch", "stochastic")
LEFTS = (-6.6, -2.1, 2.4)  # of the panels, in frame units
SIDE = 4.2
SECONDS = 9.5  # of the film, for all passes

READS = {
    "variants_paths": "theta_batch (step_batch, param), loss_batch (step_batch), "
    "examples_batch (step_batch), theta_mini_batch (step_mini_batch, param), "
    "loss_mini_batch (step_mini_batch), examples_mini_batch (step_mini_batch), "
    "theta_stochastic (step_stochastic, param), loss_stochastic (step_stochastic), "
    "examples_stochastic (step_stochastic), loss (y, x), grid_x (x), grid_y (y), minimum (param), "
    "epochs, minimum_loss, n_train",
}

DESCRIPTION = """\
Three copies of one contour map, with the same start and a star at the minimum. All three paths see
the same examples at the same pace. After the first pass over the data the batch path has taken a
single step, the mini-batch path a few, which wander towards the minimum, and the stochastic path
one step an example: it has reached the neighbourhood of the minimum and jumps around in it. In the
remaining passes the batch path creeps on along a smooth curve, the mini-batch path trembles at the
minimum, and the stochastic path fills a cloud around it. Counters give steps and loss.
"""


class VariantsPaths(RecordedScene):
    def construct(self):
        recorded = self.recording("variants_paths")
        attrs = recorded.attrs
        clock = ValueTracker(0)
        n_seen = int(attrs["epochs"]) * int(attrs["n_train"])
        pace = SECONDS / n_seen
        parts, paths = [], []
        for left, name in zip(LEFTS, VARIANTS, strict=True):
            still, moving = panel(recorded, name, left, clock)
            parts += still
            paths += moving
        seen = Group(
            Words("examples seen", 34, "muted").on_baseline(-6.6, -3.62),
            Number(
                lambda: number(int(clock.get_value() + 1e-6)), [clock], size=34, widest="00,000"
            ),
        )
        seen[1].move_to((seen[0].get_right()[0] + 0.15, -3.62, 0), aligned_edge=LEFT + DOWN)
        passes, right = int(attrs["epochs"]), LEFTS[-1] + SIDE
        label = Words(say("all passes"), 34, "muted").on_baseline(right, -3.62, RIGHT)
        width = label.get_left()[0] - 0.25 - LEFTS[1]
        bar = Passes(passes, n_seen, clock, width).move_to((LEFTS[1] + width / 2, -3.53, 0))
        seen.add(label, bar)

        self.next_section("first pass")
        words = self.headline("first pass")
        self.add(words, *parts, *paths, seen)
        self.wait(0.5)
        self.play(clock.animate.set_value(attrs["n_train"]), run_time=3.0, rate_func=linear)
        self.beat(0.8, "who is behind after one pass?")

        self.next_section("more passes")
        ends = losses(recorded, int(attrs["n_train"]))
        # Far: more than twice as far above the lowest loss as the next.
        *_, second, most = sorted(each - attrs["minimum_loss"] for each in ends.values())
        behind = series(max(ends, key=ends.__getitem__)).label
        words = self.say(words, "more passes", behind=behind, far=int(most > 2 * second))
        self.wait(1.0)
        self.play_steps(clock, n_seen, pace)

        self.next_section("verdict")
        ends, means = losses(recorded, n_seen), means_of_last(recorded)
        first = min(ends, key=ends.__getitem__)
        left = LEFTS[VARIANTS.index(first)]
        lowest = Words(say("lowest"), 34, weight="semibold")  # over its loss
        lowest.on_baseline(left + SIDE - 0.12, -2.3, RIGHT)
        late = recorded.loss_stochastic.values[-1 - int(attrs["n_train"]) :]
        self.say(
            words, "verdict", also=[lowest], low=late.min(), high=late.max(),
            leader=series(first).label, loss=ends[first],
            steady=int(first == min(means, key=means.__getitem__)),
        )  # fmt: skip
        self.wait(1.5)


def losses(recorded, n_seen):
    """Return the loss of each variant after so many examples."""
    found = {}
    for name in VARIANTS:
        step = np.searchsorted(recorded[f"examples_{name}"].values, n_seen, "right") - 1
        found[name] = float(recorded[f"loss_{name}"].values[step])
    return found


def means_of_last(recorded):
    """Return the mean loss of each variant in its last pass: the end of a swarm is chance."""
    late = (int(recorded.attrs["epochs"]) - 1) * int(recorded.attrs["n_train"])
    return {
        name: float(recorded[f"loss_{name}"].values[recorded[f"examples_{name}"] > late].mean())
        for name in VARIANTS
    }


def panel(recorded, name, left, clock):
    """Return what stands still in a variant's panel, and what moves: its path and its numbers."""
    x, y, loss = recorded.grid_x.values, recorded.grid_y.values, recorded.loss.values
    paths = [recorded[f"theta_{each}"].values for each in VARIANTS]
    spans = square(np.concatenate(paths), x, y)
    chart = Chart((left + SIDE / 2, -0.35), SIDE, SIDE, *spans)
    seen = loss[
        np.ix_(*(inside(axis, span) for axis, span in zip((y, x), spans[::-1], strict=True)))
    ]
    low, high = float(seen.min()), float(seen.max())
    levels = low + (high - low) * np.linspace(0.02, 0.95, 12) ** 2
    theta, loss_at = recorded[f"theta_{name}"].values, recorded[f"loss_{name}"].values
    examples = recorded[f"examples_{name}"].values.astype(float)
    few = len(theta) <= 200
    # Of a long path the last pass stands out; before it, where it has been often.
    style = {"width": 2.5} if few else {"width": 0.8, "opacity": 0.14}
    style |= {} if few else {"fresh": int(recorded.attrs["n_train"])}
    style |= {"ring": True, "dots": len(theta) <= 60, "minimum": recorded.minimum.values}
    path = Path(chart, theta, examples, clock, series(name).color, jumps=True, **style)

    def step():
        return int(np.searchsorted(examples, clock.get_value() + 1e-6, side="right")) - 1

    still = [
        Contours(chart, x, y, loss, levels),
        Words(series(name).label, 34, weight="semibold").on_baseline(left, 1.92),
    ]
    # Its own words: "1 step", "10 steps".
    steps = Number(lambda: say("counted", n=step()), [clock], color="muted", widest="0,000 steps")
    steps.move_to((left, -2.9, 0), aligned_edge=LEFT + DOWN)
    cost = Number(
        lambda: say("cost", loss=loss_at[step()]), [clock], widest="loss 0.000", align="right"
    )
    cost.move_to((left + SIDE, -2.9, 0), aligned_edge=RIGHT + DOWN)
    return still, [path, steps, cost]


def inside(axis, span):
    """Return which places of an axis are within a span, shape (n,)."""
    return (axis >= span[0]) & (axis <= span[1])


class Passes(Painted):
    """A bar that the clock fills, with a gap after every pass over the data."""

    def __init__(self, n_passes, n_seen, clock, width):
        super().__init__(width, 0.12, reads=[clock])
        self.n_passes, self.n_seen, self.clock = n_passes, n_seen, clock
        self.ink, self.quiet = theme.color("muted"), theme.color("quiet")

    def paint(self, pen):
        """Draw the whole bar, then over it what is done."""
        left, bottom, width, height = self.box
        each = width / self.n_passes
        done = left + width * self.clock.get_value() / self.n_seen
        for color, end in ((self.quiet, left + width), (self.ink, done)):
            pen.color(color)
            for k in range(self.n_passes):
                start = left + k * each
                pen.rectangle(start, bottom, max(min(each - 0.05, end - start), 0), height)
            pen.fill()
