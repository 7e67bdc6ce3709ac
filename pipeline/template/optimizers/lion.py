"""Lion: every parameter moves by the same amount, in the direction of an averaged gradient."""

import torch

from simulate.optimizers import _base as base


class Lion(torch.optim.Optimizer):
    """The rule as published; one state for each parameter, its averaged gradient."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99)):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self, closure=None):
        """Take one step."""
        for group in self.param_groups:
            first, second = group["betas"]
            for param in group["params"]:
                if param.grad is None:
                    continue
                average = self.state[param].setdefault("average", torch.zeros_like(param))
                param -= group["lr"] * torch.sign(first * average + (1 - first) * param.grad)
                average.mul_(second).add_(param.grad, alpha=1 - second)


OPTIMIZER = base.Optimizer(
    build=Lion,
    defaults={"lr": 0.05},
    rule="θ ← θ − η sign(β₁ m + (1 − β₁) g),  m ← β₂ m + (1 − β₂) g",
    label="Lion",
    color="purple",
    source="Chen et al. 2023, arXiv:2302.06675, algorithm 2, without weight decay",
)
