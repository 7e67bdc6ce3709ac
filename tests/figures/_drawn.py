"""Figures and tables on their tiny recordings, for tests of what they draw."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
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
from tests.visuals._heard import listening

ROWS = registry.read(registry.PROJECT / "figures", "figures", "VISUAL")
FIGURES = [stem for stem, entry in visuals().items() if "F" in entry.kinds]
TABLES = [stem for stem, entry in visuals().items() if "T" in entry.kinds]
Recorded = Callable[[str], Path]


def visual(stem: str) -> Visual:
    return importlib.import_module(ROWS[stem].module).VISUAL


def telling(stem: str, *data: xr.Dataset) -> AbstractContextManager[None]:
    """Return the context in which parts of a visual can be made by themselves."""
    return speaking(visual(stem), merge([each.attrs for each in data]))


@dataclass(frozen=True)
class Picture:
    """A figure, its recordings, and what came out of the number writer and of templates."""

    fig: Figure
    data: list[xr.Dataset]
    heard: set[str]


# What asks for the same figure runs in the same process, one after the other (tests/conftest.py).
def picture(stem: str, recorded: Recorded, theme: str = "dark") -> Picture:
    """Return a figure on its tiny recordings, drawn once for all that ask in a row."""
    return _picture(stem, tuple((name, recorded(name)) for name in visual(stem).uses), theme)


@functools.lru_cache(maxsize=4)
def _picture(stem: str, paths: tuple[tuple[str, Path], ...], theme: str) -> Picture:
    with listening() as heard:
        fig = render.figure(ROWS[stem].module, dict(paths), theme)
    return Picture(fig, [recording.load(path) for _, path in paths], heard)


def drawn(stem: str, recorded: Recorded, theme: str = "dark") -> tuple[Figure, list[xr.Dataset]]:
    """Return a figure on its tiny recordings, and these."""
    found = picture(stem, recorded, theme)
    return found.fig, [data.copy() for data in found.data]


def narrow(stem: str, recorded: Recorded, theme: str = "dark") -> Canvas | None:
    """Return a figure's narrow form on its tiny recordings, None if it has none."""
    return _narrow(stem, tuple((name, recorded(name)) for name in visual(stem).uses), theme)


@functools.lru_cache(maxsize=2)
def _narrow(stem: str, paths: tuple[tuple[str, Path], ...], theme: str) -> Canvas | None:
    return render.narrow_form(ROWS[stem].module, dict(paths), theme)


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
