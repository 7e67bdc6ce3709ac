"""The errors of one digit on their way back through a trained network, and the step they cause.

Source  000, gradients via backpropagation; 001; 002; 004. Gradients are made in the backward pass;
weights change in the step after it, not on the way, as 002 has it
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon

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
from figures.parts.networks import bar, digit, edges
from look.numbers import fixed, form, number
from look.theme import color
from look.words import Visual, say

READS = {
    "backprop_network": "image (y, x), unit_layer (unit), unit_index (unit), activation (unit), "
    "delta (unit), "
    "gap (param), source (param), target (param), pull (param), weight (param), output (class), "
    "output_after (class), wanted (class), shown (class), class (class), width (layer), "
    "is_image, label, prediction, loss_before, loss_after, n_off",
}

VISUAL = Visual(
    uses=["backprop_network"],
    title="{label_name}, taken for {prediction_name}: the errors flow back through the weights",
    subtitle="Orange: too much; blue: too little. Each line hands back error × weight: its colour "
    "is the sign, its width the size.",
    alt="An image of a {one}, two layers of hidden units, and {n_classes} bars, one a "
    "class. The bar of {prediction_name} is too long by an orange piece, that of {label_name} too "
    "short by a blue one. From these two, coloured lines run back to the hidden units, which are "
    "coloured too, or crossed out where nothing comes back. One of the lines is worked out: error "
    "times weight. A dark bar under each of the two: after the step.",
    caption="One test {one} ({dataset}); weights, errors and gradients are autograd’s. The step is "
    "plain gradient descent on this one {one}, η = {lr:g}: the loss goes from {loss_before:.2g} to "
    "{loss_after:.2g}. {n_off:?None of the|One of the|{n_off} of the} {n_hidden} hidden "
    "units {n_off:?is|is|are} off and pass{n_off:?es|es|} nothing back. A weight’s "
    "gradient is error × what comes in; the film has those of the pixels as lines.",
    words={
        "output": "output",
        "units": "{n} units",
        "of": "{shown} of {n} units",
        "off": "× off{zero:?| (it gives 0)}: hands nothing back",
        "weights": "each line: error × weight",
        "worked": "{name}’s error × a line’s weight",
        "flips": "a negative weight\nturns the sign round",
        "now": "{p}{err:?much=, too much|little=, too little|=}",
        "after": "{p} after one step",
        "after upright": "then {p}",
        "both": "{p} → {after}",
        "step": "loss {before:.2g} → {after:.2g}",
        "label": "label",
        "guess": "guess",
        "right": "right",
        "start": "The label says {label_name}. What does the network say?\n"
        "On the way forward, every unit adds up weight × input.",
        "said": "The network says {prediction_name}, {p_prediction:share} sure\n"
        "The label says {label_name}: that bar should be full, and all others empty.",
        "start values": "What the network gives, and what it should give\n"
        "On the way forward, every unit adds up weight × input.",
        "back": "The errors flow back through the same weights\n"
        "Orange: too much, blue: too little; {n_off:?no unit is|one unit is|{n_off} units are} "
        "off (×) and pass{n_off:?es|es|} nothing.",
        "change": "One step against the errors, and forward again\n"
        "Each weight moves by minus step size × error × input.",
        "end": "After the step, {label_name} gets {p_label_after:share}; before, it got "
        "{p_label:share}\nLines at the bars: before the step.",
        "end values": "One step against the errors, and forward again\n"
        "Lines at the bars: before the step.",
        "loss": "loss {loss:.2g}",
        "losses": "loss {loss_before:.2g} → {loss_after:.2g}",
        "share": "{p:share}",
        "amount": "{p:.2f}",
    },
)

TOP, HEIGHT = 30.0, 376.0  # of the columns, CSS pixels
SIDE, RISE = 118.0, 64.0  # of the image, and how far its middle is over that of the columns
COLUMNS = (236.0, 460.0)  # the first and the last
BARS = (478.0, 566.0)
FAINT = 0.1  # opacity of weak lines
# On the narrow sheet the layers are rows: side of the image, the first and the last, bars' ends.
TILE, ROWS, UPRIGHT, FOOT = 108.0, (172.0, 354.0), (370.0, 450.0), 554.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the errors on their way back, and what the step makes of the outputs."""
    fig = Canvas(TOP + HEIGHT + 56, narrow=FOOT)
    if is_narrow():
        _upright(fig, recording)
        return fig
    height = fig.height - fig.head
    middle = TOP + HEIGHT / 2
    top = middle - RISE - SIDE / 2
    tile = fig.place(MARGIN, top, SIDE, SIDE)
    ax = fig.place(0, 0, WIDTH, height)
    ax.set(xlim=(0, WIDTH), ylim=(height, 0))  # data units are CSS pixels
    for each in (tile, ax):
        each.axis("off")
    if recording.attrs["is_image"]:
        digit(tile, recording.image)
    places = _places(recording, middle)
    n_layers = recording.sizes["layer"]
    if recording.attrs["is_image"] and places[1]:
        first = list(places[1].values())
        _beam(ax, [(MARGIN + SIDE, top), (MARGIN + SIDE, top + SIDE),
                   (first[-1][0], first[-1][1] + 12), (first[0][0], first[0][1] - 12)])  # fmt: skip
        _worked(ax, recording, places, (MARGIN, top + SIDE + 56))
    for gap in range(1, n_layers + 1):
        _gap(ax, recording, gap, places)
    for layer in range(0 if not recording.attrs["is_image"] else 1, n_layers):
        _discs(ax, recording, layer, places)
    _outputs(ax, recording, places[n_layers])
    _feet(ax, recording, places)
    return fig


