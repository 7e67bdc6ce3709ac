"""Batches double in a terminal, a bar of memory beside each, until a step does not fit any more.

Reads   memory_wall: batch_size, peak, printed, fits (run); command, error, limit_bytes
"""

from __future__ import annotations

import textwrap

import numpy as np

from scenes import _kit as kit

LEFT, RIGHT, TOP, BOTTOM = -6.6, 6.6, 2.35, -3.55  # of the terminal
SIZE = 20  # pixels of the type
MARGIN = 0.3
BARS, WALL = -1.7, 5.6  # where bars begin, and where the limit stands
SECONDS_PER_BATCH, CHARACTERS_PER_SECOND = 0.62, 75.0

DESCRIPTION = """\
In a terminal window a command is typed that tries one training step on batches of doubling size,
each in a process of its own. A line appears for each batch with the most memory that its step took,
and beside it a bar grows towards a vertical line, the limit. The bars are short at first and double
in length with the batch. The last one runs into the limit and turns red; then the error that the
program stopped with is written out letter by letter, as torch said it.
"""


class MemoryWall(kit.RecordedScene):
    def construct(self):
        wall = self.recording("memory_wall")
        typed, clock, said = kit.ValueTracker(0), kit.ValueTracker(0), kit.ValueTracker(0)
        screen = Screen(wall, typed, clock, said)
        n_batches = wall.sizes["run"]

        self.next_section("command")
        words = self.headline(
            "How large a batch fits into {limit}?",
            "One training step of a small {model}, batch after batch.",
        )
        self.add(words, *screen.parts)
        self.wait(0.6)
        self.play(typed.animate.set_value(1), run_time=1.8, rate_func=kit.linear)

        self.next_section("batches")
        words = self.say(
            words,
            "Each batch is twice the one before",
            "Bars: peak memory of the step, much of it activations kept for the backward pass.",
        )
        self.play_steps(clock, n_batches - 1, SECONDS_PER_BATCH)

        self.next_section("wall")
        words = self.say(
            words,
            "A batch of {failed_batch:,} does not fit",
            "It asks for more than the limit leaves, and the step ends with an error.",
        )
        self.play(clock.animate.set_value(n_batches), run_time=1.2, rate_func=kit.linear)
        self.play(
            said.animate.set_value(1),
            run_time=len(wall.attrs["error"]) / CHARACTERS_PER_SECOND,
            rate_func=kit.linear,
        )
        self.wait(1.2)

        self.next_section("verdict")
        self.say(
            words,
            "{largest_batch:,} examples fit here, {smallest_failed:,} do not",
            "A step takes {kilobytes_per_example:.0f} kB more for each example; "
            "{saved_kilobytes:.0f} kB of it are kept for the backward pass.",
        )
        self.wait(2.6)

    def say(self, before, title, subtitle):
        """Put other words in the headline's place."""
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.15)
        self.play(kit.FadeIn(words), run_time=0.2)
        return words


def wrapped(text: str) -> list[str]:
    """Break a text at the terminal's width, between words; nothing else is changed."""
    return [
        piece
        for line in text.splitlines()
        for piece in textwrap.wrap(line, columns(), break_on_hyphens=False)
    ]


def columns() -> int:
    """Return how many characters the terminal has in a line."""
    from scenes import _font as font

    letter = font.advance("m", "mono") * SIZE / 90
    return int((RIGHT - LEFT - 2 * MARGIN) / letter)


class Screen:
    """The terminal: the command, a line and a bar for each batch, the error."""

    def __init__(self, wall, typed, clock, said):
        command = wrapped("$ " + wall.attrs["command"])
        error = wrapped(wall.attrs["error"])
        first = len(command) + 0.3
        last = first + wall.sizes["run"] + 0.15
        self.pitch = min(0.45, (TOP - 0.62 - BOTTOM - 0.3) / (last + len(error) - 1))
        rows = [self.row(first + i) for i in range(wall.sizes["run"])]
        self.parts = [
            Window(),
            *typing(command, [self.row(i) for i in range(len(command))], typed),
            Bars(wall, rows, clock),
            kit.Words(f"limit: {wall.attrs['limit']}", 22).on_baseline(
                WALL - 0.12, rows[0] - 0.08, kit.RIGHT
            ),
            *(
                kit.Number(
                    shown_from(text, clock, i + 0.8),
                    [clock],
                    size=SIZE,
                    weight="mono",
                    widest=text,
                ).move_to((LEFT + MARGIN, y, 0), aligned_edge=kit.LEFT)
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
        return TOP - 0.62 - i * self.pitch


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
        yield kit.Number(shown, [tracker], size=SIZE, weight="mono", widest=line).move_to(
            (LEFT + MARGIN, y, 0), aligned_edge=kit.LEFT
        )


class Window(kit.Painted):
    """The terminal's window."""

    def __init__(self):
        super().__init__(RIGHT - LEFT, TOP - BOTTOM)
        self.shift(((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2, 0))
        self.edge = kit.theme.color("quiet")
        self.lights = [kit.theme.color(name) for name in ("vermillion", "orange", "green")]

    def paint(self, pen):
        """Draw the frame and its three lights."""
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
        for i, light in enumerate(self.lights):
            pen.circle(LEFT + MARGIN + 0.07 + 0.27 * i, TOP - 0.24, 0.07)
            pen.color(light)
            pen.fill()


class Bars(kit.Painted):
    """Peak memory of each batch, growing with the clock, and the limit as a line."""

    def __init__(self, wall, rows, clock):
        super().__init__(WALL - BARS, rows[0] - rows[-1] + 0.4, reads=[clock])
        self.shift(((WALL + BARS) / 2, (rows[0] + rows[-1]) / 2, 0))
        limit = wall.attrs["limit_bytes"] or float(wall.peak.max())
        self.lengths = wall.peak.values / limit * (WALL - BARS)
        self.fits, self.rows, self.clock = wall.fits.values.astype(bool), rows, clock
        self.inks = {name: kit.theme.color(name) for name in ("blue", "vermillion", "text")}

    def paint(self, pen):
        """Draw them as far as the clock has come."""
        clock = self.clock.get_value()
        for i, (length, y) in enumerate(zip(self.lengths.tolist(), self.rows, strict=True)):
            grown = min(1.0, max(0.0, (clock - i) / 0.8))
            pen.color(self.inks["blue" if self.fits[i] or grown < 1 else "vermillion"])
            pen.rectangle(BARS, y - 0.1, grown * length, 0.2)
            pen.fill()
        pen.color(self.inks["text"])
        pen.width(2)
        pen.context.set_dash([0.08, 0.06])
        pen.polyline(np.array([[WALL, self.rows[0] + 0.3], [WALL, self.rows[-1] - 0.22]]))
        pen.stroke()
