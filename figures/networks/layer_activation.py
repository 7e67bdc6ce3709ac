"""One dense layer as matrices: the batch times the weights, plus the bias, and its non-linearity.

Source  002
"""

from __future__ import annotations

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
from look.numbers import joined
from look.theme import color
from look.words import Visual, say

READS = {
    "layer_activation": "input (example, feature), weight (feature, unit), bias (unit), "
    "z (example, unit), activation (example, unit)",
}

VISUAL = Visual(
    uses=["layer_activation"],
    title="A layer is a product, a shift and a bend",
    subtitle="A batch of {n_examples} flowers, one a row, through a trained layer of {n_units} "
    "units, one a column of W. Orange is positive, blue negative; h is ReLU.",
    alt="Four tables of numbers, one after the other, shaded orange and blue: the batch X with "
    "{n_features} inputs a flower, the weights W with the biases b under them, the sums Z, and the "
    "activations A, in which all that was negative is zero. One row of X and one column of W are "
    "framed, with the number of Z that they give; its sum is written out below, and that of a "
    "negative one.",
    caption="The first layer of a network trained on {n_train} irises, with ReLU: A = h(XW + b). "
    "Inputs are lengths as standard deviations from the mean. ReLU sets {silent:.0%} of these sums "
    "to zero. Inputs and parameters are rounded to tenths; Z and A are printed to one decimal, "
    "the two sums below in full.",
    words={
        "letter": "${letter}$",
        "plus bias": "$+\\;b$",
        "equals": "$=$",
        "times": "$\\times$",
        "product": "{x:(.1f)} · {w:(.1f)}",
        "sum": " = {product:.2f}",
        "shifted": "{product:.2f} + {b:(.1f)} = {z:.2f}",
        "place": "{which}: row {row} of X, column {column} of W",
        "shift": "shift",
        "bend": "bend",
        "bent": "$h$({z:.2f}) = {a:.2f}",
    },
)

CELL, TOP = 26.0, 34.0
SHIFT, BEND = 440.0, 586.0  # where the parts of a sum begin on the wide sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return the matrices over two of their entries, written out."""
    n, features = recording.input.shape
    n_units = recording.sizes["unit"]
    tall = CELL * max(n, features + 1.6)
    step = tall + 44  # to the second row of the narrow sheet
    fig, ax = units.page(TOP + tall + 176, narrow=TOP + step + 2 * CELL * n + 280)
    wide = CELL * (features + 3 * n_units)
    gap = (WIDTH - 2 * MARGIN - wide) / 3
    x, down = MARGIN, 0.0
    if is_narrow():  # under X and W comes Z, and under that A
        gap, x, down = 48.0, NARROW_MARGIN, step
    w = x + CELL * features + gap
    z = x + gap if down else w + CELL * n_units + gap
    a = z if down else z + CELL * n_units + gap
    z_top = TOP + down
    a_top = z_top + CELL * n + 44 if down else z_top
    middle = TOP + CELL * features / 2  # of W, where the signs stand
    row, column = np.unravel_index(int(recording.z.values.argmax()), recording.z.shape)
    low = np.unravel_index(int(recording.z.values.argmin()), recording.z.shape)

    most = float(max(np.abs(recording.z).max(), 1e-12))
    for name, matrix, left, top, note, scale in [
        ("X", recording.input, x, TOP, "batch", None),
        ("Z", recording.z, z, z_top, "sums", most),
        ("A", recording.activation, a, a_top, "activations", most),
    ]:
        _matrix(ax, matrix.values, left, top, scale)
        _name(ax, name, note, left, top)
    b_top = TOP + tall - CELL  # ends with the others
    _matrix(ax, recording.weight.values, w, TOP, None)
    _matrix(ax, recording.bias.values[None], w, b_top, float(np.abs(recording.weight).max()))
    _name(ax, "W", "weights", w, TOP)
    for words, at, y in [
        (say("times"), x + CELL * features, middle),
        (say("plus bias"), w - gap, b_top + CELL / 2),
        (say("equals"), z - gap, middle + z_top - TOP),
        (say("letter", letter="h"), a - gap, middle + a_top - TOP),
    ]:
        # between two matrices "+ b" must be smaller
        size = 15 if words == say("plus bias") and not down else 20
        ax.text(at + gap / 2, y, words, ha="center", va="center_baseline", fontsize=px(size),
                parse_math=True)  # fmt: skip
    h, below = a - gap / 2, middle + a_top - TOP
    ax.annotate(
        "", (h + 13, below + 16), (h - 13, below + 16),
        arrowprops={"arrowstyle": "-|>,head_width=0.2,head_length=0.35", "shrinkA": 0,
                    "shrinkB": 0, "color": color("muted"), "linewidth": px(1)},
    )  # fmt: skip
    for at, dashed in (((int(row), int(column)), False), ((int(low[0]), int(low[1])), True)):
        _frame(ax, x, TOP + CELL * at[0], features, 1, dashed=dashed)
        _frame(ax, w + CELL * at[1], TOP, 1, features, dashed=dashed)
        _frame(ax, w + CELL * at[1], b_top, 1, 1, dashed=dashed)
    for left, top in ((z, z_top), (a, a_top)):
        _frame(ax, left + CELL * column, top + CELL * row, 1, 1)
        _frame(ax, left + CELL * low[1], top + CELL * low[0], 1, 1, dashed=True)
    y = a_top + CELL * n + 44 if down else TOP + tall + 44
    _written_out(ax, recording, int(row), int(column), y, "framed")
    _written_out(ax, recording, int(low[0]), int(low[1]), y + (96 if down else 66), "dashed")
    return fig


