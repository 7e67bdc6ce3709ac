"""Training a network: a loop over `simulate.training.steps` that feeds probes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xarray as xr
from torch import nn

from simulate.errors import UserError
from simulate.probes._base import state_buffers
from simulate.training import arguments, checkpoints, penalties
from simulate.training import batches as batching
from simulate.training.examples import Parts
from simulate.training.probing import Probing
from simulate.training.steps import Loop, Step, check_finite, prepare

_PROGRESS_SECONDS = 0.1  # between two reports of progress
BACKENDS = ("auto", "eager", "fused")

Progress = Callable[[int, int, str], object]


def train(
    model: nn.Module,
    train: Any,
    *,
    test: Any = None,
    loss: Any = "cross_entropy",
    optimizer: Any = "adam",
    lr: float | None = None,
    schedule: Any = None,
    batch_size: int | None = None,
    replacement: bool = False,
    in_order: bool = False,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int = 0,
    record: Any = None,
    on_step: Callable[[Step], object] | None = None,
    checkpoint: str | Path | None = None,
    checkpoint_seconds: float = checkpoints.SECONDS,
    zero_grad: bool = True,
    penalty: Any = None,
    allow_divergence: bool = False,
    backend: str = "auto",
    device: str = "auto",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Train a network and return what happened.

    Parameters
    ----------
    model : nn.Module
        Any network; it is left trained, on `device`. Given as a whole in evaluation mode, it is
        put into training mode; parts that are in evaluation mode by themselves stay so.
    train, test : pair of arrays or tensors, DataLoader, Dataset, or Data
        Examples to train on and examples to evaluate on; `Data` has both. Without `test`, nothing
        is evaluated on held-out examples. Labels and tokens may be of any integer type.
    loss : str or callable
        "cross_entropy", "binary_cross_entropy" (of one logit an example), "mse", or any function
        of outputs and targets that returns one number.
    optimizer : str, torch.optim.Optimizer, its class, or callable
        A row of ``simulate/optimizers``; an object made of the model's parameters; or what makes
        one of a list of parameters.
    lr : float or None
        Learning rate of an optimizer given by name or class; None takes torch's own default.
    schedule : str, LRScheduler, or callable
        A row of ``simulate/schedules``, a schedule of the optimizer object, or a function of the
        step that returns a factor of the learning rate. None keeps the rate.
    batch_size : int or None
        Examples per step. None takes all of them, in their own order; else they are shuffled every
        epoch, and the last batch of an epoch is smaller where they don't divide evenly. A
        DataLoader has its own.
    replacement : bool
        Draw every batch anew, with replacement.
    in_order : bool
        Don't shuffle: examples are a stream in the order of time.
    epochs, steps : int or None
        How long; exactly one of them.
    seed : int
        Of the order of the examples and of what is random in the model, such as dropout. The same
        seed gives the same order, whatever the batch size.
    record : list or None
        What to record: names of probes (rows of ``simulate/probes``), what `simulate.probe`
        returns, functions of the step that return ``{name: (dims, values)}``. None takes
        "scalars", "evaluation" and "parameters".
    on_step : callable or None
        Called with every `Step`, before its update.
    checkpoint : str, Path or None
        A file that keeps the run's state. If it is there, the run goes on from it, bitwise as if it
        had never stopped; it is left there at the end, for `train` to return the same once more.
    checkpoint_seconds : float
        Between two states that are written; 0 writes one before every step.
    zero_grad : bool
        Whether gradients are cleared before each backward pass, rather than added up.
    penalty : dict of str to float, callable, or None
        Added to the loss before it is differentiated: {"l1": λ} adds λ Σ|w|, {"l2": λ} adds λ Σw²,
        over all weights and no biases; or any function of the model that returns one number.
        Recorded losses are without it; "scalars" records it as ``penalty``.
    allow_divergence : bool
        Whether a loss that is no longer finite is recorded as it is.
    backend : {"auto", "eager", "fused"}
        "fused" is `simulate.training.fused`; "auto" takes it where it does the same computation.
        The attributes say which ran, and why not the other.
    device : {"auto", "cpu", "cuda", "mps"}
        Where to train.
    progress : callable or None
        Called now and then with steps done, steps in all and a few words.

    Returns
    -------
    Dataset
        ``loss``, ``grad_norm``, ``lr``, ``seconds`` by ``step`` (each at its own point; seconds of
        training so far, without evaluation, absent from a fused run); ``train_loss``,
        ``test_loss``, ``train_accuracy``, ``test_accuracy``, ``epoch_steps``, ``epoch_seconds`` by
        ``epoch``, epoch 0 being the start; ``params`` (snapshot, param) and ``buffers``
        (snapshot, buffer), the snapshots' coordinate being their step. What other probes give lies
        along ``step`` where they are due as often as "scalars", else along ``step_PROBE``.
        Attributes say the rest.

    Raises
    ------
    UserError
        If the arguments don't go together, or name what doesn't exist, or can't be taken.
    RunError
        If the loss stops being finite: the step and the rate, or the data to blame, are in the
        message.

    Examples
    --------
    >>> import numpy as np
    >>> from torch import nn
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "f4")
    >>> net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
    >>> run = train(net, (x, [0, 1, 1, 0]), optimizer="adam", lr=0.05, steps=200)
    >>> run.attrs["train_accuracy"]
    1.0
    """
    if backend not in BACKENDS:
        raise UserError(f"no backend is called {backend!r}; there is {', '.join(BACKENDS)}")
    arguments.function(on_step, "on_step")
    arguments.function(progress, "progress")
    path = _path(checkpoint)
    if not isinstance(checkpoint_seconds, int | float) or not checkpoint_seconds >= 0:
        raise UserError(
            f"checkpoint_seconds is {arguments.shown(checkpoint_seconds)}; it takes a number from "
            "0 on"
        )
    loop, parts = prepare(
        model,
        train,
        test=test,
        loss=loss,
        optimizer=optimizer,
        lr=lr,
        schedule=schedule,
        batch_size=batch_size,
        replacement=replacement,
        in_order=in_order,
        epochs=epochs,
        steps=steps,
        seed=seed,
        zero_grad=zero_grad,
        penalty=penalty,
        device=device,
    )
    probing = Probing(record, loop.n_steps)
    first_lr = float(loop.optimizer.param_groups[0]["lr"])
    obstacle = "eager was asked for" if backend == "eager" else ""
    if not obstacle:
        obstacle = _obstacle(loop, probing, on_step, allow_divergence)
    if backend == "fused" and obstacle:
        raise UserError(f"the fused backend can't do this run: {obstacle}; take backend 'auto'")
    said = penalties.name_of(penalty)
    keeper = (
        None
        if path is None
        else checkpoints.Keeper(path, checkpoint_seconds, loop, probing, obstacle, said)
    )
    report = _Report(progress, loop.n_steps)
    if obstacle:
        _walk(loop, probing, on_step, allow_divergence, keeper, report)
    else:
        from simulate.training import fused

        fused.walk(loop, probing, keeper, report)
    attrs = {
        **_attrs(loop, parts),
        "optimizer": arguments.name_of(optimizer, loop.optimizer),
        "lr": first_lr,
        "n_steps": loop.n_steps,
        "backend": "eager" if obstacle else "fused",
        "backend_reason": obstacle or "it is the same computation",
        **({"penalty": said} if said else {}),
    }
    return probing.dataset().assign_attrs(attrs)


