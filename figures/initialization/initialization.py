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
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px
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
    "the activations of {n_examples} {many} lie; purple: sizes of the gradients by them. Stronger: "
    "more. Framed and bright: starts that keep both.",
    alt="A table of panels: rows sigmoid, tanh and ReLU, columns six ways to draw the weights. In "
    "each, a green band of activations and a purple band of gradients’ sizes run through {depth} "
    "layers. Bands that stay level in both are those of: {alive}. Elsewhere the green one shrinks "
    "to a line or leaves the panel, or the purple one falls towards the first layer.",
    caption="Networks of {depth} layers of {width} units, biases 0, and a batch of {n_examples} "
    "standardised {many} ({dataset}), before any training. Weights: all 0; all {constant:g}; "
    "normal with deviation {normal:g}; uniform in ±{uniform:g}; normal with Xavier’s variance "
    "2/(n_in + n_out); normal with Kaiming’s 2/n_in. Over the green band: the last layer’s "
    "standard deviation, in units of the first one’s; over the purple one: the first layer’s "
    "gradient (root mean square), in units of the last one’s. Bold: between 1/{within:g} and "
    "{within:g}. With ReLU, Kaiming’s start {relu_kept:?leaves the last layer {relu_ratio:.2f} "
    "times the variance of the first|keeps the variance within a factor of two: {relu_ratio:.2f}}. "
    "Xavier’s derivation wants activations that are linear around 0 with slope 1; "
    "the sigmoid’s is ¼.",
    words={
        "values": "activations; number: how much spread is left",
        "gradients": "gradients, logarithmic; number: what is left",
        "gain": "{x:.2r}",
        "nothing": "all 0",
        "start": "Three starts: which one lets the signal through?\n"
        "ReLU, {depth} layers down. A ridge: how large a layer’s activations are.",
        "back": "And the gradient, on its way back up?\n"
        "Hanging ridges: how large the gradients by them are.",
        "end": "{only_kaiming:?What is left depends on the start|Of these three, only "
        "Kaiming’s start keeps both}\n"
        "What is left after {depth} layers: of the spread, and of the gradient.",
        "small": "normal, σ = {normal:g}",
        "kaiming": "Kaiming, σ = √(2/n)",
        "large": "uniform, ±{uniform:g}",
        "layer": "layer {k}",
    },
    series={"values": ["activations", "green"], "gradients": ["gradients", "purple"]},
)

Span = tuple[float, float]
NAMES = {"relu": "ReLU", "xavier": "Xavier", "kaiming": "Kaiming"}
WITHIN = 10.0  # in bold
FAINT = 0.4  # opacity of a start that does not keep both
UPPER, LOWER, LINE = 74.0, 50.0, 17.0  # heights in a panel: activations, gradients, a number


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel for each network, of one row and column where there is one network."""
    names = recording.run.values.tolist()
    places = [name.partition(", ")[::2] for name in names]
    rows, columns = (list(dict.fromkeys(part)) for part in zip(*places, strict=True))
    left, gap, down, top = 74.0, 11.0, 44.0, 108.0
    across = min((WIDTH - MARGIN - left - gap * (len(columns) - 1)) / len(columns), 420.0)
    tall = 2 * LINE + UPPER + LOWER
    fig = Canvas(top + len(rows) * (tall + down) + 8)
    entries = [(say(name), series(name).color, "solid") for name in ("values", "gradients")]
    legend(fig, entries, left=left, top=10)
    layers: list[str] = recording.layer.values.tolist()
    powers = _used(recording.gradient_sizes.values, recording.bin_size.values)
    edges = recording.bin_edge.values
    first = (0, 2, 4) if is_narrow() else (0,)  # columns that stand at the left
    for i, row in enumerate(rows):
        here = [at for at, place in enumerate(places) if place[0] == row]
        span = _used(recording.output_histogram.values[here], edges[:-1])
        span = span[0], span[1] + edges[1] - edges[0]
        for at in here:
            j = columns.index(places[at][1])
            one = recording.isel(run=at, epoch=0)
            x, y = left + j * (across + gap), top + i * (tall + down)
            fig.place(x, y, across, tall).set_axis_off()  # the two stay together
            upper = fig.place(x, y + LINE, across, UPPER)
            lower = fig.place(x, y + 2 * LINE + UPPER, across, LOWER)
            _values(upper, one, span)
            _sizes(lower, one, powers)
            _number(upper, one.output_gain.values[-1], "values")
            _number(lower, one.gradient_gain.values[0], "gradients")
            if _kept(one.output_gain.values[-1]) and _kept(one.gradient_gain.values[0]):
                _frame(fig, upper, lower)
            elif len(names) > 1:  # beside those that do
                for image in (*upper.images, *lower.images):
                    image.set_alpha(FAINT)
            title = " ".join(NAMES.get(part, part) for part in places[at][::-1]).strip()
            if is_narrow():  # where a panel does not stand under its column's name
                beside(upper, title, (0, 1), of=AXES, shift=(0, LINE + 6), weight="semibold")
            elif i == 0:
                title = NAMES.get(places[at][1], places[at][1])
                beside(upper, title, (0, 1), of=AXES, shift=(0, LINE + 27), weight="semibold")
            if j in first:
                _name_row(upper, lower, NAMES.get(row, row), span, powers)
            if i == len(rows) - 1:
                ticks(lower, "x", [0, recording.sizes["layer"] - 1], lambda k: layers[int(k)])
                if j in first:
                    beside(
                        lower, "layer", (0.5, 0), of=AXES, shift=(0, -20), ha="center",
                        color=color("muted"), fontsize=px(TICK),
                    )  # fmt: skip
    return fig


def _name_row(upper: Axes, lower: Axes, name: str, span: Span, powers: Span) -> None:
    """Name an activation at its first panel, and the values on both axes."""
    whole = [v for v in (-4, -1, 0, 1, 4) if span[0] - 0.01 <= v <= span[1] + 0.01]
    ticks(upper, "y", whole)
    shown = [k for k in (-12, -6, 0) if powers[0] <= k <= powers[1]]
    ticks(lower, "y", shown, lambda k: number(10.0**k))
    if not is_narrow():
        beside(upper, name, (0, 1), of=AXES, shift=(0, LINE + 6), color=color("muted"))


def _used(counts: np.ndarray, lows: np.ndarray) -> tuple[float, float]:
    """Return the lowest and the highest of the bins that hold anything."""
    there = np.flatnonzero(counts.reshape(-1, counts.shape[-1]).any(0))
    return (float(lows[there[0]]), float(lows[there[-1]])) if len(there) else (0.0, 1.0)


def _kept(gain: float) -> bool:
    return bool(1 / WITHIN < gain < WITHIN)


def _frame(fig: Canvas, upper: Axes, lower: Axes) -> None:
    """Frame a panel in which both arrive."""
    high, low = upper.get_position(), lower.get_position()
    across, up = 4 / fig.width, 3 / fig.height
    top = high.y1 + LINE / fig.height
    fig.add_artist(
        Rectangle(
            (low.x0 - across, low.y0 - up), low.width + 2 * across, top - low.y0 + up, fill=False,
            label="kept", edgecolor=color("text"), linewidth=px(1.5), transform=fig.transFigure,
        )
    )  # fmt: skip


def _number(ax: Axes, gain: float, name: str) -> None:
    style = {"weight": "semibold"} if _kept(gain) else {}
    beside(
        ax, say("gain", x=gain), (0, 1), of=AXES, shift=(0, 5), fontsize=px(TICK),
        color=series(name).color, gid=f"{name} gain", **style,
    )  # fmt: skip


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
