"""Why a network named one class and not the one of the label: what each of its last units gives."""

from __future__ import annotations

import numpy as np
import xarray as xr


def lead(example: xr.Dataset) -> np.ndarray:
    """Return how much more each of the last units gives to the answer than to the label's class."""
    flow = example.contribution_3.values
    return np.asarray(flow[:, int(example.prediction)] - flow[:, int(example.label)])


def pieces(example: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return what speaks for the answer and what for the label's class, each the largest first.

    A unit is in that of the two to which it gives more. One piece is what the biases give more, so
    that the sums differ by as much as the two logits.
    """
    more, (said, label) = lead(example), (int(example.prediction), int(example.label))
    biases = float(example.logit[said] - example.logit[label]) - more.sum()
    parts = np.append(more, biases)
    return np.sort(parts[parts > 0])[::-1], np.sort(-parts[parts < 0])[::-1]
