"""The bench's other side, Manim's own renderer, draws our scenes: it is no peer that fails."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path

import manim
import pytest

from pipeline.catalogue import visuals
from pipeline.kinds import ANIMATION

STEM = "variants_paths"  # it waits in a beat, which Manim has none of


def test_stock_manim_draws_a_scene(
    recorded: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = visuals()[STEM]
    known = dict.fromkeys((name for each in visuals().values() for name in each.row.uses), "")
    known |= {name: str(recorded(name)) for name in entry.row.uses}
    monkeypatch.setenv("TEACHNET_BENCH_RECORDINGS", json.dumps(known))
    stock = importlib.import_module("pipeline.bench._stock_scenes")
    small = {"pixel_width": 160, "pixel_height": 90, "frame_rate": 2, "media_dir": str(tmp_path)}
    with manim.tempconfig({**small, "write_to_movie": False, "progress_bar": "none"}):
        scene = getattr(stock, ANIMATION.maker(STEM))()
        scene.render()
    assert scene.renderer.time > 5
