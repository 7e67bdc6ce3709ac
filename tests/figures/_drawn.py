"""Figures and tables on their tiny recordings, for tests of what they draw."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures import render, render_table
from figures.parts.canvas import Canvas
from figures.parts.table import Table
from look.words import Visual, merge, speaking
from pipeline.catalogue import visuals
from simulate import recording, registry

ROWS = registry.read(registry.PROJECT / "figures", "figures", "VISUAL")
FIGURES = [stem for stem, entry in visuals().items() if "F" in entry.kinds]
TABLES = [stem for stem, entry in visuals().items() if "T" in entry.kinds]
Recorded = Callable[[str], Path]


def visual(stem: str) -> Visual:
    return importlib.import_module(ROWS[stem].module).VISUAL


def telling(stem: str, *data: xr.Dataset) -> AbstractContextManager[None]:
    """Return the context in which parts of a visual can be made by themselves."""
    return speaking(visual(stem), merge([each.attrs for each in data]))


def drawn(stem: str, recorded: Recorded, theme: str = "dark") -> tuple[Figure, list[xr.Dataset]]:
    """Return a figure on its tiny recordings, and these."""
    paths = {name: recorded(name) for name in visual(stem).uses}
    fig = render.figure(ROWS[stem].module, paths, theme)
    return fig, [recording.load(path) for path in paths.values()]


def narrow(stem: str, recorded: Recorded, theme: str = "dark") -> Canvas | None:
    """Return a figure's narrow form on its tiny recordings, None if it has none."""
    paths = {name: recorded(name) for name in visual(stem).uses}
    return render.narrow_form(ROWS[stem].module, paths, theme)


def table(
    stem: str, recorded: Recorded, theme: str = "dark"
) -> tuple[Table, Visual, Figure, list[xr.Dataset]]:
    """Return a table on its tiny recordings, its words and its drawing, and the recordings."""
    paths = {name: recorded(name) for name in visual(stem).uses}
    made, words, fig = render_table.table(ROWS[stem].module, paths, theme)
    return made, words, fig, [recording.load(path) for path in paths.values()]


def line(fig: Figure, label: str, panel: int = 0) -> Line2D:
    found = [each for each in fig.axes[panel].get_lines() if each.get_label() == label]
    assert len(found) == 1, f"{len(found)} lines are called {label!r}"
    return found[0]
