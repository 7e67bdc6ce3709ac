"""The graph that PyTorch built behind a loss, read from its own nodes.

Source  002, computation graph; there drawn by torchviz, which needs graphviz
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle

from figures.networks._units import box, page
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    formula_box,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import mix
from look.numbers import joined
from look.theme import color
from look.traces import came, forward, handed, passed
from look.words import Visual, say

READS = {
    "computation_graph": "name (v), plain (v), is_leaf (v), turn (v), shape (v), gradient (v), "
    "depth (v), lane (v), source (component), target (component), "
    "route_depth (component, position), route_lane (component, position), loss",
}

VISUAL = Visual(
    uses=["computation_graph"],
    title="PyTorch notes every operation, then walks its notes back",
    subtitle="A note says how a gradient passes back; g is the one that arrives in a box. "
    "loss.backward() reads the notes from 1, the loss, to {n_nodes}. Grey: PyTorch’s own names.",
    alt="Boxes joined by arrows: from the loss, squared error, a thick arrow leads back to product "
    "+ bias, and from there to the bias, and by way of a transpose to the weight. The boxes are "
    "numbered in this order. In each stands the gradient that came to it, on each arrow how the "
    "next is made from it, on a slip of paper; by the parameters stand their gradients, coloured "
    "by their signs.",
    caption="Nodes, names and order as PyTorch has them (grad_fn and next_functions), for "
    "n = {n_train:,} examples x of y = 2x₁ + x₂ + 1: so g₂ is {n_train:,} × 1 "
    "numbers, and g₁ = 1, as the loss changes with itself at a rate of 1. Inputs and targets need "
    "no gradient, so the graph ends before them. The gradients agree with 2(ŷ − y)/n by hand. "
    "Making them changes no weight: that is the optimizer’s step.",
    words={
        "turn": "{number}",
        "passes": "{n:,} values",
        "grad": "{name}.grad",
        "begin": "it begins here",
        "gives": "{rule} = {number}",
        "gradient": "grad",
        "loss": "loss = {loss:.3g}",
        "seed": "1",
        "forward": "How can PyTorch know a derivative? It keeps notes\n"
        "On the way forward, each operation notes how a gradient will pass back through it.",
        "backward": "loss.backward() reads the notes, last one first\n"
        "g is the gradient that arrives in a box; the note at its arrow makes the next from it.",
        "end": "One walk back: each parameter has its gradient\n"
        "{below:?{above:?All are 0: no small change would matter|All are above 0: lower any of "
        "them a little, and the loss falls}|{above:?All are below 0: raise any of them a little, "
        "and the loss falls|Below 0 (blue): raise it a little, and the loss falls; above 0, lower "
        "it}}.",
    },
)

COLUMNS = 4  # that stand side by side on the wide sheet; more run from top to bottom
WIDE, HIGH, LEAF = 108.0, 84.0, 62.0  # of a box, and how high a parameter's is; CSS pixels
FORMULA = 44.0  # the line of what was computed
ENDS = 100.0  # from the outermost boxes' middles to the sheet's edges, for gradients and loss
LANE = 140.0  # from lane to lane, side by side
ROW = 140.0  # from row to row, one under the other
CELL = (76.0, 42.0)  # of a number of a gradient


@dataclass(frozen=True)
class Graph:
    """Where boxes stand, and the ways back from each to what it was made from; CSS pixels."""

    ax: Axes
    places: np.ndarray  # (v, 2)
    ways: list[np.ndarray]  # by component, from the edge of one box to that of the other
    level: bool  # from left to right, or from top to bottom
    wide: float


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph, parameters first, the loss last, and the gradients on their way back."""
    fig, graph = _graph(recording)
    for edge, way in enumerate(graph.ways):
        _edge(graph, _rule(recording, edge), way)
    for i in range(len(graph.places)):
        _node(graph, recording, i)
    said = forward(recording)
    if said:
        left = NARROW_MARGIN if is_narrow() else MARGIN
        graph.ax.text(left, 18, joined([f"${said}$"]), va="baseline", parse_math=True,
                      fontsize=px(16 if is_narrow() else 20), gid="formula")  # fmt: skip
    x, y = graph.places[-1]
    style = {"ha": "center", "va": "baseline"}
    graph.ax.text(x, y + HIGH / 2 + 28, say("loss", loss=recording.attrs["loss"]),
                  weight="semibold", fontsize=px(20), **style)  # fmt: skip
    graph.ax.text(x, y + HIGH / 2 + 48, say("begin"), color=color("muted"), **style)
    return fig


