"""What the optimizer keeps from step to step: m and v of Adam, momentum's buffer, counters."""

import numpy as np
import torch

from simulate.probes import _base as base


def _record(step, names):
    """Return ``state_NAME`` (param), in the order of ``params``, and counters as single numbers.

    Where the optimizer has nothing yet, as before its first update, values are NaN.

    Parameters
    ----------
    names : list of str or None
        As the optimizer calls them, "exp_avg" for instance; None takes all.
    """
    params = list(step.model.parameters())
    states = [step.optimizer.state.get(param, {}) for param in params]
    there = list(dict.fromkeys(name for state in states for name in state))
    found: base.Found = {}
    for name in there if names is None else names:
        parts, numbers = [], []
        for param, state in zip(params, states, strict=True):
            value = state.get(name)
            if isinstance(value, torch.Tensor) and value.shape == param.shape:
                parts.append(value.detach().flatten().double().cpu().numpy())
                continue
            parts.append(np.full(param.numel(), np.nan))
            if isinstance(value, int | float) or getattr(value, "ndim", None) == 0:
                numbers.append(float(value))
        if numbers:
            found[f"state_{name}"] = (), max(numbers), base.said(f"optimizer's {name}")
        else:
            found[f"state_{name}"] = (
                ("param",),
                np.concatenate(parts),
                base.said(f"optimizer's {name}"),
            )
    return found


PROBE = base.Probe(record=_record, label="optimizer state", every="ends", defaults={"names": None})
