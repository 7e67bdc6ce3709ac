"""Every optimizer from one start on each surface, all tuned in the same way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


FAR = 3  # other starts of each surface, far from its own, from which everyone runs for the page


class Settings(base.Settings, frozen=True, kw_only=True):
    """The surfaces, the search, and who is named.

    Attributes
    ----------
    surfaces : tuple of str
        Which; empty takes all that have two parameters.
    shown : str
        The surface of the figure and the films, on which every run is recorded by itself.
    known : tuple of str
        Optimizers that the pictures name whoever is first.
    n_named : int
        How many of the first to arrive they name.
    n_steps : int
        The budget of every descent.
    n_rates, lowest, highest
        The grid of learning rates, even on a logarithmic axis, the same for all.
    momenta : tuple of float
        Who has a momentum is tried at its own and at these, at every rate.
    n_starts, spread
        The surface's own start and others around it, with a standard deviation of `spread` times
        the diagonal of the surface's box.
    wall : float
        The share of the loss at the start at which the wall is behind one.
    n_grid : int
        Points along each side of a surface's grid.
    near : float
        How close to a minimum counts as there, as a share of the box's diagonal.
    """

    surfaces: tuple[str, ...] = ()
    shown: str = "beale"
    known: tuple[str, ...] = ("sgd", "momentum", "adam")
    n_named: int = 3
    n_steps: int = 300
    n_rates: int = 40
    lowest: float = 1e-4
    highest: float = 100.0
    momenta: tuple[float, ...] = (0.5, 0.9, 0.99)
    n_starts: int = 8
    spread: float = 0.03
    wall: float = 0.01
    n_grid: int = 161
    near: float = 0.01


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        surfaces=("beale", "ravine", "saddle"),
        n_steps=60,
        n_rates=5,
        lowest=0.01,
        highest=1.0,
        n_starts=2,
        n_grid=21,
    ),
    label="every optimizer on every surface",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the search, which has the descents at the rates that it finds."""
    steps = range(settings.n_rates)
    ratio = math.log(settings.highest / settings.lowest) / max(1, settings.n_rates - 1)
    return {
        "search": specs.Tune(
            surfaces=tuple(_surfaces(settings)),
            optimizers=tuple(
                specs.Optimizer(name=name)
                for name, row in registry.rows("optimizers").items()
                if "surfaces" not in row.fields.get("unfit", {})
            ),
            rates=tuple(settings.lowest * math.exp(ratio * k) for k in steps),
            steps=settings.n_steps,
            starts=settings.n_starts,
            spread=settings.spread,
            near=settings.near,
            alone=(settings.shown,),
            quarters=FAR,
            momenta=settings.momenta,
        )
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put paths and search together, each path up to where it leaves its surface's box.

    Paths, from the surface's own start at the best rate and momentum: ``theta`` (surface, run,
    step, param) and ``loss_path`` (surface, run, step), NaN after the step that lies outside; on
    the surface shown each is recorded by itself. ``left_box`` (surface, run): that step, −1 where
    there is none; ``arrived``: the step from which the path stays near one global minimum, −1 where
    there is none; ``lr`` and ``momentum`` (surface, run), NaN where it has no momentum.
    ``theta_far`` (surface, start_far, run, step, param), ``left_far`` and ``arrived_far``: the same
    from other starts.
    The search, at that momentum: ``n_arrived`` and ``mean_steps`` (surface, run, rate), how many
    starts arrive and in how many steps on average; ``n_working`` (surface, run), rates at which all
    do; ``best`` (surface, run); ``steps_at_best`` (surface, run, start); ``rank``
    (surface, run), from 0, by the search's own criterion. The grids: ``loss`` (surface, y, x) over
    ``grid_x`` and ``grid_y``. ``named`` (run): whether films of the surface shown name it;
    ``followed`` (run): whether its figure does, the fastest, the one that arrives at the most
    rates, and the first of those that everybody knows.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    search = runs["search"].data
    names = search.surface.values.tolist()
    shown = names.index(settings.shown)
    optimizers = search.run.values.tolist()
    theta, loss = search.theta.values.copy(), search.loss.values.copy()
    theta[shown], loss[shown] = search.alone_theta.values[0], search.alone_loss.values[0]
    left, arrived = np.full(theta.shape[:2], -1), np.full(theta.shape[:2], -1)
    far = search.theta_far.values.copy()
    far_left, far_arrived = np.full(far.shape[:3], -1), np.full(far.shape[:3], -1)
    grid_x, grid_y, grid = [], [], []
    for i, name in enumerate(names):
        row = registry.load("surfaces", name)
        low, high = np.transpose(row.domain)
        for j in range(len(optimizers)):
            left[i, j], arrived[i, j] = _ending(theta[i, j], row, settings.near)
            if left[i, j] >= 0:
                theta[i, j, left[i, j] + 1 :] = loss[i, j, left[i, j] + 1 :] = np.nan
            for k in range(FAR):
                ending = _ending(far[i, k, j], row, settings.near)
                far_left[i, k, j], far_arrived[i, k, j] = ending
                if ending[0] >= 0:
                    far[i, k, j, ending[0] + 1 :] = np.nan
        x, y = np.linspace(low, high, settings.n_grid).T
        points = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
        grid_x.append(x)
        grid_y.append(y)
        grid.append(base.surface(name)(points).numpy())

    steps = search.arrived.values  # (surface, run, rate, start)
    n_arrived = (steps >= 0).sum(-1)
    with np.errstate(invalid="ignore"):
        mean_steps = np.where(steps >= 0, steps, 0).sum(-1) / np.where(n_arrived, n_arrived, np.nan)
    best = search.best.values
    at_best = np.take_along_axis(steps, best[..., None, None], 2)[:, :, 0]
    at_best[best < 0] = -1
    n_working = (n_arrived == settings.n_starts).sum(-1)
    rank = np.stack(
        [_ranks(at_best[i], search.final_loss.values[i], best[i]) for i in range(len(names))]
    )
    each, by_rate = ("surface", "run"), ("surface", "run", "rate")
    found = xr.Dataset(
        {
            "theta": variable((*each, "step", "param"), theta, "parameters"),
            "loss_path": variable((*each, "step"), loss, "loss"),
            "lr": variable(each, search.lr.values, "learning rate"),
            "momentum": variable(each, search.momentum.values, "momentum"),
            "left_box": variable(each, left, "step at which the path left the box"),
            "arrived": variable(each, arrived, "step from which it stays near a global minimum"),
            "theta_far": variable(
                ("surface", "start_far", "run", "step", "param"), far, "parameters, other starts"
            ),
            "left_far": variable(("surface", "start_far", "run"), far_left, "as left_box"),
            "arrived_far": variable(("surface", "start_far", "run"), far_arrived, "as arrived"),
            "n_arrived": variable(by_rate, n_arrived, "starts that arrive"),
            "mean_steps": variable(by_rate, mean_steps, "steps that they take on average"),
            "n_working": variable(each, n_working, "rates at which all starts arrive"),
            "best": variable(each, best, "index of the best rate"),
            "steps_at_best": variable((*each, "start"), at_best, "steps at the best rate"),
            "rank": variable(each, rank, "place by starts, then steps, at the best rate"),
            "start_at": variable(("surface", "start", "param"), search.start_at.values, "start"),
            "loss": variable(("surface", "y", "x"), np.stack(grid), "loss"),
            "grid_x": variable(("surface", "x"), np.stack(grid_x), "first parameter"),
            "grid_y": variable(("surface", "y"), np.stack(grid_y), "second parameter"),
            "named": variable("run", _named(arrived[shown], optimizers, settings), "is named"),
            "followed": variable(
                "run", _followed(rank[shown], n_working[shown], optimizers, settings), "is followed"
            ),
        },
        coords={
            "surface": names,
            "run": optimizers,
            "rate": search.rate.values,
            "step": np.arange(settings.n_steps + 1),
        },
    )
    unfit = [
        f"{row.label} ({row.fields['unfit']['surfaces']})"
        for row in registry.rows("optimizers").values()
        if "surfaces" in row.fields.get("unfit", {})
    ]
    return found.assign_attrs(
        n_steps=settings.n_steps,
        n_optimizers=len(optimizers),
        n_unfit=len(unfit),
        unfit="; ".join(unfit),
        n_surfaces=len(names),
        n_rates=settings.n_rates,
        lowest=settings.lowest,
        highest=settings.highest,
        n_momenta=len(settings.momenta),
        momenta=_listed(settings.momenta),
        n_starts=settings.n_starts,
        near=settings.near,
        spread=settings.spread,
        shown=settings.shown,
        surface_label=str(registry.rows("surfaces")[settings.shown].label),
        n_open=sum(not registry.rows("surfaces")[name].minima for name in names),
        **_verdict(found.sel(surface=settings.shown), settings),
    )


def _ending(path: np.ndarray, row: Any, near: float) -> tuple[int, int]:
    """Return the step at which a path lies outside the box, and the one from which it has arrived.

    −1 where there is none; who has left arrives nowhere.
    """
    import numpy as np

    low, high = np.transpose(row.domain)
    # NaN is not inside either
    outside = np.flatnonzero(~((path >= low) & (path <= high)).all(1))
    if len(outside):
        return int(outside[0]), -1
    if not row.minima:
        return -1, -1
    away = np.linalg.norm(path[:, None] - np.array(row.minima), axis=2)
    # To pass a minimum at speed is not to arrive: the path has to stay.
    reach = near * float(np.linalg.norm(high - low))
    outer = np.flatnonzero(~(away[:, away[-1].argmin()] < reach))
    settled = int(outer[-1]) + 1 if len(outer) else 0
    return -1, settled if settled < len(path) else -1


def _ranks(at_best: np.ndarray, final: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Return places from 0 by starts that arrive, then steps, then the loss at the end, (run,)."""
    import numpy as np

    there = (at_best >= 0).sum(-1)
    mean = np.where(at_best >= 0, at_best, 0).sum(-1) / np.maximum(there, 1)
    losses = np.take_along_axis(final, best[:, None, None], 1)[:, 0]
    median = np.median(np.where(np.isfinite(losses), losses, np.inf), -1)
    return np.argsort(np.lexsort((median, mean, -there)))


def _named(arrived: np.ndarray, optimizers: list[str], settings: Settings) -> np.ndarray:
    """Return whether pictures name it: the first to arrive, and those that everybody knows."""
    import numpy as np

    order = [j for j in np.argsort(arrived, kind="stable") if arrived[j] >= 0]
    first = {optimizers[j] for j in order[: settings.n_named]}
    return np.array([int(name in first or name in settings.known) for name in optimizers])


def _followed(
    rank: np.ndarray, n_working: np.ndarray, optimizers: list[str], settings: Settings
) -> np.ndarray:
    """Return whether the figure follows it: the fastest, the broadest, and one to compare with."""
    import numpy as np

    found = {optimizers[int(rank.argmin())], optimizers[int(n_working.argmax())]}
    found |= {name for name in settings.known[:1] if name in optimizers}
    return np.array([int(name in found) for name in optimizers])


def _verdict(here: xr.Dataset, settings: Settings) -> dict[str, Any]:
    """Say who is fastest, who works at the most rates, and whether that is more than chance."""
    import numpy as np

    labels = [str(registry.rows("optimizers")[name].label) for name in here.run.values]
    by_rank = np.argsort(here["rank"].values)
    fastest, second = (int(j) for j in by_rank[[0, min(1, len(by_rank) - 1)]])
    steps, works = here.steps_at_best.values, here.n_working.values
    late = np.where(steps >= 0, steps, settings.n_steps + 1)
    wins, losses = (late[fastest] < late[second]).sum(), (late[fastest] > late[second]).sum()
    tail = sum(
        math.comb(int(wins + losses), k)
        for k in range(int(max(wins, losses)), int(wins + losses) + 1)
    )
    home = here.arrived.values
    own = [j for j in np.argsort(home, kind="stable") if home[j] >= 0]
    broad = [labels[j] for j in np.flatnonzero(works == works.max())]
    all_arrive = int((steps[fastest] >= 0).sum()) == settings.n_starts
    case = (
        "nobody"
        if not (steps[fastest] >= 0).any()
        else "some"
        if not all_arrive
        else "narrow"
        if works[fastest] < 0.1 * settings.n_rates
        else "same"
        if labels[fastest] in broad
        else "other"
    )
    there = steps[fastest][steps[fastest] >= 0]
    heights = here.loss_path.values[own]
    down = [int(np.argmax(path < settings.wall * path[0])) for path in heights]
    wall_steps = round(float(np.median(down))) if own else -1
    home_steps = round(float(np.median(home[own]))) if own else -1
    return {
        "case": case,
        "fastest": labels[fastest],
        "fastest_steps": float(there.mean()) if len(there) else float("nan"),
        "fastest_starts": len(there),
        "fastest_works": int(works[fastest]),
        "second": labels[second],
        "wins": int(wins),
        "p_value": float(min(1.0, 2 * tail / 2 ** int(wins + losses))),
        "broad": broad[0]
        if len(broad) == 1
        else " and ".join(broad)
        if len(broad) == 2
        else f"{len(broad)} others",
        "broad_works": int(works.max()),
        "n_home": len(own),
        "n_away": len(labels) - len(own),
        "n_left": int((here.left_box >= 0).sum()),
        "first": labels[own[0]] if own else "nobody",
        "first_step": int(home[own[0]]) if own else -1,
        "n_tied": int((home == home[own[0]]).sum()) - 1 if own else 0,
        "n_robust": int((works >= 0.1 * settings.n_rates).sum()),
        "n_all_starts": int(((steps >= 0).sum(-1) == settings.n_starts).sum()),
        "wall": settings.wall,
        "wall_steps": wall_steps,
        "home_steps": home_steps,
        "longer": ("same", "valley", "wall")[int(np.sign(home_steps - 2 * wall_steps))],
        "start_x": float(here.theta.values[0, 0, 0]),
        "start_y": float(here.theta.values[0, 0, 1]),
    }


def _listed(values: tuple[float, ...]) -> str:
    *others, last = [f"{value:g}" for value in values] or [""]
    return " and ".join([", ".join(others), last] if others else [last])


def _surfaces(settings: Settings) -> list[str]:
    rows = registry.rows("surfaces")
    return list(settings.surfaces) or [n for n, row in rows.items() if len(row.domain) == 2]
