"""Mini-batch gradient descent on handwritten digits: 19 steps on 512 examples, one on 272."""

from __future__ import annotations

from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist

EXPERIMENT = base.Experiment(
    settings=_mnist.Settings(batch_size=512, lr=0.06),
    tiny=_mnist.tiny(batch_size=64, lr=0.06),
    label="mini-batch gradient descent on handwritten digits",
)

runs = _mnist.runs
record = _mnist.record
