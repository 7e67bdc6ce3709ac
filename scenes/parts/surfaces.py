"""Surfaces in three dimensions.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units.
"""

from __future__ import annotations

import numpy as np
from manim import ValueTracker

from look import theme
from look.camera import Camera
from scenes.parts import raster, raster_surface
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, Pen, mix, rgb


class Surface(Painted):
    """A loss over a plane in three dimensions, with a path on it, turning with a tracker.

    Every pixel shows what is nearest there: hidden parts are hidden, and a path lies in its true
    depth (where a wall hides it, it shines through faintly).

    Parameters
    ----------
    x, y : arrays, shapes (columns,), (rows,)
        Data coordinates of the grid.
    z : array, shape (rows, columns)
        Height in [0, 1], 0 the floor.
    size : float
        Edge of the floor, in frame units.
    azimuth : ValueTracker
        Where the viewer stands, in degrees; see :class:`look.camera.Camera`.
    elevation : float
        Degrees from which it is looked at: 0 from the side, 90 from above.
    path : array, shape (n_steps + 1, 3), optional
        Data coordinates x, y and height in [0, 1].
    clock : ValueTracker, optional
        Steps of the path to draw.
    n_levels : int
        Lines of equal height drawn on the surface.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        z: np.ndarray,
        azimuth: ValueTracker,
        *,
        size: float = 4.6,
        rise: float = 2.2,
        elevation: float = 32.0,
        path: np.ndarray | None = None,
        clock: ValueTracker | None = None,
        color: str = "vermillion",
        n_levels: int = 12,
    ) -> None:
        reads = [azimuth] if clock is None else [azimuth, clock]
        super().__init__(size * 1.5, size, reads=reads)
        self.azimuth, self.clock, self.size, self.rise = azimuth, clock, size, rise
        self.elevation = elevation
        self.lay(x, y, z)
        self.n_levels = n_levels
        self.line = np.array(rgb(theme.color("surface_line"))) * 255
        self.path = None if path is None else self._model(np.asarray(path, dtype=float))
        self.ink = np.array(rgb(theme.color(color))) * 255
        self.halo = np.array(rgb(theme.color("background"))) * 255
        self.dark = theme.current().name == "dark"

    def lay(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> None:
        """Make the surface of this grid; see the parameters."""
        self._x, self._y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        columns, rows = np.meshgrid(self._x, self._y)
        corners = self._model(np.stack([columns, rows, np.asarray(z, dtype=float)], axis=-1))
        self.corners = corners  # (rows, columns, 3)
        # Central differences over the grid; the cross product of the two is the normal.
        along, across = np.gradient(corners, axis=1), np.gradient(corners, axis=0)
        normals = np.cross(along, across)
        self.normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
        self.heights = np.asarray(z, dtype=float)
        self.base = mix(theme.color("surface_low"), theme.color("surface_high"), self.heights)

    def _model(self, points: np.ndarray) -> np.ndarray:
        """Scale data to a floor of `size` and a height of `rise`, centred."""
        spans = np.array([np.ptp(self._x), np.ptp(self._y), 1.0])
        middle = np.array([self._x.mean(), self._y.mean(), 0.5])
        middle[0], middle[1] = (self._x[0] + self._x[-1]) / 2, (self._y[0] + self._y[-1]) / 2
        return (points - middle) / spans * (self.size, self.size, self.rise)

    def seen(self, points: np.ndarray) -> np.ndarray:
        """Return where points of data x, y and height in [0, 1], (n, 3), appear now, shape (n, 2).

        In frame units, whether the surface hides them or not.
        """
        seen = self._camera().see(self._model(np.asarray(points, dtype=float)))
        return np.asarray(seen[:, :2] + self.get_center()[:2])

    def _camera(self) -> Camera:
        return Camera(self.azimuth.get_value(), self.elevation)

    def height_of(self, share: float) -> float:
        """Return how high a share of the surface's rise stands on screen, in frame units."""
        return float(share * self.rise * np.cos(np.deg2rad(self.elevation)))

    def paint(self, pen: Pen) -> None:
        """Draw the surface and the path as far as the clock has come."""
        view = self._camera().axes
        seen = self.corners @ view.T
        vertices = np.empty((*seen.shape[:2], 7))
        vertices[..., :2] = pen.to_pixels(seen[..., :2] + self.get_center()[:2])
        vertices[..., 2] = seen[..., 2]
        vertices[..., 3:6] = 255 * np.clip(self.base * self._shade(view), 0, 1)
        vertices[..., 6] = self.heights
        strips, radii, inks = self._strips(pen, view)
        underside = 0.62 if self.dark else 0.85
        lift = 0.8 * self.size / max(seen.shape[:2])
        with pen.raster() as pixels:
            raster_surface.surface(
                pixels, pen.opacity, vertices, underside, self.n_levels, self.line, 0.45,
                strips, radii * pen.pixels_per_unit / PIXELS_PER_UNIT, inks, lift,
            )  # fmt: skip
        if len(strips):  # what is hidden shines through: a path must not get lost behind a wall
            ghost = np.concatenate([strips[:-4, 0, :2], strips[-1:, 0, :2]])
            self._ghost(pen, ghost)

    def _shade(self, view: np.ndarray) -> np.ndarray:
        """Return the light on each vertex, shape (rows, columns, 1).

        It falls from above, over the viewer's left shoulder: whatever faces up is bright, whatever
        turns away is dim, so that a hill is told from a hole.
        """
        light = np.array([0.0, 0.0, 0.75]) + view.T @ np.array([-0.5, 0.0, 0.3])
        facing = (self.normals @ (light / np.linalg.norm(light)))[..., None]
        facing = 0.5 + 0.5 * np.clip(facing, -1, 1)
        return 0.4 + 0.7 * facing if self.dark else 0.66 + 0.37 * facing

    def _strips(self, pen: Pen, view: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the pieces of the path so far and its head: a halo, then a disc."""
        if self.path is None or self.clock is None:
            return np.empty((0, 2, 3)), np.empty(0), np.empty((0, 3))
        step = min(max(self.clock.get_value(), 0.0), len(self.path) - 1.0)
        whole = int(step)
        passed = self.path[: whole + 1]
        if step > whole:
            share = step - whole
            head = (1 - share) * self.path[whole] + share * self.path[whole + 1]
            passed = np.vstack([passed, head])
        seen = passed @ view.T
        seen[:, :2] = pen.to_pixels(seen[:, :2] + self.get_center()[:2])
        start, disc = (np.stack([end, end]) for end in (seen[0], seen[-1]))
        strips = np.concatenate(
            [np.stack([seen[:-1], seen[1:]], axis=1), [start, start, disc, disc]]
        )
        for place in range(1, 5):  # the ring of the start, and the head, are in front of all else
            strips[-place:, :, 2] += self.size
        radii = np.full(len(strips), 1.8)
        radii[-4:] = 7.5, 5.0, 10.5, 8.5
        inks = np.tile(self.ink, (len(strips), 1))
        inks[-3] = inks[-2] = self.halo
        return strips, radii, inks

    def _ghost(self, pen: Pen, points: np.ndarray) -> None:
        """Draw the whole path faintly; points in pixels."""
        n = len(points) - 1
        colors = np.tile([*self.ink / 255, 0.3 * pen.opacity], (n, 1))
        widths = np.full(n, 3.0 * pen.pixels_per_unit / PIXELS_PER_UNIT)
        with pen.raster() as pixels:
            raster.lines(pixels, points[:-1], points[1:], colors, widths)
