"""Arrows of steps and gradients over a map."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from figures.parts.marks import dot
from look import theme


def arrow(
    ax: Axes,
    start: ArrayLike,
    end: ArrayLike,
    color: str,
    *,
    label: str,
    width: float = 3.0,
    dash: Any = "solid",
    zorder: float = 4,
) -> None:
    """Draw an arrow from one place to another, with as much of a head as it has room for.

    Parameters
    ----------
    start, end : array, shape (2,)
        Data coordinates.
    color : str
        ``#rrggbb``.
    label : str
        By which a test finds its line.
    """
    here, there = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    ends = ax.transData.transform([here, there])
    length = float(np.linalg.norm(ends[1] - ends[0])) / ax.figure.dpi * 96
    size = min(5 + 2.6 * width, 0.7 * length)
    # The line ends within its head, or a wide one would blunt the tip.
    neck = there - (there - here) * min(1.0, 0.7 * size / length) if length else there
    background = theme.color("background")
    for wide, hue, over in ((width + 2.5, background, 0.0), (width, color, 0.2)):
        shown = {"linewidth": px(wide), "color": hue, "zorder": zorder + over}
        shown |= {"solid_capstyle": "butt", "dash_capstyle": "butt", "clip_on": False}
        if hue == color:
            shown |= {"linestyle": dash}
        ax.plot(*np.stack([here, neck]).T, **shown)
    ax.plot(*np.stack([here, there]).T, alpha=0, label=label)
    if length > 4:
        turn = np.degrees(np.arctan2(*(ends[1] - ends[0])[::-1]))
        back = there - (there - here) * (0.45 * size / length)
        head: dict[str, Any] = {"marker": (3, 0, turn - 90), "markeredgewidth": px(1)}
        dot(ax, *back, color=color, size=size, zorder=zorder + 0.4, **head)
