"""The losses of any run of `simulate.train`, over its steps."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
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
    title="{overfits:?The test loss goes from {first_test_loss:.3n} to {test_loss:.3n}|"
    "The test loss is lowest after {best_test_epoch:?no epoch|one epoch|{best_test_epoch} epochs} "
    "of {epochs}, at {best_test_loss:.3n}, and ends at {test_loss:.3n}}",
    subtitle="Mean loss on all training and all test examples, after every epoch"
    "{named:?| of {dataset}}.",
    alt="Two curves of the loss over {n_steps:,} steps, one on the training examples, one on the "
    "test examples, with the place marked where the latter is lowest.",
    caption="{n_steps:,} steps of {optimizer}, η = {lr:g}, on {n_train:,} training {many}. "
    "`simulate.train` records the same of any network, and this figure draws it.",
    words={
        "start": "When is it best on examples that it never trains on?\n"
        "Mean loss on all training and on all test examples, epoch by epoch.",
        "start alone": "How low does it get?\nMean loss on all training examples, epoch by epoch.",
        "start batch": "How low does it get?\nThe loss of every batch.",
        "best": "After {epoch:?no epoch|one epoch|{epoch} epochs} the test loss is lowest: "
        "{loss:.3n}\nIt was never as low again.",
        "end test": "On the test examples the loss {earlier:?ends at {loss:.3n}|went from "
        "{low:.3n} back to {loss:.3n}}\nAfter {n:,} steps.",
        "end train": "On the training examples the loss ends at {loss:.3n}\nAfter {n:,} steps.",
        "end batch": "The loss of the last batch is {loss:.3n}\nAfter {n:,} steps.",
        "lowest": "lowest: {loss:.3n}",
        "ends": "{name}: {loss:.3n}",
        "right ends": "{name}: {loss:.3n}\n{share:.1%} right",
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
    fig, ax = subplots(height=400, left=66, right=112 if narrow else 150, narrow=True)
    for name, (epochs, losses) in shown.items():
        run = series(name)
        label = run.label
        if f"{name}_accuracy" in recording:
            share = float(recording[f"{name}_accuracy"][-1])
            label = say("right ends", name=run.label, loss=losses[-1], share=share)
        elif name != "batch":
            label = say("ends", name=run.label, loss=losses[-1])
        there = np.isfinite(losses)  # of one that diverged
        thin = name == "batch"
        ax.plot(epochs[there], losses[there], color=run.color, label=label,
                zorder=2 if thin else 3, linewidth=px(1 if thin else 3.25))  # fmt: skip
    low, top = span(shown)
    ax.set_ylim(low, top)
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
            dot(ax, epochs[k], losses[k], color=series("test").color)
            left = epochs[k] < 0.6 * last
            beside(ax, say("lowest", loss=losses[k]), (epochs[k], losses[k]),
                   shift=(4 if left else -4, -24), ha="left" if left else "right",
                   weight="semibold", path_effects=halo(3))  # fmt: skip
    return fig
