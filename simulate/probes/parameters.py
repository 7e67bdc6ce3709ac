"""Snapshots of all parameters and buffers, as they were when the step began."""

import torch

from simulate.errors import UserError
from simulate.probes import _base as base


def _record(step):
    """Return ``params`` (param) and, where the model has any, ``buffers`` (buffer).

    Both in the order in which the model names them, laid flat. Buffers are those of its
    ``state_dict``, as float64, which holds all that single precision and counters hold.

    Raises
    ------
    UserError
        If a buffer can't be given back from that.
    """
    params = torch.cat([p.detach().flatten() for p in step.model.parameters()])
    found = {"params": (("param",), params, base.said("parameters"))}
    if next(step.model.buffers(), None) is None:
        return found
    flat = []
    with step.still(), torch.no_grad():
        for name, buffer in base.state_buffers(step.model).items():
            wide = buffer.detach().to("cpu", torch.float64).flatten()
            if not torch.equal(wide.to(buffer.dtype), buffer.cpu().flatten()) and not (
                buffer.is_floating_point() and buffer.isnan().any()
            ):
                raise UserError(
                    f"buffer {name!r} of the model holds {buffer.dtype} that float64 can't hold; "
                    "leave 'parameters' out of record"
                )
            flat.append(wide)
    if flat:
        found["buffers"] = ("buffer",), torch.cat(flat), base.said("buffers")
    return found


PROBE = base.Probe(record=_record, label="parameters and buffers", every="ends", along="snapshot")
