"""How much of its past the next step keeps: momentum, or Adam's β₁."""

import math

from simulate.probes import _base as base


def _record(step):
    """Return ``momentum``, as the step is about to use it; NaN where the optimizer has none."""
    group = step.optimizer.param_groups[0]
    found = group["betas"][0] if "betas" in group else group.get("momentum", math.nan)
    return {"momentum": ((), float(found), base.said("momentum"))}


PROBE = base.Probe(record=_record, label="momentum", every=1, looks_back=False)
