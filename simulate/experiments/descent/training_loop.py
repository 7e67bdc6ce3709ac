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
    """Return nothing: six weights and a few rounds are recorded where they are trained."""
    return {}


def record(runs: dict[str, xr.Dataset], settings: Settings) -> xr.Dataset:
    """Train twice from the same weights and keep every number.

    All by (run, step), ``run`` being "cleared" and "kept" gradients; step k belongs to the weights
    before the update of step k, and the last step has no update. ``weight_1`` (…, unit, feature),
    ``weight_2`` (…, unit); ``hidden`` (…, unit) after tanh; ``output``; ``loss``, (ŷ − y)²;
    ``gradient_1``, ``gradient_2``: what the backward pass of this step finds; ``used_1``,
    ``used_2``: what the optimizer then steps along.

    Raises
    ------
    RunError
        If a loss stops being finite.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    walks = [_train(settings, clear=clear) for clear in CLEARED.values()]
    found = {name: np.stack([walk[name] for walk in walks]) for name in walks[0]}
    by_step = ("run", "step")
    first, second = (*by_step, "unit", "feature"), (*by_step, "unit")
    losses = found["loss"]
    return xr.Dataset(
        {
            "input": variable("feature", settings.inputs, "input"),
            "weight_1": variable(first, found["weight_1"], "weights into the hidden units"),
            "weight_2": variable(second, found["weight_2"], "weights into the output"),
            "hidden": variable(second, found["hidden"], "activation of the hidden units"),
            "output": variable(by_step, found["output"], "output"),
            "loss": variable(by_step, losses, "squared error"),
            "gradient_1": variable(first, found["gradient_1"], "gradient found, first layer"),
            "gradient_2": variable(second, found["gradient_2"], "gradient found, second layer"),
            "used_1": variable(first, found["used_1"], "gradient used, first layer"),
            "used_2": variable(second, found["used_2"], "gradient used, second layer"),
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


def _train(settings: Settings, *, clear: bool) -> dict[str, list]:
    """Do the four steps again and again; return every number by name, a list over steps."""
    import math

    import torch

    from simulate.errors import RunError
    from simulate.training import device

    first = torch.nn.Linear(2, 2, bias=False, dtype=torch.float64)
    second = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
    source = device.generator(settings.seed)
    with torch.no_grad():
        for layer in (first, second):
            layer.weight.uniform_(-1, 1, generator=source)
            layer.weight.copy_((layer.weight * 100).round() / 100)  # as they are printed
    params = [first.weight, second.weight]
    optimizer = torch.optim.SGD(params, lr=settings.lr)
    x = torch.tensor(settings.inputs, dtype=torch.float64)
    found: dict[str, list] = {}

    def keep(**values: torch.Tensor) -> None:
        for name, value in values.items():
            found.setdefault(name, []).append(value.detach().numpy().copy())

    for step in range(settings.n_steps + 1):
        if clear:
            optimizer.zero_grad()
        hidden = torch.tanh(first(x))
        output = second(hidden)[0]
        loss = (output - settings.target) ** 2
        if not math.isfinite(loss.item()):
            raise RunError(
                f"the loss is {loss.item()} at step {step}, learning rate {settings.lr:g}; "
                "try a smaller one"
            )
        keep(weight_1=first.weight, weight_2=second.weight[0])
        keep(hidden=hidden, output=output, loss=loss)
        # The backward pass adds its gradients to .grad; here they are by themselves.
        fresh = torch.autograd.grad(loss, params, retain_graph=True)
        keep(gradient_1=fresh[0], gradient_2=fresh[1][0])
        loss.backward()
        used = [param.grad for param in params]
        assert used[0] is not None
        assert used[1] is not None
        keep(used_1=used[0], used_2=used[1][0])
        if step < settings.n_steps:
            optimizer.step()
    return found
