"""Logistic regression parts two species of iris; its gradient has linear regression's form.

Source  001, 004, where logistic regression is not said to be a linear classifier: it is one
"""

from __future__ import annotations

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
from look.theme import color
from look.words import Visual, say

READS = {
    "logistic_boundary": "probability (snapshot, y, x), flowers (example, feature), "
    "label (example), z (example), prediction (component, example), gradient (component, param), "
    "x (x), y (y), component (component), b, class_0, class_1, w1, w2",
}

VISUAL = Visual(
    uses=["logistic_boundary"],
    title="Logistic regression draws a straight line",
    subtitle="The tint is how probable {class_1} is after {n_steps} steps. Sticks: the "
    "errors ŷ − y at step {looked}; times the input and averaged, they are the gradient.",
    alt="Left, flowers of two species by petal length and width on a plane tinted by the "
    "probability of {class_1}; the boundary is a straight line. Right, two panels over "
    "z = w·x + b: a straight line and an S-shaped curve, with a stick from each flower’s label, 0 "
    "or 1, to the prediction.",
    caption="{n_train} irises, petals standardised, gradient descent with η = {lr:g}. The boundary "
    "is where σ(w·x + b) = ½, that is w·x + b = 0: logistic regression is a linear classifier; "
    "only across its boundary is there a curve. “linear” and “logistic” are at the weights of step "
    "{looked}: the gradients of ½ (ŷ − y)² with ŷ = z and of the cross-entropy with ŷ = σ(z) have "
    "the same form, each the mean over all flowers of the error, a stick, times the input.",
    words={
        "start": "Two species of iris: where is the line between them?\n"
        "{n_train} flowers; rings mark those on its wrong side.",
        "learning": "The line turns, but it never bends\n"
        "The tint is the probability of {class_1}: blue 0, orange 1.",
        "learning 2": "After {n_steps} steps it is still a straight line\n"
        "On it, both species are equally likely.",
        "of all": "of {n_train} right",
        "count": "{n}",
        "equation": "w_1 x_1 + w_2 x_2 + b = 0",
        "linear": "linear: $\\hat{{y}}=z$",
        "logistic": "logistic: $\\hat{{y}}=\\sigma(z)$",
        "gradient is": "gradient $({{{w1:.2f}}},\\;{{{w2:.2f}}},\\;{{{b:.2f}}})$",
        "sum": "$z=\\mathbf{{w}}\\cdot\\mathbf{{x}}+b$",
        "boundary": "$w_1x_1+w_2x_2+b=0$",
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the field, and beside it the errors of both regressions, one over the other."""
    fig = Canvas(490)
    left, wide = MARGIN + 34, 346.0
    beside_it = left + wide + 58
    _field(fig.place(left, 32, wide, 400), recording)
    for top, name in zip((38, 276), recording.component.values, strict=True):
        ax = fig.place(beside_it, top, WIDTH - MARGIN - beside_it, 126)
        _errors(ax, recording.sel(component=name), say(str(name)))
    return fig


def _field(ax: Axes, recording: xr.Dataset) -> None:
    fits.field(ax, recording.x, recording.y, recording.probability[-1])
    x, y = recording.flowers.values.T
    fits.points(ax, x, y, recording.label)
    attrs = recording.attrs
    for corner, side, name in (
        ((0.03, 0.025), "left", attrs["class_0"]),
        ((0.97, 0.93), "right", attrs["class_1"]),
    ):
        beside(ax, name, corner, of=AXES, ha=side, path_effects=halo())
    low = max(1, len(recording.y) // 16)
    row, x = recording.probability.values[-1, low], recording.x.values
    at = float(np.interp(0.5, row, x)) if row[0] < 0.5 < row[-1] else x[0]
    if at > x[0] + 0.7 * np.ptp(x):  # beside the line, where the name of the class leaves room
        beside(ax, say("boundary"), (at, float(recording.y[low])), shift=(-12, -6), ha="right",
               parse_math=True, fontsize=px(16), path_effects=halo())  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    name_axes(ax, x="petal length in cm", y="petal width in cm")


def _errors(ax: Axes, one: xr.Dataset, name: str) -> None:
    """Draw each flower at its label, and a stick from there to what is predicted."""
    z, label, predicted = one.z.values, one.label.values, one.prediction.values
    low, high = min(-0.25, predicted.min()), max(1.25, predicted.max())
    ax.set(xlim=(z.min() - 0.15, z.max() + 0.15), ylim=(low - 0.1, high + 0.1))
    for height in (0, 1):
        ax.axhline(height, color=color("quiet"), linewidth=px(1), zorder=0)
    order = np.argsort(z)
    sticks = np.stack([np.stack([z, label], axis=1), np.stack([z, predicted], axis=1)], axis=1)
    ax.add_collection(
        LineCollection(list(sticks), colors=color("muted"), linewidths=px(1), zorder=1)
    )
    ax.plot(z[order], predicted[order], color=color("text"), label=name, zorder=2)
    fits.points(ax, z, label, label, size=5.5)
    gradient = dict(zip(("w1", "w2", "b"), one.gradient, strict=True))
    beside(ax, name, (0, 1), of=AXES, shift=(0, 10), weight="semibold", parse_math=True)
    ticks(ax, "y", [0, 1])
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.set_xlabel(say("sum"), labelpad=px(6), fontsize=px(14), parse_math=True)
    beside(
        ax,
        say("gradient is", **gradient),
        (0.5, 0),
        of=AXES,
        shift=(0, -60),
        ha="center",
        parse_math=True,
    )
