"""Many descents: every optimizer on every surface, side by side where that changes nothing.

A descent alone is nearly all overhead: a forward and a backward pass of a few numbers, a step of
two. Descents that share a surface are evaluated in one call, all surfaces are differentiated in one
backward pass, and descents that share an optimizer and its settings step together as the rows of
one tensor. That is the same path as alone only if neither optimizer nor surface looks at more than
one descent's numbers: rows say so, it is tried before, and the others are descended one by one.
"""

from __future__ import annotations

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, overload

import msgspec
import numpy as np
import torch
import xarray as xr

from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.recording import variable
from simulate.schedules import _base as schedules
from simulate.surfaces import _base as surfaces
from simulate.training import arguments
from simulate.training.descend import descend
from simulate.training.execute import execute

Function = Callable[..., torch.Tensor]

_TRIED = 8  # steps and descents with which an optimizer is tried


@overload
def race(what: Sequence[specs.Descend], *, progress: Any = None) -> list[xr.Dataset]: ...


@overload
def race(
    what: str | Function,
    optimizers: Sequence[Any],
    *,
    start: Sequence[float] | None = None,
    steps: int = 200,
    lr: float | None = None,
    schedule: Any = None,
    dtype: str = "float64",
    points: int | None = 101,
    progress: Any = None,
) -> xr.Dataset: ...


def race(
    what: Any,
    optimizers: Any = None,
    *,
    start: Sequence[float] | None = None,
    steps: int = 200,
    lr: float | None = None,
    schedule: Any = None,
    dtype: str = "float64",
    points: int | None = 101,
    progress: Any = None,
) -> Any:
    """Let optimizers descend one function from one start, and return their paths as a recording.

    Each path is what it is alone. One that diverges is recorded as it is.

    Parameters
    ----------
    what : callable, str, or sequence of Descend
        A function of θ, a Tensor of shape (n_params,), or of as many numbers as `start` has, x and
        y; the name of a surface; or descents of any surfaces, optimizers and settings, all with the
        same number of steps and the same dtype, which take no other arguments.
    optimizers : sequence
        Names of rows, `specs.Optimizer`, classes of optimizers, or functions of the parameters that
        return one.
    start : sequence of float
        Where all of them begin; of a surface, None takes its own.
    steps : int
        Number of updates.
    lr : float or None
        Learning rate of all; None takes each one's own.
    schedule
        As in `simulate.train`.
    dtype : {"float64", "float32"}
        In which to compute.
    points : int or None
        Along each side of the map of a function of two numbers, which is called at each of them;
        None leaves the map out, where a call takes long.
    progress : callable, optional
        Called now and then with steps done, steps in all and a few words.

    Returns
    -------
    Dataset or list of Dataset
        ``theta``, ``gradient`` (run, step, param), ``loss``, ``grad_norm``, ``lr`` (run, step),
        over ``run``, the optimizers' labels, step 0 being the start; of a function of two numbers
        a map too, see `around`. The visual ``descent_paths`` draws it. Of descents a list with one
        recording each, without ``run``, in their order.

    Raises
    ------
    UserError
        If an argument can't be taken, or the descents' lengths or types differ.

    Examples
    --------
    >>> def bowl(x, y):
    ...     return x**2 + 10 * y**2
    >>> paths = race(bowl, ["adam", "sgd", torch.optim.Adagrad], start=(1, 1), steps=200, lr=0.05)
    >>> paths.run.values.tolist()
    ['Adam', 'SGD', 'Adagrad']
    >>> paths.theta.shape
    (3, 201, 2)
    >>> adam = specs.Optimizer(name="adam")
    >>> path, = race([specs.Descend(surface="beale", optimizer=adam, steps=300)])
    >>> path.theta.shape
    (301, 2)
    """
    if optimizers is not None:
        return _race_one(what, optimizers, start, steps, lr, schedule, dtype, points, progress)
    if isinstance(what, str) or not isinstance(what, Sequence):
        raise UserError(
            "optimizers is None; give those that race, such as ['adam', 'sgd'], or specs.Descend "
            "alone"
        )
    return _race_lanes(what, progress)


