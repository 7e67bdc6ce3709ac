"""What momentum makes of a constant gradient, in the classical form and in the averaging one.

The classical form v ← μ v + g adds up 1 + μ + μ² + …, so its step grows from η g to η g/(1 − μ).
The averaging form v ← μ v + (1 − μ) g is the same but for that factor, and grows to η g. torch's
``dampening`` gives the averaging form, but starts v at the first gradient in place of 0, so that
its steps are η g from the first on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import xarray as xr


Momentum = Annotated[float, msgspec.Meta(gt=0, lt=1)]


class Settings(base.Settings, frozen=True, kw_only=True):
    """The momenta and the gradient.

    Attributes
    ----------
    low, high : float
        μ of the two pairs of runs.
    lr, slope : float
        η and the constant gradient.
    near : float
        From what share of its limit on a step counts as grown.
    n_steps : int
        Steps of all runs.
    """

    low: Momentum = 0.9
    high: Momentum = 0.99
    lr: float = 0.01
    slope: float = 1.0
    near: float = 0.01
    n_steps: int = 1000


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(low=0.5, high=0.8, n_steps=40),
    label="momentum under a constant gradient",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return both forms at both momenta."""
    found: dict[str, specs.Run] = {}
    for name in ("low", "high"):
        momentum = getattr(settings, name)
        for form, dampening in (("classical", 0.0), ("averaging", momentum)):
            given = {"lr": settings.lr, "momentum": momentum, "dampening": dampening}
            found[f"{form} {name}"] = point.along(
                [[settings.slope]], [0.0], "momentum", given, settings.n_steps
            )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Measure each step, in units of η g.

    ``classical`` and ``averaging`` (run, step): the length of the step that leads to that step's θ,
    of the latter with torch's own start; ``from_zero`` (run, step): (1 − μ) v of the classical run,
    what the averaging form is when it starts at 0. ``momentum``, ``limit`` and ``within`` (run):
    μ, 1/(1 − μ), and the first step from which on the classical one is within `near` of it.

    Raises
    ------
    RunError
        If the runs are too short for that.
    """
    import numpy as np
    import xarray as xr

    from simulate.errors import RunError
    from simulate.recording import variable

    names = ["low", "high"]
    momentum = np.array([getattr(settings, name) for name in names])
    limit = 1 / (1 - momentum)

    def lengths(form: str) -> np.ndarray:
        params = [runs[f"{form} {name}"].data.params.values[:, 0] for name in names]
        return -np.diff(params) / (settings.lr * settings.slope)

    classical = lengths("classical")
    grown = classical > limit[:, None] * (1 - settings.near)
    if not grown[:, -1].all():
        raise RunError(
            f"after {settings.n_steps} steps at momentum {momentum[~grown[:, -1]][0]:g}, the step "
            f"is not within {settings.near:g} of its limit; take more n_steps"
        )
    within = grown.argmax(1) + 1
    state = [runs[f"classical {name}"].data.state_momentum_buffer.values[1:, 0] for name in names]
    at = ("run", "step")
    said = "length of the step, in units of η times the gradient"
    return xr.Dataset(
        {
            "classical": variable(at, classical, said),
            "averaging": variable(at, lengths("averaging"), said),
            "from_zero": variable(
                at, (1 - momentum)[:, None] * np.array(state) / settings.slope, said
            ),
            "momentum": variable("run", momentum, "momentum"),
            "limit": variable("run", limit, "limit of the step's length"),
            "within": variable("run", within, "step from which on it is near its limit"),
        },
        coords={"run": names, "step": np.arange(1, settings.n_steps + 1)},
        attrs={
            "lr": settings.lr,
            "near": settings.near,
            "n_steps": settings.n_steps,
            **{
                f"{name}_{what}": float(values[i])
                for i, name in enumerate(names)
                for what, values in (("momentum", momentum), ("limit", limit))
            },
            **{f"{name}_within": int(within[i]) for i, name in enumerate(names)},
        },
    )
