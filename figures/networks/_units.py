"""Units drawn large, with their numbers: what `neuron` and its neighbours share."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from figures.parts.canvas import Canvas, px
from figures.parts.colors import mix
from figures.parts.networks import units
from look.numbers import fixed
from look.theme import color


def page(height: float, narrow: float | None = None) -> tuple[Canvas, Axes]:
    """Return a sheet and axes over all of it whose units are CSS pixels, y running down.

    `narrow` is the height of the narrow sheet, of a figure that arranges it itself.
    """
    fig = Canvas(height, narrow=narrow)
    tall = fig.height - fig.head
    ax = fig.place(0, 0, fig.width, tall)
    ax.set(xlim=(0, fig.width), ylim=(tall, 0))
    ax.axis("off")
    return fig, ax


def signed(value: float) -> str:
    """Return the colour of a contribution: for or against."""
    return color("positive" if value > 0 else "negative")


def box(
    ax: Axes,
    left: float,
    top: float,
    right: float,
    bottom: float,
    *,
    round: float = 24,
    **style: Any,
) -> None:
    """Draw a quiet box with round corners; CSS pixels."""
    ax.add_patch(
        FancyBboxPatch(
            (left, top),
            right - left,
            bottom - top,
            boxstyle=f"round,pad=0,rounding_size={round}",
            **{
                "facecolor": mix("background", "quiet", 0.35),
                "edgecolor": color("muted"),
                "linewidth": px(1.2),
                "zorder": 0.5,
                **style,
            },
        )
    )


def unit(ax: Axes, x: float, y: float, text: str, *, diameter: float = 38) -> None:
    """Draw a unit with its number in it."""
    units(ax, [(x, y)], [0.0], diameter=diameter)
    ax.text(x, y, text, ha="center", va="center_baseline", zorder=3)


def stretch(left: float, right: float, reach: float, values: Any) -> np.ndarray:
    """Return where numbers from −reach to reach lie between two places."""
    share = (np.asarray(values, dtype=float) / reach + 1) / 2
    return left + share * (right - left)


def tint(value: float, most: float) -> Any:
    """Return the fill of a cell: orange for, blue against, no colour for nothing.

    Never so strong that the text's colour could not be read on it.
    """
    share = min(abs(value) / max(most, 1e-12), 1.0)
    return mix("background", "positive" if value > 0 else "negative", 0.5 * share)


def cell(
    ax: Axes,
    left: float,
    top: float,
    side: float,
    value: float,
    most: float,
    *,
    decimals: int | None = None,
    size: float = 12,
    down: float | None = None,
) -> None:
    """Draw one number of a matrix as a square, with the number in it where `decimals` are given.

    It is `down` high where that is not its `side`.
    """
    gap, down = 1.0, side if down is None else down
    ax.add_patch(
        Rectangle(
            (left + gap / 2, top + gap / 2),
            side - gap,
            down - gap,
            facecolor=tint(value, most),
            edgecolor=color("quiet"),
            linewidth=px(0.75),
            zorder=1,
        )
    )
    if decimals is not None:
        ax.text(
            left + side / 2,
            top + down / 2,
            fixed(value, decimals),
            ha="center",
            va="center_baseline",
            fontsize=px(size),
            zorder=2,
        )
