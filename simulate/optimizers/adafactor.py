"""Adafactor: Adam's second moment from row and column sums, and steps relative to the weights.

A matrix of n × m weights has n + m numbers of state instead of n m. The step is a share η of the
weights' own size: it reads the whole tensor.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.Adafactor,
    defaults={"lr": 0.1, "beta2_decay": -0.8, "d": 1.0},
    rule=(
        "S ← S + (row and column means of g² − S) / t^0.8,  u ← g / √(the product of S’s),  "
        "θ ← θ − max(10⁻³, rms θ) min(η, 1/√t) u / max(1, rms u / d)"
    ),
    state={"row_var": "S", "col_var": "S"},
    label="Adafactor",
    color="yellow",
    dash="dotted",
    source="Shazeer and Stern 2018, arXiv:1804.04235, algorithms 4 and 5; as in torch",
)
