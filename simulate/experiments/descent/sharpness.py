"""The sharpness of a network's loss along its training, against the limit 2/η of a parabola.

The sharpness is λ, the Hessian's largest eigenvalue. On a parabola, descent escapes where η > 2/λ.
A network's λ changes with every step: a run that starts beyond 2/λ may jump to where its own rate
is not too large, and one that starts below may climb towards 2/λ and stay there, at the "edge of
stability" (Cohen et al. 2021, arXiv:2103.00065).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.descent import learning_rates

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.measures import hessians

LIMIT = 2.0  # of ηλ, on a parabola


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network of `learning_rates`, at rates of its own.

    Attributes
    ----------
    hidden : tuple of int
        Units of the network's layers between the pixels and the classes.
    n_train, n_test : int
        Its examples; every step is taken on all that it trains on.
    n_steps, every : int
        Steps of every run, and from one look at λ to the next.
    rates : tuple of float
        Learning rates.
    seed : int
        Of the initial weights and the choice of the examples.
    """

    hidden: tuple[int, ...] = (32,)
    n_train: int = 500
    n_test: int = 100
    n_steps: Annotated[int, msgspec.Meta(ge=2)] = 60
    every: specs.Count = 3
    rates: Annotated[tuple[float, ...], msgspec.Meta(min_length=1)] = (0.1, 0.3, 1.4, 2.0, 3.0)
    seed: int = 2


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(hidden=(8,), n_train=100, n_test=50, n_steps=12, rates=(0.1, 0.8, 8.0)),
    label="the sharpness of a network's loss along its training",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run of gradient descent for each rate, all from the same weights."""
    shared = ("hidden", "n_train", "n_test", "seed")
    same = learning_rates.Settings(**{name: getattr(settings, name) for name in shared})
    spec = learning_rates.runs(same)["network good"]
    return {
        f"{lr:g}": specs.updated(
            spec,
            {
                "optimizer": specs.Optimizer(name="sgd", settings={"lr": lr}),
                "steps": settings.n_steps,
                "record": specs.record("scalars", parameters=settings.every),
            },
        )
        for lr in settings.rates
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Find λ along each run.

    ``sharpness`` (run, snapshot), λ, and ``multiple`` (run, snapshot), ηλ; NaN where the weights
    are nowhere. ``loss`` (run, step) of all training examples, ``lr`` (run), ``learns`` (run):
    whether the loss ends below its start.

    Attributes: ``limit``, of ηλ on a parabola; ``n_beyond``, the runs that start beyond it, and of
    these ``n_learn``, which learn all the same; ``n_back``, of these, which end below it; ``start``
    and ``start_loss``, λ and the loss at the start.
    """
    import numpy as np
    import xarray as xr

    from simulate.measures import hessians
    from simulate.recording import variable

    trained = [run.data for run in runs.values()]
    one = next(iter(runs.values()))
    examples = one.dataset
    cost = hessians.loss_of(one.model(), "cross_entropy", examples.x_train, examples.y_train)

    found = np.array([_along(cost, run.params.values) for run in trained])
    losses = np.stack([run.loss.values for run in trained])
    multiples = np.array(settings.rates)[:, None] * found
    learns = np.nan_to_num(losses[:, -1], nan=np.inf) < losses[:, 0]
    beyond = multiples[:, 0] > LIMIT
    common = trained[0].attrs
    return xr.Dataset(
        {
            "sharpness": variable(("run", "snapshot"), found, "largest eigenvalue of the Hessian"),
            "multiple": variable(("run", "snapshot"), multiples, "learning rate times sharpness"),
            "loss": variable(("run", "step"), losses, "cross-entropy", "nats"),
            "lr": variable("run", list(settings.rates), "learning rate"),
            "learns": variable("run", learns.astype(int), "whether the loss ends below its start"),
        },
        coords={
            "run": list(runs),
            "snapshot": trained[0].snapshot.values,
            "step": np.arange(losses.shape[1]),
        },
        attrs={
            **{name: common[name] for name in ("dataset", "one", "many", "n_train")},
            "widths": one.widths,
            "n_steps": settings.n_steps,
            "limit": LIMIT,
            "start": float(found[0, 0]),
            "start_loss": float(losses[0, 0]),
            "n_runs": len(trained),
            "n_beyond": int(beyond.sum()),
            "n_learn": int((beyond & learns).sum()),
            "n_back": int((beyond & learns & (multiples[:, -1] < LIMIT)).sum()),
        },
    )


def _along(cost: hessians.Function, points: np.ndarray) -> list[float]:
    """Return the Hessian's largest eigenvalue at one place after the other, to 1e-4 of it.

    Lanczos starts from the vector of the place before: a tenth of the products that
    `hessians.eigenvalues` takes, which knows nothing of the place and asks for more digits.
    """
    import numpy as np
    from scipy.sparse.linalg import LinearOperator, eigsh

    from simulate.measures import hessians

    n_params = points.shape[1]
    near = np.random.default_rng(0).standard_normal((n_params,))
    found: list[float] = []
    for point in points:
        if not np.isfinite(point).all():
            found.append(math.nan)
            continue
        times = hessians.hessian_vector_product(cost, point)
        if not times(near).any():  # all units are saturated
            found.append(0.0)
            continue
        operator = LinearOperator((n_params, n_params), matvec=times, dtype=np.float64)
        values, vectors = eigsh(operator, 1, which="LA", v0=near, ncv=12, tol=1e-4)
        near = vectors[:, 0]
        found.append(float(values[0]))
    return found
