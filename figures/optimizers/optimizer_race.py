"""Every optimizer from one start on each surface.

Source  001; 002
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from figures.parts import marks
from figures.parts.axes import heading, legend
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.contours import contours, levels
from figures.parts.marks import dot, mark_leaving, ring
from look.runs import row, runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_race": "theta (surface, run, step, param), left_box (surface, run), "
    "arrived (surface, run), loss (surface, y, x), grid_x (surface, x), grid_y (surface, y), "
    "surface (surface), run (run)",
}

VISUAL = Visual(
    uses=["optimizer_race"],
    title="Same start, {n_steps:,} steps: {n_optimizers} optimizers part ways "
    "on {n_surfaces} surfaces",
    subtitle="Bluer is lower. Ring: start. Star: global minimum. Dots: ends of paths, side by side "
    "where they meet. Arrowhead: the path leaves the picture, and stops. The thick line is the one "
    "named above the map.",
    alt="{n_surfaces} small contour maps, each with the paths of {n_optimizers} optimizers from "
    "one start, a ring. Global minima are stars. Of {n_paths} paths, {n_settled} settle at "
    "one, {n_left} leave the picture.",
    caption="“Settles” means: from this step on, the path stays within {near:.0%} of the picture’s "
    "diagonal of one global minimum. Each optimizer runs at its own default rate, or, where that "
    "is too large or too small for a surface, at the rate that the surface’s file states for it; "
    "rates are fixed, arithmetic is float64. {n_open:?|One surface has no minimum: "
    "there, the first to leave is named. |{n_open} surfaces have no minimum: there, the first to "
    "leave is named. }A dot beside a star may be of a path that has "
    "come close without settling yet. A race on a few formulas says how methods move, not which "
    "one trains networks best.",
    words={
        "none": "none of {n} {does}s",
        "all": "{who} {does}{ties:?s|} first: step {step:d}",
        "one": "only {who} {does}s: step {step:d}",
        "some": "{count} of {of} {does}, {who} first: step {step:d}",
    },
)

COLUMNS = 2
GAP, HEAD, TALL = 24.0, 38.0, 204.0  # between panels, above each for its heading, and its height
KEY_COLUMNS, KEY_ROW = 4, 24.0
THIN, THICK = 1.5, 2.6  # lines, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the key and, under it, one panel a surface."""
    entrants = list(runs(recording))
    names = recording.surface.values.tolist()
    room = WIDTH - 2 * MARGIN
    wide = (room - (COLUMNS - 1) * GAP) / COLUMNS
    columns, pitch = (2, 150) if is_narrow() else (KEY_COLUMNS, room / KEY_COLUMNS)
    key_rows = math.ceil(len(entrants) / columns)
    key = key_rows * KEY_ROW + 6
    rows = math.ceil(len(names) / COLUMNS)
    fig = Canvas(key + rows * (TALL + HEAD) + MARGIN - 8)
    for column in range(columns):
        entries = [(run.label, run.color, run.dash) for run in entrants[column::columns]]
        left = MARGIN + column * pitch
        legend(fig, entries, left=left, top=6, row_height=KEY_ROW)
    for i, name in enumerate(names):
        row, column = divmod(i, COLUMNS)
        top = key + row * (TALL + HEAD) + HEAD - 8
        ax = fig.place(MARGIN + column * (wide + GAP), top, wide, TALL)
        _panel(ax, recording.sel(surface=name), name)
    return fig


