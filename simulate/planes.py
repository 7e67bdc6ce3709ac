"""A network's loss on planes through its parameters, with the training path on them.

Two random directions, scaled filter by filter to the size of the trained weights, show the shape
of the loss around them (Li et al. 2018, arXiv:1712.09913, section 4). The path of training would be
a dot there: two random directions among thousands are as good as perpendicular to it. The plane of
its two principal components shows the path (section 7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from simulate import losses
from simulate.errors import UserError

# Numbers that a chunk of work holds per layer: 2 MiB of float32 stay in the processor's cache.
_CHUNK = 1 << 19

Progress = Callable[[int, int, str], object]


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
        In the order of ``model.parameters()``, in its precision.
    """
    generator = torch.Generator().manual_seed(seed)
    directions = []
    for _ in range(2):
        parts = []
        for param in model.parameters():
            own = param.detach().cpu()
            drawn = torch.randn(own.shape, generator=generator, dtype=own.dtype)
            if own.dim() < 2:
                parts.append(torch.zeros_like(own).flatten())
                continue
            filters = drawn.flatten(1)
            scale = own.flatten(1).norm(dim=1) / (filters.norm(dim=1) + 1e-10)
            parts.append((filters * scale[:, None]).flatten())
        directions.append(torch.cat(parts).numpy())
    return np.stack(directions)


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
        If there are fewer than 3 points, or they don't span a plane.
    """
    points = np.asarray(snapshots, np.float64)
    if len(points) < 3:
        raise UserError(f"a plane needs 3 snapshots of a path, not {len(points)}; take more")
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
    origin: np.ndarray,
    directions: np.ndarray,
    xs: np.ndarray | Sequence[float],
    ys: np.ndarray | Sequence[float],
    loss: str | Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    x: np.ndarray,
    y: np.ndarray,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> np.ndarray:
    """Return the loss at every point of a grid on a plane.

    Parameters
    ----------
    model : nn.Module
        Any network; its own parameters are neither used nor changed.
    origin : ndarray, shape (n_params,)
        Point (0, 0), in the order of ``model.parameters()``.
    directions : ndarray, shape (2, n_params)
        What one unit of `xs` and of `ys` adds.
    xs, ys : array_like, shape (n_x,), (n_y,)
        Coordinates of the grid.
    loss : str or callable
        As in `simulate.engine.train`: an average over examples.
    x, y : ndarray
        Inputs and targets, all of which every point's loss is averaged over.
    device : {"cpu", "cuda", "mps"}
        Where to compute.
    progress : callable or None
        Called now and then with points done, points in all and a few words.

    Returns
    -------
    ndarray, shape (n_y, n_x), float64
        Row j, column i has the loss at ``origin + xs[i] directions[0] + ys[j] directions[1]``.

    Raises
    ------
    UserError
        If origin or directions don't fit the model.
    """
    grid_x, grid_y = np.meshgrid(np.asarray(xs, float), np.asarray(ys, float))
    points = np.stack([grid_x.ravel(), grid_y.ravel()], axis=1)
    values = losses_at(
        model, origin, directions, points, loss, x, y, device=device, progress=progress
    )
    return values.reshape(grid_x.shape)


def losses_at(
    model: nn.Module,
    origin: np.ndarray,
    directions: np.ndarray,
    points: np.ndarray,
    loss: str | Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    x: np.ndarray,
    y: np.ndarray,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> np.ndarray:
    """Return the loss at some points of a plane, shape (n_points,), float64.

    Parameters
    ----------
    points : ndarray, shape (n_points, 2)
        Coordinates on the plane.

    The others are those of `loss_plane`.
    """
    params = dict(model.named_parameters())
    count = sum(param.numel() for param in params.values())
    if np.shape(origin) != (count,) or np.shape(directions) != (2, count):
        raise UserError(
            f"the model has {count} parameters, origin has shape {np.shape(origin)} and "
            f"directions {np.shape(directions)}; expected ({count},) and (2, {count})"
        )
    dtype = next(iter(params.values())).dtype
    # (3, n_params): the parameters at (a, b) are (1, a, b) times these rows
    frame = torch.from_numpy(np.concatenate([np.asarray(origin)[None], directions]))
    frame = frame.to(dtype).to(device)  # in this order: some devices have no float64
    weights = torch.from_numpy(np.concatenate([np.ones((len(points), 1)), points], axis=1))
    weights = weights.to(dtype).to(device)
    inputs = torch.as_tensor(x).to(dtype).to(device)
    targets = torch.as_tensor(y).to(None if y.dtype.kind == "i" else dtype).to(device)
    function = losses.find(loss).function

    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            if _is_chain(model):
                return _in_layers(model, frame, weights, function, inputs, targets, progress)
            return _one_by_one(model, frame, weights, function, inputs, targets, progress)
    finally:
        model.train(was_training)


def _is_chain(model: nn.Module) -> TypeGuard[nn.Sequential]:
    """Tell whether a network is linear layers with functions of single values between them."""
    pointwise = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.Identity)
    return (
        isinstance(model, nn.Sequential)
        and len(model) > 0
        and type(model[0]) is nn.Linear
        and all(type(layer) in (nn.Linear, *pointwise) for layer in model)
    )


def _in_layers(
    model: nn.Sequential,
    frame: torch.Tensor,
    weights: torch.Tensor,
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    inputs: torch.Tensor,
    targets: torch.Tensor,
    progress: Progress | None,
) -> np.ndarray:
    """Compute many points at once, layer by layer.

    The first layer's outputs are linear in the plane's coordinates, X(W + aW₁ + bW₂) = XW + aXW₁ +
    bXW₂, so its products, most of a network's work, are computed three times in all and then added
    up for every point.
    """
    parts = _split(model, frame)  # name -> (3, …)
    widest = max(layer.out_features for layer in model if isinstance(layer, nn.Linear))
    n_examples = len(inputs)
    per_chunk = min(n_examples, max(1, _CHUNK // widest))
    total = np.zeros(len(weights))
    done, todo = 0, math.ceil(n_examples / per_chunk) * len(weights)
    for first in range(0, n_examples, per_chunk):
        x, y = inputs[first : first + per_chunk], targets[first : first + per_chunk]
        basis = x @ parts["0.weight"].transpose(1, 2)  # (3, n, n_out)
        if "0.bias" in parts:
            basis = basis + parts["0.bias"][:, None]
        at_once = max(1, _CHUNK // (len(x) * widest))
        for start in range(0, len(weights), at_once):
            at = weights[start : start + at_once]  # (points, 3)
            values = (at @ basis.flatten(1)).unflatten(1, basis.shape[1:])  # (points, n, n_out)
            for number, layer in enumerate(model):
                if number == 0:
                    continue
                if not isinstance(layer, nn.Linear):
                    values = layer(values)
                    continue
                weight = torch.einsum("pk,koi->pio", at, parts[f"{number}.weight"])
                values = values @ weight
                if layer.bias is not None:
                    values += (at @ parts[f"{number}.bias"])[:, None]
            total[start : start + len(at)] += _sums(function, values, y)
            done += len(at)
            if progress is not None:
                progress(done, todo, "points of the loss plane")
    return total / n_examples


def _sums(
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    outputs: torch.Tensor,
    targets: torch.Tensor,
) -> np.ndarray:
    """Return the loss summed over examples, shape (points,), of outputs (points, n, …)."""
    if function is functional.cross_entropy and targets.dim() == 1:
        # the same for all points at once, at a quarter of the time
        own = outputs.gather(-1, targets.expand(len(outputs), -1)[..., None])[..., 0]
        return (outputs.logsumexp(-1) - own).sum(1).cpu().double().numpy()
    return np.array([function(each, targets).item() * len(targets) for each in outputs])


def _one_by_one(
    model: nn.Module,
    frame: torch.Tensor,
    weights: torch.Tensor,
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    inputs: torch.Tensor,
    targets: torch.Tensor,
    progress: Progress | None,
) -> np.ndarray:
    """Compute one point after the other with the model's own forward pass."""
    found = np.empty(len(weights))
    per_chunk = 4096  # examples in one forward pass
    for number, at in enumerate(weights):
        params = _split(model, at @ frame)
        total = 0.0
        for first in range(0, len(inputs), per_chunk):
            x, y = inputs[first : first + per_chunk], targets[first : first + per_chunk]
            outputs = torch.func.functional_call(model, params, (x,))
            total += function(outputs, y).item() * len(x)
        found[number] = total / len(inputs)
        if progress is not None:
            progress(number + 1, len(weights), "points of the loss plane")
    return found


def _split(model: nn.Module, flat: torch.Tensor) -> dict[str, torch.Tensor]:
    """Cut flat parameters, (…, n_params), into the model's named ones, (…, *shape)."""
    named = list(model.named_parameters())
    sizes = [param.numel() for _, param in named]
    pieces = flat.split(sizes, dim=-1)
    return {
        name: piece.unflatten(-1, param.shape)
        for (name, param), piece in zip(named, pieces, strict=True)
    }
