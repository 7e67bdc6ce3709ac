"""A batch as columns of dots that pass a norm: what the films of the two norms share."""

from __future__ import annotations

import numpy as np
from manim import ValueTracker

from look import theme
from scenes.parts.paint import Painted, Pen


class Columns(Painted):
    """Groups of values side by side: dots over bars of mean ± deviation.

    Group after group its values are normalised: first they move until their mean is 0, then they
    stretch until their deviation is 1.

    Parameters
    ----------
    box : (float, float, float, float)
        Left, bottom, width, height, in frame units.
    sums, normalised : arrays, shape (group, member)
    mean, deviation : arrays, shape (group,)
        Of the sums.
    reach : float
        Of the axis, up and down.
    done : ValueTracker
        How many groups are normalised.
    ink : str
        Colour of the bars once they are.
    """

    def __init__(
        self,
        box: tuple[float, float, float, float],
        sums: np.ndarray,
        normalised: np.ndarray,
        mean: np.ndarray,
        deviation: np.ndarray,
        reach: float,
        done: ValueTracker,
        *,
        ink: str,
    ) -> None:
        left, bottom, width, height = box
        super().__init__(width, height, reads=[done])
        self.move_to((left + width / 2, bottom + height / 2, 0))
        self.values = sums, sums - mean[:, None], normalised
        self.mean, self.deviation, self.reach = mean, deviation, reach
        self.done = done
        self.inks = theme.color("muted"), theme.color(ink)
        self.text, self.back = theme.color("text"), theme.color("background")
        self.quiet = theme.color("quiet")

    def now(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return values (group, member), middles, spreads and how far each group is, 0 to 1."""
        raw, centred, normalised = self.values
        share = np.clip(self.done.get_value() - np.arange(len(raw)), 0, 1)
        moved, stretched = np.clip(2 * share, 0, 1), np.clip(2 * share - 1, 0, 1)
        move, stretch = moved[:, None], stretched[:, None]
        values = (1 - move) * raw + move * ((1 - stretch) * centred + stretch * normalised)
        spreads = (1 - stretched) * self.deviation + stretched
        return values, (1 - moved) * self.mean, spreads, share

    def place_of(self, group: float, value: float) -> tuple[float, float]:
        """Return where a value of a group lies, in frame units."""
        left, bottom, width, height = self.box
        x = left + width * (group + 0.5) / len(self.mean)
        return x, bottom + height * (value / self.reach + 1) / 2

    def paint(self, pen: Pen) -> None:
        """Draw bars, means and dots."""
        left, bottom, width, height = self.box
        values, middles, spreads, share = self.now()
        pen.color(self.quiet)
        pen.width(2)
        zero = bottom + height / 2
        pen.polyline(np.array([[left, zero], [left + width, zero]]))
        pen.stroke()
        slot, scale = width / len(values), height / (2 * self.reach)
        half = 0.34 * slot
        for group, (middle, spread, part) in enumerate(zip(middles, spreads, share, strict=True)):
            x, y = self.place_of(group, float(middle))
            ink = self.inks[1] if part > 0 else self.inks[0]
            pen.color(ink, 0.42)
            pen.rectangle(x - half, y - abs(spread) * scale, 2 * half, 2 * abs(spread) * scale)
            pen.fill()
            pen.color(ink)
            pen.width(4)
            pen.polyline(np.array([[x - half, y], [x + half, y]]))
            pen.stroke()
        shift = 0.5 * slot * (np.arange(values.shape[1]) / max(values.shape[1] - 1, 1) - 0.5)
        for group, row in enumerate(values):
            for member, value in enumerate(row):
                x, y = self.place_of(group, float(value))
                pen.disc((x + shift[member], y), 0.085, self.text, self.back, 1.5)
