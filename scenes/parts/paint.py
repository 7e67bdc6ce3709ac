"""Painters: one mobject that draws thousands of lines or faces in one loop on the Cairo context.

Manim pays Python for every mobject (copying, sorting, one context set-up each): 300 edges as 300
``Line`` objects draw at 17 frames a second. A :class:`Painted` is one mobject however much it
draws. It takes part in layout, fading and moving like any other: its points are the corners of its
box.

What a painter draws must depend on nothing but its arrays and the ``ValueTracker`` objects named in
``reads``: then every frame can be drawn by itself, in any process, and be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import cairo
import manim
import numpy as np
from manim.utils.color import ManimColor

from scenes.parts import raster

PIXELS_PER_UNIT = 90.0  # of a 1280×720 frame: sizes are given in pixels of that frame


def rgb(color: str) -> tuple[float, float, float]:
    """Return ``#rrggbb`` as three numbers in [0, 1]."""
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def mix(start: str, end: str, amount: float | np.ndarray) -> np.ndarray:
    """Blend two colours linearly.

    Parameters
    ----------
    start, end : str
        ``#rrggbb``.
    amount : float or array, shape (...)
        0 gives `start`, 1 gives `end`.

    Returns
    -------
    array, shape (..., 3)
    """
    share = np.clip(np.asarray(amount, dtype=float), 0, 1)[..., None]
    return (1 - share) * np.array(rgb(start)) + share * np.array(rgb(end))


class Pen:
    """A pycairo context in frame units, with loops over many shapes and a common opacity.

    Manim keeps its frame as RGBA while Cairo writes BGRA, so colours go in reversed: that is
    decided here and nowhere else. What comes in thousands goes past Cairo
    (:mod:`scenes.parts.raster`) straight into the pixels; it knows no clip.

    Parameters
    ----------
    context : cairo.Context
        Its matrix takes frame units to pixels.
    pixels : array, shape (height, width, 4), uint8
        What the context draws into.
    opacity : float
        Of all that is drawn.
    """

    def __init__(self, context: cairo.Context, pixels: np.ndarray, opacity: float = 1.0) -> None:
        self.context = context
        self.pixels = pixels
        self.opacity = opacity
        matrix = context.get_matrix()
        self._scale = np.array([matrix.xx, matrix.yy])
        self._origin = np.array([matrix.x0, matrix.y0])

    @property
    def pixels_per_unit(self) -> float:
        """Pixels of this frame to the frame unit."""
        return float(self._scale[0])

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Return points, shape (..., 2), in pixels, y running down."""
        return np.asarray(points, dtype=float) * self._scale + self._origin

    @contextmanager
    def raster(self) -> Iterator[np.ndarray]:
        """Give the pixels to a compiled loop, with Cairo out of the way."""
        target = self.context.get_target()
        target.flush()
        yield self.pixels
        target.mark_dirty()

    def color(self, color: str | Sequence[float] | np.ndarray, alpha: float = 1.0) -> None:
        """Set the source to ``#rrggbb`` or to r, g, b in [0, 1]."""
        red, green, blue = rgb(color) if isinstance(color, str) else color[:3]
        self.context.set_source_rgba(blue, green, red, alpha * self.opacity)

    def width(self, pixels: float) -> None:
        """Set the line width in pixels of a 1280×720 frame."""
        self.context.set_line_width(pixels / PIXELS_PER_UNIT)

    def lines(
        self, starts: np.ndarray, ends: np.ndarray, colors: np.ndarray, widths: np.ndarray
    ) -> None:
        """Stroke n separate lines.

        Parameters
        ----------
        starts, ends : array, shape (n, 2)
            In frame units.
        colors : array, shape (n, 4)
            r, g, b, alpha in [0, 1]; lines of alpha 0 are skipped.
        widths : array, shape (n,)
            In pixels of a 1280×720 frame.
        """
        colors = np.array(colors, dtype=float)
        colors[:, 3] *= self.opacity
        thickness = np.asarray(widths, dtype=float) / PIXELS_PER_UNIT * self.pixels_per_unit
        with self.raster() as pixels:
            raster.lines(pixels, self.to_pixels(starts), self.to_pixels(ends), colors, thickness)

    def discs(
        self, centers: np.ndarray, radius: float, fills: np.ndarray, outline: str, width: float
    ) -> None:
        """Draw n discs of one size with an outline.

        Parameters
        ----------
        centers : array, shape (n, 2)
            In frame units.
        radius : float
            In frame units.
        fills : array, shape (n, 3)
            r, g, b in [0, 1].
        outline : str
            ``#rrggbb``.
        width : float
            Of the outline, in pixels of a 1280×720 frame.
        """
        scale = self.pixels_per_unit
        with self.raster() as pixels:
            raster.discs(
                pixels, self.to_pixels(centers), radius * scale, fills, np.array(rgb(outline)),
                width / PIXELS_PER_UNIT * scale, self.opacity,
            )  # fmt: skip

    def polyline(self, points: np.ndarray, close: bool = False) -> None:
        """Add a path through points, shape (n, 2), without painting it."""
        if len(points) == 0:
            return
        line_to = self.context.line_to
        coordinates = points.tolist()
        self.context.move_to(*coordinates[0])
        for x, y in coordinates[1:]:
            line_to(x, y)
        if close:
            self.context.close_path()

    def circle(self, x: float, y: float, radius: float) -> None:
        """Add a circle to the path; radius in frame units."""
        self.context.new_sub_path()
        self.context.arc(x, y, radius, 0, 2 * np.pi)

    def disc(
        self, place: Sequence[float] | np.ndarray, radius: float, inside: str, rim: str,
        width: float = 2.0,
    ) -> None:  # fmt: skip
        """Draw one disc, at (x, y) in frame units, with a rim `width` pixels wide."""
        x, y = (float(each) for each in place)
        self.circle(x, y, radius)
        self.color(inside)
        self.context.fill_preserve()
        self.color(rim)
        self.width(width)
        self.stroke()

    def rectangle(self, left: float, bottom: float, width: float, height: float) -> None:
        """Add a rectangle to the path, in frame units."""
        self.context.rectangle(left, bottom, width, height)

    def fill(self) -> None:
        """Fill the path and forget it."""
        self.context.fill()

    def stroke(self) -> None:
        """Stroke the path and forget it."""
        self.context.stroke()

    def image(
        self, pixels: np.ndarray, left: float, bottom: float, width: float, height: float
    ) -> None:
        """Draw an image with hard pixel edges.

        Parameters
        ----------
        pixels : array, shape (rows, columns, 3)
            r, g, b in [0, 1], first row on top.
        left, bottom, width, height : float
            In frame units.
        """
        rows, columns, _ = pixels.shape
        data = np.full((rows, columns, 4), 255, dtype=np.uint8)
        data[..., :3] = np.rint(pixels * 255)  # the frame's order, RGBA, as Manim keeps it
        surface = cairo.ImageSurface.create_for_data(data.data, cairo.FORMAT_RGB24, columns, rows)
        context = self.context
        context.save()
        context.rectangle(left, bottom, width, height)
        context.clip()
        context.translate(left, bottom + height)
        context.scale(width / columns, -height / rows)
        context.set_source_surface(surface, 0, 0)
        context.get_source().set_filter(cairo.Filter.NEAREST)
        context.paint_with_alpha(self.opacity)
        context.restore()