def _places(recording: xr.Dataset, middle: float) -> dict[int, dict[int, tuple[float, float]]]:
    """Return where the units of each layer stand, by layer and place in it."""
    n_layers = recording.sizes["layer"]
    xs = (
        [MARGIN + SIDE / 2, *np.linspace(*COLUMNS, n_layers)] if n_layers > 1 else [102, COLUMNS[1]]
    )
    found: dict[int, dict[int, tuple[float, float]]] = {}
    for layer in range(n_layers + 1):
        own = recording.unit_index.values[recording.unit_layer.values == layer]
        pitch = min(38.0, HEIGHT / max(len(own), 1))
        found[layer] = {
            int(index): (float(xs[layer]), middle + (k - (len(own) - 1) / 2) * pitch)
            for k, index in enumerate(own)
        }
    return found


def _gap(
    ax: Axes,
    recording: xr.Dataset,
    gap: int,
    places: dict[int, dict[int, tuple[float, float]]],
) -> None:
    """Draw what goes back between two layers; to the pixels of an image nothing does."""
    if gap == 1 and recording.attrs["is_image"]:
        return
    inside = recording.gap.values == gap
    source, target = recording.source.values[inside], recording.target.values[inside]
    ends = np.array([places[gap][int(t)] for t in target]).reshape(-1, 2)
    values = recording.pull.values[inside]
    starts = np.array([places[gap - 1][int(s)] for s in source]).reshape(-1, 2)
    if gap == recording.sizes["layer"]:
        ends = ends - [_names(recording), 0]
    edges(ax, starts, ends, values, width=4.0, opacity=_clear(values))


def _names(recording: xr.Dataset) -> float:
    """Return how much of the last gap the names of the outputs take."""
    return 4 + max(text_width(str(name), 15) for name in recording["class"].values)


def _beam(ax: Axes, corners: list[tuple[float, float]]) -> None:
    """Draw that an image goes into the units of the first layer: all of it into each."""
    fill = mix("background", "quiet", 0.45)
    ax.add_patch(Polygon(corners, facecolor=fill, edgecolor="none", zorder=0.5, label="beam"))


def flipped(recording: xr.Dataset) -> int | None:
    """Return the line into the last layer that a negative weight makes thickest, if there is one.

    It is one of what was taken for the right one, whose error is the plainest.
    """
    own = (recording.gap.values == recording.sizes["layer"]) & (recording.weight.values < 0)
    own &= recording.target.values == int(recording.attrs["prediction"])
    pull = np.where(own, np.abs(recording.pull.values), 0)
    return int(pull.argmax()) if pull.any() else None


