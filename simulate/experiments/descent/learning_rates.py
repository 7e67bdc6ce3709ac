"""Four learning rates, slow, good, oscillating, diverging: on a parabola and on a network.

On J(θ) = ½ λ θ² a step multiplies θ by 1 − ηλ. It keeps its sign below η = 1/λ, changes it at every
step above, and grows above 2/λ; at 2/λ itself it only changes sides. A sweep of rates holds the
parabola to that, and is what a slider can go through.

A network has a curvature for every direction, and all of them change as it learns: 2/λ, λ the
largest at the start, says which rates to try, and not what comes of them: a run at a larger rate
swings until it comes to where λ is below 2/η.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


BEHAVIOURS = ("slow", "good", "oscillating", "diverging")
COUNTED = ("none", "one", "two", "three", "all four")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The parabola, the start, and the rates.

    Attributes
    ----------
    curvature : float
        λ.
    start : float
        θ at step 0.
    n_steps : int
        Steps of every run.
    slow, good, oscillating, diverging : float
        Learning rates of the four runs, in units of 1/λ.
    reach : float
        The curve is recorded from −reach to reach.
    n_points : int
        Of the curve.
    n_rates : int
        Rates of the sweep: the multiples 1, 2, … of `rate_step`.
    rate_step : float
        Between rates of the sweep, in units of 1/λ; 1 and 2 are among them if it divides 1.
    hidden : tuple of int
        Units of the network's layers between the pixels and the classes.
    n_train, n_test : int
        Its examples; every step is taken on all that it trains on.
    network_steps : int
        Of each of its runs.
    network_rates : tuple of float
        Its four learning rates, as they are: from slow to diverging.
    seed : int
        Of its initial weights and the choice of its examples.
    """

    curvature: float = 4.0
    start: float = -2.5
    n_steps: int = 20
    slow: float = 0.04
    good: float = 0.6
    oscillating: float = 1.8
    diverging: float = 2.16
    reach: float = 4.2
    n_points: int = 201
    n_rates: int = 60
    rate_step: float = 0.04
    hidden: tuple[int, ...] = (32,)
    n_train: int = 500
    n_test: int = 100
    network_steps: int = 100
    network_rates: tuple[float, float, float, float] = (0.02, 0.3, 1.4, 8.0)
    seed: int = 2


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        n_steps=8,
        n_points=21,
        n_rates=12,
        rate_step=0.2,
        hidden=(8,),
        n_train=100,
        n_test=50,
        network_steps=30,
        network_rates=(0.02, 0.2, 0.8, 8.0),
    ),
    label="four learning rates on a parabola and on a network",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a run for each rate, four on the parabola and four on the network."""
    found: dict[str, specs.Run] = {
        name: _descend(settings, getattr(settings, name) / settings.curvature)
        for name in BEHAVIOURS
    }
    for name, lr in zip(BEHAVIOURS, settings.network_rates, strict=True):
        found[f"network {name}"] = specs.Train(
            data=_data(settings),
            model=_model(settings),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": lr}),
            steps=settings.network_steps,
            seed=settings.seed,
            record=specs.record("scalars", "parameters"),
            allow_divergence=True,
        )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Put the runs side by side, and the curve under them.

    On the parabola: ``theta``, ``loss``, ``gradient`` (run, step), ``lr`` and ``multiple``, η in
    units of 1/λ (run), ``curve_x`` and
    ``curve`` (x); ``factor`` (run), by which θ changed in size a step, the geometric mean over
    all; of the sweep ``sweep_theta``, ``sweep_loss`` (run_sweep, step), ``sweep_lr``,
    ``sweep_factor`` (run_sweep). Runs that diverge are recorded as they are. Attributes:
    ``curvature``, ``rate_alternates`` (1/λ), ``rate_diverges`` (2/λ), ``start``, ``n_steps``.

    On the network: ``network_loss`` (run, step_network), of all its training examples,
    ``network_lr``, ``network_multiple`` (η in units of 1/λ) and ``network_rises`` (run), the steps
    at which the loss rose; ``network_curvature_end`` (run), the largest eigenvalue of the loss's
    Hessian where the run ended, NaN where that is nowhere. Attributes: ``network_curvature``, the
    same at the start; ``network_best``, the run that ends lowest; ``law``: whether on the network
    those runs escape, and only those, whose η is beyond 2/λ.

    What each run does is said in a word, ``NAME_does`` and ``network_NAME_does``, and of all in a
    sentence, ``did`` and ``network_did``.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.measures import hessians
    from simulate.recording import variable
    from simulate.training import racing

    both = xr.concat([runs[name].data for name in BEHAVIOURS], "run", combine_attrs="drop")
    # Side by side they take no longer than a file of each would, so they are not runs of their own.
    rates = [k * settings.rate_step / settings.curvature for k in range(1, settings.n_rates + 1)]
    swept = racing.race([_descend(settings, lr) for lr in rates])
    theta = np.stack([run.theta.values[:, 0] for run in swept])
    x = np.linspace(-settings.reach, settings.reach, settings.n_points)
    curve = base.surface("quadratic", {"curvature": settings.curvature})

    trained = [runs[f"network {name}"].data for name in BEHAVIOURS]
    losses = np.stack([run.loss.values for run in trained])
    examples, model = runs["network good"].dataset, runs["network good"].model()
    cost = hessians.loss_of(model, "cross_entropy", examples.x_train, examples.y_train)

    def curvature(point: np.ndarray) -> float:
        if not np.isfinite(point).all():
            return math.nan
        return float(hessians.eigenvalues(cost, point, 1, which="highest")[0])

    start = curvature(trained[0].params.values[0])
    multiples = both.lr.isel(step=0).values * settings.curvature
    network_multiples = np.array(settings.network_rates) * start
    does = [_on_parabola(float(multiple)) for multiple in multiples]
    network_does = [_on_network(each) for each in losses]
    last = np.nan_to_num(losses[:, -1], nan=np.inf)
    beyond = [multiple > 2 for multiple in network_multiples]

    def factor(theta: np.ndarray) -> np.ndarray:
        return np.abs(theta[:, -1] / theta[:, 0]) ** (1 / settings.n_steps)

    walked, along = ("run", "step"), ("run_sweep", "step")
    return xr.Dataset(
        {
            "theta": variable(walked, both.theta.isel(param=0), "parameter"),
            "loss": variable(walked, both.loss, "loss"),
            "gradient": variable(walked, both.gradient.isel(param=0), "gradient"),
            "lr": variable("run", both.lr.isel(step=0), "learning rate"),
            "curve_x": variable("x", x, "parameter"),
            "curve": variable("x", curve(torch.from_numpy(x)[:, None]).numpy(), "loss"),
            "sweep_theta": variable(along, theta, "parameter"),
            "sweep_loss": variable(along, np.stack([run.loss.values for run in swept]), "loss"),
            "sweep_lr": variable("run_sweep", [run.attrs["lr"] for run in swept], "learning rate"),
            "factor": variable("run", factor(both.theta.values[..., 0]), "factor on |θ| a step"),
            "sweep_factor": variable("run_sweep", factor(theta), "factor on |θ| a step"),
            "network_loss": variable(("run", "step_network"), losses, "cross-entropy", "nats"),
            "multiple": variable("run", multiples, "learning rate times λ"),
            "network_lr": variable("run", list(settings.network_rates), "learning rate"),
            "network_multiple": variable("run", network_multiples, "learning rate times λ"),
            "network_curvature_end": variable(
                "run", [curvature(run.params.values[-1]) for run in trained], "λ at the end"
            ),
            "network_rises": variable(
                "run", (losses[:, 1:] > losses[:, :-1]).sum(1), "steps at which the loss rose"
            ),
        },
        coords={"run": list(BEHAVIOURS), "step": both.step},
        attrs={
            "curvature": settings.curvature,
            "rate_alternates": 1 / settings.curvature,
            "rate_diverges": 2 / settings.curvature,
            "start": settings.start,
            "n_steps": settings.n_steps,
            "n_rates": settings.n_rates,
            **{name: trained[0].attrs[name] for name in ("dataset", "one", "many")},
            "network_widths": runs["network good"].widths,
            "n_train": len(examples.x_train),
            "network_steps": settings.network_steps,
            "network_curvature": start,
            "network_best": BEHAVIOURS[int(last.argmin())],
            "law": int(beyond == [did == "escapes" for did in network_does]),
            "did": _together(does),
            "network_did": _together(network_does),
            **{f"{name}_does": did for name, did in zip(BEHAVIOURS, does, strict=True)},
            **{
                f"network_{name}_does": did
                for name, did in zip(BEHAVIOURS, network_does, strict=True)
            },
        },
    )


def _on_parabola(multiple: float) -> str:
    """Say what descent does at a learning rate given in units of 1/λ."""
    if multiple >= 2:
        return "escapes" if multiple > 2 else "stays"
    if multiple > 1:
        return "swings"
    return "creeps" if multiple < 0.25 else "settles"


def _on_network(loss: np.ndarray) -> str:
    """Say what a run does whose loss is this, shape (step,)."""
    start, end = float(loss[0]), float(loss[-1])
    if not end < start:
        return "escapes"
    if (loss[1:] > loss[:-1]).sum() > 0:
        return "jumps"
    return "falls" if end < start / 2 else "creeps"


def _together(does: list[str]) -> str:
    """Say what several runs do, in their order: "one creeps, two swing"."""
    words = []
    for did in dict.fromkeys(does):
        n = does.count(did)
        words.append(f"{COUNTED[n]} {did if n == 1 else did.removesuffix('s')}")
    return ", ".join(words)


def _descend(settings: Settings, lr: float) -> specs.Descend:
    return specs.Descend(
        surface="quadratic",
        settings={"curvature": settings.curvature},
        start=(settings.start,),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": lr}),
        steps=settings.n_steps,
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )


def _model(settings: Settings) -> specs.Model:
    # Not ReLU: too large a step turns all its units off for good, and the loss stands still.
    widths = [784, *settings.hidden, "classes"]
    return specs.Model(name="mlp", settings={"widths": widths, "activation": "tanh"})
