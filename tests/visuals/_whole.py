"""All that stands on the axes of a figure, so that a test can compare the whole of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from look import theme


def tidy(texts: Iterable[str]) -> list[str]:
    """Return texts in the order of the alphabet, whatever spaces and ends of lines they have."""
    return sorted(" ".join(text.split()) for text in texts if text.strip())


def labels(*axes: Axes) -> list[str]:
    """Return what is written on axes but for ticks and what `set_xlabel` wrote, as `tidy` does."""
    return tidy(text.get_text() for ax in axes for text in ax.texts)


def points(ax: Axes, marker: str = "o") -> list[tuple[float, float]]:
    """Return where marks stand that are alone in their line, in order."""
    alone = [line.get_xydata() for line in ax.get_lines() if line.get_marker() == marker]
    return sorted((float(at[0, 0]), float(at[0, 1])) for at in alone if len(at) == 1)


def behind(ax: Axes, label: str) -> str:
    """Return what was written right after a label, the last one of that name: its note."""
    texts = [text.get_text() for text in ax.texts]
    return texts[len(texts) - texts[::-1].index(label)]


def nearest(ax: Axes, place: tuple[float, float], texts: Iterable[str]) -> str:
    """Return which of these texts stands nearest to a place in the data."""
    x, y = ax.transData.transform(place)
    away = {}
    for text in ax.texts:
        if text.get_text() in set(texts):
            box = text.get_window_extent()
            aside = max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1)
            away[float(np.hypot(*aside))] = text.get_text()
    return away[min(away)]


def colored(hue: object, token: str, name: str = "dark") -> bool:
    """Return whether a colour is what a theme calls by that name."""
    with theme.use(name):
        return to_hex(hue) == theme.color(token).lower()
