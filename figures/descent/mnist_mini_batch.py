"""Mini-batch gradient descent on handwritten digits: a few steps an epoch, the last a short one.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "train_loss (epoch), test_loss (epoch), grad_norm (step), epoch (epoch), "
    "steps_per_epoch",
}

VISUAL = Visual(
    uses=["mnist_mini_batch"],
    title="What does the last step of an epoch do?",
    subtitle="Of {steps_per_epoch} steps all but the last are on {batch_size} {many}"
    "{named:?| of {dataset}}, the last on the {last_batch_size} that are left. A step is as long "
    "as the loss is steep.",
    alt="A bar for each of the {steps_per_epoch} steps of an epoch, as high as the number of the "
    "{epochs} epochs in which it was the longest; a dashed line is at what chance would give, and "
    "the last step’s bar has another colour. Under them two bars: in which share of the epochs "
    "that ended so the test loss rose, and of all others. Below, two curves of cross-entropy over "
    "the epochs, training and test, which end at {train_loss:.3f} and {test_loss:.3f}; a dot is on "
    "the test curve at each epoch whose last step was its longest.",
    caption="A {widths} network tested on {n_test:,} {many}, η = {lr:g}. "
    "{n_test_rises:?No epoch raises the test loss|One epoch of {epochs} raises the test "
    "loss|{n_test_rises} of {epochs} epochs raise the test loss}. "
    "An epoch is {steps_per_epoch} steps: batches of {batch_size} {many} and a last one of "
    "{last_batch_size}, whose mean gradient is the surer the larger the batch. Length: the norm of "
    "each batch’s gradient, at the weights before its step; a step moves the weights by η times as "
    "much. An epoch’s first step comes right after the last one of the epoch before. In the end "
    "the network gets "
    "{test_accuracy_all:.1%} of all {n_test_all:,} {many} of the test set right{sampled:?|; the "
    "curve is measured on {n_test:,} of them}.",
    words={
        "counts": "In so many of {epochs} epochs it was the longest",
        "last": "the last step: in {n} of {epochs}",
        "chance": "by chance: {chance:.1r}",
        "step": "step of the epoch",
        "rises": "The test loss rose",
        "ended": "in {rose} of the {n} epochs that ended in their longest step",
        "others": "in {rose} of the other {n}",
        "dots": "Dots: epochs that ended in their longest step{above:?|, {above} above the chart}",
        "no dots": "No epoch ended in its longest step",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"], "last": ["last", "yellow"]},
)

TOP, BARS = 34.0, 180.0  # the bars: top and height, CSS pixels
SHARES, ROW = 36.0, 46.0  # under them, how often the loss rose: a heading, and for each bar
LOSSES = 150.0  # height of the chart under both


def draw(recording: xr.Dataset) -> Figure:
    """Return how often each step was the longest, what came of it, and the losses by epoch."""
    wide = WIDTH - _curves.LEFT - _curves.RIGHT
    last = recording.attrs["steps_per_epoch"] - 1
    longest = _longest(recording)
    ended, rose = longest == last, np.diff(recording.test_loss.values) > 0
    groups = [each for each in (ended, ~ended) if each.any()] if ended.any() else []
    shares = TOP + BARS + 56
    under = shares + (SHARES + ROW * len(groups) + 52 if groups else 18) + 24
    fig = Canvas(under + LOSSES + 54, narrow=True)
    _counts(fig.place(_curves.LEFT, TOP, wide, BARS), longest, last)
    if groups:
        ax = fig.place(_curves.LEFT, shares + SHARES, wide, ROW * len(groups))
        _rises(ax, [(int((rose & each).sum()), int(each.sum())) for each in groups])

    # What falls in the first tenth of the epochs would press all the rest flat.
    later = recording.isel(epoch=slice(int(recording.epoch[-1]) // 10, None))
    highest = 1.15 * max(float(later.train_loss.max()), float(later.test_loss.max()))
    ax = fig.place(_curves.LEFT, under, wide, LOSSES)
    _curves.losses(ax, recording, top=highest)
    name_axes(ax, x="epoch")
    dots = recording.test_loss.values[1:][ended]
    ax.plot(recording.epoch.values[1:][ended], dots, label="_ended", zorder=5,
            linestyle="none", marker="o", markersize=px(9), color=series("last").color,
            markeredgecolor=color("background"), markeredgewidth=px(1.25))  # fmt: skip
    said = say("dots", above=int((dots > highest).sum())) if ended.any() else say("no dots")
    lines = wrap(said, LABEL, 290 if is_narrow() else 640)
    beside(ax, "\n".join(lines), (0, 1), of=AXES, shift=(0, 30), va="bottom", linespacing=1.25)
    return fig


def _longest(recording: xr.Dataset) -> np.ndarray:
    """Return which of its steps was the longest, for each epoch; the first is 0."""
    length, epochs = recording.attrs["steps_per_epoch"], int(recording.epoch[-1])
    return recording.grad_norm.values[: epochs * length].reshape(epochs, length).argmax(1)


def _rises(ax: Axes, groups: list[tuple[int, int]]) -> None:
    """Draw in how many of so many epochs the test loss rose: a bar for each (rose, of).

    The first are the epochs that ended in their longest step, then all others, if there are any.
    """
    ax.set(xlim=(0, 1), ylim=(len(groups), 0))
    ax.axis("off")
    hues = series("last").color, color("muted")
    names = zip(groups, ("ended", "others"), hues, strict=False)
    for k, ((rose, of), name, hue) in enumerate(names):
        ax.barh(k + 0.72, 1, 0.3, color=color("quiet"), label="_all")
        ax.barh(k + 0.72, rose / of, 0.3, color=hue, label=name)
        beside(ax, say(name, rose=rose, n=of), (0, k + 0.48), shift=(0, 0), va="baseline")
    heading(ax, say("rises"), lift=10)


def _counts(ax: Axes, longest: np.ndarray, last: int) -> None:
    """Draw a bar a step, as high as the number of epochs in which it was the longest."""
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
    heading(ax, say("counts", epochs=len(longest)))
