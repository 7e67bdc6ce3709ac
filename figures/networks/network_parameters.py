"""Every parameter of a small network as one square of one size, layer by layer; and as a table.

Source  002, which gives this network "12k dimensions"; it has 50,890
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import halo, mix
from figures.parts.table import Cell, Column, Table
from look.numbers import number, percent
from look.theme import color
from look.words import Visual, say

READS = {
    "network_parameters": "units (layer), n_weights (layer), n_biases (layer), "
    "n_parameters (layer), weight_1 (unit, y, x), bias_1 (unit), weight_2 (class, unit), "
    "bias_2 (class), dead (unit), image (y, x), layer (layer), n_hidden, n_inputs, n_classes",
}

VISUAL = Visual(
    uses=["network_parameters"],
    title="Of {n_total:,} parameters, {n_hidden_parameters:,} are in the hidden layer",
    subtitle="A network trained on {many}. Every pixel of the tiles is one parameter: orange "
    "where it is positive, blue where it is negative, faint where it is near 0"
    "{n_dead:?|. Dead: never lights up, so never learns}.",
    alt="A large mosaic of {n_hidden} images, one a hidden unit, each with one weight "
    "for every pixel of a {one}. Beside it, at the same scale, what else there is: a {one}'s "
    "{n_inputs} pixels, which are values and no parameters, and, as small as stamps, the hidden "
    "layer's {n_hidden} biases, the output layer's weights, one small square a class, and its "
    "{n_classes} biases.",
    caption="Counted from the model (one text gives such a network 12,000): {n_inputs} × {n_hidden}"
    " weights and {n_hidden} biases make {n_hidden_parameters:,}, {n_hidden} × {n_classes} "
    "weights and {n_classes} biases make {n_output_parameters:,}; the input layer has none."
    " Colours are relative to the larger weights of each matrix. {n_dark} of the {n_inputs}"
    " pixels are dark in all {n_train:,} training {many} ({dataset}): their weights got no "
    "gradient and are as random as at the start. "
    "{n_dead:?No hidden unit is|The one marked “dead” is|The {n_dead} marked “dead” are} 0 for "
    "every training {one}{n_dead:?|, so no gradient reaches it|, so no gradient reaches them}.",
    words={
        "dead": "dead",
        "mosaic": "{n} weights: {n_hidden} hidden units × {n_inputs} pixels",
        "values": "{n_inputs} values,\nno parameters",
        "to the left": "← {n} weights",
        "above": "↑ {n} weights",
        "biases": "{n} biases",
        "weights": "{n} weights",
        "product": "{before} × {units}",
        "table subtitle": "{n_inputs} pixels, {n_hidden} hidden units, {n_classes} classes. Each "
        "unit has a weight for every unit before it, and a bias.",
    },
)

SIDE = 424.0  # the mosaic, CSS pixels
SEAM = 2.0  # between its images, in parameters
TOP = 6.0
RIGHT = MARGIN + SIDE + 32  # where the column on the right begins; on a narrow sheet it is below
COLUMN = 424.0  # its height
FULL = 0.99  # quantile of the sizes of a matrix's weights that has the full colour


def draw(recording: xr.Dataset) -> Figure:
    """Return the parameters, all at one scale."""
    side, margin, start, down = SIDE, MARGIN, RIGHT, 0.0
    slim = NARROW - 2 * NARROW_MARGIN
    fig = Canvas(TOP + SIDE + 56, narrow=TOP + slim + 64 + COLUMN)
    if is_narrow():
        side, margin, start, down = slim, NARROW_MARGIN, NARROW_MARGIN, TOP + slim + 44
    height, right = fig.height - fig.head, fig.width - margin
    ax = fig.place(0, 0, fig.width, height)
    ax.set(xlim=(0, fig.width), ylim=(height, 0))  # data units are CSS pixels
    ax.axis("off")
    units = recording.weight_1.values  # (unit, y, x)
    columns = math.ceil(math.sqrt(len(units)))
    rows = math.ceil(len(units) / columns)
    high, wide = units.shape[1:]
    cell = side / max(columns * wide + (columns - 1) * SEAM, rows * high + (rows - 1) * SEAM)

    full = _full(units)
    for i, weights in enumerate(units):
        row, column = divmod(i, columns)
        left = margin + column * (wide + SEAM) * cell
        top = TOP + row * (high + SEAM) * cell
        _squares(ax, weights, left, top, cell, full)
        if recording.dead.values[i]:
            _dead(ax, left, top, wide * cell, high * cell)
    muted = {"color": color("muted"), "va": "baseline"}
    below = TOP + (rows * high + (rows - 1) * SEAM) * cell + 22
    n_weights, n_biases = recording.n_weights.values, recording.n_biases.values
    words = say("mosaic", n=n_weights[1])
    ax.text(margin, below, words, **muted)

    y = _layer(ax, recording, 0, start, right, down + 22)
    image = np.asarray(recording.image.values, dtype=float)
    _place(ax, mix("quiet", "text", image), start, y, cell)
    _note(ax, start + wide * cell + 10, y + high * cell / 2, say("values"))

    y = _layer(ax, recording, 1, start, right, down + 146)
    _note(ax, start, y + 6, say("above" if down else "to the left", n=n_weights[1]))
    y += 22
    biases = _grid(recording.bias_1.values, columns)
    _squares(ax, biases, start, y, cell, _full(recording.bias_1.values))
    _note(ax, start + columns * cell + 10, y + rows * cell / 2, say("biases", n=n_biases[1]))

    y = _layer(ax, recording, 2, start, right, down + 272)
    weights = recording.weight_2.values
    full = _full(weights)
    step = (columns + SEAM) * cell
    for k, row_of in enumerate(weights):
        _squares(ax, _grid(row_of, columns), start + k * step, y, cell, full)
    y += rows * cell + 16
    _note(ax, start, y, say("weights", n=n_weights[2]))
    y += 20
    bias = recording.bias_2.values
    _squares(ax, bias[None], start, y - cell / 2, cell, _full(bias))
    _note(ax, start + len(bias) * cell + 10, y, say("biases", n=n_biases[2]))

    total = int(recording.n_parameters.sum())
    ax.plot([start, right], [down + 392, down + 392], color=color("quiet"), linewidth=0.75)
    ax.text(start, down + 418, "in all", color=color("muted"), va="baseline")
    ax.text(right, down + 418, number(total), ha="right", va="baseline", **_large())
    return fig


def _dead(ax: Axes, left: float, top: float, wide: float, high: float) -> None:
    """Mark a unit that no digit wakes."""
    ax.add_patch(
        Rectangle((left, top), wide, high, fill=False, edgecolor=color("text"), linewidth=px(2),
                  zorder=2)
    )  # fmt: skip
    words = say("dead")
    if text_width(words, LABEL, "semibold") < wide:  # of very many units each is small
        ax.text(left + wide / 2, top + high / 2, words, ha="center", va="center_baseline",
                weight="semibold", path_effects=halo(3), zorder=3)  # fmt: skip


def _large() -> dict[str, object]:
    return {"fontsize": px(20), "weight": "semibold"}


def _layer(
    ax: Axes, recording: xr.Dataset, index: int, left: float, right: float, y: float
) -> float:
    """Write a layer's name and how many parameters it has; return where what it has begins."""
    name = str(recording.layer.values[index])
    count = int(recording.n_parameters.values[index])
    ax.text(left, y, f"{name} layer", va="baseline", weight="semibold")
    ax.text(right, y, number(count), ha="right", va="baseline", **_large())
    return y + 16


