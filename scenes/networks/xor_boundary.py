"""A small network learns XOR, its boundary beside its loss; then many with fewer or more units."""

from __future__ import annotations

import contourpy
import manim
import numpy as np
from manim import RIGHT, UP, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import theme
from look.numbers import number, percent
from look.words import say
from scenes.parts import fits
from scenes.parts.charts import Chart
from scenes.parts.paint import Painted
from scenes.parts.words import Formula, Words

SLOW, QUICK = (40, 0.09), 2.6  # how many first steps, seconds for each; seconds for all others

READS = {
    "xor_boundary": "probability (snapshot, y, x), loss (step), points (example, feature), "
    "label (example), success (run), hidden (run), solved (example_network), "
    "final_probability (example_network, y_network, x_network), step (step), snapshot (snapshot), "
    "x (x), y (y), x_network (x_network), y_network (y_network), activation, lr, n_networks, "
    "n_right, n_shown, n_solved, n_steps, seed, shown, success_shown, wider",
}

DESCRIPTION = """\
Four points stand at the corners of a square: two marked 1 at opposite corners, two marked 0. The
plane around them is tinted by what a small network makes of it, blue for 0 and orange for 1, with a
line where it is undecided. Step by step the line bends until it parts the two kinds, while on the
right the loss falls on the same clock. Then the fields of many networks with only a few hidden
units appear, those that failed crossed out, and bars show what share of the networks of each width
gets all four points right.
"""


class XorBoundary(fits.FitScene):
    poster_section = "learning"

    def construct(self):
        xor = self.recording("xor_boundary")
        clock = ValueTracker(0)
        x, y = xor.x.values, xor.y.values
        chart = fits.fit_chart((x[0], x[-1]), (y[0], y[-1]), square=True)
        field = fits.Field(
            chart, x, y, fits.Between(xor.snapshot.values, xor.probability.values), clock
        )
        across, up = xor.points.values.T
        points = fits.Points(chart, across, up, xor.label.values, radius=0.25, hollow=True)
        marks = VGroup(
            *(
                Words(number(label), 26, weight="semibold").move_to((*chart.point(*at), 0))
                for at, label in zip(xor.points.values, xor.label.values, strict=True)
            )
        )
        axes = VGroup(
            chart.x_ticks([0, 1]),
            chart.y_ticks([0, 1]),
            Formula(say("x1"), 26, "muted").move_to((chart.center[0], chart.bottom - 0.68, 0)),
            Formula(say("x2"), 26, "muted").move_to((chart.left - 0.3, chart.center[1], 0)),
        )
        loss = fits.LossChart(xor.step.values, xor.loss.values, clock, "cross-entropy, nats")

        self.next_section("start")
        words = self.headline("start")
        self.add(words, field, axes, points, marks, *loss.parts)
        self.wait(1.8)

        self.next_section("learning")
        words = self.say(words, "learning")
        words = self.learn(words, clock, xor.sizes["step"] - 1, SLOW, QUICK)
        words = self.say(words, "learning 2")
        self.wait(1.4)

        self.next_section("seeds")
        gone = [words, field, axes, points, marks, *loss.parts]
        self.play(*(FadeOut(part) for part in gone), run_time=0.2)
        words = self.headline("seeds")
        seen, packed = ValueTracker(0), ValueTracker(0)
        shown = Many(xor, seen, packed)
        self.add(shown)
        self.play(FadeIn(words), run_time=0.25)
        self.play(seen.animate.set_value(len(shown.fields)), run_time=1.6, rate_func=linear)
        self.wait(1.4)

        self.next_section("widths")
        words = self.say(words, "widths")
        grown = ValueTracker(0)
        bars, names, shares = success_bars(xor, grown)
        self.play(packed.animate.set_value(1), run_time=0.7)
        self.play(*(FadeIn(part) for part in [bars, names]), run_time=0.25)
        self.play(grown.animate.set_value(1), run_time=0.9)
        self.play(FadeIn(shares), run_time=0.25)
        self.wait(2.4)


