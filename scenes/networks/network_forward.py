"""The digit that a trained network gets wrong, through its layers, and what outvoted its label."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import theme
from look.numbers import fixed, percent
from look.runs import series
from look.votes import lead, pieces
from look.words import say, short
from scenes.parts.networks import LOUD, Bars, Digit, Layer, Network
from scenes.parts.paint import PIXELS_PER_UNIT, Painted
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

UNITS, CLASSES, VALUES = (-2.3, 0.0), 2.2, 5.75  # columns, in frame units

WHOSE = "text", "green"  # colours of the guess and of the label, as of their bars
ENDS, LEVELS, THICK = (-6.6, 0.1), (-0.75, -2.45), 0.7  # of the sums, where the network was
SMALL = 1.9, (-5.65, 1.15)  # size and place of the digit over them

READS = {
    "network_forward": "image (example, y, x), logit (example, class), "
    "probability (example, class), label (example), prediction (example), loss (example), "
    "pixel_contribution (example, unit_1, feature), "
    "activation_1 (example, unit_1), contribution_2 (example, unit_1, unit_2), "
    "activation_2 (example, unit_2), contribution_3 (example, unit_2, class), n_lines, n_pixels, "
    "class (class), wrong_label",
}

DESCRIPTION = """\
A handwritten digit stands on the left; from the pixels that count most, lines run to a first column
of hidden units, orange where a pixel raises a unit and blue where it lowers it. The units fill with
their activation, and the same happens to a second column and to ten output rows, one a digit, where
ten sums appear. The sums turn into ten probabilities, drawn as bars: the longest is not that of the
label. Then of the last lines one a unit remains, to the digit that was said or to the true one,
whichever gets more, in that one's colour, and the two widest have their numbers. The network goes,
and these lines turn and grow into the pieces of two bars, as long as the lines are wide, a bar for
each of the two with its sum: that of the digit that was said is the longer one.
"""


class NetworkForward(RecordedScene):
    def construct(self):
        passes = self.recording("network_forward")
        wrong = (passes.label != passes.prediction).values
        shown = Pass(passes.isel(example=int(np.argmax(wrong))))

        self.next_section("question")
        words = self.headline("question")
        self.add(words, shown.captions, *shown.still)
        self.wait(0.5)
        self.play(shown.signal.animate.set_value(3), run_time=3.3, rate_func=linear)
        self.play(
            *(
                FadeIn(each, rate_func=lambda share, i=i: min(1.0, max(0.0, 3 * share - 0.2 * i)))
                for i, each in enumerate(shown.sums)
            ),
            run_time=1.0,
        )
        self.wait(0.9)
        self.play(
            shown.grown.animate.set_value(1),
            FadeOut(shown.sums, rate_func=lambda share: min(1.0, 3 * share)),
            *(
                FadeIn(part, rate_func=lambda share: max(0.0, 1.5 * share - 0.5))
                for part in [shown.values, shown.tags]
            ),
            run_time=0.9,
        )
        self.wait(0.6)

        self.next_section("answer")
        words = self.say(words, "answer", **shown.verdict())
        self.play(
            FadeIn(shown.votes), shown.focus.animate.set_value(1), run_time=0.7, rate_func=linear
        )
        self.beat(1.8, "which of the two gets more in all")

        self.next_section("sums")
        tally = shown.tally
        self.say(words, "sums", **shown.verdict())
        self.add(tally)  # over the lines that it grows out of
        size, place = SMALL
        gone = (shown.network, *shown.captions[:-1], shown.votes)
        self.play(
            *(FadeOut(part, rate_func=lambda share: min(1.0, 4 * share)) for part in gone),
            shown.digit.animate.set(width=size).move_to((*place, 0)),
            tally.grown.animate.set_value(1),
            run_time=2.0,
        )
        self.play(FadeIn(tally.words), run_time=0.4)
        self.wait(1.5)


class Pass:
    """One example's way through the network, as mobjects and the trackers that move them."""

    def __init__(self, example):
        self.example = example
        self.signal, self.grown, self.focus = (ValueTracker(0) for _ in range(3))
        rows = np.linspace(1.95, -2.45, example.sizes["class"])

        self.digit = Digit(example.image.values, 3.1).move_to((-5.06, -0.15, 0))
        pitch = (rows[0] - rows[-1]) / max(1, len(rows) - 1)
        size = min(LABEL, LABEL * pitch / 0.45)  # many classes stand close
        names = VGroup(
            *(
                Words(short(name, 11), size).on_baseline(CLASSES + 0.42, y - 0.12, RIGHT)
                for name, y in zip(example["class"].values.tolist(), rows, strict=True)
            )
        )
        hidden = [example.activation_1.values, example.activation_2.values]
        columns = [np.linspace(2.0, -2.5, len(each)) for each in hidden]
        layers = [
            Layer(0, np.zeros(0), np.zeros(0), radius=0),
            *(
                Layer(x, units, activation / max(activation.max(), 1e-9))
                for x, units, activation in zip(UNITS, columns, hidden, strict=True)
            ),
            Layer(names.get_left()[0] - 0.19, rows, np.zeros(len(rows)), radius=0),
        ]
        edges = [
            self.pixel_edges(layers[1].points),
            *(
                all_edges(before.points, after.points, contribution.values)
                for before, after, contribution in zip(
                    layers[1:], layers[2:], [example.contribution_2, example.contribution_3],
                    strict=False,
                )
            ),
        ]  # fmt: skip
        label, called = int(example.label), example["class"].values.tolist()
        guess = int(example.prediction)
        marks = {guess: "guess", label: "label"}
        self.network = Network(
            layers, edges, self.signal, widest=(2.2, 4.5), focus=self.focus,
            last=votes(edges[-1], guess, label, len(rows)), inks=WHOSE,
        )  # fmt: skip
        more = lead(example)
        self.votes = VGroup(
            *(
                Words(say("vote", more=abs(more[unit]), name=called[to]), 34, weight="semibold")
                .on_baseline(UNITS[1] - 0.25, columns[1][unit] - 0.12, RIGHT)
                for unit, to, found in (
                    (int(more.argmax()), guess, more.max() > 0),
                    (int(more.argmin()), label, more.min() <= 0),
                )
                if found  # else no unit gives more to this one
            )
        )  # fmt: skip
        self.tally = Tally(example, layers[2].points, layers[3].points[[guess, label]])
        bars = Bars(
            example.probability.values,
            rows,
            self.grown,
            left=CLASSES + 0.62,
            length=1.35,
            marked=label,
        )
        self.tags = VGroup(
            *(
                Words(series(text).label, 34, weight="semibold").on_baseline(
                    VALUES + 0.12, rows[c] - 0.12
                )
                for c, text in marks.items()
            )
        )
        self.captions = VGroup(
            Words(say("pixels"), 34, "muted").on_baseline(self.digit.box[0], -2.2),
            *(
                Words(text, 34, "muted").on_baseline(x, -3.05, ORIGIN)
                for text, x in [
                    (say("units", n=len(hidden[0])), UNITS[0]),
                    (say("units", n=len(hidden[1])), UNITS[1]),
                    ("probability", CLASSES + 1.3),
                ]
            ),
        )
        self.still = [self.network, self.digit, bars, names]  # no line hides what is to be read
        self.values = VGroup(
            *(
                Words(percent(p), size, "text" if c in marks else "muted").on_baseline(
                    VALUES, y - 0.12, RIGHT
                )
                for c, (p, y) in enumerate(zip(example.probability.values, rows, strict=True))
            )
        )
        self.sums = VGroup(
            *(
                Words(fixed(z, 2), size).on_baseline(VALUES, y - 0.12, RIGHT)
                for z, y in zip(example.logit.values, rows, strict=True)
            )
        )

    def pixel_edges(self, units):
        """Return the strongest edges from pixels, as many as the figure has."""
        flow = self.example.pixel_contribution.values  # (unit_1, feature)
        n_lines = int(self.example.attrs["n_lines"])
        strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-n_lines:]
        unit, feature = np.unravel_index(strongest, flow.shape)
        return self.digit.pixel(feature), units[unit], flow[unit, feature]

    def verdict(self) -> dict[str, Any]:
        """Return what the words of the answer need."""
        label, said = int(self.example.label), int(self.example.prediction)
        called = self.example["class"].values.tolist()
        more, less = (say("total", more=each.sizes.sum()) for each in pieces(self.example))
        return {
            "label": called[label],
            "said": called[said],
            "p": float(self.example.probability[label]),
            "loss": float(self.example.loss),
            "p_label": percent(float(self.example.probability[label])),
            "p_said": percent(float(self.example.probability[said])),
            "more": more,
            "less": less,
        }


