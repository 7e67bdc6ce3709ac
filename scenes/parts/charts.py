"""Charts, and what is drawn in their data coordinates: curves, paths, contours.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from manim import ORIGIN, RIGHT, ValueTracker, VGroup

from look import theme
from look.numbers import number
from scenes.parts.paint import Painted, Pen, mix
from scenes.parts.words import TICK, Words


class Chart:
    """A box with data coordinates; linear, or with a logarithmic y axis.

    Parameters
    ----------
    center : (float, float)
        In frame units.
    width, height : float
        In frame units.
    x, y : (float, float)
        The range of the data at the edges.
    """

    def __init__(
        self,
        center: tuple[float, float],
        width: float,
        height: float,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        log_y: bool = False,
    ) -> None:
        self.center, self.width, self.height = center, width, height
        self.x, self.log_y = x, log_y
        self.y = (np.log10(y[0]), np.log10(y[1])) if log_y else y

    def point(self, x: Any, y: Any) -> np.ndarray:
        """Return data points in frame units, shape (..., 2)."""
        y = np.log10(y) if self.log_y else np.asarray(y, dtype=float)
        across = (np.asarray(x, dtype=float) - self.x[0]) / (self.x[1] - self.x[0]) - 0.5
        up = (y - self.y[0]) / (self.y[1] - self.y[0]) - 0.5
        return np.stack(
            np.broadcast_arrays(
                self.center[0] + across * self.width, self.center[1] + up * self.height
            ),
            axis=-1,
        )

    def inside(self, points: np.ndarray) -> np.ndarray:
        """Return which points, shape (n, 2) in frame units, lie in the box."""
        half = np.array([self.width / 2, self.height / 2]) + 1e-9
        return np.all(np.abs(points - np.array(self.center)) <= half, axis=-1)

    def x_ticks(self, values: Sequence[float], labels: Sequence[str] | None = None) -> VGroup:
        """Return tick labels under the box, in the muted colour."""
        texts = labels or [number(value) for value in values]
        group = VGroup()
        for value, text in zip(values, texts, strict=True):
            x = self.point(value, 1.0 if self.log_y else 0.0)[0]
            group.add(Words(text, TICK, "muted").on_baseline(x, self.bottom - 0.36, ORIGIN))
        return group

    def y_ticks(self, values: Sequence[float], labels: Sequence[str] | None = None) -> VGroup:
        """Return tick labels left of the box, in the muted colour."""
        texts = labels or [number(value) for value in values]
        group = VGroup()
        for value, text in zip(values, texts, strict=True):
            y = self.point(self.x[0], value)[1]
            group.add(Words(text, TICK, "muted").on_baseline(self.left - 0.12, y - 0.1, RIGHT))
        return group

    @property
    def left(self) -> float:
        """The box's left edge, in frame units."""
        return self.center[0] - self.width / 2

    @property
    def top(self) -> float:
        """The box's upper edge, in frame units."""
        return self.center[1] + self.height / 2

    @property
    def bottom(self) -> float:
        """The box's lower edge, in frame units."""
        return self.center[1] - self.height / 2


