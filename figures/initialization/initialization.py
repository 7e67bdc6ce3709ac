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
from matplotlib.lines import Line2D
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
    text_width,
)
from figures.parts.colors import mix
from look.numbers import joined, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "initialization": "output_sizes (run, epoch, layer, bin_size), "
    "gradient_sizes (run, epoch, layer, bin_size), bin_size (bin_size), "
    "output_gain (run, epoch, layer), gradient_gain (run, epoch, layer), run (run), layer (layer)",
}

VISUAL = Visual(
    uses=["initialization"],
    title="{only_kaiming:?Three starts of one ReLU network: what comes through differs|Of three "
    "starts of a ReLU network, only Kaiming’s lets the signal through}",
    subtitle="{depth} layers, untrained. Green: how large activations are; purple: gradients, on "
    "their way back. Weights: normal with σ\u202f=\u202f{normal:g}, Kaiming’s √(2/n), uniform "
    "within ±{uniform:g}.",
    alt="Three panels, each a network of {depth} layers with ReLU: with small normal weights, with "
    "Kaiming’s, and with large uniform ones. In each a green band of activations’ sizes and a "
    "purple band of gradients’ sizes run from layer to layer, level or steep. Under the panels two "
    "marks for each of {n_starts} starts, full circles where activations and gradients are kept: "
    "both are for {alive}.",
    caption="Networks of {depth} layers of {width} units, biases 0, and a batch of {n_examples} "
    "standardised {many} ({dataset}), before any training. Weights: all 0; all {constant:g}; "
    "normal with deviation {normal:g}; uniform in ±{uniform:g}; normal with Xavier’s variance "
    "2/(n_in + n_out); normal with Kaiming’s 2/n_in. Spread: the last layer’s "
    "standard deviation, in units of the first one’s; gradient: the first layer’s (root mean "
    "square), in units of the last one’s. Bold, and a filled dot: between 1/{within:g} and "
    "{within:g}; of what is exactly 0, no size is drawn. With ReLU, Kaiming’s start "
    "{relu_kept:?leaves the last layer {relu_ratio:.2f} "
    "times the variance of the first|keeps the variance within a factor of two: {relu_ratio:.2f}}. "
    "Xavier’s derivation wants activations that are linear around 0 with slope 1; "
    "the sigmoid’s is ¼.",
    words={
        "values left": "spread × {x:.2r}",
        "gradients left": "gradient × {x:.2r}",
        "layers": "layer",
        "all": "Of all {n} starts, {kept} keep both within a factor of {factor:g}",
        "sides": "left: spread; right: gradient",
        "low": "shrinks",
        "kept": "kept",
        "high": "grows",
        "gain": "{x:.2r}",
        "values short": "spread ×",
        "gradients short": "gradient ×",
        "nothing": "all 0",
        "start": "Three starts: which one lets the signal through?\n"
        "ReLU, {depth} layers down. A ridge: how large a layer’s activations are.",
        "back": "And the gradient, on its way back up?\n"
        "Purple ridges: how large a layer’s gradients are.",
        "end": "{only_kaiming:?What comes out depends on the start|Of these three, only Kaiming’s "
        "start keeps both}\n"
        "Green: activations; purple: gradients. Bright: both within a factor of {within:g}.",
        "fate": "{fate:?low=dies out|kept=arrives|high=blows up|mixed=is uneven}",
        "small": "normal, σ = {normal:g}",
        "kaiming": "Kaiming, √(2/n)",
        "large": "uniform, ±{uniform:g}",
        "layer": "layer {k}",
    },
    series={"values": ["activations", "green"], "gradients": ["gradients", "purple"]},
)

