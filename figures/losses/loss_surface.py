"""A trained network's loss on a plane through the path of its training; its page has a random one.

The random plane has no training path, which would be a dot: two random directions among thousands
are as good as perpendicular to it.

Source  000, placeholder PLOT LOSS PROJECTED TO 3D SPACE; 004; Li et al. 2018, arXiv:1712.09913
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import beside
from figures.parts.canvas import NARROW, NARROW_MARGIN, TICK, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot, ring
from figures.parts.page import Packed, Page, Rounded
from figures.parts.space import Space
from figures.parts.table import Column, Table
from look.maps import beads
from look.numbers import fixed, number
from look.theme import color
from look.words import Visual, say

READS = {
    "loss_surface": "pca_loss (v, u), path_u (snapshot), path_v (snapshot), "
    "path_height (snapshot), path_loss (snapshot), u (u), v (v), snapshot (snapshot), "
    "most, most_step",
    "page: loss_surface": "random_loss (y, x), alpha (x), beta (y), "
    "explained_variance (component), stretch, "
    "random_centre_loss, widths, n_params, n_examples, dataset",
}

VISUAL = Visual(
    uses=["loss_surface"],
    aliases=["PLOT LOSS PROJECTED TO 3D SPACE"],
    title="{most:.0%} of the way down took {most_step} of {n_steps} steps",
    subtitle="Height: the loss of a network, over the two directions in which training moved its "
    "{n_params:,} weights and biases most. Small dots: every 20 steps.",
    alt="A large relief of the loss: the training path starts high up on it "
    "and comes down to the trained network, at {trained_loss:.2f}; a dot on it "
    "is step {most_step}, and small dots, the same number of steps apart, lie far apart on the "
    "slope and close together at its foot. A bar is as long as the whole way down, parted "
    "at the loss of step {most_step}.",
    caption="Loss on {n_examples:,} training examples ({dataset}), trained by gradient descent on "
    "mini-batches of {batch_size}, η = {lr:g}, for {n_steps:,} steps to {trained_loss:.2f}. The "
    "path’s two main directions hold {explained_variance:.0%} of "
    "its variance, so its heights on the plane are not quite its losses. Two directions out of "
    "{n_params:,}: a plane without bumps does not mean a loss without bumps, and a minimum on a "
    "plane need not be one.",
    words={
        "each": "20",  # steps from a bead on the path to the next, in figure and film
        "path": "Where does training spend its {n_steps} steps?\n"
        "Height: the loss, over the two directions in which training moved the weights most.",
        "rest of the path": "{most:.0%} of the way down is done: how long will the rest take?\n"
        "A bead on the path every {each} steps.",
        "end of the path": "The last {left:.0%} of the way took {n} of {n_steps} steps\n"
        "A bead on the path every {each} steps: they crowd together where it creeps.",
        "now": "step {step}",
        "begin": "start",
        "flag": "step {most_step}",
        "last": "trained",
        "most": "{most:.0%} in\n{most_step} steps",
        "rest": "the rest in\n{n} steps",
        "first": "first direction",
        "second": "second direction",
        "first, in short": "direction 1",
        "second, in short": "direction 2",
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

WIDE, TALL = 590.0, 440.0  # the view, CSS pixels
PHONE = 280.0  # height of the view on the narrow sheet
BAR, LONG = (566.0, 92.0), 270.0  # left and top of the bar of the whole way down; its length


def draw(recording: xr.Dataset) -> Figure:
    """Return the path's plane as a relief, and beside it the way down that its steps took."""
    fig = Canvas(TALL + 28, narrow=PHONE + 136)
    box, bar = (0.0, 8.0, WIDE, TALL), (*BAR, 16.0, LONG)
    if is_narrow():
        box = NARROW_MARGIN + 22, 16, NARROW - 2 * NARROW_MARGIN - 34, PHONE
        bar = NARROW_MARGIN, PHONE + 62, NARROW - 2 * NARROW_MARGIN, 16.0
    relief = fig.place(*box)

    path = recording.path_u.values, recording.path_v.values, recording.path_height.values
    space = _relief(relief, recording.u, recording.v, recording.pca_loss, path)
    most = int(np.argmax(recording.snapshot.values >= recording.attrs["most_step"]))
    places = ("begin", 0, (12, 12)), ("flag", most, (14, 2)), ("last", -1, (14, -16))
    for name, k, shift in places:
        point = space.project(*(line[k] for line in path))
        beside(relief, say(name), tuple(point), shift=shift, weight="semibold",
               path_effects=halo(2), zorder=7)  # fmt: skip
    flag = space.project(*(line[most] for line in path))
    each = int(say("each"))
    _, spots = beads(recording.snapshot.values, np.stack(path, axis=1), each)
    small = space.project(*spots.T)
    relief.plot(*small.T, linestyle="none", marker="o",
                markersize=px(6.5), color=color("vermillion"), markeredgewidth=px(1.25),
                markeredgecolor=color("background"), label="beads", zorder=5)  # fmt: skip
    dot(relief, *flag, color=color("text"), size=11, zorder=6, label="until here")
    _way(fig.place(*bar), recording, most)
    return fig


