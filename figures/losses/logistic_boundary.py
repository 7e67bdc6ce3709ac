"""Logistic regression parts two species of iris: straight on the map, an S across the line.

Source  001, 004, where logistic regression is not said to be a linear classifier: it is one
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts import fits
from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.theme import color
from look.words import Visual, say

READS = {
    "logistic_boundary": "probability (snapshot, y, x), flowers (example, feature), "
    "label (example), end_z (example), end_prediction (example), curve_z (x_curve), "
    "curve (x_curve), x (x), y (y), class_0, class_1, n_right, n_train",
}

VISUAL = Visual(
    uses=["logistic_boundary"],
    title="Cross the straight line, and the probability rises in an S",
    subtitle="Logistic regression of {n_train} irises after {n_steps} steps. The tint is how "
    "probable {class_1} is, from blue, 0, to orange, 1; on the line it is ½. "
    "A stick: how far a flower’s prediction is off.",
    alt="Above, flowers of two species by petal length and width, on a plane tinted by the "
    "probability of {class_1}, with a straight boundary; {n_right} of {n_train} flowers are on "
    "the right side of it, the others are ringed. Below, the same flowers by their place across "
    "the boundary, z = w·x + b, each at its label, 0 or 1, with a stick to the S-shaped curve of "
    "the probability; those of the ringed flowers are longer than one half.",
    caption="{n_train} irises, petals standardised, gradient descent with η = {lr:g}. The boundary "
    "is where σ(w·x + b) = ½, that is w·x + b = 0: logistic regression is a linear classifier; "
    "only across its boundary is there a curve. A stick is a flower’s error ŷ − y, and the "
    "gradient is the mean of error times input: the same form as in linear regression, where ŷ = z "
    "(at step {looked} both differ from autograd’s by {agreement:.0e} at most).",
    words={
        "start": "Two species of iris: where is the line between them?\n"
        "{n_train} flowers. A first line is tried; a ring marks a flower on its wrong side.",
        "learning": "The line turns, but it never bends\n"
        "Tint: probability of {class_1}, blue 0 to orange 1. Rings: on the wrong side.",
        "across": "The further from the line, the surer: an S\n"
        "z: how far from the line, and on which side. Each flower goes to its probability.",
        "of all": "of {n_train} right",
        "count": "{n}",
        "wrong": "{n} on the wrong side",
        "here": "{n} flowers",
        "right": "{n_right} of {n_train} right",
        "equation": "w_1 x_1 + w_2 x_2 + b = 0",
        "curve": "hat(y) = sigma(z)",
        "sum": "$z=w\\cdot x+b$",
        "sigmoid": "$\\hat{{y}}=\\sigma(z)$",
        "boundary": "$w_1x_1+w_2x_2+b=0$",
    },
)

LEFT, FIELD, CURVE = 58.0, 330.0, 132.0  # of the panels, and their heights
RING = 11.0  # of the rings on the S, CSS pixels; nearer than half of it they look like one
TOP, BETWEEN = 30.0, 92.0  # over the first, and from one to the other


def draw(recording: xr.Dataset) -> Figure:
    """Return the field, and under it the flowers across its boundary."""
    second = TOP + FIELD + BETWEEN
    fig = Canvas(second + CURVE + 56, narrow=True)
    wide = WIDTH - MARGIN - LEFT
    _field(fig.place(LEFT, TOP, wide, FIELD), recording)
    _across(fig.place(LEFT, second, wide, CURVE), recording)
    return fig


def _field(ax: Axes, recording: xr.Dataset) -> None:
    fits.field(ax, recording.x, recording.y, recording.probability[-1], width=3.5)
    x, y = recording.flowers.values.T
    fits.points(ax, x, y, recording.label)
    wrong = _wrong(recording)
    # once more on top: a right one of the other species may lie at the same place
    fits.points(ax, x[wrong], y[wrong], recording.label.values[wrong])
    for at in recording.flowers.values[wrong]:
        _ring(ax, *at)
    attrs = recording.attrs
    bold: dict[str, Any] = {"of": AXES, "path_effects": halo(), "weight": "semibold"}
    for corner, side, name in (
        ((0.02, 0.04), "left", attrs["class_0"]),
        ((0.98, 0.92), "right", attrs["class_1"]),
    ):
        beside(ax, name, corner, ha=side, **bold)
    beside(ax, say("right"), (1, 1), shift=(0, 8), of=AXES, ha="right", weight="semibold")
    low = max(1, len(recording.y) // 16)
    row, x = recording.probability.values[-1, low], recording.x.values
    at = float(np.interp(0.5, row, x)) if row[0] < 0.5 < row[-1] else x[0]
    if at > x[0] + 0.6 * np.ptp(x):  # beside the line, where the name of the class leaves room
        beside(ax, say("boundary"), (at, float(recording.y[low])), shift=(-12, -6), ha="right",
               parse_math=True, fontsize=px(17), path_effects=halo())  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    name_axes(ax, x="petal length in cm", y="petal width in cm")


def _wrong(recording: xr.Dataset) -> np.ndarray:
    """Return which flowers are on the wrong side of the line, shape (example,)."""
    return np.asarray((recording.end_z.values > 0) != (recording.label.values == 1))


def _ring(ax: Axes, x: float, y: float, size: float = 15) -> None:
    dot(ax, x, y, color="none", size=size, markeredgecolor=color("vermillion"),
        markeredgewidth=px(2.5), label="wrong")  # fmt: skip


def _across(ax: Axes, recording: xr.Dataset) -> None:
    """Draw each flower at its label, and a stick from there to the curve of the probability."""
    z, label, said = recording.end_z.values, recording.label.values, recording.end_prediction.values
    curve_z, curve = recording.curve_z.values, recording.curve.values
    heights = np.array([-0.17, 1.17])
    # the tint of the map, seen from the side
    fits.field(ax, curve_z, heights, np.tile(curve, (2, 1)), width=3.5)
    for height in (0, 1):
        ax.axhline(height, color=color("muted"), linewidth=px(0.75), alpha=0.5, zorder=0.5)
    wrong = _wrong(recording)
    sticks = np.stack([np.stack([z, label], axis=1), np.stack([z, said], axis=1)], axis=1)
    ax.add_collection(
        LineCollection(
            list(sticks), colors=[color("vermillion" if each else "muted") for each in wrong],
            linewidths=[px(2.5 if each else 1) for each in wrong], zorder=1,
        )
    )  # fmt: skip
    ax.plot(curve_z, curve, color=color("text"), label="probability", linewidth=px(2.25), zorder=2)
    fits.points(ax, z, label, label, size=7)
    for at in zip(z[wrong], label[wrong], strict=True):
        _ring(ax, *at, size=RING)
    # rings that lie upon each other look like one: say how many they are
    near = RING / 2 * np.ptp(ax.get_xlim()) / (ax.bbox.width * 96 / ax.figure.dpi)
    for height in (0, 1):
        places = np.sort(z[wrong & (label == height)])
        for group in np.split(places, np.flatnonzero(np.diff(places) > near) + 1):
            if len(group) > 1:  # named on the side away from the line
                away, ha = (group[-1], "left") if height == 0 else (group[0], "right")
                beside(ax, say("here", n=len(group)), (away, height), va="center", ha=ha,
                       shift=(13 if height == 0 else -13, 0), weight="semibold",
                       path_effects=halo())  # fmt: skip
    ticks(ax, "y", [0, 0.5, 1])
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.set_xlabel(say("sum"), labelpad=px(6), fontsize=px(15), parse_math=True)
    beside(ax, "probability", (0, 1), of=AXES, shift=(0, 8), color=color("muted"))
    beside(ax, say("sigmoid"), (0.5, 1), of=AXES, shift=(0, 8), ha="center", parse_math=True,
           fontsize=px(16))  # fmt: skip
