"""Batch gradient descent on handwritten digits: one step an epoch, beside mini-batches' many.

Source  000
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, name_axes
from figures.parts.canvas import LABEL, is_narrow, px, subplots, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "test_loss (epoch), epoch (epoch), epoch_steps (epoch), batch_size, "
    "steps_per_epoch",
    "mnist_batch": "train_loss (epoch), test_loss (epoch), epoch (epoch), n_classes, n_steps",
}

VISUAL = Visual(
    uses=["mnist_mini_batch", "mnist_batch"],  # of what both say, the latter's is meant
    title="Batch descent: {epochs:?no epochs|one epoch is one step|{epochs} epochs are only "
    "{n_steps:,} steps}",
    subtitle="Each step on all {n_train:,} training {many}{named:?| of {dataset}}. Mini-batches, "
    "from the same start, take many steps on the same {many}.",
    alt="Cross-entropy over {epochs} epochs, training as a broad band and test as a thin line in "
    "it, from "
    "{first_train_loss:.2f} and {first_test_loss:.2f} to {train_loss:.2f} and {test_loss:.2f}. "
    "Another line, of mini-batches, falls far sooner; a dot on it marks as many steps.",
    caption="A {widths} network, η = {lr:g}. Batch gradient descent takes one step an epoch, on "
    "the mean gradient of all "
    "{n_train:,} training {many}. For {slow_epochs} of {epochs} epochs the training loss stays "
    "above nine tenths of its first value, near that of a network that guesses, "
    "ln {n_classes} ≈ {guess:.2f}. In the end the network gets {test_accuracy_all:.0%} of all "
    "{n_test_all:,} {many} of the test set right"
    "{sampled:?|; the curve is measured on {n_test:,} of them}.",
    words={
        "guess": "guessing at random: {guess:.2f}",
        "steps": "{n_steps:,} {n_steps:?steps|step|steps}",
        "rival": "mini-batches of {size:,}: {steps:,} steps an epoch",
    },
    series={
        "train": ["train", "muted"],
        "test": ["test", "purple"],
        "mini_batch": ["mini-batches", "green"],
    },
)


def draw(rival: xr.Dataset, recording: xr.Dataset) -> Figure:
    """Return the two curves, and how far mini-batches come in as many epochs, and steps."""
    fig, ax = subplots(
        height=392, left=_curves.LEFT, right=_curves.RIGHT, top=34, bottom=54, narrow=True
    )
    guess = math.log(recording.attrs["n_classes"])
    highest = max(float(recording[name].max()) for name in ("train_loss", "test_loss"))
    _curves.losses(ax, recording, top=1.12 * max(guess, highest))
    name_axes(ax, x="epoch")
    for each in ax.get_lines():
        if each.get_label() == "train":  # the two coincide: one lies in the other
            each.set(linewidth=px(9), alpha=0.4, solid_capstyle="round")
    ax.axhline(guess, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    end = float(recording.epoch[-1])
    beside(
        ax, say("guess", guess=guess), (end, guess), shift=(0, 6), ha="right", color=color("muted")
    )
    bold = {"weight": "semibold", "fontsize": px(17), "path_effects": halo()}
    beside(ax, say("steps"), (end, float(recording.test_loss[-1])), shift=(-14, -6), ha="right",
           va="top", **bold)  # fmt: skip
    shown = rival.isel(epoch=rival.epoch.values <= end)
    hue = series("mini_batch").color
    ax.plot(shown.epoch, shown.test_loss, color=hue, linewidth=px(2), zorder=3, label="mini_batch")
    words = say("rival", size=rival.attrs["batch_size"], steps=rival.attrs["steps_per_epoch"])
    late = float(shown.test_loss[shown.sizes["epoch"] // 2 :].max())
    over = late if late < 0.5 * guess else 0.0  # where little was learnt, at the foot
    beside(ax, "\n".join(wrap(words, LABEL, 140 if is_narrow() else 400)), (end, over),
           shift=(0, 3), ha="right", linespacing=1.2, path_effects=halo())  # fmt: skip
    there = np.flatnonzero(shown.epoch_steps.values >= recording.attrs["n_steps"])
    if len(there) and int(shown.epoch_steps[there[0]]) == recording.attrs["n_steps"]:
        at = float(shown.epoch[there[0]]), float(shown.test_loss[there[0]])
        dot(ax, *at, color=hue, size=11, zorder=5)
        beside(ax, say("steps"), at, shift=(11, 2), **bold)
    return fig
