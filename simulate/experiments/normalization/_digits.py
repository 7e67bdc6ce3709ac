"""A network of one small hidden layer with a norm on coarse digits: every unit can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import torch

    from simulate.experiments._base import Run


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, its training, and the batch that is looked at.

    Attributes
    ----------
    hidden : int
        Hidden units.
    side : int
        Fields of a digit each way.
    n_train, batch_size, n_steps, lr
        How it is trained, with Adam.
    every : int
        Steps between two looks.
    n_shown : int
        Digits in the batch that is looked at.
    n_draws : int
        Batches of that size drawn to see what a digit's companions do.
    sizes : tuple of int
        Of batches to normalise in.
    seed : int
        Of weights, order and draws.
    """

    hidden: specs.Count = 6
    side: specs.Count = 7
    n_train: specs.Count = 2000
    batch_size: specs.Count = 50
    n_steps: specs.Count = 400
    lr: float = 0.01
    every: specs.Count = 10
    n_shown: specs.Count = 8
    n_draws: specs.Count = 40
    sizes: tuple[int, ...] = (2, 4, 8, 64)
    seed: specs.Seed = 0


TINY = Settings(n_train=150, n_steps=30, n_draws=8, sizes=(2, 4, 16))


def training(settings: Settings, norm: str) -> specs.Train:
    """Return the training of the network with a norm."""
    return specs.Train(
        data=specs.Data(
            name="coarse_digits",
            n_train=settings.n_train,
            n_test=500,
            seed=settings.seed,
            settings={"side": settings.side},
        ),
        model=specs.Model(
            name="normed",
            settings={"widths": [settings.side**2, settings.hidden, 10], "norm": norm},
        ),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        steps=settings.n_steps,
        seed=settings.seed,
        record=specs.record("scalars", parameters=settings.every),
    )


class Normalised:
    """A batch of sums on its way through a norm: along one axis to mean 0 and variance 1.

    Parameters
    ----------
    sums : array, shape (…, example, unit)
    axis : int
        Over which means are taken: −2, the examples, for batch norm; −1, the units, for layer norm.
    eps : float
        Added to the variance, so that equal values are not divided by 0.
    """

    def __init__(self, sums: np.ndarray, axis: int, eps: float) -> None:
        import numpy as np

        self.axis = axis
        self.mean = sums.mean(axis, keepdims=True)
        self.variance = sums.var(axis, keepdims=True)  # over B, not B − 1
        self.deviation = np.sqrt(self.variance + eps)
        self.values = (sums - self.mean) / self.deviation

    def back(self, slope: np.ndarray) -> np.ndarray:
        """Return the gradient by the sums, given that by the normalised values.

        Mean and deviation depend on all sums that they are taken over, so each gradient has two
        terms more than slope / σ: the mean of the slopes, and their mean along the values.
        """
        import numpy as np

        mean = slope.mean(self.axis, keepdims=True)
        along = (slope * self.values).mean(self.axis, keepdims=True)
        return np.asarray((slope - mean - self.values * along) / self.deviation)


def sums(run: Run, x: np.ndarray) -> np.ndarray:
    """Return the hidden layer's sums at every snapshot, (snapshot, example, unit), in float64."""
    import numpy as np
    import torch

    found = []
    with torch.no_grad():
        for net in run.models():
            first = next(net.double().children())
            found.append(first(torch.from_numpy(x.astype(float))).numpy())
    return np.stack(found)


def scales(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return γ and β at every snapshot, (snapshot, unit)."""
    import numpy as np

    gamma, beta = [], []
    for net in run.models():
        norm = the_norm(net)
        gamma.append(norm.weight.detach().double().numpy().copy())
        beta.append(norm.bias.detach().double().numpy().copy())
    return np.stack(gamma), np.stack(beta)


def the_norm(net: torch.nn.Module) -> Any:
    """Return the network's one norm, which follows its first layer."""
    return list(net.children())[1]
