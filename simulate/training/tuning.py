"""The fair search: every optimizer's rate and momentum on surfaces, by one grid and criterion.

A search is thousands of short descents: surfaces × optimizers × momenta × rates × starts. All of
them go side by side, one tensor for each optimizer at each momentum, whose rows are descents. A row
has a rate of its own:

- where a step is proportional to the rate (SGD, Adam, most rules), the optimizer steps a copy with
  η = 1, and each row goes its own share of that way;
- where it is not (Rprop, ASGD), each rate is a group of parameters of one optimizer;
- where a rule reads a whole tensor (L-BFGS), the row's `lanes` has the rule for many tensors at
  once, and without one each descent has an optimizer to itself.

The first two are tried before they are trusted, as `race` does. Nothing is clipped.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import torch
import xarray as xr

from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.recording import variable
from simulate.surfaces import _base as surfaces
from simulate.training.descend import descend
from simulate.training.momenta import at_momenta, momentum_of, settings_of, with_momentum

_TRIED = 8  # steps with which an optimizer is tried
_OUT = 1e30  # a descent that is farther out than this stays where it is: it has left


def tune(
    on: Sequence[str],
    optimizers: Sequence[str | specs.Optimizer],
    rates: Sequence[float],
    *,
    steps: int = 300,
    starts: int = 8,
    spread: float = 0.03,
    near: float = 0.01,
    seed: int = 0,
    device: str = "cpu",
    momenta: Sequence[float] = (),
) -> xr.Dataset:
    """Let every optimizer descend every surface at every rate from every start.

    With `momenta` those that have a momentum do so at each of these too. β₁ of `betas` is one, and
    the averaging form's dampening follows it.

    Who arrives: from some step on, to the last one, the descent is near one global minimum, and it
    has never left the surface's box. The best rate is the one at which most starts arrive and,
    among those, in the fewest steps on average; if none arrives at any rate, the one whose loss at
    the end has the lowest median. With momenta it is the best pair of rate and momentum; of equals
    the optimizer's own momentum, then the lower rate. Where a surface has no minimum nothing can
    be tuned: the row's own rate and momentum hold.

    Parameters
    ----------
    on : sequence of str
        Surfaces, all with the same number of parameters.
    optimizers : sequence
        Names of rows, or `specs.Optimizer` with settings; of these the rate does not count, and
        the momentum is tried first.
    rates : sequence of float
        The grid, the same for all.
    steps : int
        The budget of each descent.
    starts : int
        The surface's own start, and others drawn around it.
    spread : float
        Standard deviation of the starts, as a share of the box's diagonal.
    near : float
        What is near a minimum, as a share of the box's diagonal.
    seed : int
        Of the starts.
    device : {"cpu", "cuda", "mps"}
        Where the lanes are computed, in float64 but on "mps".
    momenta : sequence of float
        Momenta between 0 and 1, the same for all that have one.

    Returns
    -------
    Dataset
        Over ``surface``, ``run`` (the optimizers), ``rate`` and ``start``: ``arrived``, the step
        from which the descent has arrived, −1 where it doesn't, and ``final_loss``, NaN where it
        has left the box. Over ``surface`` and ``run``: ``best``, the index of the best rate, −1
        where nothing can be tuned, ``lr``, that rate, and ``momentum``, the best one, NaN where
        there is none. What is over rates is at that momentum. ``start_at`` (surface, start, param).
        Attributes say the search, ``momenta`` and all.

    Examples
    --------
    >>> found = tune(["ravine"], ["sgd", "adam"], [0.01, 0.1, 1.0], steps=100, starts=2)
    >>> float(found.lr.sel(surface="ravine", run="sgd"))
    0.01
    """
    given = [specs.Optimizer(name=o) if isinstance(o, str) else o for o in optimizers]
    tried = [at_momenta(spec, momenta) for spec in given]
    every = [spec for each in tried for spec in each]
    found = _Search(on, every, rates, starts, spread, seed, device)
    judge = _Judge(found, near, steps)
    march(found, steps, judge.see)
    best = judge.dataset([len(each) for each in tried])
    return best.assign_attrs(momenta=", ".join(f"{mu:g}" for mu in momenta))


class _Search:
    """What descends: surfaces, optimizers, rates, and the points where they start.

    Attributes
    ----------
    starts : Tensor, shape (surface, start, param)
    rates : Tensor, shape (run, surface, lane)
    theta : Tensor, shape (run, surface, lane, param)
        A lane is a rate and a start, the rates outermost.
    """

    def __init__(
        self,
        on: Sequence[str],
        given: Sequence[specs.Optimizer],
        rates: Sequence[float],
        n_starts: int,
        spread: float,
        seed: int,
        device: str,
    ) -> None:
        self.on, self.device = list(on), device
        self.optimizers = list(given)
        self.grid = [float(rate) for rate in rates]
        if not self.on or not self.optimizers or not self.grid:
            raise UserError("a search takes at least one surface, one optimizer and one rate")
        rows: list[surfaces.Surface] = [registry.load("surfaces", name) for name in self.on]
        if len({len(row.domain) for row in rows}) != 1:
            raise UserError("the surfaces of one search have the same number of parameters")
        dtype = torch.float32 if device == "mps" else torch.float64
        rng = np.random.default_rng(seed)
        self.starts = np.stack([_starts(row, n_starts, spread, rng) for row in rows])
        tensor = functools.partial(torch.tensor, dtype=dtype, device=device)
        lanes = tensor(self.starts).repeat(1, len(self.grid), 1)
        self.theta = lanes.repeat(len(self.optimizers), 1, 1, 1)
        each = tensor(self.grid).repeat_interleave(n_starts)
        self.rates = each.repeat(len(self.optimizers), len(self.on), 1)


def _starts(
    row: surfaces.Surface, n_starts: int, spread: float, rng: np.random.Generator
) -> np.ndarray:
    """Return the row's own start and others around it, inside the box, (n_starts, n_params)."""
    low, high = np.transpose(row.domain)
    about = np.linalg.norm(high - low) * spread * rng.standard_normal((n_starts, len(low)))
    about[0] = 0
    return np.clip(np.array(row.start) + about, low, high)


