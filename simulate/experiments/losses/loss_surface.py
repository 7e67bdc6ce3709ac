"""A trained network's loss on two planes through its parameters.

One plane of random directions, filter-normalised, shows the shape around the trained network; the
plane of the path's principal components shows how training came there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, its training, and the grids.

    Attributes
    ----------
    hidden : tuple of int
        Units of the layers between the pixels and the classes.
    n_train, n_test : int
        Examples; the planes' losses are over all training examples.
    batch_size, epochs : int
        Of the training.
    lr : float
        Learning rate of plain gradient descent.
    snapshots : int
        Steps between points of the path.
    n_x, n_y : int
        Points of both grids.
    reach : float
        The random plane goes from −reach to reach along both directions, 1 being as long as the
        trained weights are.
    margin : float
        How much wider than the path its plane is, on each side, as a share of the path's extent.
    seed : int
        Of weights, order, choice of the examples, and directions.
    """

    hidden: tuple[int, ...] = (32,)
    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 125  # divides 10,000: a last batch of a few examples would throw the path
    epochs: int = 3  # most of the way down takes the first hundred steps
    lr: float = 0.1
    snapshots: int = 3
    n_x: int = 61
    n_y: int = 61
    reach: float = 1.0
    margin: float = 0.3
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(hidden=(8,), n_train=200, n_test=50, epochs=3, batch_size=20, n_x=9, n_y=7),
    label="a network's loss on two planes of its parameters",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training, with snapshots of all parameters on its way."""
    run = specs.Train(
        data=_data(settings),
        model=_model(settings),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
        record=specs.record("scalars", "evaluation", parameters=settings.snapshots),
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute both planes and lay the path on the second, as `simulate.loss_surface` returns them.

    Of the attributes, ``trained_loss`` is as the training run evaluated it; ``epochs`` are
    those of the settings.
    """
    from simulate.measures.loss_surface import loss_surface

    run = runs["training"].data
    found = loss_surface(
        runs["training"].model(),
        runs["training"].dataset,
        run=run,
        seed=settings.seed,
        reach=settings.reach,
        margin=settings.margin,
        points=(settings.n_x, settings.n_y),
    )
    return found.assign_attrs(
        widths=runs["training"].widths,
        epochs=settings.epochs,
        trained_loss=run.attrs["train_loss"],
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )


def _model(settings: Settings) -> specs.Model:
    return specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]})
