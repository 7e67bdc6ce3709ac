"""Two digits through a trained network: one it reads rightly, one not, and what each costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, Group, Mobject, ValueTracker, VGroup, linear

from look import theme
from look.numbers import fixed, percent
from look.runs import series
from look.votes import ahead, lead, pieces
from look.words import say, short
from scenes.parts.networks import Bars, Digit, Layer, Network
from scenes.parts.paint import Painted
from scenes.parts.words import LABEL, Formula, Words
from scenes.recorded import RecordedScene

UNITS, CLASSES, VALUES = (-2.3, 0.0), 2.2, 5.75  # columns, in frame units

WHOSE = "text", "green"  # colours of the guess and of the label, as of their bars
ENDS, LEVELS, THICK = (-2.6, 1.9), (-3.03, -3.55), 0.36  # of the sums under the network

READS = {
    "network_forward": "image (example, y, x), logit (example, class), "
    "probability (example, class), label (example), prediction (example), loss (example), "
    "pixel_contribution (example, unit_1, feature), "
    "activation_1 (example, unit_1), contribution_2 (example, unit_1, unit_2), "
    "activation_2 (example, unit_2), contribution_3 (example, unit_2, class), n_lines, n_pixels, "
    "class (class), right_label, wrong_label, n_classes, one",
}

DESCRIPTION = """\
A handwritten digit stands on the left; from the pixels that count most, lines run to a first column
of hidden units, orange where a pixel raises a unit and blue where it lowers it. The units fill with
their activation, and the same happens to a second column and to ten output rows, one a digit, where
ten sums appear. The sums turn into ten probabilities, drawn as bars, and the cross-entropy loss is
written below as minus the logarithm of the true digit's probability, while of the last lines only
those remain that lead to the named digit. Then a second digit, which the network gets wrong, takes
the same way and ends with a much larger loss. Of its last lines one a unit remains, to the digit
that was said or to the true one, whichever gets more, in that one's colour, and the two widest have
their numbers. Under the network, where only the loss stands beside them, these lines lie end to
end, a bar for each of the two with its sum: that of the digit that was said is the longer one.
"""


class NetworkForward(RecordedScene):
    def construct(self):
        passes = self.recording("network_forward")
        first, second = (passes.isel(example=i) for i in (0, 1))

        self.next_section("digit")
        words = self.headline("digit")
        shown = Pass(first)
        self.add(words, shown.captions, *shown.still)
        self.wait(0.5)

        self.next_section("layers")
        words = self.say(words, "layers")
        self.flow(shown, 3.6)

        self.next_section("probabilities")
        words = self.say(words, "probabilities")
        self.sum_up(shown)
        self.answer(shown)
        self.wait(0.8)

        self.next_section("loss")
        words = self.say(words, shown.read, **shown.verdict())
        self.conclude(shown)
        self.beat(1.6, "the loss of one that is right")

        self.next_section("second digit")
        kept, other = shown.keepsake(), Pass(second)
        gone = [words, shown.values, shown.tags, shown.loss, *shown.votes, *shown.still]
        self.play(*(FadeOut(part) for part in gone), FadeIn(kept), run_time=0.3)
        words = self.headline("second digit")
        self.play(*(FadeIn(part) for part in [words, *other.still]), run_time=0.3)
        self.flow(other, 2.6)
        self.sum_up(other)
        self.answer(other)

        self.next_section("larger loss")
        self.say(words, other.read, **other.verdict())
        self.conclude(other, [shown.captions, kept])
        self.wait(1.5)

    def sum_up(self, shown: Pass) -> None:
        """Show the ten sums that the last layer ends in, one after the other."""
        self.play(
            *(
                FadeIn(each, rate_func=lambda share, i=i: min(1.0, max(0.0, 3 * share - 0.2 * i)))
                for i, each in enumerate(shown.sums)
            ),
            run_time=1.0,
        )
        self.wait(0.9)

    def flow(self, shown: Pass, seconds: float) -> None:
        """Let the signal pass all layers."""
        self.play(shown.signal.animate.set_value(3), run_time=seconds, rate_func=linear)

    def answer(self, shown: Pass) -> None:
        """Let the sums go, then the bars grow; mark which of them is the label's."""
        self.play(
            shown.grown.animate.set_value(1),
            FadeOut(shown.sums, rate_func=lambda share: min(1.0, 3 * share)),
            *(
                FadeIn(part, rate_func=lambda share: max(0.0, 1.5 * share - 0.5))
                for part in [shown.values, shown.tags]
            ),
            run_time=0.9,
        )

    def conclude(self, shown: Pass, gone: Sequence[Mobject] = ()) -> None:
        """Show the loss, and which lines spoke for and against what was said and what is true."""
        if shown.tally:
            self.add(shown.tally)  # where what is gone has been
        self.play(
            *(FadeIn(part) for part in (shown.loss, *shown.votes)),
            *([FadeIn(shown.tally.words), *map(FadeOut, gone)] if shown.tally else []),
            shown.focus.animate.set_value(1),
            run_time=0.7,
            rate_func=linear,
        )


