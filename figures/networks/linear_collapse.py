"""A chain of linear layers draws the boundary of one neuron; with ReLU between them it does not.

Source  002
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import fits
from figures.parts.axes import AXES, beside, heading
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    Canvas,
    is_narrow,
    px,
)
from figures.parts.colors import halo
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_collapse": "probability (run, y, x), z (run, y, x), accuracy (run), n_params (run), "
    "composed_weight (run, feature), composed_bias (run), points (example, feature), "
    "label (example), run (run), x (x), y (y), n_layers",
}

VISUAL = Visual(
    uses=["linear_collapse"],
    title="Linear layers in a row are one linear layer",
    subtitle="Three networks, trained alike. Multiplied out, {n_layers} linear layers are two "
    "weights and one bias: their boundary is a straight line. With ReLU between them it bends.",
    alt="Two interlocking half moons of points, three times, on a plane tinted by what a network "
    "makes of it. One neuron and a chain of {n_layers} linear layers both draw a straight line "
    "and get {accuracy_neuron:.1%} and {accuracy_chain:.1%} of the points right; the same layers "
    "with ReLU between them draw a bent boundary and get {accuracy_relu:.1%} right.",
    caption="{n_train} points, Adam with η = {lr:g}, {n_steps} steps (seed {seed}); hidden layers "
    "of {hidden} units. The chain’s {n_params_chain} parameters, multiplied out, are the three "
    "numbers under it (z is the difference of its two outputs); on the whole picture its z and "
    "theirs differ by at most {gap_chain:.0e}. The neuron and the chain were trained separately, "
    "and end within {apart:.1g} of each other. Multiplying out the ReLU network as if nothing were "
    "between its layers would be off by up to {gap_relu:.3g}.",
    words={
        "neuron": "one neuron",
        "relu": "{n_layers} layers with ReLU",
        "parameters": "{n} parameters",
        "right": "{share:.1%} of the points right",
        "line": "z = {w1:.2f} x₁ {w2:±.2f} x₂ {b:±.2f}",
        "linear": "{n_layers} linear layers",
    },
)

SIDE, GAP, TOP = 206.0, 23.0, 40.0  # of the panels, CSS pixels
SLIM, FULL = 158.0, NARROW - 2 * NARROW_MARGIN  # on the narrow sheet, and of the bent one


def draw(recording: xr.Dataset) -> Figure:
    """Return the three fields, what they get right, and what they compute."""
    fig = Canvas(TOP + SIDE + 108, narrow=2 * (TOP + 90) + SLIM + FULL)
    for i, name in enumerate(recording.run.values.tolist()):
        side, left, top = SIDE, MARGIN + i * (SIDE + GAP), TOP
        if is_narrow():  # the two that are alike side by side, over the one that is not
            side, left = SLIM if i < 2 else FULL, NARROW_MARGIN + i % 2 * (FULL - SLIM)
            top += i // 2 * (TOP + SLIM + 90)
        ax = fig.place(left, top, side, side)
        _panel(ax, recording.sel(run=name), say(name), straight=i < 2)
    return fig


def _panel(ax: Axes, one: xr.Dataset, name: str, *, straight: bool) -> None:
    fits.field(ax, one.x, one.y, one.probability, logit=one.z)
    x, y = one.points.values.T
    fits.points(ax, x, y, one.label, size=4 if is_narrow() and straight else 5.5)
    ax.axis("off")
    inside = {"of": AXES, "path_effects": halo(), "zorder": 4}
    beside(ax, "x₂", (0, 1), shift=(7, -17), **inside)
    beside(ax, "x₁", (1, 0), shift=(-7, 9), ha="right", **inside)
    heading(ax, name, lift=10)
    size = {"fontsize": px(12 if is_narrow() else LABEL)}
    below = {"of": AXES, "ha": "left", "color": color("muted"), **size}
    beside(ax, say("parameters", n=one.n_params), (0, 0), shift=(0, -22), **below)
    beside(ax, say("right", share=one.accuracy), (0, 0), shift=(0, -42), **below)
    words = "not straight: no such equation"
    if straight:
        w1, w2 = one.composed_weight
        words = say("line", w1=w1, w2=w2, b=one.composed_bias)
    beside(ax, words, (0, 0), shift=(0, -68), of=AXES, ha="left", **size)
