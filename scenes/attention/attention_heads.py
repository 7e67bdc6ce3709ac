"""Head after head over one sentence with a number each, and the one that stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, linear

from look import heads, theme
from look.numbers import number, percent
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, Pen
from scenes.parts.words import LABEL, TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "attention_heads": "attention (layer, head, query, key), ratio (example, layer, head), "
    "share (layer, head, class), class (class), token (position), "
    "start (position), stop (position), special (position), continues (position), "
    "role (position), asked, against, shown_layer, shown_head, n_heads, sources, targets",
}

DESCRIPTION = """\
A sentence stands in the middle, in two lines where it doesn't fit in one. Over it curves grow from
the words that look to the word that is looked at, or from the one that looks to all others:
coloured where they are asked about, else grey, as wide as their weight; beside them stands which
head it is and its number, and it is lit at its bar. They make room for those of the next head,
while at the bottom grey bars rise, one for each head, for how much more than usual the words in
question look there. One bar rises above all others, in colour; its head's curves come back, over
the two averages whose ratio its number is, and each word's weight comes to stand under it. At last
a second sentence takes the place of the first, with that head's curves; the bars stay, and from
each a dash moves to the same number for this sentence, while all make room for the highest.
"""

LEFT_EDGE, RIGHT_EDGE = -6.6, 6.6  # of the sentence
LONG = 30  # tokens from which on there is no room for bars
TOP, ARC = 2.3, 2.1  # where curves may begin, and how high they are over the first line
FEET = {True: -0.75, False: -3.5}  # of the last line, with bars below it and without
ONE = -0.35  # of the only line
LARGEST = 44.0  # type of a sentence in two lines
BARS = (-3.3, 2.1)  # their foot, and how high the longest is under one line
LOW = 1.75  # how high it is under more lines
MOST = 12  # bars
SPACE = 0.13  # between words
POINTS = 25  # of a curve
QUIET = 0.6  # opacity of curves that are not asked about
THIN = 2.5  # the width of a curve of hardly any weight
NAMED = 0.05  # a weight from which on a curve is drawn where nothing is asked


class AttentionHeads(RecordedScene):
    def construct(self):
        recorded = self.recording("attention_heads")
        heads.check(recorded)
        attrs = recorded.attrs
        layer, head = int(attrs["shown_layer"]), int(attrs["shown_head"])
        asked = bool(attrs["asked"])
        solo, again, second = (ValueTracker(0.0) for _ in range(3))  # the first head is there
        sentence = Sentence(recorded)
        both = [sentence]
        if "attention_1" in recorded:
            both.append(Sentence(following(recorded)))
        high = LOW if any(each.line.any() for each in both) else BARS[1]
        bars = Bars(recorded, layer, solo, again, second, high)
        fan = Fan(recorded, layer, sentence, bars.heads, solo, again)
        is_long = len(sentence.names) > LONG

        self.next_section("one by one")
        words = self.headline("asked" if asked else "each")
        self.add(words, fan, sentence.words)
        self.add(*([] if is_long else [bars, *bars.numbers]))
        if asked or is_long:
            self.add(bars.now)
        each = max(0.45, min(0.75, 8.0 / len(bars.heads)))
        self.wait(0.4)
        for k in range(1, len(bars.heads)):
            self.play(solo.animate.set_value(k), run_time=0.7 * each)
            self.wait(0.3 * each)
        self.play(solo.animate.set_value(len(bars.heads)), run_time=0.3, rate_func=linear)

        self.next_section("named")
        ratio = recorded.ratio.values[:, layer, head]
        parts = recorded.continues.values[recorded.role.values != "none"].any()
        means = averages(recorded, layer, sentence, bars) if asked and not is_long else VGroup()
        words = self.say(
            words, "named" if asked else "shown", also=means, head=head + 1,
            stands=int(ratio[0] > 1.5), pieces=int(parts), **heads.times(ratio[0]),
        )  # fmt: skip
        self.play(again.animate.set_value(1), run_time=1.2)
        numbers = fan.percents(recorded, layer) if asked else VGroup()
        if asked:
            self.play(FadeIn(numbers), run_time=0.4)
        self.wait(1.2)
        if asked and len(ratio) > 1 and not is_long:
            self.next_section("second")
            gone = Group(fan, numbers, means, sentence.words)
            self.another(recorded, words, bars, second, both[-1], gone)
        self.wait(1.4)

    def another(
        self, recorded: xr.Dataset, words: VGroup, bars: Bars, second: ValueTracker,
        sentence: Sentence, gone: Group,
    ) -> None:  # fmt: skip
        """Put the second sentence in the place of the first, with the named head's curves."""
        attrs = recorded.attrs
        layer, head = int(attrs["shown_layer"]), int(attrs["shown_head"])
        ratio = recorded.ratio.values[-1, layer, head]
        if "attention_1" not in recorded:  # its numbers are there, its weights are not
            self.say(words, "again", **heads.times(ratio))
            self.play(second.animate.set_value(1), run_time=1.2)
            self.play(FadeIn(bars.told()), run_time=0.4)
            return
        other = following(recorded)
        grown = ValueTracker(0.0)
        fan = Fan(other, layer, sentence, bars.heads, ValueTracker(-1.0), grown)
        self.play(FadeOut(Group(words, *gone)), run_time=0.25)
        told = self.headline("again", **heads.times(ratio))
        self.play(FadeIn(Group(told, sentence.words)), run_time=0.35)
        self.add(fan)
        self.play(grown.animate.set_value(1), second.animate.set_value(1), run_time=1.4)
        self.play(FadeIn(VGroup(*fan.percents(other, layer), bars.told())), run_time=0.4)


