"""L-BFGS: Newton's step, the curvature guessed from the last few gradients.

One gradient a step, like all others here, so no line search: η is the share of the step taken. With
mini-batches, differences of gradients are mostly differences of batches.
"""

import torch

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=torch.optim.LBFGS,
    defaults={"lr": 0.5, "max_iter": 1, "history_size": 10},
    rule="d ← the two-loop recursion over the last 10 pairs (Δθ, Δg),  θ ← θ − η d",
    state={"d": "d", "prev_flat_grad": "g", "old_dirs": "Δg", "old_stps": "Δθ"},
    label="L-BFGS",
    color="green",
    dash="dashdot",
    source="Nocedal 1980, doi:10.2307/2006193; Liu and Nocedal 1989, doi:10.1007/BF01589116",
)
