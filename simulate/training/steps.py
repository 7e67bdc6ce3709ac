"""The loop: forward, backward, a step of the optimizer, again and again.

`steps` yields every step between its backward pass and its update. `simulate.train` and
`simulate.descend` are loops over it, and so is what anybody writes over it themselves.

Step 0 is the start. What a step holds belongs to the parameters before its update: the loss of its
batch, the gradients, the rate with which they are about to be used. The last step has the loss of
the batch that would come next, and no update.

The state of a run is everything that is not said in its arguments: parameters, buffers, the
optimizer's and the schedule's own, torch's generator, and the place in the data with the generator
that orders them. Looking at a step moves none of it.
"""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LRScheduler

from simulate.errors import RunError, UserError
from simulate.training import arguments, losses, penalties, still
from simulate.training import batches as batching
from simulate.training import device as devices
from simulate.training import examples as giving
from simulate.training.forward import Forward, compute, evaluate, sizes

Gradients = dict[str, torch.Tensor]


@dataclass(kw_only=True)
class Step:
    """One step, after its backward pass and before its update.

    Attributes
    ----------
    number : int
        0 for the first.
    model : nn.Module
    optimizer : torch.optim.Optimizer
    batch : tuple
        Inputs and targets.
    outputs
        What the model made of the inputs.
    loss : Tensor, shape ()
        Of this batch, without a penalty.
    gradients : dict of str to Tensor
        By parameter, what the backward pass of this step found: of loss and penalty.
    lr : float
        With which the update is about to be done.
    seconds : float
        Of training before this step: forward, backward, updates, fetching of batches.
    epoch : int
        Passes over the examples that are complete.
    starts_epoch, last : bool
        Whether the batch is the first of its epoch, and whether no update will follow.
    context : Context
        What is the same for all steps of a run.
    """

    number: int
    model: nn.Module
    optimizer: torch.optim.Optimizer
    batch: giving.Batch
    outputs: Any
    loss: torch.Tensor
    gradients: Gradients
    lr: float
    seconds: float
    epoch: int
    starts_epoch: bool
    last: bool
    context: Context
    # What the optimizer is about to use: the sums so far under zero_grad=False, else `gradients`.
    applied: Gradients
    # What was added to the loss for the size of the weights; None where nothing is.
    penalty: torch.Tensor | None = None
    # Buffers and torch's generators when the step began; None where nobody wants to look back.
    began: tuple[still.Buffers, list[torch.Tensor]] | None = None

    def evaluate(self, part: str = "test") -> tuple[float, float | None]:
        """Return mean loss and accuracy over a whole set, before this step.

        Parameters
        ----------
        part : {"train", "test", "test_all"}
            Which set.

        Returns
        -------
        loss : float
        accuracy : float or None
            None where the targets are no classes.

        Raises
        ------
        UserError
            If the run has no such set.
        """
        context = self.context
        if part not in context.sets:
            there = ", ".join(context.sets) or "none"
            raise UserError(f"the run has no set {part!r} to evaluate on; there is {there}")
        examples = context.sets[part]
        key = self.number, id(examples)
        if key not in context.evaluated:  # the last one's numbers are wanted twice
            with self.still(training=False):
                context.evaluated = {k: v for k, v in context.evaluated.items() if k[0] == key[0]}
                context.evaluated[key] = evaluate(
                    self.model,
                    examples,
                    context.loss,
                    device=context.device,
                    classes=context.classes,
                    forward=context.forward,
                )
        return context.evaluated[key]

    def fixed(self, n_examples: int = 8) -> giving.Batch:
        """Return the first training examples, the same ones at every step."""
        import numpy as np

        examples = self.context.sets.get("train")
        if examples is None:
            raise UserError(
                "the training examples have no numbers, so there is no fixed batch of them; give "
                "a Dataset, or a DataLoader of one"
            )
        return examples.take(np.arange(min(n_examples, len(examples))))

    @contextmanager
    def still(self, *, training: bool = True) -> Iterator[None]:
        """Be at the start of this step: buffers and torch's generators as they were then.

        What is done inside, a forward pass for instance, moves nothing; the same forward pass as
        the step's own draws the same dropout masks.

        Parameters
        ----------
        training : bool
            Whether modes are left as they are for training; else all is in evaluation mode.
        """
        if self.began is None:
            raise UserError(f"step {self.number} was not kept to be looked at again")
        device = self.context.device
        with still.undisturbed(self.model, device, training=training):
            buffers, random = self.began
            still.put_back(buffers)
            devices.set_random_state(random, device)
            yield

    def again(self, inputs: Any = None) -> Any:
        """Return the model's outputs for its batch or other inputs; call it inside `still`."""
        return self.context.forward(self.batch[0] if inputs is None else inputs)