def following(recorded: xr.Dataset) -> xr.Dataset:
    """Return the second text of a recording in the place of the first."""
    names = ("attention", "token", "start", "stop", "special", "continues", "role")
    return xr.Dataset(
        {name: recorded[f"{name}_1"].rename(
            {dim: str(dim).removesuffix("_1") for dim in recorded[f"{name}_1"].dims})
         for name in names},
        attrs=recorded.attrs,
    )  # fmt: skip


def averages(recorded: xr.Dataset, layer: int, sentence: Sentence, bars: Bars) -> VGroup:
    """Return the two means that the named head's number is the ratio of, to stand over the bars.

    They stand on the side that its bar leaves free; where others reach up to them, there are none.
    """
    weights = recorded.attention.values[layer, bars.heads[bars.named]]
    each, role = heads.onto(recorded, weights)
    roles = recorded.role.values.astype(str)
    n = int((roles == role).sum())
    shares = heads.means(float(each[roles == role].mean()), float(each[roles == "other"].mean()))
    split = n > len(heads.asked(recorded, weights))
    meant = say("means pieces" if split else "means", meant=shares["meant"], n=n)
    told = Words(meant, weight="semibold")
    told.set_color(bars.ink)
    other = Words(say("rest", rest=shares["rest"]), color="muted", weight="semibold")
    wide, low = told.width + 0.5 + other.width, float(sentence.feet[:, 1].min()) - 1.1
    left = LEFT_EDGE if bars.named > len(bars.heads) / 2 else RIGHT_EDGE - wide
    if wide > RIGHT_EDGE - LEFT_EDGE or not bars.clear(left, left + wide, low - 0.2):
        return VGroup()
    return VGroup(told.on_baseline(left, low), other.on_baseline(left + wide, low, RIGHT))


class Sentence:
    """Every token once, in lines; those that are asked about are bold."""

    def __init__(self, recorded: xr.Dataset) -> None:
        self.names = heads.labels(recorded, font.has)
        self.roles = recorded.role.values.astype(str)
        special = recorded.special.values.astype(bool)
        # What is asked is asked of words; where it is, they stand alone.
        asked = bool(recorded.attrs["asked"])
        self.shown = [i for i in range(len(self.names)) if not (asked and special[i])]
        plain = (self.roles == "none").all()
        named = np.isin(self.roles, ("source", "target"))
        bold = np.where(named, "semibold", "regular").tolist()
        inks = np.where(~special & (named | plain), "text", "muted").tolist()

        def set_(size: float) -> list[Words]:
            kinds = zip(self.names, inks, bold, strict=True)
            return [Words(name, size, ink, weight) for name, ink, weight in kinds]

        words = set_(LABEL)
        spaces = [0.04 if name.startswith("·") else SPACE for name in self.names]
        rows = _broken(words, spaces, self.shown)
        if len(rows) == 2:  # as large as two lines have room for
            for size in np.arange(LARGEST, LABEL, -2).tolist():
                large = set_(size)
                if len(_broken(large, spaces, self.shown)) == 2:
                    words, rows = large, _broken(large, spaces, self.shown)
                    break
        foot = FEET[len(words) <= LONG]
        head = TOP - ARC if len(rows) > 1 else ONE if foot > -1 else (TOP - ARC + foot) / 2
        self.room = TOP - head - 0.55  # over the first line
        self.pitch = (head - foot) / max(len(rows) - 1, 1)
        self.line = np.zeros(len(words), dtype=int)
        for k, row in enumerate(rows):
            for x, i in row:
                words[i].on_baseline(x, head - k * self.pitch)
                self.line[i] = k
        self.tops = np.array([[word.get_center()[0], head - self.line[i] * self.pitch + 0.36]
                              for i, word in enumerate(words)])  # fmt: skip
        self.feet = self.tops - [0, 0.5]
        across = self.tops[self.shown, 0]
        self.span = max(float(np.ptp(across)), 1.0)  # the longest bow takes all of the room
        self.words = VGroup(*(words[i] for i in self.shown))

    def curve(self, query: int, key: int) -> np.ndarray:
        """Return the way from a token to another, shape (POINTS, 2)."""
        share = np.linspace(0, 1, POINTS)[:, None]
        if self.line[query] == self.line[key]:  # a bow over the line
            start, end = self.tops[query], self.tops[key]
            room = self.room if self.line[query] == 0 else self.pitch - 0.8
            long = abs(end[0] - start[0])
            high = max(0.25, room * (long / self.span) ** 0.6)
            way = (start + end) / 2 + (start - end) / 2 * np.cos(np.pi * share)
            return way + np.array([0.0, high]) * np.sin(np.pi * share)
        up = self.line[query] > self.line[key]
        start = (self.tops if up else self.feet)[query]
        end = (self.feet if up else self.tops)[key]
        along = share**2 * (3 - 2 * share)  # it leaves and arrives upright
        return start + np.concatenate([along, share], axis=1) * (end - start)


