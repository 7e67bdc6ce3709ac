"""Rows as pictures see them: the words, colours and dashes of what a recording names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from look import words
from look.theme import color
from simulate import registry
from simulate.errors import UserError

if TYPE_CHECKING:
    import xarray as xr

# A dash as its lengths on and off, in widths of the line.
DASHES: Mapping[str, Any] = {
    "": "solid",
    "dashed": (0, (3.2, 1.6)),
    "dotted": (0, (1.1, 1.5)),
    "dashdot": (0, (4.2, 1.5, 1.1, 1.5)),
}


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


@dataclass(frozen=True)
class Series:
    """What a visual tells apart by colour: its label, colour and dash, from the visual's row.

    `color` is ``#rrggbb``; `token` is what the theme calls it, `dash` what matplotlib takes.
    """

    name: str
    label: str
    token: str
    dash: Any

    @property
    def color(self) -> str:
        """The colour in the current theme."""
        return color(self.token)


def series(name: str, /, **values: Any) -> Series:
    """Return one of the series of the visual that is drawn now; its label may be a template.

    Raises
    ------
    UserError
        If its row has no series of that name.
    """
    visual, attrs = words.current()
    if name not in visual.series:
        there = ", ".join(visual.series) or "none"
        raise UserError(f"the row has no series {name!r}; there is {there}")
    label, token, *dash = visual.series[name]
    said = words.written(label, {**attrs, **values})
    return Series(name, said, token, DASHES[dash[0] if dash else ""])


def numbered(names: Sequence[str]) -> list[Series]:
    """Return series for names that no row knows: ``"0"``, ``"1"``, … of the visual, over and over.

    Their labels are templates of `name`.
    """
    visual, _ = words.current()
    return [series(str(k % len(visual.series)), name=name) for k, name in enumerate(names)]


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
    return found.check().fields


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
