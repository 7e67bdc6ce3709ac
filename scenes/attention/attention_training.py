"""Where the last word looks, in one head, while a small transformer trains."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup

from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import say
from scenes.parts.charts import between
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "attention_training": "attention (example, snapshot, layer, head, query, key), "
    "food_weight (example, snapshot, layer, head), "
    "probability (example, snapshot, class), class (class), answer (example), "
    "word (example, position), role (example, position), snapshot (snapshot), shown_layer, "
    "shown_head, found, head_number, n_looked, answer_first, "
    "start_weight, end_weight, second_weight",
}

DESCRIPTION = """\
A sentence about a meal runs down the left side; its last word, "for", is to be followed by the
meal. Beside each word a bar says how much of its weight "for" puts on it, in one head of a
network; brackets join the foods, with the share of all of them. On the right, three bars say how
likely each meal is to come next. Before the training the bars are all alike. As the steps go by,
those of the foods grow, the others shrink, and so does the bar of the right meal. Then another
sentence takes the place of the first, with its bars.
"""

TOP, FOOT = 1.75, -3.75  # of the rows
WEIGHTS = (-4.3, 5.2)  # left edge of the weights, and how long one of all the weight is
BRACKET = 1.1  # where the foods are joined, right of the weights
BARS = (3.35, 3.2)  # left edge and length
SETTLED = 0.1  # what a share changes by when hardly anything does
SECONDS = (5.2, 1.2)  # of the training: until the meal is said or a head has settled, and then


class AttentionTraining(RecordedScene):
    def construct(self):
        recorded = self.recording("attention_training")
        clock = ValueTracker(0)
        first, second = (Reading(recorded, i, clock) for i in (0, 1))
        last = recorded.sizes["snapshot"] - 1
        steps = recorded.snapshot.values

        self.next_section("question")
        words = self.headline("question")
        self.add(words, *first.parts)
        self.play(FadeIn(first.gap), run_time=0.5)
        self.wait(0.6)

        self.next_section("training")
        count = Number(
            # between two looks as far along as the shares are
            lambda: number(round(float(between(steps[:, None], clock.get_value())[0]))), [clock],
            size=28, widest="0,000", weight="semibold",
        )  # fmt: skip
        tag = Words(say("step"), color="muted").on_baseline(BARS[0], FOOT + 0.06)
        count.move_to((BARS[0] + 0.95, FOOT + 0.17, 0), aligned_edge=LEFT)
        self.add(tag, count)
        settled = settles(recorded)
        self.play_steps(clock, settled, SECONDS[0] / max(settled, 1))
        self.play_steps(clock, last, SECONDS[1] / max(last - settled, 1))

        self.next_section("found")
        words = self.say(words, "found", most=first.most)
        self.wait(1.4)

        self.next_section("second")
        self.play(FadeOut(Group(words, *first.parts, first.gap)), run_time=0.25)
        answer = str(recorded.answer.values[1])
        right = recorded["class"].values.tolist().index(answer)
        chance = percent(float(recorded.probability.values[1, -1, right]))
        words = self.headline("second", answer=answer, chance=chance)
        self.play(FadeIn(Group(words, *second.parts, second.gap)), run_time=0.45)
        self.wait(1.5)


def settles(recorded):
    """Return the look from which on the named head and the next word hardly change any more."""
    layer, head = int(recorded.attrs["shown_layer"]), int(recorded.attrs["shown_head"])
    rows = recorded.attention.values[0, :, layer, head, -1]
    seen = np.concatenate([rows, recorded.probability.values[0]], axis=1)
    moving = np.flatnonzero(np.abs(seen - seen[-1]).max(1) > SETTLED)
    return min(int(moving[-1]) + 1 if len(moving) else 0, len(seen) - 1)


class Reading:
    """One sentence with where its last word looks, and what may come next."""

    def __init__(self, recorded, example, clock):
        layer, head = int(recorded.attrs["shown_layer"]), int(recorded.attrs["shown_head"])
        self.weights = recorded.attention.values[example, :, layer, head, -1]  # (snapshot, key)
        foods = recorded.food_weight.values[example, :, layer, head]
        role = recorded.role.values[example].astype(str)
        texts = recorded.word.values[example].astype(str).tolist()
        self.pitch = (TOP - FOOT) / len(texts)
        self.ys = [TOP - (i + 0.5) * self.pitch for i in range(len(texts))]
        words = VGroup(
            *(
                Words(
                    text,
                    color="text" if part != "other" else "muted",
                    weight="semibold" if part != "other" else "regular",
                ).on_baseline(WEIGHTS[0] - 0.18, y - 0.11, RIGHT)
                for text, part, y in zip(texts, role, self.ys, strict=True)
            )
        )
        eaten = np.where(role == "food", self.weights[-1], 0)
        self.most = texts[int(eaten.argmax())]  # of the foods, at the end
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
        at = np.flatnonzero(role == "food")
        ends = (self.ys[int(at[0])], self.ys[int(at[-1])]) if len(at) else (TOP, TOP)
        middle = sum(ends) / 2
        token = series("food").token
        share = Number(
            lambda: percent(float(between(foods, clock.get_value()))), [clock], size=50,
            color=token, weight="semibold", widest="100 %",
        ).move_to((BRACKET + 0.3, middle + 0.25, 0), aligned_edge=LEFT)  # fmt: skip
        name = Words(say("foods"), color=token).on_baseline(BRACKET + 0.32, middle - 0.55)
        title = Words(say("head"), color="muted").on_baseline(WEIGHTS[0], TOP + 0.1)
        looks = Looks(self, role, head, ends, clock)
        self.parts = [words, looks, title, share, name, bars, tags, *percents]


class Looks(Painted):
    """A bar a word, as long as the last word looks at it; a bracket joins the foods."""

    def __init__(self, reading, role, head, ends, clock):
        left, length = WEIGHTS
        super().__init__(length + 0.6, TOP - FOOT, reads=[clock])
        self.move_to((left + length / 2 + 0.3, (TOP + FOOT) / 2, 0))
        self.reading, self.clock, self.ends = reading, clock, ends
        quiet = theme.color("muted")
        self.green = theme.color(series("food").token)
        self.inks = [self.green if part == "food" else quiet for part in role]
        self.track = theme.color("quiet")

    def paint(self, pen):
        """Draw tracks, bars, and the bracket."""
        left, length = WEIGHTS
        high = 0.62 * self.reading.pitch
        now = between(self.reading.weights, self.clock.get_value()).tolist()
        for y, share, ink in zip(self.reading.ys, now, self.inks, strict=True):
            for color, wide in ((self.track, 0.05), (ink, max(length * share, 0.05))):
                pen.color(color)
                pen.rectangle(left, y - high / 2, wide, high)
                pen.fill()
        pen.color(self.green)
        pen.width(3)
        upper, lower = self.ends[0] + high / 2, self.ends[1] - high / 2
        pen.polyline(np.array([[BRACKET - 0.15, upper], [BRACKET, upper], [BRACKET, lower],
                               [BRACKET - 0.15, lower]]))  # fmt: skip
        pen.stroke()


class Chances(Painted):
    """How likely each meal is to come next; the right one is purple."""

    def __init__(self, chances, right, clock):
        left, length = BARS
        n = chances.shape[1]
        self.ys = [TOP - 1.15 - 1.35 * k for k in range(n)]
        super().__init__(length, 1.35 * n, reads=[clock])
        self.move_to((left + length / 2, float(np.mean(self.ys)), 0))
        self.chances, self.clock = chances, clock
        tokens = [series("probability").token if k == right else "muted" for k in range(n)]
        self.inks = [rgb(theme.color(token)) for token in tokens]
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
