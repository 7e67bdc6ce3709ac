"""A ravine without momentum, with just enough and with too much; and momentum among noise.

Along the floor of a ravine, where the loss curves by λ, the heavy ball multiplies its distance by a
root of z² − (1 + μ − ηλ) z + μ each step. The two roots are one at μ = (1 − √(ηλ))²: with less the
larger root is nearer to 1 and the ball crawls, with more both are complex, of size √μ, and it
overshoots.

(1 − μ) v is the average of the gradients so far, each weighing μ times as much as the next. Of
independent noise it leaves a spread √((1 − μ)/(1 + μ)) times as large. The point itself still
wanders: as far as plain descent does at the rate η/(1 − μ).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The ravine, the momenta, and the noise.

    Attributes
    ----------
    start : tuple of float
        θ at step 0.
    lr : float
        η of the runs without noise.
    much : float
        Too much momentum; the critical one follows from η.
    near : float
        How close to the minimum counts as there.
    n_steps : int
        Steps of the runs without noise.
    n_momenta : int
        Momenta from 0 up to 0.98 whose arrival is compared.
    noisy_lr, noisy_momentum : float
        η and μ of the run with noise.
    noise : float
        Standard deviation of an example's tilt in each direction.
    noisy_steps, noisy_repeats : int
        Steps of the runs with noise, and how many there are; the first is shown.
    x, y : tuple of float
        Ranges of the map.
    n_grid : int
        Points along the map's longer side.
    seed : int
        Of the first noise.
    """

    start: tuple[float, float] = (-3.5, 0.6)
    lr: float = 0.09
    much: float = 0.9
    near: float = 0.1
    n_steps: int = 70
    n_momenta: int = 50
    noisy_lr: float = 0.004
    noisy_momentum: float = 0.9
    noise: float = 2.0
    noisy_steps: int = 240
    noisy_repeats: int = 4
    x: tuple[float, float] = (-4.0, 2.4)
    y: tuple[float, float] = (-0.72, 0.72)
    n_grid: int = 181
    seed: int = 1


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=70, n_momenta=8, noisy_steps=40, noisy_repeats=1, n_grid=25),
    label="momentum in a ravine: too little, just enough, too much",
)