def _way(ax: Axes, recording: xr.Dataset, most: int) -> None:
    """Draw the whole way down as a bar, parted where most of it is done; level where narrow."""
    loss, level = recording.path_loss.values, is_narrow()
    start, flag, end = (float(loss[k]) for k in (0, most, -1))
    ax.axis("off")
    ax.set(xlim=(start, end) if level else (0, 1), ylim=(0, 1) if level else (end, start))
    steps = int(recording.snapshot[-1]) - int(recording.attrs["most_step"])
    for high, low, words, ink in (
        (start, flag, say("most"), "vermillion"),
        (flag, end, say("rest", n=steps), "muted"),
    ):
        (ax.axvspan if level else ax.axhspan)(low, high, color=color(ink), linewidth=0, label="way")
        middle = (high + low) / 2
        at, shift = ((middle, 0), (0, -10)) if level else ((1, middle), (10, 0))
        beside(ax, words, at, shift=shift, weight="semibold" if ink == "vermillion" else "normal",
               ha="center" if level else "left", va="top" if level else "center")  # fmt: skip
    for height in (start, flag, end):
        at, shift = ((height, 1), (0, 6)) if level else ((0, height), (-8, 0))
        ha = {start: "left", end: "right"}.get(height, "center") if level else "right"
        beside(ax, fixed(height, 2), at, shift=shift, ha=ha, va="bottom" if level else "center",
               color=color("muted"), fontsize=px(TICK), path_effects=halo(2))  # fmt: skip


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


def _relief(
    ax: Axes,
    x: xr.DataArray,
    y: xr.DataArray,
    height: xr.DataArray,
    path: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Space:
    """Draw a plane in three dimensions, turned so that the path comes down towards the viewer."""
    spans = [(float(side[0]), float(side[-1])) for side in (x, y)]
    every = max(1, round(max(height.shape) / 56))  # finer faces than this only weigh
    across, along = (
        (line[0] - line[-1]) / (high - low)
        for line, (low, high) in zip(path[:2], spans, strict=True)
    )
    azimuth = float(np.degrees(np.arctan2(along, across))) - 140
    top = float(height.max())
    space = Space(x=spans[0], y=spans[1], height=(0, top), azimuth=azimuth, tall=1.3)
    short = ", in short" if is_narrow() else ""
    sides = say(f"first{short}"), say(f"second{short}")
    space.frame(ax, MaxNLocator(4).tick_values(0, top)[:-1], "loss", sides)
    faces = x[::every], y[::every], height[::every, ::every]
    space.draw(ax, *faces, path=path, color=color("vermillion"))
    ring(ax, *space.project(*(line[0] for line in path)))
    dot(ax, *space.project(*(line[-1] for line in path)), color=color("vermillion"))
    return space
