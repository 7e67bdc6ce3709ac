"""Batch gradient descent on handwritten digits: one step an epoch.

Source  000
"""

from __future__ import annotations

import math

import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, name_axes
from figures.parts.canvas import px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_batch": "train_loss (epoch), test_loss (epoch), epoch (epoch), first_train_loss, "
    "slow_epochs, test_accuracy_all, n_classes, n_test_all, many",
}

VISUAL = Visual(
    uses=["mnist_batch"],
    title="Batch descent: {epochs:?no epochs|one epoch is one step|{epochs} epochs are only "
    "{n_steps:,} steps}, {test_accuracy_all:.0%} right",
    subtitle="One step an epoch, each on all {n_train:,} training {many}{named:?| of {dataset}}.",
    alt="Cross-entropy over {epochs} epochs, training as a broad band and test as a thin line in "
    "it, from "
    "{first_train_loss:.2f} and {first_test_loss:.2f} to {train_loss:.2f} and {test_loss:.2f}; "
    "a band marks the first {slow_epochs}, in which the training loss stays above nine tenths of "
    "its first value.",
    caption="A {widths} network, η = {lr:g}. Batch gradient descent takes one step an epoch, on "
    "the mean gradient of all "
    "{n_train:,} training {many}. For {slow_epochs} of {epochs} epochs the training loss stays "
    "above nine tenths of its first value, near that of a network that guesses, "
    "ln {n_classes} ≈ {guess:.2f}. In the end the network gets {test_accuracy_all:.0%} of all "
    "{n_test_all:,} {many} of the test set right"
    "{sampled:?|; the curve is measured on {n_test:,} of them}.",
    words={
        "guess": "a guess: ln {n_classes} = {guess:.2f}",
        "slow": "{slow_epochs:?no step|one step|{slow_epochs} steps}: {first:.2f} → {then:.2f}",
        "end": "{test_accuracy_all:.0%} of {n_test_all:,} test {many} right",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"]},
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves, with the epochs marked in which little happens."""
    fig, ax = subplots(
        height=392, left=_curves.LEFT, right=_curves.RIGHT, top=34, bottom=54, narrow=True
    )
    guess, slow = math.log(recording.attrs["n_classes"]), recording.attrs["slow_epochs"]
    highest = max(float(recording[name].max()) for name in ("train_loss", "test_loss"))
    _curves.losses(ax, recording, top=1.12 * max(guess, highest))
    name_axes(ax, x="epoch = step")
    for each in ax.get_lines():
        if each.get_label() == "train":  # the two coincide: one lies in the other
            each.set(linewidth=px(9), alpha=0.4, solid_capstyle="round")
    ax.axhline(guess, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    middle, end = 0.6 * float(recording.epoch[-1]), float(recording.epoch[-1])
    beside(
        ax, say("guess", guess=guess), (end, guess), shift=(0, 6), ha="right", color=color("muted")
    )
    ax.axvspan(0, slow, color=color("quiet"), alpha=0.5, linewidth=0, zorder=0, label="_slow")
    then = float(recording.train_loss.sel(epoch=slow))
    dot(ax, slow, then, color=series("train").color)
    words = say("slow", first=recording.attrs["first_train_loss"], then=then)
    bold = {"weight": "semibold", "fontsize": px(17), "path_effects": halo()}
    if slow < middle:
        beside(ax, words, (slow, then), shift=(10, 8), **bold)
    else:
        beside(ax, words, (slow, then), shift=(-10, -18), va="top", ha="right", **bold)
    beside(ax, say("end"), (end, 0), shift=(0, 16), ha="right", ma="right", linespacing=1.3,
           fontsize=px(17))  # fmt: skip
    return fig
