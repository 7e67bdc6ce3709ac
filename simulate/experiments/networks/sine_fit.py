"""A small network learns one period of the sine from a few points on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The points, the network and its training.

    Attributes
    ----------
    n_train : int
        Points, drawn evenly from [−π, π].
    noise : float
        Standard deviation of the noise on their heights.
    hidden : tuple of int
        Units of the hidden layers.
    activation : str
        Of the hidden layers.
    lr : float
        Adam's learning rate.
    n_steps : int
        Updates, each on all points.
    snapshots : int
        Steps between pictures of the curve.
    reach : float
        The curve is recorded from −reach π to reach π.
    n_points : int
        Of the curve.
    seed : int
        Of points and weights.
    """

    n_train: int = 40
    noise: float = 0.0
    hidden: tuple[int, ...] = (32,)
    activation: str = "tanh"
    lr: float = 0.02
    n_steps: int = 400
    snapshots: int = 4
    reach: float = 2.0
    n_points: int = 201
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=20, n_steps=60, snapshots=10, n_points=49),
    label="a network's curve while it learns the sine",
)

NEAR = 0.1  # of the sine, whose height is 1, everywhere on the period: then it is learnt


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training; a run that diverges is recorded as it is."""
    return {
        "training": specs.Train(
            data=_data(settings),
            model=_model(settings),
            optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
            loss="mse",
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("scalars", parameters=settings.snapshots),
            allow_divergence=True,
            dtype="float64",
        )
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the network's curve at every snapshot.

    ``curve`` (snapshot, x) and the sine itself, ``target`` (x), over ``x``; ``loss`` (step); the
    training points ``point_x``, ``point_y`` (example). Attributes: ``final_loss`` on the training
    points, ``test_loss`` on evenly spaced points of the period without noise; ``worst_inside`` and
    ``worst_outside``, the largest distance from the sine on the period and beyond it; ``outcome``:
    "learnt", "nearer" or "farther" than at the start; ``only_seen``: learnt, but not beyond.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    run = runs["training"].data
    data = runs["training"].dataset
    x = np.linspace(-settings.reach * np.pi, settings.reach * np.pi, settings.n_points)
    curve = runs["training"].outputs(x[:, None])[..., 0]
    outside = np.abs(x) > np.pi
    off = np.abs(curve[-1] - np.sin(x))
    # not means: how far off it is at worst, where it has seen points and where it has not
    worst_inside, worst_outside = float(off[~outside].max()), float(off[outside].max(initial=0))
    loss = run.loss.values
    learnt = worst_inside < NEAR
    return xr.Dataset(
        {
            "curve": variable(("snapshot", "x"), curve, "output"),
            "target": variable("x", np.sin(x), "sin x"),
            "loss": variable("step", run.loss, "mean squared error"),
            "point_x": variable("example", data.x_train[:, 0], "input", "radians"),
            "point_y": variable("example", data.y_train[:, 0], "target"),
        },
        coords={
            "x": variable("x", x, "input", "radians"),
            "step": run.step,
            "snapshot": run.snapshot,
        },
        attrs={
            **run.attrs,
            "hidden": "–".join(map(str, settings.hidden)),
            "activation": settings.activation,
            "noise": settings.noise,
            "reach": settings.reach,
            "noisy": int(settings.noise > 0),
            "outcome": "learnt" if learnt else "nearer" if loss[-1] < loss[0] else "farther",
            "only_seen": int(learnt and worst_outside > NEAR),
            "first_loss": float(loss[0]),
            "final_loss": float(loss[-1]),
            "worst_outside": worst_outside,
            "worst_inside": worst_inside,
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="sine",
        n_train=settings.n_train,
        seed=settings.seed,
        settings={"noise": settings.noise},
    )


def _model(settings: Settings) -> specs.Model:
    return specs.Model(
        name="mlp",
        settings={"widths": [1, *settings.hidden, 1], "activation": settings.activation},
    )
