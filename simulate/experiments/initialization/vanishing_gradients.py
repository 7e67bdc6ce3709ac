"""How the gradient fares on its way back through ten layers, and which bound it keeps.

From the gradient by the last hidden layer's activations to that by the first layer's sums there are
as many factors σ′ as layers, none larger than ¼, and one weight matrix fewer:

    ‖∂L/∂z₁‖ ≤ ∏ max σ′ · ∏ ‖W_l‖ · ‖∂L/∂a₁₀‖.

Source 004 writes eleven factors .25 and multiplies ten, takes their product for the gradient
itself, and leaves the weights out. ¼¹⁰ = 9.54 × 10⁻⁷ bounds the product of the σ′ alone: large
weights bring a gradient above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.initialization import _deep

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

Settings = _deep.Settings

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(width=24, depth=4, n_examples=40),
    label="the gradient's way back through ten layers",
)

SHOWN = {
    "sigmoid": "xavier",
    "tanh": "xavier",
    "relu": "kaiming",
}
# What else the sigmoid is drawn with, and ReLU to compare with.
OTHERS = (("sigmoid", "normal"), ("sigmoid", "uniform"), ("relu", "normal"), ("relu", "uniform"))
STEEPEST = 0.25  # σ′(0)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the networks; the same runs as those of the experiment `initialization`."""
    return {
        f"{activation}, {init}": _deep.deep(settings, activation, init)
        for activation, init in (*SHOWN.items(), *OTHERS)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Follow the gradient from the last hidden layer's activations to the first layer's sums.

    Position k has passed k activations: 0 is the gradient by the last activations, k > 0 that by
    the sums of the hidden layer ``passed_layer``. ``gain`` (run, layer): its norm, in units of
    that at k = 0; ``sizes`` (run, layer, bin_size): histogram of log₁₀ of its entries in units of
    their root mean square at k = 0; ``slope_bound`` (layer): ¼ᵏ; ``weight_bound`` (run, layer):
    the same times the largest singular values of the weights passed, NaN but for the sigmoid.

    Attributes: ``bound``, ¼ to the depth; ``sigmoid_gain``, ``tanh_gain``, ``relu_gain`` at the
    first layer under the starts shown; ``large_gain``, ``small_gain`` of the sigmoid under the
    uniform and the normal start; ``weights_beat``: whether large weights carry it over `bound`;
    ``sigmoid_bound``: the bound with the weights' norms.
    """
    import numpy as np
    import xarray as xr

    from simulate.probes.layer_statistics import POWERS
    from simulate.recording import variable

    depth = settings.depth
    gains, sizes, bounds = [], [], []
    middles = (POWERS[1:] + POWERS[:-1]) / 2
    for name, run in runs.items():
        data = run.data.isel(epoch=0)
        # z₁, a₁, z₂, … a_depth, logits; backwards: a_depth, z_depth, …, z₁
        back = [2 * depth - 1, *range(2 * depth - 2, -1, -2)]
        mean, var = data.gradient_mean.values[back], data.gradient_variance.values[back]
        length = np.sqrt(mean**2 + var)
        gains.append(length / length[0])
        shift = np.log10(length[0])
        counts = data.gradient_sizes.values[back]
        sizes.append([_shifted(row, middles, shift) for row in counts])
        norms = _norms(run.spec) if name.startswith("sigmoid") else [np.nan] * depth
        # Between k and k + 1 lie the weights from the layer that comes next to it.
        bounds.append(np.cumprod([1.0, STEEPEST, *(STEEPEST * norm for norm in norms[1:][::-1])]))
    passed = np.arange(depth + 1)
    gain = np.array(gains)
    ends = dict(zip(runs, gain[:, -1].tolist(), strict=True))
    large, small = ends["sigmoid, uniform"], ends["sigmoid, normal"]
    bound = STEEPEST**depth
    return xr.Dataset(
        {
            "gain": variable(("run", "layer"), gain, "norm of the gradient, of the last layer's"),
            "sizes": variable(("run", "layer", "bin_size"), np.array(sizes), "entries of a size"),
            "slope_bound": variable("layer", STEEPEST**passed, "bound on the product of σ′"),
            "weight_bound": variable(("run", "layer"), bounds, "bound with the weights' norms"),
            "passed_layer": variable(
                "layer", [depth, *range(depth, 0, -1)], "layer by which the gradient is taken"
            ),
        },
        coords={"run": list(runs), "layer": passed, "bin_size": middles},
        attrs={
            "bound": bound,
            "sigmoid_gain": ends["sigmoid, xavier"],
            "tanh_gain": ends["tanh, xavier"],
            "relu_gain": ends["relu, kaiming"],
            "large_gain": large,
            "small_gain": small,
            "weights_beat": int(large > bound),
            "relu_lives": int(ends["relu, kaiming"] > 0.1),
            "sigmoid_bound": float(bounds[0][-1]),
            "sigmoid_lost": int(ends["sigmoid, xavier"] < 1e-3),
            "per_layer": float(ends["sigmoid, xavier"] ** (1 / depth)),
            **{
                name: getattr(settings, name)
                for name in ("width", "depth", "normal", "uniform", "n_examples", "seed")
            },
            "dataset": next(iter(runs.values())).dataset.label,
            "one": next(iter(runs.values())).dataset.one,
            "many": next(iter(runs.values())).dataset.many,
        },
    )


def _norms(spec: Any) -> list[float]:
    """Return the largest singular value of each hidden layer's weights."""
    import torch
    from scipy.sparse.linalg import svds

    net = base.network(spec.model, spec.seed)
    weights = [
        each.weight.detach().numpy() for each in net.children() if isinstance(each, torch.nn.Linear)
    ]
    return [
        float(svds(w.astype(float), k=1, return_singular_vectors=False, rng=0)[0])
        for w in weights[:-1]
    ]


def _shifted(counts: np.ndarray, middles: np.ndarray, shift: float) -> np.ndarray:
    """Return a histogram over log sizes moved by −shift, between the bins as they lie."""
    import numpy as np

    return np.interp(middles + shift, middles, counts.astype(float), left=0.0, right=0.0)
