"""A rate for each parameter: how Adagrad's and RMSProp's change.

Source  001, where Adagrad is said to react to the speed of change; 004, who has RMSProp be the
        touchier of the two
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import WIDTH, Canvas, px
from figures.parts.colors import halo
from look.runs import runs
from look.words import Visual, say

READS = {
    "adaptive_rates": "rate (run, step, param), run (run), step (step), adagrad_lr, rmsprop_lr",
}

VISUAL = Visual(
    uses=["adaptive_rates"],
    title="Adagrad never forgets a steep slope, RMSProp does",
    subtitle="The learning rate of one parameter, on a way down a wall and along a flat valley: η "
    "over the root of its squared gradients, of all (Adagrad) or of the recent ones (RMSProp).",
    alt="Two curves of a learning rate over {n_steps} steps, from the wall to the flat valley. "
    "Adagrad’s never rises. RMSProp’s is low on the wall"
    "{recover:?| and ends at many times its lowest}.",
    caption="{surface} function, η = {adagrad_lr:g} for Adagrad, {rmsprop_lr:g} for RMSProp (α = "
    "{alpha:g}), from their own state; the parameter is x. Adagrad "
    "sums all squared gradients, RMSProp averages the recent ones: both react to the "
    "size of gradients, not to how fast they change. Of {n_tried} rates η from {lowest_tried:g} "
    "to {highest_tried:g}, plain descent learns at {sgd_learnt}, Adagrad at {adagrad_learnt}, "
    "RMSProp at {rmsprop_learnt} (loss below {good:.0%} of the first after {n_steps} steps).",
    words={
        "curve": "{label}, η = {lr:g}",
        "axis": "learning rate of a parameter, log scale",
        "large": "large gradients:\nlow rate",
        "small": "small gradients:\n{times:.2n} times its lowest",
        "falls": "never rises",
        "film axis": "rate of x (across the map), log scale",
        "steep": "steep",
        "flat": "flat",
        "step": "step",
        "head": "{label}{rose:?|: × {times:.2n}}",
        "start": "Steep, then flat: whose learning rate grows?\n"
        "Discs: η over the root of squared gradients, of all (Adagrad) or recent (RMSProp)",
        "end": "Adagrad never forgets the steep wall, RMSProp does\n"
        "The area of a disc is the rate{recover:?|; ×: the last over the lowest}.",
    },
)

TALL = 400.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the rates of the first parameter, step by step, with what became of them."""
    fig = Canvas(34 + TALL + 58, narrow=True)
    ax = fig.place(62, 34, WIDTH - 62 - 150, TALL)
    steps, rates = recording.step.values, recording.rate.isel(param=0)
    low, high = float(rates.min()) / 2.2, float(rates.max()) * 3.5
    ax.set(yscale="log", xlim=(0, steps[-1]), ylim=(low, high))
    powers = range(int(np.ceil(np.log10(low))), int(np.floor(np.log10(high))) + 1)
    ticks(ax, "y", [10.0**k for k in powers])
    ticks(ax, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    ax.grid(axis="y")
    name_axes(ax, x="step", y=say("axis"))
    for run in runs(recording):
        said = say("curve", label=run.label, lr=recording.attrs[f"{run.name}_lr"])
        rate = run.rate.isel(param=0).values
        ax.plot(steps, rate, color=run.color, linewidth=px(5), label=said)
        _note(ax, run.name, steps, rate)
    label_ends(ax)
    return fig


def _note(ax: Axes, name: str, steps: np.ndarray, rate: np.ndarray) -> None:
    """Say at its curve what becomes of a method's rate."""
    style = {"path_effects": halo(), "zorder": 6}
    if name != "rmsprop":
        at = len(steps) // 20  # at its left, where RMSProp's is far below for long
        beside(ax, say("falls"), (steps[at], rate[at]), shift=(0, 10), **style)
        return
    k = int(rate.argmin())
    beside(ax, say("large"), (steps[k], rate[k]), shift=(14, -10), va="top", **style)
    if rate[-1] >= 2 * rate[k]:
        said = say("small", times=rate[-1] / rate[k])
        beside(ax, said, (steps[-1], rate[-1]), shift=(-14, 12), ha="right", **style)
