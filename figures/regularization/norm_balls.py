"""Why L1 makes zeros: the balls of both penalties at the contour lines of one loss, and the paths.

Source  004; Tibshirani 1996, Regression Shrinkage and Selection via the Lasso, figure 2
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.contours import contours
from figures.parts.marks import dot, star
from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import Visual, say

READS = {
    "norm_balls": "theta (run, x_strength, param), size (run, x_strength), "
    "end_loss (run, x_strength), minimum (param), grid_1 (x), grid_2 (y), "
    "loss (y, x), run (run), param (param), shown, zeroed_index",
}

VISUAL = Visual(
    uses=["norm_balls"],
    title="{outcome:?l1=L1 sets a weight to exactly 0, L2 only makes it smaller|both=Under both "
    "penalties a weight becomes 0|neither=Both penalties make weights small, and none "
    "0|l2=Here L2 sets a weight to 0, and L1 does not}",
    subtitle="A penalty is a price for large weights: all points on a shape’s edge cost the same. "
    "Descent ends where a contour of the loss touches it. Small dots: as the price grows from 0, "
    "at the star.",
    alt="Two maps of the same bowl over two weights, its minimum a star. Left a diamond around 0, "
    "right a circle. A contour line touches the diamond {corner:?beside its corner|at its corner, "
    "where the weight of {zeroed} is 0}; another touches the circle where that weight is "
    "{small_l2:.2f}. Small dots, the solutions at growing strengths, lead from the star to the "
    "balls and on towards 0.",
    caption="A linear neuron predicts how far diabetes has gone after a year ({n_train} patients) "
    "from {first} and {second}, all standardised; the loss is the mean squared error J. Each dot "
    "is the end of {n_steps} steps of gradient descent on J + λ(|w₁| + |w₂|) or J + λ(w₁² + w₂²), "
    "for λ from 0 to {largest_strength:g}, the large one for {shown_strength:g}; the rate falls to "
    "0, and what is below 0.0005 counts as 0. All points of the diamond are equally far from 0 in "
    "taxicab steps, along the axes; all points of the circle as the crow flies. {corner:?|A "
    "diamond’s corners stand out on the axes, so that a contour line may touch it there, where a "
    "weight is 0, and stays at a corner as the ball shrinks; a circle has no corners.}",
    words={
        "l1": r"$|w_1| + |w_2| = {size:.3f}$",
        "l2": r"$w_1^2 + w_2^2 = {size:.3f}^2$",
        "touch": r"$w_2 = {weight}$",
        "touch first": r"$w_1 = {weight}$",
        "axis 1": r"$w_1$, {name}",
        "axis 2": r"$w_2$, {name}",
    },
    series={"l1": ["L1: a diamond", "vermillion"], "l2": ["L2: a circle", "green"]},
)

SIDE, TOP, LEFT, GAP = 300.0, 34.0, 50.0, 42.0  # of the two maps, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps beside each other."""
    fig = Canvas(TOP + SIDE + 56)
    for i, name in enumerate(recording.run.values.tolist()):
        left = LEFT + i * (SIDE + GAP)
        run = recording.sel(run=name)
        _map(fig.place(left, TOP, SIDE, SIDE), run, name, first=i == 0)
    return fig


def window(minimum: np.ndarray) -> list[tuple[float, float]]:
    """Return what a map spans of both weights: 0 and the minimum with room around, one scale."""
    reach = float(np.abs(minimum).max())
    spans = []
    for value in minimum.tolist():
        low, high = -0.78 * reach, 1.22 * reach
        spans.append((low, high) if value >= 0 else (-high, -low))
    return spans


def _map(ax: Axes, run: xr.Dataset, name: str, *, first: bool) -> None:
    at = run.attrs["shown"]
    minimum, theta = run.minimum.values, run.theta.values
    contours(ax, run.grid_1, run.grid_2, run.loss)
    (x0, x1), (y0, y1) = window(minimum)
    ax.set(xlim=(x0, x1), ylim=(y0, y1))
    heading(ax, series(name).label, say(name, size=float(run["size"][at])), parse_math=True)
    ax.axhline(0, color=theme.color("muted"), linewidth=px(1), zorder=1.5)
    ax.axvline(0, color=theme.color("muted"), linewidth=px(1), zorder=1.5)
    hue = series(name).color
    edge = ball(name, float(run["size"][at]))
    ax.fill(*edge.T, color=hue, alpha=0.28, linewidth=0, zorder=2)
    ax.plot(*edge.T, color=hue, linewidth=px(2.25), label="ball", zorder=2.5)
    ax.contour(
        run.grid_1,
        run.grid_2,
        run.loss,
        levels=[float(run.end_loss[at])],
        colors=theme.color("text"),
        linewidths=px(1.75),
        zorder=2.6,
    )
    for k, point in enumerate(theta):
        if k:
            dot(ax, *point, color=theme.color("text"), size=6, zorder=3, label=f"_solution {k}")
    star(ax, *minimum)
    index = run.attrs["zeroed_index"]
    words = say("touch" if index else "touch first", weight=float(minimum[index]))
    beside(ax, words, tuple(minimum), shift=(18, 12), ha="right", fontsize=px(15), parse_math=True,
           path_effects=halo(), zorder=6)  # fmt: skip
    solution = theta[at]
    dot(ax, *solution, color=hue, size=13, zorder=5, label="touch")
    words = say("touch" if index else "touch first", weight=float(solution[index]))
    room = x1 - solution[0] > 0.36 * (x1 - x0)  # to the right
    beside(
        ax,
        words,
        tuple(solution),
        shift=(10 if room else -12 if name == "l2" else 12, -24 if room else -38)
        if index
        else (12, 8),
        ha="left" if room or not index else "right",
        fontsize=px(19),
        parse_math=True,
        path_effects=halo(),
        zorder=6,
    )
    for axis, low, high in (("x", x0, x1), ("y", y0, y1)):
        shown = [k / 5 for k in range(-10, 11, 2) if low < k / 5 < high]
        ticks(ax, axis, shown, lambda value: fixed(value, 1))  # type: ignore[arg-type]
    across, up = (say(f"axis {k + 1}", name=run.param.values[k]) for k in (0, 1))
    name_axes(ax, x=across)
    ax.xaxis.label.set_parse_math(True)
    if first or is_narrow():
        ax.set_ylabel(up, labelpad=px(2), parse_math=True)


def ball(name: str, size: float) -> np.ndarray:
    """Return the edge of all weights of one size, closed, shape (n, 2)."""
    if name == "l1":
        return size * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]], float)
    turn = np.linspace(0, 2 * np.pi, 181)
    return size * np.stack([np.cos(turn), np.sin(turn)], axis=1)
