"""The one training loop: batch, stochastic and mini-batch gradient descent, and analytic surfaces.

Step 0 is the start. What is recorded for step k belongs to the parameters before step k's update:
the loss of step k's batch, its gradient's norm, the rate with which it is about to be used. The
last recorded step has the loss of the batch that would come next, and no update.

In the batch update the rate stands before the gradient, θ ← θ − η ∇J(θ), and it must be small
enough for the loss to fall; where it falls to may be a saddle.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate import registry, specs
from simulate.data import _load
from simulate.data._base import Data
from simulate.data.choice import Choice
from simulate.errors import RunError, UserError
from simulate.models import _base as models
from simulate.optimizers import _base as optimizers
from simulate.recording import variable
from simulate.schedules import _base as schedules
from simulate.surfaces import _base as surfaces
from simulate.training import losses
from simulate.training.device import synchronize

# Examples per forward pass when a whole set is evaluated: bounds the memory it takes.
EVALUATION_CHUNK = 4096
_PROGRESS_SECONDS = 0.1  # between two reports of progress

Progress = Callable[[int, int, str], object]
Function = Callable[[torch.Tensor], torch.Tensor]
LossFunction = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def execute(
    spec: specs.Run, choice: Choice | None = None, progress: Progress | None = None
) -> xr.Dataset:
    """Do what a spec says.

    Parameters
    ----------
    spec : Train or Descend
        The run.
    choice : Choice or None
        Which handwritten digits; None takes the embedded ones.
    progress : callable or None
        Called now and then with steps done, steps in all and a few words.

    Returns
    -------
    Dataset
        As `train` or `descend` return it.

    Raises
    ------
    UserError
        If the spec names a row or a setting that doesn't exist.
    RunError
        If the loss stops being finite.
    """
    if isinstance(spec, specs.Descend):
        row: surfaces.Surface = registry.load("surfaces", spec.surface)
        return descend(
            surfaces.function(spec.surface, spec.settings),
            row.start if spec.start is None else spec.start,
            optimizer=spec.optimizer.name,
            settings=spec.optimizer.settings,
            schedule=spec.schedule,
            steps=spec.steps,
            dtype=spec.dtype,
            progress=progress,
        )
    data = _load.load(spec.data, choice)
    model = models.make(spec.model.name, spec.model.settings, spec.seed)
    return train(
        model.to(getattr(torch, spec.dtype)),
        data,
        loss=spec.loss,
        optimizer=spec.optimizer.name,
        settings=spec.optimizer.settings,
        schedule=spec.schedule,
        batch_size=spec.batch_size,
        replacement=spec.replacement,
        epochs=spec.epochs,
        steps=spec.steps,
        seed=spec.seed,
        probes=spec.probes,
        backend=spec.backend,
        device=spec.device,
        progress=progress,
    )


def train(
    model: nn.Module,
    data: Data,
    *,
    loss: str | LossFunction = "cross_entropy",
    optimizer: str = "sgd",
    settings: dict[str, Any] | None = None,
    schedule: specs.Schedule | None = None,
    batch_size: int | None = None,
    replacement: bool = False,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int = 0,
    probes: specs.Probes | None = None,
    backend: str = "auto",
    device: str = "cpu",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Train a network and return what happened.

    Parameters
    ----------
    model : nn.Module
        Any network that takes (n, n_features); it is left trained, on `device`.
    data : Data
        Examples to train on and examples to evaluate on.
    loss : str or callable
        "cross_entropy", "mse", or a function of outputs and targets that averages over examples.
    optimizer : str
        A row of `simulate.optimizers`.
    settings : dict or None
        Merged over the row's defaults, such as ``{"lr": 0.1}``.
    schedule : specs.Schedule or None
        Course of the learning rate; None keeps it.
    batch_size : int or None
        Examples per step. None takes all of them, in their own order; else they are shuffled every
        epoch, and the last batch of an epoch is smaller where they don't divide evenly.
    replacement : bool
        Draw every batch anew, with replacement.
    epochs, steps : int or None
        How long; exactly one of them.
    seed : int
        Of the order of the examples. The same seed gives the same order, whatever the batch size.
    probes : specs.Probes or None
        What to record, and how often; None records everything at every step.
    backend : {"auto", "eager", "fused"}
        "fused" is `simulate.training.fused`; "auto" takes it where it can do the same thing.
    device : {"cpu", "cuda", "mps"}
        Where to train.
    progress : callable or None
        Called now and then with steps done, steps in all and a few words.

    Returns
    -------
    Dataset
        ``loss``, ``grad_norm``, ``lr``, ``seconds`` by ``step`` (each at its own point; seconds of
        training so far, without evaluation, absent from a fused run); ``train_loss``,
        ``test_loss``, ``train_accuracy``, ``test_accuracy``, ``epoch_steps``, ``epoch_seconds`` by
        ``epoch``, epoch 0 being the start; ``params`` (snapshot, param), the snapshots' coordinate
        being their step. Attributes say the rest, ``backend`` which loop ran.

    Raises
    ------
    UserError
        If the arguments don't go together, or name what doesn't exist.
    RunError
        If the loss stops being finite: the step and the rate are in the message.

    Examples
    --------
    >>> from simulate import specs
    >>> xor = _load.load(specs.Data(name="xor"))
    >>> net = models.make("mlp", {"widths": [2, 8, 2], "activation": "tanh"})
    >>> run = train(net, xor, optimizer="adam", settings={"lr": 0.05}, steps=200)
    >>> run.attrs["train_accuracy"]
    1.0
    """
    run = _Training(
        model=model.to(device),
        data=data,
        loss=losses.find(loss),
        batch_size=batch_size,
        replacement=replacement,
        seed=seed,
        device=device,
        probes=probes or specs.Probes(),
    )
    if (epochs is None) == (steps is None):
        raise UserError(f"epochs is {epochs} and steps is {steps}: give exactly one of them")
    n_steps = steps if steps is not None else (epochs or 0) * run.steps_per_epoch
    rule = optimizers.make(optimizer, model.parameters(), settings)
    lr = float(rule.param_groups[0]["lr"])
    course = _course(schedule, rule, n_steps)
    report = _Report(progress, n_steps)

    if backend not in ("auto", "eager", "fused"):
        raise UserError(f"no backend is called {backend!r}; there is auto, eager, fused")
    obstacle = "eager was asked for" if backend == "eager" else run.obstacle(rule, course)
    if backend == "fused" and obstacle:
        raise UserError(f"the fused backend can't do this run: {obstacle}; take backend 'auto'")
    if obstacle:
        series = _walk(
            list(model.parameters()),
            rule,
            course,
            run.objective,
            n_steps,
            every=run.probes.every,
            arrive=run.arrive,
            device=device,
            stop=not run.probes.allow_divergence,
            report=report,
        )
    else:
        series = _walk_fused(run, lr, n_steps, report)

    attrs = {
        **run.attrs(),
        "optimizer": optimizer,
        "lr": lr,
        "n_steps": n_steps,
        "backend": "eager" if obstacle else "fused",
    }
    return xr.Dataset(
        {
            **series.variables(f"{run.loss.long_name} of the batch", run.loss.units),
            **run.variables(n_steps),
        },
        coords=run.coords(series),
        attrs=attrs,
    )


