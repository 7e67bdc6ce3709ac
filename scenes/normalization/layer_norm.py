"""One digit among ever other companions: its values under batch norm, and under layer norm."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeIn, Group, ValueTracker

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "layer_norm": "among (run, x_draw, unit), company (x_draw, example), run (run), "
    "hidden, n_draws, spread_batch, spread_layer, still, one"
}

DESCRIPTION = """\
On the left a batch as a grid, a digit a row, with its name, and a hidden unit a column. The first
digit stays, while all others are exchanged, batch after batch. Beside it two charts. Batch by batch
a line goes through the values that the first digit's hidden units have: first under batch norm,
which averages down a column of the grid; the line jumps about with the companions and leaves a fan,
whose widest range is marked. Then, with the same batches, under layer norm, which averages along
the digit's own row: every line lies exactly on the one before.
"""

LEFTS, BOTTOM, WIDE, TALL = (-3.7, 1.95), -2.7, 4.8, 3.8  # of the charts, in frame units
COLUMN, TOP, CELL = -6.1, 1.75, (0.28, 0.5)  # left and top of the batch's grid, a cell of it
SLOW = 4  # batches that one can follow one by one
FAINT = 0.3


class LayerNorm(RecordedScene):
    def construct(self):
        recorded = self.recording("layer_norm")
        values, names = recorded.among.values, recorded.run.values.tolist()
        reach = 1.08 * float(np.abs(values).max())
        n_draws = values.shape[1]
        clock = ValueTracker(0)  # batches so far, those under the second norm after the first's
        first, second = (
            chart(values[i], LEFTS[i], reach, clock, i * n_draws, name)
            for i, name in enumerate(names)
        )
        batch = Batch(recorded.company.values, values, names, clock)
        count = Number(
            lambda: say("in batch", k=batch.now() + 1), [clock], color="muted",
            widest=say("in batch", k=n_draws),
        ).move_to((COLUMN - 0.4, batch.bottom - 0.45, 0), LEFT)  # fmt: skip

        self.next_section("start")
        for part in second:
            part.set_opacity(FAINT)
        words = self.headline("start")
        self.add(words, batch, count, *second, *first)
        self.exchange(clock, 0, n_draws)
        self.play(FadeIn(first[0].range(say("range", x=recorded.attrs["spread_batch"]))),
                  run_time=0.4)  # fmt: skip

        self.next_section("swap")
        words = self.say(words, "swap")
        self.play(*(part.animate.set_opacity(1) for part in second), run_time=0.3)
        clock.set_value(n_draws)
        self.exchange(clock, n_draws, n_draws)

        self.next_section("end")
        self.say(words, "end", also=[second[0].range(say("lie"))])
        self.wait(1.5)

    def exchange(self, clock, start, n_draws):
        """Exchange the companions: the first times slowly, then faster."""
        slow = min(SLOW, n_draws - 1)
        self.play_steps(clock, start + slow, 0.5)
        self.play_steps(clock, start + n_draws - 1, 3.0 / max(n_draws - 1 - slow, 1))


def chart(values, left, reach, clock, start, name):
    """Return a chart of one digit's values, batch by batch, and what is written at it."""
    among = Among(values, left, reach, clock, start, series(name).token)
    ticks = [
        Words(number(k), TICK, "muted").on_baseline(left - 0.12, among.y(k) - 0.1, RIGHT)
        for k in (-2, 0, 2)
        if abs(k) < reach
    ]
    units = [
        Words(number(k + 1), TICK, "muted").on_baseline(x, BOTTOM - 0.42, ORIGIN)
        for k, x in enumerate(among.x.tolist())
    ]
    title = Words(say(name), weight="semibold").on_baseline(left, TOP - 0.1)
    why = Words(say(f"over {name}"), 34, "muted").on_baseline(left, TOP - 0.6)
    axis = Words(say("axis"), 34, "muted")
    axis.on_baseline(left + WIDE / 2, BOTTOM - 0.86, ORIGIN)
    return [among, title, why, axis, *ticks, *units]


