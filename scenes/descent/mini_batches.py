"""A thousand digits are shuffled and cut into batches of 64; each batch makes a step."""

from __future__ import annotations

import numpy as np
from manim import ORIGIN, UP, FadeIn, ValueTracker, VGroup, linear, smooth
from PIL import Image

from look import theme
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

SECONDS_PER_STEP = 0.6
ACROSS = 4  # digits in a row of a batch
LEFT, RIGHT, TOP = -6.6, 6.6, 2.2  # of the picture, in frame units
TILE = 14 / 90  # of a digit, at most: whole pixels at 1280×720
BOTTOM = -3.55
CHART_TOP, CHART_BOTTOM = -0.8, -3.15

READS = {
    "mini_batches": "image (example, y, x), label (example), order (example), "
    "examples_in_batch (step), batch_loss (step), whole_loss (snapshot), all_loss (step), "
    "batch_size, dataset, full_batches, last_batch_size, n_steps, n_train, whole_loss_end, "
    "whole_loss_start, many, one, rises, worst_step, worst_before, worst_after, worst_all",
}

DESCRIPTION = """\
A field of a thousand small handwritten digits, laid out by class, fills the frame. The digits
fly apart and gather in columns, in random order, each a batch; the last one has what is left. Then
each column in turn lights up; a line drops from it into the chart below, where a dot
with a number shows the loss of that batch, and a curve, the loss of all digits, goes on by a step.
At the end all columns are lit: each digit has been used once. The batch whose step raised the loss
of all most is framed, and a dashed line shows where a step on all would have led from there.
"""


class MiniBatches(RecordedScene):
    def construct(self):
        epoch = self.recording("mini_batches")
        n_steps = epoch.sizes["step"]
        flown, clock = ValueTracker(0), ValueTracker(0)
        places = Places(epoch)
        digits = Digits(epoch, places, flown, clock)
        losses = Losses(epoch, places, clock)

        self.next_section("examples")
        words = self.headline("examples")
        self.add(words, digits)
        self.wait(0.6)

        self.next_section("shuffle and cut")
        words = self.say(words, "shuffle and cut")
        self.play(flown.animate.set_value(1), run_time=1.4, rate_func=linear)
        sizes = [
            Words(number(int(size)), 34, "muted").on_baseline(x, bottom - 0.4, ORIGIN)
            for size, x, bottom in list(
                zip(epoch.examples_in_batch.values, places.middles, places.bottoms, strict=False)
            )[:: max(1, n_steps - 1)]  # the first and the last
        ]
        self.play(*(FadeIn(part) for part in (*sizes, *losses.parts)), run_time=0.4)
        self.wait(0.6)

        self.next_section("epoch")
        words = self.say(words, "epoch")
        self.play_steps(clock, n_steps, SECONDS_PER_STEP)

        self.next_section("verdict")
        words = self.say(words, "verdict")
        if epoch.attrs["rises"]:
            self.wait(1.1)
            self.next_section("blame")
            self.say(words, "blame")
            self.play(losses.blame.animate.set_value(1), run_time=0.7)
        self.wait(1.5)


