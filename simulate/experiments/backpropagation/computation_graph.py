"""The graph behind the mean squared error of one linear neuron, as PyTorch built it.

Source 002 gives the derivative of (ŷ − y)² as 2ŷ; it is 2(ŷ − y). Gradients are made in the
backward pass; weights change in the step after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The examples and the neuron.

    Attributes
    ----------
    n_train : int
        Examples of y = 2x₁ + x₂ + 1, both inputs standard normal.
    seed : int
        Of the examples and of the weights.
    """

    n_train: specs.Count = 1_000
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=Settings(n_train=20), label="the graph behind one neuron's loss"
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: there is nothing to train."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute the loss and read its graph: what `simulate.autograd_graph` records.

    Attributes: ``n_train``; ``by_hand``, the largest difference of the gradients to those of
    2(ŷ − y)/n by hand.
    """
    import torch
    from torch.nn import functional

    from simulate.measures.autograd_graph import autograd_graph
    from simulate.training.device import generator

    draws = generator(settings.seed)
    x = torch.randn(settings.n_train, 2, generator=draws)
    y = 2 * x[:, :1] + x[:, 1:] + 1
    model = base.network(specs.Model(name="mlp", settings={"widths": [2, 1]}), seed=settings.seed)
    (neuron,) = model.children()
    output = model(x)
    loss = functional.mse_loss(output, y)
    found = autograd_graph(loss, neuron)
    residual = 2 * (output.detach() - y) / settings.n_train
    by_hand = {"weight": float((residual.T @ x).norm()), "bias": float(residual.sum().abs())}
    leaves = found.isel(v=(found.is_leaf == 1).values)
    gaps = [
        abs(float(norm) - by_hand[str(name)])
        for name, norm in zip(leaves.plain.values, leaves.norm.values, strict=True)
    ]
    return found.assign_attrs(n_train=settings.n_train, by_hand=max(gaps))
