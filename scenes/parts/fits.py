"""Fits while they are learnt: fields of probability, curves and points on one clock.

The clock counts optimizer steps. Between two recorded snapshots a field or a curve is interpolated
linearly. A run that diverges is shown diverging: a path ends in a ring where it leaves its box,
lines are cut off, a field that is no longer a number is left empty, and the counters say so.
"""

from __future__ import annotations

from collections.abc import Sequence

import cairo
import contourpy
import numpy as np
from manim import ValueTracker

from look import theme
from look.fits import CLASSES, shades
from scenes.parts.charts import Chart, _clip
from scenes.parts.paint import Painted, Pen
from scenes.recorded import RecordedScene

BEYOND = 1e12  # as good as infinitely far


class FitScene(RecordedScene):
    """A recorded scene in which training is slow at first, where most of it happens."""

    def learn(self, clock: ValueTracker, last: int, slow: tuple[int, float], quick: float) -> None:
        """Let steps pass, the first ones slowly, then all others.

        Parameters
        ----------
        clock : ValueTracker
            In steps.
        last : int
            The last step.
        slow : (int, float)
            How many of the first steps are slow, and the seconds that each of them takes.
        quick : float
            Seconds for all others, or less: they are at least twice as fast.
        """
        first, seconds = min(slow[0], last), slow[1]
        self.play_steps(clock, first, seconds)
        left = last - first
        if left > 0:
            self.play_steps(clock, last, min(quick, seconds * left / 2) / left)


class Between:
    """Values recorded at some steps, at any step: linear in between.

    Parameters
    ----------
    steps : array, shape (n,)
        Increasing.
    values : array, shape (n, …)
    """

    def __init__(self, steps: np.ndarray, values: np.ndarray) -> None:
        self.steps, self.values = np.asarray(steps, float), np.asarray(values, float)

    def __call__(self, step: float) -> np.ndarray:
        """Return the values at a (fractional) step."""
        last = len(self.steps) - 1
        upper = int(np.clip(np.searchsorted(self.steps, step, side="left"), 1, max(last, 1)))
        if last == 0 or step <= self.steps[0]:
            return np.asarray(self.values[0])
        before, after = self.steps[upper - 1], self.steps[upper]
        share = min((step - before) / (after - before), 1.0)
        if share == 1.0:  # exactly what was recorded, whatever came before
            return np.asarray(self.values[upper])
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray((1 - share) * self.values[upper - 1] + share * self.values[upper])


class Latest(Between):
    """Values recorded at some steps, at any step: the latest that there are.

    Where what lies between two networks is none: a mean of two straight boundaries is bent.
    """

    def __call__(self, step: float) -> np.ndarray:
        """Return the values at a (fractional) step."""
        k = int(np.searchsorted(self.steps, step + 1e-6, side="right")) - 1
        return np.asarray(self.values[max(k, 0)])


class Field(Painted):
    """A network's probability of class 1 over a plane as it changes, and its boundary at ½.

    Parameters
    ----------
    chart : Chart
    x, y : arrays, shapes (n_x,), (n_y,)
        Evenly spaced.
    probability : Between
        Values of shape (snapshot, n_y, n_x).
    clock : ValueTracker
        In steps.
    """

    def __init__(
        self,
        chart: Chart,
        x: np.ndarray,
        y: np.ndarray,
        probability: Between,
        clock: ValueTracker,
        *,
        width: float = 3.0,
    ) -> None:
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.probability = chart, clock, probability
        self.grid_x, self.grid_y = np.asarray(x, float), np.asarray(y, float)
        self.palette, self.ink, self.thickness = palette(), theme.color("text"), width

    def now(self) -> np.ndarray:
        """Return the field at the clock's step, (n_y, n_x)."""
        return self.probability(self.clock.get_value())

    def paint(self, pen: Pen) -> None:
        """Draw the field, then the boundary."""
        values = self.now()
        paint_field(pen, self.chart, self.grid_x, self.grid_y, values, self.palette)
        if not np.isfinite(values).all():
            return
        _clip(pen, self.chart)
        lines = contourpy.contour_generator(self.grid_x, self.grid_y, values).lines(0.5)
        pen.color(self.ink)
        pen.width(self.thickness)
        for line in lines:
            line = np.asarray(line)
            pen.polyline(self.chart.point(line[:, 0], line[:, 1]))
        pen.stroke()


def palette() -> np.ndarray:
    """Return the colours of probabilities from 0 to 1, (255, 3), uint8.

    The one in the middle is the background's, for ½ and for what is no number.
    """
    return np.asarray(np.rint(255 * shades(np.linspace(0, 1, 255))), np.uint8)


