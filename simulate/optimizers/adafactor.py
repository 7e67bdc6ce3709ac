"""Adafactor: Adam's second moment from row and column sums, and steps relative to the weights.

A matrix of n × m weights has n + m numbers of state instead of n m. The step is a share η of the
weights' own size: it reads the whole tensor.
"""

import torch

from simulate.optimizers import _base as base


class Lanes:
    """The rule for many vectors at once; the rows of `theta`, which is changed."""

    def __init__(self, theta: torch.Tensor, lr: torch.Tensor, beta2_decay: float, d: float) -> None:
        self.theta, self.lr, self.decay, self.d = theta, lr, beta2_decay, d
        self.t, self.sizes = 0, torch.zeros_like(theta)

    def step(self, slopes: torch.Tensor) -> None:
        """Take one step."""
        self.t += 1
        tiny = torch.finfo(slopes.dtype).eps ** 2
        self.sizes.lerp_(slopes**2, self.t**self.decay)
        update = self.sizes.clamp(min=tiny).rsqrt_().mul_(slopes)
        length = _rms(self.theta).clamp_(min=1e-3) * self.lr.clamp(max=self.t**-0.5)
        self.theta.sub_(update * (length / (_rms(update) / self.d).clamp_(min=1.0)))


def _rms(rows: torch.Tensor) -> torch.Tensor:
    return rows.square().mean(1, keepdim=True).sqrt_()


OPTIMIZER = base.Optimizer(
    build=torch.optim.Adafactor,
    defaults={"lr": 0.1, "beta2_decay": -0.8, "d": 1.0},
    rule=(
        "v ← v + (row and column means of g² − v) / t^0.8,  d ← g / √(product of both v),  "
        "θ ← θ − max(10⁻³, rms θ) min(η, 1/√t) d / max(1, rms d / k)"
    ),
    state={"row_var": "v", "col_var": "v"},
    label="Adafactor",
    color="yellow",
    dash="dotted",
    lanes=Lanes,
    source="Shazeer and Stern 2018, arXiv:1804.04235, algorithms 4 and 5; as in torch",
)