def _broken(
    words: Sequence[Words], spaces: Sequence[float], shown: Sequence[int]
) -> list[list[tuple[float, int]]]:
    """Return lines of (left edge, number) of the words `shown`; `spaces` are before them."""
    lines: list[list[tuple[float, int]]] = [[]]
    end = LEFT_EDGE
    for i in shown:
        word, space = words[i], spaces[i]
        x = end + space if lines[-1] else LEFT_EDGE
        if x + word.width > RIGHT_EDGE and lines[-1]:
            lines.append([])
            x = LEFT_EDGE
        lines[-1].append((x, i))
        end = x + word.width
    return lines


class Fan(Painted):
    """The curves of one head at a time.

    Parameters
    ----------
    order : sequence of int
        The heads, as they come.
    solo : ValueTracker
        At k the k-th of `order` is there; on the way to it, its curves grow.
    again : ValueTracker
        How far those of the named head have come back.
    """

    def __init__(
        self, recorded: xr.Dataset, layer: int, sentence: Sentence, order: Sequence[int],
        solo: ValueTracker, again: ValueTracker,
    ) -> None:  # fmt: skip
        super().__init__(RIGHT_EDGE - LEFT_EDGE, TOP - FEET[len(sentence.names) <= LONG] + 1,
                         reads=[solo, again])  # fmt: skip
        self.sentence, self.order, self.solo, self.again = sentence, order, solo, again
        self.named = int(recorded.attrs["shown_head"])
        self.asked = bool(recorded.attrs["asked"])
        self.muted = theme.color("muted")
        weights = recorded.attention.values[layer]  # (head, query, key)
        wanted = ~np.eye(weights.shape[-1], dtype=bool)
        wanted &= np.isin(np.arange(len(wanted)), sentence.shown)
        wanted &= wanted.T
        ways: list[Any]
        if self.asked:  # all that its number is made of, however faint
            ways = [heads.counted(recorded, w) for w in weights]
        else:
            ways = [np.nonzero(wanted & (w >= NAMED)) for w in weights]
        asks = recorded.attrs.get("against") == "sources"
        self.lines = [
            self._lines(w, way[0], way[1], asks) for w, way in zip(weights, ways, strict=True)
        ]

    def _lines(
        self, weights: np.ndarray, query: np.ndarray, key: np.ndarray, asks: bool
    ) -> dict[str, Any]:
        role = self.sentence.roles
        meant = (role[query] == "source") if asks else (role[key] == "target")
        meant |= not self.asked
        order = np.lexsort([weights[query, key], meant])  # what is meant lies on top
        query, key, meant = query[order], key[order], meant[order]
        pairs = zip(query.tolist(), key.tolist(), strict=True)
        curves = [self.sentence.curve(*pair) for pair in pairs]
        return {"query": query, "key": key, "weight": weights[query, key],
                "meant": meant, "curves": curves}  # fmt: skip

    def paint(self, pen: Pen) -> None:
        """Draw the curves, as far as they have come."""
        solo, again = self.solo.get_value(), self.again.get_value()
        for k, head in enumerate(self.order):
            grown, gone = np.clip(solo - k + 1, 0, 1), np.clip(solo - k, 0, 1)
            if grown > 0 and gone < 1:
                self._head(pen, head, float(grown), 1 - float(gone))
        if again > 0:
            self._head(pen, self.named, again, 1.0)

    def _head(self, pen: Pen, head: int, grown: float, opacity: float) -> None:
        lines = self.lines[head]
        hue = heads.color(self.named if self.asked else head)  # of what is asked, one colour
        n = max(2, round(grown * POINTS))
        pen.context.set_line_cap(0)
        for curve, w, meant in zip(lines["curves"], lines["weight"], lines["meant"], strict=True):
            shade = min(1.0, 0.6 + 2.5 * w) if self.asked else w**0.8
            pen.color(hue if meant else self.muted, opacity * (shade if meant else QUIET))
            pen.width(THIN + 38 * w)
            pen.polyline(curve[:n])
            pen.stroke()

    def percents(self, recorded: xr.Dataset, layer: int) -> VGroup:
        """Return each word's weight in the named head, the mean of its pieces, to stand under."""
        group = VGroup()
        edges: dict[int, float] = {}
        for pieces, share in heads.asked(recorded, recorded.attention.values[layer, self.named]):
            line = int(self.sentence.line[pieces[0]])
            word = Words(percent(share, 1), weight="semibold")
            places = self.sentence.feet[pieces]
            word.on_baseline(float(places[:, 0].mean()), float(places[0, 1]) - 0.37, ORIGIN)
            if word.get_left()[0] < edges.get(line, -np.inf) + 0.15:
                continue  # there is no room
            edges[line] = word.get_right()[0]
            group.add(word)
        return group


