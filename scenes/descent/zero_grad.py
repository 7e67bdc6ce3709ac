"""The gradient of one weight in two loops: one clears it before each backward pass, one does not.

Source  001, "why do we do optimizer.zero_grad()"; 003, whose `train` never clears gradients
"""

from __future__ import annotations

import numpy as np
from manim import LEFT as LEFT_EDGE
from manim import RIGHT, ValueTracker, linear
from matplotlib.ticker import MaxNLocator

from look import theme
from look.numbers import counter, fixed
from look.runs import series
from look.words import Visual, say
from scenes.parts import font
from scenes.parts.charts import Chart, Curve, Trail
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

READS = {
    "training_loop": "gradient_2 (run, step, unit), used_2 (run, step, unit), loss (run, step), "
    "run (run), n_steps, last_loss_cleared, last_loss_kept",
}

VISUAL = Visual(
    uses=["training_loop"],
    title="{n_steps:?|1 round|{n_steps} rounds}: with zero_grad() the loss comes to "
    "{last_loss_cleared:counter}, without it to {last_loss_kept:counter}",
    alt="The gradient of one weight as a bar, twice: in a loop that clears gradients it is "
    "each round’s own; in one that does not, each round’s gradient is added to what was there. "
    "Beside them the loss of both loops over {n_steps:?|1 round|{n_steps} rounds}: it ends at "
    "{last_loss_cleared:counter} with zero_grad() and at {last_loss_kept:counter} without.",
    caption="Two loops on one example and the same network of six weights (two inputs, two tanh "
    "units, one output), squared error, learning rate {lr:g}. PyTorch’s backward() adds to the "
    "gradients that are there. Shown is the gradient of one of the two weights into the output, "
    "v₂. Without zero_grad() every step follows the sum of all gradients so far, like momentum "
    "that nothing damps; the loss is at its lowest, {lowest_loss_kept:.3f}, after "
    "{lowest_step_kept} of {n_steps} steps.",
    words={
        "one line": "Two loops, one line apart: do they learn the same?\n"
        "A bar: the gradient of one weight, v₂. backward() adds to what is there.",
        "left over": "Without zero_grad() every step follows the sum of all gradients so far\n"
        "With it, each follows the newest gradient alone.",
        "adds up": "After {n_steps:?|1 round|{n_steps} rounds}: loss {last_loss_kept:counter} "
        "without zero_grad(), {last_loss_cleared:counter} with it\n"
        "{dip:?|Ring: after 1 round it was down to {low:counter}, and did not stay there.|Ring: "
        "after {dip} rounds it was down to {low:counter}, and did not stay there.}",
        "cleared": "zero_grad()  backward()  step()",
        "kept": "# zero_grad()  backward()  step()",
        "left": "left over",
        "loss": "loss",
        "rounds": "{n_steps:?|1 round|{n_steps} rounds}",
    },
    series={
        "cleared": ["with zero_grad()", "indigo"],
        "kept": ["without", "yellow"],
        "gradient": ["gradient", "purple"],
    },
)

DESCRIPTION = """\
Two loops are written one above the other; the lower one has zero_grad() commented out. Under each a
bar is the gradient of one weight. In round 1 both bars grow alike, backward() lights up, and both
networks take the same step. In round 2 zero_grad() lights up in the upper loop and its bar goes;
the lower one stays, in an outline, and grows on. Then
rounds follow quickly: the lower bar grows and shrinks by a piece a round, and in a chart at the
right the losses of both loops come on, at the end with their numbers, and a ring where the lower
loop's loss first turned up again.
"""

SLOW, QUICK = 2.6, 0.45  # seconds a round: the first two, those after
CLEARED, FOUND = 0.3, 0.65  # of a round: until then gradients are cleared, and found; then a step
UNIT = 1  # v₂ is the second of the weights into the output
LEFT, WIDE = -6.55, 7.0  # of the lanes, in frame units
LANES = {"cleared": 1.15, "kept": -1.65}  # baselines of their names
BAR, TALL = -1.45, 0.5  # from there to the middle of the bar, and its height
CODE = LABEL


class ZeroGrad(RecordedScene):
    def construct(self):
        both = self.recording("training_loop")
        n_steps = both.sizes["step"] - 1
        clock = ValueTracker(0)
        lanes = [part for run in LANES for part in lane(both, run, clock)]

        self.next_section("one line")
        words = self.headline("one line")
        self.add(words, *lanes, *losses(both, clock))
        self.wait(0.4)
        self.play(clock.animate.set_value(1), run_time=SLOW, rate_func=linear)

        if n_steps > 1:
            self.play(clock.animate.set_value(2), run_time=1.4 * SLOW, rate_func=linear)

            self.next_section("left over")
            words = self.say(words, "left over")
            self.wait(0.8)
        self.play_steps(clock, n_steps, QUICK)

        self.next_section("adds up")
        low = dip(both)
        self.say(words, "adds up", dip=low, low=both.loss.sel(run="kept")[low])
        self.wait(1.5)


