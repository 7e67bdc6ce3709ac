"""One epoch in mini-batches: 1,000 digits shuffled, cut into batches of 64, a step on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import torch
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The examples, how they are cut, and the network that learns from them.

    Attributes
    ----------
    n_train : int
        Examples.
    batch_size : int
        Examples of a batch; the last one has what is left.
    hidden : tuple of int
        Units of the layers between the pixels and the classes.
    lr : float
        Learning rate of plain gradient descent.
    seed : int
        Of weights, order and choice of the examples.
    """

    n_train: int = 1000
    batch_size: int = 64
    hidden: tuple[int, ...] = (32,)
    lr: float = 0.5
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=200),
    label="one epoch in mini-batches",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training over one epoch, its parameters kept after every step."""
    run = specs.Train(
        data=_data(settings),
        model=specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]}),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=1,
        seed=settings.seed,
        record=specs.record("scalars", "evaluation", parameters=1),
        backend="eager",
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Say which examples each step used, and what the loss was.

    ``image`` (example, y, x), ``label`` (example); ``order`` (example): which example comes first,
    second, … in the epoch; ``step_of_example`` (example): the step that uses it; ``example_loss``
    (example): its loss just before that step. ``batch_loss`` and ``examples_in_batch`` (step);
    ``whole_loss`` (snapshot): the mean loss of all examples after so many steps; ``all_loss``
    (step): what it would be if that step were one on all examples, from the same parameters. Of
    the step that raised it most, ``worst_step``: ``worst_before``, ``worst_after``, ``worst_all``,
    and ``batch_alone``, whether a step on all would not have raised it.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    run = runs["training"].data
    examples = runs["training"].dataset
    n_train = len(examples.x_train)
    # The engine's own order of epoch 0: batches follow one another in it.
    order = np.random.default_rng([settings.seed, 0]).permutation(n_train)
    n_steps = int(run.attrs["n_steps"])
    taken = np.arange(n_train) // settings.batch_size
    step_of_example = np.empty(n_train, dtype=np.int64)
    step_of_example[order] = taken

    x, y = torch.from_numpy(examples.x_train), torch.from_numpy(examples.y_train)
    losses = np.empty((n_steps + 1, n_train))  # (snapshot, example)
    after_all = np.empty(n_steps)
    for step, model in enumerate(runs["training"].models()):
        with torch.no_grad():
            each = torch.nn.functional.cross_entropy(model(x).double(), y, reduction="none")
            losses[step] = each.numpy()
        if step < n_steps:
            after_all[step] = _after_step(model, x, y, settings.lr)

    rows, columns = examples.image_shape or (1, examples.x_train.shape[1])
    whole = losses.mean(1)
    full, last = divmod(n_train, settings.batch_size)
    rise = np.diff(whole)  # what each step does to the loss of all
    worst = int(rise.argmax())
    sizes = np.bincount(taken, minlength=n_steps)
    return xr.Dataset(
        {
            "image": variable(
                ("example", "y", "x"), examples.x_train.reshape(-1, rows, columns), "brightness"
            ),
            "label": variable("example", examples.y_train, "label"),
            "order": variable("example", order, "number of the example that comes at this place"),
            "step_of_example": variable("example", step_of_example, "step that uses it"),
            "example_loss": variable(
                "example",
                losses[step_of_example, np.arange(n_train)],
                "cross-entropy just before its step",
                "nats",
            ),
            "examples_in_batch": variable("step", sizes, "examples in the batch"),
            "batch_loss": variable(
                "step", run.loss.values[:n_steps], "cross-entropy of the batch", "nats"
            ),
            "whole_loss": variable("snapshot", whole, "cross-entropy of all examples", "nats"),
            "all_loss": variable(
                "step", after_all, "cross-entropy of all examples after a step on all", "nats"
            ),
        },
        coords={"step": np.arange(n_steps), "snapshot": np.arange(n_steps + 1)},
        attrs={
            **run.attrs,
            "widths": runs["training"].widths,
            "full_batches": full,
            "last_batch_size": last,
            "cut": "with a rest" if last else "evenly",
            "rises": int((rise > 0).sum()),
            "worst_step": worst + 1,
            "worst_before": float(whole[worst]),
            "worst_after": float(whole[worst + 1]),
            "worst_all": float(after_all[worst]),
            "batch_alone": int(after_all[worst] <= whole[worst]),
            "whole_loss_start": float(whole[0]),
            "whole_loss_end": float(whole[-1]),
        },
    )


def _after_step(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, lr: float) -> float:
    """Return the loss after a step of gradient descent on these examples; the model stays."""
    import torch
    from torch.nn.functional import cross_entropy

    params = {name: p.detach().requires_grad_() for name, p in model.named_parameters()}
    loss = cross_entropy(torch.func.functional_call(model, params, x), y)
    grads = torch.autograd.grad(loss, list(params.values()))
    moved = {name: p - lr * grad for (name, p), grad in zip(params.items(), grads, strict=True)}
    with torch.no_grad():
        logits = torch.func.functional_call(model, moved, x)
        return float(cross_entropy(logits.double(), y))  # as precise as the losses beside it


def _data(settings: Settings) -> specs.Data:
    return specs.Data(name="mnist", n_train=settings.n_train, n_test=100, seed=settings.seed)
