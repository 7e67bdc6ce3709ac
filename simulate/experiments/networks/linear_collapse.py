"""A chain of linear layers is one linear layer: its boundary is that of one neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from torch import nn


class Settings(base.Settings, frozen=True, kw_only=True):
    """The points, the networks and their training.

    Attributes
    ----------
    n_train : int
        Points of the two moons.
    noise : float
        On them.
    hidden : tuple of int
        Units of the hidden layers of both deep networks.
    lr : float
        Adam's learning rate, of all three.
    n_steps : int
        Updates of all three, each on all points.
    n_grid : int
        Points along each side of the field.
    seed : int
        Of points and weights.
    """

    n_train: int = 200
    noise: float = 0.15
    hidden: tuple[int, ...] = (8, 8, 8)
    lr: float = 0.05
    n_steps: int = 800
    n_grid: int = 61
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=60, n_steps=80, n_grid=15),
    label="a chain of linear layers beside one neuron, and beside ReLU layers",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return one neuron, the chain of linear layers, and the same layers with ReLU."""
    return {
        name: specs.Train(
            data=_data(settings),
            model=model,
            optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("scalars", "parameters"),
            dtype="float64",
        )
        for name, model in _models(settings).items()
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compare the fields of the three, and multiply out the layers of the two deep ones.

    ``probability`` (run, y, x) of class 1 and its logit ``z`` over ``x`` and ``y``; ``accuracy``
    and ``n_params`` (run); the training points ``points`` (example, feature), ``label``. For one
    neuron, and for the product of all weights of each of the two others, the logit is
    ``composed_weight`` (run, feature) · x + ``composed_bias`` (run); ``gap`` (run) is how far that
    is at most from the network's own z on the grid.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.experiments import _fits
    from simulate.recording import variable

    data = runs["neuron"].dataset
    x = data.x_train.astype(np.float64)
    sides = [
        np.linspace(low - 0.15 * (high - low), high + 0.15 * (high - low), settings.n_grid)
        for low, high in zip(x.min(0), x.max(0), strict=True)
    ]
    grid = _fits.grid(*sides)
    fields, heights, weights, biases, gaps = [], [], [], [], []
    for name in _models(settings):
        model = runs[name].model()
        with torch.no_grad():
            logits = model.double()(torch.from_numpy(grid)).numpy()
        fields.append(_fits.second_of_two(logits).reshape(len(sides[1]), len(sides[0])))
        weight, bias = _composed(model)
        weights.append(weight)
        biases.append(bias)
        z = logits[:, 1] - logits[:, 0]
        heights.append(z.reshape(len(sides[1]), len(sides[0])))
        gaps.append(np.abs(z - (grid @ weight + bias)).max())

    accuracy = [run.attrs["train_accuracy"] for run in runs.values()]
    n_params = [run.attrs["n_params"] for run in runs.values()]
    neuron, chain, relu = range(3)
    apart = np.abs(np.append(weights[neuron] - weights[chain], biases[neuron] - biases[chain]))
    return xr.Dataset(
        {
            "probability": variable(
                ("run", "y", "x"), np.stack(fields).astype(np.float32), "probability of class 1"
            ),
            "z": variable(("run", "y", "x"), np.stack(heights), "logit of class 1"),
            "accuracy": variable("run", accuracy, "share of training points right"),
            "n_params": variable("run", n_params, "parameters"),
            "composed_weight": variable(("run", "feature"), np.stack(weights), "composed weight"),
            "composed_bias": variable("run", biases, "composed bias"),
            "gap": variable("run", gaps, "largest distance of z from w·x + b"),
            "points": variable(("example", "feature"), x, "input"),
            "label": variable("example", data.y_train, "class"),
        },
        coords={
            "run": list(runs),
            "x": variable("x", sides[0], "first input"),
            "y": variable("y", sides[1], "second input"),
        },
        attrs={
            "n_layers": len(settings.hidden) + 1,
            "hidden": "–".join(map(str, settings.hidden)),
            "n_train": settings.n_train,
            "n_steps": settings.n_steps,
            "lr": settings.lr,
            "noise": settings.noise,
            "seed": settings.seed,
            "gap_chain": float(gaps[chain]),
            "gap_relu": float(gaps[relu]),
            "apart": float(apart.max()),
            "n_params_chain": int(n_params[chain]),
            "accuracy_neuron": float(accuracy[neuron]),
            "accuracy_chain": float(accuracy[chain]),
            "accuracy_relu": float(accuracy[relu]),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="moons",
        n_train=settings.n_train,
        seed=settings.seed,
        settings={"noise": settings.noise},
    )


def _models(settings: Settings) -> dict[str, specs.Model]:
    widths = [2, *settings.hidden, 2]
    return {
        "neuron": specs.Model(name="logistic", settings={"n_inputs": 2}),
        "linear": specs.Model(name="mlp", settings={"widths": widths, "activation": "identity"}),
        "relu": specs.Model(name="mlp", settings={"widths": widths, "activation": "relu"}),
    }


def _composed(model: nn.Module) -> tuple[np.ndarray, float]:
    """Multiply a network's layers out, as if nothing were between them.

    W = W_n … W₁ and b = b_n + W_n b_{n−1} + …; of two logits, the second minus the first.

    Returns
    -------
    weight : ndarray, shape (2,)
    bias : float
    """
    import numpy as np
    from torch import nn

    weight, bias = np.eye(2), np.zeros(2)
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            w, b = (param.detach().numpy() for param in (layer.weight, layer.bias))
            weight, bias = w @ weight, w @ bias + b
    if len(bias) == 1:  # one neuron gives the difference itself
        return weight[0], float(bias[0])
    return weight[1] - weight[0], float(bias[1] - bias[0])
