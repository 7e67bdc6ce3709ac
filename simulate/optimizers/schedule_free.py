"""Schedule-Free AdamW: averaging takes the place of a falling learning rate.

Gradients are taken at θ, between the averaged point (which the paper returns) and the point z that
steps. Pictures show θ; with β₁ = 0.9 it lies a tenth of the way from the average to z.

Chosen among the newer ones because it won the self-tuning track of AlgoPerf 2024, and because its
authors' own code is there to test against.
"""

from typing import Any

import torch

from simulate.optimizers import _base as base


class ScheduleFree(torch.optim.Optimizer):
    """The rule as published: its largest rate so far weighs a step in the average."""

    def __init__(
        self,
        params: Any,
        lr: float = 2.5e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step."""
        loss = base.again(closure)
        for group, param, grad, state in base.each(self):
            lr, (first, second) = group["lr"], group["betas"]
            if not state:
                state.update(step=0, largest=0.0, total=0.0)
                state.update(z=param.clone(), exp_avg_sq=torch.zeros_like(param))
            state["step"] += 1
            state["largest"] = max(state["largest"], lr)
            state["total"] += state["largest"] ** 2
            share = state["largest"] ** 2 / state["total"] if state["total"] else 0.0
            z, v = state["z"], state["exp_avg_sq"]
            v.mul_(second).addcmul_(grad, grad, value=1 - second)
            size = v.div(1 - second ** state["step"]).sqrt_().add_(group["eps"])
            direction = grad / size
            param.lerp_(z, share).add_(direction, alpha=lr * (first * (1 - share) - 1))
            z.sub_(direction, alpha=lr)
        return loss


OPTIMIZER = base.Optimizer(
    build=ScheduleFree,
    defaults={"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8},
    rule=(
        "z₀ = θ₀,  C ← C + η²,  c ← η² / C,  v ← β₂ v + (1 − β₂) g²,  "
        "v̂ = v / (1 − β₂ᵗ),  d ← g / (√v̂ + ε),  θ ← (1 − c) θ + c z − η (1 − β₁ (1 − c)) d,  "
        "z ← z − η d"
    ),
    state={"z": "z", "exp_avg_sq": "v"},
    label="Schedule-Free",
    color="vermillion",
    dash="dotted",
    source="Defazio et al. 2024, arXiv:2405.15682, algorithm 1; without warm-up and weight decay",
    elementwise=True,
)
