"""Six activations and their derivatives, side by side.

Source  002; 004, which calls ReLU strictly increasing and not continuous
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.networks import _units as units
from figures.parts.axes import AXES, beside, heading, ticks
from figures.parts.canvas import TICK, Canvas, px
from figures.parts.marks import dot
from look.numbers import number
from look.theme import color
from look.words import Visual, say

READS = {
    "activations": "z (x), value (run_function, x), derivative (run_function, x), softmax (class), "
    "jacobian (class, class_in), run_function (run_function), leak",
}

VISUAL = Visual(
    uses=["activations"],
    title="Where the slope is zero, nothing is learned",
    subtitle="Six activations h(z), and in purple their derivatives h′(z), as autograd gives them.",
    alt="Six small charts. The step jumps from 0 to 1; its derivative is zero on both sides. ReLU "
    "is zero and then rises; its derivative jumps from 0 to 1. Leaky ReLU is nearly the same, its "
    "derivative a little above zero on the left. The sigmoid rises from 0 to 1, its derivative is "
    "a low hump; tanh rises from −1 to 1, with a hump up to 1. Softmax has a table of derivatives, "
    "positive on the diagonal and negative beside it.",
    caption="The step's derivative is zero: gradient descent cannot use it. At its jump there is "
    "none: the ring there is a gap. At their kink at z = 0, ReLU and leaky ReLU have no "
    "derivative; autograd takes {relu_kink:g} and {leaky_kink:g}, as on the left (ringed). The "
    "sigmoid's slope is never more than {sigmoid_steepest:g}. Softmax mixes all its inputs, so "
    "its derivative is a matrix, here at z = ({softmax_at}): each row and each column adds up "
    "to zero.",
    words={
        "start": "Two units with the same weights learn the same points\n"
        "Each dot is an example at the unit's weighted sum z; filled, it is above 0.",
        "death": "The first steps are too large: all sums fall below zero\n"
        "Left of the bend, a unit gives all examples the same answer, or nearly so.",
        "silence": "No slope, no gradient: the ReLU stays dead\n"
        "The leaky one has a slope of {leak:g} there, and creeps back (shown faster now).",
        "recovery": "Past the bend, the leaky unit learns again\n"
        "Every dot that is above 0 adds its full share to the gradient.",
        "verdict": "The ReLU is dead since step {died}, the leaky one back since "
        "{recovered}\n"
        "Same start, same points, same rate η = {lr:g}: only the slope below zero differs.",
        "step": "step\nslope 0: it learns nothing",
        "loss now": "loss {loss:counter}",
        "step now": "step {step}",
        "relu": "ReLU\nmax(0, z)",
        "leaky_relu": "leaky ReLU\nmax({leak} · z, z)",
        "sigmoid": "sigmoid\n1 / (1 + e⁻ᶻ)",
        "tanh": "tanh\n2σ(2z) − 1",
        "share": "p{k:sub} = {share:.2f}",
        "by": "∂z{k:sub}",
        "above": "{n} of {n_train} above 0",
        "gradient": "unit’s gradient {value}",
        "lens": "near 0, magnified",
    },
)

# Of the y axis: from, to, and its ticks. Alike in a row, so that slopes can be compared by eye.
UPPER, LOWER = (-0.25, 2.4, [0, 1, 2]), (-1.15, 1.3, [-1, 0, 1])
RANGES = {"step": UPPER, "relu": UPPER, "leaky_relu": UPPER, "sigmoid": LOWER, "tanh": LOWER}
LEFT, ACROSS, GAP, TALL, DOWN = 44.0, 190.0, 39.0, 150.0, 66.0  # of the panels, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the six panels."""
    fig = Canvas(30 + 2 * TALL + DOWN + 44)
    places = [(LEFT + j * (ACROSS + GAP), 30 + i * (TALL + DOWN)) for i in (0, 1) for j in range(3)]
    for (left, top), name in zip(places, recording.run_function.values.tolist(), strict=False):
        _curve(fig.place(left, top, ACROSS, TALL), recording.sel(run_function=name), name)
    left, top = places[-1]
    _softmax(fig.place(left, top, ACROSS, TALL), recording)
    return fig


def _curve(ax: Axes, recording: xr.Dataset, name: str) -> None:
    z, value, slope = (recording[key].values for key in ("z", "value", "derivative"))
    low, high, marks = RANGES[name]
    ax.set(xlim=(z[0], z[-1]), ylim=(low, high))
    heading(ax, *say(name).split("\n"))
    ax.axhline(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    ax.axvline(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    ticks(ax, "x", [np.ceil(z[0]), 0, np.floor(z[-1])])
    ticks(ax, "y", marks)
    beside(ax, "z", (1, 0), of=AXES, shift=(6, -2), color=color("muted"))
    purple = color("purple")
    # Where they are the same, the thin one lies in the thick one.
    lines = [(value, color("text"), "h", 3.5), (slope, purple, "h′", 1.75)]
    for values, hue, called, width in lines:
        # A jump is a gap: no line stands upright where the function has no value.
        jump = np.flatnonzero(np.abs(np.diff(values)) > 0.5)
        shown = np.insert(values.astype(float), jump + 1, np.nan)
        ax.plot(
            np.insert(z, jump + 1, np.nan), shown, color=hue, label=called, zorder=3,
            linewidth=px(width),
        )  # fmt: skip
    kink = np.flatnonzero(z == 0)[0]
    if name == "step":  # at the jump there is none
        dot(
            ax, 0, 0, color=color("background"), size=8, markeredgecolor=purple,
            markeredgewidth=px(1.75),
        )  # fmt: skip
    if name in ("relu", "leaky_relu"):
        dot(
            ax, 0, slope[kink], color=color("background"), size=8, markeredgecolor=purple,
            markeredgewidth=px(1.75),
        )  # fmt: skip
    if name == "sigmoid":
        beside(ax, number(slope.max()), (0, slope.max()), shift=(18, 10), color=purple)
    if name == "relu":
        beside(ax, "h", (1.75, 1.75), shift=(-18, 0))
        beside(ax, "h′", (z[-1], 1), shift=(-18, 8), color=purple)


def _softmax(ax: Axes, recording: xr.Dataset) -> None:
    jacobian = recording.jacobian.values
    n = len(jacobian)
    left, top, cell = 62.0, 30.0, 38.0
    ax.set(xlim=(0, ACROSS), ylim=(TALL, 0))
    ax.axis("off")
    heading(ax, "softmax", "its Jacobian")
    most = float(np.abs(jacobian).max())
    muted = {"color": color("muted"), "fontsize": px(TICK)}
    for i in range(n):
        y = top + (i + 0.5) * cell
        ax.text(left - 8, y, say("share", k=i + 1, share=recording.softmax[i]), ha="right",
                va="center_baseline", fontsize=px(TICK))  # fmt: skip
        ax.text(left + (i + 0.5) * cell, top - 8, say("by", k=i + 1), ha="center",
                va="baseline", **muted)  # fmt: skip
        for j in range(n):
            units.cell(ax, left + j * cell, top + i * cell, cell, jacobian[i, j], most, decimals=2)
