"""Whole outputs of named layers, and the loss's gradient by them, on a fixed batch."""

import torch

from simulate.errors import UserError
from simulate.probes import _base as base
from simulate.probes import _layers as layers


def _record(step, names, n_examples, gradients):
    """Return ``output_LAYER`` and ``gradient_LAYER`` (example, …) of the first training examples.

    Parameters
    ----------
    names : list of str
        Of modules, as ``model.named_modules()`` has them.
    n_examples : int
        How many examples, from the first on.
    gradients : bool
        Whether gradients are recorded too: of the loss of these examples, in evaluation mode.
    """
    if not names:
        raise UserError("layers records named layers: give names=[…], of model.named_modules()")
    inputs, targets = step.fixed(n_examples)
    with (
        step.still(training=False),
        torch.enable_grad(),
        layers.watched(step.model, list(names)) as calls,
    ):
        loss = step.context.loss.function(step.again(inputs), targets)
        if gradients:
            layers.pull(step.model, loss)
    found = {}
    for call in calls:
        name, shape = layers.word(call.name), layers.dims(call.name, tuple(call.output.shape))
        found[f"output_{name}"] = (
            shape,
            call.output,
            base.said(f"outputs of layer {call.name}"),
        )
        if gradients and call.gradient is not None:
            found[f"gradient_{name}"] = (
                shape,
                call.gradient,
                base.said(f"gradient of the loss by the outputs of layer {call.name}"),
            )
    return found


PROBE = base.Probe(
    record=_record,
    label="outputs and gradients of layers",
    every="epoch",
    defaults={"names": [], "n_examples": 8, "gradients": True},
)
