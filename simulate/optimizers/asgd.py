"""Averaged SGD: a rate that falls as the theory asks, and the average of the points on the side.

Pictures show where it goes, θ. The average, which torch keeps as ``ax`` from step ``t0`` on, is
what one would use at the end.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.ASGD,
    defaults={"lr": 0.02, "lambd": 1e-4, "alpha": 0.75},
    rule="θ ← θ − η (g + λ θ) / (1 + λ η (t − 1))^α",
    state={"ax": "θ̄"},
    label="ASGD",
    color="slate",
    dash="dashed",
    source="Polyak and Juditsky 1992, doi:10.1137/0330046; as in torch",
    elementwise=True,
)
