"""Attention in two columns of tokens: lines from who looks to what is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from figures.parts.axes import beside
from figures.parts.canvas import px, text_width
from look import heads, theme
from look.numbers import percent
from look.words import say

SMALL = 12.0  # type of what is said of the small heads


def columns(n_heads: int) -> int:
    """Return how many small heads stand side by side."""
    return next((wide for wide, most in ((3, 12), (4, 16), (5, 30)) if n_heads <= most), 6)


def lines(
    ax: Axes,
    weights: np.ndarray,
    hue: str,
    *,
    width: float,
    meant: np.ndarray | None = None,
) -> None:
    """Draw a head: query i at (0, i) to key j at (1, j), opacity and width by weight.

    Parameters
    ----------
    weights : array, shape (query, key)
    width : float
        Of a weight of 1, CSS pixels.
    meant : array of bool, shape (query, key), optional
        The lines that are in the head's colour, over the others, which are muted; all of them
        where left out.
    """
    meant = np.ones(weights.shape, bool) if meant is None else meant
    query, key = np.nonzero(weights >= heads.faintest(len(weights)))
    w = weights[query, key]
    order = np.lexsort([w, meant[query, key]])  # the strongest of those that are meant on top
    query, key, w = query[order], key[order], w[order]
    loud = meant[query, key]
    colors = np.where(loud[:, None], to_rgba(hue), to_rgba(theme.color("muted")))
    # Of the lines that are meant the faint ones count too.
    colors[:, 3] = np.where(loud & ~meant.all(), np.clip(0.15 + 0.85 * w, 0, 1), w**0.8)
    colors[:, 3] *= np.where(loud, 1.0, 0.55)
    segments = np.stack(
        [np.stack([np.zeros(len(w)), query], 1), np.stack([np.ones(len(w)), key], 1)], axis=1
    )
    collection = LineCollection(
        segments, colors=colors, linewidths=px(1.0) + px(width - 1.0) * w, capstyle="butt"
    )
    collection.set_label("attention")
    collection.set_gid("lines")
    ax.add_collection(collection)


def bare(ax: Axes, n: int) -> None:
    """Make axes whose rows are tokens, the first on top."""
    ax.set(xlim=(0, 1), ylim=(n - 0.5, -0.5), xticks=[], yticks=[])


def tokens(
    ax: Axes,
    names: Sequence[str],
    roles: Sequence[str],
    special: np.ndarray,
    size: float,
    side: int,
) -> None:
    """Write the tokens beside the lines: compared ones in bold, special ones muted and slanted.

    Parameters
    ----------
    size : float
        Of the type, CSS pixels.
    side : {0, 1}
        0: left, who looks; 1: right, what is looked at.
    """
    wanted = ("source", "target")[side]
    compared = any(role != "none" for role in roles)
    for i, (name, role) in enumerate(zip(names, roles, strict=True)):
        named = role == wanted
        beside(
            ax,
            name,
            (side, i),
            shift=(6 if side else -6, 0),
            ha="left" if side else "right",
            va="center_baseline",
            fontsize=px(size),
            weight="semibold" if named else "normal",
            style="italic" if special[i] else "normal",
            color=theme.color("text" if named or not compared else "muted"),
        )


def widest(names: Sequence[str], size: float) -> float:
    """Return the width of the longest name, CSS pixels."""
    return max(text_width(name, size, "semibold") for name in names)


def numbers(recording: xr.Dataset) -> list[str]:
    """Return what is said beside each head of the shown layer."""
    kinds, amounts = heads.shares(recording)
    if recording.attrs["asked"]:
        ratios = recording.ratio.values[0, int(recording.attrs["shown_layer"])]
        return [say("times", **heads.times(ratio)) for ratio in ratios]
    return [
        say("mostly", kind=kind, share=percent(amount))
        for kind, amount in zip(kinds, amounts.tolist(), strict=True)
    ]


def frame(ax: Axes, hue: str) -> None:
    """Draw a frame around a small head."""
    for spine in ax.spines.values():
        spine.set(visible=True, color=hue, linewidth=px(3), zorder=5)
