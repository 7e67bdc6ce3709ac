"""One number a step: the loss of its batch, the gradient's norm, the learning rate, the time."""

import torch

from simulate.probes import _base as base


def _record(step):
    """Return ``loss``, ``grad_norm``, ``lr``, and ``seconds`` of training before the step.

    Where the run has a penalty, ``penalty`` too: what was added to the loss.
    """
    loss = step.context.loss
    long_name = f"{loss.long_name} of the batch" if step.context.of_batch else loss.long_name
    norms = [torch.linalg.vector_norm(slope) for slope in step.applied.values()]
    norm = torch.linalg.vector_norm(torch.stack(norms)) if norms else 0.0
    penalty = {} if step.penalty is None else {"penalty": ((), step.penalty, base.said("penalty"))}
    return {
        **penalty,
        "loss": ((), step.loss, base.said(long_name, loss.units)),
        "grad_norm": ((), norm, base.said("norm of the gradient")),
        "lr": ((), step.lr, base.said("learning rate")),
        "seconds": (
            (),
            step.seconds,
            base.said("training time so far", "seconds", measured=True),
        ),
    }


PROBE = base.Probe(record=_record, label="loss, gradient norm, rate", every=1, looks_back=False)
