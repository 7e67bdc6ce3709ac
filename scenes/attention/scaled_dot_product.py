"""One query goes from key to key: products, sums, shares, and the mixture of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, linear, smooth

from look import heads, theme
from look.numbers import fixed, form, joined
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, Pen, mix, rgb
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "scaled_dot_product": "query (feature), keys (key, feature), values (key, feature), "
    "product (key, feature), total (key), score (key), weight (key), output (feature), word (key), "
    "role (key), most, most_word, most_weight, head_number, n_features, asking",
}

DESCRIPTION = """\
The words of a sentence stand in a column, each with its key, four cells of orange and blue. The
query of the last word, four such cells, goes down from key to key. On the right query and key stand
under each other, large, with their products; their sum, over the root of four, grows as a bar
beside the word, to the right for a sum above zero, to the left for one below. It stays longest
where the sum is largest. Then softmax turns the bars into shares: one is far longer than the rest.
At last all values appear, as strong as their shares, and slide into one row: the output.
"""

TOP, FOOT = 1.12, -3.85  # of the rows
UP = 1.72  # the middle of query and output
WORD, KEY, CELL = -4.62, -4.45, 0.62  # right end of words, left end of keys and width of a cell
ZERO, UNIT = -0.55, 0.3  # where scores begin, and how long one is
SHARE, LONG = -1.75, 3.1  # where shares begin, and how long all of them are
LARGE, WIDE, ROWS = 2.1, 1.12, (0.95, 0.2, -0.55)  # query, key and products, seen closely
VALUE, FULL = 2.6, 1.0  # values, and the width of one


class ScaledDotProduct(RecordedScene):
    def construct(self):
        walk = self.recording("scaled_dot_product")
        n, most = walk.sizes["key"], int(walk.attrs["most"])
        table = Table(walk)
        names = _names(walk, table.ys)
        query = Words(say("asks"), weight="semibold").on_baseline(WORD, UP - 0.11, RIGHT)
        score = Formula(say("scored", equals=0)).move_to((ZERO, UP, 0))
        closely = Closely(walk, table)

        self.next_section("ask")
        words = self.headline("ask")
        self.add(words, names, table, query)
        self.play(FadeIn(Group(*closely.parts, score)), run_time=0.6)
        for i in range(n):
            self.play(table.at.animate.set_value(i), run_time=0.25, rate_func=smooth)
            self.wait(1.1 if i == most else 0.12)
        self.play(table.at.animate.set_value(n), run_time=0.25)

        self.next_section("softmax")
        shares = Formula(say("shared")).move_to((SHARE + 0.5 * LONG, UP, 0))
        self.play(FadeOut(Group(*closely.parts, score)), run_time=0.3)
        words = self.say(words, "softmax", also=[shares])
        self.play(table.shared.animate.set_value(1), run_time=1.5)
        self.wait(0.8)

        self.next_section("mix")
        value = Words(say("value"), color="muted").on_baseline(VALUE + 2 * FULL, UP - 0.11, ORIGIN)
        k, terms = heads.mixed(walk)
        words = self.say(words, "mix", also=[value], k=k + 1, terms=joined(terms, " + "),
                         output=float(walk.output[k]))  # fmt: skip
        self.play(table.valued.animate.set_value(1), run_time=0.8)
        out = Words(say("output"), weight="semibold").on_baseline(VALUE - 0.15, UP - 0.11, RIGHT)
        self.play(FadeOut(value), FadeIn(out), shares.animate.shift((-0.25, 0, 0)), run_time=0.3)
        self.play(table.mixed.animate.set_value(1), run_time=1.8, rate_func=linear)
        self.wait(1.4)


def _names(walk: xr.Dataset, ys: Sequence[float]) -> VGroup:
    """Return the words; the one that asks and the foods are bold."""
    named = np.isin(walk.role.values.astype(str), ("source", "target"))
    return VGroup(
        *(
            Words(
                str(word), color="text" if bold else "muted",
                weight="semibold" if bold else "regular",
            ).on_baseline(WORD, y - 0.11, RIGHT)
            for word, bold, y in zip(walk.word.values, named, ys, strict=True)
        )
    )  # fmt: skip


class Table(Painted):
    """Keys, scores that become shares, and values that become the output.

    Attributes
    ----------
    come, at, shared, valued, mixed : ValueTracker
        Whether keys and query are there; which key the query has come to; from 0 to 1, how far
        scores are shares, values are there, and values are the output.
    """

    def __init__(self, walk: xr.Dataset) -> None:
        self.come, self.at, self.shared, self.valued, self.mixed = trackers = [
            ValueTracker(value) for value in (1.0, -1.0, 0.0, 0.0, 0.0)
        ]
        super().__init__(13.2, TOP - FOOT + 1.6, reads=trackers)
        n = walk.sizes["key"]
        self.pitch = (TOP - FOOT) / n
        self.ys = [TOP - (k + 0.5) * self.pitch for k in range(n)]
        self.part = {name: walk[name].values for name in
                     ("query", "keys", "values", "score", "weight", "output")}  # fmt: skip
        self.largest = max(float(np.abs(self.part[k]).max()) for k in ("query", "keys"))
        # values are drawn in strengths of their own
        brighter = self.largest / max(float(np.abs(self.part["values"]).max()), 1e-9)
        for name in ("values", "output"):
            self.part[name] = brighter * self.part[name]
        self.shares = [heads.softmax_share(float(v)) for v in self.part["weight"]]
        self.output = [fixed(v, 2) for v in walk.output.values]
        # Values that are written out: all of the word that counts most, and those in the sum.
        self.most = int(walk.attrs["most"])
        known, (k, terms) = walk["values"].values, heads.mixed(walk)
        self.summed = np.argsort(-self.part["weight"], kind="stable")[: len(terms)].tolist()
        self.at_sum = k
        self.hands = {(i, j): fixed(known[i, j], 1) for i in self.summed
                      for j in range(known.shape[1]) if j == k or i == self.most}  # fmt: skip
        self.unit = min(UNIT, 1.2 / max(float(np.abs(self.part["score"]).max()), 1e-9))
        self.hue = heads.color(int(walk.attrs["head_number"]) - 1)
        self.ink, self.back = theme.color("text"), theme.color("background")

    def paint(self, pen: Pen) -> None:
        """Draw what has come so far."""
        come, at = self.come.get_value(), self.at.get_value()
        shared, valued = self.shared.get_value(), self.valued.get_value()
        mixed = smooth(min(1.0, self.mixed.get_value() / 0.8))
        weight = self.part["weight"]
        n = len(self.ys)
        here = min(max(at, -1.0), float(n))
        scanning = 0 <= here < n and shared == 0
        gone = 1 - 0.85 * mixed  # query and keys have done their work
        self.row(pen, self.part["query"], KEY, UP, CELL, come * gone, tall=0.4)
        for i, y in enumerate(self.ys):
            dim = 1 - 0.4 * (scanning and abs(i - here) > 0.5)
            self.row(
                pen, self.part["keys"][i], KEY, y, CELL, come * dim * gone * (1 - 0.5 * valued)
            )
            grown = min(1.0, max(0.0, at - i + 1))
            self._bar(pen, i, y, grown, shared)
            strong = valued * (0.5 + 0.5 * float(weight[i]) ** 0.5)
            self.row(pen, self.part["values"][i], VALUE, y, FULL, strong * (1 - 0.3 * mixed))
            for k in range(self.part["values"].shape[1]):
                if (i, k) in self.hands:  # those of the sum that is written out stay
                    stays = 1.0 if k == self.at_sum else 1 - mixed
                    write(pen, self.hands[i, k], VALUE + (k + 0.5) * FULL - 0.02, y, TICK,
                          valued * stays, self.ink)  # fmt: skip
            if mixed > 0:  # and slide to where they are one
                slid = y + mixed * (UP - y)
                self.row(pen, self.part["values"][i], VALUE, slid, FULL,
                         float(weight[i]) * (1 - shown(self.mixed.get_value())))  # fmt: skip
                if i == self.most:  # seen on its way
                    pen.color(self.ink, 1 - shown(self.mixed.get_value()))
                    pen.width(3)
                    pen.rectangle(VALUE - 0.05, slid - self.pitch / 2, 4 * FULL + 0.06, self.pitch)
                    pen.stroke()
        done = shown(self.mixed.get_value())
        if done > 0:
            self.row(pen, self.part["output"], VALUE, UP, FULL, done, tall=0.5)
            for k, text in enumerate(self.output):
                write(pen, text, VALUE + (k + 0.5) * FULL - 0.02, UP, LABEL, done, self.ink)
        if scanning or (at >= 0 and shared < 1):
            y = TOP - (min(here, n - 1) + 0.5) * self.pitch
            pen.color(self.ink, 1 - shared if here >= n - 1 else 1)
            pen.width(3)
            pen.rectangle(KEY - 0.05, y - self.pitch / 2, 4 * CELL + 0.06, self.pitch)
            pen.stroke()

    def _bar(self, pen: Pen, i: int, y: float, grown: float, shared: float) -> None:
        """Draw a score from where zero is, or on the way to being a share."""
        if grown <= 0:
            return
        score, weight = float(self.part["score"][i]), float(self.part["weight"][i])
        sign = theme.color("positive" if score > 0 else "negative")
        start = ZERO + shared * (SHARE - ZERO)
        long = (1 - shared) * score * self.unit * grown + shared * max(weight * LONG, 0.02)
        pen.color((1 - shared) * np.array(rgb(sign)) + shared * np.array(rgb(self.hue)))
        pen.rectangle(min(start, start + long), y - 0.31 * self.pitch, abs(long), 0.62 * self.pitch)
        pen.fill()
        if shared > 0.6:
            write(pen, self.shares[i], start + max(long, 0) + 0.12, y, TICK,
                  min(1.0, 4 * (shared - 0.6)), self.ink, side=0.0)  # fmt: skip

    def row(
        self, pen: Pen, values: np.ndarray, left: float, y: float, cell: float, opacity: float,
        tall: float = 0.0,
    ) -> None:  # fmt: skip
        """Draw a vector: orange is positive, blue negative, the stronger the larger."""
        if opacity <= 0.004:
            return
        tall = tall or self.pitch - 0.05
        for k, value in enumerate(np.asarray(values, dtype=float).tolist()):
            share = min(abs(value) / self.largest, 1.0)
            token = "positive" if value > 0 else "negative"
            pen.color(mix(self.back, theme.color(token), 0.1 + 0.8 * share), opacity)
            pen.rectangle(left + k * cell, y - tall / 2, cell - 0.04, tall)
            pen.fill()


def shown(mixed: float) -> float:
    """Return how far the output is there: once the values have met."""
    return min(1.0, max(0.0, (mixed - 0.8) / 0.2))


class Closely(Painted):
    """Query and key under each other, their products, and what these come to."""

    def __init__(self, walk: xr.Dataset, table: Table) -> None:
        super().__init__(4 * WIDE, ROWS[0] - ROWS[-1] + 0.7, reads=[table.at])
        self.move_to((LARGE + 2 * WIDE, (ROWS[0] + ROWS[-1]) / 2, 0))
        self.table, self.ink = table, theme.color("text")
        part = {name: walk[name].values for name in ("query", "keys", "product")}
        self.product = part["product"]
        self.largest = max(float(np.abs(self.product).max()), 1e-9)
        self.said: dict[str, Any] = {
            "query": [fixed(v, 1) for v in part["query"]],
            "keys": [[fixed(v, 1) for v in row] for row in part["keys"]],
            "product": [[fixed(v, 2) for v in row] for row in part["product"]],
            "total": [fixed(v, 2) for v in walk.total.values],
            "score": [
                form(float(v), heads.score_form(walk.score.values)) for v in walk.score.values
            ],
        }
        tags = [
            Words(say(name), color="muted").on_baseline(LARGE - 0.15, y - 0.11, RIGHT)
            for name, y in zip(("asks", "key", "times"), ROWS, strict=True)
        ]
        totals = []
        for name, word, y in (("total", "summed", -1.5), ("score", "scored", -2.5)):
            left = Formula(say(word, equals=1), 40)
            left.move_to((LARGE + 2 * WIDE - 0.1, y, 0), aligned_edge=RIGHT)
            number = Number(
                self._now(name), [table.at], size=40, widest="−00.000", weight="semibold"
            ).move_to((LARGE + 2 * WIDE + 0.1, y, 0), aligned_edge=LEFT)  # fmt: skip
            totals += [left, number]
        self.parts = [self, *tags, *totals]

    def _row(self) -> int:
        last = len(self.product) - 1
        return min(max(round(self.table.at.get_value()), 0), last)

    def _now(self, name: str) -> Callable[[], str]:
        return lambda: str(self.said[name][self._row()])

    def paint(self, pen: Pen) -> None:
        """Draw the three rows, of the key that the query has come to."""
        i, table = self._row(), self.table
        rows = (
            (table.part["query"], self.said["query"], table.largest),
            (table.part["keys"][i], self.said["keys"][i], table.largest),
            (self.product[i], self.said["product"][i], self.largest),
        )
        for (values, said, most), y in zip(rows, ROWS, strict=True):
            table.row(pen, np.asarray(values) * table.largest / most, LARGE, y, WIDE, 0.75,
                      tall=0.66)  # fmt: skip
            for k, text in enumerate(said):  # a long one is smaller
                room = (WIDE - 0.12) * PIXELS_PER_UNIT / font.advance(text, "semibold")
                write(pen, text, LARGE + (k + 0.5) * WIDE - 0.02, y, min(LABEL, room), 1.0,
                      self.ink)  # fmt: skip


def write(
    pen: Pen, text: str, x: float, y: float, size: float, opacity: float, ink: str,
    side: float = 0.5,
) -> None:  # fmt: skip
    """Write a number around a height; `side` is the share of it left of `x`."""
    em = size / PIXELS_PER_UNIT
    pen.color(ink, opacity)
    font.write(pen, text, x - side * font.advance(text, "semibold") * em, y - 0.325 * em, em,
               "semibold")  # fmt: skip
