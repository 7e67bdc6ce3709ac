"""A rate for each parameter: how Adagrad's and RMSProp's change, and how each takes to η.

Source  001, where Adagrad is said to react to the speed of change; 004, who has RMSProp be the
        touchier of the two
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring, star
from look.runs import DASHES, row, runs
from look.theme import color
from look.words import Visual, say

READS = {
    "adaptive_rates": "theta (run, step_place, param), rate (run, step, param), "
    "lr_tried (x_tried), end_loss (run_tried, x_tried), learnt (run_tried), height (y, x), "
    "grid_x (x), grid_y (y), minimum (param), run (run), run_tried (run_tried), step (step), "
    "param (param), n_steps, n_tried",
}

VISUAL = Visual(
    uses=["adaptive_rates"],
    title="Adagrad’s rates only fall; RMSProp’s {recover:?do not come back here|come back}",
    subtitle="Each parameter has a rate of its own, η over the root of its squared gradients. Top: "
    "the rates of x (solid) and y (dashed), logarithmic. Below: the paths.",
    alt="Four curves of rates over {n_steps} steps. Adagrad’s two never rise; "
    "RMSProp’s two start lower and end {risen:.2n} times above their lowest or more. Below, a "
    "contour map with both paths, and the loss after {n_steps} steps against η for three methods.",
    caption="{surface} function, η = {adagrad_lr:g} for Adagrad, {rmsprop_lr:g} for RMSProp (α = "
    "{alpha:g}), from their own state. Adagrad sums all squared gradients, RMSProp averages the "
    "recent ones: both react to the size of gradients, not to how fast they change. Of {n_tried} "
    "rates η from {lowest_tried:g} to {highest_tried:g}, plain descent learns at {sgd_learnt}, "
    "Adagrad at {adagrad_learnt}, RMSProp at {rmsprop_learnt} (loss below {good:.0%} of the first "
    "after {n_steps} steps).",
    words={
        "curve": "{label}, {param}",
        "learnt": "{label}: {count} of {n_tried}",
        "sweep": "loss after {n_steps} steps",
        "start": "One learning rate η, but each parameter steps at its own\n"
        "η over the root of squared gradients: all so far (Adagrad), the recent ones (RMSProp).",
        "run": "The slopes change: whose rates follow?\n"
        "Right: the rates of x (solid) and of y (dashed), on a logarithmic axis.",
        "end": "Adagrad’s rates only fell; RMSProp’s {recover:?did not come back|came back}\n"
        "RMSProp’s rose at least {risen:.2n} times from their lowest.",
        "loss now": "loss {loss:counter}",
    },
)

TOP, TALL, LOWER = 34.0, 220.0, 232.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the rates, over the paths and the sweep."""
    low = TOP + TALL + 96
    fig = Canvas(low + LOWER + 58)
    _rates(fig.place(58, TOP, WIDTH - 58 - 118, TALL), recording)
    wide = LOWER * 1.2
    _map(fig.place(MARGIN, low, wide, LOWER), recording)
    left = MARGIN + wide + 62
    _sweep(fig.place(left, low, WIDTH - MARGIN - left, LOWER), recording)
    return fig


def _powers(ax: Axes, axis: str, every: int = 1) -> None:
    """Put ticks at the powers of ten within the axis."""
    low, high = np.log10(ax.get_ylim() if axis == "y" else ax.get_xlim())
    powers = range(int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9)) + 1, every)
    ticks(ax, "y" if axis == "y" else "x", [10.0**k for k in powers])


def _rates(ax: Axes, recording: xr.Dataset) -> None:
    steps = recording.step.values
    low, high = float(recording.rate.min()), float(recording.rate.max())
    ax.set(yscale="log", xlim=(0, steps[-1]), ylim=(low / 1.5, high * 1.5))
    _powers(ax, "y")
    ax.grid(axis="y")
    name_axes(ax, x="step", y="rate of a parameter")
    for run in runs(recording):
        for name, dash in zip(recording.param.values.tolist(), ("", "dashed"), strict=True):
            ax.plot(
                steps,
                run.rate.sel(param=name),
                color=run.color,
                linestyle=DASHES[dash],
                linewidth=px(2.75),
                label=say("curve", label=run.label, param=name),
            )
    label_ends(ax)


def _map(ax: Axes, recording: xr.Dataset) -> None:
    contours(ax, recording.grid_x, recording.grid_y, recording.height)
    ax.set(xticks=[], yticks=[])
    for run in runs(recording):
        path(ax, *run.theta.values.T, color=run.color, width=2.5, label=run.name)
    star(ax, *recording.minimum.values)
    ring(ax, *recording.theta.values[0, 0])
    heading(ax, "paths", "x to the right, y upwards")


def _sweep(ax: Axes, recording: xr.Dataset) -> None:
    rates, ends = recording.lr_tried.values, recording.end_loss.values
    finite = ends[np.isfinite(ends) & (ends > 0)]
    first = float(np.median(recording.end_loss.values[:, 0]))
    low = max(float(finite.min()), first * 1e-7)
    ax.set(xscale="log", yscale="log", xlim=(rates[0], rates[-1]), ylim=(low / 2, first * 5))
    _powers(ax, "y", 2)
    _powers(ax, "x", 2)
    ax.grid(axis="y")
    heading(ax, say("sweep"), "key: rates at which it learns")
    name_axes(ax, x="learning rate η")
    for i, name in enumerate(recording.run_tried.values.tolist()):
        shown = row("optimizers", name)
        hue = color(shown["color"])
        ax.plot(
            rates, recording.end_loss.sel(run_tried=name), color=hue, linewidth=px(2.5), label=name
        )
        count = int(recording.learnt.sel(run_tried=name))
        place = (0.04, 0.3 - 0.1 * i)
        dot(ax, place[0], place[1] + 0.018, color=hue, size=10, transform=ax.transAxes)
        text = say("learnt", label=shown["label"], count=count)
        beside(ax, text, place, of=AXES, shift=(11, 0))
