"""Lion: every parameter moves by the same amount, in the direction of an averaged gradient.

Found by a search over programs, not derived. The sign is of one average, and another is kept.
"""

from typing import Any

import torch

from simulate.optimizers import _base as base


class Lion(torch.optim.Optimizer):
    """The rule as published, without weight decay."""

    def __init__(
        self, params: Any, lr: float = 1e-4, betas: tuple[float, float] = (0.9, 0.99)
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step."""
        loss = base.again(closure)
        for group, param, grad, state in base.each(self):
            if not state:
                state["exp_avg"] = torch.zeros_like(param)
            m, (first, second) = state["exp_avg"], group["betas"]
            param.sub_(torch.sign(first * m + (1 - first) * grad), alpha=group["lr"])
            m.mul_(second).add_(grad, alpha=1 - second)
        return loss


OPTIMIZER = base.Optimizer(
    build=Lion,
    defaults={"lr": 0.02, "betas": (0.9, 0.99)},
    rule="θ ← θ − η sign(β₁ m + (1 − β₁) g),  m ← β₂ m + (1 − β₂) g",
    state={"exp_avg": "m"},
    label="Lion",
    color="brown",
    dash="dashed",
    source="Chen et al. 2023, arXiv:2302.06675, algorithm 2, without weight decay",
    elementwise=True,
)
