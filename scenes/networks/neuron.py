"""Two flowers through one trained neuron: inputs, products, their sum, the sigmoid, the answer."""

from __future__ import annotations

from manim import LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, VGroup, linear

from look.numbers import fixed, number
from look.words import say
from scenes.networks import _units as units
from scenes.parts.charts import Chart, Curve
from scenes.parts.numbers import Number
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "neuron": "measurement (example, feature), input (example, feature), weight (feature), "
    "bias (), contribution (example, feature), running_sum (example, step), z (example), "
    "output (example), label (example), curve_z (x), curve (x), feature (feature), asked, other",
}

DESCRIPTION = """\
Four measurements of an iris stand on the left, each as a number in a circle, and a constant 1 for
the bias; lines with weights lead from them into a box, the neuron. One after the other the lines
light up, orange where weight times input is positive and blue where it is negative, and each
product appears in the neuron as a bar that begins where the last one ended. Where the last bar
ends, the weighted sum falls onto the S-shaped curve of the sigmoid below, and at the height that
it meets there the output leaves as a bar: the probability of one species. Then a flower of the
other species takes the same way through the same weights; its sum is negative, its bar short.
"""

TOP, PITCH = 1.3, 0.72  # middle of the first row and from row to row
NAME, INPUT, BODY, AXIS = -6.6, -3.05, (-0.95, 4.3), (-0.6, 3.0)
WEIGHT = -1.85  # middle of the weights
NOTE = -3.55  # right edge of the measurements
CURVE = (-3.12, -2.08)  # where σ is 0 and 1
BAR = (4.6, 2.0)  # left edge and length
FORMULAS = (-2.35, -3.2)  # heights of the two under the inputs


class Neuron(RecordedScene):
    def construct(self):
        neuron = self.recording("neuron")
        first, second = (neuron.isel(example=i) for i in (0, 1))

        self.next_section("inputs")
        words = self.headline("inputs")
        frame, shown = self.frame(neuron), Flower(first)
        self.add(words, *frame, *shown.parts)
        self.wait(0.5)

        self.next_section("products")
        words = self.say(words, "products")
        self.play_steps(shown.clock, first.sizes["step"] - 1, 0.95)
        self.wait(0.3)

        self.next_section("activation")
        words = self.say(words, "activation")
        self.play(shown.fall.animate.set_value(2), run_time=1.7, rate_func=linear)
        words = self.say(words, "answer", **verdict(first))
        self.beat(1.6, "what will the other flower give?")

        self.next_section("another flower")
        other = Flower(second)
        gone = Group(words, *shown.parts)
        self.play(FadeOut(gone), run_time=0.3)
        words = self.headline("another flower")
        self.play(FadeIn(Group(words, *other.parts)), run_time=0.3)
        self.wait(0.5)
        self.play_steps(other.clock, second.sizes["step"] - 1, 0.5)
        self.play(other.fall.animate.set_value(2), run_time=1.2, rate_func=linear)

        self.next_section("verdict")
        self.say(words, "answer", **verdict(second))
        self.wait(1.5)

    def frame(self, neuron):
        """Return what is the same for every flower: the neuron, its names and its curve."""
        reach = float(neuron.curve_z[-1])
        chart = Chart(
            ((AXIS[0] + AXIS[1]) / 2, sum(CURVE) / 2), AXIS[1] - AXIS[0], CURVE[1] - CURVE[0],
            (-reach, reach), (0, 1),
        )  # fmt: skip
        names = [*neuron.feature.values.tolist(), "bias"]
        words = [
            Words("weight", 34, "muted").on_baseline(WEIGHT, 1.95, ORIGIN),
            Words("input", 34, "muted").on_baseline(INPUT, 1.95, ORIGIN),
            Words("sum", 34, "muted").on_baseline(AXIS[0], 1.9),
            Words("activation", 34, "muted").on_baseline(AXIS[1], CURVE[0] + 0.2, RIGHT),
            Formula("z = w dot x + b", 34, "muted").move_to(
                (NAME, FORMULAS[0], 0), aligned_edge=LEFT
            ),
            Formula(say("sigmoid"), 34, "muted").move_to((NAME, FORMULAS[1], 0), aligned_edge=LEFT),
            *(
                Words(name, 34).on_baseline(NAME, TOP - PITCH * i - 0.12)
                for i, name in enumerate(names)
            ),
        ]
        ticks = chart.x_ticks([-reach, 0, reach])
        return [
            units.Body((BODY[0], -3.65, BODY[1] - BODY[0], 5.95), chart.point(0, 0)[0], TOP, CURVE),
            Curve(chart, neuron.curve_z.values, neuron.curve.values, width=2.5),
            VGroup(*words),
            ticks,
        ]


