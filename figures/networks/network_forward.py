"""A digit flows through a trained network: the architecture with one pass in it.

Source  000, placeholder NEURAL NETWORK MANIM; 001; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.networks import bar, digit, edges, units
from look.numbers import fixed, probability
from look.runs import series
from look.theme import color
from look.words import Visual, say, short

READS = {
    "network_forward": "image (example, y, x), logit (example, class), "
    "probability (example, class), label (example), prediction (example), loss (example), "
    "pixel_contribution (example, unit_1, feature), "
    "activation_1 (example, unit_1), contribution_2 (example, unit_1, unit_2), "
    "activation_2 (example, unit_2), contribution_3 (example, unit_2, class), class (class), "
    "n_lines, n_pixels",
}

VISUAL = Visual(
    uses=["network_forward"],
    aliases=["NEURAL NETWORK MANIM"],
    title="The label says {wrong_label}, the network says {wrong_prediction}",
    subtitle="One test {one} on its way through a trained {widths} network. The more a disc stands "
    "out, the larger its activation. Lines: weight × activation, orange for, blue against; in the "
    "last layer, only those into the two classes are drawn in full.",
    alt="An image of a {one}, labelled {wrong_label}, on the left. Lines run from its strongest "
    "pixels to two columns of hidden units and on to {n_classes} bars, one a class. The longest "
    "bar is that of {wrong_prediction}, not that of {wrong_label}.",
    caption="One test {one} ({dataset}) in a network of {n_params:,} parameters that gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test {many} right. From the pixels, only "
    "the {n_lines} strongest products (weight × brightness) are drawn; biases are not drawn. "
    "Widths are relative to the strongest line of each layer, in the last layer to the "
    "strongest into the two classes. The {one} is the most legible of those that the network "
    "gets wrong: nearest, by the mean training images, to its own class rather than to "
    "another.",
    words={
        "layers": "Each unit adds up weight × input\n"
        "Orange raises the sum, blue lowers it. From the pixels, the {n_lines} strongest lines.",
        "probabilities": "{n_classes} sums become {n_classes} probabilities\n"
        "Softmax makes the sums positive and lets them add up to one.",
        "pixels": "{n_pixels} pixels",
        "strongest": "{n_lines} strongest lines",
        "hidden": "{n} hidden units",
        "units": "{n} units",
        "cross-entropy": "cross-entropy: −log p({label}) = −log {p:.4n} = {loss:counter}",
        "loss formula": 'ell = -log p("{label}") = {loss:counter}',
        "before": "before: loss {loss:counter}",
        "digit": "A {one} labelled {right_label} goes into a trained network\n"
        "Its {n_pixels} pixels are as many numbers between 0 (paper) and 1 (ink).",
        "second digit": "Now another one, labelled {wrong_label}\n"
        "The same weights, other pixels: other units light up.",
        "read rightly": "The network says {said}, {p_said:share} sure, and is right\n"
        "The loss is −log of the true class’s probability: the surer, the smaller.",
        "read wrongly": "The network says {said}, {p_said:share} sure; the label says "
        "{label}\n"
        "It gave the true class {p_label:share}; the loss is −log of that.",
    },
    series={
        "label": ["label", "green"],
        "guess": ["guess", "text"],
    },
)

TOP, PITCH = 18.0, 24.5  # middle of the first row of units, and from row to row, CSS pixels
IMAGE, SIDE = MARGIN, 148.0
HIDDEN = (284.0, 400.0)
CLASSES, BARS, TAGS = 500.0, (558.0, 602.0), 662.0
LONGEST, LETTER = 11, 8.0  # letters of a class; width of one, CSS pixels
FADED = 0.07  # opacity of lines that only stand in the background


def draw(recording: xr.Dataset) -> Figure:
    """Return the pass of the digit that the network gets wrong."""
    wrong = (recording.label != recording.prediction).values
    example = recording.isel(example=int(np.argmax(wrong)))
    sizes = [recording.sizes[f"unit_{i}"] for i in (1, 2)]
    rows = max(*sizes, recording.sizes["class"])
    middle = TOP + (rows - 1) / 2 * PITCH
    fig = Canvas(TOP + (rows - 1) * PITCH + 78)
    height = fig.height - fig.head
    tile = fig.place(IMAGE, middle - SIDE / 2, SIDE, SIDE)
    ax = fig.place(0, 0, WIDTH, height)
    ax.set(xlim=(0, WIDTH), ylim=(height, 0))  # data units are CSS pixels
    ink = fig.place(IMAGE, middle - SIDE / 2, SIDE, SIDE)  # over the lines: the digit stays whole
    for each in (tile, ax, ink):
        each.axis("off")
    digit(tile, 0 * example.image).axes.autoscale(False)
    digit(ink, example.image, tile=False)

    hidden = [_column(x, size, middle) for x, size in zip(HIDDEN, sizes, strict=True)]
    classes = _column(CLASSES, recording.sizes["class"], middle)
    _from_pixels(ax, tile, example, middle - SIDE / 2, hidden[0])
    _between(ax, example.contribution_2, hidden[0], hidden[1], opacity=0.6)
    # What tells the two classes apart is in the lines into them.
    two = [int(example.label), int(example.prediction)]
    names = [short(name, LONGEST) for name in example["class"].values.tolist()]
    room = 12 + LETTER * (max(map(len, names)) - 1)
    opacity = np.full(recording.sizes["class"], FADED)
    opacity[two] = 1
    flow = example.contribution_3
    largest = float(np.abs(flow.values[:, two]).max())
    _between(ax, flow, hidden[1], classes - [room, 0], opacity=opacity, largest=largest)
    for i, places in enumerate(hidden, 1):
        units(ax, places, example[f"activation_{i}"])
    _bars(ax, example, classes)

    foot = TOP + (rows - 1) * PITCH + 36
    muted = {"color": color("muted"), "va": "baseline"}
    below = middle + SIDE / 2 + 22
    ax.text(IMAGE + SIDE / 2, below, say("pixels"), ha="center", **muted)
    ax.text(IMAGE + SIDE / 2, below + 19, say("strongest"), ha="center", **muted)
    for x, size in zip(HIDDEN, sizes, strict=True):
        ax.text(x, foot, say("hidden", n=size), ha="center", **muted)
    ax.text(BARS[0], classes[0, 1] - 20, "probability", **muted)
    ax.text(BARS[0] - 8, classes[0, 1] - 20, "sum", ha="right", **muted)
    label, loss = int(example.label), float(example.loss)
    chance = float(example.probability[label])
    ax.text(
        WIDTH - MARGIN,
        foot + 28,
        say("cross-entropy", label=names[label], p=chance, loss=loss),
        ha="right",
        va="baseline",
    )
    return fig


def _column(x: float, size: int, middle: float) -> np.ndarray:
    """Return the places of a layer's units, shape (unit, 2)."""
    return np.stack([np.full(size, x), middle + (np.arange(size) - (size - 1) / 2) * PITCH], axis=1)


