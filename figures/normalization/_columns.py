"""A real batch before and after a norm, as columns of dots: what the two norms' figures share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from figures.parts.axes import ticks
from figures.parts.canvas import px
from look.theme import color


def columns(
    ax: Axes,
    values: ArrayLike,
    middles: ArrayLike,
    spreads: ArrayLike,
    names: Sequence[Any],
    *,
    ink: str,
    marked: tuple[int, int] | None = None,
) -> None:
    """Draw groups of values side by side: dots, their mean, and one deviation up and down.

    Parameters
    ----------
    values : array, shape (group, member)
    middles, spreads : array, shape (group,)
    names : sequence
        Under the groups.
    ink : str
        ``#rrggbb``, of the bars.
    marked : (int, int), optional
        Group and member of a dot that stands out.
    """
    values = np.asarray(values, dtype=float)
    middles, spreads = np.asarray(middles, dtype=float), np.asarray(spreads, dtype=float)
    n_groups, n_members = values.shape
    at = np.arange(n_groups)
    ax.bar(
        at, 2 * spreads, 0.62, middles - spreads, color=ink, alpha=0.42, linewidth=0, zorder=1,
        label="deviation",
    )  # fmt: skip
    ax.hlines(middles, at - 0.31, at + 0.31, color=ink, linewidth=px(2.5), zorder=2, label="mean")
    shift = 0.4 * (np.arange(n_members) / max(n_members - 1, 1) - 0.5)
    for group in range(n_groups):
        ax.plot(
            at[group] + shift, values[group], linestyle="none", marker="o", markersize=px(6),
            color=color("text"), markeredgecolor=color("background"), markeredgewidth=px(0.8),
            label=f"values {group}", zorder=3,
        )  # fmt: skip
    if marked is not None:
        ax.plot(
            [at[marked[0]] + shift[marked[1]]], [values[marked]], linestyle="none", marker="o",
            markersize=px(11), color=color("yellow"), markeredgecolor=color("background"),
            markeredgewidth=px(1.2), label="marked", zorder=4,
        )  # fmt: skip
    ax.axhline(0, color=color("muted"), linewidth=px(1), zorder=0)
    ax.set(xlim=(-0.6, n_groups - 0.4))
    ticks(ax, "x", at.tolist(), lambda k: str(names[int(k)]))
