"""What the other recordings of the three variants leave open: memory, and the smaller cut-off.

Peak memory of one training step on one example, a mini-batch, and whole training sets, each in a
process of its own; and how far each variant gets on as few examples as one of the sources
recommends whole batches for (2,000; the other says 10,000, which `mnist_variants` has).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the batches, and the training on few examples.

    Attributes
    ----------
    hidden : tuple of int
        Units of the layers between the pixels and the classes: those of `mnist_variants`.
    n_small, n_large : int
        Training sets up to which the sources recommend whole batches.
    mini_batch : int
        Examples of a mini-batch.
    lr, stochastic_lr, epochs
        Of the training on `n_small` examples: as in `mnist_variants`, single examples have a
        smaller rate.
    n_test : int
        Test examples.
    limit_mib : int
        No step may take more.
    seed : int
        Of the initial weights, and of the order and choice of examples.
    """

    hidden: tuple[int, ...] = (128, 64, 32)
    n_small: specs.Count = 2_000
    n_large: specs.Count = 10_000
    mini_batch: specs.Count = 512
    lr: float = 0.06
    stochastic_lr: float = 0.015
    epochs: specs.Count = 100
    n_test: specs.Count = 1_000
    limit_mib: specs.Count = 2_048
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_small=100, n_large=200, mini_batch=64, epochs=3, n_test=100),
    label="memory of the three variants, and training on few examples",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training on few examples: in one batch, in mini-batches, one by one."""
    return {
        name: specs.Train(
            data=specs.Data(
                name="mnist",
                n_train=settings.n_small,
                n_test=settings.n_test,
                seed=settings.seed,
            ),
            model=specs.Model(
                name="mlp", settings={"widths": [784, *settings.hidden, "classes"], "init": "lecun"}
            ),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": lr}),
            batch_size=size,
            epochs=settings.epochs,
            seed=settings.seed,
            record=specs.record("parameters", scalars=settings.epochs),
        )
        for name, size, lr in (
            ("batch", None, settings.lr),
            ("mini_batch", settings.mini_batch, settings.lr),
            ("stochastic", 1, settings.stochastic_lr),
        )
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Measure the memory, and keep what the runs came to.

    ``peak`` (x_batch, measured) over ``batch_size``: 1, the mini-batch, `n_small` and `n_large`;
    ``test_accuracy`` (run) on the whole test set after `epochs` on `n_small` examples, in
    ``n_steps`` (run); attributes say the former by name, ``few_batch``.

    Raises
    ------
    RunError
        If a step doesn't fit into `limit_mib`.
    """
    import xarray as xr

    from simulate.errors import RunError
    from simulate.measures import memory
    from simulate.recording import variable

    sizes = [1, settings.mini_batch, settings.n_small, settings.n_large]
    found = []
    given = {"widths": [784, *settings.hidden, runs["batch"].attrs["n_classes"]]}
    with memory.attempts(settings.limit_mib * memory.MIB, "cpu", "mlp", given) as attempt:
        for size in sizes:
            found.append(attempt(size))
            if found[-1].error:
                raise RunError(
                    f"a step on {size} examples takes more than {settings.limit_mib} MiB; "
                    "raise limit_mib"
                )
    batch = runs["batch"].data.attrs
    return xr.Dataset(
        {
            "batch_size": variable("x_batch", sizes, "examples in the batch"),
            "peak": variable(
                "x_batch", [each.peak for each in found], "peak memory of a step", "bytes",
                measured=True,
            ),
            "test_accuracy": variable(
                "run", [run.attrs["test_accuracy_all"] for run in runs.values()], "test accuracy"
            ),
            "n_steps": variable("run", [run.attrs["n_steps"] for run in runs.values()], "steps"),
        },
        coords={"run": list(runs)},
        attrs={
            **{name: batch[name] for name in ("dataset", "one", "many", "n_params", "n_test_all")},
            "n_small": batch["n_train"],
            "n_large": settings.n_large,
            "few_level": _mnist.level(
                max(run.attrs["test_accuracy_all"] for run in runs.values()),
                runs["batch"].attrs["n_test_all"],
            ),
            "small_epochs": settings.epochs,
            **{f"few_{name}": run.attrs["test_accuracy_all"] for name, run in runs.items()},
            "widths": runs["batch"].widths,
        },
    )  # fmt: skip
