"""Marks over a surface: paths, dots, starts, minima, and where a path leaves the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from figures.parts.colors import line_halo
from look import theme


def path(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    color: str,
    width: float = 2.25,
    dash: Any = "solid",
    label: str = "",
    zorder: float = 3,
    ends: bool = True,
) -> Line2D:
    """Draw a path over a surface: a halo under it, a dot at its end, or an arrowhead at the edge.

    Parameters
    ----------
    x, y : array, shape (step,)
        The recorded positions, in order.
    color : str
        ``#rrggbb``.
    ends : bool
        False for a part of a path, which has neither.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    (line,) = ax.plot(
        x,
        y,
        color=color,
        linewidth=px(width),
        linestyle=dash,
        dash_capstyle="butt",
        label=label or None,
        path_effects=line_halo(width),
        zorder=zorder,
    )
    if ends and not mark_leaving(ax, x, y, color=color, zorder=zorder + 1) and len(x):
        dot(ax, x[-1], y[-1], color=color, zorder=zorder + 1)
    return line


def dot(
    ax: Axes, x: float, y: float, *, color: str, size: float = 9, zorder: float = 4, **style: Any
) -> None:
    """Draw a round mark, `size` CSS pixels wide, parted from what is under it."""
    ax.plot(
        [x],
        [y],
        linestyle="none",
        markersize=px(size),
        **{
            "marker": "o",
            "markerfacecolor": color,
            "markeredgecolor": theme.color("background"),
            "markeredgewidth": px(1.5),
            "zorder": zorder,
            "clip_on": False,
            **style,
        },
    )


def ring(ax: Axes, x: float, y: float) -> None:
    """Mark a start."""
    dot(
        ax,
        x,
        y,
        color=theme.color("background"),
        markeredgecolor=theme.color("text"),
        markeredgewidth=px(2),
        zorder=6,
    )


def star(ax: Axes, x: float, y: float) -> None:
    """Mark a minimum."""
    dot(ax, x, y, color=theme.color("text"), size=15, marker="*", zorder=5)


def mark_leaving(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    color: str,
    size: float = 13,
    zorder: float = 5,
) -> bool:
    """Put an arrowhead, its tip where a path first crosses the axes' edge; say whether it does."""
    crossing = _crossing(ax, np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    if crossing is None:
        return False
    at, angle = crossing
    # The marker's middle lies half its size behind its tip: nothing sticks out over the edge.
    back = size / 2 * ax.figure.dpi / 96
    turn = np.radians(angle)
    middle = ax.transData.transform(at) - back * np.array([np.cos(turn), np.sin(turn)])
    middle = ax.transData.inverted().transform(middle)
    dot(ax, *middle, color=color, size=size, marker=(3, 0, angle - 90), zorder=zorder)
    return True


def _crossing(ax: Axes, x: np.ndarray, y: np.ndarray) -> tuple[tuple[float, float], float] | None:
    """Return where a path first crosses the axes' edge and its direction there, in degrees."""
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    outside = ~((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))  # a NaN is outside
    if not outside.any() or outside[0]:
        return None
    last = int(np.argmax(outside))
    here = np.array([x[last - 1], y[last - 1]])
    there = np.array([x[last], y[last]])
    there = np.where(np.isfinite(there), there, here)
    move = there - here
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(move > 0, (np.array([x1, y1]) - here) / move, np.inf)
        shares = np.where(move < 0, (np.array([x0, y0]) - here) / move, shares)
    at = here + move * min(1.0, float(np.min(shares)))
    a, b = ax.transData.transform([here, at + move * 1e-3])
    return (float(at[0]), float(at[1])), float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))
