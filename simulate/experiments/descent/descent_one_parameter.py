"""Gradient descent in one parameter, from both sides of a hilltop: slope, step, and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The loss, the two starts and the rate.

    Attributes
    ----------
    surface : str
        A surface of one parameter.
    first, second : float
        θ at step 0 of the two runs.
    lr : float
        η.
    n_steps : int
        Steps of both runs.
    low, high : float
        The curve is recorded between them.
    n_points : int
        Of the curve.
    """

    surface: str = "two_hollows"
    first: float = -0.2
    second: float = -0.8
    lr: float = 0.07
    n_steps: int = 14
    low: float = -2.75
    high: float = 2.75
    n_points: int = 241


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=9, n_points=41),
    label="one parameter goes downhill, from two starts",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run for each start."""
    return {
        name: specs.Descend(
            surface=settings.surface,
            start=(getattr(settings, name),),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            steps=settings.n_steps,
        )
        for name in ("first", "second")
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put both runs over the curve.

    ``theta``, ``loss``, ``slope`` (run, step), ``move`` (run, step): what the step that begins
    there adds to θ, −η J′; ``curve_x`` and ``curve`` (x). Attributes: ``lr``, ``n_steps``, and of
    each run its start, the slope there, its end and the loss there; ``apart``: whether they end in
    two places.

    Raises
    ------
    RunError
        If a run leaves the curve: its step is too long for the slopes that it meets.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import RunError
    from simulate.recording import variable

    both = xr.concat([run.data for run in runs.values()], "run", combine_attrs="drop")
    theta, slope = both.theta.isel(param=0), both.gradient.isel(param=0)
    inside = ((theta >= settings.low) & (theta <= settings.high)).all("run").values
    if not inside.all():
        raise RunError(
            f"θ leaves [{settings.low:g}, {settings.high:g}] at step {int(np.argmin(inside))} "
            f"with lr {settings.lr:g}; try a smaller one"
        )
    x = np.linspace(settings.low, settings.high, settings.n_points)
    curve = base.surface(settings.surface)(torch.from_numpy(x)[:, None]).numpy()
    walked = ("run", "step")
    ends = {
        f"{name}_{what}": float(values.isel(run=i, step=-1))
        for i, name in enumerate(runs)
        for what, values in (("end", theta), ("end_loss", both.loss))
    }
    ends |= {f"{name}_slope": float(slope.isel(run=i, step=0)) for i, name in enumerate(runs)}
    # They part where they end farther from each other than either still moves.
    still = float(np.abs(both.theta.isel(step=-1) - both.theta.isel(step=-2)).max())
    ends["apart"] = int(abs(ends["first_end"] - ends["second_end"]) > max(0.1, 3 * still))
    return xr.Dataset(
        {
            "theta": variable(walked, theta, "parameter"),
            "loss": variable(walked, both.loss, "loss"),
            "slope": variable(walked, slope, "slope of the loss"),
            "move": variable(walked, -settings.lr * slope, "step, −η times the slope"),
            "curve_x": variable("x", x, "parameter"),
            "curve": variable("x", curve, "loss"),
        },
        coords={"run": list(runs), "step": both.step},
        attrs={
            "lr": settings.lr,
            "n_steps": settings.n_steps,
            "first_start": settings.first,
            "second_start": settings.second,
            **ends,
        },
    )