class Batch(Painted):
    """The batch of now as a grid, a digit a row: the first stays; the others come and go.

    In colour is what the norm of now averages for the framed value.
    """

    def __init__(self, company, values, names, clock):
        n_units = values.shape[2]
        self.company, self.n_units, self.clock = company, n_units, clock
        self.unit = int(np.ptp(values[0], axis=0).argmax())  # the one that moves most
        wide, tall = 0.4 + n_units * CELL[0], company.shape[1] * CELL[1]
        super().__init__(wide, tall, reads=[clock])
        self.bottom = TOP - tall
        self.move_to((COLUMN - 0.4 + wide / 2, TOP - tall / 2, 0))
        self.names, self.inks = names, [theme.color(series(name).token) for name in names]
        self.quiet, self.text = theme.color("quiet"), theme.color("text")
        self.muted = theme.color("muted")

    def now(self):
        """Return which batch it is."""
        return int(self.clock.get_value() + 1e-9) % len(self.company)

    def averaged(self, row, unit):
        """Tell whether the norm of now averages this cell for the framed one."""
        by_column = self.names[self.turn()] == "batch"
        return unit == self.unit if by_column else row == 0

    def turn(self):
        """Return which norm's turn it is."""
        return min(int(self.clock.get_value() + 1e-9) // len(self.company), len(self.names) - 1)

    def paint(self, pen):
        wide, tall = CELL
        em = TICK / PIXELS_PER_UNIT
        for row, digit in enumerate(self.company[self.now()].tolist()):
            y = TOP - (row + 1) * tall
            weight = "regular" if row else "semibold"
            pen.color(self.muted if row else self.text)
            font.write(pen, number(digit), COLUMN - 0.34, y + 0.13, em, weight)
            for unit in range(self.n_units):
                ink = self.inks[self.turn()] if self.averaged(row, unit) else self.quiet
                pen.color(ink)
                pen.rectangle(COLUMN + unit * wide, y + 0.04, wide - 0.04, tall - 0.08)
                pen.fill()
        pen.color(self.text)
        pen.width(4)
        left, low, high = COLUMN + self.unit * wide, TOP - tall + 0.04, TOP - 0.04
        right = left + wide - 0.04
        pen.polyline(np.array([[left, low], [right, low], [right, high], [left, high]]), close=True)
        pen.stroke()


class Among(Painted):
    """One digit's values as a line over the units: of each batch since `start`, and of this one.

    When its turn is over, all lines stay, and that of the batch of now goes on.
    """

    def __init__(self, values, left, reach, clock, start, color):
        super().__init__(WIDE, TALL, reads=[clock])
        self.left = left
        self.move_to((left + WIDE / 2, BOTTOM + TALL / 2, 0))
        self.values, self.reach, self.clock, self.start = values, reach, clock, start
        self.ink, self.quiet = theme.color(color), theme.color("quiet")
        self.text, self.back = theme.color("text"), theme.color("background")
        slot = WIDE / values.shape[1]
        self.x = left + slot * (np.arange(values.shape[1]) + 0.5)

    def y(self, value):
        """Return how high a value lies, in frame units."""
        return BOTTOM + TALL * (value / self.reach + 1) / 2

    def shown(self):
        """Return of how many batches the line is there: of all once its turn is over."""
        return int(np.clip(np.floor(self.clock.get_value() - self.start + 1e-9) + 1,
                           0, len(self.values)))  # fmt: skip

    def now(self):
        """Return the batch of now, the same in both charts; -1 before its turn."""
        so_far = int(self.clock.get_value() - self.start + 1e-9)
        return so_far % len(self.values) if self.shown() else -1

    def range(self, words):
        """Return a bar from the least to the greatest value of the unit that ranges most."""
        at = int(np.ptp(self.values, axis=0).argmax())
        low, high = (float(self.y(end(self.values[:, at]))) for end in (np.min, np.max))
        if high - low < 0.1:  # no bar can be seen
            place = self.left + WIDE / 2, float(self.y(0.6 * self.reach))
            return Group(Words(words, weight="semibold").on_baseline(*place, ORIGIN))
        x = float(self.x[at])
        name = Words(words, weight="semibold")
        # clear of all lines: over them, or under them where the chart ends above
        near = self.y(self.values[:, np.abs(self.x - x) < name.width / 2 + 0.3])
        over, under = float(near.max()) + 0.15, float(near.min()) - 0.45
        inside = over + 0.35 < float(self.y(self.reach))
        return Group(Bar(x, low, high), name.on_baseline(x, over if inside else under, ORIGIN))

    def paint(self, pen):
        pen.color(self.quiet)
        pen.width(2)
        zero = self.y(0)
        pen.polyline(np.array([[self.left, zero], [self.left + WIDE, zero]]))
        pen.stroke()
        now = self.now()
        if now < 0:
            return
        pen.context.set_line_join(1)
        lines = np.stack(np.broadcast_arrays(self.x, self.y(self.values)), axis=-1)
        pen.color(self.ink, 0.55)
        pen.width(2)
        for line in lines[: self.shown()]:
            pen.polyline(line)
        pen.stroke()
        for color, width in ((self.back, 8), (self.ink, 5)):
            pen.color(color)
            pen.width(width)
            pen.polyline(lines[now])
            pen.stroke()
        for place in lines[now]:
            pen.disc(place, 0.11, self.text, self.back, 1.5)


class Bar(Painted):
    """An upright bar with end strokes."""

    def __init__(self, x, low, high):
        super().__init__(0.2, max(high - low, 0.01))
        self.move_to((x, (low + high) / 2, 0))
        self.ink = theme.color("text")

    def paint(self, pen):
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(4)
        pen.polyline(np.array([[left + width / 2, bottom], [left + width / 2, bottom + height]]))
        for y in (bottom, bottom + height):
            pen.polyline(np.array([[left, y], [left + width, y]]))
        pen.stroke()