def _quarters(row: surfaces.Surface, count: int) -> np.ndarray:
    """Return the middles of a box's quarters, the farthest from its start first, (count, 2)."""
    (left, right), (low, high) = row.domain
    across = (0.75 * left + 0.25 * right, 0.25 * left + 0.75 * right)
    up = (0.75 * low + 0.25 * high, 0.25 * low + 0.75 * high)
    middles = np.array([(x, y) for x in across for y in up])
    away = np.linalg.norm((middles - row.start) / (right - left, high - low), axis=1)
    return middles[np.argsort(-away, kind="stable")[:count]]


def march(search: Any, steps: int, see: Callable[[int, torch.Tensor, torch.Tensor], None]) -> None:
    """Take the steps of all lanes; `see` is given step, theta and loss before each, and at the end.

    Parameters
    ----------
    search
        With `theta` (run, surface, lane, param), which is changed, `rates` (run, surface, lane),
        `optimizers` and `on`.
    steps : int
    see : callable
        ``see(step, theta, loss)``, loss of shape (run, surface, lane).
    """
    functions = [surfaces.function(name) for name in search.on]
    theta, rates = search.theta, search.rates
    walkers = [_walker(spec, theta[i], rates[i]) for i, spec in enumerate(search.optimizers)]
    for step in range(steps + 1):
        there = theta.detach().requires_grad_()
        loss = torch.stack([f(there[:, i]) for i, f in enumerate(functions)], 1)
        (slopes,) = torch.autograd.grad(loss.sum(), there)
        see(step, theta, loss.detach())
        if step == steps:
            return
        for walk, slope in zip(walkers, slopes, strict=True):
            walk(slope)
        theta.clamp_(-_OUT, _OUT)  # keeps arithmetic fast; who is there has long left every box


# ----------------------------------------------------------------- how an optimizer's lanes step


def _walker(
    spec: specs.Optimizer, theta: torch.Tensor, rates: torch.Tensor
) -> Callable[[torch.Tensor], None]:
    """Return what steps the lanes (surface, lane, param) of one optimizer, given their slopes."""
    row: optimizers.Optimizer = registry.load("optimizers", spec.name)
    if "surfaces" in row.unfit:
        raise UserError(f"{row.label} descends no surface: {row.unfit['surfaces']}")
    settings = msgspec.json.encode(spec.settings, order="sorted")
    if row.elementwise and _tried(row.build, spec.name, settings, _scaled):
        return _scaled(spec, theta, rates)
    if row.elementwise and _tried(row.build, spec.name, settings, _grouped):
        return _grouped(spec, theta, rates)
    if row.lanes is not None and _tried(row.build, spec.name, settings, _in_lanes):
        return _in_lanes(spec, theta, rates)
    return _alone(spec, theta, rates)


