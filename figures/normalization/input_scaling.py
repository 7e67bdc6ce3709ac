"""The same data at three scales: the shape of the loss, and the way down.

Source  004, which takes z-scores for robust and bounded
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import heading
from figures.parts.canvas import MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring, star
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "input_scaling": "input (run, example, feature), theta (run, step, param), "
    "minimum (run, param), height (run, y, x), grid_x (run, x), grid_y (run, y), "
    "condition (run), arrived (run), run (run)"
}

VISUAL = Visual(
    uses=["input_scaling"],
    title="{ordered:?Scaled inputs change the bowl|Scaled inputs make the bowl round}: "
    "{steps_raw:?not there|1 step|{steps_raw} steps}, then {steps_range:?not there|{steps_range}}, "
    "then {steps_standard:?not there|{steps_standard}}",
    subtitle="The loss over the weights of {first} (across) and {second} (up); inset: the "
    "patients. Each path, at its best rate, ends with {near:.0%} of the height left. κ: largest "
    "curvature over smallest.",
    alt="Three maps of an elliptic bowl with the path of gradient descent, in each a small square "
    "with the data. As measured, the bowl is a narrow valley, and the path zigzags for "
    "{steps_raw:?all its {n_steps}|{steps_raw}} steps; scaled to 0 … 1 (min–max) it is wider, "
    "{steps_range:?not there|1 step|{steps_range} steps}; standardised (z-scores) nearly round, "
    "{steps_standard:?not there|1 step|{steps_standard} steps}. Condition numbers: "
    "{condition_raw:.2n}, {condition_range:.2n} and {condition_standard:.2n}.",
    caption="{n_train} diabetes patients; the outcome has mean 0 and deviation 1; no bias. All "
    "paths start equally high above the best fit, half of it along the valley and half across; "
    "κ, the condition number: the largest curvature over the smallest, λ₁/λ₂; η = 2/(λ₁ + λ₂); "
    "contours: of the same heights everywhere. Where one {first} of {meant:g} is written as "
    "{slipped:g}, condition numbers are {condition_slip_raw:.2n}, {condition_slip_range:.2n} and "
    "{condition_slip_standard:.2n}. The other patients then fill "
    "{rest_slip_range:.0%} of the first axis, standardised or not: an outlier moves mean and "
    "deviation too. {range_worse:?It does not raise the condition number of min–max|It raises the "
    "condition number of min–max}, and {standard_worse:?not that of z-scores, which hangs on the "
    "correlation alone|that of z-scores as well}.",
    words={
        "raw": "as measured",
        "range": "scaled to 0 … 1",
        "standard": "mean 0, spread 1",
        "condition": "κ = {x:.2n}",
        "kappa": r"$\kappa = {x:.2n}$",
        "steps": "{n:?at the start|1 step|{n} steps}",
        "never": "not there yet",
        "start": "The same patients, three scales: which is quickest to learn from?\n"
        "A dot is a patient: {first} across, {second} up, both at one scale.",
        "descent": "{ordered:?Three paths at their best rates|The rounder the bowl, the shorter "
        "the way}\n"
        "The loss over two weights. A path ends where {near:.0%} of the height is left.",
        "end": "{ordered:?Scaled inputs change the bowl|Scaled inputs make the bowl round}: "
        "{steps_raw:?not there|1 step|{steps_raw} steps}, then {steps_range:?not there|"
        "{steps_range}}, then {steps_standard:?not there|{steps_standard}}\n"
        "Each at its best constant rate. κ: the steepest curvature over the gentlest.",
        "step": "step",
    },
    series={
        "raw": ["as measured", "vermillion"],
        "range": ["0 … 1", "yellow"],
        "standard": ["mean 0, spread 1", "green"],
    },
)

SIDE, GAP, TOP = 211.0, 15.5, 36.0
INSET = 74.0  # of the data's square
PHONE = 214.0  # side of a map on the narrow sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps of the data as they are, scaled in three ways."""
    names = [name for name in recording.run.values.tolist() if " " not in name]
    fig = Canvas(TOP + SIDE + 28, narrow=TOP - 8 + len(names) * (PHONE + 44))
    for place, name in enumerate(names):
        left, top, side = MARGIN + place * (SIDE + GAP), TOP, SIDE
        if is_narrow():  # under each other, with room for the steps at their right
            left, top, side = NARROW_MARGIN, TOP + place * (PHONE + 44), PHONE
        one = recording.sel(run=name)
        _map(fig.place(left, top, side, side), one, name)
        _data(fig.place(left + side - INSET - 6, top + 6, INSET, INSET), one)
    return fig


def _map(ax: Axes, one: xr.Dataset, name: str) -> None:
    x, y = one.grid_x.values, one.grid_y.values
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    levels = np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 6, 12, 30])
    contours(ax, x, y, one.height, at=levels[levels < float(one.height.max())])
    ax.set(xticks=[], yticks=[])
    theta, last = one.theta.values, int(one.arrived)
    shown = theta[: last + 1] if last >= 0 else theta
    path(ax, *shown.T, color=series(name).color, width=2.25, label=name, ends=last < 0)
    if last >= 0:  # a small end, upon the star, which it may all but reach
        dot(ax, *shown[-1], color=series(name).color, size=6, zorder=5.5)
    ring(ax, *theta[0])
    star(ax, *one.minimum.values)
    heading(ax, say(name), say("kappa", x=float(one.condition)), parse_math=True)
    words = say("steps", n=last) if last >= 0 else say("never")
    ax.annotate(
        words, (1 if is_narrow() else 0, 0), xycoords="axes fraction",
        xytext=(px(10 if is_narrow() else 8), px(9)), weight="semibold",
        textcoords="offset points", fontsize=px(19), path_effects=halo(),
    )  # fmt: skip


def _data(ax: Axes, one: xr.Dataset) -> None:
    """Draw the patients in a square whose axes have one scale, with both zeros in it."""
    inputs = one.input.values
    low, high = min(0.0, float(inputs.min())), float(inputs.max())
    room = 0.06 * (high - low)
    ax.set(xlim=(low - room, high + room), ylim=(low - room, high + room), xticks=[], yticks=[])
    ax.set_facecolor(color("background"))
    ax.patch.set_visible(True)
    for axis in (ax.axhline, ax.axvline):
        axis(0, color=color("muted"), linewidth=px(0.8), zorder=1)
    ax.plot(
        inputs[:, 0], inputs[:, 1], linestyle="none", marker="o", markersize=px(2.6),
        markeredgewidth=0, color=color("text"), alpha=0.7, label="patients", zorder=2,
    )  # fmt: skip
