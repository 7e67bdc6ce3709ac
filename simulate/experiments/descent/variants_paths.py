"""Batch, mini-batch and stochastic descent from one start over one loss of two weights.

The model has two weights and nothing else, so its loss on all examples is a surface that can be
drawn exactly, and the paths on it are the iterates themselves. (003 calls "batch" what is
mini-batch here.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

VARIANTS = ("batch", "mini_batch", "stochastic")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The data, the start, and what the three have in common.

    Attributes
    ----------
    columns : tuple of str
        Two measurements of the dataset ``diabetes``.
    n_train, n_test : int
        Examples.
    start : tuple of float
        Both weights at step 0.
    batch_size : int
        Of the mini-batches.
    lr : float
        η of all three.
    epochs : int
        Passes over the examples.
    margin : float
        How much wider than the paths the grid is, on each side, as a share of their extent.
    n_grid : int
        Points along each side of the grid.
    seed : int
        Of the choice of examples and their order.
    """

    columns: tuple[str, str] = ("bmi", "s5")
    n_train: int = 200
    n_test: int = 42
    start: tuple[float, float] = (-0.9, 0.1)
    batch_size: int = 20
    lr: float = 0.08
    epochs: int = 15
    margin: float = 0.12
    n_grid: int = 81
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=40, batch_size=8, epochs=4, n_grid=15),
    label="batch, mini-batch and stochastic paths over one loss",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run for each variant, alike but for the batches."""
    sizes = (None, settings.batch_size, 1)
    return {
        name: specs.Train(
            data=_data(settings),
            model=specs.Model(name="weights", settings={"start": list(settings.start)}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            loss="mse",
            batch_size=size,
            epochs=settings.epochs,
            seed=settings.seed,
            record=specs.record("scalars", parameters=1),
            dtype="float64",
        )
        for name, size in zip(VARIANTS, sizes, strict=True)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the three paths over the loss on all examples.

    For each variant: ``theta_NAME`` (step_NAME, param), ``loss_NAME`` (step_NAME) on all examples,
    ``examples_NAME`` (step_NAME): how many examples it has seen by then. ``loss`` (y, x) over
    ``grid_x`` and ``grid_y``; ``minimum`` (param), of the loss, by least squares; ``x`` (example,
    feature) and ``label`` (example). Attributes: ``minimum_loss``, ``start_loss``, steps and last
    loss of each variant, and settings.
    """
    import numpy as np
    import xarray as xr

    from simulate.measures import planes
    from simulate.recording import variable

    examples = next(iter(runs.values())).dataset
    x, y = examples.x_train.astype(float), examples.y_train[:, 0].astype(float)
    minimum = np.linalg.lstsq(x, y, rcond=None)[0]
    found: dict[str, xr.Variable] = {}
    attrs: dict[str, float] = {}
    extent = [minimum[None]]
    for name, done in runs.items():
        run = done.data
        theta = run.params.values
        along = f"step_{name}"
        epoch, number = np.divmod(np.arange(len(theta)), run.attrs["steps_per_epoch"])
        # an epoch's last batch is smaller where they don't divide evenly, and ends at a multiple
        seen = epoch * len(x) + number * run.attrs["batch_size"]
        losses = _loss(theta, x, y)
        found |= {
            f"theta_{name}": variable((along, "param"), theta, "weights"),
            f"loss_{name}": variable(along, losses, "mean squared error on all examples"),
            f"examples_{name}": variable(along, seen, "examples seen"),
        }
        attrs |= {f"{name}_steps": len(theta) - 1, f"{name}_loss": float(losses[-1])}
        extent.append(theta)
    points = np.concatenate(extent)
    side = [planes.around(points[:, i], settings.margin) for i in (0, 1)]
    # Both axes have one scale and the grid is square: a step's angle is then its real one.
    half = max(high - low for low, high in side) / 2
    grid = [
        np.linspace((low + high) / 2 - half, (low + high) / 2 + half, settings.n_grid)
        for low, high in side
    ]
    return xr.Dataset(
        {
            **found,
            "loss": variable(
                ("y", "x"),
                _loss(np.stack(np.meshgrid(*grid), axis=-1), x, y),
                "mean squared error on all examples",
            ),
            "grid_x": variable("x", grid[0], f"weight of {examples.columns[0]}"),
            "grid_y": variable("y", grid[1], f"weight of {examples.columns[1]}"),
            "minimum": variable("param", minimum, "weights of the smallest loss"),
            "x": variable(("example", "feature"), x, "inputs, standardised"),
            "label": variable("example", y, "target, standardised"),
        },
        attrs={
            "dataset": examples.label,
            "n_train": settings.n_train,
            "batch_size": settings.batch_size,
            "lr": settings.lr,
            "epochs": settings.epochs,
            "first_column": examples.columns[0],
            "second_column": examples.columns[1],
            "start_loss": float(found["loss_batch"][0]),
            "minimum_loss": float(_loss(minimum, x, y)),
            **attrs,
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="diabetes",
        n_train=settings.n_train,
        n_test=settings.n_test,
        seed=settings.seed,
        settings={"columns": list(settings.columns)},
    )


def _loss(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean squared error of weights (…, 2) on all examples, (…)."""
    loss: np.ndarray = ((weights @ x.T - y) ** 2).mean(-1)
    return loss
