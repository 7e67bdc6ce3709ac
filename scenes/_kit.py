"""What chapters share: recorded scenes, words, numbers, digits, networks, bars, charts, surfaces.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units (the
frame is 8 units high and 14.2 wide, 90 pixels to the unit). Everything that changes reads a
``ValueTracker``; nothing keeps state from frame to frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import manim
import numpy as np
import xarray as xr
from manim import (
    DOWN,
    LEFT,
    ORIGIN,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    ValueTracker,
    VGroup,
    linear,
    smooth,
)

from figures import _theme as theme
from figures._visual import NARROW, Visual, written
from scenes import _font as font
from scenes import _raster
from scenes._paint import PIXELS_PER_UNIT, Painted, Pen, mix, rgb
from scenes._render import RenderedScene
from scenes._typst import Formula, Words
from simulate import recording as recordings

__all__ = [
    "DOWN",
    "LEFT",
    "NARROW",
    "ORIGIN",
    "RIGHT",
    "UP",
    "Bars",
    "Chart",
    "Contours",
    "Curve",
    "Digit",
    "FadeIn",
    "FadeOut",
    "Formula",
    "Layer",
    "Network",
    "Number",
    "Painted",
    "Pen",
    "RecordedScene",
    "ScaleBar",
    "Surface",
    "Trail",
    "VGroup",
    "ValueTracker",
    "Words",
    "linear",
    "mix",
    "rgb",
    "scene",
    "smooth",
    "theme",
]

MARGIN = 0.5  # between the frame's edge and the words, in frame units


def scene(**row: Any) -> Visual:
    """Make the row of a visual that has a scene and no figure."""
    return Visual(**row)


class RecordedScene(RenderedScene):
    """A scene that draws recordings.

    Class attributes `title` and `subtitle` are templates over the recordings' attributes.
    """

    title = ""
    subtitle = ""

    @cached_property
    def recordings(self) -> dict[str, xr.Dataset]:
        """All recordings of this visual, by name."""
        return {name: recordings.load(Path(path)) for name, path in self.job.recordings.items()}

    def recording(self, name: str) -> xr.Dataset:
        """Return a recording that the visual's row names in ``uses``."""
        return self.recordings[name]

    def fill(self, template: str, **more: Any) -> str:
        """Fill a template from the recordings' attributes and from `more`, which wins."""
        fields: dict[str, Any] = {}
        for dataset in self.recordings.values():
            fields.update(dataset.attrs)
        return written(template, fields | more)

    def headline(
        self, title: str | None = None, subtitle: str | None = None, **more: Any
    ) -> VGroup:
        """Return the two lines at the top left: what happens, and how to read the picture."""
        lines = VGroup(
            Words(self.fill(self.title if title is None else title, **more), 38, weight="semibold")
        )
        second = self.fill(self.subtitle if subtitle is None else subtitle, **more)
        if second:
            lines.add(Words(second, 24, "muted"))
        left, top = -manim.config.frame_width / 2 + MARGIN, manim.config.frame_height / 2
        for line, y in zip(lines, (0.77, 1.27), strict=False):
            line.on_baseline(left, top - y)
        return lines

    def play_steps(self, clock: ValueTracker, to: float, seconds_per_step: float) -> None:
        """Let optimizer steps pass: the same film time for each."""
        steps = to - clock.get_value()
        self.play(clock.animate.set_value(to), run_time=steps * seconds_per_step, rate_func=linear)


# ---------------------------------------------------------------------------- numbers


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
        size: float = 24,
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
        context = pen.context
        context.save()
        context.translate(left, bottom)
        context.scale(em, em)
        for char in text:
            shape = font.glyph(char, self.weight)
            for verb, args in shape.outline:
                getattr(context, verb)(*args)
            context.translate(shape.advance, 0)
        pen.color(self.ink)
        pen.fill()
        context.restore()


# ---------------------------------------------------------------------------- digits, networks,
# bars


