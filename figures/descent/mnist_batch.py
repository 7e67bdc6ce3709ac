"""Batch gradient descent on handwritten digits: one step an epoch.

Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from look.words import Visual

READS = {
    "mnist_batch": "train_loss (epoch), test_loss (epoch), epoch (epoch), best_test_epoch",
}

VISUAL = Visual(
    uses=["mnist_batch"],
    title="Batch descent on {dataset}: {n_steps:,} steps in {epochs} epochs, "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test digits right",
    subtitle="Cross-entropy of a {widths} network on {n_train:,} training digits and on "
    "{n_test:,} test digits (dashed). Each step takes all training digits; learning rate "
    "η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs, training and test, which end at "
    "{train_loss:.2f} and {test_loss:.2f}.",
    caption="Batch gradient descent takes one step an epoch, on the mean gradient of all "
    "{n_train:,} training digits: {n_steps:,} steps in {epochs} epochs. In the end the network "
    "gets {test_accuracy_all:.1%} of all {n_test_all:,} digits of the test set right ({dataset}); "
    "the curve is measured on {n_test:,} of them. A network that guesses has a cross-entropy of "
    "ln 10 ≈ 2.30. The figures of batch, mini-batch and stochastic descent share their axes.",
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
    """Return the two curves."""
    return _curves.draw(recording)
