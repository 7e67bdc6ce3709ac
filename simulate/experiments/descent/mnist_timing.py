"""How long batch, mini-batch and stochastic descent take: the same training, timed.

All of it runs step by step in plain PyTorch, one thread: comparing its compiled loop for single
examples with anything else would compare programs, not methods. All of it is timed in one go, each
time that it is recorded: runs are kept one by one, and times that were taken on different days,
under different loads, can't be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import mnist_variants

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.data._base import Data
    from simulate.data.choice import Choice

Steps = Annotated[int, msgspec.Meta(ge=2)]


class Settings(mnist_variants.Settings, frozen=True, kw_only=True):
    """What is timed; ``epochs`` doesn't count here.

    Attributes
    ----------
    batch_steps, mini_batch_steps, stochastic_steps : int
        How long each variant trains: about as many seconds each.
    snapshots : int
        Times at which each is evaluated on the test set, besides the start; the clock stands
        still meanwhile.
    batch_sizes : tuple of int
        For throughput; the whole training set comes last by itself.
    throughput_examples : int
        About how many examples each batch size is timed on, within `least` and `most` steps.
    least, most : int
        Steps timed for throughput.
    """

    batch_steps: Steps = 80
    mini_batch_steps: Steps = 1_200
    stochastic_steps: Steps = 16_000
    snapshots: Annotated[int, msgspec.Meta(ge=1)] = 40
    batch_sizes: tuple[specs.Count, ...] = (1, 8, 64, 512, 4096)
    throughput_examples: specs.Count = 30_000
    least: Steps = 6
    most: Steps = 300


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        mini_batch=64,
        n_train=200,
        n_test=100,
        batch_steps=6,
        mini_batch_steps=12,
        stochastic_steps=30,
        snapshots=3,
        batch_sizes=(1, 16),
        least=2,
        most=6,
    ),
    label="batch, mini-batch and stochastic descent, timed",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return only how the single steps begin, up to their first snapshot; no time is read off it.

    What is timed is in `timed`.
    """
    first = _every("stochastic", settings)
    probes = specs.Probes(evaluate=False, params=max(1, first // settings.snapshots))
    spec = mnist_variants.runs(settings)["stochastic"]
    changes = {"epochs": None, "steps": first, "backend": "eager", "probes": probes}
    return {"start": specs.updated(spec, changes)}


def timed(settings: Settings) -> dict[str, specs.Train]:
    """Return the three variants for as many steps as asked, then a short run a batch size."""
    variants = mnist_variants.runs(settings)
    found: dict[str, specs.Run] = {}
    for name, spec in variants.items():
        every = _every(name, settings)
        found[name] = specs.updated(
            spec,
            {
                "epochs": None,
                "steps": every * settings.snapshots,
                "backend": "eager",
                "probes": specs.Probes(every=every, evaluate=False, params=every),
            },
        )
    for size in (*settings.batch_sizes, None):
        steps = settings.throughput_examples // (size or settings.n_train)
        found[f"size {size or 'all'}"] = specs.updated(
            variants["mini_batch"],
            {
                "batch_size": size,
                "epochs": None,
                "steps": min(max(steps, settings.least), settings.most),
                "backend": "eager",
                "probes": specs.Probes(evaluate=False),
            },
        )
    return cast("dict[str, specs.Train]", found)


def _every(name: str, settings: Settings) -> int:
    """Return a variant's steps from one snapshot to the next."""
    return max(1, getattr(settings, f"{name}_steps") // settings.snapshots)


def record(runs: dict[str, xr.Dataset], settings: Settings, data: Choice) -> xr.Dataset:
    """Time everything, evaluate the snapshots on the test set, and divide examples by seconds.

    ``seconds`` (measured), ``steps``, ``examples``, ``test_loss``, ``test_accuracy``
    (run, snapshot); ``step_seconds`` and ``throughput``, examples a second (x_batch, measured),
    over ``batch_size``. A step's time is the median one. ``early_steps``, ``early_test_loss``,
    ``early_test_accuracy`` (snapshot_early): how the single steps begin.
    """
    import numpy as np
    import xarray as xr

    from simulate import engine
    from simulate.data import _load
    from simulate.recording import variable

    start = runs["start"]
    planned = timed(settings)
    runs = {name: engine.execute(spec, data) for name, spec in planned.items()}
    names = list(mnist_variants.VARIANTS)
    spec = planned["batch"]
    examples = _load.load(spec.data, data)
    losses, accuracies = zip(
        *(_evaluated(runs[name], spec, examples) for name in names), strict=True
    )
    early_loss, early_accuracy = _evaluated(start, spec, examples)
    by_size = [run for name, run in runs.items() if name.startswith("size ")]
    sizes = [int(run.attrs["batch_size"]) for run in by_size]
    # The last recorded step has no update, so there are as many differences as steps.
    steps = np.array([np.median(np.diff(run.seconds.values)) for run in by_size])
    at = ("run", "snapshot")
    common = runs["batch"].attrs
    return xr.Dataset(
        {
            "seconds": variable(
                at,
                np.stack([runs[name].seconds.values for name in names]),
                "training time so far",
                "seconds",
                measured=True,
            ),
            "steps": variable(
                at, np.stack([runs[name].step.values for name in names]), "steps so far"
            ),
            "examples": variable(
                at,
                np.stack([_examples(runs[name]) for name in names]),
                "examples seen so far",
            ),
            "test_loss": variable(at, np.stack(losses), "test cross-entropy", "nats"),
            "test_accuracy": variable(at, np.stack(accuracies), "test accuracy"),
            "early_steps": variable(
                "snapshot_early", start.snapshot.values, "steps of the single-step run"
            ),
            "early_test_loss": variable(
                "snapshot_early", early_loss, "test cross-entropy after few single steps", "nats"
            ),
            "early_test_accuracy": variable(
                "snapshot_early", early_accuracy, "test accuracy after few single steps"
            ),
            "batch_size": variable("x_batch", sizes, "examples in a batch"),
            "step_seconds": variable(
                "x_batch", steps, "median time of a step", "seconds", measured=True
            ),
            "throughput": variable(
                "x_batch", sizes / steps, "examples a second", "1/seconds", measured=True
            ),
        },
        coords={"run": names},
        attrs={name: common[name] for name in ("dataset", "n_train", "n_test", "n_params")},
    )


def _examples(run: xr.Dataset) -> np.ndarray:
    """Return how many examples a run has seen at each of its recorded steps, (step,)."""
    import numpy as np

    epochs, rest = np.divmod(run.step.values, run.attrs["steps_per_epoch"])
    return np.asarray(epochs * run.attrs["n_train"] + rest * run.attrs["batch_size"])


def _evaluated(run: xr.Dataset, spec: specs.Train, examples: Data) -> tuple[np.ndarray, np.ndarray]:
    """Return test loss and accuracy at each snapshot, both (snapshot,)."""
    import numpy as np
    import torch
    from torch.nn import functional

    from simulate.models import _base as models

    model = models.make(spec.model.name, spec.model.settings, spec.seed)
    x, y = torch.from_numpy(examples.x_test), torch.from_numpy(examples.y_test)
    losses, accuracies = [], []
    with torch.no_grad():
        for flat in run.params.values:
            torch.nn.utils.vector_to_parameters(torch.from_numpy(flat.copy()), model.parameters())
            logits = model(x)
            losses.append(functional.cross_entropy(logits, y).item())
            accuracies.append((logits.argmax(1) == y).double().mean().item())
    return np.array(losses), np.array(accuracies)
