"""Who leaves a saddle, a plateau, a shallow hollow: by momentum, by adaptive rates, by noise.

At a saddle the way out starts with a slope next to nothing. Plain descent multiplies what there is
of it, step by step, momentum too; a rule that divides by the size of the gradient takes full steps
at once; noise does not wait for a slope. On a plateau what is small stays small: there too it helps
to divide by it, or to add it up. Out of a hollow it is uphill: only speed brought along, or a kick,
leads over the edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

RUNS = ("sgd", "noise", "momentum", "rmsprop", "adam")
PLACES = ("saddle", "plateau", "hollow")


class Place(base.Settings, frozen=True, kw_only=True):
    """Where it is, where one starts, and how fast all go.

    Attributes
    ----------
    surface : str
        A surface of one or two parameters; who descends leaves along the last of them.
    start : tuple of float
        θ at step 0.
    lr : float
        η of plain descent, with and without noise, and of momentum.
    rmsprop_lr, adam_lr : float
        η of these.
    noise : float
        Standard deviation of an example's tilt.
    edge : float
        Beyond it one has left: on either side of 0 where `inwards` is 0, up to it where −1, above
        it where 1.
    inwards : int
    n_steps : int
        Steps of all runs.
    """

    surface: str
    start: tuple[float, ...]
    lr: float
    rmsprop_lr: float
    adam_lr: float
    noise: float
    edge: float
    inwards: int
    n_steps: specs.Count


class Settings(base.Settings, frozen=True, kw_only=True):
    """The three places.

    Attributes
    ----------
    saddle, plateau, hollow : Place
    momentum : float
        μ.
    repeats : int
        Runs with noise, the first of which is shown.
    n_grid : int
        Points of the landscapes, along each side.
    """

    saddle: Place = Place(
        surface="saddle", start=(-1.6, 1e-6), lr=0.05, rmsprop_lr=0.02, adam_lr=0.1, noise=0.5,
        edge=0.5, inwards=0, n_steps=160,
    )  # fmt: skip
    plateau: Place = Place(
        surface="plateau", start=(5.0,), lr=0.1, rmsprop_lr=0.02, adam_lr=0.05, noise=1.0,
        edge=1.0, inwards=-1, n_steps=450,
    )  # fmt: skip
    hollow: Place = Place(
        surface="two_hollows", start=(-3.1,), lr=0.02, rmsprop_lr=0.02, adam_lr=0.1, noise=10.0,
        edge=-0.5, inwards=1, n_steps=150,
    )  # fmt: skip
    momentum: float = 0.9
    repeats: specs.Count = 5
    n_grid: int = 161


_FULL = Settings()

EXPERIMENT = base.Experiment(
    settings=_FULL,
    tiny=Settings(
        saddle=msgspec.structs.replace(_FULL.saddle, n_steps=60),
        plateau=msgspec.structs.replace(_FULL.plateau, n_steps=60),
        hollow=msgspec.structs.replace(_FULL.hollow, n_steps=60),
        repeats=2,
        n_grid=25,
    ),
    label="ways out of a saddle, a plateau and a shallow hollow",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return all runs at all places, those with noise repeated."""
    found: dict[str, specs.Run] = {}
    for name in PLACES:
        place: Place = getattr(settings, name)
        plain = {"lr": place.lr}
        ways: dict[str, tuple[str, dict[str, Any]]] = {
            "sgd": ("sgd", plain),
            "momentum": ("momentum", plain | {"momentum": settings.momentum}),
            "rmsprop": ("rmsprop", {"lr": place.rmsprop_lr}),
            "adam": ("adam", {"lr": place.adam_lr}),
        }
        for run, (optimizer, given) in ways.items():
            found[f"{name} {run}"] = point.on_surface(
                place.surface, place.start, optimizer, given, place.n_steps
            )
        for repeat in range(settings.repeats):
            found[f"{name} noise {repeat}"] = point.on_surface(
                place.surface, place.start, "sgd", plain, place.n_steps,
                noise=place.noise, seed=repeat + 1,
            )  # fmt: skip
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Find the step from which on each run is out of each place.

    ``theta_saddle`` (run, step_saddle, param); ``theta_plateau`` (run, step_plateau) and
    ``theta_hollow`` (run, step_hollow). ``left`` (surface, run): the step from which on it stays
    beyond the edge, −1 for who is still there; ``noise_left`` (surface, example), of all runs with
    noise. The landscapes: ``height_saddle`` (y, x) over ``saddle_x`` and ``saddle_y``,
    ``height_plateau`` and ``height_hollow`` (u_plateau, u_hollow) over ``plateau_x`` and
    ``hollow_x``. Attributes: of each place how many ``left``, its edge, steps and rates; ``case``:
    "both" where of the hollow come momentum and noise alone.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    found: dict[str, Any] = {}
    attrs: dict[str, Any] = {"momentum": settings.momentum, "repeats": settings.repeats}
    left = np.full((len(PLACES), len(RUNS)), -1)
    noise_left = np.full((len(PLACES), settings.repeats), -1)
    coords: dict[str, Any] = {"surface": list(PLACES), "run": list(RUNS)}
    for i, name in enumerate(PLACES):
        place: Place = getattr(settings, name)
        names = {run: f"{name} {run}" for run in RUNS} | {"noise": f"{name} noise 0"}
        theta = np.stack([runs[names[run]].data.params.values for run in RUNS])
        left[i] = [_left(path[:, -1], place) for path in theta]
        noise_left[i] = [
            _left(runs[f"{name} noise {k}"].data.params.values[:, -1], place)
            for k in range(settings.repeats)
        ]
        at = ("run", f"step_{name}")
        if name == "saddle":
            found["theta_saddle"] = variable((*at, "param"), theta, "parameters")
        else:
            found[f"theta_{name}"] = variable(at, theta[..., 0], "parameter")
        coords[f"step_{name}"] = np.arange(place.n_steps + 1)
        attrs |= {
            f"{name}_left": int((left[i] >= 0).sum()),
            f"{name}_edge": place.edge,
            f"{name}_steps": place.n_steps,
            f"{name}_lr": place.lr,
            f"{name}_noise": place.noise,
            f"{name}_noise_left": int((noise_left[i] >= 0).sum()),
            f"{name}_rmsprop": place.rmsprop_lr,
            f"{name}_adam": place.adam_lr,
        }
    out = {run for run, step in zip(RUNS, left[PLACES.index("hollow")], strict=True) if step >= 0}
    attrs |= {
        "n_runs": len(RUNS),
        "saddle_off": abs(settings.saddle.start[-1]),
        "case": "both"
        if out - {"noise"} == {"momentum"} and attrs["hollow_noise_left"]
        else "other",
    }
    x, y = np.linspace(-1.9, 1.4, settings.n_grid), np.linspace(-1.236, 1.236, settings.n_grid)
    saddle = base.surface(settings.saddle.surface)
    grid = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))
    stays = "step from which on it stays beyond the edge"
    found |= {
        "left": variable(("surface", "run"), left, stays),
        "noise_left": variable(("surface", "example"), noise_left, stays),
        "height_saddle": variable(("y", "x"), saddle(grid), "loss"),
        "saddle_x": variable("x", x, "first parameter"),
        "saddle_y": variable("y", y, "second parameter"),
    }
    for name, (low, high) in (("plateau", (-2.0, 6.4)), ("hollow", (-3.2, 3.0))):
        across = np.linspace(low, high, settings.n_grid)
        surface = base.surface(getattr(settings, name).surface)
        heights = surface(torch.from_numpy(across)[:, None])
        found[f"{name}_x"] = variable(f"u_{name}", across, "parameter")
        found[f"height_{name}"] = variable(f"u_{name}", heights, "loss")
        walked = surface(torch.from_numpy(found[f"theta_{name}"].values)[..., None])
        found[f"loss_{name}"] = variable(("run", f"step_{name}"), walked, "loss")
    return xr.Dataset(found, coords=coords, attrs=attrs)


def _left(path: np.ndarray, place: Place) -> int:
    """Return the step from which on a path stays beyond the edge, −1 if it ends before it."""
    import numpy as np

    beyond = {
        0: np.abs(path) > place.edge,
        -1: np.abs(path) < place.edge,
        1: path > place.edge,
    }[place.inwards]
    return len(beyond) - int(np.append(~beyond[::-1], True).argmax()) if beyond[-1] else -1
