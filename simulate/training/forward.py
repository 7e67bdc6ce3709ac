"""One way to send inputs through somebody's model, and to evaluate it on a set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from simulate.errors import UserError
from simulate.training import arguments, losses
from simulate.training.examples import Examples
from simulate.training.still import undisturbed


class Forward:
    """Calls a model, and keeps its inputs from it where it works on them in place.

    What a model raises on inputs that it can't take is a `UserError` that tells their shape.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._in_place: dict[bool, bool] = {}  # by mode; the first call in each finds out

    def __call__(self, inputs: Any) -> Any:
        """Return the model's outputs."""
        try:
            return self._call(inputs)
        except Exception as error:
            raise UserError(
                f"the model can't take inputs of {sizes(inputs)}: {arguments.one_line(error)}"
            ) from error

    def _call(self, inputs: Any) -> Any:
        mode = self._model.training
        if not isinstance(inputs, torch.Tensor):
            return call(self._model, _cloned(inputs))
        if self._in_place.get(mode, True):
            given = inputs.clone()
            version = given._version
            outputs = self._model(given)
            self._in_place[mode] = self._in_place.get(mode, False) or given._version != version
            return outputs
        return self._model(inputs)


def compute(loss: losses.Loss, outputs: Any, targets: Any) -> torch.Tensor:
    """Return a loss; a `UserError` that tells the shapes if it can't take them."""
    try:
        if loss.real and outputs.shape != targets.shape:
            raise ValueError("they need one shape")  # torch would stretch one over the other
        return loss.function(outputs, targets)
    except UserError:
        raise
    except Exception as error:
        raise UserError(
            f"the loss can't take outputs of {sizes(outputs)} and targets of {sizes(targets)}: "
            f"{arguments.one_line(error)}"
        ) from error


def sizes(values: Any) -> str:
    """Return shapes and types in words, for a message."""
    if isinstance(values, torch.Tensor):
        return f"shape {tuple(values.shape)}, {str(values.dtype).removeprefix('torch.')}"
    if isinstance(values, tuple | list):
        return f"({'; '.join(map(sizes, values))})"
    return arguments.shown(values)


def call(model: nn.Module, inputs: Any) -> Any:
    """Return the model's outputs; several inputs are given to it one by one."""
    if isinstance(inputs, tuple | list):
        return model(*inputs)
    if isinstance(inputs, Mapping):
        return model(**inputs)
    return model(inputs)


def _cloned(inputs: Any) -> Any:
    if isinstance(inputs, torch.Tensor):
        return inputs.clone()
    if isinstance(inputs, tuple | list):
        return type(inputs)(map(_cloned, inputs))
    return {name: _cloned(value) for name, value in inputs.items()}


def evaluate(
    model: nn.Module,
    examples: Examples,
    loss: losses.Loss,
    *,
    device: str = "cpu",
    classes: bool = True,
    forward: Forward | None = None,
) -> tuple[float, float | None]:
    """Return mean loss and accuracy over a set, in evaluation mode, moving nothing.

    A loss that isn't known to be a plain mean is computed once, of the outputs for all examples.

    Parameters
    ----------
    classes : bool
        Whether accuracy is asked for; it is None where it isn't defined.
    """
    forward = forward or Forward(model)
    with undisturbed(model, device, training=False, seed=0), torch.no_grad():
        in_parts = not any(_looks_across_examples(module) for module in model.modules())
        chunks = list(examples.chunks()) if in_parts else [examples.take(None)]
        count = sum(map(_count, (targets for _, targets in chunks)))
        plain = all(losses.is_plain_mean(loss, targets) for _, targets in chunks)
        total, right, answered = 0.0, 0, 0
        kept: list[tuple[Any, Any]] = []
        for inputs, targets in chunks:
            outputs = forward(inputs)
            if plain:
                total += _value(loss, outputs, targets) * _count(targets)
            else:
                kept.append((outputs, targets))
            found = losses.hits(outputs, targets, loss) if classes else None
            if found is None:
                classes = False
            else:
                right += int(found.sum())
                answered += found.numel()
        value = total / count if plain else _whole(kept, loss, examples, forward)
    return value, right / answered if classes and answered else None


def _whole(kept: list, loss: losses.Loss, examples: Examples, forward: Forward) -> float:
    """Return the loss of all outputs at once."""
    if len(kept) == 1:
        return _value(loss, *kept[0])
    by_example = all(
        isinstance(outputs, torch.Tensor)
        and isinstance(targets, torch.Tensor)
        and outputs.shape[:1] == targets.shape[:1]
        for outputs, targets in kept
    )
    if by_example and len({(o.shape[1:], t.shape[1:]) for o, t in kept}) == 1:
        outputs, targets = (torch.cat(part) for part in zip(*kept, strict=True))
        return _value(loss, outputs, targets)
    try:
        inputs, targets = examples.take(None)
    except UserError as error:
        raise UserError(
            f"the loss, {loss.long_name}, may not be a plain mean over examples, and the set "
            f"can't be evaluated in one piece ({error})"
        ) from None
    return _value(loss, forward(inputs), targets)


def _value(loss: losses.Loss, outputs: Any, targets: Any) -> float:
    return float(compute(loss, outputs, targets))


def _count(targets: Any) -> int:
    if isinstance(targets, torch.Tensor):
        return len(targets)
    first = next(iter(targets.values())) if isinstance(targets, Mapping) else targets[0]
    return _count(first)


def _looks_across_examples(module: nn.Module) -> bool:
    """Tell whether a part takes its statistics from the batch even in evaluation mode."""
    batch_norm = isinstance(module, nn.modules.batchnorm._BatchNorm)
    return batch_norm and getattr(module, "running_mean", None) is None
