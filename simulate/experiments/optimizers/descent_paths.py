"""A few optimizers on one surface, from one start: what `simulate.race` records of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The surface, the start, and who descends.

    Attributes
    ----------
    surface : str
        A surface of two parameters.
    start : tuple of float
        θ at step 0.
    optimizers : tuple of str
        Rows of ``simulate/optimizers``.
    rates : tuple of float
        η of each.
    n_steps : int
        Steps of all.
    """

    surface: str = "rosenbrock"
    start: tuple[float, float] = (-1.2, 1.0)
    optimizers: tuple[str, ...] = ("sgd", "momentum", "adam")
    rates: tuple[float, ...] = (0.001, 0.001, 0.05)
    n_steps: specs.Count = 200


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=40),
    label="a few optimizers on one surface",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a descent for each optimizer.

    Raises
    ------
    UserError
        If there are not as many rates as optimizers, or the surface is none of two parameters.
    """
    from simulate import registry
    from simulate.errors import UserError

    if len(registry.row("surfaces", settings.surface).domain) != 2:
        raise UserError(f"surface is {settings.surface!r}; take one of two parameters")
    if len(settings.optimizers) != len(settings.rates):
        raise UserError(
            f"rates has {len(settings.rates)} numbers for {len(settings.optimizers)} optimizers; "
            "give one each"
        )
    return {
        name: specs.Descend(
            surface=settings.surface,
            start=settings.start,
            optimizer=specs.Optimizer(name=name, settings={"lr": rate}),
            steps=settings.n_steps,
        )
        for name, rate in zip(settings.optimizers, settings.rates, strict=True)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the paths over the surface, as `simulate.race` does.

    ``theta`` (run, step, param), ``loss`` (run, step), ``lr`` (run), over ``run``, the optimizers'
    labels; ``height`` (y, x) over ``grid_x`` and ``grid_y``; ``minimum`` (param), that of the
    surface which is nearest to where the lowest run ends, if it has one. Attributes: ``n_steps``,
    ``n_runs``, ``surface``, ``lowest``, the label of the run that ends lowest, ``rates`` in words,
    ``starred``, 1 where there is a minimum, and ``ahead``, 1 where the lowest run also ends nearest
    to it, with ``left``, what share of the straight way from the start it has left then, and
    ``next_left``, that of the next, whose label is ``next``.
    """
    import numpy as np
    import xarray as xr

    from simulate import registry
    from simulate.recording import variable
    from simulate.training.racing import around

    theta = np.stack([run.data.theta for run in runs.values()])
    loss = np.stack([run.data.loss for run in runs.values()])
    labels = [registry.row("optimizers", name).label for name in runs]
    rates = [
        f"{rate:g} ({', '.join([label, *_momentum(name)])})"
        for name, rate, label in zip(runs, settings.rates, labels, strict=True)
    ]
    best = int(np.nan_to_num(loss[:, -1], nan=np.inf).argmin())
    places, losses, lowest, left = theta, loss, {}, np.ones(len(labels))
    if minima := registry.load("surfaces", settings.surface).minima:
        minimum = min(minima, key=lambda spot: np.linalg.norm(spot - theta[best, -1]))
        lowest["minimum"] = variable("param", np.array(minimum), "parameters")
        far = np.nan_to_num(np.linalg.norm(theta - np.array(minimum), axis=-1), nan=np.inf)
        left = far[:, -1] / far[0, 0]
        # the map reaches to the minimum too, as if one more were there all the time
        places = np.concatenate([theta, np.broadcast_to(minimum, (1, *theta.shape[1:]))])
        losses = np.concatenate([loss, np.full_like(loss[:1], -np.inf)])
    others = np.delete(left, best)
    ahead = bool(len(others)) and bool(left[best] < min(1.0, others.min()))
    return xr.Dataset(
        {
            "theta": variable(("run", "step", "param"), theta, "parameters"),
            "loss": variable(("run", "step"), loss, "loss"),
            "lr": variable("run", settings.rates, "learning rate"),
            **lowest,
            **around(base.surface(settings.surface), places, losses),
        },
        coords={
            "run": labels,
            "step": np.arange(settings.n_steps + 1),
        },
        attrs={
            "n_steps": settings.n_steps,
            "n_runs": len(labels),
            "surface": registry.load("surfaces", settings.surface).label,
            "lowest": labels[best],
            "rates": ", ".join(rates),
            "starred": int(bool(lowest)),
            "ahead": int(ahead),
            "left": float(left[best]),
            "next_left": float(others.min(initial=1.0)),
            "next": labels[int(np.argsort(left, kind="stable")[1])] if ahead else "",
        },
    )


def _momentum(name: str) -> list[str]:
    """Return an optimizer's usual momentum, if it has one."""
    from simulate import registry

    usual = registry.load("optimizers", name).defaults.get("momentum")
    # tied together, so that no line ends within it
    return [f"μ\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{usual:g}"] if usual else []
