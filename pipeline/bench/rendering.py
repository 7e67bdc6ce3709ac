"""Frames per second against stock Manim."""

from __future__ import annotations

import tempfile
from typing import Any

import manim
import numpy as np

from pipeline.bench import _stock
from pipeline.bench._row import Row, seconds
from scenes import render


class _Nowhere:
    """Takes frames and keeps none: what is timed is the drawing alone."""

    def __init__(self, n_frames: int) -> None:
        self.wanted = range(n_frames)

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        pass


def rows() -> list[Row]:
    """Return the renderer's rows."""
    found = []
    for n_faces, at_least in ((32, 20.0), (64, 40.0)):
        job = render.Job(module=f"pipeline.bench.our_surface_{n_faces}", recordings={})
        stock = type("Stock", (_stock.StockSurface,), {"n_faces": n_faces, "n_frames": 10})
        found.append(
            Row(
                name=f"turning 3-D surface, {n_faces}×{n_faces} faces, 720p, encoded",
                ours=_encoded(job),
                peer=_stock_rate(stock, encode=True),
                unit="frames/s",
                at_least=at_least,
            )
        )
    job = render.Job(module="pipeline.bench.our_network", recordings={})
    for encode, at_least in ((True, 3.5), (False, 10.0)):
        found.append(
            Row(
                name="network, 300 edges, signals flowing, 720p, "
                + ("encoded" if encode else "drawing alone"),
                ours=_encoded(job) if encode else _drawn(job),
                peer=_stock_rate(_stock.StockNetwork, encode=encode),
                unit="frames/s",
                at_least=at_least,
            )
        )
    return found


def _encoded(job: render.Job) -> float:
    n_frames = render.plan(job).n_frames  # also warms the font and string caches, as Manim's are
    return n_frames / seconds(lambda: render.render_segments(job, [(0, n_frames)]), 3)


def _drawn(job: render.Job) -> float:
    n_frames = render.plan(job).n_frames
    return n_frames / seconds(lambda: render.run(job, _Nowhere(n_frames)), 3)


def _stock_rate(scene_type: Any, encode: bool) -> float:
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "media_dir": folder,
            "pixel_width": 1280,
            "pixel_height": 720,
            "frame_rate": 30,
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "dry_run": not encode,
        }
        with manim.tempconfig(settings):
            scene = scene_type()
            return float(scene.n_frames / seconds(scene.render))
