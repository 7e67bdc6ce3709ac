"""A digit flows through a trained network: the architecture with one pass in it.

Source  000, placeholder NEURAL NETWORK MANIM; 001; 004
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.colors import halo
from figures.parts.networks import bar, digit, edges, units
from look.numbers import fixed, percent
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
    subtitle="One test {one} in a trained network; the fuller a disc, the stronger its unit. "
    "Last lines: how much more a unit gives to {wrong_prediction} or to {wrong_label}; bold: the "
    "way to the two "
    "that give most.",
    alt="An image of a {one}, labelled {wrong_label}. Lines run from its strongest "
    "pixels to one layer of hidden units and to a second one; from each of these one leads to "
    "{wrong_prediction} or to {wrong_label}, of {n_classes} classes, each with a bar. The longest "
    "bar is that of {wrong_prediction}, not that of {wrong_label}.",
    caption="One test {one} ({dataset}) in a network of {n_params:,} parameters that gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test {many} right. From the pixels, only "
    "the {n_lines} strongest products (weight × brightness) are drawn; biases are not drawn. "
    "Widths are relative to the strongest line of each layer. A last line leads to the one of the "
    "two classes to which its unit gives more, and is as wide as the difference. The {one} is the "
    "most legible of those that the network gets wrong: nearest, by the mean training images, to "
    "its own class rather than to another.",
    words={
        "layers": "Each unit adds up weight × input\n"
        "Orange raises the sum, blue lowers it. From the pixels, the {n_lines} strongest lines.",
        "probabilities": "{n_classes} sums become {n_classes} probabilities\n"
        "Softmax makes the sums positive and lets them add up to one.",
        "pixels": "{n_pixels} pixels",
        "strongest": "{n_lines} strongest lines",
        "hidden": "{n} hidden units",
        "both hidden": "{a} and {b} hidden units",
        "units": "{n} units",
        "vote": "+{more:.1f} for {name}",
        "cross-entropy": "loss: −log p({label}) = −log {p:.3n} = {loss:counter}",
        "loss formula": 'ell = -log p("{label}") = {loss:counter}',
        "before": "before: loss {loss:counter}",
        "digit": "A {one} labelled {right_label} goes into a trained network\n"
        "Its {n_pixels} pixels are as many numbers between 0 (paper) and 1 (ink).",
        "second digit": "Now another one, labelled {wrong_label}\n"
        "The same weights, other pixels: other units light up.",
        "read rightly": "The network says {said}, {p_said} sure, and is right\n"
        "The loss is −log of the true class’s probability: the surer, the smaller.",
        "read wrongly": "The network says {said}, {p_said} sure; the label says "
        "{label}\n"
        "Lines: how much more a unit gives to {said} or to {label}. The loss is −log {p_label}.",
    },
    series={
        "label": ["label", "green"],
        "guess": ["guess", "text"],
    },
)


Place = tuple[float, float]


class Columns(NamedTuple):
    """Where the parts of a class's row stand; CSS pixels."""

    name: float  # its right end
    bar: tuple[float, float]
    tag: float


TOP, PITCH = 18.0, 24.5  # middle of the first row of units, and from row to row, CSS pixels
SIDE = 148.0  # of the image
HIDDEN, CLASSES = (244.0, 354.0), 472.0  # middles of the columns
WIDE = Columns(CLASSES + 5, (532, 602), 656)
# On the narrow sheet the digit flows down: layers are rows, over a list of the classes.
LAYERS, LIST = (238.0, 338.0, 432.0), 498.0
SLIM = Columns(100, (160, 226), 294)
LONGEST, LETTER = 11, 8.0  # letters of a class; width of one, CSS pixels
FADED = 0.1  # opacity of lines that only stand in the background
ALONG, FARTHER = 0.38, 0.72  # of its line: where a number stands on it


