"""Units go off at random while a network trains; then the two modes of the trained network."""

from __future__ import annotations

import numpy as np
from manim import LEFT, ORIGIN, RIGHT, UP, ValueTracker, linear

from look import theme
from look.numbers import number, percent
from look.votes import speakers
from look.words import say
from scenes.parts import font
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

STEP_SECONDS = 0.25
PASS_SECONDS = 0.25

READS = {
    "dropout": "image (step_mask, y, x), step_mask (step_mask), "
    "mask_1 (step_mask, unit_1), mask_2 (step_mask, unit_2), activation_1 (step_mask, unit_1), "
    "activation_2 (step_mask, unit_2), probability (step_mask, class), "
    "label (step_mask), weight_2 (step_mask, unit_1, unit_2), weight_3 (step_mask, unit_2, class), "
    "test_image (y, x), pass_mask_1 (example_pass, unit_1), pass_mask_2 (example_pass, unit_2), "
    "pass_activation_1 (example_pass, unit_1), pass_activation_2 (example_pass, unit_2), "
    "pass_probability (example_pass, class), still_activation_1 (unit_1), "
    "still_activation_2 (unit_2), still_probability (class), end_weight_2 (unit_1, unit_2), "
    "end_weight_3 (unit_2, class), drop, n_passes, n_right_passes, still_right, test_class, "
    "test_name, one, class (class)",
}

DESCRIPTION = """\
A digit on the left, two hidden layers of units, and the ten classes with bars of probability. Step
of training by step, other units of both layers are crossed out, and with every step another digit
comes in; lines run through the units that speak most for what the network answers. Then training is
over, the network makes room for a line at the foot, and one digit stays. The crosses go on changing
from try to try, and the bars jump with them; each try drops a disc on that line, at its probability
of the right class, with the class that it says, filled if that is right. Then every cross becomes a
unit and the bars stand still: one upright mark, while the discs of the tries lie scattered.
"""

TOP, LOW = 1.95, -1.45  # the columns of units, in frame units
TALL = -3.45  # their lower end while there is no line at the foot
IMAGE, SIDE = (-5.5, 0.55), 2.2
HIDDEN, FILES, ASIDE, RADIUS = (-2.6, 0.9), 4, 0.26, 0.095
CLASSES, BAR, LONG = 3.5, 3.85, 1.9  # x of the digits, of the bars; their length
FOOT, STRIP, WIDE, DOT = -3.36, -6.3, 11.6, 0.36  # height, left and length of the line; a disc
MARK = 1.2  # height over it of the mark's label


class Dropout(RecordedScene):
    def construct(self):
        recorded = self.recording("dropout")
        states = found(recorded)
        n_steps, n_passes = recorded.sizes["step_mask"], recorded.sizes["example_pass"]
        clock, short_of = ValueTracker(0), ValueTracker(0)
        network = Network(states, clock, n_steps, n_passes, short_of, short(recorded))
        steps = recorded.step_mask.values.tolist()

        def caption():
            at = network.now()
            if at < n_steps:
                return say("step", step=steps[at])
            if at < n_steps + n_passes:
                return say("pass", number=at - n_steps + 1)
            return say("evaluation")

        counts = [int(sum(mask.sum() for mask in state.masks)) for state in states]
        n_units = sum(len(mask) for mask in states[0].masks)
        labels = [
            Number(caption, [clock], size=34, widest=say("evaluation")),
            Number(
                lambda: say("on", on=counts[network.now()], n=n_units), [clock], size=34,
                color="muted", widest=say("on", on=n_units, n=n_units),
            ),
        ]  # fmt: skip
        for i, label in enumerate(labels):
            at = network.middle() - SIDE / 2 - 0.4 - 0.55 * i
            label.move_to((IMAGE[0] - SIDE / 2, at, 0), LEFT)
        names = [
            Words(name, 34).on_baseline(CLASSES, y - 0.12, ORIGIN)
            for name, y in zip(short(recorded), network.rows(), strict=True)
        ]
        right = recorded.attrs["test_class"]

        def share():
            return percent(float(states[network.now()].probability[right]))

        sure = Number(share, [clock], size=34, widest="> 99 %")

        self.next_section("train film")
        words = self.headline("train film")
        self.add(words, network, *labels, *names)
        self.play(
            clock.animate.set_value(n_steps - 1),
            run_time=STEP_SECONDS * n_steps,
            rate_func=linear,
        )

        before, middle = network.rows(), network.middle()
        short_of.set_value(1)
        after, up = network.rows(), network.middle() - middle
        short_of.set_value(0)
        self.play(
            short_of.animate.set_value(1),
            *(label.animate.shift(up * UP) for label in labels),
            *(name.animate.shift((to - y) * UP)
              for name, y, to in zip(names, before, after, strict=True)),
            run_time=0.7,
        )  # fmt: skip

        self.next_section("modes film")
        clock.set_value(n_steps)
        self.add(sure.move_to((BAR + LONG + 0.12, after[right], 0), LEFT))
        axis = Words(say("axis film"), 34, "muted").on_baseline(
            STRIP + WIDE / 2, FOOT - 0.42, ORIGIN
        )
        words = self.say(words, "modes film", also=[axis])
        self.play(
            clock.animate.set_value(n_steps + n_passes - 1),
            run_time=PASS_SECONDS * n_passes,
            rate_func=linear,
        )

        self.next_section("still")
        self.play(clock.animate.set_value(n_steps + n_passes), run_time=0.3)
        whole = float(recorded.still_probability[right])
        at = STRIP + whole * WIDE
        mark = Words(say("whole film", share=whole), 34, weight="semibold")
        aside = (at - 0.15, RIGHT) if whole > 0.5 else (at + 0.15, LEFT)
        said = recorded.pass_probability.values.argmax(1)
        few = 2 * int((said == right).sum()) < n_passes
        self.say(
            words, "still film", also=[mark.on_baseline(aside[0], FOOT + MARK, aside[1])],
            wavers=0 if (said == said[0]).all() else 1 + few, said=short(recorded)[said[0]],
        )  # fmt: skip
        self.wait(1.5)