class Places:
    """Where each digit is: in the field, by class, and in its batch's column; where columns are."""

    def __init__(self, epoch):
        sizes = epoch.examples_in_batch.values
        order = epoch.order.values
        n_steps = len(sizes)
        self.slot = (RIGHT - LEFT) / (n_steps + 1)  # one more: after the last step
        self.middles = LEFT + self.slot * (np.arange(n_steps + 1) + 0.5)
        self.tile = min(TILE, self.slot / ACROSS * 0.85)
        rows = -(-int(sizes.max()) // ACROSS)
        self.bottoms = TOP - np.ceil(sizes / ACROSS) * self.tile

        step = np.repeat(np.arange(n_steps), sizes)
        row, column = np.divmod(np.arange(len(order)) - np.cumsum([0, *sizes[:-1]])[step], ACROSS)
        self.batches = np.empty((len(order), 2))  # top left corners, by the example's number
        self.batches[order] = np.stack(
            [
                self.middles[step] + (column - ACROSS / 2) * self.tile,
                TOP - row * self.tile,
            ],
            axis=1,
        )
        by_class = np.argsort(epoch.label.values, kind="stable")
        wide, tall = RIGHT - LEFT, TOP - BOTTOM
        most = int(np.sqrt(len(order) * tall / wide))
        full = (rows for rows in range(most, most // 2, -1) if len(order) % rows == 0)
        rows = next(full, most)  # 20 × 50 for a thousand: no column is shorter, if that can be
        side = min(tall / rows, wide / -(-len(order) // rows))
        self.large = np.floor(side * 90) / 90  # whole pixels, or there would be seams
        column, row = np.divmod(np.arange(len(order)), rows)
        left = -(column[-1] + 1) / 2 * self.large
        self.field = np.empty((len(order), 2))
        self.field[by_class] = np.array([left, TOP]) + self.large * np.stack([column, -row], axis=1)
        self.step = np.empty(len(order), dtype=int)
        self.step[order] = step


class Digits(Painted):
    """All digits, from the field to their batches; in the epoch, those to come are faint.

    They go past Cairo into the pixels, and are not made to be faded in or out.
    """

    FAINT = 0.42

    def __init__(self, epoch, places, flown, clock):
        super().__init__(RIGHT - LEFT, TOP - BOTTOM, reads=[flown, clock])
        self.shift((0, (TOP + BOTTOM) / 2, 0))
        self.places, self.flown, self.clock = places, flown, clock
        self.images = np.rint(255 * epoch.image.values).astype(np.uint8)
        self.paper, self.ink = theme.color("quiet"), theme.color("text")
        self.ground = np.array(rgb(theme.color("background")))
        self.inks = series("batch").color, series("thrown").color
        self.worst = int(epoch.attrs["worst_step"]) if epoch.attrs["rises"] else 0
        self.sizes: dict[
            int, tuple[np.ndarray, np.ndarray]
        ] = {}  # what `tiles` has made, by the side in pixels
        # Each sets off a little after the one before it in its batch, so that they don't bunch.
        rank = np.argsort(np.argsort(epoch.order.values))
        self.delay = 0.35 * rank / max(1, len(rank) - 1)

    def tiles(self, side: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the digits clear and faint, shape (example, side, side): four bytes, RGBA."""
        if side not in self.sizes:
            n, tall, wide = self.images.shape
            column = Image.fromarray(self.images.reshape(n * tall, wide))
            small = np.asarray(column.resize((side, n * side), Image.Resampling.BOX), dtype=float)
            clear = mix(self.paper, self.ink, small.reshape(n, side, side) / 255)
            shades = []
            for strength in (1.0, self.FAINT):
                pixels = np.full((n, side, side, 4), 255, dtype=np.uint8)
                pixels[..., :3] = 255 * (self.ground + strength * (clear - self.ground)) + 0.5
                shades.append(pixels.view(np.uint32)[..., 0])
            self.sizes[side] = shades[0], shades[1]
        return self.sizes[side]

    def corners(self) -> np.ndarray:
        """Return where the digits' top left corners are now, shape (example, 2)."""
        time = np.clip((self.flown.get_value() - self.delay) / 0.65, 0, 1)
        share = (time * time * (3 - 2 * time))[:, None]
        return (1 - share) * self.places.field + share * self.places.batches

    def faint(self) -> np.ndarray:
        """Return which digits are still to come, shape (example,)."""
        clock = self.clock.get_value()
        return (self.places.step > clock) & (clock > 0)

    def paint(self, pen):
        """Put every digit in its place, straight into the pixels."""
        share = smooth(self.flown.get_value())
        size = (1 - share) * self.places.large + share * self.places.tile
        side = max(1, round(size * pen.pixels_per_unit))
        height, width, _ = pen.pixels.shape
        clear, faint = self.tiles(side)
        shown = np.where(self.faint()[:, None, None], faint, clear)
        left, top = np.rint(pen.to_pixels(self.corners())).astype(int).T
        reach = np.arange(side)
        rows = np.clip(top[:, None, None] + reach[:, None], 0, height - 1)
        columns = np.clip(left[:, None, None] + reach[None, :], 0, width - 1)
        with pen.raster() as pixels:
            pixels.view(np.uint32)[rows, columns, 0] = shown
        self.frame_active(pen)

    def frame_active(self, pen):
        """Frame the batch whose turn it is; in the end, that which raised the loss most."""
        clock = self.clock.get_value()
        over = clock >= len(self.places.bottoms)
        if clock <= 0 or (over and not self.worst):
            return
        k = self.worst - 1 if over else int(clock)
        half = ACROSS / 2 * self.places.tile + 0.035
        bottom = self.places.bottoms[k] - 0.035
        pen.rectangle(self.places.middles[k] - half, bottom, 2 * half, TOP + 0.035 - bottom)
        pen.color(self.inks[int(over)])
        pen.width(2.5)
        pen.stroke()


class Losses:
    """The chart under the columns: a dot for each batch, a line for all examples, a counter."""

    def __init__(self, epoch, places, clock):
        batch, whole = epoch.batch_loss.values, epoch.whole_loss.values
        n_steps = len(batch)
        low, high = min(batch.min(), whole.min()), max(batch.max(), whole.max())
        worst = int(epoch.attrs["worst_step"])
        if epoch.attrs["rises"]:
            low = min(low, epoch.attrs["worst_all"])
        room = 0.22 * (high - low)
        chart = Chart(
            (0, (CHART_TOP + CHART_BOTTOM) / 2),
            RIGHT - LEFT,
            CHART_TOP - CHART_BOTTOM,
            (-0.5, n_steps + 0.5),
            (low - room, high + room),
        )
        numbers = [
            Number(
                shown_from(fixed(batch[k], 2), clock, k + APPEARS, k + 1),
                [clock],
                size=34,
                widest="0.00",
            ).move_to((x, y + (0.32 if batch[k] >= whole[k] else -0.32), 0))
            for k, (x, y) in enumerate(chart.point(np.arange(n_steps), batch).tolist())
            if k  # there stands the loss of all
        ]
        ends = [  # of the line: the loss of all
            Number(
                shown_from(fixed(whole[k], 2), clock, from_),
                [clock],
                size=34,
                weight="semibold",
                widest="0.00",
            )
            .move_to((*chart.point(k, whole[k]), 0))
            .shift(up * UP)
            for k, from_, up in ((0, 0, -0.38), (n_steps, n_steps, 0.32))
        ]
        self.blame = ValueTracker(0)  # how far the step on all has come
        from_, to = chart.point([worst - 1, worst], [whole[worst - 1], epoch.all_loss[worst - 1]])
        text = fixed(epoch.attrs["worst_all"], 2)
        on_all = Number(lambda: text if self.blame.get_value() >= 1 else "", [self.blame], size=34,
                        weight="semibold", widest="0.00")  # fmt: skip
        x = places.middles[-1]
        every = 1 if n_steps <= 20 else 10
        shown = range(0, n_steps, every)
        self.parts = [
            Dots(chart, batch, whole, places, clock),
            Step(from_, to, self.blame),
            *numbers,
            *ends,
            on_all.move_to((to[0] + 0.6, to[1], 0)),
            VGroup(
                *(
                    Words(number(k + 1), 28, "muted").on_baseline(
                        places.middles[k], CHART_BOTTOM - 0.42, ORIGIN
                    )
                    for k in shown
                ),
                Words("step", 34, "muted").on_baseline(x, CHART_BOTTOM - 0.42, ORIGIN),
                Words(say("loss on all"), 34, "muted").on_baseline(
                    LEFT, float(chart.point(0, whole[0])[1]) - 0.92
                ),
            ),
        ]


class Step(Painted):
    """A dashed step, as far as it has come."""

    def __init__(self, start, end, share):
        super().__init__(*np.abs(end - start), reads=[share])
        self.move_to((*(start + end) / 2, 0))
        self.start, self.end, self.share = start, end, share
        self.ink = theme.color("text")

    def paint(self, pen):
        """Draw it."""
        if not self.share.get_value():
            return
        way = self.share.get_value() * (self.end - self.start)
        pen.color(self.ink)
        pen.width(3)
        pen.context.set_dash([0.11, 0.07])
        pen.polyline(np.array([self.start, self.start + way]))
        pen.stroke()
        pen.context.set_dash([])
        pen.disc(self.start + way, 0.07, self.ink, self.ink, 0)


def shown_from(text, clock, step, end=np.inf):
    """Return what a number shows: nothing before the clock comes to `step`, nor from `end` on."""
    return lambda: text if step <= clock.get_value() < end else ""


APPEARS = 0.35  # of a step: when the batch's loss is there; then the parameters move


class Dots(Painted):
    """Losses of the batches, the line of all examples, and what leads from batch to dot."""

    def __init__(self, chart, batch, whole, places, clock):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.places, self.n = clock, places, len(batch)
        self.rises = (np.flatnonzero(np.diff(whole) > 0) + 1).tolist()  # steps that raise it
        self.dots = chart.point(np.arange(len(batch)), batch)
        self.number_above = batch >= whole[: len(batch)]
        self.line = chart.point(np.arange(len(whole)), whole)
        self.inks = {name: series(name).color for name in ("all", "batch")}
        self.inks |= {name: theme.color(name) for name in ("background", "vermillion")}

    def paint(self, pen):
        """Draw as far as the clock has come."""
        clock = self.clock.get_value()
        self.lead(pen, clock)
        k = min(int(clock), self.n)
        # The step follows the loss: the line moves in the second part of it.
        share = min(1.0, max(0.0, (clock - k - APPEARS) / (1 - APPEARS)))
        line = self.line[: k + 1]
        if k < self.n:
            line = np.vstack([line, (1 - share) * self.line[k] + share * self.line[k + 1]])
        for ink, width in (("background", 6), ("all", 3)):
            pen.color(self.inks[ink])
            pen.width(width)
            pen.context.set_line_join(1)
            pen.polyline(line)
            pen.stroke()
        for step in self.rises:  # the surprise: it goes up
            if step < len(line):
                pen.color(self.inks["vermillion"])
                pen.width(6)
                pen.polyline(line[step - 1 : step + 1])
                pen.stroke()
        self.disc(pen, line[-1], "all", 0.07)
        for place in self.dots[: int(clock + 1 - APPEARS)]:
            self.disc(pen, place, "batch", 0.075)

    def lead(self, pen, clock):
        """Draw the line that drops from the active batch to its dot."""
        k = int(clock)
        if clock <= 0 or k >= self.n:
            return
        x, end = self.dots[k] + (0, 0.44 if self.number_above[k] else 0)
        start = self.places.bottoms[k] - 0.42
        reach = min(1.0, (clock - k) / APPEARS)
        fade = min(1.0, (1 - (clock - k)) / 0.3)
        pen.color(self.inks["batch"], 0.75 * fade)
        pen.width(2)
        pen.polyline(np.array([[x, start], [x, start + reach * (end - start)]]))
        pen.stroke()

    def disc(self, pen, place, ink, radius):
        """Draw one mark, parted from what is under it."""
        pen.disc(place, radius, self.inks[ink], self.inks["background"], 1.5)
