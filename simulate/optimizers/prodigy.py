"""Prodigy: Adam that estimates its own rate, from how far it has come from the start.

The estimate d, one number for all parameters, grows from 10⁻⁶ until it is about the distance that
there was to go; η = 1 is meant to stay. It reads all parameters at once.

Chosen among the newer ones because it claims what the race tests, that no rate need be tuned, and
because its authors' own code is there to test against.
"""

import math
from typing import Any

import torch

from simulate.optimizers import _base as base


class Prodigy(torch.optim.Optimizer):
    """The rule as published, without weight decay and without correction of the averages."""

    def __init__(
        self,
        params: Any,
        lr: float = 1.0,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        d0: float = 1e-6,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "d0": d0})
        for group in self.param_groups:  # in the groups, so that a checkpoint has them
            group.update(d=d0, r=0.0)

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step."""
        loss = base.again(closure)
        mine = self.param_groups[0]
        d, d0, lr = mine["d"], mine["d0"], mine["lr"]
        (first, second), keep = mine["betas"], math.sqrt(mine["betas"][1])
        scaled = d / d0 * d * lr  # in units of d0, so as not to underflow
        along, size = 0.0, 0.0
        for _, param, grad, state in base.each(self):
            if not state:
                state.update(p0=param.clone(), s=torch.zeros_like(param))
                state.update(exp_avg=torch.zeros_like(param), exp_avg_sq=torch.zeros_like(param))
            along += scaled * torch.sum(grad * (state["p0"] - param)).item()
            state["exp_avg"].mul_(first).add_(grad, alpha=d * (1 - first))
            state["exp_avg_sq"].mul_(second).addcmul_(grad, grad, value=d * d * (1 - second))
            state["s"].mul_(keep).add_(grad, alpha=scaled)
            size += state["s"].abs().sum().item()
        if size == 0:
            return loss
        mine["r"] = keep * mine["r"] + along
        mine["d"] = max(d, mine["r"] / size)
        for group, param, _, state in base.each(self):
            root = state["exp_avg_sq"].sqrt().add_(mine["d"] * group["eps"])
            param.addcdiv_(state["exp_avg"], root, value=-d * lr)
        return loss


class Lanes:
    """The rule for many vectors at once; the rows of `theta`, which is changed."""

    def __init__(
        self,
        theta: torch.Tensor,
        lr: torch.Tensor,
        betas: tuple[float, float],
        eps: float,
        d0: float,
    ) -> None:
        self.theta, self.lr, self.betas, self.eps, self.d0 = theta, lr, betas, eps, d0
        self.start, self.d, self.r = theta.clone(), torch.full_like(lr, d0), torch.zeros_like(lr)
        self.m, self.v, self.s = (torch.zeros_like(theta) for _ in range(3))

    def step(self, slopes: torch.Tensor) -> None:
        """Take one step."""
        (first, second), keep = self.betas, math.sqrt(self.betas[1])
        d, scaled = self.d, self.d / self.d0 * self.d * self.lr
        along = scaled * (slopes * (self.start - self.theta)).sum(1, keepdim=True)
        self.m.mul_(first).add_(slopes * (d * (1 - first)))
        self.v.mul_(second).add_(slopes * slopes * (d * d * (1 - second)))
        self.s.mul_(keep).add_(slopes * scaled)
        size = self.s.abs().sum(1, keepdim=True)
        self.r = keep * self.r + along
        self.d = torch.where(size > 0, torch.maximum(d, self.r / size), d)
        way = d * self.lr * self.m / self.v.sqrt().add_(self.d * self.eps)
        self.theta.sub_(torch.where(size > 0, way, 0.0))


OPTIMIZER = base.Optimizer(
    build=Prodigy,
    defaults={"lr": 1.0, "betas": (0.9, 0.999), "eps": 1e-8, "d0": 1e-6},
    rule=(
        "a ← √β₂ a + η L² ⟨g, θ₀ − θ⟩,  m ← β₁ m + (1 − β₁) L g,  v ← β₂ v + (1 − β₂) L² g²,  "
        "s ← √β₂ s + η L² g,  L ← max(L, a / ‖s‖₁),  θ ← θ − η L₋ m / (√v + L ε)"
    ),
    state={"p0": "θ₀", "s": "s", "exp_avg": "m", "exp_avg_sq": "v"},
    label="Prodigy",
    color="vermillion",
    dash="dashdot",
    lanes=Lanes,
    source="Mishchenko and Defazio 2024, arXiv:2306.06101, algorithm 4",
)
