"""The one camera of figures, films and pages: where a point in space is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Camera:
    """A viewer who looks at the origin.

    Parameters
    ----------
    azimuth : float
        Where the viewer stands, degrees: 0 is in front (towards negative y), 90 towards positive x.
    elevation : float
        0 is level with the floor, 90 overhead.
    lens : float
        Distance of the viewer, in the points' unit: far things are smaller, parallel edges lean
        together. Infinity, where left out: no perspective.
    """

    azimuth: float
    elevation: float
    lens: float = math.inf

    @property
    def axes(self) -> np.ndarray:
        """The directions right, up and towards the viewer, a row each, shape (3, 3)."""
        turn, raised = math.radians(self.azimuth), math.radians(self.elevation)
        c, s, cos, sin = math.cos(turn), math.sin(turn), math.cos(raised), math.sin(raised)
        return np.array([[c, s, 0.0], [-s * sin, c * sin, cos], [s * cos, -c * cos, sin]])

    def see(self, points: ArrayLike) -> np.ndarray:
        """Return points, shape (…, 3), as (right, up, towards the viewer).

        Examples
        --------
        >>> Camera(0, 0).see([1.0, 2.0, 3.0]).tolist()  # from in front: y is the depth
        [1.0, 3.0, -2.0]
        >>> Camera(90, 0).see([1.0, 2.0, 3.0]).round(9).tolist()  # from the right
        [2.0, 3.0, 1.0]
        """
        seen = np.asarray(points, dtype=float) @ self.axes.T
        if math.isfinite(self.lens):
            seen[..., :2] *= self.lens / (self.lens - seen[..., 2:])
        return np.asarray(seen)