def _worked(
    ax: Axes,
    recording: xr.Dataset,
    places: dict[int, dict[int, tuple[float, float]]],
    at: tuple[float, float],
) -> None:
    """Work one line out, and write what it hands back by it: the sign is not that of the error."""
    line, last = flipped(recording), recording.sizes["layer"]
    if line is None or last < 2:
        return
    source, target = int(recording.source[line]), int(recording.target[line])
    weight = round(float(recording.weight[line]), 2)
    error = round(float(recording.pull[line]) / float(recording.weight[line]), 2)
    given = round(error * weight, 2)  # of the printed factors
    end, start = (np.array(places[layer][unit]) for layer, unit in ((last - 1, source),
                                                                    (last, target)))  # fmt: skip
    start = start - ([0, 16] if is_narrow() else [_names(recording), 0])
    middle = 0.55 * end + 0.45 * start
    ax.text(*middle, fixed(given, 2), ha="center", va="center_baseline", weight="semibold",
            fontsize=px(LABEL + 1), bbox=_chip(given), zorder=5, gid="on the line")  # fmt: skip
    (k,) = np.flatnonzero(recording["shown"].values == target)
    x, y = at
    style = {"va": "baseline", "color": color("muted"), "fontsize": px(TICK)}
    ax.text(x, y, say("worked", name=str(recording["class"].values[k])), **style)
    large = {"va": "baseline", "weight": "semibold", "fontsize": px(17)}
    parts = [(form(error, "+.2f"), error), ("×", 0.0), (fixed(weight, 2), 0.0), ("=", 0.0),
             (fixed(given, 2), given)]  # fmt: skip
    x += 4
    for text, value in parts:
        ax.text(x, y + 28, text, gid="worked", bbox=_chip(value) if value else None, **large)
        x += text_width(text, 17, "semibold") + (9 if value or text in "×=" else 6)
    for row, text in enumerate(say("flips").split("\n")):
        ax.text(at[0], y + 58 + 17 * row, text, va="baseline", weight="semibold",
                fontsize=px(LABEL))  # fmt: skip


def _chip(value: float) -> dict[str, Any]:
    """Return the ground of a number in the colour of its sign: the number itself stays readable."""
    sign = "positive" if value > 0 else "negative"
    return {"facecolor": mix("background", sign, 0.4), "edgecolor": color(sign),
            "linewidth": px(1), "boxstyle": "round,pad=0.18"}  # fmt: skip


def _clear(values: np.ndarray) -> np.ndarray:
    """Return how strong lines are drawn: one can follow the strong ones if the rest is faint."""
    share = np.abs(values) / max(float(np.abs(values).max(initial=0)), 1e-12)
    return np.clip((share - 0.3) / 0.25, FAINT, 1)


def _discs(
    ax: Axes, recording: xr.Dataset, layer: int, places: dict[int, dict[int, tuple[float, float]]]
) -> None:
    """Draw a layer's units, tinted by their errors; without one they stay empty."""
    own = recording.unit_layer.values == layer
    deltas = recording.delta.values[own]
    most = max(float(np.abs(deltas).max(initial=0)), 1e-12)
    fills = np.where(
        deltas[:, None] > 0,
        mix("background", "positive", np.abs(deltas) / most),
        mix("background", "negative", np.abs(deltas) / most),
    )
    at = np.array(list(places[layer].values())).reshape(-1, 2)
    diameter = min(18.0, 0.78 * HEIGHT / max(len(at), 1))
    ax.add_collection(
        EllipseCollection(
            diameter / 96, diameter / 96, 0, units="inches", offsets=at,
            offset_transform=ax.transData, facecolors=fills, edgecolors=color("muted"),
            linewidths=px(1.2), zorder=2,
        )
    )  # fmt: skip
    if layer:  # what passes nothing back is crossed out, as in the film
        ax.plot(*at[deltas == 0].T, "x", color=color("text"), markersize=px(0.45 * diameter),
                markeredgewidth=px(1.5), linestyle="", zorder=3, label="off")  # fmt: skip


