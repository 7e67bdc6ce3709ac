"""Batches double in a terminal, a bar of memory beside each, until a step does not fit any more."""

from __future__ import annotations

import textwrap

import manim
import numpy as np
from manim import ValueTracker, VGroup, linear

from look import theme
from look.words import say
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

LEFT, RIGHT, TOP, BOTTOM = -6.6, 6.6, 2.35, -3.6  # of the terminal
TITLE = 0.5  # height of its title bar
SIZE = 22  # pixels of the type
MARGIN = 0.3
BARS, WALL = -1.6, 4.6  # where bars begin, and where the limit stands
SECONDS_PER_BATCH, CHARACTERS_PER_SECOND = 0.75, 75.0

READS = {
    "memory_wall": "peak (run), saved (run), fits (run), printed (run), asked_bytes, bytes_fixed, "
    "bytes_per_example, command, error, failed_batch, largest_batch, limit_bytes, limited, model, "
    "saved_per_example, smallest_failed",
}

DESCRIPTION = """\
In a terminal window a command is typed that tries one training step on batches of doubling size,
each in a process of its own. An empty track for each batch ends at a dashed line, the limit. A line
appears for each batch with the most memory that its step took, and beside it a bar fills its track
from the left; an orange stripe in it is what is kept for the backward pass. The bars are short at
first and double in length with the batch. The last one comes close to the limit and turns red; a
red outline, the piece of memory that it asks for next, reaches beyond the limit. Then the error
that the program stopped with is written out letter by letter, as torch said it.
"""


class MemoryWall(RecordedScene):
    def construct(self):
        wall = self.recording("memory_wall")
        prompt = 1 / (2 + len(wall.attrs["command"]))  # "$" is there from the start
        typed, clock, said = ValueTracker(prompt), ValueTracker(0), ValueTracker(0)
        screen = Screen(wall, typed, clock, said)
        n_batches = wall.sizes["run"]

        self.next_section("command")
        words = self.headline("command")
        self.add(words, *screen.parts)
        self.wait(0.3)
        self.play(typed.animate.set_value(1), run_time=1.4, rate_func=linear)

        self.next_section("batches")
        words = self.say(words, "batches")
        self.play_steps(clock, n_batches - 1, SECONDS_PER_BATCH)

        self.next_section("wall")
        words = self.say(words, "wall")
        self.play(clock.animate.set_value(n_batches), run_time=1.6, rate_func=linear)
        self.play(
            said.animate.set_value(1),
            run_time=len(wall.attrs["error"]) / CHARACTERS_PER_SECOND,
            rate_func=linear,
        )
        self.wait(1.0)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.wait(2.6)


def wrapped(text: str) -> list[str]:
    """Break a text at the terminal's width, between words; nothing else is changed."""
    return [
        piece
        for line in text.splitlines()
        for piece in textwrap.wrap(line, columns(), break_on_hyphens=False)
    ]


def columns() -> int:
    """Return how many characters the terminal has in a line."""
    from scenes.parts import font

    letter = font.advance("m", "mono") * SIZE / 90
    return int((RIGHT - LEFT - 2 * MARGIN) / letter)


class Screen:
    """The terminal: the command, a line and a bar for each batch, the error."""

    def __init__(self, wall, typed, clock, said):
        command = wrapped(say("typed"))
        error = wrapped(wall.attrs["error"])
        first = len(command) + 0.2
        last = first + wall.sizes["run"] + 0.2
        self.pitch = min(0.5, (TOP - TITLE - 0.3 - BOTTOM - 0.3) / (last + len(error) - 1))
        rows = [self.row(first + i) for i in range(wall.sizes["run"])]
        names = VGroup(Words("peak of the step", 22), Words("kept for the backward pass", 22))
        bar = TOP - TITLE / 2 - 0.07  # baseline of the title bar
        names[1].on_baseline(RIGHT - MARGIN, bar, manim.RIGHT)
        names[0].on_baseline(names[1].get_left()[0] - 0.6, bar, manim.RIGHT)
        self.parts = [
            Window(),
            names,
            *(
                Key(color, 0.18).move_to((name.get_left()[0] - 0.2, bar + 0.07, 0))
                for name, color in zip(names, ("blue", "orange"), strict=True)
            ),
            *typing(command, [self.row(i) for i in range(len(command))], typed),
            Bars(wall, rows, 0.62 * self.pitch, clock),
            Words("limit", 22, "muted").on_baseline(WALL + 0.18, rows[0] - 0.08),
            Words(say("limit film"), 22).on_baseline(WALL + 0.18, rows[0] - 0.38),
            *(
                Number(
                    shown_from(text, clock, i + 0.8),
                    [clock],
                    size=SIZE,
                    weight="mono",
                    widest=text,
                ).move_to((LEFT + MARGIN, y, 0), aligned_edge=manim.LEFT)
                for i, (text, y) in enumerate(zip(wall.printed.values.tolist(), rows, strict=True))
            ),
            *typing(
                error,
                [self.row(last + i) for i in range(len(error))],
                said,
            ),
        ]

    def row(self, i):
        """Return the height of a line's middle."""
        return TOP - TITLE - 0.3 - i * self.pitch


