"""Forward, loss, backward, step, round and round; then without `zero_grad`."""

from __future__ import annotations

import manim
import numpy as np
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, Group, ValueTracker, linear, smooth
from matplotlib.ticker import MaxNLocator

from look import theme
from look.numbers import counter, fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, Trail
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.recorded import RecordedScene

SLOW, QUICK = 1.5, 0.2  # seconds a station in the first round, a whole round later
INPUTS, HIDDEN, OUTPUT = -5.5, -3.0, -0.5  # columns of the network, in frame units
MIDDLE, APART = -0.65, 1.45  # the network's middle row, and from it to the others
FOLLOWED = 5  # the edge whose numbers stand out: v₂
RADIUS = 0.47
KEY_PLACE = (-2.5, -2.62)  # of the words that say what the two numbers of an edge are
SIZE = TICK  # pixels of the network's numbers
LOSS_FOUND = 1.45  # of the four quarters of a round: when its loss is there
LAST = LOSS_FOUND / 4  # of a round after the last step: until that weight's loss is there
GRADIENT_FOUND = 2.4  # and when the last layer's gradients are
CODE = 34
CODE_LINES = 5  # of the row's "code"

READS = {
    "training_loop": "input (feature), weight_1 (run, step, unit, feature), "
    "weight_2 (run, step, unit), hidden (run, step, unit), output (run, step), loss (run, step), "
    "gradient_2 (run, step, unit), used_1 (run, step, unit, feature), used_2 (run, step, unit), "
    "run (run), first_loss, last_loss_cleared, last_loss_kept, lr, n_steps, target",
}

DESCRIPTION = """\
A network of two inputs, two hidden units and an output stands beside five lines of code. One line
after another lights up; under the code stands its equation with its
numbers, for one weight. Forward: numbers run from the inputs to the output. Loss: the squared
difference from the target. Backward: gradients run along the lines, the last layer's first, and
that of one weight is written under it. Step: each weight changes a little, against its gradient.
Then the rounds follow quickly, with the numbers of that one weight, and in a chart in the
equation's place the loss falls to nearly nothing. In the last part the line with zero_grad is
commented out. Three bars show the second round: what was left over, what is added, and their sum,
which the step uses. From then on the loss goes up and down without settling.
"""


class TrainingLoop(RecordedScene):
    def construct(self):
        both = self.recording("training_loop")
        n_steps = both.sizes["step"] - 1
        clock, again = ValueTracker(0), ValueTracker(0)
        cleared = Rounds(both.sel(run="cleared"), clock)
        kept = Rounds(both.sel(run="kept"), again)
        code, chart = Code(clock, n_steps), LossChart(both, clock, again)

        self.next_section("one round")
        words, equation = self.headline("one round"), self.equation("zero_grad", both)
        self.add(words, *cleared.parts, *code.parts, equation)
        self.wait(0.3)
        self.play(clock.animate.set_value(ZEROED / 4), run_time=SLOW / 2, rate_func=linear)
        for station, name in enumerate(STATIONS):
            new = self.equation(name, both)
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
        fading = [FadeOut(part) for part in (equation, *cleared.others)]
        self.play(*fading, cleared.alone.animate.set_value(1), run_time=0.2)
        self.remove(*cleared.others)
        words = self.say(words, "round and round", also=chart.parts)
        self.play_steps(clock, n_steps + LAST, QUICK)
        self.wait(0.4)

        self.next_section("without zero_grad")
        gone = [*cleared.parts, *code.parts, *chart.parts]
        self.remove(*gone)  # at once: between the two the picture would be empty
        self.add(*kept.parts, *Code(again, n_steps, without=True).parts)
        grown = ValueTracker(0)
        total = Sum(both.sel(run="kept"), grown)
        words = self.say(words, "without zero_grad", **self.second_round(both))
        self.play(again.animate.set_value(1.2), run_time=1.4, rate_func=linear)
        self.add(*total.parts)
        self.play(again.animate.set_value(1.75), grown.animate.set_value(3), run_time=2.4,
                  rate_func=linear)  # fmt: skip
        self.wait(0.9)
        self.play(*(FadeOut(part) for part in total.parts), run_time=0.15)
        self.say(words, "adds up", also=(*chart.parts, chart.key))
        self.play_steps(again, n_steps + LAST, QUICK)
        self.wait(1.5)

    def equation(self, name, both):
        """Return what a line of code does to the lower output weight, with the numbers."""
        now, after = (both.sel(run="cleared").isel(step=k) for k in (0, 1))
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

    def second_round(self, both):
        """Return what the second backward pass leaves under the followed weight."""
        run = both.sel(run="kept")
        return {"old": signed(float(run.used_2.isel(step=0, unit=1)), sum_decimals(run))}


