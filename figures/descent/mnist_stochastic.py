"""Stochastic gradient descent on handwritten digits: a step for each example.

Reads   mnist_stochastic: train_loss, test_loss (epoch), loss (step)
Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures import _kit as kit
from figures.descent import _curves

VISUAL = kit.figure(
    uses=["mnist_stochastic"],
    title="Stochastic descent on {dataset}: {n_steps:,} steps in {epochs} epochs, but the test "
    "loss was lowest at epoch {best_test_epoch}",
    subtitle="Cross-entropy of a {widths} network on its {n_train:,} training examples and on "
    "{n_test:,} test examples; grey dots: single examples, at some of the steps. η = {lr:g}.",
    alt="Two curves of cross-entropy over {epochs} epochs. The training loss falls; the test loss "
    "is lowest after epoch {best_test_epoch}. Behind them a cloud of dots, the losses of single "
    "examples.",
    caption="Stochastic gradient descent takes one step for each example: {n_steps:,} steps in "
    "{epochs} epochs of {n_train:,}. In the end the network gets {test_accuracy:.1%} of the "
    "{n_test:,} test examples right, and {test_accuracy_all:.1%} of all {n_test_all:,} in the test "
    "set ({dataset}). Single examples whose loss lies below the axis are not drawn.",
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two curves over the losses of single examples."""
    return _curves.draw(recording, steps="dots")