def _graph(recording: xr.Dataset) -> tuple[Figure, Graph]:
    columns = max(1, int(recording.depth.max()))
    lanes = max(float(recording.lane.max()), float(recording.route_lane.max()))
    level = columns < COLUMNS and not is_narrow()
    top = ENDS + (FORMULA if forward(recording) else 0)
    upright = top + columns * ROW + ENDS
    fig, ax = page(top + lanes * LANE + ENDS + 18 if level else upright, narrow=upright)
    edge, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    # where a row is crowded, boxes shrink
    room = sheet - 2 * edge
    wide = WIDE if level else min(WIDE, (room - 18 * lanes) / (lanes + 1))
    pitch = (room - wide) / columns if level else min(wide + 70, (room - wide) / max(lanes, 1))

    def at(depth: np.ndarray, lane: np.ndarray) -> np.ndarray:
        depth, lane = np.asarray(depth), np.asarray(lane)
        if level:
            return np.stack([edge + wide / 2 + depth * pitch, top + lane * LANE], axis=-1)
        return np.stack([sheet / 2 + (lane - lanes / 2) * pitch, top + depth * ROW], axis=-1)

    places = at(recording.depth.values, recording.lane.values)
    routes = at(recording.route_depth.values, recording.route_lane.values)
    leaf = recording.is_leaf.values
    ways = []
    for route, source in zip(routes, recording.source.values, strict=True):
        half, far = (np.array([wide / 2, 0.0] if level else [0.0, high / 2])
                     for high in (HIGH, LEAF if leaf[source] else HIGH))  # fmt: skip
        back = [p for i, p in enumerate(route) if i == 0 or any(p != route[i - 1])][::-1]
        # where several leave a box, each on the side to which it goes
        lean = np.clip(back[1] - back[0], -14, 14) * ([0, 1] if level else [1, 0])
        start = back[0] - half + lean
        ways.append(np.array([start, *back[1:-1], back[-1] + far * (1 + 4 / max(far))]))
    return fig, Graph(ax, places, ways, level, wide)


def _rule(recording: xr.Dataset, edge: int) -> str:
    """Return how what passes an edge is made; what it gives too, where a sum ends in one number."""
    rule, to = handed(recording, edge), int(recording.source.values[edge])
    number = str(recording.gradient.values[to])
    one = recording.is_leaf.values[to] and number and "," not in number
    return say("gives", rule=rule, number=number) if rule and one and not is_narrow() else rule


def _edge(graph: Graph, rule: str, way: np.ndarray) -> None:
    """Draw the way of a gradient from a node back to one that it was made from."""
    ink = color("text")
    for one, other in pairwise(way[:-1]):
        graph.ax.plot(*np.transpose([one, other]), color=ink, linewidth=px(3), zorder=1)
    graph.ax.add_patch(
        FancyArrowPatch(
            tuple(way[-2]), tuple(way[-1]), arrowstyle="-|>", mutation_scale=18, shrinkA=0,
            shrinkB=0, color=ink, linewidth=px(3), zorder=1,
        )
    )  # fmt: skip
    if not rule:
        return
    x, y = (way[-1] + way[-2]) / 2
    turn = way[-1] - way[-2]
    if graph.level and abs(turn[1]) > 20:  # both on the side where the line leaves room
        x, y, side = x + 16, y + 26 if turn[1] > 0 else y - 14, "left"
    elif graph.level:
        y, side = y + 26, "center"
    else:
        away = 18 + 0.25 * abs(turn[0])  # further from a line that leans
        right = turn[0] >= 0
        x, y, side = x + (away if right else -away), y + 6, "left" if right else "right"
    said = joined([f"${rule}$"])
    _slip(graph.ax, said, x, y, side)
    graph.ax.text(x, y, said, fontsize=px(16), parse_math=True, ha=side, va="baseline",
                  zorder=3)  # fmt: skip


def _slip(ax: Axes, text: str, x: float, y: float, side: str) -> None:
    """Draw the paper under a note, a corner of it folded."""
    wide, up, down = formula_box(text, 16)
    left = x - {"left": 0.0, "center": wide / 2, "right": wide}[side] - 6
    right, top, bottom = left + wide + 12, y - max(up, 12) - 5, y + max(down, 4) + 4
    fold, ink = 7.0, "yellow"
    sheet = [(left, top), (right - fold, top), (right, top + fold), (right, bottom), (left, bottom)]
    corner = [(right - fold, top), (right - fold, top + fold), (right, top + fold)]
    for shape, share in ((sheet, 0.2), (corner, 0.5)):
        ax.add_patch(Polygon(shape, facecolor=mix("background", ink, share), linewidth=px(1),
                             edgecolor=mix("background", ink, 0.7), zorder=2.5,
                             label="slip" if shape is sheet else "fold"))  # fmt: skip


