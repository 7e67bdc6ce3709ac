"""The rate of each parameter under Adagrad and RMSProp, from their own state.

Both divide the gradient by the root of its own squares: Adagrad by the sum of all so far, so that a
parameter's rate η/(√G + ε) can only fall, RMSProp by a fading average, so that it rises again where
gradients have become small. It is the size of gradients that counts, not how fast they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import xarray as xr

RUNS = ("adagrad", "rmsprop")
STATE = {"adagrad": "state_sum", "rmsprop": "state_square_avg"}


class Settings(base.Settings, frozen=True, kw_only=True):
    """The surface, the two optimizers, and the rates that are tried.

    Attributes
    ----------
    surface : str
        A surface of two parameters.
    adagrad_lr, rmsprop_lr : float
        η of either run.
    alpha : float
        RMSProp's own, what stays of its average each step.
    n_steps : int
        Steps of all runs.
    tried : tuple of float
        The smallest and the largest η that are tried.
    n_tried : int
        How many, in even ratios.
    good : float
        What share of the first loss counts as learnt.
    n_grid : int
        Points along each side of the map.
    """

    surface: str = "beale"
    adagrad_lr: float = 0.5
    rmsprop_lr: float = 0.02
    alpha: float = 0.9
    n_steps: int = 200
    tried: tuple[float, float] = (1e-4, 10.0)
    n_tried: int = 41
    good: float = 0.01
    n_grid: int = 121


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=40, n_tried=7, n_grid=25),
    label="a rate for each parameter",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return both runs, from the surface's own start."""
    from simulate import registry

    start = registry.rows("surfaces")[settings.surface].start
    given = {
        "adagrad": {"lr": settings.adagrad_lr},
        "rmsprop": {"lr": settings.rmsprop_lr, "alpha": settings.alpha},
    }
    return {
        name: point.on_surface(settings.surface, start, name, given[name], settings.n_steps)
        for name in RUNS
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Follow the rates, and see at which η each optimizer learns.

    ``theta`` (run, step_place, param) and ``loss`` (run, step_place), from the start on; ``rate``
    (run, step, param), η/(√S + ε) with which step 1, 2, … was made, along ``gradient`` (run, step,
    param). ``lr_tried`` (x_tried) and
    ``end_loss`` (run_tried, x_tried), of plain descent as well; ``learnt`` (run_tried), at how many
    of them the loss fell below `good` of the first. ``height`` (y, x) over ``grid_x`` and
    ``grid_y``. Attributes: whether Adagrad's rates ``fall`` at every step, whether RMSProp's
    ``recover``, at least doubling from their lowest, ``risen``, by what the one that does so least.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate import registry
    from simulate.recording import variable
    from simulate.training import racing

    lrs = {"adagrad": settings.adagrad_lr, "rmsprop": settings.rmsprop_lr}
    rates = []
    for name in RUNS:
        eps = registry.load("optimizers", name).defaults["eps"]
        squares = runs[name].data[STATE[name]].values[1:]
        rates.append(lrs[name] / (np.sqrt(squares) + eps))
    rate = np.stack(rates)  # (run, step, param)
    risen = float((rate[1, -1] / rate[1].min(0)).min())

    row = registry.load("surfaces", settings.surface)
    tried = np.geomspace(*settings.tried, settings.n_tried)
    racers = ("sgd", *RUNS)
    lanes = [
        specs.Descend(
            surface=settings.surface,
            optimizer=specs.Optimizer(
                name=name,
                settings={"lr": float(lr)}
                | ({"alpha": settings.alpha} if name == "rmsprop" else {}),
            ),
            steps=settings.n_steps,
        )
        for name in racers
        for lr in tried
    ]
    ends = np.array([lane.loss.values[-1] for lane in racing.race(lanes)])
    ends = ends.reshape(len(racers), -1)
    theta = np.stack([runs[name].data.params.values for name in RUNS])
    loss = np.stack([runs[name].data.loss.values for name in RUNS])
    gradient = np.stack([runs[name].data.gradient.values[:-1] for name in RUNS])
    learnt = (ends < settings.good * loss[0, 0]).sum(1)
    (x0, x1), (y0, y1) = row.domain
    x, y = np.linspace(x0, x1, settings.n_grid), np.linspace(y0, y1, settings.n_grid)
    grid = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
    return xr.Dataset(
        {
            "theta": variable(("run", "step_place", "param"), theta, "parameters"),
            "loss": variable(("run", "step_place"), loss, "loss"),
            "rate": variable(("run", "step", "param"), rate, "rate of a parameter"),
            "gradient": variable(("run", "step", "param"), gradient, "gradient"),
            "lr_tried": variable("x_tried", tried, "learning rate η"),
            "end_loss": variable(("run_tried", "x_tried"), ends, "loss after the last step"),
            "learnt": variable("run_tried", learnt, "rates at which it learns"),
            "height": variable(("y", "x"), base.surface(settings.surface)(grid), "loss"),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", y, "second parameter"),
            "minimum": variable("param", np.array(row.minima[0]), "global minimum"),
        },
        coords={
            "run": list(RUNS),
            "run_tried": list(racers),
            "step": np.arange(1, settings.n_steps + 1),
            "step_place": np.arange(settings.n_steps + 1),
            "param": ["x", "y"],
        },
        attrs={
            "surface": row.label,
            "n_steps": settings.n_steps,
            "adagrad_lr": settings.adagrad_lr,
            "rmsprop_lr": settings.rmsprop_lr,
            "alpha": settings.alpha,
            "n_tried": settings.n_tried,
            "lowest_tried": settings.tried[0],
            "highest_tried": settings.tried[1],
            "good": settings.good,
            "fall": int((np.diff(rate[0], axis=0) <= 0).all()),
            "recover": int(risen >= 2),
            "risen": risen,
            **{f"{name}_learnt": int(count) for name, count in zip(racers, learnt, strict=True)},
            **{f"{name}_end": float(loss[i, -1]) for i, name in enumerate(RUNS)},
            "first_loss": float(loss[0, 0]),
        },
    )
