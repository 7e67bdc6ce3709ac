"""Adam's relatives along the same gradients, on the way from a root of squares to a maximum.

All step along m̂ and differ in what they divide it by, or when: AMSGrad by the largest v so far,
AdaMax by the largest recent |g| (no root of it), NAdam by √v̂ but from where momentum is about to
lead, RAdam by nothing until v can be trusted. AdamW shrinks weights outside of that quotient: put
into the gradient (L2), a weight's decay is divided as well, by the size of its own gradients.

AdaMax is where this ends (Kingma and Ba 2015, section 7.1): v ← β₂ᵖ v + (1 − β₂ᵖ) |g|ᵖ, and its
p-th root, which for p = 2 is Adam's root with β₂² and for p → ∞ max(β₂ u, |g|).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

RUNS = ("adam", "amsgrad", "adamax", "nadam", "radam")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The three streams of gradients, and the optimizers.

    Attributes
    ----------
    beta1, beta2 : float
        Of all.
    lr : float
        η of all.
    spike : float
        The one gradient that is not 1.
    spike_step, n_steps : int
        Its step, and how many there are.
    n_random, seed : int
        Steps of a stream of random gradients, and their seed.
    large, small : float
        Sizes of the two weights' gradients, which alternate in sign.
    decay, decay_lr : float
        λ and η of the runs that decay; both weights start at 1.
    decay_steps : int
        Their steps.
    """

    beta1: float = 0.9
    beta2: float = 0.95
    lr: float = 0.01
    spike: float = 10.0
    spike_step: specs.Count = 41
    n_steps: int = 120
    n_random: int = 60
    seed: int = 4
    large: float = 10.0
    small: float = 0.1
    decay: float = 1.0
    decay_lr: float = 0.01
    decay_steps: int = 150


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(spike_step=12, n_steps=80, n_random=12, decay_steps=30),
    label="Adam and its relatives along the same gradients",
)

