"""The graph that PyTorch built behind a loss, read from its own nodes.

Source  002, computation graph; there drawn by torchviz, which needs graphviz
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from figures.networks._units import box, page
from figures.parts.canvas import MARGIN, TICK, WIDTH, px
from figures.parts.colors import halo, mix
from look.theme import color
from look.words import Visual, say

READS = {
    "computation_graph": "name (v), plain (v), is_leaf (v), turn (v), shape (v), gradient (v), "
    "stops (v), depth (v), lane (v), source (component), route_depth (component, position), "
    "route_lane (component, position), loss",
}

VISUAL = Visual(
    uses=["computation_graph"],
    title="PyTorch keeps a graph of what it did, and walks it back",
    subtitle="The {n_nodes} nodes behind the squared error of one neuron with two inputs. Forward, "
    "each operation leaves a node behind; backward, gradients pass them in the order of the "
    "numbers, and end at the parameters.",
    alt="Boxes joined by arrows from the loss at the bottom up to the parameters: squared error, "
    "product + bias, and from there to the bias, and by way of a transpose to the weight. Beside "
    "each arrow stands the shape of the gradient that passes, at the parameters the gradients.",
    caption="Nodes, names and order as PyTorch has them (grad_fn and next_functions), for "
    "{n_train:,} examples of y = 2x₁ + x₂ + 1. Inputs and targets need no gradient, so the graph "
    "ends before them. The gradients agree with 2(ŷ − y)/n by hand. Making them changes no weight: "
    "that is the optimizer’s step.",
    words={
        "turn": "{number}",
        "passes": "shape {shape}",
        "grad": "grad: {numbers}",
        "ends": "{n:?no input|1 input|{n} inputs} without gradient",
        "loss": "loss = {loss:.3g}",
        "forward": "On the way forward, every operation leaves a node\n"
        "Nothing is differentiated yet: PyTorch only writes down what it did.",
        "backward": "loss.backward() walks the same graph back\n"
        "Each node turns the gradient that comes into those of what it was made from.",
        "end": "At the parameters the gradients stay\n"
        "No weight has changed yet: that is the optimizer’s step.",
    },
)

WIDE, HIGH, ROW = 176.0, 52.0, 92.0  # of a box, and from row to row, CSS pixels
TOP = 62.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph, parameters above, the loss below, and the gradients on their way up."""
    rows = int(recording.depth.max())
    fig, ax = page(TOP + rows * ROW + 68)
    lanes = max(float(recording.lane.max()), float(recording.route_lane.max()))
    pitch = min(WIDE + 70, (WIDTH - 2 * MARGIN - WIDE) / max(lanes, 1e-9))

    def place(depth: np.ndarray, lane: np.ndarray) -> np.ndarray:
        across = WIDTH / 2 + (np.asarray(lane) - lanes / 2) * pitch
        return np.stack([across, TOP + np.asarray(depth) * ROW], axis=-1)

    places = place(recording.depth.values, recording.lane.values)
    routes = place(recording.route_depth.values, recording.route_lane.values)
    wide = min(WIDE, pitch - 14) if lanes else WIDE
    for k, route in enumerate(routes):
        _edge(ax, recording, int(recording.source.values[k]), route)
    for i, (x, y) in enumerate(places.tolist()):
        _node(ax, recording, i, x, y, wide)
    x, y = places[-1]
    ax.text(x, y + HIGH / 2 + 26, say("loss", loss=recording.attrs["loss"]), ha="center",
            va="baseline", weight="semibold", fontsize=px(16))  # fmt: skip
    return fig


def _edge(ax: Axes, recording: xr.Dataset, source: int, route: np.ndarray) -> None:
    """Draw the way of a gradient from a node up to one that it was made from."""
    way = [point for i, point in enumerate(route) if i == 0 or any(point != route[i - 1])][::-1]
    start, end = np.array(way[0]), np.array(way[-1])
    start, end = start - np.array([0, HIGH / 2]), end + np.array([0, HIGH / 2 + 3])
    bends = [start, *way[1:-1], end]
    for one, other in pairwise(bends[:-1]):
        ax.plot(*np.transpose([one, other]), color=color("muted"), linewidth=px(1.8), zorder=1)
    ax.add_patch(
        FancyArrowPatch(
            tuple(bends[-2]), tuple(bends[-1]), arrowstyle="-|>", mutation_scale=13, shrinkA=0,
            shrinkB=0, color=color("muted"), linewidth=px(1.8), zorder=1,
        )
    )  # fmt: skip
    leans = abs(bends[-1][0] - bends[-2][0]) > 30
    x, y = bends[-2] + (0.65 if leans else 0.5) * (np.array(bends[-1]) - bends[-2])
    y += 5 if leans else 0  # under the line, and off the box
    side = 1 if end[0] >= start[0] else -1
    ax.text(
        x + 12 * side, y + 5, say("passes", shape=str(recording["shape"].values[source])),
        ha="left" if side > 0 else "right", va="baseline", fontsize=px(TICK),
        color=color("muted"), path_effects=halo(3),
    )  # fmt: skip


def _node(ax: Axes, recording: xr.Dataset, i: int, x: float, y: float, wide: float) -> None:
    leaf = bool(recording.is_leaf.values[i])
    box(
        ax, x - wide / 2, y - HIGH / 2, x + wide / 2, y + HIGH / 2,
        round=HIGH / 2 if leaf else 10, zorder=2,
        facecolor=mix("background", "text" if leaf else "quiet", 0.09 if leaf else 0.5),
    )  # fmt: skip
    style = {"ha": "center", "va": "baseline", "zorder": 3}
    ax.text(x, y - 3, str(recording.plain.values[i]), weight="semibold", fontsize=px(15), **style)
    ax.text(x, y + 16, str(recording.name.values[i]), fontsize=px(TICK), color=color("muted"),
            **style)  # fmt: skip
    ax.text(x - wide / 2 - 9, y + 5, say("turn", number=int(recording.turn.values[i]) + 1),
            ha="right", va="baseline", weight="semibold", fontsize=px(16))  # fmt: skip
    numbers = str(recording.gradient.values[i])
    if leaf and numbers:
        ax.text(x, y - HIGH / 2 - 10, say("grad", numbers=numbers), fontsize=px(15), **style)
    stops = int(recording.stops.values[i])
    if stops:
        ax.plot([x + wide / 2, x + wide / 2 + 28], [y, y], color=color("muted"),
                linewidth=px(1.5), linestyle=(0, (3, 2)), zorder=1)  # fmt: skip
        ax.text(x + wide / 2 + 35, y + 5, say("ends", n=stops), va="baseline",
                fontsize=px(TICK), color=color("muted"))  # fmt: skip
