"""What figures share: sheet, axes, surfaces, paths, direct labels, digits, networks, tables.

A figure module holds a row and a function::

    VISUAL = kit.figure(uses=["stem"], title="…", alt="…", caption="…")

    def draw(recording):
        fig, ax = kit.subplots(height=360)
        ...
        return fig

A ``table`` beside ``draw``, or instead of it, returns a `Table` (see ``figures._table``).

The headline is drawn by the sheet. Sizes and places are CSS pixels at 720 px width. Nothing here
computes what an experiment should have recorded: no gradient, no loss, no model output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from figures._canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, px, text_width, wrap
from figures._colors import halo, line_halo, mix, shade
from figures._contours import contours, levels, round_levels
from figures._marks import dot, mark_leaving, path, ring, star
from figures._networks import bar, digit, edges, units
from figures._space import Space
from figures._table import Cell, Column, Table
from figures._theme import color
from figures._visual import Visual, written
from figures._words import (
    AXES,
    beside,
    heading,
    label_ends,
    legend,
    name_axes,
    number,
    percent,
    ticks,
)
from simulate import registry
from simulate.errors import UserError

__all__ = [
    "AXES",
    "LABEL",
    "MARGIN",
    "TICK",
    "WIDTH",
    "Canvas",
    "Cell",
    "Column",
    "Run",
    "Space",
    "Table",
    "bar",
    "beside",
    "canvas",
    "color",
    "contours",
    "digit",
    "dot",
    "edges",
    "figure",
    "halo",
    "heading",
    "label_ends",
    "legend",
    "levels",
    "line_halo",
    "mark_leaving",
    "mix",
    "name_axes",
    "number",
    "path",
    "percent",
    "px",
    "ring",
    "round_levels",
    "row",
    "runs",
    "shade",
    "star",
    "subplots",
    "text_width",
    "ticks",
    "units",
    "wrap",
    "written",
]

DASHES: Mapping[str, Any] = {"": "solid", "dashed": (0, (3.2, 1.6)), "dotted": (0, (1.1, 1.5))}


def figure(
    *,
    uses: list[str],
    title: str,
    alt: str,
    caption: str,
    subtitle: str = "",
    aliases: list[str] | None = None,
) -> Visual:
    """Return the row of a figure or a table; see :class:`figures._visual.Visual` for its fields."""
    return Visual(
        uses=uses, title=title, subtitle=subtitle, alt=alt, caption=caption, aliases=aliases or []
    )


def canvas(height: float) -> Canvas:
    """Return an empty sheet with the headline and `height` CSS pixels under it."""
    return Canvas(height)


def subplots(
    rows: int = 1,
    columns: int = 1,
    *,
    height: float = 380,
    left: float = 64,
    right: float = MARGIN,
    top: float = 26,
    bottom: float = 52,
    gap: tuple[float, float] = (36, 36),
) -> tuple[Canvas, Any]:
    """Return a sheet and its axes: one, or an array of shape (rows, columns).

    `left`, `right`, `top` and `bottom` are the margins around the data areas, `gap` the space
    between them across and down, all in CSS pixels.
    """
    fig = canvas(height)
    across, down = gap
    width = (WIDTH - left - right - across * (columns - 1)) / columns
    tall = (height - top - bottom - down * (rows - 1)) / rows
    axes = np.empty((rows, columns), dtype=object)
    for i in range(rows):
        for j in range(columns):
            axes[i, j] = fig.place(
                left + j * (width + across), top + i * (tall + down), width, tall
            )
    return fig, axes[0, 0] if rows == columns == 1 else axes


@dataclass(frozen=True)
class Run:
    """One run of a recording with the words and the colour of its row.

    A variable of the recording is an attribute: ``run.theta`` has no ``run`` dimension any more.
    """

    name: str
    label: str
    color: str
    dash: Any
    data: xr.Dataset

    def __getattr__(self, variable: str) -> xr.DataArray:
        try:
            return self.data[variable]
        except KeyError:
            raise AttributeError(f"run {self.name!r} has no variable {variable!r}") from None


def row(kind: str, name: str) -> Mapping[str, Any]:
    """Return the words and colours of a registry row that a recording names.

    Raises
    ------
    UserError
        If it is no longer there.
    """
    # By name, not over all rows: a figure depends on the rows that it draws, no others.
    found = registry.rows(kind).get(name)
    if found is None:
        raise UserError(
            f"a recording names {name!r}, but {kind} has no such row any more: record it again"
        )
    return found.fields


def runs(recording: xr.Dataset, kind: str = "optimizers") -> Iterator[Run]:
    """Go through the ``run`` dimension; names, colours and dashes come from the registry's rows."""
    for name in recording.run.values.tolist():
        fields = row(kind, name)
        yield Run(
            name=name,
            label=fields["label"],
            color=color(fields["color"]),
            dash=DASHES[fields.get("dash", "")],
            data=recording.sel(run=name),
        )
