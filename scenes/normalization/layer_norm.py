"""A batch passes layer norm, digit by digit; then one digit among ever other companions."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import ORIGIN, RIGHT, Group, Mobject, ValueTracker, linear

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.normalization._columns import Columns
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "layer_norm": "sum (snapshot, example, unit), normalised (snapshot, example, unit), "
    "mean (snapshot, example), deviation (snapshot, example), label (example), "
    "among (run, x_draw, unit), run (run), hidden, n_draws, spread_batch, spread_layer, "
    "still, one"
}

DESCRIPTION = """\
Columns of white dots, one column a digit, one dot a hidden unit's sum; a grey bar behind each says
where its mean is and how far its values spread. Column after column, the dots move until their mean
is zero, then stretch until they spread by one, and the bar is pink: layer norm. Then two charts
side by side: one and the same digit is put into batch after batch with other companions, and each
time a line goes through the values of its units. Under batch norm, on the left, the line jumps
about and leaves a fan; under layer norm, on the right, every line lies exactly on the one before.
"""

BOX = (-5.9, -3.0, 12.2, 4.75)


class LayerNorm(RecordedScene):
    def construct(self):
        recorded = self.recording("layer_norm")
        last = recorded.isel(snapshot=-1)
        done, draw = ValueTracker(0), ValueTracker(0)
        sums, normalised = last["sum"].values, last.normalised.values
        reach = 1.08 * float(max(np.abs(sums).max(), np.abs(normalised).max()))
        n = len(sums)
        batch = Columns(
            BOX, sums, normalised, last["mean"].values, last.deviation.values, reach, done,
            ink=series("layer").token,
        )  # fmt: skip
        frame = [
            Words(number(k), TICK, "muted").on_baseline(
                BOX[0] - 0.15, batch.place_of(0, k)[1] - 0.1, RIGHT
            )
            for k in (-8, -4, -2, 0, 2, 4, 8)
            if abs(k) < reach
        ]
        frame += [
            Words(number(int(digit)), TICK, "muted").on_baseline(
                batch.place_of(k, 0)[0], BOX[1] - 0.42, ORIGIN
            )
            for k, digit in enumerate(recorded.label.values)
        ]
        frame.append(
            Words(say("digits"), color="muted").on_baseline(BOX[0] - 0.15, BOX[1] - 0.42, RIGHT)
        )

        self.next_section("start")
        words = self.headline("start")
        self.add(words, batch, *frame)
        self.wait(0.4)
        self.play(done.animate.set_value(n), run_time=0.62 * n, rate_func=linear)
        self.wait(0.5)

        self.next_section("swap")
        values = recorded.among.values
        reach = 1.08 * float(np.abs(values).max())
        n_draws = values.shape[1]
        parts: list[Mobject] = []
        for i, name in enumerate(recorded.run.values.tolist()):
            left = -6.3 + 6.75 * i
            among = Among(values[i], left, reach, draw, series(name).token)
            parts.append(among)
            parts.append(Words(say(f"norm {name}"), weight="semibold").on_baseline(left, 1.7))
            parts += [
                Words(number(k), TICK, "muted").on_baseline(left - 0.12, among.y(k) - 0.1, RIGHT)
                for k in (-2, 0, 2)
                if i == 0 and abs(k) < reach
            ]
            parts += [
                Words(number(k + 1), TICK, "muted").on_baseline(x, among.bottom - 0.42, ORIGIN)
                for k, x in enumerate(among.x.tolist())
            ]
        count = Number(
            lambda: say("in batch", k=min(int(draw.get_value() + 1e-9) + 1, n_draws)), [draw],
            color="muted", widest=say("in batch", k=n_draws),
        ).move_to((0, -3.7, 0))  # fmt: skip
        before: Any = Group(words, batch, *frame)  # all go together: no frame is empty
        words = self.say(before, "swap", also=(*parts, count))
        self.play_steps(draw, n_draws - 1, 4.8 / max(n_draws - 1, 1))

        self.next_section("end")
        self.say(words, "end")
        self.wait(1.5)


class Among(Painted):
    """One digit's values as a line over the units: of each batch so far, and of this one."""

    def __init__(self, values, left, reach, draw, color):
        super().__init__(6.0, 4.1, reads=[draw])
        self.left, self.bottom, self.wide, self.tall = left, -2.8, 6.0, 4.1
        self.move_to((left + 3.0, self.bottom + 2.05, 0))
        self.values, self.reach, self.draw = values, reach, draw
        self.ink, self.quiet = theme.color(color), theme.color("quiet")
        self.text, self.back = theme.color("text"), theme.color("background")
        slot = self.wide / values.shape[1]
        self.x = left + slot * (np.arange(values.shape[1]) + 0.5)

    def y(self, value):
        """Return how high a value lies, in frame units."""
        return self.bottom + self.tall * (value / self.reach + 1) / 2

    def paint(self, pen):
        pen.color(self.quiet)
        pen.width(2)
        zero = self.y(0)
        pen.polyline(np.array([[self.left, zero], [self.left + self.wide, zero]]))
        pen.stroke()
        now = min(int(self.draw.get_value() + 1e-9), len(self.values) - 1)
        pen.context.set_line_join(1)
        lines = np.stack(np.broadcast_arrays(self.x, self.y(self.values)), axis=-1)
        pen.color(self.ink, 0.55)
        pen.width(2)
        for line in lines[:now]:
            pen.polyline(line)
        pen.stroke()
        for color, width in ((self.back, 8), (self.ink, 5)):
            pen.color(color)
            pen.width(width)
            pen.polyline(lines[now])
            pen.stroke()
        for place in lines[now]:
            pen.disc(place, 0.11, self.text, self.back, 1.5)
