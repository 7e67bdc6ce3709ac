"""Our side of the surface row: 32×32 faces."""

from __future__ import annotations

import numpy as np
from manim import ValueTracker, linear

from scenes.parts.surfaces import Surface
from scenes.render import RenderedScene


class OurSurface32(RenderedScene):
    """As many faces as the peer draws, of the same height, turning as far."""

    n_faces = 32
    run_time = 2.0

    def construct(self) -> None:
        x = y = np.linspace(-2, 2, self.n_faces + 1)
        columns, rows = np.meshgrid(x, y)
        z = (columns**2 + 2 * rows**2 + np.sin(3 * columns) + 1) / 14
        t = np.linspace(0, 1, 60)
        px, py = 1.8 - 2.2 * t, 1.5 * (1 - t) ** 2 * np.cos(6 * t)
        path = np.stack([px, py, (px**2 + 2 * py**2 + np.sin(3 * px) + 1) / 14], axis=-1)
        azimuth, clock = ValueTracker(20), ValueTracker(59)
        surface = Surface(x, y, z, azimuth, path=path, clock=clock, size=5.5, rise=3)
        self.add(surface)
        self.play(azimuth.animate.set_value(80), run_time=self.run_time, rate_func=linear)