def _race_one(
    what: Any,
    contestants: Any,
    start: Any,
    steps: int,
    lr: float | None,
    schedule: Any,
    dtype: str,
    points: int | None,
    progress: Any,
) -> xr.Dataset:
    points = arguments.count(points, "points", least=2, none=True)
    if isinstance(contestants, str) or not isinstance(contestants, Sequence) or not contestants:
        raise UserError(
            f"optimizers is {arguments.shown(contestants)}; it takes a list, such as "
            "['adam', 'sgd']"
        )
    if isinstance(what, str):
        row: surfaces.Surface = registry.load("surfaces", what)
        function: Function = surfaces.function(what)
        start = row.start if start is None else start
    elif callable(what):
        function = what
    else:
        raise UserError(
            f"a race takes a function of θ, the name of a surface, or a list of specs.Descend, not "
            f"{arguments.shown(what)}"
        )
    if start is None:
        raise UserError("start is None; give the point where all begin, such as (1.0, 1.0)")
    loss = _of_theta(function, start)
    found = []
    for number, given in enumerate(contestants):
        if isinstance(given, torch.optim.Optimizer):
            raise UserError(
                f"optimizer {type(given).__name__} is an object, whose parameters are others; give "
                "its class, or a function: lambda params: torch.optim.…(params)"
            )
        found.append(
            descend(
                loss, start, optimizer=given, lr=lr, schedule=schedule, steps=steps, dtype=dtype
            )
        )
        if progress is not None:
            progress((number + 1) * steps, len(contestants) * steps, "steps of the race")
    names = ("theta", "gradient", "loss", "grad_norm", "lr")
    paths = {name: np.stack([path[name] for path in found]) for name in names}
    ground: dict[str, Any] = {}
    if points is not None and paths["theta"].shape[2] == 2:
        ground = around(loss, paths["theta"], paths["loss"], points, getattr(torch, dtype))
    return xr.Dataset(
        {
            name: (("run", *found[0][name].dims), paths[name], found[0][name].attrs)
            for name in names
        }
        | ground,
        coords={"run": _labels(contestants, found), "step": found[0].step},
        attrs={
            "n_steps": steps,
            "n_params": found[0].attrs["n_params"],
            "backend": "one by one",
            "backend_reason": "a function of one's own may look at all it is given",
            "device": "cpu",
        },
    )  # fmt: skip


def _of_theta(function: Function, start: Any) -> Function:
    """Return a function of x, y, … as one of θ; one of θ itself as it is."""
    n_params = len(start) if isinstance(start, Sequence | np.ndarray) else 1

    def value(*numbers: torch.Tensor) -> torch.Tensor:
        try:
            found: Any = function(*numbers)
        except Exception as error:
            at = [float(each) for part in numbers for each in part.detach().reshape(-1)]
            raise UserError(
                f"the function fails at ({', '.join(f'{each:g}' for each in at)}): "
                f"{arguments.one_line(error)}"
            ) from error
        if not isinstance(found, torch.Tensor) or found.numel() != 1:
            shape = f"shape {tuple(found.shape)}" if isinstance(found, torch.Tensor) else found
            raise UserError(
                f"the function returns {shape} at {tuple(start)}; it must return one number, a "
                "Tensor"
            )
        return found.reshape(())

    try:
        given = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # built in, without a signature: of θ
        return value
    positional = [
        param
        for param in given
        if param.kind in (param.POSITIONAL_ONLY, param.POSITIONAL_OR_KEYWORD)
        and param.default is param.empty
    ]
    if len(positional) <= 1:
        return value
    if len(positional) != n_params:
        raise UserError(
            f"the function takes {len(positional)} numbers and start has {n_params}; give as many"
        )
    return lambda theta: value(*theta.unbind())


