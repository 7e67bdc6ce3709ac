"""One query goes from key to key: products, sums, shares, and the mixture of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, smooth

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
    "role (key), most, head_number, n_features, asking",
}

DESCRIPTION = """\
The words of a sentence stand in a column, each with its key, four cells of orange and blue. The
query of the last word, four such cells, goes down from key to key. On the right query and key stand
under each other, large, with their products; their sum, over the root of four, grows as a bar
beside the word, to the right for a sum above zero, to the left for one below. It stays longest
where the sum is largest. Then softmax turns the bars into shares: one is far longer than the rest;
on the right it is written out for the largest and the smallest score. Values appear, each word's
row of four cells. Their cells fade to share times value, the numbers of the strongest with them;
then row after row, the largest share first, they rise and add up to one row: the output.
"""

TOP, FOOT = 0.98, -3.85  # of the rows
OVER = 1.13  # baseline of what names the keys, over them
UP = 1.72  # the middle of query and output
WORD, KEY, CELL = -4.62, -4.45, 0.62  # right end of words, left end of keys and width of a cell
ZERO, UNIT = -0.55, 0.3  # where scores begin, and how long one is
SHARE, LONG = -1.75, 3.1  # where shares begin, and how long all of them are
LARGE, WIDE, ROWS = 2.1, 1.12, (0.95, 0.2, -0.55)  # query, key and products, seen closely
VALUE, FULL = 2.6, 1.0  # values, and the width of one
POWER, LINES, HIGH = 4.05, (0.35, -0.35, -1.05, -2.0, -2.95), 11  # softmax: where numbers begin,
# baselines, and the score up to which its power is a number that one can read


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
        keys = Words(say("each key"), color="muted").on_baseline(KEY, OVER)
        self.add(words, names, table, query, keys, score, *closely.parts)
        for i in range(n):
            self.play(table.at.animate.set_value(i), run_time=0.25, rate_func=smooth)
            self.wait(1.1 if i == most else 0.12)
        self.play(table.at.animate.set_value(n), run_time=0.25)

        self.next_section("softmax")
        shares = Formula(say("shared")).move_to((SHARE + 0.5 * LONG, UP, 0))
        self.play(FadeOut(Group(*closely.parts)), run_time=0.3)
        words = self.say(words, "softmax")
        written, quotient = powers(walk)
        for line in written:  # first what the bars become
            self.play(FadeIn(line), run_time=0.45)
        self.play(table.shared.animate.set_value(1), FadeOut(score, run_time=0.3),
                  FadeIn(shares), run_time=1.3)  # fmt: skip
        if written:
            self.play(FadeIn(quotient), run_time=0.4)
        self.wait(1.0)

        self.next_section("mix")
        value = Words(say("value"), color="muted").on_baseline(VALUE + 2 * FULL, OVER, ORIGIN)
        if written:
            self.play(FadeOut(VGroup(*written, quotient)), run_time=0.25)
        # The sum is said when what it is made of is there.
        self.play(table.valued.animate.set_value(1), FadeIn(value), run_time=0.6)
        k, terms = heads.mixed(walk)
        words = self.say(words, "mix", k=k + 1, terms=joined(terms, " + "),
                         output=float(walk.output[k]))  # fmt: skip
        self.wait(0.9)
        times = Words(say("weighted"), color="muted").on_baseline(VALUE + 2 * FULL, OVER, ORIGIN)
        self.play(FadeOut(VGroup(value, keys)), table.weighted.animate.set_value(1),
                  FadeIn(times), run_time=1.0)  # fmt: skip
        out = Words(say("output"), weight="semibold").on_baseline(VALUE - 0.3, UP - 0.11, RIGHT)
        self.play(FadeIn(out), FadeOut(times), shares.animate.shift((-0.4, 0, 0)), run_time=0.3)
        for turn in range(len(table.turns)):
            self.play(table.mixed.animate.set_value(turn + 1), run_time=0.85, rate_func=smooth)
        self.play(FadeIn(times), run_time=0.3)
        self.wait(1.2)


def powers(walk: xr.Dataset) -> tuple[list[VGroup], VGroup]:
    """Return how softmax makes the largest share, line by line, and at last the quotient.

    The powers of the largest score, the next and the smallest, and the sum of all; none where
    their numbers would be too long.
    """
    score, most = walk.score.values, int(walk.attrs["most"])
    if float(score.max()) > HIGH:
        return [], VGroup()
    order = np.argsort(-score, kind="stable")
    rows = dict.fromkeys([*order[:2].tolist(), int(order[-1])])
    power = np.exp(score)
    # As many digits as the quotient of what is written needs to be the share that is written.
    for digits in range(1, 5):
        top, whole = (round(float(v), digits) for v in (power[most], power.sum()))
        if heads.softmax_share(top / whole) == heads.softmax_share(float(walk.weight[most])):
            break
    told, styled = heads.score_form(score), f".{digits}f"

    def line(said: str, power: str, value: str, y: float, weight: str = "regular") -> VGroup:
        name = Words(said, color="text" if weight == "semibold" else "muted", weight=weight)
        formula = Formula(f"{power} =", 40)
        formula.move_to((POWER + 0.95, y + 0.16, 0), aligned_edge=RIGHT)
        return VGroup(
            name.on_baseline(POWER - 0.9, y, RIGHT), formula,
            Words(value, 40, weight="semibold").on_baseline(POWER + 1.1, y),
        )  # fmt: skip

    lines = []
    for y, i in zip(LINES, rows, strict=False):
        # A score far below zero gives little, though not nothing.
        value = form(float(power[i]), styled if power[i] >= 0.1**digits else ".2g")
        word, bold = str(walk.word.values[i]), "semibold" if i == most else "regular"
        lines.append(line(word, f"e^({form(float(score[i]), told)})", value, y, bold))
    together = line(say("all words", n=len(score)), "Sigma e^s", form(float(power.sum()), styled),
                 LINES[-2])  # fmt: skip
    fraction = Formula(
        say("quotient", top=form(float(power[most]), styled),
            whole=form(float(power.sum()), styled)), 40,
    ).move_to((POWER + 0.95, LINES[-1] + 0.16, 0), aligned_edge=RIGHT)  # fmt: skip
    share = Words(heads.softmax_share(float(walk.weight[most])), 40, weight="semibold")
    return [*lines, together], VGroup(fraction, share.on_baseline(POWER + 1.1, LINES[-1]))


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
    at, shared, valued, weighted, mixed : ValueTracker
        Which key the query has come to; from 0 to 1, how far scores are shares, values are there,
        and they are share times value; and how many of the `turns` have been added up.
    turns : list of list of int
        Which values rise together: of the words in the sum that is written out one at a time, then
        all others.
    """

    def __init__(self, walk: xr.Dataset) -> None:
        self.at, self.shared, self.valued, self.weighted, self.mixed = trackers = [
            ValueTracker(value) for value in (-0.6, 0.0, 0.0, 0.0, 0.0)
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
        # Values that are written out: of the words in the sum that is said.
        self.most = int(walk.attrs["most"])
        values, weight = walk["values"].values, self.part["weight"]
        self.turns = [[i] for i in np.argsort(-weight, kind="stable")[:3].tolist()]
        rest = [i for i in range(n) if [i] not in self.turns]
        self.turns += [rest] if rest else []
        self.hands = {i: [fixed(v, 1) for v in values[i]] for turn in self.turns[:3] for i in turn}
        self.products = {i: [fixed(v, 2) for v in weight[i] * values[i]] for i in self.hands}
        # What the turns have come to, and as numbers: the last of them is the output.
        sums = [(weight[turn, None] * values[turn]).sum(0) for turn in self.turns]
        self.sums = np.cumsum(sums, axis=0)
        self.sums[-1] = walk.output.values
        self.said = [[fixed(v, 2) for v in row] for row in self.sums]
        self.strength = brighter
        self.unit = min(UNIT, 1.2 / max(float(np.abs(self.part["score"]).max()), 1e-9))
        self.hue = heads.color(int(walk.attrs["head_number"]) - 1)
        self.ink, self.back = theme.color("text"), theme.color("background")

    def paint(self, pen: Pen) -> None:
        """Draw what has come so far."""
        at, shared = self.at.get_value(), self.shared.get_value()
        valued, weighted = self.valued.get_value(), self.weighted.get_value()
        mixed = self.mixed.get_value()
        n = len(self.ys)
        here = min(max(at, 0.0), float(n))
        scanning = here < n and shared == 0
        gone = 1 - 0.85 * weighted  # query and keys have done their work
        self.row(pen, self.part["query"], KEY, UP, CELL, gone, tall=0.4)
        for i, y in enumerate(self.ys):
            dim = 1 - 0.4 * (scanning and abs(i - here) > 0.5)
            self.row(pen, self.part["keys"][i], KEY, y, CELL, dim * gone * (1 - 0.5 * valued))
            self._bar(pen, i, y, min(1.0, max(0.0, at - i + 1)), shared)
        self._values(pen, valued, weighted, mixed)
        if scanning or shared < 1:
            y = TOP - (min(here, n - 1) + 0.5) * self.pitch
            pen.color(self.ink, 1 - shared if here >= n - 1 else 1)
            pen.width(3)
            pen.rectangle(KEY - 0.05, y - self.pitch / 2, 4 * CELL + 0.06, self.pitch)
            pen.stroke()

    def _values(self, pen: Pen, valued: float, weighted: float, mixed: float) -> None:
        """Draw values, which become share times value and then rise, to add up to the output."""
        if valued <= 0:
            return
        turn = min(int(mixed), len(self.turns) - 1)
        risen = mixed - turn
        for i, y in enumerate(self.ys):
            share = 1 + weighted * (float(self.part["weight"][i]) - 1)
            self.row(pen, share * self.part["values"][i], VALUE, y, FULL, valued)
            if i in self.hands:
                for said, there in ((self.hands[i], 1 - 2 * weighted),
                                    (self.products[i], 2 * weighted - 1)):  # fmt: skip
                    self._numbers(pen, said, y, TICK, valued * max(there, 0.0))
        done = turn + (risen >= 1)  # rows that have been added up
        if done:
            self.row(pen, self.strength * self.sums[done - 1], VALUE, UP, FULL, 1.0, tall=0.5)
        if done and (risen < 0.8 or risen == 1):  # not under those that come
            self._numbers(pen, self.said[done - 1], UP, LABEL, 1.0)
        for i in self.turns[turn] if 0 < risen < 1 else []:  # over all that it passes
            y = self.ys[i] + risen * (UP - self.ys[i])
            pen.color(self.back, 0.85)
            pen.rectangle(VALUE - 0.05, y - self.pitch / 2, 4 * FULL + 0.06, self.pitch)
            pen.fill()
            weight = float(self.part["weight"][i])
            self.row(pen, weight * self.part["values"][i], VALUE, y, FULL, 1.0)
            if i in self.products:
                self._numbers(pen, self.products[i], y, TICK, 1.0)
                pen.color(self.ink)
                pen.width(3)
                pen.rectangle(VALUE - 0.05, y - self.pitch / 2, 4 * FULL + 0.06, self.pitch)
                pen.stroke()

    def _numbers(
        self, pen: Pen, said: Sequence[str], y: float, size: float, opacity: float
    ) -> None:
        """Write a number in each of the cells of a row of values."""
        if opacity > 0:
            for k, text in enumerate(said):
                write(pen, text, VALUE + (k + 0.5) * FULL - 0.02, y, size, opacity, self.ink)

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
