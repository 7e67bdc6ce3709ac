"""A line settles on points, in the bowl of its mean squared error; the likelihood agrees.

Source  001, 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, label_ends, name_axes
from figures.parts.canvas import MARGIN, Canvas, px
from figures.parts.colors import halo, line_halo
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring, star
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_regression_fit": "theta (step, param), mse (y, x), mse_slice (x), nll_slice (x), "
    "least_squares (param), point_x (example), point_y (example), line_x (component), "
    "line_y (step, component), w (x), b (y), best_w",
}

VISUAL = Visual(
    uses=["linear_regression_fit"],
    title="Gradient descent {outcome} the least-squares line",
    subtitle="{n_train} diabetes patients, a line ŷ = wx + b, and the bowl of its mean squared "
    "error. Bottom: cut through the bowl’s lowest point, error and Gaussian likelihood turn at "
    "the same slope.",
    alt="Top left, a cloud of points that rises from left to right, with straight lines: that of "
    "the start, some on the way, and the last. Top right, a map of long ellipses around a star, "
    "with a path from a ring that {manner} the valley; with its {n_steps} steps gradient descent "
    "{outcome} the least-squares line. Bottom, two curves over the slope, mean squared error and "
    "negative log likelihood, both lowest at w = {best_w:.3f}.",
    caption="Body mass index and progression of the disease one year later ({n_train} patients of "
    "scikit-learn’s diabetes data). Slope w and intercept b are those of both columns scaled to "
    "0 … 1. Gradient descent with η = {lr:g} (above {largest_rate:.2f} it diverges) ends "
    "{away:.1g} away from the least-squares solution, w = {best_w:.3f}, b = {best_b:.3f}. With "
    "Gaussian noise of constant width, the negative log likelihood is the mean squared error, "
    "scaled and shifted: its minimum, found by itself, differs by {agreement:.0e}.",
    words={
        "start": "{n_train} patients, and a line to start with\n"
        "Right: the mean squared error of every line ŷ = wx + b; the star is the lowest.",
        "descent": "Each step goes against the gradient\n"
        "Gradient descent with η = {lr:g}; above {largest_rate:.2f} it climbs instead.",
        "minimum": "It {outcome} the least-squares line\n"
        "The Gaussian likelihood is largest at the same w = {best_w:.2f}, b = {best_b:.2f}.",
        "step": "step {step}",
        "off": "step {step}: off the picture",
        "quick": "{climbs:?Along the valley it takes many small steps|Each step overshoots "
        "by more than the last}\n"
        "Now {faster} times as fast: from step {from_step} to step {to_step}.",
    },
)

BETWEEN = (1, 2, 3, 12)  # steps whose lines are drawn too
ROUND = [1, 2, 5, 10]  # what ticks are multiples of


def draw(recording: xr.Dataset) -> Figure:
    """Return points and bowl over the two slices."""
    fig = Canvas(572)
    left, wide, gap = MARGIN + 34, 266.0, 98.0
    fit = fig.place(left, 32, wide, 270)
    bowl = fig.place(left + wide + gap, 32, wide, 270)
    _fit(fit, recording)
    _bowl(bowl, recording)
    best = recording.attrs["best_w"]
    for x, name, loss in (
        (left, "mean squared error", recording.mse_slice),
        (left + wide + gap, "negative log likelihood in nats", recording.nll_slice),
    ):
        _slice(fig.place(x, 404, wide, 112), recording, loss, name, best)
    return fig


def _fit(ax: Axes, recording: xr.Dataset) -> None:
    x, lines = recording.line_x.values, recording.line_y.values
    y = recording.point_y.values
    room = 0.08 * np.ptp(y)
    ax.set(xlim=(x[0], x[-1]), ylim=(y.min() - room, y.max() + room))
    ax.plot(
        recording.point_x,
        y,
        linestyle="none",
        marker="o",
        markersize=px(4.5),
        color=color("muted"),
        alpha=0.55,
        markeredgewidth=0,
        label="patients",
        zorder=1,
    )
    last = len(lines) - 1
    named = []
    for step in sorted({0, *(step for step in BETWEEN if step < last), last}):
        final = step == last
        (drawn,) = ax.plot(
            x,
            lines[step],
            color=color("vermillion"),
            linewidth=px(3.5 if final else 1.5),
            alpha=1 if final else 0.65,
            label=say("step", step=step),
            path_effects=line_halo(3.5) if final else None,
            zorder=3,
        )
        low, high = ax.get_ylim()
        if low <= lines[step][-1] <= high:
            named.append(drawn)
        elif final:
            beside(
                ax, say("off", step=step), (1, 0), of=AXES, shift=(-6, 8),
                ha="right", path_effects=halo(),
            )  # fmt: skip
    label_ends(ax, named)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    name_axes(ax, x="body mass index in kg/m²", y="progression after one year")


def _bowl(ax: Axes, recording: xr.Dataset) -> None:
    w, b = recording.w.values, recording.b.values
    ax.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    # One scale for both: only so is a step seen at a right angle to the contour that it starts on.
    ax.set_aspect("equal", anchor="S")
    theta = recording.theta.values
    inside = (theta >= [w[0], b[0]]).all(1) & (theta <= [w[-1], b[-1]]).all(1)
    if not inside.all():  # up to the first step outside: a zig-zag beyond would hide the map
        theta = theta[: np.argmin(inside) + 1]
    contours(ax, w, b, recording.mse)
    path(ax, *theta.T, color=color("vermillion"), label="path")
    ring(ax, *theta[0])
    dot(ax, *recording.least_squares.values, color=color("text"), size=15, marker="*", zorder=7)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    name_axes(ax, x="slope w", y="intercept b")


def _slice(ax: Axes, recording: xr.Dataset, loss: xr.DataArray, name: str, best: float) -> None:
    w = recording.w.values
    low, high = float(loss.min()), float(loss.max())
    ax.set(xlim=(w[0], w[-1]), ylim=(low - 0.12 * (high - low), high))
    ax.axvline(best, color=color("muted"), linewidth=px(1.25), zorder=1)
    ax.plot(w, loss, color=color("text"), label=name, zorder=2)
    star(ax, best, low)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=ROUND))
    name_axes(ax, x="slope w", y=name)
