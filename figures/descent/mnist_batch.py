"""Batch gradient descent on handwritten digits: one step an epoch.

Reads   mnist_batch: train_loss, test_loss (epoch)
Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures import _kit as kit
from figures.descent import _curves

VISUAL = kit.figure(
    uses=["mnist_batch"],
    title="Batch descent on {dataset}: {n_steps} steps in {epochs} epochs, "
    "{test_accuracy_all:.1%} right",
    subtitle="Cross-entropy of a {widths} network on its {n_train:,} training examples and on "
    "{n_test:,} test examples. Each step uses all the training examples; η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs, training and test, close together.",
    caption="Batch gradient descent takes one step an epoch, on the mean gradient of all "
    "{n_train:,} training examples: {n_steps} steps in {epochs} epochs. In the end the network "
    "gets {test_accuracy:.1%} of the {n_test:,} test examples right, and {test_accuracy_all:.1%} "
    "of all {n_test_all:,} in the test set ({dataset}). A network that guesses has a "
    "cross-entropy of ln 10 ≈ 2.30.",
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves."""
    return _curves.draw(recording)
