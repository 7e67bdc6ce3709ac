"""Networks and the digits that go in: images, units, signed edges, bars."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from figures.parts.colors import mix
from look.theme import color


def digit(ax: Axes, image: ArrayLike, *, tile: bool = True) -> AxesImage:
    """Draw a grey image, shape (y, x) in 0 to 1, as ink on a quiet tile, or without the tile."""
    pixels = np.asarray(image, dtype=float)
    if tile:
        ink = mix("quiet", "text", pixels)
    else:
        ink = np.broadcast_to(to_rgba(color("text")), (*pixels.shape, 4)).copy()
        ink[..., 3] = np.clip(pixels, 0, 1)
    return ax.imshow(ink, interpolation="nearest", zorder=1)


def edges(
    ax: Axes,
    starts: ArrayLike,
    ends: ArrayLike,
    values: ArrayLike,
    *,
    width: float = 4.0,
    opacity: ArrayLike = 1.0,
    largest: float | None = None,
    inks: tuple[str, str] = ("positive", "negative"),
) -> LineCollection:
    """Draw signed connections: width and opacity by size, colour by sign.

    Parameters
    ----------
    starts, ends : array, shape (edge, 2)
        In data coordinates.
    values : array, shape (edge,)
        What flows along each edge; those that carry nothing are left out of sight.
    width : float
        Of the largest, CSS pixels.
    largest : float, optional
        The size that has this width, where it isn't the largest of `values`; above, none is wider.
    opacity : array, shape (edge,) or ()
        Factor to fade some of them, or all.
    inks : (str, str)
        Colours of those above 0 and of the others.
    """
    starts, ends = np.asarray(starts, dtype=float), np.asarray(ends, dtype=float)
    values = np.asarray(values, dtype=float)
    largest = float(np.max(np.abs(values), initial=0)) if largest is None else largest
    size = np.abs(values) / max(largest, 1e-12)
    order = np.argsort(size, kind="stable")  # the strongest on top
    above, below = (np.asarray(to_rgba(color(each))) for each in inks)
    rgba = np.where(values[:, None] > 0, above, below)
    rgba[:, 3] = (
        np.clip(0.08 + 0.92 * size**0.75, 0, 1) * (size > 0) * np.asarray(opacity, dtype=float)
    )
    collection = LineCollection(
        np.stack([starts, ends], axis=1)[order],
        colors=rgba[order],
        linewidths=px(width) * np.clip(size[order], 0.06, 1),
        capstyle="round",
        zorder=1,
    )
    ax.add_collection(collection)
    return collection


def units(
    ax: Axes,
    places: ArrayLike,
    activations: ArrayLike,
    *,
    diameter: float = 18,
) -> EllipseCollection:
    """Draw a layer's units as discs, filled by activation (0: background, largest: text colour).

    Parameters
    ----------
    places : array, shape (unit, 2)
    activations : array, shape (unit,)
    diameter : float
        CSS pixels.
    """
    activations = np.asarray(activations, dtype=float)
    most = max(float(np.max(activations, initial=0)), 1e-12)
    discs = EllipseCollection(
        diameter / 96,
        diameter / 96,
        0,
        units="inches",
        offsets=np.asarray(places, dtype=float),
        offset_transform=ax.transData,
        facecolors=mix("background", "text", activations / most),
        edgecolors=color("muted"),
        linewidths=px(1.2),
        zorder=2,
    )
    ax.add_collection(discs)
    return discs


def bar(ax: Axes, left: float, right: float, y: float, share: float, *, color: str) -> None:
    """Draw a level bar of a share of the way from `left` to `right`, 13 CSS pixels high."""
    ax.plot(
        [left, left + share * (right - left)],
        [y, y],
        color=color,
        linewidth=px(13),
        solid_capstyle="butt",
        zorder=2,
    )
