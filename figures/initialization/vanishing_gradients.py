"""The gradient's way back through sigmoid, tanh and ReLU, and the bound that it keeps.

Source  004, which writes eleven factors ¼, multiplies ten, and leaves the weights out
"""

from __future__ import annotations

import re

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures.parts.axes import heading, label_ends, name_axes, ticks
from figures.parts.canvas import Canvas, is_narrow, px
from figures.parts.colors import line_halo
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "vanishing_gradients": "gain (run, layer), sizes (run, layer, bin_size), run (run), "
    "bin_size (bin_size), layer (layer), slope_bound (layer), weight_bound (run, layer), "
    "uniform, normal, sigmoid_gain, tanh_gain, relu_gain, large_gain, small_gain"
}

VISUAL = Visual(
    uses=["vanishing_gradients"],
    title="{depth} sigmoids back, {sigmoid_gain:.2n} of the gradient is left; with ReLU, "
    "{relu_gain:.2n}",
    subtitle="Lines: the gradient’s norm after each layer on its way back, in units of the last "
    "layer’s. Behind them, how its entries are spread: stronger, more of them.",
    alt="Three panels with one logarithmic axis. Sigmoid, Xavier’s start: a purple band falls in a "
    "straight line to {sigmoid_gain:.2n}. Beside it the bound of a quarter a layer, which ends at "
    "{bound:.3n}, and a bound with the weights’ norms, which ends at {sigmoid_bound:.2n}. With "
    "uniform weights the line ends at {large_gain:.2n}, with small normal ones at "
    "{small_gain:.2n}. tanh ends at {tanh_gain:.2n}, ReLU at {relu_gain:.2n}.",
    caption="Untrained networks of {depth} layers of {width} units, {n_examples} standardised "
    "{many} ({dataset}); sigmoid and tanh with Xavier’s normal start, ReLU with Kaiming’s. From "
    "the gradient by the last hidden layer’s activations to that by the first layer’s sums there "
    "are {depth} factors σ′ ≤ ¼: their product is at most {bound:.3n}. That bounds these factors "
    "alone. The gradient passes the weights too, and is bounded by ¼ to the {depth}th times the "
    "product of their norms (largest singular values). (The table of starts goes on "
    "to the first layer’s activations only, one σ′ fewer, so its numbers are others.) "
    "{weights_beat:?Here it stays below "
    "{bound:.3n} all the same|With weights uniform in ±{uniform:g} it is above {bound:.3n}: "
    "{large_gain:.2n}}.",
    words={
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "xavier": "Xavier: {x:.2n}",
        "uniform": "uniform ±{uniform:g}: {x:.2n}",
        "normal": "normal {normal:g}: {x:.2n}",
        "slopes": r"$\prod\,\max\sigma'$: {x:.3n}",
        "weights": r"$\prod\,\max\sigma'\,\Vert W\Vert$: {x:.2n}",
        "left": "{x:.2n}",
        "passed": "activations passed",
        "start": "How much gradient reaches the first layer?\n"
        "{depth} layers, untrained. Height: the gradient’s norm, of the last layer’s.",
        "closer": "{sigmoid_lost:?The same bars, logarithmic|Nothing left of the sigmoid’s? Look "
        "closer}\n"
        "The same bars on a logarithmic axis. Under them: what is left.",
        "bound": "The product of {depth} slopes σ′ alone: at most {bound:.3n}\n"
        "The gradient passes weights too{weights_beat:?|: those of ±{uniform:g} carry "
        "{large_gain:.2n} through}.",
        "bound label": "¼ a layer",
        "large label": "sigmoid, ±{uniform:g}",
    },
    series={
        "gradients": ["gradient", "purple"],
        "uniform": ["larger weights", "yellow"],
        "normal": ["smaller weights", "green"],
    },
)

