"""Stochastic gradient descent on handwritten digits: a step for each example.

Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from look.words import Visual

READS = {
    "mnist_stochastic": "train_loss (epoch), test_loss (epoch), epoch (epoch), best_test_epoch",
}

VISUAL = Visual(
    uses=["mnist_stochastic"],
    title="Stochastic descent on {dataset}: {n_steps:,} steps in {epochs} epochs, "
    "{test_accuracy_all:.1%} of all {n_test_all:,} test digits right",
    subtitle="Cross-entropy of a {widths} network on {n_train:,} training digits and on "
    "{n_test:,} test digits (dashed). Each step takes a single digit; learning rate η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs. The training loss ends "
    "at {train_loss:.2g}, after it rose in {n_rises:?none|one|{n_rises}} of them; the test loss is "
    "lowest at epoch {best_test_epoch}, at {best_test_loss:.2f}, and ends at {test_loss:.2f}.",
    caption="Stochastic gradient descent takes one step for each digit: {n_steps:,} steps in "
    "{epochs} epochs of {n_train:,}. In the end the network gets {test_accuracy_all:.1%} of "
    "all {n_test_all:,} digits of the test set right ({dataset}); the curve is measured on "
    "{n_test:,} of them, and was lowest at epoch {best_test_epoch}{overfits:?|, while the "
    "training loss went on from {best_train_loss:.2g} to {train_loss:.2g}: what the network "
    "still learns are its training digits}. The figures of batch, mini-batch and stochastic "
    "descent share their axes.",
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
