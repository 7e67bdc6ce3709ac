"""A minute of a turning surface, for the curves of cost and memory."""

from __future__ import annotations

from pipeline.bench.our_surface_32 import OurSurface32


class OurLong(OurSurface32):
    """The surface of 32×32 faces, turning slowly."""

    run_time = 60.0