def votes(edges, guess, label, n_classes):
    """Return of each unit the edge to the one of the two to which it gives more, by as much."""
    starts, ends, flow = (each.reshape(-1, n_classes, *each.shape[1:]) for each in edges)
    more = flow[:, guess] - flow[:, label]
    to = np.where(more > 0, guess, label)
    return starts[:, 0], ends[np.arange(len(to)), to], more


def all_edges(before, after, contribution):
    """Return every edge between two layers; contribution, shape (before, after)."""
    starts = np.repeat(before, len(after), axis=0)
    return starts, np.tile(after, (len(before), 1)), contribution.ravel()


class Tally(Painted):
    """The last lines, which become the pieces of two bars, for the guess and for the label.

    Parameters
    ----------
    units, classes : array, shapes (unit, 2), (2, 2)
        Between which the lines run; of the classes the guess and the label.
    """

    def __init__(self, example, units, classes):
        self.grown = ValueTracker(0)
        super().__init__(14, 8, reads=[self.grown])
        self.parts = pieces(example)
        self.unit = (ENDS[1] - ENDS[0]) / max(each.sizes.sum() for each in self.parts)
        widest = np.abs(lead(example)).max()
        self.lines, self.pieces = [], []
        for (sizes, which), end, y in zip(self.parts, classes, LEVELS, strict=True):
            ends = ENDS[0] + self.unit * np.cumsum(sizes)
            self.pieces.append(standing(ends - self.unit * sizes, ends, y))
            wide = LOUD * 4.5 * sizes / widest / PIXELS_PER_UNIT
            from_units = which < len(units)  # the biases have no line: they grow in their place
            lines = self.pieces[-1].copy()
            lines[from_units] = band(units[which[from_units]], end, wide[from_units])
            self.lines.append(lines)
        named = [short(str(example["class"].values[int(k)]), 3)
                 for k in (example.prediction, example.label)]  # fmt: skip
        self.hollow = len(units)
        self.inks, self.back = [theme.color(ink) for ink in WHOSE], theme.color("background")
        self.words = VGroup()
        for (sizes, _), names, y in zip(self.parts, (named, named[::-1]), LEVELS, strict=True):
            more = say("all more", name=names[0], other=names[1])
            self.words.add(
                Words(more, 34).on_baseline(ENDS[0], y + THICK / 2 + 0.15),
                Words(say("total", more=sizes.sum()), 48, weight="semibold").on_baseline(
                    ENDS[0] + sizes.sum() * self.unit + 0.2, y - 0.17
                ),
            )

    def now(self):
        """Return the corners of all pieces as they are, for each of the two (piece, 4, 2)."""
        share = self.grown.get_value()
        return [(1 - share) * lines + share * last
                for lines, last in zip(self.lines, self.pieces, strict=True)]  # fmt: skip

    def paint(self, pen):
        """Draw both bars, piece by piece."""
        share = self.grown.get_value()
        for quads, (_, which), ink in zip(self.now(), self.parts, self.inks, strict=True):
            for quad, unit in zip(quads, which, strict=True):
                hollow = unit == self.hollow
                pen.polyline(quad, close=True)
                pen.color(self.back if hollow else ink, share if hollow else 1.0)
                pen.context.fill_preserve()
                pen.color(ink if hollow else self.back, share)
                pen.width(2)
                pen.stroke()


def standing(left, right, y):
    """Return the corners of upright pieces, shape (piece, 4, 2): the top ones first."""
    up, down = np.full(len(left), y + THICK / 2), np.full(len(left), y - THICK / 2)
    corners = [(left, up), (right, up), (right, down), (left, down)]
    return np.stack([np.stack(each, axis=1) for each in corners], axis=1)


def band(starts, end, widths):
    """Return the corners of lines to a place, shape (line, 4, 2), in the order of `standing`."""
    ways = end - starts
    falls, ends = ways[:, 1:] < 0, np.broadcast_to(end, starts.shape)
    across = np.abs(ways[:, ::-1]) * np.where(falls, 1, (1, -1))  # to the right
    across *= (widths / 2 / np.linalg.norm(ways, axis=1))[:, None]
    top, low = np.where(falls, starts, ends), np.where(falls, ends, starts)
    return np.stack([top - across, top + across, low + across, low - across], axis=1)
