"""Hidden units that start equal: they are given equal gradients, and stay one unit.

The same network, the same two moons, three starts: all weights equal, in double and in single
precision, and drawn at random. Equal units do the same sums; but a machine may do them in another
order for some than for others, and then their roundings differ. In single precision, that can be
enough: where a small difference between units pays, training makes it grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments._fits import grid, second_of_two

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

STARTS: dict[str, Literal["float32", "float64"]] = {
    "equal": "float64",
    "rounded": "float32",
    "random": "float64",
}
SAME = 1e-12
APART = 0.1  # from here on, two units' weights are told apart by eye


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network and its training.

    Attributes
    ----------
    hidden : int
        Hidden units.
    constant : float
        The value of all weights of the equal starts.
    n_train : int
        Points.
    lr, n_steps : float, int
        Adam's rate, and steps on all points.
    every : int
        Steps between recorded maps.
    n_grid : int
        Points along a side of the maps.
    seed : int
        Of the random start and the points.
    """

    hidden: specs.Count = 6
    constant: float = 0.5
    n_train: specs.Count = 200
    lr: float = 0.02
    n_steps: specs.Count = 2000
    every: specs.Count = 40
    n_grid: specs.Count = 45
    seed: specs.Seed = 2


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=40, n_steps=60, every=10, n_grid=9),
    label="hidden units that start equal",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the three trainings."""
    return {
        name: specs.Train(
            data=specs.Data(name="moons", n_train=settings.n_train, seed=settings.seed),
            model=specs.Model(
                name="mlp",
                settings={
                    "widths": [2, settings.hidden, 2],
                    "activation": "tanh",
                    "init": "lecun" if name == "random" else "constant",
                    "scale": settings.constant,
                },
            ),
            optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
            steps=settings.n_steps,
            seed=settings.seed,
            dtype=dtype,
            record=specs.record("scalars", parameters=settings.every),
        )
        for name, dtype in STARTS.items()
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Follow units, maps and how far units are apart.

    ``unit`` (run, snapshot, unit, param): each hidden unit's weights, bias and the weights that go
    out of it; ``apart`` (run, snapshot): the largest difference of any of these between two
    units; ``probability`` (run, snapshot, y, x) of class 1 over ``grid_x``, ``grid_y``; ``loss``,
    ``accuracy`` (run, snapshot); ``point`` (example, feature), ``label`` (example).

    Attributes: for each run its ``NAME_apart`` and ``NAME_accuracy`` at the end; ``stayed``: the
    equal units' largest difference never exceeded 1e-12; ``parted_at``: the first recorded step at
    which the rounded ones differ by a tenth, −1 if never, and ``parted``.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    h = settings.hidden
    units, fields, right = [], [], []
    data = runs["equal"].dataset
    low, high = data.x_train.min(0) - 0.35, data.x_train.max(0) + 0.35
    x, y = (np.linspace(a, b, settings.n_grid) for a, b in zip(low, high, strict=True))
    for run in runs.values():
        flat = run.data.params.values.astype(float)  # (snapshot, param)
        into = flat[:, : 2 * h].reshape(-1, h, 2)
        bias, out = flat[:, 2 * h : 3 * h, None], flat[:, 3 * h : 5 * h].reshape(-1, 2, h)
        units.append(np.concatenate([into, bias, out.transpose(0, 2, 1)], axis=2))
        p = second_of_two(run.outputs(grid(x, y)))
        fields.append(p.reshape(len(flat), len(y), len(x)).astype(np.float32))
        guess = run.outputs(data.x_train).argmax(2)
        right.append((guess == data.y_train).mean(1))
    unit = np.stack(units)
    apart = np.ptp(unit, axis=2).max(2)
    accuracy = np.stack(right)
    steps = runs["equal"].data.snapshot.values
    at = ("run", "snapshot")
    parted = _first(apart[list(runs).index("rounded")] > APART, steps)
    return xr.Dataset(
        {
            "unit": variable((*at, "unit", "param"), unit, "weights of hidden units"),
            "apart": variable(at, apart, "largest difference between two units"),
            "probability": variable((*at, "y", "x"), np.stack(fields), "probability of class 1"),
            "loss": variable(
                at, [run.data.loss.values[steps] for run in runs.values()], "cross-entropy", "nats"
            ),
            "accuracy": variable(at, accuracy, "share of points that are right"),
            "point": variable(("example", "feature"), data.x_train, "inputs"),
            "label": variable("example", data.y_train, "class"),
            "grid_x": variable("x", x, "x₁"),
            "grid_y": variable("y", y, "x₂"),
        },
        coords={"run": list(runs), "snapshot": steps, "param": ["w1", "w2", "b", "v0", "v1"]},
        attrs={
            **{
                f"{name}_{what}": float(values[i, -1])
                for i, name in enumerate(runs)
                for what, values in (("apart", apart), ("accuracy", accuracy))
            },
            "stayed": int(apart[list(runs).index("equal")].max() <= SAME),
            "exactly": int(apart[list(runs).index("equal")].max() == 0),
            "parted_at": parted,
            "parted": int(parted >= 0),
            "better": int(accuracy[2, -1] > accuracy[0, -1]),
            "first_apart": float(apart[1][apart[1] > 0][0]) if (apart[1] > 0).any() else 0.0,
            "hidden": h,
            "constant": settings.constant,
            "n_train": len(data.x_train),
            "lr": settings.lr,
            "n_steps": settings.n_steps,
            "seed": settings.seed,
        },
    )


def _first(true: np.ndarray, steps: np.ndarray) -> int:
    import numpy as np

    return int(steps[np.argmax(true)]) if true.any() else -1
