"""Mini-batch gradient descent on handwritten digits: a few steps an epoch.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "train_loss (epoch), test_loss (epoch), grad_norm (step), epoch (epoch), "
    "step (step), last_batch_size, rise_epoch, steps_per_epoch, many",
}

VISUAL = Visual(
    uses=["mnist_mini_batch"],
    title="Mini-batches stumble: {n_test_rises:?in {epochs} epochs the test loss never "
    "rises|the test loss rises in one epoch of {epochs}, epoch {rise_epoch}|the test loss rises in "
    "{n_test_rises} of {epochs} epochs, most at epoch {rise_epoch}}",
    subtitle="A {widths} network on {n_train:,} training and {n_test:,} test "
    "{many}{named:?| of {dataset}}. "
    "{n_steps:,} steps, each on {batch_size} {many}, the last of an epoch on {last_batch_size}; "
    "η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs, training and test, which end at "
    "{train_loss:.3f} and {test_loss:.3f}; the test loss rises in {n_test_rises} epochs, which are "
    "marked. Below, the norm of the gradient at every step around the largest of these rises.",
    caption="An epoch is {steps_per_epoch} steps: batches of {batch_size} {many} and a last one of "
    "{last_batch_size}, whose mean gradient is the surer the larger the batch. Below: the norm of "
    "each batch’s gradient, at the weights before its step; a step moves the weights by η times "
    "as much. In the end the network gets {test_accuracy_all:.1%} of all {n_test_all:,} {many} of "
    "the test set right{sampled:?|; the curve is measured on {n_test:,} of them}.",
    words={
        "start": "from {loss:.2f} at the start",
        "rise": "epoch {epoch}: {before:.3f} → {after:.3f}",
        "dots": "dots: test loss higher than an epoch before",
        "steps": "Step by step around epoch {epoch}",
        "norm": "size of the gradient",
        "cause": "last batch of epoch {epoch}, {size} {many}: {norm:.2f}{steepest:?|, the epoch’s "
        "largest}",
        "after": "right after it: {norm:.2f}",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"], "last": ["last", "yellow"]},
)

TOP, TALL, BELOW, LOW = 34.0, 232.0, 356.0, 108.0  # the two charts, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves, and under them the steps around the largest rise of the test loss."""
    under = LOW * (1.5 if is_narrow() else 1)  # words over its bars are broken there
    fig = Canvas(BELOW + under + 56, narrow=True)
    ax = fig.place(_curves.LEFT, TOP, WIDTH - _curves.LEFT - _curves.RIGHT, TALL)
    test, last = recording.test_loss.values, int(recording.epoch[-1])
    # What falls in the first tenth of the epochs would press all the rest flat.
    later = recording.isel(epoch=slice(last // 10, None))
    _curves.losses(ax, recording, top=1.15 * max(float(later.train_loss.max()),
                                                 float(later.test_loss.max())))  # fmt: skip
    name_axes(ax, x="epoch")
    up = 1 + np.flatnonzero(np.diff(test) > 0)
    shown = up[test[up] <= ax.get_ylim()[1]]
    ax.plot(shown, test[shown], linestyle="none", marker="o", markersize=px(6), zorder=4,
            color=series("test").color, markeredgecolor=color("background"),
            markeredgewidth=px(1), label="_rises")  # fmt: skip
    rise = recording.attrs["rise_epoch"]
    if rise:
        said, down = say("dots"), -2
        if is_narrow():
            said, down = "\n".join(wrap(said, LABEL, 150)), -24  # under where the losses start
        beside(ax, said, (1, 1), of="axes fraction", shift=(0, down), ha="right", va="top",
               color=color("muted"), path_effects=halo())  # fmt: skip
        if test[rise] <= ax.get_ylim()[1]:
            dot(ax, rise, test[rise], color=series("test").color, size=12, zorder=5)
            words = say("rise", epoch=rise, before=test[rise - 1], after=test[rise])
            beside(ax, words, (rise, test[rise]), shift=(0, 16), ha="center", weight="semibold",
                   fontsize=px(17), path_effects=halo())  # fmt: skip
    below = fig.place(_curves.LEFT, BELOW, WIDTH - MARGIN - _curves.LEFT, under)
    _steps(below, recording, rise or last)
    length = recording.attrs["steps_per_epoch"]
    low, high = (x / length for x in below.get_xlim())  # where the chart below lies in this one
    ax.axvspan(low, high, color=color("quiet"), alpha=0.6, linewidth=0, zorder=0, label="_below")
    return fig


def _steps(ax: Axes, recording: xr.Dataset, epoch: int) -> None:
    """Draw the size of the gradient at each step of an epoch and of its neighbours."""
    length = recording.attrs["steps_per_epoch"]
    low, high = max(0, epoch - 2) * length, min(epoch + 1, int(recording.epoch[-1])) * length
    part = recording.sel(step=slice(low, high - 1))
    steps, norms = part.step.values, part.grad_norm.values
    ax.set(xlim=(low - 0.6, high), ylim=(0, (1.9 if is_narrow() else 1.3) * norms.max()))
    ends = (steps + 1) % length == 0
    for which, hue, label in ((~ends, "muted", "_steps"), (ends, series("last").color, "_last")):
        ax.vlines(steps[which], 0, norms[which], color=color(hue), linewidth=px(4), label=label)
    heading(ax, say("steps", epoch=epoch), say("norm"), lift=12)
    ticks(ax, "x", range(low, high + 1, length))
    ticks(ax, "y", [0, float(np.ceil(10 * norms.max()) / 10)])
    name_axes(ax, x="step")
    at = epoch * length - 1
    if at not in steps:
        return
    norm = float(part.grad_norm.sel(step=at))
    epochs_own = norms[(steps >= (epoch - 1) * length) & (steps < epoch * length)]
    words = say("cause", epoch=epoch, size=recording.attrs["last_batch_size"], norm=norm,
                steepest=int(norm == epochs_own.max()))  # fmt: skip
    if is_narrow():
        words = "\n".join(wrap(words, LABEL, 150, "semibold"))
    # Each at the top of its own bar: the one before it at the left, the one after it at the right.
    beside(ax, words, (at, norm), shift=(-6, 6), ha="right", weight="semibold", path_effects=halo(),
           linespacing=1.25)  # fmt: skip
    if at + 1 in steps:
        after = float(part.grad_norm.sel(step=at + 1))
        beside(ax, say("after", norm=after), (at + 1, after), shift=(7, -6), path_effects=halo())
