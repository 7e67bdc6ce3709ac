"""The losses of any run of `simulate.train`, over its steps."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.maps import rungs
from look.numbers import number
from look.runs import series
from look.words import Visual, say

# And what the run has of loss and step (step), test_loss, train_accuracy and test_accuracy (epoch).
READS = {
    "mnist_stochastic": "train_loss (epoch), epoch_steps (epoch), n_steps",
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
        "start": "How well does it learn, and what of it holds for new examples?\n"
        "Mean loss on the training examples, and on examples that it never trains on.",
        "start alone": "How well does it learn?\nMean loss on the training examples.",
        "start batch": "How well does it learn?\nThe loss of every batch.",
        "best": "Lowest on the test examples at step {step:,}: {loss:.3n}\n"
        "From there on, its loss on them was never as low again.",
        "end test": "On the test examples the loss ends at {loss:.3n}\nAfter {n:,} steps.",
        "end train": "On the training examples the loss ends at {loss:.3n}\nAfter {n:,} steps.",
        "end batch": "The loss of the last batch is {loss:.3n}\nAfter {n:,} steps.",
        "lowest": "lowest: {loss:.3n}",
        "ends": "{name}: {loss:.3n}",
        "right ends": "{name}: {loss:.3n}\n{share:.1%} right",
        "step": "step",
        "now": "step {step:,}",
        "loss": "loss",
        "at": "{loss:counter}",
    },
    series={
        "train": ["train", "slate"],
        "test": ["test", "purple"],
        "batch": ["each batch", "muted"],
    },
)

FEW = 8  # epochs with which the loss of every batch is shown as well


def curves(recording: xr.Dataset) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what there is to draw: by series, steps and losses."""
    found = {}
    epochs = recording.epoch_steps.values
    if len(epochs) <= FEW and "loss" in recording:
        found["batch"] = recording.step.values, recording.loss.values
    if len(epochs) > 1 or not found:
        found["train"] = epochs, recording.train_loss.values
        if "test_loss" in recording:
            found["test"] = epochs, recording.test_loss.values
    return found


def draw(recording: xr.Dataset) -> Figure:
    """Return the losses, each named at its end, with the lowest on the test examples marked."""
    narrow, shown = is_narrow(), curves(recording)
    fig, ax = subplots(height=400, left=66, right=112 if narrow else 150, narrow=True)
    for name, (steps, losses) in shown.items():
        run = series(name)
        label = run.label
        if f"{name}_accuracy" in recording:
            share = float(recording[f"{name}_accuracy"][-1])
            label = say("right ends", name=run.label, loss=losses[-1], share=share)
        elif name != "batch":
            label = say("ends", name=run.label, loss=losses[-1])
        there = np.isfinite(losses)  # of one that diverged
        thin = name == "batch"
        ax.plot(steps[there], losses[there], color=run.color, label=label,
                zorder=2 if thin else 3, linewidth=px(1 if thin else 3.25))  # fmt: skip
    known = np.concatenate([losses[np.isfinite(losses)] for _, losses in shown.values()])
    if known.min() > 0 and known.max() > 20 * known.min():
        ax.set_yscale("log")
        ax.set_ylim(known.min() / 1.5, known.max() * 1.5)
        ticks(ax, "y", rungs(*ax.get_ylim(), log=True))
    else:
        ax.set_ylim(bottom=min(0.0, 1.1 * float(known.min())))
    last = int(recording.attrs["n_steps"])
    ax.set_xlim(0, last)
    ax.grid(axis="y")
    ax.locator_params(axis="x", nbins=3 if narrow else 5, integer=True)
    ax.xaxis.set_major_formatter(lambda step, _: number(int(step)))
    name_axes(ax, say("step"), say("loss"))
    label_ends(ax)
    if "test" in shown:
        steps, losses = shown["test"]
        k = int(np.nan_to_num(losses, nan=np.inf).argmin())
        if k < len(losses) - 1:
            dot(ax, steps[k], losses[k], color=series("test").color)
            left = steps[k] < 0.6 * last
            beside(ax, say("lowest", loss=losses[k]), (steps[k], losses[k]),
                   shift=(4 if left else -4, 26), ha="left" if left else "right",
                   weight="semibold", path_effects=halo(3))  # fmt: skip
    return fig
