"""One network trained without a penalty, with L2 and with L1: its weights, and what it learns.

With few examples the network comes to know all of them by heart, and its test loss turns up again.
A penalty on the size of the weights is added to the loss: λ Σw² pulls every weight in proportion to
its size, λ Σ|w| pulls all of them alike, so that those that the loss doesn't hold end near 0.

004 leaves the squares out of the L2 norm. Biases are not penalised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.regularization import _seeds

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

NAMES = ("none", "l2", "l1")
N_BINS = 81


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the digits, and the penalties.

    Attributes
    ----------
    hidden : tuple of int
        Units of the hidden layers, at least one.
    n_train, n_test : int
        Digits; few to train on, so that there is something to keep the network from.
    batch_size, epochs, lr
        Of plain gradient descent.
    l1, l2 : float
        Strengths λ of the two penalties.
    n_seeds : int
        Trainings of each kind, from other initial weights and with other batches.
    near : float
        A weight below this counts as near 0.
    reach : float
        Ends of the histogram; what lies beyond counts in its last bins.
    n_snapshots : int
        Moments of the first seed's training at which weights are recorded.
    n_units : int
        Hidden units whose weights are recorded as pictures: those with the strongest outputs.
    """

    hidden: Annotated[tuple[specs.Count, ...], msgspec.Meta(min_length=1)] = (32,)
    n_train: specs.Count = 600
    n_test: specs.Count = 1_000
    batch_size: specs.Count = 40
    epochs: Annotated[int, msgspec.Meta(ge=2)] = 30
    lr: float = 0.2
    l1: specs.Strength = 5e-4
    l2: specs.Strength = 3e-3
    n_seeds: Annotated[int, msgspec.Meta(ge=2)] = 5
    near: float = 1e-3
    reach: float = 0.2
    n_snapshots: Annotated[int, msgspec.Meta(ge=2)] = 61
    n_units: specs.Count = 4


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=60, n_test=60, batch_size=20, epochs=4, n_seeds=2, n_snapshots=5),
    label="weights and curves without a penalty, with L2 and with L1",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a training for each penalty and seed; of the first seed, weights along the way."""
    penalties: dict[str, specs.Penalty] = {
        "none": {},
        "l2": {"l2": settings.l2},
        "l1": {"l1": settings.l1},
    }
    n_steps = settings.epochs * -(-settings.n_train // settings.batch_size)
    stride = max(1, n_steps // (settings.n_snapshots - 1))
    return {
        f"{name} {seed}": specs.Train(
            data=specs.Data(name="mnist", n_train=settings.n_train, n_test=settings.n_test),
            model=specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            penalty=penalty,
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            seed=seed,
            record=(specs.record("evaluation", parameters="ends" if seed else stride)),
        )
        for name, penalty in penalties.items()
        for seed in range(settings.n_seeds)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay weights and curves side by side.

    Curves as `simulate.experiments.regularization._seeds` has them. Of the first seed:
    ``histogram`` (run, snapshot, bin) over ``bin_edge``: shares of all weights; ``near_share``
    (run, snapshot); ``template`` (run, snapshot, unit, y, x): the weights of some hidden units;
    ``snapshot_epoch`` (snapshot). ``end_near`` (run, x_seed): the share near 0 at the end of each
    training; ``largest`` (run): the largest weight at the end.

    Attributes, for l1 and l2 against none: ``loss_gap_…`` and ``accuracy_gap_…``, the mean
    difference at the end, ``…_half_…`` half its 95 % interval, ``…_sign_…``: −1, 1, or 0 where it
    is none, and whether it is one, ``…_differs_…``; ``near_…``, the first
    seed's share near 0 at the end, with ``near_low_l1``, ``near_high_l1`` over all; ``end_loss_…``,
    ``end_accuracy_…``, ``end_train_…``, means over the seeds;
    ``sparsest``: whose share near 0 is largest, "none" where it is no more than without a penalty;
    ``turned``: whether the mean test loss without a penalty ends above its lowest.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    curves = _seeds.curves(runs, NAMES, settings.n_seeds)
    firsts = [runs[f"{name} 0"] for name in NAMES]
    steps = firsts[0].data.snapshot.values
    edges = np.linspace(-settings.reach, settings.reach, N_BINS + 1)
    weights = [_weights(run) for run in firsts]  # each (snapshot, weight)
    histogram = np.array(
        [
            [np.histogram(np.clip(w, edges[0], edges[-1]), edges)[0] / w.size for w in each]
            for each in weights
        ]
    )
    n_in, hidden = firsts[0].dataset.x_train.shape[1], settings.hidden[0]
    units = _strongest(firsts[0], settings.n_units)
    side = firsts[0].dataset.image_shape or (1, n_in)
    templates = np.array(
        [run.data.params.values[:, : n_in * hidden].reshape(len(steps), hidden, *side)[:, units]
         for run in firsts]
    )  # fmt: skip
    ends = np.array(
        [
            [_weights(runs[f"{name} {seed}"])[-1] for seed in range(settings.n_seeds)]
            for name in NAMES
        ]
    )  # (run, x_seed, weight)
    end_near = (np.abs(ends) < settings.near).mean(-1)
    per_epoch = -(-settings.n_train // settings.batch_size)
    shares = dict(zip(NAMES, end_near[:, 0].tolist(), strict=True))
    most = max(NAMES, key=lambda name: shares[name])
    test = curves["test_loss_mean"].values[0]
    outcome = _ends(curves)
    examples = firsts[0].dataset
    return xr.Dataset(
        {
            **curves,
            "histogram": variable(("run", "snapshot", "bin"), histogram, "share of the weights"),
            "bin_edge": variable("bin_edge", edges, "weight"),
            "near_share": variable(
                ("run", "snapshot"),
                [(np.abs(each) < settings.near).mean(1) for each in weights],
                "share of the weights near 0",
            ),
            "template": variable(
                ("run", "snapshot", "unit", "y", "x"), templates.astype(np.float32), "weights"
            ),
            "snapshot_epoch": variable("snapshot", steps / per_epoch, "epochs so far"),
            "end_near": variable(("run", "x_seed"), end_near, "share of the weights near 0"),
        },
        coords={
            "run": list(NAMES),
            "snapshot": steps,
            "epoch": np.arange(settings.epochs + 1),
            "unit": units,
        },
        attrs={
            "dataset": examples.label,
            "widths": firsts[0].widths,
            **{name: firsts[0].attrs[name] for name in ("one", "many")},
            "n_train": len(examples.x_train),
            "n_test": len(examples.x_test),
            "n_weights": int(ends.shape[-1]),
            "epochs": settings.epochs,
            "batch_size": settings.batch_size,
            "lr": settings.lr,
            "l1": settings.l1,
            "l2": settings.l2,
            "n_seeds": settings.n_seeds,
            "near": settings.near,
            "reach": settings.reach,
            "sparsest": most if shares[most] > shares["none"] else "none",
            "turned": int(test[-1] > test.min()),
            **{f"near_{name}": share for name, share in shares.items()},
            "near_low_l1": float(end_near[2].min()),
            "near_high_l1": float(end_near[2].max()),
            "bin": float(edges[N_BINS // 2 + 1]),
            **outcome,
            "helped": _helped(outcome),
        },
    )


def _weights(run: base.Run) -> np.ndarray:
    """Return all weights and no biases at each snapshot, (snapshot, weight)."""
    import json

    import numpy as np

    parts, start = [], 0
    for _, shape in json.loads(run.attrs["param_shapes"]):
        count = int(np.prod(shape))
        if len(shape) > 1:
            parts.append(run.data.params.values[:, start : start + count])
        start += count
    return np.concatenate(parts, axis=1)


def _strongest(run: base.Run, count: int) -> np.ndarray:
    """Return the hidden units with the longest weights out of them, in their own order."""
    import numpy as np

    model = run.model()
    following = [p.detach().numpy() for p in model.parameters() if p.ndim > 1][1]  # (out, unit)
    return np.sort(np.argsort(-np.linalg.norm(following, axis=0), kind="stable")[:count])


def _helped(ends: dict[str, float]) -> str:
    """Return which penalty lowers the test loss for sure: "l1", "l2", "both", "neither".

    "other" where one raises it for sure.
    """
    signs = {name: ends[f"loss_sign_{name}"] for name in NAMES[1:]}
    lower = [name for name, sign in signs.items() if sign < 0]
    if any(sign > 0 for sign in signs.values()):
        return "other"
    return "both" if len(lower) == 2 else lower[0] if lower else "neither"


def _ends(curves: dict) -> dict[str, float]:
    """Return how trainings end, and their differences from those without a penalty."""
    found: dict[str, float] = {}
    for i, name in enumerate(NAMES):
        for curve, said in (
            ("test_loss", "end_loss"),
            ("test_accuracy", "end_accuracy"),
            ("train_accuracy", "end_train"),
        ):
            found[f"{said}_{name}"] = float(curves[f"{curve}_mean"].values[i, -1])
        if name == "none":
            continue
        for curve, said in (("test_loss", "loss"), ("test_accuracy", "accuracy")):
            ends = curves[curve].values[..., -1]  # (run, x_seed)
            mean, half, sign = _seeds.difference(ends[i], ends[0])
            found |= {
                f"{said}_gap_{name}": mean,
                f"{said}_half_{name}": half,
                f"{said}_sign_{name}": sign,
                f"{said}_differs_{name}": abs(sign),
            }
    return found
