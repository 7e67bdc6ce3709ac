"""Units drawn large, with their numbers: what `neuron` and its neighbours share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import manim
import numpy as np
from manim import ValueTracker

from look import theme
from scenes.parts.paint import Painted, Pen, mix


def stretch(left: float, right: float, reach: float, values: Any) -> np.ndarray:
    """Return where numbers from −reach to reach lie between two places."""
    share = (np.asarray(values, dtype=float) / reach + 1) / 2
    return left + share * (right - left)


def once(tracker: ValueTracker, after: float, text: str) -> Callable[[], str]:
    """Return what a `Number` shows that appears when a tracker has passed a value."""
    return lambda: text if tracker.get_value() > after else ""


def rounded(pen: Pen, left: float, bottom: float, width: float, height: float, by: float) -> None:
    """Add a box with round corners to the path."""
    context = pen.context
    context.new_sub_path()
    corners = [
        (left + width - by, bottom + by, -0.5), (left + width - by, bottom + height - by, 0.0),
        (left + by, bottom + height - by, 0.5), (left + by, bottom + by, 1.0),
    ]  # fmt: skip
    for x, y, turn in corners:
        context.arc(x, y, by, turn * np.pi, (turn + 0.5) * np.pi)
    context.close_path()


class Body(Painted):
    """The neuron's box, with the axis of sums and the base of its curve.

    Parameters
    ----------
    box : (float, float, float, float)
        Left, bottom, width, height.
    zero, top : float
        Where the sum is 0, and where the axis begins.
    curve : (float, float)
        Heights at which the activation is 0 and 1.
    """

    def __init__(
        self,
        box: tuple[float, float, float, float],
        zero: float,
        top: float,
        curve: tuple[float, float],
    ) -> None:
        left, bottom, width, height = box
        super().__init__(width, height)
        self.move_to((left + width / 2, bottom + height / 2, 0))
        self.zero, self.top, self.curve = zero, top, curve
        self.shade = mix(theme.color("background"), theme.color("quiet"), 0.35)
        self.rim, self.quiet = theme.color("muted"), theme.color("quiet")

    def paint(self, pen: Pen) -> None:
        """Draw the box and the axis."""
        left, bottom, width, height = self.box
        rounded(pen, left, bottom, width, height, 0.3)
        pen.color(self.shade)
        pen.context.fill_preserve()
        pen.color(self.rim)
        pen.width(1.5)
        pen.stroke()
        pen.color(self.quiet)
        pen.context.move_to(self.zero, self.top + 0.2)
        pen.context.line_to(self.zero, self.curve[0])
        pen.context.move_to(left + 0.4, self.curve[0])
        pen.context.line_to(left + width - 1.2, self.curve[0])
        pen.stroke()


class Sums(Painted):
    """Contributions that arrive one a row and are laid end to end; then the fall onto the curve.

    Parameters
    ----------
    sums : array, shape (row + 1,)
        Recorded sums, from 0.
    rows : sequence of float
        Heights of the rows.
    clock : ValueTracker
        In rows: an edge grows in the first half of its row's time, its bar in the second.
    fall : ValueTracker
        From 0 to 1 the sum falls onto the curve, from 1 to 2 the output leaves.
    output : float
        What the curve gives, in [0, 1].
    reach : float
        Of the axis of sums, to both sides.
    axis, curve, body : (float, float)
        Ends of the axis; heights of 0 and 1; left and right of the neuron.
    start : float
        Where the edges begin.
    gap : (float, float)
        Left out of the edges, for the weights.
    bar : (float, float)
        Left edge and length of the bar of the output.
    hit : bool
        Whether the bar's class is the true one: it is green then.
    """

    def __init__(
        self,
        sums: np.ndarray,
        rows: Sequence[float],
        clock: ValueTracker,
        fall: ValueTracker,
        output: float,
        *,
        reach: float,
        axis: tuple[float, float],
        curve: tuple[float, float],
        start: float,
        gap: tuple[float, float],
        body: tuple[float, float],
        bar: tuple[float, float],
        hit: bool,
    ) -> None:
        frame = manim.config
        super().__init__(frame.frame_width, frame.frame_height, reads=[clock, fall])
        self.clock, self.fall = clock, fall
        self.rows = np.asarray(rows, dtype=float)
        self.parts = np.diff(sums)
        self.places = stretch(*axis, reach, sums)
        self.curve, self.start, self.body, self.bar = curve, start, body, bar
        self.output, self.gap = output, gap
        largest = max(float(np.abs(self.parts).max()), 1e-12)
        share = np.abs(self.parts) / largest
        self.widths = np.maximum(1.2, 11 * share)
        self.alphas = 0.25 + 0.75 * share**0.75
        self.hues = [theme.color("positive" if part > 0 else "negative") for part in self.parts]
        self.quiet, self.muted = theme.color("quiet"), theme.color("muted")
        self.text, self.green = theme.color("text"), theme.color("green" if hit else "text")
        self.paper = theme.color("background")

    def paint(self, pen: Pen) -> None:
        """Draw all that has arrived."""
        clock, fall = self.clock.get_value(), self.fall.get_value()
        radius = 0.335
        for i, y in enumerate(self.rows.tolist()):
            self._edge(pen, y, self.body[0], self.quiet, 1.2)
            reach = min(1.0, max(0.0, 2 * (clock - i)))
            if reach > 0:
                tip = self.start + reach * (self.body[0] - self.start)
                self._edge(pen, y, tip, self.hues[i], self.widths[i], self.alphas[i])
            grown = min(1.0, max(0.0, 2 * (clock - i) - 1))
            if grown > 0:
                if i:
                    self._line(pen, (self.places[i], self.rows[i - 1]), (self.places[i], y),
                               self.muted, 1.5)  # fmt: skip
                pen.color(self.hues[i])
                length = grown * (self.places[i + 1] - self.places[i])
                pen.rectangle(self.places[i], y - 0.12, length, 0.24)
                pen.fill()
        outline = self.muted
        fills = np.broadcast_to(mix(self.paper, self.text, 0.0), (len(self.rows), 3))
        centers = np.column_stack([np.full(len(self.rows), self.start), self.rows])
        pen.discs(centers, radius, fills, outline, 1.2)
        self._answer(pen, fall)

    def _answer(self, pen: Pen, fall: float) -> None:
        """Draw the way from the sum to the curve and out, and the bar."""
        x, low = self.places[-1], self.curve[0]
        height = low + self.output * (self.curve[1] - low)
        left, length = self.bar
        pen.color(self.quiet)
        pen.rectangle(left, height - 0.12, length, 0.24)
        pen.fill()
        if fall <= 0:
            return
        down = min(1.0, fall)
        y = self.rows[-1] + down * (height - self.rows[-1])
        self._line(pen, (x, self.rows[-1]), (x, y), self.muted, 1.5)
        if fall > 1:
            out = min(1.0, (fall - 1) / 0.6)
            self._line(pen, (x, height), (x + out * (left - x), height), self.text, 2)
            pen.color(self.green)
            grown = min(1.0, max(0.0, (fall - 1.6) / 0.4))
            pen.rectangle(left, height - 0.12, length * self.output * grown, 0.24)
            pen.fill()
        pen.disc((x, y), 0.1, self.text, self.paper, 1.5)

    def _edge(
        self, pen: Pen, y: float, tip: float, color: str, width: float, alpha: float = 1.0
    ) -> None:
        """Draw an edge as far as its tip, without the gap for its weight."""
        for left, right in ((self.start, self.gap[0]), (self.gap[1], self.body[0])):
            if tip > left:
                self._line(pen, (left, y), (min(tip, right), y), color, width, alpha)

    def _line(
        self, pen: Pen, start: Any, end: Any, color: str, width: float, alpha: float = 1
    ) -> None:
        pen.context.move_to(*start)
        pen.context.line_to(*end)
        pen.color(color, alpha)
        pen.width(width)
        pen.stroke()
