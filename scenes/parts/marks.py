"""Small marks beside words and on maps: a dot in somebody's colour, and the star of a minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

from look import theme
from scenes.parts.paint import Painted, Pen


class Key(Painted):
    """A dot that says which colour a name has.

    Parameters
    ----------
    color : str
        A token of the theme.
    diameter : float
        In frame units.
    """

    def __init__(self, color: str, diameter: float = 0.22) -> None:
        super().__init__(diameter, diameter)
        self.ink = theme.color(color)

    def paint(self, pen: Pen) -> None:
        """Draw it."""
        left, bottom, side, _ = self.box
        pen.color(self.ink)
        pen.circle(left + side / 2, bottom + side / 2, side / 2)
        pen.fill()


class Star(Painted):
    """A minimum.

    Parameters
    ----------
    place : array_like, shape (2,)
        In frame units.
    """

    def __init__(self, place: Any) -> None:
        super().__init__(0.4, 0.4)
        self.move_to((*place, 0))

    def paint(self, pen: Pen) -> None:
        """Draw it."""
        star(pen, self.get_center()[:2])


def star(pen: Pen, place: np.ndarray) -> None:
    """Draw a star of five points at a place in frame units, shape (2,)."""
    turn = np.pi / 2 + np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 0.07, 0.17)
    corners = place + radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    pen.polyline(corners, close=True)
    pen.color(theme.color("background"))
    pen.width(2.4)
    pen.context.stroke_preserve()
    pen.color(theme.color("text"))
    pen.fill()