class Digit(Painted):
    """An image of a digit: the text colour on the quiet fill.

    Parameters
    ----------
    pixels : array, shape (rows, columns)
        Intensities in [0, 1].
    size : float
        Height of the square, in frame units.
    """

    def __init__(self, pixels: np.ndarray, size: float) -> None:
        super().__init__(size, size)
        self.shape = pixels.shape
        self.colors = mix(theme.color("quiet"), theme.color("text"), np.asarray(pixels))

    def paint(self, pen: Pen) -> None:
        """Draw the image."""
        pen.image(self.colors, *self.box)

    def pixel(self, index: int | np.ndarray) -> np.ndarray:
        """Return where pixels (by their flat index) are, shape (..., 2), in frame units."""
        rows, columns = self.shape
        row, column = np.divmod(np.asarray(index), columns)
        return self.place(np.stack([(column + 0.5) / columns, 1 - (row + 0.5) / rows], axis=-1))


class Layer:
    """A column of units: where they are, and how active, in [0, 1].

    Parameters
    ----------
    x : float
        Of the column, in frame units.
    ys : array, shape (n,)
        Of the units, top first.
    activity : array, shape (n,)
        What fills a unit: 0 empty, 1 full.
    radius : float
        Of a unit, in frame units; 0 draws none (the bars beside it are the units).
    """

    def __init__(self, x: float, ys: np.ndarray, activity: np.ndarray, radius: float = 0.125):
        self.points = np.stack([np.full(len(ys), x), np.asarray(ys, dtype=float)], axis=-1)
        self.activity = np.asarray(activity, dtype=float)
        self.radius = radius


