"""An evaluation trace as a graph: what the figures of this chapter share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from figures.networks._units import box, page
from figures.parts.canvas import (
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    Canvas,
    formula_box,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import halo, mix
from look import traces as equations
from look.numbers import joined
from look.theme import color

HIGH = 54.0  # of a variable's box, CSS pixels
KNOWN = 14.0  # type of a variable's value over its derivative
LINE = 19.0  # from line to line of what is written at a box
# On the narrow sheet a graph runs from top to bottom, and boxes hold how they are made.
BROAD, ROW, ENDS = 156.0, 92.0, 70.0


def signed(value: float) -> str:
    """Return the colour of a number: orange above zero, blue below."""
    return color("positive" if value > 0 else "negative")


def maths(text: str) -> str:
    """Return LaTeX as matplotlib takes it within a text."""
    return joined([f"${text}$"])


@dataclass(frozen=True)
class Graph:
    """Where the variables of a trace stand on a sheet, CSS pixels.

    Attributes
    ----------
    ax : Axes
        Over all of the sheet.
    places : array, shape (v, 2)
        Middles of the boxes.
    routes : array, shape (component, position, 2)
        The ways of the edges, from middle to middle.
    above : array of bool, shape (v,)
        Whether what belongs to a box is written above it: in the upper half of the graph.
    wide : float
        Of a box.
    upright : bool
        From top to bottom, as on the narrow sheet, or from left to right.
    """

    ax: Axes
    places: np.ndarray
    routes: np.ndarray
    above: np.ndarray
    wide: float
    upright: bool


FORMULA = 34.0  # the line of the function, where a recording has it


def formula(ax: Axes, trace: xr.Dataset) -> float:
    """Write the function that was traced over its graph, and return the height that this takes."""
    said = str(trace.attrs["expression"])
    if not said:
        return 0.0
    # a slanted f reaches to the left of where it begins
    ax.text(
        (NARROW_MARGIN if is_narrow() else MARGIN) + 3, 16, maths(said), va="baseline",
        parse_math=True, fontsize=px(17 if is_narrow() else 21), gid="formula",
    )  # fmt: skip
    return FORMULA


def level_height(trace: xr.Dataset, pitch: float, margins: Sequence[float]) -> float:
    """Return how high a level graph is; `pitch` from lane to lane, `margins` above and below."""
    lanes = float(max(trace.lane.max(), trace.route_lane.max()))
    return margins[0] + lanes * pitch + margins[1]


def upright_height(trace: xr.Dataset) -> float:
    """Return how high a graph is that runs from top to bottom."""
    return 2 * ENDS + max(1, int(trace.depth.max())) * ROW


def sheet(
    trace: xr.Dataset,
    pitch: float,
    margins: tuple[float, float],
    graphs: int = 1,
    *,
    less: float = 0.0,
) -> tuple[Canvas, Axes, float]:
    """Return a page for some graphs under their formula, and where the first of them begins.

    A level page is `less` high by as much as later graphs are.
    """
    head = FORMULA if trace.attrs["expression"] else 0.0
    fig, ax = page(
        head + graphs * level_height(trace, pitch, margins) - less,
        narrow=head + graphs * upright_height(trace),
    )
    return fig, ax, formula(ax, trace)


def graph(
    ax: Axes,
    trace: xr.Dataset,
    *,
    top: float,
    above: float,
    pitch: float,
    wide: float = 92.0,
) -> Graph:
    """Return where everything stands, in the order of evaluation.

    Parameters
    ----------
    top : float
        Of the graph's part of the page.
    above, pitch, wide : float
        Of a level one: the margin over its first lane, from lane to lane, and of a box.
    """
    columns = max(1, int(trace.depth.max()))
    lanes = float(max(trace.lane.max(), trace.route_lane.max()))
    upright = is_narrow()
    if upright:
        room = NARROW - 2 * NARROW_MARGIN
        wide = min(BROAD, (room - 12 * lanes) / (lanes + 1))
        left, right = NARROW_MARGIN + wide / 2, NARROW - NARROW_MARGIN - wide / 2
    else:
        left, right = MARGIN + max(wide, 124) / 2, WIDTH - MARGIN - max(wide, 124) / 2

    def placed(depth: Any, lane: Any) -> np.ndarray:
        depth, lane = np.asarray(depth), np.asarray(lane)
        if upright:
            across = lane / lanes if lanes else 0 * lane + 0.5
            places = [left + across * (right - left), top + ENDS + depth * ROW]
        else:
            places = [left + depth / columns * (right - left), top + above + lane * pitch]
        return np.stack(places, axis=-1)

    return Graph(
        ax,
        placed(trace.depth.values, trace.lane.values),
        placed(trace.route_depth.values, trace.route_lane.values),
        trace.depth.values == 0 if upright else trace.lane.values <= lanes / 2,
        wide,
        upright,
    )


def arrows(
    graph: Graph,
    values: Sequence[float] | np.ndarray,
    *,
    back: bool = False,
    largest: float | None = None,
    plain: bool = False,
    marked: Sequence[bool] | np.ndarray = (),
    ink: str = "text",
) -> None:
    """Draw the edges as arrows: as wide as what they pass on, in the colour of its sign.

    Parameters
    ----------
    values : array, shape (component,)
    back : bool
        Whether arrows point from the output to the inputs.
    largest : float, optional
        The size that has the full width.
    plain : bool
        Draw them all alike: no numbers pass.
    marked : array of bool, shape (component,), optional
        Of plain ones, which are strong, in the colour `ink` of the theme.
    """
    values = np.asarray(values, dtype=float)
    most = largest or max(float(np.abs(values).max(initial=0)), 1e-12)
    strong = marked if len(marked) else np.zeros(len(values), dtype=bool)
    for route, value, loud in zip(graph.routes, values, strong, strict=True):
        line = clipped(route[::-1] if back else route, graph.wide)
        share = abs(value) / most
        hue = color(ink if loud else "muted") if plain or not value else signed(value)
        width = (4.0 if loud else 1.6) if plain else 1.2 + 4.3 * share
        _arrow(graph.ax, line, hue, width, faint=not plain and value == 0)


def clipped(route: np.ndarray, wide: float, gap: float = 5) -> np.ndarray:
    """Return a way from box to box without what lies within the boxes."""
    line = np.array(
        [point for i, point in enumerate(route) if i == 0 or any(point != route[i - 1])]
    )
    for end, near in ((0, 1), (-1, -2)):
        step = line[near] - line[end]
        half = np.array([wide / 2 + gap, HIGH / 2 + gap])
        with np.errstate(divide="ignore"):
            share = np.min(np.where(step == 0, np.inf, half / np.abs(step)))
        line[end] = line[end] + min(share, 0.9) * step
    return line


def _arrow(ax: Axes, line: np.ndarray, ink: str, width: float, *, faint: bool) -> None:
    tip, before = line[-1], line[-2]
    along = (tip - before) / max(float(np.linalg.norm(tip - before)), 1e-9)
    across = np.array([-along[1], along[0]])
    size = 5.5 + 1.3 * width
    neck = tip - size * along
    style: dict[str, Any] = {"zorder": 1, "alpha": 0.5 if faint else 1.0}
    ax.add_patch(
        PathPatch(
            Path(np.vstack([line[:-1], neck + 0.5 * along])),
            fill=False, edgecolor=ink, linewidth=px(width), capstyle="butt", joinstyle="round",
            **style,
        )
    )  # fmt: skip
    head = np.array([tip, neck + 0.55 * size * across, neck - 0.55 * size * across, tip])
    ax.add_patch(PathPatch(Path(head, closed=True), facecolor=ink, edgecolor="none", **style))


def node(
    graph: Graph,
    i: int,
    name: str,
    value: str,
    *,
    made: str = "",
    known: str = "",
    fill: Any = None,
    ink: str = "muted",
    dim: bool = False,
) -> FancyBboxPatch:
    """Draw a variable's box with its value and its name, or upright with how it is `made`.

    What is `known` of it, its value where the number is a derivative, stands over the name and the
    number, or upright in the corner.
    """
    x, y = graph.places[i]
    box(
        graph.ax, x - graph.wide / 2, y - HIGH / 2, x + graph.wide / 2, y + HIGH / 2,
        round=12, zorder=2,
        facecolor=mix("background", "quiet", 0.35) if fill is None else fill,
        edgecolor=color("quiet" if dim else "muted"),
        linewidth=px(1.2),
    )  # fmt: skip
    style: dict[str, Any] = {"ha": "center", "zorder": 3, "va": "baseline"}
    if known and graph.upright:
        corner = {**style, "ha": "right", "fontsize": px(12.5), "color": color("text")}
        graph.ax.text(x + graph.wide / 2 - 7, y + 19, maths(known), parse_math=True, **corner)
    shade = color("muted" if dim else "text")
    aside = 26.0 if known and graph.upright else 0.0
    if known and not graph.upright:  # the value over the derivative, which is a line of its own
        name = joined([name, "="])
        graph.ax.text(x, y - 9, maths(known), fontsize=px(KNOWN), color=shade, parse_math=True,
                      **style)  # fmt: skip
        wide, number = formula_box(maths(name), 17)[0] + 6, text_width(value, 21, "semibold")
        aside = -wide / 2
        graph.ax.text(x - number / 2 - 6 / 2, y + 18, maths(name), fontsize=px(17), parse_math=True,
                      color=shade, **style)  # fmt: skip
    else:
        first = maths(made if graph.upright and made else name)
        graph.ax.text(x, y - 7, first, fontsize=px(13.5 if graph.upright else 15),
                      color=color(ink), parse_math=True, **style)  # fmt: skip
    graph.ax.text(x - aside, y + 19, value, fontsize=px(21), weight="semibold", color=shade,
                  **style)  # fmt: skip
    return graph.ax.patches[-1]


def tint(value: float, most: float) -> Any:
    """Return the fill of a box: orange above zero, blue below; text stays readable on it."""
    share = 0.12 + 0.33 * min(abs(value) / max(most, 1e-12), 1.0)
    return mix("background", "positive" if value > 0 else "negative", share if value else 0)


def result(name: str, value: str) -> str:
    """Return what a pass has found, in LaTeX: the derivative by an input, x1 or weight."""
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    long = name.replace("_", r"\_")
    letter = f"{stem}_{{{index}}}" if index else stem
    letter = letter if len(stem) == 1 else rf"\mathrm{{{long}}}"
    return maths(joined([rf"\partial f / \partial {letter} = {value}"]))


def known(trace: xr.Dataset, i: int, room: float = 0.0) -> str:
    """Return a variable and its value, in LaTeX; how it is made as well, where there is room."""
    line = equations.primal(trace, i)
    full = joined([line.symbolic, "=", line.result])
    if not is_narrow() and formula_box(maths(full), KNOWN)[0] <= room:
        return full
    return joined([line.left, "=", line.result])


def beside(graph: Graph, i: int, lines: Sequence[tuple[str, str]]) -> None:
    """Write lines of LaTeX above or below a level graph's box, each with a colour of the theme."""
    if graph.upright:
        return  # there is no room beside it
    x, y = graph.places[i]
    up = bool(graph.above[i])
    first = y - HIGH / 2 - 10 - LINE * (len(lines) - 1) if up else y + HIGH / 2 + 21
    for k, (text, ink) in enumerate(lines):
        written = graph.ax.text(
            x, first + LINE * k, maths(text), ha="center", va="baseline", fontsize=px(15),
            color=color(ink), parse_math=True, path_effects=halo(3), zorder=4,
        )  # fmt: skip
        extent = written.get_window_extent()
        scale = graph.ax.figure.dpi / 96  # device pixels in a CSS pixel
        over = max(extent.x1 / scale - (WIDTH - MARGIN), 0) - max(MARGIN - extent.x0 / scale, 0)
        written.set_x(x - over)  # a long line must not leave the sheet


