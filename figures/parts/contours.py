"""A surface seen from above: shaded bands, thin contour lines, levels with or without names."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from numpy.typing import ArrayLike

from figures.parts.canvas import px
from figures.parts.colors import shade
from look.maps import levels
from look.numbers import number
from look.theme import color

# Contours with more of them are hills side by side: their lines would be a grey mesh, and in an SVG
# the bands alone are smaller as an image.
MANY_CORNERS = 5_000


def round_levels(height: ArrayLike) -> np.ndarray:
    """Return about ten levels at round numbers, in even ratios, for a map with numbers on it.

    Examples
    --------
    >>> round_levels([0.04, 2.3]).tolist()
    [0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0]
    """
    values = np.asarray(height, dtype=float)
    low, high = np.nanmin(values), np.nanmax(values)
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for steps in ([1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]):
        levels = (powers[:, None] * steps).ravel().round(12)
        levels = levels[(levels > low) & (levels < high)]
        if len(levels) <= 12:
            break
    return np.asarray(levels)


def finer(
    x: np.ndarray, y: np.ndarray, height: np.ndarray, box: ArrayLike, n_places: int = 121
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a smooth surface over a `box`, [[x0, x1], [y0, y1]], at more places than recorded.

    Lines between few places have corners, and lose a narrow valley.
    """
    from scipy.interpolate import RectBivariateSpline  # half a second, which few figures need

    surface = RectBivariateSpline(y, x, height)
    across, up = (np.linspace(low, high, n_places) for low, high in np.asarray(box).tolist())
    return across, up, surface(up, across)


def contours(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    height: ArrayLike,
    *,
    at: ArrayLike | None = None,
    named: bool = False,
    avoid: ArrayLike | None = None,
) -> QuadContourSet:
    """Shade a surface quietly, low to high, with thin contour lines; return the lines.

    Parameters
    ----------
    ax : Axes
    x, y : array, shape (n_x,) and (n_y,)
    height : array, shape (n_y, n_x)
    at : array, optional
        Levels; `look.maps.levels` where left out.
    named : bool
        Write the levels into the lines; for :func:`round_levels`.
    avoid : array, shape (point, 2), optional
        Where no level may be written, such as along a path; nor on words that are there already.
    """
    x, y, height = (np.asarray(part, dtype=float) for part in (x, y, height))
    at = levels(height) if at is None else np.asarray(at, dtype=float)
    colours = shade()(np.linspace(0, 1, len(at) + 1))
    top = max(float(np.nanmax(height)), float(at[-1])) + 1
    ax.set_facecolor(colours[0])
    bands = []
    # Each level fills all that is above it, over the last: no seams between bands, in SVG either.
    for level, shade_of_band in zip(at, colours[1:], strict=True):
        bands.append(
            ax.contourf(x, y, height, levels=[level, top], colors=[shade_of_band], zorder=0)
        )
    ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
    lines = ax.contour(
        x,
        y,
        height,
        levels=at,
        colors=color("contour_line"),
        linewidths=px(0.7),
        linestyles="solid",
        zorder=0.5,
    )
    if sum(len(line.vertices) for line in lines.get_paths()) > MANY_CORNERS:
        lines.set_visible(False)
        for band in bands:
            band.set_rasterized(True)
    if named:
        _name_levels(lines, ax, avoid)
    return lines


def _name_levels(lines: QuadContourSet, ax: Axes, avoid: ArrayLike | None) -> None:
    """Write each level into its line: away from the edge, from other words and from `avoid`."""
    scale = ax.get_figure(root=True).dpi / 96  # device pixels in a CSS pixel
    points = np.empty((0, 2)) if avoid is None else np.asarray(avoid, dtype=float)
    points = ax.transData.transform(points)
    room = 15 * scale
    boxes = [text.get_window_extent().padded(room) for text in ax.texts]
    box = ax.get_window_extent().padded(-room)
    back = ax.transData.inverted()
    names: list[np.ndarray] = []
    kept = []
    for line in lines.get_paths():
        free = [
            corner
            for corner in ax.transData.transform(line.vertices)
            if box.contains(*corner) and not any(each.contains(*corner) for each in boxes)
        ]
        if not free:
            continue
        # Where there is most room, in widths of a name; more than four read no better.
        around = np.full(len(free), 4.0)
        for others, width in ((points, room), (np.array(names), 2.2 * room)):
            if len(others):
                gaps = np.linalg.norm(np.asarray(free)[:, None] - others, axis=2).min(axis=1)
                around = np.minimum(around, gaps / width)
        best = int(around.argmax())
        if around[best] > 1:
            names.append(free[best])
            kept.append(tuple(back.transform(free[best])))
    style = {"fontsize": px(12), "colors": color("text"), "inline_spacing": 4, "fmt": number}
    if kept:
        lines.clabel(manual=kept, **style)
