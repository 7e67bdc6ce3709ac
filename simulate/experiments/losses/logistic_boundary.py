"""Logistic regression parts two species of iris; its gradient has linear regression's form.

Logistic regression is a linear classifier: where σ(w·x + b) = ½, w·x + b = 0, a straight line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The flowers, the descent, the field, and where the gradients are compared.

    Attributes
    ----------
    n_train : int
        Flowers, as many of each species.
    lr : float
        Learning rate of gradient descent on all of them.
    n_steps : int
        Updates.
    snapshots : int
        Steps between pictures of the field.
    looked : int
        The step at whose weights both gradients are taken apart.
    n_grid : int
        Points along each side of the field.
    seed : int
        Of the split and of the initial weights.
    """

    n_train: int = 80
    lr: float = 0.5
    n_steps: int = 120
    snapshots: int = 1
    looked: int = 2
    n_grid: int = 49
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=30, snapshots=5, n_grid=13),
    label="logistic regression while it learns, and its gradient",
)

SPECIES = ("versicolor", "virginica")  # class 0 and class 1: the two that overlap
COLUMNS = ("petal length", "petal width")


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the descent."""
    return {
        "descent": specs.Train(
            data=_data(settings),
            model=_model(),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("scalars", "evaluation", parameters=1),
            dtype="float64",
        )
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the field now and then, and take two gradients apart at the same weights.

    ``theta`` (step, param): w₁, w₂ and b, of standardised inputs; ``middle`` and ``spread``
    (feature) take centimetres to those. ``loss`` (step), ``probability`` (snapshot, y, x) over
    ``x`` and ``y`` in centimetres; the training flowers ``flowers`` (example, feature), ``label``.
    At the last step: ``end_z`` and ``end_prediction`` (example), and the probability ``curve`` over
    ``curve_z`` (x_curve), which reaches as far as the flowers do.
    At ``looked``, of linear (component 0) and logistic regression (component 1) with the same
    weights: ``z`` (example), ``prediction`` (component, example), ``gradient`` (component, param)
    by autograd, of ½ (ŷ − y)² and of cross-entropy; and ``mean_error_times_input``
    (component, param), the mean of (ŷ − y) (x, 1).
    """
    import numpy as np
    import torch
    import xarray as xr
    from torch.nn import functional

    from simulate.data import iris
    from simulate.errors import UserError
    from simulate.experiments import _fits
    from simulate.recording import variable

    run = runs["descent"].data
    if not 0 <= settings.looked <= settings.n_steps:
        raise UserError(f"looked is {settings.looked}; take a step from 0 to {settings.n_steps}")
    data = runs["descent"].dataset
    train, _ = iris.split(settings.n_train, None, settings.seed, SPECIES)
    flowers = iris.measurements(SPECIES, COLUMNS)[0][train]
    middle, spread = iris.scale(flowers)
    sides = [
        np.linspace(low - 0.12 * (high - low), high + 0.12 * (high - low), settings.n_grid)
        for low, high in zip(flowers.min(0), flowers.max(0), strict=True)
    ]
    inputs = (_fits.grid(*sides) - middle) / spread
    # with the step looked at among them: the film goes back to it
    shown = {*run.snapshot.values[:: settings.snapshots].tolist(), settings.looked}
    watched = run.sel(snapshot=sorted(shown))
    field = _fits.second_of_two(runs["descent"].outputs(inputs, sorted(shown)))

    # w₁, w₂, b, and the inputs with a 1 for b
    theta = torch.tensor(run.params.values[settings.looked], requires_grad=True)
    x = torch.from_numpy(data.x_train.astype(np.float64))
    x = torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], dim=1)
    y = torch.from_numpy(data.y_train).double()
    z = x @ theta
    losses = {
        "linear": 0.5 * functional.mse_loss(z, y),
        "logistic": functional.binary_cross_entropy_with_logits(z, y),
    }
    gradients = [torch.autograd.grad(j, theta, retain_graph=True)[0] for j in losses.values()]
    predictions = torch.stack([z, torch.sigmoid(z)]).detach()
    formula = (predictions - y) @ x / len(x)

    end = run.params.values[-1]
    end_z = x @ torch.from_numpy(end)
    reach = 1.06 * float(end_z.abs().max())
    curve_z = torch.linspace(-reach, reach, 201, dtype=torch.float64)
    off = (torch.stack(gradients) - formula).abs().max()
    nats = ("cross-entropy", "nats")
    return xr.Dataset(
        {
            "theta": variable(("step", "param"), run.params, "w₁, w₂ and b"),
            "middle": variable("feature", middle, "mean", "cm"),
            "spread": variable("feature", spread, "standard deviation", "cm"),
            "loss": variable("step", run.loss, *nats),
            "probability": variable(
                ("snapshot", "y", "x"),
                field.reshape(-1, settings.n_grid, settings.n_grid).astype(np.float32),
                "probability of class 1",
            ),
            "flowers": variable(("example", "feature"), flowers, "petal length and width", "cm"),
            "label": variable("example", data.y_train, "species"),
            "z": variable("example", z.detach().numpy(), "w·x + b"),
            "prediction": variable(("component", "example"), predictions.numpy(), "prediction"),
            "gradient": variable(("component", "param"), torch.stack(gradients), "gradient"),
            "end_z": variable("example", end_z, "w·x + b after the last step"),
            "end_prediction": variable("example", end_z.sigmoid(), "probability of class 1"),
            "curve": variable("x_curve", curve_z.sigmoid(), "probability of class 1"),
            "mean_error_times_input": variable(
                ("component", "param"), formula, "mean of (ŷ − y) (x, 1)"
            ),
        },
        coords={
            "x": variable("x", sides[0], COLUMNS[0], "cm"),
            "y": variable("y", sides[1], COLUMNS[1], "cm"),
            "curve_z": variable("x_curve", curve_z, "w·x + b"),
            "component": list(losses),
            "step": run.step,
            "snapshot": watched.snapshot,
        },
        attrs={
            **run.attrs,
            "class_0": SPECIES[0],
            "class_1": SPECIES[1],
            "first_loss": float(run.loss[0]),
            "final_loss": float(run.loss[-1]),
            "looked": settings.looked,
            "agreement": float(off),
            "n_right": int(((end_z > 0) == (y == 1)).sum()),
            "w1": float(end[0]),
            "w2": float(end[1]),
            "b": float(end[2]),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="iris",
        n_train=settings.n_train,
        seed=settings.seed,
        settings={"species": list(SPECIES), "columns": list(COLUMNS)},
    )


def _model() -> specs.Model:
    return specs.Model(name="logistic", settings={"n_inputs": 2})
