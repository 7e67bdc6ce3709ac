"""One network on handwritten digits, trained in batches of different sizes.

The protocol of the blog post: a network of four layers, 10,000 training and 1,000 test examples,
cross-entropy, 100 epochs. The three experiments start from the same weights, see the same digits,
and differ in batch size; the learning rate is the same for whole batches and mini-batches, and
smaller for single examples, which would throw the weights off at that rate.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """What one of the three trains.

    Attributes
    ----------
    batch_size : int or None
        Examples per step; None takes all.
    lr : float
        Learning rate of plain gradient descent.
    every : int
        Steps between recorded step values.
    widths : tuple of int
        Units from the pixels to the classes.
    epochs, n_train, n_test : int
        How long, and on how many examples.
    seed : int
        Of the initial weights, of the order of the examples, and of the choice of examples.
    """

    batch_size: int | None
    lr: float
    every: int = 1
    widths: tuple[int, ...] = (784, 128, 64, 32, 10)
    epochs: int = 100
    n_train: int = 10_000
    n_test: int = 1_000
    seed: int = 0


def tiny(batch_size: int | None, lr: float) -> Settings:
    """Return the same experiment on fewer digits for fewer epochs."""
    return Settings(batch_size=batch_size, lr=lr, epochs=3, n_train=200, n_test=100)


def level(best: float, n_test: int) -> float:
    """Return two standard errors of the difference of two accuracies near the best of them."""
    return 2 * math.sqrt(2 * best * (1 - best) / n_test)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the one run of an experiment."""
    run = specs.Train(
        data=specs.Data(
            name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
        ),
        model=specs.Model(
            # torch's own, smaller weights would take most of a hundred full-batch steps to grow
            name="mlp",
            settings={"widths": list(settings.widths), "init": "lecun"},
        ),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
        record=specs.record("evaluation", "parameters", scalars=settings.every),
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Return the run's curves, without its parameters.

    Attributes say what titles need: dataset, sizes, ``epochs``, ``n_steps``, ``lr``, ``widths``
    ("784–128–64–32–10"), ``test_accuracy``, ``test_accuracy_all``, and ``best_test_loss`` with its
    ``best_test_epoch`` and the training loss there, ``best_train_loss``; ``n_rises``, the epochs in
    which the training loss rose; ``overfits``: whether the test loss ended above its lowest while
    the training loss fell on.
    """
    run = runs["training"].data
    best = int(run.test_loss.values.argmin())
    end = run.isel(epoch=-1)
    # The test loss rose from its lowest point while the training loss went on falling.
    parted = float(end.test_loss) > 1.05 * float(run.test_loss[best])
    parted &= float(end.train_loss) < float(run.train_loss[best])
    return run.drop_dims("snapshot").assign_attrs(
        epochs=settings.epochs,
        widths="–".join(map(str, settings.widths)),
        best_test_epoch=best,
        best_test_loss=float(run.test_loss[best]),
        best_train_loss=float(run.train_loss[best]),
        n_rises=int((run.train_loss.diff("epoch") > 0).sum()),
        overfits=int(parted),
    )
