"""Every parameter of a trained network with one hidden layer, counted and kept.

Source 002 says that this network has "12k dimensions"; it has 50,890 parameters (784 × 64 + 64 and
64 × 10 + 10), as many as the real model is counted to have here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.errors import RunError
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network and its training.

    Attributes
    ----------
    n_hidden : int
        Hidden units.
    n_train, n_test : int
        Examples.
    batch_size, epochs : int
        Of the training.
    lr : float
        Adam's learning rate.
    seed : int
        Of weights and order.
    """

    n_hidden: int = 64
    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 64
    epochs: int = 5
    lr: float = 0.002
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=200, n_test=100, epochs=3),
    label="the parameters of a network, layer by layer",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the network."""
    run = specs.Train(
        data=_data(settings),
        model=specs.Model(name="mlp", settings={"widths": [784, settings.n_hidden, "classes"]}),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Count the parameters of the trained model, tensor by tensor, and keep them all.

    ``units``, ``n_weights``, ``n_biases``, ``n_parameters`` (layer), the input layer first, which
    has none; ``weight_1`` (unit, y, x), a hidden unit's weights where their pixels are;
    ``weight_1_start``, the same before training; ``bias_1`` (unit); ``weight_2`` (class, unit);
    ``bias_2`` (class); ``dead`` (unit), 1 where ReLU gives 0 for every training digit; ``image``
    (y, x), one test digit, for the values that go in; ``dark`` (y, x), 1 where no training digit
    has any ink.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    run = runs["training"].data
    examples = runs["training"].dataset
    if examples.image_shape is None:
        raise RunError("the examples are no images; there is nothing to lay weights out on")
    first, last = (
        [param.detach().numpy() for param in runs["training"].model(at).parameters()]
        for at in (0, None)
    )
    side = examples.image_shape
    start, weight_1 = (values[0].reshape(-1, *side) for values in (first, last))
    _, bias_1, weight_2, bias_2 = last
    n_weights = [0, *(values.size for values in (weight_1, weight_2))]
    n_biases = [0, *(values.size for values in (bias_1, bias_2))]
    n_parameters = np.add(n_weights, n_biases)
    dark = ~(examples.x_train > 0).any(0)
    # A unit that no training digit wakes learns nothing more.
    sums = examples.x_train @ weight_1.reshape(len(weight_1), -1).T + bias_1
    asleep = (sums <= 0).all(0)
    moved = np.abs(weight_1 - start).reshape(len(weight_1), -1)
    return xr.Dataset(
        {
            "units": variable(
                "layer", [len(weight_1[0].ravel()), *map(len, (weight_1, weight_2))], "units"
            ),
            "n_weights": variable("layer", n_weights, "weights"),
            "n_biases": variable("layer", n_biases, "biases"),
            "n_parameters": variable("layer", n_parameters, "parameters"),
            "weight_1": variable(("unit", "y", "x"), weight_1, "weights of the hidden layer"),
            "weight_1_start": variable(("unit", "y", "x"), start, "initial weights"),
            "bias_1": variable("unit", bias_1, "biases of the hidden layer"),
            "weight_2": variable(("class", "unit"), weight_2, "weights of the output layer"),
            "bias_2": variable("class", bias_2, "biases of the output layer"),
            "dead": variable("unit", asleep.astype(np.int8), "0 for every training digit"),
            "image": variable(("y", "x"), examples.x_test[0].reshape(side), "brightness"),
            "dark": variable(("y", "x"), dark.reshape(side).astype(np.int8), "never any ink"),
        },
        coords={"layer": ["input", "hidden", "output"]},
        attrs={
            **run.attrs,
            "widths": runs["training"].widths,
            "epochs": settings.epochs,
            "n_inputs": weight_1[0].size,
            "n_hidden": settings.n_hidden,
            "n_total": int(n_parameters.sum()),
            "n_hidden_parameters": int(n_parameters[1]),
            "n_output_parameters": int(n_parameters[2]),
            "hidden_share": float(n_parameters[1] / n_parameters.sum()),
            "n_dead": int(asleep.sum()),
            "n_dark": int(dark.sum()),
            "moved_dark": float(moved[:, dark].max(initial=0.0)),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )
