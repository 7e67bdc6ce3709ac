"""Nesterov's look-ahead, from torch's own state: where it is, and what its gradient corrects.

Momentum is about to move θ by −ημv. Nesterov takes the gradient there, at θ − ημv, with the η in it
(in the averaging form, whose v is (1 − β) times as long and whose η is 1/(1 − β) times as large, it
is the same point, θ − ηβv). torch keeps that look-ahead point as its parameters; θ itself is η μ v
away from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import xarray as xr

RUNS = ("momentum", "nesterov")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The valley, the two optimizers, and the step that is looked at.

    Attributes
    ----------
    surface : str
        A surface of two parameters.
    start : tuple of float
        θ at step 0.
    lr, momentum : float
        η and μ of both.
    shown : int
        The step that is taken apart; from 1 on there is a v.
    n_steps : int
        Steps of both runs.
    x, y : tuple of float
        Ranges of the map.
    n_grid : int
        Points along the map's longer side.
    """

    surface: str = "ravine"
    start: tuple[float, float] = (-3.5, 1.0)
    lr: float = 0.04
    momentum: float = 0.9
    shown: specs.Count = 1
    n_steps: int = 40
    x: tuple[float, float] = (-4.0, 2.6)
    y: tuple[float, float] = (-1.2, 1.2)
    n_grid: int = 181


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=8, n_grid=41),
    label="Nesterov's look-ahead beside plain momentum",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return both runs, from one start."""
    given = {"lr": settings.lr, "momentum": settings.momentum}
    return {
        name: point.on_surface(settings.surface, settings.start, name, given, settings.n_steps)
        for name in RUNS
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Take a step of Nesterov apart, beside the step of plain momentum from the same state.

    ``theta``, ``loss`` (run, step): the paths; Nesterov's is that of θ, not of the look-ahead
    points that torch keeps. Of the shown step, ``from_here`` (param), θ, and ``carried``, −ημv,
    which both optimizers have in common; over ``run``: ``looked_at`` (run, param), where the
    gradient is taken, ``pull``, −η times it, and ``landing``, where the step leads. ``height`` (y,
    x) over ``grid_x`` and ``grid_y``.

    Attributes: ``close_x``, ``close_y`` and ``close_reach``, middle and half a side of the square
    that holds the shown step; ``swing`` of either run, how far it gets across the valley's floor to
    the other side, whether Nesterov is ``calmer``, and whether the slope here ``pushes`` on and
    that there ``pulls`` back.

    Raises
    ------
    UserError
        If the runs are too short for the step that is shown.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import UserError
    from simulate.recording import variable

    k = settings.shown
    if k >= settings.n_steps:
        raise UserError(f"shown is {k}, but the runs have {settings.n_steps} steps")
    held = settings.lr * settings.momentum
    plain, ahead = (runs[name].data for name in RUNS)
    buffer = np.nan_to_num(ahead.state_momentum_buffer.values)  # none before the first step
    theta = np.stack([plain.params.values, ahead.params.values + held * buffer])
    here, carried = theta[1, k], -held * buffer[k]

    surface = base.surface(settings.surface)
    looked_at = np.stack([here, here + carried])
    places = torch.from_numpy(looked_at).requires_grad_()
    (slopes,) = torch.autograd.grad(surface(places).sum(), places)
    pull = -settings.lr * slopes.numpy()

    drawn = np.vstack([here, looked_at, looked_at[1] + pull])
    close = drawn.min(0) + np.ptp(drawn, axis=0) / 2
    side = np.sign(settings.start[1]) or 1.0
    swing = np.maximum(0, (-side * theta[:, :, 1]).max(1))
    x = np.linspace(*settings.x, settings.n_grid)
    wide = (settings.y[1] - settings.y[0]) / (settings.x[1] - settings.x[0])
    y = np.linspace(*settings.y, max(2, round(settings.n_grid * wide)))
    grid = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
    at = ("run", "param")
    return xr.Dataset(
        {
            "theta": variable(("run", "step", "param"), theta, "parameters"),
            "loss": variable(("run", "step"), surface(torch.from_numpy(theta)), "loss"),
            "from_here": variable("param", here, "parameters at the step shown"),
            "carried": variable("param", carried, "what momentum carries on, −ημv"),
            "looked_at": variable(at, looked_at, "where the gradient is taken"),
            "pull": variable(at, pull, "−η times the gradient there"),
            "landing": variable(at, looked_at[1] + pull, "parameters after the step"),
            "height": variable(("y", "x"), surface(grid), "loss"),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", y, "second parameter"),
        },
        coords={"run": list(RUNS), "step": np.arange(settings.n_steps + 1)},
        attrs={
            "lr": settings.lr,
            "momentum": settings.momentum,
            "without_lr": 1 / settings.lr,
            "number": k + 1,
            "n_steps": settings.n_steps,
            "close_x": float(close[0]),
            "close_y": float(close[1]),
            "close_reach": 0.62 * float(np.ptp(drawn, axis=0).max()),
            "momentum_swing": float(swing[0]),
            "nesterov_swing": float(swing[1]),
            "calmer": int(swing[1] < swing[0]),
            "pushes": int(pull[0] @ carried > 0),
            "pulls": int(pull[1] @ carried < 0),
        },
    )
