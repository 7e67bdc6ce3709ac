"""What a batch of digits becomes in ten layers, by how their weights were drawn; and its gradients.

Source 001 proposes weights of one size, uniform in ±ε or normal with deviation ε, whatever the
layer's width. Source 004's "Xavier" divides by √n_in alone, which is LeCun's; Glorot's variance is
2/(n_in + n_out), derived for activations that are linear around 0. It credits the sigmoid with
that; the sigmoid's slope there is ¼, and its outputs are never negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.initialization import _deep

if TYPE_CHECKING:
    import xarray as xr

Settings = _deep.Settings
WITHIN = 10.0  # a layer that keeps more than a tenth and less than ten times still has a signal

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(width=24, depth=4, n_examples=40),
    label="activations and gradients through ten layers, by initial weights",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return every activation with every way to draw weights."""
    return {
        f"{activation}, {init}": _deep.deep(settings, activation, init)
        for activation in _deep.ACTIVATIONS
        for init in _deep.INITS
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay what the probe `layer_statistics` saw of the hidden layers side by side.

    Of the activations, in the order of the layers: ``output_histogram``,
    ``output_sizes``, ``gradient_histogram``, ``gradient_sizes`` (run, epoch, layer, …) and so on;
    the gains, in units of the first layer's activations and of the last layer's gradients.

    Attributes: ``n_alive`` of ``n_starts``: after `depth` layers both gains are between a tenth
    and ten; ``alive``, their names; ``relu_ratio``, the variance of the last layer's ReLU
    activations over the first one's under Kaiming's start, ``relu_kept``: within a factor of two;
    ``small_gain``, ``kaiming_gain``, ``large_gain`` and the same of gradients, for ReLU.
    """
    import numpy as np
    import xarray as xr

    first = next(iter(runs.values()))
    layers = [name for at, name in enumerate(first.data.layer.values.tolist()) if at % 2]
    parts = []
    for run in runs.values():
        here = run.data.isel(epoch=[0]).sel(layer=layers)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = here.output_variance.values
            slope = np.sqrt(here.gradient_variance.values + here.gradient_mean.values**2)
            here["output_gain"].values[:] = np.sqrt(variance / variance[:, :1])
            here["gradient_gain"].values[:] = slope / slope[:, -1:]
        parts.append(here)
    found = xr.concat(parts, "run").drop_attrs(deep=False)
    found = found.assign_coords(run=list(runs), layer=[str(k + 1) for k in range(len(layers))])

    ends = np.stack([found.output_gain.values[:, 0, -1], found.gradient_gain.values[:, 0, 0]])
    alive = np.all((ends > 1 / WITHIN) & (ends < WITHIN), axis=0)  # NaN is neither
    by_run = dict(zip(runs, ends.T.tolist(), strict=True))
    shown = {"small": "relu, normal", "kaiming": "relu, kaiming", "large": "relu, uniform"}
    gains = {
        f"{name}_{what}": by_run[run][at]
        for name, run in shown.items()
        for at, what in enumerate(("gain", "back"))
    }
    kept = [name for name, run in shown.items() if alive[list(runs).index(run)]]
    return found.assign_attrs(
        {
            "n_starts": len(runs),
            "n_alive": int(alive.sum()),
            "alive": "; ".join(name for name, lives in zip(runs, alive, strict=True) if lives),
            "only_kaiming": int(kept == ["kaiming"]),
            "relu_ratio": gains["kaiming_gain"] ** 2,
            "relu_kept": int(0.5 <= gains["kaiming_gain"] ** 2 <= 2),
            "within": WITHIN,
            **gains,
            **{name: getattr(settings, name) for name in settings.__struct_fields__},
            "dataset": first.dataset.label,
            "one": first.dataset.one,
            "many": first.dataset.many,
        }
    )
