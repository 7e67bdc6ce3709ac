"""All heads at once, then one by one with a number each, and the one that stands out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, ValueTracker, VGroup, linear

from look import heads, theme
from look.numbers import number, percent
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "attention_heads": "attention (layer, head, query, key), ratio (example, layer, head), "
    "share (layer, head, class), class (class), sentence (example), token (position), "
    "start (position), stop (position), special (position), continues (position), "
    "role (position), asked, against, causal, model, n_heads, n_layers, shown_layer, shown_head, "
    "sources, targets",
}

ASPECTS = {"9:16": [(-6.95, -3.95, 2.06, 2.5), (2.06, -3.97, 6.95, 2.5)]}

DESCRIPTION = """\
A sentence stands twice, above with each token as who looks, below as what is looked at. Lines in
many colours, one a head, grow down from the one to the other, a tangle. Then each head is seen
alone, while on the right a ladder fills: a bar for each head, for how much more than usual certain
words look at certain others. One bar is longest; its head comes back, the lines in question in its
colour and the rest of them grey. At last a ring is put on each bar's row, the same number on a
second sentence.
"""

TOP, FOOT = 2.2, -3.75  # of the tokens
LEFT_EDGE, RIGHT_EDGE, FULL = -6.6, 2.1, 6.6  # of the sentence; a long one has the whole width
LONG = 30  # tokens from which on it has
LADDER = (2.55, 3.2, 5.6, 6.6)  # its heads, its bars' ends, its numbers' right end
MOST = 12  # heads on the ladder
SPACE, PITCH = 0.17, 0.56  # between words and between lines


class AttentionHeads(RecordedScene):
    def construct(self):
        recorded = self.recording("attention_heads")
        heads.check(recorded)
        attrs = recorded.attrs
        layer, head = int(attrs["shown_layer"]), int(attrs["shown_head"])
        asked = bool(attrs["asked"])
        grown, solo, focus, second = (ValueTracker(v) for v in (0.0, -1.0, 0.0, 0.0))
        sentence = Sentence(recorded)
        fan = Fan(recorded, layer, sentence, grown, solo, focus)
        ladder = Ladder(recorded, layer, solo, second)
        fan.order = ladder.heads

        self.next_section("all")
        words = self.headline("all", layer=layer + 1)
        self.add(fan, sentence.plates, *sentence.words, words)
        self.play(grown.animate.set_value(1), run_time=1.6)
        self.wait(0.9)

        self.next_section("one by one")
        is_long = sentence.right == FULL  # then there is no room for the ladder
        words = self.say(words, "asked" if asked else "each", also=[] if is_long else [ladder])
        self.add(*([ladder.now] if is_long else ladder.numbers))
        each = min(0.55, 6.6 / len(ladder.heads))
        for k in range(len(ladder.heads)):
            self.play(solo.animate.set_value(k), run_time=0.4 * each, rate_func=linear)
            self.wait(0.6 * each)

        self.next_section("named")
        at = ladder.heads.index(head)
        ratio = recorded.ratio.values[:, layer, head]
        name = "named" if asked else "shown"
        words = self.say(
            words, name, head=head + 1, stands=int(ratio[0] > 1.5), **heads.times(ratio[0])
        )
        self.play(solo.animate.set_value(at), run_time=0.5)
        ladder.named = at
        if asked:
            self.play(focus.animate.set_value(1), run_time=0.9)
            self.wait(1.0)
        else:
            self.wait(1.2)
        if asked and len(ratio) > 1 and not is_long:
            self.next_section("second")
            text = _short(str(recorded.sentence.values[-1]))
            self.say(words, "again", text=text, **heads.times(ratio[-1]))
            self.play(second.animate.set_value(1), run_time=1.2)
        self.wait(1.4)


def _short(text: str) -> str:
    """Return as much of a text as a line of the headline has room for."""
    return text if len(text) <= 56 else f"{text[:55].rpartition(' ')[0]} …"


class Sentence:
    """Every token twice, above as who looks, below as what is looked at; and where lines end."""

    def __init__(self, recorded):
        self.names = heads.labels(recorded, font.has)
        self.roles = recorded.role.values.astype(str)
        self.special = recorded.special.values.astype(bool)
        n = len(self.names)
        self.right = FULL if n > LONG else RIGHT_EDGE
        both = [[self.word(i, side) for i in range(n)] for side in (0, 1)]
        rows = [_broken(words, self.right) for words in both]
        # As far apart as they may be; where they would not be, lines stand closer.
        room = TOP - FOOT - 0.35
        pitch = min(PITCH, 0.9 * room / sum(map(len, rows)))
        foot = FOOT + 0.12 + (len(rows[1]) - 1) * pitch
        for side, top in enumerate((TOP - 0.35, foot)):
            for k, row in enumerate(rows[side]):
                for x, i in row:
                    both[side][i].on_baseline(x, top - k * pitch)
        self.words = [VGroup(*both[0]), VGroup(*both[1])]
        self.plates = Plates([*both[0], *both[1]])
        rise = np.array([0, 0.08])
        self.starts = np.array([word.get_corner(DOWN)[:2] for word in both[0]]) - rise
        self.ends = np.array([word.get_corner(UP)[:2] for word in both[1]]) + rise

    def word(self, i: int, side: int) -> Words:
        """Return a token's name; those that are compared are bold, on their side."""
        named = self.roles[i] == ("source", "target")[side]
        plain = not self.special[i] and (named or (self.roles == "none").all())
        return Words(
            self.names[i],
            color="text" if plain else "muted",
            weight="semibold" if named else "regular",
        )


def _broken(words: Sequence[Words], right: float) -> list[list[tuple[float, int]]]:
    """Return lines of (left edge, number) of words that run from edge to edge."""
    lines: list[list[tuple[float, int]]] = [[]]
    x = LEFT_EDGE
    for i, word in enumerate(words):
        if x + word.width > right and lines[-1]:
            lines.append([])
            x = LEFT_EDGE
        lines[-1].append((x, i))
        x += word.width + SPACE
    return lines


class Plates(Painted):
    """What is behind words that lines cross."""

    def __init__(self, words):
        super().__init__(FULL - LEFT_EDGE, TOP - FOOT)
        self.boxes = [
            (*word.get_corner(DOWN + LEFT)[:2], word.width, word.height) for word in words
        ]
        self.back = theme.color("background")

    def paint(self, pen):
        """Draw a plate for each word."""
        pen.color(self.back)
        for left, bottom, width, height in self.boxes:
            pen.rectangle(left - 0.05, bottom - 0.05, width + 0.1, height + 0.1)
            pen.fill()


class Fan(Painted):
    """The lines of all heads, of one, and of one those that are meant.

    Parameters
    ----------
    grown : ValueTracker
        How far lines have come, from 0 to 1.
    solo : ValueTracker
        −1: all heads; k: the k-th of `order` alone.
    focus : ValueTracker
        At 1 only lines that are meant have the head's colour.
    """

    order: Sequence[int] = ()

    def __init__(self, recorded, layer, sentence, grown, solo, focus):
        super().__init__(sentence.right - LEFT_EDGE, TOP - FOOT, reads=[grown, solo, focus])
        self.move_to(((LEFT_EDGE + sentence.right) / 2, (TOP + FOOT) / 2, 0))
        self.grown, self.solo, self.focus = grown, solo, focus
        weights = recorded.attention.values[layer]  # (head, query, key)
        roles = sentence.roles
        if recorded.attrs["against"] == "sources":
            meant = np.broadcast_to(roles == "target", weights.shape[1:])
        else:
            meant = np.broadcast_to((roles == "source")[:, None], weights.shape[1:])
        self.muted = np.array(rgb(theme.color("muted")))
        self.lines = [self._lines(w, h, sentence, meant) for h, w in enumerate(weights)]

    def _lines(self, weights, head, sentence, meant):
        query, key = np.nonzero(weights >= heads.faintest(len(weights)))
        w = weights[query, key]
        order = np.lexsort([w, meant[query, key]])  # what is meant lies on top
        query, key, w = query[order], key[order], w[order]
        return {
            "starts": sentence.starts[query],
            "ends": sentence.ends[key],
            "weight": w,
            "meant": meant[query, key],
            "ink": np.array(rgb(heads.color(head))),
        }

    def paint(self, pen):
        """Draw the lines, as far as they have come."""
        solo, grown, focus = (each.get_value() for each in (self.solo, self.grown, self.focus))
        for head, lines in enumerate(self.lines):
            shown = max(0.0, -solo) if solo < 0 else 0.0
            if head in self.order:
                away = abs(solo - list(self.order).index(head))
                shown = max(shown, 1.0 - away) if solo > -1 else shown
            if shown <= 0 or not len(lines["weight"]):
                continue
            # Together they would be a wall: a tangle is to be seen through.
            alone = 1.0 if solo >= 0 else 0.6
            w = lines["weight"]
            colors = np.empty((len(w), 4))
            meant = lines["meant"]
            grey = np.where(meant, 0.0, focus)[:, None]
            colors[:, :3] = lines["ink"] * (1 - grey) + self.muted * grey
            loud = np.where(meant, np.clip(0.2 + 0.8 * w, 0, 1), 0.45 * w**0.8)
            colors[:, 3] = shown * alone * ((1 - focus) * w**0.8 + focus * loud)
            tips = lines["starts"] + grown * (lines["ends"] - lines["starts"])
            pen.lines(lines["starts"], tips, colors, 1.2 + (6.0 + 22.0 * focus * meant) * w)


