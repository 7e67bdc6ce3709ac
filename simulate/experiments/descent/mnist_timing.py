"""How long batch, mini-batch and stochastic descent take: what a step costs at each batch size.

Every step that is timed is one of plain PyTorch, one thread: comparing its compiled loop for single
examples with anything else would compare programs, not methods. All are timed in one go, size after
size and again, each time that it is recorded: runs are kept one by one, and times taken on
different days, under different loads, can't be compared. What the training itself comes to doesn't
depend on the clock; those are runs like others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import _mnist, mnist_variants

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.data.choice import Choice

Steps = Annotated[int, msgspec.Meta(ge=2)]
ENOUGH = 0.9  # of the most examples a second: more is not worth waiting for


class Settings(mnist_variants.Settings, frozen=True, kw_only=True):
    """What is timed; ``epochs`` doesn't count here.

    Attributes
    ----------
    batch_steps, mini_batch_steps, stochastic_steps : int
        How long each variant trains: about as many seconds each.
    snapshots : int
        Times at which each is evaluated on the test set, besides the start.
    batch_sizes : tuple of int
        For throughput; those of the three variants come by themselves.
    throughput_examples : int
        About how many examples each batch size is timed on, within `least` and `most` steps.
    least, most : int
        Steps timed in a round.
    rounds : int
        How often all sizes are timed, one after the other.
    """

    batch_steps: Steps = 80
    mini_batch_steps: Steps = 1_200
    stochastic_steps: Steps = 18_400
    snapshots: Annotated[int, msgspec.Meta(ge=1)] = 40
    batch_sizes: tuple[specs.Count, ...] = (8, 64, 4096)
    throughput_examples: specs.Count = 30_000
    least: Steps = 6
    most: Steps = 300
    rounds: specs.Count = 3


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
        batch_sizes=(16,),
        least=2,
        most=6,
        rounds=2,
    ),
    label="batch, mini-batch and stochastic descent, timed",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the three variants for as many steps as asked, and how the single steps begin."""
    variants = mnist_variants.runs(settings)
    found: dict[str, specs.Run] = {}
    for name, spec in variants.items():
        every = max(1, getattr(settings, f"{name}_steps") // settings.snapshots)
        found[name] = _for(spec, every * settings.snapshots, every)
    first = max(1, settings.stochastic_steps // settings.snapshots)
    found["start"] = _for(variants["stochastic"], first, max(1, first // settings.snapshots))
    return found


def _for(spec: specs.Run, steps: int, every: int) -> specs.Run:
    """Return a run for so many steps, with a snapshot of the weights every few."""
    record = specs.record(scalars=every, parameters=every)
    return specs.updated(spec, {"epochs": None, "steps": steps, "record": record})


def timed(settings: Settings) -> dict[int, specs.Run]:
    """Return the short run by which each batch size is timed, in one round."""
    spec = mnist_variants.runs(settings)["mini_batch"]
    found = {}
    for size in sorted({1, settings.mini_batch, settings.n_train, *settings.batch_sizes}):
        steps = min(max(settings.throughput_examples // size, settings.least), settings.most)
        changes = {
            "batch_size": None if size == settings.n_train else size,
            "epochs": None,
            "steps": steps,
            "backend": "eager",
            "record": specs.record("scalars", "parameters"),
        }
        found[size] = specs.updated(spec, changes)
    return found


def record(runs: dict[str, base.Run], settings: Settings, data: Choice) -> xr.Dataset:
    """Time a step at every batch size, and evaluate the snapshots on the test set.

    ``step_seconds``, the median step of the fastest round, and ``throughput``, examples a second
    (x_batch, measured), over ``batch_size``; ``speed_one`` and ``speed_most``, that of single
    examples and that of the fastest; ``size_enough``, the smallest batch with
    at least nine tenths of the most, and ``gain``: whether larger batches buy "none", "some" or, up
    to the largest, "all" of the way. ``steps``, ``examples``, ``test_loss``,
    ``test_accuracy`` (run, snapshot), and ``seconds`` (measured), the examples over the
    throughput of that batch size. ``early_steps``, ``early_test_loss``, ``early_test_accuracy``
    (snapshot_early): how the single steps begin. After ``same_seconds``, the longest that all were
    timed for: ``same_test_loss``, ``same_test_accuracy`` (run), the ``leader`` by loss, and what
    differences of accuracy count as none, ``same_level``, and the names of those that are level
    with the best by that, ``level``; ``depends``: whether another one leads
    after as many examples.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable
    from simulate.training.execute import execute

    spec = mnist_variants.runs(settings)["batch"]
    assert isinstance(spec, specs.Train)
    planned = timed(settings)
    durations: dict[int, list[float]] = {size: [] for size in planned}
    for _ in range(settings.rounds):
        for size, short in planned.items():
            # The last recorded step has no update, so there are as many differences as steps.
            walked = np.diff(execute(short, data).seconds.values)
            durations[size].append(float(np.median(walked)))
    sizes = np.array(list(planned))
    steps = np.array([min(each) for each in durations.values()])
    throughput = sizes / steps
    enough = int(np.argmax(throughput >= ENOUGH * throughput.max()))

    names = list(mnist_variants.VARIANTS)
    seen = np.stack([_examples(runs[name].data) for name in names])
    own = np.array([runs[name].data.attrs["batch_size"] for name in names])
    seconds = seen / throughput[np.searchsorted(sizes, own)][:, None]
    losses, accuracies = zip(*(_evaluated(runs[name]) for name in names), strict=True)
    early_loss, early_accuracy = _evaluated(runs["start"])
    # As long as the one that was timed for the shortest: where each of them is by then.
    same = float(seconds[:, -1].min())
    by_then = [int((each <= same).sum()) - 1 for each in seconds]
    few = int(seen[:, -1].min())
    by_few = [int((each <= few).sum()) - 1 for each in seen]
    at_same = np.array([loss[k] for loss, k in zip(losses, by_then, strict=True)])
    at_few = np.array([loss[k] for loss, k in zip(losses, by_few, strict=True)])
    accuracy = np.array([each[k] for each, k in zip(accuracies, by_then, strict=True)])
    leaders = [names[int(each.argmin())] for each in (at_few, at_same)]
    at = ("run", "snapshot")
    common = runs["batch"].data.attrs
    level = _mnist.level(float(accuracy.max()), common["n_test"])
    return xr.Dataset(
        {
            "seconds": variable(at, seconds, "training time so far", "seconds", measured=True),
            "steps": variable(
                at, np.stack([runs[name].data.snapshot.values for name in names]), "steps so far"
            ),
            "examples": variable(at, seen, "examples seen so far"),
            "test_loss": variable(at, np.stack(losses), "test cross-entropy", "nats"),
            "test_accuracy": variable(at, np.stack(accuracies), "test accuracy"),
            "same_test_loss": variable("run", at_same, "test cross-entropy then", "nats",
                                       measured=True),
            "same_test_accuracy": variable("run", accuracy, "test accuracy then", measured=True),
            "early_steps": variable(
                "snapshot_early", runs["start"].data.snapshot.values, "first single steps"
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
                "x_batch", throughput, "examples a second", "1/seconds", measured=True
            ),
        },
        coords={"run": names},
        attrs={
            **{name: common[name] for name in ("dataset", "n_train", "n_test", "n_params")},
            "speed_one": float(throughput[0]),
            "speed_most": float(throughput.max()),
            "size_enough": int(sizes[enough]),
            "gain": "none" if not enough else "all" if enough == len(sizes) - 1 else "some",
            "same_seconds": same,
            "same_level": level,
            "leader": leaders[1],
            "level": " ".join(
                name
                for name, share in zip(names, accuracy, strict=True)
                if share > accuracy.max() - level
            ),
            "depends": int(leaders[0] != leaders[1]),
        },
    )  # fmt: skip


def _examples(run: xr.Dataset) -> np.ndarray:
    """Return how many examples a run has seen at each of its snapshots, (snapshot,)."""
    import numpy as np

    epochs, rest = np.divmod(run.snapshot.values, run.attrs["steps_per_epoch"])
    return np.asarray(epochs * run.attrs["n_train"] + rest * run.attrs["batch_size"])


def _evaluated(run: base.Run) -> tuple[np.ndarray, np.ndarray]:
    """Return test loss and accuracy at each snapshot, both (snapshot,)."""
    import numpy as np
    import torch
    from torch.nn import functional

    examples = run.dataset
    x, y = torch.from_numpy(examples.x_test), torch.from_numpy(examples.y_test)
    losses, accuracies = [], []
    with torch.no_grad():
        for model in run.models():
            logits = model(x)
            losses.append(functional.cross_entropy(logits, y).item())
            accuracies.append((logits.argmax(1) == y).double().mean().item())
    return np.array(losses), np.array(accuracies)
