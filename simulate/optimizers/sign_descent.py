"""Sign descent: every parameter moves by the same amount, against the sign of its gradient.

What is left of Adam when both its averages forget at once; it never comes nearer than η to rest.
"""

from typing import Any

import torch

from simulate.optimizers import _base as base


class SignDescent(torch.optim.Optimizer):
    """The rule as published."""

    def __init__(self, params: Any, lr: float = 1e-3) -> None:
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step."""
        loss = base.again(closure)
        for group, param, grad, _ in base.each(self):
            param.sub_(torch.sign(grad), alpha=group["lr"])
        return loss


OPTIMIZER = base.Optimizer(
    build=SignDescent,
    defaults={"lr": 0.02},
    rule="θ ← θ − η sign(g)",
    state={},
    label="Sign descent",
    color="slate",
    dash="dotted",
    source="Bernstein et al. 2018, arXiv:1802.04434, algorithm 1 (signSGD)",
    elementwise=True,
)
