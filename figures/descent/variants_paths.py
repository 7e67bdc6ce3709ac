"""Batch, mini-batch and stochastic paths from one start over one loss of two weights.

Source  003, whose "batch gradient descent" means mini-batches
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading
from figures.parts.canvas import MARGIN, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.contours import contours
from figures.parts.marks import dot, ring, star
from look.maps import square
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "variants_paths": "theta_batch (step_batch, param), theta_mini_batch (step_mini_batch, param), "
    "theta_stochastic (step_stochastic, param), loss (y, x), grid_x (x), grid_y (y), "
    "minimum (param), batch_loss, epochs, mini_batch_loss, stochastic_loss",
}

VISUAL = Visual(
    uses=["variants_paths"],
    title="The same {epochs} passes over the data: more steps, more noise",
    subtitle="Two weights, one start (ring), one rate: η = {lr:g}. Star: the lowest loss, "
    "{minimum_loss:.3f}; large dot: where a path ends.",
    alt="Three copies of one oval contour map. The batch path has {batch_steps} steps, the "
    "mini-batch path {mini_batch_steps}, the stochastic path {stochastic_steps:,}; the fewer "
    "examples a step sees, the more it strays. Under each stands the loss at its end.",
    caption="Linear regression of the progress of {n_train} patients’ diabetes (standardised) on "
    "two measurements, {first_column} and {second_column}; the loss is the mean squared error. For "
    "the same {epochs} passes, batch descent takes {batch_steps} steps, each along the true "
    "gradient; stochastic descent {stochastic_steps:,}, each along one patient’s. After the last, "
    "their losses are {batch_loss:.3f} (batch), {mini_batch_loss:.3f} (mini-batches of "
    "{batch_size}) and {stochastic_loss:.3f} (stochastic); the smallest possible is "
    "{minimum_loss:.3f}. At a constant rate the stochastic path never comes to rest.",
    words={
        "first pass": "One pass over the data: which loss is lowest after it?\n"
        "A model of two weights, one start, one rate; shaded: its loss on all {n_train} examples.",
        "more passes": "{epochs} passes: smaller batches take more steps, and noisier ones\n"
        "A batch sees the loss of all; a stochastic step sees a single example.",
        "verdict": "For the same work: {batch_steps}, {mini_batch_steps} and "
        "{stochastic_steps:,} steps\n"
        "Star: the smallest loss, {minimum_loss:.3f}. At a constant rate the stochastic path never "
        "rests.",
        "counted": "{n:?no step|1 step|{n:,} steps}",
        "cost": "loss {loss:.3f}",
        "steps": "{n:,} steps",
        "ends": "ends at a loss of {loss:.3f}",
        "last pass": "thick: its last pass",
        "all passes": "{epochs} passes",
        "lowest": "lowest",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batch", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

VARIANTS = ("batch", "mini_batch", "stochastic")

SIDE, DOWN = 212.0, 64.0  # of a panel; from one to the next under it; CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps, each with the loss that its path ends at."""
    fig = Canvas(30 + SIDE + 56, narrow=30 + 3 * (SIDE + DOWN) - 10)
    gap = (WIDTH - 2 * MARGIN - 3 * SIDE) / 2
    for i, name in enumerate(VARIANTS):
        at = (MARGIN + i * (SIDE + gap), 30.0)
        if is_narrow():
            at = (NARROW_MARGIN, 30 + i * (SIDE + DOWN))
        _panel(fig.place(*at, SIDE, SIDE), recording, name)
    return fig


def _panel(ax: Axes, recording: xr.Dataset, name: str) -> None:
    contours(ax, recording.grid_x, recording.grid_y, recording.loss)
    paths = [recording[f"theta_{each}"].values for each in VARIANTS]
    x, y = square(np.concatenate(paths), recording.grid_x.values, recording.grid_y.values)
    ax.set(xlim=x, ylim=y)
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
        linewidth=px(0.5 if many else 2.25),
        alpha=0.25 if many else 1.0,
        marker=None if n_steps > 60 else "o",
        markersize=px(6),
        markeredgecolor=color("background"),
        markeredgewidth=px(0.8),
        label=name,
        zorder=3,
    )
    last = theta[-1 - n_steps // recording.attrs["epochs"] :]
    if many:
        ax.plot(*last.T, color=series(name).color, linewidth=px(1.25), label="_last", zorder=4)
    dot(ax, *theta[-1], color=color("text"), size=11, zorder=6)
    ring(ax, *theta[0])
    heading(ax, series(name).label, say("steps", n=n_steps))
    ends = say("ends", loss=recording.attrs[f"{name}_loss"])
    weight = "semibold" if name == _lowest(recording) else "normal"
    beside(ax, ends, (0, 0), of=AXES, shift=(0, -22), weight=weight)
    if many:
        beside(ax, say("last pass"), (1, 0), of=AXES, shift=(-6, 8), ha="right",
               color=color("muted"), path_effects=halo())  # fmt: skip


def _lowest(recording: xr.Dataset) -> str:
    return min(VARIANTS, key=lambda name: float(recording.attrs[f"{name}_loss"]))