class Many(Painted):
    """The fields of many networks in rows, those that fail faint and crossed out.

    Parameters
    ----------
    xor : Dataset
    seen : ValueTracker
        How many of them stand there yet.
    packed : ValueTracker
        0: over the whole width; 1: on the left.
    """

    LEFT, TOP = -6.6, 1.72
    WIDE, PACKED = (8, 13.2, 5.0), (6, 6.6, 4.8)  # columns; width and height of all, frame units

    def __init__(self, xor, seen, packed):
        super().__init__(*self.WIDE[1:], reads=[seen, packed])
        self.move_to((self.LEFT, self.TOP, 0), aligned_edge=manim.LEFT + UP)
        self.seen, self.packed = seen, packed
        self.fields, self.solved = xor.final_probability.values, xor.solved.values
        self.x, self.y = xor.x_network.values, xor.y_network.values
        self.layouts = [self._layout(*each) for each in (self.WIDE, self.PACKED)]
        self.palette = fits.palette()
        self.lines = [
            contourpy.contour_generator(self.x, self.y, values).lines(0.5)
            if np.isfinite(values).all()
            else []
            for values in self.fields
        ]
        self.ink, self.veil = theme.color("text"), theme.color("background")
        self.muted = theme.color("muted")

    def _layout(self, columns, width, height):
        """Return the fields' centres, shape (n, 2), and their side, in one row after the other."""
        row, column = np.divmod(np.arange(len(self.fields)), columns)
        pitch = min(width / columns, height / (row[-1] + 1))
        side = 0.88 * pitch
        x, y = self.LEFT + column * pitch + side / 2, self.TOP - row * pitch - side / 2
        return np.stack([x, y], axis=1), side

    def charts(self):
        """Return the boxes of those that stand there, where they are now."""
        (wide, large), (packed, small) = self.layouts
        share = self.packed.get_value()
        side = (1 - share) * large + share * small
        centers = ((1 - share) * wide + share * packed)[: int(self.seen.get_value() + 1e-6)]
        x, y = (self.x[0], self.x[-1]), (self.y[0], self.y[-1])
        return [Chart(tuple(center), side, side, x, y) for center in centers.tolist()]

    def paint(self, pen):
        """Draw one after another."""
        for chart, values, lines, good in zip(
            self.charts(), self.fields, self.lines, self.solved, strict=False
        ):
            fits.paint_field(pen, chart, self.x, self.y, values, self.palette)
            context = pen.context
            context.save()
            pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
            context.clip()
            pen.color(self.ink)
            pen.width(1.8)
            for line in lines:
                line = np.asarray(line)
                pen.polyline(chart.point(line[:, 0], line[:, 1]))
            pen.stroke()
            if not good:
                pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
                pen.color(self.veil, 0.62)
                pen.fill()
                right, top = chart.left + chart.width, chart.bottom + chart.height
                pen.color(self.muted)
                pen.width(2.0)
                pen.polyline(np.array([[chart.left, chart.bottom], [right, top]]))
                pen.polyline(np.array([[chart.left, top], [right, chart.bottom]]))
                pen.stroke()
            context.restore()


class Success(Painted):
    """A level bar for each width, as long as the share of networks that succeed."""

    def __init__(self, shares, rows, left, length, grown):
        super().__init__(length, rows[0] - rows[-1] + 0.34, reads=[grown])
        self.move_to((left + length / 2, (rows[0] + rows[-1]) / 2, 0))
        self.shares, self.rows, self.left, self.length = shares, rows, left, length
        self.grown = grown
        self.ink, self.track = theme.color("green"), theme.color("quiet")

    def paint(self, pen):
        """Draw the tracks, then the bars."""
        grown = self.grown.get_value()
        for shares, color in ((np.ones(len(self.rows)), self.track), (self.shares, self.ink)):
            pen.color(color)
            part = 1 if color == self.track else grown
            for y, share in zip(self.rows.tolist(), shares.tolist(), strict=True):
                pen.rectangle(self.left, y - 0.17, share * self.length * part, 0.34)
            pen.fill()


def success_bars(xor, grown):
    """Return the bars of all widths, their names, and their shares in words."""
    hidden, success = xor.hidden.values, xor.success.values
    rows = 1.05 - 0.7 * np.arange(len(hidden))
    left, length = 1.85, 3.7
    names = VGroup(
        Words("hidden units", 22, "muted").on_baseline(0.62, 1.5),
        *(
            Words(number(count), 26, weight="semibold").on_baseline(1.5, y - 0.09, RIGHT)
            for count, y in zip(hidden, rows, strict=True)
        ),
    )
    shares = VGroup(
        *(
            Words(percent(share), 24).on_baseline(6.6, y - 0.09, RIGHT)
            for share, y in zip(success, rows, strict=True)
        )
    )
    return Success(success, rows, left, length, grown), names, shares
