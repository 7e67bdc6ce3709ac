"""A trained network's loss on two planes through its parameters.

One plane of random directions, filter-normalised, shows the shape around the trained network; the
plane of the path's principal components shows how training came there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


_OF_PATH = ("path_u", "path_v", "path_height", "path_loss", "explained_variance")
MOST = 0.8  # of the way down: by which step it is done is told


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, its training, and the grids.

    Attributes
    ----------
    widths : tuple of int
        Units from the pixels to the classes.
    n_train, n_test : int
        Examples; the planes' losses are over all training examples.
    batch_size, epochs : int
        Of the training.
    lr : float
        Learning rate of plain gradient descent.
    snapshots : int
        Steps between points of the path.
    n_x, n_y : int
        Points of both grids.
    reach : float
        The random plane goes from −reach to reach along both directions, 1 being as long as the
        trained weights are.
    margin : float
        How much wider than the path its plane is, on each side, as a share of the path's extent.
    seed : int
        Of weights, order, choice of the examples, and directions.
    """

    widths: tuple[int, ...] = (784, 32, 10)
    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 125  # divides 10,000: a last batch of a few examples would throw the path
    epochs: int = 3  # most of the way down takes the first hundred steps
    lr: float = 0.1
    snapshots: int = 3
    n_x: int = 61
    n_y: int = 61
    reach: float = 1.0
    margin: float = 0.3
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(784, 8, 10), n_train=200, n_test=50, epochs=3, batch_size=20, n_x=9, n_y=7
    ),
    label="a network's loss on two planes of its parameters",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training, with snapshots of all parameters on its way."""
    run = specs.Train(
        data=_data(settings),
        model=_model(settings),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
        record=specs.record("scalars", "evaluation", parameters=settings.snapshots),
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute both planes and lay the path on the second.

    ``random_loss`` (y, x) over ``alpha`` (x) and ``beta`` (y); ``pca_loss`` (v, u) over ``u`` and
    ``v``, in units of parameter space; the path's ``path_u``, ``path_v``, ``path_height`` (the
    plane's loss there) and ``path_loss`` (the real one) by ``snapshot``; ``explained_variance``
    (component).
    Attributes: ``trained_loss`` (as the training run evaluated it), ``random_centre_loss`` (the
    plane's function at its centre), ``explained_variance``, ``n_examples``, ``most`` (a share of
    the way down) and ``most_step`` (the step by which it was done), ``stretch``, how many times as
    wide as high the path's plane is, ``plane_backend`` and ``plane_backend_reason`` (how the planes
    were computed, and why so), and the run's own.
    """
    import numpy as np
    import xarray as xr

    from simulate.measures import planes
    from simulate.recording import variable

    run = runs["training"].data
    examples, model = runs["training"].dataset, runs["training"].model()
    counts = (settings.n_x, settings.n_y)
    random = planes.loss_plane(
        model, examples, seed=settings.seed, reach=settings.reach, points=counts
    )
    pca = planes.loss_plane(
        model, examples, run=run, kind="pca", margin=settings.margin, points=counts
    )
    real = pca.path_loss.values

    down = (real[0] - real) / max(real[0] - real[-1], 1e-12)
    by = int(run.snapshot.values[np.argmax(down >= MOST)])
    return xr.Dataset(
        {
            "random_loss": variable(("y", "x"), random.loss, "cross-entropy", "nats"),
            "pca_loss": pca.loss.variable,
            **{name: pca[name].variable for name in _OF_PATH},
        },
        coords={
            "alpha": variable("x", random.u, "first random direction"),
            "beta": variable("y", random.v, "second random direction"),
            "u": pca.u,
            "v": pca.v,
            "snapshot": run.snapshot,
        },
        attrs={
            **run.attrs,
            "widths": "–".join(map(str, settings.widths)),
            "epochs": settings.epochs,
            "trained_loss": run.attrs["train_loss"],
            "random_centre_loss": random.attrs["trained_loss"],
            "explained_variance": float(pca.explained_variance.sum()),
            "n_examples": pca.attrs["n_examples"],
            "most": MOST,
            "most_step": by,
            "stretch": float(np.ptp(pca.u.values) / np.ptp(pca.v.values)),
            "stretched": int(abs(np.ptp(pca.u.values) / np.ptp(pca.v.values) - 1) > 0.05),
            "plane_backend": pca.attrs["backend"],
            "plane_backend_reason": pca.attrs["backend_reason"],
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )


def _model(settings: Settings) -> specs.Model:
    return specs.Model(name="mlp", settings={"widths": list(settings.widths)})