def around(
    function: Function,
    theta: np.ndarray,
    loss: np.ndarray,
    points: int = 101,
    dtype: torch.dtype = torch.float64,
) -> dict[str, Any]:
    """Return the heights of a function of two numbers where paths lead over it, for a map.

    The map is a square with some room around all places that are no higher than where the paths
    begin: a path that goes up and away leaves it, and so does one that ends nowhere.

    Parameters
    ----------
    function : callable
        Of θ, a Tensor of shape (2,); called point by point. Where it fails, the height is nan.
    theta : ndarray, shape (run, step, 2)
    loss : ndarray, shape (run, step)
        The function along the paths.
    points : int
        Along each side.
    dtype : torch.dtype
        Of θ.

    Returns
    -------
    dict
        ``height`` (y, x) over ``grid_x`` (x) and ``grid_y`` (y), variables of a Dataset.
    """
    places = theta[(loss <= loss[:, 0].max()) & np.isfinite(theta).all(-1)]
    places = places if len(places) else theta[:, 0]
    low, high = places.min(0), places.max(0)
    half = 0.6 * float((high - low).max()) or 1.0
    x, y = (np.linspace(middle - half, middle + half, points) for middle in (low + high) / 2)
    height = np.full((points, points), np.nan)
    # A function that draws random numbers takes none of the caller's.
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        for i, j in np.ndindex(*height.shape):
            with suppress(Exception):  # beyond where it is defined
                height[i, j] = float(function(torch.tensor([x[j], y[i]], dtype=dtype)))
    return {
        "height": variable(("y", "x"), height, "loss"),
        "grid_x": variable("x", x, "first parameter"),
        "grid_y": variable("y", y, "second parameter"),
    }


def _labels(contestants: Sequence[Any], found: Sequence[xr.Dataset]) -> list[str]:
    """Return what the optimizers are called, each once."""
    labels: list[str] = []
    for given, path in zip(contestants, found, strict=True):
        name = given.name if isinstance(given, specs.Optimizer) else given
        label = (
            registry.row("optimizers", name).label
            if isinstance(name, str)
            else path.attrs["optimizer"]
        )
        same = sum(other == label or other.startswith(f"{label} (") for other in labels)
        labels.append(f"{label} ({same + 1})" if same else label)
    return labels


def _race_lanes(lanes: Sequence[specs.Descend], progress: Any) -> list[xr.Dataset]:
    """Run descents, side by side where they don't influence each other."""
    if not lanes or not all(isinstance(lane, specs.Descend) for lane in lanes):
        raise UserError("without optimizers a race takes a list of specs.Descend")
    lengths = {(lane.steps, lane.dtype) for lane in lanes}
    if len(lengths) != 1:
        raise UserError(f"a race needs lanes of one length and dtype, not {sorted(lengths)}")
    ((n_steps, dtype),) = lengths
    reasons = [_obstacle(lane) for lane in lanes]
    together = [number for number, reason in enumerate(reasons) if not reason]
    found: dict[int, xr.Dataset] = {}
    if together:
        batched = [lanes[number] for number in together]
        paths = _side_by_side(batched, n_steps, getattr(torch, dtype), progress)
        found = dict(zip(together, paths, strict=True))
    for number, reason in enumerate(reasons):
        if reason:
            found[number] = execute(lanes[number]).assign_attrs(backend_reason=reason)
            if progress is not None:
                progress(n_steps, n_steps, "a descent alone")
    return [found[number] for number in range(len(lanes))]


def _side_by_side(
    lanes: Sequence[specs.Descend], n_steps: int, dtype: torch.dtype, progress: Any
) -> list[xr.Dataset]:
    field = _Field(lanes, dtype, n_steps)
    path: dict[str, list[torch.Tensor]] = {"theta": [], "gradient": [], "loss": []}
    rates = np.empty((n_steps + 1, len(lanes)))
    for step in range(n_steps + 1):
        theta, loss, gradient = field.differentiate()
        path["theta"].append(theta)
        path["loss"].append(loss)
        path["gradient"].append(gradient)
        rates[step] = field.rates()
        if progress is not None and step % 50 == 0:
            progress(step, n_steps, f"{len(lanes)} descents")
        if step < n_steps:
            field.step()
    stacked = {name: torch.stack(values).numpy() for name, values in path.items()}
    return [
        _dataset(lane, stacked["theta"][:, i, :n], stacked["gradient"][:, i, :n],
                 stacked["loss"][:, i], rates[:, i])
        for i, (lane, n) in enumerate(zip(lanes, field.n_params, strict=True))
    ]  # fmt: skip


