"""Batches double, a bar of memory for each, until one does not fit; then the largest that does."""

from __future__ import annotations

import re

from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import theme
from look.numbers import number
from look.runs import series
from look.words import say
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted
from scenes.parts.words import LABEL, Words
from scenes.recorded import RecordedScene

TOP, PITCH = 1.4, 0.6  # middle of the first row, and from row to row, frame units
BARS, WALL, EDGE = -4.9, 4.1, 6.6  # where bars begin, where the limit stands, how far one reaches
THICK = 0.38
FOOT = -3.55  # baseline of the last line
SECONDS_PER_BATCH, SECONDS_PER_TRY = 0.8, 0.75
FULL, FAILED = 0.8, 0.55  # of its time: when a bar is as long as it will be; the one that fails

READS = {
    "memory_wall": "batch_size (run), peak (run), fits (run), searched (run_search), "
    "searched_peak (run_search), asked_bytes, error, failed_batch, "
    "largest_batch, limit_bytes, limited, model, smallest_failed",
}

DESCRIPTION = """\
A row for each batch, each twice as large as the one before; on the right stands a wall, the limit.
One after the other bars grow from the left: the most memory that a training step took, written at
its end. They are short at first and double in length with the batch. After a pause the last one
comes close to the wall in another colour; an outline, the piece of memory that it asks for next,
breaks through the wall. Then what the program said is written out letter by letter, and makes way
for how large that piece is.
In the row over that bar a question mark has stood so far: there one more bar tries the batches
between, in the failing colour where one does not fit, and stays at the largest that does.
"""


class MemoryWall(RecordedScene):
    def construct(self):
        wall = self.recording("memory_wall")
        clock, said = ValueTracker(0), ValueTracker(0)
        n_batches = wall.sizes["run"]
        bars = Bars(wall, clock)

        self.next_section("batches")
        words = self.headline("command")
        self.add(words, heads(bars), bars, *sizes(bars, clock), *peaks(bars, clock))
        self.play_steps(clock, n_batches - 1, SECONDS_PER_BATCH)
        self.beat(1.6, "will the next one fit?")

        self.next_section("wall")
        self.play(clock.animate.set_value(n_batches), run_time=1.8, rate_func=linear)
        more = len(bars.sizes) > n_batches
        words = self.say(words, "wall", more=int(more))
        message = Message(last_words(wall.attrs["error"]), said)
        self.add(message)
        self.play(said.animate.set_value(1), run_time=1.6, rate_func=linear)
        self.wait(0.6)
        if found := piece(bars):
            self.play(FadeOut(message), run_time=0.15)
            self.play(*map(FadeIn, found), run_time=0.3)
        if more:
            self.play(
                clock.animate.set_value(n_batches + 1), rate_func=linear,
                run_time=SECONDS_PER_TRY * len(bars.tries),
            )  # fmt: skip

        self.next_section("verdict")
        self.say(words, "verdict")
        self.wait(1.5)


def last_words(error: str) -> str:
    """Return what an error says of the memory asked for, else its first words; as torch has it."""
    found = re.search(r"(?:you )?tried to allocate [\d.]+ \w+", error, re.IGNORECASE)
    return say("said", piece=found[0] if found else error.split(":")[0])


def heads(bars):
    """Return what stands over the columns: "batch", and the name of the limit."""
    head = bars.rows[0] + 0.48
    return VGroup(
        Words("batch", LABEL, "muted").on_baseline(BARS - 0.25, head, RIGHT),
        Words(say("limit"), 42, weight="semibold").on_baseline(WALL, head, ORIGIN),
    )


def piece(bars):
    """Return what the failing batch asks for next, under its piece beyond the wall."""
    if not bars.asked:
        return []
    words = Words(say("asked"), LABEL, weight="semibold")
    return [words.on_baseline(min(BARS + bars.lengths[-1] + bars.asked, EDGE), FOOT, RIGHT)]


def sizes(bars, clock):
    """Return each batch's size beside its bar; what the search finds is not known before."""
    for i, (size, y) in enumerate(zip(bars.sizes, bars.rows, strict=True)):
        text = number(size)

        def shown(start=bars.starts[i], text=text, later=i == bars.found):
            if later and clock.get_value() <= start:
                return say("unknown")
            return number(bars.trying()[0]) if later else text

        widest = max((number(size) for size, _ in bars.tries), key=len, default="")
        widest = widest if i == bars.found else text
        yield Number(shown, [clock], widest=widest, align="right").move_to(
            (BARS - 0.25, y, 0), aligned_edge=RIGHT
        )


