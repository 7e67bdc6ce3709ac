"""L-BFGS: Newton's step, the curvature guessed from the last few gradients.

One gradient a step, like all others here, so no line search: η is the share of the step taken. With
mini-batches, differences of gradients are mostly differences of batches.
"""

import torch

from simulate.optimizers import _base as base


class Lanes:
    """The rule for many vectors at once; the rows of `theta`, which is changed."""

    def __init__(
        self, theta: torch.Tensor, lr: torch.Tensor, max_iter: int, history_size: int
    ) -> None:
        if max_iter != 1:
            raise ValueError("side by side there is one gradient a step")
        self.theta, self.lr = theta, lr
        shape = (history_size, *theta.shape)
        # pairs (Δθ, Δg), the latest last, and 1 / Δθ·Δg, which is 0 where there is no pair yet
        self.moved, self.turned = theta.new_zeros(shape), theta.new_zeros(shape)
        self.weight = theta.new_zeros(shape[:2])
        self.scale = torch.ones_like(lr)
        self.last, self.way = torch.zeros_like(theta), torch.zeros_like(theta)
        self.begun = torch.zeros_like(lr, dtype=torch.bool)

    def step(self, slopes: torch.Tensor) -> None:
        """Take one step; lanes whose slope is nearly 0 stay as they are."""
        going = slopes.abs().amax(1, keepdim=True) > 1e-7
        turned = slopes - self.last
        along = (turned * self.way).sum(1, keepdim=True)
        kept = going & self.begun & (along > 1e-10)
        for pairs, new in ((self.moved, self.way), (self.turned, turned)):
            pairs.copy_(torch.where(kept, torch.cat([pairs[1:], new[None]]), pairs))
        weight = torch.cat([self.weight[1:], (1 / along)[None, :, 0]])
        self.weight.copy_(torch.where(kept[:, 0], weight, self.weight))
        self.scale = torch.where(kept, along / turned.square().sum(1, keepdim=True), self.scale)

        q, alphas = -slopes, []
        for s, y, w in zip(self.moved.flip(0), self.turned.flip(0), self.weight.flip(0)):  # noqa: B905
            alphas.append(((s * q).sum(1) * w)[:, None])
            q = q - alphas[-1] * y
        d = q * self.scale
        for s, y, w, alpha in zip(self.moved, self.turned, self.weight, reversed(alphas)):  # noqa: B905
            d = d + s * (alpha - ((y * d).sum(1) * w)[:, None])

        first = torch.clamp(1 / slopes.abs().sum(1, keepdim=True), max=1.0)
        share = torch.where(self.begun, self.lr, self.lr * first)
        self.last = torch.where(going, slopes, self.last)
        self.way = torch.where(going, share * d, self.way)
        self.begun |= going
        downhill = (slopes * d).sum(1, keepdim=True) <= -1e-9
        self.theta.add_(torch.where(going & downhill, self.way, 0.0))


OPTIMIZER = base.Optimizer(
    build=torch.optim.LBFGS,
    defaults={"lr": 0.5, "max_iter": 1, "history_size": 10},
    rule="d ← H g, H from the last 10 pairs (Δθ, Δg),  θ ← θ − η d",
    state={"d": "d", "prev_flat_grad": "g", "old_dirs": "Δg", "old_stps": "Δθ"},
    label="L-BFGS",
    color="yellow",
    dash="dashdot",
    lanes=Lanes,
    source="Nocedal 1980, doi:10.2307/2006193; Liu and Nocedal 1989, doi:10.1007/BF01589116",
)
