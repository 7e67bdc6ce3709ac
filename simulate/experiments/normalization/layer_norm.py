"""Layer norm on a real batch: each example by itself, whatever its companions.

Source 001 puts the unit's mean μ_i into the variance; it is the example's own, μ_n, and γ and β
belong to the units, not to the examples (Ba, Kiros and Hinton 2016, equations 3 and 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.normalization import _digits
from simulate.experiments.normalization.batch_norm import _accuracy, _printable, _torch

if TYPE_CHECKING:
    import xarray as xr

Settings = _digits.Settings

EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=_digits.TINY, label="layer norm on a real batch"
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training with layer norm, and that with batch norm to compare with."""
    return {norm: _digits.training(settings, norm) for norm in ("layer", "batch")}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the same few digits through the training, and at one of them in many batches.

    As of `batch_norm`: ``sum``, ``normalised``, ``output`` (snapshot, example, unit), ``gamma``,
    ``beta`` (snapshot, unit), ``torch_output``, ``torch_gradient``, ``gradient`` (example, unit);
    but ``mean``, ``deviation`` (snapshot, example). ``among`` (run, x_draw, unit): the first
    digit's normalised sums in batches of `n_shown` with other companions, under the norms of
    ``run``; ``companion`` (x_draw, example): which of the digits these were, and ``company``
    (x_draw, example), which digits they are.

    Attributes: ``spread_batch``, ``spread_layer``: the largest range of one unit's value over the
    draws; ``still``: layer norm's is nothing but rounding; and as of `batch_norm`.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    run = runs["layer"]
    data = run.dataset
    shown, labels = data.x_train[: settings.n_shown], data.y_train[: settings.n_shown]
    gamma, beta = _digits.scales(run)
    before = _digits.sums(run, shown)
    net = run.model().double()
    eps = float(_digits.the_norm(net).eps)
    norm = _digits.Normalised(before, -1, eps)
    last = _digits.Normalised(before[-1], -1, eps)
    theirs = _torch(net, before[-1], labels)

    rng = np.random.default_rng(settings.seed)
    others = np.stack(
        [
            1 + rng.permutation(len(data.x_train) - 1)[: settings.n_shown - 1]
            for _ in range(settings.n_draws)
        ]
    )
    companions = np.concatenate([np.zeros((settings.n_draws, 1), int), others], axis=1)
    among = []
    for name, axis in (("batch", -2), ("layer", -1)):
        z = _digits.sums(runs[name], data.x_train)[-1][companions]  # (draw, example, unit)
        among.append(_digits.Normalised(z, axis, eps).values[:, 0])
    spread = np.ptp(np.stack(among), axis=1).max(1)
    example, chosen = _printable(before[-1], last)
    at, units = ("snapshot", "example", "unit"), ("snapshot", "unit")
    return xr.Dataset(
        {
            "image": variable(
                ("example", "y", "x"),
                shown.reshape(-1, settings.side, settings.side), "the digits, in coarse fields",
            ),
            "label": variable("example", labels, "which digit it is"),
            "sum": variable(at, before, "sums"),
            "normalised": variable(at, norm.values, "normalised sums"),
            "output": variable(
                at, gamma[:, None] * norm.values + beta[:, None], "outputs of layer norm"
            ),
            "mean": variable(at[:2], norm.mean[..., 0], "mean over the units"),
            "deviation": variable(at[:2], norm.deviation[..., 0], "√(σ² + ε) over the units"),
            "gamma": variable(units, gamma, "γ"),
            "beta": variable(units, beta, "β"),
            "torch_output": variable(at[1:], theirs["output"], "torch's layer norm"),
            "torch_gradient": variable(at[1:], theirs["gradient"], "torch's gradient by the sums"),
            "gradient": variable(
                at[1:], last.back(theirs["slope"] * gamma[-1]), "gradient by the sums"
            ),
            "among": variable(("run", "x_draw", "unit"), np.stack(among), "normalised sums"),
            "companion": variable(("x_draw", "example"), companions, "which digits"),
            "company": variable(
                ("x_draw", "example"), data.y_train[companions], "which digit it is"
            ),
        },
        coords={"snapshot": run.data.snapshot.values, "run": ["batch", "layer"]},
        attrs={
            **{k: run.data.attrs[k] for k in ("lr", "seed", "n_steps", "n_train")},
            **{k: run.data.attrs[k] for k in ("dataset", "one", "many")},
            "example": example,
            "unit": chosen,
            "value_sum": round(float(before[-1][example, chosen]), 2),
            "value_mean": round(float(last.mean[example, 0]), 2),
            "value_deviation": round(float(last.deviation[example, 0]), 2),
            "value_normalised": round(float(last.values[example, chosen]), 2),
            "spread_batch": float(spread[0]),
            "spread_layer": float(spread[1]),
            "still": int(spread[1] < 1e-9),
            "moves": int(spread[0] > 0.1),
            "gamma_low": float(gamma[-1].min()),
            "gamma_high": float(gamma[-1].max()),
            "beta_low": float(beta[-1].min()),
            "beta_high": float(beta[-1].max()),
            "test_accuracy": _accuracy(run),
            "n_shown": len(shown),
            "n_draws": settings.n_draws,
            "hidden": settings.hidden,
            "batch_size": settings.batch_size,
        },
    )  # fmt: skip
