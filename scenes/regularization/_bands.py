"""Curves of several seeds as they grow: the mean as a line, from lowest to highest as a band."""

from __future__ import annotations

import numpy as np

from look import theme
from look.runs import series
from scenes.parts.charts import between
from scenes.parts.paint import Painted


class Band(Painted):
    """A curve of a run over the epochs, as far as the clock has come.

    Parameters
    ----------
    chart : Chart
    recording : Dataset
        With ``CURVE_mean``, ``CURVE_low``, ``CURVE_high`` (run, epoch).
    curve, run : str
    clock : ValueTracker
        In epochs.
    dashed : bool
    """

    def __init__(self, chart, recording, curve, run, clock, *, dashed=False):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.dashed = chart, clock, dashed
        here, epochs = recording.sel(run=run), recording.epoch.values
        self.low, self.mean, self.high = (
            chart.point(epochs, here[f"{curve}_{part}"].values) for part in ("low", "mean", "high")
        )
        self.ink, self.halo = series(run).color, theme.color("background")

    def so_far(self, places):
        """Return the recorded places that have been passed, and the one between two of them."""
        at = self.clock.get_value()
        return np.vstack([places[: int(min(at, len(places) - 1)) + 1], between(places, at)])

    def paint(self, pen):
        """Draw band, line and head."""
        context = pen.context
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        pen.polyline(np.vstack([self.so_far(self.low), self.so_far(self.high)[::-1]]), close=True)
        pen.color(self.ink, 0.25)
        pen.fill()
        line = self.so_far(self.mean)
        context.set_line_join(1)
        if self.dashed:
            context.set_dash([0.12, 0.09])
        else:
            pen.color(self.halo)
            pen.width(7)
            pen.polyline(line)
            pen.stroke()
        pen.color(self.ink)
        pen.width(3.5)
        pen.polyline(line)
        pen.stroke()
        context.restore()
        if not self.dashed:
            pen.disc(line[-1], 0.1, self.ink, self.halo, 1.5)


class Gap(Painted):
    """A difference and its interval about a line at 0, growing out of it with a tracker.

    Parameters
    ----------
    center : (float, float)
        Of the line at 0, in frame units.
    gap, half : float
        In units of the data; `unit` is what 1 is in frame units.
    """

    def __init__(self, center, gap, half, unit, color, shown):
        super().__init__(2 * (abs(gap) + half) * unit + 0.1, 0.4, reads=[shown])
        self.move_to((*center, 0))
        self.middle, self.gap, self.half, self.unit = center, gap, half, unit
        self.shown = shown
        self.ink, self.halo = theme.color(color), theme.color("background")

    def paint(self, pen):
        """Draw the interval and the dot."""
        share = self.shown.get_value()
        x, y = self.middle
        at = x + share * self.gap * self.unit
        reach = share * self.half * self.unit
        pen.color(self.ink)
        pen.width(5)
        pen.polyline(np.array([[at - reach, y], [at + reach, y]]))
        pen.stroke()
        pen.disc((at, y), 0.14, self.ink, self.halo, 2)


class Zero(Painted):
    """The line of no difference."""

    def __init__(self, x, low, high):
        super().__init__(0.02, high - low)
        self.move_to((x, (low + high) / 2, 0))
        self.ink = theme.color("quiet")

    def paint(self, pen):
        """Draw it."""
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(3)
        x = left + width / 2
        pen.polyline(np.array([[x, bottom], [x, bottom + height]]))
        pen.stroke()
