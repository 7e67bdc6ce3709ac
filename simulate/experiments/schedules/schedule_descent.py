"""A swarm of noisy descents under three courses of the rate: how wide it is follows the rate.

Every run steps on single examples drawn at random, so a run that has arrived goes on jumping about
the minimum, the farther the higher its rate. Three swarms start from one point and see the same
examples; only the course of the rate differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The neuron, its data, and the rates.

    Attributes
    ----------
    start : tuple of float
        The two weights at step 0.
    n_train : int
        Examples.
    noise : float
        Standard deviation of the targets about their plane.
    lr : float
        The highest rate of all three.
    n_steps : int
        Steps on one example each, at least 8.
    n_runs : int
        Runs in a swarm; seeds 0, 1, ….
    low : float
        Where the cycles turn, as a part of the highest rate.
    n_grid : int
        Points along each side of the map.
    """

    start: tuple[float, float] = (-1.6, 3.2)
    n_train: int = 300
    noise: float = 1.0
    lr: float = 0.35
    n_steps: Annotated[int, msgspec.Meta(ge=8)] = 200
    n_runs: int = 16
    low: float = 0.25
    n_grid: int = 61
    data_seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=32, n_runs=4, n_train=60, n_grid=15),
    label="noisy descents under three schedules",
)


LEVEL = 1.1  # swarms whose widths differ by less than this factor end alike


def _schedules(settings: Settings) -> dict[str, specs.Schedule]:
    return {
        "constant": specs.Schedule(name="constant"),
        "cyclical": specs.Schedule(name="triangular", settings={"low": settings.low}),
        "decayed": specs.Schedule(name="cosine"),
    }


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the swarms, run by run."""
    return {
        f"{name} {seed}": specs.Train(
            data=specs.Data(
                name="plane", n_train=settings.n_train, seed=settings.data_seed,
                settings={"noise": settings.noise},
            ),
            model=specs.Model(name="weights", settings={"start": list(settings.start)}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            loss="mse",
            schedule=schedule,
            batch_size=1,
            replacement=True,
            steps=settings.n_steps,
            seed=seed,
            record=specs.record("scalars", parameters=1),
            dtype="float64",
        )
        for name, schedule in _schedules(settings).items()
        for seed in range(settings.n_runs)
    }  # fmt: skip


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the swarms on the map of the loss.

    ``theta`` (run, run_seed, step, param); ``lr`` (run, step); ``width`` (run, step), the root of
    the mean squared distance to the minimum; ``excess`` (run, step), the mean loss above the
    minimum; ``minimum`` (param), the least-squares solution; ``loss`` (y, x) over ``grid_x``,
    ``grid_y``. Attributes: ``width_of_…`` at the end of each, ``narrowest``, which swarm is that,
    or "none"; ``times``, how many times narrower than the constant rate's swarm the narrowest is;
    ``follows``, the correlation of the cyclical swarm's width with its rate after the first
    quarter, and whether it ``breathes``, above one half.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    names = list(_schedules(settings))
    examples = runs[f"{names[0]} 0"].dataset
    x, y = (part.astype(np.float64) for part in (examples.x_train, examples.y_train))
    minimum = np.linalg.lstsq(x, y[:, 0], rcond=None)[0]
    second = x.T @ x / len(x)
    lowest = float(np.mean((x @ minimum - y[:, 0]) ** 2))

    def excess(theta: np.ndarray) -> np.ndarray:
        away = theta - minimum
        return np.asarray(np.einsum("...i,ij,...j", away, second, away))

    theta = np.stack(
        [
            [runs[f"{name} {seed}"].data.params.values for seed in range(settings.n_runs)]
            for name in names
        ]
    )  # (run, run_seed, step, param)
    width = np.sqrt(((theta - minimum) ** 2).sum(3).mean(1))
    lr = np.stack([runs[f"{name} 0"].data.lr.values for name in names])
    reach = 1.08 * np.abs(theta - minimum).max()
    grid = np.stack([np.linspace(m - reach, m + reach, settings.n_grid) for m in minimum])
    late = slice(settings.n_steps // 4, None)
    cyclical = names.index("cyclical")
    varies = min(np.ptp(width[cyclical, late]), np.ptp(lr[cyclical, late])) > 0
    follows = np.corrcoef(width[cyclical, late], lr[cyclical, late])[0, 1] if varies else 0.0
    ends = dict(zip(names, width[:, -1].tolist(), strict=True))
    narrowest = min(ends, key=lambda name: ends[name])
    times = ends["constant"] / ends[narrowest]
    if narrowest != "constant" and times < LEVEL:
        narrowest = "none"
    elif round(ends[narrowest], 2) > 0:  # of the numbers as they are printed
        times = round(ends["constant"], 2) / round(ends[narrowest], 2)
    points = np.stack(np.meshgrid(*grid), axis=-1)
    return xr.Dataset(
        {
            "theta": variable(("run", "run_seed", "step", "param"), theta, "weights"),
            "lr": variable(("run", "step"), lr, "learning rate"),
            "width": variable(("run", "step"), width, "distance to the minimum, root mean square"),
            "excess": variable(("run", "step"), excess(theta).mean(1), "loss above the minimum"),
            "minimum": variable("param", minimum, "least-squares solution"),
            "grid_x": variable("x", grid[0], "first weight"),
            "grid_y": variable("y", grid[1], "second weight"),
            "loss": variable(("y", "x"), lowest + excess(points), "mean squared error"),
        },
        coords={"run": names, "step": np.arange(settings.n_steps + 1)},
        attrs={
            "lr": settings.lr,
            "low": settings.low,
            "n_steps": settings.n_steps,
            "n_runs": settings.n_runs,
            "n_train": settings.n_train,
            **{f"width_of_{name}": end for name, end in ends.items()},
            "narrowest": narrowest,
            "times": times,
            "follows": float(follows),
            "breathes": int(follows > 0.5),
        },
    )
