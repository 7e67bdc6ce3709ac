"""A network's loss on planes through its parameters, with the training path on them.

Two random directions, scaled filter by filter to the size of the trained weights, show the shape
of the loss around them (Li et al. 2018, arXiv:1712.09913, section 4). The path of training would be
a dot there: two random directions among thousands are as good as perpendicular to it. The plane of
its two principal components shows the path (section 7).
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import torch
from numba import njit
from torch import nn

from simulate.errors import UserError
from simulate.training import losses
from simulate.training.device import kept_memory, memory_can_be_kept

# Numbers in a block of examples, where the loop over points begins: 2 MiB stays in the cache.
_BLOCK = 1 << 19

_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)

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
        As in `simulate.training.engine.train`: an average over examples.
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
    frame = frame.to(device, dtype)
    inputs = torch.as_tensor(x).to(device, dtype)
    targets = torch.as_tensor(y).to(device, None if y.dtype.kind == "i" else dtype)
    function = losses.find(loss).function

    was_training = model.training
    model.eval()
    try:
        with _one_thread_each() as n_threads, kept_memory(), _faster_products(model, inputs):
            total = _total(
                model, frame, np.asarray(points, float), function, inputs, targets,
                n_threads=n_threads if device == "cpu" else 1, progress=progress,
            )  # fmt: skip
    finally:
        model.train(was_training)
    return total / len(inputs)


# ---------------------------------------------------------------------------- how it is made fast


def backend(model: nn.Module | None = None, device: str = "cpu") -> str:
    """Return in words which fast paths a loss plane takes here.

    Parameters
    ----------
    model : nn.Module or None
        The network; None takes one that begins with a linear layer.
    device : {"cpu", "cuda", "mps"}
        Where to compute.
    """
    found = []
    if model is None or _leading(model) is not None:
        found.append("leading layer computed three times in all")
    if device == "cpu":
        sample = torch.empty(0) if model is None else next(model.parameters())
        found.append("oneDNN products" if _fits(sample) else "torch's products")
        if memory_can_be_kept():
            found.append("memory kept between points")
    return ", ".join(found) or "torch's products"


def _total(
    model: nn.Module,
    frame: torch.Tensor,
    points: np.ndarray,
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    inputs: torch.Tensor,
    targets: torch.Tensor,
    *,
    n_threads: int,
    progress: Progress | None,
) -> np.ndarray:
    """Return the loss summed over examples at each point, shape (n_points,).

    Examples go in blocks that fit the cache; each block visits all points before the next comes. A
    network that begins with a linear layer has its products with the block computed three times:
    they are linear in the plane's coordinates, X(W + aW₁ + bW₂) = XW + aXW₁ + bXW₂. Points are
    shared among threads; each is computed by one thread, so their number changes no bit.
    """
    first = _leading(model)
    parts = _split(model, frame)
    begin = inputs[:1] if first is None else _basis(first, parts, inputs[:1])[0]
    per_block = max(1, _BLOCK // max(1, begin.numel()))
    starts = range(0, len(inputs), per_block)
    total = np.zeros(len(points))
    done = 0

    def visit(
        seat: _Seat, numbers: range, block: tuple[torch.Tensor, ...], basis: torch.Tensor | None
    ) -> int:
        x, y = block
        values = x if basis is None else torch.empty_like(basis[0])
        _products.faster = True
        with torch.no_grad():
            for number in numbers:
                a, b = points[number].tolist()
                seat.move(a, b)
                if basis is not None:
                    _combine(basis, a, b, values, positive=seat.begins_with_relu)
                outputs = _forward(seat.rest, values, fresh=basis is not None)
                total[number] += _summed(function, outputs, y)
        return len(numbers)

    shares = [range(i, len(points), n_threads) for i in range(n_threads)]
    seats = [_Seat(model, frame, first) for _ in shares]
    with ThreadPoolExecutor(n_threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for start in starts:
            x, y = inputs[start : start + per_block], targets[start : start + per_block]
            basis = None if first is None else _basis(first, parts, x)
            for n_visited in pool.map(visit, seats, shares, repeat((x, y)), repeat(basis)):
                done += n_visited
                if progress is not None:
                    progress(done, len(starts) * len(points), "points of the loss plane")
    return total


def _leading(model: nn.Module) -> nn.Module | None:
    """Return the linear layer with which a sequence begins, if it shares no parameter."""
    linear = (nn.Linear, *_CONVOLUTIONS)
    if not (type(model) is nn.Sequential and len(model) > 1 and type(model[0]) in linear):
        return None
    own = {id(param) for param in model[0].parameters()}
    shared = any(id(param) in own for layer in list(model)[1:] for param in layer.parameters())
    return None if shared else model[0]


class _Seat:
    """A thread's own network, whose parameters are moved to one point after the other.

    They are views of one vector, so that a move is two operations whatever the number of layers;
    exchanging a module's parameters takes as long as a small layer's product.

    Attributes
    ----------
    rest : nn.Module
        The network, without its leading linear layer where that is taken out.
    begins_with_relu : bool
        Whether a ReLU followed the leading layer; then it is not in `rest`.
    """

    def __init__(self, model: nn.Module, frame: torch.Tensor, first: nn.Module | None) -> None:
        own = deepcopy(model).to(frame.device, frame.dtype)
        n_first = 0 if first is None else sum(param.numel() for param in first.parameters())
        # A leading layer's parameters are the first ones of the whole.
        self._rows = frame[:, n_first:]
        self._at = torch.empty_like(self._rows[0])
        self.begins_with_relu = first is not None and type(own[1]) is nn.ReLU  # type: ignore[index]
        rest = own if first is None else own[2 if self.begins_with_relu else 1 :]  # type: ignore[index]
        for name, view in _split(rest, self._at).items():
            rest.get_parameter(name).data = view
        self.rest: nn.Module = rest

    def move(self, a: float, b: float) -> None:
        """Set the parameters to those of the point (a, b)."""
        origin, right, up = self._rows
        torch.add(origin, right, alpha=a, out=self._at).add_(up, alpha=b)


def _basis(first: nn.Module, parts: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Return the leading layer's outputs for origin and both directions, (3, n, …)."""
    names = [name for name, _ in first.named_parameters()]
    with torch.no_grad():
        if type(first) is nn.Linear and x.dim() == 2 and _fits(x):
            weights, biases = parts["0.weight"], parts.get("0.bias", repeat(None))
            return torch.stack([_product(x, *own) for own in zip(weights, biases, strict=False)])
        return torch.stack(
            [
                torch.func.functional_call(first, {n: parts[f"0.{n}"][row] for n in names}, (x,))
                for row in range(3)
            ]
        )


