from __future__ import annotations

from collections.abc import Iterator

import pytest
import xarray as xr

from figures.parts import canvas
from look import theme as themes


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def themed(theme: str) -> Iterator[str]:
    """Draw in each theme, with the type and the colours that a finished figure has."""
    with themes.use(theme), canvas.style():
        yield theme


@pytest.fixture
def surface() -> xr.Dataset:
    """A recording with two runs of real optimizers on a small bowl, made by hand."""
    theta = [[[2.0, 1.0], [1.0, 0.5], [0.5, 0.2]], [[2.0, 1.0], [0.0, 0.1], [-0.5, 0.0]]]
    return xr.Dataset(
        {"theta": (("run", "step", "param"), theta)},
        coords={"run": ["sgd", "adamw"], "step": [0, 1, 2]},
    )
