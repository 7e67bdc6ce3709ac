"""Batch, mini-batch and stochastic paths from one start over one loss of two weights.

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
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "variants_paths": "theta_batch (step_batch, param), loss_batch (step_batch), "
    "examples_batch (step_batch), theta_mini_batch (step_mini_batch, param), "
    "loss_mini_batch (step_mini_batch), examples_mini_batch (step_mini_batch), "
    "theta_stochastic (step_stochastic, param), loss_stochastic (step_stochastic), "
    "examples_stochastic (step_stochastic), loss (y, x), grid_x (x), grid_y (y), minimum (param), "
    "batch_loss, epochs, mini_batch_loss, minimum_loss, n_train, start_loss, stochastic_loss",
}

VISUAL = Visual(
    uses=["variants_paths"],
    title="Same start, same data, same rate: only the batch differs",
    subtitle="Two weights of a linear model, {epochs} passes over {n_train} examples, η = {lr:g}. "
    "Shaded: the loss on all examples. Ring: start. Star: its minimum. Every step is drawn.",
    alt="Three copies of one oval contour map. The batch path has {batch_steps} steps, the "
    "mini-batch path {mini_batch_steps}, the stochastic path {stochastic_steps:,}; the fewer "
    "examples a step sees, the more it strays. Below, the loss of the three against the "
    "number of examples seen.",
    caption="Linear regression of the progress of {n_train} patients’ diabetes (standardised) on "
    "two measurements, {first_column} and {second_column}; the loss is the mean squared error. For "
    "the same {epochs} passes, batch descent takes {batch_steps} steps, each along the true "
    "gradient; stochastic descent {stochastic_steps:,}, each along one patient’s. After the last, "
    "their losses are {batch_loss:.3f} (batch), {mini_batch_loss:.3f} (mini-batches of "
    "{batch_size}) and {stochastic_loss:.3f} (stochastic); the smallest possible is "
    "{minimum_loss:.3f}. At a constant rate the stochastic path never comes to rest.",
    words={
        "start": "Same start, same data, same rate: only the batch differs\n"
        "A model of two weights; shaded, its loss on all {n_train} examples. η = {lr:g}.",
        "first pass": "One pass over the data: 1 step, {few} steps, {n_train} steps\n"
        "The clock runs in examples seen: a step comes after each batch of them.",
        "more passes": "{epochs} passes: smaller batches take more steps, and noisier ones\n"
        "The batch’s gradient is that of the loss; one example’s sees its own error alone.",
        "verdict": "For the same work: {batch_steps}, {mini_batch_steps} and "
        "{stochastic_steps:,} steps\n"
        "The star is the smallest loss, {minimum_loss:.3f}. At a constant rate, single examples "
        "never let it rest.",
        "counted": "{n:?no step|1 step|{n:,} steps}",
        "cost": "loss {loss:.3f}",
        "steps": "{n:,} steps",
        "minimum": "minimum {minimum_loss}",
        "passes": "passes over the {n_train} examples",
        "all passes": "{epochs} passes",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batch", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

VARIANTS = ("batch", "mini_batch", "stochastic")

SIDE = 212.0  # of a panel, CSS pixels
TOP = 286.0  # of the losses' chart


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps over the losses."""
    fig = Canvas(TOP + 170 + 54)
    gap = (WIDTH - 2 * MARGIN - 3 * SIDE) / 2
    for i, name in enumerate(VARIANTS):
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
        color=series(name).color,
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
    heading(ax, series(name).label, say("steps", n=n_steps))


def _losses(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the loss on all examples against the examples seen, the same for all three."""
    passes = recording.attrs["epochs"]
    low = recording.attrs["minimum_loss"]
    ax.set(xlim=(0, passes))
    ticks(ax, "x", list(range(0, passes + 1, max(1, passes // 5))))
    for name in reversed(VARIANTS):
        ax.plot(
            recording[f"examples_{name}"] / recording.attrs["n_train"],
            recording[f"loss_{name}"],
            color=series(name).color,
            linewidth=px(0.8 if name == "stochastic" else 2),
            label=series(name).label,
            zorder=2 if name == "stochastic" else 3,
        )
    top = 1.04 * float(recording.attrs["start_loss"])
    ax.set_ylim(0, top)
    ax.axhline(low, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    beside(
        ax,
        say("minimum"),
        (0, low),
        shift=(8, -17),
        color=color("muted"),
    )
    name_axes(ax, x=say("passes"), y="loss on all examples")
    ends = {series(name).label: number(recording.attrs[f"{name}_loss"]) for name in VARIANTS}
    label_ends(ax, notes=ends)
    for name in VARIANTS:
        losses = recording[f"loss_{name}"].values
        outside = np.flatnonzero(losses > top)
        if len(outside):
            seen = recording[f"examples_{name}"].values / recording.attrs["n_train"]
            mark_leaving(ax, seen, losses, color=series(name).color)
