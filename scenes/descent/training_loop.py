"""Forward, loss, backward, step, round and round; what `zero_grad` is for has its own film."""

from __future__ import annotations

import manim
import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, linear, smooth
from matplotlib.ticker import MaxNLocator

from look import theme
from look.numbers import counter, fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, Trail
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.recorded import RecordedScene

SLOW, QUICK = 1.5, 0.3  # seconds a station in the first round, a whole round later
INPUTS, HIDDEN, OUTPUT = -5.5, -3.0, -0.5  # columns of the network, in frame units
MIDDLE, APART = -0.65, 1.45  # the network's middle row, and from it to the others
FOLLOWED = 5  # the edge whose numbers stand out: v₂
RADIUS, OUTPUT_RADIUS = 0.47, 0.56  # the output has more digits
KEY_PLACE = (-6.5, -3.2)  # of the words that say what the two numbers of an edge are
SIZE = TICK  # pixels of the network's numbers
# Of the four quarters of a round: when its loss is there, and the last layer's gradients.
LOSS_FOUND, GRADIENT_FOUND = 1.45, 2.4
LAST = LOSS_FOUND / 4  # of a round after the last step: until that weight's loss is there
CODE = 34
CODE_LINES = 5  # of the row's "code"

READS = {
    "training_loop": "input (feature), weight_1 (run, step, unit, feature), "
    "weight_2 (run, step, unit), hidden (run, step, unit), output (run, step), loss (run, step), "
    "gradient_2 (run, step, unit), used_1 (run, step, unit, feature), used_2 (run, step, unit), "
    "run (run), first_loss, last_loss_cleared, lr, n_steps, target",
}

DESCRIPTION = """\
A network of two inputs, two hidden units and an output stands beside five lines of code. One line
after another lights up; under the code stands its equation with its
numbers, for one weight. Forward: numbers run from the inputs to the output. Loss: the squared
difference from the target. Backward: gradients run along the lines, the last layer's first, and
that of one weight is written under it. Step: each weight changes a little, against its gradient.
Then the rounds follow quickly, with the numbers of that one weight, and in a chart in the
equation's place the loss falls to nearly nothing.
"""


class TrainingLoop(RecordedScene):
    def construct(self):
        run = self.recording("training_loop").sel(run="cleared")
        n_steps = run.sizes["step"] - 1
        clock = ValueTracker(0)
        rounds, chart = Rounds(run, clock), LossChart(run, clock)
        code = Code(clock, n_steps)

        self.next_section("one round")
        words, equation = self.headline("one round"), self.equation("zero_grad", run)
        self.add(words, *rounds.parts, *code.parts, equation)
        self.wait(0.3)
        self.play(clock.animate.set_value(ZEROED / 4), run_time=SLOW / 2, rate_func=linear)
        for station, name in enumerate(STATIONS):
            new = self.equation(name, run)
            self.play(FadeOut(equation), run_time=0.15)
            equation = new
            self.play(
                clock.animate.set_value((station + 1) / 4),
                FadeIn(equation, rate_func=lambda share: smooth(min(1.0, 3 * share))),
                run_time=SLOW,
                rate_func=linear,
            )

        self.next_section("round and round")
        # From here on, numbers only of the weight that is followed.
        fading = [FadeOut(part) for part in (equation, *rounds.others)]
        self.play(*fading, rounds.alone.animate.set_value(1), run_time=0.2)
        self.remove(*rounds.others)
        words = self.say(words, "round and round", also=chart.parts)
        self.play_steps(clock, n_steps + LAST, QUICK)

        self.next_section("end")
        v2, outputs = run.weight_2.values[:, 1], [squares_to(run, k) for k in (0, n_steps)]
        self.say(words, "end", old=v2[0], new=v2[-1], first_output=outputs[0], output=outputs[1])
        self.wait(1.5)

    def equation(self, name, run):
        """Return what a line of code does to the lower output weight, with the numbers."""
        now, after = (run.isel(step=k) for k in (0, 1))
        formula = Formula(
            say(
                f"{name} formula",
                v1=now.weight_2[0],
                v2=now.weight_2[1],
                h1=now.hidden[0],
                h2=now.hidden[1],
                output=now.output,
                loss=now.loss,
                gradient=now.gradient_2[1],
                new=after.weight_2[1],
            ),
            34,
        )
        return formula.move_to((Code.LEFT, EQUATION, 0), aligned_edge=manim.LEFT)


