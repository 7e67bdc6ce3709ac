"""Batches double, a bar of memory for each, until a step does not fit any more."""

from __future__ import annotations

import re

from manim import DOWN, LEFT, ORIGIN, RIGHT, ValueTracker, VGroup, linear

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

TOP, PITCH = 1.35, 0.66  # middle of the first row, and from row to row, frame units
BARS, WALL, EDGE = -4.9, 4.1, 6.6  # where bars begin, where the limit stands, how far one reaches
THICK = 0.4
FOOT = -3.55  # baseline of the last line
SECONDS_PER_BATCH = 0.8

READS = {
    "memory_wall": "batch_size (run), peak (run), fits (run), asked_bytes, bytes_per_example, "
    "error, failed_batch, largest_batch, largest_doubled, limit_bytes, limited, model, "
    "smallest_failed",
}

DESCRIPTION = """\
A row for each batch, each twice as large as the one before; on the right stands a wall, the limit.
One after the other bars grow from the left: the most memory that a training step took, written at
its end. They are short at first and double in length with the batch. After a pause the last one
comes close to the wall and turns red; a red outline, the piece of memory that it asks for next,
breaks through the wall. Then what the program said is written out letter by letter.
"""


class MemoryWall(RecordedScene):
    def construct(self):
        wall = self.recording("memory_wall")
        clock, said = ValueTracker(0), ValueTracker(0)
        n_batches = wall.sizes["run"]
        rows = [TOP - PITCH * i for i in range(n_batches)]
        bars = Bars(wall, rows, clock)

        self.next_section("batches")
        words = self.headline("command")
        self.add(words, labels(wall, rows), bars, *peaks(wall, bars, clock))
        self.play_steps(clock, n_batches - 1, SECONDS_PER_BATCH)
        self.beat(1.6, "will the next one fit?")

        self.next_section("wall")
        words = self.say(words, "wall")
        self.play(clock.animate.set_value(n_batches), run_time=1.8, rate_func=linear)
        message = Message(last_words(wall.attrs["error"]), said)
        self.add(message)
        self.play(said.animate.set_value(1), run_time=1.6, rate_func=linear)
        self.wait(0.6)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.wait(1.5)


def last_words(error: str) -> str:
    """Return what an error says of the memory asked for, else its first words; as torch has it."""
    found = re.search(r"(?:you )?tried to allocate [\d.]+ \w+", error, re.IGNORECASE)
    return say("said", piece=found[0] if found else error.split(":")[0])


def labels(wall, rows):
    """Return the batches' sizes, what stands over them, and the name of the limit."""
    head = rows[0] + 0.52
    return VGroup(
        Words("batch", LABEL, "muted").on_baseline(BARS - 0.25, head, RIGHT),
        *(
            Words(number(int(batch)), LABEL).on_baseline(BARS - 0.25, y - 0.12, RIGHT)
            for batch, y in zip(wall.batch_size.values, rows, strict=True)
        ),
        Words(say("limit"), 42, weight="semibold").on_baseline(WALL, head, ORIGIN),
    )


def peaks(wall, bars, clock):
    """Return the peaks as numbers, each at the end of its bar once that is there."""
    ends = zip(wall.peak.values.tolist(), bars.lengths.tolist(), bars.rows, strict=True)
    for i, (peak, length, y) in enumerate(ends):
        if bars.fits[i]:
            text = say("peak", n_bytes=peak)

            def shown(i=i, text=text):
                return text if clock.get_value() >= i + 0.8 else ""

            yield Number(shown, [clock], widest=text).move_to(
                (BARS + length + 0.15, y, 0), aligned_edge=LEFT
            )


class Message(Number):
    """What the program said, typed letter by letter."""

    def __init__(self, text, tracker):
        super().__init__(
            lambda: text[: round(tracker.get_value() * len(text))], [tracker], weight="mono",
            widest=text, color="vermillion",
        )  # fmt: skip
        self.move_to((BARS, FOOT, 0), aligned_edge=LEFT + DOWN)


class Bars(Painted):
    """Peak memory of each batch, growing with the clock towards the wall.

    The piece that the last one asks for and does not get is an outline. It is as long as torch
    says, up to the frame's edge.
    """

    def __init__(self, wall, rows, clock):
        super().__init__(EDGE - BARS, rows[0] - rows[-1] + THICK, reads=[clock])
        self.shift(((EDGE + BARS) / 2, (rows[0] + rows[-1]) / 2, 0))
        limit = wall.attrs["limit_bytes"] or float(wall.peak.max())
        self.scale_x = (WALL - BARS) / limit  # frame units a byte
        self.lengths = wall.peak.values * self.scale_x
        self.asked = wall.attrs["asked_bytes"] * self.scale_x
        self.fits, self.rows, self.clock = wall.fits.values.astype(bool), rows, clock
        names = ("sky", "vermillion", "text", "quiet")
        self.inks = {name: theme.color(name) for name in names}

    def paint(self, pen):
        """Draw them as far as the clock has come."""
        clock, thick = self.clock.get_value(), THICK
        over = thick / 2 + 0.1
        high, low = self.rows[0] + over, self.rows[-1] - over
        pen.color(self.inks["quiet"], 0.45)
        pen.rectangle(WALL, low, EDGE - WALL, high - low)
        pen.fill()
        pen.color(self.inks["text"])
        pen.rectangle(WALL - 0.05, low, 0.1, high - low)
        pen.fill()
        for i, (length, y) in enumerate(zip(self.lengths.tolist(), self.rows, strict=True)):
            # The failed one has its piece to ask for in the last part of its time.
            full = 0.8 if self.fits[i] else 0.55
            grown = min(1.0, max(0.0, (clock - i) / full))
            pen.color(self.inks["sky" if self.fits[i] or grown < 1 else "vermillion"])
            pen.rectangle(BARS, y - thick / 2, grown * length, thick)
            pen.fill()
            if not self.fits[i] and grown == 1:
                reach = min(1.0, (clock - i - full) / 0.25)
                end = min(BARS + length + reach * self.asked, EDGE)
                pen.color(self.inks["vermillion"])
                pen.width(4)
                pen.rectangle(BARS + length, y - thick / 2, end - BARS - length, thick)
                pen.stroke()