def descend(
    function: Function,
    start: tuple[float, ...],
    *,
    optimizer: str = "sgd",
    settings: dict[str, Any] | None = None,
    schedule: specs.Schedule | None = None,
    steps: int = 100,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Walk down a function of a few parameters and return the path.

    A path that diverges is recorded as it is, infinities and NaN included.

    Parameters
    ----------
    function : callable
        The loss, a scalar Tensor, of θ, a Tensor of shape (n_params,).
    start : tuple of float
        θ at step 0.
    optimizer, settings, schedule, progress
        As in `train`.
    steps : int
        Number of updates.
    dtype : {"float64", "float32"}
        In which to compute.

    Returns
    -------
    Dataset
        ``theta`` and ``gradient`` (step, param), ``loss``, ``grad_norm``, ``lr`` and ``seconds``
        (step), all of them at θ of that step.
    """
    theta = torch.tensor(start, dtype=getattr(torch, dtype), requires_grad=True)
    rule = optimizers.make(optimizer, [theta], settings)
    course = _course(schedule, rule, steps)
    lr = float(rule.param_groups[0]["lr"])
    path = np.empty((steps + 1, len(start)), dtype)
    gradient = np.empty_like(path)

    def arrive(step: int, seconds: float) -> None:
        path[step] = theta.detach().numpy()

    def objective(step: int) -> torch.Tensor:
        return function(theta)

    def leave(step: int) -> None:
        if theta.grad is not None:
            gradient[step] = theta.grad.numpy()

    series = _walk(
        [theta],
        rule,
        course,
        objective,
        steps,
        arrive=arrive,
        leave=leave,
        stop=False,
        report=_Report(progress, steps),
    )
    return xr.Dataset(
        {
            "theta": variable(("step", "param"), path, "parameters"),
            "gradient": variable(("step", "param"), gradient, "gradient"),
            **series.variables("loss"),
        },
        coords={"step": series.step},
        attrs={
            "optimizer": optimizer,
            "lr": lr,
            "n_steps": steps,
            "n_params": len(start),
            "backend": "eager",
            "device": "cpu",
        },
    )


@dataclass
class _Series:
    """What is recorded of single steps."""

    step: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # empty where single steps aren't timed

    def variables(self, long_name: str, units: str = "") -> dict[str, xr.Variable]:
        """Return them labelled; name and units are those of the loss."""
        found = {
            "loss": variable("step", self.loss, long_name, units),
            "grad_norm": variable("step", self.grad_norm, "norm of the gradient"),
            "lr": variable("step", self.lr, "learning rate"),
        }
        if self.seconds:
            found["seconds"] = variable(
                "step", self.seconds, "training time so far", "seconds", measured=True
            )
        return found


class _Report:
    """Tells how far a run is, not more than some times a second."""

    def __init__(self, progress: Progress | None, n_steps: int) -> None:
        self._progress, self._n_steps = progress, n_steps
        self._next = 0.0

    def __call__(self, step: int, loss: float) -> None:
        now = time.perf_counter()
        if self._progress is not None and (now >= self._next or step == self._n_steps):
            self._next = now + _PROGRESS_SECONDS
            self._progress(step, self._n_steps, f"loss {loss:.3g}")


def _walk(
    params: list[nn.Parameter] | list[torch.Tensor],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler | None,
    objective: Callable[[int], torch.Tensor],
    n_steps: int,
    *,
    arrive: Callable[[int, float], None],
    leave: Callable[[int], None] = lambda step: None,
    every: int = 1,
    device: str = "cpu",
    stop: bool = True,
    report: _Report,
) -> _Series:
    """Forward, backward, step, again and again; the loop behind `train` and `descend`.

    `arrive(step, seconds)` is called at every point before its loss is computed, `leave(step)` when
    its gradient is known. `stop` ends the run where the loss isn't finite.
    """
    series = _Series()
    seconds = 0.0

    def forward_and_backward(step: int) -> torch.Tensor:
        optimizer.zero_grad()
        loss = objective(step)
        loss.backward()
        return loss

    for step in range(n_steps + 1):
        arrive(step, seconds)
        started = time.perf_counter()
        lr = float(optimizer.param_groups[0]["lr"])
        loss = forward_and_backward(step)
        value = loss.item()
        if step % every == 0 or step == n_steps:
            slopes = [param.grad for param in params if param.grad is not None]
            norm = torch.linalg.vector_norm(torch.stack([slope.norm() for slope in slopes]))
            series.step.append(step)
            series.loss.append(value)
            series.grad_norm.append(norm.item())
            series.lr.append(lr)
            series.seconds.append(seconds)
        leave(step)
        if stop and not math.isfinite(value):
            raise _diverged(step, lr, value)
        report(step, value)
        if step == n_steps:
            break
        optimizer.step(_Closure(loss, partial(forward_and_backward, step)))
        if schedule is not None:
            schedule.step()
        synchronize(device)
        seconds += time.perf_counter() - started
    return series


class _Closure:
    """What torch's optimizers call to get the loss and its gradient.

    Nearly all call it once, and both are known already; those that look at several points in one
    step, such as L-BFGS, call it again.
    """

    def __init__(self, known: torch.Tensor, compute: Callable[[], torch.Tensor]) -> None:
        self._known: torch.Tensor | None = known
        self._compute = compute

    def __call__(self) -> Any:  # torch's types ask for a float, its optimizers for a Tensor
        known, self._known = self._known, None
        return self._compute() if known is None else known


def _course(
    schedule: specs.Schedule | None, optimizer: torch.optim.Optimizer, n_steps: int
) -> torch.optim.lr_scheduler.LRScheduler | None:
    if schedule is None:
        return None
    return schedules.make(schedule.name, optimizer, n_steps, schedule.settings)


def _walk_fused(run: _Training, lr: float, n_steps: int, report: _Report) -> _Series:
    """Do the same for batches of one in compiled code, from one point of interest to the next."""
    from simulate.training import fused

    network = fused.Network(run.model)
    x, y = run.data.x_train.astype(np.float32), run.data.y_train.astype(np.int64)
    every = run.probes.every
    series = _Series()
    seconds, step = 0.0, 0
    while True:
        network.store()
        run.arrive(step, seconds)
        end = min(run.next_arrival(step), n_steps)
        last = step == n_steps
        order = run.order(step // run.steps_per_epoch)
        first = step % run.steps_per_epoch
        chosen = order[first : first + (1 if last else end - step)]
        started = time.perf_counter()
        found, norms, diverged = network.run(
            x, y, chosen, 0.0 if last else lr, first=step, every=1 if last else every
        )
        seconds += time.perf_counter() - started
        at = [k for k in range(step, step + len(chosen)) if last or k % every == 0][: len(found)]
        series.step += at
        series.loss += found.astype(float).tolist()
        series.grad_norm += norms.astype(float).tolist()
        series.lr += [lr] * len(at)
        if diverged is not None:
            raise _diverged(diverged, lr, math.nan)
        report(step, series.loss[-1])
        if last:
            return series
        step = end


def _diverged(step: int, lr: float, value: float) -> RunError:
    return RunError(f"the loss is {value} at step {step}, learning rate {lr:g}; try a smaller one")


@dataclass
class _Training:
    """One training run: its batches, its evaluations, its snapshots."""

    model: nn.Module
    data: Data
    loss: losses.Loss
    batch_size: int | None
    replacement: bool
    seed: int
    device: str
    probes: specs.Probes
    epochs: list[dict[str, float]] = field(default_factory=list)
    snapshots: dict[int, np.ndarray] = field(default_factory=dict)
    _order: tuple[int, np.ndarray] = (-1, np.empty(0, np.int64))

    def __post_init__(self) -> None:
        if self.batch_size is not None and not 1 <= self.batch_size <= self.n_train:
            raise UserError(
                f"batch_size is {self.batch_size}; there are {self.n_train} training examples"
            )

    @property
    def n_train(self) -> int:
        return len(self.data.x_train)

    @property
    def size(self) -> int:
        """Examples in every batch of an epoch but perhaps the last."""
        return self.batch_size or self.n_train

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.n_train / self.size)

    @cached_property
    def tensors(self) -> dict[str, torch.Tensor]:
        """All examples, on the device, in the model's own precision."""
        dtype = next(self.model.parameters()).dtype
        x_all, y_all = self.data.whole_test
        arrays = {
            "x_train": self.data.x_train,
            "y_train": self.data.y_train,
            "x_test": self.data.x_test,
            "y_test": self.data.y_test,
            "x_test_all": x_all,
            "y_test_all": y_all,
        }
        return {
            name: torch.as_tensor(values).to(
                self.device, None if values.dtype.kind == "i" else dtype
            )
            for name, values in arrays.items()
        }

    def order(self, epoch: int) -> np.ndarray:
        """Numbers of the examples in the order in which an epoch takes them, (n_train,), int64."""
        if self._order[0] != epoch:
            rng = np.random.default_rng([self.seed, epoch])
            if self.replacement:
                order = rng.integers(self.n_train, size=self.n_train)
            elif self.batch_size is None:
                order = np.arange(self.n_train)
            else:
                order = rng.permutation(self.n_train)
            self._order = epoch, order
        return self._order[1]

    def objective(self, step: int) -> torch.Tensor:
        """The loss of a step's batch, to be differentiated."""
        x, y = self.tensors["x_train"], self.tensors["y_train"]
        if self.batch_size is not None or self.replacement:
            epoch, number = divmod(step, self.steps_per_epoch)
            chosen = self.order(epoch)[number * self.size : (number + 1) * self.size]
            which = torch.from_numpy(chosen).to(self.device)
            x, y = x[which], y[which]
        return self.loss.function(self.model(x), y)

    def obstacle(
        self,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler | None,
    ) -> str:
        """Why the run can't be fused, in words; empty if it can."""
        if self.batch_size != 1:  # spares the others the import of a compiler
            return "batches have more than one example"
        if self.probes.allow_divergence:
            return "it may diverge"
        from simulate.training import fused

        return fused.obstacle(
            self.model,
            self.loss.function,
            optimizer,
            scheduled=schedule is not None,
            device=self.device,
        )

    def arrive(self, step: int, seconds: float) -> None:
        """Evaluate and take a snapshot where this step is one for it."""
        every = self.probes.params
        if step == 0 or (every is not None and step % every == 0):
            self.snapshots[step] = self._flat()
        if self.probes.evaluate and step % self.steps_per_epoch == 0:
            found = {"epoch_steps": step, "epoch_seconds": seconds}
            for part in ("train", "test"):
                loss, accuracy = self._evaluate(part)
                found[f"{part}_loss"] = loss
                found[f"{part}_accuracy"] = accuracy
            self.epochs.append(found)

    def next_arrival(self, step: int) -> int:
        """The next step after this one that `arrive` has to see."""
        strides = [self.steps_per_epoch, self.probes.params or self.steps_per_epoch]
        return min((step // stride + 1) * stride for stride in strides)

    def attrs(self) -> dict[str, Any]:
        """What is true of the whole run; the results are those of its end."""
        n_train, size = self.n_train, self.size
        named = [(name, list(param.shape)) for name, param in self.model.named_parameters()]
        found = {
            "dataset": self.data.label,
            "n_train": n_train,
            "n_test": len(self.data.x_test),
            "n_test_all": len(self.data.whole_test[0]),
            "batch_size": size,
            "last_batch_size": n_train - (self.steps_per_epoch - 1) * size,
            "steps_per_epoch": self.steps_per_epoch,
            "seed": self.seed,
            "loss": self.loss.long_name,
            "n_params": sum(param.numel() for param in self.model.parameters()),
            "param_shapes": json.dumps(named),
            "device": self.device,
        }
        for part in ("train", "test", "test_all"):
            loss, accuracy = self._evaluate(part)
            found[f"{part}_loss"] = loss
            if self.data.n_classes is not None:
                found[f"{part}_accuracy"] = accuracy
        # said of the data before the measure: test_accuracy_all, as n_test_all
        found["test_loss_all"] = found.pop("test_all_loss")
        if self.data.n_classes is not None:
            found["test_accuracy_all"] = found.pop("test_all_accuracy")
        return found

    def variables(self, n_steps: int) -> dict[str, xr.Variable]:
        """What is recorded by epoch and by snapshot."""
        self.snapshots[n_steps] = self._flat()
        params = np.stack(list(self.snapshots.values()))
        found = {"params": variable(("snapshot", "param"), params, "parameters")}
        if not self.epochs:
            return found
        series = {name: [epoch[name] for epoch in self.epochs] for name in self.epochs[0]}
        for part in ("train", "test"):
            found[f"{part}_loss"] = variable(
                "epoch", series[f"{part}_loss"], f"{part} {self.loss.long_name}", self.loss.units
            )
            if self.data.n_classes is not None:
                found[f"{part}_accuracy"] = variable(
                    "epoch", series[f"{part}_accuracy"], f"{part} accuracy"
                )
        found["epoch_steps"] = variable("epoch", series["epoch_steps"], "steps so far")
        found["epoch_seconds"] = variable(
            "epoch", series["epoch_seconds"], "training time so far", "seconds", measured=True
        )
        return found

    def coords(self, series: _Series) -> dict[str, Any]:
        """The numbers of recorded steps, epochs and snapshots."""
        found: dict[str, Any] = {"step": series.step, "snapshot": list(self.snapshots)}
        if self.epochs:
            found["epoch"] = np.arange(len(self.epochs))
        return found

    def _flat(self) -> np.ndarray:
        """All parameters in the order of ``model.parameters()``, a copy, (n_params,)."""
        with torch.no_grad():
            return torch.cat([param.flatten() for param in self.model.parameters()]).cpu().numpy()

    @torch.no_grad()
    def _evaluate(self, part: str) -> tuple[float, float]:
        """Mean loss and accuracy over "train", "test" or "test_all"; accuracy NaN if there is none.

        Dropout and batch normalisation are in their evaluation mode meanwhile.
        """
        x, y = self.tensors[f"x_{part}"], self.tensors[f"y_{part}"]
        was_training = self.model.training
        self.model.eval()
        total, right = 0.0, 0.0
        for first in range(0, len(x), EVALUATION_CHUNK):
            targets = y[first : first + EVALUATION_CHUNK]
            outputs = self.model(x[first : first + EVALUATION_CHUNK])
            total += self.loss.function(outputs, targets).item() * len(targets)
            if self.data.n_classes is not None:
                hits = outputs.argmax(-1) == targets  # (n,), or (network, n) of many at once
                right += hits.sum().item() * len(targets) / hits.numel()
        self.model.train(was_training)
        return total / len(x), (math.nan if self.data.n_classes is None else right / len(x))
