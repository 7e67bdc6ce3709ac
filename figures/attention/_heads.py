"""Attention as arcs from who looks to what is looked at, over one row or column of tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from figures.parts.canvas import px, text_width
from look import heads
from look.numbers import percent
from look.words import say

SMALL = 12.0  # type of what is said of the small heads
POINTS = 25  # of an arc


def columns(n_heads: int) -> int:
    """Return how many small heads stand side by side."""
    return next((wide for wide, most in ((3, 12), (4, 16), (5, 30)) if n_heads <= most), 6)


def bows(
    query: np.ndarray, key: np.ndarray, at: np.ndarray, high: float, longest: float
) -> np.ndarray:
    """Return half ellipses from who looks to what is looked at.

    Parameters
    ----------
    query, key : arrays of int, shape (n,)
    at : array, shape (token,)
        Where tokens stand along their row.
    high : float
        Of one as long as `longest`; shorter ones are lower.

    Returns
    -------
    array, shape (n, point, 2)
        Along the row, and away from it.
    """
    start, end = at[query][:, None], at[key][:, None]
    turn = np.linspace(0, np.pi, POINTS)[None]
    along = (start + end) / 2 + (start - end) / 2 * np.cos(turn)
    lift = high * (np.abs(end - start) / max(longest, 1e-9)) ** 0.75
    return np.stack([along, lift * np.sin(turn)], axis=-1)


def strokes(
    ax: Axes, curves: np.ndarray, weights: np.ndarray, colors: np.ndarray, width: float
) -> None:
    """Draw arcs, the strongest on top, as wide as their weight: `width` CSS pixels for 1."""
    order = np.argsort(weights, kind="stable")
    collection = LineCollection(
        list(curves[order]), colors=colors[order], capstyle="butt",
        linewidths=px(0.8) + px(width - 0.8) * weights[order],
    )  # fmt: skip
    collection.set_label("attention")
    ax.add_collection(collection)


def small(ax: Axes, weights: np.ndarray, hue: str) -> None:
    """Draw a whole head small: arcs above the row look back, arcs below ahead, dots at itself."""
    n = len(weights)
    ax.set(xlim=(-0.5, n - 0.5), ylim=(-1.05, 1.05), xticks=[], yticks=[])
    query, key = np.nonzero(weights >= heads.faintest(n))
    w = weights[query, key]
    curves = bows(query, key, np.arange(n, dtype=float), 1.0, n - 1.0)
    curves[..., 1] *= np.where(key < query, 1, -1)[:, None]
    colors = np.tile(to_rgba(hue), (len(w), 1))
    colors[:, 3] = w**0.8
    away = query != key
    strokes(ax, curves[away], w[away], colors[away], 2.5)
    ax.scatter(query[~away], np.zeros((~away).sum()), s=px(4) ** 2, c=colors[~away], linewidths=0,
               label="itself")  # fmt: skip


def widest(names: Sequence[str], size: float) -> float:
    """Return the width of the longest name, CSS pixels."""
    return max(text_width(name, size, "semibold") for name in names)


def mostly(recording: xr.Dataset) -> list[str]:
    """Return what each head of the shown layer mostly looks at, in words."""
    kinds, amounts = heads.shares(recording)
    return [
        say("mostly", kind=kind, share=percent(amount))
        for kind, amount in zip(kinds, amounts.tolist(), strict=True)
    ]


def frame(ax: Axes, hue: str) -> None:
    """Draw a frame around a small head."""
    for spine in ax.spines.values():
        spine.set(visible=True, color=hue, linewidth=px(3), zorder=5)
