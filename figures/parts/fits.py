"""A fit and its loss, as the figures draw them that stand side by side on one clock.

Fields of probability with their boundary, points by class, and the loss against the steps. A run
that diverges is drawn diverging: cut off at the top of the loss's axis, with an arrowhead and
words; where a network's output is no longer a number, its field is left empty.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import px
from figures.parts.colors import halo
from figures.parts.marks import dot, mark_leaving
from look import theme
from look.fits import CLASSES, log_ticks, loss_range, shades
from look.words import say

MARKERS = ("o", "s")  # of class 0 and 1, so that colour isn't the only carrier of meaning


def field(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    probability: ArrayLike,
    *,
    logit: ArrayLike | None = None,
    width: float = 2.25,
) -> None:
    """Draw a network's probability of class 1 over a plane, (n_y, n_x), and its boundary at ½.

    Where a network is sure up to its boundary, the probability is a cliff whose edge the grid can't
    tell; its logit, which is 0 there, can.
    """
    x, y, p = (np.asarray(part, dtype=float) for part in (x, y, probability))
    half_x, half_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    ax.imshow(
        shades(p),
        extent=(x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y),
        origin="lower",
        interpolation="bilinear",
        aspect="auto",
        zorder=0,
    )
    height = p - 0.5 if logit is None else np.asarray(logit, dtype=float)
    if np.isfinite(height).all() and height.min() < 0 < height.max():
        lines = ax.contour(
            x, y, height, levels=[0], colors=theme.color("text"), linewidths=px(width), zorder=2
        )
        lines.set_label("boundary")
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))


def points(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    label: ArrayLike,
    *,
    size: float = 8,
    hollow: bool = False,
) -> None:
    """Draw examples: blue discs are class 0, orange squares class 1; hollow ones hold words."""
    back = theme.color("background")
    x, y, label = np.asarray(x), np.asarray(y), np.asarray(label)
    for k, (token, marker) in enumerate(zip(CLASSES, MARKERS, strict=True)):
        ax.plot(
            x[label == k],
            y[label == k],
            linestyle="none",
            marker=marker,
            markersize=px(size if marker == "o" else 0.9 * size),
            color=back if hollow else theme.color(token),
            markeredgecolor=theme.color(token) if hollow else back,
            markeredgewidth=px(3 if hollow else 1),
            label=f"class {k}",
            zorder=3,
            clip_on=False,
        )


def loss_curve(
    ax: Axes, steps: ArrayLike, loss: ArrayLike, name: str, *, color: str = "text"
) -> None:
    """Draw a loss against its steps on a logarithmic axis, and say where it leaves the axis.

    It says so by the row's ``"beyond"``, with the fields ``gone``, ``back`` and ``last``.
    """
    x, y = np.asarray(steps, dtype=float), np.asarray(loss, dtype=float)
    low, high = loss_range(y)
    ax.set(xlim=(0, x[-1]), yscale="log", ylim=(low, high))
    ax.grid(axis="y")
    ticks(ax, "y", log_ticks(low, high))
    name_axes(ax, x="step", y=f"{name} (log)")
    hue = theme.color(color)
    ax.plot(x, y, color=hue, label="loss", zorder=3)
    gone = off_scale(y, high)
    back = y[-1] <= high
    if back:
        dot(ax, x[-1], y[-1], color=hue)
    if gone is None:
        return
    # The arrowhead needs a number to point at, also where there is none.
    there = np.where(np.isfinite(y), y, 1e3 * high)
    mark_leaving(ax, x, there, color=theme.color("vermillion"))
    side: Literal["left", "right"] = "left" if x[gone] < 0.5 * x[-1] else "right"
    away = 10 if side == "left" else -10
    last = np.flatnonzero(~(y <= high))[-1]
    beside(
        ax,
        say("beyond", back=back, gone=int(x[gone]), last=int(x[last])),
        (x[max(gone - 1, 0)], high),
        shift=(away, -18),
        ha=side,
        path_effects=halo(),
    )


def off_scale(values: ArrayLike, high: float) -> int | None:
    """Return the first index at which values are above `high`, or not finite; None if never."""
    gone = np.flatnonzero(~(np.asarray(values, dtype=float) <= high))
    return int(gone[0]) if len(gone) else None
