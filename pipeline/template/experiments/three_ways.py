"""Three optimizers go down the bent valley from one start."""

from __future__ import annotations

from simulate import specs
from simulate.experiments import _base as base


class Settings(base.Settings, frozen=True, kw_only=True):
    """What `teachnet render three_ways --set n_steps=200 --as longer` may change."""

    optimizers: tuple[str, ...] = ("sgd", "adam", "signum")
    n_steps: specs.Count = 100
    n_grid: specs.Count = 81


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=8, n_grid=9),
    label="three optimizers in the bent valley",
)


def runs(settings):
    """Return a run for each optimizer, at the learning rate of its row."""
    return {
        name: specs.Descend(
            surface="bent_valley",
            optimizer=specs.Optimizer(name=name),
            steps=settings.n_steps,
        )
        for name in settings.optimizers
    }


def record(runs, settings):
    """Return the paths over a grid of the loss."""
    import numpy as np
    import torch
    import xarray as xr

    from simulate import registry
    from simulate.recording import variable
    from simulate.surfaces import _base as surfaces

    row = registry.load("surfaces", "bent_valley")
    x, y = (np.linspace(*ends, settings.n_grid) for ends in row.domain)
    points = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
    grid = surfaces.function("bent_valley")(points).numpy()
    theta = np.stack([run.data.theta.values for run in runs.values()])
    losses = np.stack([run.data.loss.values for run in runs.values()])
    return xr.Dataset(
        {
            "theta": variable(("run", "step", "param"), theta, "parameters"),
            "path_loss": variable(("run", "step"), losses, "loss"),
            "loss": variable(("y", "x"), grid, "loss"),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", y, "second parameter"),
        },
        coords={"run": list(runs), "step": np.arange(settings.n_steps + 1)},
        attrs={"n_steps": settings.n_steps, "n_runs": len(runs), "surface": row.label.lower()},
    )
