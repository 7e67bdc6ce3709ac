"""Mini-batch gradient descent on handwritten digits: a few steps an epoch, the last a short one.

Source  000
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import WIDTH, Canvas, px
from figures.parts.colors import halo
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "train_loss (epoch), test_loss (epoch), grad_norm (step), epoch (epoch), "
    "steps_per_epoch, batch_size, last_batch_size",
}

VISUAL = Visual(
    uses=["mnist_mini_batch"],
    title="What does the last step of an epoch do?",
    subtitle="Of {steps_per_epoch} steps all but the last are on {batch_size} {many}"
    "{named:?| of {dataset}}, the last on the {last_batch_size} that are left. The steeper the "
    "loss of a batch, the longer its step.",
    alt="A bar for each of the {steps_per_epoch} steps of an epoch, as high as the number of the "
    "{epochs} epochs in which it was the longest; a dashed line is at what chance would give, and "
    "the last step’s bar has another colour. Under them, if any epoch ended in its longest step, a "
    "bar: in which share of these the test loss rose, and one for all others. Below, two curves "
    "of cross-entropy over the epochs, training and test, which end at {train_loss:.3f} and "
    "{test_loss:.3f}.",
    caption="A {widths} network tested on {n_test:,} {many}, η = {lr:g}. "
    "{n_test_rises:?No epoch raises the test loss|One epoch of {epochs} raises the test "
    "loss|{n_test_rises} of {epochs} epochs raise the test loss}, which ends at {test_loss:.3f}. "
    "An epoch is {steps_per_epoch} steps: batches of {batch_size} {many} and a last one of "
    "{last_batch_size}, whose mean gradient is the surer the larger the batch. Length: the norm of "
    "each batch’s gradient, at the weights before its step; a step moves the weights by η times as "
    "much. An epoch’s first step comes right after the last one of the epoch before. In the end "
    "the network gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} {many} of the test set right{sampled:?|; the "
    "loss is measured on {n_test:,} of them}.",
    words={
        "counts": "{most:?In so many of {epochs} epochs each step was the longest|More often "
        "than any other it is the longest; bars: epochs, of {epochs}}",
        "last": "the last step: in {n} of {epochs}",
        "why": "{few} average out less noise\nthan {lot}, and noise adds length",
        "first": "{after} of these {n} followed\non a longest last step",
        "chance": "by chance: {chance:.1r}",
        "step": "step of the epoch",
        "rises": "{more:?The test loss rose|Then the test loss rises more often: it rose}",
        "ended": "in {rose} of the {n} epochs that ended in their longest step",
        "others": "in {rose} of the other {n}",
        "share": "{share:.0%}",
        "never": "No epoch ended in its longest step",
        "curve": "The loss of the whole run",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"], "last": ["last", "yellow"]},
)

TOP, BARS = 34.0, 214.0  # the bars: top and height, CSS pixels
SHARES, ROW = 36.0, 58.0  # under them, how often the loss rose: a heading, and for each bar
LOSSES = 120.0  # height of the chart under both
LEFT, RIGHT = _curves.LEFT, _curves.RIGHT  # beside the axes


def draw(recording: xr.Dataset) -> Figure:
    """Return how often each step was the longest, and what came of it."""
    wide = WIDTH - LEFT - RIGHT
    last = recording.attrs["steps_per_epoch"] - 1
    longest = _longest(recording)
    ended, rose = longest == last, np.diff(recording.test_loss.values) > 0
    groups = [each for each in (ended, ~ended) if each.any()] if ended.any() else []
    under = TOP + BARS + 64
    tall = ROW * max(len(groups), 1)
    fig = Canvas(under + SHARES + tall + 74 + LOSSES + 54, narrow=True)
    _counts(fig.place(LEFT, TOP, wide, BARS), longest, recording.attrs)
    ax = fig.place(LEFT, under + SHARES, wide, tall)
    _rises(ax, [(int((rose & each).sum()), int(each.sum())) for each in groups])
    below = under + SHARES + tall + 74
    ax = fig.place(LEFT, below, wide, LOSSES)
    _curves.losses(ax, recording)
    name_axes(ax, x="epoch")
    heading(ax, say("curve"), lift=34)
    return fig


def _longest(recording: xr.Dataset) -> np.ndarray:
    """Return which of its steps was the longest, for each epoch; the first is 0."""
    length, epochs = recording.attrs["steps_per_epoch"], int(recording.epoch[-1])
    return recording.grad_norm.values[: epochs * length].reshape(epochs, length).argmax(1)


def _rises(ax: Axes, groups: list[tuple[int, int]]) -> None:
    """Draw in how many of so many epochs the test loss rose: a bar for each (rose, of).

    The first are the epochs that ended in their longest step, then all others, if there are any.
    """
    ax.set(xlim=(0, 1), ylim=(max(len(groups), 1), 0))
    ax.axis("off")
    if not groups:
        heading(ax, say("never"), lift=10)
        return
    hues = series("last").color, color("muted")
    names = zip(groups, ("ended", "others"), hues, strict=False)
    for k, ((rose, of), name, hue) in enumerate(names):
        ax.barh(k + 0.66, 1, 0.42, color=color("quiet"), label="_all")
        ax.barh(k + 0.66, rose / of, 0.42, color=hue, label=name)
        beside(ax, say(name, rose=rose, n=of), (0, k + 0.38), va="baseline")
        beside(ax, say("share", share=rose / of), (1, k + 0.66), shift=(12, 0),
               va="center_baseline", weight="semibold", fontsize=px(20))  # fmt: skip
    shares = [rose / of for rose, of in groups]
    heading(ax, say("rises", more=len(shares) > 1 and shares[0] > shares[1]), lift=10)


def _counts(ax: Axes, longest: np.ndarray, attrs: dict[str, Any]) -> None:
    """Draw a bar a step, as high as the number of epochs in which it was the longest."""
    last = attrs["steps_per_epoch"] - 1
    counts = np.bincount(longest, minlength=last + 1)
    steps, chance = np.arange(1, last + 2), len(longest) / (last + 1)
    # Over the highest bar there is room for what the last is called.
    ax.set(xlim=(0.4, last + 1.6), ylim=(0, 1.22 * counts.max()))
    ax.spines["bottom"].set_visible(True)
    ax.grid(axis="y")
    ax.locator_params(axis="y", nbins=4, integer=True)
    ticks(ax, "x", [1, *range(5, last + 2, 5)] if last > 4 else steps.tolist())
    name_axes(ax, x=say("step"))
    hues = [color("muted")] * last + [series("last").color]
    ax.bar(steps, counts, 0.66, color=hues, zorder=2, label="counts")
    ax.plot(ax.get_xlim(), [chance, chance], color=color("text"), linewidth=px(1.25),
            dashes=(4, 3), zorder=3, label="_chance")  # fmt: skip
    beside(ax, say("chance", chance=chance), (ax.get_xlim()[1], chance), shift=(8, 0),
           va="center_baseline")  # fmt: skip
    hero = say("last", n=int(counts[-1]), epochs=len(longest))
    beside(ax, hero, (last + 1.33, counts.max()), shift=(0, 7), ha="right", weight="semibold",
           fontsize=px(17), path_effects=halo())  # fmt: skip
    style = {"va": "top", "linespacing": 1.25, "color": color("muted"), "path_effects": halo()}
    few, lot = attrs["last_batch_size"], attrs["batch_size"]
    if last > 9 and counts[-1] == counts.max() > 2 * chance and few < lot:  # and there is room
        beside(ax, say("why", few=few, lot=lot), (last + 0.67, counts.max()), shift=(-10, 0),
               ha="right", **style)  # fmt: skip
    after = int((longest[1:][longest[:-1] == last] == 0).sum())
    if last and counts[0] > 2 * chance and 2 * after > counts[0]:
        beside(ax, say("first", n=int(counts[0]), after=after), (1.33, counts[0]), shift=(8, 2),
               **style)  # fmt: skip
    most = bool(counts[-1] > counts[:-1].max(initial=0))
    heading(ax, say("counts", epochs=len(longest), most=most))
