"""A batch passes batch norm, unit by unit; then batches of two."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, linear

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.paint import Painted, Pen, mix
from scenes.parts.words import TICK, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "batch_norm": "sum (snapshot, example, unit), normalised (snapshot, example, unit), "
    "mean (snapshot, unit), deviation (snapshot, unit), size (x_size), "
    "tiny (x_size, example_tiny), pair_all, smallest, many, one"
}

DESCRIPTION = """\
Columns of white dots, one column a hidden unit, one dot a digit of a small batch; a grey bar behind
each says where its mean is and how far its values spread. Column after column, the dots move until
their mean is zero, then stretch until they spread by one, and the bar turns green: batch norm. All
bars have one height now, around zero. Then
the dots of the first unit leave their column and spread along a line, where many more join them,
and thin lines join them two by two; normalised in batches of two instead of many, all of them fly
to just two places, one and minus one.
"""

BOX = (-5.9, -3.0, 12.2, 4.75)


class BatchNorm(RecordedScene):
    def construct(self):
        recorded = self.recording("batch_norm")
        done, opened, two = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        n_units = recorded.sizes["unit"]
        batch = columns(recorded, done)
        reach = batch.reach
        whole = [k for k in (-8, -4, -2, 0, 2, 4, 8) if abs(k) < reach]
        whole = [k for k in whole if batch.place_of(0, k)[1] < 1.1]  # clear of the formula
        frame = [
            Words(number(k), TICK, "muted").on_baseline(
                BOX[0] - 0.15, batch.place_of(0, k)[1] - 0.1, RIGHT
            )
            for k in whole
        ]
        frame += [
            Words(number(k + 1), TICK, "muted").on_baseline(
                batch.place_of(k, 0)[0], BOX[1] - 0.42, ORIGIN
            )
            for k in range(n_units)
        ]
        frame.append(
            Words(say("units"), color="muted").on_baseline(BOX[0] - 0.15, BOX[1] - 0.42, RIGHT)
        )
        names = Group(*named(batch, recorded))

        self.next_section("start")
        words = self.headline("start")
        formula = written("symbols")
        self.add(words, batch, *frame)
        self.play(FadeIn(names, formula), run_time=0.5)
        self.wait(0.8)
        for units in (n_units - 1, n_units):  # the last unit's bar keeps its names until its turn
            seconds = 0.5 * (units - done.get_value())
            self.play(done.animate.set_value(units), run_time=seconds, rate_func=linear)
            if units < n_units:
                self.play(FadeOut(names), run_time=0.2)

        self.next_section("same")
        words = self.say(words, "same film")
        self.wait(1.1)

        self.next_section("pairs")
        # its first digits are those of the columns, and its unit the first
        own = recorded.normalised.values[-1, :, 0].tolist()
        places = [batch.dot(0, member, value) for member, value in enumerate(own)]
        strip = Strip(recorded.tiny.values, two, opened, np.array(places))
        sizes = recorded["size"].values
        marks = [
            Words(number(k), TICK, "muted").on_baseline(strip.x(k), strip.floor - 0.5, ORIGIN)
            for k in range(-4, 5)
            if abs(k) < strip.reach
        ]
        label = [
            Words(say("size", n=int(n)), weight="semibold").on_baseline(-6.6, 1.75)
            for n in (sizes[-1], sizes[0])
        ]
        words = self.say(words, "pairs", n=int(sizes[-1]))
        self.add(strip)  # its first dots lie on the column's; all else goes while they move
        self.play(
            opened.animate.set_value(1),
            *(FadeOut(part, rate_func=rush) for part in (batch, *frame, formula)),
            *(FadeIn(part) for part in (*marks, label[0])),
            run_time=1.5,
        )  # fmt: skip
        self.beat(1.6, "what is left of them in batches of two?")
        self.play(
            FadeOut(label[0], rate_func=lambda share: min(1.0, 10 * share)),
            FadeIn(label[1], rate_func=lambda share: float(np.clip(10 * share - 1, 0, 1))),
            two.animate.set_value(1), run_time=1.5,
        )  # fmt: skip
        self.say(words, "left")
        self.wait(1.5)


def columns(recorded, done):
    """Return the batch as the norm is put on it."""
    last = recorded.isel(snapshot=-1)
    reach = 1.08 * float(max(np.abs(last[k]).max() for k in ("sum", "normalised")))
    return Columns(
        BOX, last["sum"].values.T, last.normalised.values.T, last["mean"].values,
        last.deviation.values, reach, done, ink=series("norm").token,
    )  # fmt: skip


def rush(share):
    """Be done by a third of the time."""
    return min(1.0, 3 * share)


def written(name):
    """Return a formula of the row, over the first columns."""
    return Formula(say(name), 42).move_to((-6.6, 1.78, 0), aligned_edge=LEFT)


def named(batch, recorded):
    """Name the mean and the deviation at the last unit's bar, beside which there is room."""
    last = recorded.isel(snapshot=-1)
    unit = recorded.sizes["unit"] - 1
    mean, deviation = float(last["mean"][unit]), float(last.deviation[unit])
    edge = batch.place_of(unit + 0.34, 0)[0] + 0.12
    return [
        Formula(say(name), 34).move_to((edge, batch.place_of(unit, value)[1], 0), LEFT)
        for name, value in (("mean", mean), ("one up", mean + deviation))
    ]


