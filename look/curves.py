"""The losses of one training run, as figure and film draw them."""

from __future__ import annotations

import numpy as np
import xarray as xr

Curves = dict[str, tuple[np.ndarray, np.ndarray]]

FEW = 8  # epochs; with fewer, the loss of every batch is shown as well


def curves(recording: xr.Dataset) -> Curves:
    """Return what there is to draw: by series, epochs and losses; steps where no epoch is over."""
    found = {}
    steps = recording.epoch_steps.values
    n_epochs = len(steps) - 1
    if n_epochs < FEW and "loss" in recording:
        found["batch"] = (
            recording.step.values / (steps[1] if n_epochs else 1),
            recording.loss.values,
        )
    if n_epochs or not found:
        found["train"] = np.arange(n_epochs + 1), recording.train_loss.values
        if "test_loss" in recording:
            found["test"] = np.arange(n_epochs + 1), recording.test_loss.values
    return found


def span(shown: Curves) -> tuple[float, float]:
    """Return the ends of the axis of losses; a start far above all that follows is beyond it."""
    losses = [each[np.isfinite(each)] for _, each in shown.values()]
    high = max(float(each.max()) for each in losses)
    later = max(float(each[1:].max(initial=-np.inf)) for each in losses)
    if np.isfinite(later) and later > 0 and high > 2.5 * later:
        high = later
    low = min(0.0, 1.1 * min(float(each.min()) for each in losses))
    return low, high + 0.1 * (high - low or 1.0)


def learnt(recording: xr.Dataset) -> int:
    """Return the epoch from which on all training examples are right; 0 if it is not known."""
    if "train_accuracy" not in recording:
        return 0
    missed = np.flatnonzero(recording.train_accuracy.values < 1)
    since = int(missed[-1]) + 1 if len(missed) else 0
    return since if since < recording.sizes["epoch"] else 0
