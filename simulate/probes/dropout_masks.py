"""Which units the step's dropout left alive: 1, and 0 for those that it put out."""

import numpy as np
import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from simulate.errors import UserError
from simulate.probes import _base as base

DROPOUTS = (
    functional.dropout,
    functional.dropout1d,
    functional.dropout2d,
    functional.dropout3d,
)


class _Masks(TorchFunctionMode):
    """Sees every call of dropout, of a module or a function, and draws the same mask on ones."""

    def __init__(self):
        super().__init__()
        self.masks = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function not in DROPOUTS:
            return function(*args, **kwargs)
        values = kwargs["input"] if "input" in kwargs else args[0]
        training = kwargs.get("training", args[2] if len(args) > 2 else True)
        if training:
            devices = [values.device] if values.is_cuda else []
            with torch.random.fork_rng(devices=devices):
                rate = kwargs.get("p", args[1] if len(args) > 1 else 0.5)
                alive = function(torch.ones_like(values), rate, True)
            self.masks.append((alive != 0).to(torch.int8).cpu().numpy())
        return function(*args, **kwargs)


def _record(step, n_examples):
    """Return ``mask_0`` (example, …), ``mask_1``, … in the order of the calls.

    Of the step's own pass, which is repeated with torch's generator in its state of then.

    Parameters
    ----------
    n_examples : int
        How many examples of the batch, from its first; −1 where the batch has fewer.
    """
    with step.still(), torch.no_grad(), _Masks() as seen:
        step.again()
    if not seen.masks:
        raise UserError("dropout_masks: the model has no dropout that is in training mode")
    found = {}
    for number, mask in enumerate(seen.masks):
        padded = np.full((n_examples, *mask.shape[1:]), -1, np.int8)
        padded[: len(mask)] = mask[:n_examples]
        axes = [f"unit_mask_{number}_{axis}" for axis in range(mask.ndim - 1)]
        found[f"mask_{number}"] = ("example", *axes), padded, base.said("1 alive, 0 dropped")
    return found


PROBE = base.Probe(record=_record, label="dropout masks", every=1, defaults={"n_examples": 8})
