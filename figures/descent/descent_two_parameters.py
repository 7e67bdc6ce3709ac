"""Gradient descent in two parameters: the path on the surface, and on its map.

Source  001; 002, the picture of two parameters
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from figures.parts import axes
from figures.parts.axes import name_axes
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import dot, ring
from figures.parts.space import Space
from look import theme
from look.words import Visual

READS = {
    "descent_two_parameters": "theta (step, param), move (step, param), path_loss (step), "
    "loss (y, x), grid_x (x), grid_y (y)",
}

VISUAL = Visual(
    uses=["descent_two_parameters"],
    title="Every step leaves its contour line at a right angle",
    subtitle="{n_steps} steps of gradient descent with η = {lr:g}, on a made-up loss of two "
    "parameters and on its map. Ring: start. Along a line the loss is the same; thick: the line "
    "that a step leaves.",
    alt="Left, a surface with a hilltop and a hollow, and a path that goes down on it. "
    "Right, the same from above: contour lines, with an arrow for every step. Each arrow "
    "starts at a right angle to the contour line there. The longest goes {longest_move:.2f} "
    "far; the next one would go {last_move:.2g}.",
    caption="Loss: the {surface} function, {start_loss:.1f} at the start and {end_loss:.1f} after "
    "{n_steps} steps. The gradient ∇J points straight up the slope, so −η ∇J points straight down, "
    "across the contour line, and is as long as the slope is steep. Straight down from here is not "
    "straight to the minimum: the path bends, for each step knows only its own place.",
    words={
        "start": "Which way is steepest?\n"
        "One point, on a surface of two parameters and on its map; bright: equal loss.",
        "gradient": "A step crosses the contour line at a right angle\n"
        "The gradient points straight up the slope, the step straight down; η = {lr:g}.",
        "descent": "Step by step, always straight down from here\n"
        "Each step knows only its own place: together they make a bend.",
        "end": "{arrived:?Shorter or longer, every step goes straight down|Where the "
        "gradient vanishes, the steps do too}\n"
        "The loss went from {start_loss:.1f} to {end_loss:.1f} in {n_steps} steps.",
        "gradient now": "{x:+.1f}, {y:+.1f}",
    },
)

SIDE = 316.0  # of the view and of the map, CSS pixels
ANGLE = 11.0  # side of the mark of a right angle
LEFTS = (MARGIN, WIDTH - MARGIN - SIDE)


def draw(recording: xr.Dataset) -> Figure:
    """Return the surface beside its map."""
    fig = Canvas(SIDE + 76)
    relief = fig.place(LEFTS[0], 22, SIDE, SIDE)
    plan = fig.place(LEFTS[1], 22, SIDE, SIDE)
    _relief(relief, recording)
    _map(plan, recording)
    return fig


def _relief(ax: Axes, recording: xr.Dataset) -> None:
    x, y, height = recording.grid_x.values, recording.grid_y.values, recording.loss.values
    low, high = float(height.min()), float(height.max())
    space = Space(
        x=(x[0], x[-1]), y=(y[0], y[-1]), height=(low, high), azimuth=24, elevation=42, tall=1.15
    )
    ticks = [tick for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high]
    space.frame(ax, ticks, "J", ("θ₁", "θ₂"))
    every = max(1, round(max(height.shape) / 60))
    theta = recording.theta.values
    path = theta[:, 0], theta[:, 1], recording.path_loss.values
    space.draw(
        ax,
        x[::every],
        y[::every],
        height[::every, ::every],
        path=path,
        color=theme.color("vermillion"),
    )
    at = space.project(*path)
    ax.plot(
        *at[1:].T,
        linestyle="none",
        marker="o",
        markersize=px(6),
        markerfacecolor=theme.color("vermillion"),
        markeredgecolor=theme.color("background"),
        markeredgewidth=px(0.8),
        label="path",
        zorder=4,
    )
    ring(ax, *at[0])


def _map(ax: Axes, recording: xr.Dataset) -> None:
    x, y, height = recording.grid_x, recording.grid_y, recording.loss
    theta, losses = recording.theta.values, recording.path_loss.values
    contours(ax, x, y, height).set_visible(False)  # only those lines that steps leave
    name_axes(ax, x="θ₁", y="θ₂")
    whole = np.arange(np.ceil(float(x[0])), float(x[-1]) + 1e-9)
    axes.ticks(ax, "x", whole.tolist())
    whole = np.arange(np.ceil(float(y[0])), float(y[-1]) + 1e-9)
    axes.ticks(ax, "y", whole.tolist())
    ax.contour(
        x,
        y,
        height,
        levels=np.unique(losses[kept(losses)]),
        colors=theme.color("muted"),
        linewidths=px(0.8),
        linestyles="solid",
        zorder=1,
    )
    for k, (here, move) in enumerate(zip(theta[:-1], recording.move.values[:-1], strict=True)):
        _arrow(ax, here, here + move, label=f"_step {k}")
    square = 1.4 * ANGLE * np.ptp(ax.get_xlim()) / SIDE  # shorter steps have no room for the mark
    for k in kept(losses[:-1]):
        if np.linalg.norm(recording.move.values[k]) > square:
            _right_angle(ax, theta[k], recording.move.values[k])
            _left(ax, recording, theta[k], losses[k], 1.6 * square)
    ring(ax, *theta[0])


def _left(ax: Axes, recording: xr.Dataset, here: np.ndarray, loss: float, reach: float) -> None:
    """Draw the part around a step's start of the contour line that it leaves."""
    lines = ax.contour(
        recording.grid_x, recording.grid_y, recording.loss, levels=[loss],
        colors=theme.color("text"), linewidths=px(2), linestyles="solid", zorder=2,
    )  # fmt: skip
    lines.set_label("_left")
    lines.set_clip_path(Circle(here, reach, transform=ax.transData))


def kept(losses: np.ndarray) -> np.ndarray:
    """Return the steps whose contour lines are drawn: those that don't run into one another."""
    apart = 0.03 * np.ptp(losses)
    found = [0]
    for k in range(1, len(losses)):
        if np.abs(losses[found] - losses[k]).min() > apart:
            found.append(k)
    return np.array(found)


def _arrow(ax: Axes, here: np.ndarray, there: np.ndarray, label: str) -> None:
    """Draw a step with as much of a head as it has room for."""
    hue = theme.color("vermillion")
    ends = ax.transData.transform([here, there])
    length = np.linalg.norm(ends[1] - ends[0]) / ax.figure.dpi * 96
    for width, color, zorder in ((5.0, theme.color("background"), 3.0), (2.5, hue, 3.2)):
        ax.plot(
            *np.stack([here, there]).T,
            color=color,
            linewidth=px(width),
            solid_capstyle="round",
            label=label if color == hue else None,
            zorder=zorder,
        )
    if length > 7:
        size = min(11.0, 0.75 * length)
        turn = np.degrees(np.arctan2(*(ends[1] - ends[0])[::-1]))
        back = there - (there - here) * (0.45 * size / length)
        dot(ax, *back, color=hue, size=size, marker=(3, 0, turn - 90), zorder=3.4)


def _right_angle(ax: Axes, here: np.ndarray, move: np.ndarray) -> None:
    """Mark the angle between a step and the contour line that it leaves."""
    along = move / np.linalg.norm(move)
    across = np.array([-along[1], along[0]])
    side = ANGLE * (ax.get_xlim()[1] - ax.get_xlim()[0]) / SIDE
    corners = here + side * np.stack([across, across + along, along])
    ax.plot(*corners.T, color=theme.color("text"), linewidth=px(1.4), zorder=3.5, label="_angle")
