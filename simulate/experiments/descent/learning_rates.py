"""Four learning rates on one parabola: slow, good, oscillating, diverging.

On J(θ) = ½ λ θ² a step multiplies θ by 1 − ηλ. It keeps its sign below η = 1/λ, changes it at every
step above, and grows above 2/λ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


BEHAVIOURS = ("slow", "good", "oscillating", "diverging")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The parabola, the start, and the rates.

    Attributes
    ----------
    curvature : float
        λ.
    start : float
        θ at step 0.
    n_steps : int
        Steps of every run.
    slow, good, oscillating, diverging : float
        Learning rates of the four runs, in units of 1/λ.
    reach : float
        The curve is recorded from −reach to reach.
    n_points : int
        Of the curve.
    """

    curvature: float = 4.0
    start: float = -2.5
    n_steps: int = 20
    slow: float = 0.04
    good: float = 0.6
    oscillating: float = 1.8
    diverging: float = 2.16
    reach: float = 4.2
    n_points: int = 201


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=8, n_points=21),
    label="four learning rates on a parabola",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run for each rate."""
    return {
        name: specs.Descend(
            surface="quadratic",
            settings={"curvature": settings.curvature},
            start=(settings.start,),
            optimizer=specs.Optimizer(
                name="sgd", settings={"lr": getattr(settings, name) / settings.curvature}
            ),
            steps=settings.n_steps,
        )
        for name in BEHAVIOURS
    }


def record(runs: dict[str, xr.Dataset], settings: Settings) -> xr.Dataset:
    """Put the runs side by side, and the curve under them.

    ``theta``, ``loss``, ``gradient`` (run, step), ``lr`` (run), ``curve_x`` and ``curve`` (x); the
    run that diverges is recorded as it is. Attributes: ``curvature``, ``rate_alternates`` (1/λ),
    ``rate_diverges`` (2/λ), ``start``, ``n_steps``.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable
    from simulate.surfaces import _base as surfaces

    both = xr.concat(runs.values(), "run", combine_attrs="drop")
    x = np.linspace(-settings.reach, settings.reach, settings.n_points)
    curve = surfaces.function("quadratic", {"curvature": settings.curvature})
    walked = ("run", "step")
    return xr.Dataset(
        {
            "theta": variable(walked, both.theta.isel(param=0), "parameter"),
            "loss": variable(walked, both.loss, "loss"),
            "gradient": variable(walked, both.gradient.isel(param=0), "gradient"),
            "lr": variable("run", both.lr.isel(step=0), "learning rate"),
            "curve_x": variable("x", x, "parameter"),
            "curve": variable("x", curve(torch.from_numpy(x)[:, None]).numpy(), "loss"),
        },
        coords={"run": list(runs), "step": both.step},
        attrs={
            "curvature": settings.curvature,
            "rate_alternates": 1 / settings.curvature,
            "rate_diverges": 2 / settings.curvature,
            "start": settings.start,
            "n_steps": settings.n_steps,
        },
    )