class Bars(Painted):
    """A bar for each head once it has been seen, and a dash for what it is on a second sentence.

    Of many heads, those with the largest numbers. The bar of the one that is named has its colour.
    """

    def __init__(
        self, recorded: xr.Dataset, layer: int, solo: ValueTracker, again: ValueTracker,
        second: ValueTracker, high: float = BARS[1],
    ) -> None:  # fmt: skip
        asked = bool(recorded.attrs["asked"])
        others = recorded["class"].values.tolist().index("others")
        far = recorded.share.values[layer, :, others]  # weight beyond neighbours and ends
        values = recorded.ratio.values[:, layer] if asked else far[None]
        rank = np.argsort(-values[0], kind="stable")[:MOST].tolist()
        shown = int(recorded.attrs["shown_head"])
        if shown not in rank:
            rank[-1] = shown
        self.heads = sorted(rank)
        self.named = self.heads.index(shown)
        self.tall, foot = high, BARS[0]
        super().__init__(RIGHT_EDGE - LEFT_EDGE, high + 0.8, reads=[solo, again, second])
        self.move_to((0, foot + high / 2, 0))
        self.solo, self.again, self.second = solo, again, second
        self.values = np.nan_to_num(values[:, self.heads], posinf=1e9)
        # The bars alone take all of the room; with the dashes they make room for the highest.
        self.mosts = [float(min(max(each.max(), 1e-9), 20.0 if asked else 1.0))
                      for each in (self.values[0], self.values)]  # fmt: skip
        pitch = (RIGHT_EDGE - LEFT_EDGE) / len(self.heads)
        self.xs = [LEFT_EDGE + pitch * (k + 0.5) for k in range(len(self.heads))]
        self.thick = min(0.55, 0.5 * pitch)
        self.ink = heads.color(shown)
        self.text, self.quiet = theme.color("text"), theme.color("muted")
        self.paper = theme.color("background")
        self.one = asked and self.mosts[0] > 1
        self.stands = asked and values[0, shown] > 1.5
        said = [say("times", **heads.times(value)) if asked else percent(float(value))
                for value in self.values[0]]  # fmt: skip
        self.named_said = said[self.named]
        self.numbers: list[Number] = []
        for k, (head, x) in enumerate(zip(self.heads, self.xs, strict=True)):
            self.numbers.append(Tag(number(head + 1), self, k).move_to((x, foot - 0.31, 0)))
        names = [say("now", head=head + 1, said=each)
                 for head, each in zip(self.heads, said, strict=True)]  # fmt: skip
        alone = say("large", head=shown + 1)  # its number on the second sentence has a dash
        self.now = Number(
            lambda: alone if second.get_value() > 0 else names[self.current()],
            [solo, again, second], widest=max(names, key=len),
            weight="semibold" if asked else "regular", align="left" if asked else "right",
        )  # fmt: skip
        if asked:  # at the shoulder of the curves
            self.now.move_to((LEFT_EDGE, TOP - 0.2, 0), aligned_edge=LEFT)
        else:
            self.now.move_to((RIGHT_EDGE, TOP + 0.35, 0), aligned_edge=RIGHT)

    def current(self) -> int:
        """Return which of the bars is that of the curves."""
        if self.again.get_value() > 0:
            return self.named
        return int(np.clip(round(self.solo.get_value()), 0, len(self.heads) - 1))

    def high(self, value: float) -> float:
        """Return how high a bar is now."""
        alone, both = self.mosts
        most = alone + self.second.get_value() * (both - alone)
        return self.tall * min(float(value) / most, 1.0)

    def clear(self, left: float, right: float, low: float) -> bool:
        """Tell whether no bar reaches up to a height between two places."""
        xs, tops = np.array(self.xs), np.array([self.high(value) for value in self.values[0]])
        within = (xs + self.thick > left) & (xs - self.thick < right)
        return bool((BARS[0] + tops[within] < low).all())

    def told(self) -> Words:
        """Return the named head's number on the second sentence, to stand beside its dash."""
        value = float(self.values[-1, self.named])
        text = Words(say("times", **heads.times(value)), weight="semibold")
        side = -1 if self.named > len(self.heads) / 2 else 1
        x, y = self.xs[self.named] + side * (0.7 * self.thick + 0.12), BARS[0] + self.high(value)
        return text.on_baseline(x, y - 0.12, RIGHT if side < 0 else LEFT)

    def _write_inside(self, pen: Pen, x: float, high: float, dash: float) -> None:
        """Write the number of the bar that stands out in it: its top, or foot, clear of a dash."""
        em = TICK / PIXELS_PER_UNIT
        wide = em * font.advance(self.named_said, "semibold")
        if high < 0.6 or wide > self.thick - 0.08:
            return
        top, foot = BARS[0] + high - 0.35, BARS[0] + 0.12
        pen.color(self.paper)
        at = foot if top - 0.1 < dash < top + 0.35 else top
        font.write(pen, self.named_said, x - wide / 2, at, em, "semibold")

    def paint(self, pen: Pen) -> None:
        """Draw bars, and a dash at each for the second sentence."""
        solo, second = self.solo.get_value(), self.second.get_value()
        foot, again = BARS[0], self.again.get_value()
        if self.one:
            y = foot + self.high(1.0)
            pen.color(self.quiet)
            pen.width(1.5)
            pen.polyline(np.array([[LEFT_EDGE, y], [RIGHT_EDGE, y]]))
            pen.stroke()
            em = TICK / PIXELS_PER_UNIT
            font.write(pen, number(1), RIGHT_EDGE + 0.12, y - 0.325 * em, em)
        pen.color(self.quiet)
        pen.width(3.0)
        pen.polyline(np.array([[LEFT_EDGE, foot], [RIGHT_EDGE, foot]]))
        pen.stroke()
        for k, x in enumerate(self.xs):
            grown = float(np.clip(solo - k + 1, 0, 1))
            first, last = (self.high(value) for value in self.values[[0, -1], k])
            high = max(first * grown, 0.02 * (grown > 0))
            # One that stands out has its colour at once, else none has until it is named.
            named = max(again, grown * self.stands) if k == self.named else 0.0
            seen = 1.0 if k == self.current() else 0.5
            for ink, opacity in ((self.quiet, seen * (1 - named)), (self.ink, named)):
                if opacity > 0:
                    pen.color(ink, opacity)
                    pen.rectangle(x - self.thick / 2, foot, self.thick, high)
                    pen.fill()
            dashed, y = second > 0 and len(self.values) > 1, foot + first + second * (last - first)
            if k == self.named and self.stands and grown == 1:
                self._write_inside(pen, x, high, y if dashed else np.inf)
            if dashed:
                pen.color(self.text)
                pen.width(3.0)
                reach = 0.7 * self.thick
                pen.polyline(np.array([[x - reach, y], [x + reach, y]]))
                pen.stroke()


class Tag(Number):
    """The number of a head under its bar, lit while its curves are there."""

    def __init__(self, text: str, bars: Bars, k: int) -> None:
        super().__init__(lambda: text, [bars.solo, bars.again], size=TICK, widest=text)
        self.bars, self.k = bars, k
        self.inks = theme.color("muted"), theme.color("text")

    def paint(self, pen: Pen) -> None:
        """Draw the number, in bold while it is the current one."""
        lit = self.bars.current() == self.k
        self.ink, self.weight = self.inks[lit], "semibold" if lit else "regular"
        super().paint(pen)