class Network(Painted):
    """One forward pass: edges coloured by what they contribute, units filled by their activation.

    The signal stands between layer ``floor(signal)`` and the next: edges grow towards the units
    they feed, and units fill as the signal arrives. At ``signal = len(layers) - 1`` all has
    arrived.

    Parameters
    ----------
    layers : sequence of Layer
    edges : sequence of (starts, ends, contributions)
        For each gap between layers: points, shape (n, 2), and weight × activation, shape (n,).
        Orange is for, blue against; width and opacity follow the size within the gap.
    signal : ValueTracker
    faintest : float
        Edges that contribute less than this share of the gap's largest are left out.
    widest : sequence of float
        Pixels of each gap's widest edge; the last holds for the gaps that follow.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        edges: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
        signal: ValueTracker,
        *,
        faintest: float = 0.03,
        widest: Sequence[float] = (4.5,),
    ) -> None:
        super().__init__(manim.config.frame_width, manim.config.frame_height, reads=[signal])
        self.layers = layers
        self.signal = signal
        widths = [*widest, *[widest[-1]] * (len(edges) - len(widest))]
        self.edges = [
            _Edges(*gap, faintest, width) for gap, width in zip(edges, widths, strict=True)
        ]
        self.empty, self.full = theme.color("background"), theme.color("text")
        self.outline = theme.color("muted")

    def paint(self, pen: Pen) -> None:
        """Draw the pass as far as the signal has come."""
        signal = self.signal.get_value()
        for gap, edges in enumerate(self.edges):
            reach = min(1.0, max(0.0, signal - gap))
            if reach > 0:
                tips = edges.starts + reach * (edges.ends - edges.starts)
                pen.lines(edges.starts, tips, edges.colors, edges.widths)
        for index, layer in enumerate(self.layers):
            # A unit fills during the last fifth of the way to it; the input is there from the
            # start.
            arrived = 1.0 if index == 0 else min(1.0, max(0.0, (signal - index + 0.2) * 5))
            self._units(pen, layer, arrived)

    def _units(self, pen: Pen, layer: Layer, arrived: float) -> None:
        if layer.radius == 0:
            return
        fills = mix(self.empty, self.full, layer.activity * arrived)
        pen.discs(layer.points, layer.radius, fills, self.outline, 1.2)


class _Edges:
    """The visible edges of one gap, weakest first, so that the strong lie on top."""

    def __init__(
        self,
        starts: np.ndarray,
        ends: np.ndarray,
        contributions: np.ndarray,
        faintest: float,
        widest: float,
    ) -> None:
        strength = np.abs(contributions) / max(np.abs(contributions).max(), 1e-12)
        order = np.argsort(strength)
        order = order[strength[order] >= faintest]
        self.starts, self.ends = starts[order], ends[order]
        strength = strength[order]
        sign = np.where(contributions[order] > 0, 1.0, 0.0)
        self.colors = np.empty((len(order), 4))
        self.colors[:, :3] = mix(theme.color("negative"), theme.color("positive"), sign)
        self.colors[:, 3] = 0.18 + 0.82 * strength**0.8
        self.widths = 0.7 + (widest - 0.7) * strength


class Bars(Painted):
    """Probabilities as horizontal bars, top first, growing with a tracker from 0 to 1.

    Parameters
    ----------
    values : array, shape (n,)
        In [0, 1]; a full bar is 1.
    ys : array, shape (n,)
        Middles of the bars, in frame units.
    left, length, thickness : float
        In frame units.
    marked : int, optional
        The green bar: the true class. The longest of the others is in the text's.
    """

    def __init__(
        self,
        values: np.ndarray,
        ys: np.ndarray,
        grown: ValueTracker,
        *,
        left: float,
        length: float,
        thickness: float = 0.24,
        marked: int | None = None,
    ) -> None:
        super().__init__(manim.config.frame_width, manim.config.frame_height, reads=[grown])
        self.values, self.ys, self.grown = np.asarray(values), np.asarray(ys), grown
        self.left, self.length, self.thickness = left, length, thickness
        inks = [theme.color("muted")] * len(self.values)
        inks[int(np.argmax(self.values))] = theme.color("text")
        if marked is not None:
            inks[marked] = theme.color("green")
        self.inks, self.track = inks, theme.color("quiet")

    def paint(self, pen: Pen) -> None:
        """Draw tracks and bars."""
        grown = self.grown.get_value()
        for value, y, ink in zip(self.values.tolist(), self.ys.tolist(), self.inks, strict=True):
            pen.color(self.track)
            pen.rectangle(self.left, y - self.thickness / 2, self.length, self.thickness)
            pen.fill()
            pen.color(ink)
            length = self.length * value * grown
            pen.rectangle(self.left, y - self.thickness / 2, length, self.thickness)
            pen.fill()


# ---------------------------------------------------------------------------- charts


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
        texts = labels or [f"{value:g}".replace("-", "−") for value in values]
        group = VGroup()
        for value, text in zip(values, texts, strict=True):
            x = self.point(value, 1.0 if self.log_y else 0.0)[0]
            group.add(Words(text, 20, "muted").on_baseline(x, self.bottom - 0.3, ORIGIN))
        return group

    def y_ticks(self, values: Sequence[float], labels: Sequence[str] | None = None) -> VGroup:
        """Return tick labels left of the box, in the muted colour."""
        texts = labels or [f"{value:g}".replace("-", "−") for value in values]
        group = VGroup()
        for value, text in zip(values, texts, strict=True):
            y = self.point(self.x[0], value)[1]
            group.add(Words(text, 20, "muted").on_baseline(self.left - 0.12, y - 0.07, RIGHT))
        return group

    @property
    def left(self) -> float:
        """The box's left edge, in frame units."""
        return self.center[0] - self.width / 2

    @property
    def bottom(self) -> float:
        """The box's lower edge, in frame units."""
        return self.center[1] - self.height / 2


