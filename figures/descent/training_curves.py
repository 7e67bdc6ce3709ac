"""The losses of any run of `simulate.train`, over its steps."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, label_ends, name_axes
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from look.curves import curves, span
from look.numbers import number
from look.runs import series
from look.words import Visual, say

# And what the run has of loss and step (step), test_loss, train_accuracy and test_accuracy (epoch).
READS = {
    "mnist_stochastic": "train_loss (epoch), epoch_steps (epoch)",
}

VISUAL = Visual(
    uses=["mnist_stochastic"],
    title="{overfits:?On new {many} the loss goes from {first_test_loss:.3n} to {test_loss:.3n}|"
    "On new {many} the loss is lowest after {best_test_epoch:?no epoch|one epoch|"
    "{best_test_epoch} epochs} of {epochs}}",
    subtitle="Train: the {n_train:,} {many}{named:?| of {dataset}} that it learns from, "
    "{batch_size:?none|one|{batch_size:,}} a step; an epoch is one pass over them. Test: "
    "{n_test:,} that it never trains on.",
    alt="Two curves of the loss over {epochs} epochs, one on the training examples, one on the "
    "test examples. The latter is lowest after {best_test_epoch:?no epoch|one epoch|"
    "{best_test_epoch} epochs}, at {best_test_loss:.3n}{overfits:?|; from there a dashed line runs "
    "level to the end, and the curve stays above it}.",
    caption="{n_steps:,} steps of {optimizer}, η = {lr:g}, on {n_train:,} training {many}. "
    "`simulate.train` records the same of any network, and this figure draws it.",
    words={
        "start": "When is the loss on new examples lowest?\n"
        "Train: {n_train:,} {many}, {batch_size:?none|one|{batch_size:,}} a step; an epoch is one "
        "pass over them. Test: {n_test:,} new ones.",
        "start alone": "How low does it get?\nMean loss on all training examples, epoch by epoch.",
        "start batch": "How low does it get?\nThe loss of every batch.",
        "best": "After {epoch:?no epoch|one epoch|{epoch} epochs}, and never lower again\n"
        "On new examples: {low:.3n} there, {loss:.3n} in the end.",
        "end test": "On new examples the loss ends at {loss:.3n}\nAfter {n:,} steps.",
        "end train": "On the training examples the loss ends at {loss:.3n}\nAfter {n:,} steps.",
        "end batch": "The loss of the last batch is {loss:.3n}\nAfter {n:,} steps.",
        "lowest": "lowest: {loss:.3n}",
        "so far": "lowest so far",
        "learnt": "all {n_train:,} train {many} right from here",
        "peak": "back up in epoch {epoch}: {loss:.3n}",
        "lowest after": "lowest: {loss:.3n}, after {epoch:?no epoch|one epoch|{epoch} epochs}",
        "ends": "{name}: {loss}",
        "right ends": "{name}: {loss}\n{share:.1%} right",
        "step": "step",
        "epoch": "epoch",
        "from": "from {loss:.3n} at the start",
        "loss": "loss",
        "at": "{loss:counter}",
    },
    series={
        "train": ["train", "muted"],
        "test": ["test", "purple"],
        "batch": ["each batch", "slate"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the losses, each named at its end, with the lowest on the test examples marked."""
    narrow, shown = is_narrow(), curves(recording)
    low, top = span(shown)
    fig, ax = subplots(height=400, left=66, right=112 if narrow else 150, narrow=True)
    for name, (epochs, losses) in shown.items():
        run = series(name)
        label = run.label
        end = _curves.end(float(losses[-1]), top)
        if f"{name}_accuracy" in recording:
            share = float(recording[f"{name}_accuracy"][-1])
            label = say("right ends", name=run.label, loss=end, share=share)
        elif name != "batch":
            label = say("ends", name=run.label, loss=end)
        there = np.isfinite(losses)  # of one that diverged
        thin = name == "batch"
        ax.plot(epochs[there], losses[there], color=run.color, label=label,
                zorder=2 if thin else 3, linewidth=px(1 if thin else 3.25))  # fmt: skip
    ax.set_ylim(low - 0.05 * (top - low), top)  # so that a line at 0 is seen
    last = max(float(epochs[-1]) for epochs, _ in shown.values())
    ax.set_xlim(0, last)
    ax.grid(axis="y")
    ax.locator_params(axis="x", nbins=4 if narrow else 6, integer=True)
    ax.xaxis.set_major_formatter(lambda epoch, _: number(int(epoch)))
    name_axes(ax, say("epoch" if "train" in shown else "step"), say("loss"))
    label_ends(ax)
    _, losses = shown.get("test") or shown.get("train") or shown["batch"]
    if losses[0] > top:
        inside = int(np.argmax(losses <= top))
        beside(ax, say("from", loss=losses[0]), (inside, top), shift=(8, -14),
               path_effects=halo())  # fmt: skip
    if "test" in shown:
        epochs, losses = shown["test"]
        k = int(np.nan_to_num(losses, nan=np.inf).argmin())
        if k < len(losses) - 1:
            name = "lowest after" if k < 0.5 * last else "lowest"
            words = say(name, loss=losses[k], epoch=int(epochs[k]))
            _curves.lowest(ax, epochs, losses, k, words)
            _curves.peak(ax, epochs, losses, k, "peak")
    return fig