def signed(value: float, decimals: int = 2) -> str:
    """Return a number of the network: with two decimals where nothing else is asked for."""
    return fixed(value, decimals)


def squares_to(run, k):
    """Return a round's output with so many decimals that the printed loss follows from it."""
    output, loss = float(run.output[k]), counter(run.loss[k])
    for decimals in range(3, 6):
        if counter((round(output, decimals) - run.attrs["target"]) ** 2) == loss:
            break
    return signed(output, decimals)


class Rounds:
    """The network; one round to the clock's unit."""

    def __init__(self, run, clock):
        self.run, self.clock = run, clock
        self.n_steps = run.sizes["step"] - 1
        self.alone = ValueTracker(0)  # whether one weight alone has numbers
        rows = np.array([MIDDLE + APART, MIDDLE - APART])
        inputs = np.stack([np.full(2, INPUTS), rows], axis=1)
        hidden = np.stack([np.full(2, HIDDEN), rows], axis=1)
        output = np.array([[OUTPUT, MIDDLE]])
        # Edges by unit and input, then those into the output; where their numbers stand on them.
        starts = np.concatenate([np.tile(inputs, (2, 1)), hidden])
        ends = np.concatenate([np.repeat(hidden, 2, axis=0), np.repeat(output, 2, axis=0)])
        along = np.array([0.5, 0.29, 0.29, 0.5, 0.5, 0.5])[:, None]
        places = starts + along * (ends - starts)
        layer = np.array([0, 0, 0, 0, 1, 1])

        x, weights = run.input.values, self.by_edge("weight")
        names = say("names").split()
        hidden_values, wide = run.hidden.values, {"widest": "−0.000"}
        network = Edges(starts, ends, layer, weights, self.by_edge("used"), self)
        discs = Discs(np.concatenate([inputs, hidden, output]))
        plates = Plates(places, self)
        written = list(self.weights(places, weights))
        followed = written.pop(FOLLOWED)
        self.others = written
        self.parts = [
            network,
            discs,
            plates,
            *(
                Words(signed(value), SIZE).move_to((*place, 0))
                for value, place in zip(x, inputs, strict=True)
            ),
            *(
                self.number(lambda k, j=j: signed(hidden_values[k, j], 3), 0.6, place, **wide)
                for j, place in enumerate(hidden)
            ),
            self.number(lambda k: squares_to(run, k), 0.95, output[0], quick=LOSS_FOUND, **wide),
            Words("loss", LABEL, "muted").move_to((OUTPUT, LOSS, 0)),
            Words("tanh", LABEL, "muted").move_to((HIDDEN, MIDDLE, 0)),
            self.loss(),
            *self.others,
            followed,
            self.gradient(places[FOLLOWED]),
            Words(names[0], LABEL, "muted").move_to((INPUTS - 0.72, rows[0], 0)),
            Words(names[1], LABEL, "muted").move_to((INPUTS - 0.72, rows[1], 0)),
            Words(names[2], LABEL, "muted").move_to((HIDDEN, rows[0] + 0.74, 0)),
            Words(names[3], LABEL, "muted").move_to((HIDDEN, rows[1] - 0.72, 0)),
            Words(names[4], LABEL, "muted").move_to((OUTPUT, MIDDLE + 0.88, 0)),
            *(
                Words(name, LABEL, "muted").move_to((OUTPUT - 0.6, MIDDLE + up, 0))
                for name, up in zip(say("outputs").split(), (1.08, -1.08), strict=True)
            ),
            Words("weight", 34, weight="semibold").on_baseline(*KEY_PLACE),
            Words("gradient", 34, series("gradient").color).on_baseline(
                KEY_PLACE[0], KEY_PLACE[1] - 0.42
            ),
            Words(say("value", name="y", value=run.attrs["target"]), SIZE, "green").move_to(
                (OUTPUT, MIDDLE - 0.84, 0)
            ),
        ]

    def by_edge(self, name):
        """Return a quantity of the weights, shape (step, edge)."""
        first, second = self.run[f"{name}_1"].values, self.run[f"{name}_2"].values
        return np.concatenate([first.reshape(len(first), 4), second], axis=1)

    def now(self):
        """Return the round and how far it is, from 0 to 4: forward, loss, backward, step."""
        clock = self.clock.get_value()
        k = int(clock + 1e-9)
        # After the last step there is no other: forward and loss with the last weights.
        if k >= self.n_steps:
            return self.n_steps, min(2.0, 4 * (clock - self.n_steps))
        return k, 4 * max(0.0, clock - k)

    def number(self, text, phase, place, *, quick=None, **style):
        """Return a number that is this round's from `phase` on, and the last round's before.

        In the quick rounds it changes at `quick`, if given: the output with the loss, which follows
        from it.
        """

        def shown():
            k, now = self.now()
            now += 1e-9
            found = phase if k == 0 or quick is None else quick
            k = k if now >= found else k - 1
            return text(k) if k >= 0 else ""

        style = {"size": SIZE, "widest": "−0.00", "align": "center"} | style
        return CenteredNumber(shown, [self.clock], **style).move_to((*place, 0))

    def loss(self):
        """Return the loss, under the target."""
        values = self.run.loss.values
        return self.number(
            lambda k: counter(values[k]), LOSS_FOUND, (OUTPUT, LOSS - 0.5), weight="semibold",
            widest="0.000",
        )  # fmt: skip

    def weights(self, places, weights):
        """Return the numbers on the edges, which change in the last of the four."""
        for edge, place in enumerate(places):

            def shown(edge=edge):
                k, phase = self.now()
                return signed(weights[min(k + (phase >= 3.5), self.n_steps), edge])

            yield CenteredNumber(
                shown,
                [self.clock],
                size=SIZE,
                widest="−0.00",
                weight="semibold" if edge == FOLLOWED else "regular",
                color="text" if edge == FOLLOWED else "muted",
            ).move_to((place[0], place[1] + 0.16 * (edge == FOLLOWED), 0))

    def gradient(self, place):
        """Return the number under the weight that is followed: the gradient the optimizer uses."""
        used = self.by_edge("used")[:, FOLLOWED]

        def text(k):
            now, phase = self.now()
            if now == self.n_steps and phase > 0:
                return ""  # what comes after the last step has no backward pass
            wiped = k < now and phase > 0  # the last round's is gone
            return signed(0.0 if wiped else used[k])

        ink = series("gradient").color
        at = place[0], place[1] - 0.16
        return self.number(text, GRADIENT_FOUND, at, quick=2.0, color=ink)