def _forward(model: nn.Module, values: torch.Tensor, *, fresh: bool) -> torch.Tensor:
    """Return what a network makes of its inputs.

    `fresh` tells that nobody else has the values, so that they may be changed in place: the
    examples themselves must never be.
    """
    if type(model) is not nn.Sequential:
        outputs: torch.Tensor = model(values)
        return outputs
    for layer in model:
        if type(layer) is nn.Linear and values.dim() == 2 and _fits(values):
            values, fresh = _product(values, layer.weight, layer.bias), True
        elif type(layer) is nn.ReLU and fresh:
            values = values.relu_()
        else:
            values = layer(values)
            # Convolutions make new numbers; other layers may keep what they were given.
            fresh = type(layer) in _CONVOLUTIONS or (fresh and type(layer) is nn.Flatten)
    return values


def _summed(
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    outputs: torch.Tensor,
    targets: torch.Tensor,
) -> float:
    """Return the loss summed over examples."""
    if function is not nn.functional.cross_entropy or outputs.dim() != 2 or targets.dim() != 1:
        return function(outputs, targets).item() * len(targets)
    # torch's goes row by row, at a fifth of the speed where there are few classes
    classes = outputs.t().contiguous()
    largest = classes.amax(0)
    log_sum = (classes - largest).exp_().sum(0).log_().add_(largest)
    return (log_sum - outputs.gather(1, targets[:, None])[:, 0]).sum().item()


def _combine(basis: torch.Tensor, a: float, b: float, out: torch.Tensor, *, positive: bool) -> None:
    """Write ``basis[0] + a basis[1] + b basis[2]`` to `out`; `positive` cuts it off at 0."""
    if out.device.type == "cpu":
        rows, target = basis.flatten(1).numpy(), out.view(-1).numpy()
        scalar = rows.dtype.type
        _combine_rows(rows, scalar(a), scalar(b), target, positive)
        return
    torch.add(basis[0], basis[1], alpha=a, out=out).add_(basis[2], alpha=b)
    if positive:
        out.relu_()


