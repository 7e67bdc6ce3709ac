"""What passes through the layers of a network at its start: activations, and gradients.

Of any network of one's own too: of what ``simulate.train(net, …, record=["layer_statistics"])``
returns, this shows the first record of every layer.

Source  001, 004; Glorot and Bengio 2010, figures 6 and 7
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import AXES, beside, ticks
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.colors import mix
from figures.parts.marks import dot
from look.numbers import joined, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "initialization": "output_histogram (run, epoch, layer, bin), bin_edge (bin_edge), "
    "gradient_sizes (run, epoch, layer, bin_size), bin_size (bin_size), "
    "output_gain (run, epoch, layer), gradient_gain (run, epoch, layer), run (run), layer (layer)",
}

VISUAL = Visual(
    uses=["initialization"],
    title="{depth} layers deep, {n_alive} of {n_starts} starts keep the size of both values "
    "and gradients",
    subtitle="Untrained networks, their layers from left to right. Green: where activations lie; "
    "purple: how large gradients are. Framed: keeps both within a factor of {within:g}; all others "
    "are drawn paler.",
    alt="Six panels, each a network of {depth} layers: sigmoid, tanh and ReLU with small normal "
    "weights, then with Xavier’s weights, or Kaiming’s for ReLU. In each a green band of "
    "activations and a purple band of gradients’ sizes run from layer to layer: with the small "
    "weights one of them, or both, shrink away. Under the panels two dots for each of {n_starts} "
    "starts, filled where activations and gradients are kept: both are for {alive}.",
    caption="Networks of {depth} layers of {width} units, biases 0, and a batch of {n_examples} "
    "standardised {many} ({dataset}), before any training. Weights: all 0; all {constant:g}; "
    "normal with deviation {normal:g}; uniform in ±{uniform:g}; normal with Xavier’s variance "
    "2/(n_in + n_out); normal with Kaiming’s 2/n_in. Spread: the last layer’s "
    "standard deviation, in units of the first one’s; gradient: the first layer’s (root mean "
    "square), in units of the last one’s. Bold, and a filled dot: between 1/{within:g} and "
    "{within:g}. With ReLU, Kaiming’s start {relu_kept:?leaves the last layer {relu_ratio:.2f} "
    "times the variance of the first|keeps the variance within a factor of two: {relu_ratio:.2f}}. "
    "Xavier’s derivation wants activations that are linear around 0 with slope 1; "
    "the sigmoid’s is ¼.",
    words={
        "values kept": "spread kept: {x:.2r}",
        "gradients kept": "gradient kept: {x:.2r}",
        "layers": "layer",
        "all": "all {n} starts; filled: kept, the activations’ spread (left), the gradient (right)",
        "gain": "{x:.2r}",
        "values short": "spread",
        "gradients short": "gradient",
        "nothing": "all 0",
        "start": "Three starts: which one lets the signal through?\n"
        "ReLU, {depth} layers down. A ridge: how large a layer’s activations are.",
        "back": "And the gradient, on its way back up?\n"
        "Hanging ridges: how large a layer’s gradients are.",
        "end": "{only_kaiming:?What is left depends on the start|Of these three, only "
        "Kaiming’s start keeps both}\n"
        "Spread and gradient after {depth} layers, as multiples of what they were before.",
        "small": "normal, σ = {normal:g}",
        "kaiming": "Kaiming, σ = √(2/n)",
        "large": "uniform, ±{uniform:g}",
        "layer": "layer {k}",
    },
    series={"values": ["activations", "green"], "gradients": ["gradients", "purple"]},
)

Span = tuple[float, float]
NAMES = {"relu": "ReLU", "xavier": "Xavier", "kaiming": "Kaiming"}
# Of all that were recorded, those drawn large: each activation with small weights, and with such
# as were made for it. All others are marks under them.
SHOWN = ("sigmoid, normal", "tanh, normal", "relu, normal",
         "sigmoid, xavier", "tanh, xavier", "relu, kaiming")  # fmt: skip
WITHIN = 10.0  # what is between a tenth and ten times is kept
FAINT = 0.45  # opacity of a start that does not keep both
LINE, HEAD = 18.0, 24.0  # heights of a number's line, and of a panel's name


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel for each of a few networks, over a mark for each that was recorded."""
    names = [str(name) for name in recording.run.values]
    chosen = [name for name in SHOWN if name in names]
    many = len(chosen) == len(SHOWN)
    shown = chosen if many else names
    columns = min(2 if is_narrow() else 3, len(shown))
    if many and is_narrow():  # an activation a row
        shown = [shown[i + 3 * j] for i in range(3) for j in range(2)]
    left, margin, gap = (56.0, NARROW_MARGIN, 32.0) if is_narrow() else (74.0, MARGIN, 40.0)
    upper, lower = (66.0, 40.0) if is_narrow() else (96.0, 58.0)
    sheet = NARROW if is_narrow() else WIDTH
    across = min((sheet - margin - left - gap * (columns - 1)) / columns, 420.0)
    tall = HEAD + 2 * LINE + upper + lower
    rows = -(-len(shown) // columns)
    foot = rows * (tall + 22) + 24
    height = foot + (_marks_height(names) + 12 if many else 0)
    fig = Canvas(height, narrow=height)
    powers = _used(recording.gradient_sizes.values, recording.bin_size.values)
    for at, name in enumerate(shown):
        x, y = left + at % columns * (across + gap), at // columns * (tall + 22)
        one = recording.isel(run=names.index(name), epoch=0)
        high = fig.place(x, y + HEAD + LINE, across, upper)
        low = fig.place(x, y + tall - lower, across, lower)
        _values(high, one, _span(recording, names, name))
        _sizes(low, one, powers)
        _name(high, name)
        _axes(high, low, recording, first=at % columns == 0, last=at >= len(shown) - columns)
        _number(high, one.output_gain.values[-1], "values")
        _number(low, one.gradient_gain.values[0], "gradients")
        if _keeps(one):
            _frame(fig, high, low)
        elif len(names) > 1:  # beside those that do
            for image in (*high.images, *low.images):
                image.set_alpha(FAINT)
    if many:
        _marks(fig, recording, names, foot)
    return fig


def _label(name: str) -> str:
    """Return what a network is called: its activation, and how its weights were drawn."""
    activation, _, start = name.partition(", ")
    return joined([NAMES.get(part, part) for part in (activation, start) if part], ", ")


def _name(ax: Axes, name: str) -> None:
    beside(ax, _label(name), (0, 1), of=AXES, shift=(0, LINE + 6), weight="semibold")


def _axes(high: Axes, low: Axes, recording: xr.Dataset, *, first: bool, last: bool) -> None:
    """Write the values of the activations, of the gradients at the left, and the layers below."""
    bottom, top = high.get_ylim()
    ticks(high, "y", [v for v in (-4, -1, 0, 1, 4) if bottom <= v <= top])
    if first:
        bottom, top = low.get_ylim()
        shown = [k for k in (-12, -6, 0) if bottom <= k <= top]
        ticks(low, "y", shown, lambda k: number(10.0**k))
    if last:
        layers = recording.layer.values.tolist()
        ends = sorted({0, len(layers) - 1})
        ticks(low, "x", ends, lambda k: str(layers[int(k)]))
        low.set_xlabel(say("layers"), labelpad=px(-12), fontsize=px(TICK))


def _span(recording: xr.Dataset, names: list[str], name: str) -> Span:
    """Return the activations that a network's panel has room for: all of its activation's."""
    alike = [i for i, each in enumerate(names) if each.split(", ")[0] == name.split(", ")[0]]
    edges = recording.bin_edge.values
    low, high = _used(recording.output_histogram.values[alike], edges[:-1])
    return low, high + float(edges[1] - edges[0])


def _used(counts: np.ndarray, lows: np.ndarray) -> Span:
    """Return the lowest and the highest of the bins that hold anything."""
    there = np.flatnonzero(counts.reshape(-1, counts.shape[-1]).any(0))
    return (float(lows[there[0]]), float(lows[there[-1]])) if len(there) else (0.0, 1.0)


def _kept(gain: float) -> bool:
    return bool(1 / WITHIN < gain < WITHIN)


def _keeps(one: xr.Dataset) -> bool:
    """Return whether both arrive: the activations at the last layer, the gradient at the first."""
    return _kept(float(one.output_gain[-1])) and _kept(float(one.gradient_gain[0]))


def _frame(fig: Canvas, upper: Axes, lower: Axes) -> None:
    """Frame a panel in which both arrive."""
    high, low = upper.get_position(), lower.get_position()
    before, after, up = 24 / fig.width, 5 / fig.width, 4 / fig.height  # its ticks stand before it
    top = high.y1 + (LINE + HEAD - 2) / fig.height
    fig.add_artist(
        Rectangle(
            (low.x0 - before, low.y0 - up), low.width + before + after, top - low.y0 + up,
            fill=False,
            label="kept", edgecolor=color("text"), linewidth=px(1.75), transform=fig.transFigure,
        )
    )  # fmt: skip


def _number(ax: Axes, gain: float, name: str) -> None:
    style = {"weight": "semibold"} if _kept(gain) else {}
    beside(
        ax, say(f"{name} kept", x=gain), (0, 1), of=AXES, shift=(0, 5), fontsize=px(TICK),
        color=series(name).color, gid=f"{name} gain", **style,
    )  # fmt: skip


CELL, ROW = 88.0, 26.0  # of the marks


def _marks_height(names: list[str]) -> float:
    activations = {name.partition(", ")[0] for name in names}
    rows = len(names) / len(activations) if is_narrow() else len(activations)
    return _first() + ROW * rows


def _first() -> float:
    """Return where the first row of marks stands."""
    return 84.0 if is_narrow() else 62.0


def _marks(fig: Canvas, recording: xr.Dataset, names: list[str], top: float) -> None:
    """Draw two dots for each network, filled where activations and gradient are kept."""
    places = [name.partition(", ")[::2] for name in names]
    if is_narrow():
        places = [(start, activation) for activation, start in places]
    rows, columns = (list(dict.fromkeys(part)) for part in zip(*places, strict=True))
    left = 92.0 if is_narrow() else 100.0
    pitch = CELL if is_narrow() else (fig.width - MARGIN - left) / len(columns)
    tall = _marks_height(names)
    ax = fig.place(0, top, fig.width, tall)
    ax.set(xlim=(0, fig.width), ylim=(tall, 0))
    ax.axis("off")
    ax.set_gid("marks")
    edge = NARROW_MARGIN if is_narrow() else MARGIN
    style: dict[str, Any] = {"va": "center_baseline", "fontsize": px(LABEL)}
    for k, line in enumerate(wrap(say("all", n=len(names)), LABEL, fig.width - 2 * edge)):
        ax.text(edge, 6 + 19 * k, line, color=color("muted"), **style)
    for j, name in enumerate(columns):
        x = left + (j + 0.5) * pitch
        ax.text(x, _first() - 24, NAMES.get(name, name), ha="center", **style)
    for i, name in enumerate(rows):
        ax.text(left - 10, _first() + i * ROW, NAMES.get(name, name), ha="right", **style)
    for at, (row, column) in enumerate(places):
        one = recording.isel(run=at, epoch=0)
        x = left + (columns.index(column) + 0.5) * pitch
        y = _first() + rows.index(row) * ROW
        for what, gain, side in (
            ("values", float(one.output_gain[-1]), -8),
            ("gradients", float(one.gradient_gain[0]), 8),
        ):
            ink = series(what).color
            dot(
                ax, x + side, y, color=ink if _kept(gain) else color("background"), size=11,
                markeredgecolor=ink if _kept(gain) else color("muted"),
                markeredgewidth=px(1.75 if _kept(gain) else 1),
                label=f"{what} of {names[at]}",
            )  # fmt: skip
        if _keeps(one):
            box = Rectangle((x - 20, y - 11), 40, 22, fill=False, edgecolor=color("text"),
                            linewidth=px(1.75))  # fmt: skip
            ax.add_patch(box).set_label("kept")


def _values(ax: Axes, one: xr.Dataset, span: tuple[float, float]) -> None:
    counts = one.output_histogram.values.astype(float)  # (layer, bin)
    edges = one.bin_edge.values
    _bands(ax, counts, "values", (float(edges[0]), float(edges[-1])))
    room = 0.03 * (span[1] - span[0])
    ax.set(ylim=(span[0] - room, span[1] + room), xlim=(-0.5, len(counts) - 0.5), xticks=[])
    ticks(ax, "y", [])


def _sizes(ax: Axes, one: xr.Dataset, span: tuple[float, float]) -> None:
    counts = one.gradient_sizes.values.astype(float)
    sizes = one.bin_size.values
    half = float(sizes[1] - sizes[0]) / 2
    _bands(ax, counts, "gradients", (float(sizes[0]) - half, float(sizes[-1]) + half))
    ax.set(ylim=(span[0] - half, span[1] + half), xlim=(-0.5, len(counts) - 0.5), xticks=[])
    ticks(ax, "y", [])
    if not counts[0].any():
        beside(
            ax, say("nothing"), (0.5, 0.5), of=AXES, ha="center", va="center_baseline",
            color=color("muted"), fontsize=px(LABEL - 1),
        )  # fmt: skip


def _bands(ax: Axes, counts: np.ndarray, name: str, span: tuple[float, float]) -> None:
    """Draw a column a layer, stronger where more of its values lie."""
    share = np.zeros_like(counts)
    for layer, row in enumerate(counts):
        if row.any():  # half of ReLU's values are 0: that one bin must not outshine the others
            share[layer] = np.clip(row / np.quantile(row[row > 0], 0.97), 0, 1)
    ink = np.empty((*share.T.shape, 4))
    ink[..., :3], ink[..., 3] = to_rgb(series(name).color), share.T**0.5
    ax.imshow(
        ink,
        extent=(-0.5, len(counts) - 0.5, *span),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        label=name,
        zorder=1,
    )
    for edge in range(1, len(counts)):  # layers are separate things
        ax.axvline(edge - 0.5, color=color("background"), linewidth=px(1.5), zorder=2)
    ax.set_facecolor(tuple(mix("background", "quiet", 0.45)))
    ax.patch.set_visible(True)