class Ladder(Painted):
    """A row for each head, with a bar once it has been seen, and a ring for a second sentence.

    Of many heads, those with the largest numbers.
    """

    named = -1  # the row that stands out, once it is named

    def __init__(self, recorded, layer, solo, second):
        asked = bool(recorded.attrs["asked"])
        others = recorded["class"].values.tolist().index("others")
        far = recorded.share.values[layer, :, others]  # weight beyond neighbours and ends
        values = recorded.ratio.values[:, layer] if asked else far[None]
        rank = np.argsort(-values[0], kind="stable")[:MOST].tolist()
        shown = int(recorded.attrs["shown_head"])
        if shown not in rank:
            rank[-1] = shown
        self.heads = sorted(rank)
        name, _, _, end = LADDER
        tall = TOP - FOOT
        super().__init__(end - name, tall, reads=[solo, second])
        self.move_to(((name + end) / 2, (TOP + FOOT) / 2, 0))
        self.solo, self.second = solo, second
        self.values = np.nan_to_num(values[:, self.heads], posinf=1e9)
        cap = 20.0 if asked else 1.0
        self.most = float(min(max(self.values.max(), 1e-9), cap))
        pitch = min(0.52, tall / len(self.heads))
        self.ys = [TOP - pitch * (k + 0.5) for k in range(len(self.heads))]
        self.thick = 0.5 * pitch
        self.inks = [heads.color(head) for head in self.heads]
        self.back, self.text = theme.color("background"), theme.color("text")
        self.one = 1.0 if asked else None
        self.quiet = theme.color("muted")
        if asked:
            says = [say("times", **heads.times(value)) for value in self.values[0]]
        else:
            says = [percent(float(value)) for value in self.values[0]]
        self.numbers = []
        for k, (head, said, y) in enumerate(zip(self.heads, says, self.ys, strict=True)):
            tag = Words(number(head + 1), TICK, "muted").on_baseline(name, y - 0.1)
            text = Number(self._once(k, said), [solo], size=TICK, widest=said, align="right")
            self.numbers += [tag, text.move_to((end, y, 0), aligned_edge=RIGHT)]
        names = [say("large", head=head + 1) for head in self.heads]
        self.now = Number(
            lambda: names[int(np.clip(round(solo.get_value()), 0, len(names) - 1))],
            [solo],
            widest=max(names, key=len),
            align="right",
        ).move_to((end, TOP + 0.9, 0), aligned_edge=RIGHT)

    def _once(self, k, said):
        return lambda: said if self.solo.get_value() > k - 0.5 or self.named >= 0 else ""

    def paint(self, pen):
        """Draw bars and rings."""
        _, left, right, _ = LADDER
        solo, second = self.solo.get_value(), self.second.get_value()
        if self.named >= 0:
            solo = float(len(self.heads))
        wide = right - left
        if self.one is not None and self.one < self.most:
            x = left + wide * self.one / self.most
            pen.color(self.quiet)
            pen.width(1.5)
            pen.polyline(np.array([[x, self.ys[0] + 0.3], [x, self.ys[-1] - 0.3]]))
            pen.stroke()
        for k, y in enumerate(self.ys):
            share = min(float(self.values[0, k]) / self.most, 1.0)
            grown = float(np.clip(solo - k + 1, 0, 1))
            pen.color(self.inks[k])
            pen.rectangle(
                left, y - self.thick / 2, max(wide * share * grown, 0.015 * (grown > 0)), self.thick
            )
            pen.fill()
            if second > 0 and len(self.values) > 1:
                x = left + wide * min(float(self.values[-1, k]) / self.most, 1.0) * second
                pen.disc((x, y), 0.11, self.back, self.text, 2.5)