class Pass:
    """One example's way through the network, as mobjects and the trackers that move them."""

    def __init__(self, example):
        self.example = example
        self.signal, self.grown, self.focus = (ValueTracker(0) for _ in range(3))
        rows = np.linspace(1.95, -2.45, example.sizes["class"])
        units = np.linspace(2.0, -2.5, example.sizes["unit_1"])

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
        layers = [
            Layer(0, np.zeros(0), np.zeros(0), radius=0),
            *(
                Layer(x, units, activation / max(activation.max(), 1e-9))
                for x, activation in zip(UNITS, hidden, strict=True)
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
        network = Network(
            layers, edges, self.signal, widest=(2.2, 4.5), focus=self.focus,
            last=votes(edges[-1], guess, label, len(rows)),
            inks=("positive", "negative") if guess == label else WHOSE,
        )  # fmt: skip
        more = lead(example)
        self.votes = VGroup()  # the strongest for either, if they are two
        if guess != label:
            self.votes.add(*(
                Words(say("vote", more=abs(more[unit]), name=called[to]), 34, weight="semibold")
                .on_baseline(UNITS[1] - 0.25, units[unit] - 0.12, RIGHT)
                for unit, to in ((int(more.argmax()), guess), (int(more.argmin()), label))
            ))  # fmt: skip
        self.tally = None if guess == label else Tally(example, self.focus)
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
                    *((say("units", n=len(units)), x) for x in UNITS),
                    ("probability", CLASSES + 1.3),
                ]
            ),
        )
        self.still = [network, self.digit, bars, names]  # no line hides what is to be read
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
        self.loss = Formula(
            say("loss formula", label=called[label].replace('"', ""), loss=example.loss)
        ).move_to((6.6, -3.55, 0), aligned_edge=RIGHT)

    def pixel_edges(self, units):
        """Return the strongest edges from pixels, as many as the figure has."""
        flow = self.example.pixel_contribution.values  # (unit_1, feature)
        n_lines = int(self.example.attrs["n_lines"])
        strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-n_lines:]
        unit, feature = np.unravel_index(strongest, flow.shape)
        return self.digit.pixel(feature), units[unit], flow[unit, feature]

    @property
    def read(self) -> str:
        """Which of the row's words tell how the network did."""
        return "read rightly" if self.example.label == self.example.prediction else "read wrongly"

    def verdict(self) -> dict[str, Any]:
        """Return what these words need."""
        label, said = int(self.example.label), int(self.example.prediction)
        p_label, p_said = (float(self.example.probability[c]) for c in (label, said))
        called = self.example["class"].values.tolist()
        return {
            "label": called[label],
            "said": called[said],
            "p_label": percent(p_label),
            "p_said": percent(p_said),
            "lead": ahead(self.example),
            "sum_said": fixed(float(self.example.logit[said]), 2),
            "sum_label": fixed(float(self.example.logit[label]), 2),
        }

    def keepsake(self) -> Group:
        """Return the digit, small, with its loss, for comparison with the next."""
        small = Digit(self.example.image.values, 0.7).move_to((-6.25, -3.45, 0))
        text = Words(say("before", loss=self.example.loss), 34, "muted")
        return Group(small, text.next_to(small, RIGHT, buff=0.15))


def votes(edges, guess, label, n_classes):
    """Return of the last edges those into the class named, or of two what each unit gives more.

    Of two classes, a unit's edge leads to the one to which it gives more, by as much.
    """
    starts, ends, flow = (each.reshape(-1, n_classes, *each.shape[1:]) for each in edges)
    if guess == label:
        return starts[:, guess], ends[:, guess], flow[:, guess]
    more = flow[:, guess] - flow[:, label]
    to = np.where(more > 0, guess, label)
    return starts[:, 0], ends[np.arange(len(to)), to], more


def all_edges(before, after, contribution):
    """Return every edge between two layers; contribution, shape (before, after)."""
    starts = np.repeat(before, len(after), axis=0)
    return starts, np.tile(after, (len(before), 1)), contribution.ravel()


class Tally(Painted):
    """The last lines end to end, a bar for the guess and one for the label, with their sums."""

    def __init__(self, example, grown):
        super().__init__(14, 8, reads=[grown])
        self.grown, self.parts = grown, pieces(example)
        self.unit = (ENDS[1] - ENDS[0]) / max(parts.sum() for parts in self.parts)
        named = example["class"].values.tolist()
        self.inks, self.back = [theme.color(ink) for ink in WHOSE], theme.color("background")
        self.words = VGroup()
        both = [short(named[int(k)], 3) for k in (example.prediction, example.label)]
        for parts, names, y in zip(self.parts, (both, both[::-1]), LEVELS, strict=True):
            more = say("all more", name=names[0], other=names[1])
            self.words.add(
                Words(more, 34).on_baseline(ENDS[0] - 0.15, y - 0.12, RIGHT),
                Words(say("total", more=parts.sum()), 34, weight="semibold").on_baseline(
                    ENDS[0] + parts.sum() * self.unit + 0.15, y - 0.12
                ),
            )

    def paint(self, pen):
        """Draw both bars, piece by piece."""
        grown = self.grown.get_value()
        if not grown:
            return
        for parts, ink, y in zip(self.parts, self.inks, LEVELS, strict=True):
            x = ENDS[0]
            for part in (grown * self.unit * parts).tolist():
                pen.color(ink)
                pen.rectangle(x, y - THICK / 2, part, THICK)
                pen.context.fill_preserve()
                pen.color(self.back)
                pen.width(2)
                pen.stroke()
                x += part
