"""A loss of two weights under an L1 and an L2 penalty of growing strength, and where each ends.

A linear neuron predicts from two measurements; J(w) = mean (w·x − y)² is a bowl. With a penalty,
gradient descent on J + λ Σ|w| or J + λ Σw² ends where the bowl's contour line touches the
penalty's ball: all points as far from 0 as the solution is, counted in taxicab steps (a diamond)
or as the crow flies (a circle). The diamond's corners lie on the axes, where a weight is 0.

004 writes the slope of λ Σ|w| beside the penalty itself, and leaves the squares out of the L2 norm.
The slope λ sgn w jumps at 0, so descent at a constant rate would go on hopping over it by ηλ; the
rate decays to 0 along half a cosine, and what is 0 to three decimals then counts as 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

PENALTIES: tuple[Literal["l1"], Literal["l2"]] = ("l1", "l2")
ZERO = 0.0005  # a smaller weight is 0.000 in print


class Settings(base.Settings, frozen=True, kw_only=True):
    """The data, the penalties, and the descents.

    Attributes
    ----------
    columns : tuple of two str
        Which measurements of `simulate.data.diabetes`.
    strengths : tuple of float
        λ of both penalties, growing from 0.
    lr : float
        At the start; it decays to 0.
    n_steps : int
        Of each descent, from w = (0, 0), on all patients.
    n_grid : int
        Points of the map, along either side.
    """

    columns: tuple[str, str] = ("bmi", "bp")
    strengths: Annotated[tuple[specs.Strength, ...], msgspec.Meta(min_length=2)] = tuple(
        round(0.1 * k, 1) for k in range(13)
    )
    lr: float = 0.04
    n_steps: specs.Count = 600
    n_grid: specs.Count = 81


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(strengths=(0.0, 0.3, 0.9, 1.2), n_steps=300, n_grid=21),
    label="L1 and L2 penalties on a loss of two weights",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a descent for each penalty at each strength."""
    return {
        f"{penalty} {k}": specs.Train(
            data=_data(settings),
            model=specs.Model(name="weights", settings={"start": [0.0, 0.0]}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            schedule=specs.Schedule(name="cosine"),
            loss="mse",
            penalty={penalty: strength},
            steps=settings.n_steps,
            record=specs.record("parameters"),
            dtype="float64",
        )
        for penalty in PENALTIES
        for k, strength in enumerate(settings.strengths)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the ends of the descents on the map of the loss.

    ``theta`` (run, x_strength, param): where each ended; ``size`` (run, x_strength): Σ|w| of L1,
    √Σw² of L2; ``end_loss`` (run, x_strength): J there; ``strength`` (x_strength); ``minimum``
    (param): of J alone; ``loss`` (y, x) over ``grid_1``, ``grid_2``.

    Attributes: ``shown_strength``, the first from which on L1 has a weight of 0, if only one is 0
    there (then at a ``corner``), else the middle one; ``outcome``: under which penalty a
    solution has just one weight of 0, "l1", "l2", "both" or "neither"; ``zero_from``, that
    first strength of L1 (−1: none), and the names of the two weights, the one that is 0 then as
    ``zeroed``.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    strengths = np.array(settings.strengths)
    theta = np.array(
        [
            [runs[f"{penalty} {k}"].data.params.values[-1] for k in range(len(strengths))]
            for penalty in PENALTIES
        ]
    )  # (run, x_strength, param)
    theta = np.where(np.abs(theta) < ZERO, 0.0, theta)
    examples = runs["l1 0"].dataset
    x, y = examples.x_train.astype(float), examples.y_train[:, 0].astype(float)
    minimum, *_ = np.linalg.lstsq(x, y, rcond=None)
    lowest = float(np.mean((x @ minimum - y) ** 2))
    second = x.T @ x / len(x)

    def loss(points: np.ndarray) -> np.ndarray:
        away = points - minimum
        return np.asarray(lowest + np.einsum("...i,ij,...j", away, second, away))

    size = np.stack([np.abs(theta[0]).sum(-1), np.sqrt((theta[1] ** 2).sum(-1))])
    one_zero = (theta == 0).sum(-1) == 1  # (run, x_strength)
    free = np.flatnonzero(~(theta[0] == 0).any(-1))  # where L1 has no zero
    since = int(free[-1]) + 1 if len(free) else 0
    corner = since < len(strengths) and bool(one_zero[0, since])
    shown = since if corner else len(strengths) // 2
    reach = 1.25 * float(np.abs(minimum).max())
    grid = np.linspace(-reach, reach, settings.n_grid)
    zeroed = int(np.argmin(np.abs(theta[0, shown])))
    names = examples.columns
    walked = ("run", "x_strength")
    return xr.Dataset(
        {
            "theta": variable((*walked, "param"), theta, "weights"),
            "size": variable(walked, size, "size of the weights"),
            "end_loss": variable(walked, loss(theta), "mean squared error"),
            "strength": variable("x_strength", strengths, "strength of the penalty"),
            "minimum": variable("param", minimum, "least-squares solution"),
            "grid_1": variable("x", grid, "first weight"),
            "grid_2": variable("y", grid, "second weight"),
            "loss": variable(
                ("y", "x"), loss(np.stack(np.meshgrid(grid, grid), axis=-1)), "mean squared error"
            ),
            "normal_matrix": variable(("param", "param_other"), second, "mean of x xᵀ"),
        },
        coords={"run": list(PENALTIES), "param": list(names)},
        attrs={
            "n_train": len(x),
            "dataset": examples.label,
            "n_steps": settings.n_steps,
            "lr": settings.lr,
            "first": names[0],
            "second": names[1],
            "zeroed": names[zeroed],
            "zeroed_index": zeroed,
            "shown": shown,
            "shown_strength": float(strengths[shown]),
            "largest_strength": float(strengths[-1]),
            "outcome": {
                (True, False): "l1",
                (False, True): "l2",
                (True, True): "both",
                (False, False): "neither",
            }[bool(one_zero[0].any()), bool(one_zero[1].any())],
            "corner": int(corner),
            "zero_from": float(strengths[since]) if corner else -1.0,
            "lowest_loss": lowest,
            **{f"size_{name}": float(size[i, shown]) for i, name in enumerate(PENALTIES)},
            **{f"small_{name}": float(theta[i, shown, zeroed]) for i, name in enumerate(PENALTIES)},
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(name="diabetes", settings={"columns": list(settings.columns)})
