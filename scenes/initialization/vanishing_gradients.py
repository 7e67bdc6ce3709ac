"""The gradient goes back through three networks: as bars, then as tiles that hang from 1."""

from __future__ import annotations

import numpy as np
from manim import (
    ORIGIN,
    RIGHT,
    FadeIn,
    FadeOut,
    ValueTracker,
    VGroup,
    linear,
    rush_from,
    rush_into,
)

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.paint import Painted
from scenes.parts.words import TICK, Words
from scenes.recorded import RecordedScene

READS = {
    "vanishing_gradients": "gain (run, layer), run (run), slope_bound (layer), bound, depth, "
    "relu_gain, sigmoid_gain, sigmoid_lost, tanh_gain"
}

DESCRIPTION = """\
Three rows of bars side by side, for sigmoid, tanh and ReLU. From the left, bar after bar appears:
the norm of the gradient after each layer on its way back. Those of the sigmoid shrink to nothing
after a few layers, those of tanh slowly, those of ReLU hardly. Then the axis turns logarithmic: of
each bar only its top is left, a tile that hangs from 1 by a stem, and the sigmoid's turn out to
fall in a straight line, by about the same factor a layer. A dashed line is drawn over them, a
quarter a layer, the most that the slopes of so many sigmoids can leave. At last all three stand
there again, with what is left.
"""

PANELS = {"sigmoid": "sigmoid, xavier", "tanh": "tanh, xavier", "relu": "relu, kaiming"}
LEFTMOST, GAP = -5.6, 0.6  # in frame units
WIDE = {"sigmoid": 5.4, "tanh": 2.6, "relu": 2.6}
FLOOR, TALL = -2.75, 4.35
TILE = 0.16  # height of a bar's top, which is left of it on a logarithmic axis
FAINT = 0.25  # opacity of what a headline isn't about


class VanishingGradients(RecordedScene):
    def construct(self):
        recorded = self.recording("vanishing_gradients")
        depth = int(recorded.attrs["depth"])
        clock, log, drawn = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        low = float(np.floor(np.log10(recorded.attrs["sigmoid_gain"])) - 1)
        panels, names, ends = [], [], []
        left = LEFTMOST
        for name, run in PANELS.items():
            gain = recorded.gain.sel(run=run).values
            panels.append(Bars(gain, low, left, WIDE[name], clock, log))
            names.append(Words(say(name), weight="semibold").on_baseline(left, FLOOR + TALL + 0.32))
            ends.append(
                Words(
                    say("left", x=recorded.attrs[f"{name}_gain"]), 34,
                    series("gradients").token, weight="semibold",
                ).on_baseline(left + WIDE[name], FLOOR + TALL + 0.32, RIGHT)
            )  # fmt: skip
            left += WIDE[name] + GAP
        flat = [
            Words(number(value), TICK, "muted").on_baseline(
                LEFTMOST - 0.15, FLOOR + at - 0.1, RIGHT
            )
            for value, at in ((0, 0.0), (1, TALL))
        ]
        powers = [k for k in range(0, int(low) - 1, -2) if k > low]
        steep = [
            Words(number(10.0**k), TICK, "muted").on_baseline(
                LEFTMOST - 0.15, FLOOR + TALL * (k - low) / -low - 0.1, RIGHT
            )
            for k in powers
        ]
        slot = WIDE["sigmoid"] / (depth + 1)
        foot = VGroup(
            Words(say("passed"), color="muted").on_baseline(
                LEFTMOST + WIDE["sigmoid"] / 2, FLOOR - 0.47, ORIGIN
            ),
            *(
                Words(number(k), TICK, "muted").on_baseline(
                    LEFTMOST + slot * (k + 0.5), FLOOR - 0.47, ORIGIN
                )
                for k in (0, depth)
            ),
        )
        key = Words(say("bound label", x=recorded.attrs["bound"])).on_baseline(
            LEFTMOST + 0.75, -3.75
        )

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *panels, *names, *flat, foot)
        self.wait(0.4)
        self.play(clock.animate.set_value(depth), run_time=3.6, rate_func=linear)
        self.wait(0.7)

        self.next_section("closer")
        words = self.say(words, "closer")
        self.play(
            log.animate.set_value(1),
            *(FadeOut(part, rate_func=rush_from) for part in flat),
            *(FadeIn(part, rate_func=rush_into) for part in steep),
            run_time=1.6,
        )
        self.play(*(FadeIn(part) for part in ends), run_time=0.4)
        self.wait(1.0)

        self.next_section("bound")
        self.say(words, "bound", also=[key])
        self.add(Bound(recorded, low, drawn))
        others = (*panels[1:], *names[1:], *ends[1:])  # it is about the first
        self.play(*(part.animate.set_opacity(FAINT) for part in others), run_time=0.4)
        self.play(drawn.animate.set_value(1), run_time=1.6, rate_func=linear)
        self.wait(0.9)
        self.play(*(part.animate.set_opacity(1) for part in others), run_time=0.4)
        self.wait(1.4)