def _scaled(
    spec: specs.Optimizer, theta: torch.Tensor, rates: torch.Tensor
) -> Callable[[torch.Tensor], None]:
    """Step a copy with η = 1, and go as much of that way as each lane's rate says."""
    copy = theta.clone()
    made = optimizers.make(spec.name, [copy], {**spec.settings, "lr": 1.0})
    share = rates[..., None]

    def walk(slope: torch.Tensor) -> None:
        copy.copy_(theta)
        copy.grad = slope
        made.step()
        theta.add_((copy - theta).mul_(share))

    return walk


def _grouped(
    spec: specs.Optimizer, theta: torch.Tensor, rates: torch.Tensor
) -> Callable[[torch.Tensor], None]:
    """Give each rate a group of parameters."""
    flat, by_lane = theta.reshape(-1, theta.shape[-1]), rates.reshape(-1)
    given = by_lane.tolist()
    order = sorted(range(len(given)), key=given.__getitem__)
    index = torch.tensor(order, device=theta.device)
    kinds, counts = torch.unique_consecutive(by_lane[index], return_counts=True)
    mine = flat[index]
    parts = list(mine.split(counts.tolist()))
    made = optimizers.make(spec.name, [parts[0]], {**spec.settings, "lr": float(kinds[0])})
    for rate, part in zip(kinds[1:].tolist(), parts[1:], strict=True):
        made.add_param_group({"params": [part], "lr": rate})

    def walk(slope: torch.Tensor) -> None:
        mine.copy_(flat[index])
        slopes = slope.reshape(flat.shape)[index].split(counts.tolist())
        for part, one in zip(parts, slopes, strict=True):
            part.grad = one
        made.step()
        flat[index] = mine

    return walk


def _in_lanes(
    spec: specs.Optimizer, theta: torch.Tensor, rates: torch.Tensor
) -> Callable[[torch.Tensor], None]:
    """Step by the row's rule for many tensors at once."""
    row: optimizers.Optimizer = registry.load("optimizers", spec.name)
    assert row.lanes is not None
    settings = {name: value for name, value in settings_of(spec).items() if name != "lr"}
    flat = theta.reshape(-1, theta.shape[-1])
    rule = row.lanes(flat, rates.reshape(-1, 1), **settings)
    return lambda slope: rule.step(slope.reshape(flat.shape))


def _alone(
    spec: specs.Optimizer, theta: torch.Tensor, rates: torch.Tensor
) -> Callable[[torch.Tensor], None]:
    """Give each lane an optimizer, until it is no longer a number."""
    flat = theta.reshape(-1, theta.shape[-1])
    made = [
        optimizers.make(spec.name, [lane], {**spec.settings, "lr": rate})
        for lane, rate in zip(flat, rates.reshape(-1).tolist(), strict=True)
    ]

    def walk(slope: torch.Tensor) -> None:
        slopes = slope.reshape(flat.shape)
        going = torch.isfinite(slopes).all(1).tolist()
        for one, mine, goes in zip(slopes, made, going, strict=True):
            if goes:
                mine.param_groups[0]["params"][0].grad = one
                mine.step(_no_loss)

    return walk


def _no_loss() -> Any:
    """Be the closure of rules that ask for one: the gradient is there already."""
    return torch.zeros(())


@functools.cache
def _tried(build: Any, name: str, settings: bytes, way: Callable) -> bool:
    """Try whether lanes of several rates step in some way as each steps alone.

    Rows' slopes differ by orders of magnitude, and so do rates: whoever looks at a neighbour, or
    isn't proportional to the rate, is found out in the first steps.
    """
    spec = specs.Optimizer(name=name, settings=msgspec.json.decode(settings))
    generator = torch.Generator().manual_seed(0)
    starts = torch.randn((1, 6, 2), generator=generator, dtype=torch.float64)
    slopes = torch.randn((_TRIED, 1, 6, 2), generator=generator, dtype=torch.float64)
    slopes *= 10.0 ** torch.arange(-3, 3, dtype=torch.float64)[:, None]
    rates = torch.tensor([[1e-4, 0.3, 2.0, 0.3, 70.0, 0.01]], dtype=torch.float64)
    theta = [starts.clone() for _ in range(2)]
    try:
        for walk, along in ((way, theta[0]), (_alone, theta[1])):
            go = walk(spec, along, rates)
            for slope in slopes:
                go(slope.clone())
    except Exception:  # one that needs more than a gradient, or another shape
        return False
    return torch.allclose(theta[0], theta[1], rtol=1e-10, atol=1e-12)