def draw(recording: xr.Dataset) -> Figure:
    """Return the pass of the digit that the network gets wrong."""
    wrong = (recording.label != recording.prediction).values
    example = recording.isel(example=int(np.argmax(wrong)))
    sizes = [recording.sizes[each] for each in ("unit_1", "unit_2", "class")]
    narrow, n = is_narrow(), sizes[-1]
    names = [short(name, LONGEST) for name in example["class"].values.tolist()]
    foot = LIST + n * PITCH if narrow else TOP + (max(sizes) - 1) * PITCH + 64
    fig = Canvas(foot + 14, narrow=foot + 40)
    if narrow:
        left, top = (NARROW - SIDE) / 2, 6.0
        *hidden, ends = (_row(y, size) for y, size in zip(LAYERS, sizes, strict=True))
        listed = np.array([(SLIM.name, LIST + PITCH * k) for k in range(n)])
    else:
        middle = TOP + (max(sizes) - 1) / 2 * PITCH
        left, top = MARGIN, middle - SIDE / 2
        *hidden, listed = (
            _column(x, size, middle) for x, size in zip((*HIDDEN, CLASSES), sizes, strict=True)
        )
        ends = listed - [12 + LETTER * (max(map(len, names)) - 1), 0]
    height = fig.height - fig.head
    tile = fig.place(left, top, SIDE, SIDE)
    ax = fig.place(0, 0, fig.width, height)
    ax.set(xlim=(0, fig.width), ylim=(height, 0))  # data units are CSS pixels
    ink = fig.place(left, top, SIDE, SIDE)  # over the lines: the digit stays whole
    for each in (tile, ax, ink):
        each.axis("off")
    digit(tile, 0 * example.image).axes.autoscale(False)
    digit(ink, example.image, tile=False)

    _from_pixels(ax, tile, example, (left, top), hidden[0])
    more = _more(example)
    _between(ax, example.contribution_2, hidden, loud=[int(more.argmax()), int(more.argmin())])
    two = [int(example.label), int(example.prediction)]
    _votes(ax, example, hidden[1], ends, names)
    for i, places in enumerate(hidden, 1):
        units(ax, places, example[f"activation_{i}"])
    _bars(ax, example, listed)
    _name(ax, example, (left, top), hidden)
    if narrow:
        _slots(ax, names, ends, two)

    heads, y = SLIM if narrow else WIDE, listed[0, 1] - 20
    muted = {"color": color("muted"), "va": "baseline"}
    ax.text(heads.bar[0], y, "probability", **muted)
    ax.text(heads.bar[0] - 8, y, "sum", ha="right", **muted)
    label, loss = int(example.label), float(example.loss)
    chance = float(example.probability[label])
    words = say("cross-entropy", label=names[label], p=chance, loss=loss)
    if narrow:
        words = "\n".join(wrap(words, LABEL, NARROW - 2 * NARROW_MARGIN))
    right = fig.width - (NARROW_MARGIN if narrow else MARGIN)
    ax.text(right, foot, words, ha="right", va="top" if narrow else "baseline")
    return fig


def _column(x: float, size: int, middle: float) -> np.ndarray:
    """Return the places of a layer's units, shape (unit, 2)."""
    return np.stack([np.full(size, x), middle + (np.arange(size) - (size - 1) / 2) * PITCH], axis=1)


def _row(y: float, size: int) -> np.ndarray:
    """Return the places of a layer's units on the narrow sheet, shape (unit, 2)."""
    reach = min(NARROW / 2 - NARROW_MARGIN - 9, (size - 1) / 2 * 1.3 * PITCH)
    return np.stack([NARROW / 2 + np.linspace(-reach, reach, size), np.full(size, y)], axis=1)


def _name(ax: Axes, example: xr.Dataset, corner: Place, hidden: list[np.ndarray]) -> None:
    """Say how many pixels, lines and units there are."""
    left, top = corner
    muted = {"color": color("muted"), "va": "baseline"}
    pixels = [say("pixels"), say("strongest")]
    if is_narrow():
        room = NARROW - 8 - left - SIDE - 8
        words = [*pixels, say("both hidden", a=len(hidden[0]), b=len(hidden[1]))]
        lines = [line for each in words for line in wrap(each, LABEL, room)]
        for i, line in enumerate(lines):
            ax.text(left + SIDE + 8, top + 14 + 19 * i, line, **muted)
        return
    for i, line in enumerate(pixels):
        ax.text(left + SIDE / 2, top + SIDE + 22 + 19 * i, line, ha="center", **muted)
    lowest = max(float(places[-1, 1]) for places in hidden)
    for places in hidden:
        ax.text(places[0, 0], lowest + 36, say("hidden", n=len(places)), ha="center", **muted)


def _slots(ax: Axes, names: list[str], places: np.ndarray, two: list[int]) -> None:
    """Name the classes under the ends of their lines."""
    for k, ((x, y), name) in enumerate(zip(places, names, strict=True)):
        ax.text(x, y + 12, short(name, 3), ha="center", va="center_baseline",
                weight="semibold" if k in two else "normal",
                color=color("text" if k in two else "muted"))  # fmt: skip


