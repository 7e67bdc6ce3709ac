"""Mini-batch gradient descent on handwritten digits: a few steps an epoch.

Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from look.words import Visual

READS = {
    "mnist_mini_batch": "train_loss (epoch), test_loss (epoch), loss (step), epoch (epoch), "
    "step (step), best_test_epoch, steps_per_epoch",
}

VISUAL = Visual(
    uses=["mnist_mini_batch"],
    title="Mini-batch descent on {dataset}: {n_steps:,} steps in {epochs} epochs, "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test digits right",
    subtitle="Cross-entropy of a {widths} network on {n_train:,} training digits and on "
    "{n_test:,} test digits (dashed); grey: each step’s own batch of {batch_size}. Learning "
    "rate η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs, training and test, over the jagged line "
    "of the losses on single batches.",
    caption="An epoch is {steps_per_epoch} steps: batches of {batch_size} digits and a last one "
    "of {last_batch_size}. In the end the network gets {test_accuracy_all:.1%} of all "
    "{n_test_all:,} digits of the test set right ({dataset}); the curve is measured on {n_test:,} "
    "of them. Each batch’s loss is the one before its step. The figures of batch, mini-batch and "
    "stochastic descent share their axes.",
    words={
        "lowest": "lowest test loss: {best_test_loss} at epoch {best_test_epoch}",
        "below": "{name} falls on, to {loss:.1n} at epoch {epoch}",
    },
    series={
        "train": ["train", "blue"],
        "test": ["test", "orange", "dashed"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves over the losses of the single batches."""
    return _curves.draw(recording, steps=True)
