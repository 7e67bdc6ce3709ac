"""Tiny recordings of the real experiments, made once a run and shared by all its processes."""

from __future__ import annotations

import functools
import os

# As in the workers, and before numpy is loaded: threads of processes side by side only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr

from simulate import recorder, recording
from simulate.data.choice import Choice, choose
from simulate.storage.files import lock
from simulate.storage.store import Store
from tests import browser as chromium

Record = Callable[..., xr.Dataset]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Path]:
    """Return the path of an experiment's tiny recording: real numbers, few of them."""
    base = tmp_path_factory.getbasetemp()
    media = (base if worker_id == "master" else base.parent) / "media"
    with lock(media.with_suffix(".lock")):
        context = recorder.Context(data=choose(media, "embedded"))
    store = Store(media / "recordings")

    @functools.cache  # to see that it is fresh takes 25 ms, thousands of times
    def path(name: str) -> Path:
        return recorder.record(name, store, context, tiny=True)

    return path


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Record an experiment with its tiny settings, some of them changed."""
    store = Store(tmp_path_factory.mktemp("media") / "recordings")
    context = recorder.Context(data=Choice.embedded())

    def make(name: str, **settings: object) -> xr.Dataset:
        path = recorder.record(name, store, context, tiny=True, settings=settings)
        return recording.load(Path(path))

    return make


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Browser]:
    """Give a headless Chromium, the same to all tests of this process; see `tests.browser`."""
    if lacks := chromium.lacking():
        pytest.skip(lacks)
    found = chromium.Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.quit()
