"""Muon: momentum made orthogonal, so that a matrix steps equally far in all its directions.

Only matrices have directions to make equal; biases and other vectors step by AdamW, as its authors
advise, with η scaled for the matrices so that both can share it.
"""

from typing import Any

import torch

from simulate.optimizers import _base as base


class Muon(torch.optim.Optimizer):
    """torch's Muon for matrices and torch's AdamW for the rest, as one optimizer."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        params = list(params)
        matrices = [param for param in params if param.ndim == 2]
        if not matrices:
            raise ValueError("Muon is for matrices, and there is none")
        self._parts: list[torch.optim.Optimizer] = [
            torch.optim.Muon(
                matrices,
                lr=lr,
                momentum=momentum,
                weight_decay=0.0,
                adjust_lr_fn="match_rms_adamw",
            )
        ]
        if rest := [param for param in params if param.ndim != 2]:
            self._parts.append(
                torch.optim.AdamW(rest, lr=lr, betas=betas, eps=eps, weight_decay=0.0)
            )
        super().__init__([part.param_groups[0] for part in self._parts], {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Take one step."""
        loss = base.again(closure)
        for part, group in zip(self._parts, self.param_groups, strict=True):
            part.param_groups, part.state = [group], self.state
            part.step()
        return loss


OPTIMIZER = base.Optimizer(
    build=Muon,
    defaults={"lr": 0.02, "momentum": 0.95, "betas": (0.9, 0.999), "eps": 1e-8},
    rule=("m ← μ m + (1 − μ) g,  U Σ Vᵀ = (1 − μ) g + μ m,  θ ← θ − 0.2 η √(larger side) U Vᵀ"),
    state={"momentum_buffer": "m"},
    label="Muon",
    color="purple",
    dash="dotted",
    source="Jordan et al. 2024, kellerjordan.github.io/posts/muon; Liu et al. 2025, 2502.16982",
    unfit={"surfaces": "it makes matrices orthogonal, and a surface has none"},
)
