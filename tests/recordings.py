"""Tiny recordings of the real experiments, made once a session and shared by all tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from filelock import FileLock

from simulate import recorder
from simulate.data import choice
from simulate.store import Store


@cache
def _root() -> Path:
    """Return a folder shared by the workers of one test run (xdist gives each its own process)."""
    import os

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    root = Path(tempfile.gettempdir()) / f"teachnet-tests-{run}"
    root.mkdir(exist_ok=True)
    return root


@cache
def tiny_recording(name: str) -> Path:
    """Record an experiment with its tiny settings on the embedded digits, and return the file."""
    media = _root()
    with FileLock(media / "choice.lock"):
        digits = choice.choose(media, "embedded")
    store = Store(media / "recordings")
    return recorder.record(name, store, recorder.Context(data=digits), tiny=True)


def tiny_recordings(uses: list[str]) -> dict[str, str]:
    """Return the paths of some tiny recordings by name."""
    return {name: str(tiny_recording(name)) for name in uses}
