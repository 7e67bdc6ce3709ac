"""Ruff and mypy find nothing: beside the other tests, for mypy takes a minute of one core."""

from __future__ import annotations

import subprocess
import sys

import pytest

from simulate.registry import PROJECT


@pytest.mark.parametrize("tool", [["mypy"], ["ruff", "check", "."]], ids=["mypy", "ruff"])
def test_nothing_is_found(tool: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *tool], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