class Painted(manim.Mobject):
    """A mobject that paints itself.

    Subclasses write :meth:`paint` in frame units, placing what they draw by :meth:`place`.

    Parameters
    ----------
    width, height : float
        The box, in frame units (the frame is 8 units high).
    reads : sequence of ValueTracker
        What the drawing depends on; while one of them is animated, this mobject is redrawn.
    """

    def __init__(
        self, width: float, height: float, *, reads: Sequence[manim.ValueTracker] = ()
    ) -> None:
        self.opacity = 1.0
        self.reads = tuple(reads)
        super().__init__()
        self.points = np.array(
            [[-width / 2, -height / 2, 0.0], [width / 2, height / 2, 0.0]], dtype=float
        )

    def paint(self, pen: Pen) -> None:
        """Draw; called once a frame in which this mobject is visible."""
        raise NotImplementedError

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height in frame units."""
        (left, bottom, _), (right, top, _) = self.points
        return left, bottom, right - left, top - bottom

    def place(self, fractions: np.ndarray) -> np.ndarray:
        """Map points, shape (..., 2), from [0, 1]² of the box to frame units."""
        left, bottom, width, height = self.box
        return np.asarray(fractions) * (width, height) + (left, bottom)

    # What Manim's animations ask of a mobject that has no colours of its own.

    def set_opacity(self, opacity: float) -> Self:
        """Set the opacity of all that is painted, in [0, 1]."""
        self.opacity = opacity
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Self:
        """Make the painting fainter: 1 hides it."""
        return self.set_opacity(self.opacity * (1 - darkness))

    def interpolate_color(self, mobject1: Any, mobject2: Any, alpha: float) -> Self:
        """Blend opacities; called by Manim's transforms."""
        self.opacity = (1 - alpha) * mobject1.opacity + alpha * mobject2.opacity
        return self

    def get_color(self) -> ManimColor:
        """Return white: asked for by animations that copy colours, never painted with."""
        return manim.WHITE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Animations copy their mobject for its box and opacity alone: the arrays are shared.
        duplicate = self.__class__.__new__(self.__class__)
        memo[id(self)] = duplicate
        duplicate.__dict__.update(self.__dict__)
        duplicate.points = self.points.copy()
        duplicate.submobjects = []
        duplicate.updaters = []
        return duplicate
