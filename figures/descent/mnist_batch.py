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
from figures.parts.canvas import px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_mini_batch": "test_loss (epoch), epoch (epoch), epoch_steps (epoch)",
    "mnist_batch": "test_loss (epoch), epoch (epoch), n_classes, n_steps",
}

VISUAL = Visual(
    uses=["mnist_mini_batch", "mnist_batch"],  # of what both say, the latter's is meant
    title="Whole batches need {epochs:?no epochs|one epoch|{epochs} epochs} for {n_steps:,} "
    "{n_steps:?steps|step|steps}, mini-batches far fewer",
    subtitle="Loss on {n_test:,} test {many}{named:?| of {dataset}}. An epoch is one pass over all "
    "{n_train:,} training {many}.",
    alt="Two curves of the test loss over {epochs} epochs, from one start. That of whole batches "
    "falls slowly, from {first_test_loss:.2f} to {test_loss:.2f}; that of mini-batches falls far "
    "sooner. A dot on each marks the same number of steps, and a dashed line joins the two.",
    caption="A {widths} network, η = {lr:g}. Batch gradient descent takes one step an epoch, on "
    "the mean gradient of all "
    "{n_train:,} training {many}. For {slow_epochs} of {epochs} epochs the training loss stays "
    "above nine tenths of its first value, near that of a network that guesses, "
    "ln {n_classes} ≈ {guess:.2f}; it ends at {train_loss:.3f}. In the end the network gets "
    "{test_accuracy_all:.0%} of all "
    "{n_test_all:,} {many} of the test set right"
    "{sampled:?|; the curve is measured on {n_test:,} of them}.",
    words={
        "guess": "guessing at random: {guess:.2f}",
        "at": "{steps:,} {steps:?steps|step|steps} of {kind}: "
        "{epochs:?no epoch|one epoch|{epochs} epochs}",
        "rival": "mini-batches",
    },
    series={"batch": ["whole batches", "indigo"], "mini_batch": ["mini-batches", "green"]},
)


def draw(rival: xr.Dataset, recording: xr.Dataset) -> Figure:
    """Return the two test losses by epochs, with as many steps marked on both and joined."""
    fig, ax = subplots(height=392, left=_curves.LEFT, top=34, bottom=54, narrow=True)
    guess = math.log(recording.attrs["n_classes"])
    _curves.frame(ax, recording)
    ax.set_ylim(0, 1.08 * max(guess, float(recording.test_loss.max())))
    name_axes(ax, x="epoch", y="test loss")
    ax.axhline(guess, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    last = float(recording.epoch[-1])
    beside(ax, say("guess", guess=guess), (last, guess), shift=(0, 6), ha="right",
           color=color("muted"))  # fmt: skip
    shown = rival.isel(epoch=rival.epoch.values <= last)
    for name, run in (("batch", recording), ("mini_batch", shown)):
        ax.plot(run.epoch, run.test_loss, color=series(name).color, linewidth=px(3), label=name,
                zorder=3)  # fmt: skip
    n_steps = recording.attrs["n_steps"]
    end = last, float(recording.test_loss[-1])
    ends = {"batch": end}
    there = np.flatnonzero(shown.epoch_steps.values == n_steps)
    if len(there):
        then = shown.isel(epoch=int(there[0]))
        ends["mini_batch"] = float(then.epoch), float(then.test_loss)
        ax.plot(*zip(end, ends["mini_batch"], strict=True), color=color("text"),
                linewidth=px(1.25), dashes=(4, 3), zorder=2, label="_same")  # fmt: skip
    else:  # where little was learnt, at the foot
        over = float(shown.test_loss[-1])
        beside(ax, say("rival"), (last, over if over < 0.5 * guess else 0.0), ha="right",
               shift=(0, 5), path_effects=halo())  # fmt: skip
    for name, at in ends.items():
        dot(ax, *at, color=series(name).color, size=12, zorder=5)
        early = at[0] < 0.5 * last
        words = say("at", steps=n_steps, kind=series(name).label, epochs=int(at[0]))
        beside(ax, words, at, shift=(8, 12) if early else (0, -24),
               ha="left" if early else "right", weight="semibold", path_effects=halo())  # fmt: skip
    return fig
