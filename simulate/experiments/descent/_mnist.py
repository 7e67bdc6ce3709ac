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
    hidden : tuple of int
        Units of the layers between the pixels and the classes.
    epochs, n_train, n_test : int
        How long, and on how many examples.
    seed : int
        Of the initial weights, of the order of the examples, and of the choice of examples.
    """

    batch_size: int | None
    lr: float
    every: int = 1
    hidden: tuple[int, ...] = (128, 64, 32)
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
            settings={"widths": [784, *settings.hidden, "classes"], "init": "lecun"},
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
    ``best_test_epoch`` and the training loss and the test accuracy there, ``best_train_loss`` and
    ``best_accuracy``; ``overfits``: whether the test loss ended above its lowest while the training
    loss fell on; ``ending``: whether then "more" or "fewer" test digits were right than at the
    lowest test loss, or within two standard errors as "many", or the test loss ended "low";
    ``sampled``: whether the curves are measured on a part of the test set. ``first_train_loss`` and
    ``first_test_loss``; ``guess``, the loss of a network that knows nothing;
    ``slow_epochs``, for how many the training loss stays above nine tenths of
    its first; ``pace``: whether these are "all" epochs, at least a tenth of them, "some", or fewer,
    "none"; ``n_test_rises``, the epochs in which the test loss rose, and of the largest of these
    rises ``rise_epoch`` (0 if there is none), ``rise_from`` and ``rise_to``; ``learnt_epoch``, from
    which on all training digits are right (−1 if they never are).
    """
    import numpy as np

    run = runs["training"].data
    best = int(run.test_loss.values.argmin())
    end = run.isel(epoch=-1)
    # The test loss rose from its lowest point while the training loss went on falling.
    parted = float(end.test_loss) > 1.05 * float(run.test_loss[best])
    parted &= float(end.train_loss) < float(run.train_loss[best])
    test, train = run.test_loss.values, run.train_loss.values
    rises = np.diff(test)
    rise = int(rises.argmax()) if (rises > 0).any() else -1
    low = np.flatnonzero(train < 0.9 * train[0])
    missed = np.flatnonzero(run.train_accuracy.values < 1)
    learnt = int(missed[-1]) + 1 if len(missed) else 0
    slow = int(low[0]) - 1 if len(low) else settings.epochs
    more = float(end.test_accuracy - run.test_accuracy[best])
    near = level(max(map(float, (end.test_accuracy, run.test_accuracy[best]))), run.attrs["n_test"])
    apart = "many" if abs(more) <= near else "more" if more > 0 else "fewer"
    ending = apart if parted else "low"
    return run.drop_dims("snapshot").assign_attrs(
        epochs=settings.epochs,
        widths=runs["training"].widths,
        guess=math.log(run.attrs["n_classes"]),
        best_test_epoch=best,
        best_test_loss=float(run.test_loss[best]),
        best_train_loss=float(run.train_loss[best]),
        best_accuracy=float(run.test_accuracy[best]),
        overfits=int(parted),
        sampled=int(run.attrs["n_test"] < run.attrs["n_test_all"]),
        ending=ending,
        first_train_loss=float(train[0]),
        first_test_loss=float(test[0]),
        slow_epochs=slow,
        pace="all"
        if slow == settings.epochs
        else "some"
        if slow >= settings.epochs / 10
        else "none",
        n_test_rises=int((rises > 0).sum()),
        rise_epoch=rise + 1,
        rise_from=float(test[rise]),
        rise_to=float(test[rise + 1]),
        learnt_epoch=learnt if learnt <= settings.epochs else -1,
    )
