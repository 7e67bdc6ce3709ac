"""One linear neuron learns 2x₁ + x₂ + 1, and how many steps that takes.

The loss of an example is (ŷ − y)², and its derivative 2(ŷ − y): the target stands in it too, else
the neuron would learn to say 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

TARGET = (2.0, 1.0, 1.0)  # w₁, w₂ and b of the plane that the data lie on
NAMES = ("w1", "w2", "b")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The data, the optimizer, and what to look at.

    Attributes
    ----------
    n_train, n_test : int
        Examples.
    lr : float
        Adam's learning rate.
    n_steps, few_steps : int
        Steps of the run, each on all examples; and how many are not enough.
    stride : int
        Steps between recorded points.
    near : float
        How close each parameter must come.
    seed : int
        Of the examples and the initial parameters.
    """

    n_train: int = 100
    n_test: int = 100
    lr: float = 0.001
    n_steps: int = 4000
    few_steps: int = 101
    stride: int = 20
    near: float = 0.01
    seed: int = 1


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=12, n_test=8, lr=0.03, n_steps=160, few_steps=15, stride=8),
    label="one neuron learns a plane",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training, with its parameters at every step."""
    run = specs.Train(
        data=_data(settings),
        model=specs.Model(name="mlp", settings={"widths": [2, 1]}),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        loss="mse",
        steps=settings.n_steps,
        seed=settings.seed,
        record=specs.record("scalars", parameters=1),
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Follow the neuron through its training.

    At every `stride`-th step, at step `few_steps` and at the first step from which all parameters
    stay near their targets: ``theta`` (snapshot, param), ``loss`` (snapshot), ``output``
    (snapshot, example), ``corner`` (snapshot, y, x), the output at the corners of the square of
    inputs. ``target`` (param); ``x`` (example, feature), ``label`` (example). ``output_slope``
    (example): dℓ/dŷ of each example at the start, by autograd.
    Attributes: ``reached``, the step from which all are near (−1: never, and not ``settled``),
    ``error`` and
    ``few_error``, the largest distance to a target at the end and after `few_steps`, and settings.

    Raises
    ------
    UserError
        If `few_steps` is more than `n_steps`.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import UserError
    from simulate.recording import variable

    if settings.few_steps > settings.n_steps:
        raise UserError(
            f"few_steps is {settings.few_steps}, but the run has {settings.n_steps} steps"
        )
    run = runs["training"].data
    examples = runs["training"].dataset
    params = run.params.values.astype(float)  # (step, 3)
    far = np.abs(params - TARGET).max(1)
    reached = _since(far < settings.near)

    shown = {*range(0, settings.n_steps + 1, settings.stride), settings.few_steps}
    shown |= {settings.n_steps} | ({reached} if reached >= 0 else set())
    at = np.array(sorted(shown))
    x, label = examples.x_train.astype(float), examples.y_train[:, 0].astype(float)
    corners = np.stack(np.meshgrid([-1.0, 1.0], [-1.0, 1.0]), axis=-1)  # (y, x, 2)
    weight, bias = params[at, :2], params[at, 2]
    output = weight @ x.T + bias[:, None]

    guess = torch.from_numpy(output[0].copy()).requires_grad_()
    (slope,) = torch.autograd.grad(((guess - torch.from_numpy(label)) ** 2).sum(), guess)
    steps = ("snapshot", "param")
    return xr.Dataset(
        {
            "theta": variable(steps, params[at], "parameters"),
            "target": variable("param", np.array(TARGET), "parameters of the data's plane"),
            "loss": variable("snapshot", run.loss.values[at], "mean squared error"),
            "output": variable(("snapshot", "example"), output, "output"),
            "corner": variable(
                ("snapshot", "y", "x"),
                np.einsum("yxf,sf->syx", corners, weight) + bias[:, None, None],
                "output at the corners of the inputs' square",
            ),
            "x": variable(("example", "feature"), x, "inputs"),
            "label": variable("example", label, "target"),
            "output_slope": variable("example", slope, "derivative of the loss by the output"),
        },
        coords={"snapshot": at, "param": list(NAMES)},
        attrs={
            "lr": settings.lr,
            "n_train": settings.n_train,
            "n_steps": settings.n_steps,
            "few_steps": settings.few_steps,
            "near": settings.near,
            "reached": reached,
            "settled": int(reached >= 0),
            "few_share": settings.few_steps / reached if reached > 0 else 0.0,
            "few_reach": settings.few_steps * settings.lr,
            **{f"end_{name}": float(end) for name, end in zip(NAMES, params[-1], strict=True)},
            "error": float(far[-1]),
            "few_error": float(far[settings.few_steps]),
            "start_error": float(far[0]),
            "few_loss": float(run.loss.values[settings.few_steps]),
            "end_loss": float(run.loss.values[-1]),
        },
    )


def _since(true: np.ndarray) -> int:
    """Return the first step from which on all are true, −1 where the last one is not."""
    import numpy as np

    false = np.flatnonzero(~true)
    since = int(false[-1]) + 1 if len(false) else 0
    return since if since < len(true) else -1


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="plane", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )
