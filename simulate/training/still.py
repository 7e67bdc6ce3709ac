"""Looking at a network without moving it: its modes, buffers and torch's generators stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from simulate.training import device as devices

# A module, the name of one of its buffers, and the buffer with a copy of its values.
Buffers = list[tuple[nn.Module, str, torch.Tensor, torch.Tensor]]


def keep_buffers(model: nn.Module) -> Buffers:
    """Return copies of all buffers, to be given to `put_back`."""
    return [
        (module, name, buffer, buffer.detach().clone())
        for module in model.modules()
        for name, buffer in module.named_buffers(recurse=False)
    ]


def put_back(buffers: Buffers) -> None:
    """Give buffers the values that they had, also where they were replaced by other tensors."""
    with torch.no_grad():
        for module, name, buffer, values in buffers:
            buffer.copy_(values)
            setattr(module, name, buffer)


@contextmanager
def undisturbed(
    model: nn.Module, device: str = "cpu", *, training: bool | None = None, seed: int | None = None
) -> Iterator[None]:
    """Give back everything that is not a parameter as it was: modes, buffers, generators.

    Parameters
    ----------
    model : nn.Module
        The network.
    device : str
        Where it is.
    training : bool or None
        False: all of it is in evaluation mode meanwhile. None and True leave modes as they are.
    seed : int or None
        Of torch's generators meanwhile; None leaves them as they are.
    """
    modes = [(module, module.training) for module in model.modules()]
    buffers = keep_buffers(model)
    random = devices.random_state(device)
    try:
        if training is False:
            model.eval()
        if seed is not None:
            devices.set_random_state(devices.seeded_state(seed, device), device)
        yield
    finally:
        for module, mode in modes:  # one by one: a part may have its own
            module.training = mode
        put_back(buffers)
        devices.set_random_state(random, device)