def _matrix(ax: Axes, values: np.ndarray, left: float, top: float, most: float | None) -> None:
    most = float(np.abs(values).max()) if most is None else most
    for (i, j), value in np.ndenumerate(values):
        units.cell(ax, left + CELL * j, top + CELL * i, CELL, value, most, decimals=1, size=11.5)


def _name(ax: Axes, name: str, note: str, left: float, top: float) -> None:
    ax.text(left, top - 9, say("letter", letter=name), va="baseline", fontsize=px(18),
            parse_math=True)  # fmt: skip
    shift = text_width(name, 18) + 9
    ax.text(left + shift, top - 9, note, va="baseline", color=color("muted"))


def _frame(
    ax: Axes, left: float, top: float, columns: int, rows: int, *, dashed: bool = False
) -> None:
    ax.add_patch(
        Rectangle(
            (left, top),
            CELL * columns,
            CELL * rows,
            fill=False,
            edgecolor=color("text"),
            linewidth=px(2),
            linestyle=(0, (2, 1.4)) if dashed else "solid",
            zorder=3,
        )
    )


def _written_out(ax: Axes, recording: xr.Dataset, i: int, j: int, y: float, which: str) -> None:
    """Write one product as it is added up, its shift, and what the non-linearity makes of it."""
    x, w = recording.input.values[i], recording.weight.values[:, j]
    terms = [say("product", x=a, w=b) for a, b in zip(x, w, strict=True)]
    z, a, b = (float(each) for each in (
        recording.z[i, j], recording.activation[i, j], recording.bias[j]
    ))  # fmt: skip
    words = joined([joined(terms, " + "), say("sum", product=z - b)], "")
    place = say("place", which=which, row=i + 1, column=j + 1)
    shifted, bent = say("shifted", product=z - b, b=b, z=z), say("bent", z=z, a=a)
    style: dict[str, Any] = {"va": "baseline", "fontsize": px(15), "parse_math": True}
    if is_narrow():
        ax.text(NARROW_MARGIN, y, place, va="baseline", color=color("muted"))
        for line in (*wrap(words, 15, NARROW - 2 * NARROW_MARGIN), shifted):
            y += 21
            ax.text(NARROW_MARGIN, y, line, **style)
        ax.text(NARROW / 2 + 20, y, bent, weight="semibold", **style)
        return
    columns = [
        (MARGIN, place, words), (SHIFT, say("shift"), shifted), (BEND, say("bend"), bent),
    ]  # fmt: skip
    for x, name, said in columns:
        ax.text(x, y, name, va="baseline", color=color("muted"))
        ax.text(x, y + 23, said, weight="semibold" if said == bent else "normal", **style)