def short(recorded):
    """Return names of classes where they are single characters, else their numbers."""
    names = recorded["class"].values.tolist()
    return names if all(len(name) == 1 for name in names) else list(map(number, range(len(names))))


class State:
    """One pass through the network: what went in, what was on, what came out, what is right."""

    def __init__(self, image, active, masks, weights, probability, right):
        self.image, self.active, self.masks = image, active, [mask > 0 for mask in masks]
        first, second = active
        self.flows = [first[:, None] * weights[0] * masks[1][None], second[:, None] * weights[1]]
        # Of all lines those that speak most for the answer: no others could be followed.
        best = [int(probability.argmax())]
        told, _ = speakers(self.flows[1][:, best])
        unit, to = speakers(self.flows[0][:, told])
        self.lines = [(unit, told[to]), (told, np.repeat(best, len(told)))]
        self.probability, self.right = probability, right


def found(recorded):
    """Return the training steps, the passes in training mode, and that in evaluation mode."""
    states = []
    for k in range(recorded.sizes["step_mask"]):
        one = recorded.isel(step_mask=k)
        states.append(
            State(
                one.image.values,
                [one.activation_1.values, one.activation_2.values],
                [one.mask_1.values, one.mask_2.values],
                [one.weight_2.values, one.weight_3.values],
                one.probability.values,
                int(one.label),
            )
        )
    image, right = recorded.test_image.values, recorded.attrs["test_class"]
    weights = [recorded.end_weight_2.values, recorded.end_weight_3.values]
    for k in range(recorded.sizes["example_pass"]):
        one = recorded.isel(example_pass=k)
        states.append(
            State(
                image,
                [one.pass_activation_1.values, one.pass_activation_2.values],
                [one.pass_mask_1.values, one.pass_mask_2.values],
                weights,
                one.pass_probability.values,
                right,
            )
        )
    active = [recorded.still_activation_1.values, recorded.still_activation_2.values]
    all_on = [np.ones(len(values)) for values in active]
    states.append(State(image, active, all_on, weights, recorded.still_probability.values, right))
    return states