def _walk(
    loop: Loop,
    probing: Probing,
    on_step: Callable[[Step], object] | None,
    allow_divergence: bool,
    keeper: checkpoints.Keeper | None,
    report: _Report,
) -> None:
    """Take the steps one by one."""
    loop.looked_at = (
        (lambda number, starts_epoch: True)
        if on_step is not None
        else (lambda number, starts_epoch: probing.is_due(number, starts_epoch))
    )
    loop.before = keeper
    for step in loop:
        value = step.loss.item()
        if not allow_divergence:
            check_finite(step, value)
        probing.see(step)
        if on_step is not None:
            on_step(step)
        report(step.number, value)


def _obstacle(loop: Loop, probing: Probing, on_step: object, allow_divergence: bool) -> str:
    """Why the run can't be fused, in words; empty if it can."""
    batches = loop.batches
    if not isinstance(batches, batching.Shuffled):
        return "batches come from a DataLoader"
    if batches.size != 1 or batches.n_examples == 1:  # spares the others a compiler's import
        return "batches have more than one example"
    if allow_divergence:
        return "it may diverge"
    if on_step is not None:
        return "on_step looks at every step"
    if not loop.zero_grad:
        return "gradients are not cleared"
    if loop.penalty is not None:
        return "a penalty is added to the loss"
    others = [
        s.name for s in probing.series if s.name not in ("scalars", "evaluation", "parameters")
    ]
    if others:
        return f"the probe {others[0]} looks into single steps"
    from simulate.training import fused

    return fused.obstacle(loop)


