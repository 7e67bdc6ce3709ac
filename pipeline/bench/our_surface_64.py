"""Our side of the surface row: 64×64 faces."""

from __future__ import annotations

from pipeline.bench.our_surface_32 import OurSurface32


class OurSurface64(OurSurface32):
    """Four times the faces."""

    n_faces = 64
