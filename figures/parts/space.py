"""A surface in three dimensions, projected here and drawn as flat polygons, back to front.

matplotlib's own 3-D axes draw each artist whole, one over the other: a path on a surface is either
all before it or all behind it. Here faces and path segments are primitives of one list, sorted by
depth, so a hill hides the path behind it, and the picture stays vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from numpy.typing import ArrayLike

from figures.parts.canvas import TICK, px
from look import theme
from look.camera import Camera
from look.numbers import number

LENS = 9.0  # distance of the viewer, where the box is 2 wide: a little perspective


@dataclass(frozen=True)
class Space:
    """A view on a box: x and y span [-1, 1], height spans [0, `tall`].

    Parameters
    ----------
    x, y, height : (low, high)
        What the box spans, in data units.
    azimuth, elevation : float
        Where the viewer stands, degrees; see :class:`look.camera.Camera`.
    tall : float
        The box's height, as against its width of 2.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    height: tuple[float, float]
    azimuth: float = 30.0
    elevation: float = 32.0
    tall: float = 1.1

    def scale(self, x: ArrayLike, y: ArrayLike, height: ArrayLike) -> np.ndarray:
        """Return data as points of the box, shape (..., 3)."""
        spans = (self.x, self.y, self.height)
        unit = [
            (np.asarray(value, dtype=float) - low) / (high - low)
            for value, (low, high) in zip((x, y, height), spans, strict=True)
        ]
        across, along, up = np.broadcast_arrays(*unit)
        return np.stack([2 * across - 1, 2 * along - 1, self.tall * up], axis=-1)

    def view(self, points: ArrayLike) -> np.ndarray:
        """Return box points as (right, up, towards the viewer), shape (..., 3)."""
        middle = np.array([0.0, 0.0, self.tall / 2])
        return Camera(self.azimuth, self.elevation, LENS).see(np.asarray(points) - middle)

    def project(self, x: ArrayLike, y: ArrayLike, height: ArrayLike) -> np.ndarray:
        """Return where data lands on the axes, shape (..., 2)."""
        return self.view(self.scale(x, y, height))[..., :2]

    def draw(
        self,
        ax: Axes,
        x: ArrayLike,
        y: ArrayLike,
        height: ArrayLike,
        *,
        path: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
        color: str = "",
    ) -> PolyCollection:
        """Draw the surface, and a path in its right depth.

        Parameters
        ----------
        x, y : array, shape (n_x,) and (n_y,)
        height : array, shape (n_y, n_x)
            Heights above the box's top are cut off at it.
        path : three arrays of shape (step,), optional
            x, y, height of the path's points.
        color : str
            The path's, ``#rrggbb``.
        """
        low, high = self.height
        clipped = np.clip(np.asarray(height, dtype=float), low, high)
        across, along = np.meshgrid(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        box = self.scale(across, along, clipped)
        seen = self.view(box)
        corners = _corners(seen)  # (face, 4, 3)
        colours = self._shades(_corners(box))
        mesh = np.asarray(to_rgba(theme.color("surface_line")))
        drawn = [corners[..., :2]]
        depth = [corners[..., 2].mean(axis=1)]
        faces = [colours]
        lines = [0.75 * colours + 0.25 * mesh]
        widths = [np.full(len(corners), px(0.6))]
        # A face's depth is its middle's: what lies on it must come out nearer by more than half.
        cell = 2.0 / (min(seen.shape[:2]) - 1)

        def add(ends: np.ndarray, hue: str, width: float, nearer: float) -> None:
            segments = np.stack([ends[:-1], ends[1:]], axis=1)  # (point - 1, 2, 3)
            drawn.append(segments[:, [0, 0, 1, 1], :2])  # polygons of no area: their edges show
            depth.append(segments[..., 2].max(axis=1) + nearer * cell)
            faces.append(np.zeros((len(segments), 4)))
            lines.append(np.tile(to_rgba(hue), (len(segments), 1)))
            widths.append(np.full(len(segments), px(width)))

        for side in (seen[0], seen[-1], seen[:, 0], seen[:, -1]):
            add(side, theme.color("muted"), 1.0, 0.3)
        if path is not None:
            ends = self.view(_in_pieces(self.scale(path[0], path[1], path[2]), cell / 2))
            add(ends, theme.color("background"), 5.0, 1.5)
            add(ends, color, 2.5, 2.5)
        order = np.argsort(np.concatenate(depth), kind="stable")
        collection = PolyCollection(
            list(np.concatenate(drawn)[order]),
            facecolors=np.concatenate(faces)[order],
            edgecolors=np.concatenate(lines)[order],
            linewidths=np.concatenate(widths)[order],
            joinstyle="round",
            capstyle="round",
            zorder=1,
            clip_on=False,
        )
        ax.add_collection(collection)
        return collection

    def frame(
        self, ax: Axes, ticks: Sequence[float], name: str, sides: tuple[str, str] = ("", "")
    ) -> None:
        """Draw the floor, and a scale of heights on the corner that is farthest to the left.

        `sides` are names for x and y, written along the two edges of the floor in front.
        Sets the axes' limits so that the whole box is seen, without distorting it.
        """
        quiet = {"color": theme.color("quiet"), "linewidth": px(1), "zorder": 0}
        (x0, x1), (y0, y1), (low, high) = self.x, self.y, self.height
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        floor = np.array([self.project(x, y, low) for x, y in [*corners, corners[0]]])
        ax.plot(floor[:, 0], floor[:, 1], **quiet)
        corner = min(corners, key=lambda at: self.project(at[0], at[1], low)[0])
        post = self.project(corner[0], corner[1], np.array([low, high]))
        ax.plot(post[:, 0], post[:, 1], **{**quiet, "color": theme.color("muted")})
        for value in ticks:
            at = self.project(corner[0], corner[1], value)
            ax.annotate(
                number(value),
                tuple(at),
                xytext=(-px(7), 0),
                textcoords="offset points",
                ha="right",
                va="center",
                color=theme.color("muted"),
                fontsize=px(TICK),
            )
        ax.annotate(
            name,
            tuple(post[1]),
            xytext=(0, px(10)),
            textcoords="offset points",
            ha="center",
            color=theme.color("muted"),
        )
        front = min(corners, key=lambda at: self.project(at[0], at[1], low)[1])
        middle = (sum(self.x) / 2, sum(self.y) / 2)
        for side, (x, y) in zip(sides, ((middle[0], front[1]), (front[0], middle[1])), strict=True):
            at = self.project(x, y, low)
            left = at[0] < self.project(*middle, low)[0]
            ax.annotate(
                side,
                tuple(at),
                xytext=(px(-8 if left else 8), px(-4)),
                textcoords="offset points",
                ha="right" if left else "left",
                va="top",
                color=theme.color("muted"),
            )
        every = [self.project(x, y, h) for x, y in corners for h in (low, high)]
        (left, bottom), (right, top) = np.min(every, axis=0), np.max(every, axis=0)
        box = ax.get_window_extent()
        scale = max((right - left) / box.width, (top - bottom) / box.height)
        middle, centre = (left + right) / 2, (bottom + top) / 2
        half, tall = scale * box.width / 2, scale * box.height / 2
        ax.set(xlim=(middle - half, middle + half), ylim=(centre - tall, centre + tall))
        ax.axis("off")

    def _shades(self, corners: np.ndarray) -> np.ndarray:
        """Return the faces' colours: by height, darker where they turn away from the light."""
        up = corners[..., 2].mean(axis=1) / self.tall
        normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
        # The light stands high, to the left of the viewer; what turns away from it is dim.
        a = np.radians(self.azimuth - 60)
        light = np.array([np.sin(a) * 0.6, -np.cos(a) * 0.6, 0.8])
        lit = 0.5 + 0.5 * normal @ (light / np.linalg.norm(light))
        low, high = (np.asarray(to_rgba(theme.color(f"surface_{end}"))) for end in ("low", "high"))
        colours = low + (high - low) * np.sqrt(np.clip(up, 0, 1))[:, None]
        colours[:, :3] *= (0.62 + 0.38 * lit)[:, None]
        return np.clip(colours, 0, 1)


def _in_pieces(points: np.ndarray, longest: float) -> np.ndarray:
    """Return a line through the same points in pieces no longer than this, shape (n, 3).

    Pieces are sorted by depth one by one: a long one would cover, or hide under, its neighbours.
    """
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    cuts = np.maximum(1, np.ceil(lengths / longest)).astype(int)
    at = np.concatenate([i + np.arange(n) / n for i, n in enumerate(cuts)] + [[len(cuts)]])
    whole = np.arange(len(points))
    return np.stack([np.interp(at, whole, points[:, k]) for k in range(3)], axis=1)


def _corners(grid: np.ndarray) -> np.ndarray:
    """Return the four corners of each cell of a grid, shape (cell, 4, 3), in turn."""
    around = [grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]]
    return np.stack(around, axis=2).reshape(-1, 4, grid.shape[-1])
