"""A batch of flowers through one trained dense layer: XW + b = Z, A = h(Z).

A small network is trained to tell three species of iris apart. Its first layer's parameters and
the batch are then rounded to tenths, as in `neuron`: each sum is exact to two decimals and can be
checked by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.errors import UserError
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, its training and the batch.

    Attributes
    ----------
    n_units : int
        Of the hidden layer.
    of_each : int
        Flowers of each species in the batch: the first of the test set.
    steps : int
        Of Adam on the whole training set.
    lr : float
        Adam's learning rate.
    seed : int
        Of the weights and of the split into training and test flowers.
    """

    n_units: int = 4
    of_each: int = 2
    steps: int = 200
    lr: float = 0.02
    seed: int = 7


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(steps=40),
    label="a batch through one dense layer",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the network."""
    from simulate.data.iris import FEATURES, SPECIES

    run = specs.Train(
        data=specs.Data(name="iris", seed=settings.seed),
        model=specs.Model(
            name="mlp", settings={"widths": [len(FEATURES), settings.n_units, len(SPECIES)]}
        ),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        steps=settings.steps,
        seed=settings.seed,
        dtype="float64",
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Send the batch through the first layer.

    ``input`` (example, feature) is the batch; ``weight`` (feature, unit), ``bias`` (unit),
    ``z`` and ``activation`` (example, unit); ``label`` (example).

    Raises
    ------
    UserError
        If the test set hasn't so many flowers of each species.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import iris
    from simulate.recording import variable

    data = runs["training"].dataset
    there = int(np.bincount(data.y_test).min())
    if not 1 <= settings.of_each <= there:
        raise UserError(f"of_each is {settings.of_each}; there are 1 to {there} test flowers")
    chosen = np.concatenate(
        [np.flatnonzero(data.y_test == k)[: settings.of_each] for k in range(len(iris.SPECIES))]
    )
    x = np.round(data.x_test[chosen].astype(float), 1) + 0.0
    first = next(iter(runs["training"].model().children()))
    assert isinstance(first, torch.nn.Linear)
    weight = np.round(first.weight.detach().numpy().T, 1) + 0.0
    bias = np.round(first.bias.detach().numpy(), 1) + 0.0
    # to two decimals exactly, without the noise of float64
    z = np.round(x @ weight + bias, 2) + 0.0
    activation = torch.relu(torch.from_numpy(z)).numpy()
    by_unit = ("example", "unit")
    return xr.Dataset(
        {
            "input": variable(("example", "feature"), x, "input"),
            "weight": variable(("feature", "unit"), weight, "weight"),
            "bias": variable("unit", bias, "bias"),
            "z": variable(by_unit, z, "weighted sum"),
            "activation": variable(by_unit, activation, "activation"),
            "label": variable("example", data.y_test[chosen], "species"),
        },
        coords={"feature": list(iris.FEATURES)},
        attrs={
            **runs["training"].data.attrs,
            "n_units": settings.n_units,
            "n_examples": len(chosen),
            "n_features": x.shape[1],
            "silent": float((z <= 0).mean()),
        },
    )