class Curve(Painted):
    """A still line through data points, clipped to its chart's box.

    `ground` fills what is under it.
    """

    def __init__(
        self, chart: Chart, x: np.ndarray, y: np.ndarray, color: str = "muted", width: float = 2.0,
        *, ground: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(chart.width, chart.height)
        self.chart, self.ink, self.thickness = chart, theme.color(color), width
        self.ground = theme.color("quiet") if ground else ""
        self.line = chart.point(x, y)
        self.shift((*chart.center, 0))

    def paint(self, pen: Pen) -> None:
        """Draw the line."""
        _clip(pen, self.chart)
        if self.ground:
            (first, _), (last, _), low = self.line[0], self.line[-1], self.chart.bottom
            pen.polyline(np.vstack([self.line, [[last, low], [first, low]]]), close=True)
            pen.color(self.ground, 0.45)
            pen.fill()
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.polyline(self.line)
        pen.stroke()


def between(places: np.ndarray, step: float) -> np.ndarray:
    """Return the place at a (fractional) step: straight from one recorded step to the next.

    Parameters
    ----------
    places : array, shape (n_steps + 1, …)
        One for each recorded step.
    step : float
        Before the first and after the last it stands still.
    """
    last = len(places) - 1
    step = min(max(step, 0.0), last)
    lower = int(step)
    share = step - lower
    if share == 0:
        return np.asarray(places[lower])  # what comes next may be infinite
    return np.asarray((1 - share) * places[lower] + share * places[lower + 1])


class Trail(Painted):
    """A recorded path as far as the step clock has come: straight between recorded steps.

    Position follows the clock, so a long step is a fast move. Where the path leaves the box it ends
    in a ring: that it left is shown, not hidden.

    Parameters
    ----------
    chart : Chart
    points : array, shape (n_steps + 1, 2)
        Data coordinates; infinite or missing values count as beyond the box.
    clock : ValueTracker
        In steps.
    line : bool
        Draw the way, or only the point.
    dots : bool
        Mark every recorded step.
    """

    def __init__(
        self,
        chart: Chart,
        points: np.ndarray,
        clock: ValueTracker,
        *,
        color: str,
        width: float = 3.0,
        radius: float = 0.09,
        line: bool = True,
        dots: bool = False,
    ) -> None:
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock = chart, clock
        self.ink, self.halo = theme.color(color), theme.color("background")
        self.thickness, self.radius, self.line, self.dots = width, radius, line, dots
        points = np.nan_to_num(np.asarray(points, dtype=float), nan=1e12, posinf=1e12, neginf=-1e12)
        # Far away is as good as infinitely far, and Cairo's fixed point overflows at 2^23 pixels.
        self.places = np.clip(chart.point(points[:, 0], points[:, 1]), -1e3, 1e3)
        self.end = self._exit()

    def _exit(self) -> float:
        """Return the (fractional) step at which the path leaves the box, or infinity."""
        outside = np.flatnonzero(~self.chart.inside(self.places))
        if len(outside) == 0:
            return np.inf
        if outside[0] == 0:
            return 0.0
        before, after = self.places[outside[0] - 1], self.places[outside[0]]
        half = np.array([self.chart.width / 2, self.chart.height / 2])
        center = np.array(self.chart.center)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = (np.sign(after - before) * half + center - before) / (after - before)
        return float(outside[0] - 1 + np.min(shares[np.isfinite(shares)]))

    def at(self, step: float) -> np.ndarray:
        """Return the place at a (fractional) step, shape (2,), in frame units."""
        return between(self.places, step)

    def now(self) -> float:
        """Return the (fractional) step that the path has come to."""
        return self.clock.get_value()

    def paint(self, pen: Pen) -> None:
        """Draw way and point."""
        step = min(self.now(), self.end)
        head = self.at(step)
        passed = self.places[: int(min(step, len(self.places) - 1)) + 1]
        if self.line:
            for color, width in ((self.halo, self.thickness + 3), (self.ink, self.thickness)):
                pen.color(color)
                pen.width(width)
                pen.context.set_line_join(1)
                pen.polyline(np.vstack([passed, head]))
                pen.stroke()
        if self.dots:
            pen.color(self.ink)
            for x, y in passed.tolist():
                pen.circle(x, y, self.radius * 0.55)
                pen.fill()
        left = step >= self.end
        x, y = head.tolist()
        pen.disc(
            (x, y),
            self.radius,
            self.halo if left else self.ink,
            self.ink if left else self.halo,
            2.5 if left else 1.5,
        )


class Contours(Painted):
    """A loss over a plane as filled contours: quiet, so that the paths are loud.

    Parameters
    ----------
    chart : Chart
    x, y : arrays, shapes (columns,), (rows,)
    values : array, shape (rows, columns)
    levels : array, shape (n,)
        Increasing; the fill goes from the low to the high contour colour.
    """

    def __init__(
        self, chart: Chart, x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: np.ndarray
    ) -> None:
        import contourpy

        super().__init__(chart.width, chart.height)
        self.shift((*chart.center, 0))
        self.chart = chart
        generator = contourpy.contour_generator(
            x, y, values, fill_type=contourpy.FillType.OuterOffset
        )
        shades = mix(
            theme.color("contour_low"), theme.color("contour_high"), np.linspace(0, 1, len(levels))
        )
        self.bands: list[tuple[np.ndarray, list[np.ndarray]]] = []
        edges = [-np.inf, *levels, np.inf]
        for shade, low, high in zip([shades[0], *shades], edges, edges[1:], strict=False):
            rings: list[np.ndarray] = []
            for points, offsets in zip(*generator.filled(low, high), strict=True):
                placed = chart.point(points[:, 0], points[:, 1])
                rings.extend(placed[a:b] for a, b in pairwise(offsets))
            self.bands.append((shade, rings))
        self.line = theme.color("contour_line")

    def paint(self, pen: Pen) -> None:
        """Fill the bands, then rule their borders."""
        _clip(pen, self.chart)
        pen.context.set_fill_rule(1)  # even-odd: inner rings are holes
        pen.width(0.7)
        for shade, rings in self.bands:
            for ring in rings:
                pen.polyline(ring, close=True)
            pen.color(shade)
            pen.context.fill_preserve()
            pen.color(self.line, 0.5)
            pen.stroke()


def _clip(pen: Pen, chart: Chart) -> None:
    pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
    pen.context.clip()
