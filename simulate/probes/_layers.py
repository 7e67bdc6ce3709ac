"""How probes see what passes through a network's layers: public hooks, for one forward pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from simulate.errors import UserError


@dataclass
class Passed:
    """One call of a layer: its outputs, and (after a backward pass) the loss's gradient by them."""

    name: str
    module: nn.Module
    output: torch.Tensor
    gradient: torch.Tensor | None = None


@contextmanager
def watched(model: nn.Module, names: list[str] | None = None) -> Iterator[list[Passed]]:
    """Note every call of the layers inside this block, in their order.

    Parameters
    ----------
    names : list of str or None
        Of modules, as ``model.named_modules()`` has them. None takes those without parts of their
        own; a layer that is called again is noted as ``name:2``.

    Raises
    ------
    UserError
        If the model has no such module.
    """
    there = dict(model.named_modules())
    if names is None:
        chosen = {n: m for n, m in there.items() if next(m.children(), None) is None}
    else:
        unknown = [name for name in names if name not in there]
        if unknown:
            known = ", ".join(filter(None, there))[:300]
            raise UserError(f"the model has no layer {unknown[0]!r}; there is {known}")
        chosen = {name: there[name] for name in names}
    calls: list[Passed] = []
    times: dict[str, int] = {}

    def note(name: str, module: nn.Module, output: object) -> None:
        if not isinstance(output, torch.Tensor):
            return
        times[name] = times.get(name, 0) + 1
        label = (name or "model") + (f":{times[name]}" if times[name] > 1 else "")
        passed = Passed(label, module, output.detach().clone())  # the next may work in place
        calls.append(passed)
        if output.requires_grad:

            def keep(gradient: torch.Tensor) -> None:
                passed.gradient = gradient.detach().clone()

            output.register_hook(keep)

    handles = [
        module.register_forward_hook(lambda m, _, output, name=name: note(name, m, output))
        for name, module in chosen.items()
    ]
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def pull(model: nn.Module, loss: torch.Tensor) -> None:
    """Send the loss back through the network without touching its parameters' gradients."""
    params = [param for param in model.parameters() if param.requires_grad]
    torch.autograd.grad(loss, params, allow_unused=True)


def word(name: str) -> str:
    """Return a layer's name as part of a variable's: letters, digits and underscores."""
    return re.sub(r"\W+", "_", name).strip("_")


# Names of a layer's axes after the one of examples, by how many there are.
_AXES = {
    0: (),
    1: ("unit",),
    2: ("position", "unit"),
    3: ("channel", "y", "x"),
}


def dims(name: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return names for the axes of a layer's outputs, the first being that of examples.

    Raises
    ------
    UserError
        If there are more than four.
    """
    if len(shape) - 1 not in _AXES:
        raise UserError(f"outputs of layer {name!r} have shape {shape}; up to four axes have names")
    return ("example", *(f"{axis}_{word(name)}" for axis in _AXES[len(shape) - 1]))