Span = tuple[float, float]
NAMES = {"relu": "ReLU", "xavier": "Xavier", "kaiming": "Kaiming"}
# Of all that were recorded, those drawn large: one activation with weights too small, made for it,
# and too large. All others are marks under them.
SHOWN = ("relu, normal", "relu, kaiming", "relu, uniform")
WITHIN = 10.0  # what is between a tenth and ten times is kept
LINE, HEAD = 20.0, 28.0  # heights of a number's line, and of a panel's name
FOOT = 24.0  # height of the layers' line
MARKS = {"low": "v", "kept": "o", "high": "^"}


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel for each of a few networks, over a mark for each that was recorded."""
    names = [str(name) for name in recording.run.values]
    chosen = [name for name in SHOWN if name in names]
    many = len(chosen) == len(SHOWN)
    shown = chosen if many else names
    columns = min(3, len(shown))
    left, margin, gap = (50.0, NARROW_MARGIN, 14.0) if is_narrow() else (74.0, MARGIN, 24.0)
    each = 92.0 if is_narrow() else 118.0
    across = min((fig_width() - margin - left - gap * (columns - 1)) / columns, 420.0)
    line, head = _lines()
    tall = head + 2 * line + 2 * each + 8
    rows = -(-len(shown) // columns)
    foot = rows * (tall + 30) + 36
    height = foot + (_marks_height(names) + 12 if many else 0)
    fig = Canvas(height, narrow=height)
    here = [names.index(name) for name in shown]
    spans = {name: _used(recording[name].values[here], recording.bin_size.values)
             for name in ("output_sizes", "gradient_sizes")}  # fmt: skip
    for at, name in enumerate(shown):
        x, y = left + at % columns * (across + gap), at // columns * (tall + 30)
        one = recording.isel(run=names.index(name), epoch=0)
        high = fig.place(x, y + head + line, across, each)
        low = fig.place(x, y + tall - each, across, each)
        _sizes(high, one, "output_sizes", "values", spans["output_sizes"])
        _sizes(low, one, "gradient_sizes", "gradients", spans["gradient_sizes"])
        _name(high, name, one)
        _axes(high, low, recording, first=at % columns == 0, last=at >= len(shown) - columns)
        _number(high, one.output_gain.values[-1], "values", first=at % columns == 0)
        _number(low, one.gradient_gain.values[0], "gradients", first=at % columns == 0)
        if _keeps(one) and len(names) > 1:
            _frame(fig, high, low)
    if many:
        _marks(fig, recording, names, foot)
    return fig


def fig_width() -> float:
    """Return how wide the sheet is."""
    return NARROW if is_narrow() else WIDTH


def _lines() -> tuple[float, float]:
    """Return how tall the line of numbers and the panel's head are.

    On the narrow sheet what is counted stands over the numbers, and the fate under the name.
    """
    return (2 * LINE, HEAD + 18) if is_narrow() else (LINE, HEAD)


def _label(name: str) -> str:
    """Return what a network is called: its activation, and how its weights were drawn."""
    parts = name.split(", ")[1:] if name in SHOWN else name.split(", ")  # all three have ReLU
    return joined([NAMES.get(part, part) for part in parts if part], ", ")


def _name(ax: Axes, name: str, one: xr.Dataset) -> None:
    """Write what a network is, and what becomes of what passes it."""
    fates = {_fate(float(one.output_gain[-1])), _fate(float(one.gradient_gain[0]))}
    said = say("fate", fate=fates.pop() if len(fates) == 1 else "mixed")
    up, size = _lines()[0] + 8, px(LABEL if is_narrow() else 17)
    above = 18 if is_narrow() else 0
    name_style: dict[str, Any] = {"weight": "semibold", "fontsize": size}
    beside(ax, _label(name), (0, 1), of=AXES, shift=(0, up + above), **name_style)
    end = (0, "left") if is_narrow() else (1, "right")
    beside(ax, said, (end[0], 1), of=AXES, shift=(0, up), ha=end[1], fontsize=size)


def _axes(high: Axes, low: Axes, recording: xr.Dataset, *, first: bool, last: bool) -> None:
    """Write the sizes at the left, and the layers below."""
    for ax in (high, low):
        bottom, top = ax.get_ylim()
        powers = [k for k in range(-16, 8, 4) if bottom <= k <= top]
        ticks(ax, "y", powers, (lambda k: number(10.0**k)) if first else lambda k: "")
        ax.axhline(0, color=color("muted"), linewidth=px(1), zorder=3)
    if last:
        layers = recording.layer.values.tolist()
        ends = sorted({0, len(layers) - 1})
        ticks(low, "x", ends, lambda k: str(layers[int(k)]))
        low.set_xlabel(say("layers"), labelpad=px(-12), fontsize=px(TICK))


def _used(counts: np.ndarray, lows: np.ndarray) -> Span:
    """Return the lowest and the highest of the bins that hold enough to be seen."""
    layers = counts.reshape(-1, counts.shape[-1])
    seen = layers > 0.02 * layers.sum(1, keepdims=True)
    seen[:, 0] &= ~seen[:, 1:].any(1)  # the first bin holds all that is smaller, too
    there = np.flatnonzero(seen.any(0))
    return (float(lows[there[0]]), float(lows[there[-1]])) if len(there) else (0.0, 1.0)


def _fate(gain: float) -> str:
    """Return what became of a size: what is 0 or nothing any more is low, too."""
    return "high" if gain >= WITHIN else "kept" if gain > 1 / WITHIN else "low"


def _kept(gain: float) -> bool:
    return _fate(gain) == "kept"


def _keeps(one: xr.Dataset) -> bool:
    """Return whether both arrive: the activations at the last layer, the gradient at the first."""
    return _kept(float(one.output_gain[-1])) and _kept(float(one.gradient_gain[0]))


def _frame(fig: Canvas, upper: Axes, lower: Axes) -> None:
    """Frame a panel in which both arrive."""
    high, low = upper.get_position(), lower.get_position()
    before = after = 6 / fig.width
    up, top = FOOT / fig.height, high.y1 + (sum(_lines()) + 4) / fig.height
    fig.add_artist(
        Rectangle(
            (low.x0 - before, low.y0 - up), low.width + before + after, top - low.y0 + up,
            fill=False,
            label="kept", edgecolor=color("text"), linewidth=px(1.75), transform=fig.transFigure,
        )
    )  # fmt: skip


def _number(ax: Axes, gain: float, name: str, first: bool) -> None:
    """Write how many times as large as at first; on the narrow sheet, for all, of what."""
    said = say("gain", x=gain) if is_narrow() else say(f"{name} left", x=gain)
    if is_narrow() and first:
        beside(ax, say(f"{name} short"), (0, 1), of=AXES, shift=(0, 5 + LINE), fontsize=px(TICK),
               color=series(name).color)  # fmt: skip
    beside(
        ax, said, (0, 1), of=AXES, shift=(0, 5), fontsize=px(TICK), color=series(name).color,
        gid=f"{name} gain", weight="semibold" if _kept(gain) else "normal",
    )  # fmt: skip


CELL, ROW = 88.0, 26.0  # of the marks


def _marks_height(names: list[str]) -> float:
    activations = {name.partition(", ")[0] for name in names}
    rows = len(names) / len(activations) if is_narrow() else len(activations)
    return _first() + ROW * rows


def _first() -> float:
    """Return where the first row of marks stands."""
    return 108.0 if is_narrow() else 86.0


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
    size = LABEL if is_narrow() else 17.0
    kept = sum(_keeps(recording.isel(run=k, epoch=0)) for k in range(len(names)))
    said = say("all", n=len(names), kept=kept, factor=WITHIN)
    ax.text(edge, 6, said, va="center_baseline", fontsize=px(size), weight="semibold")
    ax.text(edge, 30, say("sides"), color=color("muted"), **style)
    x = edge + text_width(say("sides"), LABEL) + 30 if not is_narrow() else edge + 8
    y = 30.0 if not is_narrow() else 54.0
    for fate in MARKS:
        _mark(ax, x, y, fate, color("text"))
        ax.text(x + 12, y, say(fate), color=color("muted"), **style)
        x += text_width(say(fate), LABEL) + 44
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
            mark = _mark(ax, x + side, y, _fate(gain), series(what).color)
            mark.set_label(f"{what} of {names[at]}")
        if _keeps(one):
            box = Rectangle((x - 20, y - 11), 40, 22, fill=False, edgecolor=color("text"),
                            linewidth=px(1.75))  # fmt: skip
            ax.add_patch(box).set_label("kept")


def _mark(ax: Axes, x: float, y: float, fate: str, ink: str) -> Line2D:
    """Draw a full circle for what is kept, else a hollow triangle down or up."""
    (mark,) = ax.plot(
        [x], [y], MARKS[fate], markersize=px(11 if fate == "kept" else 9), markeredgecolor=ink,
        markerfacecolor=ink if fate == "kept" else color("background"), clip_on=False,
        markeredgewidth=px(1.5),
    )  # fmt: skip
    return mark


def _sizes(ax: Axes, one: xr.Dataset, kind: str, name: str, span: Span) -> None:
    """Draw a column a layer, over powers of ten."""
    counts, sizes = one[kind].values.astype(float), one.bin_size.values
    half = float(sizes[1] - sizes[0]) / 2
    _bands(ax, counts, name, (float(sizes[0]) - half, float(sizes[-1]) + half))
    ax.set(ylim=(span[0] - 3 * half, span[1] + 3 * half), xlim=(-0.5, len(counts) - 0.5), xticks=[])
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
        share[layer] = row / max(row.max(), 1)
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
