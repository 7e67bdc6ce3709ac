from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr

from figures import _canvas, _theme
from simulate import recorder
from simulate.data.choice import choose
from simulate.store import Store


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def themed(theme: str) -> Iterator[str]:
    """Draw in each theme, with the type and the colours that a finished figure has."""
    with _theme.use(theme), _canvas.style():
        yield theme


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the path of an experiment's tiny recording: real numbers, few of them."""
    media = tmp_path_factory.mktemp("media")
    store = Store(media / "recordings")
    context = recorder.Context(data=choose(media, "embedded"))
    return lambda name: recorder.record(name, store, context, tiny=True)


@pytest.fixture
def surface() -> xr.Dataset:
    """A recording with two runs of real optimizers on a small bowl, made by hand."""
    theta = [[[2.0, 1.0], [1.0, 0.5], [0.5, 0.2]], [[2.0, 1.0], [0.0, 0.1], [-0.5, 0.0]]]
    return xr.Dataset(
        {"theta": (("run", "step", "param"), theta)},
        coords={"run": ["sgd", "adamw"], "step": [0, 1, 2]},
    )