def _from_pixels(
    ax: Axes, tile: Axes, example: xr.Dataset, corner: Place, hidden: np.ndarray
) -> None:
    """Draw the strongest weight × pixel, each from its own pixel, faint as long as it is inside."""
    flow = example.pixel_contribution.values  # (unit_1, feature)
    strongest = np.argsort(np.abs(flow), axis=None, kind="stable")[-int(example.attrs["n_lines"]) :]
    unit, feature = np.unravel_index(strongest, flow.shape)
    row, column = np.divmod(feature, example.sizes["x"])
    pixel = SIDE / example.sizes["x"]
    starts = corner + (np.stack([column, row], axis=1) + 0.5) * pixel
    ends, values = hidden[unit], flow[unit, feature]
    ways = ends - starts
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = (np.where(ways > 0, SIDE, 0) + corner - starts) / ways
    share = np.nanmin(sides, axis=1, keepdims=True)  # of the way at which a line leaves the image
    edges(ax, starts + share * ways, ends, values, width=1.6, opacity=0.25)
    # The tile's axes clip their lines at its edge; their units are pixels of the image.
    first, last = ((each - corner) / pixel - 0.5 for each in (starts, ends))
    edges(tile, first, last, values, width=1.0, opacity=0.3)


def _between(
    ax: Axes, flow: xr.DataArray, layers: Sequence[np.ndarray], loud: Sequence[int]
) -> None:
    """Draw weight × activation, shape (unit, unit), faint but for what goes to the `loud` units."""
    left, right = layers
    starts, ends = np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))
    opacity = np.full(len(right), FADED)
    opacity[list(loud)] = 1.0
    edges(ax, starts, ends, flow.values.ravel(), opacity=np.tile(opacity, len(left)))


def _votes(
    ax: Axes, example: xr.Dataset, units: np.ndarray, ends: np.ndarray, names: list[str]
) -> None:
    """Draw of each unit the line to the one of the two classes to which it gives more."""
    label, said = int(example.label), int(example.prediction)
    more = _more(example)
    edges(ax, units, ends[np.where(more > 0, said, label)], np.abs(more), width=6)
    before = np.array([np.inf, np.inf])
    for unit, towards in {int(more.argmax()): said, int(more.argmin()): label}.items():
        way = ends[towards] - units[unit]
        x, y = place = units[unit] + ALONG * way
        if (np.abs(place - before) < (80, 18)).all():  # there is the other's number
            x, y = place = units[unit] + FARTHER * way
        before = place
        words = say("vote", more=abs(more[unit]), name=names[towards])
        ax.text(x, y, words, ha="center", va="center_baseline", weight="semibold", zorder=5,
                path_effects=halo(3.5))  # fmt: skip


def _more(example: xr.Dataset) -> np.ndarray:
    """Return how much more each unit gives to the network's answer than to the label's class."""
    flow = example.contribution_3.values
    return np.asarray(flow[:, int(example.prediction)] - flow[:, int(example.label)])


def _bars(ax: Axes, example: xr.Dataset, places: np.ndarray) -> None:
    columns = SLIM if is_narrow() else WIDE
    left, right = columns.bar
    label, prediction = int(example.label), int(example.prediction)
    named = zip(places, example["class"].values, example.probability.values, strict=True)
    for k, ((_, y), name, share) in enumerate(named):
        marked = k in (label, prediction)
        ink = color("text" if marked else "muted")
        role = {prediction: "guess", label: "label"}.get(k, "")
        fill = series(role).token if role else "muted"
        weight = "semibold" if marked else "normal"
        bar(ax, left, right, y, 1.0, color=color("quiet"))
        bar(ax, left, right, y, float(share), color=color(fill))
        style = {"va": "center_baseline", "color": ink, "weight": weight}
        ax.text(left - 8, y, fixed(example.logit[k], 2), ha="right", fontsize=px(TICK), **style)
        ax.text(columns.name, y, short(name, LONGEST), ha="right", fontsize=px(15), **style)
        said = percent(float(share))
        ax.text(columns.tag - 6, y, said, ha="right", fontsize=px(TICK), **style)
        ax.text(columns.tag, y, series(role).label if role else "", fontsize=px(TICK), **style)
