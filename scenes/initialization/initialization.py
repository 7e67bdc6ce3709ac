"""One batch goes down through three deep networks, and its gradient comes back up."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, RIGHT, ValueTracker, linear

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "initialization": "output_sizes (run, epoch, layer, bin_size), "
    "gradient_sizes (run, epoch, layer, bin_size), output_gain (run, epoch, layer), "
    "gradient_gain (run, epoch, layer), bin_size (bin_size), run (run), depth, "
    "kaiming_back, kaiming_gain, large_back, large_gain, normal, only_kaiming, small_back, "
    "small_gain, uniform, within",
}

DESCRIPTION = """\
Three columns, one a network with ReLU: its weights drawn too small, as Kaiming has it, and too
large. Each column has a logarithmic axis of sizes. A ridge, the sizes of the first layer's
activations for one batch of digits, goes down layer by layer and leaves its shape at each: in the
first column the ridges wander to the left, to ever smaller values, in the last one to the right,
and in the middle they stand straight below each other. Then these ridges grow faint, and others
come from the last layer up to the first: the gradients, which wander in the same way. Two rows of
numbers under the columns count along: forward, the activations' spread in units of the first
layer's, and back, the gradients' size in units of the last one's. In the end, a word says what
became of both, and the columns that lost either grow faint.
"""

RUNS = {"small": "relu, normal", "kaiming": "relu, kaiming", "large": "relu, uniform"}
LEFT, GAP, ACROSS = -5.15, 0.3, 3.78  # of the columns, in frame units
TOP, BOTTOM = 1.16, -2.12  # baselines of the first and the last layer
NAME, TICKS, FATE = 2.06, -2.5, -3.8  # baselines of words over and under them
ROWS = (-2.88, -3.28)  # of the numbers: forward, back
POWERS = (-12, -8, -4, 0)
SPAN = (-15.5, 4.5)  # powers of ten that the axes show
COUNTED, RAISED = 34, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"  # size in pixels; of exponents


class Initialization(RecordedScene):
    def construct(self):
        recorded = self.recording("initialization")
        attrs = recorded.attrs
        depth = int(attrs["depth"])
        down, up, past, faint = (ValueTracker(0) for _ in range(4))
        columns, counts, names, results = [], [], [], []
        for i, name in enumerate(RUNS):
            left = LEFT + i * (ACROSS + GAP)
            gains = [float(attrs[f"{name}_{what}"]) for what in ("gain", "back")]
            fates = [fate(gain, attrs["within"]) for gain in gains]
            lost = fates != ["kept", "kept"]
            columns.append(Ridges(recorded, RUNS[name], left, (down, up, past, faint), lost))
            counts.append(Counts(recorded, RUNS[name], left, down, up))
            middle = left + ACROSS / 2
            names.append(Words(say(name), weight="semibold").on_baseline(middle, NAME, ORIGIN))
            said = say("fate", fate="-".join(dict.fromkeys(fates)))
            results.append(Words(said, 42, weight="semibold").on_baseline(middle, FATE, ORIGIN))
        axes = [
            Words(number(10.0**power), TICK, "muted").on_baseline(column.at(power), TICKS, ORIGIN)
            for column in columns
            for power in POWERS
        ]
        ends = [
            Words(say("layer", k=k), color="muted").on_baseline(LEFT - 0.12, y - 0.02, RIGHT)
            for k, y in ((1, TOP), (depth, BOTTOM))
        ]
        forward, back = named_rows()

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *columns, *counts, *names, *axes, *ends, forward)
        self.wait(0.5)
        self.play_steps(down, depth - 1, 4.6 / max(depth - 1, 1))
        self.wait(0.5)

        self.next_section("back")
        words = self.say(words, "back", also=[back])
        self.play(past.animate.set_value(1), run_time=0.4)
        self.play(up.animate.set_value(depth), run_time=4.6, rate_func=linear)
        self.wait(0.3)

        self.next_section("end")
        self.say(words, "end", also=results)
        self.play(past.animate.set_value(0), faint.animate.set_value(1), run_time=0.6)
        self.wait(1.5)


def named_rows():
    """Return what the two rows of numbers are called, each in the colour of its numbers."""
    return [
        Words(say(f"{name} row"), color=series(name).token).on_baseline(LEFT - 0.12, y, RIGHT)
        for name, y in zip(("values", "gradients"), ROWS, strict=True)
    ]


def fate(gain, within):
    """Return what became of a size: whether it is between 1/within and within."""
    return "high" if gain >= within else "kept" if gain > 1 / within else "low"


class Ridges(Painted):
    """A network's layers as lines below each other, with the sizes of what passes them.

    Parameters
    ----------
    recorded : Dataset
    run : str
    left : float
        Of the column, in frame units.
    clocks : four ValueTrackers
        The layer that the batch has come to, from 0; how many layers the gradient has passed; at
        1, activations are faint; and at 1, a column that `lost` something is.
    """

    def __init__(self, recorded, run, left, clocks, lost):
        super().__init__(ACROSS, TOP - BOTTOM, reads=list(clocks))
        self.move_to((left + ACROSS / 2, (TOP + BOTTOM) / 2, 0))
        self.down, self.up, self.past, self.faint = clocks
        self.lost = lost
        one = recorded.sel(run=run).isel(epoch=0)
        self.sizes = one.bin_size.values
        self.low, self.high = SPAN
        self.left = left
        self.forward, self.backward = (
            _shares(one[name].values) for name in ("output_sizes", "gradient_sizes")
        )
        self.lines = np.linspace(TOP, BOTTOM, len(self.forward))
        self.tall = min(2.1 * (TOP - BOTTOM) / max(len(self.forward) - 1, 1), 0.72)
        self.inks = [theme.color(series(name).token) for name in ("values", "gradients")]
        self.quiet, self.back = theme.color("quiet"), theme.color("background")

    def at(self, power):
        """Return where a power of ten lies, in frame units."""
        share = (np.asarray(power) - self.low) / (self.high - self.low)
        return self.left + share * ACROSS

    def paint(self, pen):
        shade = 1 - 0.72 * self.faint.get_value() * self.lost
        pen.width(1.2)
        pen.color(self.quiet)
        x = float(self.at(0))
        pen.polyline(np.array([[x, TOP + 0.45], [x, BOTTOM - 0.2]]))
        for y in self.lines:
            pen.polyline(np.array([[self.left, y], [self.left + ACROSS, y]]))
        pen.stroke()
        now = min(self.down.get_value(), len(self.lines) - 1)
        last = len(self.lines) - 1
        strong = shade * (1 - 0.75 * self.past.get_value())
        # Top to bottom, so that each ridge stands before the one above it.
        for layer, y in enumerate(self.lines):
            if layer <= now:
                self.ridge(pen, self.forward[layer], y, self.inks[0], 1, strong)
        share = now - int(now)
        if share > 1e-9:
            k = int(now)
            shape = (1 - share) * self.forward[k] + share * self.forward[k + 1]
            y = (1 - share) * self.lines[k] + share * self.lines[k + 1]
            self.ridge(pen, shape, y, self.inks[0], 1, strong)
        for layer, y in enumerate(self.lines):
            come = self.up.get_value() - (last - layer)
            if come > 0:
                self.ridge(pen, self.backward[layer], y, self.inks[1], min(come, 1.0), shade)

    def ridge(self, pen, share, y, ink, up, strong):
        """Draw a histogram over a line, as high as it has grown; it hides what is behind it."""
        inside = (self.sizes >= self.low) & (self.sizes <= self.high)
        x = self.at(self.sizes[inside])
        top = y + up * self.tall * share[inside]
        outline = np.column_stack([x, top])
        pen.polyline(np.vstack([[x[0], y], outline, [x[-1], y]]), close=True)
        pen.color(mix(self.back, ink, 0.55 * strong))
        pen.fill()
        pen.color(mix(self.back, ink, strong))
        pen.width(2.2)
        shown = np.flatnonzero(share[inside] > 0)
        if len(shown):
            cut = slice(max(shown[0] - 1, 0), shown[-1] + 2)
            pen.polyline(outline[cut])
            pen.stroke()


class Counts(Painted):
    """Under a column: how many times as large both are by now as where they set out.

    In the upper row activations, from the first layer on; in the lower one gradients, from the
    last.
    """

    def __init__(self, recorded, run, left, down, up):
        super().__init__(ACROSS, 0.68, reads=[down, up])
        self.move_to((left + ACROSS / 2, sum(ROWS) / 2 + 0.15, 0))
        self.left, self.down, self.up = left, down, up
        one = recorded.sel(run=run).isel(epoch=0)
        self.told = [
            [say("gain", x=gain) for gain in gains]
            for gains in (one.output_gain.values, one.gradient_gain.values[::-1])
        ]
        self.inks = [theme.color(series(name).token) for name in ("values", "gradients")]

    def now(self):
        """Return what is written: one number, or two once there is a gradient."""
        passed = (self.down.get_value(), self.up.get_value() - 1)
        return [
            told[min(int(at + 1e-9), len(told) - 1)]
            for told, at in zip(self.told, passed, strict=True)
            if at > -1
        ]

    def paint(self, pen):
        for text, ink, row in zip(self.now(), self.inks, ROWS, strict=False):
            pen.color(ink)
            parts = _raised(text)
            wide = sum(font.advance(part, "semibold") * em for part, _, em in parts)
            x = self.left + (ACROSS - wide) / 2
            for part, up, em in parts:
                font.write(pen, part, x, row + up, em, "semibold")
                x += font.advance(part, "semibold") * em


def _raised(text):
    """Return a number's parts, how high each stands, and how large: its exponent is raised.

    The font of counters has no raised digits.
    """
    em = COUNTED / PIXELS_PER_UNIT
    low = text.rstrip(RAISED)
    exponent = text[len(low) :].translate(str.maketrans(RAISED, "−0123456789"))
    return [(low, 0.0, em), (exponent, 0.36 * em, 0.64 * em)]


def _shares(counts):
    """Return histograms, (layer, bin), each of height 1."""
    return counts / np.maximum(counts.max(1, keepdims=True), 1)
