"""Digits, networks and the bars of probabilities.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units.
"""

from __future__ import annotations

from collections.abc import Sequence

import manim
import numpy as np
from manim import ValueTracker

from look import theme
from scenes.parts.paint import Painted, Pen, mix

FAINT, LOUD = 0.15, 1.6  # opacity of edges that others stand out from, how much wider these are


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
    last : (starts, ends, contributions), optional
        Edges that appear in the last gap as the tracker `focus` goes from 0 to 1; all others grow
        faint.
    focus : ValueTracker, optional
    inks : (str, str)
        Colours of the `last` edges: of those above 0 and of the others.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        edges: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
        signal: ValueTracker,
        *,
        faintest: float = 0.03,
        widest: Sequence[float] = (4.5,),
        last: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
        focus: ValueTracker | None = None,
        inks: tuple[str, str] = ("positive", "negative"),
    ) -> None:
        reads = [signal] if focus is None else [signal, focus]
        super().__init__(manim.config.frame_width, manim.config.frame_height, reads=reads)
        self.layers = layers
        self.signal = signal
        widths = [*widest, *[widest[-1]] * (len(edges) - len(widest))]
        self.edges = [
            _Edges(*gap, faintest, width) for gap, width in zip(edges, widths, strict=True)
        ]
        self.focus, self.sharp = focus, None
        if last is not None:
            self.sharp = _Edges(*last, faintest, LOUD * widths[-1], inks)
        self.empty, self.full = theme.color("background"), theme.color("text")
        self.outline = theme.color("muted")

    def paint(self, pen: Pen) -> None:
        """Draw the pass as far as the signal has come."""
        signal = self.signal.get_value()
        focus = 0.0 if self.focus is None else self.focus.get_value()
        for gap, edges in enumerate(self.edges):
            reach = min(1.0, max(0.0, signal - gap))
            if reach > 0:
                edges.paint(pen, reach, 1 - (1 - FAINT) * focus)
        if self.sharp is not None and focus > 0:
            self.sharp.paint(pen, 1.0, focus)
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
        inks: tuple[str, str] = ("positive", "negative"),
    ) -> None:
        strength = np.abs(contributions) / max(np.abs(contributions).max(), 1e-12)
        order = np.argsort(strength)
        order = order[strength[order] >= faintest]
        self.starts, self.ends = starts[order], ends[order]
        strength = strength[order]
        sign = np.where(contributions[order] > 0, 1.0, 0.0)
        self.colors = np.empty((len(order), 4))
        self.colors[:, :3] = mix(theme.color(inks[1]), theme.color(inks[0]), sign)
        self.colors[:, 3] = 0.18 + 0.82 * strength**0.8
        self.widths = 0.7 + (widest - 0.7) * strength

    def paint(self, pen: Pen, reach: float, opacity: float) -> None:
        """Draw the edges as far as a share of their way, less than opaque."""
        tips = self.starts + reach * (self.ends - self.starts)
        colors = self.colors * (1, 1, 1, opacity)
        pen.lines(self.starts, tips, colors, self.widths)


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
