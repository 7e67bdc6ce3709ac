"""One dense layer as matrices: the batch times the weights, plus the bias, and its non-linearity.

Source  002
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.networks import _units as units
from figures.parts.canvas import (
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    is_narrow,
    px,
    text_width,
    wrap,
)
from look.numbers import fixed, joined
from look.theme import color
from look.words import Visual, say

READS = {
    "layer_activation": "input (example, feature), weight (feature, unit), bias (unit), "
    "z (example, unit), activation (example, unit), label (example)",
}

VISUAL = Visual(
    uses=["layer_activation"],
    title="A layer is a product, a shift and a bend",
    subtitle="A row of X is a flower, its columns are length and width of sepal and petal. "
    "A column of W and b is a unit. Orange: above 0; blue: below. h is ReLU, which makes "
    "that 0.",
    alt="Five tables of cells in a line, shaded orange and blue: the inputs X of {n_examples} "
    "flowers times the weights W, plus the biases b, are the sums Z; an arrow leads to the "
    "activations A, in which all that was blue is 0.00. One row of X and one column of W "
    "are framed, with the numbers in them and the number of Z that they give; its sum is written "
    "out below, and that of a negative one, which becomes 0.",
    caption="The first layer of a network trained on {n_train} irises, with ReLU: A = h(XW + b). "
    "Inputs are lengths as standard deviations from the mean. ReLU sets {silent:.0%} of these sums "
    "to zero. Inputs and parameters are rounded to tenths. A tint is relative to the largest "
    "number of X, of W and b, or of Z and A.",
    words={
        "letter": "${letter}$",
        "plus": "$+$",
        "equals": "$=$",
        "times": "$\\times$",
        "product": "{x:(.1f)}\u00a0·\u00a0{w:(.1f)}",
        "sum": " =\u00a0{product:.2f}",
        "shifted": "{product:.2f} + {b:(.1f)} = {z:.2f}",
        "product name": "product: framed row × framed column",
        "shift": "shift: + b",
        "bend": "bend",
        "bent": "$h$({z:.2f}) = {a:.2f}",
        "flowers": "flowers",
    },
)

TOP = 36.0
SHIFT, BEND = 440.0, 586.0  # where the parts of a sum begin on the wide sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return the matrices in one line over two of their entries, written out."""
    n, features = recording.input.shape
    n_units = recording.sizes["unit"]
    room = (NARROW - 2 * NARROW_MARGIN) if is_narrow() else (WIDTH - 2 * MARGIN)
    columns = features + n_units + (0 if is_narrow() else 2 * n_units)
    signs = 1 if is_narrow() else 3  # between the matrices
    longer = 0.0 if is_narrow() else 5.0  # cells of Z and A: their numbers have two decimals
    room -= 2 * n_units * longer
    side = min(33.0, (room - 30 * signs) / columns)
    gap = min(28.0 if is_narrow() else 40.0, (room - side * columns) / signs)
    lowest = max(n - 1.0, features + 1.1)  # rows from the top of W to that of b, under it
    tall, line = side * max(n, features, lowest + 1), 44.0
    fig, ax = units.page(TOP + tall + 130, narrow=TOP + tall + side * n + line + 286)

    x, wide = NARROW_MARGIN if is_narrow() else MARGIN, side + longer
    w = x + side * features + gap
    b, b_top = w, TOP + side * lowest  # under the weights: a unit is one column
    z, z_top = w + side * n_units + gap, TOP
    if is_narrow():  # under X, W and b come Z and A
        z, z_top, wide = x + gap, TOP + tall + line, 34.0
    a = z + wide * n_units + gap
    middle = TOP + side * features / 2  # of W, where the signs stand
    down = side * (n if is_narrow() else features) / 2

    for name, note, left, top in [
        ("X", say("flowers"), x, TOP), ("W", "weights", w, TOP),
        ("b", "biases", b, b_top), ("Z", "sums", z, z_top),
        ("A", "activations", a, z_top),
    ]:  # fmt: skip
        _name(ax, name, note, left, top)
    for words, at, y in [
        (say("times"), w - gap / 2, middle), (say("plus"), b - gap / 2, b_top + side / 2),
        (say("equals"), z - gap / 2, z_top + down),
        (say("letter", letter="h"), a - gap / 2, z_top + down - 6),
    ]:  # fmt: skip
        ax.text(at, y, words, ha="center", va="center_baseline", fontsize=px(20), parse_math=True)
    h, below = a - gap / 2, z_top + down + 10
    ax.annotate(
        "", (h + 12, below), (h - 12, below),
        arrowprops={"arrowstyle": "-|>,head_width=0.2,head_length=0.35", "shrinkA": 0,
                    "shrinkB": 0, "color": color("muted"), "linewidth": px(1)},
    )  # fmt: skip

    two = _entries(recording)
    rows, across = [i for i, _ in two], [j for _, j in two]
    most = float(max(np.abs(recording.z).max(), 1e-12))
    parameters = float(np.abs(recording.weight).max()), float(np.abs(recording.bias).max())
    size = side, side
    _matrix(ax, recording.input.values, x, TOP, size, None, [(i, None) for i in rows])
    _matrix(ax, recording.weight.values, w, TOP, size, max(parameters), [(None, j) for j in across])
    _matrix(ax, recording.bias.values[None], b, b_top, size, max(parameters),
            [(None, j) for j in across])  # fmt: skip
    size = wide, side
    _matrix(ax, recording.z.values, z, z_top, size, most, two, decimals=2)
    _matrix(ax, recording.activation.values, a, z_top, size, most, two, decimals=2)
    _rest(ax, recording.activation.values, a, z_top, size, two)
    for k, (i, j) in enumerate(two):
        dashed = k == 1
        _frame(ax, x, TOP + side * i, side * features, side, dashed=dashed)
        _frame(ax, w + side * j, TOP, side, side * features, dashed=dashed)
        _frame(ax, b + side * j, b_top, side, side, dashed=dashed)
        for left in (z, a):
            _frame(ax, left + wide * j, z_top + side * i, wide, side, dashed=dashed)
    _written_out(ax, recording, two, z_top + tall + 44)
    return fig


