"""Forward, loss, backward, step: a network of six weights, with and without cleared gradients.

In PyTorch, ``backward`` adds to the gradients that are there. Without ``zero_grad`` each step thus
follows the sum of all gradients so far: a momentum that nothing damps. (The `train` function of
source 003 never clears them.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr

# Whether gradients are cleared before each backward pass.
CLEARED = {"cleared": True, "kept": False}


class Settings(base.Settings, frozen=True, kw_only=True):
    """The example, the rate, and the initial weights.

    Attributes
    ----------
    inputs : tuple of float
        The example, two numbers.
    target : float
        What the output should be.
    lr : float
        Learning rate of plain gradient descent.
    n_steps : int
        Rounds.
    seed : int
        Of the initial weights.
    """

    inputs: tuple[float, float] = (1.0, 0.5)
    target: float = 1.0
    lr: Annotated[float, msgspec.Meta(gt=0)] = 0.1
    n_steps: specs.Count = 15
    seed: specs.Seed = 800  # with it every printed equation holds to its last digit


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=5),
    label="the four steps of training, with and without cleared gradients",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return both trainings, which start from the same weights."""
    layers = {"names": ["1", "2"], "n_examples": 1, "gradients": False}
    return {
        name: specs.Train(
            data=specs.Data(
                name="single",
                settings={"inputs": list(settings.inputs), "target": settings.target},
            ),
            model=specs.Model(name="biasless", settings={"widths": [2, 2, 1], "decimals": 2}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            loss="mse",
            steps=settings.n_steps,
            seed=settings.seed,
            zero_grad=clear,
            record=(
                *specs.record("scalars", parameters=1, gradients=1),
                specs.Probe(name="layers", every=1, settings=layers),
            ),
            dtype="float64",
        )
        for name, clear in CLEARED.items()
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put both side by side, with every number of every step.

    All by (run, step), ``run`` being "cleared" and "kept" gradients; step k belongs to the weights
    before the update of step k, and the last step has no update. ``weight_1`` (…, unit, feature),
    ``weight_2`` (…, unit); ``hidden`` (…, unit) after tanh; ``output``; ``loss``, (ŷ − y)²;
    ``gradient_1``, ``gradient_2``: what the backward pass of this step finds; ``used_1``,
    ``used_2``: what the optimizer then steps along.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    walks = [runs[name].data for name in CLEARED]

    def both(name: str) -> np.ndarray:
        return np.stack([walk[name].values for walk in walks])

    by_step = ("run", "step")
    first, second = (*by_step, "unit", "feature"), (*by_step, "unit")
    # Of each vector of six numbers, four belong to the first layer and two to the second.
    into = {"params": "weight", "gradient": "gradient", "applied": "used"}
    words = {"params": "weights", "gradient": "gradient found", "applied": "gradient used"}
    found = {}
    for name, short in into.items():
        flat = both(name)  # (run, step, 6)
        where = (" into the hidden units", " into the output")
        if name != "params":
            where = (", first layer", ", second layer")
        found[f"{short}_1"] = variable(
            first, flat[..., :4].reshape(*flat.shape[:2], 2, 2), words[name] + where[0]
        )
        found[f"{short}_2"] = variable(second, flat[..., 4:], words[name] + where[1])
    losses = both("loss")
    return xr.Dataset(
        {
            "input": variable("feature", settings.inputs, "input"),
            "weight_1": found["weight_1"],
            "weight_2": found["weight_2"],
            "hidden": variable(second, both("output_1")[:, :, 0], "activation of the hidden units"),
            "output": variable(by_step, both("output_2")[:, :, 0, 0], "output"),
            "loss": variable(by_step, losses, "squared error"),
            "gradient_1": found["gradient_1"],
            "gradient_2": found["gradient_2"],
            "used_1": found["used_1"],
            "used_2": found["used_2"],
        },
        coords={"run": list(CLEARED), "step": np.arange(settings.n_steps + 1)},
        attrs={
            "target": settings.target,
            "lr": settings.lr,
            "n_steps": settings.n_steps,
            "n_params": 6,
            "activation": "tanh",
            "first_loss": float(losses[0, 0]),
            "last_loss_cleared": float(losses[0, -1]),
            "last_loss_kept": float(losses[1, -1]),
            "lowest_loss_kept": float(losses[1].min()),
            "lowest_step_kept": int(losses[1].argmin()),
        },
    )
