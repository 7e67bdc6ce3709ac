"""Small marks beside words and on maps: a dot in somebody's colour, and the star of a minimum."""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit


class Key(kit.Painted):
    """A dot that says which colour a name has."""

    def __init__(self, color, diameter=0.22):
        super().__init__(diameter, diameter)
        self.ink = kit.theme.color(color)

    def paint(self, pen):
        """Draw it."""
        left, bottom, side, _ = self.box
        pen.color(self.ink)
        pen.circle(left + side / 2, bottom + side / 2, side / 2)
        pen.fill()


class Star(kit.Painted):
    """The minimum."""

    def __init__(self, place):
        super().__init__(0.4, 0.4)
        self.move_to((*place, 0))
        self.ink, self.halo = kit.theme.color("text"), kit.theme.color("background")

    def paint(self, pen):
        """Draw it."""
        star(pen, self.get_center()[:2], self.ink, self.halo)


def star(pen, place, ink, halo):
    """Draw a star of five points at a place in frame units."""
    turn = np.pi / 2 + np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 0.07, 0.17)
    pen.polyline(place + radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1), True)
    pen.color(halo)
    pen.width(2.4)
    pen.context.stroke_preserve()
    pen.color(ink)
    pen.fill()
