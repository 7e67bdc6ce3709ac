"""As many steps on whole batches as on mini-batches: how alike the losses are, and after how long.

The runs of `mnist_batch` and `mnist_mini_batch`, which are not trained again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist

if TYPE_CHECKING:
    import xarray as xr

ALIKE = 0.1  # of the larger loss


class Settings(base.Settings, frozen=True, kw_only=True):
    """What both have in common, and the size of a mini-batch.

    Attributes
    ----------
    mini_batch : int
        Examples in a mini-batch.
    lr : float
        Learning rate.
    epochs, n_train, n_test : int
        How long, and on how many examples.
    seed : int
        Of the initial weights, of the order of the examples, and of the choice of examples.
    """

    mini_batch: int = 512
    lr: float = 0.06
    epochs: int = 100
    n_train: int = 10_000
    n_test: int = 1_000
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(mini_batch=64, epochs=4, n_train=200, n_test=100),
    label="as many steps on whole batches and on mini-batches",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the two runs, from the same weights."""
    shared = ("lr", "epochs", "n_train", "n_test", "seed")
    same = {name: getattr(settings, name) for name in shared}
    return {
        name: _mnist.runs(_mnist.Settings(batch_size=size, **same))["training"]
        for name, size in (("batch", None), ("mini_batch", settings.mini_batch))
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Return both test losses by epochs, and where mini-batches have taken as many steps.

    ``test_loss`` and ``epoch_steps`` (run, epoch). Attributes: ``n_steps``, of whole batches in all
    epochs; ``test_loss`` there; ``rival_epochs``, after which mini-batches have taken as many, or
    -1 if that is within an epoch, and ``rival_loss`` there; ``alike``, how that compares:
    "same" within a tenth, "lower" or "higher", or "unknown".
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    both = [run.data for run in runs.values()]
    losses = np.stack([run.test_loss.values for run in both])
    steps = np.stack([run.epoch_steps.values for run in both])
    n_steps, end = int(steps[0, -1]), float(losses[0, -1])
    there = np.flatnonzero(steps[1] == n_steps)
    epochs = int(there[0]) if len(there) else -1
    loss = float(losses[1, epochs]) if len(there) else float("nan")
    alike = "lower" if loss < end else "higher"
    if abs(loss - end) <= ALIKE * max(loss, end):
        alike = "same"
    common = both[0].attrs
    names = ("dataset", "one", "many", "n_classes", "n_train", "n_test", "lr")
    return xr.Dataset(
        {
            "test_loss": variable(("run", "epoch"), losses, "cross-entropy", "nats"),
            "epoch_steps": variable(("run", "epoch"), steps, "steps so far"),
        },
        coords={"run": list(runs), "epoch": np.arange(settings.epochs + 1)},
        attrs={
            **{name: common[name] for name in names},
            "epochs": settings.epochs,
            "mini_batch": settings.mini_batch,
            "widths": runs["batch"].widths,
            "n_steps": n_steps,
            "first_test_loss": float(losses[0, 0]),
            "test_loss": end,
            "rival_epochs": epochs,
            "rival_loss": loss,
            "alike": alike if len(there) else "unknown",
        },
    )