class Columns(Painted):
    """Groups of values side by side: dots over bars of mean ± deviation.

    Group after group its values are normalised: first they move until their mean is 0, then they
    stretch until their deviation is 1.

    Parameters
    ----------
    box : (float, float, float, float)
        Left, bottom, width, height, in frame units.
    sums, normalised : arrays, shape (group, member)
    mean, deviation : arrays, shape (group,)
        Of the sums.
    reach : float
        Of the axis, up and down.
    done : ValueTracker
        How many groups are normalised.
    ink : str
        Colour of the bars once they are.
    """

    def __init__(
        self,
        box: tuple[float, float, float, float],
        sums: np.ndarray,
        normalised: np.ndarray,
        mean: np.ndarray,
        deviation: np.ndarray,
        reach: float,
        done: ValueTracker,
        *,
        ink: str,
    ) -> None:
        left, bottom, width, height = box
        super().__init__(width, height, reads=[done])
        self.move_to((left + width / 2, bottom + height / 2, 0))
        self.values = sums, sums - mean[:, None], normalised
        self.mean, self.deviation, self.reach = mean, deviation, reach
        self.done = done
        self.inks = theme.color("muted"), theme.color(ink)
        self.text, self.back = theme.color("text"), theme.color("background")
        self.quiet = theme.color("quiet")

    def now(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return values (group, member), middles, spreads and how far each group is, 0 to 1."""
        raw, centred, normalised = self.values
        share = np.clip(self.done.get_value() - np.arange(len(raw)), 0, 1)
        moved, stretched = np.clip(2 * share, 0, 1), np.clip(2 * share - 1, 0, 1)
        move, stretch = moved[:, None], stretched[:, None]
        values = (1 - move) * raw + move * ((1 - stretch) * centred + stretch * normalised)
        spreads = (1 - stretched) * self.deviation + stretched
        return values, (1 - moved) * self.mean, spreads, share

    def place_of(self, group: float, value: float) -> tuple[float, float]:
        """Return where a value of a group lies, in frame units."""
        left, bottom, width, height = self.box
        x = left + width * (group + 0.5) / len(self.mean)
        return x, bottom + height * (value / self.reach + 1) / 2

    def dot(self, group: int, member: int, value: float) -> tuple[float, float]:
        """Return where a member's dot lies, in frame units: each a little further right."""
        count = self.values[0].shape[1]
        slot = self.box[2] / len(self.mean)
        x, y = self.place_of(group, value)
        return x + 0.5 * slot * (member / max(count - 1, 1) - 0.5), y

    def paint(self, pen: Pen) -> None:
        """Draw bars, means and dots."""
        left, bottom, width, height = self.box
        values, middles, spreads, share = self.now()
        pen.color(self.quiet)
        pen.width(2)
        zero = bottom + height / 2
        pen.polyline(np.array([[left, zero], [left + width, zero]]))
        pen.stroke()
        slot, scale = width / len(values), height / (2 * self.reach)
        half = 0.34 * slot
        for group, (middle, spread, part) in enumerate(zip(middles, spreads, share, strict=True)):
            x, y = self.place_of(group, float(middle))
            ink = self.inks[1] if part > 0 else self.inks[0]
            pen.color(ink, 0.42)
            pen.rectangle(x - half, y - abs(spread) * scale, 2 * half, 2 * abs(spread) * scale)
            pen.fill()
            pen.color(ink)
            pen.width(4)
            pen.polyline(np.array([[x - half, y], [x + half, y]]))
            pen.stroke()
        for group, row in enumerate(values):
            for member, value in enumerate(row):
                place = self.dot(group, member, float(value))
                pen.disc(place, 0.085, self.text, self.back, 1.5)


class Strip(Painted):
    """One unit's values along a line, from normalised in large batches to in the smallest.

    Before, while `opened` goes from 0 to 1, the first of them come from their `places`.
    """

    def __init__(self, tiny, two, opened, places):
        super().__init__(12.6, 5.0, reads=[two, opened])
        self.move_to((0, -0.75, 0))
        self.two, self.opened, self.ends, self.places = two, opened, tiny[[-1, 0]], places
        self.reach = 1.08 * float(np.nanmax(np.abs(tiny)))
        self.floor = -2.75
        count = tiny.shape[1]
        # Digits of one batch of two lie on one line.
        self.rows = self.floor + 0.35 + 3.6 * (np.arange(count) // 2) / max(count // 2 - 1, 1)
        self.ink, self.quiet = theme.color(series("norm").token), theme.color("quiet")
        self.back, self.text = theme.color("background"), theme.color("text")

    def x(self, value):
        """Return where a value lies, in frame units."""
        return float(6.3 * value / self.reach)

    def paint(self, pen):
        share, opened = self.two.get_value(), self.opened.get_value()
        large, small = self.ends
        values = (1 - share) * large + share * np.where(np.isnan(small), large, small)
        places = np.column_stack([6.3 * values / self.reach, self.rows])
        first = len(self.places)
        places[:first] = (1 - opened) * self.places + opened * places[:first]
        pen.color(self.quiet, opened)
        pen.width(2)
        pen.polyline(np.array([[-6.3, self.floor], [6.3, self.floor]]))
        pen.polyline(np.array([[0, self.floor], [0, self.floor + 4.1]]))
        pen.stroke()
        pairs = places[: len(places) // 2 * 2].reshape(-1, 2, 2)
        pen.color(self.ink, 0.35 * opened)
        pen.width(1.5)
        for pair in pairs[np.isfinite(pairs).all((1, 2))]:
            pen.polyline(pair)
        pen.stroke()
        inks = np.tile(mix(self.text, self.ink, opened), (len(places), 1))
        inks[first:] = mix(self.back, self.ink, max(0.0, 2 * opened - 1))  # the others come in
        there = np.isfinite(places).all(1) & ((np.arange(len(places)) < first) | (opened > 0.5))
        pen.discs(places[there], 0.085, inks[there], self.back, 1.2)
