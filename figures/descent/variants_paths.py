"""Batch, mini-batch and stochastic paths from one start over one loss of two weights.

Source  003, whose "batch gradient descent" means mini-batches
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.contours import contours
from figures.parts.marks import dot, ring, star
from look.maps import square
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "variants_paths": "theta_batch (step_batch, param), theta_mini_batch (step_mini_batch, param), "
    "theta_stochastic (step_stochastic, param), loss (y, x), grid_x (x), grid_y (y), "
    "minimum (param), loss_stochastic (step_stochastic), batch_loss, batch_size, epochs, "
    "mini_batch_loss, n_train, stochastic_loss",
}

VISUAL = Visual(
    uses=["variants_paths"],
    title="The same {epochs} passes over the data: more steps, more noise",
    subtitle="Two weights fitted to {n_train} patients: one start (ring), one learning rate, "
    "{lr:g}. Star: the lowest loss, {minimum_loss:.3f}; large dot: where a path ends.",
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
        "first pass": "One pass over the data: how far does each get?\n"
        "A model of two weights, one start, one rate; shaded: its loss on all {n_train} examples.",
        "more passes": "{far:?One pass is done|After one pass, {behind} is far behind}: and after "
        "{epochs}?\n"
        "The smaller a batch, the more steps a pass has, and the noisier they are.",
        "verdict": "After {epochs} passes, {leader} {steady:?happens to be|is} lowest: "
        "{loss:.3f}\n"
        "The stochastic path never rests: its loss in the last pass, {low:.2f} to {high:.2f}.",
        "counted": "{n:?no step|1 step|{n:,} steps}",
        "cost": "loss {loss:.3f}",
        "steps": "{n:,} steps on {size}",
        "ends": "ends at a loss of {loss:.3f}",
        "last pass": "in its last pass (thick): {low:.2f} to {high:.2f}",
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

SIDE = 212.0  # of a panel, CSS pixels
SLIM, DOWN = 226.0, 44.0  # on the narrow sheet, words beside it; from one to the next under it


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps, each with the loss that its path ends at."""
    fig = Canvas(30 + SIDE + 62, narrow=30 + 3 * (SLIM + DOWN) - 22)
    gap = (WIDTH - 2 * MARGIN - 3 * SIDE) / 2
    for i, name in enumerate(VARIANTS):
        left, top, side = MARGIN + i * (SIDE + gap), 30.0, SIDE
        if is_narrow():
            left, top, side = NARROW_MARGIN, 30 + i * (SLIM + DOWN), SLIM
        _panel(fig.place(left, top, side, side), recording, name)
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
    dot(ax, *theta[-1], color=series(name).color, size=13, zorder=4.5)
    star(ax, *recording.minimum.values)  # over a dot that has come to it
    ring(ax, *theta[0])
    attrs = recording.attrs
    sizes = dict(zip(VARIANTS, (attrs["n_train"], attrs["batch_size"], 1), strict=True))
    heading(ax, series(name).label, say("steps", n=n_steps, size=sizes[name]))
    weight = "semibold" if name == _lowest(recording) else "normal"
    said = [(say("ends", loss=recording.attrs[f"{name}_loss"]), weight, "text")]
    losses = recording.loss_stochastic.values[-len(last) :]
    if many:  # where it ends is chance
        said.append((say("last pass", low=losses.min(), high=losses.max()), "normal", "muted"))
    if is_narrow():
        words = ["\n".join(wrap(each, LABEL, NARROW - SLIM - 2.5 * NARROW_MARGIN))
                 for each, *_ in said]  # fmt: skip
        down = -4.0
        for text, (_, weight, ink) in zip(words, said, strict=True):
            beside(ax, text, (1, 1), of=AXES, shift=(10, down), va="top", linespacing=1.25,
                   weight=weight, color=color(ink))  # fmt: skip
            down -= 20 * (text.count("\n") + 1) + 8
        return
    for i, (text, weight, ink) in enumerate(said):
        beside(ax, text, (0, 0), of=AXES, shift=(0, -22 - 20 * i), weight=weight, color=color(ink))


def _lowest(recording: xr.Dataset) -> str:
    return min(VARIANTS, key=lambda name: float(recording.attrs[f"{name}_loss"]))
