"""What momentum makes of a constant gradient: how long its steps get, and how soon.

Source  001, "momentum increases the effective learning rate"
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._arrows import arrow
from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "momentum_effective_rate": "classical (run, step), momentum (run), limit (run), "
    "within (run), run (run), step (step), near",
}

VISUAL = Visual(
    uses=["momentum_effective_rate"],
    title="Momentum {high_momentum:g} makes steps {high_limit:.0f} times as long under a constant "
    "gradient: divide η by {high_limit:.0f}",
    subtitle="Each step adds all earlier gradients, fading, to the new one; under a constant one "
    "it grows until as much fades as is added. Both axes logarithmic.",
    alt="Step length against the number of steps, both logarithmic. Two curves grow from 1 "
    "to {low_limit:.0f} and to {high_limit:.0f} times η g. "
    "Marks at step {low_within} and step {high_within}: from there on they are within "
    "{near:.0%} of their limits.",
    caption="torch.optim.SGD on a level slope, η = {lr:g}; the length is that of each recorded "
    "step. The classical form adds up 1 + μ + μ² + …, which is 1/(1 − μ) in the end; who turns "
    "momentum on at an unchanged η thus multiplies the learning rate. The averaging form, "
    "v\u202f←\u202fμv\u202f+\u202f(1\u202f−\u202fμ)g (dampening = μ), keeps it: torch starts "
    "the average at the first gradient, and so steps by η from the first step on; started at 0, it "
    "gets there as late as the other gets to its limit.",
    words={
        "limit": "$\\mu = {momentum:g}$: × {limit:.0f}",
        "highest": "$\\mu = {momentum:g}$",
        "times": "× {limit:.0f}",
        "none": "no momentum: × 1",
        "within": "step {step}:{slim:? |\n}within {near:.0%}",
        "axis": "length of a step, in $\\eta g$",
    },
    series={
        "low": ["lower momentum", "green"],
        "high": ["higher momentum", "purple"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the lengths of all steps."""
    fig, ax = subplots(height=400, left=52, right=168, top=34, bottom=54, narrow=True)
    steps = recording.step.values
    highest = float(recording.limit.max())
    ax.set(xscale="log", yscale="log", xlim=(1, steps[-1]), ylim=(0.7, highest * 1.9))
    ax.grid(axis="y")
    ticks(ax, "x", [10**k for k in range(int(np.log10(steps[-1])) + 1)])
    ticks(ax, "y", [10.0**k for k in range(int(np.log10(1.01 * highest)) + 1)])
    name_axes(ax, x="step")
    beside(ax, say("axis"), (0, 1), of=AXES, shift=(0, 8), color=color("muted"), parse_math=True)
    for name in recording.run.values.tolist():
        _curve(ax, recording.sel(run=name), steps, name)
    ax.plot(steps[[0, -1]], [1, 1], color=color("muted"), linewidth=px(2), label="none", zorder=3)
    beside(
        ax, say("none"), (1, 1), of=ax.get_yaxis_transform(), shift=(24, 0), va="center_baseline",
        color=color("muted"),
    )  # fmt: skip
    return fig


def _curve(ax: Axes, run: xr.Dataset, steps: np.ndarray, name: str) -> None:
    """Draw one momentum's curve, where it has grown, and how much the highest has."""
    hue, within, limit = series(name).color, int(run.within), float(run.limit)
    ax.plot(steps, run.classical, color=hue, linewidth=px(4.5), label=f"classical {name}", zorder=4)
    at = (within, float(run.classical.sel(step=within)))
    dot(ax, *at, color=hue, size=11)
    low = name == "low"
    # the other curve goes through the place over the lower one
    shift, side, up = ((0, -11), "left", "top") if low else ((0, 13), "center", "baseline")
    beside(
        ax,
        say("within", step=within, slim=int(is_narrow() and low)),
        at,
        shift=shift,
        ha=side,
        va=up,
        path_effects=halo(),
    )
    said = "highest" if name == "high" else "limit"
    beside(
        ax, say(said, limit=limit, momentum=float(run.momentum)), (1, limit),
        of=ax.get_yaxis_transform(), shift=(24, 0), va="center_baseline", parse_math=True,
    )  # fmt: skip
    if name == "high":
        edge = ax.bbox.x1 + 11 * ax.figure.dpi / 96
        x = ax.transData.inverted().transform((edge, ax.bbox.y0))[0]
        arrow(ax, (x, 1), (x, limit), hue, label="times", width=2.5)
        # in its upper third, under the curve and over the other one
        beside(ax, say("times", limit=limit), (x, limit**0.75), shift=(-11, 0), ha="right",
               va="center_baseline", weight="semibold")  # fmt: skip