class CenteredNumber(Number):
    """A number in the middle of its box."""

    def __init__(self, text, reads, **style):
        super().__init__(text, reads, **(style | {"align": "left"}))
        self.half = self.box[2] / 2

    def paint(self, pen):
        """Draw the number as it is now."""
        from scenes.parts import font

        width = font.advance(self.text(), self.weight) * self.box[3] / font.DIGIT_HEIGHT
        pen.context.translate(self.half - width / 2, 0)
        super().paint(pen)


ZEROED = 0.3  # of the four quarters of a round: until then the gradients are cleared
FORWARD = 0.3  # and then the way forward takes so long through each layer
STATIONS = ("forward", "loss", "backward", "step")
LOSS = -2.35  # where the word stands


def rounded(pen, left, bottom, width, height, radius):
    """Add a rectangle with round corners to the path."""
    right, top = left + width, bottom + height
    pen.context.new_sub_path()
    pen.context.arc(right - radius, top - radius, radius, 0, np.pi / 2)
    pen.context.arc(left + radius, top - radius, radius, np.pi / 2, np.pi)
    pen.context.arc(left + radius, bottom + radius, radius, np.pi, 1.5 * np.pi)
    pen.context.arc(right - radius, bottom + radius, radius, 1.5 * np.pi, 2 * np.pi)
    pen.context.close_path()


