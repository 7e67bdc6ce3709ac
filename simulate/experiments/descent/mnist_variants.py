"""Batch, mini-batch and stochastic descent side by side: the runs of the three single pictures.

They are the same runs, not runs like them: a run's address follows from its spec, so what
`mnist_batch`, `mnist_mini_batch` and `mnist_stochastic` have trained is not trained again. What
depends on the clock is in `mnist_timing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist, mnist_batch, mnist_mini_batch, mnist_stochastic

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

VARIANTS = {
    "batch": cast("_mnist.Settings", mnist_batch.EXPERIMENT.settings),
    "mini_batch": cast("_mnist.Settings", mnist_mini_batch.EXPERIMENT.settings),
    "stochastic": cast("_mnist.Settings", mnist_stochastic.EXPERIMENT.settings),
}


class Settings(base.Settings, frozen=True, kw_only=True):
    """What is the same for all three, and the size of a mini-batch.

    Attributes
    ----------
    mini_batch : int
        Examples in a mini-batch.
    epochs, n_train, n_test : int
        How long, and on how many examples.
    seed : int
        Of the initial weights, of the order of the examples, and of the choice of examples.
    """

    mini_batch: int = 512
    epochs: int = 100
    n_train: int = 10_000
    n_test: int = 1_000
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(mini_batch=64, epochs=3, n_train=200, n_test=100),
    label="batch, mini-batch and stochastic descent side by side",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the runs of the three experiments, with these settings."""
    found = {}
    for name, own in VARIANTS.items():
        changes: dict[str, Any] = {
            "epochs": settings.epochs,
            "n_train": settings.n_train,
            "n_test": settings.n_test,
            "seed": settings.seed,
        }
        if name == "mini_batch":
            changes["batch_size"] = settings.mini_batch
        (found[name],) = _mnist.runs(specs.updated(own, changes)).values()
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the three side by side.

    ``train_loss``, ``test_loss``, ``train_accuracy``, ``test_accuracy``, ``epoch_steps``,
    ``epoch_examples`` (run, epoch); ``batch_size``, ``lr``, ``steps_per_epoch``, ``n_steps``,
    ``test_accuracy_all`` and ``jump`` (run), a measure of how smoothly the loss
    falls: the mean size of the change from one recorded loss of a step to the next, over their
    mean. Attributes name these of each run, such as ``lr_batch``. ``early_leader``: who alone
    gets most of the test set right after ``early_epoch`` epochs, or "none".
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    names = list(runs)
    by_epoch = {
        name: variable(
            ("run", "epoch"),
            np.stack([run.data[name].values for run in runs.values()]),
            str(runs["batch"].data[name].attrs["long_name"]),
            str(runs["batch"].data[name].attrs["units"]),
        )
        for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "epoch_steps")
    }
    epochs = np.arange(settings.epochs + 1)
    common = runs["batch"].data.attrs
    each = {
        "batch_size": "examples a step",
        "lr": "learning rate",
        "steps_per_epoch": "steps an epoch",
        "n_steps": "steps in all",
        "test_accuracy_all": "accuracy on the whole test set",
    }
    by_run = {
        name: variable("run", [run.attrs[name] for run in runs.values()], words)
        for name, words in each.items()
    }
    # What each variant sees at its own steps; of the longest run not every step is recorded.
    seen = [run.data.loss.values.astype(np.float64) for run in runs.values()]
    by_run["jump"] = variable(
        "run",
        [np.abs(np.diff(loss)).mean() / loss.mean() for loss in seen],
        "mean change of the step's loss over its mean",
    )
    examples = np.tile(epochs * int(common["n_train"]), (len(names), 1))
    return xr.Dataset(
        {
            **by_epoch,
            "epoch_examples": variable(("run", "epoch"), examples, "examples seen so far"),
            **by_run,
        },
        coords={"run": names, "epoch": epochs},
        attrs={
            **{
                name: common[name]
                for name in (
                    "dataset",
                    "one",
                    "many",
                    "n_train",
                    "n_test",
                    "n_test_all",
                    "n_params",
                    "seed",
                )
            },
            "epochs": settings.epochs,
            **_early(by_epoch["test_accuracy"].values, names),
            "widths": runs["batch"].widths,
            "mini_batch": runs["mini_batch"].data.attrs["batch_size"],
            **{
                f"{attr}_{name}": by_run[attr].values[i].item()
                for attr in (*each, "jump")
                for i, name in enumerate(names)
            },
        },
    )


EARLY = 10  # epochs in which the three are compared by examples seen


def _early(accuracy: np.ndarray, names: list[str]) -> dict[str, int | str]:
    """Return an early epoch, and who alone is most accurate then; accuracy is (run, epoch)."""
    epoch = min(EARLY, accuracy.shape[1] - 1)
    then = accuracy[:, epoch]
    best = [name for name, share in zip(names, then, strict=True) if share == then.max()]
    return {"early_epoch": epoch, "early_leader": best[0] if len(best) == 1 else "none"}
