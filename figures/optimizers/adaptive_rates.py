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
from figures.parts.marks import dot
from look.runs import runs
from look.words import Visual, say

READS = {
    "adaptive_rates": "rate (run, step, param), gradient (run, step, param), run (run), "
    "step (step), adagrad_lr, rmsprop_lr",
}

VISUAL = Visual(
    uses=["adaptive_rates"],
    title="Adagrad never forgets a steep slope, RMSProp does",
    subtitle="On a way down a wall and along a flat valley: η over the root of one parameter’s "
    "squared gradients, summed over all steps (Adagrad) or averaged over the last few (RMSProp).",
    alt="Two curves of a learning rate over {n_steps} steps, from the wall to the flat valley, and "
    "under them the size of RMSProp’s gradient. Adagrad’s rate never rises. RMSProp’s is low where "
    "its gradient is large{recover:?| and ends at many times its lowest}.",
    caption="{surface} function, η = {adagrad_lr:g} for Adagrad, {rmsprop_lr:g} for RMSProp (α = "
    "{alpha:g}), from their own state; the parameter is x. Adagrad "
    "sums all squared gradients, RMSProp averages the recent ones: both react to the "
    "size of gradients, not to how fast they change. Of {n_tried} rates η from {lowest_tried:g} "
    "to {highest_tried:g}, plain descent learns at {sgd_learnt}, Adagrad at {adagrad_learnt}, "
    "RMSProp at {rmsprop_learnt} (loss below {good:.0%} of the first after {n_steps} steps).",
    words={
        "curve": "{label}, η = {lr:g}",
        "axis": "learning rate of a parameter, log scale",
        "gradient": "size of {label}’s gradient, log scale",
        "lowest": "its lowest",
        "rises": "× {times:.2n}: small gradients, high rate",
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

TALL, GAP, STRIP = 290.0, 46.0, 130.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the rates of the first parameter, and under them what they come from."""
    fig = Canvas(34 + TALL + GAP + STRIP + 56, narrow=True)
    wide = WIDTH - 62 - 150
    ax, under = fig.place(62, 34, wide, TALL), fig.place(62, 34 + TALL + GAP, wide, STRIP)
    fig.place(62, 34, wide, TALL + GAP + STRIP).axis("off")  # they keep one width on any sheet
    steps = recording.step.values
    one = recording.isel(param=0)
    moving = list(runs(recording))[-1]  # whose rate follows its gradient
    sizes = np.abs(one.gradient.sel(run=moving.name).values)
    for axes, values, over in ((ax, one.rate, 3.0), (under, sizes[sizes > 0], 1.3)):
        low, high = float(values.min()) / 1.6, float(values.max()) * over
        axes.set(yscale="log", xlim=(0, steps[-1]), ylim=(low, high))
        powers = range(int(np.ceil(np.log10(low))), int(np.floor(np.log10(high))) + 1)
        ticks(axes, "y", [10.0**k for k in powers])
        ticks(axes, "x", [])
    ticks(under, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    name_axes(ax, y=say("axis"))
    name_axes(under, x="step", y=say("gradient", label=moving.label))
    under.plot(steps, sizes, color=moving.color, linewidth=px(2.5), label="gradient")
    under.fill_between(steps, sizes, color=moving.color, alpha=0.2, linewidth=0)
    for run in runs(recording):
        said = say("curve", label=run.label, lr=recording.attrs[f"{run.name}_lr"])
        rate = run.rate.isel(param=0).values
        ax.plot(steps, rate, color=run.color, linewidth=px(5), label=said)
        _note(ax, run.name, steps, rate, run.color)
    label_ends(ax)
    return fig


def _note(ax: Axes, name: str, steps: np.ndarray, rate: np.ndarray, hue: str) -> None:
    """Say at its curve what becomes of a method's rate."""
    style = {"path_effects": halo(), "zorder": 6}
    if name != "rmsprop":
        at = len(steps) // 20  # at its left, where RMSProp's is far below for long
        beside(ax, say("falls"), (steps[at], rate[at]), shift=(0, 10), **style)
        return
    k = int(rate.argmin())
    if rate[-1] >= 2 * rate[k]:
        dot(ax, steps[k], rate[k], color=hue, size=9)
        beside(ax, say("lowest"), (steps[k], rate[k]), shift=(12, -12), **style)
        said = say("rises", times=rate[-1] / rate[k])
        beside(ax, said, (steps[-1], rate[-1]), shift=(4, 14), ha="right", weight="semibold",
               **style)  # fmt: skip