POWERS = [2.0 ** (1 + k / 4) for k in range(29)]  # 2 to 256


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return all runs along their streams."""
    betas = [settings.beta1, settings.beta2]
    spiky = _spiky(settings)
    found: dict[str, specs.Run] = {
        name: point.along(spiky, [0.0], name, {"lr": settings.lr, "betas": betas}) for name in RUNS
    }
    drawn = _drawn(settings)
    half = {"lr": settings.lr, "betas": [settings.beta1, settings.beta2**2]}
    found["root"] = point.along(drawn, [0.0], "adam", half)
    found["maximum"] = point.along(drawn, [0.0], "adamax", {"lr": settings.lr, "betas": betas})
    sizes = [settings.large, settings.small]
    signs = [[(-1.0) ** k * size for size in sizes] for k in range(settings.decay_steps)]
    given: dict[str, Any] = {"lr": settings.decay_lr, "weight_decay": settings.decay}
    found["outside"] = point.along(signs, [1.0, 1.0], "adamw", given)
    found["inside"] = point.along(signs, [1.0, 1.0], "adam", given)
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the steps of all along each other.

    ``gradient`` (step), and ``size`` (run, step): each step in units of η, positive where it
    follows −g. ``drawn`` (step_drawn): sizes of random gradients; ``power`` (x_power), from 2 to
    256 and ∞, and ``norm`` (x_power, step_drawn), what m̂ is divided by; the first is Adam's own
    state, the last AdaMax's. ``weight`` (run_decay, step_decay, param): two weights that decay
    ``outside`` of the gradient (AdamW) and ``inside`` (L2), with ``large`` gradients and with
    ``small`` ones.

    Attributes: ``end`` of each, the size of its last step; ``low`` of AdaMax and ``peak`` of NAdam
    from the spike on, ``plain`` steps of RAdam and ``after``, the size of the next.

    Raises
    ------
    UserError
        If the spike is not among the steps.
    """
    import numpy as np
    import xarray as xr

    from simulate.errors import UserError
    from simulate.recording import variable

    at = settings.spike_step
    if at > settings.n_steps:
        raise UserError(f"spike_step is {at}, but there are {settings.n_steps} steps")
    size = np.stack([-np.diff(runs[name].data.params.values[:, 0]) / settings.lr for name in RUNS])
    by_name = dict(zip(RUNS, size, strict=True))
    t = np.arange(1, settings.n_steps + 1)
    first = runs["radam"].data.state_exp_avg.values[1:, 0] / (1 - settings.beta1**t)
    same = np.isclose(by_name["radam"], first, rtol=1e-9)
    plain = int(np.argmin(same)) if not same.all() else settings.n_steps

    drawn = np.abs(np.array(_drawn(settings))[:, 0].astype(np.float32)).astype(float)
    norms = [np.sqrt(runs["root"].data.state_exp_avg_sq.values[1:, 0])]
    norms += [_norm(drawn, power, settings.beta2) for power in POWERS[1:]]
    norms.append(runs["maximum"].data.state_exp_inf.values[1:, 0])

    weight = np.stack([runs[name].data.params.values for name in ("outside", "inside")])
    ends = {f"{name}_end": float(each[-1]) for name, each in by_name.items()}
    decays = {
        f"{way}_{kind}": float(weight[i, -1, k])
        for i, way in enumerate(("outside", "inside"))
        for k, kind in enumerate(("large", "small"))
    }
    return xr.Dataset(
        {
            "gradient": variable("step", np.array(_spiky(settings))[:, 0], "gradient"),
            "size": variable(("run", "step"), size, "step in units of η"),
            "drawn": variable("step_drawn", drawn, "size of the gradient"),
            "power": variable("x_power", [*POWERS, math.inf], "power p"),
            "norm": variable(("x_power", "step_drawn"), np.stack(norms), "what m̂ is divided by"),
            "weight": variable(("run_decay", "step_decay", "param"), weight, "weight"),
        },
        coords={
            "run": list(RUNS),
            "step": t,
            "step_drawn": np.arange(1, settings.n_random + 1),
            "run_decay": ["outside", "inside"],
            "step_decay": np.arange(settings.decay_steps + 1),
            "param": ["large", "small"],
        },
        attrs={
            "beta1": settings.beta1,
            "beta2": settings.beta2,
            "spike": settings.spike,
            "spike_step": at,
            "n_steps": settings.n_steps,
            **ends,
            "adamax_low": float(by_name["adamax"][at - 1 :].min()),
            "nadam_peak": float(by_name["nadam"][at - 1]),
            "adam_spike": float(by_name["adam"][at - 1]),
            "radam_plain": plain,
            "radam_next": plain + 1,
            "radam_after": float(by_name["radam"][min(plain, settings.n_steps - 1)]),
            "keeps": int(ends["amsgrad_end"] < 0.7 * ends["adam_end"]),
            "large": settings.large,
            "small": settings.small,
            "decay": settings.decay,
            "decay_lr": settings.decay_lr,
            "decay_steps": settings.decay_steps,
            **decays,
            "alike": int(abs(decays["outside_large"] - decays["outside_small"]) < 0.02),
            "apart": int(decays["inside_large"] - decays["inside_small"] > 0.2),
            "share": settings.decay * settings.decay_lr,
        },
    )


def _spiky(settings: Settings) -> list[list[float]]:
    return [
        [settings.spike if step == settings.spike_step else 1.0]
        for step in range(1, settings.n_steps + 1)
    ]


def _drawn(settings: Settings) -> list[list[float]]:
    """Return random gradients, most of them small, of either sign."""
    import numpy as np

    rng = np.random.default_rng(settings.seed)
    sizes = rng.lognormal(-0.4, 0.9, settings.n_random).round(3)
    signs = rng.choice([-1.0, 1.0], settings.n_random)
    return [[value] for value in (sizes * signs).tolist()]


def _norm(sizes: np.ndarray, power: float, beta2: float) -> np.ndarray:
    """Return the p-th root of the fading average of p-th powers, from 0 on, in logarithms."""
    import numpy as np

    found, v = np.empty(len(sizes)), -np.inf
    fresh = np.log1p(-(beta2**power))
    for k, value in enumerate(np.log(np.maximum(sizes, 1e-300))):
        v = np.logaddexp(power * np.log(beta2) + v, fresh + power * value)
        found[k] = np.exp(v / power)
    return found