class Edges(Painted):
    """The weights as lines on the way forward, their gradients on the way back."""

    def __init__(self, starts, ends, layer, weights, gradients, rounds):
        super().__init__(OUTPUT - INPUTS, 2 * APART, reads=[rounds.clock])
        self.shift(((OUTPUT + INPUTS) / 2, MIDDLE, 0))
        self.starts, self.ends, self.layer, self.rounds = starts, ends, layer, rounds
        self.weights, self.gradients = weights, gradients
        self.quiet = theme.color("quiet")

    def lines(self, pen, starts, ends, values, inks):
        """Draw lines as wide as values (step, edge) are large now, on one scale for all steps.

        Below zero in the first of two inks, above it in the second.
        """
        k, _ = self.rounds.now()
        size = np.abs(values[k]) / max(np.abs(values).max(), 1e-12)
        colors = np.empty((len(size), 4))
        below, above = inks
        colors[:, :3] = mix(below, above, (values[k] > 0).astype(float))
        colors[:, 3] = 0.55 + 0.45 * size
        pen.lines(starts, ends, colors, 2.2 + 4.3 * size)

    def forward_reach(self, phase):
        """Return how far the way forward has come along each edge, shape (edge,)."""
        return np.clip((phase - ZEROED) / FORWARD - self.layer, 0, 1)

    def gradient_reach(self, phase):
        """Return how far each edge's gradient has come on its way back, shape (edge,)."""
        return np.clip((phase - 2) / 0.4 - (1 - self.layer), 0, 1)

    def paint(self, pen):
        """Draw the edges as they are now."""
        k, phase = self.rounds.now()
        pen.color(self.quiet)
        pen.width(2)
        for start, end in zip(self.starts, self.ends, strict=True):
            pen.polyline(np.stack([start, end]))
        pen.stroke()
        reach = self.forward_reach(phase)[:, None]
        back = self.gradient_reach(phase)[:, None]
        if k:  # in quick rounds the weights alone, so that one sees them change
            reach, back = np.ones_like(reach), np.zeros_like(back)
        tips = self.starts + np.minimum(reach, 1 - back) * (self.ends - self.starts)
        signs = theme.color("negative"), theme.color("positive")
        self.lines(pen, self.starts, tips, self.weights, signs)
        if back.any():
            tips = self.ends + back * (self.starts - self.ends)
            self.lines(pen, self.ends, tips, self.gradients, [series("gradient").color] * 2)


class Discs(Painted):
    """The units: rings, for their numbers stand in them."""

    def __init__(self, places):
        super().__init__(OUTPUT - INPUTS, 2 * APART)
        self.shift(((OUTPUT + INPUTS) / 2, MIDDLE, 0))
        self.places = places
        self.fill, self.ring = theme.color("background"), theme.color("muted")

    def paint(self, pen):
        """Draw them."""
        *inner, output = self.places.tolist()
        for place in inner:
            pen.disc(place, RADIUS, self.fill, self.ring, 2)
        pen.disc(output, OUTPUT_RADIUS, self.fill, self.ring, 2)


class Plates(Painted):
    """What parts the numbers on an edge from the edge, taller where there is a gradient."""

    def __init__(self, places, rounds):
        super().__init__(OUTPUT - INPUTS, 2 * APART, reads=[rounds.clock, rounds.alone])
        self.shift(((OUTPUT + INPUTS) / 2, MIDDLE, 0))
        self.places, self.rounds = places, rounds
        self.fill = theme.color("background")

    def paint(self, pen):
        """Draw them."""
        k, phase = self.rounds.now()
        pen.color(self.fill)
        for edge, (x, y) in enumerate(self.places.tolist()):
            low, high = 0.17, 0.17
            if edge == FOLLOWED:
                low, high = 0.34 if k or phase >= GRADIENT_FOUND else 0.02, 0.34
            elif self.rounds.alone.get_value() > 0.5:
                continue
            rounded(pen, x - 0.38, y - low, 0.76, low + high, 0.1)
            pen.fill()


