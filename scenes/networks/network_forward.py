"""Two digits through a trained network: one it reads rightly, one it does not, and what each costs.

Reads   network_forward: image (example, y, x), activation_1, activation_2 (example, unit),
        probability (example, class), label, prediction, loss (example),
        pixel_contribution (example, unit_1, feature), contribution_2, contribution_3
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

PIXELS_SHOWN = 5  # edges into each unit of the first layer: its largest contributions, by size

DESCRIPTION = """\
A handwritten digit stands on the left; from the pixels that count most, lines run to a first column
of hidden units, orange where a pixel raises a unit and blue where it lowers it. The units fill with
their activation, and the same happens to a second column and to ten output rows, one a digit. The
outputs turn into ten probabilities, drawn as bars, and the cross-entropy loss is written below as
minus the logarithm of the true digit's probability. Then a second digit, which the network gets
wrong, takes the same way and ends with a much larger loss; the first digit and its loss stay in
view.
"""


class NetworkForward(kit.RecordedScene):
    def construct(self):
        passes = self.recording("network_forward")
        first, second = (passes.isel(example=i) for i in (0, 1))

        self.next_section("digit")
        words = self.headline(
            f"A handwritten {int(first.label)} goes into a trained network",
            "Its 784 pixels are 784 numbers between 0 (paper) and 1 (ink).",
        )
        shown = Pass(first)
        self.add(words, *shown.still)
        self.wait(1.2)

        self.next_section("hidden layers")
        words = self.say(
            words,
            "Each unit adds up weight × input",
            "Orange edges raise the sum, blue ones lower it; a unit that ends above 0 lights up.",
        )
        self.play(shown.signal.animate.set_value(1), run_time=1.8, rate_func=kit.linear)
        self.play(shown.signal.animate.set_value(2), run_time=1.4, rate_func=kit.linear)

        self.next_section("probabilities")
        words = self.say(
            words,
            "Ten sums become ten probabilities",
            "Softmax makes the ten outputs positive and lets them add up to one.",
        )
        self.play(shown.signal.animate.set_value(3), run_time=1.4, rate_func=kit.linear)
        self.play(shown.grown.animate.set_value(1), kit.FadeIn(shown.values), run_time=0.9)

        self.next_section("loss")
        words = self.say(words, *shown.verdict())
        self.play(kit.FadeIn(shown.loss), run_time=0.5)
        self.wait(2.0)

        self.next_section("second digit")
        kept = shown.keepsake()
        other = Pass(second)
        words = self.say(
            words,
            f"Now a {int(second.label)} that the network gets wrong",
            "The same weights, other pixels: other units light up.",
        )
        self.play(
            *(kit.FadeOut(part) for part in [shown.values, shown.loss, *shown.still]),
            *(kit.FadeIn(part) for part in [kept, *other.still]),
            run_time=0.5,
        )
        self.play(other.signal.animate.set_value(3), run_time=2.6, rate_func=kit.linear)
        self.play(other.grown.animate.set_value(1), kit.FadeIn(other.values), run_time=0.9)

        self.next_section("larger loss")
        words = self.say(words, *other.verdict())
        self.play(kit.FadeIn(other.loss), run_time=0.5)
        self.wait(3.0)

    def say(self, before: kit.VGroup, title: str, subtitle: str) -> kit.VGroup:
        """Put other words in the headline's place."""
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.2)
        self.play(kit.FadeIn(words), run_time=0.2)
        return words


class Pass:
    """One example's way through the network, as mobjects and the trackers that move them."""

    def __init__(self, example):
        self.example = example
        self.signal, self.grown = kit.ValueTracker(0), kit.ValueTracker(0)
        rows = np.linspace(2.1, -2.25, example.sizes["class"])
        units = np.linspace(2.2, -2.35, example.sizes["unit_1"])

        self.digit = kit.Digit(example.image.values, 3.1).move_to((-5.06, -0.05, 0))
        hidden = [example.activation_1.values, example.activation_2.values]
        layers = [
            kit.Layer(0, np.zeros(0), np.zeros(0), radius=0),
            *(
                kit.Layer(x, units, activation / max(activation.max(), 1e-9))
                for x, activation in zip((-1.9, 0.75), hidden, strict=True)
            ),
            kit.Layer(3.0, rows, np.zeros(len(rows)), radius=0),
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
        network = kit.Network(layers, edges, self.signal, widest=(2.2, 4.5))
        label = int(example.label)
        bars = kit.Bars(
            example.probability.values, rows, self.grown, left=3.6, length=2.0, marked=label
        )
        names = kit.VGroup(
            *(
                kit.Words(str(c), 24, weight="bold" if c == label else "regular").on_baseline(
                    3.3, y - 0.08, kit.ORIGIN
                )
                for c, y in enumerate(rows)
            )
        )
        captions = kit.VGroup(
            *(
                kit.Words(text, 20, "muted").on_baseline(x, -2.87, kit.ORIGIN)
                for text, x in [
                    ("784 pixels", -5.06),
                    (f"{len(units)} units", -1.9),
                    (f"{len(units)} units", 0.75),
                    ("probability", 4.6),
                ]
            )
        )
        self.still = [self.digit, network, bars, names, captions]
        self.values = kit.VGroup(
            *(
                kit.Words(percent(p), 22, "text" if c == label else "muted").on_baseline(
                    6.6, y - 0.08, kit.RIGHT
                )
                for c, (p, y) in enumerate(zip(example.probability.values, rows, strict=True))
            )
        )
        self.loss = kit.Formula(f"ell = -log p_{label} = {float(example.loss):.3f}", 32).move_to(
            (6.6, -3.4, 0), aligned_edge=kit.RIGHT
        )

    def pixel_edges(self, units):
        """Return edges from the pixels that contribute most to each unit of the first layer."""
        contribution = self.example.pixel_contribution.values  # (unit_1, feature)
        largest = np.argsort(-np.abs(contribution), axis=1)[:, :PIXELS_SHOWN]
        ends = np.repeat(units, PIXELS_SHOWN, axis=0)
        strength = np.take_along_axis(contribution, largest, axis=1)
        return self.digit.pixel(largest.ravel()), ends, strength.ravel()

    def verdict(self) -> tuple[str, str]:
        """Return headline and explanation of how the network did."""
        label, said = int(self.example.label), int(self.example.prediction)
        p_label, p_said = (float(self.example.probability[c]) for c in (label, said))
        if label == said:
            return (
                f"The network says {said}, {percent(p_said)} sure, and is right",
                "The loss, −log of the true digit's probability, is close to zero.",
            )
        return (
            f"The network says {said}, {percent(p_said)} sure; it is a {label}",
            f"It gave the true digit only {percent(p_label)}: the loss is large.",
        )

    def keepsake(self) -> kit.manim.Group:
        """Return the digit, small, with its loss, for comparison with the next."""
        small = kit.Digit(self.example.image.values, 0.7).move_to((-6.25, -3.4, 0))
        text = kit.Words(f"before: loss {float(self.example.loss):.3f}", 20, "muted")
        return kit.manim.Group(small, text.next_to(small, kit.RIGHT, buff=0.15))


def all_edges(before, after, contribution):
    """Return every edge between two layers; contribution, shape (before, after)."""
    starts = np.repeat(before, len(after), axis=0)
    return starts, np.tile(after, (len(before), 1)), contribution.ravel()


def percent(p: float) -> str:
    """Return a probability as a reader says it."""
    if 0 < p < 0.0005:
        return "< 0.1 %"
    return f"{100 * p:.1f} %"
