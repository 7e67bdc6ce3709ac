"""What was measured here is not what will be measured there: layouts hold for other times too."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from figures import render
from figures.layout import problems
from simulate import recording
from tests.figures._drawn import FIGURES, ROWS, Recorded, visual

# A figure's module says which variables it reads, a time's name what it is.
TIMED = [
    stem
    for stem in FIGURES
    if "seconds" in str(getattr(importlib.import_module(ROWS[stem].module), "READS", {}))
]


def paces(machine: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the factors on all times of a machine."""
    if machine == "uneven":  # where one thing is slower and another one faster
        return 10 ** np.random.default_rng(0).uniform(-0.4, 0.4, shape[:1] + (1,) * len(shape[1:]))
    return np.full(shape, 0.3)


@pytest.mark.parametrize("machine", ["fast", "uneven"])
@pytest.mark.parametrize("stem", TIMED)
def test_layout_holds_on_another_machine(
    stem: str, machine: str, recorded: Recorded, tmp_path: Path
) -> None:
    paths, n_changed = {}, 0
    for name in visual(stem).uses:
        data = recording.load(recorded(name))
        for variable in [each for each in data.data_vars if "seconds" in str(each)]:
            data[variable] = data[variable] * paces(machine, data[variable].shape)
            n_changed += 1
        paths[name] = tmp_path / f"{name}.nc"
        recording.save(data, paths[name])
    assert n_changed
    for form in (render.figure, render.narrow_form):
        fig = form(ROWS[stem].module, paths, "light")
        assert fig is not None
        assert problems(fig) == []


@pytest.mark.parametrize("share", [-0.1, 0.05, 0.3, 0.5, 0.7, 0.95, 1.1])
def test_a_gradients_cost_wherever_the_curve_between_ends(
    share: float, recorded: Recorded, tmp_path: Path
) -> None:
    data = recording.load(recorded("derivative_methods"))
    low, high = (data.seconds.sel(run_mode=name) for name in ("reverse mode", "forward mode"))
    data.seconds.loc[{"run_mode": "central difference"}] = low * (high / low) ** share
    data.attrs["reverse_wins"] = 1
    path = tmp_path / "derivative_methods.nc"
    recording.save(data, path)
    for form in (render.figure, render.narrow_form):
        fig = form(ROWS["gradient_cost"].module, {"derivative_methods": path}, "light")
        assert fig is not None
        assert problems(fig) == []
