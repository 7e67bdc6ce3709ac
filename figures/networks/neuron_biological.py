"""A biological neuron over an artificial one, part by part. A drawing: it shows no data.

Reads   nothing
Source  004
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from figures.networks import _units as units
from figures.parts.canvas import is_narrow, px
from figures.parts.colors import mix
from figures.parts.marks import dot
from look.theme import color
from look.words import Visual, say

VISUAL = Visual(
    uses=[],
    title="A model neuron keeps four parts of a nerve cell",
    subtitle="What collects, weighs, sums and passes on: above in a cell, below in a network.",
    alt="Above, a nerve cell: dendrites branch to the left, with synapses on them where other "
    "cells touch; they meet in a round soma, from which a long axon runs to the right and ends in "
    "branches. Below, an artificial neuron: inputs on the left, edges with weights, a circle with "
    "a sum, a bias from below, an arrow to the output. Dendrites and inputs, synapses and weights, "
    "soma and sum, axon and output stand under each other in the same colours.",
    caption="A schematic drawing, not to scale and without data. The likeness is an old "
    "inspiration, not a model of the brain: a nerve cell fires spikes over time, while an "
    "artificial neuron gives one number, the activation h of its weighted sum. The bias b, for "
    "which no part stands above, makes it answer more or less readily.",
    words={
        "symbol": "${letter}_{i}$",
        "letter": "${letter}$",
        "sum": "$\\Sigma\\ |\\ h$",
        "bias": "bias: shifts the sum",
        "output": "$y=h(w\\cdot x+b)$",
    },
)

# Places are CSS pixels. Each part of the cell stands over its counterpart.
INPUT, WEIGHT, SUM, OUTPUT = 92.0, 232.0, 386.0, 574.0
CELL, BAND, MODEL = 118.0, 258.0, 398.0  # heights: of the soma, of the names, of the sum
SPREAD = 52.0  # between the model's inputs

# On the narrow sheet the cell is drawn half as large; the words are not, so they need more height.
HALF = 0.5
SLIM_BAND, SLIM_MODEL, SLIM_SPREAD = 168.0, 330.0, 46.0

Point = tuple[float, float]


def draw() -> Figure:
    """Return the two neurons with the names of their parts between them."""
    fig, ax = units.page(500, narrow=SLIM_MODEL + 106)
    height = fig.height - fig.head
    cell = fig.place(0, 0, fig.width, height)
    cell.set(xlim=(0, fig.width / _size()), ylim=(height / _size(), 0))
    cell.axis("off")
    _cell(cell)
    _model(ax)
    _names(ax)
    return fig


def _size() -> float:
    """Return how large the cell is drawn, and how far apart all parts stand."""
    return HALF if is_narrow() else 1.0


def _heights() -> tuple[float, float, float]:
    """Return the heights of the names and of the sum, and the space between two inputs."""
    return (SLIM_BAND, SLIM_MODEL, SLIM_SPREAD) if is_narrow() else (BAND, MODEL, SPREAD)


def _cell(ax: Axes) -> None:
    """Draw dendrites, synapses, axon and soma, what is farther back first."""
    c = CELL
    dendrite, red = color("green"), color("vermillion")
    # each: from the soma outwards, four points of a cubic curve; width at its start and its end
    dendrites: list[tuple[Sequence[Point], float, float]] = [
        ([(372, c - 16), (330, c - 50), (290, c - 40), (232, c - 58)], 17, 8),
        ([(232, c - 58), (190, c - 72), (150, c - 62), (92, c - 92)], 8, 2.2),
        ([(200, c - 67), (160, c - 58), (130, c - 52), (70, c - 56)], 5.5, 1.8),
        ([(268, c - 48), (240, c - 80), (210, c - 88), (176, c - 104)], 6, 1.8),
        ([(150, c - 72), (130, c - 88), (120, c - 96), (116, c - 108)], 3.4, 1.4),
        ([(368, c + 2), (320, c + 14), (290, c - 6), (232, c + 4)], 15, 8),
        ([(232, c + 4), (180, c + 14), (140, c - 10), (58, c - 8)], 8, 2),
        ([(196, c + 6), (160, c + 22), (120, c + 20), (66, c + 30)], 5, 1.8),
        ([(128, c - 4), (108, c - 18), (92, c - 26), (70, c - 28)], 3.4, 1.4),
        ([(374, c + 18), (340, c + 50), (290, c + 44), (232, c + 60)], 16, 8),
        ([(232, c + 60), (190, c + 74), (150, c + 62), (92, c + 84)], 8, 2.2),
        ([(204, c + 67), (170, c + 54), (130, c + 52), (78, c + 56)], 5, 1.8),
        ([(276, c + 50), (250, c + 78), (220, c + 84), (184, c + 98)], 6, 1.8),
        ([(380, c - 22), (382, c - 60), (396, c - 74), (392, c - 104)], 9, 2),
        ([(388, c - 58), (402, c - 80), (424, c - 84), (434, c - 100)], 4.5, 1.4),
        ([(384, c + 22), (380, c + 50), (364, c + 66), (352, c + 92)], 9, 2),
    ]
    axon = [(410.0, c), (470.0, c + 18), (540.0, c - 26), (628.0, c - 2)]
    ends: list[Sequence[Point]] = [
        [(628, c - 2), (648, c + 2), (658, c - 30), (684, c - 44)],
        [(628, c - 2), (650, c - 4), (664, c - 10), (690, c - 12)],
        [(628, c - 2), (648, c - 2), (662, c + 22), (688, c + 22)],
        [(628, c - 2), (642, c + 6), (650, c + 40), (672, c + 52)],
    ]
    for curve, start, end in dendrites:
        _limb(ax, curve, start, end, dendrite)
    for curve in ends:
        _limb(ax, curve, 5, 2.2, red)
        dot(ax, *curve[-1], color=red, size=10 * _size())
    _limb(ax, [(392, c), (420, c), (430, c + 8), (446, c + 6)], 26, 6, red)  # the hillock
    _limb(ax, axon, 6, 5, red)
    _myelin(ax, axon)
    _soma(ax, 386, c)
    style = {"arrowstyle": "-|>", "color": color("muted"), "linewidth": px(1.75)}
    left, right = (462, 690) if is_narrow() else (470, 600)  # as long as its words
    ax.annotate("", (right, c - 62), (left, c - 62),
                arrowprops={**style, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    ax.text(left, c - 72, "the signal’s way", color=color("muted"), va="baseline")
    for (x, y), (dx, dy) in [
        ((232, c - 64), (-6, -46)),
        ((232, c - 1), (-30, -24)),
        ((228, c + 66), (-40, 30)),
        ((118, c - 90), (-34, -16)),
        ((104, c + 26), (-40, 14)),
        ((300, c - 55), (12, -42)),
        ((312, c + 54), (14, 40)),
    ]:
        _synapse(ax, (x, y), (dx, dy))


def _bezier(points: Sequence[Point], n: int = 48) -> np.ndarray:
    """Return points on a cubic curve, shape (n, 2)."""
    t = np.linspace(0, 1, n)[:, None]
    a, b, c, d = np.asarray(points, dtype=float)
    return (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d


def _limb(ax: Axes, points: Sequence[Point], start: float, end: float, hue: str) -> None:
    """Draw a curve that grows thinner, round at its end."""
    middle = _bezier(points)
    along = np.gradient(middle, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    # thick at the root for a short way, as branches are
    t = np.linspace(0, 1, len(middle))[:, None]
    half = (end + (start - end) * (1 - t) ** 1.6) / 2
    turn = np.linspace(0, np.pi, 9)[1:-1]
    side, ahead = across[-1], along[-1] / np.linalg.norm(along[-1])
    cap = middle[-1] + end / 2 * (np.outer(np.cos(turn), side) + np.outer(np.sin(turn), ahead))
    outline = np.concatenate([middle + half * across, cap, (middle - half * across)[::-1]])
    ax.add_patch(Polygon(outline, closed=True, facecolor=hue, edgecolor="none", zorder=2))


def _myelin(ax: Axes, axon: Sequence[Point]) -> None:
    """Wrap the axon in sheaths with bare places between them."""
    curve = _bezier(axon, 400)
    soft = mix("background", "vermillion", 0.45)
    for first in range(88, 340, 60):
        part = curve[first : first + 22]
        ax.plot(*part.T, color=color("vermillion"), linewidth=px(17 * _size()), zorder=3)
        ax.plot(*part.T, color=soft, linewidth=px(17 * _size() - 3), zorder=3.1)


def _soma(ax: Axes, x: float, y: float) -> None:
    """Draw the cell's body, a little irregular, with its nucleus."""
    turn = np.linspace(0, 2 * np.pi, 181)
    radius = 34 + 2.6 * np.cos(3 * turn + 0.5) + 1.8 * np.sin(5 * turn) + 1.2 * np.cos(2 * turn)
    body = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1)
    ax.add_patch(
        Polygon(
            body, closed=True, zorder=4, linewidth=px(2), edgecolor=color("purple"),
            facecolor=mix("background", "purple", 0.5),
        )
    )  # fmt: skip
    dot(
        ax, x + 3, y + 2, color=color("purple"), size=27 * _size(), zorder=5, markeredgewidth=0,
        markerfacecolor=mix("background", "purple", 0.75),
    )  # fmt: skip