class Curve(Painted):
    """A still line through data points, clipped to its chart's box."""

    def __init__(
        self, chart: Chart, x: np.ndarray, y: np.ndarray, color: str = "muted", width: float = 2.0
    ) -> None:
        super().__init__(chart.width, chart.height)
        self.chart, self.ink, self.thickness = chart, theme.color(color), width
        self.line = chart.point(x, y)
        self.shift((*chart.center, 0))

    def paint(self, pen: Pen) -> None:
        """Draw the line."""
        _clip(pen, self.chart)
        pen.color(self.ink)
        pen.width(self.thickness)
        pen.polyline(self.line)
        pen.stroke()


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
        last = len(self.places) - 1
        lower = int(min(max(step, 0), last))
        upper = min(lower + 1, last)
        share = min(max(step, 0), last) - lower
        return (1 - share) * self.places[lower] + share * self.places[upper]

    def paint(self, pen: Pen) -> None:
        """Draw way and point."""
        step = min(self.clock.get_value(), self.end)
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
        pen.circle(x, y, self.radius)
        pen.color(self.halo if left else self.ink)
        pen.context.fill_preserve()
        pen.color(self.ink if left else self.halo)
        pen.width(2.5 if left else 1.5)
        pen.stroke()


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


# ---------------------------------------------------------------------------- surfaces