# ------------------------------------------------------------- what may be done side by side


def _obstacle(lane: specs.Descend) -> str:
    """Say why a descent must have its own steps; "" if it may share them."""
    row: optimizers.Optimizer = registry.load("optimizers", lane.optimizer.name)
    if not row.elementwise:
        return f"{row.label} isn't elementwise"
    settings = msgspec.json.encode(lane.optimizer.settings, order="sorted")
    if not _is_elementwise(row.build, lane.optimizer.name, settings, len(_start(lane))):
        return f"{row.label} isn't elementwise, though its row says so"
    surface: surfaces.Surface = registry.load("surfaces", lane.surface)
    settings = msgspec.json.encode(lane.settings, order="sorted")
    if not _is_of_one_point(surface.function, lane.surface, settings, _start(lane)):
        return f"{surface.label}'s loss at a point depends on the others that it is given"
    return ""


@functools.cache
def _is_elementwise(build: Any, name: str, settings: bytes, n_params: int) -> bool:
    """Try whether an optimizer steps the rows of one tensor as it steps each alone.

    The rows' gradients differ by orders of magnitude: whoever looks at the size of the whole, or
    clips it, is found out in the first step or two.
    """
    generator = torch.Generator().manual_seed(0)
    shape = (_TRIED, n_params)
    starts = torch.randn(shape, generator=generator, dtype=torch.float64)
    sizes = 10.0 ** torch.arange(-_TRIED // 2, _TRIED - _TRIED // 2, dtype=torch.float64)
    slopes = torch.randn((_TRIED, *shape), generator=generator, dtype=torch.float64)
    slopes *= sizes[:, None]

    def walked(theta: torch.Tensor, along: torch.Tensor) -> torch.Tensor:
        theta = theta.clone().requires_grad_()
        made = optimizers.make(name, [theta], msgspec.json.decode(settings))
        for slope in along:
            theta.grad = slope.clone()
            made.step()
        return theta.detach()

    try:
        together = walked(starts, slopes)
        alone = [walked(starts[i], slopes[:, i]) for i in range(_TRIED)]
    except Exception:  # one that needs more than a gradient, or another shape
        return False
    return torch.allclose(together, torch.stack(alone), rtol=1e-10, atol=0, equal_nan=True)


@functools.cache
def _is_of_one_point(function: Any, name: str, settings: bytes, start: tuple[float, ...]) -> bool:
    """Try whether a surface's losses and slopes at several points are those at each alone."""
    loss = surfaces.function(name, msgspec.json.decode(settings))
    generator = torch.Generator().manual_seed(0)
    near = torch.tensor(start, dtype=torch.float64) + torch.randn(
        (3, len(start)), generator=generator, dtype=torch.float64
    )

    def looked(theta: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        theta = theta.clone().requires_grad_()
        value = loss(theta)
        (slope,) = torch.autograd.grad(value.sum(), theta)
        return value.detach(), slope

    try:
        together = looked(near)
        alone = [torch.stack(parts) for parts in zip(*map(looked, near), strict=True)]
    except Exception:  # one that takes a single point only
        return False
    return all(
        whole.shape == parts.shape and torch.allclose(whole, parts, rtol=1e-10, equal_nan=True)
        for whole, parts in zip(together, alone, strict=True)
    )


class _Field:
    """Descents: one tensor for each optimizer and settings, a row for each lane that has them."""

    def __init__(self, lanes: Sequence[specs.Descend], dtype: torch.dtype, n_steps: int) -> None:
        starts = [_start(lane) for lane in lanes]
        self.n_params = [len(start) for start in starts]
        widest = max(self.n_params)
        by_optimizer: dict[bytes, list[int]] = defaultdict(list)
        by_surface: dict[bytes, list[int]] = defaultdict(list)
        for index, lane in enumerate(lanes):
            key = msgspec.json.encode([lane.optimizer, lane.schedule], order="sorted")
            by_optimizer[key].append(index)
            key = msgspec.json.encode([lane.surface, lane.settings], order="sorted")
            by_surface[key].append(index)
        self._order = [index for members in by_optimizer.values() for index in members]
        self._back = torch.tensor(np.argsort(self._order))
        self._params, self._optimizers, self._schedules, self._sizes = [], [], [], []
        for members in by_optimizer.values():
            lane = lanes[members[0]]
            padded = [[*starts[i], *[0.0] * (widest - len(starts[i]))] for i in members]
            theta = torch.tensor(padded, dtype=dtype, requires_grad=True)
            made = optimizers.make(lane.optimizer.name, [theta], lane.optimizer.settings)
            self._params.append(theta)
            self._optimizers.append(made)
            if lane.schedule is not None:
                given = lane.schedule
                self._schedules.append(schedules.make(given.name, made, n_steps, given.settings))
            self._sizes.append(len(members))
        self._surfaces = []
        for members in by_surface.values():
            lane = lanes[members[0]]
            function = surfaces.function(lane.surface, lane.settings)
            self._surfaces.append((function, torch.tensor(members), self.n_params[members[0]]))

    def differentiate(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return θ (n, n_params), loss (n,) and gradient (n, n_params) of all lanes."""
        theta = torch.cat(self._params)[self._back]
        values = [f(theta[members, :n]) for f, members, n in self._surfaces]
        total = torch.stack([value.sum() for value in values]).sum()
        slopes = torch.autograd.grad(total, self._params)
        for mine, slope in zip(self._params, slopes, strict=True):
            mine.grad = slope
        loss = torch.empty(len(theta), dtype=theta.dtype)
        for value, (_, members, _) in zip(values, self._surfaces, strict=True):
            loss[members] = value.detach()
        return theta.detach(), loss, torch.cat(slopes)[self._back]

    def rates(self) -> np.ndarray:
        """Return the learning rate about to be used by each lane, (n,)."""
        each = [made.param_groups[0]["lr"] for made in self._optimizers]
        rates: np.ndarray = np.repeat(np.array(each, float), self._sizes)[self._back.numpy()]
        return rates

    def step(self) -> None:
        """Update every lane."""
        for made in self._optimizers:
            made.step()
        for schedule in self._schedules:
            schedule.step()


def _start(lane: specs.Descend) -> tuple[float, ...]:
    if lane.start is not None:
        return lane.start
    row: surfaces.Surface = registry.load("surfaces", lane.surface)
    return row.start


def _dataset(
    lane: specs.Descend,
    theta: np.ndarray,
    gradient: np.ndarray,
    loss: np.ndarray,
    rates: np.ndarray,
) -> xr.Dataset:
    n_steps = len(theta) - 1
    with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges overflows
        grad_norm = np.linalg.norm(gradient, axis=1)
    return xr.Dataset(
        {
            "theta": variable(("step", "param"), theta, "parameters"),
            "gradient": variable(("step", "param"), gradient, "gradient"),
            "loss": variable("step", loss, "loss"),
            "grad_norm": variable("step", grad_norm, "norm of the gradient"),
            "lr": variable("step", rates, "learning rate"),
        },
        coords={"step": np.arange(n_steps + 1)},
        attrs={
            "optimizer": lane.optimizer.name,
            "lr": float(rates[0]),
            "n_steps": n_steps,
            "n_params": theta.shape[1],
            "backend": "race",
            "backend_reason": "optimizer and surface are elementwise",
            "device": "cpu",
        },
    )
