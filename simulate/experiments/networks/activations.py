"""Activation functions with their derivatives, and a ReLU unit that dies while it trains.

All derivatives are autograd's. At a kink there is none, and autograd takes one from the left or
the right: its choice is recorded. The step function has a derivative of zero nearly everywhere,
which teaches nothing; autograd gives none for it, and none is recorded (NaN).

Source 004 applies ReLU's derivative twice and calls ReLU strictly increasing and not continuous:
it is continuous, and flat below zero, which is why a unit can die.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.errors import RunError
from simulate.experiments import _base as base

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    import xarray as xr

FUNCTIONS = ("step", "relu", "leaky_relu", "sigmoid", "tanh")
UNITS = ("relu", "leaky_relu")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The curves, and the training of the two units.

    Attributes
    ----------
    reach : float
        Curves are recorded from −reach to reach.
    n_points : int
        Of each curve; an odd number, so that 0 is one of them.
    logits : tuple of float
        Where the softmax and its Jacobian are taken.
    n_train : int
        Examples that the two networks learn.
    steps : int
        Of gradient descent on all of them.
    lr : float
        Its learning rate: large enough for the first steps to overshoot.
    seed : int
        Of the initial weights, the same for both.
    """

    reach: float = 4.0
    n_points: int = 401
    logits: tuple[float, ...] = (2.0, 1.0, 0.0)
    n_train: int = 40
    steps: int = 160
    lr: float = 0.2
    seed: int = 16


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_points=41),
    label="activation functions, and a unit that dies",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of one hidden unit, as ReLU and as leaky ReLU, from the same start."""
    return {
        name: specs.Train(
            data=specs.Data(name="hinge", n_train=settings.n_train),
            model=specs.Model(name="mlp", settings={"widths": [1, 1, 1], "activation": name}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            loss="mse",
            steps=settings.steps,
            seed=settings.seed,
            dtype="float64",
            record=specs.record("scalars", parameters=1),
        )
        for name in UNITS
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Record the curves, and what each step of the training made of the unit.

    Curves: ``z`` (x), ``value`` and ``derivative`` (run_function, x); ``logit``, ``softmax``
    (class), ``jacobian`` (class, class_in). Training: ``x_train``, ``y_train`` (example),
    ``loss``, ``unit_gradient`` (run, step), the norm of the gradient of the unit's weight and bias;
    ``sum`` and ``activation`` (run, step, example), the unit's; ``fit_x`` (x_fit), ``fit`` (run,
    step, x_fit), the network's output.

    Raises
    ------
    RunError
        If the ReLU unit doesn't die, or the leaky one doesn't recover.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    z = torch.linspace(-settings.reach, settings.reach, settings.n_points, dtype=torch.float64)
    z[settings.n_points // 2] = 0  # exactly, for the kinks
    both = [_with_derivative(_functions()[name], z) for name in FUNCTIONS]
    logits = torch.tensor(settings.logits, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda v: v.softmax(0), logits)

    data = runs[next(iter(UNITS))].dataset
    x, y = (torch.from_numpy(part).double() for part in (data.x_train, data.y_train))
    grid = torch.linspace(-2, 2, 41, dtype=torch.float64)[:, None]
    found = [_walked(runs[name], x, y, grid) for name in UNITS]
    sums, activations, fits, gradients = (np.stack(part) for part in zip(*found, strict=True))
    alive = np.asarray((sums > 0).any(2))  # (run, step)
    dead, leaky = (~alive[i] for i in (0, 1))
    if not (dead[-1] and alive[0, 0]):
        raise RunError(f"the ReLU unit does not die with seed {settings.seed}; take another")
    if not (leaky.any() and alive[1, -1]):
        raise RunError(
            f"the leaky unit does not fall silent and recover in {settings.steps} steps with seed "
            f"{settings.seed}; take more steps, or another seed"
        )
    by_function, walked = ("run_function", "x"), ("run", "step")
    loss = np.stack([runs[name].data.loss.values for name in UNITS])
    curves = dict(zip(FUNCTIONS, both, strict=True))
    return xr.Dataset(
        {
            "z": variable("x", z, "weighted sum"),
            "value": variable(by_function, np.stack([v for v, _ in both]), "activation"),
            "derivative": variable(by_function, np.stack([d for _, d in both]), "derivative"),
            "logit": variable("class", logits, "logit"),
            "softmax": variable("class", logits.softmax(0), "probability"),
            "jacobian": variable(("class", "class_in"), jacobian, "∂ probability / ∂ logit"),
            "x_train": variable("example", x[:, 0], "x"),
            "y_train": variable("example", y[:, 0], "y"),
            "loss": variable(walked, loss, "mean squared error"),
            "unit_gradient": variable(walked, gradients, "gradient of the unit's w and b, norm"),
            "sum": variable((*walked, "example"), sums, "weighted sum of the hidden unit"),
            "activation": variable((*walked, "example"), activations, "activation of the unit"),
            "fit_x": variable("x_fit", grid[:, 0], "x"),
            "fit": variable((*walked, "x_fit"), fits, "output of the network"),
        },
        coords={
            "run": list(UNITS),
            "run_function": list(FUNCTIONS),
            "step": np.arange(settings.steps + 1),
        },
        attrs={
            **{key: runs["relu"].data.attrs[key] for key in ("n_train", "lr", "seed", "n_steps")},
            "died": _since(dead),
            "silent": int(np.argmax(leaky)),
            "recovered": _since(alive[1]),
            "relu_loss": float(loss[0, -1]),
            "leaky_loss": float(loss[1, -1]),
            "leak": float(curves["leaky_relu"][1][0]),
            "relu_kink": float(curves["relu"][1][settings.n_points // 2]),
            "leaky_kink": float(curves["leaky_relu"][1][settings.n_points // 2]),
            "sigmoid_steepest": float(curves["sigmoid"][1].max()),
            "softmax_at": ", ".join(f"{logit:g}" for logit in settings.logits),
        },
    )


def _functions() -> dict[str, Callable[[torch.Tensor], torch.Tensor]]:
    from torch.nn import functional

    return {
        "step": lambda z: (z >= 0).to(z.dtype),
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "sigmoid": lambda z: z.sigmoid(),
        "tanh": lambda z: z.tanh(),
    }


def _with_derivative(
    function: Callable[[torch.Tensor], torch.Tensor], z: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return values and autograd's derivatives; shapes as z.

    Through a step no gradient goes: it is level, with a slope of zero, but for its jump, where it
    has none (NaN).
    """
    import torch

    at = z.clone().requires_grad_()
    value = function(at)
    if not value.requires_grad:
        jumps = value.diff() != 0
        edge = torch.zeros(1, dtype=torch.bool)
        beside = torch.cat([edge, jumps]) | torch.cat([jumps, edge])
        return value, torch.where(beside, torch.nan, 0.0).to(z.dtype)
    (slope,) = torch.autograd.grad(value.sum(), at)
    return value.detach(), slope


def _walked(
    run: base.Run,
    x: torch.Tensor,
    y: torch.Tensor,
    grid: torch.Tensor,
) -> tuple:
    """Return sums and activations (step, example), fits (step, x), gradients' norms (step)."""
    import numpy as np
    import torch

    sums, activations, fits, gradients = [], [], [], []
    for model in run.models():
        unit, activation, output = (
            model.children()
        )  # Linear of one unit, its activation, Linear of the output
        z = unit(x)
        a = activation(z)
        loss = torch.nn.functional.mse_loss(output(a), y)
        slopes = torch.autograd.grad(loss, list(unit.parameters()))
        with torch.no_grad():
            fits.append(model(grid)[:, 0].numpy())
        sums.append(z.detach()[:, 0].numpy())
        activations.append(a.detach()[:, 0].numpy())
        gradients.append(torch.cat([slope.flatten() for slope in slopes]).norm().item())
    return np.stack(sums), np.stack(activations), np.stack(fits), np.array(gradients)


def _since(true: object) -> int:
    """Return the first step from which on all steps are true; the last one is."""
    import numpy as np

    false = np.flatnonzero(~np.asarray(true))
    return int(false[-1]) + 1 if len(false) else 0