class Flower:
    """One flower on its way: a clock that counts rows, and a fall onto the curve."""

    def __init__(self, flower):
        self.clock, self.fall = ValueTracker(0), ValueTracker(0)
        self.flower = flower
        reach = float(flower.curve_z[-1])
        weights = [fixed(w, 1) for w in flower.weight.values]
        inputs = [fixed(x, 1) for x in flower.input.values]
        notes = [say("length", cm=cm) for cm in flower.measurement.values]
        rows = [TOP - PITCH * i for i in range(len(weights) + 1)]
        words = VGroup()
        labels = zip([*weights, fixed(flower.bias, 2)], [*inputs, number(1)],
                     [*notes, say("always")], rows, strict=True)  # fmt: skip
        for weight, value, note, y in labels:
            words.add(
                Words(say("times", weight=weight), 34).on_baseline(WEIGHT, y - 0.12, ORIGIN),
                Words(value, 28).on_baseline(INPUT, y - 0.1, ORIGIN),
                Words(note, 34, "muted").on_baseline(NOTE, y - 0.12, RIGHT),
            )
        sums = units.Sums(
            flower.running_sum.values, rows, self.clock, self.fall, float(flower.output),
            reach=reach, axis=AXIS, curve=CURVE, start=INPUT, body=BODY, bar=BAR,
            gap=(WEIGHT - 0.48, WEIGHT + 0.48), hit=int(flower.label) == 1,
        )  # fmt: skip
        parts = [*flower.contribution.values, float(flower.bias)]
        numbers = [
            Number(
                units.once(self.clock, i + 0.55, fixed(part, 2, sign=True)),
                [self.clock], size=34, widest="+0.00", align="right",
            ).move_to((BODY[1] - 0.15, y, 0), aligned_edge=RIGHT)
            for i, (part, y) in enumerate(zip(parts, rows, strict=True))
        ]  # fmt: skip
        z = float(flower.z)
        x = float(units.stretch(*AXIS, reach, z))
        side = RIGHT if x < AXIS[1] - 1.3 else LEFT
        at = x + 0.18 * side[0]
        result = Number(
            units.once(self.fall, 0, say("z", z=z)),
            [self.fall], size=34, weight="semibold", widest="z = −0.00",
            align="left" if side is RIGHT else "right",
        ).move_to((at, rows[-1] - 0.4, 0), aligned_edge=-side)  # fmt: skip
        output = float(flower.output)
        y = CURVE[0] + output * (CURVE[1] - CURVE[0])
        answer = fixed(output, 3)
        asked = Words(str(flower.attrs["asked"]), 34, weight="semibold")
        probability = Number(
            units.once(self.fall, 1.9, answer),
            [self.fall], size=34, weight="semibold",
        )  # fmt: skip
        said = [
            Number(
                units.once(self.fall, after, say("equals", value=value)),
                [self.fall], size=34, widest="= −0.00",
            ).move_to((left, y, 0), aligned_edge=LEFT)
            for left, y, value, after in [
                (-4.15, FORMULAS[0], fixed(z, 2), 0), (-3.75, FORMULAS[1], answer, 1.0),
            ]
        ]  # fmt: skip
        self.parts = [
            sums, words, *numbers, result, *said,
            asked.on_baseline(BAR[0], y + 0.24),
            probability.move_to((BAR[0], y - 0.33, 0), aligned_edge=LEFT),
        ]  # fmt: skip


def verdict(flower):
    """Return what the words about the answer need."""
    really = flower.attrs["asked" if int(flower.label) == 1 else "other"]
    return {"really": really, "output": flower.output}