def _note(ax: Axes, x: float, y: float, words: str) -> None:
    ax.text(x, y, words, color=color("muted"), va="center", linespacing=1.25)


def _full(weights: np.ndarray) -> float:
    """Return the size of a weight that has the full colour."""
    return max(float(np.quantile(np.abs(weights), FULL)), 1e-12)


def _grid(values: np.ndarray, columns: int) -> np.ndarray:
    """Lay values out as the mosaic lays out their units; NaN where there is none."""
    rows = math.ceil(len(values) / columns)
    grid = np.full(rows * columns, np.nan)
    grid[: len(values)] = values
    return grid.reshape(rows, columns)


def _squares(
    ax: Axes, weights: np.ndarray, left: float, top: float, cell: float, full: float
) -> None:
    """Draw weights, shape (y, x), a square each: colour by sign, strength by size."""
    share = np.nan_to_num(np.abs(weights)) / full
    positive = (np.asarray(weights) > 0)[..., None]
    ground = "tile"
    ink = np.where(positive, mix(ground, "positive", share), mix(ground, "negative", share))
    ink[np.isnan(weights), 3] = 0
    _place(ax, ink, left, top, cell)


def _place(ax: Axes, ink: np.ndarray, left: float, top: float, cell: float) -> None:
    high, wide = ink.shape[:2]
    limits = ax.get_xlim(), ax.get_ylim()  # which an image would change
    extent = (left, left + wide * cell, top + high * cell, top)
    ax.imshow(ink, interpolation="nearest", extent=extent, aspect="auto", zorder=1)
    ax.set(xlim=limits[0], ylim=limits[1])


def table(recording: xr.Dataset) -> Table:
    """Return the count, layer by layer."""
    total = int(recording.n_parameters.sum())
    columns = [
        Column("layer"),
        Column("units"),
        Column("weights"),
        Column("biases"),
        Column("parameters", verdict=True),
    ]
    rows: list[list[object]] = []
    for i, name in enumerate(recording.layer.values.tolist()):
        layer = recording.isel(layer=i)
        weights = int(layer.n_weights)
        before = int(recording.units[i - 1]) if i else 0
        cell = Cell(
            weights, note=say("product", before=before, units=layer.units) if weights else ""
        )
        count = int(layer.n_parameters)
        share = percent(count / total, 1) if count else ""
        rest = int(layer.n_biases), Cell(count, note=share)
        rows.append([name, int(layer.units), cell, *rest])
    sums = [int(recording[f"n_{what}"].sum()) for what in ("weights", "biases")]
    rows.append(["in all", None, *sums, total])
    return Table(
        columns,
        rows,
        subtitle=say("table subtitle"),
    )
