"""Gradient descent in two parameters: a path on a surface, and the same path on its map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The surface, the start and the rate.

    Attributes
    ----------
    surface : str
        A surface of two parameters.
    start : tuple of float
        θ at step 0.
    lr : float
        η.
    n_steps : int
        Steps of the run.
    x, y : tuple of float
        Ranges of the two parameters on the grid.
    n_grid : int
        Points along each side of the grid.
    """

    surface: str = "styblinski_tang"
    start: tuple[float, float] = (0.55, -0.8)
    lr: float = 0.025
    n_steps: int = 10
    x: tuple[float, float] = (-1.3, 3.9)
    y: tuple[float, float] = (-3.9, 1.3)
    n_grid: int = 97


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=7, n_grid=25),
    label="two parameters go downhill",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the run."""
    run = specs.Descend(
        surface=settings.surface,
        start=settings.start,
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        steps=settings.n_steps,
    )
    return {"descent": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the path over the surface.

    ``theta``, ``gradient``, ``move`` (step, param), the last what the step that begins there adds
    to θ, −η ∇J; ``path_loss`` (step); ``loss`` (y, x) over ``grid_x`` and ``grid_y``. Attributes:
    ``lr``, ``n_steps``, ``surface``, ``start_loss``, ``end_loss``; ``longest_move`` and
    ``last_move``, the lengths of the longest step and of the one that would come next.

    Raises
    ------
    RunError
        If the path leaves the grid: its steps are too long for the slopes that it meets.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate import registry
    from simulate.errors import RunError
    from simulate.recording import variable

    run = runs["descent"].data
    theta = run.theta.values
    low, high = np.transpose([settings.x, settings.y])
    inside = ((theta >= low) & (theta <= high)).all(1)
    if not inside.all():
        raise RunError(
            f"θ leaves the grid at step {int(np.argmin(inside))} with lr {settings.lr:g}; "
            "try a smaller one, or larger ranges x and y"
        )
    x, y = (np.linspace(*ends, settings.n_grid) for ends in (settings.x, settings.y))
    points = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
    at = ("step", "param")
    return xr.Dataset(
        {
            "theta": variable(at, theta, "parameters"),
            "gradient": variable(at, run.gradient, "gradient"),
            "move": variable(at, -settings.lr * run.gradient, "step, −η times the gradient"),
            "path_loss": variable("step", run.loss, "loss"),
            "loss": variable(("y", "x"), base.surface(settings.surface)(points), "loss"),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", y, "second parameter"),
        },
        coords={"step": run.step},
        attrs={
            "lr": settings.lr,
            "n_steps": settings.n_steps,
            "surface": registry.load("surfaces", settings.surface).label,
            "start_loss": float(run.loss[0]),
            "end_loss": float(run.loss[-1]),
            "last_move": float(np.linalg.norm(settings.lr * run.gradient[-1])),
            "longest_move": float(np.linalg.norm(settings.lr * run.gradient, axis=1).max()),
        },
    )
