"""The gradient's way back through sigmoid, tanh and ReLU, and the bound that it keeps.

Source  004, which writes eleven factors ¼, multiplies ten, and leaves the weights out
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, legend, name_axes, ticks
from figures.parts.canvas import MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "vanishing_gradients": "gain (run, layer), sizes (run, layer, bin_size), run (run), "
    "bin_size (bin_size), layer (layer), slope_bound (layer), "
    "sigmoid_gain, tanh_gain, relu_gain"
}

VISUAL = Visual(
    uses=["vanishing_gradients"],
    title="{depth} sigmoid layers leave {sigmoid_gain:.2n} of the gradient, ReLU layers "
    "{relu_gain:.2n}",
    subtitle="Line: the gradient’s size on its way back, from\u00a01; shaded: its entries’ sizes. "
    "Untrained, each with the start made for it: Xavier’s for sigmoid and tanh, Kaiming’s for "
    "ReLU.",
    alt="Three panels with one logarithmic axis. Sigmoid: a purple band falls in a straight line "
    "to {sigmoid_gain:.2n}, beside a dashed line of a quarter a layer, which ends at {bound:.2n}. "
    "tanh ends at "
    "{tanh_gain:.2n}, ReLU at {relu_gain:.2n}.",
    caption="Untrained networks of {depth} layers of {width} units, {n_examples} standardised "
    "{many} ({dataset}); sigmoid and tanh with Xavier’s normal start, ReLU with Kaiming’s. From "
    "the gradient by the last hidden layer’s activations to that by the first layer’s sums there "
    "are {depth} factors σ′ ≤ ¼: their product is at most {bound:.2n}. That bounds these factors "
    "alone. The gradient passes the weights too, and is bounded by ¼ to the {depth}th times the "
    "product of their norms (largest singular values). (The table of starts goes on "
    "to the first layer’s activations only, one σ′ fewer, so its numbers are others.) "
    "{weights_beat:?Here it stays below "
    "{bound:.2n} all the same|With weights uniform in ±{uniform:g} it is above {bound:.2n}: "
    "{large_gain:.2n}}.",
    words={
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "slopes": "dashed: ¼ a layer,\na sigmoid’s steepest\nslope, leaves {x:.2n}",
        "slopes narrow": "¼ a layer, a sigmoid’s steepest slope: {x:.2n}",
        "left": "{x:.2n}",
        "passed": "layers back",
        "start": "How much gradient reaches the first layer?\n"
        "{depth} layers, untrained. Start: Xavier’s, for ReLU Kaiming’s. Height: gradient’s size.",
        "closer": "{sigmoid_lost:?The same on a logarithmic axis|Nothing left of the sigmoid’s? "
        "Look closer}\n"
        "Tops of the same bars on a logarithmic axis, hung from 1. Numbers: what is left.",
        "bound": "Why? A sigmoid’s slope is at most ¼, {depth} times over\n"
        "Dashed: these slopes alone, each as steep as can be, without the weights.",
        "bound label": "¼ a layer: {x:.2n}",
    },
    series={
        "gradients": ["gradient", "purple"],
    },
)

PANELS = {"sigmoid": "sigmoid, xavier", "tanh": "tanh, xavier", "relu": "relu, kaiming"}
TOP, TALL = 52.0, 330.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the three ways back on one axis, the sigmoid's with its bounds."""
    narrow = is_narrow()
    tall, left, gap = (250.0, 48.0, 8.0) if narrow else (TALL, 62.0, 14.0)
    fig = Canvas(TOP + tall + 58, narrow=TOP + tall + 90)
    room = fig.width - left - (NARROW_MARGIN if narrow else MARGIN) - 2 * gap
    lowest = np.log10(min(float(recording.gain.sel(run=run)[-1]) for run in PANELS.values()))
    span = (np.floor(max(lowest, -18.0)) - 2, 1.2)
    for name, run in PANELS.items():  # equally wide, so that slopes compare
        ax = fig.place(left, TOP, room / len(PANELS), tall)
        one = recording.sel(run=run)
        _spread(ax, one)
        steps = recording.layer.values
        ax.set(ylim=span, xlim=(-0.5, len(steps) - 0.5))
        powers = [k for k in range(0, int(span[0]) - 1, -2) if k >= span[0]]
        ticks(ax, "y", powers, _power if name == "sigmoid" else lambda k: "")  # one axis for all
        ax.grid(axis="y")
        ends = [int(steps[0])] * (not narrow or name == "sigmoid")  # else it meets a 10
        ticks(ax, "x", [*ends, int(steps[len(steps) // 2]), int(steps[-1])])
        beside(ax, say(name), (0, 1), of=AXES, shift=(0, 32), weight="semibold")
        beside(
            ax, say("left", x=recording.attrs[f"{name}_gain"]), (0, 1), of=AXES, shift=(0, 8),
            color=series("gradients").color, weight="semibold", fontsize=px(15 if narrow else 21),
        )  # fmt: skip
        ax.plot(
            np.arange(len(one.gain)), np.log10(one.gain), color=series("gradients").color,
            linewidth=px(4), label=run, path_effects=line_halo(4), zorder=4,
        )  # fmt: skip
        name_axes(ax, x=say("passed"))
        if name == "sigmoid":
            _bounds(fig, ax, recording)
        left += room / len(PANELS) + gap
    return fig


def _power(exponent: float) -> str:
    return number(10.0**exponent)


def _bounds(fig: Canvas, ax: Axes, recording: xr.Dataset) -> None:
    """Draw what the slopes alone can leave at most."""
    bound, dashes = recording.slope_bound.values, (4, 2.5)
    ink = color("text")
    ax.plot(
        np.arange(len(bound)), np.log10(bound), color=ink, linewidth=px(2.25), dashes=dashes,
        label="slopes", zorder=5,
    )  # fmt: skip
    if is_narrow():  # there is no room beside the line
        entry = (say("slopes narrow", x=bound[-1]), ink, (0, dashes))
        legend(fig, [entry], left=NARROW_MARGIN, top=TOP + 250 + 62)
        return
    said = say("slopes", x=bound[-1])
    # Under the line, which falls away from there, and on the lowest line of the grid.
    lowest = min(tick for tick in ax.get_yticks() if tick >= ax.get_ylim()[0])
    beside(ax, said, (-0.5, lowest), shift=(8, 7), color=ink, path_effects=halo(3), zorder=6)


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
