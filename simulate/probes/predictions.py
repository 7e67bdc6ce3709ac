"""What the model takes the examples of the step's batch for, before it learns from them."""

import numpy as np

from simulate.errors import UserError
from simulate.probes import _base as base


def _record(step):
    """Return ``prediction`` (example): the class of the largest output; −1 fills a last batch."""
    outputs = step.outputs
    if getattr(outputs, "ndim", 0) != 2:
        raise UserError("predictions: the model's outputs are not one row of classes an example")
    size = step.context.batch_size or len(outputs)
    found = np.full(size, -1)
    found[: len(outputs)] = outputs.detach().argmax(1).cpu().numpy()
    return {"prediction": (("example",), found, base.said("prediction"))}


PROBE = base.Probe(record=_record, label="answers to the batch", every=1)
