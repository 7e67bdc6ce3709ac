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
)
from figures.parts.colors import mix
from figures.parts.table import Cell, Column, Table
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
    "starts of a ReLU network, only Kaiming’s keeps the signal’s size}",
    subtitle="{depth} layers, untrained. Green: how large activations are; purple: gradients, from "
    "right to left. Weights: normal with σ\u202f=\u202f{normal:g}, Kaiming’s √(2/inputs), uniform "
    "within ±{uniform:g}.",
    alt="Three panels, each a network of {depth} layers with ReLU: with small normal weights, with "
    "Kaiming’s, and with large uniform ones. In each a green band of activations’ sizes and a "
    "purple band of gradients’ sizes run from layer to layer, level or steep; a frame is around "
    "what keeps both.",
    caption="Networks of {depth} layers of {width} units, biases 0, and a batch of {n_examples} "
    "standardised {many} ({dataset}), before any training. Weights: all 0; all {constant:g}; "
    "normal with deviation {normal:g}; uniform in ±{uniform:g}; normal with Xavier’s variance "
    "2/(n_in + n_out); normal with Kaiming’s 2/n_in. Forward: the last layer’s "
    "standard deviation, in units of the first one’s; back: the gradient’s size at the first layer "
    "(root mean square), in units of the last one’s. Bold: between 1/{within:g} and {within:g}, "
    "which of {n_starts} starts with sigmoid, tanh or ReLU {alive} keep. Of what is exactly 0, "
    "no size is drawn. With ReLU, Kaiming’s start "
    "{relu_kept:?leaves the last layer {relu_ratio:.2f} "
    "times the variance of the first|keeps the variance within a factor of two: {relu_ratio:.2f}}. "
    "Xavier’s derivation wants activations that are linear around 0 with slope 1; "
    "the sigmoid’s is ¼.",
    words={
        "values left": "forward → × {x:.2r}",
        "gradients left": "← back × {x:.2r}",
        "layers": "layer",
        "all": "Of {n} starts, {kept} keep signal and gradient within a factor of {factor:g}",
        "both": "Signal: the spread of the activations, last layer over first. Gradient: its size, "
        "first layer over last.",
        "counted": "Dies out: below 1/{factor:g}. Blows up: above {factor:g}. No signal: all of "
        "the last layer’s activations are the same.",
        "further": "The picture of vanishing gradients goes one step further back.",
        "weights": "weights at the start",
        "gains": "{forward:?no signal|signal\u00a0{values:.2r}}\n"
        "{back:?no gradient|gradient\u00a0{gradients:.2r}}",
        "of zero": "all 0",
        "of constant": "all {constant:g}",
        "of normal": "σ = {normal:g}",
        "of uniform": "within ±{uniform:g}",
        "of xavier": "normal,\nσ² = 2/(inputs + outputs)",
        "of kaiming": "normal,\nσ² = 2/inputs",
        "gain": "{x:.2r}",
        "values short": "forward →",
        "gradients short": "← back",
        "nothing": "all 0",
        "values row": "forward",
        "gradients row": "back",
        "start": "Three starts of a ReLU network: which keeps the signal’s size?\n"
        "Ridges: how large activations are. Below: their spread, as a multiple of layer 1’s.",
        "back": "And the gradient, on its way back up?\n"
        "Purple: how large gradients are. Below: their size, as a multiple of layer {depth}’s.",
        "end": "{only_kaiming:?What comes out depends on the start|Only Kaiming’s start keeps both "
        "at their size}\n"
        "Green: activations; purple: gradients. Bright: both stay within a factor of "
        "{within:g}.",
        "fate": "{fate:?low=dies out|kept=arrives|high=blows up|kept-low=gradient dies out"
        "|kept-high=gradient blows up|low-kept=signal dies out|high-kept=signal blows up"
        "|low-high=gradient blows up|high-low=gradient dies out}",
        "small": "normal, σ = {normal:g}",
        "kaiming": "Kaiming, √(2/inputs)",
        "large": "uniform, ±{uniform:g}",
        "layer": "layer {k}",
    },
    series={"values": ["activations", "green"], "gradients": ["gradients", "purple"]},
)

