"""Tiny recordings of the real experiments, made once a run and shared by all its processes."""

from __future__ import annotations

import functools
import os
import shutil

# As in the workers, and before numpy is loaded: threads of processes side by side only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Generator, Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from simulate import recorder, recording
from simulate.data.choice import Choice, choose
from simulate.storage import sources
from simulate.storage.files import lock
from simulate.storage.store import Store
from tests import browser as chromium

# Tests that go over all visuals: those of one visual run in one process, one after the other, so
# that its pictures are made once (tests/figures/_drawn.py, tests/scenes/_films.py).
BY_VISUAL = {
    "figures/test_lettering.py", "figures/test_visuals.py", "scenes/test_scenes.py",
    "visuals/test_claims.py", "visuals/test_direction.py", "visuals/test_words.py",
}  # fmt: skip
HERE = Path(__file__).parent
LONG = ("chaos", "pages", "pipeline")  # with those of this very folder


# Tests that edit no source: what these say is read once for all of them.
READERS = ("figures", "look", "scenes", "visuals")
READER_FILES = {"test_experiments", "test_optimizers", "test_racing", "test_schedules"}
READ: dict[Hashable, Any] = {}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    cache = getattr(session.config, "cache", None)  # not there with -p no:cacheprovider
    kept = cache.mkdir("sources") / "facts" if cache else None  # by content, so never stale
    if kept:
        sources.load_cache(kept)
    with sources.reading_once(READ):
        result = yield
    if kept:
        sources.save_cache(kept)
    return result


@pytest.fixture(autouse=True)
def _read_once(request: pytest.FixtureRequest) -> Iterator[None]:
    path = request.node.path
    if path.parent.name in READERS or path.stem in READER_FILES:
        with sources.reading_once(READ):
            yield
    else:
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group tests by visual, others by file; what takes long begins first."""
    groups = {item: _group(item) for item in items}
    place: dict[str, tuple[bool, int]] = {}
    for item, group in groups.items():
        short = item.path.parent != HERE and item.path.parent.name not in LONG
        place.setdefault(group, (short, len(place)))
    items.sort(key=lambda item: place[groups[item]])
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item) -> str:
    file = item.path.relative_to(HERE).as_posix()
    stem = item.path.stem.removeprefix("test_")
    if file in BY_VISUAL:
        params = getattr(item, "callspec", None)
        return str(params.params.get("stem", stem)) if params else stem
    return stem if item.path.parent.name == "visuals" else file


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
def give(recorded: Callable[[str], Path]) -> Callable[..., None]:
    """Copy tiny recordings, with their receipts, into a media folder of one's own.

    Not the whole folder: other processes write to it meanwhile.
    """

    def copy(media: Path, *names: str) -> None:
        target = media / "recordings"
        (target / ".receipts").mkdir(parents=True, exist_ok=True)
        for path in map(recorded, names):
            shutil.copy2(path, target)
            shutil.copy2(path.parent / ".receipts" / f"{path.stem}.json", target / ".receipts")

    return copy


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
