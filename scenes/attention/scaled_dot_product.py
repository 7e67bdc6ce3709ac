"""One query through attention: products, sums, shares, and the mixture of values."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, RIGHT, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import heads, theme
from look.numbers import fixed, form, joined, percent
from look.words import say
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "scaled_dot_product": "query (feature), keys (key, feature), values (key, feature), "
    "product (key, feature), total (key), score (key), weight (key), output (feature), word (key), "
    "role (key), most, most_word, most_weight, head_number, n_features, asking",
}

DESCRIPTION = """\
The words of a sentence stand in a column. Over an empty table lies the query of the last word,
four numbers on orange and blue cells. A row of four comes up beside one word, its key; query and
key are multiplied number by number, and the four products add up to one sum. Then all other words
get their keys and sums. The sums are divided by the root of four, and softmax makes bars of them,
one far longer than the rest. At last each word's value appears, four numbers again, as strong as
its bar is long, and below them their mixture: the output.
"""

TOP, FOOT = 1.2, -3.42  # of the rows
QUERY, HEAD, OUTPUT = 2.1, 1.36, -3.68  # middle of the query, baseline of the heads, the output
WORD, KEY, SUM, SCORE, BAR, VALUE = -4.9, -4.75, -0.15, 1.1, 1.25, 3.5
CELL = 0.775
BAR_LONG = 1.15
SIZE = TICK


class ScaledDotProduct(RecordedScene):
    def construct(self):
        walk = self.recording("scaled_dot_product")
        most = int(walk.attrs["most"])
        table = Table(walk)
        roles = walk.role.values.astype(str)
        names = VGroup(
            *(
                Words(
                    str(word), color="text" if named else "muted",
                    weight="semibold" if named else "regular",
                ).on_baseline(WORD, table.ys[i] - 0.11, RIGHT)
                for i, (word, named) in enumerate(
                    zip(walk.word.values, np.isin(roles, ("source", "target")), strict=True)
                )
            )
        )  # fmt: skip

        self.next_section("ask")
        words = self.headline("ask")
        self.add(words, names, table)
        tag = Words(say("query"), weight="semibold")
        tag.on_baseline(KEY + 4 * CELL + 0.15, QUERY - 0.11)
        over = {
            name: Words(say(name), color="muted").on_baseline(x, HEAD, side)
            for name, x, side in (
                ("total", SUM, RIGHT),
                ("score", SCORE, RIGHT),
                ("share", BAR, LEFT),
                ("value", VALUE, LEFT),
            )
        }
        self.play(table.query.animate.set_value(1), FadeIn(tag), run_time=0.7)
        self.wait(0.9)

        self.next_section("multiply")
        words = self.say(words, "multiply", word=str(walk.word.values[most]))
        self.play(table.first.animate.set_value(1), run_time=0.6)
        terms = [form(float(p), "(.2f)" if k == 0 else "±.2f")
                 for k, p in enumerate(walk.product.values[most])]  # fmt: skip
        line = Words(say("sum", word=str(walk.word.values[most]), terms=joined(terms),
                         total=float(walk.total.values[most])))  # fmt: skip
        line.on_baseline(KEY, OUTPUT - 0.11)
        self.play(
            FadeIn(line), FadeIn(over["total"]), table.summed.animate.set_value(1), run_time=0.7
        )
        self.wait(1.1)

        self.next_section("all")
        words = self.say(words, "all")
        self.play(FadeOut(line), run_time=0.15)
        self.play(table.rows.animate.set_value(len(names)), run_time=1.8, rate_func=linear)
        self.wait(0.5)

        self.next_section("divide")
        words = self.say(words, "divide")
        self.play(FadeIn(over["score"]), table.divided.animate.set_value(1), run_time=0.8)
        self.wait(0.6)

        self.next_section("softmax")
        words = self.say(words, "softmax")
        self.play(FadeIn(over["share"]), table.shared.animate.set_value(1), run_time=1.2)
        self.wait(0.9)

        self.next_section("mix")
        self.say(words, "mix")
        self.play(FadeIn(over["value"]), table.valued.animate.set_value(1), run_time=0.9)
        out = Words(say("output"), weight="semibold").on_baseline(VALUE - 0.2, OUTPUT - 0.11, RIGHT)
        self.play(table.mixed.animate.set_value(1), FadeIn(out), run_time=0.9)
        self.wait(1.5)


class Table(Painted):
    """All numbers of the walk, each shown once its tracker has come; see the film's beats."""

    def __init__(self, walk):
        trackers = [ValueTracker(0) for _ in range(8)]
        super().__init__(13.2, TOP - FOOT + 1.6, reads=trackers)
        (self.query, self.first, self.summed, self.rows, self.divided, self.shared, self.valued,
         self.mixed) = trackers  # fmt: skip
        n = walk.sizes["key"]
        self.pitch = (TOP - FOOT) / n
        self.ys = [TOP - (k + 0.5) * self.pitch for k in range(n)]
        self.most = int(walk.attrs["most"])
        part = {name: walk[name].values for name in
                ("query", "keys", "values", "total", "score", "weight", "output")}  # fmt: skip
        self.part = part
        self.largest = max(float(np.abs(part[name]).max()) for name in ("query", "keys", "values"))
        self.said: dict[str, Any] = {
            "query": [fixed(v, 1) for v in part["query"]],
            "keys": [[fixed(v, 1) for v in row] for row in part["keys"]],
            "values": [[fixed(v, 1) for v in row] for row in part["values"]],
            "total": [fixed(v, 2) for v in part["total"]],
            "score": [form(float(v), ".3f") for v in part["score"]],
            "weight": [percent(float(v), 1) for v in part["weight"]],
            "output": [fixed(v, 2) for v in part["output"]],
        }
        self.ink, self.back = theme.color("text"), theme.color("background")
        self.hue = heads.color(int(walk.attrs["head_number"]) - 1)

    def paint(self, pen):
        """Draw what has come so far."""
        names = ("query", "first", "summed", "rows", "divided", "shared", "valued", "mixed")
        now = {name: getattr(self, name).get_value() for name in names}
        self._cells(
            pen, self.part["query"], self.said["query"], KEY, QUERY, now["query"], bold=True
        )
        for i, y in enumerate(self.ys):
            mine = i == self.most
            order = i if i < self.most else i - 1
            come = max(0.0, min(1.0, now["rows"] - order)) if not mine else now["first"]
            summed = now["summed"] if mine else come
            self._cells(pen, self.part["keys"][i], self.said["keys"][i], KEY, y, come)
            self._right(
                pen, self.said["total"][i], SUM, y, summed * (1 - 0.6 * now["divided"]), bold=mine
            )
            self._right(pen, self.said["score"][i], SCORE, y, now["divided"], bold=mine)
            share = float(self.part["weight"][i])
            pen.color(self.hue)
            pen.rectangle(
                BAR, y - 0.3 * self.pitch, BAR_LONG * share * now["shared"], 0.6 * self.pitch
            )
            pen.fill()
            self._right(pen, self.said["weight"][i], VALUE - 0.15, y, now["shared"], bold=mine)
            strong = now["valued"] * (1 - now["mixed"] * 0.65 * (1 - min(1.0, 3 * share)))
            self._cells(pen, self.part["values"][i], self.said["values"][i], VALUE, y, strong)
        self._cells(
            pen, self.part["output"], self.said["output"], VALUE, OUTPUT, now["mixed"], bold=True
        )
        if now["first"] > 0:
            pen.color(self.ink, now["first"])
            pen.width(2)
            right = (
                VALUE + 4 * CELL
                if now["valued"] > 0
                else SCORE + 0.1
                if now["divided"] > 0
                else SUM + 0.1
            )
            pen.rectangle(
                KEY - 0.06, self.ys[self.most] - self.pitch / 2, right - KEY + 0.08, self.pitch
            )
            pen.stroke()

    def _cells(self, pen, values, said, left, y, shown, *, bold=False):
        """Draw a vector: orange is positive, blue negative, the stronger the larger."""
        if shown <= 0:
            return
        tall = self.pitch - 0.05
        for k, (value, text) in enumerate(zip(np.asarray(values).tolist(), said, strict=True)):
            x = left + k * CELL
            token = "positive" if value > 0 else "negative"
            if value:
                amount = 0.08 + 0.47 * min(abs(value) / self.largest, 1.0) ** 0.7
                pen.color(mix(self.back, theme.color(token), amount), shown)
                pen.rectangle(x, y - tall / 2, CELL - 0.04, tall)
                pen.fill()
            self._text(pen, text, x + (CELL - 0.04) / 2, y, shown, 0.5, bold=bold)

    def _right(self, pen, text, right, y, shown, *, bold=False):
        if shown > 0:
            self._text(pen, text, right, y, shown, 1.0, bold=bold)

    def _text(self, pen, text, x, y, shown, side, *, bold=False):
        em = SIZE / PIXELS_PER_UNIT
        weight = "semibold" if bold else "regular"
        wide = font.advance(text, weight) * em
        pen.color(self.ink, shown)
        font.write(pen, text, x - side * wide, y - 0.325 * em, em, weight)