def gradients_of(named: Iterable[tuple[str, nn.Parameter]]) -> Gradients:
    """Return the gradients that there are, by name; sparse ones, of embeddings, with their zeros.

    The parameters keep theirs as they are: that is what the optimizer takes.
    """
    grads = ((name, param.grad) for name, param in named)
    return {
        name: grad.to_dense() if grad.is_sparse else grad
        for name, grad in grads
        if grad is not None
    }


@dataclass
class Context:
    """What is the same for all steps of a run: the loss, the sets, the device."""

    loss: losses.Loss
    forward: Forward
    sets: dict[str, giving.Examples] = field(default_factory=dict)
    classes: bool = True
    device: str = "cpu"
    of_batch: bool = True  # whether the loss is that of a batch
    batch_size: int | None = None  # of every batch but perhaps the last; None: nobody knows
    evaluated: dict[tuple[int, int], tuple[float, float | None]] = field(default_factory=dict)


@dataclass
class Loop:
    """A run in progress; iterating takes its steps.

    Attributes
    ----------
    n_steps : int
        Updates in all.
    looked_at : callable
        ``looked_at(number, starts_epoch)``: whether somebody wants to look back at that step.
    before : callable or None
        Called with a step's number before anything of it is done: when the state is whole.
    number, seconds
        The next step, and the training time before it.
    """

    model: nn.Module
    batches: batching.Batches
    optimizer: torch.optim.Optimizer
    context: Context
    n_steps: int
    schedule: LRScheduler | None = None
    zero_grad: bool = True
    penalty: penalties.Penalty | None = None
    seed: int = 0
    looked_at: Callable[[int, bool], bool] = lambda number, starts_epoch: True
    before: Callable[[int], object] | None = None
    number: int = 0
    seconds: float = 0.0
    random: list[torch.Tensor] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = devices.seeded_state(self.seed, self.context.device)
        self._named = list(self.model.named_parameters())
        self._has_buffers = next(self.model.buffers(), None) is not None
        self._takes_closure = bool(inspect.signature(self.optimizer.step).parameters)

    def __iter__(self) -> Iterator[Step]:
        device = self.context.device
        first = self.number
        for number in range(first, self.n_steps + 1):
            self.number = number
            if self.before is not None:
                self.before(number)
            last = number == self.n_steps
            started = time.perf_counter()
            lr = float(self.optimizer.param_groups[0]["lr"])
            if not 0 <= lr < math.inf:
                raise RunError(f"the learning rate is {lr:g} at step {number}: see the schedule")
            ahead = still.undisturbed(self.model, device) if last else None
            if ahead is not None:
                ahead.__enter__()
            try:
                batch = self.batches.batch(number)
                starts_epoch = self.batches.starts_epoch
                began = None
                if self.looked_at(number, starts_epoch):
                    kept = still.keep_buffers(self.model) if self._has_buffers else []
                    began = kept, self.random
                outputs, loss, penalty, gradients = self._differentiate(
                    batch, careful=number == first
                )
            finally:
                if ahead is not None:
                    ahead.__exit__(None, None, None)
            took = time.perf_counter() - started
            yield Step(
                number=number,
                model=self.model,
                optimizer=self.optimizer,
                batch=batch,
                outputs=outputs,
                loss=loss,
                gradients=gradients,
                lr=lr,
                seconds=self.seconds,
                epoch=self.batches.epoch,
                starts_epoch=starts_epoch,
                last=last,
                context=self.context,
                applied=gradients if self.zero_grad else self._applied(),
                penalty=penalty,
                began=began,
            )
            if last:
                return
            started = time.perf_counter()
            with self._going_on("optimizer", self.optimizer):
                if self._takes_closure:
                    again = partial(self._loss_again, batch)
                    self.optimizer.step(_Closure(_total(loss, penalty), again))
                else:
                    self.optimizer.step()
            if self.schedule is not None:
                with self._going_on("schedule", self.schedule):
                    self.schedule.step()
            devices.synchronize(device)
            self.seconds += took + time.perf_counter() - started

    def _differentiate(
        self, batch: giving.Batch, *, careful: bool = False
    ) -> tuple[Any, torch.Tensor, torch.Tensor | None, Gradients]:
        """Forward and backward, with torch's generator in the run's own state."""
        device = self.context.device
        outer = devices.random_state(device)
        devices.set_random_state(self.random, device)
        kept = None if self.zero_grad else [param.grad for _, param in self._named]
        (self.optimizer if self.zero_grad else self.model).zero_grad()
        inputs, targets = batch
        try:
            outputs = self.context.forward(inputs)
            loss = compute(self.context.loss, outputs, targets)
            penalty = None if self.penalty is None else self.penalty(self.model)
            if careful:
                _check(loss)
                if penalty is not None:
                    _check(penalty, "penalty")
            _total(loss, penalty).backward()
        finally:
            self.random = devices.random_state(device)
            devices.set_random_state(outer, device)
        gradients = gradients_of(self._named)
        if kept is not None:
            for (_, param), old in zip(self._named, kept, strict=True):
                if old is not None:
                    param.grad = old if param.grad is None else old + param.grad
        return outputs, loss, None if penalty is None else penalty.detach(), gradients

    @contextmanager
    def _going_on(self, what: str, given: object) -> Iterator[None]:
        try:
            yield
        except (UserError, RunError):
            raise
        except Exception as error:
            raise RunError(
                f"{what} {type(given).__name__} can't go on after step {self.number} of "
                f"{self.n_steps}: {arguments.one_line(error)}"
            ) from error

    def point(
        self, number: int, *, lr: float = 0.0, epoch: int = 0, starts_epoch: bool = False
    ) -> Step:
        """Return the run's present point as a step without a batch, to be evaluated."""
        return Step(
            number=number,
            model=self.model,
            optimizer=self.optimizer,
            batch=((), ()),
            outputs=None,
            loss=torch.tensor(math.nan),
            gradients={},
            lr=lr,
            seconds=self.seconds,
            epoch=epoch,
            starts_epoch=starts_epoch,
            last=number == self.n_steps,
            context=self.context,
            applied={},
            began=([], self.random),
        )

    def _applied(self) -> Gradients:
        return gradients_of(self._named)

    def _loss_again(self, batch: giving.Batch) -> torch.Tensor:
        _, loss, penalty, _ = self._differentiate(batch)
        return _total(loss, penalty)

    def state(self) -> dict[str, Any]:
        """Return all that it takes to go on from the start of step `number`."""
        return {
            "number": self.number,
            "seconds": self.seconds,
            "params": [param.detach() for _, param in self._named],
            "buffers": [buffer for _, _, _, buffer in still.keep_buffers(self.model)],
            "gradients": None if self.zero_grad else [param.grad for _, param in self._named],
            "optimizer": self.optimizer.state_dict(),
            "schedule": None if self.schedule is None else self.schedule.state_dict(),
            "random": self.random,
            "batches": self.batches.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        with torch.no_grad():
            for (_, param), values in zip(self._named, state["params"], strict=True):
                param.copy_(values)
        kept = still.keep_buffers(self.model)
        still.put_back([(*old[:3], new) for old, new in zip(kept, state["buffers"], strict=True)])
        if state["gradients"] is not None:
            for (_, param), values in zip(self._named, state["gradients"], strict=True):
                param.grad = None if values is None else values.to(param.device)
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule is not None:
            self.schedule.load_state_dict(state["schedule"])
        self.number, self.seconds = state["number"], state["seconds"]
        self.random = state["random"]
        self.batches.restore(state["batches"], self.number)


def steps(
    model: nn.Module,
    batches: Any,
    optimizer: Any,
    loss: Any = "cross_entropy",
    *,
    test: Any = None,
    lr: float | None = None,
    schedule: Any = None,
    batch_size: int | None = None,
    replacement: bool = False,
    in_order: bool = False,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int = 0,
    zero_grad: bool = True,
    penalty: Any = None,
    device: str = "cpu",
) -> Iterator[Step]:
    """Train, and hand out every step before its update.

    Parameters are those of `simulate.train`, `batches` being its `train`. Nothing is recorded and
    nothing is stopped: leave the loop when it has done what it should.

    Yields
    ------
    Step
        The model changes when the next one is asked for.

    Raises
    ------
    UserError
        If the arguments don't go together, or name what doesn't exist.

    Examples
    --------
    >>> import torch
    >>> x = torch.linspace(-1, 1, 64)[:, None]
    >>> line = torch.nn.Linear(1, 1)
    >>> for step in steps(line, (x, 2 * x + 1), "sgd", "mse", lr=0.5, steps=60):
    ...     if step.loss < 1e-4:
    ...         break
    >>> round(line.bias.item(), 1)
    1.0
    """
    loop, _ = prepare(
        model,
        batches,
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
    return iter(loop)


def prepare(
    model: Any,
    train: Any,
    *,
    test: Any,
    loss: Any,
    optimizer: Any,
    lr: Any,
    schedule: Any,
    batch_size: Any,
    replacement: bool,
    in_order: bool,
    epochs: Any,
    steps: Any,
    seed: Any,
    zero_grad: bool,
    penalty: Any,
    device: str,
) -> tuple[Loop, giving.Parts]:
    """Return the loop that arguments of `simulate.train` ask for, checked, and its examples."""
    arguments.model(model)
    seed = arguments.seed(seed)
    batch_size = arguments.count(batch_size, "batch_size", none=True)
    epochs = arguments.count(epochs, "epochs", none=True)
    steps = arguments.count(steps, "steps", none=True)
    if (epochs is None) == (steps is None):
        raise UserError(f"epochs is {epochs} and steps is {steps}: give exactly one of them")
    found = losses.find(loss)
    device = devices.choose(device)
    model = model.to(device)
    if isinstance(found.function, nn.Module):
        found.function.to(device)
    if not model.training:  # given as a whole in evaluation mode, which is not how one trains
        model.train()
    parts = giving.parts(train, test, giving.Cast(model, found, device))
    if parts.loader is not None:
        for name, value in (("batch_size", batch_size), ("replacement", replacement or None)):
            if value is not None:
                raise UserError(f"{name} is {value}, but train is a DataLoader, which has its own")
        loaded = batching.Loaded(parts.loader, giving.Cast(model, found, device), seed)
        batches: batching.Batches = loaded
    else:
        batches = batching.Shuffled(
            parts.sets["train"],
            batch_size,
            replacement=replacement,
            in_order=in_order,
            seed=seed,
        )
    if steps is None:
        assert epochs is not None
        if batches.steps_per_epoch is None:
            raise UserError("train is a DataLoader without a length; give steps, not epochs")
        steps = epochs * batches.steps_per_epoch
    made = arguments.optimizer(optimizer, list(model.parameters()), lr)
    size = batches.size if isinstance(batches, batching.Shuffled) else None
    if parts.loader is not None:
        size = parts.loader.batch_size
    context = Context(found, Forward(model), parts.sets, parts.classes, device, batch_size=size)
    loop = Loop(
        model=model,
        batches=batches,
        optimizer=made,
        schedule=arguments.schedule(schedule, made, steps),
        context=context,
        n_steps=steps,
        zero_grad=bool(zero_grad),
        penalty=penalties.find(penalty),
        seed=seed,
    )
    return loop, parts


def check_finite(step: Step, value: float) -> None:
    """Raise a `RunError` if the loss is no longer finite: it says whether the data are to blame."""
    if math.isfinite(value):
        return
    found = f"the loss is {value} at step {step.number}"
    for role, values in zip(("inputs", "targets"), step.batch, strict=True):
        if not _is_finite(values):
            raise RunError(f"{found}: {role} of its training examples are not finite numbers")
    raise RunError(f"{found}, learning rate {step.lr:g}; try a smaller one")


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


def _total(loss: torch.Tensor, penalty: torch.Tensor | None) -> torch.Tensor:
    """Return what is differentiated."""
    return loss if penalty is None else loss + penalty


def _check(loss: Any, called: str = "loss") -> None:
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        what = f"a tensor of {sizes(loss)}" if isinstance(loss, torch.Tensor) else repr(loss)[:60]
        raise UserError(f"the {called} returns {what}; it takes a function that returns one number")
    if not loss.requires_grad:
        raise UserError(f"the {called} has no gradient: it doesn't hang on the model's parameters")


def _is_finite(values: Any) -> bool:
    if isinstance(values, torch.Tensor):
        return not values.is_floating_point() or bool(torch.isfinite(values).all())
    if isinstance(values, dict):
        return all(map(_is_finite, values.values()))
    return all(map(_is_finite, values)) if isinstance(values, tuple | list) else True
