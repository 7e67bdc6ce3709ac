"""The pictures of the renderer's rows as a Manim user writes them, in stock Manim."""

from __future__ import annotations

from itertools import pairwise

import manim
import numpy as np


class StockSurface(manim.ThreeDScene):
    """A turning, shaded surface with a path on it, of Manim's own mobjects."""

    n_faces = 32
    n_frames = 24

    def construct(self) -> None:
        def height(x: float, y: float) -> float:
            return float((x**2 + 2 * y**2 + np.sin(3 * x) + 1) / 5 - 1)

        surface = manim.Surface(
            lambda u, v: np.array([u, v, height(u, v)]),
            u_range=(-2, 2),
            v_range=(-2, 2),
            resolution=(self.n_faces, self.n_faces),
            fill_color=manim.BLUE,
            checkerboard_colors=False,
            stroke_width=0.5,
        )
        t = np.linspace(0, 1, 60)
        px, py = 1.8 - 2.2 * t, 1.5 * (1 - t) ** 2 * np.cos(6 * t)
        path = manim.VMobject(stroke_color=manim.RED, stroke_width=4)
        path.set_points_as_corners(
            [(x, y, height(x, y)) for x, y in zip(px.tolist(), py.tolist(), strict=True)]
        )
        head = manim.Dot3D(path.points[-1], color=manim.RED)
        self.set_camera_orientation(phi=60 * manim.DEGREES, theta=20 * manim.DEGREES)
        self.add(surface, path, head)
        self.move_camera(
            theta=80 * manim.DEGREES, run_time=self.n_frames / 30, rate_func=manim.linear
        )


class StockNetwork(manim.Scene):
    """A network of one ``Line`` an edge, the signals flowing as ``ShowPassingFlash``."""

    n_frames = 30

    def construct(self) -> None:
        rng = np.random.default_rng(0)
        pixels = (rng.random((28, 28)) * 255).astype(np.uint8)
        image = manim.ImageMobject(pixels).set_height(3).move_to((-5.4, 0, 0))
        columns = [
            [np.array((x, y, 0.0)) for y in np.linspace(2.5, -2.8, n)]
            for x, n in zip((-2.5, 0.2, 2.8, 5), (12, 12, 10, 4), strict=True)
        ]
        colors = manim.BLUE, manim.ORANGE
        layers = [
            [
                manim.Line(start, end, stroke_width=2, color=colors[rng.integers(2)])
                for start in before
                for end in after
            ]
            for before, after in pairwise(columns)
        ]
        units = [
            manim.Circle(0.125, color=manim.WHITE, fill_opacity=float(rng.random())).move_to(point)
            for column in columns
            for point in column
        ]
        self.add(image, *(line for layer in layers for line in layer), *units)
        flashes = [
            manim.ShowPassingFlash(line.copy().set_stroke(width=4), time_width=0.5)
            for layer in layers
            for line in layer
        ]
        self.play(*flashes, run_time=self.n_frames / 30)
