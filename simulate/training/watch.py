"""Recording somebody else's training loop without taking it over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import torch
import xarray as xr
from torch import nn
from torch.utils.hooks import RemovableHandle

from simulate.errors import UserError
from simulate.training import arguments, losses, still
from simulate.training import device as devices
from simulate.training.examples import Cast, parts
from simulate.training.forward import Forward
from simulate.training.probing import Probing
from simulate.training.steps import Context, Step, gradients_of

STRIDE = 20  # seldom enough for a small network: a step that is looked at takes half as long again


def watch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    loss: Any = None,
    record: Sequence[Any] | None = None,
    examples: Any = None,
    test: Any = None,
) -> Watch:
    """Record a training loop that isn't ours, through the hooks of its model and optimizer.

    Parameters
    ----------
    model : nn.Module
        The network that the loop calls.
    optimizer : torch.optim.Optimizer
        The one whose ``step()`` the loop calls.
    loss : nn.Module, str, callable or None
        A criterion that the loop calls is watched for its values; for probes that need the loss
        again, a name or function does. Without a criterion, tell values with `Watch.see`.
    record : list or None
        As in `simulate.train`. None takes "scalars" every 20 steps.
    examples, test
        As `train` and `test` of `simulate.train`, for probes that look at them.

    Returns
    -------
    Watch
        ``.data`` is what was recorded so far; it ends with `Watch.close`, or as a context manager.

    Raises
    ------
    UserError
        If an argument can't be taken.

    Examples
    --------
    >>> net = nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    >>> criterion = nn.MSELoss()
    >>> with watch(net, optimizer, loss=criterion) as watched:
    ...     for _ in range(30):
    ...         optimizer.zero_grad()
    ...         criterion(net(torch.ones(4, 2)), torch.zeros(4, 1)).backward()
    ...         optimizer.step()
    >>> watched.data.step.values.tolist()
    [0, 20]
    """
    arguments.model(model)
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise UserError(
            f"optimizer is {arguments.shown(optimizer)}; it takes the torch.optim.Optimizer whose "
            "step() the loop calls"
        )
    return Watch(model, optimizer, loss, record, examples, test)


class Watch:
    """A loop that is being watched; see `watch`."""

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        loss: Any,
        record: Any,
        examples: Any,
        test: Any,
    ) -> None:
        from simulate.probes._base import probe

        self._model, self._optimizer = model, optimizer
        self._probing = Probing(record or [probe("scalars", every=STRIDE)], None)
        found = losses.Loss(_no_loss, "loss") if loss is None else losses.find(loss)
        device = str(next(model.parameters()).device)
        self._context = Context(found, Forward(model), device=device)
        if examples is not None:
            given = parts(examples, test, Cast(model, found, device))
            self._context.sets, self._context.classes = given.sets, given.classes
        self._number, self._started = 0, time.perf_counter()
        self._own = 0.0  # seconds that watching itself took
        self._criterion = loss if isinstance(loss, nn.Module) else None
        self._looks_back = any(series.looks_back for series in self._probing.series)
        self._counting = optimizer.register_step_post_hook(self._after_update)
        self._handles: list[RemovableHandle] = []  # of the hooks that only a step that is due has
        self._expect()

    @property
    def data(self) -> xr.Dataset:
        """What was recorded so far, as `simulate.train` returns it."""
        return self._probing.dataset().assign_attrs(
            optimizer=type(self._optimizer).__name__,
            loss=self._context.loss.long_name,
            n_steps=self._number,
            n_params=sum(param.numel() for param in self._model.parameters()),
            device=self._context.device,
            backend="watched",
        )

    def see(self, loss: torch.Tensor | float) -> None:
        """Tell the loss of this step, before the optimizer's."""
        if self._due:
            self._loss = torch.as_tensor(loss).detach()

    def close(self) -> None:
        """Watch no longer; the model and the optimizer are as they were."""
        self._counting.remove()
        self._forget()

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _expect(self) -> None:
        """Get ready for the next step: one that is not due costs a count and nothing else."""
        self._loss, self._targets = _UNKNOWN, None
        self._inputs: Any = None
        self._outputs: Any = None
        self._began: tuple[still.Buffers, list[torch.Tensor]] | None = None
        self._due: bool = self._probing.is_due(self._number, False)
        if self._due:
            model = self._model
            self._handles = [
                model.register_forward_pre_hook(self._before_forward),
                model.register_forward_hook(self._after_forward),
                self._optimizer.register_step_pre_hook(self._before_update),
            ]
            if self._criterion is not None:
                self._handles.append(self._criterion.register_forward_hook(self._after_loss))

    def _forget(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _before_forward(self, module: nn.Module, args: Any) -> None:
        if self._due and self._inputs is None and module.training:
            self._inputs = args[0] if len(args) == 1 else args
            if self._looks_back:
                random = devices.random_state(self._context.device)
                self._began = still.keep_buffers(module), random

    def _after_forward(self, module: nn.Module, args: Any, outputs: Any) -> None:
        if self._due and module.training:
            self._outputs = outputs

    def _after_loss(self, module: nn.Module, args: Any, value: Any) -> None:
        if self._due and isinstance(value, torch.Tensor):
            self._loss = value.detach()
            self._targets = args[1] if len(args) > 1 else None

    def _before_update(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        started = time.perf_counter()
        named = self._model.named_parameters()
        gradients = gradients_of(named)
        step = Step(
            number=self._number,
            model=self._model,
            optimizer=optimizer,
            batch=(self._inputs, self._targets),
            outputs=self._outputs,
            loss=self._loss,
            gradients=gradients,
            applied=gradients,
            lr=float(optimizer.param_groups[0]["lr"]),
            seconds=started - self._started - self._own,
            epoch=0,
            starts_epoch=self._number == 0,
            last=False,
            context=self._context,
            began=self._began,
        )
        self._due = False  # what probes send through the model is not the loop's
        self._probing.see(step)
        self._own += time.perf_counter() - started

    def _after_update(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        self._number += 1
        if self._handles or self._probing.is_due(self._number, False):
            self._forget()
            self._expect()


_UNKNOWN = torch.tensor(torch.nan)  # the loss that nobody told


def _no_loss(outputs: Any, targets: Any) -> torch.Tensor:
    raise UserError("the loss isn't known; give watch a loss")