def shown_from(text, clock, moment):
    """Return what a line shows: nothing before the clock comes to `moment`."""
    return lambda: text if clock.get_value() >= moment else ""


def typing(lines, heights, tracker):
    """Return lines that are typed, one after the other, while a tracker goes from 0 to 1."""
    total = sum(map(len, lines))
    start = 0
    for line, y in zip(lines, heights, strict=True):

        def shown(line=line, start=start):
            return line[: max(0, round(tracker.get_value() * total) - start)]

        start += len(line)
        yield Number(shown, [tracker], size=SIZE, weight="mono", widest=line).move_to(
            (LEFT + MARGIN, y, 0), aligned_edge=manim.LEFT
        )


class Window(Painted):
    """The terminal's window."""

    def __init__(self):
        super().__init__(RIGHT - LEFT, TOP - BOTTOM)
        self.shift(((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2, 0))
        self.edge = theme.color("quiet")
        self.lights = [theme.color(name) for name in ("vermillion", "orange", "green")]

    def paint(self, pen):
        """Draw the frame, its title bar and three lights."""
        radius = 0.16
        context = pen.context
        for x, y, turn in (
            (RIGHT - radius, TOP - radius, 0),
            (LEFT + radius, TOP - radius, 1),
            (LEFT + radius, BOTTOM + radius, 2),
            (RIGHT - radius, BOTTOM + radius, 3),
        ):
            context.arc(x, y, radius, turn * np.pi / 2, (turn + 1) * np.pi / 2)
        context.close_path()
        pen.color(self.edge)
        pen.width(2)
        pen.stroke()
        pen.polyline(np.array([[LEFT, TOP - TITLE], [RIGHT, TOP - TITLE]]))
        pen.stroke()
        for i, light in enumerate(self.lights):
            pen.circle(LEFT + MARGIN + 0.07 + 0.27 * i, TOP - TITLE / 2, 0.07)
            pen.color(light)
            pen.fill()


class Bars(Painted):
    """Peak memory of each batch, growing with the clock in a track that ends at the limit.

    The piece that the last one asks for and does not get is an outline. It is as long as torch
    says, up to the window's edge.
    """

    def __init__(self, wall, rows, thick, clock):
        super().__init__(RIGHT - BARS, rows[0] - rows[-1] + thick, reads=[clock])
        self.shift(((RIGHT + BARS) / 2, (rows[0] + rows[-1]) / 2, 0))
        limit = wall.attrs["limit_bytes"] or float(wall.peak.max())
        self.scale_x = (WALL - BARS) / limit  # frame units a byte
        self.lengths = wall.peak.values * self.scale_x
        self.kept = wall.saved.values * self.scale_x
        self.asked = wall.attrs["asked_bytes"] * self.scale_x
        self.fits, self.rows, self.clock = wall.fits.values.astype(bool), rows, clock
        self.thick = thick
        names = ("blue", "orange", "vermillion", "text", "quiet")
        self.inks = {name: theme.color(name) for name in names}

    def paint(self, pen):
        """Draw them as far as the clock has come."""
        clock, thick = self.clock.get_value(), self.thick
        for i, (length, kept, y) in enumerate(
            zip(self.lengths.tolist(), self.kept.tolist(), self.rows, strict=True)
        ):
            pen.color(self.inks["quiet"], 0.45)
            pen.rectangle(BARS, y - thick / 2, WALL - BARS, thick)
            pen.fill()
            # The failed one has its piece to ask for in the last part of its time.
            full = 0.8 if self.fits[i] else 0.55
            grown = min(1.0, max(0.0, (clock - i) / full))
            pen.color(self.inks["blue" if self.fits[i] or grown < 1 else "vermillion"])
            pen.rectangle(BARS, y - thick / 2, grown * length, thick)
            pen.fill()
            pen.color(self.inks["orange"])
            pen.rectangle(BARS, y - thick / 6, grown * kept, thick / 3)
            pen.fill()
            if not self.fits[i] and grown == 1:
                reach = min(1.0, (clock - i - full) / 0.25)
                end = min(BARS + length + reach * self.asked, RIGHT - 0.12)
                pen.color(self.inks["vermillion"])
                pen.width(2.5)
                pen.rectangle(BARS + length, y - thick / 2, end - BARS - length, thick)
                pen.stroke()
        pen.color(self.inks["text"])
        pen.width(2)
        pen.context.set_dash([0.08, 0.06])
        over = self.thick / 2 + 0.08
        pen.polyline(np.array([[WALL, self.rows[0] + over], [WALL, self.rows[-1] - over]]))
        pen.stroke()
