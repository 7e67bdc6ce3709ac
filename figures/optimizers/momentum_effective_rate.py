"""What momentum makes of a constant gradient: how long its steps get, and how soon.

Source  001, "momentum increases the effective learning rate"
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "momentum_effective_rate": "classical (run, step), "
    "from_zero (run, step), momentum (run), limit (run), within (run), run (run), step (step), "
    "near",
}

VISUAL = Visual(
    uses=["momentum_effective_rate"],
    title="Momentum {high_momentum:g} makes steps {high_limit:.0f} times as long under a constant "
    "gradient: divide η by {high_limit:.0f}",
    subtitle="A step’s length, in units of η times the gradient. Solid: "
    "v\u202f←\u202fμv\u202f+\u202fg. Dashed: "
    "v\u202f←\u202fμv\u202f+\u202f(1\u202f−\u202fμ)g, which keeps η. Both axes logarithmic.",
    alt="Step length against the number of steps, both logarithmic. Two solid curves grow from 1 "
    "to {low_limit:.0f} and to {high_limit:.0f} times η g, two dashed ones of the same shapes to "
    "1. Marks at step {low_within} and step {high_within}: from there on they are within "
    "{near:.0%} of their limits.",
    caption="torch.optim.SGD on a level slope, η = {lr:g}; the length is that of each recorded "
    "step. The classical form adds up 1 + μ + μ² + …, which is 1/(1 − μ) in the end; who turns "
    "momentum on at an unchanged η thus multiplies the learning rate. The averaging form "
    "(dampening = μ) keeps it. The dashed curves start the average at 0; torch starts it at the "
    "first gradient instead and steps by η from the first step on.",
    words={
        "limit": "μ = {momentum:g}: × {limit:.0f}",
        "one": "1",
        "within": "step {step}: within {near:.0%}",
        "momentum": "μ = {momentum:g}",
    },
    series={
        "low": ["lower momentum", "green"],
        "high": ["higher momentum", "purple"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the lengths of all steps."""
    fig, ax = subplots(height=430, left=52, right=168, top=34, bottom=54, narrow=True)
    steps = recording.step.values
    lowest = float(recording.from_zero.min())
    highest = float(recording.limit.max())
    ax.set(xscale="log", yscale="log", xlim=(1, steps[-1]), ylim=(lowest / 1.3, highest * 1.9))
    ax.grid(axis="y")
    ticks(ax, "x", [10**k for k in range(int(np.log10(steps[-1])) + 1)])
    powers = range(int(np.floor(np.log10(lowest))), int(np.log10(1.01 * highest)) + 1)
    ticks(ax, "y", [10.0**k for k in powers if 10.0**k > lowest / 1.3])
    name_axes(ax, x="step", y="length of the step, in η g")
    for name in recording.run.values.tolist():
        _pair(ax, recording.sel(run=name), steps, name)
    at_end = {"of": ax.get_yaxis_transform(), "va": "center_baseline"}
    beside(ax, say("one"), (1, 1), shift=(14, 0), **at_end)
    return fig


def _pair(ax: Axes, run: xr.Dataset, steps: np.ndarray, name: str) -> None:
    """Draw one momentum's classical and averaging curves, and where they have grown."""
    hue, within, limit = series(name).color, int(run.within), float(run.limit)
    ax.plot(steps, run.classical, color=hue, linewidth=px(4.5), label=f"classical {name}", zorder=4)
    ax.plot(
        steps,
        run.from_zero,
        color=hue,
        linewidth=px(1.5),
        linestyle=(0, (3.2, 1.6)),
        label=f"from zero {name}",
        zorder=3,
    )
    for curve in (run.classical, run.from_zero):
        dot(ax, within, float(curve.sel(step=within)), color=hue, size=11)
    at = (within, float(run.classical.sel(step=within)))
    # on a narrow sheet the other curve goes through where it stands on a wide one
    under = is_narrow() and name == "low"
    shift, side = ((4, -20), "left") if under else ((0, 13), "center")
    beside(ax, say("within", step=within), at, shift=shift, ha=side, path_effects=halo())
    beside(
        ax,
        say("limit", limit=limit, momentum=float(run.momentum)),
        (1, limit),
        of=ax.get_yaxis_transform(),
        shift=(14, 0),
        va="center_baseline",
        weight="semibold",
    )
    beside(
        ax,
        say("momentum", momentum=float(run.momentum)),
        (steps[2], float(run.from_zero[2])),
        shift=(6, -16),
        color=color("muted"),
        path_effects=halo(),
    )
