"""A network's loss on planes through its parameters, with the training path on them.

Two random directions, scaled filter by filter to the size of the trained weights, show the shape
of the loss around them (Li et al. 2018, arXiv:1712.09913, section 4). The path of training would be
a dot there: two random directions among thousands are as good as perpendicular to it. The plane of
its two principal components shows the path (section 7).
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate.errors import UserError
from simulate.measures import _ways
from simulate.probes._base import state_buffers
from simulate.recording import variable
from simulate.training import arguments, losses

Loss = str | Callable[[Any, torch.Tensor], Any]


@dataclass(frozen=True)
class Plane:
    """A plane through a point of parameter space, and a path seen on it.

    Attributes
    ----------
    origin : ndarray, shape (n_params,)
        Where both coordinates are 0.
    directions : ndarray, shape (2, n_params)
        Of coordinate 1 along each axis.
    path : ndarray, shape (n_snapshots, 2)
        Coordinates of the path's nearest points on the plane.
    explained_variance : ndarray, shape (2,)
        Share of the path's variance about its mean along each direction.
    """

    origin: np.ndarray
    directions: np.ndarray
    path: np.ndarray
    explained_variance: np.ndarray


def random_directions(model: nn.Module, seed: int = 0) -> np.ndarray:
    """Return two random directions, normalised filter by filter.

    A filter is what makes one unit: a row of a layer's weight, a channel of a convolution's. Each
    filter of a direction, drawn from a normal distribution, is scaled to the norm of the model's
    own: d ← d ‖θ‖ / ‖d‖. Parameters with a single axis (biases, batch normalisation) get 0.

    Parameters
    ----------
    model : nn.Module
        The trained network.
    seed : int
        Of the directions.

    Returns
    -------
    ndarray, shape (2, n_params)
        In the order of ``model.parameters()``, in its precision, float32 at least.
    """
    generator = torch.Generator().manual_seed(seed)
    directions = []
    for _ in range(2):
        parts = []
        for param in _ways.parameters(model):
            own = param.detach().cpu()
            drawn = torch.randn(own.shape, generator=generator, dtype=own.dtype)
            if own.dim() < 2:
                parts.append(torch.zeros_like(own).flatten())
                continue
            filters = drawn.flatten(1)
            scale = own.flatten(1).norm(dim=1) / (filters.norm(dim=1) + 1e-10)
            parts.append((filters * scale[:, None]).flatten())
        directions.append(_numpy(torch.cat(parts)))
    return np.stack(directions)


def _numpy(values: torch.Tensor) -> np.ndarray:
    found: np.ndarray = values.to(torch.promote_types(values.dtype, torch.float32)).numpy()
    return found


def pca_plane(snapshots: np.ndarray) -> Plane:
    """Return the plane of a path's two principal components, through its last point.

    Parameters
    ----------
    snapshots : ndarray, shape (n_snapshots, n_params)
        Points of the path; at least 3.

    Returns
    -------
    Plane
        Directions of length 1, each turned so that the path's start has coordinates ≤ 0.

    Raises
    ------
    UserError
        If there are fewer than 3 points, one isn't finite, or they don't span a plane.
    """
    points = np.asarray(snapshots, np.float64)
    if points.ndim != 2:
        raise UserError(f"snapshots have shape {points.shape}; expected (n_snapshots, n_params)")
    if len(points) < 3:
        raise UserError(f"a plane needs 3 snapshots of a path, not {len(points)}; take more")
    if points.shape[1] < 2:
        raise UserError("a plane needs 2 parameters, not 1; draw the loss as a curve")
    lost = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(lost):
        raise UserError(
            f"snapshot {lost[0]} of {len(points)} isn't finite: the training diverged; lay the "
            "plane through those before it"
        )
    origin = points[-1]
    centred = points - points.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    if sizes[1] < 1e-12 * max(sizes[0], 1e-300):
        raise UserError("the path is straight or stands still: its components make no plane")
    directions = directions[:2]
    path = (points - origin) @ directions.T
    turn = np.where(path[0] > 0, -1.0, 1.0)
    return Plane(
        origin=origin,
        directions=directions * turn[:, None],
        path=path * turn,
        explained_variance=sizes[:2] ** 2 / (sizes**2).sum(),
    )


def around(values: np.ndarray, margin: float) -> tuple[float, float]:
    """Return a range that covers some values with a margin on each side, as a share of it."""
    low, high = float(np.min(values)), float(np.max(values))
    return low - margin * (high - low), high + margin * (high - low)


def loss_plane(
    model: nn.Module,
    data: Any,
    loss: Loss = "cross_entropy",
    *,
    run: Any = None,
    kind: Literal["random", "pca"] = "random",
    seed: int = 0,
    reach: float = 1.0,
    margin: float = 0.3,
    points: int | tuple[int, int] = 51,
    backend: str = "auto",
    device: str | None = None,
    progress: _ways.Progress | None = None,
) -> xr.Dataset:
    """Return a network's loss on a plane through its parameters, as a recording.

    Parameters
    ----------
    model : nn.Module
        Any network; it is left as it was: parameters, buffers, modes and all. It is in its
        evaluation mode at every point.
    data : pair of array_like, DataLoader, Dataset, or Data
        Examples, over all of which each loss is taken: inputs and targets; of a `Data`, the
        training set.
    loss : str or callable
        "cross_entropy", "mse", or any function of outputs and targets that returns one number. It
        is given all outputs at once, so it may weigh or leave out examples.
    run : Dataset or None
        Of the network's training: ``params`` (snapshot, param), and ``buffers`` (snapshot, buffer)
        if the network has some. The plane then goes through its last snapshot, and the path is laid
        on it; else through the network as it is.
    kind : {"random", "pca"}
        Two random directions, normalised filter by filter; or the two principal components of the
        path, which needs a `run`.
    seed : int
        Of random directions.
    reach : float
        How far a random plane goes each way, 1 being as long as the weights are.
    margin : float
        How much wider than the path its plane is, on each side, as a share of the path's extent.
    points : int or (int, int)
        Along both axes, or along u and v.
    backend : {"auto", "compiled", "copies", "plain"}
        How to compute; "auto" takes the fastest that is proved the same (docs/fast_paths.md).
    device : str or None
        Where to compute; None stays where the network is.
    progress : callable or None
        Called now and then with points done, points in all and a few words.

    Returns
    -------
    Dataset
        ``loss`` (v, u), float64, over ``u`` (u) and ``v`` (v); ``origin`` (param) and ``direction``
        (component, param). With a run ``path_u``, ``path_v``, ``path_height`` (the plane's loss
        there), ``path_loss`` (the network's own, with its own buffers) by ``snapshot``, and
        ``explained_variance`` (component), the share of the path's variance along each direction.
        Attributes: ``trained_loss`` (at the origin), ``plane``, ``seed``, ``n_examples``,
        ``n_params``, ``backend`` and ``backend_reason``.

    Raises
    ------
    UserError
        If the arguments don't go together, or the network or the loss can't take the examples.

    Examples
    --------
    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    >>> x = torch.randn(50, 2)
    >>> plane = loss_plane(net, (x, (x[:, 0] > 0).long()), points=(7, 5))
    >>> plane.loss.shape, plane.attrs["backend"]
    ((5, 7), 'compiled')
    """
    n_u, n_v = _counts(points)
    if kind not in ("random", "pca"):
        raise UserError(f"kind is {kind!r}; there is random, pca")
    seed = arguments.seed(seed)
    for name, value in (("reach", reach), ("margin", margin)):
        if not isinstance(value, numbers.Real) or not math.isfinite(value):
            raise UserError(f"{name} is {arguments.shown(value)}; it takes a finite number")
    found = losses.find(loss)
    inputs, targets = _ways.examples(model, found, data)
    path = None if run is None else _path(model, run)
    if kind == "pca":
        if path is None:
            raise UserError("kind is 'pca' and run is None: give the run whose path the plane has")
        plane = pca_plane(path.params)
        u, v = (np.linspace(*around(plane.path[:, i], margin), n) for i, n in enumerate((n_u, n_v)))
    else:
        plane = _random_plane(model, path, seed)
        u, v = (np.linspace(-reach, reach, n) for n in (n_u, n_v))

    grid = np.stack([side.ravel() for side in np.meshgrid(u, v)], axis=1)
    on_plane = np.concatenate([grid, np.zeros((1, 2)), plane.path])
    rows = np.concatenate([plane.origin[None], plane.directions])
    buffers = None if path is None or path.buffers is None else path.buffers[-1:]
    evaluate = partial(_ways.measure, model, device=device, backend=backend)
    measured = evaluate(
        _ways.Places(rows, on_plane, buffers and buffers * len(on_plane)),
        found.function,
        inputs,
        targets,
        progress=progress,
    )
    heights, centre = measured.losses[: len(grid)], measured.losses[len(grid)]
    units = (found.long_name, found.units)
    variables = {
        "loss": variable(("v", "u"), heights.reshape(n_v, n_u), *units),
        "origin": variable("param", plane.origin, "parameters at (0, 0)"),
        "direction": variable(("component", "param"), plane.directions, "direction of an axis"),
    }
    coords: dict[str, Any] = {
        "u": variable("u", u, _AXES[kind][0]),
        "v": variable("v", v, _AXES[kind][1]),
    }
    if path is not None:
        own = _ways.Places(path.params, None, path.buffers)
        real = evaluate(own, found.function, inputs, targets)
        variables |= {
            "path_u": variable("snapshot", plane.path[:, 0], _AXES[kind][0]),
            "path_v": variable("snapshot", plane.path[:, 1], _AXES[kind][1]),
            "path_height": variable(
                "snapshot", measured.losses[len(grid) + 1 :], f"{units[0]} on the plane", units[1]
            ),
            "path_loss": variable("snapshot", real.losses, *units),
            "explained_variance": variable(
                "component", plane.explained_variance, "share of the path's variance"
            ),
        }
        coords["snapshot"] = path.steps
    return xr.Dataset(
        variables,
        coords=coords,
        attrs={
            "plane": kind,
            "seed": seed,
            "loss": found.long_name,
            "trained_loss": float(centre),
            "n_examples": len(inputs),
            "n_params": rows.shape[1],
            "backend": measured.backend,
            "backend_reason": measured.reason,
        },
    )


_AXES = {
    "random": ("first random direction", "second random direction"),
    "pca": ("first component", "second component"),
}


def losses_at(
    model: nn.Module,
    origin: np.ndarray,
    directions: np.ndarray,
    points: np.ndarray | Sequence[Sequence[float]],
    loss: Loss,
    x: Any,
    y: Any,
    *,
    backend: str = "auto",
    device: str | None = None,
    progress: _ways.Progress | None = None,
) -> _ways.Measured:
    """Return the loss at some points of a plane, and how it was computed.

    Parameters
    ----------
    model : nn.Module
        As in `loss_plane`; its buffers, if any, are those that it holds.
    origin : ndarray, shape (n_params,)
        Point (0, 0), in the order of ``model.parameters()``.
    directions : ndarray, shape (2, n_params)
        What one unit of each coordinate adds.
    points : array_like, shape (n_points, 2)
        Coordinates.
    loss, backend, device, progress
        As in `loss_plane`.
    x, y : array_like
        Inputs and targets.

    Returns
    -------
    Measured
        ``losses`` (n_points,), float64; ``backend``; ``reason``.

    Raises
    ------
    UserError
        If origin or directions don't fit the model, or it can't take the examples.
    """
    count = sum(param.numel() for param in _ways.parameters(model))
    if np.shape(origin) != (count,) or np.shape(directions) != (2, count):
        raise UserError(
            f"the model has {count} parameters, origin has shape {np.shape(origin)} and "
            f"directions {np.shape(directions)}; expected ({count},) and (2, {count})"
        )
    at = np.asarray(points, float)
    if at.ndim != 2 or at.shape[1] != 2 or len(at) == 0:
        raise UserError(f"points have shape {at.shape}; expected (n_points, 2), at least one")
    found = losses.find(loss)
    inputs, targets = _ways.examples(model, found, (x, y))
    return _ways.measure(
        model,
        _ways.Places(np.concatenate([np.asarray(origin)[None], directions]), at),
        found.function,
        inputs,
        targets,
        backend=backend,
        device=device,
        progress=progress,
    )


@dataclass(frozen=True)
class _Path:
    """Snapshots: parameters (n, n_params), what else the network held, steps (n,)."""

    params: np.ndarray
    buffers: list[dict[str, torch.Tensor]] | None
    steps: np.ndarray


def _path(model: nn.Module, run: Any) -> _Path:
    """Return the snapshots of a run, and make sure that they are this network's."""
    if not isinstance(run, xr.Dataset) or "params" not in run:
        raise UserError("run has no params; give what simulate.train returned")
    params = np.array(run["params"].values)
    count = sum(param.numel() for param in _ways.parameters(model))
    if params.ndim != 2 or params.shape[1] != count or len(params) == 0:
        raise UserError(f"run's params have shape {params.shape}; the model has {count} parameters")
    held = state_buffers(model)
    buffers = None
    if held:
        if "buffers" not in run:
            raise UserError(
                f"the network has buffers ({', '.join(held)}), which are no part of this run's "
                "snapshots: without them their losses aren't known; record the run again"
            )
        rows = torch.from_numpy(np.array(run["buffers"].values))
        sizes = [value.numel() for value in held.values()]
        if rows.shape != (len(params), sum(sizes)):
            raise UserError(
                f"run's buffers have shape {tuple(rows.shape)}; the model has {sum(sizes)} numbers "
                f"in buffers, the run {len(params)} snapshots"
            )
        buffers = [
            {
                name: part.view(value.shape).to(value.dtype)
                for (name, value), part in zip(held.items(), row.split(sizes), strict=True)
            }
            for row in rows
        ]
    steps = run["snapshot"].values if "snapshot" in run else np.arange(len(params))
    return _Path(params, buffers, steps)


def _random_plane(model: nn.Module, path: _Path | None, seed: int) -> Plane:
    """Return the plane of two random directions through the end of a path, or the network."""
    params = _ways.parameters(model)
    if path is None:
        directions = random_directions(model, seed)
        flat = torch.cat([param.detach().cpu().flatten() for param in params])
        return Plane(_numpy(flat), directions, np.empty((0, 2)), np.full(2, np.nan))
    with _ways.borrowed(model) as network:
        network.move(torch.from_numpy(path.params[-1].copy()).to(params[0].device))
        directions = random_directions(model, seed)
    origin = path.params[-1]
    away = path.params.astype(np.float64) - origin
    # coordinates of the nearest points: the directions are neither of length 1 nor perpendicular
    coordinates = np.linalg.lstsq(directions.T.astype(np.float64), away.T, rcond=None)[0].T
    centred = (path.params - path.params.mean(axis=0)).astype(np.float64)
    ortho = np.linalg.qr(directions.T.astype(np.float64))[0]
    whole = max((centred**2).sum(), 1e-300)
    return Plane(origin, directions, coordinates, ((centred @ ortho) ** 2).sum(axis=0) / whole)


def _counts(points: Any) -> tuple[int, int]:
    counts = tuple(points) if isinstance(points, tuple | list) else (points, points)
    if len(counts) != 2:
        raise UserError(
            f"points is {arguments.shown(points)}; it takes a number, or one along each axis"
        )
    n_u, n_v = (arguments.count(n, "points") or 0 for n in counts)
    return n_u, n_v
