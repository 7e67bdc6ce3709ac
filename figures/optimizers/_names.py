"""Names of paths beside their ends on a map, where they cover no path and no other name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from figures.parts.axes import beside
from figures.parts.canvas import LABEL, px, text_width
from figures.parts.colors import halo
from look import theme

NEAR = 26.0  # farther from its end, in CSS pixels, a name has a line to it


@dataclass(frozen=True)
class Ended:
    """A path, shape (step, 2), with the name and the note that stand at its end."""

    way: np.ndarray
    label: str
    note: str = ""


def names(ax: Axes, paths: Sequence[Ended], others: Sequence[Text] = ()) -> None:
    """Write each path's name, one after the other where the least is in its way.

    `others` are words that stand there already.
    """
    scale = ax.figure.dpi / 96
    box = ax.get_window_extent()
    least, most = np.array([[box.x0, box.y0], [box.x1, box.y1]]) / scale
    share = np.linspace(0, 1, 9)[:, None, None]
    passed = [((1 - share) * p.way[:-1] + share * p.way[1:]).reshape(-1, 2) for p in paths]
    covered = ax.transData.transform(np.concatenate(passed)) / scale
    taken = np.empty((0, 2))
    for text in others:
        (x0, y0), (x1, y1) = text.get_window_extent().get_points() / scale
        grid = np.stack(np.meshgrid(np.linspace(x0, x1, 24), np.linspace(y0, y1, 8)), -1)
        taken = np.vstack([taken, grid.reshape(-1, 2)])
    for path in paths:
        first = text_width(path.label, LABEL, "semibold")
        wide = first + (7 + text_width(path.note, LABEL) if path.note else 0)
        end = ax.transData.transform(path.way[-1]) / scale

        def cost(
            corner: tuple[float, float], end: np.ndarray = end, wide: float = wide,
            taken: np.ndarray = taken,
        ) -> float:  # fmt: skip
            low = end + corner - (3, 5)
            high = low + np.array([wide + 6, LABEL + 6])
            inside = bool((low >= least).all() and (high <= most).all())
            under = [int(((at > low) & (at < high)).all(1).sum()) for at in (covered, taken)]
            far = _far(corner, wide)
            line = end + np.linspace(0, 1, 12)[:, None] * (_near(corner, wide) * (far > NEAR))
            crossed = sum(bool((np.abs(taken - at) < 6).all(1).any()) for at in line)
            return under[0] + 100 * (under[1] + crossed) + 10_000 * (not inside) + 0.2 * far

        corner = min(_corners(wide), key=cost)
        if _far(corner, wide) > NEAR:
            ends = np.array([end, end + _near(corner, wide)])
            line = ax.transData.inverted().transform(ends * scale)
            ax.plot(*line.T, color=theme.color("muted"), linewidth=px(1), zorder=7)
        beside(
            ax, path.label, tuple(path.way[-1]), shift=corner, ha="left", weight="semibold",
            path_effects=halo(), zorder=8,
        )  # fmt: skip
        if path.note:
            beside(
                ax, path.note, tuple(path.way[-1]), shift=(corner[0] + first + 7, corner[1]),
                ha="left", path_effects=halo(), zorder=8,
            )  # fmt: skip
        grid = np.stack(np.meshgrid(np.linspace(0, wide, 24), np.linspace(0, LABEL, 8)), -1)
        taken = np.vstack([taken, end + corner + grid.reshape(-1, 2)])


def _corners(wide: float) -> list[tuple[float, float]]:
    """Return where a name's lower left corner may be from its end: right, left, under, over."""
    beyond = (12.0, -12 - wide)
    near = [(x, y) for y in (-5.0, -16.0, 6.0) for x in beyond]
    near += [(-wide * part, y) for part in (0.5, 0.25, 0.75) for y in (-26.0, 13.0)]
    away = (-150.0, -110.0, -75.0, -50.0, 36.0, 61.0, 96.0, 136.0)
    return near + list(product((12.0, -wide / 2, -12 - wide), away))


def _near(corner: tuple[float, float], wide: float) -> np.ndarray:
    """Return the place of a name that is nearest to its end, from there."""
    return np.clip(-np.array(corner), 0, [wide, LABEL]) + corner


def _far(corner: tuple[float, float], wide: float) -> float:
    """Return how far a name is from its end."""
    return float(np.linalg.norm(_near(corner, wide)))
