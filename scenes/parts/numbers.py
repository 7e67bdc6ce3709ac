"""Numbers that follow a tracker.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import ValueTracker

from look import theme
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, Pen
from scenes.parts.words import LABEL


class Number(Painted):
    """A number that follows a tracker, made of glyphs read once from the font.

    Parameters
    ----------
    text : callable
        Gives the string to show now, from the recording and the tracker's value.
    reads : sequence of ValueTracker
        What `text` depends on.
    size : float
        Font size in pixels.
    widest : str
        The longest string to come: the box is made for it.
    align : {"left", "right"}
    """

    def __init__(
        self,
        text: Callable[[], str],
        reads: Sequence[ValueTracker] = (),
        *,
        size: float = LABEL,
        color: str = "text",
        weight: str = "regular",
        widest: str = "0.000",
        align: str = "left",
    ) -> None:
        self.text = text
        self.size = size
        self.ink = theme.color(color)
        self.weight = weight
        self.align = align
        em = size / PIXELS_PER_UNIT
        width = font.advance(widest, weight) * em
        super().__init__(width, font.DIGIT_HEIGHT * em, reads=reads)

    def paint(self, pen: Pen) -> None:
        """Draw the number as it is now."""
        text = self.text()
        left, bottom, width, height = self.box
        em = height / font.DIGIT_HEIGHT
        if self.align == "right":
            left += width - font.advance(text, self.weight) * em
        pen.color(self.ink)
        font.write(pen, text, left, bottom, em, self.weight)
