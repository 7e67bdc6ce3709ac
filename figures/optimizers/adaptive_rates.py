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
from figures.parts.canvas import WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from look.runs import Run, runs
from look.words import Visual, say

READS = {
    "adaptive_rates": "rate (run, step, param), run (run), step (step), param (param), recover, "
    "adagrad_lr, rmsprop_lr",
}

VISUAL = Visual(
    uses=["adaptive_rates"],
    title="Adagrad’s learning rates never rise, RMSProp’s {recover:?do not double here|do}",
    subtitle="A parameter’s rate is η over the root of its squared gradients: of all (Adagrad) or "
    "of the recent ones (RMSProp). Thick: x, thin: y, the two parameters of a test landscape.",
    alt="Four curves of rates over {n_steps} steps. Adagrad’s two never rise; "
    "RMSProp’s two end at {risen:.2n} times their lowest or more.",
    caption="{surface} function, η = {adagrad_lr:g} for Adagrad, {rmsprop_lr:g} for RMSProp (α = "
    "{alpha:g}), from their own state. Adagrad sums all squared gradients, RMSProp averages the "
    "recent ones: both react to the size of gradients, not to how fast they change. Of {n_tried} "
    "rates η from {lowest_tried:g} to {highest_tried:g}, plain descent learns at {sgd_learnt}, "
    "Adagrad at {adagrad_learnt}, RMSProp at {rmsprop_learnt} (loss below {good:.0%} of the first "
    "after {n_steps} steps).",
    words={
        "curve": "{label}, η = {lr:g}",
        "axis": "rate of a parameter, log scale",
        "large": "large gradients, low rate",
        "small": "small gradients,\nhigh rate",
        "peak": "{param} meets steeper slopes",
        "falls": "{falls:?rises at times|never rises}",
        "film axis": "rate of x (across the map), log scale",
        "steep": "steep",
        "flat": "flat",
        "step": "step",
        "head": "{label}{rose:?|: × {times:.2n}}",
        "start": "First it is steep, then flat: whose rate follows?\n"
        "Rate: η over the root of squared gradients, of all (Adagrad) or recent (RMSProp)",
        "end": "Adagrad’s rate never rose; RMSProp’s {recover:?did not double|did}\n"
        "Broad path: high rate{recover:?|. ×: the last rate over the lowest}",
    },
)

TALL = 400.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the rates, step by step, RMSProp's rise marked."""
    fig = Canvas(34 + TALL + 58, narrow=True)
    ax = fig.place(62, 34, WIDTH - 62 - 150, TALL)
    steps = recording.step.values
    low, high = float(recording.rate.min()), float(recording.rate.max())
    ax.set(yscale="log", xlim=(0, steps[-1]), ylim=(low / 1.8, high * 1.6))
    powers = range(int(np.ceil(np.log10(low / 1.8))), int(np.floor(np.log10(high * 1.6))) + 1)
    ticks(ax, "y", [10.0**k for k in powers])
    ticks(ax, "x", [0, int(steps[-1]) // 2, int(steps[-1])])
    ax.grid(axis="y")
    name_axes(ax, x="step", y=say("axis"))
    for run in runs(recording):
        said = say("curve", label=run.label, lr=recording.attrs[f"{run.name}_lr"])
        first, second = recording.param.values.tolist()
        ax.plot(
            steps, run.rate.sel(param=second), color=run.color, linewidth=px(1.5), alpha=0.6,
            label=f"_{run.name} {second}",
        )  # fmt: skip
        ax.plot(steps, run.rate.sel(param=first), color=run.color, linewidth=px(5), label=said)
        _note(ax, run, steps)
    label_ends(ax)
    return fig


def _note(ax: Axes, run: Run, steps: np.ndarray) -> None:
    """Say at its curves what became of a method's rates."""
    first, second = (run.rate.sel(param=name).values for name in run.rate.param.values)
    style = {"path_effects": halo(), "zorder": 6}
    if run.name == "rmsprop":
        k = int(first.argmin())
        beside(ax, say("large"), (steps[k], first[k]), shift=(14, -10), va="top", **style)
        if run.data.attrs["recover"]:
            at = int(0.74 * len(steps))
            beside(ax, say("small"), (steps[at], first[at]), shift=(14, -6), va="top", **style)
        _peaks(ax, run, steps)
    else:
        at = len(steps) // 4
        falls = all((np.diff(each) <= 0).all() for each in (first, second))
        height = max(first[at], second[at])
        said = say("falls", falls=falls)
        if is_narrow():  # before RMSProp's curve comes
            at, said = at // 5, said.replace(" ", "\n", 1)
        beside(ax, said, (steps[at], height), shift=(0, 10), **style)


def _peaks(ax: Axes, run: Run, steps: np.ndarray) -> None:
    """Say where a rate was the highest, if it has lost more than half of that by the end."""
    for name in run.rate.param.values.tolist():
        rate = run.rate.sel(param=name).values
        k = int(rate.argmax())
        # The first rate is of the first gradient alone, and no rise leads to it.
        if k > int(rate.argmin()) and rate[-1] < rate[k] / 2:
            said = say("peak", param=name)
            beside(ax, said, (steps[k], rate[k]), shift=(-12, 0), ha="right", path_effects=halo())