class Surface(Painted):
    """A loss over a plane in three dimensions, with a path on it, turning with a tracker.

    Every pixel shows what is nearest there: hidden parts are hidden, and a path lies in its true
    depth (where a wall hides it, it shines through faintly).

    Parameters
    ----------
    x, y : arrays, shapes (columns,), (rows,)
        Data coordinates of the grid.
    z : array, shape (rows, columns)
        Height in [0, 1], 0 the floor.
    size : float
        Edge of the floor, in frame units.
    azimuth : ValueTracker
        Degrees by which the surface is turned.
    elevation : float
        Degrees from which it is looked at: 0 from the side, 90 from above.
    path : array, shape (n_steps + 1, 3), optional
        Data coordinates x, y and height in [0, 1].
    clock : ValueTracker, optional
        Steps of the path to draw.
    n_levels : int
        Lines of equal height drawn on the surface.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        z: np.ndarray,
        azimuth: ValueTracker,
        *,
        size: float = 4.6,
        rise: float = 2.2,
        elevation: float = 32.0,
        path: np.ndarray | None = None,
        clock: ValueTracker | None = None,
        color: str = "vermillion",
        n_levels: int = 12,
    ) -> None:
        reads = [azimuth] if clock is None else [azimuth, clock]
        super().__init__(size * 1.5, size, reads=reads)
        self.azimuth, self.clock, self.size, self.rise = azimuth, clock, size, rise
        self.elevation = np.deg2rad(elevation)
        self._x, self._y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        columns, rows = np.meshgrid(self._x, self._y)
        corners = self._model(np.stack([columns, rows, np.asarray(z, dtype=float)], axis=-1))
        self.corners = corners  # (rows, columns, 3)
        # Central differences over the grid; the cross product of the two is the normal.
        along, across = np.gradient(corners, axis=1), np.gradient(corners, axis=0)
        normals = np.cross(along, across)
        self.normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
        self.heights = np.asarray(z, dtype=float)
        self.base = mix(theme.color("surface_low"), theme.color("surface_high"), self.heights)
        self.n_levels = n_levels
        self.line = np.array(rgb(theme.color("surface_line"))) * 255
        self.path = None if path is None else self._model(np.asarray(path, dtype=float))
        self.ink = np.array(rgb(theme.color(color))) * 255
        self.halo = np.array(rgb(theme.color("background"))) * 255
        self.dark = theme.current().name == "dark"

    def _model(self, points: np.ndarray) -> np.ndarray:
        """Scale data to a floor of `size` and a height of `rise`, centred."""
        spans = np.array([np.ptp(self._x), np.ptp(self._y), 1.0])
        middle = np.array([self._x.mean(), self._y.mean(), 0.5])
        middle[0], middle[1] = (self._x[0] + self._x[-1]) / 2, (self._y[0] + self._y[-1]) / 2
        return (points - middle) / spans * (self.size, self.size, self.rise)

    def _view(self) -> np.ndarray:
        """Return the rotation whose rows are right, up and towards the viewer."""
        turn = np.deg2rad(self.azimuth.get_value())
        c, s = np.cos(turn), np.sin(turn)
        cos, sin = np.cos(self.elevation), np.sin(self.elevation)
        return np.array([[c, -s, 0.0], [s * sin, c * sin, cos], [-s * cos, -c * cos, sin]])

    def height_of(self, share: float) -> float:
        """Return how high a share of the surface's rise stands on screen, in frame units."""
        return float(share * self.rise * np.cos(self.elevation))

    def paint(self, pen: Pen) -> None:
        """Draw the surface and the path as far as the clock has come."""
        view = self._view()
        seen = self.corners @ view.T
        vertices = np.empty((*seen.shape[:2], 7))
        vertices[..., :2] = pen.to_pixels(seen[..., :2] + self.get_center()[:2])
        vertices[..., 2] = seen[..., 2]
        vertices[..., 3:6] = 255 * np.clip(self.base * self._shade(view), 0, 1)
        vertices[..., 6] = self.heights
        strips, radii, inks = self._strips(pen, view)
        underside = 0.62 if self.dark else 0.85
        lift = 0.8 * self.size / max(seen.shape[:2])
        with pen.raster() as pixels:
            _raster.surface(
                pixels, pen.opacity, vertices, underside, self.n_levels, self.line, 0.45,
                strips, radii * pen.pixels_per_unit / PIXELS_PER_UNIT, inks, lift,
            )  # fmt: skip
        if len(strips):  # what is hidden shines through: a path must not get lost behind a wall
            ghost = np.concatenate([strips[:-4, 0, :2], strips[-1:, 0, :2]])
            self._ghost(pen, ghost)

    def _shade(self, view: np.ndarray) -> np.ndarray:
        """Return the light on each vertex, shape (rows, columns, 1)."""
        light = view.T @ np.array([-0.45, 0.65, 0.6])  # over the viewer's left shoulder
        facing = np.abs(self.normals @ (light / np.linalg.norm(light)))[..., None]
        return 0.5 + 0.6 * facing if self.dark else 0.74 + 0.3 * facing

    def _strips(self, pen: Pen, view: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the pieces of the path so far and its head: a halo, then a disc."""
        if self.path is None or self.clock is None:
            return np.empty((0, 2, 3)), np.empty(0), np.empty((0, 3))
        step = min(max(self.clock.get_value(), 0.0), len(self.path) - 1.0)
        whole = int(step)
        passed = self.path[: whole + 1]
        if step > whole:
            share = step - whole
            head = (1 - share) * self.path[whole] + share * self.path[whole + 1]
            passed = np.vstack([passed, head])
        seen = passed @ view.T
        seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
        start, disc = (np.stack([end, end]) for end in (seen[0], seen[-1]))
        strips = np.concatenate(
            [np.stack([seen[:-1], seen[1:]], axis=1), [start, start, disc, disc]]
        )
        for place in range(1, 5):  # the ring of the start, and the head, are in front of all else
            strips[-place:, :, 2] += self.size
        radii = np.full(len(strips), 1.8)
        radii[-4:] = 7.5, 5.0, 10.5, 8.5
        inks = np.tile(self.ink, (len(strips), 1))
        inks[-3] = inks[-2] = self.halo
        return strips, radii, inks

    def _ghost(self, pen: Pen, points: np.ndarray) -> None:
        """Draw the whole path faintly; points in pixels."""
        n = len(points) - 1
        colors = np.tile([*self.ink / 255, 0.3 * pen.opacity], (n, 1))
        widths = np.full(n, 3.0 * pen.pixels_per_unit / PIXELS_PER_UNIT)
        with pen.raster() as pixels:
            _raster.lines(pixels, points[:-1], points[1:], colors, widths)


class ScaleBar(Painted):
    """A vertical bar with end strokes: how much height means how much loss."""

    def __init__(self, length: float) -> None:
        super().__init__(0.14, length)
        self.ink = theme.color("muted")

    def paint(self, pen: Pen) -> None:
        """Draw the bar."""
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(1.6)
        for y in (bottom, bottom + height):
            pen.polyline(np.array([[left, y], [left + width, y]]))
        pen.polyline(np.array([[left + width / 2, bottom], [left + width / 2, bottom + height]]))
        pen.stroke()
