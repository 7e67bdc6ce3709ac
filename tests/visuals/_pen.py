"""A pen that a painted part of a film is given to see what it paints."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb


class Pen:
    """Notes bars, dots, lines, images and colours; closed lines, outlines, once more."""

    def __init__(self) -> None:
        self.bars: list[tuple[float, ...]] = []
        self.dots: list[tuple[float, float]] = []
        self.circles: list[tuple[float, ...]] = []
        self.strokes: list[np.ndarray] = []
        self.outlines: list[np.ndarray] = []
        self.images: list[np.ndarray] = []
        self.inks: list[tuple[float, ...]] = []
        self.opacity = 1.0

    def rectangle(self, *bar: float) -> None:
        self.bars.append(bar)

    def circle(self, *circle: float) -> None:
        self.circles.append(circle)

    def disc(self, place: tuple[float, float], *_: object) -> None:
        self.dots.append((float(place[0]), float(place[1])))

    def discs(self, places: np.ndarray, *_: object) -> None:
        self.dots.extend((float(x), float(y)) for x, y in places)

    def polyline(self, places: np.ndarray, close: bool = False) -> None:
        self.strokes.append(np.array(places, float))
        self.outlines += self.strokes[-1:] if close else []

    def image(self, pixels: np.ndarray, *_: float) -> None:
        self.images.append(pixels)

    def color(self, ink: Any, *_: float) -> None:
        self.inks.append(to_rgb(ink) if isinstance(ink, str) else tuple(map(float, ink[:3])))

    def __getattr__(self, name: str) -> object:
        return self if name == "context" else lambda *_, **__: None