class Code:
    """The loop as a program; the line that runs now is marked."""

    LEFT, TOP, LINE = 1.1, 1.95, 0.46

    def __init__(self, clock, n_steps):
        code = say("code").split("\n")
        lines = [
            Number(
                str(line).strip,  # it never changes
                size=CODE,
                weight="mono",
                widest=line,
            ).move_to((self.LEFT, self.TOP - i * self.LINE, 0), aligned_edge=manim.LEFT)
            for i, line in enumerate(code)
        ]
        self.parts = [Marked(self, clock, n_steps), *lines]


class Marked(Painted):
    """The bar behind the line of code that runs now."""

    def __init__(self, code, clock, n_steps):
        super().__init__(5.7, CODE_LINES * code.LINE, reads=[clock])
        self.shift((code.LEFT + 2.75, code.TOP - 2 * code.LINE, 0))
        self.code, self.clock, self.n_steps = code, clock, n_steps
        self.fill = mix(theme.color("quiet"), theme.color("yellow"), 0.22)

    def line(self):
        """Return which line runs now; gradients are cleared at the start of forward's time.

        Where a line ends, it is the last to have run: its equation still stands there.
        """
        clock = self.clock.get_value()
        phase = 4 * (clock % 1) - 1e-6
        if phase < 0:
            return CODE_LINES - 1 if clock > 0.5 else 0
        if phase <= ZEROED:
            return 0
        return 1 + int(phase)

    def paint(self, pen):
        """Draw it."""
        if self.clock.get_value() >= self.n_steps:
            return
        y = self.code.TOP - self.line() * self.code.LINE
        rounded(pen, self.code.LEFT - 0.12, y - 0.22, 5.6, 0.44, 0.08)
        pen.color(self.fill)
        pen.fill()


class LossChart:
    """The loss against the rounds."""

    def __init__(self, run, clock):
        losses = run.loss.values
        n_steps = len(losses) - 1
        top = 1.08 * float(losses.max())
        chart = Chart((4.3, -2.0), 4.6, 2.1, (0, n_steps), (0, top))
        levels = [
            level for level in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0, top)
            if level <= top
        ]  # fmt: skip
        across, points = np.array([0, n_steps]), np.stack([np.arange(n_steps + 1), losses], axis=1)
        self.parts = [
            *(Curve(chart, across, np.full(2, level), "quiet", 1.5) for level in levels[1:]),
            Curve(chart, across, np.zeros(2), "muted"),
            chart.y_ticks(levels),
            Losses(chart, points, clock, color=series("loss").color, width=3, radius=0.08),
            Words(series("loss").label, 34, "muted").on_baseline(1.35, KEY),
            Words(number(0), 28, "muted").on_baseline(2.0, -3.5, ORIGIN),
            Words(say("rounds"), 34, "muted").on_baseline(6.6, -3.5, RIGHT),
        ]


KEY = -0.7  # baseline over the chart
EQUATION = -1.95  # middle of the equation that stands in the chart's place at first


class Losses(Trail):
    """The loss so far: it gets to that of new weights as it is computed, as its number does."""

    def now(self):
        """Return the step whose loss is shown: that of the round before, until the new is there."""
        whole = int(self.clock.get_value() + 1e-9)
        come = min(1.0, (self.clock.get_value() - whole) / LAST)
        return max(0.0, whole - 1 + come)

    def paint(self, pen):
        """Draw it from the first loss on."""
        if self.clock.get_value() >= LOSS_FOUND / 4:
            super().paint(pen)
