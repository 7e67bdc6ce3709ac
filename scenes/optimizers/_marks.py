"""What the films of this chapter draw with: bars by sign, arrows, lines that follow a clock."""

from __future__ import annotations

import numpy as np

from look import theme
from scenes.parts.paint import PIXELS_PER_UNIT, Painted


class Bars(Painted):
    """A bar a step as far as the clock has come, the latest growing; coloured by sign.

    Parameters
    ----------
    chart : Chart
    steps, values : arrays, shape (n,)
    clock : ValueTracker
        In steps; the bar of step t grows while the clock goes from t − 1 to t.
    color : str, optional
        Of all bars, in place of the signs' colours.
    """

    def __init__(self, chart, steps, values, clock, *, color=None, share=0.72):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.clock, self.steps = clock, np.asarray(steps, dtype=float)
        values = np.asarray(values, dtype=float)
        self.foot = chart.point(self.steps, np.zeros(len(values)))
        self.tips = chart.point(self.steps, values)
        self.wide = share * (chart.point(1.0, 0.0)[0] - chart.point(0.0, 0.0)[0])
        self.inks = [
            theme.color(color or ("positive" if value > 0 else "negative")) for value in values
        ]

    def paint(self, pen):
        """Draw those that there are by now."""
        now = self.clock.get_value()
        for step, foot, tip, ink in zip(self.steps, self.foot, self.tips, self.inks, strict=True):
            share = float(np.clip(now - step + 1, 0, 1))
            if share == 0:
                continue
            pen.color(ink)
            pen.rectangle(foot[0] - self.wide / 2, foot[1], self.wide, share * (tip[1] - foot[1]))
            pen.fill()


class Rule(Painted):
    """A straight line between two places, in frame units."""

    def __init__(self, start, end, color="quiet", width=2.0, dash=()):
        super().__init__(abs(end[0] - start[0]) + 0.02, abs(end[1] - start[1]) + 0.02)
        self.move_to(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, 0))
        self.ends = np.array([start, end], dtype=float)
        self.ink, self.thickness, self.dash = theme.color(color), width, dash

    def paint(self, pen):
        """Draw it."""
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.context.set_dash([each / PIXELS_PER_UNIT for each in self.dash])
        pen.polyline(self.ends)
        pen.stroke()
        pen.context.set_dash([])


def arrow(pen, start, end, color, width=5.0, alpha=1.0, halo=True):
    """Draw an arrow between two places in frame units; a very short one has no head."""
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    length = float(np.linalg.norm(end - start))
    if length < 1e-6:
        return
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    size = min(0.075 + 0.021 * width, 0.6 * length)
    neck = end - size * along
    corners = np.array([end, neck + 0.55 * size * across, neck - 0.55 * size * across])
    back = theme.color("background")
    for ink, wide in ((back, width + 4.0), (color, width))[0 if halo else 1 :]:
        pen.context.set_line_cap(0)
        pen.color(ink, alpha)
        pen.width(wide)
        pen.polyline(np.array([start, neck]))
        pen.stroke()
        pen.polyline(corners, close=True)
        if ink == back and halo:
            pen.width(4.0)
            pen.context.set_line_join(1)
            pen.stroke()
        else:
            pen.fill()
