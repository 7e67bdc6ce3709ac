"""Figures on their tiny recordings, for tests of what they draw."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures import _render
from figures._visual import Visual
from simulate import recording, registry

ROWS = registry.read(registry.PROJECT / "figures", "figures", "VISUAL")
Recorded = Callable[[str], Path]


def visual(stem: str) -> Visual:
    return importlib.import_module(ROWS[stem].module).VISUAL


def drawn(stem: str, recorded: Recorded, theme: str = "dark") -> tuple[Figure, list[xr.Dataset]]:
    """Return a figure on its tiny recordings, and these."""
    paths = {name: recorded(name) for name in visual(stem).uses}
    fig = _render.figure(ROWS[stem].module, paths, theme)
    return fig, [recording.load(path) for path in paths.values()]


def line(fig: Figure, label: str, panel: int = 0) -> Line2D:
    found = [each for each in fig.axes[panel].get_lines() if each.get_label() == label]
    assert len(found) == 1, f"{len(found)} lines are called {label!r}"
    return found[0]
