"""Networks as they were at a recorded step: parameters and buffers go back into a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate.errors import UserError
from simulate.probes._base import state_buffers
from simulate.training import arguments


def restore(model: nn.Module, run: xr.Dataset, at: int | None = None) -> nn.Module:
    """Put a snapshot of a run into a model and return the model.

    Parameters
    ----------
    model : nn.Module
        The network that was trained, or one like it.
    run : Dataset
        What `simulate.train` returned, with ``params`` (and ``buffers`` if the model has any).
    at : int or None
        A recorded step, one of ``run.snapshot``; None takes the last.

    Raises
    ------
    UserError
        If the run has no such snapshot, or the model's parameters are others.

    Examples
    --------
    >>> from simulate.training.train import train
    >>> line = nn.Linear(1, 1)
    >>> run = train(line, ([[0.0], [1.0]], [[1.0], [3.0]]), loss="mse", optimizer="sgd", steps=2)
    >>> before = restore(nn.Linear(1, 1), run, at=0)
    """
    arguments.model(model)
    if not isinstance(run, xr.Dataset) or "params" not in run:
        raise UserError(
            f"run is {arguments.shown(run)} without 'params'; record 'parameters' to have some"
        )
    steps = run.snapshot.values.tolist()
    if at is not None and at not in steps:
        known = ", ".join(map(str, steps[:20])) + (", …" if len(steps) > 20 else "")
        raise UserError(f"the run has no snapshot at step {at}; there is {known}")
    place = steps.index(at) if at is not None else len(steps) - 1
    fill(model.parameters(), run.params.values[place], "parameters")
    buffers = list(state_buffers(model).values())
    if buffers:
        if "buffers" not in run:
            raise UserError("the model has buffers, and the run recorded none")
        fill(buffers, run.buffers.values[place], "buffers")
    return model


def fill(tensors: Any, values: np.ndarray, what: str) -> None:
    """Write flat values into tensors, one after the other."""
    tensors = list(tensors)
    count = sum(tensor.numel() for tensor in tensors)
    if count != len(values):
        raise UserError(f"the model has {count} {what}, and the run has {len(values)}")
    flat = torch.from_numpy(np.array(values))
    with torch.no_grad():
        for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(part.reshape(tensor.shape))
