"""Why L1 makes zeros: the balls of both penalties at the contour lines of one loss, and the paths.

Source  004; Tibshirani 1996, Regression Shrinkage and Selection via the Lasso, figure 2
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import Canvas, px
from figures.parts.colors import halo
from figures.parts.contours import contours
from figures.parts.marks import dot, star
from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import Visual, say

READS = {
    "norm_balls": "theta (run, x_strength, param), size (run, x_strength), "
    "end_loss (run, x_strength), strength (x_strength), minimum (param), grid_1 (x), grid_2 (y), "
    "loss (y, x), run (run), param (param), shown, zeroed_index, zero_from",
}

VISUAL = Visual(
    uses=["norm_balls"],
    title="{outcome:?l1=L1 sets a weight to exactly 0, L2 only makes it small|both=Under both "
    "penalties a weight becomes 0|neither=Both penalties make weights small, and none "
    "0|l2=Here L2 sets a weight to 0, and L1 does not}",
    subtitle="Descent ends where the loss’s contour line touches the penalty’s ball: all weights "
    "as large as the solution, by the penalty’s own measure. Here at a strength of λ = "
    "{shown_strength:g}; star: no penalty.",
    alt="Two maps of the same bowl over two weights, its minimum a star. Left a diamond around 0, "
    "right a circle. A contour line touches the diamond {corner:?beside its corner|at its corner, "
    "where the weight of {zeroed} is 0}; another touches the circle where that weight is "
    "{small_l2:.2f}. Small dots, the solutions at growing strengths, lead from the star to the "
    "balls and on towards 0. Below, both weights against the strength.",
    caption="A linear neuron predicts how far diabetes has gone after a year ({n_train} patients) "
    "from {first} and {second}, all standardised; the loss is the mean squared error J. Each dot "
    "is the end of {n_steps} steps of gradient descent on J + λ(|w₁| + |w₂|) or J + λ(w₁² + w₂²), "
    "for λ from 0 to {largest_strength:g}; the rate decays to 0, and what is below 0.0005 counts "
    "as 0. All points of the diamond are equally far from 0 in taxicab steps, along the axes; all "
    "points of the circle as the crow flies. {corner:?|A diamond’s corners stand out on the axes, "
    "so that a contour line may touch it there, where a weight is 0, and stays at a corner as the "
    "ball shrinks; a circle has no corners.}",
    words={
        "l1": "|w₁| + |w₂| = {size:.3f}",
        "l2": "w₁² + w₂² = {size:.3f}²",
        "touch": "w₂ = {weight:.3f}",
        "touch first": "w₁ = {weight:.3f}",
        "from": "0 from λ = {zero_from:g} on",
        "weight": "weights against the strength λ",
    },
    series={
        "l1": ["L1: a diamond", "vermillion"],
        "l2": ["L2: a circle", "green"],
        "0": ["w₁", "purple"],
        "1": ["w₂", "yellow"],
    },
)

SIDE, TOP, LEFT, GAP = 300.0, 34.0, 44.0, 52.0  # of the two maps, CSS pixels
LOW, FLAT = TOP + SIDE + 92, 104.0  # the two charts under them


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps over the two charts."""
    fig = Canvas(LOW + FLAT + 56, by_column=True)
    for i, name in enumerate(recording.run.values.tolist()):
        left = LEFT + i * (SIDE + GAP)
        run = recording.sel(run=name)
        _map(fig.place(left, TOP, SIDE, SIDE), run, name, first=i == 0)
        _paths(fig.place(left, LOW, SIDE, FLAT), recording, name)
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
    heading(ax, series(name).label, say(name, size=float(run["size"][at])))
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
    solution = theta[at]
    dot(ax, *solution, color=hue, size=13, zorder=5, label="touch")
    index = run.attrs["zeroed_index"]
    words = say("touch" if index else "touch first", weight=float(solution[index]))
    beside(
        ax,
        words,
        tuple(solution),
        shift=(10, -20) if index else (12, 8),
        weight="semibold",
        path_effects=halo(),
        zorder=6,
    )
    for axis, low, high in (("x", x0, x1), ("y", y0, y1)):
        shown = [k / 5 for k in range(-10, 11) if low < k / 5 < high]
        ticks(ax, axis, shown, lambda value: fixed(value, 1))  # type: ignore[arg-type]
    name_axes(ax, x=f"w₁, {run.param.values[0]}")
    if first:
        ax.set_ylabel(f"w₂, {run.param.values[1]}", labelpad=px(2))


def ball(name: str, size: float) -> np.ndarray:
    """Return the edge of all weights of one size, closed, shape (n, 2)."""
    if name == "l1":
        return size * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]], float)
    turn = np.linspace(0, 2 * np.pi, 181)
    return size * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _paths(ax: Axes, recording: xr.Dataset, name: str) -> None:
    theta, strength = recording.theta, recording.strength.values
    low, high = min(0.0, float(theta.min())), max(0.0, float(theta.max()))
    room = 0.12 * (high - low)
    ax.set(xlim=(0, strength[-1]), ylim=(low - 2.4 * room, high + room))
    ax.axhline(0, color=theme.color("muted"), linewidth=px(1), zorder=1)
    at = recording.attrs["shown"]
    ax.axvline(strength[at], color=theme.color("muted"), linewidth=px(1), linestyle=(0, (3, 3)))
    heading(ax, say("weight"))
    for k in range(recording.sizes["param"]):
        values = theta.sel(run=name).values[:, k]
        ax.plot(
            strength,
            values,
            color=series(str(k)).color,
            label=f"w{k + 1}",
            marker="o",
            markersize=px(5),
            zorder=3,
        )
        middle = len(strength) // 4
        beside(
            ax,
            series(str(k)).label,
            (float(strength[middle]), float(values[middle])),
            shift=(6, 6),
            path_effects=halo(),
        )
    if name == "l1" and recording.attrs["zero_from"] >= 0:
        beside(
            ax,
            say("from"),
            (recording.attrs["zero_from"], 0.0),
            shift=(7, -17),
            path_effects=halo(),
        )
    ticks(ax, "x", [float(strength[0]), float(strength[at]), float(strength[-1])])
    ticks(ax, "y", [0.0, *([round(high, 1)] if high > 0.1 else [])], lambda value: fixed(value, 1))
    name_axes(ax, x="strength λ of the penalty")
