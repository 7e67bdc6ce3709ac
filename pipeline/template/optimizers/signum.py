"""Signum: every parameter moves by the same amount, against the sign of an averaged gradient."""

import torch

from simulate.optimizers import _base as base


class Signum(torch.optim.Optimizer):
    """The rule as published; one state for each parameter, its averaged gradient."""

    def __init__(self, params, lr=1e-3, beta=0.9):
        super().__init__(params, {"lr": lr, "beta": beta})

    @torch.no_grad()
    def step(self, closure=None):
        """Take one step."""
        loss = base.again(closure)
        for group, param, grad, state in base.each(self):
            average = state.setdefault("average", torch.zeros_like(param))
            average.lerp_(grad, 1 - group["beta"])
            param.sub_(torch.sign(average), alpha=group["lr"])
        return loss


OPTIMIZER = base.Optimizer(
    build=Signum,
    defaults={"lr": 0.05},
    rule="m ← β m + (1 − β) g,  θ ← θ − η sign(m)",
    state={"average": "m"},
    label="Signum",
    color="purple",
    source="Bernstein et al. 2018, arXiv:1802.04434, algorithm 1, without weight decay",
    elementwise=True,
)