def pieces(run, k):
    """Return what is left of a weight's gradient when round `k` (from 0) begins, and what it adds.

    A loop that clears has nothing left.
    """
    new, used = float(run.gradient_2[k, UNIT]), float(run.used_2[k, UNIT])
    return (0.0 if run.run.item() == "cleared" else used - new), new


def decimals(run):
    """Return with how many decimals the pieces of the first two rounds add up as printed."""
    old, new = pieces(run, 1) if run.sizes["step"] > 2 else (0.0, 0.0)
    for places in range(2, 7):
        scale = 10.0**places
        if round(scale * old) + round(scale * new) == round(scale * (old + new)):
            break
    return places


def phase(clock, n_steps):
    """Return the round that runs, from 0, and how far it is, from 0 to 1."""
    now = min(clock.get_value(), n_steps)
    k = max(0, int(np.ceil(now - 1e-9)) - 1)  # at a whole number a round has just ended
    return k, now - k


def lane(both, name, clock):
    """Return a loop as code, the bar of its gradient, and the numbers at it."""
    run, y = both.sel(run=name), LANES[name]
    bar = Gradient(both, run, clock).move_to((LEFT + WIDE / 2, y + BAR, 0))
    title = Words(series(name).label, LABEL, weight="semibold").on_baseline(LEFT + 0.36, y)
    key = Key(series(name).color).move_to((LEFT + 0.12, y + 0.12, 0))
    return [title, key, *code(name, y - 0.62, clock, bar.n_steps), bar, *bar.numbers(y + BAR)]


def code(name, y, clock, n_steps):
    """Return the three calls of a loop, each on a ground that lights up while it runs."""
    calls = say(name).split("  ")
    widest = max((say(run).split("  ") for run in LANES), key=lambda each: len("".join(each)))
    x = LEFT
    for line, (call, room) in enumerate(zip(calls, widest, strict=True)):
        quiet = call.startswith("#")
        words = Number(str(call).strip, size=CODE, weight="mono", widest=call,
                       color="muted" if quiet else "text")  # fmt: skip
        words.move_to((x, y, 0), aligned_edge=LEFT_EDGE)
        if not quiet:
            yield Ground(words, line, clock, n_steps)
        yield words
        x += font.advance(room, "mono") * CODE / PIXELS_PER_UNIT + 0.45  # in columns


class Ground(Painted):
    """What lights up behind a call while it runs."""

    def __init__(self, words, line, clock, n_steps):
        super().__init__(words.width + 0.24, 0.52, reads=[clock])
        self.move_to(words.get_center() - np.array([0, 0.02, 0]))
        self.line, self.clock, self.n_steps = line, clock, n_steps
        self.ink = mix(theme.color("quiet"), theme.color("yellow"), 0.22)

    def runs(self):
        """Whether this call runs now."""
        k, now = phase(self.clock, self.n_steps)
        started = self.clock.get_value() > 0 and k < 2  # later, all is too quick to be followed
        return started and self.line == int(now >= CLEARED) + int(now >= FOUND)

    def paint(self, pen):
        """Draw it."""
        if self.runs():
            pen.color(self.ink)
            pen.rectangle(*self.box)
            pen.fill()


class Gradient(Painted):
    """The gradient of one weight: what was left over, and what this round's backward pass adds."""

    def __init__(self, both, run, clock):
        super().__init__(WIDE, TALL, reads=[clock])
        self.run, self.clock, self.n_steps = run, clock, run.sizes["step"] - 1
        rounds = range(self.n_steps)
        self.pieces = [pieces(run, k) for k in rounds]
        sums = both.used_2.values[:, : self.n_steps, UNIT]
        self.low, self.high = min(float(sums.min()), 0.0), max(float(sums.max()), 0.0)
        self.unit = (WIDE - 1.3) / max(self.high - self.low, 1e-12)  # beside it stands its number
        self.places, self.kept = decimals(both.sel(run="kept")), run.run.item() == "kept"
        self.ink, self.text = series("gradient").color, theme.color("text")
        self.pale = mix(theme.color("background"), self.ink, 0.6)

    def now(self):
        """Return what is left over of the gradient now, and what has been added to it."""
        k, now = phase(self.clock, self.n_steps)
        if k > 1:  # at once, and with its number
            return self.pieces[k if now >= FOUND else k - 1]
        old, new = self.pieces[k]
        if not self.kept and k:  # the last round's goes
            old = self.pieces[k - 1][1] * (1 - min(1.0, now / CLEARED))
        return old, new * float(np.clip((now - CLEARED) / (FOUND - CLEARED), 0, 1))

    def at(self, value):
        """Return where a gradient's end is, in frame units."""
        return LEFT + self.unit * (value - self.low)

    def paint(self, pen):
        """Draw it from the line of 0, and an outline around what was left over of it."""
        left, bottom, _, tall = self.box
        corner = left - LEFT
        old, new = self.now()
        left_of_it = np.sign(old) * max(0.0, min(abs(old), np.sign(old) * (old + new)))
        for value, ink in ((old + new, self.ink), (left_of_it, self.pale)):
            pen.color(ink)
            pen.rectangle(*self.span(value, corner, bottom, tall))
            pen.fill()
        if self.kept and old:
            x, y, wide, high = self.span(old, corner, bottom - 0.06, tall + 0.12)
            pen.color(self.text)
            pen.width(2.5)
            pen.rectangle(x, y, wide, high)
            pen.stroke()
            words, em = say("left"), LABEL / PIXELS_PER_UNIT
            half = font.advance(words, "regular") * em / 2
            middle = min(max(x + wide / 2, left + half), left + WIDE - half)
            font.write(pen, words, middle - half, bottom - 0.52, em, "regular")
        pen.color(self.text)
        pen.rectangle(corner + self.at(0.0) - 0.012, bottom - 0.12, 0.024, tall + 0.24)
        pen.fill()

    def span(self, value, corner, bottom, tall):
        """Return the rectangle from the line of 0 to a value."""
        ends = sorted((self.at(0.0), self.at(value)))
        return corner + ends[0], bottom, ends[1] - ends[0], tall

    def numbers(self, y):
        """Return the gradient's number, beside the bar."""

        def total():
            k, now = phase(self.clock, self.n_steps)
            if k < 2 and (CLEARED if self.kept else 0) <= now - 1e-9 < FOUND:
                return ""  # while the bar changes
            k = k if now >= FOUND else k - 1  # until it is found, what the last step used
            return fixed(sum(self.pieces[k]) if k >= 0 else 0.0, self.places)

        written = Number(total, [self.clock], weight="semibold", widest="−0.000", align="right")
        yield written.move_to((LEFT + WIDE, y, 0), aligned_edge=RIGHT)


