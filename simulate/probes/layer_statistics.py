"""Of every layer's outputs and of the loss's gradient by them: how they are distributed.

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

# Bins of histograms unless others are given, and of those of sizes: quarters of a power of ten.
EDGES = np.linspace(-4, 4, 161)
POWERS = np.linspace(-16, 8, 97)


def _record(step, names, quantiles, edges, unit):
    """Return statistics by ``layer``, in the order of the calls.

    Parameters
    ----------
    names : list of str or None
        Of modules; None takes all that have no parts of their own.
    quantiles : list of float
        From 0 to 1.
    edges : list of float or None
        Of a histogram's bins; what lies beyond is not counted. None takes `EDGES`.
    unit : int or None
        Only this unit (or channel) of every layer; None takes all of them together.

    Histograms of sizes, ``output_sizes`` and ``gradient_sizes``, are over log₁₀ of the values
    without their signs, ``bin_size`` being the bins' middles: there all layers can be compared,
    whatever becomes of what passes through them. Zeros have no size; what is smaller or larger
    than all bins counts in the first or last. ``output_gain`` is a layer's standard deviation in
    units of the first one's; ``gradient_gain`` its gradients' root mean square in units of the
    last one's.
    """
    edges = EDGES if edges is None else np.array(edges, float)
    with step.still(), torch.enable_grad(), layers.watched(step.model, names) as calls:
        loss = step.context.loss.function(step.again(), step.batch[1])
        layers.pull(step.model, loss)
    if not calls:
        raise UserError("layer_statistics saw no layer; name modules of the model with names=[…]")
    outputs = [_numbers(call.output, unit) for call in calls]
    slopes = [_numbers(call.gradient, unit) for call in calls]
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
        found["bin_edge"] = ("bin_edge",), edges, base.said("edges of bins")
        found[f"{kind}_histogram"] = (
            ("layer", "bin"),
            [np.histogram(v[np.isfinite(v)], edges)[0].astype(np.int32) for v in values],
            base.said(f"numbers of {kind}s between two edges"),
        )
        found["bin_size"] = ("bin_size",), (POWERS[1:] + POWERS[:-1]) / 2
        found[f"{kind}_sizes"] = (
            ("layer", "bin_size"),
            [_sizes(v) for v in values],
            base.said(f"numbers of {kind}s of a size"),
        )
    spread = np.array([v.std() for v in outputs])
    length = np.array([np.sqrt(np.mean(v**2)) for v in slopes])
    with np.errstate(divide="ignore", invalid="ignore"):
        found["output_gain"] = (
            by_layer, spread / spread[0],
            base.said("standard deviation of outputs, of the first layer's"),
        )  # fmt: skip
        found["gradient_gain"] = (
            by_layer, length / length[-1],
            base.said("root mean square of gradients, of the last layer's"),
        )  # fmt: skip
    return found


def _sizes(values):
    """Count values by their powers of ten."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    inside = np.clip(np.log10(size), POWERS[0] + 1e-9, POWERS[-1] - 1e-9)
    return np.histogram(inside, POWERS)[0].astype(np.int32)


def _numbers(values, unit):
    """Return all values flat in float64, or those of one unit; one NaN where there are none."""
    if values is None or values.numel() == 0:
        return np.array([np.nan])
    if unit is not None:
        if values.dim() < 2 or unit >= values.shape[1]:
            raise UserError(f"unit is {unit}; a layer's outputs have shape {tuple(values.shape)}")
        values = values[:, unit]
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
    defaults={
        "names": None,
        "quantiles": [0.05, 0.25, 0.5, 0.75, 0.95],
        "edges": None,
        "unit": None,
    },
)