def _panel(ax: Axes, surface: xr.Dataset, name: str) -> None:
    here = row("surfaces", name)
    at = levels(surface.loss, 10)
    contours(ax, surface.grid_x, surface.grid_y, surface.loss, at=at)
    ax.set(xticks=[], yticks=[])
    has_minimum = bool(here["minima"])
    steps = surface.arrived if has_minimum else surface.left_box
    first = _first(steps)
    heading(ax, here["label"], _verdict(steps, first, has_minimum))

    # Halos under all lines, so that no line erases another; dashes over solid lines, which show
    # through them; the ones that are named on top.
    ordered = sorted(runs(surface), key=lambda run: (run.name in first, run.dash != "solid"))
    hues = [run.color for run in ordered]
    ends, end_hues = [], []
    for run in ordered:
        left = int(run.left_box)
        theta = run.theta.values[: left + 1] if left >= 0 else run.theta.values
        named = run.name in first
        width = THICK if named else THIN
        over = 1 if named else 0
        # Of two runs in one colour, the dashed one has visible gaps and a hollow dot.
        twin = run.dash != "solid" and hues.count(run.color) > 1
        style = {"linewidth": px(width + 1.5), "color": color("background")}
        ax.plot(*theta.T, **style, zorder=2 + over)
        ax.plot(
            *theta.T,
            color=run.color,
            linestyle=run.dash,
            linewidth=px(width),
            gapcolor=color("background") if twin else None,
            dash_capstyle="butt",
            label=run.label,
            zorder=2.5 + over,
        )
        if left >= 0:
            mark_leaving(ax, *theta.T, color=run.color, size=12, zorder=4 + over)
        else:
            ends.append(theta[-1])
            end_hues.append((run.color, twin))
    ring(ax, *surface.theta.values[0, 0])
    for minimum in here["minima"]:
        marks.star(ax, *minimum)
    if ends:
        _mark_ends(ax, ends, end_hues, here["minima"])


def _mark_ends(ax: Axes, ends: ArrayLike, hues: list[tuple[str, bool]], minima: ArrayLike) -> None:
    """Put a dot at each path's end; where several end together, in a ring around the place.

    `hues` are their colours, and whether to leave the dot hollow.
    """
    scale = ax.figure.dpi / 96  # device pixels in a CSS pixel
    places = ax.transData.transform(np.asarray(ends)) / scale
    stars = ax.transData.transform(np.asarray(minima).reshape(-1, 2)) / scale
    # A minimum takes the ends around it; what is left gathers around the first of each group.
    centres = [(*star, True) for star in stars]
    groups: dict[tuple[float, float, bool], list[int]] = {}
    for i, place in enumerate(places):
        near = [c for c in centres if np.hypot(*(place - c[:2])) < 9]
        if not near:
            near = [(*place, False)]
            centres += near
        groups.setdefault(near[0], []).append(i)
    for (x, y, is_star), members in groups.items():
        n = len(members)
        radius = max(4.5, 7.5 * n / (2 * np.pi)) if n > 1 else 0.0
        radius = max(radius, 12.0) if is_star else radius
        for k, i in enumerate(members):
            turn = 2 * np.pi * (k / n if n > 1 else 0.125)
            at = np.array([x + radius * np.sin(turn), y + radius * np.cos(turn)]) * scale
            at = ax.transData.inverted().transform(at)
            hue, hollow = hues[i]
            dot(ax, *at, color=hue, size=8, zorder=7)
            if hollow:
                dot(ax, *at, color=color("background"), size=4, zorder=7)


def _first(steps: xr.DataArray) -> list[str]:
    """Return who is first, more than one if they tie; `steps` (run) is −1 for who never is."""
    there = steps.where(steps >= 0, drop=True)
    return there.run[there == there.min()].values.tolist() if there.size else []


def _verdict(steps: xr.DataArray, first: list[str], has_minimum: bool) -> str:
    """Say how many settle at a minimum, or leave where there is none, and who is first."""
    count, of = int((steps >= 0).sum()), steps.size
    does = "settle" if has_minimum else "leave"
    if not first:
        return say("none", n=of, does=does)
    who = " and ".join(row("optimizers", name)["label"] for name in first)
    name = "all" if count == of else "one" if count == 1 else "some"
    values = {"step": steps.sel(run=first[0]), "of": of, "count": count}
    return say(name, who=who, does=does, ties=len(first) - 1, **values)