class _Report:
    """Tells how far a run is, not more than some times a second."""

    def __init__(self, progress: Progress | None, n_steps: int) -> None:
        self._progress, self._n_steps = progress, n_steps
        self._next = 0.0

    def __call__(self, step: int, loss: float) -> None:
        if self._progress is None:
            return
        now = time.perf_counter()
        if now >= self._next or step == self._n_steps:
            self._next = now + _PROGRESS_SECONDS
            self._progress(step, self._n_steps, f"loss {loss:.3g}")


def _path(checkpoint: Any) -> Path | None:
    if checkpoint is None:
        return None
    if not isinstance(checkpoint, str | Path):
        raise UserError(f"checkpoint is {arguments.shown(checkpoint)}; it takes a file's path")
    path = Path(checkpoint)
    if path.is_dir():
        raise UserError(f"checkpoint {path} is a folder; it takes a file's path")
    return path


def _attrs(loop: Loop, parts: Parts) -> dict[str, Any]:
    """What is true of the whole run; the results are those of its end."""
    sets, batches, model = parts.sets, loop.batches, loop.model
    params = [(name, list(param.shape)) for name, param in model.named_parameters()]
    buffers = [
        (name, list(buffer.shape), str(buffer.dtype).removeprefix("torch."))
        for name, buffer in state_buffers(model).items()
    ]
    found: dict[str, Any] = dict(parts.names)
    for part in ("train", "test", "test_all"):
        if part in sets:
            found[f"n_{part}"] = len(sets[part])
    if isinstance(batches, batching.Shuffled):
        whole, rest = batches.steps_per_epoch - 1, batches.n_examples
        found["batch_size"] = batches.size
        found["last_batch_size"] = rest - whole * batches.size
    elif parts.loader is not None and parts.loader.batch_size is not None:
        found["batch_size"] = parts.loader.batch_size
    if batches.steps_per_epoch is not None:
        found["steps_per_epoch"] = batches.steps_per_epoch
    found |= {
        "seed": loop.seed,
        "loss": loop.context.loss.long_name,
        "n_params": sum(param.numel() for param in model.parameters()),
        "param_shapes": json.dumps(params),
        "device": loop.context.device,
    }
    if buffers:
        found["buffer_shapes"] = json.dumps(buffers)
    # said of the data before the measure: test_accuracy_all, as n_test_all
    names = {"train": "train_{}", "test": "test_{}", "test_all": "test_{}_all"}
    end = loop.point(loop.n_steps)
    for part in sets:
        value, accuracy = end.evaluate(part)
        found[names[part].format("loss")] = value
        if accuracy is not None:
            found[names[part].format("accuracy")] = accuracy
    return found
