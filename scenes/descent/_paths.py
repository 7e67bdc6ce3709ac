"""A recorded path on a clock that does not count its points, but examples seen, or steps."""

from __future__ import annotations

import numpy as np

from look import theme
from scenes.parts.marks import star
from scenes.parts.paint import Painted, rgb


class Path(Painted):
    """A path as far as its clock has come: straight between recorded points, or in jumps.

    Parameters
    ----------
    chart : Chart
    points : array, shape (n, 2)
        Data coordinates, all of them in the chart's box.
    at : array, shape (n,)
        What the clock says at each point; increasing.
    clock : ValueTracker
    color : str
    width : float
        Of the line, in pixels of a 1280×720 frame.
    opacity, fresh : float, int
        Of the line; how many of its last steps stand out of one that is faint.
    jumps : bool
        Stand at a point until the clock says the next, where nothing lies between two steps.
    ring, dots : bool
        Mark the start; mark every recorded point.
    minimum : array, shape (2,), or None
        Where a star stands, over the path and its head; data coordinates.
    """

    def __init__(
        self,
        chart,
        points,
        at,
        clock,
        color,
        *,
        width=3.0,
        opacity=1.0,
        fresh=0,
        jumps=False,
        ring=False,
        dots=False,
        minimum=None,
    ):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.at = clock, np.asarray(at, dtype=float)
        self.places = chart.point(points[:, 0], points[:, 1])
        self.jumps = jumps
        self.minimum = None if minimum is None else chart.point(*minimum)
        self.thickness, self.strength, self.fresh = width, opacity, fresh
        self.ring, self.dots = ring, dots
        self.ink, self.text = theme.color(color), theme.color("text")
        self.halo = theme.color("background")

    def paint(self, pen):
        last = len(self.places) - 1
        now = float(np.interp(self.clock.get_value(), self.at, np.arange(last + 1)))
        step = int(now + 1e-9)
        share = 0.0 if self.jumps else max(now - step, 0.0)
        head = self.places[step]
        if share and step < last:
            head = (1 - share) * head + share * self.places[step + 1]
        way = np.vstack([self.places[: step + 1], head])
        if self.strength < 1:  # piece by piece, so that it gets denser where it lies over itself
            n = len(way) - 1
            colors = np.tile([*rgb(self.ink), self.strength], (n, 1))
            widths = np.full(n, self.thickness)
            new = max(n - self.fresh, 0)
            colors[new:, 3], widths[new:] = 0.7, 1.4
            pen.lines(way[:-1], way[1:], colors, widths)
        else:
            pen.context.set_line_join(1)
            pen.color(self.ink)
            pen.width(self.thickness)
            pen.polyline(way)
            pen.stroke()
        if self.dots:
            pen.color(self.ink)
            for x, y in way[:-1].tolist():
                pen.circle(x, y, 0.055)
                pen.fill()
        if self.ring:
            pen.disc(self.places[0], 0.085, self.halo, self.text)
        self.mark(pen, head)
        if self.minimum is not None:
            star(pen, self.minimum)

    def mark(self, pen, head):
        """Draw where it is now."""
        pen.disc(head, 0.1, self.ink, self.halo)