# --------------------------------------------------------------------------------- who arrives


class _Judge:
    """Watches all lanes: who has left the box, and since when they are near one minimum."""

    def __init__(self, search: _Search, near: float, steps: int) -> None:
        self._search, self._steps, self._near = search, steps, near
        like = search.theta
        rows: list[surfaces.Surface] = [registry.load("surfaces", name) for name in search.on]
        domain = torch.tensor([row.domain for row in rows], dtype=like.dtype, device=like.device)
        self._low, self._high = domain[:, None, :, 0], domain[:, None, :, 1]  # (surface, 1, param)
        most = max(1, *(len(row.minima) for row in rows))
        place = torch.full((len(rows), most, like.shape[-1]), torch.inf, dtype=like.dtype)
        for i, row in enumerate(rows):
            place[i, : len(row.minima)] = torch.tensor(row.minima, dtype=like.dtype).reshape(
                len(row.minima), like.shape[-1]
            )
        self._minima = place.to(like.device)[:, None]  # (surface, 1, minimum, param)
        reach = near * (self._high - self._low).norm(dim=-1)
        self._radius = reach.square()[..., None]  # (surface, 1, 1)
        self._open = np.array([not row.minima for row in rows])
        shape = like.shape[:-1]
        self._left = torch.full(shape, -1, device=like.device)
        self._far = torch.full((*shape, most), -1, device=like.device)
        self._loss = torch.full(shape, torch.nan, dtype=like.dtype, device=like.device)

    def see(self, step: int, theta: torch.Tensor, loss: torch.Tensor) -> None:
        inside = ((theta >= self._low) & (theta <= self._high)).all(-1)  # NaN isn't inside either
        self._left = torch.where(~inside & (self._left < 0), step, self._left)
        away = (theta[..., None, :] - self._minima).square_().sum(-1)
        self._far.masked_fill_(~(away < self._radius), step)  # NaN is far
        self._loss = torch.where(self._left < 0, loss, torch.nan)

    def dataset(self, counts: Sequence[int]) -> xr.Dataset:
        """Return who arrived when, and the best rates and momenta.

        The search's optimizers are in groups of `counts`: one optimizer at several momenta.
        """
        search, on = self._search, np.arange(len(self._search.on))[:, None]
        settled = self._far.amin(-1) + 1
        arrived = torch.where((self._left < 0) & (settled <= self._steps), settled, -1)
        shape = (len(search.optimizers), len(search.on), len(search.grid), -1)
        steps = arrived.reshape(shape).transpose(0, 1).cpu().numpy()
        loss = self._loss.reshape(shape).transpose(0, 1).cpu().numpy()
        ends = np.cumsum(counts)
        groups = (np.split(array, ends[:-1], axis=1) for array in (steps, loss))
        pairs = np.array([_best_pair(*group) for group in zip(*groups, strict=True)])
        first, open_ = ends - counts, self._open[:, None]
        which = first + np.where(open_, 0, pairs[:, 0].T)  # (surface, run)
        best = np.where(open_, -1, pairs[:, 1].T)
        own = np.array([float(settings_of(spec)["lr"]) for spec in search.optimizers])
        lr = np.where(open_, own[first], np.array(search.grid)[best])
        momentum = np.array([momentum_of(spec) for spec in search.optimizers], float)  # None is NaN
        each = ("surface", "run", "rate", "start")
        return xr.Dataset(
            {
                "arrived": variable(each, steps[on, which], "step from which it has arrived"),
                "final_loss": variable(each, loss[on, which], "loss at the last step"),
                "best": variable(each[:2], best, "index of the best rate"),
                "lr": variable(each[:2], lr, "best learning rate"),
                "momentum": variable(each[:2], momentum[which], "best momentum"),
                "start_at": variable(("surface", "start", "param"), search.starts, "start"),
            },
            coords={
                "surface": search.on,
                "run": [search.optimizers[k].name for k in first],
                "rate": search.grid,
            },
            attrs={
                "n_steps": self._steps,
                "n_rates": len(search.grid),
                "n_starts": search.starts.shape[1],
                "near": self._near,
                "device": search.device,
                "backend": "search",
                "backend_reason": "surfaces have no other",
            },
        )


