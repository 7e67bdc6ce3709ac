"""Where the last word looks, in every head, while a small transformer trains."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup

from look import heads, theme
from look.numbers import number, percent
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "attention_training": "attention (example, snapshot, layer, head, query, key), "
    "probability (example, snapshot, class), class (class), answer (example), "
    "word (example, position), role (example, position), snapshot (snapshot), shown_layer, "
    "shown_head, answer_first, start_probability, n_heads, n_held, held_mean, found, head_number, "
    "start_weight, end_weight, second_weight",
}

DESCRIPTION = """\
A sentence about a meal runs along the top; its last word, which is to say the meal, is missing.
Below it are rows of cells, one a head, a cell under each word, as bright as the last word looks at
it there. On the right, three bars say how likely each meal is to come next. Before the training
the cells are all alike. As the steps go by, one row after the other lights up under the foods and
goes dark elsewhere, and the bar of the right meal grows. One row is framed, the rest
fades. Then another sentence takes the place of the first, with its cells and its bars.
"""

LEFT, TOP, FOOT = -6.6, 1.9, -3.3  # of the rows
NAMES = 1.05  # width of the heads' names
BARS = (4.55, 2.1)  # left edge and length
SECONDS = 7.5  # of the training
SIZE = 28.0


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
        self.wait(1.1)

        self.next_section("training")
        count = Number(
            lambda: number(int(steps[min(int(clock.get_value() + 1e-9), last)])), [clock],
            size=28, widest="0,000", weight="semibold",
        )  # fmt: skip
        tag = Words(say("step"), 28, "muted").on_baseline(BARS[0], FOOT + 0.12)
        count.move_to((BARS[0] + 1.5, FOOT + 0.22, 0))
        words = self.say(words, "training", also=[tag])
        self.add(count)
        self.play_steps(clock, last, SECONDS / last)

        self.next_section("found")
        mark = Frame(first, int(recorded.attrs["shown_head"]))
        words = self.say(words, "found", also=[mark])
        self.play(alone.animate.set_value(1), run_time=0.5)
        self.wait(1.1)

        self.next_section("second")
        gone = Group(*first.parts, first.gap)
        words = self.say(words, "second")
        self.play(FadeOut(gone), run_time=0.25)
        self.play(FadeIn(Group(*second.parts, second.gap)), run_time=0.45)
        self.remove(mark)
        self.add(Frame(second, int(recorded.attrs["shown_head"])))
        self.wait(1.5)


class Reading:
    """One sentence with the rows of all heads under it, and what may come next."""

    def __init__(self, recorded, example, clock, alone):
        layer = int(recorded.attrs["shown_layer"])
        self.maps = recorded.attention.values[example, :, layer, :, -1]  # (snapshot, head, key)
        n_heads = self.maps.shape[1]
        role = recorded.role.values[example].astype(str)
        words = VGroup()
        edges = [LEFT + NAMES]
        size = SIZE
        texts = recorded.word.values[example].astype(str).tolist()
        gap = 0.17
        made = [
            Words(text, size, "text" if part != "other" else "muted",
                  weight="semibold" if part != "other" else "regular")
            for text, part in zip(texts, role, strict=True)
        ]  # fmt: skip
        room = BARS[0] - 0.3 - edges[0]
        stretch = room / sum(max(word.width, 0.12) + gap for word in made)
        for word in made:
            edges.append(edges[-1] + (max(word.width, 0.12) + gap) * stretch)
            middle = (edges[-1] + edges[-2]) / 2
            if stretch < 1:
                word.scale(stretch)
            words.add(word.on_baseline(middle - word.width / 2, TOP + 0.16))
        self.edges = np.array(edges)
        self.pitch = (TOP - FOOT) / n_heads
        names = VGroup(
            *(
                Words(say("head", head=k + 1), 24, "muted").on_baseline(
                    LEFT, TOP - (k + 0.5) * self.pitch - 0.085
                )
                for k in range(n_heads)
            )
        )
        answer = str(recorded.answer.values[example])
        meals = recorded["class"].values.astype(str).tolist()
        chances = recorded.probability.values[example]
        self.gap = Words(say("says"), SIZE, weight="semibold").on_baseline(BARS[0], TOP + 0.16)
        bars = Chances(chances, meals.index(answer), clock)
        tags = VGroup(
            *(
                Words(meal, 26).on_baseline(BARS[0], y + 0.28)
                for meal, y in zip(meals, bars.ys, strict=True)
            )
        )

        def chance(k):
            return lambda: percent(between(chances, clock.get_value())[k])

        right = sum(BARS)
        narrow: dict[str, Any] = {"size": 24, "widest": "> 99 %", "align": "right"}
        percents = [
            Number(chance(k), [clock], **narrow).move_to((right, y + 0.36, 0), aligned_edge=RIGHT)
            for k, y in enumerate(bars.ys)
        ]
        self.parts = [
            words,
            names,
            Rows(self, clock, alone, int(recorded.attrs["shown_head"])),
            bars,
            tags,
            *percents,
        ]


class Rows(Painted):
    """A row of cells a head, as bright as the last word looks at the word above."""

    def __init__(self, reading, clock, alone, head):
        super().__init__(reading.edges[-1] - reading.edges[0], TOP - FOOT, reads=[clock, alone])
        self.alone, self.head = alone, head
        self.move_to(((reading.edges[0] + reading.edges[-1]) / 2, (TOP + FOOT) / 2, 0))
        self.reading, self.clock = reading, clock

    def paint(self, pen):
        """Draw the cells."""
        reading = self.reading
        weights = between(reading.maps, self.clock.get_value())
        for head, row in enumerate(weights):
            colors = heads.cells(row, head)
            shown = 1 - 0.7 * self.alone.get_value() * (head != self.head)
            bottom = TOP - (head + 1) * reading.pitch
            for k, color in enumerate(colors):
                left, right = reading.edges[k : k + 2]
                pen.color(color, shown)
                pen.rectangle(left, bottom, right - left - 0.03, reading.pitch - 0.04)
                pen.fill()


class Chances(Painted):
    """How likely each meal is to come next; the right one is green."""

    def __init__(self, chances, right, clock):
        left, length = BARS
        n = chances.shape[1]
        self.ys = [TOP - 0.95 - 1.25 * k for k in range(n)]
        super().__init__(length, 1.25 * n, reads=[clock])
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
                pen.rectangle(left, y - 0.14, wide, 0.28)
                pen.fill()


class Frame(Painted):
    """A frame around one head's row."""

    def __init__(self, reading, head):
        wide = reading.edges[-1] - LEFT
        super().__init__(wide + 0.16, reading.pitch + 0.06)
        self.move_to((LEFT + wide / 2 - 0.02, TOP - (head + 0.5) * reading.pitch, 0))
        self.ink = theme.color("text")

    def paint(self, pen):
        """Draw it."""
        pen.color(self.ink)
        pen.width(3)
        pen.rectangle(*self.box)
        pen.stroke()