def _outputs(ax: Axes, recording: xr.Dataset, places: dict[int, tuple[float, float]]) -> None:
    """Draw the outputs as bars, with the piece that is too much or too little."""
    left, right = BARS
    label, prediction = (int(recording.attrs[name]) for name in ("label", "prediction"))
    values = np.stack([recording.output, recording.output_after, recording.wanted])
    low, high = min(0.0, float(values.min())), max(1.0, float(values.max()))

    def place(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    ys = [y for _, y in places.values()]
    pitch = ys[1] - ys[0] if len(ys) > 1 else 38.0
    ax.text(left, min(ys) - 22, say("output"), color=color("muted"), va="baseline")
    for k, y in enumerate(ys):
        index = int(recording["shown"].values[k])
        said, after, wanted = values[:, k].tolist()
        marked = index in (label, prediction) or label < 0
        ink = color("text" if marked else "muted")
        style = {
            "va": "center_baseline",
            "color": ink,
            "weight": "semibold" if marked else "normal",
        }
        bar(ax, left, right, y, 1.0, color=color("quiet"))
        ax.plot([place(min(0.0, said)), place(max(0.0, said))], [y, y], color=color("muted"),
                linewidth=px(13), solid_capstyle="butt", zorder=2)  # fmt: skip
        sign = "positive" if said > wanted else "negative"
        ax.plot([place(wanted), place(said)], [y, y], color=color(sign), linewidth=px(7),
                solid_capstyle="butt", zorder=3,
                alpha=float(_seen(said, wanted, high - low)))  # fmt: skip
        under = y + 0.45 * pitch
        if marked:  # what the step makes of it
            ax.plot([place(0.0), place(after)], [under, under], color=ink, zorder=4,
                    linewidth=px(min(13.0, 0.36 * pitch)), solid_capstyle="butt",
                    label=f"after {index}")  # fmt: skip
        name = str(recording["class"].values[k])
        name = number(int(name)) if name.isdigit() else name
        ax.text(left - 12, y, name, ha="right", fontsize=px(15), **style)
        if marked:
            first, then = _said(recording, said, wanted, high - low), _amount(recording, after)
            if pitch < 34:  # there is room for one line
                first = _amount(recording, said)
                ax.text(right + 8, y, say("both", p=first, after=then), fontsize=px(TICK), **style)
                continue
            ax.text(right + 8, y, first, fontsize=px(TICK), **{**style, "weight": "normal"})
            ax.text(right + 8, under, say("after", p=then), fontsize=px(TICK), **style)


def _amount(recording: xr.Dataset, value: float) -> str:
    """Return an output in words: a class's share, or a value."""
    return say("share" if int(recording.attrs["label"]) >= 0 else "amount", p=value)


def _said(recording: xr.Dataset, value: float, wanted: float, span: float) -> str:
    """Return what the network said of an output, and whether that is too much or too little."""
    error = ("much" if value > wanted else "little") if _seen(value, wanted, span) else ""
    return say("now", err=error, p=_amount(recording, value))


def _seen(said: float, wanted: float, span: float) -> bool:
    """Return whether an error is drawn: what is under a hundredth would be a stub of a pixel."""
    return abs(said - wanted) > 0.015 * span


def _off(recording: xr.Dataset) -> str:
    """Return what a cross says; of a unit that gives 0 that it does so."""
    hidden = (recording.unit_layer.values > 0) & (
        recording.unit_layer.values < recording.sizes["layer"]
    )
    off = recording.activation.values[hidden & (recording.delta.values == 0)]
    return say("off", zero=int(not off.any()))


def _feet(
    ax: Axes, recording: xr.Dataset, places: dict[int, dict[int, tuple[float, float]]]
) -> None:
    """Write under the columns how many units there are, and what the step makes of the loss."""
    foot = TOP + HEIGHT + 22
    style = {"ha": "center", "va": "baseline", "color": color("muted"), "fontsize": px(TICK)}
    xs = [next(iter(places[k].values()))[0] if places[k] else MARGIN + SIDE / 2 for k in places]
    n_layers = recording.sizes["layer"]
    for layer in range(1, n_layers):
        n, shown = int(recording.width.values[layer - 1]), len(places[layer])
        text = say("units", n=n) if n == shown else say("of", n=n, shown=shown)
        ax.text(xs[layer], foot, text, **style)
    attrs = recording.attrs
    if attrs["n_off"] and n_layers > 1:
        ax.text((xs[1] + xs[n_layers - 1]) / 2, foot + 20, _off(recording), **style)
    if n_layers > 1:  # the way of the errors
        ax.text((xs[1] + xs[-1]) / 2, 4, say("weights"), **{**style, "color": color("text")})
        ax.add_patch(
            FancyArrowPatch((xs[-1], 12), (xs[1], 12), arrowstyle="-|>", mutation_scale=12,
                            shrinkA=0, shrinkB=0, color=color("muted"), linewidth=px(1.5))
        )  # fmt: skip
    text = say("step", before=attrs["loss_before"], after=attrs["loss_after"])
    ax.text(WIDTH - MARGIN, foot, text, ha="right", va="baseline", weight="semibold")


def _upright(fig: Canvas, recording: xr.Dataset) -> None:
    """Draw the layers as rows, from the example down to the outputs."""
    n_layers, image = recording.sizes["layer"], bool(recording.attrs["is_image"])
    tile = fig.place(NARROW_MARGIN, 0, TILE, TILE)
    ax = fig.place(0, 0, NARROW, FOOT)
    ax.set(xlim=(0, NARROW), ylim=(FOOT, 0))
    for each in (tile, ax):
        each.axis("off")
    if image:
        digit(tile, recording.image)
    rows = [TILE / 2, *np.linspace(*ROWS, n_layers)] if n_layers > 1 else [TILE / 2, ROWS[1]]
    places: dict[int, dict[int, tuple[float, float]]] = {}
    for layer, y in enumerate(rows):
        own = recording.unit_index.values[recording.unit_layer.values == layer]
        pitch = min(36.0, (NARROW - 2 * NARROW_MARGIN) / max(len(own), 1))
        places[layer] = {
            int(index): (NARROW / 2 + (k - (len(own) - 1) / 2) * pitch, float(y))
            for k, index in enumerate(own)
        }
    if image and places[1]:
        first = [x for x, _ in places[1].values()]
        _beam(ax, [(NARROW_MARGIN, TILE), (NARROW_MARGIN + TILE, TILE),
                   (first[-1] + 10, rows[1]), (first[0] - 10, rows[1])])  # fmt: skip
        _worked(ax, recording, places, (NARROW_MARGIN + TILE + 22, 14))
    for gap in range(2 if image else 1, n_layers + 1):
        inside = recording.gap.values == gap
        source, target = recording.source.values[inside], recording.target.values[inside]
        ends = np.array([places[gap][int(t)] for t in target]).reshape(-1, 2)
        starts = np.array([places[gap - 1][int(s)] for s in source]).reshape(-1, 2)
        ends = ends - [0, 16 if gap == n_layers else 0]  # there stand the names of the outputs
        values = recording.pull.values[inside]
        edges(ax, starts, ends, values, width=3.5, opacity=_clear(values))
    for layer in range(1 if image else 0, n_layers):
        _discs(ax, recording, layer, places)
    _bars(ax, recording, places[n_layers])
    if recording.attrs["n_off"] and n_layers > 1:
        ax.text(NARROW / 2, FOOT - 12, _off(recording), ha="center", va="baseline",
                fontsize=px(TICK), color=color("muted"))  # fmt: skip


def _bars(ax: Axes, recording: xr.Dataset, places: dict[int, tuple[float, float]]) -> None:
    """Draw the outputs as upright bars, and say under them what the step makes of those named."""
    top, bottom = UPRIGHT
    label, prediction = (int(recording.attrs[name]) for name in ("label", "prediction"))
    values = np.stack([recording.output, recording.output_after, recording.wanted])
    low, high = min(0.0, float(values.min())), max(1.0, float(values.max()))

    def place(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    lines: list[tuple[str, str, str]] = []
    for k, (x, y) in enumerate(places.values()):
        index = int(recording["shown"].values[k])
        said, after, wanted = values[:, k].tolist()
        marked = index in (label, prediction) or label < 0
        name = str(recording["class"].values[k])
        name = number(int(name)) if name.isdigit() else name
        how = {"solid_capstyle": "butt"}
        ax.plot([x, x], [top, bottom], color=color("quiet"), linewidth=px(13), **how)
        ax.plot([x, x], [place(min(0.0, said)), place(max(0.0, said))], color=color("muted"),
                linewidth=px(13), zorder=2, **how)  # fmt: skip
        sign = "positive" if said > wanted else "negative"
        ax.plot([x, x], [place(wanted), place(said)], color=color(sign), linewidth=px(7),
                zorder=3, alpha=float(_seen(said, wanted, high - low)), **how)  # fmt: skip
        if marked:
            ax.plot([x + 13] * 2, [place(0.0), place(after)], color=color("text"), linewidth=px(9),
                    zorder=4, label=f"after {index}", **how)  # fmt: skip
        style = {"weight": "semibold" if marked else "normal",
                 "color": color("text" if marked else "muted"), "va": "baseline"}  # fmt: skip
        crowded = len(places) * text_width(name, LABEL) > NARROW - 60
        if marked or not crowded:
            ax.text(x, y + 5, name, ha="center", fontsize=px(LABEL), **style)
        if marked and len(lines) < 3:
            lines.append((name, _said(recording, said, wanted, high - low),
                          say("after upright", p=_amount(recording, after))))  # fmt: skip
    for k, parts in enumerate(lines):
        y = bottom + 24 + 20 * k
        for x, text in zip((84, 96, 236), parts, strict=True):
            ax.text(x, y, text, va="baseline", weight="normal" if x == 96 else "semibold",
                    ha="right" if x == 84 else "left", fontsize=px(LABEL))  # fmt: skip
    attrs = recording.attrs
    text = say("step", before=attrs["loss_before"], after=attrs["loss_after"])
    ax.text(NARROW / 2, FOOT - 38, text, ha="center", va="baseline", weight="semibold",
            fontsize=px(LABEL))  # fmt: skip