# Products and sums may be fused; NaN must survive, for a plane may reach where the loss is none.
@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def _combine_rows(
    rows: np.ndarray, a: np.floating, b: np.floating, out: np.ndarray, positive: bool
) -> None:
    """Do it in one pass: three torch operations would read and write the numbers three times."""
    zero = rows.dtype.type(0)
    for i in range(len(out)):
        value = rows[0, i] + a * rows[1, i] + b * rows[2, i]
        out[i] = zero if positive and value < zero else value


@contextmanager
def _one_thread_each() -> Iterator[int]:
    """Give torch's threads to the points: each product in one thread, as many points at once.

    Both settings are the whole process's, so they are changed here and not by the threads.
    """
    n_threads, fast_path = torch.get_num_threads(), torch.backends.mha.get_fastpath_enabled()
    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)  # it would multiply out of our sight
    try:
        yield n_threads
    finally:
        torch.set_num_threads(n_threads)
        torch.backends.mha.set_fastpath_enabled(fast_path)


class _Products(threading.local):
    """Whether this thread's matrix products go through oneDNN; see `_faster_products`."""

    faster = False


_products = _Products()


@contextmanager
def _faster_products(model: nn.Module, x: torch.Tensor) -> Iterator[None]:
    """Let networks that are no plain sequence of layers find oneDNN where they multiply matrices.

    torch multiplies matrices with MKL, whose loops for processors not of its maker's are half as
    fast as oneDNN's (100 against 220 GFLOP/s on one core of an EPYC). Kernels are the whole
    process's, so threads that didn't ask (`_products`) are given what they would have had. A mode
    of torch's would be called for every operation, and hold Python's lock for it.
    """
    layers = list(model) if type(model) is nn.Sequential else [model]
    if not _fits(x) or (len(layers) > 1 and not any(list(layer.children()) for layer in layers)):
        yield
        return
    with torch.library._scoped_library("aten", "IMPL") as library:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="(?s).*previously registered kernel")
            library.impl("addmm", _addmm, "CPU")
            library.impl("mm", _mm, "CPU")
            library.impl("bmm", _bmm, "CPU")
        yield


def _addmm(
    bias: torch.Tensor, left: torch.Tensor, right: torch.Tensor, *, beta: Any = 1, alpha: Any = 1
) -> torch.Tensor:
    if _products.faster and _fits(left) and bias.dim() == 1 and beta == alpha == 1:
        return _product(left, right.t(), bias)
    out = left.new_empty(len(left), right.shape[1])
    return torch.ops.aten.addmm.out(bias, left, right, beta=beta, alpha=alpha, out=out)


def _mm(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    if _products.faster and _fits(left):
        return _product(left, right.t(), None)
    return torch.ops.aten.mm.out(left, right, out=left.new_empty(len(left), right.shape[1]))


def _bmm(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    n, rows, inner = left.shape
    if _products.faster and _fits(left) and right.stride(0) == 0:  # one matrix for all
        return _product(left.reshape(-1, inner), right[0].t(), None).view(n, rows, -1)
    out = left.new_empty(n, rows, right.shape[2])
    return torch.ops.aten.bmm.out(left, right, out=out)


def _product(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    return torch.ops.mkldnn._linear_pointwise(
        x.contiguous(), weight.contiguous(), bias, "none", [], ""
    )


def _fits(x: torch.Tensor) -> bool:
    """Tell whether oneDNN is there, and the numbers are float32 on the CPU."""
    known = x.device.type == "cpu" and x.dtype == torch.float32
    return known and torch.backends.mkldnn.is_available() and _has_linear()


@cache
def _has_linear() -> bool:
    return hasattr(torch.ops.mkldnn, "_linear_pointwise")


def _split(model: nn.Module, flat: torch.Tensor) -> dict[str, torch.Tensor]:
    """Cut flat parameters, (…, n_params), into the model's named ones, (…, *shape)."""
    named = list(model.named_parameters())
    sizes = [param.numel() for _, param in named]
    pieces = flat.split(sizes, dim=-1)
    return {
        name: piece.unflatten(-1, param.shape)
        for (name, param), piece in zip(named, pieces, strict=True)
    }
