"""Fits: fields of probability with their boundary, and points by class.

Where a network's output is no longer a number, its field is left empty.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from look import theme
from look.fits import CLASSES, shades

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
