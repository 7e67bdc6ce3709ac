"""What a visual's page is made of; ``figures.render_page`` makes a file of it.

A figure module holds, beside ``draw``, a function::

    def page(recording):
        return Page(
            script="rates",
            height=760,
            title=say("page"),
            words=("rate", "limit"),
            data={"lr": Rounded("the rates", recording.sweep_lr)},
            table=Table(columns, rows),
        )

The script, ``figures/page/SCRIPT.js``, draws it in the reader's browser. It gets the words of the
row as the templates that they are, fills them and writes numbers as `look.numbers` does, and shows
nothing but what was recorded.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from string import Formatter
from typing import Any

import numpy as np
from contourpy import FillType, contour_generator
from numpy.typing import ArrayLike

from figures.parts.contours import MANY_CORNERS
from figures.parts.table import Table

LEVELS = 65_534  # the largest whole number of a packed array; the next one stands for no number


@dataclass(frozen=True)
class Rounded:
    """Numbers written out, each with so many digits that count.

    Attributes
    ----------
    name : str
        What they are, for the page's note on its data: "losses".
    values : array_like
    digits : int
    """

    name: str
    values: ArrayLike
    digits: int = 6

    def encoded(self) -> Any:
        """Return nested lists; what is no finite number is None."""
        return _rounded(np.asarray(self.values, dtype=float).tolist(), self.digits)


@dataclass(frozen=True)
class Packed:
    """Many numbers as whole ones of 16 bits, even between the least and the largest.

    Attributes
    ----------
    name : str
        As of `Rounded`.
    values : array_like
        Of any shape; what is no finite number is NaN on the page.
    """

    name: str
    values: ArrayLike

    @property
    def step(self) -> float:
        """What lies between two levels; a value is off by half of that at most."""
        low, high = self._ends()
        return (high - low) / LEVELS

    def _ends(self) -> tuple[float, float]:
        values = np.asarray(self.values, dtype=float)
        finite = values[np.isfinite(values)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)

    def encoded(self) -> dict[str, Any]:
        """Return the levels, all high bytes before all low ones, deflated, in base 64."""
        values = np.asarray(self.values, dtype=float)
        low, _ = self._ends()
        step = self.step or 1.0
        with np.errstate(invalid="ignore"):
            level = np.where(np.isfinite(values), np.rint((values - low) / step), LEVELS + 1)
        whole = level.astype(np.uint16).ravel()
        planes = (whole >> 8).astype(np.uint8).tobytes() + (whole & 255).astype(np.uint8).tobytes()
        return {
            "packed": base64.b64encode(zlib.compress(planes, 9)).decode(),
            "shape": list(values.shape),
            "low": low,
            "step": step,
        }


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page before it is a file.

    Attributes
    ----------
    script : str
        That draws it: ``figures/page/dist/SCRIPT.js``.
    height : int
        CSS pixels that it takes where it is 720 wide, its details closed: what a post gives it.
    title : str
        Its heading and, on a second line, how to read it.
    caption : str
        What stands under it.
    words : sequence of str
        Words of the row that the script fills.
    data : mapping
        What it draws: plain values, `Rounded`, `Packed`, in mappings and lists.
    table : Table
        The numbers for those who can't see the drawing.
    table_title : str
        What these are.
    colors : mapping of str to pair of str
        Colours beside those of the themes, by name: on light and on dark ground.
    """

    script: str
    height: int
    title: str
    caption: str
    words: Sequence[str]
    data: Mapping[str, Any]
    table: Table
    table_title: str
    colors: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def encoded(value: Any) -> Any:
    """Return a page's data as JSON takes it."""
    if isinstance(value, Rounded | Packed):
        return value.encoded()
    if isinstance(value, Mapping):
        return {str(name): encoded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encoded(inner) for inner in value]
    if isinstance(value, np.generic):
        return encoded(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def arrays(value: Any) -> list[Rounded | Packed]:
    """Return the arrays of a page's data, each kind by its name once."""
    found: dict[str, Rounded | Packed] = {}

    def look(inner: Any) -> None:
        if isinstance(inner, Rounded | Packed):
            known = found.get(inner.name)
            wider = isinstance(inner, Packed) and inner.step > getattr(known, "step", 0)
            if known is None or wider:
                found[inner.name] = inner
        elif isinstance(inner, Mapping):
            for each in inner.values():
                look(each)
        elif isinstance(inner, list | tuple):
            for each in inner:
                look(each)

    look(value)
    return list(found.values())


def bands(
    x: ArrayLike, y: ArrayLike, height: ArrayLike, at: Sequence[float]
) -> tuple[list[str], bool]:
    """Return a map's bands, and whether lines between them are few enough to be seen as lines.

    Parameters
    ----------
    x, y : array, shape (n_x,) and (n_y,)
    height : array, shape (n_y, n_x)
    at : sequence of float
        Levels, rising.

    Returns
    -------
    list of str
        For each level the outline of all that is above it, as an SVG has it, on a square of 1000;
        each lies over the last, so that there is no seam.
    bool
    """
    across, up = (
        1000 * (np.asarray(side, dtype=float) - np.min(side)) / np.ptp(side) for side in (x, y)
    )
    made = contour_generator(
        across, 1000 - up, np.asarray(height, dtype=float), fill_type=FillType.OuterOffset
    )
    top = float(np.nanmax(height)) + 1
    paths, corners = [], 0
    for level in at:
        outlines = []
        for points, offsets in zip(*made.filled(level, max(top, level + 1)), strict=True):
            whole = np.rint(points).astype(int)
            for start, stop in pairwise(offsets.tolist()):
                ring = whole[start : stop - 1]
                ring = ring[(np.diff(ring, axis=0, prepend=ring[-1:]) != 0).any(1)]
                corners += len(ring)
                if len(ring) > 2:
                    moves = np.diff(ring, axis=0, prepend=0).tolist()
                    (first_x, first_y), *others = moves
                    steps = "".join(f"{dx}{'' if dy < 0 else ' '}{dy}," for dx, dy in others)
                    outlines.append(f"M{first_x} {first_y}l{steps.rstrip(',')}z")
        paths.append("".join(outlines))
    return paths, corners <= MANY_CORNERS


def inside(path: ArrayLike, low: ArrayLike, high: ArrayLike, left: int) -> np.ndarray:
    """Return a path whose point outside a box is drawn near, on the line to where it really is.

    Parameters
    ----------
    path : array, shape (step, 2)
    low, high : array, shape (2,)
        The box.
    left : int
        The step that lies outside, −1 if none does; what comes after is NaN.
    """
    found = np.array(path, dtype=float)
    if left > 0:
        before, out = found[left - 1], found[left]
        room = np.subtract(high, low)
        ends = np.clip(out, np.subtract(low, 0.2 * room), np.add(high, 0.2 * room))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(ends != out, (ends - before) / (out - before), 1.0)
        # what is no number any more went nowhere that could be drawn
        least = float(np.nanmin(share)) if np.isfinite(out).all() else 0.0
        found[left] = before + least * np.nan_to_num(out - before, posinf=0, neginf=0)
    if left >= 0:
        found[left + 1 :] = np.nan
    return found


def fields(template: str) -> set[str]:
    """Return the names that a template asks for, those in its choices too.

    Examples
    --------
    >>> sorted(fields("{n:?none|{first:.1f} of {n}} at η = {lr:g}"))
    ['first', 'lr', 'n']
    """
    found = set()
    for _, name, spec, _ in Formatter().parse(template):
        if name is not None:
            found |= {name} | fields(spec or "")
    return found


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_rounded(inner, digits) for inner in value]
    if not math.isfinite(value):
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short == int(short) and abs(short) < 1e15 else short
