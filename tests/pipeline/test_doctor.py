"""The fast paths that doctor names are those that are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.commands import doctor
from pipeline.settings import Settings
from simulate.training import fused


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(media=tmp_path)


def test_training_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "take the fused loop" in doctor._training()
    monkeypatch.setattr(fused, "obstacle", lambda *_, **__: "no compiler")
    assert "take the eager loop" in doctor._training()


def test_planes_name_their_way(settings: Settings) -> None:
    assert "take the compiled way" in doctor._planes(settings)


def test_drawing_is_tried() -> None:
    assert "compiled by numba" in doctor._drawing()
