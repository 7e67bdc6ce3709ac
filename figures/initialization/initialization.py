"""What passes through the layers of a network at its start: activations, and gradients.

Of any network of one's own too: of what ``simulate.train(net, …, record=["layer_statistics"])``
returns, this shows the first record of every layer.

Source  001, 004; Glorot and Bengio 2010, figures 6 and 7
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import AXES, beside, legend, ticks
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import mix
from look.numbers import number
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
    title="{depth} layers deep, {n_alive} of {n_starts} starts keep both values and gradients "
    "alive",
    subtitle="Each panel is one untrained network, its layers from left to right. Green: where "
    "the activations of {n_examples} digits lie; purple: sizes of the gradients by them. Brighter: "
    "more. Framed: starts that keep both.",
    alt="A table of panels: rows sigmoid, tanh and ReLU, columns six ways to draw the weights. In "
    "each, a green band of activations and a purple band of gradients’ sizes run through {depth} "
    "layers. Bands that stay level in both are those of: {alive}. Elsewhere the green one shrinks "
    "to a line or leaves the panel, or the purple one falls towards the first layer.",
    caption="Networks of {depth} layers of {width} units, biases 0, and a batch of {n_examples} "
    "standardised digits ({dataset}), before any training. Weights: all 0; all {constant:g}; "
    "normal with deviation {normal:g}; uniform in ±{uniform:g}; normal with Glorot’s variance "
    "2/(n_in + n_out); normal with Kaiming’s 2/n_in. Over the green band: the last layer’s "
    "standard deviation, in units of the first one’s; over the purple one: the first layer’s "
    "gradient (root mean square), in units of the last one’s. Bold: between 1/{within:g} and "
    "{within:g}. With ReLU, Kaiming’s start {relu_kept:?leaves the last layer {relu_ratio:.2f} "
    "times the variance of the first|keeps the variance within a factor of two: {relu_ratio:.2f}}. "
    "Glorot’s derivation wants activations that are linear around 0 with slope 1; "
    "the sigmoid’s is ¼.",
    words={
        "values": "activations: where they lie; the number: the last layer’s spread, of the "
        "first’s",
        "gradients": "gradients by them, logarithmic; the number: the first layer’s size, of the "
        "last’s",
        "gain": "{x:.2r}",
        "nothing": "all 0",
        "start": "Three starts: which one lets the signal through?\n"
        "ReLU, {depth} layers down. Each ridge: how large the activations of a layer are.",
        "back": "And the gradient, on its way back up?\n"
        "Hanging ridges: how large the gradients by the same activations are.",
        "end": "{only_kaiming:?What is left depends on the start|Only Kaiming’s start keeps "
        "both}\n"
        "What is left after {depth} layers: of the values’ spread, and of the gradient.",
        "small": "normal, σ = {normal:g}",
        "kaiming": "Kaiming, σ = √(2/n)",
        "large": "uniform, ±{uniform:g}",
        "layer": "layer {k}",
    },
    series={"values": ["activations", "green"], "gradients": ["gradients", "purple"]},
)

NAMES = {"relu": "ReLU", "xavier": "Xavier", "kaiming": "Kaiming"}
WITHIN = 10.0  # in bold
UPPER, LOWER, LINE = 74.0, 50.0, 17.0  # heights in a panel: activations, gradients, a number


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel for each network, of one row and column where there is one network."""
    names = recording.run.values.tolist()
    places = [name.partition(", ")[::2] for name in names]
    rows, columns = (list(dict.fromkeys(part)) for part in zip(*places, strict=True))
    left, gap, down = 74.0, 11.0, 30.0
    across = min((WIDTH - MARGIN - left - gap * (len(columns) - 1)) / len(columns), 420.0)
    tall = 2 * LINE + UPPER + LOWER
    top = 26.0
    fig = Canvas(top + len(rows) * (tall + down) + 62)
    layers = dict(enumerate(recording.layer.values.tolist()))
    low, high = _used(recording.gradient_sizes.values, recording.bin_size.values)
    for i, row in enumerate(rows):
        here = [at for at, place in enumerate(places) if place[0] == row]
        edges = recording.bin_edge.values
        span = _used(recording.output_histogram.values[here], edges[:-1])
        span = span[0], span[1] + edges[1] - edges[0]
        for at in here:
            j = columns.index(places[at][1])
            one = recording.isel(run=at, epoch=0)
            x, y = left + j * (across + gap), top + i * (tall + down)
            if i == 0:
                title = places[at][1]
                fig.write(x, y - 9, NAMES.get(title, title), weight="semibold")
            _number(fig, x, y + LINE - 5, one.output_gain.values[-1], "values")
            upper = fig.place(x, y + LINE, across, UPPER)
            _values(upper, one, span)
            _number(fig, x, y + 2 * LINE + UPPER - 5, one.gradient_gain.values[0], "gradients")
            lower = fig.place(x, y + 2 * LINE + UPPER, across, LOWER)
            _sizes(lower, one, (low, high))
            if _kept(one.output_gain.values[-1]) and _kept(one.gradient_gain.values[0]):
                _frame(fig, x, y, across, tall)
            if j == 0:
                whole = [v for v in (-4, -1, 0, 1, 4) if span[0] - 0.01 <= v <= span[1] + 0.01]
                ticks(upper, "y", whole)
                powers = [k for k in (-12, -6, 0) if low <= k <= high]
                ticks(lower, "y", powers, lambda k: number(10.0**k))
                label = NAMES.get(row, row)
                fig.write(MARGIN - 16, y + LINE - 5, label, weight="semibold")
            if i == len(rows) - 1:
                ticks(lower, "x", [0, recording.sizes["layer"] - 1], layers.__getitem__)
                if j == 0:
                    beside(
                        lower, "layer", (0.5, 0), of=AXES, shift=(0, -20), ha="center",
                        color=color("muted"), fontsize=px(TICK),
                    )  # fmt: skip
    entries = [(say(name), series(name).color, "solid") for name in ("values", "gradients")]
    base = top + len(rows) * (tall + down) + 18
    legend(fig, entries, left=left, top=base)
    return fig


def _used(counts: np.ndarray, lows: np.ndarray) -> tuple[float, float]:
    """Return the lowest and the highest of the bins that hold anything."""
    there = np.flatnonzero(counts.reshape(-1, counts.shape[-1]).any(0))
    return (float(lows[there[0]]), float(lows[there[-1]])) if len(there) else (0.0, 1.0)


def _kept(gain: float) -> bool:
    return bool(1 / WITHIN < gain < WITHIN)


def _frame(fig: Canvas, x: float, y: float, across: float, tall: float) -> None:
    """Frame a panel in which both arrive."""
    height = fig.height
    corner = ((x - 4) / WIDTH, 1 - (fig.head + y + tall + 3) / height)
    fig.add_artist(
        Rectangle(
            corner, (across + 8) / WIDTH, (tall + 6) / height, fill=False, label="kept",
            edgecolor=color("text"), linewidth=px(1.5), transform=fig.transFigure,
        )
    )  # fmt: skip


def _number(fig: Canvas, x: float, baseline: float, gain: float, name: str) -> None:
    style = {"weight": "semibold"} if _kept(gain) else {}
    text = say("gain", x=gain)
    fig.write(x, baseline, text, size=TICK, color=series(name).color, gid=f"{name} gain", **style)


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
    """Draw a column a layer, brighter where more of its values lie."""
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
