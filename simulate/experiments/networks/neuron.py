"""Two flowers through one trained logistic neuron, with every number on the way.

The neuron is trained, then its weights and the flowers' inputs are rounded to tenths, its bias to
hundredths: the products and sums on a picture are then exact, and a reader can check each of them.
What the rounding costs is recorded beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.errors import RunError
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

# How the two flowers are chosen.
CHOICE = (
    "Of the test flowers of each species that the neuron gets right, the one whose output is "
    "nearest to 0.97 (the species asked for) or 0.03 (the other)."
)
AIM = 0.97


class Settings(base.Settings, frozen=True, kw_only=True):
    """The question, and the training.

    Attributes
    ----------
    asked, other : str
        Species of iris: the neuron's output is its probability of the first.
    steps : int
        Of gradient descent on the whole training set.
    lr : float
        Its learning rate.
    seed : int
        Of the weights and of the split into training and test flowers.
    n_points : int
        Of the recorded sigmoid.
    """

    asked: str = "virginica"
    other: str = "versicolor"
    steps: int = 100
    lr: float = 0.5
    seed: int = 0
    n_points: int = 201


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(steps=30, n_points=21),
    label="a flower through one trained neuron",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the neuron."""
    from simulate.data.iris import FEATURES

    run = specs.Train(
        data=specs.Data(
            name="iris",
            seed=settings.seed,
            settings={"species": [settings.other, settings.asked]},
        ),
        model=specs.Model(name="logistic", settings={"n_inputs": len(FEATURES)}),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        steps=settings.steps,
        seed=settings.seed,
        dtype="float64",
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Send two test flowers through the neuron and keep every number on the way.

    Example 0 is of the species asked for, example 1 of the other (see `CHOICE`).
    ``measurement`` in cm and ``input``, standardised and rounded, (example, feature); ``weight``
    (feature) and ``bias`` (); ``contribution`` (example, feature), weight × input;
    ``running_sum`` (example, step), from 0 over the contributions to the bias; ``z`` and
    ``output`` (example); ``label`` (example), 1 for the species asked for; ``curve_z`` and
    ``curve`` (x), the sigmoid over all that the sums reach.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import iris
    from simulate.recording import variable

    species = (settings.other, settings.asked)
    train, test = iris.split(None, None, settings.seed, species)
    measured, label = iris.measurements(species)
    middle, spread = iris.scale(measured[train])
    exact = (measured[test] - middle) / spread
    *weight_trained, bias_trained = runs["training"].data.params.values[-1]
    weight = _rounded(weight_trained, 1)
    bias = float(_rounded(bias_trained, 2))
    x, y = _rounded(exact, 1), label[test]
    z = x @ weight + bias
    output = torch.sigmoid(torch.from_numpy(z)).numpy()
    z_trained = exact @ np.array(weight_trained) + bias_trained
    shown = _chosen(output, y)

    contribution = x[shown] * weight
    parts = np.column_stack([np.zeros(2), contribution, np.full(2, bias)])
    sums = np.cumsum(parts, axis=1)
    reach = max(5.0, float(np.ceil(np.abs(sums).max() + 0.5)))
    curve_z = torch.linspace(-reach, reach, settings.n_points, dtype=torch.float64)
    each = ("example", "feature")
    return xr.Dataset(
        {
            "measurement": variable(each, measured[test][shown], "measurement", "cm"),
            "input": variable(each, x[shown], "input"),
            "weight": variable("feature", weight, "weight"),
            "bias": variable((), bias, "bias"),
            "contribution": variable(each, contribution, "weight × input"),
            "running_sum": variable(("example", "step"), sums, "sum so far"),
            "z": variable("example", z[shown], "weighted sum"),
            "output": variable("example", output[shown], f"probability of {settings.asked}"),
            "label": variable("example", y[shown], "label"),
            "curve_z": variable("x", curve_z.numpy(), "weighted sum"),
            "curve": variable("x", torch.sigmoid(curve_z).numpy(), "sigmoid"),
        },
        coords={"feature": list(iris.FEATURES)},
        attrs={
            **runs["training"].data.attrs,
            "asked": settings.asked,
            "other": settings.other,
            "accuracy": float(np.mean((z > 0) == y)),
            "accuracy_unrounded": float(np.mean((z_trained > 0) == y)),
            "rounding": float(np.abs(output - 1 / (1 + np.exp(-z_trained))).max()),
            "choice": CHOICE,
        },
    )


def _rounded(values: object, decimals: int) -> np.ndarray:
    """Return the numbers rounded, without a negative zero."""
    import numpy as np

    return np.round(np.asarray(values, dtype=float), decimals) + 0.0


def _chosen(output: np.ndarray, label: np.ndarray) -> list[int]:
    """Return the two test flowers to show, by the rule in `CHOICE`.

    Raises
    ------
    RunError
        If the neuron gets no flower of a species right.
    """
    import numpy as np

    found = []
    for wanted, aim in ((1, AIM), (0, 1 - AIM)):
        right = np.flatnonzero((label == wanted) & ((output > 0.5) == wanted))
        if len(right) == 0:
            raise RunError(
                f"the neuron gets no test flower of class {wanted} right; take more steps"
            )
        found.append(int(right[np.abs(output[right] - aim).argmin()]))
    return found
