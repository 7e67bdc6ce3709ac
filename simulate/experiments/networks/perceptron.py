"""Two networks of a single unit, trained on real patients: linear and logistic regression.

Source 001 writes σ(z) = 1/(1 − e^−z), which is 1/(1 + e^−z), and leaves the 1/N out of the binary
cross-entropy that it keeps in the mean squared error; both losses are means here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

MEASURED = ("age", "bmi", "bp", "s3", "s5", "s6")  # of the patients


class Settings(base.Settings, frozen=True, kw_only=True):
    """The training, alike for both.

    Attributes
    ----------
    steps : int
        Of gradient descent on the whole training set.
    lr : float
        Its learning rate.
    seed : int
        Of the weights and of the splits into training and test set.
    n_points : int
        Of the recorded activation functions.
    """

    steps: int = 1500
    lr: float = 0.3
    seed: int = 0
    n_points: int = 101


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(steps=60, n_points=21),
    label="linear and logistic regression as networks",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the two units."""
    from simulate.data.breast_cancer import FEATURES

    linear, logistic = _data(settings).values()
    layer = specs.Model(name="mlp", settings={"widths": [len(MEASURED), 1]})
    unit = specs.Model(name="logistic", settings={"n_inputs": len(FEATURES)})
    return {
        "linear": _run(linear, layer, "mse", settings),
        "logistic": _run(logistic, unit, "cross_entropy", settings),
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Keep the weights of both, and what they answer for each test case.

    For k in linear, logistic: ``weight_k`` (feature_k), ``bias_k`` (), ``output_k`` and
    ``target_k`` (example_k): the disease's progression, in standard deviations as the weights are,
    and the probability that
    a tumour is malignant (target 1: it is). Test cases come in the order of the outputs.
    ``curve_z``, ``identity``, ``sigmoid`` (x) are the activation functions.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import diabetes
    from simulate.recording import variable

    found = {}
    coords = {}
    attrs: dict[str, object] = {}
    for name, dataset in _data(settings).items():
        run = runs[name].data
        data = runs[name].dataset
        *weight, bias = run.params.values[-1].tolist()
        with torch.no_grad():  # the logistic one has two logits, 0 and z
            logits = runs[name].model()(torch.from_numpy(data.x_test).double())
        z = logits[:, -1].numpy()
        if name == "linear":
            train, test = diabetes.split(dataset.n_train, dataset.n_test, dataset.seed)
            center, spread = diabetes.outcome_scale(train)
            output, target = z, (diabetes.patients()[1][test] - center) / spread
            words = "progression of the disease, standardised"
        else:
            output, target = torch.sigmoid(torch.from_numpy(z)).numpy(), data.y_test
            words = "probability of malignant"
        order = np.argsort(output, kind="stable")
        found[f"weight_{name}"] = variable(f"feature_{name}", weight, "weight")
        found[f"bias_{name}"] = variable((), bias, "bias")
        found[f"output_{name}"] = variable(f"example_{name}", output[order], words)
        found[f"target_{name}"] = variable(f"example_{name}", target[order], f"true {words}")
        coords[f"feature_{name}"] = list(data.columns)
        attrs |= {
            f"n_params_{name}": run.attrs["n_params"],
            f"n_inputs_{name}": len(weight),
            f"n_train_{name}": len(data.x_train),
            f"n_test_{name}": len(data.x_test),
            f"dataset_{name}": data.label,
            f"train_loss_{name}": float(run.attrs["train_loss"]),
            f"test_loss_{name}": float(run.attrs["test_loss"]),
        }
    z = torch.linspace(-4, 4, settings.n_points, dtype=torch.float64)
    found["curve_z"] = variable("x", z.numpy(), "weighted sum")
    found["identity"] = variable("x", z.numpy(), "identity")
    found["sigmoid"] = variable("x", torch.sigmoid(z).numpy(), "sigmoid")
    attrs["explained"] = _explained(found["output_linear"].values, found["target_linear"].values)
    right = (found["output_logistic"].values > 0.5) == found["target_logistic"].values
    attrs["accuracy"] = float(np.mean(right))
    attrs |= {"steps": settings.steps, "lr": settings.lr}
    return xr.Dataset(found, coords=coords, attrs=attrs)


def _data(settings: Settings) -> dict[str, specs.Data]:
    measured = {"columns": list(MEASURED)}
    return {
        "linear": specs.Data(name="diabetes", seed=settings.seed, settings=measured),
        "logistic": specs.Data(name="breast_cancer", seed=settings.seed),
    }


def _run(data: specs.Data, model: specs.Model, loss: str, settings: Settings) -> specs.Train:
    return specs.Train(
        data=data,
        model=model,
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        loss=loss,
        steps=settings.steps,
        seed=settings.seed,
        record=specs.record("parameters", scalars=settings.steps),
        dtype="float64",
    )


def _explained(output: np.ndarray, target: np.ndarray) -> float:
    """Return the share of the targets' variance that the outputs explain."""
    rest = ((target - output) ** 2).mean()
    return float(1 - rest / target.var())
