"""Stochastic gradient descent on handwritten digits: one step for each example."""

from __future__ import annotations

from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist

EXPERIMENT = base.Experiment(
    settings=_mnist.Settings(batch_size=1, lr=0.015, every=100),
    tiny=_mnist.tiny(batch_size=1, lr=0.015),
    label="stochastic gradient descent on handwritten digits",
)

runs = _mnist.runs
record = _mnist.record