def _best(steps: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Return the index of the best rate, (surface, run); see `tune`."""
    there = (steps >= 0).sum(-1)
    mean = np.where(steps >= 0, steps, 0).sum(-1) / np.maximum(there, 1)
    lowest = np.median(np.where(np.isfinite(loss), loss, np.inf), -1)
    # most starts, then fewest steps, then the lowest loss; of equals the lower rate
    order = np.lexsort((lowest, mean, -there), axis=-1)
    found: np.ndarray = order[..., 0]
    return found


def _best_pair(steps: np.ndarray, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices of the best momentum and rate, (surface,); of equals the first momentum.

    Takes what `_best` does, with momenta in place of runs: (surface, momentum, rate, start).
    """
    n_surfaces, n_momenta, n_rates, n_starts = steps.shape
    flat = (n_surfaces, 1, n_momenta * n_rates, n_starts)
    return np.divmod(_best(steps.reshape(flat), loss.reshape(flat))[:, 0], n_rates)


# ------------------------------------------------------------------------------------- as a run


def tuned(spec: specs.Tune) -> xr.Dataset:
    """Do what a `specs.Tune` says: the search, and descents at the best rates and momenta.

    To what `tune` returns come, at the best of both and from the surface's own start, ``theta``
    (surface, run, step, param) and ``loss`` (surface, run, step), side by side; and of the surfaces
    named in `spec.alone` ``alone_theta`` and ``alone_loss``, each descent recorded by itself, which
    repeats bitwise. With `spec.quarters` also ``theta_far`` (surface, start_far, run, step, param),
    from other starts.
    """
    found = tune(
        spec.surfaces,
        spec.optimizers,
        spec.rates,
        steps=spec.steps,
        starts=spec.starts,
        spread=spec.spread,
        near=spec.near,
        seed=spec.seed,
        momenta=spec.momenta,
    )
    best = [
        [with_momentum(one, mu) for one, mu in zip(spec.optimizers, row, strict=True)]
        for row in found.momentum.values.tolist()
    ]
    # side by side: each optimizer at every momentum that is the best one somewhere
    every: list[tuple[int, specs.Optimizer]] = []
    for row in best:
        every += [pair for pair in enumerate(row) if pair not in every]
    chosen = _Search(spec.surfaces, [one for _, one in every], [1.0], 1, 0.0, 0, "cpu")
    far = [_quarters(registry.load("surfaces", name), spec.quarters) for name in spec.surfaces]
    lanes = torch.tensor(np.array(far)).expand(len(every), -1, -1, -1)
    chosen.theta = torch.cat([chosen.theta, lanes], 2)
    rates = torch.tensor(found.lr.values[:, [j for j, _ in every]]).T
    chosen.rates = rates[..., None].repeat(1, 1, 1 + spec.quarters)
    theta, loss = [], []

    def see(step: int, at: torch.Tensor, height: torch.Tensor) -> None:
        theta.append(at.clone())
        loss.append(height[:, :, 0])

    march(chosen, spec.steps, see)
    which = np.array([[every.index(pair) for pair in enumerate(row)] for row in best])
    on = np.arange(len(spec.surfaces))[:, None]
    path = ("surface", "run", "step")
    paths = torch.stack(theta, 3).numpy()[which, on]  # (surface, run, start, step, param)
    heights = torch.stack(loss, 2).numpy()[which, on]
    found["theta"] = variable((*path, "param"), paths[:, :, 0], "parameters")
    if spec.quarters:
        found["theta_far"] = variable(
            ("surface", "start_far", "run", "step", "param"),
            paths[:, :, 1:].swapaxes(1, 2),
            "from other starts",
        )
    found["loss"] = variable(path, heights, "loss")
    if spec.alone:
        runs = [
            [
                descend(
                    surfaces.function(surface),
                    registry.load("surfaces", surface).start,
                    optimizer=optimizer,
                    lr=float(lr),
                    steps=spec.steps,
                )
                for optimizer, lr in zip(best[k], found.lr.values[k], strict=True)
            ]
            for k, surface in ((spec.surfaces.index(name), name) for name in spec.alone)
        ]
        path = ("surface_alone", "run", "step")
        for name, dims in (("theta", (*path, "param")), ("loss", path)):
            values = np.stack([[run[name].values for run in row] for row in runs])
            found[f"alone_{name}"] = variable(dims, values, found[name].attrs["long_name"])
    return found.assign_coords(step=np.arange(spec.steps + 1))
