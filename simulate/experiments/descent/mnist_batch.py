"""Batch gradient descent on handwritten digits: one step an epoch, on all examples."""

from __future__ import annotations

from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist

EXPERIMENT = base.Experiment(
    settings=_mnist.Settings(batch_size=None, lr=0.06),
    tiny=_mnist.tiny(batch_size=None, lr=0.06),
    label="batch gradient descent on handwritten digits",
)

runs = _mnist.runs
record = _mnist.record