def caption(graph: Graph, i: int, text: str, *, aside: bool = False, ink: str = "muted") -> None:
    """Write words above or below a box; or `aside`, where an arrow leaves it downwards."""
    x, y = graph.places[i]
    at = y - HIGH / 2 - 11 if graph.above[i] else y + HIGH / 2 + 22
    aside = aside and graph.upright and not graph.above[i]
    graph.ax.text(x - 10 * aside, at, text, ha="right" if aside else "center", va="baseline",
                  color=color(ink), weight="normal" if ink == "muted" else "semibold",
              zorder=4)  # fmt: skip


def beyond(graph: Graph, i: int, text: str, lines: int) -> None:
    """Write LaTeX large beyond the `lines` at a box, or over an upright graph."""
    x, y = graph.places[i]
    up = graph.upright or graph.above[i]
    taken = 0.0 if graph.upright else LINE * lines + 4
    at = y - HIGH / 2 - 11 - taken if up else y + HIGH / 2 + 32 + taken
    left = x - graph.wide / 2 + 2
    graph.ax.text(
        x if graph.upright else left, at, text, ha="center" if graph.upright else "left",
        va="baseline", color=color("text"), parse_math=True,
        path_effects=halo(3), zorder=4, fontsize=px(23 if graph.upright else 30),
    )  # fmt: skip
