"""A pen that a painted part of a film is given to see what it paints."""

from __future__ import annotations

import numpy as np


class Pen:
    """Notes the bars, dots and lines that are painted; lets all else pass."""

    def __init__(self) -> None:
        self.bars: list[tuple[float, ...]] = []
        self.dots: list[tuple[float, float]] = []
        self.strokes: list[np.ndarray] = []

    def rectangle(self, *bar: float) -> None:
        self.bars.append(bar)

    def disc(self, place: tuple[float, float], *_: object) -> None:
        self.dots.append((float(place[0]), float(place[1])))

    def discs(self, places: np.ndarray, *_: object) -> None:
        self.dots.extend((float(x), float(y)) for x, y in places)

    def polyline(self, places: np.ndarray, **_: object) -> None:
        self.strokes.append(np.array(places, float))

    def __getattr__(self, name: str) -> object:
        return self if name == "context" else lambda *_, **__: None