def paint_field(
    pen: Pen,
    chart: Chart,
    x: np.ndarray,
    y: np.ndarray,
    values: np.ndarray,
    colors: np.ndarray,
) -> None:
    """Fill a chart's box with a field, smooth between the points of its grid."""
    rows, columns = values.shape
    known = np.isfinite(values)
    index = np.rint(254 * np.clip(np.where(known, values, 0.5), 0, 1)).astype(np.uint8)
    data = np.full((rows, columns, 4), 255, np.uint8)
    data[..., :3] = colors[index[::-1]]  # the first row on top
    surface = cairo.ImageSurface.create_for_data(data.data, cairo.FORMAT_RGB24, columns, rows)
    half = np.array([x[1] - x[0], y[1] - y[0]]) / 2
    left, bottom = chart.point(x[0] - half[0], y[0] - half[1])
    right, top = chart.point(x[-1] + half[0], y[-1] + half[1])
    context = pen.context
    context.save()
    pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
    context.clip()
    context.translate(left, top)
    context.scale((right - left) / columns, (bottom - top) / rows)
    context.set_source_surface(surface, 0, 0)
    context.get_source().set_filter(cairo.Filter.BILINEAR)
    context.get_source().set_extend(cairo.Extend.PAD)
    context.paint_with_alpha(pen.opacity)
    context.restore()


class Points(Painted):
    """Examples: blue discs are class 0, orange squares class 1; without labels, dots.

    Parameters
    ----------
    chart : Chart
    x, y : arrays, shape (n,)
    label : array, shape (n,), optional
        Class numbers, 0 or 1.
    radius : float
        In frame units.
    hollow : bool
        Leave room for words in them.
    color : str
        Of points without labels.
    """

    def __init__(
        self,
        chart: Chart,
        x: np.ndarray,
        y: np.ndarray,
        label: np.ndarray | None = None,
        *,
        radius: float = 0.085,
        hollow: bool = False,
        color: str = "muted",
    ) -> None:
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.places, self.radius, self.hollow = chart.point(x, y), radius, hollow
        self.label = np.full(len(self.places), -1) if label is None else np.asarray(label)
        self.inks = [theme.color(token) for token in CLASSES]
        self.quiet, self.back = theme.color(color), theme.color("background")

    def now(self) -> np.ndarray:
        """Return where they are, (n, 2), in frame units."""
        return self.places

    def paint(self, pen: Pen) -> None:
        """Draw them."""
        pen.width(4.0 if self.hollow else 1.2)
        for (x, y), label in zip(self.now().tolist(), self.label.tolist(), strict=True):
            self.mark(pen, x, y, label)

    def mark(self, pen: Pen, x: float, y: float, label: int) -> None:
        """Draw one of them."""
        if label == 1:
            side = 1.8 * self.radius
            pen.rectangle(x - side / 2, y - side / 2, side, side)
        else:
            pen.circle(x, y, self.radius)
        ink = self.quiet if label < 0 else self.inks[label]
        pen.color(self.back if self.hollow else ink)
        pen.context.fill_preserve()
        pen.color(ink if self.hollow else self.back)
        pen.stroke()


class Line(Painted):
    """A curve that changes with the clock, cut off at its chart's box.

    Parameters
    ----------
    chart : Chart
    x : array, shape (n,)
    y : Between
        Values of shape (snapshot, n).
    clock : ValueTracker
        In steps.
    """

    def __init__(
        self,
        chart: Chart,
        x: np.ndarray,
        y: Between,
        clock: ValueTracker,
        *,
        color: str = "orange",
        width: float = 4.0,
    ) -> None:
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.x, self.y, self.clock = chart, np.asarray(x, float), y, clock
        self.ink, self.halo, self.thickness = theme.color(color), theme.color("background"), width

    def now(self) -> np.ndarray:
        """Return the curve's heights at the clock's step, (n,)."""
        return self.y(self.clock.get_value())

    def paint(self, pen: Pen) -> None:
        """Draw the curve as it is now; nothing where it is no longer a number."""
        values = self.now()
        if not np.isfinite(values).all():
            return
        _clip(pen, self.chart)
        # Cairo's fixed point overflows far away
        far = np.clip(values, -BEYOND, BEYOND)
        line = np.clip(self.chart.point(self.x, far), -1e3, 1e3)
        pen.context.set_line_join(cairo.LINE_JOIN_ROUND)
        for color, width in ((self.halo, self.thickness + 3), (self.ink, self.thickness)):
            pen.color(color)
            pen.width(width)
            pen.polyline(line)
            pen.stroke()


class Grid(Painted):
    """Thin level lines across a chart, and a line along its bottom."""

    def __init__(self, chart: Chart, levels: Sequence[float]) -> None:
        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.chart = chart
        self.heights = [float(chart.point(chart.x[0], level)[1]) for level in levels]
        self.ink = theme.color("quiet")

    def paint(self, pen: Pen) -> None:
        """Draw the lines."""
        pen.color(self.ink)
        pen.width(1.2)
        left, right = self.chart.left, self.chart.left + self.chart.width
        for height in [self.chart.bottom, *self.heights]:
            pen.polyline(np.array([[left, height], [right, height]]))
        pen.stroke()


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers in a range, evenly spaced, at most so many.

    Examples
    --------
    >>> round_ticks(17.2, 43.1)
    [20.0, 25.0, 30.0, 35.0, 40.0]
    """
    size = 10.0 ** np.floor(np.log10(high - low))
    for stride in size * np.array([0.1, 0.2, 0.5, 1, 2, 5]):
        at = np.arange(np.ceil(low / stride - 1e-9), np.floor(high / stride + 1e-9) + 1)
        if len(at) <= most:
            break
    return [float(value) for value in (at * stride).round(9) + 0.0]  # no −0
