"""What reaches a hidden unit all through training, with and without batch norm, and how fast.

Source 004 reports more than 90 % after 1,500 steps, with Adam and batch norm, as its gain. Steps
of what, beside what, is not said; measured here are both networks from the same weights, on the
same batches, at the same rate, several seeds. That a shift of the inputs is what slows training
down is Ioffe and Szegedy's explanation (2015); Santurkar et al. 2018 (arXiv:1805.11604) find that
batch norm helps where the shift is put back in. Measured here is that it helps, not why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

# The second hidden layer's sums, after the norm where there is one: what its activation gets.
SEEN = {"none": "2", "batch": "4"}


class Settings(base.Settings, frozen=True, kw_only=True):
    """The networks and their training.

    Attributes
    ----------
    widths : tuple of int
    n_train, n_test, batch_size, lr, n_steps
        Of the trainings, plain gradient descent.
    every : int
        Steps between two looks.
    goal : float
        Share of test digits that must be right.
    n_seeds : int
        Pairs of trainings; the first is looked into.
    unit : int
        Which hidden unit is looked at.
    reach : float
        Of its histogram, to both sides.
    """

    widths: tuple[int, ...] = (784, 64, 64, 10)
    n_train: specs.Count = 10_000
    n_test: specs.Count = 1_000
    batch_size: specs.Count = 1_000
    lr: float = 0.3
    n_steps: specs.Count = 250
    every: specs.Count = 5
    goal: float = 0.9
    n_seeds: specs.Count = 3
    unit: int = 0
    reach: float = 6.0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(784, 12, 12, 10), n_train=200, n_test=60, batch_size=50, n_steps=40, n_seeds=2,
        goal=0.5,
    ),
    label="a hidden unit's input through training, with and without batch norm",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a pair of trainings for each seed, from the same weights on the same batches."""
    found: dict[str, specs.Run] = {}
    for seed in range(settings.n_seeds):
        for norm, layer in SEEN.items():
            look = {
                "names": [layer],
                "unit": settings.unit,
                "edges": [round(settings.reach * (k / 60 - 1), 6) for k in range(121)],
            }
            found[f"{norm} {seed}"] = specs.Train(
                data=specs.Data(
                    name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=0
                ),
                model=specs.Model(
                    name="normed", settings={"widths": list(settings.widths), "norm": norm}
                ),
                optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
                batch_size=settings.batch_size,
                steps=settings.n_steps,
                seed=seed,
                allow_divergence=True,
                record=(
                    specs.Probe(
                        name="evaluation", every=settings.every, settings={"parts": ["test"]}
                    ),
                    *(
                        [specs.Probe(name="layer_statistics", every=settings.every, settings=look)]
                        if seed == 0
                        else []
                    ),
                ),
            )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the two networks side by side.

    By ``run``, none and batch: ``histogram`` (run, step, bin), of what the unit's activation gets
    for the digits of the step's batch, over ``bin_edge``; ``quantile_value`` (run, step,
    quantile); ``accuracy`` (run, run_seed, step) on the test digits; ``reached`` (run, run_seed),
    the first step looked at with `goal` of them right, −1 for none.

    Attributes: ``steps_none``, ``steps_batch``, the means over seeds (−1 where one never got
    there), their least and greatest; ``fewer``: with batch norm in every pair fewer steps;
    ``times``; ``moved_none``, ``moved_batch``: how far the unit's median wandered, from its least
    to its greatest; ``calmer``.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    norms = list(SEEN)
    first = [runs[f"{norm} 0"].data for norm in norms]
    steps = first[0].step.values if "step" in first[0].dims else _along(first[0])
    accuracy = np.stack(
        [
            [runs[f"{norm} {seed}"].data.test_accuracy.values for seed in range(settings.n_seeds)]
            for norm in norms
        ]
    )
    there = accuracy >= settings.goal
    reached = np.where(there.any(2), steps[there.argmax(2)], -1)
    seen = [data.isel(layer=0) for data in first]
    quantiles = np.stack([data.output_quantiles.values for data in seen])
    moved = np.ptp(quantiles[..., quantiles.shape[2] // 2], axis=1)
    means = [float(row.mean()) if (row >= 0).all() else -1.0 for row in reached]
    both = bool((reached >= 0).all())
    ends = {
        f"{what}_{norm}": int(row[row >= 0].min() if what == "least" else row.max())
        if (row >= 0).any()
        else -1
        for norm, row in zip(norms, reached, strict=True)
        for what in ("least", "most")
    }
    slow, quick = reached
    fewer = bool(((quick >= 0) & ((slow < 0) | (quick < slow))).all())
    return xr.Dataset(
        {
            "histogram": variable(
                ("run", "step", "bin"),
                [data.output_histogram.values for data in seen], "digits between two edges",
            ),
            "bin_edge": variable("bin_edge", seen[0].bin_edge.values, "what the activation gets"),
            "quantile_value": variable(("run", "step", "quantile"), quantiles, "quantiles"),
            "accuracy": variable(
                ("run", "run_seed", "step"), accuracy, "share of test digits that are right"
            ),
            "reached": variable(("run", "run_seed"), reached, "step at which the goal is reached"),
        },
        coords={"run": norms, "step": steps, "quantile": seen[0]["quantile"].values},
        attrs={
            "steps_none": means[0],
            "steps_batch": means[1],
            **ends,
            "both": int(both),
            "fewer": int(fewer),
            "times": means[0] / means[1] if both and means[1] else 0.0,
            "moved_none": float(moved[0]),
            "moved_batch": float(moved[1]),
            "calmer": int(moved[1] < moved[0]),
            "goal": settings.goal,
            "end_none": float(accuracy[0, :, -1].mean()),
            "end_batch": float(accuracy[1, :, -1].mean()),
            "widths": "–".join(map(str, settings.widths)),
            **{
                name: getattr(settings, name)
                for name in ("batch_size", "lr", "n_steps", "every", "n_seeds", "unit")
            },
            **{k: first[0].attrs[k] for k in ("n_train", "n_test", "dataset", "one", "many")},
        },
    )  # fmt: skip


def _along(data: xr.Dataset) -> np.ndarray:
    """Return the steps of the probes."""
    return data.step_layer_statistics.values