def losses(both, clock):
    """Return the losses of both loops against the rounds."""
    n_steps = both.sizes["step"] - 1
    top = 1.08 * float(both.loss.max())
    chart = Chart((3.5, -0.75), 3.5, 4.0, (0, n_steps), (0, top))
    levels = [x for x in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0, top) if 0 <= x <= top]
    across = np.array([0, n_steps])
    yield from (Curve(chart, across, np.full(2, each), "quiet", 1.5) for each in levels[1:])
    yield Curve(chart, across, np.zeros(2), "muted")
    yield chart.y_ticks(levels)
    for run, radius in (("kept", 0.12), ("cleared", 0.07)):  # on one another both are seen
        points = np.stack([np.arange(n_steps + 1), both.loss.sel(run=run).values], axis=1)
        yield Losses(chart, points, clock, color=series(run).color, width=3.5, radius=radius)
    yield from ends(both, chart, clock)
    yield Dip(both, chart, clock)
    yield Words(say("loss"), LABEL, "muted").on_baseline(chart.left - 0.75, chart.top + 0.28)
    yield Words(say("rounds"), LABEL, "muted").on_baseline(
        chart.left + chart.width, chart.bottom - 0.5, RIGHT
    )


def ends(both, chart, clock):
    """Return the numbers that both losses end at, beside their points, once these are there."""
    n_steps, right = both.sizes["step"] - 1, chart.left + chart.width
    lowest = -np.inf
    for run in sorted(LANES, key=lambda name: float(both.loss.sel(run=name)[-1])):
        last = both.loss.sel(run=run)[-1]

        def text(last=last):
            return counter(last) if clock.get_value() >= n_steps - 1e-6 else ""

        lowest = max(float(chart.point(n_steps, last)[1]), lowest + 0.45)
        written = Number(text, [clock], widest=counter(last), weight="semibold")
        yield written.move_to((right + 0.2, lowest, 0), aligned_edge=LEFT_EDGE)


class Dip(Painted):
    """A ring where the loss without zero_grad() first turned up again, once all is done."""

    def __init__(self, both, chart, clock):
        super().__init__(14, 8, reads=[clock])
        losses = both.loss.sel(run="kept").values
        self.clock, self.last, self.step = clock, len(losses) - 1, dip(both)
        self.spot, self.ink = chart.point(self.step, losses[self.step]), theme.color("text")

    def shown(self):
        """Whether it is there now."""
        return self.step > 0 and self.clock.get_value() >= self.last - 1e-6

    def paint(self, pen):
        """Draw it."""
        if self.shown():
            pen.color(self.ink)
            pen.width(2.5)
            x, y = self.spot
            pen.circle(x, y, 0.17)
            pen.stroke()


def dip(both):
    """Return the round after which the loss without zero_grad() first rises, 0 if it never does."""
    rises = np.flatnonzero(np.diff(both.loss.sel(run="kept").values) > 0)
    return int(rises[0]) if len(rises) else 0


class Losses(Trail):
    """The loss so far: it changes while the step is made."""

    def now(self):
        """Return the step whose loss is shown, on its way from one to the next."""
        clock = self.clock.get_value()
        k = int(clock + 1e-9)
        return k + max(0.0, clock - k - FOUND) / (1 - FOUND)