def _entries(recording: xr.Dataset) -> list[tuple[int, int]]:
    """Return the two entries that are written out: the largest, the least of another species."""
    z, label = recording.z.values, recording.label.values
    high = np.unravel_index(int(z.argmax()), z.shape)
    other = label != label[high[0]]
    if not other.any():
        other[:] = True
    low = np.unravel_index(int(np.where(other[:, None], z, np.inf).argmin()), z.shape)
    return [(int(i), int(j)) for i, j in (high, low)]


def _matrix(
    ax: Axes,
    values: np.ndarray,
    left: float,
    top: float,
    size: tuple[float, float],
    most: float | None,
    told: Sequence[tuple[int | None, int | None]],
    *,
    decimals: int = 1,
) -> None:
    """Draw the cells; a number stands only in those that are `told`: a row, a column, a cell."""
    most = float(np.abs(values).max()) if most is None else most
    for (i, j), value in np.ndenumerate(values):
        shown = any(row in (None, i) and column in (None, j) for row, column in told)
        units.cell(ax, left + size[0] * j, top + size[1] * i, size[0], value, most,
                   decimals=decimals if shown else None, size=11.5, down=size[1])  # fmt: skip


def _rest(
    ax: Axes,
    values: np.ndarray,
    left: float,
    top: float,
    size: tuple[float, float],
    told: Sequence[tuple[int, int]],
) -> None:
    """Write the other activations too: else a pale cell could not be told from one that is 0."""
    for (i, j), value in np.ndenumerate(values):
        if (i, j) not in told:
            ax.text(left + size[0] * (j + 0.5), top + size[1] * (i + 0.5), fixed(value, 2),
                    ha="center",
                    va="center_baseline", fontsize=px(11.5))  # fmt: skip


def _name(ax: Axes, name: str, note: str, left: float, top: float) -> None:
    ax.text(left, top - 9, say("letter", letter=name), va="baseline", fontsize=px(18),
            parse_math=True)  # fmt: skip
    shift = text_width(name, 18) + 8
    ax.text(left + shift, top - 9, note, va="baseline", color=color("muted"))


def _frame(
    ax: Axes, left: float, top: float, width: float, height: float, *, dashed: bool = False
) -> None:
    ax.add_patch(
        Rectangle(
            (left, top),
            width,
            height,
            fill=False,
            edgecolor=color("text"),
            linewidth=px(2),
            linestyle=(0, (2, 1.4)) if dashed else "solid",
            zorder=3,
        )
    )


def _written_out(ax: Axes, recording: xr.Dataset, two: Sequence[tuple[int, int]], y: float) -> None:
    """Write products as they are added up, their shifts, and what the non-linearity makes of it."""
    style: dict[str, Any] = {"va": "baseline", "fontsize": px(15), "parse_math": True}
    muted = {"va": "baseline", "color": color("muted")}
    left = (NARROW_MARGIN if is_narrow() else MARGIN) + 24
    heads = [(left, say("product name")), (SHIFT, say("shift")), (BEND, say("bend"))]
    if is_narrow():
        heads = [(NARROW_MARGIN, say("product name"))]
    for at, words in heads:
        ax.text(at, y, words, **muted)
    for k, (i, j) in enumerate(two):
        x, w = recording.input.values[i], recording.weight.values[:, j]
        terms = [say("product", x=a, w=b) for a, b in zip(x, w, strict=True)]
        z, a, b = (float(each) for each in (
            recording.z[i, j], recording.activation[i, j], recording.bias[j]
        ))  # fmt: skip
        words = joined([joined(terms, " + "), say("sum", product=z - b)], "")
        shifted, bent = say("shifted", product=z - b, b=b, z=z), say("bent", z=z, a=a)
        y += 28
        _frame(ax, left - 24, y - 12, 14, 14, dashed=k == 1)
        if not is_narrow():
            for at, said in ((left, words), (SHIFT, shifted), (BEND, bent)):
                ax.text(at, y, said, weight="semibold" if said == bent else "normal", **style)
            continue
        for line in (*wrap(words, 15, NARROW - NARROW_MARGIN - left), shifted):
            ax.text(left, y, line, **style)
            y += 22
        ax.text(left, y, bent, weight="semibold", **style)
        y += 8