def _synapse(ax: Axes, at: Point, away: Point) -> None:
    """Draw the end of another cell's axon on a dendrite."""
    (x, y), (dx, dy) = at, away
    curve = _bezier([(x, y), (x + 0.2 * dx, y + 0.5 * dy), (x + 0.8 * dx, y + 0.6 * dy),
                     (x + dx, y + dy)])  # fmt: skip
    ax.plot(*curve.T, color=color("muted"), linewidth=px(1.75 * _size()), zorder=2.5)
    dot(ax, x, y, color=color("yellow"), size=12 * _size() ** 0.5, zorder=4)


def _model(ax: Axes) -> None:
    """Draw the artificial neuron."""
    size = _size()
    _, middle, spread = _heights()
    input_, weight, sum_, output = (size * x for x in (INPUT, WEIGHT, SUM, OUTPUT))
    heights = [middle + spread * (i - 1) for i in range(3)]
    green, yellow, red = (color(name) for name in ("green", "yellow", "vermillion"))
    for i, y in enumerate(heights, 1):
        ax.plot([input_, sum_], [y, middle], color=color("muted"), linewidth=px(2), zorder=1)
        share = (weight - input_) / (sum_ - input_)
        at = y + share * (middle - y)
        dot(ax, weight, at, color=yellow, size=12)
        # where the lines leave room: the second on the side on which they part
        side, up, where = [(12, -9, "left"), (-10, -8, "right"), (12, 21, "left")][i - 1]
        ax.text(weight + side * size, at + up, _symbol("w", i), va="baseline", ha=where,
                fontsize=px(17), parse_math=True)  # fmt: skip
        _disc(ax, input_, y, green, _symbol("x", i), 36)
    bias = middle + 64
    radius = 33 * size**0.3
    ax.annotate(
        "", (sum_, middle + radius), (sum_, bias), zorder=1,
        arrowprops={"arrowstyle": "-|>,head_width=0.25,head_length=0.4", "color": color("muted"),
                    "linewidth": px(2), "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    maths = {"va": "baseline", "fontsize": px(17), "parse_math": True}
    ax.text(sum_, bias + 17, say("letter", letter="b"), ha="center", **maths)
    ax.text(sum_ + 14, bias + 16, say("bias"), va="baseline", color=color("muted"))
    ax.annotate(
        "", (output + 62 * size, middle), (sum_, middle), zorder=1,
        arrowprops={"arrowstyle": "-|>,head_width=0.35,head_length=0.6", "color": red,
                    "linewidth": px(3), "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    purple = color("purple")
    _disc(ax, sum_, middle, purple, say("sum"), 2 * radius, fill=mix("background", "purple", 0.5))
    ax.text(output + 72 * size, middle + 4, say("letter", letter="y"), **maths)
    ax.text(output, middle + 28, say("output"), ha="center", **maths)


def _disc(
    ax: Axes, x: float, y: float, hue: str, text: str, size: float, fill: object = None
) -> None:
    dot(
        ax, x, y, color=hue, size=size, markeredgecolor=hue, markeredgewidth=px(2), zorder=3,
        markerfacecolor=color("background") if fill is None else fill,
    )  # fmt: skip
    style = {"va": "center_baseline", "zorder": 7, "fontsize": px(17), "parse_math": True}
    ax.text(x, y, text, ha="center", **style)


def _symbol(letter: str, i: int) -> str:
    return say("symbol", letter=letter, i=i)


def _names(ax: Axes) -> None:
    """Write each pair of names between the two, with a line to what they mean."""
    size = _size()
    band, middle, spread = _heights()
    third = spread * (1 - (WEIGHT - INPUT) / (SUM - INPUT))  # how far below its middle
    parts = [
        (INPUT, "dendrites", "inputs", "green", CELL + 92, spread + 22),
        (WEIGHT, "synapses", "weights", "yellow", CELL + 74, -third),
        (SUM, "soma", "sum, activation", "purple", CELL + 40, 38),
        (OUTPUT, "axon", "output", "vermillion", CELL + 6, 2),
    ]
    for x, grown, calculated, hue, top, above in parts:
        line = {"color": color(hue), "linewidth": px(1.5), "zorder": 1.2}
        lines = calculated.replace(", ", ",\n") if is_narrow() else calculated
        at, below = size * x, band + 36 + 17 * lines.count("\n")
        ax.plot([at, at], [size * top, band - 20], **line)
        ax.plot([at, at], [below, middle - above], **line)
        ax.text(at, band, grown, ha="center", va="baseline", weight="semibold")
        ax.text(at, band + 10, lines, ha="center", va="top", color=color("muted"))
