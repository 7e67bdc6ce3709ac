"""Of every layer's outputs and of the loss's gradient by them: mean, variance, zeros, quantiles.

A layer with weights gives pre-activations, a nonlinearity gives activations. Over the step's own
batch, as the step itself saw it.
"""

import numpy as np
import torch
from torch import nn

from simulate.errors import UserError
from simulate.probes import _base as base
from simulate.probes import _layers as layers

# Where units whose outputs are bounded hardly react any more: so near to either bound, in shares
# of the distance between the two.
BOUNDS = {nn.Tanh: (-1.0, 1.0), nn.Sigmoid: (0.0, 1.0), nn.Hardtanh: (-1.0, 1.0)}
NEAR = 0.02


def _record(step, names, quantiles, edges):
    """Return statistics by ``layer``, in the order of the calls.

    Parameters
    ----------
    names : list of str or None
        Of modules; None takes all that have no parts of their own.
    quantiles : list of float
        From 0 to 1.
    edges : list of float or None
        Of a histogram's bins; None makes none.
    """
    with step.still(), torch.enable_grad(), layers.watched(step.model, names) as calls:
        loss = step.context.loss.function(step.again(), step.batch[1])
        layers.pull(step.model, loss)
    if not calls:
        raise UserError("layer_statistics saw no layer; name modules of the model with names=[…]")
    outputs = [_numbers(call.output) for call in calls]
    slopes = [_numbers(call.gradient) for call in calls]
    by_layer = ("layer",)
    found: base.Found = {
        "layer": (by_layer, np.array([call.name for call in calls])),
        "output_mean": (by_layer, [v.mean() for v in outputs], base.said("mean of outputs")),
        "output_variance": (by_layer, [v.var() for v in outputs], base.said("variance of outputs")),
        "output_zeros": (
            by_layer,
            [(v == 0).mean() for v in outputs],
            base.said("share of outputs that are 0"),
        ),
        "output_saturated": (
            by_layer,
            [_saturated(call.module, v) for call, v in zip(calls, outputs, strict=True)],
            base.said("share of outputs near their bounds"),
        ),
        "gradient_mean": (by_layer, [v.mean() for v in slopes], base.said("mean of gradients")),
        "gradient_variance": (
            by_layer,
            [v.var() for v in slopes],
            base.said("variance of gradients"),
        ),
    }
    for kind, values in (("output", outputs), ("gradient", slopes)):
        if quantiles:
            found["quantile"] = ("quantile",), np.array(quantiles, float)
            found[f"{kind}_quantiles"] = (
                ("layer", "quantile"),
                [np.quantile(v, quantiles) for v in values],
                base.said(f"quantiles of {kind}s"),
            )
        if edges is not None:
            found["bin_edge"] = ("bin_edge",), np.array(edges, float), base.said("edges of bins")
            found[f"{kind}_histogram"] = (
                ("layer", "bin"),
                [np.histogram(v[np.isfinite(v)], edges)[0] for v in values],
                base.said(f"numbers of {kind}s between two edges"),
            )
    return found


def _numbers(values):
    """Return all values flat in float64; one NaN where there are none."""
    if values is None or values.numel() == 0:
        return np.array([np.nan])
    return values.double().flatten().cpu().numpy()


def _saturated(module, values):
    if type(module) not in BOUNDS:
        return np.nan
    low, high = BOUNDS[type(module)]
    near = NEAR * (high - low)
    return ((values <= low + near) | (values >= high - near)).mean()


PROBE = base.Probe(
    record=_record,
    label="statistics of layers",
    every="epoch",
    defaults={"names": None, "quantiles": [0.05, 0.25, 0.5, 0.75, 0.95], "edges": None},
)