def signed(value: float, decimals: int = 2) -> str:
    """Return a number with two decimals; what the units put out has one more, for the gradients."""
    return fixed(value, decimals)


def adding_up(first: float, second: float) -> int:
    """Return with how many decimals two printed numbers add up to the third."""
    for decimals in range(2, 7):
        scale = 10.0**decimals
        if round(scale * first) + round(scale * second) == round(scale * (first + second)):
            break
    return decimals


def sum_decimals(run):
    """Return how many decimals the followed weight's gradient of the first two rounds needs."""
    old, total = (float(run.used_2.isel(step=k, unit=1)) for k in (0, 1))
    return adding_up(old, total - old)


def squares_to(run, k):
    """Return a round's output with so many decimals that the printed loss follows from it."""
    output, loss = float(run.output[k]), counter(run.loss[k])
    for decimals in range(3, 6):
        if counter((round(output, decimals) - run.attrs["target"]) ** 2) == loss:
            break
    return signed(output, decimals)


class Rounds:
    """The network, for one run; one round to the clock's unit."""

    def __init__(self, run, clock):
        self.run, self.clock = run, clock
        self.n_steps = run.sizes["step"] - 1
        self.clears = run.run.item() == "cleared"
        self.alone = ValueTracker(0 if self.clears else 1)  # whether one weight alone has numbers
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
        self.others = written if self.clears else []
        self.parts = [
            network,
            discs,
            plates,
            *(
                Words(signed(value), SIZE).move_to((*place, 0))
                for value, place in zip(x, inputs, strict=True)
            ),
            *(
                self.number(lambda k, j=j: signed(hidden_values[k, j], 3), 0.45, place, **wide)
                for j, place in enumerate(hidden)
            ),
            self.number(lambda k: squares_to(run, k), 0.9, output[0], quick=LOSS_FOUND, **wide),
            Words("loss", LABEL, "muted").move_to((OUTPUT, LOSS, 0)),
            self.loss(),
            *self.others,
            followed,
            self.gradient(places[FOLLOWED]),
            Words(names[0], LABEL, "muted").move_to((INPUTS - 0.72, rows[0], 0)),
            Words(names[1], LABEL, "muted").move_to((INPUTS - 0.72, rows[1], 0)),
            Words(names[2], LABEL, "muted").move_to((HIDDEN, rows[0] + 0.74, 0)),
            Words(names[3], LABEL, "muted").move_to((HIDDEN, rows[1] - 0.72, 0)),
            Words(names[4], LABEL, "muted").move_to((OUTPUT, MIDDLE + 0.8, 0)),
            *(
                Words(name, LABEL, "muted").move_to((OUTPUT - 0.6, MIDDLE + up, 0))
                for name, up in zip(say("outputs").split(), (1.08, -1.08), strict=True)
            ),
            Words("weight", 34, weight="semibold").on_baseline(*KEY_PLACE),
            Words("gradient", 34, series("gradient").color).on_baseline(
                KEY_PLACE[0], KEY_PLACE[1] - 0.42
            ),
            Words(say("value", name="y", value=run.attrs["target"]), SIZE, "green").move_to(
                (OUTPUT, MIDDLE - 0.76, 0)
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

    def number(self, text, phase, place, *, quick=None, stays=False, **style):
        """Return a number that is this round's from `phase` on, and the last round's before.

        In a second round that is slow, only one that `stays` is there before. In the quick rounds
        it changes at `quick`, if given: the output with the loss, which follows from it.
        """

        def shown():
            k, now = self.now()
            now += 1e-9
            slow = k == 0 or (k == 1 and not self.clears)
            found = phase if slow or quick is None else quick
            if now < found and k == 1 and slow and not stays:
                return ""
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
        decimals = 2 if self.clears else sum_decimals(self.run)

        def text(k):
            now, phase = self.now()
            wiped = self.clears and k < now and phase >= ZEROED  # the last round's is gone
            # As in the bars beside it, in the two rounds that these show.
            return signed(0.0 if wiped else used[k], decimals if k < 2 else 2)

        ink = series("gradient").color
        at = place[0], place[1] - 0.16
        return self.number(text, GRADIENT_FOUND, at, color=ink, stays=True)


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

    def lines(self, pen, starts, ends, values):
        """Draw signed lines, orange above zero and blue below, as wide as they are large."""
        size = np.abs(values) / max(np.abs(values).max(), 1e-12)
        colors = np.empty((len(values), 4))
        sign = (values > 0).astype(float)
        colors[:, :3] = mix(theme.color("negative"), theme.color("positive"), sign)
        colors[:, 3] = 0.35 + 0.65 * size
        pen.lines(starts, ends, colors, 1.5 + 5 * size)

    def forward_reach(self, phase):
        """Return how far the way forward has come along each edge, shape (edge,)."""
        return np.clip(phase / 0.4 - self.layer, 0, 1)

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
        tips = self.starts + np.minimum(reach, 1 - back) * (self.ends - self.starts)
        self.lines(pen, self.starts, tips, self.weights[k])
        if back.any():
            tips = self.ends + back * (self.starts - self.ends)
            self.lines(pen, self.ends, tips, self.gradients[k])


class Discs(Painted):
    """The units: rings, for their numbers stand in them."""

    def __init__(self, places):
        super().__init__(OUTPUT - INPUTS, 2 * APART)
        self.shift(((OUTPUT + INPUTS) / 2, MIDDLE, 0))
        self.places = places
        self.fill, self.ring = theme.color("background"), theme.color("muted")

    def paint(self, pen):
        """Draw them."""
        for x, y in self.places.tolist():
            pen.disc((x, y), RADIUS, self.fill, self.ring, 2)


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

    def __init__(self, clock, n_steps, *, without=False):
        code = say("code").split("\n")
        lines = [
            Number(
                str(line).strip,  # it never changes
                size=CODE,
                weight="mono",
                color="muted" if line.startswith("#") else "text",
                widest=line,
            ).move_to((self.LEFT, self.TOP - i * self.LINE, 0), aligned_edge=manim.LEFT)
            for i, line in enumerate(["# " + code[0], *code[1:]] if without else code)
        ]
        self.parts = [Marked(self, clock, n_steps, without), *lines]


class Marked(Painted):
    """The bar behind the line of code that runs now."""

    def __init__(self, code, clock, n_steps, without):
        super().__init__(5.7, CODE_LINES * code.LINE, reads=[clock])
        self.shift((code.LEFT + 2.75, code.TOP - 2 * code.LINE, 0))
        self.code, self.clock, self.n_steps, self.without = code, clock, n_steps, without
        self.fill = mix(theme.color("quiet"), theme.color("yellow"), 0.22)

    def line(self):
        """Return which line runs now; gradients are cleared at the start of forward's time.

        Where a line ends, it is the last to have run: its equation still stands there.
        """
        clock = self.clock.get_value()
        phase = 4 * (clock % 1) - 1e-6
        if phase < 0:
            return CODE_LINES - 1 if clock > 0.5 else 0
        if phase <= ZEROED and not self.without:
            return 0
        return 1 + int(phase)

    def paint(self, pen):
        """Draw it."""
        if not 0 < self.clock.get_value() < self.n_steps:
            return
        y = self.code.TOP - self.line() * self.code.LINE
        rounded(pen, self.code.LEFT - 0.12, y - 0.22, 5.6, 0.44, 0.08)
        pen.color(self.fill)
        pen.fill()


class LossChart:
    """The loss of both runs against the rounds."""

    def __init__(self, both, clock, again):
        losses = both.loss.values
        n_steps = losses.shape[1] - 1
        top = 1.08 * float(losses.max())
        chart = Chart((4.3, -2.0), 4.6, 2.1, (0, n_steps), (0, top))
        steps = np.arange(n_steps + 1)
        cleared, kept = (np.stack([steps, each], axis=1) for each in losses)
        levels = [
            level for level in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0, top)
            if level <= top
        ]  # fmt: skip
        across = np.array([0, n_steps])
        self.parts = [
            *(Curve(chart, across, np.full(2, level), "quiet", 1.5) for level in levels[1:]),
            Curve(chart, across, np.zeros(2), "muted"),
            chart.y_ticks(levels),
            Losses(chart, kept, again, color=series("kept").color, width=3, radius=0.08),
            Losses(chart, cleared, clock, color=series("cleared").color, width=3, radius=0.08),
            Words("loss", 34, "muted").on_baseline(1.35, KEY),
            Words(number(0), 28, "muted").on_baseline(2.0, -3.5, ORIGIN),
            Words(say("rounds"), 34, "muted").on_baseline(6.6, -3.5, RIGHT),
        ]
        found, right = [], 6.6
        for run in ("kept", "cleared"):  # from the right
            name = Words(series(run).label, 34).on_baseline(right, KEY, RIGHT)
            x = float(name.get_left()[0]) - 0.2
            found += [name, Key(series(run).color, 0.2).move_to((x, KEY + 0.11, 0))]
            right = x - 0.32
        self.key = Group(*found)


class Sum(Painted):
    """Two gradients of one weight and their sum as bars, each begun where the last one ends."""

    LEFT, WIDE, TOP, PITCH = 1.35, 5.2, -1.05, 0.95

    def __init__(self, run, grown):
        super().__init__(self.WIDE, 3 * self.PITCH, reads=[grown])
        self.move_to((self.LEFT + self.WIDE / 2, self.TOP - 1.5 * self.PITCH + 0.4, 0))
        self.grown = grown
        old, total = (float(run.used_2.isel(step=k, unit=1)) for k in (0, 1))
        self.bars = [(0.0, old), (old, total), (0.0, total)]
        self.ink = series("gradient").color
        self.parts: list[manim.Mobject] = [self]
        for i, name in enumerate(SUM):
            y = self.TOP - i * self.PITCH
            self.parts.append(Words(say(name), 34, "muted").on_baseline(self.LEFT, y))
        decimals = sum_decimals(run)
        for i, value in enumerate((old, total - old, total)):
            text = signed(value, decimals)

            def shown(i=i, text=text):  # once its bar is there
                return text if grown.get_value() >= i + 1 else ""

            y = self.TOP - i * self.PITCH
            self.parts.append(
                Number(shown, [grown], weight="semibold", widest="−00.00", align="right").move_to(
                    (self.LEFT + self.WIDE, y + 0.12, 0), aligned_edge=RIGHT
                )
            )

    def paint(self, pen):
        """Draw the bars that have grown."""
        ends = np.array(self.bars)
        low, high = min(ends.min(), 0.0), max(ends.max(), 0.0)
        scale = self.WIDE / max(high - low, 1e-12)
        for i, (start, end) in enumerate(self.bars):
            share = float(np.clip(self.grown.get_value() - i, 0, 1))
            tip = start + share * (end - start)
            left = self.LEFT + scale * (min(start, tip) - low)
            pen.color(self.ink)
            pen.rectangle(left, self.TOP - i * self.PITCH - 0.42, scale * abs(tip - start), 0.24)
            pen.fill()


SUM = ("left over", "added", "used")
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