def heights(gain, low, log):
    """Return the heights of gains, from linear (log 0) to logarithmic (1), 1 at the top."""
    with np.errstate(divide="ignore"):
        steep = np.clip((np.log10(gain) - low) / -low, 0, 1.1)
    return TALL * ((1 - log) * np.clip(gain, 0, 1.1) + log * steep)


class Bars(Painted):
    """The gradient's norm after each layer that it has passed, one bar each."""

    def __init__(self, gain, low, left, wide, clock, log):
        super().__init__(wide, TALL, reads=[clock, log])
        self.move_to((left + wide / 2, FLOOR + TALL / 2, 0))
        self.wide = wide
        self.gain, self.low, self.left, self.clock, self.log = gain, low, left, clock, log
        self.ink, self.quiet = theme.color(series("gradients").token), theme.color("quiet")

    def paint(self, pen):
        pen.color(self.quiet)
        pen.width(1.5)
        pen.polyline(np.array([[self.left, FLOOR], [self.left + self.wide, FLOOR]]))
        pen.stroke()
        now = self.clock.get_value()
        log = self.log.get_value()
        tall = heights(self.gain, self.low, log)
        slot = self.wide / len(self.gain)
        for k, height in enumerate(tall.tolist()):
            # A bar grows out of the one before it.
            come = min(max(now - k + 1, 0.0), 1.0)
            if come <= 0:
                break
            start = tall[k - 1] if k else height
            shown = (1 - come) * start + come * height
            shown = max(shown, 0.012)
            x = self.left + slot * (k if come == 1 else k - 1 + come)
            # A logarithmic axis has no 0 that a bar could stand on: its top hangs from 1.
            if log > 0 and shown < TALL:
                stem = x + slot / 2
                pen.polyline(np.array([[stem, FLOOR + TALL], [stem, FLOOR + shown]]))
                pen.color(self.ink, 0.45 * log)
                pen.width(2.5)
                pen.stroke()
            foot = log * max(shown - TILE, 0.0)
            pen.rectangle(x + 0.08 * slot, FLOOR + foot, 0.84 * slot, shown - foot)
            pen.color(self.ink)
            pen.fill()


class Bound(Painted):
    """Over the sigmoid's tiles: the most that so many slopes can leave."""

    def __init__(self, recorded, low, drawn):
        wide = WIDE["sigmoid"]
        super().__init__(wide, TALL, reads=[drawn])
        self.move_to((LEFTMOST + wide / 2, FLOOR + TALL / 2, 0))
        self.drawn = drawn
        x = LEFTMOST + wide / recorded.sizes["layer"] * (np.arange(recorded.sizes["layer"]) + 0.5)
        self.line = np.column_stack([x, FLOOR + heights(recorded.slope_bound.values, low, 1.0)])
        self.key = np.array([[LEFTMOST, -3.65], [LEFTMOST + 0.6, -3.65]])
        self.ink = theme.color("text")

    def paint(self, pen):
        line, share = self.line, self.drawn.get_value()
        if share <= 0:
            return
        at = min(share, 1.0) * (len(line) - 1)
        whole = int(at + 1e-9)
        part = line[: whole + 1]
        if whole < len(line) - 1:
            head = line[whole] + (at - whole) * (line[whole + 1] - line[whole])
            part = np.vstack([part, head])
        pen.context.set_dash([0.14, 0.09])
        pen.color(self.ink)
        pen.width(3.5)
        pen.polyline(part)
        pen.polyline(self.key)
        pen.stroke()
        pen.context.set_dash([])
