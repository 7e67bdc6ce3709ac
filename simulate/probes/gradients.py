"""The whole gradient of the step's loss, and what the optimizer is about to use."""

import torch

from simulate.probes import _base as base


def _flat(model, gradients):
    parts = [
        gradients[name].flatten() if name in gradients else torch.zeros(param.numel())
        for name, param in model.named_parameters()
    ]
    return torch.cat([part.detach().cpu() for part in parts])


def _record(step):
    """Return ``gradient`` and ``applied`` (param), in the order of ``params``.

    They differ where gradients are added up from step to step (``zero_grad=False``).
    """
    return {
        "gradient": (("param",), _flat(step.model, step.gradients), base.said("gradient")),
        "applied": (
            ("param",),
            _flat(step.model, step.applied),
            base.said("gradient that the optimizer uses"),
        ),
    }


PROBE = base.Probe(record=_record, label="whole gradients", every="ends")