def column(x, count, low):
    """Return the places of a layer's units, (unit, 2): in files beside each other."""
    ranks = -(-count // FILES)
    rank, file = np.divmod(np.arange(count), FILES)
    # every other file half a place lower, so that lines find their way between
    y = TOP - (rank + 0.25 + 0.5 * (file % 2)) / ranks * (TOP - low)
    return np.stack([x + ASIDE * (file - (FILES - 1) / 2), y], axis=1)


class Network(Painted):
    """The pass that the clock has come to; after the steps of training, a dot for each pass."""

    def __init__(self, states, clock, n_steps, n_passes, short_of=None, names=None):
        self.short_of = ValueTracker(1) if short_of is None else short_of  # 0: down to the foot
        super().__init__(13.4, TOP - TALL, reads=[clock, self.short_of])
        self.move_to((0, (TOP + TALL) / 2, 0))
        self.states, self.clock, self.n_steps, self.n_passes = states, clock, n_steps, n_passes
        self.names = names or list(map(number, range(len(states[0].probability))))
        self.text, self.muted = theme.color("text"), theme.color("muted")
        self.back, self.quiet, self.green = (
            theme.color(name) for name in ("background", "quiet", "green")
        )
        self.plus = theme.color("positive")

    def now(self):
        """Return the number of the state."""
        return min(int(self.clock.get_value() + 1e-6), len(self.states) - 1)

    def low(self):
        """Return the lower end of the columns."""
        return TALL + self.short_of.get_value() * (LOW - TALL)

    def middle(self):
        """Return the height of the digit's middle."""
        return IMAGE[1] + (self.low() - LOW) / 2

    def rows(self):
        """Return the heights of the classes, top first."""
        n_classes = len(self.states[0].probability)
        return (TOP - (np.arange(n_classes) + 0.5) / n_classes * (TOP - self.low())).tolist()

    def paint(self, pen):
        """Draw the digit, the lines, the units and the bars."""
        at = self.now()
        state = self.states[at]
        x, y = IMAGE[0], self.middle()
        pen.image(mix(self.quiet, self.text, state.image), x - SIDE / 2, y - SIDE / 2, SIDE, SIDE)
        hidden = [column(x, len(mask), self.low())
                  for x, mask in zip(HIDDEN, state.masks, strict=True)]  # fmt: skip
        self._fan(pen, hidden[0])
        rows = self.rows()
        ends = np.stack([np.full(len(rows), CLASSES - 0.25), rows], axis=1)
        for flow, (first, second), left, right in zip(
            state.flows, state.lines, hidden, (hidden[1], ends), strict=True
        ):
            self._edges(pen, flow[first, second], left[first], right[second])
        for values, mask, places in zip(state.active, state.masks, hidden, strict=True):
            most = max(float(values.max()), 1e-12)
            fills = mix(self.back, self.text, values[mask] / most)
            pen.discs(places[mask], RADIUS, fills, self.muted, 1.5)
            self._crosses(pen, places[~mask])
        self._bars(pen, state, rows)
        self._foot(pen, at)

    def _fan(self, pen, first):
        """Draw all lines from the pixels as one wedge: which of them are off is seen behind it."""
        x, y, low = IMAGE[0] + SIDE / 2 + 0.08, self.middle(), self.low()
        end = first[:, 0].min() - RADIUS - 0.05
        pen.color(self.quiet, 0.4)
        pen.polyline(np.array([[x, y + 0.1], [end, TOP], [end, low], [x, y - 0.1]]), close=True)
        pen.fill()

    def _edges(self, pen, flow, starts, ends):
        size = flow / flow.max() if len(flow) else flow  # what speaks for an answer is positive
        colors = np.empty((len(size), 4))
        colors[:, :3] = mix(self.plus, self.plus, np.ones(len(size)))
        colors[:, 3] = 0.3 + 0.7 * size
        pen.lines(starts, ends, colors, 1.0 + 3.0 * size)

    def _crosses(self, pen, places):
        pen.color(self.muted)
        pen.width(2.5)
        arm = 0.08
        for x, y in places.tolist():
            pen.polyline(np.array([[x - arm, y - arm], [x + arm, y + arm]]))
            pen.polyline(np.array([[x - arm, y + arm], [x + arm, y - arm]]))
        pen.stroke()

    def _bars(self, pen, state, rows):
        thick = 0.26
        for k, (share, y) in enumerate(zip(state.probability.tolist(), rows, strict=True)):
            pen.color(self.quiet)
            pen.rectangle(BAR, y - thick / 2, LONG, thick)
            pen.fill()
            pen.color(self.green if k == state.right else self.muted)
            pen.rectangle(BAR, y - thick / 2, share * LONG, thick)
            pen.fill()

    def passed(self):
        """Return the passes in training mode until now."""
        return self.states[self.n_steps : min(self.now() + 1, self.n_steps + self.n_passes)]

    def right(self):
        """Return how many of them answered rightly."""
        return sum(int(each.probability.argmax()) == each.right for each in self.passed())

    def dots(self):
        """Return where each of them has its dot, (pass, 2): none on another."""
        at = np.array([[STRIP + float(each.probability[each.right]) * WIDE, FOOT + DOT / 2 + 0.05]
                       for each in self.passed()]).reshape(-1, 2)  # fmt: skip
        for k in range(len(at)):
            near = at[:k][np.abs(at[:k, 0] - at[k, 0]) < DOT]
            while len(near) and np.abs(near[:, 1] - at[k, 1]).min() < DOT - 1e-9:
                at[k, 1] += DOT
        return at

    def _foot(self, pen, at):
        """Draw a line from 0 to 1 once the network has learnt, a dot a try, and the mark."""
        if at < self.n_steps:
            return
        pen.color(self.muted)
        pen.width(2)
        pen.polyline(np.array([[STRIP, FOOT], [STRIP + WIDE, FOOT]]))
        pen.stroke()
        em, dots = 28 / PIXELS_PER_UNIT, self.dots()
        for share in (0, 1):
            text = percent(share)
            half = font.advance(text, "regular") * em / 2
            font.write(pen, text, STRIP + share * WIDE - half, FOOT - 0.38, em, "regular")
        if at == self.n_steps + self.n_passes:
            state = self.states[at]
            x = STRIP + float(state.probability[state.right]) * WIDE
            pen.color(self.text)
            pen.width(5)
            near = dots[np.abs(dots[:, 0] - x) < DOT / 2, 1]  # the mark stands on these
            pen.polyline(np.array([[x, max([FOOT, *near + DOT / 2])], [x, FOOT + MARK + 0.3]]))
            pen.stroke()
        for each, (x, y) in zip(self.passed(), dots.tolist(), strict=True):
            said = int(each.probability.argmax())
            right = said == each.right
            pen.disc((x, y), DOT / 2 - 0.012, self.green if right else self.back,
                     self.green if right else self.muted, 2.5)  # fmt: skip
            pen.color(self.back if right else self.text)
            half = font.advance(self.names[said], "semibold") * em / 2
            font.write(pen, self.names[said], x - half, y - 0.33 * em, em, "semibold")