Span = tuple[float, float]
NAMES = {"relu": "ReLU", "xavier": "Xavier", "kaiming": "Kaiming"}
# Of all that were recorded, those drawn large: one activation with weights too small, made for it,
# and too large. All others are in the table.
SHOWN = ("relu, normal", "relu, kaiming", "relu, uniform")
WITHIN = 10.0  # what is between a tenth and ten times is kept
LINE, HEAD = 20.0, 28.0  # heights of a number's line, and of a panel's name
FOOT = 24.0  # height of the layers' line


def draw(recording: xr.Dataset) -> Figure:
    """Return a panel for each of a few networks, or for each where these weren't recorded."""
    names = [str(name) for name in recording.run.values]
    chosen = [name for name in SHOWN if name in names]
    shown = chosen if len(chosen) == len(SHOWN) else names
    columns = min(3, len(shown))
    left, margin, gap = (50.0, NARROW_MARGIN, 14.0) if is_narrow() else (74.0, MARGIN, 24.0)
    each = 92.0 if is_narrow() else 118.0
    across = min((fig_width() - margin - left - gap * (columns - 1)) / columns, 420.0)
    line, head = _lines()
    tall = head + 2 * line + 2 * each + 8
    rows = -(-len(shown) // columns)
    height = rows * (tall + 30) + 10
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
    said = say("fate", fate=_fates(one.output_gain[-1], one.gradient_gain[0]))
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
    high.axhline(0, color=color("muted"), linewidth=px(1), zorder=3)  # a gradient has no 1
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


def _fates(values: float, gradients: float) -> str:
    """Return what became of both: once if they share it."""
    return "-".join(dict.fromkeys((_fate(values), _fate(gradients))))


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


def table(recording: xr.Dataset) -> Table:
    """Return what becomes of both under every start, activation by activation."""
    names = [str(name) for name in recording.run.values]
    places = [name.partition(", ")[::2] for name in names]
    activations, starts = (list(dict.fromkeys(part)) for part in zip(*places, strict=True))
    found: dict[tuple[str, str], Cell] = {}
    for at, place in enumerate(places):
        one = recording.isel(run=at, epoch=0)
        gains = float(one.output_gain[-1]), float(one.gradient_gain[0])
        fate = say("fate", fate=_fates(*gains))
        forward, back = (int(gain > 0) for gain in gains)  # 0/0 is none, as 0 is
        note = say("gains", values=gains[0], gradients=gains[1], forward=forward, back=back)
        found[place] = Cell(fate, note=note, strong=_keeps(one), tint=_keeps(one))
    rows, known = [], {word[3:] for word in VISUAL.words if word.startswith("of ")}
    # The sizes of weights that some starts name; somebody's own recording may not say them.
    told = (
        set(starts) == known and {"constant", "normal", "uniform"} <= dict(recording.attrs).keys()
    )
    for start in starts:
        drawn = say(f"of {start}") if told else ""  # else its own words tell
        name = Cell(NAMES.get(start, start), note=drawn)
        rows.append([name, *(found.get((each, start), Cell(None)) for each in activations)])
    kept = sum(cell.strong for cell in found.values())
    return Table(
        [Column(say("weights")), *(Column(NAMES.get(each, each)) for each in activations)],
        rows,
        title=say("all", n=len(names), kept=kept, factor=WITHIN),
        subtitle=say("both"),
        notes=[say("counted", factor=WITHIN), say("further")],
    )


def _sizes(ax: Axes, one: xr.Dataset, kind: str, name: str, span: Span) -> None:
    """Draw a column a layer, over powers of ten."""
    counts, sizes = one[kind].values.astype(float), one.bin_size.values
    half = float(sizes[1] - sizes[0]) / 2
    _bands(ax, counts, name, (float(sizes[0]) - half, float(sizes[-1]) + half))
    ax.set(ylim=(span[0] - 3 * half, span[1] + 5 * half), xlim=(-0.5, len(counts) - 0.5), xticks=[])
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
