"""Where the last word looks, in every head, while a small transformer trains."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup

from look import heads, theme
from look.numbers import number, percent
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "attention_training": "attention (example, snapshot, layer, head, query, key), "
    "probability (example, snapshot, class), class (class), answer (example), "
    "word (example, position), role (example, position), snapshot (snapshot), shown_layer, "
    "shown_head, found, head_number, "
    "start_weight, end_weight, second_weight",
}

DESCRIPTION = """\
A sentence about a meal runs down the left side; its last word, "for", is to be followed by the
meal. Beside it are columns of cells, one a head, a cell for each word, as bright as "for" looks at
it there. On the right, three bars say how likely each meal is to come next. Before the training the
cells are all alike. As the steps go by, one column after the other lights up beside the foods and
goes dark elsewhere, and the bar of the right meal grows. One column is framed, the rest fades. Then
another sentence takes the place of the first, with its cells and its bars.
"""

TOP, FOOT = 1.75, -3.75  # of the rows
CELLS = (-4.55, 2.75)  # left and right end
BARS = (3.35, 3.2)  # left edge and length
SETTLED = 0.1  # what a share changes by when hardly anything does
SECONDS = (5.2, 1.2)  # of the training: until the meal is said or a head has settled, and then


class AttentionTraining(RecordedScene):
    def construct(self):
        recorded = self.recording("attention_training")
        clock, alone = ValueTracker(0), ValueTracker(0)
        first, second = (Reading(recorded, i, clock, alone) for i in (0, 1))
        last = recorded.sizes["snapshot"] - 1
        steps = recorded.snapshot.values

        self.next_section("question")
        words = self.headline("question")
        self.add(words, *first.parts)
        self.play(FadeIn(first.gap), run_time=0.5)
        self.wait(0.6)

        self.next_section("training")
        count = Number(
            lambda: number(int(steps[min(int(clock.get_value() + 1e-9), last)])), [clock],
            size=28, widest="0,000", weight="semibold",
        )  # fmt: skip
        tag = Words(say("step"), color="muted").on_baseline(BARS[0], FOOT + 0.06)
        count.move_to((BARS[0] + 0.95, FOOT + 0.17, 0), aligned_edge=LEFT)
        self.add(tag, count)
        settled = settles(recorded)
        self.play_steps(clock, settled, SECONDS[0] / max(settled, 1))
        self.play_steps(clock, last, SECONDS[1] / max(last - settled, 1))

        self.next_section("found")
        mark = Frame(first, int(recorded.attrs["shown_head"]))
        words = self.say(words, "found", also=[mark])
        self.play(alone.animate.set_value(1), run_time=0.5)
        self.wait(1.1)

        self.next_section("second")
        gone = Group(*first.parts, first.gap)
        self.play(FadeOut(Group(words, gone)), run_time=0.25)
        words = self.headline("second")
        self.play(FadeIn(Group(words, *second.parts, second.gap)), run_time=0.45)
        self.remove(mark)
        self.add(Frame(second, int(recorded.attrs["shown_head"])))
        self.wait(1.5)


def settles(recorded):
    """Return the look from which on the named head and the next word hardly change any more."""
    layer, head = int(recorded.attrs["shown_layer"]), int(recorded.attrs["shown_head"])
    rows = recorded.attention.values[0, :, layer, head, -1]
    seen = np.concatenate([rows, recorded.probability.values[0]], axis=1)
    moving = np.flatnonzero(np.abs(seen - seen[-1]).max(1) > SETTLED)
    return min(int(moving[-1]) + 1 if len(moving) else 0, len(seen) - 1)


class Reading:
    """One sentence with the columns of all heads beside it, and what may come next."""

    def __init__(self, recorded, example, clock, alone):
        layer = int(recorded.attrs["shown_layer"])
        self.maps = recorded.attention.values[example, :, layer, :, -1]  # (snapshot, head, key)
        role = recorded.role.values[example].astype(str)
        texts = recorded.word.values[example].astype(str).tolist()
        self.pitch = (TOP - FOOT) / len(texts)
        self.wide = (CELLS[1] - CELLS[0]) / self.maps.shape[1]
        words = VGroup(
            *(
                Words(
                    text,
                    color="text" if part != "other" else "muted",
                    weight="semibold" if part != "other" else "regular",
                ).on_baseline(CELLS[0] - 0.18, TOP - (i + 0.5) * self.pitch - 0.11, RIGHT)
                for i, (text, part) in enumerate(zip(texts, role, strict=True))
            )
        )
        names = VGroup(
            *(
                Words(number(k + 1), TICK, "muted").on_baseline(
                    CELLS[0] + (k + 0.5) * self.wide, TOP + 0.1, ORIGIN
                )
                for k in range(self.maps.shape[1])
            )
        )
        answer = str(recorded.answer.values[example])
        meals = recorded["class"].values.astype(str).tolist()
        chances = recorded.probability.values[example]
        self.gap = Words(say("says"), weight="semibold").on_baseline(BARS[0], TOP + 0.1)
        bars = Chances(chances, meals.index(answer), clock)
        tags = VGroup(
            *(
                Words(meal).on_baseline(BARS[0], y + 0.32)
                for meal, y in zip(meals, bars.ys, strict=True)
            )
        )

        def chance(k):
            return lambda: percent(between(chances, clock.get_value())[k])

        how: dict[str, Any] = {"widest": "> 99 %", "align": "right"}
        percents = [
            Number(chance(k), [clock], **how).move_to((sum(BARS), y + 0.43, 0), aligned_edge=RIGHT)
            for k, y in enumerate(bars.ys)
        ]
        cells = Cells(self, clock, alone, int(recorded.attrs["shown_head"]))
        self.parts = [words, names, cells, bars, tags, *percents]


class Cells(Painted):
    """A column of cells a head, as bright as the last word looks at the word beside it."""

    def __init__(self, reading, clock, alone, head):
        super().__init__(CELLS[1] - CELLS[0], TOP - FOOT, reads=[clock, alone])
        self.move_to((sum(CELLS) / 2, (TOP + FOOT) / 2, 0))
        self.reading, self.clock, self.alone, self.head = reading, clock, alone, head

    def paint(self, pen):
        """Draw the cells."""
        reading = self.reading
        weights = between(reading.maps, self.clock.get_value())  # (head, key)
        for head, column in enumerate(weights):
            shown = 1 - 0.7 * self.alone.get_value() * (head != self.head)
            left = CELLS[0] + head * reading.wide
            for k, color in enumerate(heads.cells(column, head)):
                pen.color(color, shown)
                bottom = TOP - (k + 1) * reading.pitch
                pen.rectangle(left, bottom, reading.wide - 0.05, reading.pitch - 0.03)
                pen.fill()


class Chances(Painted):
    """How likely each meal is to come next; the right one is green."""

    def __init__(self, chances, right, clock):
        left, length = BARS
        n = chances.shape[1]
        self.ys = [TOP - 1.15 - 1.35 * k for k in range(n)]
        super().__init__(length, 1.35 * n, reads=[clock])
        self.move_to((left + length / 2, float(np.mean(self.ys)), 0))
        self.chances, self.clock = chances, clock
        self.inks = [rgb(theme.color("green" if k == right else "muted")) for k in range(n)]
        self.track = theme.color("quiet")

    def paint(self, pen):
        """Draw tracks and bars."""
        left, length = BARS
        now = between(self.chances, self.clock.get_value())
        for share, y, ink in zip(now.tolist(), self.ys, self.inks, strict=True):
            for color, wide in ((self.track, length), (ink, length * share)):
                pen.color(color)
                pen.rectangle(left, y - 0.15, wide, 0.3)
                pen.fill()


class Frame(Painted):
    """A frame around one head's column."""

    def __init__(self, reading, head):
        super().__init__(reading.wide + 0.03, TOP - FOOT + 0.06)
        left = CELLS[0] + head * reading.wide
        self.move_to((left + reading.wide / 2 - 0.025, (TOP + FOOT) / 2 + 0.015, 0))
        self.ink = theme.color("text")

    def paint(self, pen):
        """Draw it."""
        pen.color(self.ink)
        pen.width(3)
        pen.rectangle(*self.box)
        pen.stroke()