RUNS = ("none", "critical", "much")
WAYS = ("sgd", "momentum")  # of descending with noise
FLOOR = 1.0  # curvature of the ravine along its floor


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the three runs without noise; with noise, momentum and plain descent at its rate."""
    found: dict[str, specs.Run] = {
        name: point.on_surface(
            "ravine",
            settings.start,
            "momentum",
            {"lr": settings.lr, "momentum": momentum},
            settings.n_steps,
        )
        for name, momentum in zip(RUNS, _momenta(settings), strict=True)
    }
    rate = settings.noisy_lr / (1 - settings.noisy_momentum)
    ways = {
        "momentum": {"lr": settings.noisy_lr, "momentum": settings.noisy_momentum},
        "sgd": {"lr": rate},
    }
    for way, given in ways.items():
        for repeat in range(settings.noisy_repeats):
            found[f"noisy {way} {repeat}"] = point.on_surface(
                "ravine", settings.start, way, given, settings.noisy_steps,
                noise=settings.noise, seed=settings.seed + repeat,
            )  # fmt: skip
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Measure who arrives when, and how much noise the average lets through.

    ``theta`` (run, step, param); ``momentum`` and ``arrived`` (run), the step from which the path
    stays near the minimum, −1 for never; ``tried`` and ``tried_arrived`` (x_tried), the same for
    many momenta. Of the run with noise, along the floor: ``noisy_gradient``, ``average`` = (1 − μ)v
    and ``true_gradient`` (step_noisy). ``noisy_theta`` (run_noisy, step_place, param): the first
    path with noise of plain descent and of momentum; ``jump`` (run_noisy): how long their steps are
    on average over the last third. ``height`` (y, x) over ``grid_x`` and ``grid_y``.

    Attributes: the momenta and arrivals, ``fastest`` momentum of those tried; ``single_spread`` and
    ``average_spread`` of the noise, ``damping`` their quotient and ``expected_damping``;
    ``momentum_orbit`` and ``sgd_orbit``, the mean loss over the last third with noise.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable
    from simulate.training import racing

    theta = np.stack([runs[name].data.params.values for name in RUNS])
    momenta = np.array(_momenta(settings))
    arrived = np.array([_since(path, settings.near) for path in theta])
    tried = np.linspace(0, 0.98, settings.n_momenta)
    lanes = [
        specs.Descend(
            surface="ravine",
            start=settings.start,
            optimizer=specs.Optimizer(
                name="momentum", settings={"lr": settings.lr, "momentum": float(mu)}
            ),
            steps=6 * settings.n_steps,
        )
        for mu in tried
    ]
    swept = np.array([_since(lane.theta.values, settings.near) for lane in racing.race(lanes)])
    there = np.where(swept < 0, np.iinfo(int).max, swept)

    noisy = runs["noisy momentum 0"].data
    mu = settings.noisy_momentum
    gradient = noisy.gradient.values[:-1, 0]
    true = FLOOR * noisy.params.values[:-1, 0]
    average = (1 - mu) * noisy.state_momentum_buffer.values[1:, 0]
    smooth = _averaged(true, mu)  # what the average would be without noise on the same path
    late = slice(min(40, settings.noisy_steps // 2), None)  # the average is full by then
    single, left = float(np.std((gradient - true)[late])), float(np.std((average - smooth)[late]))

    x = np.linspace(*settings.x, settings.n_grid)
    share = (settings.y[1] - settings.y[0]) / (settings.x[1] - settings.x[0])
    y = np.linspace(*settings.y, max(9, round(settings.n_grid * share)))
    surface = base.surface("ravine")
    third = settings.noisy_steps // 3
    overshoot = float(max(0.0, theta[2, :, 0].max()))

    def orbit(way: str) -> float:
        paths = [
            run.data.params.values[-third:]
            for name, run in runs.items()
            if name.startswith(f"noisy {way}")
        ]
        return float(surface(torch.from_numpy(np.stack(paths))).mean())

    orbits = {way: orbit(way) for way in WAYS}

    def jump(way: str) -> float:
        names = [name for name in runs if name.startswith(f"noisy {way}")]
        paths = np.stack([runs[name].data.params.values[-third - 1 :] for name in names])
        return float(np.linalg.norm(np.diff(paths, axis=1), axis=2).mean())

    jumps = {way: jump(way) for way in WAYS}
    noisy_theta = [runs[f"noisy {way} 0"].data.params.values for way in WAYS]

    return xr.Dataset(
        {
            "theta": variable(("run", "step", "param"), theta, "parameters"),
            "momentum": variable("run", momenta, "momentum"),
            "arrived": variable("run", arrived, "step from which it stays near the minimum"),
            "tried": variable("x_tried", tried, "momentum"),
            "tried_arrived": variable(
                "x_tried", swept, "step from which it stays near the minimum"
            ),
            "noisy_gradient": variable("step_noisy", gradient, "gradient of one example"),
            "true_gradient": variable("step_noisy", true, "gradient of all examples"),
            "average": variable("step_noisy", average, "average of gradients, (1 − μ) v"),
            "noisy_theta": variable(
                ("run_noisy", "step_place", "param"), np.stack(noisy_theta), "parameters"
            ),
            "jump": variable("run_noisy", [jumps[way] for way in WAYS], "mean length of a step"),
            "height": variable(
                ("y", "x"), surface(torch.from_numpy(np.stack(np.meshgrid(x, y), -1))), "loss"
            ),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", y, "second parameter"),
        },
        coords={
            "run": list(RUNS),
            "step": np.arange(settings.n_steps + 1),
            "step_noisy": np.arange(1, settings.noisy_steps + 1),
            "run_noisy": list(WAYS),
            "step_place": np.arange(settings.noisy_steps + 1),
        },
        attrs={
            "lr": settings.lr,
            "near": settings.near,
            "n_steps": settings.n_steps,
            "all_there": int((arrived >= 0).all()),
            "n_there": int((arrived >= 0).sum()),
            "in_order": int(
                (arrived >= 0).all()
                and arrived[1] < min(arrived[0], arrived[2])
                and overshoot > settings.near
            ),
            "overshoot": overshoot,
            **{f"{name}_momentum": float(mu) for name, mu in zip(RUNS, momenta, strict=True)},
            **{f"{name}_arrived": int(step) for name, step in zip(RUNS, arrived, strict=True)},
            "fastest": float(tried[there.argmin()]),
            "fastest_arrived": int(swept[there.argmin()]),
            "noisy_lr": settings.noisy_lr,
            "noisy_momentum": mu,
            "noise": settings.noise,
            "noisy_rate": settings.noisy_lr / (1 - mu),
            "noisy_steps": settings.noisy_steps,
            "noisy_repeats": settings.noisy_repeats,
            "single_spread": single,
            "average_spread": left,
            "damping": single / left,
            "expected_damping": float(np.sqrt((1 + mu) / (1 - mu))),
            "averages": int(single > 2 * left),
            "momentum_orbit": orbits["momentum"],
            "sgd_orbit": orbits["sgd"],
            "sgd_jump": jumps["sgd"],
            "momentum_jump": jumps["momentum"],
            # of the lengths as they are printed
            "jump_times": float(f"{jumps['sgd']:.3g}") / float(f"{jumps['momentum']:.3g}"),
            "glides": int(jumps["sgd"] > 1.5 * jumps["momentum"]),
            "wanders": int(orbits["momentum"] > orbits["sgd"] / 2),
        },
    )


def _momenta(settings: Settings) -> list[float]:
    return [0.0, (1 - (settings.lr * FLOOR) ** 0.5) ** 2, settings.much]


def _since(path: np.ndarray, near: float) -> int:
    """Return the step from which a path stays near the minimum, −1 if it does not in the end."""
    import numpy as np

    far = np.flatnonzero(~(np.linalg.norm(path, axis=1) < near))
    since = int(far[-1]) + 1 if len(far) else 0
    return since if since < len(path) else -1


def _averaged(values: np.ndarray, mu: float) -> np.ndarray:
    """Return (1 − μ) v of v ← μ v + value, from v = 0."""
    import numpy as np

    found, v = np.empty(len(values)), 0.0
    for k, value in enumerate(values):
        v = mu * v + float(value)
        found[k] = (1 - mu) * v
    return found
