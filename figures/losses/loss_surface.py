"""A trained network's loss on two planes through its parameters: random directions, and PCA.

The random plane shows the shape around the minimum. It has no training path, which would be a dot:
two random directions among thousands are as good as perpendicular to it. The PCA plane is laid
through the path itself.

Source  000, placeholder PLOT LOSS PROJECTED TO 3D SPACE; 004; Li et al. 2018, arXiv:1712.09913
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from figures.parts import marks
from figures.parts.axes import AXES, beside, heading, name_axes
from figures.parts.canvas import MARGIN, WIDTH, Canvas
from figures.parts.colors import halo
from figures.parts.contours import contours, round_levels
from figures.parts.marks import dot, ring
from figures.parts.page import Packed, Page, Rounded
from figures.parts.space import Space
from figures.parts.table import Column, Table
from look.numbers import number
from look.theme import color
from look.words import Visual, say

READS = {
    "loss_surface": "random_loss (y, x), pca_loss (v, u), path_u (snapshot), path_v (snapshot), "
    "path_height (snapshot), path_loss (snapshot), explained_variance (component), u (u), v (v), "
    "snapshot (snapshot), alpha (x), beta (y), most_step, random_centre_loss, "
    "stretch, stretched, trained_loss",
    "page: loss_surface": "widths, n_params, n_examples, dataset",
}

VISUAL = Visual(
    uses=["loss_surface"],
    aliases=["PLOT LOSS PROJECTED TO 3D SPACE"],
    title="Down the slope: {most:.0%} of the way took {most_step} of {n_steps} steps",
    subtitle="Loss on two planes through a trained network of {n_params:,} parameters (dot): "
    "one of two random directions, one of the two main ones of its training path (line).",
    alt="Two reliefs, each over its contour map. Left, on a plane of random directions, the loss "
    "rises from the trained network in the middle to the sides. Right, on the plane of the "
    "training path, the path starts high up and comes down to the trained network.",
    caption="Loss on {n_examples:,} training examples ({dataset}), trained by gradient descent on "
    "mini-batches of {batch_size}, η = {lr:g}, for {n_steps:,} steps to {trained_loss:.3f}. Random "
    "directions are normalised filter by filter (Li et al. 2018); the path is not drawn there, "
    "because it would be a dot. The path’s plane holds {explained_variance:.0%} of its variance, "
    "so its heights on the plane are not quite its losses. Two directions out of {n_params:,}: a "
    "plane without bumps does not mean a loss without bumps, and a minimum on a plane need not be "
    "one.",
    words={
        "random plane": "A trained network’s loss, in two random directions\n"
        "The dot is the network; height is the loss at other values of its {n_params:,} "
        "parameters.",
        "path": "How training came down to it\n"
        "The path’s two main directions, which hold {explained_variance:.0%} of its variance.",
        "end of the path": "{most:.0%} of the way down took {most_step} of {n_steps} steps\n"
        "The other steps bring the rest. Each step takes the same time here.",
        "end": "A slice of two directions out of {n_params:,}\n"
        "A wall here may have a way around it, a valley a way down, in directions not shown.",
        "variance": "{explained_variance:.0%} of its variance",
        "until here": "step {most_step}",
        "trained": "trained: {trained_loss:.3f}",
        "first": "first component, {share:.0%}",
        "second": "second component, {share:.0%}{stretched:?|, stretched {stretch:.1f} ×}",
        "second film": "second, {share:.0%}{stretched:?|, stretched {stretch:.1f} ×}",
        "at the start": "At the start: {here:.3f} here; the network’s real loss is {real:.3f}.",
        "nats": "{nats:g} in loss",
        "page": "What does a network’s loss look like?\nThe loss of a {widths} network over two "
        "directions of its {n_params:,} parameters. Turn it, read it, and follow the training "
        "down.",
        "page caption": "Loss on {n_examples:,} training examples ({dataset}). One plane is laid "
        "through the training’s own path and holds {explained_variance:.0%} of its variance, so a "
        "height on it is not quite the network’s loss. The other goes through the trained network "
        "in two random directions, normalised filter by filter; there the path would be a dot. A "
        "plane is two directions out of {n_params:,}: a wall on it may have a way around it.",
        "page plane": "Plane",
        "page pca": "through the training’s path",
        "page random": "two random directions",
        "page step": "Step",
        "page play": "Train",
        "page pause": "Pause",
        "page turn": "Turn",
        "page tilt": "Tilt",
        "page across": "First direction",
        "page along": "Second direction",
        "page read": "Read the loss at a point",
        "page view": "The loss as a landscape in three dimensions, with the network in training "
        "as a dot on it",
        "page without": "This browser draws nothing in three dimensions; the numbers are in the "
        "table below.",
        "page tick": "{value:g}",
        "page loss": "loss",
        "page height": "{loss:.2f}",
        "page trained": "trained: {trained_loss:.2f}",
        "page now": "Step {step} of {n}: {height:.3f} on this plane; the network’s real loss is "
        "{loss:.3f}.",
        "page middle": "In the middle is the trained network, with a loss of {trained_loss:.3f}.",
        "page at": "At ({first:.2f}, {second:.2f}) the loss is {loss:.3f}.",
        "page touch": "Touch the landscape to read its loss; drag it to turn it.",
        "page of": "{step} of {n}",
        "page degrees": "{angle}°",
        "page point": "{at:.2f}",
        "page first": "first component, {share:.0%}",
        "page second": "second component, {share:.0%}{stretched:?|, stretched {stretch:.1f} ×}",
        "page first random": "first random direction",
        "page second random": "second random direction",
        "page table": "The training, step by step",
        "page column": "step",
        "page plane column": "height on the plane",
        "page real column": "real loss",
    },
)

WIDE, RELIEF, MAP = 306.0, 268.0, 252.0  # a column, its view and the map under it, CSS pixels
LEFTS = (MARGIN, WIDTH - MARGIN - WIDE)
TICKS = 26.0  # room for the map's ticks


def draw(recording: xr.Dataset) -> Figure:
    """Return both planes, each as a relief over its map."""
    fig = Canvas(30 + RELIEF + 34 + MAP + 84, by_column=True)
    reliefs = [fig.place(left, 30, WIDE, RELIEF) for left in LEFTS]
    maps = [fig.place(x + TICKS, 64 + RELIEF, MAP, MAP) for x in LEFTS]
    _span(maps[0], recording.alpha, recording.beta)
    _span(maps[1], recording.u, recording.v)
    first, second = recording.explained_variance.values

    heading(reliefs[0], "random directions", lift=14)
    plane = recording.alpha, recording.beta, recording.random_loss
    sides = ("first", "second")
    _relief(reliefs[0], *plane, sides, end=(0, 0, recording.attrs["random_centre_loss"]))
    _note(maps[0], say("trained"), 0, 0)
    _map(maps[0], *plane, avoid=[[0, 0]])
    dot(maps[0], 0, 0, color=color("vermillion"))
    name_axes(maps[0], x="first direction", y="second direction")

    path = recording.path_u.values, recording.path_v.values, recording.path_height.values
    heading(reliefs[1], "directions of the path", say("variance"), lift=14)
    plane = recording.u, recording.v, recording.pca_loss
    space = _relief(reliefs[1], *plane, sides, end=[line[-1] for line in path], path=path)
    most = int(np.argmax(recording.snapshot.values >= recording.attrs["most_step"]))
    for ax, at in (
        (reliefs[1], space.project(*(line[most] for line in path))),
        (maps[1], (path[0][most], path[1][most])),
    ):
        dot(ax, *at, color=color("text"), size=10, zorder=6)
        beside(ax, say("until here"), tuple(at), shift=(11, 3), weight="semibold",
               path_effects=halo(1.5), zorder=7)  # fmt: skip
    here, real = path[2][0], float(recording.path_loss[0])
    _map(maps[1], *plane, avoid=np.stack(path[:2], axis=1))
    marks.path(maps[1], *path[:2], color=color("vermillion"), label="path")
    ring(maps[1], path[0][0], path[1][0])
    name_axes(maps[1], x=say("first", share=first), y=say("second", share=second))
    beside(
        maps[1],
        say("at the start", here=here, real=real),
        (1, 0),
        of=AXES,
        shift=(0, -68),
        ha="right",
        color=color("muted"),
    )
    return fig


def page(recording: xr.Dataset) -> Page:
    """Return both planes to turn and to read, and the training’s path on its own."""
    path = {name: recording[f"path_{name}"].values for name in ("u", "v", "height", "loss")}
    spans = [float(np.ptp(recording[side].values)) for side in ("u", "v")]
    across, along = ((path[k][0] - path[k][-1]) / span for k, span in zip("uv", spans, strict=True))
    first, second = recording.explained_variance.values.tolist()
    steps = recording.snapshot.values.tolist()

    def plane(height: str, x: str, y: str, names: list[str], shares: list[float]) -> dict[str, Any]:
        sides = {
            name: [float(recording[side][0]), float(recording[side][-1])]
            for name, side in (("x", x), ("y", y))
        }
        loss = Packed("losses on a plane", recording[height])
        return {"loss": loss, **sides, "names": names, "shares": shares}

    heads = [say(name) for name in ("page column", "page plane column", "page real column")]
    return Page(
        script="surface",
        height=900,
        title=say("page"),
        caption=say("page caption"),
        words=[
            name for name in VISUAL.words if name.startswith("page ") and name not in _BEFOREHAND
        ],
        data={
            "planes": {
                "pca": plane("pca_loss", "u", "v", ["page first", "page second"], [first, second]),
                "random": plane(
                    "random_loss", "alpha", "beta",
                    ["page first random", "page second random"], [0.0, 0.0],
                ),
            },
            "path": {name: Rounded("the path and its losses", path[name]) for name in path},
            "steps": steps,
            "centre": recording.attrs["random_centre_loss"],
            "stretch": recording.attrs["stretch"],
            "turn": round(float(np.degrees(np.arctan2(along, across))) - 140) % 360,
            "ink": "vermillion",
        },
        table=Table(
            [Column(heads[0]), *(Column(head, form=".3f") for head in heads[1:])],
            [
                [number(step), float(height), float(loss)]
                for step, height, loss in zip(steps, path["height"], path["loss"], strict=True)
            ],
        ),
        table_title=say("page table"),
    )  # fmt: skip


_BEFOREHAND = {"page caption", "page table", "page column", "page plane column",
               "page real column"}  # fmt: skip


def _span(ax: Axes, x: xr.DataArray, y: xr.DataArray) -> None:
    """Show just the plane: set before anything is written, for words look for their place."""
    ax.set(xlim=(float(x[0]), float(x[-1])), ylim=(float(y[0]), float(y[-1])))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))


def _note(ax: Axes, words: str, x: float, y: float) -> None:
    """Write beside a point, towards the side with more room."""
    side = "left" if x <= sum(ax.get_xlim()) / 2 else "right"
    away = 9 if side == "left" else -9
    beside(ax, words, (x, y), shift=(away, -4), ha=side, path_effects=halo(1.5))


def _relief(
    ax: Axes,
    x: xr.DataArray,
    y: xr.DataArray,
    height: xr.DataArray,
    sides: tuple[str, str],
    end: Sequence[float],
    path: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
) -> Space:
    """Draw a plane in three dimensions, turned so that a path comes down towards the viewer."""
    spans = [(float(side[0]), float(side[-1])) for side in (x, y)]
    every = max(1, round(max(height.shape) / 40))  # finer faces than this only weigh
    azimuth = 35.0
    if path is not None:
        across, along = (
            (line[0] - line[-1]) / (high - low)
            for line, (low, high) in zip(path[:2], spans, strict=True)
        )
        azimuth = float(np.degrees(np.arctan2(along, across))) - 140
    top = float(height.max())
    space = Space(x=spans[0], y=spans[1], height=(0, top), azimuth=azimuth, tall=1.5)
    space.frame(ax, MaxNLocator(4).tick_values(0, top)[:-1], "loss", sides)
    faces = x[::every], y[::every], height[::every, ::every]
    space.draw(ax, *faces, path=path, color=color("vermillion"))
    if path is not None:
        ring(ax, *space.project(*(line[0] for line in path)))
    dot(ax, *space.project(*end), color=color("vermillion"))
    return space


def _map(
    ax: Axes, x: xr.DataArray, y: xr.DataArray, height: xr.DataArray, avoid: ArrayLike
) -> None:
    contours(ax, x, y, height, at=round_levels(height), named=True, avoid=avoid)