def peaks(bars, clock):
    """Return the peaks as numbers, each at its bar's end once that is there; so of what failed."""
    for i, fits in enumerate(bars.fits):
        text = say("peak", n_bytes=bars.peaks[i])

        grown = FULL if fits else FAILED
        if i == bars.found:  # in the last of the tries
            grown = 1 - (1 - FULL) / len(bars.tries)

        def shown(there=bars.starts[i] + grown, text=text):
            return text if clock.get_value() >= there else ""

        # Where there is no room before the wall, in the bar.
        inside = bars.lengths[i] > 0.75 * (WALL - BARS)
        color, side, away = ("background", RIGHT, -0.15) if inside else ("text", LEFT, 0.15)
        yield Number(
            shown, [clock], widest=text, color=color, align="right" if inside else "left"
        ).move_to((BARS + bars.lengths[i] + away, bars.rows[i], 0), aligned_edge=side)


def typed(share, text):
    """Return how many letters are there: never the first marks alone."""
    first = len("“… you") if share > 0 else 0
    return max(first, round(share * len(text)))


class Message(Number):
    """What the program said, typed letter by letter."""

    def __init__(self, text, tracker):
        super().__init__(
            lambda: text[: typed(tracker.get_value(), text)], [tracker], weight="mono",
            widest=text, color=series("fails").color,
        )  # fmt: skip
        self.move_to((BARS, FOOT, 0), aligned_edge=LEFT + DOWN)


class Bars(Painted):
    """Peak memory of each batch, growing with the clock towards the wall.

    The piece that the last one asks for and does not get is an outline. It is as long as torch
    says, up to the frame's edge. The one that was found by a search is first what this tried.
    """

    def __init__(self, wall, clock):
        sizes, peaks = wall.batch_size.values.tolist(), wall.peak.values.tolist()
        fits, starts = wall.fits.values.astype(bool).tolist(), list(range(len(sizes)))
        searched = dict(
            zip(wall.searched.values.tolist(), wall.searched_peak.values.tolist(), strict=True)
        )
        largest, self.found, self.tries = wall.attrs["largest_batch"], -1, []
        if largest not in sizes:  # it was found last, and stands before the one that failed
            self.found = len(sizes) - 1
            self.tries = [*searched.items(), (largest, searched[largest])]
            sizes.insert(self.found, largest)
            peaks.insert(self.found, searched[largest])
            fits.insert(self.found, True)
            starts.insert(self.found, len(starts))
        self.rows = [TOP - PITCH * i for i in range(len(sizes))]
        super().__init__(EDGE - BARS, self.rows[0] - self.rows[-1] + THICK, reads=[clock])
        self.shift(((EDGE + BARS) / 2, (self.rows[0] + self.rows[-1]) / 2, 0))
        limit = wall.attrs["limit_bytes"] or float(wall.peak.max())
        scale = (WALL - BARS) / limit  # frame units a byte
        self.sizes, self.peaks, self.fits, self.starts = sizes, peaks, fits, starts
        self.lengths = [scale * peak for peak in peaks]
        self.asked, self.clock, self.largest = wall.attrs["asked_bytes"] * scale, clock, largest
        self.ways = [scale * peak for _, peak in self.tries]
        self.inks = {name: theme.color(name) for name in ("text", "quiet")}
        self.inks |= {name: series(name).color for name in ("fits", "fails")}

    def trying(self):
        """Return which size the search tries now, and how long its bar is."""
        now = (self.clock.get_value() - self.starts[self.found]) * len(self.tries)
        k = min(max(int(now), 0), len(self.tries) - 1)
        share = min(1.0, max(0.0, now - k) / FULL)
        # All of them are larger than the batch in the row before, whose bar is known.
        before = min(self.lengths[self.found - 1] if self.found else 0.0, self.ways[k])
        return self.tries[k][0], before + share * (self.ways[k] - before)

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
        for i, (length, y) in enumerate(zip(self.lengths, self.rows, strict=True)):
            # The failed one has its piece to ask for in the last part of its time.
            full, start = FULL if self.fits[i] else FAILED, self.starts[i]
            grown = min(1.0, max(0.0, (clock - start) / full))
            good, long = self.fits[i] or grown < 1, grown * length
            if i == self.found:
                size, long = self.trying()
                long, good = long * (clock > start), size <= self.largest
            pen.color(self.inks["fits" if good else "fails"])
            pen.rectangle(BARS, y - thick / 2, long, thick)
            pen.fill()
            if not self.fits[i] and grown == 1:
                reach = min(1.0, (clock - start - full) / 0.25)
                end = min(BARS + length + reach * self.asked, EDGE)
                pen.color(self.inks["fails"])
                pen.width(4)
                pen.rectangle(BARS + length, y - thick / 2, end - BARS - length, thick)
                pen.stroke()
