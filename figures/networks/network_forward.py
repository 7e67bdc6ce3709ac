"""A digit flows through a trained network: the architecture with one pass in it.

Reads   network_forward: image, activation_*, contribution_*, probability, label, loss (example)
Source  000, placeholder NEURAL NETWORK MANIM; 001; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import _kit as kit

VISUAL = kit.figure(
    uses=["network_forward"],
    title="The label says {wrong_label}, the network says {wrong_prediction}",
    subtitle="One test digit on its way through a trained {widths} network. The more a disc stands "
    "out, the larger its activation; lines are weight × activation, orange for, blue against.",
    alt="A handwritten digit, labelled {wrong_label}, on the left. Lines run from its strongest "
    "pixels to two columns of hidden units and on to ten bars, one for each class. The longest "
    "bar is that of {wrong_prediction}, not that of {wrong_label}.",
    caption="One test digit ({dataset}) in a network of {n_params:,} parameters that gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test digits right. From the pixels, only the "
    "120 strongest products are drawn; biases are not drawn. The digit is the most legible of "
    "those that the network gets wrong: nearest, by the mean training images, to its own class "
    "rather than to another.",
)

SHOWN_PIXELS = 120  # the strongest of them; all 784 × 16 would be a solid wedge

TOP, PITCH = 18.0, 24.5  # middle of the first row of units, and from row to row, CSS pixels
IMAGE, SIDE = kit.MARGIN, 148.0
HIDDEN = (296.0, 420.0)
CLASSES, BARS, TAGS = 540.0, (554.0, 614.0), 656.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the pass of the digit that the network gets wrong."""
    wrong = (recording.label != recording.prediction).values
    example = recording.isel(example=int(np.argmax(wrong)))
    sizes = [recording.sizes[f"unit_{i}"] for i in (1, 2)]
    rows = max(*sizes, recording.sizes["class"])
    middle = TOP + (rows - 1) / 2 * PITCH
    fig = kit.canvas(TOP + (rows - 1) * PITCH + 78)
    height = fig.height - fig.head
    tile = fig.place(IMAGE, middle - SIDE / 2, SIDE, SIDE)
    ax = fig.place(0, 0, kit.WIDTH, height)
    ax.set(xlim=(0, kit.WIDTH), ylim=(height, 0))  # data units are CSS pixels
    ink = fig.place(IMAGE, middle - SIDE / 2, SIDE, SIDE)  # over the lines: the digit stays whole
    for each in (tile, ax, ink):
        each.axis("off")
    kit.digit(tile, 0 * example.image)
    kit.digit(ink, example.image, tile=False)

    hidden = [_column(x, size, middle) for x, size in zip(HIDDEN, sizes, strict=True)]
    classes = _column(CLASSES, recording.sizes["class"], middle)
    _from_pixels(ax, example, middle - SIDE / 2, hidden[0])
    _between(ax, example.contribution_2, hidden[0], hidden[1])
    _between(ax, example.contribution_3, hidden[1], classes - [12, 0])
    for i, places in enumerate(hidden, 1):
        kit.units(ax, places, example[f"activation_{i}"])
    _bars(ax, example, classes)

    foot = TOP + (rows - 1) * PITCH + 36
    muted = {"color": kit.color("muted"), "va": "baseline"}
    n_pixels = recording.sizes["y"] * recording.sizes["x"]
    ax.text(IMAGE + SIDE / 2, middle + SIDE / 2 + 22, f"{n_pixels} pixels", ha="center", **muted)
    for x, size in zip(HIDDEN, sizes, strict=True):
        ax.text(x, foot, f"{size} hidden units", ha="center", **muted)
    ax.text(BARS[0], foot, "probability", **muted)
    label, loss = int(example.label), float(example.loss)
    probability = float(example.probability[label])
    ax.text(
        kit.WIDTH - kit.MARGIN,
        foot + 28,
        rf"cross-entropy  $-\log\, p_{{{label}}}$ = $-\log$ {kit.number(probability, 4)}"
        rf" = {loss:.3f}",
        ha="right",
        va="baseline",
    )
    return fig


def _column(x: float, size: int, middle: float) -> np.ndarray:
    """Return the places of a layer's units, shape (unit, 2)."""
    return np.stack([np.full(size, x), middle + (np.arange(size) - (size - 1) / 2) * PITCH], axis=1)


def _from_pixels(ax: Axes, example: xr.Dataset, top: float, hidden: np.ndarray) -> None:
    """Draw the strongest weight × pixel, each from its own pixel."""
    flow = example.pixel_contribution.values  # (unit_1, feature)
    strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-SHOWN_PIXELS:]
    unit, feature = np.unravel_index(strongest, flow.shape)
    row, column = np.divmod(feature, example.sizes["x"])
    pixel = SIDE / example.sizes["x"]
    starts = np.stack([IMAGE + (column + 0.5) * pixel, top + (row + 0.5) * pixel], axis=1)
    kit.edges(ax, starts, hidden[unit], flow[unit, feature], width=1.6)


def _between(ax: Axes, flow: xr.DataArray, left: np.ndarray, right: np.ndarray) -> None:
    """Draw weight × activation, shape (unit on the left, unit on the right)."""
    starts, ends = np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))
    kit.edges(ax, starts, ends, flow.values.ravel())


def _bars(ax: Axes, example: xr.Dataset, places: np.ndarray) -> None:
    left, right = BARS
    label, prediction = int(example.label), int(example.prediction)
    for k, ((x, y), share) in enumerate(zip(places, example.probability.values, strict=True)):
        marked = k in (label, prediction)
        ink = kit.color("text" if marked else "muted")
        fill = {label: "positive", prediction: "text"}.get(k, "muted")
        weight = "semibold" if marked else "normal"
        kit.bar(ax, left, right, y, 1.0, color=kit.color("quiet"))
        kit.bar(ax, left, right, y, float(share), color=kit.color(fill))
        style = {"va": "center_baseline", "color": ink, "weight": weight}
        ax.text(x, y, str(k), ha="center", fontsize=kit.px(15), **style)
        ax.text(TAGS - 6, y, f"{share:.3f}", ha="right", fontsize=kit.px(kit.TICK), **style)
        tag = {label: "label", prediction: "guess"}.get(k, "")
        ax.text(TAGS, y, tag, fontsize=kit.px(kit.TICK), **style)
