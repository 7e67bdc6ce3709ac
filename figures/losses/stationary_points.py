"""A minimum, a maximum and a saddle: surface, flow of descent, and what the Hessian says of each.

001 asks for a positive-definite Hessian at a minimum. That is enough, but not needed: the caption
names curves with a minimum, a maximum and neither where the second derivative is 0.

Source  001, "Optimality conditions"
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from figures.parts import axes
from figures.parts.axes import heading
from figures.parts.canvas import MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.contours import contours
from figures.parts.marks import dot
from figures.parts.space import Space
from look import mathematics
from look.numbers import joined
from look.theme import color
from look.words import Visual, say

READS = {
    "stationary_points": "loss (surface, y, x), eigenvalue (surface, component), "
    "eigenvector (surface, component, param), profile (surface, component, x), "
    "flow (surface, example_line, step, param), surface (surface), formula (surface), "
    "grid_x (x), grid_y (y)",
}

VISUAL = Visual(
    uses=["stationary_points"],
    title="The gradient is zero at all three; curvature tells them apart",
    subtitle="Orange: the loss curves up in this direction; blue: it curves down; λ and the "
    "bar’s length say how much. Thin lines: where gradient descent goes.",
    alt="Three surfaces, each with a map of it from above. At the minimum both directions curve "
    "up and all lines of descent run in; at the maximum both curve down and all lines run out; at "
    "the saddle one curves up and one down, and lines that come in along the first turn away "
    "along the second.",
    caption="Gradient and Hessian at the dot by automatic differentiation; the lines are "
    "{n_steps:,} steps of gradient descent with η = {lr:g} from many starts, as far as they stay "
    "in the picture. λ are the Hessian’s eigenvalues: positive alone they make a minimum, negative "
    "alone a maximum, both a saddle. An eigenvalue of 0 decides nothing: x⁴ has a minimum at 0, "
    "−x⁴ a maximum and x³ neither, and first and second derivative are 0 there in all three. So a "
    "positive-definite Hessian is sufficient for a minimum, but not necessary.",
    words={
        "gradient": "Three flat places: which one keeps what starts near it?\n"
        "At each dot the gradient is zero. Around it {n_points} points start to go downhill.",
        "curvature": "The curvature tells it beforehand\n"
        "λ is the curvature along a direction: up in orange, down in blue.",
        "end": "{told:?So far after these steps|Only the minimum keeps what starts near it}\n"
        "Thin lines: their ways in {n_steps} steps.",
        "eigenvalue": "λ = {value}",
        "minimum": "{minimum_arrived} of {n_points} arrived",
        "maximum": "{maximum_left} of {n_points} gone",
        "saddle": "{saddle_one} one way, {saddle_other} the other",
    },
)

WIDE, GAP, RELIEF = 205.0, 24.5, 168.0  # a column, the space to the next, a relief, CSS pixels
PHONE, ROW = 158.0, 214.0  # narrow: a relief and a map side by side, and a pair's height


def draw(recording: xr.Dataset) -> Figure:
    """Return three columns of surface and map; on the narrow sheet the two stand side by side."""
    kinds = recording.surface.values.tolist()
    fig = Canvas(56 + RELIEF + WIDE, narrow=12 + ROW * len(kinds))
    for k, kind in enumerate(kinds):
        left = MARGIN + k * (WIDE + GAP)
        boxes = (left, 32.0, WIDE, RELIEF), (left, 44 + RELIEF, WIDE, WIDE)
        if is_narrow():
            top, right = 40 + ROW * k, NARROW_MARGIN + PHONE + 12
            boxes = (NARROW_MARGIN, top, PHONE, PHONE), (right, top, PHONE, PHONE)
        here = recording.sel(surface=kind)
        relief, above = (fig.place(*box) for box in boxes)
        heading(relief, kind, _set(here.formula.item()), lift=12, parse_math=True)
        _relief(relief, here)
        _map(above, here, float(np.abs(recording.eigenvalue).max()))
    return fig


def _set(formula: object) -> str:
    """Return a recorded formula as mathematics, its fractions no higher than the line."""
    fraction = str(formula).replace("1½", "3/2 ")  # a mixed number looks like a product
    return joined([mathematics.for_matplotlib(f"${fraction}$").replace("dfrac", "frac")])


def _hue(eigenvalue: float) -> str:
    return color("positive" if eigenvalue > 0 else "negative")


def _relief(ax: Axes, here: xr.Dataset) -> None:
    x, y, loss = here.grid_x.values, here.grid_y.values, here.loss.values
    space = Space(
        x=(x[0], x[-1]), y=(y[0], y[-1]), height=(loss.min(), loss.max()),
        azimuth=-20, elevation=42, tall=0.95,
    )  # fmt: skip
    _fit(ax, space)
    every = max(1, len(x) // 20)
    space.draw(ax, x[::every], y[::every], loss[::every, ::every])
    for component in range(here.sizes["component"]):
        one = here.isel(component=component)
        along = x[:, None] * one.eigenvector.values
        inside = (np.abs(along) <= x[-1]).all(axis=1)
        line = space.project(along[inside, 0], along[inside, 1], one.profile.values[inside])
        hue = _hue(float(one.eigenvalue))
        ax.plot(*line.T, color=hue, linewidth=px(2.5), path_effects=line_halo(2.5, 0.75))
    middle = float(loss[len(y) // 2, len(x) // 2])
    dot(ax, *space.project(0, 0, middle), color=color("text"))
    half = len(x) // 2
    for name, at in (("x", (x[-1], 0.0, loss[half, -1])), ("y", (0.0, y[-1], loss[-1, half]))):
        _letter(ax, name, tuple(space.project(*at)), (9, -9) if name == "x" else (6, 6))


def _letter(
    ax: Axes, name: str, at: tuple[float, float], shift: tuple[float, float], of: str = "data"
) -> None:
    """Name a direction, so that one sees which way of the relief is which of the map."""
    axes.beside(ax, f"${name}$", at, of=of, shift=shift, ha="center", va="center", parse_math=True,
                fontsize=px(15), path_effects=halo(2), zorder=8)  # fmt: skip


def _fit(ax: Axes, space: Space) -> None:
    """Show the whole box, undistorted, and no axes."""
    corners = [space.project(x, y, h) for x in space.x for y in space.y for h in space.height]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    box = ax.get_window_extent()
    half = max((high - low) / (box.width, box.height)) * np.array([box.width, box.height]) / 2
    middle = (low + high) / 2
    xlim, ylim = np.transpose([middle - half, middle + half]).tolist()
    ax.set(xlim=xlim, ylim=ylim)
    ax.axis("off")


def _map(ax: Axes, here: xr.Dataset, largest: float) -> None:
    contours(ax, here.grid_x, here.grid_y, here.loss).set_alpha(0.35)  # the flow is the news
    ax.set(xticks=[], yticks=[], aspect="equal")
    _flow(ax, here.flow.values)
    reach = float(here.grid_x[-1])
    for component in range(here.sizes["component"]):
        one = here.isel(component=component)
        value, vector = float(one.eigenvalue), one.eigenvector.values
        ends = np.array([-0.62, 0.62])[:, None] * abs(value) / largest * reach * vector
        hue = _hue(value)
        ax.plot(*ends.T, color=hue, linewidth=px(3.5), solid_capstyle="round", zorder=5,
                path_effects=line_halo(3.5, 1.5))  # fmt: skip
        end = ends[1]
        axes.beside(
            ax, say("eigenvalue", value=value), tuple(end), shift=(2, 8 if end[1] > 0 else -17),
            ha="center", weight="semibold", path_effects=halo(2.5), zorder=7,
        )  # fmt: skip
    dot(ax, 0, 0, color=color("text"), zorder=8)
    _letter(ax, "x", (1, 0.5), (-9, 0), axes.AXES)
    _letter(ax, "y", (0.5, 1), (0, -9), axes.AXES)


def _flow(ax: Axes, paths: np.ndarray) -> None:
    """Draw the descents, shape (line, step, 2), as far as they stay, a head on every other."""
    (low, high), _ = ax.get_xlim(), ax.get_ylim()
    reach = high * (1 + 1e-9)
    kept, heads = [], []
    beside = 0.78 * high  # heads of lines that only run in or out stand here, clear of the words
    size = 7 * (high - low) / WIDE
    for path in paths:
        outside = np.flatnonzero((np.abs(path) > reach).any(axis=1))
        path = path[: outside[0]] if len(outside) else path
        way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
        if len(path) < 2 or way[-1] < 0.25 * high:
            continue
        kept.append(path)
        if len(kept) % 2:  # an arrowhead on every line would be an ornament
            continue
        out = np.abs(path).max(axis=1)
        passes = np.diff(out)
        if (passes < 0).all() or (passes > 0).all():
            at = max(1, int(np.abs(out - beside).argmin()))
        else:
            at = int(np.searchsorted(way, 0.5 * way[-1]))
        forward = path[at] - path[at - 1]
        forward = forward / (np.linalg.norm(forward) + 1e-300)
        across = np.array([-forward[1], forward[0]])
        tip = path[at] + 0.5 * size * forward
        back = path[at] - 0.5 * size * forward
        heads.append([tip, back + 0.5 * size * across, back - 0.5 * size * across])
    hue = color("text")
    lines = LineCollection(kept, colors=hue, linewidths=px(0.9), alpha=0.6, zorder=3)
    lines.set_label("flow")
    ax.add_collection(lines)
    ax.add_collection(PolyCollection(heads, facecolors=hue, zorder=4))