PANELS = {
    "sigmoid": ("sigmoid, xavier", 64.0, 246.0),
    "tanh": ("tanh, xavier", 506.0, 84.0),
    "relu": ("relu, kaiming", 606.0, 84.0),
}
TOP, TALL = 30.0, 330.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the sigmoid with its bounds, and the two others beside it."""
    fig = Canvas(TOP + TALL + 58)
    lowest = float(np.log10(recording.gain.values[recording.gain.values > 0].min()))
    span = (np.floor(lowest) - 1, 1.6)
    for name, (run, left, wide) in PANELS.items():
        ax = fig.place(left, TOP, wide, TALL)
        one = recording.sel(run=run)
        _spread(ax, one)
        steps = recording.layer.values
        ax.set(ylim=span, xlim=(-0.5, len(steps) - 0.5))
        powers = [k for k in range(0, int(span[0]) - 1, -2) if k >= span[0]]
        written = name == "sigmoid" or is_narrow()  # side by side they share them
        ticks(ax, "y", powers, (lambda k: number(10.0**k)) if written else lambda k: "")
        ax.grid(axis="y")
        ticks(ax, "x", [0, int(steps[-1])] if wide < 100 else steps[::2].tolist())
        heading(ax, say(name), say("left", x=recording.attrs[f"{name}_gain"]), lift=10)
        line = _line(ax, one.gain.values, "gradients", label=run, width=3)
        if name == "sigmoid":
            name_axes(ax, x=say("passed"))
            lines = [line, *_beside(ax, recording)]
            line.set_label(say("xavier", x=recording.attrs["sigmoid_gain"]))
            for text in label_ends(ax, lines):
                text.set_parse_math("$" in text.get_text())
                text.set_text(_typeset(text.get_text()))
    return fig


def _typeset(words: str) -> str:
    """Return words with a formula in them whose raised digits are the formula's own."""
    if "$" not in words:
        return words
    plain = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return re.sub("[⁻⁰¹²³⁴-⁹]+", lambda found: f"$^{{{found[0].translate(plain)}}}$", words)


def _line(ax: Axes, gain: np.ndarray, name: str, *, label: str, width: float = 2.0) -> Line2D:
    (line,) = ax.plot(
        np.arange(len(gain)), np.log10(gain), color=series(name).color, linewidth=px(width),
        label=label, path_effects=line_halo(width), zorder=4,
    )  # fmt: skip
    return line


def _beside(ax: Axes, recording: xr.Dataset) -> list[Line2D]:
    """Draw the sigmoid's other starts and its two bounds."""
    found = []
    for name, key in (("uniform", "large_gain"), ("normal", "small_gain")):
        gain = recording.gain.sel(run=f"sigmoid, {name}").values
        found.append(_line(ax, gain, name, label=say(name, x=recording.attrs[key])))
    bounds = (
        ("slopes", recording.slope_bound.values, (4, 2.5)),
        ("weights", recording.weight_bound.sel(run="sigmoid, xavier").values, (1.2, 2)),
    )
    for name, bound, dashes in bounds:
        (line,) = ax.plot(
            np.arange(len(bound)), np.log10(bound), color=color("text"), linewidth=px(1.75),
            dashes=dashes, label=say(name, x=bound[-1]), zorder=3,
        )  # fmt: skip
        found.append(line)
    return found


def _spread(ax: Axes, one: xr.Dataset) -> None:
    """Draw a column a layer: how many entries of the gradient are of a size."""
    counts, sizes = one["sizes"].values, one.bin_size.values
    half = float(sizes[1] - sizes[0]) / 2
    share = np.clip(counts / np.maximum(counts.max(1, keepdims=True), 1e-12), 0, 1)
    ink = np.empty((*share.T.shape, 4))
    ink[..., :3], ink[..., 3] = to_rgb(series("gradients").color), 0.75 * share.T**0.7
    ax.imshow(
        ink,
        extent=(-0.5, len(counts) - 0.5, float(sizes[0]) - half, float(sizes[-1]) + half),
        origin="lower", aspect="auto", interpolation="nearest", label="sizes", zorder=1,
    )  # fmt: skip