def _node(graph: Graph, recording: xr.Dataset, i: int) -> None:
    ax, (x, y), wide = graph.ax, graph.places[i], graph.wide
    leaf = bool(recording.is_leaf.values[i])
    high = LEAF if leaf else HIGH
    box(
        ax, x - wide / 2, y - high / 2, x + wide / 2, y + high / 2,
        round=high / 2 if leaf else 10, zorder=2,
        facecolor=mix("background", "text" if leaf else "quiet", 0.09 if leaf else 0.5),
    )  # fmt: skip
    style = {"ha": "center", "va": "baseline", "zorder": 3}
    plain, name = str(recording.plain.values[i]), str(recording.name.values[i])
    lift = 0 if leaf else 12  # what came stands under the names
    for text, baseline, most, look in (
        (plain, y - 3 - lift, 17.0, {"weight": "semibold"}),
        (name, y + 18 - lift, TICK, {"color": color("muted")}),
    ):
        size = _fitting(text, most, wide - 20)
        ax.text(x, baseline, text, fontsize=px(size), **look, **style)
    if lift:
        _came(graph, recording, i, y + 18 + lift)
    # at the corner that no arrow's words come near
    at = (x + (wide / 2 - 4) * (1 if graph.level else -1), y - high / 2 + 2)
    ax.add_patch(Circle(at, 12, facecolor=color("text"), edgecolor="none", zorder=4))
    ax.text(*at, say("turn", number=int(recording.turn.values[i]) + 1), ha="center",
            va="center_baseline", color=color("background"), weight="semibold",
            fontsize=px(15), zorder=5)  # fmt: skip
    numbers = str(recording.gradient.values[i])
    if leaf and numbers:
        below = graph.level and y > graph.places[:, 1].mean()
        _gradient(graph, x, y + high / 2 + 22 if below else y - high / 2 - 16 - CELL[1], plain,
                  numbers.split(", "))  # fmt: skip


def _came(graph: Graph, recording: xr.Dataset, i: int, y: float) -> None:
    """Write into a box what came to it: g with its number, and its numbers or how many."""
    name, numbers = joined([f"${passed(recording, i)}$"]), came(recording, i)
    size, gap = _fitting(numbers, TICK, graph.wide - 44), 7.0
    wide = formula_box(name, 15)[0]
    left = graph.places[i, 0] - (wide + gap + text_width(numbers, size)) / 2
    style = {"va": "baseline", "zorder": 3}
    graph.ax.text(left, y, name, fontsize=px(15), parse_math=True, **style)
    graph.ax.text(left + wide + gap, y, numbers, fontsize=px(size), **style)


def _gradient(graph: Graph, x: float, top: float, name: str, numbers: list[str]) -> None:
    """Draw a parameter's gradient: its numbers in cells, orange above 0 and blue below."""
    said = say("grad", name=name)
    wide = text_width(said, LABEL, "semibold") + 8
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    long = wide + len(numbers) * CELL[0]
    left = min(max(x - long / 2, margin), sheet - margin - long + 3)
    style = {"va": "center_baseline", "weight": "semibold", "zorder": 3}
    graph.ax.text(left, top + CELL[1] / 2, said, **style)
    for k, number in enumerate(numbers):
        at = left + wide + k * CELL[0]
        sign = "quiet" if set(number) <= set("0.,") else "negative" if "−" in number else "positive"
        graph.ax.add_patch(
            Rectangle((at, top), CELL[0] - 3, CELL[1], facecolor=mix("background", sign, 0.45),
                      edgecolor="none", label=name)
        )  # fmt: skip
        graph.ax.text(at + CELL[0] / 2 - 1.5, top + CELL[1] / 2, number, ha="center",
                      fontsize=px(_fitting(number, 24, CELL[0] - 10)), **style)  # fmt: skip


def _fitting(text: str, most: float, room: float) -> float:
    """Return the size of type, from `most` down to the smallest, at which a text fits."""
    return max(11.0, min(most, most * room / text_width(text, most, "semibold")))
