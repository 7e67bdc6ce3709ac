"""A network's loss on two planes, as the visual ``loss_surface`` draws it."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from simulate.errors import UserError
from simulate.measures import planes

MOST = 0.8  # of the way down: by which step it is done is told

_OF_PATH = ("path_u", "path_v", "path_height", "path_loss", "explained_variance")


def loss_surface(
    model: Any,
    data: Any,
    loss: planes.Loss = "cross_entropy",
    *,
    run: Any,
    seed: int = 0,
    reach: float = 1.0,
    margin: float = 0.3,
    points: int | tuple[int, int] = 51,
    backend: str = "auto",
    device: str | None = None,
) -> xr.Dataset:
    """Return the loss on a plane of random directions and on that of the training's path.

    The recording is what ``figures.draw("loss_surface", …)`` and ``scenes.film`` take.

    Parameters
    ----------
    model, data, loss
        As in `loss_plane`.
    run : Dataset
        Of the network's training, with snapshots; both planes go through the last one.
    seed, reach : int, float
        Of the random plane.
    margin : float
        Of the path's plane.
    points, backend, device
        Of both, as in `loss_plane`.

    Returns
    -------
    Dataset
        ``random_loss`` (y, x) over ``alpha`` (x) and ``beta`` (y); ``pca_loss`` (v, u) over ``u``
        and ``v``; ``path_u``, ``path_v``, ``path_height`` (the plane's loss there) and
        ``path_loss`` (the network's own) by ``snapshot``; ``explained_variance`` (component).
        Attributes: the run's own, and ``trained_loss`` (at the end of the path),
        ``random_centre_loss`` (the random plane's, at its centre), ``explained_variance``,
        ``n_examples``, ``most`` (a share of the way down) and ``most_step`` (the step by which it
        was done), ``stretch`` (how many times as wide as high the path's plane is), ``stretched``
        (whether that is seen), ``plane_backend`` and ``plane_backend_reason``.

    Raises
    ------
    UserError
        As `loss_plane`.

    Examples
    --------
    >>> from simulate import probe, train
    >>> from torch import nn
    >>> net, x = nn.Sequential(nn.Linear(2, 2)), np.random.default_rng(0).normal(size=(20, 2))
    >>> record = ["scalars", probe("parameters", every=2)]
    >>> run = train(net, (x, x[:, 0] > 0), steps=10, lr=0.1, record=record)
    >>> surface = loss_surface(net, (x, x[:, 0] > 0), run=run, points=(7, 5))
    >>> surface.random_loss.shape, surface.pca_loss.dims
    ((5, 7), ('v', 'u'))
    """
    if run is None:
        raise UserError("run is None; give the run whose path the second plane has")
    given: dict[str, Any] = {"points": points, "backend": backend, "device": device}
    pca = planes.loss_plane(model, data, loss, run=run, kind="pca", margin=margin, **given)
    end = run.isel(snapshot=[-1])  # the path would be a dot there, so it isn't measured again
    random = planes.loss_plane(model, data, loss, run=end, seed=seed, reach=reach, **given)
    real = pca.path_loss.values
    down = (real[0] - real) / max(real[0] - real[-1], 1e-12)
    stretch = float(np.ptp(pca.u.values) / np.ptp(pca.v.values))
    return xr.Dataset(
        {
            "random_loss": (("y", "x"), random.loss.values, random.loss.attrs),
            "pca_loss": pca.loss.variable,
            **{name: pca[name].variable for name in _OF_PATH},
        },
        coords={
            "alpha": ("x", random.u.values, random.u.attrs),
            "beta": ("y", random.v.values, random.v.attrs),
            "u": pca.u,
            "v": pca.v,
            "snapshot": pca.snapshot,
        },
        attrs={
            **run.attrs,
            "trained_loss": float(real[-1]),
            "random_centre_loss": random.attrs["trained_loss"],
            "explained_variance": float(pca.explained_variance.sum()),
            "n_examples": pca.attrs["n_examples"],
            "n_params": pca.attrs["n_params"],
            "most": MOST,
            "most_step": int(pca.snapshot.values[np.argmax(down >= MOST)]),
            "stretch": stretch,
            "stretched": int(abs(stretch - 1) > 0.05),
            "plane_backend": pca.attrs["backend"],
            "plane_backend_reason": pca.attrs["backend_reason"],
        },
    )
