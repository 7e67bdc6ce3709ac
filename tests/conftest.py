"""Tiny recordings of the real experiments, made once a run and shared by all its processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulate import recorder
from simulate.data.choice import choose
from simulate.files import lock
from simulate.store import Store


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Path]:
    """Return the path of an experiment's tiny recording: real numbers, few of them."""
    base = tmp_path_factory.getbasetemp()
    media = (base if worker_id == "master" else base.parent) / "media"
    with lock(media.with_suffix(".lock")):
        context = recorder.Context(data=choose(media, "embedded"))
    store = Store(media / "recordings")
    return lambda name: recorder.record(name, store, context, tiny=True)
