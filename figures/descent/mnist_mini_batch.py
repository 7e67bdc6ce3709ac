"""Mini-batch gradient descent on handwritten digits: a few steps an epoch.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from figures.descent import _curves
from figures.parts.axes import AXES, beside, name_axes, ticks
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
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "train_loss (epoch), test_loss (epoch), grad_norm (step), epoch (epoch), "
    "step (step), last_batch_size, rise_epoch, steps_per_epoch",
}

VISUAL = Visual(
    uses=["mnist_mini_batch"],
    title="Mini-batches {n_test_rises:?need not stumble: in {epochs} epochs the test loss never "
    "rises|stumble: the test loss jumps after a last batch of {last_batch_size} {many}}",
    subtitle="An epoch is one pass over {n_train:,} {many}{named:?| of {dataset}}: "
    "{steps_per_epoch} steps, each on {batch_size}, the last on {last_batch_size}.",
    alt="Two curves of cross-entropy over {epochs} epochs, training and test, which end at "
    "{train_loss:.3f} and {test_loss:.3f}{n_test_rises:?|; the largest rise of the test loss, at "
    "epoch {rise_epoch}, is marked, and the length of the gradient at every step around it is "
    "drawn as bars; the same mark stands where that epoch ends}.",
    caption="A {widths} network tested on {n_test:,} {many}, η = {lr:g}. "
    "{n_test_rises:?No epoch raises the test loss|One epoch of {epochs} raises the test "
    "loss|{n_test_rises} of {epochs} epochs raise the test loss, most the one that is marked}. "
    "An epoch is {steps_per_epoch} steps: batches of {batch_size} {many} and a last one of "
    "{last_batch_size}, whose mean gradient is the surer the larger the batch. Bars: the norm of "
    "each batch’s gradient, at the weights before its step, which says how steep that batch’s loss "
    "is there; a step moves the weights by η times as much. Usual: the median of the epoch’s other "
    "steps. In the end the network gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} {many} of the test set right{sampled:?|; the "
    "curve is measured on {n_test:,} of them}.",
    words={
        "rise": "epoch {epoch}: {before:.3f} → {after:.3f}",
        "norm": "Length of the gradient, and so of each step",
        "longer": "Usual: the median of epoch {epoch}. In {n} of {epochs} epochs the last step is "
        "the longest (by chance: {chance:.1r}).",
        "cause": "the last, on {size}: {times:.1f} times the usual",
        "after": "the next: {times:.1f} times",
        "measured": "test loss now: {loss:.3f}",
        "part": "epoch {epoch}",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"], "last": ["last", "yellow"]},
)

TOP, TALL = 34.0, 190.0  # the chart, CSS pixels
BARS, LOW = 312.0, 185.0  # top and height of the bars under it
SLIM_LOW = 246.0
ROOM, SLIM_ROOM = 1.75, 2.4  # height of their axis, by the highest
AFTER = 4  # steps that are shown of the next epoch


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves; out of the largest rise of the test loss grow the steps around it."""
    fig = Canvas(BARS + LOW + 44, narrow=BARS + SLIM_LOW + 44)
    left, right, low, margin = _curves.LEFT, WIDTH - _curves.RIGHT, LOW, MARGIN
    if is_narrow():
        left, right, low, margin = 48.0, NARROW - 106.0, SLIM_LOW, NARROW_MARGIN
    ax = fig.place(left, TOP, right - left, TALL)
    test, last = recording.test_loss.values, int(recording.epoch[-1])
    # What falls in the first tenth of the epochs would press all the rest flat.
    later = recording.isel(epoch=slice(last // 10, None))
    highest = max(float(later.train_loss.max()), float(later.test_loss.max()))
    _curves.losses(ax, recording, top=1.15 * highest)
    name_axes(ax, x="epoch")
    rise = recording.attrs["rise_epoch"]
    if rise and test[rise] <= ax.get_ylim()[1]:
        dot(ax, rise, test[rise], color=series("test").color, size=12, zorder=5)
        words = say("rise", epoch=rise, before=test[rise - 1], after=test[rise])
        # Over the curves, where nothing is.
        ax.annotate(words, (rise, test[rise]), (rise, 0.72 * ax.get_ylim()[1]),
                    ha="left" if is_narrow() else "center",
                    weight="semibold", fontsize=px(17), path_effects=halo(), zorder=5,
                    arrowprops={"arrowstyle": "-", "color": color("text"), "linewidth": px(1),
                                "shrinkA": 2, "shrinkB": 8})  # fmt: skip
    bars = fig.place(margin, BARS, fig.width - 2 * margin, low)
    first, end = _steps(bars, recording, rise or last)
    # What it shows is a strip of the chart.
    length = recording.attrs["steps_per_epoch"]
    ax.axvspan(first / length, end / length, color=color("quiet"), linewidth=0, zorder=0,
               label="_part")  # fmt: skip
    for edge, step in ((0, first), (1, end)):
        fig.add_artist(
            ConnectionPatch(
                (step / length, 0), (edge, 1), ax.get_xaxis_transform(), bars.transAxes,
                color=color("quiet"), linewidth=px(1.5), zorder=-1,
            )
        )  # fmt: skip
    return fig


def _steps(ax: Axes, recording: xr.Dataset, epoch: int) -> tuple[int, int]:
    """Draw how steep the loss is at each step of an epoch, and paler at some of the next."""
    length = recording.attrs["steps_per_epoch"]
    first, end = (epoch - 1) * length, epoch * length + AFTER
    end = min(end, int(recording.epoch[-1]) * length)
    part = recording.sel(step=slice(first, end - 1))
    steps, norms = part.step.values, part.grad_norm.values
    at = epoch * length - 1
    room = SLIM_ROOM if is_narrow() else ROOM
    ax.set(xlim=(first - 0.6, end - 0.4), ylim=(0, room * norms.max()))
    ax.set_facecolor(color("quiet"))
    ax.patch.set_alpha(0.6)
    ends, later = steps == at, steps > at
    looks = (
        (~ends & ~later, "muted", 1.0, "_steps"),
        (ends, series("last").color, 1.0, "_last"),
        (later, "muted", 0.75, "_later"),
    )
    for which, hue, opacity, label in looks:
        ax.vlines(steps[which], 0, norms[which], color=color(hue), label=label, alpha=opacity,
                  linewidth=px(7 if is_narrow() else 15))  # fmt: skip
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    beside(ax, say("norm"), (0, 1), of=AXES, shift=(10, -8), va="top", weight="semibold")
    note = say("longer", epoch=epoch, **_longest_last(recording))
    if is_narrow():
        note = "\n".join(wrap(note, LABEL, 320))
    beside(ax, note, (0, 1), of=AXES, shift=(10, -29), va="top", color=color("muted"),
           linespacing=1.2)  # fmt: skip
    usual = float(np.median(norms[steps < at])) if (steps < at).any() else np.nan
    style = {"ha": "right", "weight": "semibold", "linespacing": 1.2}
    norm = float(part.grad_norm.sel(step=at))
    if np.isfinite(usual):
        words = say("cause", size=recording.attrs["last_batch_size"], times=norm / usual)
        edge = 3 if is_narrow() else 7  # of a bar, from its middle
        if is_narrow():
            words = "\n".join(wrap(words, LABEL, 170))
        beside(ax, words, (at, norm), shift=(edge, 6), **style)
    beside(ax, say("part", epoch=epoch), (first - 0.4, 0), shift=(0, -21))
    if at + 1 in steps:
        after = float(part.grad_norm.sel(step=at + 1))
        if np.isfinite(usual):
            words = say("after", times=after / usual)
            beside(ax, words, (end - 0.4, after), shift=(-6, 7), color=color("muted"), **style)
        ax.vlines(at + 0.5, 0, norms.max(), color=color("text"), linewidth=px(1.25), label="_over")
        beside(ax, say("part", epoch=epoch + 1), (at + 0.5, 0), shift=(9, -21))
    # Here the loss of the chart was measured: the same dot.
    loss = float(recording.test_loss.sel(epoch=epoch))
    dot(ax, at + 0.5, 0, color=series("test").color, size=12, zorder=5)
    beside(ax, say("measured", loss=loss), (at + 0.5, 0), shift=(-9, -21), ha="right")
    return first, end


def _longest_last(recording: xr.Dataset) -> dict[str, float]:
    """Return in how many epochs the last gradient is the longest, and how many chance gives."""
    length, epochs = recording.attrs["steps_per_epoch"], int(recording.epoch[-1])
    norms = recording.grad_norm
    ends = range(length - 1, epochs * length, length)
    longest = [int(norms.sel(step=slice(end - length + 1, end)).idxmax()) == end for end in ends]
    return {"n": sum(longest), "epochs": epochs, "chance": epochs / length}
