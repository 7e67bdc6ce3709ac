"""Batch, mini-batch and stochastic paths from one start over one loss of two weights.

Reads   variants_paths: theta_NAME, loss_NAME, examples_NAME (step_NAME), loss (y, x), minimum
Source  003, whose "batch gradient descent" means mini-batches
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import mark_leaving, ring, star
from look.numbers import number
from look.theme import color
from look.words import Visual

VISUAL = Visual(
    uses=["variants_paths"],
    title="Same start, same data, same rate: only the batch differs",
    subtitle="Two weights of a linear model, {epochs} passes over {n_train} examples, η = {lr:g}. "
    "Shaded: the loss on all examples. Ring: start. Star: its minimum. Every step is drawn.",
    alt="Three copies of one oval contour map. The batch path is a smooth curve of {batch_steps} "
    "steps. The mini-batch path, {mini_batch_steps} steps, wobbles along nearly the same way. The "
    "stochastic path, {stochastic_steps:,} steps, jumps there at once and then wanders around "
    "the minimum. Below, the loss of the three against the number of examples seen.",
    caption="Linear regression of the progress of {n_train} patients’ diabetes (standardised) on "
    "two measurements, {first_column} and {second_column}; the loss is the mean squared error. For "
    "the same {epochs} passes, batch descent takes {batch_steps} steps, each along the true "
    "gradient; stochastic descent {stochastic_steps:,}, each along one patient’s. After the last, "
    "their losses are {batch_loss:.3f} (batch), {mini_batch_loss:.3f} (mini-batches of "
    "{batch_size}) and {stochastic_loss:.3f} (stochastic); the smallest possible is "
    "{minimum_loss:.3f}. At a constant rate the stochastic path never comes to rest.",
)

COLORS = {"batch": "blue", "mini_batch": "green", "stochastic": "vermillion"}
NAMES = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}

SIDE = 212.0  # of a panel, CSS pixels
TOP = 286.0  # of the losses' chart


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps over the losses."""
    fig = Canvas(TOP + 170 + 54)
    gap = (WIDTH - 2 * MARGIN - 3 * SIDE) / 2
    for i, name in enumerate(COLORS):
        ax = fig.place(MARGIN + i * (SIDE + gap), 26, SIDE, SIDE)
        _panel(ax, recording, name)
    _losses(fig.place(62, TOP, 500, 170), recording)
    return fig


def _panel(ax: Axes, recording: xr.Dataset, name: str) -> None:
    contours(ax, recording.grid_x, recording.grid_y, recording.loss)
    ax.set_xticks([])
    ax.set_yticks([])
    theta = recording[f"theta_{name}"].values
    n_steps = len(theta) - 1
    many = n_steps > 500
    star(ax, *recording.minimum.values)
    ax.plot(
        theta[:, 0],
        theta[:, 1],
        color=color(COLORS[name]),
        linewidth=px(0.5 if many else 1.75),
        alpha=0.55 if many else 1.0,
        marker=None if n_steps > 60 else "o",
        markersize=px(6),
        markeredgecolor=color("background"),
        markeredgewidth=px(0.8),
        label=name,
        zorder=3,
    )
    ring(ax, *theta[0])
    heading(ax, NAMES[name], f"{n_steps:,} steps")


def _losses(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the loss on all examples against the examples seen, the same for all three."""
    passes = recording.attrs["epochs"]
    low = recording.attrs["minimum_loss"]
    ax.set(xlim=(0, passes))
    ticks(ax, "x", list(range(0, passes + 1, max(1, passes // 5))))
    for name in reversed(COLORS):
        ax.plot(
            recording[f"examples_{name}"] / recording.attrs["n_train"],
            recording[f"loss_{name}"],
            color=color(COLORS[name]),
            linewidth=px(0.8 if name == "stochastic" else 2),
            label=NAMES[name],
            zorder=2 if name == "stochastic" else 3,
        )
    top = 1.04 * float(recording.attrs["start_loss"])
    ax.set_ylim(0, top)
    ax.axhline(low, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    beside(
        ax,
        f"minimum {number(low)}",
        (0, low),
        shift=(8, -17),
        color=color("muted"),
    )
    name_axes(
        ax, x=f"passes over the {recording.attrs['n_train']} examples", y="loss on all examples"
    )
    ends = {NAMES[name]: number(recording.attrs[f"{name}_loss"]) for name in COLORS}
    label_ends(ax, notes=ends)
    for name in COLORS:
        losses = recording[f"loss_{name}"].values
        outside = np.flatnonzero(losses > top)
        if len(outside):
            seen = recording[f"examples_{name}"].values / recording.attrs["n_train"]
            mark_leaving(ax, seen, losses, color=color(COLORS[name]))
