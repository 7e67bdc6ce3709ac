"""Every optimizer from one start on each analytic surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The surfaces, and how far.

    Attributes
    ----------
    surfaces : tuple of str
        Which; empty takes all that have two parameters.
    n_steps : int
        Steps of every run.
    n_grid : int
        Points along each side of a surface's grid.
    near : float
        How close to a minimum counts as settled there, as a share of the box's diagonal.
    """

    surfaces: tuple[str, ...] = ()
    n_steps: int = 1000
    n_grid: int = 161
    near: float = 0.01


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(surfaces=("ravine", "saddle"), n_steps=20, n_grid=11),
    label="every optimizer on every surface",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run for each surface and optimizer.

    An optimizer runs at its own default rate, unless the surface's row states one for it.
    """
    rows = registry.rows("surfaces")
    return {
        f"{surface} {optimizer}": specs.Descend(
            surface=surface,
            optimizer=specs.Optimizer(name=optimizer, settings=_rate(rows[surface], optimizer)),
            steps=settings.n_steps,
        )
        for surface in _surfaces(settings)
        for optimizer, row in registry.rows("optimizers").items()
        if "surfaces" not in row.fields.get("unfit", {})
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the paths together, each up to where it leaves its surface's box.

    ``theta`` (surface, run, step, param) and ``loss_path`` (surface, run, step), NaN after the step
    that lies outside; ``left_box`` (surface, run): that step, −1 where there is none; ``arrived``:
    the step from which the path stays near one global minimum, −1 where there is none; ``lr``
    (surface, run). The grids: ``loss`` (surface, y, x) over ``grid_x`` and ``grid_y``.
    Attributes: ``n_steps``, ``n_optimizers``, ``n_surfaces``, of which ``n_open`` have no minimum,
    ``near``,
    ``n_paths``, of which ``n_settled`` and ``n_left`` the box.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    names = _surfaces(settings)
    optimizers = list(dict.fromkeys(label.split()[1] for label in runs))
    shape = (len(names), len(optimizers))
    theta = np.full((*shape, settings.n_steps + 1, 2), np.nan)
    loss = np.full(theta.shape[:-1], np.nan)
    lr = np.empty(shape)
    left, arrived = np.full(shape, -1), np.full(shape, -1)
    grid_x, grid_y, grid = [], [], []
    for i, name in enumerate(names):
        row = registry.load("surfaces", name)
        low, high = np.transpose(row.domain)
        near = settings.near * float(np.linalg.norm(high - low))
        for j, optimizer in enumerate(optimizers):
            run = runs[f"{name} {optimizer}"].data
            path = run.theta.values
            # NaN is not inside either
            outside = np.flatnonzero(~((path >= low) & (path <= high)).all(1))
            n_kept = len(path)
            if len(outside):
                left[i, j] = outside[0]
                n_kept = outside[0] + 1
            theta[i, j, :n_kept] = path[:n_kept]
            loss[i, j, :n_kept] = run.loss.values[:n_kept]
            lr[i, j] = run.attrs["lr"]
            if row.minima:
                away = np.linalg.norm(path[:n_kept, None] - np.array(row.minima), axis=2)
                # To pass a minimum at speed is not to arrive: the path has to stay.
                far = np.flatnonzero(~(away[:, away[-1].argmin()] < near))
                settled = far[-1] + 1 if len(far) else 0
                arrived[i, j] = settled if settled < n_kept else -1
        x, y = np.linspace(low, high, settings.n_grid).T
        points = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
        grid_x.append(x)
        grid_y.append(y)
        grid.append(base.surface(name)(points).numpy())

    each = ("surface", "run")
    return xr.Dataset(
        {
            "theta": variable((*each, "step", "param"), theta, "parameters"),
            "loss_path": variable((*each, "step"), loss, "loss"),
            "lr": variable(each, lr, "learning rate"),
            "left_box": variable(each, left, "step at which the path left the box"),
            "arrived": variable(each, arrived, "step from which it stays near a global minimum"),
            "loss": variable(("surface", "y", "x"), np.stack(grid), "loss"),
            "grid_x": variable(("surface", "x"), np.stack(grid_x), "first parameter"),
            "grid_y": variable(("surface", "y"), np.stack(grid_y), "second parameter"),
        },
        coords={
            "surface": names,
            "run": optimizers,
            "step": np.arange(settings.n_steps + 1),
        },
        attrs={
            "n_steps": settings.n_steps,
            "n_optimizers": len(optimizers),
            "n_surfaces": len(names),
            "near": settings.near,
            "n_paths": int(left.size),
            "n_settled": int((arrived >= 0).sum()),
            "n_left": int((left >= 0).sum()),
            "n_open": sum(not registry.rows("surfaces")[name].minima for name in names),
        },
    )


def _surfaces(settings: Settings) -> list[str]:
    rows = registry.rows("surfaces")
    return list(settings.surfaces) or [n for n, row in rows.items() if len(row.domain) == 2]


def _rate(surface: registry.Row, optimizer: str) -> dict[str, float]:
    rates = surface.fields.get("rates", {})
    return {"lr": rates[optimizer]} if optimizer in rates else {}