def _from_pixels(ax: Axes, tile: Axes, example: xr.Dataset, top: float, hidden: np.ndarray) -> None:
    """Draw the strongest weight × pixel, each from its own pixel, faint as long as it is inside."""
    flow = example.pixel_contribution.values  # (unit_1, feature)
    strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-int(example.attrs["n_lines"]) :]
    unit, feature = np.unravel_index(strongest, flow.shape)
    row, column = np.divmod(feature, example.sizes["x"])
    pixel = SIDE / example.sizes["x"]
    starts = np.stack([IMAGE + (column + 0.5) * pixel, top + (row + 0.5) * pixel], axis=1)
    ends, values = hidden[unit], flow[unit, feature]
    ways = ends - starts
    edge = IMAGE + SIDE  # or above or below, where a line leaves the image
    share = (edge - starts[:, 0]) / ways[:, 0]
    for side in (top, top + SIDE):
        with np.errstate(divide="ignore"):
            there = (side - starts[:, 1]) / ways[:, 1]
        share = np.where(there > 0, np.minimum(share, there), share)
    share = share[:, None]
    edges(ax, starts + share * (ends - starts), ends, values, width=1.6)
    # The tile's axes clip their lines at its edge; their units are pixels of the image.
    corner = np.array([IMAGE, top])
    first, last = ((each - corner) / pixel - 0.5 for each in (starts, ends))
    edges(tile, first, last, values, width=1.0, opacity=0.3)


def _between(
    ax: Axes,
    flow: xr.DataArray,
    left: np.ndarray,
    right: np.ndarray,
    opacity: ArrayLike,
    largest: float | None = None,
) -> None:
    """Draw weight × activation, shape (unit on the left, unit on the right).

    `opacity` is one for all, or one for each unit on the right.
    """
    starts, ends = np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))
    each = np.broadcast_to(opacity, flow.shape).ravel()
    edges(ax, starts, ends, flow.values.ravel(), opacity=each, largest=largest)


def _bars(ax: Axes, example: xr.Dataset, places: np.ndarray) -> None:
    left, right = BARS
    label, prediction = int(example.label), int(example.prediction)
    named = zip(places, example["class"].values, example.probability.values, strict=True)
    for k, ((x, y), name, share) in enumerate(named):
        marked = k in (label, prediction)
        ink = color("text" if marked else "muted")
        role = {prediction: "guess", label: "label"}.get(k, "")
        fill = series(role).token if role else "muted"
        weight = "semibold" if marked else "normal"
        bar(ax, left, right, y, 1.0, color=color("quiet"))
        bar(ax, left, right, y, float(share), color=color(fill))
        style = {"va": "center_baseline", "color": ink, "weight": weight}
        ax.text(left - 8, y, fixed(example.logit[k], 2), ha="right", fontsize=px(TICK), **style)
        ax.text(x + 5, y, short(name, LONGEST), ha="right", fontsize=px(15), **style)
        ax.text(TAGS - 6, y, probability(share, 4), ha="right", fontsize=px(TICK), **style)
        ax.text(TAGS, y, series(role).label if role else "", fontsize=px(TICK), **style)
